//! Every browser effect of the page. Natively (prerender, tests) each of these does nothing or
//! answers with a default, so that the rest of the page need not ask where it runs.

pub mod clipboard;
pub mod dom;
pub mod editor;
pub mod engine_worker;
pub mod frame;
pub mod host;
pub mod link;
pub mod location;
pub mod motion;
pub mod observe;
pub mod storage;
pub mod worker;
