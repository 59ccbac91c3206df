//! Which rows there are, and how high each is. The style sheet has a class for each kind of the
//! same height, so that labels and drawing stand side by side.

use crate::store::Target;
use readyz_engine::api::ProbeKind;
use readyz_engine::view::RunView;

/// A row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Row {
    Inputs,
    /// A Service's requests: index in the run's Services.
    Traffic(usize),
    Events,
    /// A lane that is closed: index in the run's lanes.
    Lane(usize),
    /// The head of the lane that is open.
    OpenLane(usize),
    /// A probe of the open lane: lane, strip.
    Strip(usize, usize),
    /// Membership of the open lane.
    InService(usize),
}

impl Row {
    /// Height in pixels; equal to the style sheet's.
    pub fn height(self, run: &RunView) -> f64 {
        match self {
            Row::Inputs => 24.0,
            Row::Traffic(_) => 24.0,
            Row::Events => 20.0,
            Row::Lane(_) => 34.0,
            Row::OpenLane(_) => 20.0,
            Row::Strip(lane, strip) => match run.lanes[lane].probes[strip].kind {
                ProbeKind::Startup => 24.0,
                ProbeKind::Readiness | ProbeKind::Liveness => 36.0,
            },
            Row::InService(_) => 14.0,
        }
    }
}

/// The rows from top to bottom, each with its upper edge.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Rows {
    pub rows: Vec<(Row, f64)>,
    pub height: f64,
    /// What the labels say: Pod and container of every lane.
    pub names: Vec<(String, String)>,
    /// Kind and failure threshold of the open lane's strips.
    pub strips: Vec<(ProbeKind, u32)>,
    /// Name and rate of every Service with traffic.
    pub services: Vec<(String, u32)>,
}

impl Rows {
    /// The rows of a run, one lane open.
    pub fn new(run: &RunView, target: Option<&Target>) -> Self {
        let open = run
            .lanes
            .iter()
            .position(|lane| {
                target.is_some_and(|t| t.pod == lane.pod && t.container == lane.container)
            })
            .or((!run.lanes.is_empty()).then_some(0));
        let mut rows = Rows {
            services: run
                .services
                .iter()
                .map(|s| (s.name.clone(), s.rate))
                .collect(),
            ..Rows::default()
        };
        rows.push(run, Row::Inputs);
        for (number, service) in run.services.iter().enumerate() {
            if service.rate > 0 || !service.per_second.is_empty() {
                rows.push(run, Row::Traffic(number));
            }
        }
        rows.push(run, Row::Events);
        for (number, lane) in run.lanes.iter().enumerate() {
            rows.names.push((lane.pod.clone(), lane.container.clone()));
            if Some(number) != open {
                rows.push(run, Row::Lane(number));
                continue;
            }
            rows.push(run, Row::OpenLane(number));
            for (strip, probe) in lane.probes.iter().enumerate() {
                rows.strips.push((probe.kind, probe.failure_threshold));
                rows.push(run, Row::Strip(number, strip));
            }
            if lane.has_service {
                rows.push(run, Row::InService(number));
            }
        }
        rows
    }

    fn push(&mut self, run: &RunView, row: Row) {
        self.rows.push((row, self.height));
        self.height += row.height(run);
    }
}
