//! The way to the engine and back: a worker, or the page itself where workers cannot start.
//!
//! A worker that panics or hangs is replaced, and the new one gets the last text that ran, with
//! its acts. The page never falls.

pub mod changes;
mod outbox;
pub mod wire;

use crate::platform::frame;
use crate::platform::worker::{EngineWorker, Message};
use changes::{Listener, Said};
use outbox::Outbox;
use readyz_engine::session::{Reply, Request, Session};
use readyz_engine::view::ClusterView;
use std::cell::RefCell;
use std::rc::{Rc, Weak};
use yew::Callback;

/// A worker that says nothing for this long after its start is given up.
const START_LIMIT_MS: i32 = 8_000;
/// A request that is not answered for this long is given up with its worker.
const ANSWER_LIMIT_MS: i32 = 20_000;
/// After so many losses in a row the engine rests until the user does something.
const LOSSES_MAX: u32 = 3;

/// What the bridge tells the page.
pub enum News {
    /// The engine listens; whether in a worker.
    Ready {
        in_worker: bool,
    },
    Answered {
        request: Request,
        reply: Reply,
    },
    /// The view that a seek asked for.
    Shown {
        request: Request,
        view: Rc<ClusterView>,
    },
    /// An answer came too late to be shown: what it was for may be asked for again.
    Passed,
    /// The engine was lost. `resting`: it stays so until the user does something.
    Lost {
        message: String,
        resting: bool,
    },
}

/// The page's end of the bridge.
#[derive(Clone)]
pub struct Bridge(Rc<RefCell<Inner>>);

struct Inner {
    outbox: Outbox,
    host: Host,
    /// What the worker's views are told from.
    listener: Listener,
    tell: Callback<News>,
    /// The last load that was answered, with the acts since.
    good: Option<Request>,
    /// Losses since a request of the user was last answered.
    losses: u32,
    /// While the last good run is brought back.
    recovering: bool,
    /// Counts workers and requests, so that a late timer knows that it is late.
    turn: u32,
}

enum Host {
    /// Not there; a request of the user starts it.
    Down,
    Starting(EngineWorker),
    Worker(EngineWorker),
    Page(Box<Session>),
}

impl Bridge {
    /// Starts the engine.
    pub fn start(tell: Callback<News>) -> Self {
        let bridge = Bridge(Rc::new(RefCell::new(Inner {
            outbox: Outbox::default(),
            host: Host::Down,
            listener: Listener::default(),
            tell,
            good: None,
            losses: 0,
            recovering: false,
            turn: 0,
        })));
        bridge.spawn();
        bridge
    }

    /// Sends a request when its turn comes.
    pub fn send(&self, request: Request) {
        self.0.borrow_mut().outbox.put(request);
        if matches!(self.0.borrow().host, Host::Down) {
            self.spawn();
        }
        self.pump();
    }

    /// Whether an answer is awaited.
    pub fn is_busy(&self) -> bool {
        self.0.borrow().outbox.is_busy()
    }

    fn weak(&self) -> Weak<RefCell<Inner>> {
        Rc::downgrade(&self.0)
    }

    /// Starts a worker, or a session in the page where that is not possible.
    fn spawn(&self) {
        let weak = self.weak();
        let worker = EngineWorker::start(move |message| {
            if let Some(inner) = weak.upgrade() {
                Bridge(inner).heard(message);
            }
        });
        let Some(worker) = worker else {
            self.settle_in_page();
            return;
        };
        let turn = {
            let mut inner = self.0.borrow_mut();
            inner.host = Host::Starting(worker);
            inner.listener = Listener::default();
            inner.turn += 1;
            inner.turn
        };
        let weak = self.weak();
        frame::after(START_LIMIT_MS, move || {
            let Some(inner) = weak.upgrade() else { return };
            let late = {
                let inner = inner.borrow();
                inner.turn == turn && matches!(inner.host, Host::Starting(_))
            };
            if late {
                Bridge(inner).settle_in_page();
            }
        });
    }

    fn settle_in_page(&self) {
        let tell = {
            let mut inner = self.0.borrow_mut();
            inner.host = Host::Page(Box::new(Session::new()));
            inner.tell.clone()
        };
        // After this task: whoever starts the bridge may not listen yet.
        let bridge = self.clone();
        frame::after(0, move || {
            tell.emit(News::Ready { in_worker: false });
            bridge.pump();
        });
    }

    fn heard(&self, message: Message) {
        match message {
            Message::Ready => {
                let tell = {
                    let mut inner = self.0.borrow_mut();
                    let host = std::mem::replace(&mut inner.host, Host::Down);
                    inner.host = match host {
                        Host::Starting(worker) => Host::Worker(worker),
                        other => other,
                    };
                    inner.tell.clone()
                };
                tell.emit(News::Ready { in_worker: true });
                self.pump();
            }
            Message::Bytes(bytes) => match wire::decode(&bytes) {
                Some(said) => self.answered(said),
                None => self.lost("the engine's answer could not be read".into()),
            },
            Message::Failed(words) => {
                // A worker that fails before it is ready will fail again: the page does its work.
                if matches!(self.0.borrow().host, Host::Starting(_)) {
                    self.settle_in_page();
                } else {
                    self.lost(words);
                }
            }
        }
    }

    /// Sends the next request, if nothing is out.
    fn pump(&self) {
        let turn = {
            let mut guard = self.0.borrow_mut();
            let inner = &mut *guard;
            if matches!(inner.host, Host::Down | Host::Starting(_)) {
                return;
            }
            let Some(request) = inner.outbox.send() else {
                return;
            };
            inner.turn += 1;
            if let Host::Worker(worker) = &inner.host {
                worker.post(&wire::encode(&request));
            } else {
                // After this task, so that the page can show what was done first.
                let bridge = self.clone();
                frame::after(0, move || bridge.answer_in_page(request));
                return;
            }
            inner.turn
        };
        let weak = self.weak();
        frame::after(ANSWER_LIMIT_MS, move || {
            let Some(inner) = weak.upgrade() else { return };
            let hangs = {
                let inner = inner.borrow();
                inner.turn == turn && inner.outbox.is_busy()
            };
            if hangs {
                let secs = ANSWER_LIMIT_MS / 1_000;
                Bridge(inner).lost(format!("no answer within {secs} s"));
            }
        });
    }

    fn answer_in_page(&self, request: Request) {
        let reply = {
            let mut inner = self.0.borrow_mut();
            let Host::Page(session) = &mut inner.host else {
                return;
            };
            session.tidy();
            session.handle(request)
        };
        self.answered(Said::Reply(reply));
    }

    fn answered(&self, said: Said) {
        let shows = matches!(said, Said::Reply(Reply::Loaded(_)));
        let (tell, news) = {
            let mut guard = self.0.borrow_mut();
            let inner = &mut *guard;
            // Heard even if it does not matter: the next one is told from it.
            let said = match said {
                Said::View(changes) => Err(inner.listener.view(*changes)),
                Said::Reply(Reply::View(view)) => Err(Rc::from(view)),
                Said::Reply(reply) => Ok(reply),
            };
            let Some((request, matters)) = inner.outbox.answered() else {
                return;
            };
            if let Ok(Reply::Working) = said {
                inner.outbox.put(Request::Rest);
            }
            let news = match said {
                _ if !matters => News::Passed,
                Err(view) => News::Shown { request, view },
                Ok(reply) => {
                    inner.remember(&request, &reply);
                    News::Answered { request, reply }
                }
            };
            (inner.tell.clone(), news)
        };
        tell.emit(news);
        if shows {
            // After this task: the page will ask for a view, which goes before the rest of the run.
            let bridge = self.clone();
            frame::after(0, move || bridge.pump());
        } else {
            self.pump();
        }
    }

    /// The worker is gone: say so, start another, bring the last good run back.
    fn lost(&self, message: String) {
        let (tell, resting) = {
            let mut inner = self.0.borrow_mut();
            inner.host = Host::Down;
            inner.losses += 1;
            inner.outbox.abandon();
            let resting = inner.losses > LOSSES_MAX || inner.recovering;
            inner.recovering = !resting && inner.good.is_some();
            if let (false, Some(good)) = (resting, inner.good.clone()) {
                inner.outbox.put(good);
            }
            (inner.tell.clone(), resting)
        };
        tell.emit(News::Lost { message, resting });
        if !resting {
            self.spawn();
            self.pump();
        }
    }
}

impl Inner {
    fn remember(&mut self, request: &Request, reply: &Reply) {
        let (Reply::Loaded(loaded) | Reply::Typed(_, Some(loaded))) = reply else {
            return;
        };
        let Some(run) = &loaded.run else {
            return;
        };
        if !run.complete {
            self.outbox.put(Request::Rest);
        }
        let seed = match (request, &self.good) {
            (Request::Load { seed, .. } | Request::Restore { seed, .. }, _)
            | (_, Some(Request::Restore { seed, .. })) => *seed,
            _ => return,
        };
        self.good = Some(Request::Restore {
            seed,
            branches: loaded.branches.clone(),
            branch: loaded.branch,
        });
        if !std::mem::take(&mut self.recovering) {
            self.losses = 0;
        }
    }
}
