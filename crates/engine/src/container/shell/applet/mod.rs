//! Commands: one file each, one line in the registry.

mod basename;
mod cat;
mod chmod;
mod chown;
mod client;
mod context;
mod cp;
pub mod curl;
mod cut;
mod date;
mod dd;
mod df;
mod dirname;
mod du;
mod echo;
mod env;
mod expr;
mod false_;
mod find;
mod free;
mod grep;
mod head;
mod hostname;
mod httpd;
mod human;
pub(crate) mod id;
mod kill;
mod ln;
mod ls;
mod mkdir;
mod mktemp;
mod mv;
mod nc;
mod netstat;
mod nohup;
mod nproc;
mod nslookup;
mod options;
mod pidof;
mod printf;
mod ps;
mod pwd;
mod readlink;
mod real_only;
mod rm;
mod rmdir;
mod sed;
mod seq;
mod shell;
mod sleep;
mod sort;
mod stat;
mod sync;
mod tail;
mod tee;
mod test;
mod timeout;
mod touch;
mod tr;
mod true_;
mod uname;
mod uniq;
mod uptime;
mod wc;
pub mod wget;
mod which;
mod whoami;
mod xargs;
mod yes;

pub use context::{lines_of, Chunk, Ctx, Input, Inputs, Outcome};
pub use options::{Given, Takes, BANNER};
pub use real_only::{find_real, real_busybox, real_debian};

/// Which images hold a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PartOf {
    Both,
    /// BusyBox, but not a plain Debian image.
    BusyBox,
    /// The images that name it.
    Few,
}

/// A command and its code.
pub struct Applet {
    pub name: &'static str,
    pub run: fn(&mut Ctx<'_>) -> Outcome,
    /// Wants its input as it comes instead of all at the end.
    pub eager: bool,
    pub part_of: PartOf,
}

impl std::fmt::Debug for Applet {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Applet({})", self.name)
    }
}

const fn plain(name: &'static str, run: fn(&mut Ctx<'_>) -> Outcome) -> Applet {
    Applet {
        name,
        run,
        eager: false,
        part_of: PartOf::Both,
    }
}

const fn eager(name: &'static str, run: fn(&mut Ctx<'_>) -> Outcome) -> Applet {
    Applet {
        name,
        run,
        eager: true,
        part_of: PartOf::Both,
    }
}

const fn busybox(name: &'static str, run: fn(&mut Ctx<'_>) -> Outcome) -> Applet {
    Applet {
        name,
        run,
        eager: false,
        part_of: PartOf::BusyBox,
    }
}

const fn few(name: &'static str, run: fn(&mut Ctx<'_>) -> Outcome) -> Applet {
    Applet {
        name,
        run,
        eager: false,
        part_of: PartOf::Few,
    }
}

/// The registry, sorted by name.
static APPLETS: &[Applet] = &[
    plain("[", test::run),
    busybox("[[", test::run),
    busybox("ash", shell::run),
    plain("basename", basename::run),
    plain("bash", shell::run),
    busybox("busybox", shell::busybox),
    eager("cat", cat::run),
    plain("chgrp", chown::group),
    plain("chmod", chmod::run),
    plain("chown", chown::run),
    plain("cp", cp::run),
    few("curl", curl::run),
    plain("cut", cut::run),
    plain("dash", shell::run),
    plain("date", date::run),
    plain("dd", dd::run),
    plain("df", df::run),
    plain("dirname", dirname::run),
    plain("du", du::run),
    plain("echo", echo::run),
    plain("egrep", grep::extended),
    plain("env", env::run),
    plain("expr", expr::run),
    plain("false", false_::run),
    plain("fgrep", grep::fixed),
    plain("find", find::run),
    busybox("free", free::run),
    plain("grep", grep::run),
    eager("head", head::run),
    plain("hostname", hostname::run),
    busybox("httpd", httpd::run),
    plain("id", id::run),
    plain("kill", kill::run),
    busybox("killall", pidof::killall),
    plain("ln", ln::run),
    plain("ls", ls::run),
    plain("mkdir", mkdir::run),
    plain("mktemp", mktemp::run),
    plain("mv", mv::run),
    few("mysqladmin", client::mysql),
    busybox("nc", nc::run),
    busybox("netstat", netstat::run),
    plain("nohup", nohup::run),
    plain("nproc", nproc::run),
    busybox("nslookup", nslookup::run),
    few("pg_isready", client::postgres),
    busybox("pgrep", pidof::pgrep),
    plain("pidof", pidof::run),
    busybox("pkill", pidof::pkill),
    plain("printenv", env::printenv),
    plain("printf", printf::run),
    busybox("ps", ps::run),
    plain("pwd", pwd::run),
    plain("readlink", readlink::run),
    plain("realpath", readlink::realpath),
    few("redis-cli", client::redis),
    plain("rm", rm::run),
    plain("rmdir", rmdir::run),
    plain("sed", sed::run),
    plain("seq", seq::run),
    plain("sh", shell::run),
    plain("sleep", sleep::run),
    plain("sort", sort::run),
    plain("stat", stat::run),
    plain("sync", sync::run),
    plain("tail", tail::run),
    eager("tee", tee::run),
    plain("test", test::run),
    plain("timeout", timeout::run),
    plain("touch", touch::run),
    plain("tr", tr::run),
    plain("true", true_::run),
    plain("uname", uname::run),
    plain("uniq", uniq::run),
    plain("uptime", uptime::run),
    busybox("usleep", sleep::usleep),
    plain("wc", wc::run),
    busybox("wget", wget::run),
    plain("which", which::run),
    plain("whoami", whoami::run),
    plain("xargs", xargs::run),
    plain("yes", yes::run),
];

/// The applet of a name.
pub fn find(name: &str) -> Option<&'static Applet> {
    APPLETS
        .binary_search_by(|applet| applet.name.cmp(name))
        .ok()
        .map(|at| &APPLETS[at])
}

/// Names of all applets.
pub fn names() -> impl Iterator<Item = &'static str> {
    APPLETS.iter().map(|a| a.name)
}

/// Whether a plain Debian image has it.
pub fn is_in_debian(name: &str) -> bool {
    find(name).is_some_and(|a| a.part_of == PartOf::Both)
}

/// Whether BusyBox has it.
pub fn is_in_busybox(name: &str) -> bool {
    find(name).is_some_and(|a| a.part_of != PartOf::Few)
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_registry_is_sorted() {
        assert!(super::APPLETS.windows(2).all(|w| w[0].name < w[1].name));
    }
}
