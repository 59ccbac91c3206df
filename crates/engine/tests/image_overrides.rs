//! `images` of a Scenario over images whose program is code: what is said holds, and everything
//! else stays as the image has it (product.md §3).

#[path = "support/dialogue.rs"]
mod dialogue;

use dialogue::{setup, Dialogue};
use readyz_engine::container::{image, GrpcAnswer, HttpRequest, Signal, TcpReply};
use readyz_engine::manifest::{self, Severity};
use std::sync::Arc;

/// A container of an image with the fields of its entry.
fn with(name: &str, fields: &str, command: &[&str], args: &[&str]) -> Dialogue {
    let mut dialogue = Dialogue::empty();
    let text = format!(
        "apiVersion: readyz.dev/v1alpha1\nkind: Scenario\nspec:\n  images:\n  - {{image: '{name}', \
         {fields}}}\n"
    );
    let stream = manifest::parse(&text);
    let error = |d: &&manifest::Diagnostic| d.severity == Severity::Error;
    assert_eq!(stream.diagnostics.iter().find(error), None);
    let images = stream.scenario.expect("a scenario").images;
    let mut setup = setup(name, command, args);
    setup.image = image::resolve_with(&images, name).0;
    dialogue.start(0, setup).unwrap();
    dialogue
}

fn plain(name: &str, fields: &str) -> Dialogue {
    with(name, fields, &[], &[])
}

fn body(dialogue: &mut Dialogue, port: u16, path: &str) -> String {
    let request = HttpRequest::probe(path);
    let reply = dialogue.world.http(dialogue.now, port, &request);
    dialogue
        .world
        .http_page(dialogue.now, port, &request, &reply)
        .body
}

/// nginx keeps its files, its shell, its log and its stop signal.
#[test]
fn nginx() {
    let fields = "startup: 3s, listen: [8080, 9090], memory: 50Mi, leak: 1Mi, onStop: {after: 2s, \
                  exitCode: 3}, http: [{path: /healthz, status: 500, body: sick}]";
    let mut nginx = plain("nginx", fields);
    assert_eq!(nginx.at(2.9).status(8080, "/"), None);
    nginx.at(3.1);
    assert_eq!(nginx.status(80, "/"), None);
    for port in [8080, 9090] {
        assert_eq!(nginx.status(port, "/"), Some(200));
        assert!(body(&mut nginx, port, "/").contains("Welcome to nginx"));
        assert_eq!(nginx.status(port, "/missing"), Some(404));
        assert_eq!(nginx.status(port, "/healthz"), Some(500));
    }
    assert_eq!(body(&mut nginx, 8080, "/healthz"), "sick");
    // The document root is a directory still.
    nginx.exec(&["sh", "-c", "echo hi > /usr/share/nginx/html/new"]);
    assert_eq!(body(&mut nginx, 8080, "/new"), "hi\n");
    let conf = nginx.exec(&["cat", "/etc/nginx/conf.d/default.conf"]);
    let conf = conf.output();
    assert!(conf.contains("listen       8080;\n    listen       9090;\n"));
    let log = nginx.log(false);
    assert!(log
        .iter()
        .any(|line| line.contains("\"GET /healthz HTTP/1.1\" 500")));
    nginx.at(10.0);
    assert_eq!(nginx.world.memory_used(nginx.now, 0) >> 20, 60);
    assert_eq!(nginx.world.stop_signal(0), Signal::QUIT);
    nginx.host_signal(Signal::QUIT);
    nginx.at(20.0);
    assert_eq!(nginx.exited(0), Some((12.0, 3, false)));
}

/// Squid keeps its daemon behind `tail`, its PID file and `squid -k`.
#[test]
fn squid() {
    let fields = "startup: 2s, listen: [3129], onStop: {after: 1s, exitCode: 0}";
    let mut squid = plain("squid:2.0", fields);
    assert_eq!(squid.at(1.0).exec(&["squid", "-k", "check"]).exit_code, 1);
    squid.at(3.0);
    assert_eq!(squid.world.tcp_connect(squid.now, 3128), TcpReply::Refused);
    assert_eq!(squid.world.tcp_connect(squid.now, 3129), TcpReply::Accepted);
    assert_eq!(squid.exec(&["squid", "-k", "check"]).exit_code, 0);
    assert!(squid.world.runs(0, "tail"));
    squid.host_signal(Signal::TERM);
    squid.at(10.0);
    assert_eq!(squid.exited(0), Some((4.0, 0, false)));
    // The repackaged one has two servers, and both move.
    let mut both = plain("squid:2.1", "listen: [3129, 5001, 7000]");
    both.at(2.0);
    let open: Vec<u16> = both.world.listeners().iter().map(|l| l.port).collect();
    assert_eq!(open, [3129, 7000, 5001]);
    assert_eq!(both.status(5001, "/healthz"), Some(200));
}

/// A shell has a first process, whatever it runs.
#[test]
fn busybox_and_debian() {
    for name in ["busybox", "alpine", "debian:12"] {
        let fields = "memory: 40Mi, leak: 2Mi, cpu: {idle: 30m}, onStop: {after: 0s, exitCode: 5}";
        let mut shell = with(
            name,
            fields,
            &["sh", "-c", "while true; do sleep 1; done"],
            &[],
        );
        assert_eq!(shell.at(5.0).exec(&["echo", "here"]).output(), "here\n");
        assert_eq!(shell.world.memory_used(shell.now, 0) >> 20, 50, "{name}");
        assert_eq!(shell.world.cpu_used_milli(shell.now, 0), 30);
        shell.exec(&["kill", "1"]);
        assert_eq!(shell.exited(0), Some((5.0, 5, false)), "{name}");
    }
    let mut ends = with(
        "busybox",
        "exit: {after: 4s, code: 7}",
        &["sleep", "60"],
        &[],
    );
    ends.at(60.0);
    assert_eq!(ends.exited(0), Some((4.0, 7, false)));
    // An httpd that its command starts is a server of the image.
    let script = "echo page > /tmp/index.html; httpd -f -p 8000 -h /tmp";
    let fields = "http: [{path: /healthz, status: 503}], startup: 2s";
    let mut httpd = with("busybox", fields, &["sh", "-c", script], &[]);
    assert_eq!(httpd.at(1.0).status(8000, "/"), None);
    assert_eq!(httpd.at(2.5).status(8000, "/"), Some(200));
    assert_eq!(httpd.status(8000, "/healthz"), Some(503));
}

#[test]
fn agnhost() {
    let fields = "listen: [9000, 9001], http: [{path: /healthz, status: 204, from: 20s}]";
    let mut liveness = with(
        "registry.k8s.io/e2e-test-images/agnhost:2.53",
        fields,
        &[],
        &["liveness"],
    );
    assert_eq!(liveness.at(5.0).status(9000, "/healthz"), Some(200));
    assert_eq!(liveness.at(11.0).status(9001, "/healthz"), Some(500));
    assert_eq!(liveness.at(20.0).status(9000, "/healthz"), Some(204));
    // Without a rule for it Go's runtime ends it with 2.
    liveness.host_signal(Signal::TERM);
    assert_eq!(liveness.exited(0), Some((20.0, 2, false)));
    let name = "registry.k8s.io/e2e-test-images/agnhost:2.53";
    let fields = "startup: 1s, grpc: [{port: 5001, service: db, status: NOT_SERVING}]";
    let mut grpc = with(name, fields, &[], &["grpc-health-checking", "--port=5000"]);
    grpc.at(2.0);
    let asked = |grpc: &mut Dialogue, port, service| {
        let now = grpc.now;
        grpc.world.grpc_health(now, port, service).what
    };
    assert_eq!(asked(&mut grpc, 5000, ""), GrpcAnswer::Serving);
    assert_eq!(asked(&mut grpc, 5001, "db"), GrpcAnswer::NotServing);
    // Its arguments say more than the image.
    let fields = "listen: [9000]";
    let mut own = with(name, fields, &[], &["netexec", "--http-port=8085"]);
    assert_eq!(own.at(1.0).status(8085, "/"), Some(200));
}

#[test]
fn node_and_goproxy() {
    for name in ["porbe-server:v1", "registry.k8s.io/goproxy:0.1"] {
        let fields = "startup: 4s, listen: [3000], bind: 127.0.0.1, onStop: ignore, memory: 100Mi";
        let mut node = plain(name, fields);
        assert_eq!(
            node.at(3.9)
                .exec(&["wget", "-qO-", "http://localhost:3000/"])
                .exit_code,
            1
        );
        node.at(4.5);
        assert_eq!(node.status(3000, "/healthz"), None);
        let inside = node.exec(&["wget", "-qO-", "http://localhost:3000/healthz"]);
        assert_eq!(inside.output(), "nodejs http server is health.");
        assert!(node.log(false)[0].contains("http://0.0.0.0:3000"));
        assert_eq!(node.world.memory_used(node.now, 0) >> 20, 100);
        node.host_signal(Signal::TERM);
        assert_eq!(node.at(30.0).exited(0), None);
    }
}

#[test]
fn probe_lab() {
    let fields = "listen: [8081], http: [{path: /livez, answer: hang}], exit: {after: 9s, code: 4}";
    let mut lab = plain("probe-lab:v3", fields);
    assert_eq!(lab.at(1.0).status(8081, "/healthz"), Some(200));
    assert_eq!(lab.status(8081, "/livez"), None);
    assert_eq!(lab.status(8081, "/ctl?path=/healthz&code=500"), Some(200));
    assert_eq!(lab.status(8081, "/healthz"), Some(500));
    assert_eq!(lab.at(20.0).exited(0), Some((9.0, 4, false)));
}

#[test]
fn pause() {
    let fields = "memory: 2Mi, onStop: {after: 0s, exitCode: 9}";
    let mut pause = plain("registry.k8s.io/pause:3.10", fields);
    pause.at(1.0);
    assert_eq!(pause.world.memory_used(pause.now, 0) >> 20, 2);
    pause.host_signal(Signal::TERM);
    assert_eq!(pause.exited(0), Some((1.0, 9, false)));
}

/// Images whose program is data keep their routes and files.
#[test]
fn httpd_tomcat_and_databases() {
    let mut httpd = plain("httpd", "startup: 2s, http: [{path: /x, status: 418}]");
    assert_eq!(httpd.at(1.0).status(80, "/"), None);
    assert_eq!(httpd.at(3.0).status(80, "/x"), Some(418));
    assert!(body(&mut httpd, 80, "/").contains("It works!"));
    let mut tomcat = plain(
        "tomcat:8.5",
        "listen: [9090], onStop: {after: 1s, exitCode: 0}",
    );
    assert_eq!(tomcat.at(3.0).status(9090, "/index.jsp"), Some(200));
    tomcat.host_signal(Signal::TERM);
    assert_eq!(tomcat.at(9.0).exited(0), Some((4.0, 0, false)));
    let mut redis = plain("redis:7", "leak: 1Mi");
    assert_eq!(
        redis.at(1.0).exec(&["redis-cli", "ping"]).output(),
        "PONG\n"
    );
    redis.at(10.0);
    assert_eq!(redis.world.memory_used(redis.now, 0) >> 20, 18);
}

/// A dependency decides whether the first process ends.
#[test]
fn an_exit_that_needs_a_dependency() {
    use readyz_engine::scenario::DependencySpec;
    for (up, expected) in [(true, None), (false, Some((3.0, 1, false)))] {
        let mut nginx = plain("nginx", "exit: {after: 3s, needs: db}");
        let name = "db".to_string();
        let db = Arc::new(vec![DependencySpec { name, up }]);
        nginx.world.set_dependencies(&db);
        assert_eq!(nginx.at(10.0).exited(0), expected);
    }
}

/// What is assumed is said, with the document's part in it.
#[test]
fn the_description_says_who_changed_it() {
    let text = "apiVersion: readyz.dev/v1alpha1\nkind: Scenario\nspec:\n  images: [{image: nginx, \
                listen: [81]}]\n";
    let images = manifest::parse(text).scenario.expect("a scenario").images;
    let (spec, is_known) = image::resolve_with(&images, "nginx");
    let said = image::describe(&spec, is_known);
    assert!(said.starts_with("nginx on 81"), "{said}");
    assert!(said.ends_with("changed by the Scenario document"), "{said}");
}

/// Fields that nothing will ever read are named with their place.
#[test]
fn fields_without_effect_are_named() {
    let text = "\
apiVersion: readyz.dev/v1alpha1
kind: Scenario
spec:
  images:
  - image: registry.k8s.io/pause:3.10
    memory: 1Mi
    http: [{path: /, status: 500}]
  - image: busybox:1.36
    onStop: ignore
    listen: [8080]
  - image: nginx
    listen: [8080]
  - image: shop:1
    listen: [8080]
";
    let stream = manifest::parse(text);
    let found: Vec<_> = stream
        .diagnostics
        .iter()
        .map(|d| (d.severity, d.line, d.column, &*d.path))
        .collect();
    assert_eq!(
        found,
        [
            (Severity::Warning, 7, 5, "spec.images[0].http"),
            (Severity::Warning, 10, 5, "spec.images[1].listen"),
        ]
    );
    assert!(stream.diagnostics.iter().all(|d| d.suggestion.is_some()));
}
