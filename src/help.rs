//! The keyboard map, the legend of shapes, and what is not simulated.

use crate::dialog::Modal;
use crate::ui::use_ui;
use yew::prelude::*;

/// The help dialog.
#[component]
pub fn Help() -> Html {
    let ui = use_ui();
    let texts = ui.texts();
    let keys: [(&str, &str); 17] = [
        ("Space", texts.key_play),
        (", .", texts.key_moments),
        ("[ ]", texts.key_inputs),
        ("R", texts.time.key_restarts),
        ("M L", texts.time.key_marker),
        ("F C", texts.time.key_branches),
        ("Ctrl Z", texts.time.key_undo),
        ("← →", texts.key_seconds),
        ("Home End", texts.key_ends),
        ("+ - 0 A D", texts.key_zoom),
        ("1 2 3 4", texts.key_speeds),
        ("↑ ↓", texts.key_lanes),
        ("G F E W T D I B Y C", texts.key_panes),
        ("Ctrl Enter", texts.key_editor),
        ("P", texts.projector),
        ("Ctrl K", texts.commands),
        ("?", texts.key_help),
    ];
    let shapes: [(Html, &str); 6] = [
        (mark("M8 10V4", "ok"), texts.legend_success),
        (
            mark("M5.500 5.500l5 5m0-5l-5 5", "bad"),
            texts.legend_failure,
        ),
        (
            mark("M8 3a5 5 0 1 0 0 10A5 5 0 0 0 8 3zM6 6l4 4m0-4l-4 4", "bad"),
            texts.legend_decisive,
        ),
        (mark("M8 4l4 4-4 4-4-4z", "plain"), texts.legend_triggered),
        (
            mark("M2 7h8v2.500H2zM12 8h.1M14.500 8h.1", "ok"),
            texts.legend_in_service,
        ),
        (
            mark("M2 14 14 2M2 8l6-6M8 14l6-6", "plain"),
            texts.legend_predicted,
        ),
    ];
    html! {
        <Modal name={texts.help}>
            <h2>{ texts.keyboard }</h2>
                <dl class="keys">
                    { for keys.iter().map(|(key, act)| html! {
                        <div><dt><kbd>{ key }</kbd></dt><dd>{ act }</dd></div>
                    }) }
                </dl>
                <h2>{ texts.shapes }</h2>
                <dl class="keys">
                    { for shapes.into_iter().map(|(shape, meaning)| html! {
                        <div><dt>{ shape }</dt><dd>{ meaning }</dd></div>
                    }) }
                </dl>
                <h2>{ texts.not_simulated }</h2>
                <p>{ texts.not_simulated_text }</p>
        </Modal>
    }
}

fn mark(path: &'static str, class: &'static str) -> Html {
    html! {
        <svg class={classes!("icon", "mark", class)} viewBox="0 0 16 16" aria-hidden="true">
            <path d={path} />
        </svg>
    }
}
