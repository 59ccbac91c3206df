//! Lists, and what is done when what stood above a frame has ended.

use super::ast::{Link, List};
use super::run::Flow;
use super::{Frame, Shell};
use crate::container::world::PodWorld;
use crate::time::Instant;
use std::sync::Arc;

impl PodWorld {
    /// The next item of a list.
    pub(super) fn step_list(
        &mut self,
        now: Instant,
        container: u32,
        pid: u32,
        shell: &mut Shell,
        list: Arc<List>,
        at: u32,
    ) {
        let Some(item) = list.items.get(at as usize) else {
            return;
        };
        let background = item.background;
        shell.frames.push(Frame::List {
            list: list.clone(),
            at: at + 1,
        });
        let frame = Frame::AndOr {
            list,
            item: at,
            at: 0,
        };
        if background {
            self.start_background(now, container, pid, shell, frame);
        } else {
            shell.frames.push(frame);
        }
    }

    /// The next pipeline between `&&` and `||`.
    pub(super) fn step_and_or(
        &mut self,
        now: Instant,
        container: u32,
        pid: u32,
        shell: &mut Shell,
        place: (Arc<List>, u32, u32),
    ) {
        let (list, item, at) = place;
        let Some((link, pipeline)) = Shell::pipeline_of(&list, item, at) else {
            return;
        };
        let runs = match link {
            Link::First => true,
            Link::And => shell.status == 0,
            Link::Or => shell.status != 0,
        };
        let pipeline = pipeline.clone();
        shell.frames.push(Frame::AndOr {
            list,
            item,
            at: at + 1,
        });
        if runs {
            if pipeline.negated {
                shell.frames.push(Frame::Negate);
            }
            match pipeline.commands.as_slice() {
                [command] => shell.frames.push(Frame::Begin(command.clone())),
                commands => self.start_pipeline(now, container, pid, shell, commands),
            }
        }
    }

    /// What stood above the frame has ended.
    pub(super) fn step_end(
        &mut self,
        container: u32,
        pid: u32,
        shell: &mut Shell,
        frame: Frame,
    ) -> Flow {
        match frame {
            Frame::Negate => shell.status = i32::from(shell.status == 0),
            Frame::Call { positional, locals } => shell.leave_function(positional, locals),
            Frame::Restore { fds } => self.put_fds(container, pid, fds),
            Frame::RestoreVariables { saved } => shell.put_variables(saved),
            Frame::Trap { status } => shell.status = status,
            Frame::Exit { status } => return Flow::Exit(status),
            _ => {}
        }
        Flow::Go
    }
}
