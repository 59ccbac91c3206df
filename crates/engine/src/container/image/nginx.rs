//! nginx on Debian, and the seeds' copies of it on other ports.
//! Source: start-up, ports and answers: recorded (`world.json`); memory: a round figure, not
//! measured; what it writes: its master makes its temporary directories, then its PID file
//! (docker-nginx's issue 524, nginx's documentation of `client_body_temp_path` and `pid`).

use super::{root, words, ImageSpec, Userland, Write};
use crate::container::filesystem::{Binary, Layer};
use crate::container::server::nginx::DOCUMENT_ROOT;
use crate::container::signal::Signal;
use std::sync::Arc;

/// The welcome page, 114 bytes as in the recorded cluster.
const WELCOME: &str = "<!DOCTYPE html>\n<html><head><title>Welcome to nginx!</title></head>\n\
                       <body><h1>Welcome to nginx</h1></body></html>\n";
const ERROR_PAGE: &str = "<!DOCTYPE html>\n<html><head><title>Error</title></head>\n\
                          <body><h1>An error occurred.</h1></body></html>\n";

const CONFIGURATION: &str = "/etc/nginx/conf.d/default.conf";

static WRITES: [Write; 2] = [
    Write {
        path: "/var/cache/nginx/client_temp",
        says: "{stamp} [emerg] 1#1: mkdir() \"/var/cache/nginx/client_temp\" failed ({number}: \
               {error})\nnginx: [emerg] mkdir() \"/var/cache/nginx/client_temp\" failed ({number}: \
               {error})\n",
        exit_code: 1,
    },
    Write {
        path: "/run/nginx.pid",
        says: "{stamp} [emerg] 1#1: open() \"/run/nginx.pid\" failed ({number}: {error})\nnginx: \
               [emerg] open() \"/run/nginx.pid\" failed ({number}: {error})\n",
        exit_code: 1,
    },
];

fn configuration(ports: &[u16]) -> String {
    let lines = ports.iter();
    let lines: String = lines
        .map(|port| format!("    listen       {port};\n"))
        .collect();
    format!(
        "server {{\n{lines}    server_name  localhost;\n    location / {{\n        root   \
         {DOCUMENT_ROOT};\n        index  index.html;\n    }}\n}}\n"
    )
}

/// The same files for an nginx that listens elsewhere.
pub fn configured(root: &Layer, ports: &[u16]) -> Arc<Layer> {
    root::Builder::over(root)
        .file(CONFIGURATION, &configuration(ports))
        .done()
}

fn spec(names: &[&'static str], size_bytes: u64, port: u16) -> ImageSpec {
    let root = root::Builder::over(&root::debian())
        .binary("/docker-entrypoint.sh", Binary::NginxEntrypoint)
        .binary("/usr/sbin/nginx", Binary::Nginx)
        .directory("/etc/nginx")
        .directory("/etc/nginx/conf.d")
        .file(CONFIGURATION, &configuration(&[port]))
        .directory("/var/cache")
        .directory("/var/cache/nginx")
        .directory("/usr/share/nginx")
        .directory(DOCUMENT_ROOT)
        .file(&format!("{DOCUMENT_ROOT}/index.html"), WELCOME)
        .file(&format!("{DOCUMENT_ROOT}/50x.html"), ERROR_PAGE)
        .file("/usr/share/message", "")
        .done();
    let mut nginx = ImageSpec::base(names, size_bytes, root);
    nginx.entrypoint = words(&["/docker-entrypoint.sh"]);
    nginx.cmd = words(&["nginx", "-g", "daemon off;"]);
    nginx.exposed = vec![port];
    nginx.port = port;
    nginx.stop_signal = Signal::QUIT;
    nginx.userland = Userland::Gnu;
    nginx.writes = &WRITES;
    nginx
}

pub fn specs() -> Vec<ImageSpec> {
    vec![
        spec(
            &[
                "nginx:latest",
                "nginx:1.14.2",
                "nginx:1.15",
                "nginx:1.16.1",
                "escape/nginx-test:v1",
            ],
            210_986_037,
            80,
        ),
        spec(&["nginx-8080:v1"], 210_986_039, 8_080),
        spec(&["nginx-8081:v1"], 210_986_039, 8_081),
    ]
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_welcome_page_has_the_recorded_size() {
        assert_eq!(super::WELCOME.len(), 114);
    }
}
