//! PostgreSQL. It refuses to begin without a superuser's password, and closes a connection whose
//! first packet it does not understand.
//! Source: start-up: a round figure, not measured; port 5432, STOPSIGNAL SIGINT and answers: the
//! official image's documentation; memory: a round figure, not measured; what it writes: its lock, in
//! a directory that is open to all; its data are a volume (docker-library/postgres's issues 154 and
//! 4).

use super::{Application, Otherwise, Write};
use crate::container::signal::Signal;

pub const POSTGRES: Application = Application {
    names: &[
        "postgres:latest",
        "postgres:15",
        "postgres:16",
        "postgres:17",
    ],
    size_bytes: 150_000_000,
    program: "/usr/local/bin/postgres",
    entrypoint: true,
    requires: &["POSTGRES_PASSWORD", "POSTGRES_HOST_AUTH_METHOD"],
    complaint: "Error: Database is uninitialized and superuser password is not specified.\n       \
                You must specify POSTGRES_PASSWORD to a non-empty value for the\n       \
                superuser. For example, \"-e POSTGRES_PASSWORD=password\" on \"docker run\".\n",
    writes: &[
        Write {
            path: "/run/postgresql/.s.PGSQL.5432.lock",
            says: "FATAL:  could not create lock file \"/var/run/postgresql/.s.PGSQL.5432.lock\": {error}\nLOG:  database system is shut down\n",
            exit_code: 1,
        },
    ],
    open: &[("/run/postgresql", 0o3777)],
    client: Some("pg_isready"),
    port: 5_432,
    backlog: 200,
    startup_ms: 2_000,
    says: "LOG:  database system is ready to accept connections",
    otherwise: Otherwise::Closes,
    stop_signal: Signal::INT,
    stop_ms: 100,
    memory_mib: 40,
    ..Application::BASE
};
