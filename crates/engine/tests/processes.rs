//! Processes, signals, exit codes, zombies, a full disk, a taken port: what is recorded (`kill1-*`,
//! `seed*`, `semantics/kubelet.md` RST) or documented by Linux.

#[path = "support/dialogue.rs"]
mod dialogue;

use dialogue::{seconds, setup, Dialogue};
use readyz_engine::container::{
    ExecResult, ExecStart, HttpAnswer, HttpRequest, Signal, TcpReply, WorldEvent,
};

#[test]
fn pid_1_gets_only_signals_that_it_handles() {
    let mut pod = Dialogue::with("busybox", &["sh", "-c", "while :; do sleep 1; done"], &[]);
    assert_eq!(pod.at(8.0).probe(&["kill", "1"]), (0, String::new()));
    assert_eq!(pod.at(14.0).probe(&["kill", "-9", "1"]), (0, String::new()));
    assert_eq!(pod.at(20.0).exited(0), None);
}

#[test]
fn a_trap_runs_when_the_foreground_child_has_ended() {
    let script = "trap 'exit 0' TERM; while :; do sleep 1; done";
    let mut pod = Dialogue::with("busybox", &["sh", "-c", script], &[]);
    pod.at(5.3).host_signal(Signal::TERM);
    assert_eq!(pod.exited(0), None);
    assert_eq!(pod.at(10.0).exited(0), Some((6.0, 0, false)));
}

#[test]
fn waiting_for_a_background_child_a_trap_runs_at_once() {
    let script = "trap 'exit 0' TERM; sleep 600 & wait";
    let mut pod = Dialogue::with("busybox", &["sh", "-c", script], &[]);
    pod.at(8.0).host_signal(Signal::TERM);
    assert_eq!(pod.exited(0), Some((8.0, 0, false)));
}

#[test]
fn exec_makes_the_program_pid_1() {
    let script = "echo start; exec sleep 98765";
    let mut pod = Dialogue::with("busybox", &["sh", "-c", script], &[]);
    assert!(pod.world.runs(0, "sleep"));
    pod.at(3.0).host_signal(Signal::TERM);
    assert_eq!(pod.at(4.0).exited(0), None);
    assert_eq!(pod.log(false), ["start"]);
}

/// `echo` says that a file took nothing; most applets find out too late, as BusyBox's do.
#[test]
fn output_that_is_not_written_is_an_error_where_busybox_sees_it() {
    let mut pod = Dialogue::with("busybox", &["sleep", "1d"], &[]);
    for (script, status, text) in [
        (
            "echo a > /dev/full",
            1,
            "sh: write error: No space left on device\n",
        ),
        (
            "cat /etc/passwd > /dev/full",
            1,
            "cat: write error: No space left on device\n",
        ),
        ("printf a > /dev/full", 1, ""),
        (
            "id > /dev/full",
            0,
            "id: standard output: No space left on device\n",
        ),
        ("date > /dev/full", 0, ""),
        // What comes through a pipe is seen by the same rule.
        (
            "(sleep 1; echo b) | cat > /dev/full",
            1,
            "cat: write error: No space left on device\n",
        ),
        (
            "(sleep 1; echo b) | sort > /dev/full",
            0,
            "sort: standard output: No space left on device\n",
        ),
        ("(sleep 1; echo b) | grep b > /dev/full", 0, ""),
    ] {
        let done = pod.at(2.0).exec(&["sh", "-c", script]);
        let said = String::from_utf8_lossy(&done.stderr).into_owned();
        assert_eq!((done.exit_code, said.as_str()), (status, text), "{script}");
    }
}

/// A reader that has had enough, and one that never has.
#[test]
fn an_endless_pipe_ends_or_goes_on_calmly() {
    let mut pod = Dialogue::with("busybox", &["sleep", "1d"], &[]);
    let done = pod.at(2.0).exec(&[
        "sh",
        "-c",
        "yes | head -c 10 | wc -c; head -c 7 /dev/zero | wc -c",
    ]);
    assert_eq!(String::from_utf8_lossy(&done.stdout), "10\n7\n");
    pod.start_exec(&["sh", "-c", "yes | wc -c"]);
    pod.at(60.0);
}

/// A writer that nobody reads waits, without CPU time, and dies of its pipe when the reader ends.
#[test]
fn a_full_pipe_is_waited_for() {
    let mut pod = Dialogue::with("busybox", &["sleep", "1d"], &[]);
    pod.at(2.0).start_exec(&["sh", "-c", "yes | sleep 10"]);
    let now = pod.at(11.0).now;
    assert_eq!(pod.world.cpu_total(now, 0).0, 0);
    assert!(pod.world.runs(0, "yes"));
    assert!(!pod.at(13.0).world.runs(0, "yes"));
}

/// CPU time that was used stays used when its program dies of a pipe that nobody reads any more.
#[test]
fn the_cpu_time_of_an_endless_program_stays() {
    let mut pod = Dialogue::with("busybox", &["sleep", "1d"], &[]);
    pod.at(2.0)
        .start_exec(&["sh", "-c", "yes | timeout 10 wc -c"]);
    let used = |pod: &Dialogue| pod.world.cpu_total(pod.now, 0).0;
    let before = used(pod.at(11.0));
    assert!(before > 8_000_000_000, "{before}");
    assert!(!pod.at(20.0).world.runs(0, "yes"));
    assert!(used(&pod) >= before);
}

/// Options that are no ASCII are refused like others.
#[test]
fn programs_take_letters_of_any_length() {
    let mut pod = Dialogue::with("busybox", &["sleep", "1d"], &[]);
    pod.at(2.0);
    for script in [
        "head é3",
        "tail 😀",
        "free é",
        "test é a",
        "kill é",
        "chmod é /",
        "sort é-3",
    ] {
        let done = pod.exec(&["sh", "-c", script]);
        assert!((1..128).contains(&done.exit_code), "{script}: {done:?}");
    }
}

/// A backslash that nothing follows stands for itself, wherever the text ends.
#[test]
fn a_script_may_end_with_a_backslash() {
    let mut pod = Dialogue::with("busybox", &["sleep", "1d"], &[]);
    let said = pod.at(2.0).exec(&["sh", "-c", "echo a\\"]);
    assert_eq!(String::from_utf8_lossy(&said.stdout), "a\\\n");
    for script in [
        "while false; do echo x; done\\",
        "if true; then echo x; fi >\\",
        "for i in a\\",
        "case a in a) echo x ;; esac\\",
        "f() { echo x; }\\",
        "(echo x)\\",
        "cat <<E\\",
        "echo \"x\\",
        "echo `x\\",
        "x=${y:-\\",
        "echo $(x\\",
    ] {
        let done = pod.exec(&["sh", "-c", script]);
        assert!(done.exit_code < 128, "{script}: {done:?}");
    }
}

#[test]
fn a_process_that_is_not_pid_1_dies_of_sigterm_with_143() {
    let script = "sleep 600 & wait $!; echo $?; sleep 600";
    let mut pod = Dialogue::with("busybox", &["sh", "-c", script], &[]);
    assert_eq!(pod.at(2.0).probe(&["killall", "sleep"]).0, 0);
    pod.at(3.0);
    // The shell says of what its child died, as BusyBox's was recorded to (`busybox/recorded.txt`).
    assert_eq!(pod.log(false), ["Terminated", "143"]);
}

#[test]
fn scripts_end_with_their_codes_and_messages() {
    let script = "echo \"fatal: cannot open database\" > /dev/termination-log; sleep 3; exit 42";
    let mut pod = Dialogue::with("busybox", &["sh", "-c", script], &[]);
    assert_eq!(pod.at(10.0).exited(0), Some((3.0, 42, false)));
    let now = pod.now;
    assert_eq!(
        pod.world.termination_message(now, 0),
        "fatal: cannot open database\n"
    );

    let mut pod = Dialogue::with("busybox", &["sh", "-c", "exit 3"], &[]);
    assert_eq!(pod.exited(0), Some((0.0, 3, false)));
    let mut pod = Dialogue::with("busybox", &[], &[]);
    assert_eq!(pod.exited(0), Some((0.0, 0, false)), "sh without input");
}

#[test]
fn a_missing_program_is_a_start_error() {
    let text = |command: &[&str]| {
        Dialogue::empty()
            .start(0, setup("busybox", command, &[]))
            .unwrap_err()
    };
    let prefix =
        "failed to create containerd task: failed to create shim task: OCI runtime create \
                  failed: runc create failed: unable to start container process: error during \
                  container init: ";
    let nosuch = "exec: \"nosuchcmd\": executable file not found in $PATH";
    assert_eq!(text(&["nosuchcmd", "-v"]), format!("{prefix}{nosuch}"));
    let etc = "exec: \"/etc\": is a directory";
    assert_eq!(text(&["/etc"]), format!("{prefix}{etc}"));
    let passwd = "exec: \"/etc/passwd\": permission denied";
    assert_eq!(text(&["/etc/passwd"]), format!("{prefix}{passwd}"));
}

#[test]
fn a_missing_program_in_exec_is_an_error_not_a_failure() {
    let mut pod = Dialogue::with("probe-lab:v1", &[], &[]);
    let text = |start| match start {
        ExecStart::NotFound(text) => text,
        other => panic!("{other:?}"),
    };
    let prefix = "exec failed: unable to start container process: exec: ";
    assert_eq!(
        text(pod.start_exec(&["nosuch"])),
        format!("{prefix}\"nosuch\": executable file not found in $PATH")
    );
    assert_eq!(
        text(pod.start_exec(&["/bin/nosuch", "-x"])),
        format!("{prefix}\"/bin/nosuch\": stat /bin/nosuch: no such file or directory")
    );
    // A shell that does not find it fails (HDL-22).
    assert_eq!(
        pod.probe(&["sh", "-c", "nosuchcommand"]),
        (127, "sh: nosuchcommand: not found\n".to_string())
    );
    pod.host_signal(Signal::KILL);
    assert_eq!(
        pod.start_exec(&["true"]),
        ExecStart::NotRunning("container is in CONTAINER_EXITED state")
    );
}

#[test]
fn recorded_exec_outputs() {
    let mut pod = Dialogue::with("busybox", &["sleep", "3600"], &[]);
    pod.at(1.0);
    assert_eq!(
        pod.probe(&["sh", "-c", "echo line1; echo line2; echo err1 >&2; exit 1"]),
        (1, "line1\nline2\nerr1\n".to_string())
    );
    // `$$` reached the container as `$` (probe-exec-output).
    assert_eq!(
        pod.probe(&["sh", "-c", "kill -9 $"]),
        (1, "sh: invalid number '$'\n".to_string())
    );
    assert_eq!(
        pod.probe(&["ls", "/nosuch"]),
        (1, "ls: /nosuch: No such file or directory\n".to_string())
    );
    let long = "i=0; while [ $i -lt 1200 ]; do echo 0123456789; i=$((i+1)); done; exit 2";
    let (code, output) = pod.probe(&["sh", "-c", long]);
    assert_eq!((code, output.len()), (2, 13_200));
    let stamp = "echo now $(date +%s%N); exit 1";
    let (_, output) = pod.probe(&["sh", "-c", stamp]);
    assert_eq!(output, "now 1795247401%N\n");
    assert_eq!(
        pod.probe(&["sh", "-c", "exit 3"]),
        (3, String::new()),
        "kubectl exec … sh -c \"exit 3\""
    );
}

#[test]
fn an_exec_that_is_given_up_leaves_its_children() {
    let mut pod = Dialogue::with("busybox", &["sleep", "3600"], &[]);
    pod.at(1.0);
    let start = pod.start_exec(&["sh", "-c", "echo partial; sleep 5; touch /tmp/done; :"]);
    let ExecStart::Started(id) = start else {
        panic!("{start:?}")
    };
    pod.at(2.0);
    let now = pod.now;
    pod.world.kill_exec(now, id);
    assert!(pod.world.runs(0, "sleep"));
    pod.at(10.0);
    assert!(!pod.world.file_exists(seconds(10.0), 0, "/tmp/done"));
    let told = |e: &WorldEvent| matches!(e, WorldEvent::ExecFinished { .. });
    assert!(!pod.events.iter().any(told), "nobody waits for it");
}

#[test]
fn open_sessions_end_with_the_container() {
    let mut pod = Dialogue::with("busybox", &["sleep", "3600"], &[]);
    let start = pod
        .at(1.0)
        .start_exec(&["sh", "-c", "echo open; sleep 600; :"]);
    assert!(matches!(start, ExecStart::Started(_)));
    pod.at(2.0).host_signal(Signal::KILL);
    pod.at(2.0);
    let result = pod.events.iter().find_map(|event| match event {
        WorldEvent::ExecFinished { result, .. } => Some(result.clone()),
        _ => None,
    });
    let result = result.unwrap();
    assert_eq!((result.exit_code, result.output()), (137, "open\n".into()));
}

#[test]
fn a_go_server_without_a_handler_ends_with_2() {
    let mut pod = Dialogue::with("probe-lab:v1", &[], &["--on-term=default"]);
    pod.at(5.0).exec(&["kill", "1"]);
    assert_eq!(pod.exited(0), Some((5.0, 2, false)));
    let mut pod = Dialogue::with("probe-lab:v1", &[], &["--on-term=exit143"]);
    pod.at(5.0).host_signal(Signal::TERM);
    assert_eq!(pod.exited(0), Some((5.0, 143, false)));
    let mut pod = Dialogue::with("probe-lab:v1", &[], &["--on-term=ignore"]);
    pod.at(5.0).host_signal(Signal::TERM);
    assert_eq!(pod.at(9.0).exited(0), None);
}

#[test]
fn a_taken_port_ends_the_second_server() {
    let mut pod = Dialogue::with("probe-lab:v1", &[], &[]);
    pod.at(1.0);
    pod.start(1, setup("probe-lab:v1", &[], &[])).unwrap();
    assert_eq!(pod.at(2.0).exited(1).map(|e| e.1), Some(1));
    let lines = pod.world.log(1, false);
    assert!(lines
        .iter()
        .any(|l| l.text == "listen tcp :8080: bind: address already in use"));
    assert_eq!(pod.status(8080, "/"), Some(200), "the first one serves on");
}

#[test]
fn a_stopped_process_accepts_and_does_not_answer() {
    let mut pod = Dialogue::with("nginx", &[], &[]);
    pod.at(1.0).host_signal(Signal::STOP);
    let reply = pod.world.http(pod.now, 80, &HttpRequest::probe("/"));
    assert_eq!(reply.what, HttpAnswer::NoAnswer);
    assert_eq!(pod.world.tcp_connect(pod.now, 80), TcpReply::Accepted);
    pod.host_signal(Signal::CONT);
    assert_eq!(pod.status(80, "/"), Some(200));
}

#[test]
fn an_endless_loop_does_not_stop_the_world() {
    let mut pod = Dialogue::with("busybox", &["sh", "-c", "while :; do :; done"], &[]);
    pod.at(600.0);
    assert_eq!(pod.exited(0), None);
    assert_eq!(pod.probe(&["true"]).0, 0);
    pod.host_signal(Signal::KILL);
    assert_eq!(pod.exited(0).map(|e| e.1), Some(137));
}

#[test]
fn a_process_outlives_its_parent() {
    let mut pod = Dialogue::with("busybox", &["sleep", "3600"], &[]);
    pod.at(1.0);
    let start = pod.start_exec(&[
        "sh",
        "-c",
        "(sleep 3; echo late > /tmp/late) > /dev/null 2>&1 &",
    ]);
    assert!(matches!(start, ExecStart::Finished(_)), "{start:?}");
    pod.at(3.9);
    assert!(!pod.world.file_exists(pod.now, 0, "/tmp/late"));
    pod.at(4.1);
    assert!(pod.world.file_exists(pod.now, 0, "/tmp/late"));
}

#[test]
fn the_processes_are_listed() {
    let script = "sleep 100 & sleep 200; :";
    let mut pod = Dialogue::with("busybox", &["sh", "-c", script], &[]);
    let (code, text) = pod.at(1.0).probe(&["ps"]);
    assert_eq!(code, 0);
    let commands: Vec<&str> = text.lines().skip(1).map(|l| &l[21..]).collect();
    assert_eq!(
        commands,
        [
            "sh -c sleep 100 & sleep 200; :",
            "sleep 100",
            "sleep 200",
            "ps"
        ]
    );
}

/// `kill 1` inside a shell that traps it: its own way out, here as in `kill1-handled`.
#[test]
fn a_shell_that_traps_ends_as_it_says_when_killed_from_inside() {
    for (script, code) in [
        ("trap 'exit 7' TERM; while :; do sleep 1; done", 7),
        ("trap 'exit 143' TERM; sleep 600 & wait", 143),
    ] {
        let mut pod = Dialogue::with("busybox", &["sh", "-c", script], &[]);
        assert_eq!(pod.at(5.3).start_exec(&["kill", "1"]), {
            ExecStart::Finished(ExecResult::default())
        });
        assert_eq!(pod.at(7.0).exited(0).map(|e| e.1), Some(code), "{script}");
    }
    // SIGKILL from inside cannot be trapped, and does not reach PID 1.
    let script = "trap 'exit 7' TERM; while :; do sleep 1; done";
    let mut pod = Dialogue::with("busybox", &["sh", "-c", script], &[]);
    assert_eq!(pod.at(5.0).probe(&["kill", "-9", "1"]).0, 0);
    assert_eq!(pod.at(60.0).exited(0), None);
}

/// pid_namespaces(7): who loses its parent becomes PID 1's child. A shell waits for all of its
/// children and so clears it away; `sleep` as PID 1 never does, and it stays as a zombie.
#[test]
fn zombies_stay_where_pid_1_does_not_wait() {
    let orphan = ["sh", "-c", "(sleep 3; exit 4) > /dev/null 2>&1 & exit 0"];
    let mut list = Vec::new();
    for command in [
        &["sleep", "3600"][..],
        &["sh", "-c", "while :; do sleep 1; done"][..],
    ] {
        let mut pod = Dialogue::with("busybox", command, &[]);
        pod.at(1.0).start_exec(&orphan);
        pod.at(10.0);
        list.push(pod.probe(&["ps"]).1.matches("[sh]").count());
    }
    assert_eq!(list, [1, 0]);
}

/// ENOSPC for those who write, and only for them; room again, and writing goes on.
#[test]
fn a_full_disk_refuses_writers() {
    let mut pod = Dialogue::with("busybox", &["sleep", "3600"], &[]);
    pod.world.set_disk_full(true);
    let (code, text) = pod
        .at(1.0)
        .probe(&["sh", "-c", "echo x > /tmp/x; cat /tmp/x"]);
    assert!(text.contains("No space left on device"), "{code} {text}");
    assert_eq!(pod.probe(&["touch", "/tmp/y"]).0, 1);
    assert_eq!(pod.probe(&["cat", "/etc/group"]).0, 0);
    pod.world.set_disk_full(false);
    assert_eq!(pod.probe(&["touch", "/tmp/y"]).0, 0);
}

/// Two containers share the Pod's ports: the second nginx tries five times, half a second apart,
/// and ends with 1; once the first is gone there is room.
#[test]
fn a_port_is_taken_once_in_a_pod() {
    let mut pod = Dialogue::with("nginx", &[], &[]);
    pod.at(1.0);
    pod.start(1, setup("nginx", &[], &[])).unwrap();
    assert_eq!(pod.at(10.0).exited(1).map(|e| e.1), Some(1));
    assert_eq!(pod.exited(0), None);
    assert_eq!(pod.status(80, "/"), Some(200));
    pod.host_signal(Signal::KILL);
    pod.start(1, setup("nginx", &[], &[])).unwrap();
    assert_eq!(pod.at(20.0).status(80, "/"), Some(200));
    // Another port of the same address is free.
    pod.start(2, setup("nginx-8080:v1", &[], &[])).unwrap();
    assert_eq!(pod.at(22.0).status(8_080, "/"), Some(200));
}
