//! The readyz page: a Yew application over the engine's façade.
//!
//! Data flows one way: text and gestures → [`store::Action`] → [`store::Store`] → `html!` →
//! pixels. What moves between two states of the store is painted by [`director`] straight from
//! facts and the playhead.

pub mod app;
pub mod bridge;
pub mod commands;
pub mod compare;
pub mod desk;
pub mod dialog;
pub mod director;
pub mod early;
pub mod editor;
pub mod embed;
pub mod examples;
pub mod format;
pub mod help;
pub mod hint;
pub mod host;
pub mod i18n;
pub mod icons;
pub mod image_entry;
pub mod inspector;
pub mod keyboard;
pub mod narration;
pub mod numbers;
pub mod opening;
pub mod paint;
pub mod pane;
pub mod panels;
pub mod picture;
pub mod platform;
pub mod playback;
pub mod print;
pub mod range;
pub mod share;
pub mod share_branches;
pub mod splitter;
pub mod store;
pub mod terminal;
pub mod time_tools;
pub mod timeline;
pub mod top_bar;
pub mod transport;
pub mod ui;
pub mod ui_keys;
pub mod undo;

#[cfg(test)]
mod style_tests;
