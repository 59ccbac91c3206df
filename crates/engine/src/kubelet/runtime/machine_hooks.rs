//! Lifecycle hooks on the simulated machines (HKS-*).

use super::machines::{remember_exec, set_timer, ExecUse};
use crate::api::Handler;
use crate::cluster::Cx;
use crate::container::{ExecResult, ExecStart, HttpRequest};
use crate::go_format;
use crate::ids::{PodId, TextId};
use crate::kubelet::handlers::{self, expand};
use crate::kubelet::hooks::{HookKind, HookRun};
use crate::kubelet::pod_worker::container_spec;
use crate::latency;
use crate::time::{Duration, Instant};

/// Starts a hook (HKS-02).
pub fn start_hook(cx: &mut Cx, pod: PodId, container: u16, kind: HookKind) -> HookRun {
    let now = cx.now;
    let sandbox = cx.pod(pod).worker.as_ref().and_then(|w| w.truth.sandbox);
    let address = sandbox.map_or(0, |s| s.address);
    let spec = cx.pod(pod).spec.clone();
    let own = container_spec(&spec, container);
    let handler = match kind {
        HookKind::PostStart => own.post_start.as_ref(),
        HookKind::PreStop => own.pre_stop.as_ref(),
    };
    let ended = |after: Duration, failure: Option<TextId>| HookRun {
        ends_at: now + after,
        exec: None,
        failure,
    };
    let run = match handler {
        Some(Handler::Exec { command }) => {
            let argv: Vec<String> = command.iter().map(|word| expand(own, word)).collect();
            let started = cx.pod_mut(pod).world.exec(now, u32::from(container), &argv);
            match started {
                ExecStart::Started(id) => {
                    remember_exec(cx, pod, id.0, ExecUse::Hook { container, kind });
                    HookRun {
                        ends_at: Instant::NEVER,
                        exec: Some(id.0),
                        failure: None,
                    }
                }
                ExecStart::Finished(result) => {
                    let failure = (result.exit_code != 0)
                        .then(|| exec_failure(cx, pod, container, kind, &result));
                    ended(latency::EXEC_PROBE, failure)
                }
                ExecStart::NotFound(text) => {
                    let text = cx.intern(&text);
                    ended(latency::EXEC_PROBE, Some(text))
                }
                ExecStart::NotRunning(text) => {
                    let text = cx.intern(text);
                    ended(latency::NETWORK_PROBE, Some(text))
                }
            }
        }
        Some(Handler::HttpGet(get)) => {
            let port = handlers::port_number(own, &get.port).and_then(|p| u16::try_from(p).ok());
            let mut request = HttpRequest::probe(&get.path);
            request.user_agent = "kube-lifecycle/1.36";
            request.headers = &get.headers;
            let reply = port.map(|port| cx.pod_mut(pod).world.http(now, port, &request));
            let failure = match &reply {
                Some(reply) if reply.code().is_some() => None,
                _ => {
                    let host = handlers::host_or(&get.host, address);
                    let port = port.map_or_else(String::new, |p| p.to_string());
                    let text = format!(
                        "HTTP lifecycle hook ({}) for Container \"{}\" in Pod \"{}\" failed - \
                         error: Get \"{}\": dial tcp {host}:{port}: connect: connection refused",
                        get.path,
                        own.name,
                        cx.pod(pod).full_name(),
                        handlers::url(get, &host, &port),
                    );
                    Some(cx.intern(&text))
                }
            };
            let after = reply.map_or(latency::NETWORK_PROBE, |reply| reply.after);
            ended(after, failure)
        }
        Some(Handler::Sleep { seconds }) => ended(Duration::from_secs(*seconds), None),
        _ => {
            let text = cx.intern("invalid handler: tcpSocket is not supported");
            ended(Duration::ZERO, Some(text))
        }
    };
    set_timer(cx, pod);
    run
}

/// The text of an exec hook that failed (HKS-03).
pub fn exec_failure(
    cx: &mut Cx,
    pod: PodId,
    container: u16,
    kind: HookKind,
    result: &ExecResult,
) -> TextId {
    let spec = cx.pod(pod).spec.clone();
    let own = container_spec(&spec, container);
    let handler = match kind {
        HookKind::PostStart => own.post_start.as_ref(),
        HookKind::PreStop => own.pre_stop.as_ref(),
    };
    let command = match handler {
        Some(Handler::Exec { command }) => command.join(" "),
        _ => String::new(),
    };
    let text = format!(
        "Exec lifecycle hook ([{command}]) for Container \"{}\" in Pod \"{}\" failed - error: \
         command '{command}' exited with {}: {}, message: {}",
        own.name,
        cx.pod(pod).full_name(),
        result.exit_code,
        String::from_utf8_lossy(&result.stderr),
        go_format::quote(&result.output()),
    );
    cx.intern(&text)
}
