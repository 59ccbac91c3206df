//! The page's side of the engine's worker: the same Wasm module, started a second time.

use js_sys::{Array, Object, Reflect, Uint8Array};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{ErrorEvent, MessageEvent, Worker};

/// The worker's first lines: it gets the compiled module, so that nothing is fetched or compiled
/// twice; the later ones (see scripts/glue/late.js) by their addresses, or compiled with their places
/// once they are. A classic worker, because a module worker does not start in an opaque origin.
const LOADER: &str = "addEventListener('message',async({data})=>{\
const{glue,module:m,late}=data;const[at,later]=glue?[]:data;\
if(later instanceof WebAssembly.Module)readyzLate[at]=later;else if(glue)try{\
self.readyzLate=late;await(await import(glue)).default({module_or_path:m})}\
catch(x){postMessage('failed '+x)}})";

/// What the worker says when it listens.
pub const READY: &str = "ready";
/// How a worker's last words begin.
pub const FAILED: &str = "failed ";

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = readyz, catch)]
    fn spawn(source: &str) -> Result<Worker, JsValue>;
    #[wasm_bindgen(js_namespace = readyz, catch)]
    fn at(id: &str) -> Result<JsValue, JsValue>;
}

/// What comes from a worker.
pub enum Message {
    Ready,
    Bytes(Vec<u8>),
    /// It has come to its end; the words are for people.
    Failed(String),
}

/// A running worker; ends when it is dropped.
pub struct EngineWorker {
    worker: Worker,
    _on_message: Closure<dyn FnMut(MessageEvent)>,
    _on_error: Closure<dyn FnMut(ErrorEvent)>,
}

impl EngineWorker {
    /// Starts a worker; None where workers are not allowed.
    pub fn start(tell: impl Fn(Message) + Clone + 'static) -> Option<Self> {
        if !cfg!(target_arch = "wasm32") {
            return None;
        }
        let worker = spawn(LOADER).ok()?;
        let told = tell.clone();
        let on_message = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
            told(read(&event.data()));
        });
        let on_error = Closure::<dyn FnMut(ErrorEvent)>::new(move |event: ErrorEvent| {
            event.prevent_default(); // told in the page, in words
            tell(Message::Failed(event.message()));
        });
        worker.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        worker.set_onerror(Some(on_error.as_ref().unchecked_ref()));
        let start = Object::new();
        Reflect::set(&start, &"glue".into(), &at("app-glue").ok()?).ok()?;
        Reflect::set(&start, &"module".into(), &wasm_bindgen::module()).ok()?;
        let late = Reflect::get(&js_sys::global(), &"readyzLate".into()).ok()?;
        Reflect::set(&start, &"late".into(), &late).ok()?;
        worker.post_message(&start).ok()?;
        Some(EngineWorker {
            worker,
            _on_message: on_message,
            _on_error: on_error,
        })
    }

    /// Sends bytes, giving their buffer away.
    pub fn post(&self, bytes: &[u8]) -> bool {
        let array = Uint8Array::from(bytes);
        let buffers = Array::of1(&array.buffer());
        self.worker
            .post_message_with_transfer(&array, &buffers)
            .is_ok()
    }
}

impl Drop for EngineWorker {
    fn drop(&mut self) {
        // Handlers first: a call into a dropped closure would be an error of its own.
        self.worker.set_onmessage(None);
        self.worker.set_onerror(None);
        self.worker.terminate();
    }
}

fn read(data: &JsValue) -> Message {
    if let Some(bytes) = data.dyn_ref::<Uint8Array>() {
        return Message::Bytes(bytes.to_vec());
    }
    match data.as_string() {
        Some(text) if text == READY => Message::Ready,
        Some(text) => Message::Failed(text.trim_start_matches(FAILED).to_owned()),
        None => Message::Failed("unknown message".into()),
    }
}
