//! Apache `httpd`.
//! Source: start-up: a round figure, not measured; port 80, STOPSIGNAL SIGWINCH and answers (`It
//! works!`): the official image's documentation; memory: a round figure, not measured; what it
//! writes: its PID file (docker-library/httpd's issue 166).

use super::{Application, Otherwise, Write};
use crate::container::log::RequestFormat;
use crate::container::signal::Signal;

pub const HTTPD: Application = Application {
    names: &["httpd:latest", "httpd:2.4"],
    size_bytes: 56_000_000,
    program: "/usr/local/bin/httpd-foreground",
    files: &[(
        "/usr/local/apache2/htdocs/index.html",
        "<html><body><h1>It works!</h1></body></html>\n",
    )],
    writes: &[
        Write {
            path: "/usr/local/apache2/logs/httpd.pid",
            says: "({number}){error}: AH00099: could not create /usr/local/apache2/logs/httpd.pid\nAH00100: httpd: could not log pid to file /usr/local/apache2/logs/httpd.pid\n",
            exit_code: 1,
        },
    ],
    open: &[("/usr/local/apache2/logs", 0o755)],
    port: 80,
    startup_ms: 50,
    says: "AH00094: Command line: 'httpd -D FOREGROUND'",
    otherwise: Otherwise::Files("/usr/local/apache2/htdocs"),
    log: Some(RequestFormat::Common),
    stop_signal: Signal(28),
    memory_mib: 10,
    ..Application::BASE
};
