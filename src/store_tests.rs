//! The reducer, told as stories.

use super::*;

fn run(end_secs: u64) -> RunView {
    RunView {
        end: Instant::from_secs(end_secs),
        complete: true,
        seed: 0,
        pins: Vec::new(),
        lanes: Vec::new(),
        services: Vec::new(),
        events: Vec::new(),
        moments: Vec::new(),
        record_count: 0,
        trace_hash: 0,
        limit: None,
    }
}

fn loaded(run: Option<RunView>, errors: usize, acts: usize) -> Box<Loaded> {
    let error = Diagnostic {
        severity: Severity::Error,
        line: 1,
        column: 1,
        end_line: 1,
        end_column: 2,
        path: String::new(),
        rule: String::new(),
        message: "no".into(),
        suggestion: None,
        fix: None,
    };
    Box::new(Loaded {
        run,
        diagnostics: vec![error; errors],
        documents: Vec::new(),
        acts: vec!["{at: 1s}".into(); acts],
        branches: Vec::new(),
        branch: 0,
    })
}

fn answered(text: &'static str, loaded: Box<Loaded>) -> Action {
    Action::Loaded {
        text: Some(text.into()),
        loaded,
    }
}

fn opened() -> Store {
    let mut store = Store::open(Opening {
        text: "a".into(),
        ..Opening::default()
    });
    store.apply(answered("a", loaded(Some(run(300)), 0, 0)));
    store
}

#[test]
fn a_text_with_errors_leaves_the_cluster_as_it_is() {
    let mut store = opened();
    assert_eq!((store.revision, store.is_edited()), (1, false));
    store.apply(Action::Edited("b".into()));
    store.apply(answered("b", loaded(None, 2, 0)));
    assert!(store.has_errors() && store.is_edited());
    assert_eq!(store.revision, 1);
    assert_eq!(store.end(), Instant::from_secs(300));
    store.apply(Action::Edited("c".into()));
    store.apply(answered("c", loaded(Some(run(60)), 0, 0)));
    assert!(!store.has_errors() && !store.is_edited());
    assert_eq!(store.revision, 2);
    assert_eq!(store.range.to, Instant::from_secs(60));
}

#[test]
fn an_answer_about_a_former_text_brings_no_problems() {
    let mut store = opened();
    store.apply(Action::Edited("b".into()));
    store.apply(Action::Edited("c".into()));
    store.apply(answered("b", loaded(None, 2, 0)));
    assert!(!store.has_errors());
}

#[test]
fn playing_on_moves_the_live_edge_and_looking_ahead_does_not() {
    let mut store = opened();
    store.apply(Action::Played { wall_ms: 0.0 });
    assert_eq!(store.edge(2_000.0), Instant::from_secs(20));
    store.apply(Action::Paused { wall_ms: 3_000.0 });
    assert_eq!(store.live_edge, Instant::from_secs(30));
    store.apply(Action::Sought {
        at: Instant::from_secs(200),
        wall_ms: 3_000.0,
    });
    assert_eq!(store.live_edge, Instant::from_secs(30));
    assert!(store.range.to >= Instant::from_secs(200), "it is in sight");
}

#[test]
fn an_act_makes_its_moment_the_live_edge() {
    let mut store = opened();
    store.apply(Action::Played { wall_ms: 0.0 });
    store.apply(Action::Paused { wall_ms: 5_000.0 });
    store.apply(Action::Sought {
        at: Instant::from_secs(12),
        wall_ms: 6_000.0,
    });
    store.apply(Action::Loaded {
        text: None,
        loaded: loaded(Some(run(300)), 0, 1),
    });
    assert_eq!(store.live_edge, Instant::from_secs(12));
    assert!(store.has_history());
}

#[test]
fn playing_from_the_end_begins_anew() {
    let mut store = opened();
    store.apply(Action::Sought {
        at: Instant::from_secs(999),
        wall_ms: 0.0,
    });
    assert_eq!(store.playhead(0.0), Instant::from_secs(300));
    store.apply(Action::Played { wall_ms: 10.0 });
    assert_eq!(store.playhead(10.0), Instant::ZERO);
}

#[test]
fn a_lost_engine_keeps_run_and_text() {
    let mut store = opened();
    store.apply(Action::Edited("b".into()));
    store.apply(Action::EngineLost {
        message: "panic".into(),
        resting: true,
    });
    assert_eq!(store.text, "b");
    assert!(store.run.is_some());
    store.apply(answered("b", loaded(Some(run(60)), 0, 0)));
    assert!(matches!(store.engine, EngineState::Ready { .. }));
}

#[test]
fn opening_another_text_forgets_the_history() {
    let mut store = opened();
    store.apply(Action::Loaded {
        text: None,
        loaded: loaded(Some(run(300)), 0, 2),
    });
    store.apply(Action::Sought {
        at: Instant::from_secs(80),
        wall_ms: 0.0,
    });
    store.apply(Action::Opened("z".into()));
    assert!(!store.has_history());
    assert_eq!(store.playhead(0.0), Instant::ZERO);
}
