//! `readyz terminal`: a session of another day, typed again.

use std::io::Write;
use std::process::{Command, Stdio};

/// Types lines at a manifest; what is printed.
fn terminal(manifest: &str, lines: &str) -> String {
    let file = std::env::temp_dir().join(format!("typed-{}.yaml", std::process::id()));
    std::fs::write(&file, manifest).expect("written");
    let mut child = Command::new(env!("CARGO_BIN_EXE_readyz"))
        .arg("terminal")
        .arg(&file)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("readyz");
    let mut stdin = child.stdin.take().expect("a pipe");
    stdin.write_all(lines.as_bytes()).expect("written");
    drop(stdin);
    let output = child.wait_with_output().expect("ended");
    let _ = std::fs::remove_file(&file);
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// A line without its date, as squid writes it.
fn undated(line: &str) -> &str {
    line.split_once("| ").map_or(line, |(_, rest)| rest)
}

/// Seed 000: squid is shut down in a shell, its check fails, the shell is cut with the container,
/// and `describe` shows the three failures. Ids and dates apart, what was printed then.
#[test]
fn seed_000_is_typed_again() {
    let example = include_str!("../../../examples/squid-volume.yaml");
    let at = example
        .find("---\napiVersion: readyz.dev")
        .expect("a Scenario");
    let manifest = &example[..at];
    let name = terminal(manifest, "@60s\nkubectl -n squid get pods -o name\n");
    let name = name
        .lines()
        .nth(1)
        .and_then(|line| line.strip_prefix("pod/"));
    let name = name.expect("a Pod");
    let lines = format!(
        "@60s\nkubectl -n squid exec -it {name} -- /bin/bash\nsquid -k shutdown\n@+7s\nsquid -k \
         check\necho $?\n@+75s\nkubectl -n squid get pods\nkubectl -n squid describe pod {name} | \
         grep Unhealthy\n"
    );
    let printed = terminal(manifest, &lines);
    let lines: Vec<&str> = printed.lines().collect();
    let after = |typed: &str| {
        let place = lines.iter().position(|line| line.ends_with(typed));
        place.map_or(&[][..], |place| &lines[place + 1..])
    };
    let checked = after("# squid -k check");
    let fatal = "FATAL: failed to open /run/squid.pid: (2) No such file or directory";
    assert_eq!(
        checked.first().map(|line| undated(line)),
        Some(fatal),
        "{printed}"
    );
    assert_eq!(
        checked.get(1),
        Some(&"    exception location: File.cc(190) open")
    );
    let asked = after("# echo $?");
    assert_eq!(
        asked[..2],
        ["1", "command terminated with exit code 137"],
        "{printed}"
    );
    let row: Vec<&str> = after("get pods")[1].split_whitespace().collect();
    assert_eq!(row[..4], [name, "1/1", "Running", "1"], "{printed}");
    let unhealthy: Vec<&str> = after("grep Unhealthy").to_vec();
    assert_eq!(unhealthy.len(), 3, "{printed}");
    for line in unhealthy {
        let words: Vec<&str> = line.split_whitespace().collect();
        assert_eq!(words[..2], ["Warning", "Unhealthy"], "{line}");
        assert!(
            line.contains("Liveness probe failed: ") && line.ends_with(fatal),
            "{line}"
        );
    }
}
