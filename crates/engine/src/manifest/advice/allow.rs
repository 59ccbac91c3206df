//! Comments that switch rules off.

/// One `# readyz: allow RULE`.
pub(super) struct Allow<'t> {
    rule: &'t str,
    /// 1-based.
    line: u32,
    /// The line holds nothing but the comment.
    alone: bool,
    /// Only comments and empty lines stand between it and this line.
    reaches: u32,
}

impl Allow<'_> {
    /// Whether it switches `rule` off for a remark in `line` of an object that begins in
    /// `first_line`.
    pub(super) fn covers(&self, rule: &str, line: u32, first_line: u32) -> bool {
        let here = self.line == line || (self.alone && self.reaches == line);
        let whole = self.alone && self.reaches == first_line;
        self.rule == rule && (here || whole)
    }
}

/// The comments of a text; several rules may follow one `allow`.
pub(super) fn read(text: &str) -> Vec<Allow<'_>> {
    let mut allowed = Vec::new();
    // Most texts have none.
    if !text.contains("readyz:") {
        return allowed;
    }
    let lines: Vec<&str> = text.lines().collect();
    for (index, line) in lines.iter().enumerate() {
        let Some((before, comment)) = line.split_once('#') else {
            continue;
        };
        let words = comment.trim().strip_prefix("readyz:").map(str::trim);
        let Some(rules) = words.and_then(|words| words.strip_prefix("allow")) else {
            continue;
        };
        let is_filler = |line: &&str| {
            let line = line.trim();
            line.is_empty() || line.starts_with('#') || line.starts_with("---")
        };
        let fillers = lines[index + 1..].iter().take_while(|line| is_filler(line));
        let reaches = (index + fillers.count() + 2) as u32;
        for rule in rules.split([' ', ',']).filter(|rule| !rule.is_empty()) {
            allowed.push(Allow {
                rule,
                line: index as u32 + 1,
                alone: before.trim().is_empty(),
                reaches,
            });
        }
    }
    allowed
}
