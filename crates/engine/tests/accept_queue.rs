//! A server that stands still: its kernel says hello until the queue of the socket is full.

#[path = "support/dialogue.rs"]
mod dialogue;
#[path = "support/shows.rs"]
mod shows;

use dialogue::Dialogue;
use readyz_engine::container::{HttpAnswer, HttpRequest, Signal, TcpReply};
use shows::shows;

/// How many of 6,000 connections stand.
fn connected(dialogue: &mut Dialogue, port: u16) -> usize {
    let now = dialogue.now;
    let tries = (0..6_000).map(|_| dialogue.world.connect(now, port));
    let replies: Vec<TcpReply> = tries.collect();
    let accepted = replies.iter().filter(|r| **r == TcpReply::Accepted).count();
    assert!(replies[accepted..].iter().all(|r| *r == TcpReply::Dropped));
    accepted
}

/// One more than the backlog that the programs ask for.
#[test]
fn the_queue_is_as_long_as_the_program_asks() {
    for (image, port, expected) in [
        ("nginx", 80, 512),
        ("porbe-server:v1", 8080, 512),
        ("probe-lab:v3", 8080, 4_097),
        ("tomcat", 8080, 101),
        ("redis", 6379, 512),
    ] {
        let mut server = Dialogue::with(image, &[], &[]);
        server.at(5.0);
        server.host_signal(Signal::STOP);
        assert_eq!(connected(&mut server, port), expected, "{image}");
        let reply = server
            .world
            .http(server.now, port, &HttpRequest::probe("/"));
        assert_eq!(reply.what, HttpAnswer::Dropped);
        // It goes on, and takes them all.
        server.host_signal(Signal::CONT);
        assert_eq!(connected(&mut server, port), 6_000);
        server.world.set_hung(0, true);
        assert_eq!(connected(&mut server, port), expected);
        server.world.set_hung(0, false);
        assert_eq!(connected(&mut server, port), 6_000);
    }
}

fn pod(period: u32) -> String {
    format!(
        "apiVersion: v1
kind: Pod
metadata: {{name: p}}
spec:
  terminationGracePeriodSeconds: 1
  containers:
  - name: app
    image: shop:1
    ports: [{{containerPort: 8080}}]
    livenessProbe: {{tcpSocket: {{port: 8080}}, periodSeconds: {period}, failureThreshold: 3}}
"
    )
}

/// A TCP probe sees a deadlock only when the queue is full.
#[test]
fn a_tcp_probe_sees_a_deadlock_when_the_queue_is_full() {
    let hang = "steps: [{at: 20.5s, hang: {pod: p}}]";
    // Connections at 21.3 … 30.3 stand; those at 31.3, 32.3 and 33.3 do not.
    shows(
        &pod(1),
        &format!(
            "  duration: 2m
  images: [{{image: 'shop:1', backlog: 9, startup: 0s}}]
  {hang}
  expect:
  - {{at: 31s, event: {{reason: Unhealthy, count: 0}}}}
  - {{by: 33s, event: {{reason: Unhealthy, message: 'i/o timeout'}}}}
  - {{at: 34s, pod: p, restarts: 0}}
  - {{by: 36s, pod: p, restarts: 1}}
  - {{at: 2m, pod: p, restarts: 1}}"
        ),
    );
    // With the backlog that servers usually have nothing is seen (B25).
    shows(
        &pod(1),
        &format!("  duration: 10m\n  {hang}\n  expect: [{{at: 10m, pod: p, restarts: 0}}]"),
    );
}
