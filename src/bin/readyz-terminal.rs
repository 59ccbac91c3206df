//! The engine with its terminal, for a worker: a second module, loaded when the terminal opens.

#[cfg(target_arch = "wasm32")]
fn main() {
    readyz_web::platform::engine_worker::start_if_worker();
}

#[cfg(not(target_arch = "wasm32"))]
fn main() {
    eprintln!("readyz-terminal is part of the page: run `make serve`.");
}
