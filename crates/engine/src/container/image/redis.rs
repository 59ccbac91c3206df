//! Redis. An HTTP request makes it close the connection.
//! Source: start-up: a round figure, not measured; port 6379 and answers: the official image's
//! documentation; memory: a round figure, not measured; it writes nothing when it begins, and
//! its data are a volume.

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
