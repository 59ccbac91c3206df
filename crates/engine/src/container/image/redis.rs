//! Redis. Source: the official image: port 6379; an HTTP request makes it close the connection.

use super::{Application, Otherwise};

pub const REDIS: Application = Application {
    names: &["redis:latest", "redis:6", "redis:7", "redis:8"],
    size_bytes: 45_000_000,
    program: "/usr/local/bin/redis-server",
    entrypoint: true,
    client: Some("redis-cli"),
    port: 6_379,
    startup_ms: 20,
    says: "* Ready to accept connections tcp",
    otherwise: Otherwise::Closes,
    memory_mib: 8,
    ..Application::BASE
};
