//! `-o custom-columns=NAME:.metadata.name,…`.

use super::{JsonPath, Value};
use crate::kubectl::failure::Failure;
use crate::kubectl::Table;

/// The table of some objects.
pub fn custom_columns(spec: &str, objects: &[Value], titles: bool) -> Result<String, Failure> {
    if spec.is_empty() {
        let text = "custom-columns format specified but no custom columns given";
        return Err(Failure::client(text));
    }
    let mut columns = Vec::new();
    for column in spec.split(',') {
        let Some((title, path)) = column.split_once(':') else {
            let text = format!(
                "unexpected custom-columns spec: {column}, expected <header>:<json-path-expr>"
            );
            return Err(Failure::client(text));
        };
        let path = path.trim_matches(['{', '}']);
        let dot = if path.starts_with('.') { "" } else { "." };
        columns.push((title, JsonPath::parse(&format!("{{{dot}{path}}}"))?));
    }
    let heads: Vec<&str> = columns.iter().map(|(title, _)| *title).collect();
    let mut table = Table::new(&heads);
    if !titles {
        table.without_titles();
    }
    for object in objects {
        let cells = columns.iter().map(|(_, path)| {
            let found: Vec<String> = path.find(object).iter().map(|v| v.plain()).collect();
            if found.is_empty() {
                "<none>".to_owned()
            } else {
                found.join(",")
            }
        });
        table.row(cells.collect());
    }
    Ok(table.print())
}
