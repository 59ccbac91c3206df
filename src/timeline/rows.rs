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
    /// Where the open lane and its partner differ: index of the lane.
    Differs(usize),
}

impl Row {
    /// Height in pixels; equal to the style sheet's.
    pub fn height(self, run: &RunView) -> f64 {
        match self {
            Row::Inputs => 24.0,
            Row::Traffic(_) => 24.0,
            Row::Events => 20.0,
            Row::Lane(_) => 34.0,
            Row::OpenLane(_) => 24.0,
            Row::Strip(lane, strip) => match run.lanes[lane].probes[strip].kind {
                ProbeKind::Startup => 24.0,
                ProbeKind::Readiness | ProbeKind::Liveness => 36.0,
            },
            Row::InService(_) => 14.0,
            Row::Differs(_) => 20.0,
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
    /// Lane, kind and failure threshold of the open lanes' strips.
    pub strips: Vec<(usize, ProbeKind, u32)>,
    /// Name and rate of every Service with traffic.
    pub services: Vec<(String, u32)>,
}

impl Rows {
    /// The rows of a run, one lane open; of a comparison (`pairs`), the lane and its partner.
    pub fn new(run: &RunView, target: Option<&Target>, pairs: bool) -> Self {
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
        if !pairs {
            rows.push(run, Row::Events);
        }
        let partner = open.filter(|_| pairs).map(|lane| lane + 1);
        let partner = partner.filter(|lane| {
            let lane = run.lanes.get(*lane);
            lane.is_some_and(|lane| lane.pod.starts_with("B "))
        });
        for (number, lane) in run.lanes.iter().enumerate() {
            rows.names.push((lane.pod.clone(), lane.container.clone()));
            if Some(number) != open && Some(number) != partner {
                rows.push(run, Row::Lane(number));
                continue;
            }
            rows.push(run, Row::OpenLane(number));
            for (strip, probe) in lane.probes.iter().enumerate() {
                let threshold = probe.failure_threshold;
                rows.strips.push((number, probe.kind, threshold));
                rows.push(run, Row::Strip(number, strip));
            }
            if lane.has_service {
                rows.push(run, Row::InService(number));
            }
            if pairs && Some(number) == open {
                rows.push(run, Row::Differs(number));
            }
        }
        rows
    }

    fn push(&mut self, run: &RunView, row: Row) {
        self.rows.push((row, self.height));
        self.height += row.height(run);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use readyz_engine::view::{LaneView, StripView};

    fn run() -> RunView {
        let strip = |kind| StripView {
            kind,
            failure_threshold: 3,
            success_threshold: 1,
            ticks: Vec::new(),
        };
        let lane = |pod: &str| LaneView {
            pod: pod.into(),
            pod_id: 0,
            container: "app".into(),
            from: Default::default(),
            to: Default::default(),
            bands: Vec::new(),
            probes: ProbeKind::ALL.map(strip).to_vec(),
            in_service: Vec::new(),
            has_service: true,
        };
        RunView {
            end: Default::default(),
            complete: true,
            seed: 0,
            pins: Vec::new(),
            lanes: vec![lane("a"), lane("b")],
            services: Vec::new(),
            events: Vec::new(),
            moments: Vec::new(),
            record_count: 0,
            trace_hash: 0,
            limit: None,
        }
    }

    #[test]
    fn only_the_chosen_lane_is_open() {
        let target = Target {
            pod: "b".into(),
            container: "app".into(),
        };
        let kinds: Vec<Row> = Rows::new(&run(), Some(&target), false)
            .rows
            .iter()
            .map(|r| r.0)
            .collect();
        assert_eq!(
            kinds,
            [
                Row::Inputs,
                Row::Events,
                Row::Lane(0),
                Row::OpenLane(1),
                Row::Strip(1, 0),
                Row::Strip(1, 1),
                Row::Strip(1, 2),
                Row::InService(1),
            ]
        );
    }

    #[test]
    fn labels_are_as_high_as_what_is_drawn() {
        let sheet = include_str!("../../static/css/timeline.css");
        let run = run();
        let classes = [
            (Row::Inputs, "inputs"),
            (Row::Traffic(0), "traffic"),
            (Row::Events, "events"),
            (Row::Lane(0), "lane"),
            (Row::OpenLane(0), "open"),
            (Row::Strip(0, 0), "startup"),
            (Row::Strip(0, 1), "readiness"),
            (Row::Strip(0, 2), "liveness"),
            (Row::InService(0), "service"),
            (Row::Differs(0), "differs"),
        ];
        for (row, class) in classes {
            let height = format!("{{ height: {}px; }}", row.height(&run));
            let rule = sheet.lines().find(|line| {
                let names = line.split('{').next().unwrap_or_default().split(", ");
                line.starts_with(".row-")
                    && names
                        .map(str::trim)
                        .any(|name| name == format!(".row-{class}"))
            });
            assert!(
                rule.is_some_and(|rule| rule.ends_with(&height)),
                "{class}: {height}"
            );
        }
    }
}
