//! The link: the whole state as an address (product.md §7). Its bytes are the business of
//! `editor/link.js`; here is what it says.

use crate::dialog::Modal;
use crate::i18n::Language;
use crate::platform::link;
use crate::share_branches;
use crate::store::{Opening, Pane, Store, Theme};
use crate::ui::use_ui;
use readyz_engine::time::{Instant, NANOS_PER_MILLI};
use yew::prelude::*;

/// The engine that made a link.
pub const ENGINE: &str = env!("CARGO_PKG_VERSION");
/// Longer links are cut by some programs.
const LONG: usize = 2_000;

/// A line of the link.
pub type Entry = (&'static str, String);

/// What a link said about itself, for the sentence above the page.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Origin {
    /// `newer`, `broken`, or empty.
    pub problem: String,
    /// Which entries could be read, if not all.
    pub read: Vec<String>,
    pub engine: String,
    /// The hash of the trace that it was made of.
    pub trace: String,
}

/// What a link of this moment (or of the start) holds.
pub fn entries(store: &Store, at: Instant) -> Vec<Entry> {
    let hash = store
        .run
        .as_ref()
        .filter(|run| run.complete && !store.is_edited())
        .map(|run| format!("{:016x}", run.trace_hash));
    let branch = store.branches.get(store.branch as usize);
    let branch = branch.filter(|_| store.branch > 0).map(|b| b.name.clone());
    let millis = at.0 / NANOS_PER_MILLI;
    let mut entries = vec![
        ("engine", ENGINE.to_owned()),
        ("lang", store.language.tag().to_owned()),
        ("theme", store.theme.name().to_owned()),
        ("speed", store.playback.speed.to_string()),
        ("at", millis.to_string()),
        ("pane", store.pane.name().to_owned()),
    ];
    let optional = [
        ("trace", hash),
        ("seed", store.seed.map(|seed| seed.to_string())),
        ("branch", branch),
        ("view", store.as_table.then(|| "table".to_owned())),
    ];
    entries.extend(
        optional
            .into_iter()
            .filter_map(|(key, value)| Some((key, value?))),
    );
    share_branches::write(store, &mut entries);
    entries.extend(store.acts.iter().map(|act| ("act", act.clone())));
    entries.push(("text", store.text.to_string()));
    entries
}

/// What a link asks for, on top of `opening`. Unknown entries are those of later versions, and
/// are ignored.
pub fn read(opening: &mut Opening, problem: String, entries: Vec<(String, String)>) {
    let mut origin = Origin {
        problem,
        ..Origin::default()
    };
    let mut acts = Vec::new();
    for (key, value) in entries {
        match key.as_str() {
            "engine" => origin.engine = value,
            "trace" => origin.trace = value,
            "lang" => opening.language = Language::from_tag(&value).unwrap_or(opening.language),
            "theme" => opening.theme = Theme::from_name(&value).unwrap_or(opening.theme),
            "speed" => opening.speed = value.parse().unwrap_or(opening.speed),
            "at" => {
                let millis: u64 = value.parse().unwrap_or_default();
                opening.at = Instant(millis.saturating_mul(NANOS_PER_MILLI));
            }
            "pane" => opening.pane = Pane::from_name(&value),
            "seed" => opening.seed = value.parse().ok(),
            "view" => opening.as_table = value == "table",
            "act" => acts.push(value),
            "text" => opening.text = value.into(),
            key if share_branches::read(opening, key, &value) => {}
            _ => continue,
        }
        if !origin.read.contains(&key) {
            origin.read.push(key);
        }
    }
    opening.acts = acts;
    share_branches::finish(opening);
    opening.origin = Some(origin);
}

/// What a link leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Moment,
    Start,
    Embed,
}

#[derive(Properties, PartialEq)]
pub struct ShareProps {
    /// The links' entries: to this moment, and to the start.
    pub moment: Vec<Entry>,
    pub start: Vec<Entry>,
}

/// The dialog.
#[component]
pub fn Share(props: &ShareProps) -> Html {
    let ui = use_ui();
    let texts = ui.texts();
    let kind = use_state_eq(|| Kind::Moment);
    let address = use_state_eq(String::new);
    let copied = use_state_eq(|| None::<bool>);
    {
        let address = address.clone();
        let copied = copied.clone();
        let entries = match *kind {
            Kind::Start => props.start.clone(),
            Kind::Moment | Kind::Embed => props.moment.clone(),
        };
        use_effect_with((*kind, entries), move |(kind, entries)| {
            copied.set(None);
            let embed = *kind == Kind::Embed;
            link::encode(entries, embed, move |link| address.set(link));
        });
    }
    let radio = |which: Kind, name: &'static str| {
        let kind = kind.clone();
        let checked = *kind == which;
        html! {
            <button type="button" role="radio" aria-checked={checked.to_string()}
                tabindex={if checked { "0" } else { "-1" }}
                onclick={Callback::from(move |_: MouseEvent| kind.set(which))}>{ name }</button>
        }
    };
    let words = if *kind == Kind::Embed {
        format!(
            "<iframe src=\"{}\" width=\"640\" height=\"420\" title=\"readyz\" loading=\"lazy\" \
             sandbox=\"allow-scripts allow-popups\"></iframe>",
            *address
        )
    } else {
        (*address).clone()
    };
    let copy = {
        let copied = copied.clone();
        let words = words.clone();
        Callback::from(move |_: MouseEvent| {
            let copied = copied.clone();
            link::copy(&words, move |done| copied.set(Some(done)));
        })
    };
    let told = match *copied {
        Some(true) => texts.link_copied,
        Some(false) => texts.link_not_copied,
        None => "",
    };
    let acts = props.moment.iter().filter(|(key, _)| *key == "act").count();
    html! {
        <Modal name={texts.share}>
            <div class="switch" role="radiogroup" aria-label={texts.share_kind}
                onkeydown={crate::ui_keys::rove_radios()}>
                { radio(Kind::Moment, texts.share_moment) }
                { radio(Kind::Start, texts.share_start) }
                { radio(Kind::Embed, texts.share_embed) }
            </div>
            <div class="share-field">
                <textarea id="share-link" class="mono" readonly={true} rows="4" spellcheck="false"
                    aria-label={texts.share} value={words.clone()} />
                <button type="button" id="share-copy" class="button you" onclick={copy}>
                    { texts.copy }
                </button>
            </div>
            <p class="dim">
                { (texts.link_holds)(acts, words.len()) }
                if words.len() > LONG { { " " }{ texts.link_long } }
            </p>
            <p role="status" class="share-told">{ told }</p>
        </Modal>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_link_holds_is_what_it_opens() {
        let mut opening = Opening {
            seed: Some(7),
            at: Instant::from_millis(64_200),
            text: "kind: Pod".into(),
            acts: vec!["{at: 1s}".into()],
            ..Opening::default()
        };
        opening.as_table = true;
        opening.language = Language::SimplifiedChinese;
        let store = Store::open(opening.clone());
        let entries = entries(&store, store.playback.anchor);
        let mut opened = Opening::default();
        let owned = entries.into_iter().map(|(key, value)| (key.into(), value));
        read(&mut opened, String::new(), owned.collect());
        let again = Store::open(opened.clone());
        assert_eq!(again.text, store.text);
        assert_eq!(again.acts, store.acts);
        assert_eq!(again.playback, store.playback);
        assert_eq!((again.seed, again.as_table), (Some(7), true));
        assert_eq!(again.language, Language::SimplifiedChinese);
        let origin = opened.origin.expect("opened from a link");
        assert_eq!(origin.engine, ENGINE);
    }

    #[test]
    fn entries_of_later_versions_are_ignored() {
        let mut opening = Opening::default();
        let entries = vec![("colour".into(), "red".into()), ("at".into(), "x".into())];
        read(&mut opening, "broken".into(), entries);
        let origin = opening.origin.expect("opened from a link");
        assert_eq!(origin.read, ["at"]);
        assert_eq!(opening.at, Instant::ZERO);
    }
}
