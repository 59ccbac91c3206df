//! Wall time, animation frames and timers.

use super::dom::window;
use std::cell::Cell;
use std::rc::Rc;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::JsCast;

/// Milliseconds of wall time since the page was opened; 0 natively.
pub fn wall_ms() -> f64 {
    window()
        .and_then(|window| window.performance())
        .map_or(0.0, |performance| performance.now())
}

/// A function that is called at the next frame when asked for, once.
pub struct Frame {
    call: Closure<dyn FnMut(f64)>,
    /// The browser's number of the call that is asked for.
    asked: Rc<Cell<Option<i32>>>,
    /// A call is to be asked for later.
    later: Rc<Cell<bool>>,
}

impl Frame {
    /// Registers what to call, with the wall time in milliseconds.
    pub fn new(mut call: impl FnMut(f64) + 'static) -> Self {
        let asked = Rc::new(Cell::new(None));
        let later = Rc::new(Cell::new(false));
        let flags = (asked.clone(), later.clone());
        Frame {
            call: Closure::new(move |wall_ms| {
                flags.0.set(None);
                flags.1.set(false);
                call(wall_ms);
            }),
            asked,
            later,
        }
    }

    /// Asks for a call at the next frame after some milliseconds, unless there is one before.
    pub fn ask_within(frame: &Rc<Frame>, millis: i32) {
        if frame.later.replace(true) {
            return;
        }
        let frame = Rc::downgrade(frame);
        after(millis, move || {
            let frame = frame.upgrade();
            if let Some(frame) = frame.filter(|frame| frame.later.replace(false)) {
                frame.ask();
            }
        });
    }

    /// Asks for a call at the next frame.
    pub fn ask(&self) {
        if self.asked.get().is_some() {
            return;
        }
        if let Some(window) = window() {
            let function = self.call.as_ref().as_ref().unchecked_ref();
            self.asked
                .set(window.request_animation_frame(function).ok());
        }
    }
}

impl Drop for Frame {
    /// The browser must not call what is gone.
    fn drop(&mut self) {
        if let (Some(window), Some(number)) = (window(), self.asked.get()) {
            let _ = window.cancel_animation_frame(number);
        }
    }
}

/// Calls a function once, when the next frame has been shown: what nobody waits for.
pub fn after_frame(call: impl FnOnce() + 'static) {
    if let Some(window) = window() {
        let function = Closure::once_into_js(move |_: f64| after(0, call));
        let _ = window.request_animation_frame(function.unchecked_ref());
    }
}

/// Calls a function once, after some milliseconds.
pub fn after(millis: i32, call: impl FnOnce() + 'static) {
    if let Some(window) = window() {
        let function = Closure::once_into_js(call);
        let _ = window.set_timeout_with_callback_and_timeout_and_arguments_0(
            function.unchecked_ref(),
            millis,
        );
    }
}

/// Keeps a function being called; dropped, it is called no more.
pub struct Every(Rc<Cell<bool>>);

impl Drop for Every {
    fn drop(&mut self) {
        self.0.set(false);
    }
}

/// Calls a function again and again, so many milliseconds apart.
pub fn every(millis: i32, call: impl Fn() + 'static) -> Every {
    let is_wanted = Rc::new(Cell::new(true));
    again(millis, is_wanted.clone(), Rc::new(call));
    Every(is_wanted)
}

fn again(millis: i32, is_wanted: Rc<Cell<bool>>, call: Rc<dyn Fn()>) {
    after(millis, move || {
        if is_wanted.get() {
            call();
            again(millis, is_wanted, call);
        }
    });
}
