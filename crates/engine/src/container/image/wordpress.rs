//! WordPress on Apache. Without a configuration every page leads to the set-up, static files are
//! there.
//! Source: start-up: a round figure, not measured; port 80, STOPSIGNAL SIGWINCH and answers: the
//! official image's documentation; memory: a round figure, not measured; what
//! it writes: Apache's PID file, in a directory that is open to all; its pages are a volume (the
//! image's documentation).

use super::{Application, Otherwise, Write};
use crate::container::log::RequestFormat;
use crate::container::signal::Signal;

const SETUP: &str = "/wp-admin/setup-config.php";

pub const WORDPRESS: Application = Application {
    names: &["wordpress:latest", "wordpress:6", "wordpress:php8.3-apache"],
    size_bytes: 220_000_000,
    program: "/usr/local/bin/apache2-foreground",
    entrypoint: true,
    files: &[
        (
            "/var/www/html/license.txt",
            "WordPress - Web publishing software\n",
        ),
        (
            "/var/www/html/readme.html",
            "<html><h1>WordPress</h1></html>\n",
        ),
    ],
    writes: &[
        Write {
            path: "/run/apache2/apache2.pid",
            says: "({number}){error}: AH00099: could not create /var/run/apache2/apache2.pid\nAH00100: apache2: could not log pid to file /var/run/apache2/apache2.pid\n",
            exit_code: 1,
        },
    ],
    open: &[("/run/apache2", 0o1777)],
    port: 80,
    startup_ms: 1_500,
    says: "Complete! WordPress has been successfully copied to /var/www/html",
    routes: &[
        (SETUP, 200, ""),
        ("/", 302, SETUP),
        ("/index.php", 302, SETUP),
        ("/wp-login.php", 302, SETUP),
        ("/wp-admin/", 302, SETUP),
    ],
    otherwise: Otherwise::Files("/var/www/html"),
    log: Some(RequestFormat::Nginx),
    stop_signal: Signal(28),
    memory_mib: 60,
    ..Application::BASE
};
