//! Rules about words and fields. Each returns the places that break it, as `path:line: why`.

use crate::files::Source;
use crate::scan::{blank, closing, line_of, without_tests, words};

/// What must not stand in the simulator's code, and why.
const ENGINE: [(&str, &str); 19] = [
    ("std::time", "`now` is an argument; nothing reads a clock"),
    ("SystemTime", "`now` is an argument; nothing reads a clock"),
    (
        "Instant::now",
        "`now` is an argument; nothing reads a clock",
    ),
    ("HashMap", "its order differs between runs: use BTreeMap"),
    ("HashSet", "its order differs between runs: use BTreeSet"),
    (
        "RandomState",
        "its order differs between runs: use BTreeMap",
    ),
    ("f32", "decisions are made in integers"),
    ("f64", "decisions are made in integers"),
    ("std::thread", "one thread, one order"),
    ("thread_local!", "state belongs to the cluster"),
    ("static mut", "state belongs to the cluster"),
    ("std::fs", "no I/O: the embedder reads files"),
    ("std::net", "no I/O: the network is simulated"),
    ("std::env", "no I/O: settings are arguments"),
    ("std::process", "no I/O: processes are simulated"),
    ("println!", "no I/O: return a Record or a Diagnostic"),
    ("eprintln!", "no I/O: return a Record or a Diagnostic"),
    ("print!", "no I/O: return a Record or a Diagnostic"),
    ("dbg!", "left over from debugging"),
];

/// Numbers with a point that decide nothing: they are read from or shown to people.
const FLOATS_ALLOWED: [&str; 1] = ["crates/engine/src/trace/"];

/// Where `usize` in a struct is a position in a text that lives on the same machine, not state.
const POSITIONS_ALLOWED: [&str; 3] = [
    "crates/engine/src/manifest/",
    "crates/engine/src/container/shell/",
    "crates/engine/src/kubectl/",
];

/// Words that the simulator's code must not hold.
pub fn engine_words(file: &Source) -> Vec<String> {
    let code = without_tests(&blank(&file.text));
    let mut found = Vec::new();
    for (word, why) in ENGINE {
        let float = word == "f32" || word == "f64";
        if float && allowed(&FLOATS_ALLOWED, &file.path) {
            continue;
        }
        for at in words(&code, word) {
            found.push(place(file, &code, at, &format!("`{word}`: {why}")));
        }
    }
    found
}

/// `usize` in the fields of structs and enums: it is 32 bits wide in the browser, 64 natively.
pub fn engine_usize(file: &Source) -> Vec<String> {
    if allowed(&POSITIONS_ALLOWED, &file.path) {
        return Vec::new();
    }
    let code = without_tests(&blank(&file.text));
    let mut found = Vec::new();
    for keyword in ["struct", "enum"] {
        for start in words(&code, keyword) {
            let Some(open) = code[start..].find(['{', '(', ';']).map(|i| start + i) else {
                continue;
            };
            let end = match code.as_bytes()[open] {
                b'{' => closing(&code, open),
                b'(' => code[open..].find(';').map_or(code.len(), |i| open + i),
                _ => continue,
            };
            for at in words(&code[open..end], "usize") {
                let why = "`usize` in state differs between wasm and native: use u32 or u64";
                found.push(place(file, &code, open + at, why));
            }
        }
    }
    found
}

/// Words that no file may hold. Spelt in two halves, so that this file does not hold them either.
fn everywhere() -> Vec<(String, &'static str)> {
    [
        ("inner", "HTML", "a script sink; Yew's html! escapes"),
        ("outer", "HTML", "a script sink; Yew's html! escapes"),
        (
            "insertAdjacent",
            "HTML",
            "a script sink; Yew's html! escapes",
        ),
        ("danger", "ously", "a script sink; Yew's html! escapes"),
        (
            "from_html_",
            "unchecked",
            "a script sink; Yew's html! escapes",
        ),
        ("TO", "DO", "finish it, or open an issue"),
        ("FIX", "ME", "finish it, or open an issue"),
        ("XX", "X", "finish it, or open an issue"),
        ("todo", "!()", "finish it, or open an issue"),
        ("unimple", "mented!", "finish it, or open an issue"),
        ("/home", "/runner", "an absolute path of one machine"),
        ("/Us", "ers/", "an absolute path of one machine"),
        ("/wo", "rk/", "an absolute path of one machine"),
        ("/root", "/.", "an absolute path of one machine"),
        ("registry.np", "mjs", "the host of a package registry"),
        ("npm", "mirror", "the host of a package registry"),
        ("index.cra", "tes.io", "the host of a package registry"),
        ("static.cra", "tes.io", "the host of a package registry"),
        ("deb.deb", "ian.org", "the host of a package registry"),
    ]
    .into_iter()
    .map(|(a, b, why)| (format!("{a}{b}"), why))
    .collect()
}

/// Words that no file may hold, whatever its language, comments included.
pub fn forbidden_words(file: &Source) -> Vec<String> {
    let mut found = Vec::new();
    for (word, why) in everywhere() {
        for at in words(&file.text, &word) {
            found.push(place(file, &file.text, at, &format!("`{word}`: {why}")));
        }
    }
    found
}

/// Rust that steps outside the language's guarantees.
pub fn unsafe_code(file: &Source) -> Vec<String> {
    let code = blank(&file.text);
    words(&code, concat!("un", "safe"))
        .map(|at| place(file, &code, at, "nothing here needs it"))
        .collect()
}

/// How often non-test code may panic on purpose: calls that end the program on a bad value.
pub fn panics(file: &Source) -> usize {
    let code = without_tests(&blank(&file.text));
    [".unwrap()", ".expect(", "panic!", "unreachable!"]
        .iter()
        .map(|word| words(&code, word).count())
        .sum()
}

fn allowed(list: &[&str], path: &str) -> bool {
    list.iter().any(|prefix| path.starts_with(prefix))
}

fn place(file: &Source, text: &str, at: usize, why: &str) -> String {
    format!("{}:{}: {why}", file.path, line_of(text, at))
}
