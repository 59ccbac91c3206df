//! The terminal of a session.

use super::{Following, Forward, Reply, Session, Shell};
use crate::time::Instant;

impl Session {
    #[inline(never)]
    pub(super) fn type_line(
        &mut self,
        line: &str,
        at: Instant,
        (shell, status): (Option<&Shell>, u8),
        (text, forwards): (&str, &[Forward]),
    ) -> Reply {
        let Some(branch) = self.branch() else {
            return Reply::Refused("there is no cluster yet".into());
        };
        let cluster = branch.timeline.seek(at);
        let desk = crate::terminal::Desk {
            cluster: &cluster,
            now: at,
            manifest: text,
            shell,
            status,
            forwards,
        };
        let mut typed = crate::terminal::run(&desk, line);
        let mut changed = None;
        for act in &typed.acts {
            match self.act(&format!("{{at: {}ns, {act}}}", at.0)) {
                Reply::Loaded(loaded) => changed = Some(loaded),
                Reply::Refused(why) => typed.stderr.push_str(&why),
                _ => {}
            }
        }
        Reply::Typed(Box::new(typed), changed)
    }

    #[inline(never)]
    pub(super) fn follow(&mut self, command: &Following, at: Instant) -> Reply {
        let Some(branch) = self.branch_mut() else {
            return Reply::Refused("there is no cluster yet".into());
        };
        branch.know(at.max(command.from));
        let (timeline, kept) = (&branch.timeline, &mut branch.followed);
        let typed = crate::terminal::follow(timeline, kept, command, at);
        Reply::Typed(Box::new(typed), None)
    }

    #[inline(never)]
    pub(super) fn read(&self, line: &str, at: Instant) -> Reply {
        let Some(branch) = self.branch() else {
            return Reply::Refused("there is no cluster yet".into());
        };
        let cluster = branch.timeline.seek(at);
        let desk = crate::terminal::Desk::at(&cluster, at, "");
        Reply::Typed(Box::new(crate::terminal::run(&desk, line)), None)
    }

    #[inline(never)]
    pub(super) fn complete(&self, line: &str, at: Instant, shell: Option<&Shell>) -> Reply {
        let Some(branch) = self.branch() else {
            return Reply::Words(Vec::new());
        };
        let cluster = branch.timeline.seek(at);
        let desk = crate::terminal::Desk {
            shell,
            ..crate::terminal::Desk::at(&cluster, at, "")
        };
        Reply::Words(crate::terminal::complete(&desk, line))
    }
}
