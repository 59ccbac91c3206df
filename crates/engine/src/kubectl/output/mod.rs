//! Objects as data, and how `-o` prints them (GET-04).

mod custom_columns;
mod go_template;
mod json;
mod jsonpath;
mod struct_order;
mod value;
mod yaml;

pub use custom_columns::custom_columns;
pub use go_template::{go_text, GoTemplate};
pub use json::{compact_json, json, json_at, json_of_struct, quoted};
pub use jsonpath::JsonPath;
pub use value::{list, map, Map, Value};
pub use yaml::yaml;
