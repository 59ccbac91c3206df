//! A text that is loaded, and lines that are typed at moments of its run.

#![allow(dead_code)]

use readyz_engine::session::{Reply, Request, Session, Typed};
use readyz_engine::time::Instant;

/// A visitor of one text.
pub struct Visitor(pub Session);

impl Visitor {
    pub fn of(text: &str) -> Visitor {
        let mut session = Session::new();
        let reply = session.handle(Request::Load {
            text: text.into(),
            acts: Vec::new(),
            seed: None,
            sight: Instant::NEVER,
        });
        match reply {
            Reply::Loaded(loaded) if loaded.run.is_some() => {}
            other => panic!("{other:?}"),
        }
        Visitor(session)
    }

    pub fn types(&mut self, at: u64, line: &str) -> Typed {
        let reply = self.0.handle(Request::Type {
            line: line.into(),
            at: Instant::from_secs(at),
            shell: None,
            status: 0,
            manifest: String::new(),
            forwards: Vec::new(),
        });
        match reply {
            Reply::Typed(typed, _) => *typed,
            other => panic!("{line}: {other:?}"),
        }
    }

    pub fn reads(&mut self, at: u64, line: &str) -> String {
        let typed = self.types(at, line);
        assert_eq!(typed.stderr, "", "{line}");
        typed.stdout
    }
}
