//! Every sentence of the page, in every language. A language is one file with one [`Texts`]:
//! whoever forgets a sentence does not compile. API words stay English everywhere.

mod en;
pub mod examples;
mod faults;
mod look;
mod terminal;
mod time;
mod timing;
mod told;
mod why;
mod words;
mod zh;

pub use faults::FaultWords;
pub use look::LookWords;
pub use terminal::TerminalWords;
pub use time::TimeWords;
pub use timing::TimingWords;
pub use why::WhyWords;

use readyz_engine::api::ProbeKind;
use readyz_engine::view::{TickOutcome, TickView};

/// A language of the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    English,
    SimplifiedChinese,
}

impl Language {
    /// All languages.
    pub const ALL: [Language; 2] = [Language::English, Language::SimplifiedChinese];

    /// The BCP 47 tag.
    pub const fn tag(self) -> &'static str {
        match self {
            Language::English => "en",
            Language::SimplifiedChinese => "zh-Hans",
        }
    }

    /// The language that a tag asks for: `zh`, `zh-CN`, `en-GB`.
    pub fn from_tag(tag: &str) -> Option<Language> {
        match tag.split(['-', '_']).next()?.to_ascii_lowercase().as_str() {
            "en" => Some(Language::English),
            "zh" => Some(Language::SimplifiedChinese),
            _ => None,
        }
    }

    /// Its name in itself, as short as a switch wants it.
    pub const fn own_name(self) -> &'static str {
        match self {
            Language::English => "EN",
            Language::SimplifiedChinese => "中文",
        }
    }

    /// Its sentences.
    pub fn texts(self) -> &'static Texts {
        match self {
            Language::English => &en::TEXTS,
            Language::SimplifiedChinese => zh::texts(),
        }
    }

    /// The other one, for the switch.
    pub const fn other(self) -> Language {
        match self {
            Language::English => Language::SimplifiedChinese,
            Language::SimplifiedChinese => Language::English,
        }
    }
}

type Word = &'static str;

/// The sentences of one language. Functions take what varies; nothing is glued together.
pub struct Texts {
    // Frame
    pub skip_to_cluster: Word,
    pub panes: Word,
    pub example: Word,
    pub own_text: Word,
    pub seed: Word,
    pub seed_hint: Word,
    pub reset: Word,
    pub reset_hint: Word,
    pub theme_light: Word,
    pub theme_dark: Word,
    pub theme_auto: Word,
    pub help: Word,
    pub close: Word,
    pub dismiss: Word,
    pub retry: Word,

    // Commands, projector, embedded page
    pub commands: Word,
    pub projector: Word,
    pub previous_input: Word,
    pub next_input: Word,
    pub open_in_readyz: Word,
    pub pin_keys: Word,

    // Share
    pub share: Word,
    pub share_kind: Word,
    pub share_moment: Word,
    pub share_start: Word,
    pub share_embed: Word,
    pub copy: Word,
    pub link_copied: Word,
    pub link_not_copied: Word,
    pub link_holds: fn(acts: usize, length: usize) -> String,
    pub link_long: Word,
    pub link_newer: Word,
    pub link_broken: fn(read: &str) -> String,
    pub link_differs: fn(engine: &str) -> String,

    // Editor
    pub manifest: Word,
    pub manifest_hint: Word,
    pub empty_editor: Word,
    pub no_problems: Word,
    pub problems: fn(errors: usize, warnings: usize) -> String,
    pub problem_list: Word,
    pub line_column: fn(line: u32, column: u32) -> String,
    pub go_to_line: fn(line: u32) -> String,
    pub fix: fn(replacement: &str) -> String,
    pub fix_add: fn(document: &str) -> String,
    pub fix_remove: Word,
    /// What the engine tells of a text: its advice and its ways out.
    pub told: fn(english: &str) -> String,
    pub not_applied: fn(revision: u32) -> String,
    pub applied: fn(revision: u32) -> String,
    pub edited: Word,
    pub restart_with_this: Word,
    pub restart_hint: fn(acts: usize) -> String,
    pub discard: Word,

    // Picture
    pub cluster: Word,
    pub view: Word,
    pub picture: Word,
    pub table: Word,
    pub pods_and_nodes: fn(pods: usize, nodes: usize) -> String,
    pub clients: Word,
    pub rate: fn(rate: u32) -> String,
    pub no_clients: Word,
    pub ready: Word,
    pub started: Word,
    pub restarts: fn(count: u32) -> String,
    pub pod_name: fn(name: &str, ready: u32, total: u32, restarts: u32) -> String,
    pub container_name: fn(name: &str) -> String,
    pub requests: Word,
    pub served: Word,
    pub server_errors: Word,
    pub refused: Word,
    pub reset_by_peer: Word,
    pub timed_out: Word,
    pub no_endpoint: Word,
    pub out_of_rotation: Word,
    pub no_service: Word,
    pub service_without_pods: Word,
    pub no_endpoints: Word,
    pub unscheduled: Word,
    pub no_pods: Word,
    pub no_pods_now: Word,
    pub running_for: Word,
    pub not_listening: Word,
    pub sigkill_in: Word,
    pub to_restart: Word,
    pub of_total: fn(total: &str) -> String,
    pub back_off_name: fn(reason: &str, total: &str) -> String,
    pub exit_code: fn(code: i32) -> String,
    pub exit: Word,
    pub init: Word,
    pub sidecar: Word,
    pub more_rows: fn(count: usize) -> String,

    // Probes
    pub startup: Word,
    pub readiness: Word,
    pub liveness: Word,
    pub none_yet: Word,
    pub held: Word,
    pub on_hold: Word,
    pub passed: Word,
    pub stopped: Word,
    pub next_in: Word,
    pub gauge_failing: fn(kind: &str, run: u32, threshold: u32) -> String,
    pub gauge_passing: fn(kind: &str, run: u32) -> String,
    pub gauge_other: fn(kind: &str, state: &str) -> String,

    // Transport and timeline
    pub playback: Word,
    pub to_start: Word,
    pub previous_moment: Word,
    pub play: Word,
    pub pause: Word,
    pub next_moment: Word,
    pub live_edge: Word,
    pub speed: Word,
    pub more_speeds: Word,
    pub max: Word,
    pub clock: Word,
    pub next: Word,
    pub zoom_in: Word,
    pub zoom_out: Word,
    pub fit: Word,
    pub timeline: Word,
    pub playhead: Word,
    pub inputs: Word,
    pub traffic: Word,
    pub events: Word,
    pub events_row: Word,
    pub in_service: Word,
    pub predicted: Word,
    pub branch: Word,
    pub branch_name: fn(name: &str, forked_at: &str) -> String,
    pub time_in_words: fn(minutes: u64, seconds: &str) -> String,
    pub pods_ready: fn(ready: usize, total: usize) -> String,
    pub pin_name: fn(at: &str, label: &str, pod: &str) -> String,
    pub lane: fn(pod: &str, container: &str) -> String,

    // Card of a probe's run
    pub tick_passed: fn(kind: &str, run: u32) -> String,
    pub tick_failed: fn(kind: &str, run: u32, threshold: u32) -> String,
    pub tick_error: fn(kind: &str) -> String,
    pub effect_none: Word,
    pub effect_below: Word,
    pub effect_kill: Word,
    pub effect_not_ready: Word,
    pub effect_ready: Word,
    pub effect_started: Word,
    pub effect_discarded: Word,
    pub readiness_never_restarts: Word,

    // Inspector
    pub inspector: Word,
    pub faults: Word,
    pub fault: FaultWords,
    pub terminal: TerminalWords,
    pub why: WhyWords,
    pub timing: TimingWords,
    pub look: LookWords,
    pub time: TimeWords,
    pub yaml: Word,
    pub age: Word,
    pub reason_and_message: Word,
    pub event_count: fn(events: u32, rows: usize) -> String,
    pub no_events: Word,
    pub repeated: fn(count: u32, over: &str) -> String,
    pub warning: Word,

    // States of the page
    pub loading: Word,
    pub worker_restarted: fn(message: &str) -> String,
    pub simulation_stopped: fn(at: &str, message: &str) -> String,

    // Narration
    pub says_ready: fn(pod: &str) -> String,
    pub says_not_ready: fn(pod: &str) -> String,
    pub says_restarted: fn(pod: &str, restarts: u32) -> String,
    pub says_stopping: fn(pod: &str) -> String,
    pub says_back_off: fn(pod: &str, left: &str) -> String,
    pub says_threshold: fn(pod: &str, kind: &str, run: u32, threshold: u32) -> String,

    // Help
    pub keyboard: Word,
    pub shapes: Word,
    pub key_play: Word,
    pub key_moments: Word,
    pub key_inputs: Word,
    pub key_seconds: Word,
    pub key_ends: Word,
    pub key_zoom: Word,
    pub key_speeds: Word,
    pub key_lanes: Word,
    pub key_panes: Word,
    pub key_editor: Word,
    pub key_help: Word,
    pub legend_success: Word,
    pub legend_failure: Word,
    pub legend_decisive: Word,
    pub legend_triggered: Word,
    pub legend_in_service: Word,
    pub legend_predicted: Word,
    pub not_simulated: Word,
    pub not_simulated_text: Word,
}

impl Texts {
    /// A probe's name.
    pub fn probe(&self, kind: ProbeKind) -> Word {
        match kind {
            ProbeKind::Startup => self.startup,
            ProbeKind::Readiness => self.readiness,
            ProbeKind::Liveness => self.liveness,
        }
    }

    /// What one run of a probe was; the threshold is that of failures.
    pub fn tick(&self, kind: ProbeKind, tick: &TickView, threshold: u32) -> String {
        let (kind, run) = (self.probe(kind), u32::from(tick.run));
        match tick.outcome {
            TickOutcome::Success => (self.tick_passed)(kind, run),
            TickOutcome::Failure => (self.tick_failed)(kind, run, threshold),
            TickOutcome::Error => (self.tick_error)(kind),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_read_leniently() {
        assert_eq!(
            Language::from_tag("zh-CN"),
            Some(Language::SimplifiedChinese)
        );
        assert_eq!(Language::from_tag("zh"), Some(Language::SimplifiedChinese));
        assert_eq!(Language::from_tag("EN_us"), Some(Language::English));
        assert_eq!(Language::from_tag("de"), None);
        for language in Language::ALL {
            assert_eq!(Language::from_tag(language.tag()), Some(language));
            assert_eq!(language.other().other(), language);
        }
    }

    #[test]
    fn chinese_uses_full_width_punctuation() {
        let texts = Language::SimplifiedChinese.texts();
        for sentence in [
            texts.empty_editor,
            texts.not_simulated_text,
            texts.seed_hint,
        ] {
            assert!(!sentence.contains([',', ';', '!']), "{sentence}");
        }
    }
}
