//! What kubectl would print (KUB-*, POD-*, GET-*). One file a topic; later one file a verb.

mod duration;
mod pod_row;
mod table;

pub use duration::{go_duration, human_duration};
pub use pod_row::{pod_row, PodRow};
pub use table::Table;
