//! What a server that is data, or nginx and Node, do beyond a status: headers, and a farewell in
//! which no connection is taken while answers under way are given.

#[path = "support/dialogue.rs"]
mod dialogue;
#[path = "support/shows.rs"]
mod shows;

use dialogue::{setup, Dialogue};
use readyz_engine::container::{image, HttpOverride, HttpRequest, Signal, TcpReply};
use readyz_engine::manifest;
use readyz_engine::time::Duration;
use shows::shows;

fn with(name: &str, fields: &str) -> Dialogue {
    with_args(name, fields, &[])
}

fn with_args(name: &str, fields: &str, args: &[&str]) -> Dialogue {
    let text = format!(
        "apiVersion: readyz.dev/v1alpha1\nkind: Scenario\nspec:\n  images:\n  - {{image: '{name}', \
         {fields}}}\n"
    );
    let stream = manifest::parse(&text);
    assert_eq!(stream.diagnostics, []);
    let images = stream.scenario.expect("a scenario").images;
    let mut setup = setup(name, &[], args);
    setup.image = image::resolve_with(&images, name).0;
    let mut dialogue = Dialogue::empty();
    dialogue.start(0, setup).unwrap();
    dialogue
}

fn connect(dialogue: &mut Dialogue, port: u16) -> TcpReply {
    dialogue.world.tcp_connect(dialogue.now, port)
}

const HEADERS: &str = "listen: [8080], http: [{path: /a, status: 302, location: /b, headers: \
                       {X-Served-By: one, Retry-After: 5}}, {path: /b, headers: {Content-Type: \
                       text/html}}]";

/// Clients that show the head of an answer show a rule's headers.
#[test]
fn a_rule_has_headers() {
    let mut shop = with("shop:1", HEADERS);
    shop.at(2.0);
    let wget = shop.exec(&["wget", "-S", "-O-", "http://localhost:8080/b"]);
    let said = wget.output();
    assert!(
        said.contains("  HTTP/1.1 200 OK\n  Content-Type: text/html\n  Date"),
        "{said}"
    );
    let nc = shop.exec(&[
        "sh",
        "-c",
        "printf 'GET /a HTTP/1.0\\r\\n\\r\\n' | nc localhost 8080",
    ]);
    assert!(
        nc.output()
            .contains("302 Found\r\nRetry-After: 5\r\nX-Served-By: one\r\n\r\n"),
        "{}",
        nc.output()
    );
    // curl is in an image of its own.
    let fields = "http: [{path: /a, headers: {Server: mine}}], listen: [8000]";
    let name = "registry.k8s.io/e2e-test-images/agnhost:2.53";
    let mut curl = with_args(name, fields, &["netexec"]);
    curl.at(2.0);
    let answer = curl
        .exec(&["curl", "-si", "http://localhost:8000/a"])
        .output();
    assert!(
        answer.contains("HTTP/1.1 200 OK\nServer: mine\nContent-Length:"),
        "{answer}"
    );
    // nginx signs its answers.
    let mut nginx = with(
        "nginx",
        "memory: 8Mi, http: [{path: /x, headers: {X-A: b}}]",
    );
    nginx.at(1.0);
    let head = |path: &str| {
        let request = HttpRequest::probe(path);
        let reply = nginx.world.http(nginx.now, 80, &request);
        nginx
            .world
            .http_page(nginx.now, 80, &request, &reply)
            .headers
    };
    let heads = ["/", "/x"].map(head);
    assert_eq!(heads, [vec!["Server: nginx/1.22.1"], vec!["X-A: b"]]);
}

#[test]
fn headers_are_what_http_can_carry() {
    for headers in ["{'X A': b}", "{'': b}", "{X-A: \"a\\nb\"}"] {
        let text = format!(
            "apiVersion: readyz.dev/v1alpha1\nkind: Scenario\nspec:\n  images:\n  - image: a\n    \
             http:\n    - {{path: /, headers: {headers}}}\n"
        );
        let found = manifest::parse(&text).diagnostics;
        assert_eq!(found.len(), 1, "{headers}");
        assert_eq!(
            (found[0].line, &*found[0].path),
            (7, "spec.images[0].http[0].headers")
        );
        assert!(found[0].suggestion.is_some());
    }
}

/// From a stop signal on connections are refused; the process ends when its time is over.
#[test]
fn a_drain_takes_no_connection() {
    let rule =
        "startup: 0s, listen: [8080], http: [{latency: 3s}], onStop: {after: 5s, exitCode: 4";
    for (listener, expected) in [
        ("", TcpReply::Refused),
        (", listener: open", TcpReply::Accepted),
    ] {
        let mut shop = with("shop:1", &format!("{rule}{listener}}}"));
        assert_eq!(shop.at(2.0).status(8080, "/"), Some(200));
        shop.at(3.0).host_signal(Signal::TERM);
        assert_eq!(connect(shop.at(3.5), 8080), expected);
        assert_eq!(shop.at(30.0).exited(0), Some((8.0, 4, false)));
    }
    // Told while it starts: it does not begin to listen, and ends all the same.
    let mut slow = with(
        "shop:1",
        "startup: 4s, listen: [8080], onStop: {after: 9s, exitCode: 0}",
    );
    slow.at(1.0).host_signal(Signal::TERM);
    assert_eq!(connect(slow.at(5.0), 8080), TcpReply::Refused);
    assert_eq!(slow.at(30.0).exited(0), Some((10.0, 0, false)));
}

fn slow_answers(dialogue: &mut Dialogue) {
    dialogue.world.set_http(HttpOverride {
        id: 1,
        container: None,
        port: None,
        path: None,
        answer: None,
        latency: Duration::from_secs(3),
        body: None,
    });
}

/// SIGQUIT is nginx's graceful stop, SIGTERM its fast one; Node's `server.close` calls back when
/// the last connection has ended.
#[test]
fn answers_under_way_are_given_before_the_end() {
    for (name, signal, port, end) in [
        ("nginx", Signal::QUIT, 80, 5.002),
        ("nginx", Signal::TERM, 80, 3.0),
        ("porbe-server:v1", Signal::TERM, 8080, 5.002),
        ("httpd", Signal(28), 80, 5.002),
        ("httpd", Signal::TERM, 80, 3.0),
    ] {
        let mut server = Dialogue::with(name, &[], &[]);
        slow_answers(&mut server);
        server.at(2.0);
        let reply = server
            .world
            .http(server.now, port, &HttpRequest::probe("/"));
        let due = server.now + reply.after;
        server.at(3.0).host_signal(signal);
        assert_eq!(connect(server.at(3.5), port), TcpReply::Refused);
        let (ended, code, _) = server.at(30.0).exited(0).expect("an end");
        assert_eq!(code, 0);
        assert!(
            (ended - end).abs() < 0.002,
            "{name} {signal:?} ended at {ended}"
        );
        let answered = ended * 1e9 > due.0 as f64;
        assert_eq!(answered, end > 4.0, "{name} {signal:?}");
    }
    // Nothing under way: at once.
    let mut node = Dialogue::with("porbe-server:v1", &[], &[]);
    node.at(3.0).host_signal(Signal::TERM);
    assert_eq!(node.exited(0), Some((3.0, 0, false)));
    let log = node.log(false);
    let last = &log[log.len() - 2..];
    assert!(
        last[0].contains("收到 SIGTERM") && last[1].contains("服务停止 SIGTERM"),
        "{log:?}"
    );
}

/// Seen by the clients: with a drain, and time to be taken out before it, no request is lost.
#[test]
fn no_request_is_cut_by_a_drain() {
    let run = |stop: &str, hook: &str, lost: &str| {
        let manifest = format!(
            "apiVersion: apps/v1
kind: Deployment
metadata: {{name: web}}
spec:
  replicas: 2
  selector: {{matchLabels: {{app: web}}}}
  template:
    metadata: {{labels: {{app: web}}}}
    spec:
      containers:
      - name: app
        image: shop:1
        ports: [{{containerPort: 8080}}]
        readinessProbe: {{httpGet: {{path: /, port: 8080}}, periodSeconds: 1, timeoutSeconds: 5}}
        {hook}
---
apiVersion: v1
kind: Service
metadata: {{name: web}}
spec: {{selector: {{app: web}}, ports: [{{port: 80, targetPort: 8080}}]}}
"
        );
        shows(
            &manifest,
            &format!(
                "  duration: 2m
  images: [{{image: 'shop:1', startup: 0s, http: [{{latency: 800ms}}], onStop: {stop}}}]
  steps: [{{at: 20s, traffic: {{service: web, rate: 10}}}}, {{at: 30s, rollout: {{deployment: web, action: restart}}}}]
  expect: [{{at: 2m, requests: {{service: web, dropped: {lost}}}}}]"
            ),
        );
    };
    let hook = "lifecycle: {preStop: {sleep: {seconds: 5}}}";
    run("{after: 2s, exitCode: 0}", hook, "0");
    // Without that time clients still come, and are refused; an open listener takes them.
    run("{after: 2s, exitCode: 0}", "", "'> 0'");
    run("{after: 2s, exitCode: 0, listener: open}", "", "0");
}
