//! The API server's field rules (semantics/validation.md §5, §6), one block each in `rules/`: what
//! kubectl must print for a manifest. The texts are those of the rules.

use readyz_engine::manifest::{answer, parse, Verb};
use std::fmt::Write;

/// A block of a rules file.
struct Block<'t> {
    rule: &'t str,
    kind: &'t str,
    yaml: String,
    expected: Vec<String>,
}

fn blocks(text: &str) -> Vec<Block<'_>> {
    let mut blocks: Vec<Block> = Vec::new();
    for line in text.lines() {
        if let Some(title) = line.strip_prefix("## ") {
            let (rule, kind) = title.split_once(' ').expect("a rule and a kind");
            blocks.push(Block {
                rule,
                kind,
                yaml: String::new(),
                expected: Vec::new(),
            });
        } else if let Some(block) = blocks.last_mut() {
            if let Some(words) = line.strip_prefix("=> ") {
                let line = [" ", words].concat().replace(" P.", " spec.containers[0].");
                block.expected.push(line.trim_start().to_string());
            } else if !line.starts_with('#') && !line.is_empty() {
                writeln!(block.yaml, "{line}").expect("a string takes it");
            }
        }
    }
    blocks
}

fn indented(yaml: &str, spaces: usize) -> String {
    yaml.lines()
        .map(|line| format!("{:spaces$}{line}\n", ""))
        .collect()
}

/// The whole object.
fn manifest(block: &Block) -> String {
    let pod = "apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec:\n";
    let container = "  containers:\n  - name: app\n    image: nginx\n";
    let yaml = &block.yaml;
    match block.kind {
        "object" => yaml.clone(),
        "pod" => format!("{pod}{}", indented(yaml, 2)),
        "container" => format!("{pod}{container}{}", indented(yaml, 4)),
        "init" => format!(
            "{pod}{container}  initContainers:\n  - name: first\n    image: nginx\n{}",
            indented(yaml, 4)
        ),
        "deployment" => format!(
            "apiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: web}}\nspec:\n{}",
            indented(yaml, 2)
        ),
        "service" => format!(
            "apiVersion: v1\nkind: Service\nmetadata: {{name: web}}\nspec:\n{}",
            indented(yaml, 2)
        ),
        other => panic!("no such kind of block: {other}"),
    }
}

/// The complaints in what kubectl printed (VAL-01, VAL-02, VAL-05).
fn complaints(stderr: &str) -> Vec<String> {
    let mut found = Vec::new();
    for line in stderr.lines() {
        let one = match line.split_once("is invalid: ") {
            Some((_, "")) => continue,
            Some((_, text)) => text,
            None => line.strip_prefix("* ").unwrap_or(line),
        };
        found.push(one.to_string());
    }
    found
}

fn check(text: &str) {
    let mut wrong = String::new();
    for block in blocks(text) {
        let yaml = manifest(&block);
        let stream = parse(&yaml);
        let printed = answer(&[("f.yaml", &stream)], Verb::Apply, None);
        let found = complaints(&printed.stderr);
        let refused = block
            .expected
            .iter()
            .any(|line| !line.starts_with("Warning: "));
        if found != block.expected || printed.exit != u8::from(refused) {
            let rule = block.rule;
            writeln!(
                wrong,
                "{rule}:\n{yaml}printed:  {found:#?}\nexpected: {:#?}",
                block.expected
            )
            .expect("a string takes it");
        }
        // The page shows the same under the rule's id.
        let cited = stream.diagnostics.iter().any(|d| d.rule == block.rule);
        if !cited && !block.expected.is_empty() {
            let rules: Vec<&str> = stream.diagnostics.iter().map(|d| d.rule.as_str()).collect();
            writeln!(wrong, "{}: cited as {rules:?}\n{yaml}", block.rule).expect("as above");
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn probes_and_hooks() {
    check(include_str!("rules/probes.txt"));
}

#[test]
fn containers_and_pods() {
    check(include_str!("rules/pods.txt"));
}

#[test]
fn workloads() {
    check(include_str!("rules/workloads.txt"));
}

#[test]
fn services_and_data() {
    check(include_str!("rules/services.txt"));
}
