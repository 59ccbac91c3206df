//! What a container may not do: another user than root, a root that is read-only; and which
//! programs it has.

#[path = "support/dialogue.rs"]
mod dialogue;

use dialogue::{setup, Dialogue};
use readyz_engine::container::{ExecStart, Mount, Volume};

/// `readOnlyRootFilesystem`: an app that touches /tmp/healthy fails; volumes and /dev stay open.
#[test]
fn a_read_only_root_takes_no_file() {
    let mut setup = setup("busybox:1.36", &["sleep", "3600"], &[]);
    setup.read_only_root = true;
    setup.mounts = vec![Mount {
        volume: 0,
        path: "/data".into(),
        sub_path: String::new(),
        read_only: false,
    }];
    let mut pod = Dialogue::empty();
    pod.world.add_volume(Volume::empty());
    pod.start(0, setup).unwrap();
    for (line, code, text) in [
        (
            "touch /tmp/healthy",
            1,
            "touch: /tmp/healthy: Read-only file system\n",
        ),
        (
            "echo x > /tmp/healthy",
            1,
            "sh: can't create /tmp/healthy: Read-only file system\n",
        ),
        (
            "mkdir /tmp/d",
            1,
            "mkdir: can't create directory '/tmp/d': Read-only file system\n",
        ),
        (
            "rm /etc/passwd",
            1,
            "rm: can't remove '/etc/passwd': Read-only file system\n",
        ),
        (
            "touch /data/healthy && echo x > /dev/null && cat /data/healthy",
            0,
            "",
        ),
        ("echo why > /dev/termination-log", 0, ""),
    ] {
        let got = pod.probe(&["sh", "-c", line]);
        assert_eq!(got, (code, text.to_string()), "{line}");
    }
}

/// `runAsUser` and `runAsGroup`: who it is, and what is refused to it.
#[test]
fn a_user_who_is_not_root_is_refused_what_is_not_open_to_it() {
    let mut setup = setup("busybox:1.36", &["sleep", "3600"], &[]);
    setup.user = Some(1_000);
    setup.group = Some(3_000);
    let mut pod = Dialogue::empty();
    pod.start(0, setup).unwrap();
    for (line, code, text) in [
        ("id", 0, "uid=1000 gid=3000 groups=3000\n"),
        ("id -u; id -g", 0, "1000\n3000\n"),
        ("whoami", 1, "whoami: unknown uid 1000\n"),
        ("touch /etc/x", 1, "touch: /etc/x: Permission denied\n"),
        (
            "echo x > /healthy",
            1,
            "sh: can't create /healthy: Permission denied\n",
        ),
        (
            "rm /etc/passwd",
            1,
            "rm: can't remove '/etc/passwd': Permission denied\n",
        ),
        (
            "touch /tmp/healthy; cat /tmp/healthy; stat -c %u /tmp/healthy",
            0,
            "1000\n",
        ),
        // Without the right to search it, what is in a directory is out of reach.
        (
            "mkdir /tmp/d; echo x > /tmp/d/f; chmod 600 /tmp/d; cat /tmp/d/f",
            1,
            "cat: can't open '/tmp/d/f': Permission denied\n",
        ),
        ("chmod 711 /tmp/d; cat /tmp/d/f", 0, "x\n"),
        (
            "chown 0 /tmp/healthy",
            1,
            "chown: /tmp/healthy: Operation not permitted\n",
        ),
    ] {
        let got = pod.probe(&["sh", "-c", line]);
        assert_eq!(got, (code, text.to_string()), "{line}");
    }
}

/// What an image has and readyz does not is there and says so, to every caller; what the image
/// does not have is missing.
#[test]
fn a_program_that_is_not_simulated_is_told_from_one_that_is_missing() {
    let awk = "readyz does not simulate awk\n";
    for (image, argv, code, text) in [
        ("busybox:1.36", &["awk", "x"][..], 127, awk),
        ("busybox:1.36", &["/bin/awk"], 127, awk),
        ("busybox:1.36", &["busybox", "awk", "x"], 127, awk),
        ("busybox:1.36", &["env", "awk"], 127, awk),
        ("busybox:1.36", &["sh", "-c", "awk x; exit $?"], 127, awk),
        ("busybox:1.36", &["sh", "-c", "exec awk"], 127, awk),
        ("busybox:1.36", &["sh", "-c", "echo a | awk x"], 127, awk),
        ("busybox:1.36", &["which", "awk"], 0, "/bin/awk\n"),
        (
            "busybox:1.36",
            &["sh", "-c", "command -v awk"],
            0,
            "/bin/awk\n",
        ),
        ("debian:12", &["awk", "x"], 127, awk),
        ("debian:12", &["which", "awk"], 0, "/usr/bin/awk\n"),
        ("debian:12", &["which", "useradd"], 0, "/usr/sbin/useradd\n"),
        ("debian:12", &["which", "pidof"], 0, "/usr/bin/pidof\n"),
        ("debian:12", &["which", "vi"], 1, ""),
        ("busybox:1.36", &["which", "perl"], 1, ""),
        (
            "busybox:1.36",
            &["sh", "-c", "curl x; exit $?"],
            127,
            "sh: curl: not found\n",
        ),
        (
            "debian:12",
            &["sh", "-c", "vi x; exit $?"],
            127,
            "sh: vi: not found\n",
        ),
    ] {
        let mut pod = Dialogue::with(image, &["sleep", "3600"], &[]);
        let got = pod.probe(argv);
        assert_eq!(got, (code, text.to_string()), "{argv:?}");
    }
    let mut pod = Dialogue::with("busybox:1.36", &["sleep", "3600"], &[]);
    let missing = pod.start_exec(&["perl"]);
    assert!(matches!(missing, ExecStart::NotFound(_)), "{missing:?}");
}

/// A container whose program is not simulated starts, says so in its log and ends.
#[test]
fn a_container_of_a_program_that_is_not_simulated_starts_and_ends() {
    let mut pod = Dialogue::empty();
    let awk = setup("busybox:1.36", &["awk", "BEGIN { }"], &[]);
    pod.start(0, awk).unwrap();
    pod.at(1.0);
    assert_eq!(pod.exited(0), Some((0.0, 127, false)));
    assert_eq!(pod.log(false), ["readyz does not simulate awk"]);
    let mut pod = Dialogue::empty();
    let perl = setup("busybox:1.36", &["perl"], &[]);
    let error = pod.start(0, perl).unwrap_err();
    assert!(
        error.contains("executable file not found in $PATH"),
        "{error}"
    );
}

/// What a server says and how it ends that cannot write what it writes first: with a read-only
/// root, and as a user who may not.
#[test]
fn a_server_that_cannot_write_ends() {
    let nginx = "nginx: [emerg] mkdir() \"/var/cache/nginx/client_temp\" failed";
    let apache = "(30)Read-only file system: AH00099: could not create";
    for (image, user, read_only, text) in [
        (
            "nginx:latest",
            None,
            true,
            [nginx, " (30: Read-only file system)"].concat(),
        ),
        (
            "nginx:latest",
            Some(101),
            false,
            [nginx, " (13: Permission denied)"].concat(),
        ),
        (
            "httpd:2.4",
            None,
            true,
            [apache, " /usr/local/apache2/logs/httpd.pid"].concat(),
        ),
        (
            "wordpress:latest",
            None,
            true,
            [apache, " /var/run/apache2/apache2.pid"].concat(),
        ),
        (
            "postgres:17",
            None,
            true,
            "FATAL:  could not create lock file \"/var/run/postgresql/.s.PGSQL.5432.lock\": \
             Read-only file system"
                .to_string(),
        ),
        (
            "mysql:8",
            None,
            true,
            "[ERROR] [MY-010273] [Server] Could not create unix socket lock file \
             /var/run/mysqld/mysqld.sock.lock."
                .to_string(),
        ),
    ] {
        let mut pod = serving(image, user, read_only, &[]);
        assert_eq!(pod.exited(0), Some((0.0, 1, false)), "{image}");
        let log = pod.log(false);
        assert!(log.contains(&text), "{image}: {log:?}");
    }
    for (image, user, read_only) in [
        ("nginx:latest", None, false),
        ("tomcat:10.1", None, true),
        ("redis:7", Some(1_000), true),
        ("postgres:17", Some(1_000), false),
    ] {
        let mut pod = serving(image, user, read_only, &[]);
        assert_eq!(pod.exited(0), None, "{image}: {:?}", pod.log(false));
    }
}

/// The usual remedy: volumes where it writes. `/var/run` is `/run`.
#[test]
fn volumes_where_a_server_writes_let_it_begin() {
    let both = ["/var/cache/nginx", "/var/run"];
    let mut pod = serving("nginx:latest", None, true, &both);
    assert_eq!(pod.exited(0), None, "{:?}", pod.log(false));
    assert_eq!(pod.status(80, "/"), Some(200));
    let mut pod = serving("nginx:latest", None, true, &both[..1]);
    assert_eq!(pod.exited(0), Some((0.0, 1, false)));
    let text = "nginx: [emerg] open() \"/run/nginx.pid\" failed (30: Read-only file system)";
    assert!(pod.log(false).contains(&text.to_string()));
}

/// The proxy runs beside the container's first process, which goes on.
#[test]
fn a_proxy_that_cannot_write_its_pid_leaves_its_container_running() {
    let mut pod = serving("squid:2.0", None, true, &[]);
    assert_eq!((pod.exited(0), pod.world.listeners().len()), (None, 0));
    assert_eq!(pod.probe(&["squid", "-k", "check"]).0, 1);
    let text = "FATAL: failed to open /run/squid.pid: (30) Read-only file system";
    assert!(pod.log(false)[0].contains(text), "{:?}", pod.log(false));
}

/// A container of an image, with empty volumes at these paths, after ten seconds.
fn serving(image: &str, user: Option<u32>, read_only_root: bool, paths: &[&str]) -> Dialogue {
    let mut own = setup(image, &[], &[]);
    own.user = user;
    own.read_only_root = read_only_root;
    own.env = ["MYSQL_ROOT_PASSWORD", "POSTGRES_PASSWORD"]
        .map(|name| (name.to_string(), "x".to_string()))
        .to_vec();
    let mut pod = Dialogue::empty();
    for path in paths {
        let volume = pod.world.add_volume(Volume::empty());
        own.mounts.push(Mount {
            volume,
            path: path.to_string(),
            sub_path: String::new(),
            read_only: false,
        });
    }
    pod.start(0, own).unwrap();
    pod.at(10.0);
    pod
}
