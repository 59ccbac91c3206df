//! What container states say about waits and deaths.

use super::value::{ContainerValue, Sample};

/// Reasons of the wait before a first start.
const START_REASONS: [&str; 2] = ["ContainerCreating", "PodInitializing"];

/// Whether the state is the normal wait for a start.
pub fn is_starting(value: &ContainerValue) -> bool {
    value
        .reason
        .as_deref()
        .is_some_and(|reason| START_REASONS.contains(&reason))
}

/// Whether the state's duration is a random back-off or retry wait.
pub fn is_wait(value: &ContainerValue) -> bool {
    value.state == "terminated" || (value.state == "waiting" && !is_starting(value))
}

/// Start of the unbroken stretch of waiting that ends where `states[index]` begins.
pub fn wait_before(states: &[Sample<ContainerValue>], index: usize) -> Option<f64> {
    let mut first = index;
    while first > 0
        && is_wait(&states[first - 1].value)
        && states[first - 1].value.restarts == states[index - 1].value.restarts
    {
        first -= 1;
    }
    (first < index).then(|| states[first].t)
}

/// The back-off in seconds that the message of a waiting state announces.
pub fn announced(value: &ContainerValue) -> Option<f64> {
    let message = value.message.as_deref()?.strip_prefix("back-off ")?;
    let (span, _) = message.split_once("s restarting")?;
    let (minutes, seconds) = span.split_once('m').unwrap_or(("0", span));
    let (minutes, seconds): (u32, u32) = (minutes.parse().ok()?, seconds.parse().ok()?);
    let total = 60.0 * f64::from(minutes) + f64::from(seconds);
    (total > 0.0).then_some(total)
}

/// When the instance before restart number `restarts` died, None if that is not in the trace.
pub fn last_death(states: &[Sample<ContainerValue>], restarts: u32) -> Option<f64> {
    let index = states.iter().position(|s| s.value.restarts == restarts)?;
    if index == 0 {
        return None;
    }
    let wait = wait_before(states, index).filter(|t| *t != 0.0);
    Some(wait.unwrap_or(states[index].t))
}
