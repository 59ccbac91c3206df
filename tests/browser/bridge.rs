//! Runs in a real browser: what crosses between Rust and the page.
#![cfg(target_arch = "wasm32")]

use readyz_engine::session::{Reply, Request, Session};
use readyz_engine::time::Instant;
use std::time::Duration;

use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

#[wasm_bindgen_test]
async fn the_page_renders_into_an_element() {
    let document = web_sys::window().unwrap().document().unwrap();
    let root = document.create_element("div").unwrap();
    document.body().unwrap().append_child(&root).unwrap();

    yew::Renderer::<readyz_web::app::App>::with_root(root.clone()).render();

    yew::platform::time::sleep(Duration::ZERO).await; // Yew renders in the next task

    assert!(root.text_content().unwrap().contains("readyz"));
}

/// Name, manifest and trace of every example, as a native run wrote it.
const GOLDEN: &[(&str, &str, &str)] = &include!("../golden/list.rs");

#[wasm_bindgen_test]
fn a_scenario_gives_the_same_trace_here_as_natively() {
    assert!(GOLDEN.len() >= 14);
    for (name, text, golden) in GOLDEN {
        let mut session = Session::new();
        session.handle(Request::Load {
            text: (*text).into(),
            acts: Vec::new(),
            seed: None,
            sight: Instant::NEVER,
        });
        let Reply::Text(trace) = session.handle(Request::Trace) else {
            panic!("{name} has no trace");
        };
        assert!(trace == *golden, "the trace of {name} differs");
    }
}
