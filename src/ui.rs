//! What every component may use: the language's sentences, actions, and requests to the engine.

use crate::i18n::{Language, Texts};
use crate::store::Action;
use crate::time_tools::Step;
use readyz_engine::session::Request;
use readyz_engine::time::Instant;
use yew::Callback;

/// The context of all components.
#[derive(Clone, PartialEq)]
pub struct Ui {
    pub language: Language,
    /// Tells the store.
    pub tell: Callback<Action>,
    /// What needs more than the store: the engine, the clock, the storage.
    pub order: Callback<Order>,
}

/// A wish of the user that has effects outside of the store.
#[derive(Clone, Debug)]
pub enum Order {
    Edit(String),
    /// Another text from 0:00, its history forgotten.
    Open(String),
    /// Run the editor's text with all acts.
    Restart,
    /// Put what runs back into the editor.
    Discard,
    /// Put the editor's text into order.
    Format,
    /// Show the link to this moment.
    Share,
    /// Drop all acts.
    Reset,
    /// One of these, at the playhead: what follows `at` in a step.
    Act(String),
    /// Undo the fault of an input, at the playhead.
    Heal(u32),
    /// Other acts than those there were.
    History(Vec<String>),
    /// A line for the terminal.
    Type(String),
    /// What goes on at the terminal is to print more.
    Follow,
    /// What may follow a line.
    Complete(String),
    /// Select a line of the text.
    SelectLine(u32),
    /// Compare the run with that of a branch; None: no longer.
    Compare(Option<u32>),
    /// The clock stops.
    Pause,
    Ask(Request),
    PlayOrPause,
    /// Go to a moment.
    Seek(Instant),
    /// The pointer is over this moment, and may go there.
    Foresee(Instant),
    /// Go by some milliseconds, back if negative.
    SeekBy(i64),
    Speed(u32),
    /// The nearest moment of a kind; None: of the kind that is chosen.
    Previous(Option<Step>),
    Next(Option<Step>),
    /// A marker at the playhead, or no longer.
    Mark,
    /// The loop begins at the playhead, ends there, is off.
    Loop,
    /// Bring a moment into the middle of the timeline.
    ShowAround(Instant),
    /// A branch of its own from the playhead on.
    Fork,
    /// Compare with another branch, or no longer.
    CompareAny,
    /// Take the last act back, or do it again.
    TakeBack {
        redo: bool,
    },
    PreviousInput,
    NextInput,
    LiveEdge,
    Zoom {
        closer: bool,
    },
    Fit,
    /// Move the timeline's range by thousandths of its length.
    Pan(i64),
    /// Elements that move have been replaced.
    Repaint,
    PreviousLane,
    NextLane,
    Seed(Option<u64>),
    Theme(crate::store::Theme),
    Language(Language),
    /// Tell the page around this one the moment, and the link to it.
    State,
    /// Another number for a field of the text.
    Number(readyz_engine::timing::Field, u32),
    /// Several at once.
    Numbers(Vec<(readyz_engine::timing::Field, u32)>),
    /// Try numbers of a probe.
    Sweep(std::rc::Rc<crate::panels::Sweep>),
    /// Write into the text what is assumed of an image that listens on these ports.
    DescribeImage(String, Vec<u16>),
    /// The editor's text as a branch of its own, under the same acts.
    Beside,
}

impl Ui {
    /// The sentences.
    pub fn texts(&self) -> &'static Texts {
        self.language.texts()
    }

    /// A callback that gives an order.
    pub fn orders<E: 'static>(&self, order: Order) -> Callback<E> {
        let give = self.order.clone();
        Callback::from(move |_| give.emit(order.clone()))
    }

    /// A callback that tells the store.
    pub fn tells<E: 'static>(&self, action: Action) -> Callback<E> {
        let tell = self.tell.clone();
        Callback::from(move |_| tell.emit(action.clone()))
    }
}

/// The context. Every component stands below its provider.
#[yew::hook]
pub fn use_ui() -> Ui {
    yew::use_context::<Ui>().unwrap_or_else(|| Ui {
        language: Language::English,
        tell: Callback::noop(),
        order: Callback::noop(),
    })
}
