//! Elements that move along a line. At an even speed the browser moves them by itself: a transform
//! that a script sets has every layer of the page laid out anew in each frame.

use super::dom;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Animation, Element};

#[wasm_bindgen]
extern "C" {
    /// An element, with a method that web-sys does not have yet.
    type Animated;
    #[wasm_bindgen(method)]
    fn animate(this: &Animated, frames: &JsValue, millis: f64) -> Animation;
}

/// How long an element is sent ahead.
const AHEAD_MS: f64 = 60_000.0;
/// How far it may be from where it should be.
const NEAR_PX: f64 = 0.5;

/// Where an element is, and where it is going to.
#[derive(Default)]
pub struct Motion {
    place: Option<Place>,
    animation: Option<Animation>,
}

#[derive(Clone, Copy)]
struct Place {
    x: f64,
    /// Pixels in a millisecond.
    speed: f64,
    wall_ms: f64,
}

impl Place {
    /// Where it is at a wall time; None once it has come to its end.
    fn x(&self, wall_ms: f64) -> Option<f64> {
        let passed = wall_ms - self.wall_ms;
        (self.speed == 0.0 || passed < AHEAD_MS).then_some(self.x + self.speed * passed)
    }
}

impl Motion {
    /// Has `element` be at `x` now and go on at `speed` pixels a millisecond.
    pub fn follow(&mut self, element: &Element, x: f64, speed: f64, wall_ms: f64) {
        let same = self.place.is_some_and(|place| {
            let there = place.x(wall_ms);
            place.speed == speed && there.is_some_and(|there| (there - x).abs() < NEAR_PX)
        });
        // At rest it stands exactly.
        if same && (speed != 0.0 || self.place.is_some_and(|place| place.x == x)) {
            return;
        }
        self.place = Some(Place { x, speed, wall_ms });
        if let Some(animation) = self.animation.take() {
            animation.cancel();
        }
        dom::set_style(element, "transform", &shifted(x));
        if speed != 0.0 {
            self.animation = send(element, x, x + speed * AHEAD_MS, wall_ms);
        }
    }
}

/// Sends an element through some places, once. Where it stays then is its own `transform`.
pub fn send_through(element: &Element, places: &[(f64, f64)], millis: f64) {
    let frames = js_sys::Object::new();
    let places = places
        .iter()
        .map(|(x, y)| JsValue::from_str(&format!("translate({x:.1}px,{y:.1}px)")));
    let places: js_sys::Array = places.collect();
    if js_sys::Reflect::set(&frames, &"transform".into(), &places).is_ok() {
        element.unchecked_ref::<Animated>().animate(&frames, millis);
    }
}

fn shifted(x: f64) -> String {
    format!("translateX({x:.2}px)")
}

fn send(element: &Element, from: f64, to: f64, wall_ms: f64) -> Option<Animation> {
    let frames = js_sys::Object::new();
    let ends = [from, to].map(|x| JsValue::from_str(&shifted(x)));
    let ends = js_sys::Array::of2(&ends[0], &ends[1]);
    js_sys::Reflect::set(&frames, &"transform".into(), &ends).ok()?;
    let animation = element
        .unchecked_ref::<Animated>()
        .animate(&frames, AHEAD_MS);
    animation.set_start_time(Some(wall_ms));
    Some(animation)
}
