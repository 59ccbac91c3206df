//! A Pod's world as the kubelet meets it: start, exec, signal, ask, wait. Expected values come from
//! the recordings' notes and from `semantics/kubelet.md` (HDL, RST, TRM, BKO).

#[path = "support/dialogue.rs"]
mod dialogue;

use dialogue::{setup, Dialogue};
use readyz_engine::container::{
    GrpcAnswer, HttpAnswer, HttpOverride, HttpRequest, Mount, PortState, Signal, TcpReply, Volume,
};
use readyz_engine::time::Duration;
use std::sync::Arc;

#[test]
fn exec_liveness_of_the_documentation() {
    let script = "touch /tmp/healthy; sleep 30; rm -f /tmp/healthy; sleep 600";
    let mut pod = Dialogue::with("busybox:1.36", &[], &["/bin/sh", "-c", script]);
    let cat = ["cat", "/tmp/healthy"];
    assert_eq!(pod.at(5.0).probe(&cat), (0, String::new()));
    assert_eq!(pod.at(29.9).probe(&cat), (0, String::new()));
    let missing = "cat: can't open '/tmp/healthy': No such file or directory\n";
    assert_eq!(pod.at(30.0).probe(&cat), (1, missing.to_string()));

    // sh as PID 1 ignores SIGTERM; SIGKILL from outside ends it (RST-07).
    pod.at(45.0).host_signal(Signal::TERM);
    assert_eq!(pod.at(75.0).exited(0), None);
    pod.host_signal(Signal::KILL);
    assert_eq!(pod.exited(0), Some((75.0, 137, false)));

    // A new instance has a new writable layer.
    pod.start(0, setup("busybox:1.36", &["sleep", "3600"], &[]))
        .unwrap();
    assert_eq!(pod.probe(&cat).0, 1);
}

#[test]
fn probe_lab_obeys_its_flags() {
    let args = [
        "--port=8080",
        "--listen-after=3s",
        "--on-term=slow:3s",
        "--plan=/ready:404@28-,/livez:404@6-16,FILE:1@0,FILE:0@34",
    ];
    let mut pod = Dialogue::with("probe-lab:v3", &[], &args);
    assert_eq!(pod.world.tcp_connect(pod.now, 8080), TcpReply::Refused);
    pod.at(3.1);
    assert_eq!(pod.status(8080, "/ready"), Some(200));
    assert!(pod.world.file_exists(pod.now, 0, "/tmp/healthy"));
    assert_eq!(pod.status(8080, "/livez"), Some(200));
    pod.at(6.0);
    assert_eq!(pod.status(8080, "/livez"), Some(404));
    pod.at(16.0);
    assert_eq!(pod.status(8080, "/livez"), Some(200));
    pod.at(28.0);
    assert_eq!(pod.status(8080, "/ready"), Some(404));
    pod.at(34.0);
    assert!(!pod.world.file_exists(pod.now, 0, "/tmp/healthy"));
    pod.host_signal(Signal::TERM);
    assert_eq!(pod.at(36.9).status(8080, "/startup"), Some(200));
    assert_eq!(pod.at(40.0).exited(0), Some((37.0, 0, false)));
    let log = pod.log(false);
    assert_eq!(log[0], "2026-11-21T07:50:00.000Z start pid=1 port=8080");
    assert!(log.contains(&"2026-11-21T07:50:34.000Z got SIGTERM (slow:3s)".to_string()));
    assert!(log.contains(
        &"2026-11-21T07:50:28.000Z GET /ready ua=\"kube-probe/1.36\" -> 404".to_string()
    ));
}

#[test]
fn probe_lab_is_steered_through_ctl() {
    let mut pod = Dialogue::with("probe-lab:v1", &[], &["--on-term=default"]);
    pod.at(1.0);
    let ctl = "http://127.0.0.1:8080/ctl?path=/livez&code=500";
    assert_eq!(pod.probe(&["wget", "-qO-", ctl]), (0, "done\n".to_string()));
    assert_eq!(pod.status(8080, "/livez"), Some(500));
    let slow = "http://127.0.0.1:8080/ctl?path=/ready&delay=3s";
    pod.exec(&["wget", "-qO-", slow]);
    let reply = pod.world.http(pod.now, 8080, &HttpRequest::probe("/ready"));
    assert_eq!(
        (reply.code(), reply.after),
        (Some(200), Duration::from_secs(3))
    );
    assert_eq!(
        pod.probe(&["wget", "-qO-", "http://127.0.0.1:8080/livez"]),
        (
            1,
            "wget: server returned error: HTTP/1.1 500 Internal Server Error\n".to_string()
        )
    );
    assert_eq!(
        pod.probe(&["wget", "-qO-", "http://127.0.0.1:8080/exit?code=5"]),
        (137, String::new()),
        "the session ends with the container"
    );
    assert_eq!(pod.exited(0).map(|e| e.1), Some(5));
}

#[test]
fn memory_above_the_limit_kills() {
    let mut pod = Dialogue::empty();
    let mut hungry = setup("probe-lab:v1", &[], &["--alloc-mb=200"]);
    hungry.memory_limit = Some(64 << 20);
    pod.start(0, hungry).unwrap();
    let (at, code, oom) = pod.at(5.0).exited(0).unwrap();
    assert!((1.2..=1.5).contains(&at), "{at}");
    assert_eq!((code, oom), (137, true));

    let mut pod = Dialogue::empty();
    let mut calm = setup("nginx", &[], &[]);
    calm.memory_limit = Some(128 << 20);
    pod.start(0, calm).unwrap();
    let now = pod.at(10.0).now;
    pod.world
        .set_memory(now, 0, 256 << 20, Duration::from_secs(10));
    let (at, code, oom) = pod.at(60.0).exited(0).unwrap();
    assert!((14.0..16.0).contains(&at), "{at}");
    assert_eq!((code, oom), (137, true));
}

#[test]
fn nginx_serves_its_files_as_they_are() {
    let mut pod = Dialogue::with("nginx:1.15", &[], &[]);
    assert_eq!(pod.world.tcp_connect(pod.now, 80), TcpReply::Refused);
    pod.at(1.0);
    assert_eq!(pod.status(80, "/"), Some(200));
    assert_eq!(pod.status(80, "/index1.html"), Some(404));
    pod.exec(&["sh", "-c", "echo ok > /usr/share/nginx/html/index1.html"]);
    assert_eq!(pod.status(80, "/index1.html"), Some(200));
    pod.exec(&["rm", "/usr/share/nginx/html/index1.html"]);
    assert_eq!(pod.status(80, "/index1.html"), Some(404));
    pod.exec(&["rm", "/usr/share/nginx/html/index.html"]);
    pod.at(9.0);
    assert_eq!(pod.status(80, "/index.html"), Some(404));
    let log = pod.log(false);
    assert_eq!(
        log[0],
        "/docker-entrypoint.sh: Configuration complete; ready for start up"
    );
    assert_eq!(
        log.last().unwrap(),
        "10.244.1.1 - - [21/Nov/2026:07:50:09 +0000] \"GET /index.html HTTP/1.1\" 404 153 \"-\" \
         \"kube-probe/1.36\""
    );

    assert_eq!(pod.world.stop_signal(0), Signal::QUIT);
}

#[test]
fn nginx_quits_when_told_to() {
    // `nginx -s quit` returns 0 and ends PID 1 with 0 (seed003-probe-tcp).
    let mut pod = Dialogue::with("nginx:1.15", &[], &[]);
    pod.at(9.0);
    let quit = pod.exec(&["nginx", "-s", "quit"]);
    assert_eq!(quit.exit_code, 0);
    assert_eq!(
        quit.output(),
        "2026/11/21 07:50:09 [notice] 11#11: signal process started\n"
    );
    assert_eq!(pod.exited(0), Some((9.0, 0, false)));
}

#[test]
fn the_seeds_node_server_flips_after_shutdown() {
    let mut pod = Dialogue::with("porbe-server:v1", &[], &["/server"]);
    pod.at(1.0);
    assert_eq!(pod.status(8080, "/healthz"), Some(200));
    assert_eq!(
        pod.probe(&["wget", "-qO-", "http://127.0.0.1:8080/shutdown"]),
        (0, "nodejs http server is shutdown.".to_string())
    );
    assert_eq!(pod.status(8080, "/healthz"), Some(500));
    pod.at(5.0).host_signal(Signal::TERM);
    assert_eq!(pod.exited(0), Some((5.0, 0, false)));
    let log = pod.log(false);
    assert_eq!(
        log[0],
        "server is listening on http://0.0.0.0:8080 ...  PID =  1"
    );
    assert!(log.contains(&"服务停止 SIGTERM 处理完毕".to_string()));

    // The new process is healthy again.
    pod.start(0, setup("porbe-server:v1", &[], &["/server"]))
        .unwrap();
    assert_eq!(pod.at(6.0).status(8080, "/healthz"), Some(200));
    assert_eq!(pod.log(true), log);
}

#[test]
fn agnhost_is_well_for_ten_seconds() {
    let mut pod = Dialogue::with(
        "registry.k8s.io/e2e-test-images/agnhost:2.40",
        &[],
        &["liveness"],
    );
    assert_eq!(pod.at(10.0).status(8080, "/healthz"), Some(200));
    assert_eq!(pod.at(10.1).status(8080, "/healthz"), Some(500));
    pod.host_signal(Signal::TERM);
    assert_eq!(pod.exited(0).map(|e| e.1), Some(2));
}

#[test]
fn grpc_health_is_switched_over_http() {
    let mut pod = Dialogue::with(
        "registry.k8s.io/e2e-test-images/agnhost:2.40",
        &[],
        &["grpc-health-checking"],
    );
    let ask =
        |pod: &mut Dialogue, service: &str| pod.world.grpc_health(pod.now, 5000, service).what;
    assert_eq!(ask(&mut pod, ""), GrpcAnswer::Refused);
    pod.at(1.0);
    assert_eq!(ask(&mut pod, ""), GrpcAnswer::Serving);
    assert_eq!(ask(&mut pod, "nope"), GrpcAnswer::UnknownService);
    pod.exec(&["wget", "-qO-", "http://127.0.0.1:8080/make-not-serving"]);
    assert_eq!(ask(&mut pod, ""), GrpcAnswer::NotServing);
}

#[test]
fn squid_says_farewell_slowly() {
    let mut pod = Dialogue::with("squid:2.0", &[], &[]);
    let check = ["squid", "-k", "check"];
    assert_eq!(pod.at(5.0).probe(&check), (0, String::new()));
    assert_eq!(pod.world.tcp_connect(pod.now, 3128), TcpReply::Accepted);
    let down = pod.at(25.0).probe(&["squid", "-k", "shutdown"]);
    assert_eq!(down, (0, String::new()));
    assert_eq!(
        pod.at(30.3).probe(&check).0,
        0,
        "the PID file is still there"
    );
    let (code, text) = pod.at(40.0).probe(&check);
    assert_eq!(code, 1);
    assert_eq!(
        text,
        "2026/11/21 07:50:40| FATAL: failed to open /run/squid.pid: (2) No such file or \
         directory\n    exception location: File.cc(190) open\n"
    );
    // tail is PID 1: the container stays, and SIGTERM is lost.
    pod.at(60.0).host_signal(Signal::TERM);
    assert_eq!(pod.at(89.0).exited(0), None);
    pod.host_signal(Signal::KILL);
    assert_eq!(pod.exited(0), Some((89.0, 137, false)));
}

#[test]
fn an_unknown_image_is_a_well_behaved_server() {
    let mut pod = Dialogue::empty();
    let mut app = setup("registry.example/checkout:1.4", &[], &[]);
    app.ports = vec![8080, 9090];
    pod.start(0, app).unwrap();
    assert_eq!(pod.at(0.9).status(8080, "/anything"), None);
    assert_eq!(pod.at(1.0).status(8080, "/anything"), Some(200));
    assert_eq!(pod.world.tcp_connect(pod.now, 9090), TcpReply::Accepted);
    pod.host_signal(Signal::TERM);
    assert_eq!(pod.exited(0).map(|e| e.1), Some(0));
}

#[test]
fn volumes_outlive_containers_and_are_shared() {
    let mut pod = Dialogue::empty();
    let shared = pod.world.add_volume(Volume::empty());
    let config = pod
        .world
        .add_volume(Volume::files([("app.conf", &b"a=1\n"[..])], 0o644));
    let with_volumes = |script: &str| {
        let mut setup = setup("busybox", &["sh", "-c", script], &[]);
        for (volume, path, read_only) in [(shared, "/v", false), (config, "/etc/app", true)] {
            setup.mounts.push(Mount {
                volume,
                path: path.to_string(),
                sub_path: String::new(),
                read_only,
            });
        }
        setup
    };
    let script = "echo x >> /v/c; [ $(wc -l < /v/c) -ge 3 ]";
    for code in [1, 1, 0] {
        pod.start(0, with_volumes(script)).unwrap();
        assert_eq!(pod.exited(0).map(|e| e.1), Some(code));
        pod.events.clear();
    }
    pod.start(
        1,
        with_volumes("cat /v/c /etc/app/app.conf; echo y > /etc/app/app.conf"),
    )
    .unwrap();
    pod.at(1.0);
    let lines: Vec<String> = pod
        .world
        .log(1, false)
        .into_iter()
        .map(|l| l.text)
        .collect();
    assert_eq!(
        lines,
        [
            "x",
            "x",
            "x",
            "a=1",
            "sh: can't create /etc/app/app.conf: Read-only file system"
        ]
    );
}

#[test]
fn hooks_write_where_they_say() {
    let mut pod = Dialogue::with("nginx", &[], &[]);
    pod.at(1.0);
    let hook = "echo Hello from the postStart handler > /usr/share/message";
    pod.exec(&["/bin/sh", "-c", hook]);
    assert_eq!(
        pod.probe(&["cat", "/usr/share/message"]),
        (0, "Hello from the postStart handler\n".to_string())
    );
    let begin = pod.now;
    pod.exec(&["sh", "-c", "echo prestop >> /proc/1/fd/1; sleep 4"]);
    assert_eq!(pod.now - begin, Duration::from_secs(4));
    assert_eq!(pod.log(false).last().unwrap(), "prestop");
}

#[test]
fn faults_change_the_world_and_are_undone() {
    let mut pod = Dialogue::with("nginx", &[], &[]);
    pod.at(1.0);
    pod.world.set_http(HttpOverride {
        id: 1,
        container: Some(0),
        port: None,
        path: Some(Arc::from("/")),
        answer: Some(HttpAnswer::Status {
            status: 500,
            location: None,
        }),
        latency: Duration::from_secs(2),
        body: None,
    });
    let reply = pod.world.http(pod.now, 80, &HttpRequest::probe("/"));
    assert_eq!(reply.code(), Some(500));
    assert!(reply.after >= Duration::from_secs(2));
    assert_eq!(pod.status(80, "/index.html"), Some(200), "another path");
    pod.world.clear_http(1);
    assert_eq!(pod.status(80, "/"), Some(200));

    // A TCP probe does not see a deadlock.
    pod.world.set_hung(0, true);
    let reply = pod.world.http(pod.now, 80, &HttpRequest::probe("/"));
    assert_eq!(reply.what, HttpAnswer::NoAnswer);
    assert_eq!(pod.world.tcp_connect(pod.now, 80), TcpReply::Accepted);
    pod.world.set_hung(0, false);
    pod.world.set_port(80, Some(PortState::Drop));
    assert_eq!(pod.world.tcp_connect(pod.now, 80), TcpReply::Dropped);
    pod.world.set_port(80, None);
    assert_eq!(pod.status(80, "/"), Some(200));

    pod.world.set_disk_full(true);
    assert_eq!(
        pod.probe(&["touch", "/tmp/new"]),
        (
            1,
            "touch: cannot touch '/tmp/new': No space left on device\n".to_string()
        )
    );
    pod.world.set_disk_full(false);
    let now = pod.now;
    assert!(pod.world.set_file(now, 0, "/tmp/healthy", Some(b"")));
    assert_eq!(pod.probe(&["test", "-e", "/tmp/healthy"]).0, 0);
    assert!(pod.world.set_file(now, 0, "/tmp/healthy", None));
    assert_eq!(pod.probe(&["test", "-e", "/tmp/healthy"]).0, 1);
    pod.world.exit_process(now, 0, 1, 7);
    assert_eq!(pod.exited(0).map(|e| e.1), Some(7));
}

#[test]
fn a_clone_goes_its_own_way_and_the_same_way() {
    let script = "i=0; while :; do i=$((i+1)); echo $i $RANDOM; sleep 1; done";
    let mut pod = Dialogue::with("busybox", &["sh", "-c", script], &[]);
    pod.at(5.5);
    let mut twin = Dialogue {
        world: pod.world.clone(),
        now: pod.now,
        events: Vec::new(),
    };
    pod.at(20.0);
    assert_eq!(twin.log(false).len(), 6);
    twin.at(20.0);
    assert_eq!(twin.log(false), pod.log(false));
}

#[test]
fn httpd_in_a_script_serves_a_directory() {
    let script = "mkdir /www; echo ok > /www/index.html; httpd -f -p 8080 -h /www";
    let mut pod = Dialogue::with("busybox", &["sh", "-c", script], &[]);
    assert_eq!(pod.at(1.0).status(8080, "/"), Some(200));
    assert_eq!(pod.status(8080, "/nosuch"), Some(404));
    assert_eq!(
        pod.probe(&["wget", "-qO-", "http://localhost:8080/index.html"]),
        (0, "ok\n".to_string())
    );
    assert_eq!(pod.probe(&["nc", "-z", "localhost", "8080"]).0, 0);
}
