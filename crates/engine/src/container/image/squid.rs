//! Squid as in seed 000: a daemon in the background and `tail -f /dev/null` as PID 1; 2.1 is the
//! same repackaged with the article's health server.
//! Source: start-up: a round figure, not measured; ports and answers: recorded (`world.json`),
//! those of the health server the article's; memory: a round figure, not measured; what it writes:
//! its PID file, as recorded, with the words that `squid -k` has for it.

use super::{root, words, ImageSpec, Userland, Write};
use crate::container::filesystem::Binary;
use crate::container::server::squid::PID_FILE;

static WRITES: [Write; 1] = [Write {
    path: PID_FILE,
    says: "{stamp}| FATAL: failed to open /run/squid.pid: ({number}) {error}\n    exception location: \
           File.cc(190) open\n",
    exit_code: 1,
}];

pub fn specs() -> Vec<ImageSpec> {
    let root = root::Builder::over(&root::debian())
        .binary("/start.sh", Binary::SquidStart)
        .binary("/usr/sbin/squid", Binary::Squid)
        .directory("/etc/squid")
        .file(
            "/etc/squid/squid.conf",
            "http_port 3128\npid_filename /run/squid.pid\nshutdown_lifetime 5 seconds\n\
             access_log none\n",
        )
        .directory("/var/spool")
        .directory("/var/spool/squid")
        .done();
    let mut squid = ImageSpec::base(&["squid:2.0"], 210_985_963, root);
    squid.entrypoint = words(&["/start.sh"]);
    squid.exposed = vec![3_128];
    squid.userland = Userland::Gnu;
    squid.writes = &WRITES;
    let mut with_agent = squid.clone();
    with_agent.names = vec!["squid:2.1"];
    with_agent.is_recorded = false;
    with_agent.exposed = vec![3_128, 5_000];
    vec![squid, with_agent]
}
