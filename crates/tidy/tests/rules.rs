//! The rules themselves: each sees what it must see, and nothing in comments and literals.

use readyz_tidy::files::Source;
use readyz_tidy::length::{functions, Function};
use readyz_tidy::ratchet::{compare, Numbers};
use readyz_tidy::scan::{blank, without_tests};
use readyz_tidy::words;
use std::collections::BTreeMap;

fn engine(text: &str) -> Source {
    Source {
        path: "crates/engine/src/x.rs".to_string(),
        text: text.to_string(),
    }
}

#[test]
fn comments_and_literals_are_no_code() {
    let source = "a // b\n/* c /* d */ e */ f \"g\\\"h\" r#\"i\"j\"# 'k' '\\'' <'l> br\"m\" bar r2";
    let words: Vec<String> = blank(source)
        .split_whitespace()
        .map(str::to_string)
        .collect();
    assert_eq!(words, ["a", "f", "<'l>", "bar", "r2"]);
}

#[test]
fn test_modules_are_left_out() {
    let code = without_tests("fn a() {}\n#[cfg(test)]\nmod tests { fn b() {} }\nfn c() {}");
    assert!(code.contains("fn a") && code.contains("fn c") && !code.contains("fn b"));
}

#[test]
fn a_clock_a_hash_map_and_a_float_are_seen_in_the_engine() {
    let file = engine("use std::time::Instant;\ntype A = HashMap<u8, f64>; // HashSet\n");
    let found = words::engine_words(&file);
    assert_eq!(found.len(), 3, "{found:?}");
    assert!(found[0].starts_with("crates/engine/src/x.rs:1: `std::time`"));
    assert!(words::engine_words(&engine("struct MyHashMap; let of64 = 1;")).is_empty());
}

#[test]
fn usize_is_seen_in_fields_only() {
    let file = engine("struct A { a: u8,\n b: Vec<usize> }\nstruct B(usize);\nfn f(x: usize) {}\nstruct C;\nenum D { E { f: usize } }");
    assert_eq!(words::engine_usize(&file).len(), 3);
}

#[test]
fn forbidden_words_are_seen_in_any_file() {
    let word = ["FIX", "ME"].concat();
    let file = engine(&format!("# {word}: later\n# pre{word} is another word\n"));
    assert_eq!(words::forbidden_words(&file).len(), 1);
    assert_eq!(
        words::unsafe_code(&engine(concat!("un", "safe {}"))).len(),
        1
    );
}

#[test]
fn panics_are_counted_outside_tests() {
    let file = engine(
        "fn a() { b.unwrap(); c.expect(\"d\"); }\n#[cfg(test)]\nmod t { fn e() { f.unwrap(); } }",
    );
    assert_eq!(words::panics(&file), 2);
}

#[test]
fn functions_are_measured_from_name_to_brace() {
    let source =
        "trait T { fn declared(&self) -> [u8; 2]; }\nfn long(a: fn(u8)) {\n    if a { }\n}\n";
    let long = Function {
        name: "long".to_string(),
        lines: 3,
    };
    assert_eq!(functions(source), [long]);
}

#[test]
fn a_ratchet_turns_one_way() {
    let numbers: Numbers = [("a", 5), ("b", 5), ("c", 5)]
        .into_iter()
        .map(|(subject, n)| (("rule".to_string(), subject.to_string()), n))
        .collect();
    let measured: BTreeMap<String, usize> = [("a", 5), ("b", 6), ("d", 9)]
        .into_iter()
        .map(|(subject, n)| (subject.to_string(), n))
        .collect();
    let complaints = compare("rule", &measured, &numbers);
    let about = |subject: &str| {
        complaints
            .iter()
            .filter(|c| c.starts_with(&format!("rule {subject}")))
            .count()
    };
    assert_eq!(
        [about("a"), about("b"), about("c"), about("d")],
        [0, 1, 1, 1]
    );
    assert!(compare("other", &BTreeMap::new(), &numbers).is_empty());
}

#[test]
fn ids_are_found_where_tests_are() {
    use readyz_tidy::rules::{cited, tests};
    let ids = cited("// ABC-01 to ABC-03, abc-04, AB-05, ABC-6");
    assert_eq!(ids.into_iter().collect::<Vec<_>>(), ["ABC-01", "ABC-03"]);
    let file = engine("// AAA-01\n#[cfg(test)]\nmod tests { // BBB-02\n}");
    assert!(tests(&file).contains("BBB-02") && !tests(&file).contains("AAA-01"));
}
