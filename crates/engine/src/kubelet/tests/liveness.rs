//! Liveness: failure, kill, restart, back-off.

use super::*;
use crate::api::{HttpGet, PortRef, Scheme};

/// An HTTP probe of port 8080.
fn http_probe(path: &str, headers: Vec<(String, String)>, delay: u32, period: u32) -> Probe {
    Probe {
        handler: Handler::HttpGet(HttpGet {
            path: path.to_owned(),
            port: PortRef::Number(8080),
            host: String::new(),
            scheme: Scheme::Http,
            headers,
        }),
        ..exec_probe(&[], delay, period)
    }
}

/// The manifest of the documentation, as recorded (docs-http-liveness): answers 200 for 10 s, then
/// 500; killed by the third failure; three restarts at once, the fourth meets a back-off of 20 s.
#[test]
fn http_liveness_of_the_documentation() {
    let mut play = Play::new();
    let mut main = shell("liveness", "");
    main.image = "registry.k8s.io/e2e-test-images/agnhost:2.40".to_owned();
    main.command = None;
    main.args = Some(vec!["liveness".to_owned()]);
    let header = ("Custom-Header".to_owned(), "Awesome".to_owned());
    main.liveness_probe = Some(http_probe("/healthz", vec![header], 3, 3));
    let pod = play.add(8, pod_of(vec![main]));
    play.until(20_000);
    let unhealthy = "Liveness probe failed: HTTP probe failed with statuscode: 500";
    let present = "Container image \"registry.k8s.io/e2e-test-images/agnhost:2.40\" already \
                   present on machine and can be accessed by the pod";
    let line = |at: &str, what: &str| format!("{at} spec.containers{{liveness}} {what}");
    assert_eq!(
        play.events(),
        [
            line("0.418", &format!("Pulled x1: {present}")),
            line("0.439", "Created x1: Container created"),
            line("0.526", "Started x1: Container started"),
            line("12.309", &format!("Unhealthy x1: {unhealthy}")),
            line("15.309", &format!("Unhealthy x2: {unhealthy}")),
            line("18.309", &format!("Unhealthy x3: {unhealthy}")),
            line(
                "18.309",
                "Killing x1: Container liveness failed liveness probe, will be restarted"
            ),
            line("18.319", &format!("Pulled x2: {present}")),
            line("18.340", "Created x2: Container created"),
            line("18.427", "Started x2: Container started"),
        ]
    );
    let status = &play.worker(pod).status;
    assert_eq!(status.containers[0].restart_count, 1);
    assert_eq!(status.containers[0].last.map(|end| end.exit_code), Some(2));
    assert!(status.is_ready());

    play.until(80_000);
    let status = &play.worker(pod).status.containers[0];
    assert_eq!(status.restart_count, 3);
    let waiting = format!("{:?}", status.state);
    assert!(waiting.contains("CrashLoopBackOff"), "{waiting}");
}

/// The manifest of the documentation, as recorded (docs-exec-liveness): Unhealthy at 35.3, 40.4 and
/// 45.4, Killing with the third, SIGKILL after 30 s because `sh` ignores SIGTERM.
#[test]
fn exec_liveness_of_the_documentation() {
    let mut play = Play::new();
    let mut main = shell(
        "liveness",
        "touch /tmp/healthy; sleep 30; rm -f /tmp/healthy; sleep 600",
    );
    main.liveness_probe = Some(exec_probe(&["cat", "/tmp/healthy"], 5, 5));
    let pod = play.add(8, pod_of(vec![main]));
    play.until(80_000);
    assert_eq!(
        play.events(),
        [
            "0.418 spec.containers{liveness} Pulled x1: Container image \"busybox:1.36\" already \
             present on machine and can be accessed by the pod",
            "0.439 spec.containers{liveness} Created x1: Container created",
            "0.526 spec.containers{liveness} Started x1: Container started",
            "35.347 spec.containers{liveness} Unhealthy x1: Liveness probe failed: cat: can't \
             open '/tmp/healthy': No such file or directory\n",
            "40.347 spec.containers{liveness} Unhealthy x2: Liveness probe failed: cat: can't \
             open '/tmp/healthy': No such file or directory\n",
            "45.347 spec.containers{liveness} Unhealthy x3: Liveness probe failed: cat: can't \
             open '/tmp/healthy': No such file or directory\n",
            "45.347 spec.containers{liveness} Killing x1: Container liveness failed liveness \
             probe, will be restarted",
            "75.357 spec.containers{liveness} Pulled x2: Container image \"busybox:1.36\" already \
             present on machine and can be accessed by the pod",
            "75.378 spec.containers{liveness} Created x2: Container created",
            "75.465 spec.containers{liveness} Started x2: Container started",
        ]
    );
    let status = &play.worker(pod).status;
    assert_eq!(status.containers[0].restart_count, 1);
    let last = status.containers[0].last.expect("the killed instance");
    assert_eq!(last.exit_code, 137);
    assert!(status.is_ready());
}

/// HDL-05, recorded on a cluster of our own: a server that would answer too late, and whose process
/// ends before the time is over, closes the connection.
#[test]
fn a_process_that_ends_cuts_an_answer_that_would_be_late() {
    let mut play = Play::new();
    let mut main = shell("main", "");
    main.image = "probe-lab:v3".to_owned();
    main.command = None;
    main.args = Some(vec!["--plan=/livez:delay2@3-,EXIT:3@4.95".to_owned()]);
    main.liveness_probe = Some(http_probe("/livez", Vec::new(), 0, 5));
    play.add(8, pod_of(vec![main]));
    play.until(7_000);
    let events = play.events();
    let mut told = events.iter().filter(|line| line.contains("Unhealthy"));
    let first = told.next().expect("the probe fails");
    assert!(
        first.starts_with("5.4") && first.ends_with("/livez\": EOF"),
        "{events:?}"
    );
}
