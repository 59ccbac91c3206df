//! MySQL. It refuses to begin without a root password and fills an empty data directory first; a
//! server that greets first, which is no answer to HTTP. The buffer pool fills with use: it passes
//! 128 MiB after 245 s, and 400 MiB never.
//! Source: start-up: a round figure, not measured; port 3306 and answers: the official image's
//! documentation; memory and its growth: a round figure, not measured; what it writes: the lock of its
//! socket, in a directory that is open to all; its data are a volume (docker-library/mysql's issue
//! 162).

use super::{Application, Otherwise, Write};

pub const MYSQL: Application = Application {
    names: &[
        "mysql:latest",
        "mysql:8",
        "mysql:8.0",
        "mysql:8.4",
        "mysql:5.7",
    ],
    size_bytes: 230_000_000,
    program: "/usr/local/bin/mysqld",
    entrypoint: true,
    requires: &[
        "MYSQL_ROOT_PASSWORD",
        "MYSQL_ALLOW_EMPTY_PASSWORD",
        "MYSQL_RANDOM_ROOT_PASSWORD",
    ],
    complaint: "[ERROR] [Entrypoint]: Database is uninitialized and password option is not \
                specified\n    You need to specify one of the following as an environment \
                variable:\n    - MYSQL_ROOT_PASSWORD\n    - MYSQL_ALLOW_EMPTY_PASSWORD\n    - \
                MYSQL_RANDOM_ROOT_PASSWORD\n",
    writes: &[
        Write {
            path: "/run/mysqld/mysqld.sock.lock",
            says: "[ERROR] [MY-010273] [Server] Could not create unix socket lock file /var/run/mysqld/mysqld.sock.lock.\n[ERROR] [MY-010268] [Server] Unable to setup unix socket lock file.\n[ERROR] [MY-010119] [Server] Aborting\n",
            exit_code: 1,
        },
    ],
    open: &[("/run/mysqld", 0o1777)],
    client: Some("mysqladmin"),
    port: 3_306,
    backlog: 151,
    startup_ms: 8_000,
    says: "[System] [MY-010931] [Server] mysqld: ready for connections. port: 3306",
    otherwise: Otherwise::Greets("I\0\0\0"),
    stop_ms: 1_000,
    memory_mib: 80,
    grow_kib_per_sec: 200,
    grow_mib_max: 320,
    ..Application::BASE
};
