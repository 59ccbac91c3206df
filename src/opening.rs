//! What the page is opened with: its address, its link, and the storage.

use crate::embed::Embed;
use crate::examples;
use crate::i18n::Language;
use crate::platform::{link, location, storage};
use crate::playback::SpeedMilli;
use crate::share::{self, Origin};
use crate::store::{Pane, Theme};
use crate::time_tools::TimeTools;
use readyz_engine::session::BranchView;
use readyz_engine::time::{Instant, NANOS_PER_MILLI};
use std::rc::Rc;
use yew::AttrValue;

/// What the address and the storage ask for.
#[derive(Clone, Debug)]
pub struct Opening {
    pub language: Language,
    pub theme: Theme,
    pub text: AttrValue,
    pub seed: Option<u64>,
    pub at: Instant,
    pub speed: SpeedMilli,
    pub pane: Option<Pane>,
    pub as_table: bool,
    pub acts: Vec<String>,
    /// All histories, if there are several, and which one is shown.
    pub branches: Vec<BranchView>,
    pub branch: u32,
    /// The branch that it is compared with.
    pub compared: Option<u32>,
    pub tools: TimeTools,
    /// What the link said about itself, if there was one.
    pub origin: Option<Origin>,
    pub projector: bool,
    pub embed: Option<Rc<Embed>>,
}

impl Default for Opening {
    fn default() -> Self {
        Opening {
            language: Language::English,
            theme: Theme::Auto,
            text: examples::EXAMPLES[0].text().into(),
            seed: None,
            at: Instant::ZERO,
            speed: 10_000,
            pane: None,
            as_table: false,
            acts: Vec::new(),
            branches: Vec::new(),
            branch: 0,
            compared: None,
            tools: TimeTools::default(),
            origin: None,
            projector: false,
            embed: None,
        }
    }
}

/// What the address, its link and the storage ask for, in this order.
pub fn opening() -> Opening {
    let fallback = Opening::default();
    let preferred = location::preferred_languages();
    let kept = storage::read(storage::TEXT);
    let mut is_new = kept.is_none();
    let mut opening = Opening {
        language: storage::read(storage::LANGUAGE)
            .into_iter()
            .chain(preferred)
            .find_map(|tag| Language::from_tag(&tag))
            .unwrap_or(fallback.language),
        theme: storage::read(storage::THEME)
            .and_then(|name| Theme::from_name(&name))
            .unwrap_or(fallback.theme),
        text: kept.map_or(fallback.text, AttrValue::from),
        ..fallback
    };
    if let Some((problem, entries)) = link::opened() {
        share::read(&mut opening, problem, entries);
        is_new = false;
    }
    if let Some(language) = location::parameter("lang").and_then(|tag| Language::from_tag(&tag)) {
        opening.language = language;
    }
    if let Some(theme) = location::parameter("theme").and_then(|name| Theme::from_name(&name)) {
        opening.theme = theme;
    }
    let wanted = location::parameter("example").and_then(|slug| examples::by_slug(&slug));
    if let Some(example) = wanted.or(is_new.then(|| &examples::EXAMPLES[0])) {
        opening.text = example.text_in(opening.language).into();
    }
    if let Some(secs) = location::number("t") {
        opening.at = Instant((secs.max(0.0) * 1e3) as u64 * NANOS_PER_MILLI);
    }
    if let Some(speed) = location::number("speed") {
        opening.speed = ((speed * 1e3) as u32).clamp(100, crate::playback::SPEED_MAX);
    }
    if let Some(seed) = location::parameter("seed").and_then(|text| text.parse().ok()) {
        opening.seed = Some(seed);
    }
    if let Some(pane) = location::parameter("tab").and_then(|name| Pane::from_name(&name)) {
        opening.pane = Some(pane);
    }
    opening.embed = Embed::read().map(Rc::new);
    opening.projector = location::parameter("projector").as_deref() == Some("1");
    opening.as_table |= location::parameter("view").as_deref() == Some("table");
    opening
}
