//! What a container may not do: another user than root, a root that is read-only; and which
//! programs it has.

#[path = "support/dialogue.rs"]
mod dialogue;

use dialogue::{setup, Dialogue};
use readyz_engine::container::{Mount, Volume};

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

/// What BusyBox has and readyz does not is not called missing; what no image has is.
#[test]
fn a_program_that_is_not_simulated_is_told_from_one_that_is_missing() {
    for (image, program, text) in [
        ("busybox:1.36", "awk", "sh: readyz does not simulate awk\n"),
        ("busybox:1.36", "curl", "sh: curl: not found\n"),
        ("debian:12", "vi", "sh: vi: not found\n"),
    ] {
        let mut pod = Dialogue::with(image, &["sleep", "3600"], &[]);
        let got = pod.probe(&["sh", "-c", &format!("{program} x; exit $?")]);
        assert_eq!(
            (got.0, got.1.contains(text.trim_start_matches("sh: "))),
            (127, true),
            "{got:?}"
        );
    }
}
