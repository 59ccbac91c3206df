//! `-o custom-columns=NAME:.metadata.name,…`.

use super::{go_text, JsonPath, Value};
use crate::kubectl::failure::Failure;
use crate::kubectl::Table;

/// The table of some objects, and why it ends early.
///
/// # Errors
/// What is wrong with the columns.
pub fn custom_columns(
    spec: &str,
    objects: &[Value],
    titles: bool,
) -> Result<(String, Option<Failure>), Failure> {
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
        columns.push((title, path));
    }
    let relaxed = |(title, path)| Ok((title, JsonPath::relaxed_text(path)?));
    let columns: Result<Vec<(&str, String)>, String> = columns.into_iter().map(relaxed).collect();
    let columns = columns.map_err(Failure::client)?;
    let heads: Vec<&str> = columns.iter().map(|(title, _)| *title).collect();
    let mut table = Table::new(&heads);
    if !titles {
        table.without_titles();
    }
    let paths = columns.iter().map(|(_, path)| JsonPath::parse(path));
    let paths: Vec<JsonPath> = match paths.collect() {
        Ok(paths) => paths,
        Err(why) => return Ok((table.print_with_titles(), Some(Failure::client(why)))),
    };
    let mut failure = None;
    for object in objects {
        match paths.iter().map(|path| cell(path, object)).collect() {
            Ok(cells) => table.row(cells),
            Err(why) => {
                failure = Some(Failure::client(why));
                break;
            }
        }
    }
    let text = match failure {
        None => table.print(),
        Some(_) => table.print_with_titles(),
    };
    Ok((text, failure))
}

fn cell(path: &JsonPath, object: &Value) -> Result<String, String> {
    let found: Vec<String> = path.find(object)?.into_iter().map(go_text).collect();
    Ok(match found.is_empty() {
        true => "<none>".to_owned(),
        false => found.join(","),
    })
}
