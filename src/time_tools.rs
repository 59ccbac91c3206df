//! What helps to move in time: the kind of step, markers, the loop.

use crate::compare::restarts;
use crate::store::Target;
use readyz_engine::time::Instant;
use readyz_engine::view::RunView;
use std::rc::Rc;

/// What previous and next go to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Step {
    /// Any record worth stopping at.
    #[default]
    Moment,
    Event,
    /// A run of a probe of the selected container.
    Probe,
    Restart,
}

impl Step {
    /// All, in the order of the menu.
    pub const ALL: [Step; 4] = [Step::Moment, Step::Event, Step::Probe, Step::Restart];

    /// The moments of this kind, ascending.
    pub fn moments(self, run: &RunView, selected: Option<&Target>) -> Vec<Instant> {
        let mut moments: Vec<Instant> = match self {
            Step::Moment => return run.moments.clone(),
            Step::Event => run.events.iter().map(|event| event.at).collect(),
            Step::Restart => run.lanes.iter().flat_map(restarts).collect(),
            Step::Probe => {
                let lanes = run.lanes.iter().filter(|lane| {
                    selected.is_none_or(|t| t.pod == lane.pod && t.container == lane.container)
                });
                let strips = lanes.flat_map(|lane| &lane.probes);
                strips
                    .flat_map(|strip| strip.ticks.iter().map(|tick| tick.at))
                    .collect()
            }
        };
        moments.sort_unstable();
        moments
    }
}

/// Part of the store.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TimeTools {
    pub step: Step,
    /// Ascending.
    pub markers: Rc<Vec<Instant>>,
    /// Where the loop begins, and where it ends once that is known.
    pub looped: Option<(Instant, Option<Instant>)>,
}

/// What happened to them.
#[derive(Clone, Copy, Debug)]
pub enum Tool {
    Step(Step),
    /// Sets a marker, or takes out the one that is there.
    Marker(Instant),
    /// The loop begins here; ends here; is off.
    Loop(Instant),
    /// Between two moments, in any order.
    LoopBetween(Instant, Instant),
}

impl TimeTools {
    /// The reducer's part.
    pub fn apply(&mut self, tool: Tool) {
        match tool {
            Tool::Step(step) => self.step = step,
            Tool::Marker(at) => {
                let markers = Rc::make_mut(&mut self.markers);
                match markers.binary_search(&at) {
                    Ok(place) => drop(markers.remove(place)),
                    Err(place) => markers.insert(place, at),
                }
            }
            Tool::Loop(at) => {
                self.looped = match self.looped {
                    None => Some((at, None)),
                    Some((from, None)) if at != from => Some((from.min(at), Some(from.max(at)))),
                    Some(_) => None,
                }
            }
            Tool::LoopBetween(a, b) => self.looped = (a != b).then(|| (a.min(b), Some(a.max(b)))),
        }
    }

    /// The loop, once both ends are known.
    pub fn whole_loop(&self) -> Option<(Instant, Instant)> {
        let (from, to) = self.looped?;
        Some((from, to?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_loop_is_begun_ended_and_left() {
        let mut tools = TimeTools::default();
        let at = Instant::from_secs;
        tools.apply(Tool::Loop(at(9)));
        assert_eq!(tools.whole_loop(), None);
        tools.apply(Tool::Loop(at(4)));
        assert_eq!(tools.whole_loop(), Some((at(4), at(9))));
        tools.apply(Tool::Loop(at(1)));
        assert_eq!(tools.looped, None);
        tools.apply(Tool::LoopBetween(at(3), at(3)));
        assert_eq!(tools.looped, None);
    }

    #[test]
    fn a_marker_is_set_and_taken_out() {
        let mut tools = TimeTools::default();
        let at = Instant::from_secs;
        tools.apply(Tool::Marker(at(9)));
        tools.apply(Tool::Marker(at(4)));
        assert_eq!(*tools.markers, [at(4), at(9)]);
        tools.apply(Tool::Marker(at(9)));
        assert_eq!(*tools.markers, [at(4)]);
    }
}
