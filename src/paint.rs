//! What moves between two states of the store. An element says in `data-live` which facts it
//! shows; here its text or shape is computed from these facts and the playhead, and nothing else.
//!
//! | `data-live` | shown |
//! |---|---|
//! | `clock` | the playhead, as text |
//! | `left A` | seconds until A |
//! | `since A` | seconds since A |
//! | `sweep A B` | the share of A to B that has passed, as a dash of a path of length 1 |
//! | `playhead A B W`, `edge A B W` | moved to the playhead, the live edge; A to B on W tenths of pixels |
//! | `slider A B` | value and words of a slider |
//!
//! Times are nanoseconds.

use crate::format;
use crate::i18n::Texts;
use crate::platform::dom;
use crate::platform::motion::Motion;
use readyz_engine::time::{Duration, Instant};
use web_sys::{Element, Node};

/// What a frame shows.
pub struct Moment {
    pub now: Instant,
    pub edge: Instant,
    /// The frame's wall time in milliseconds, and how many nanoseconds `now` gains in one; 0 at
    /// rest.
    pub wall_ms: f64,
    pub rate: f64,
    /// Whether texts are due, too; at high speed they change only four times a second.
    pub texts: bool,
    pub words: &'static Texts,
}

enum Live {
    Clock,
    Left(Instant),
    Since(Instant),
    Sweep(Instant, Instant),
    Playhead(Scale),
    Edge(Scale),
    Slider,
}

#[derive(Clone, Copy, PartialEq)]
struct Scale {
    from: Instant,
    to: Instant,
    width: f64,
}

impl Scale {
    fn x(&self, at: Instant) -> f64 {
        let span = (self.to - self.from).0.max(1) as f64;
        (at.0 as f64 - self.from.0 as f64) / span * self.width
    }

    /// Pixels in a millisecond of wall time.
    fn speed(&self, rate: f64) -> f64 {
        rate / (self.to - self.from).0.max(1) as f64 * self.width
    }
}

struct LiveNode {
    element: Element,
    /// The element's text, for those that have one.
    text: Option<Node>,
    live: Live,
    /// How it moves, if it does.
    motion: Motion,
}

/// The elements that move.
#[derive(Default)]
pub struct LiveNodes(Vec<LiveNode>);

impl LiveNodes {
    /// Looks for them in the page. What is already on its way keeps moving.
    pub fn collect(&mut self) {
        let mut former: Vec<LiveNode> = std::mem::take(&mut self.0)
            .into_iter()
            .filter(|node| node.live.moves())
            .collect();
        let nodes = dom::all("[data-live]").into_iter().filter_map(|element| {
            let live = read(&element.get_attribute("data-live")?)?;
            let text = element.first_child();
            let place = former
                .iter()
                .position(|node| live.moves() && node.element == element);
            let motion = place.map_or_else(Motion::default, |place| former.remove(place).motion);
            Some(LiveNode {
                element,
                text,
                live,
                motion,
            })
        });
        self.0 = nodes.collect();
    }

    /// Shows a moment.
    pub fn paint(&mut self, moment: &Moment) {
        for node in &mut self.0 {
            node.paint(moment);
        }
    }
}

impl Live {
    fn moves(&self) -> bool {
        matches!(self, Live::Playhead(_) | Live::Edge(_))
    }
}

impl LiveNode {
    fn paint(&mut self, moment: &Moment) {
        let now = moment.now;
        match &self.live {
            Live::Clock => self.write(moment, || format::clock(now)),
            Live::Left(until) => self.write(moment, || format::seconds(*until - now)),
            Live::Since(from) => self.write(moment, || format::seconds(now - *from)),
            Live::Sweep(from, to) => {
                let dash = format!("{:.4} 2", share(*from, *to, now));
                let _ = self.element.set_attribute("stroke-dasharray", &dash);
            }
            Live::Playhead(scale) => self.shift(*scale, now, moment),
            Live::Edge(scale) => self.shift(*scale, moment.edge.max(now), moment),
            Live::Slider if moment.texts => {
                let tenths = now.as_millis() / 100;
                let seconds = format!("{}.{}", tenths / 10 % 60, tenths % 10);
                let words = (moment.words.time_in_words)(tenths / 600, &seconds);
                let value = format!("{:.1}", tenths as f64 / 10.0);
                let _ = self.element.set_attribute("aria-valuenow", &value);
                let _ = self.element.set_attribute("aria-valuetext", &words);
            }
            Live::Slider => {}
        }
    }

    fn write(&self, moment: &Moment, text: impl FnOnce() -> String) {
        if !moment.texts {
            return;
        }
        let text = text();
        if let Some(node) = &self.text {
            if node.node_value().as_deref() != Some(&text) {
                node.set_node_value(Some(&text));
            }
        }
    }

    fn shift(&mut self, scale: Scale, at: Instant, moment: &Moment) {
        let most = 2.0 * scale.width.max(100.0);
        let x = scale.x(at).clamp(-most, most);
        // The edge waits until the playhead has come to it.
        let rate = if at == moment.now { moment.rate } else { 0.0 };
        self.motion
            .follow(&self.element, x, scale.speed(rate), moment.wall_ms);
    }
}

/// Which share of a stretch has passed, 0 to 1.
pub fn share(from: Instant, to: Instant, now: Instant) -> f64 {
    let whole = (to - from).0;
    if whole == 0 {
        return 1.0;
    }
    let passed = (now - from).min(Duration(whole)).0;
    passed as f64 / whole as f64
}

fn read(text: &str) -> Option<Live> {
    let mut words = text.split(' ');
    let kind = words.next()?;
    let mut time = || Some(Instant(words.next()?.parse().ok()?));
    Some(match kind {
        "clock" => Live::Clock,
        "slider" => Live::Slider,
        "left" => Live::Left(time()?),
        "since" => Live::Since(time()?),
        "sweep" => Live::Sweep(time()?, time()?),
        "playhead" | "edge" => {
            let scale = Scale {
                from: time()?,
                to: time()?,
                width: f64::from(words.next()?.parse::<u32>().ok()?) / 10.0,
            };
            if kind == "playhead" {
                Live::Playhead(scale)
            } else {
                Live::Edge(scale)
            }
        }
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sweep_is_a_share_of_its_facts() {
        let at = Instant::from_secs;
        assert!((share(at(10), at(20), at(15)) - 0.5).abs() < 1e-9);
        assert!((share(at(10), at(20), at(5)) - 0.0).abs() < 1e-9);
        assert!((share(at(10), at(20), at(99)) - 1.0).abs() < 1e-9);
        assert!((share(at(10), at(10), at(10)) - 1.0).abs() < 1e-9);
    }

    #[test]
    fn attributes_are_read() {
        assert!(matches!(read("left 5"), Some(Live::Left(Instant(5)))));
        assert!(matches!(read("sweep 1 2"), Some(Live::Sweep(..))));
        let Some(Live::Playhead(scale)) = read("playhead 0 100 500") else {
            panic!("no playhead");
        };
        assert!((scale.x(Instant(10)) - 5.0).abs() < 1e-9);
        assert!(read("sweep 1").is_none());
        assert!(read("dance").is_none());
    }
}
