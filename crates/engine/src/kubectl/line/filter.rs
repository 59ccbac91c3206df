//! What may stand behind a pipe: grep, head, tail, wc, sort, cat.

use crate::container::shell::regex::Regex;

/// Text and exit code, or what the shell says instead.
type Filtered = Result<(String, u8), String>;

/// Applies one command to a text.
pub(super) fn run(name: &str, arguments: &[String], text: &str) -> Filtered {
    match name {
        "grep" | "egrep" => grep(name == "egrep", arguments, text),
        "head" | "tail" => ends(name, arguments, text),
        "wc" => count(arguments, text),
        "sort" => sort(arguments, text),
        "cat" | "less" | "more" => Ok((text.into(), 0)),
        other => Err(format!("sh: {other}: not found")),
    }
}

/// The flags of a command without values, and the other words.
fn flags<'a>(
    name: &str,
    known: &str,
    arguments: &'a [String],
) -> Result<(String, Vec<&'a str>), String> {
    let mut flags = String::new();
    let mut rest = Vec::new();
    for argument in arguments {
        match argument
            .strip_prefix('-')
            .filter(|letters| !letters.is_empty())
        {
            Some(letters) if rest.is_empty() => {
                if let Some(letter) = letters.chars().find(|letter| !known.contains(*letter)) {
                    return Err(format!("{name}: unrecognized option: {letter}"));
                }
                flags.push_str(letters);
            }
            _ => rest.push(argument.as_str()),
        }
    }
    Ok((flags, rest))
}

fn grep(extended: bool, arguments: &[String], text: &str) -> Filtered {
    let (mut flags, mut rest) = flags("grep", "EFivcne", arguments)?;
    if let Some((pattern, rest)) = rest.split_first().filter(|_| flags.ends_with('e')) {
        return grep_lines(&flags, extended, pattern, rest, text);
    }
    flags.push(' ');
    if rest.is_empty() {
        return Err("grep: no pattern".into());
    }
    let pattern = rest.remove(0);
    grep_lines(&flags, extended, pattern, &rest, text)
}

fn grep_lines(flags: &str, extended: bool, pattern: &str, rest: &[&str], text: &str) -> Filtered {
    if let Some(file) = rest.first() {
        return Err(format!("grep: {file}: No such file or directory"));
    }
    let has = |flag: char| flags.contains(flag);
    let regex = if has('F') {
        Some(Regex::literal(pattern, has('i')))
    } else {
        Regex::new(pattern, extended || has('E'), has('i'))
    };
    let regex = regex.ok_or_else(|| format!("grep: bad regex '{pattern}'"))?;
    let mut out = String::new();
    let mut found = 0;
    for (index, line) in text.lines().enumerate() {
        let chars: Vec<char> = line.chars().collect();
        if regex.find(&chars, 0).is_some() == has('v') {
            continue;
        }
        found += 1;
        if has('n') && !has('c') {
            out.push_str(&format!("{}:", index + 1));
        }
        if !has('c') {
            out.push_str(line);
            out.push('\n');
        }
    }
    if has('c') {
        out = format!("{found}\n");
    }
    Ok((out, u8::from(found == 0)))
}

/// `head` and `tail` with `-n N`, `-nN`, `-N`.
fn ends(name: &str, arguments: &[String], text: &str) -> Filtered {
    let mut count = 10;
    let mut words = arguments.iter();
    while let Some(word) = words.next() {
        let given = match word.strip_prefix("-n").or_else(|| word.strip_prefix('-')) {
            Some("") => words.next().map_or("", |next| next.as_str()),
            Some(given) => given,
            None => return Err(format!("{name}: {word}: No such file or directory")),
        };
        let number: Result<u32, _> = given.parse();
        count = number.map_err(|_| format!("{name}: invalid number '{given}'"))? as usize;
    }
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    let kept = match name {
        "head" => &lines[..count.min(lines.len())],
        _ => &lines[lines.len().saturating_sub(count)..],
    };
    Ok((kept.concat(), 0))
}

fn count(arguments: &[String], text: &str) -> Filtered {
    let (flags, _) = flags("wc", "lwc", arguments)?;
    let counts = [
        ('l', text.matches('\n').count()),
        ('w', text.split_whitespace().count()),
        ('c', text.len()),
    ];
    let wanted = counts
        .iter()
        .filter(|(flag, _)| flags.is_empty() || flags.contains(*flag));
    let wanted: Vec<usize> = wanted.map(|(_, count)| *count).collect();
    let words: Vec<String> = match wanted[..] {
        [one] => vec![one.to_string()],
        _ => wanted.iter().map(|count| format!("{count:9}")).collect(),
    };
    Ok((words.join(" ") + "\n", 0))
}

fn sort(arguments: &[String], text: &str) -> Filtered {
    let (flags, _) = flags("sort", "rn", arguments)?;
    let mut lines: Vec<&str> = text.lines().collect();
    if flags.contains('n') {
        let number = |line: &str| {
            let line = line.trim_start();
            let digits = line
                .find(|c: char| !c.is_ascii_digit())
                .unwrap_or(line.len());
            line[..digits].parse::<u64>().unwrap_or(0)
        };
        lines.sort_by_key(|line| number(line));
    } else {
        lines.sort_unstable();
    }
    if flags.contains('r') {
        lines.reverse();
    }
    let mut out = lines.join("\n");
    if !out.is_empty() {
        out.push('\n');
    }
    Ok((out, 0))
}
