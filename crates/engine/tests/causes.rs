//! No transition without a cause: every change of a container in every example is explained.

use readyz_engine::session::{Reply, Request, Session};
use readyz_engine::time::{Duration, Instant};
use readyz_engine::view::LaneView;
use readyz_engine::why::{Chain, Question};

fn why(session: &mut Session, lane: &LaneView, at: Instant) -> Vec<Chain> {
    let asked = Request::Why {
        at,
        pod: lane.pod.clone(),
        container: lane.container.clone(),
    };
    match session.handle(asked) {
        Reply::Why(chains) => chains,
        other => panic!("{other:?}"),
    }
}

#[test]
fn every_transition_of_every_example_has_a_why() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples");
    let mut asked = 0;
    let mut silent = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap_or_else(|e| panic!("{e}")) {
        let path = entry.unwrap_or_else(|e| panic!("{e}")).path();
        let text = std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{e}"));
        let mut session = Session::new();
        let load = Request::Load {
            text,
            acts: Vec::new(),
            seed: None,
            sight: Instant::NEVER,
        };
        let Reply::Loaded(loaded) = session.handle(load) else {
            continue;
        };
        let run = loaded.run.unwrap_or_else(|| panic!("{}", path.display()));
        for lane in &run.lanes {
            for band in &lane.bands {
                asked += 1;
                let at = band.from + Duration::from_millis(1);
                let chains = why(&mut session, lane, at.min(run.end));
                let state = chains.iter().find(|c| c.question == Question::State);
                if state.is_none_or(|chain| chain.links.is_empty()) {
                    silent.push(format!("{} {} {}", path.display(), lane.pod, band.label));
                }
            }
        }
    }
    assert!(asked > 50, "{asked} transitions asked about");
    assert!(
        silent.is_empty(),
        "{} of {asked}: {silent:#?}",
        silent.len()
    );
}
