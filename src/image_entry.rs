//! The entry of an image, written into the text's Scenario.

use readyz_engine::manifest;

/// What is assumed of an image, one field a line, to be changed.
fn entry(image: &str, ports: &[u16], indent: &str) -> String {
    let ports: Vec<String> = ports.iter().map(u16::to_string).collect();
    let quoted = image.replace('\'', "''");
    let mut lines = vec![format!("- image: '{quoted}'"), "  startup: 1s".into()];
    if !ports.is_empty() {
        lines.push(format!("  listen: [{}]", ports.join(", ")));
    }
    lines.push("  http: [{path: /, status: 200}]".into());
    lines.push("  onStop: {after: 0s, exitCode: 0}".into());
    lines.push("  memory: 32Mi".into());
    let mut text = String::new();
    for line in lines {
        text.extend([indent, &line, "\n"]);
    }
    text
}

/// The text with the entry: in the images of its Scenario, in a Scenario without images, or in a
/// Scenario of its own. As it was, where it could not be read afterwards.
pub fn with_image(text: &str, image: &str, ports: &[u16]) -> String {
    let changed = match manifest::parse(text).scenario {
        None => with_scenario(text, image, ports),
        Some(scenario) => {
            let first = (scenario.first_line as usize).saturating_sub(1);
            within(text, first, scenario.last_line as usize, image, ports)
        }
    };
    let read = manifest::parse(&changed).scenario.unwrap_or_default();
    match read.images.iter().any(|known| known.image == image) {
        true => changed,
        false => text.to_owned(),
    }
}

fn with_scenario(text: &str, image: &str, ports: &[u16]) -> String {
    let mut changed = text.trim_end().to_owned();
    if !changed.is_empty() {
        changed.push_str("\n---\n");
    }
    changed.push_str("apiVersion: readyz.dev/v1alpha1\nkind: Scenario\nmetadata:\n  name: scenario\nspec:\n  images:\n");
    changed + &entry(image, ports, "  ")
}

fn indent_of(line: &str) -> &str {
    &line[..line.len() - line.trim_start().len()]
}

/// Inside of the Scenario between two lines.
fn within(text: &str, first: usize, last: usize, image: &str, ports: &[u16]) -> String {
    let mut lines: Vec<String> = text.split_inclusive('\n').map(String::from).collect();
    let last = last.min(lines.len());
    let find = |key: &str| (first..last).find(|&at| lines[at].trim_start().starts_with(key));
    let is_list = |at: &usize| !lines[*at].contains('[');
    if let Some(at) = find("images:").filter(is_list) {
        let next = lines.get(at + 1).map_or("", String::as_str);
        let model = match next.trim_start().starts_with('-') {
            true => next,
            false => &lines[at],
        };
        let block = entry(image, ports, indent_of(model));
        lines.insert(at + 1, block);
    } else if let Some(at) = find("images:") {
        let item = format!("[{{image: '{}', startup: 1s}}, ", image.replace('\'', "''"));
        lines[at] = lines[at].replacen('[', &item, 1);
    } else if let Some(at) = find("spec:") {
        let next = lines.get(at + 1).map_or("", String::as_str);
        let indent = match indent_of(next) {
            "" => "  ",
            indent => indent,
        };
        let block = format!("{indent}images:\n{}", entry(image, ports, indent));
        lines.insert(at + 1, block);
    }
    lines.concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    const POD: &str = "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec:\n  containers:\n  - \
                       {name: a, image: 'shop:1'}\n";
    const HEAD: &str = "---\napiVersion: readyz.dev/v1alpha1\nkind: Scenario\nspec:\n";

    /// What the text says of the image now; everything else that it said stays.
    fn check(scenario: &str, images: usize) {
        let text = [POD, scenario].concat();
        let changed = with_image(&text, "shop:1", &[8080]);
        let read = manifest::parse(&changed);
        assert_eq!(
            read.diagnostics,
            manifest::parse(&text).diagnostics,
            "{changed}"
        );
        let found = read.scenario.expect("a scenario");
        assert_eq!(found.images.len(), images, "{changed}");
        assert_eq!(found.images[0].image, "shop:1");
        for line in text.lines().filter(|line| !line.contains("images: [")) {
            assert!(changed.contains(line), "{line} of\n{changed}");
        }
    }

    #[test]
    fn an_image_is_described_where_the_scenario_has_its_images() {
        check("", 1);
        check(&format!("{HEAD}  duration: 5m # long\n"), 1);
        check(
            &format!("{HEAD}    seed: 3\n    images:\n    - image: b\n      startup: 2s\n"),
            2,
        );
        check(
            &format!("{HEAD}  images:\n  - {{image: b}}\n  duration: 5m\n"),
            2,
        );
        check(&format!("{HEAD}  images: [{{image: b}}]\n"), 2);
        let entry = entry("shop:1", &[8080], "");
        assert!(entry.contains("  listen: [8080]\n") && entry.contains("  memory: 32Mi\n"));
        // A form that it does not know stays as it is.
        let flow = "---\n{apiVersion: readyz.dev/v1alpha1, kind: Scenario}\n";
        let text = [POD, flow].concat();
        assert_eq!(with_image(&text, "shop:1", &[]), text);
    }
}
