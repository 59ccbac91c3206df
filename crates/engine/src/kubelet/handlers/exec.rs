//! Handler exec (HDL-20 to HDL-23).

use super::{ProbeOutput, ProbeStart};
use crate::api::{Container, EnvValue, Handler};
use crate::cluster::Cx;
use crate::container::{ExecResult, ExecStart};
use crate::ids::PodId;
use crate::kubelet::pod_worker::container_spec;
use crate::kubelet::probes::SlotId;
use crate::kubelet::runtime::{self, ExecUse};
use crate::latency;
use crate::record::ProbeOutcome;
use crate::rng::Purpose;
use crate::time::Duration;

/// Longest output that counts, in bytes.
const OUTPUT_LIMIT: usize = 10_240;

/// Runs the command in the container.
pub fn start(
    cx: &mut Cx,
    pod: PodId,
    slot: SlotId,
    timeout: Duration,
    expands: bool,
) -> ProbeStart {
    let now = cx.now;
    let container = slot.container();
    let state = cx.pod_mut(pod);
    let spec = container_spec(&state.spec, container);
    let Some(Handler::Exec { command }) = spec.probe(slot.kind()).map(|p| &p.handler) else {
        return ProbeStart::success(Duration::ZERO);
    };
    let started = if expands {
        let argv: Vec<String> = command.iter().map(|word| expand(spec, word)).collect();
        state.world.exec(now, u32::from(container), &argv)
    } else {
        state.world.exec(now, u32::from(container), command)
    };
    match started {
        ExecStart::Started(id) => {
            runtime::remember_exec(cx, pod, id.0, ExecUse::Probe(slot));
            ProbeStart::Exec(id.0)
        }
        ExecStart::Finished(result) => {
            let (outcome, output) = command_outcome(cx, &result);
            let waits = cx.pod_mut(pod).world.exec_delay(now, u32::from(container));
            let after = latency::EXEC_PROBE + waits;
            if after >= timeout {
                let output = ProbeOutput::ExecTimedOut;
                return ProbeStart::failure(timeout, output);
            }
            ProbeStart::ends(after, outcome, output)
        }
        ExecStart::NotFound(text) => {
            let session = cx.cluster.draws.bits(Purpose::Name);
            let text = cx.intern(&text);
            let output = ProbeOutput::ExecNotFound { session, text };
            ProbeStart::ends(latency::EXEC_PROBE, ProbeOutcome::Error, output)
        }
        ExecStart::NotRunning(text) => {
            let output = ProbeOutput::ExecNotRunning(text);
            ProbeStart::ends(latency::NETWORK_PROBE, ProbeOutcome::Error, output)
        }
    }
}

/// What a command that ended means for its probe: exit 0 succeeds, output counts otherwise.
pub fn command_outcome(cx: &mut Cx, result: &ExecResult) -> (ProbeOutcome, ProbeOutput) {
    if result.exit_code == 0 {
        return (ProbeOutcome::Success, ProbeOutput::Empty);
    }
    let mut bytes = result.stdout.clone();
    bytes.extend_from_slice(&result.stderr);
    bytes.truncate(OUTPUT_LIMIT);
    if bytes.is_empty() {
        return (ProbeOutcome::Failure, ProbeOutput::Empty);
    }
    let text = cx.intern(&String::from_utf8_lossy(&bytes));
    (ProbeOutcome::Failure, ProbeOutput::Text(text))
}

/// Expands `$(VAR)` from literal values only; `$$` is a dollar sign, an unknown reference stays
/// (HDL-20).
pub fn expand(container: &Container, text: &str) -> String {
    expand_with(text, |name| {
        container
            .env
            .iter()
            .rev()
            .find(|var| var.name == name)
            .and_then(|var| match &var.value {
                EnvValue::Literal(value) => Some(value.clone()),
                _ => None,
            })
    })
}

/// Expands `$(VAR)` with the values that `value_of` knows.
pub fn expand_with(text: &str, value_of: impl Fn(&str) -> Option<String>) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(dollar) = rest.find('$') {
        out.push_str(&rest[..dollar]);
        let after = &rest[dollar + 1..];
        if let Some(stripped) = after.strip_prefix('$') {
            out.push('$');
            rest = stripped;
            continue;
        }
        let reference = after
            .strip_prefix('(')
            .and_then(|inner| Some((inner, inner.find(')')?)));
        match reference {
            Some((inner, end)) => {
                match value_of(&inner[..end]) {
                    Some(value) => out.push_str(&value),
                    None => out.push_str(&rest[dollar..dollar + end + 3]),
                }
                rest = &inner[end + 1..];
            }
            None => {
                out.push('$');
                rest = after;
            }
        }
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_expand_once() {
        let value_of = |name: &str| (name == "A").then(|| "$(A)x".to_owned());
        assert_eq!(expand_with("1$(A)2", value_of), "1$(A)x2");
        assert_eq!(expand_with("kill -9 $$", value_of), "kill -9 $");
        assert_eq!(expand_with("$(B) $x $", value_of), "$(B) $x $");
    }
}
