//! Tomcat, `catalina.sh run`; a JVM ends with 143 on SIGTERM. Since 2019 it comes without
//! applications, so everything is 404; the seed's own is older.
//! Source: start-up: a round figure, not measured; port 8080 and answers: the official image's
//! documentation; memory: a round figure, not measured;
//! it goes on where it cannot write its logs (docker-library/tomcat's issue 264).

use super::{Application, Otherwise};

pub const TOMCAT: Application = Application {
    names: &["tomcat:latest", "tomcat:9.0", "tomcat:10.1", "tomcat:11.0"],
    size_bytes: 190_000_000,
    program: "/usr/local/tomcat/bin/catalina.sh",
    args: &["run"],
    port: 8_080,
    backlog: 100,
    startup_ms: 2_000,
    says: "INFO [main] org.apache.catalina.startup.Catalina.start Server startup",
    otherwise: Otherwise::Status(404),
    exit_code: 143,
    memory_mib: 120,
    ..Application::BASE
};

/// With its welcome application.
pub const TOMCAT_WITH_ROOT: Application = Application {
    names: &[
        "192.168.0.122/ceba/tomcat:latest",
        "tomcat:8.0",
        "tomcat:8.5",
    ],
    routes: &[("/", 200, ""), ("/index.jsp", 200, "")],
    ..TOMCAT
};
