//! One binary, three lives. In a window it is the page; in a worker it is the engine; run
//! natively with feature `ssr` it prints the first view as HTML.

#[cfg(target_arch = "wasm32")]
fn main() {
    use readyz_web::{app::App, platform};

    if platform::engine_worker::start_if_worker() {
        return;
    }
    let Some(root) = platform::dom::element("app") else {
        return;
    };
    // The prerendered view is replaced, not hydrated: hydration would cost 15 kB.
    root.set_text_content(None);
    yew::Renderer::<App>::with_root(root).render();
}

#[cfg(all(not(target_arch = "wasm32"), feature = "ssr"))]
fn main() {
    use std::future::Future;
    use std::task::{Context, Poll, Waker};

    let render = yew::LocalServerRenderer::<readyz_web::app::App>::new()
        .hydratable(false)
        .render();
    let mut render = std::pin::pin!(render);
    // Nothing in the first view waits for anything, so polling alone makes progress.
    let html = loop {
        match render
            .as_mut()
            .poll(&mut Context::from_waker(Waker::noop()))
        {
            Poll::Ready(html) => break html,
            Poll::Pending => std::thread::yield_now(),
        }
    };
    println!("{html}");
}

#[cfg(all(not(target_arch = "wasm32"), not(feature = "ssr")))]
fn main() {
    eprintln!("readyz-web is a page: run `make serve`, or use the command line tool `readyz`.");
}
