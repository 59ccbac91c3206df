//! Apache `httpd`.
//! Source: start-up: a round figure, not measured; port 80, STOPSIGNAL SIGWINCH and answers (`It
//! works!`): the official image's documentation; memory: a round figure, not measured.

use super::{Application, Otherwise};
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
    port: 80,
    startup_ms: 50,
    says: "AH00094: Command line: 'httpd -D FOREGROUND'",
    otherwise: Otherwise::Files("/usr/local/apache2/htdocs"),
    log: Some(RequestFormat::Common),
    stop_signal: Signal(28),
    memory_mib: 10,
    ..Application::BASE
};
