//! The readyz page: a Yew application over the engine's façade.

pub mod app;
