//! The style sheets keep what the code and the design rely on.

const TOKENS: &str = include_str!("../static/css/tokens.css");

/// The declarations between a selector and the brace that closes it.
fn block(selector: &str) -> Vec<&'static str> {
    let from = TOKENS.find(selector).expect(selector) + selector.len();
    let to = from + TOKENS[from..].find('}').expect("a closing brace");
    TOKENS[from..to]
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .collect()
}

#[test]
fn dark_is_the_same_by_choice_and_by_the_system() {
    let chosen = block("[data-theme=\"dark\"] {");
    assert!(chosen.len() > 10);
    assert_eq!(chosen, block(":root:not([data-theme]) {"));
}

/// Relative luminance of `#rrggbb` (WCAG 2).
fn luminance(hex: &str) -> f64 {
    let channel = |at: usize| {
        let value = f64::from(u8::from_str_radix(&hex[at..at + 2], 16).expect(hex)) / 255.0;
        if value <= 0.03928 {
            value / 12.92
        } else {
            ((value + 0.055) / 1.055).powf(2.4)
        }
    };
    0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5)
}

fn contrast(one: &str, other: &str) -> f64 {
    let (one, other) = (luminance(one), luminance(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

fn token(lines: &[&'static str], name: &str) -> &'static str {
    let needle = format!("{name}:");
    lines
        .iter()
        .flat_map(|line| line.split(';'))
        .find_map(|one| one.trim().strip_prefix(&needle))
        .unwrap_or_else(|| panic!("{name} is not set"))
        .trim()
}

#[test]
fn words_can_be_read_in_both_themes() {
    for selector in [":root, [data-theme=\"light\"] {", "[data-theme=\"dark\"] {"] {
        let lines = block(selector);
        for meaning in ["ok", "bad", "wait", "boot", "gone", "you"] {
            let ink = token(&lines, &format!("--{meaning}-ink"));
            let own = format!("--{meaning}-bg");
            for ground in ["--bg", "--panel", "--inset", own.as_str()] {
                let ratio = contrast(ink, token(&lines, ground));
                assert!(
                    ratio >= 4.5,
                    "{selector} {meaning}-ink on {ground}: {ratio:.2}"
                );
            }
            let stroke = contrast(
                token(&lines, &format!("--{meaning}")),
                token(&lines, "--panel"),
            );
            assert!(
                stroke >= 3.0,
                "{selector} {meaning} on --panel: {stroke:.2}"
            );
        }
        for ink in ["--ink", "--ink-2", "--ink-3"] {
            for ground in ["--bg", "--panel", "--inset"] {
                let ratio = contrast(token(&lines, ink), token(&lines, ground));
                assert!(ratio >= 4.5, "{selector} {ink} on {ground}: {ratio:.2}");
            }
        }
    }
}
