//! Regular expressions of grep, sed and expr: basic and extended POSIX syntax, by backtracking
//! with a bound on the work.

use super::pattern::in_class;

/// A compiled expression.
#[derive(Clone, Debug)]
pub struct Regex {
    root: Node,
    groups: usize,
    ignore_case: bool,
}

#[derive(Clone, Debug)]
enum Node {
    Char(char),
    Any,
    Class { negated: bool, items: Vec<Item> },
    Start,
    End,
    WordEdge,
    Group(Box<Node>, usize),
    Back(usize),
    Sequence(Vec<Node>),
    Either(Vec<Node>),
    Repeat { node: Box<Node>, min: u32, max: u32 },
}

#[derive(Clone, Debug)]
enum Item {
    Range(char, char),
    Named(String),
}

/// Beginning and end of a group, in characters.
pub type Span = Option<(usize, usize)>;

/// Steps a match may take.
const WORK_MAX: u32 = 200_000;

struct Compiler<'a> {
    text: &'a [char],
    at: usize,
    extended: bool,
    groups: usize,
    depth: u32,
}

impl Regex {
    /// Compiles an expression; None: it is malformed.
    pub fn new(text: &str, extended: bool, ignore_case: bool) -> Option<Regex> {
        let chars: Vec<char> = text.chars().collect();
        let mut compiler = Compiler {
            text: &chars,
            at: 0,
            extended,
            groups: 0,
            depth: 0,
        };
        let root = compiler.either()?;
        if compiler.at < chars.len() {
            return None;
        }
        Some(Regex {
            root,
            groups: compiler.groups,
            ignore_case,
        })
    }

    /// An expression that matches a text literally.
    pub fn literal(text: &str, ignore_case: bool) -> Regex {
        Regex {
            root: Node::Sequence(text.chars().map(Node::Char).collect()),
            groups: 0,
            ignore_case,
        }
    }

    /// Number of groups.
    pub fn groups(&self) -> usize {
        self.groups
    }

    /// The first match at or after `from`: the whole first, then the groups.
    pub fn find(&self, text: &[char], from: usize) -> Option<Vec<Span>> {
        for start in from..=text.len() {
            if let Some(spans) = self.match_at(text, start) {
                return Some(spans);
            }
        }
        None
    }

    /// A match that begins right at a position.
    pub fn match_at(&self, text: &[char], start: usize) -> Option<Vec<Span>> {
        let mut matcher = Matcher {
            text,
            ignore_case: self.ignore_case,
            spans: vec![None; self.groups + 1],
            work: 0,
        };
        let mut end = None;
        let found = matcher.run(&self.root, start, &mut |_, at| {
            end = Some(at);
            true
        });
        if !found {
            return None;
        }
        let mut spans = matcher.spans;
        spans[0] = Some((start, end?));
        Some(spans)
    }
}

impl Compiler<'_> {
    fn peek(&self) -> Option<char> {
        self.text.get(self.at).copied()
    }

    /// Whether an operator stands here: bare in extended syntax, after a backslash in basic.
    fn operator(&self, op: char) -> Option<usize> {
        if self.extended {
            return (self.peek() == Some(op)).then_some(1);
        }
        (self.peek() == Some('\\') && self.text.get(self.at + 1) == Some(&op)).then_some(2)
    }

    fn either(&mut self) -> Option<Node> {
        self.depth += 1;
        if self.depth > 50 {
            return None;
        }
        let mut branches = vec![self.sequence()?];
        while let Some(length) = self.operator('|') {
            self.at += length;
            branches.push(self.sequence()?);
        }
        self.depth -= 1;
        Some(match branches.len() {
            1 => branches.remove(0),
            _ => Node::Either(branches),
        })
    }

    fn sequence(&mut self) -> Option<Node> {
        let mut nodes: Vec<Node> = Vec::new();
        loop {
            if self.peek().is_none() || self.operator('|').is_some() {
                break;
            }
            if self.operator(')').is_some() && (self.depth > 1 || !self.extended) {
                break;
            }
            let node = self.atom(nodes.is_empty())?;
            nodes.push(self.repeated(node)?);
        }
        Some(Node::Sequence(nodes))
    }

    fn repeated(&mut self, mut node: Node) -> Option<Node> {
        loop {
            let (min, max) = if self.peek() == Some('*') {
                self.at += 1;
                (0, u32::MAX)
            } else if let Some(length) = self.operator('+') {
                self.at += length;
                (1, u32::MAX)
            } else if let Some(length) = self.operator('?') {
                self.at += length;
                (0, 1)
            } else if let Some(length) = self.operator('{') {
                self.at += length;
                self.bounds()?
            } else {
                return Some(node);
            };
            node = Node::Repeat {
                node: Box::new(node),
                min,
                max,
            };
        }
    }

    fn bounds(&mut self) -> Option<(u32, u32)> {
        let mut text = String::new();
        while let Some(c) = self.peek() {
            if let Some(length) = self.operator('}') {
                self.at += length;
                let (min, max) = text.split_once(',').unwrap_or((&text, &text));
                let min = if min.is_empty() { 0 } else { min.parse().ok()? };
                let max = if max.is_empty() {
                    u32::MAX
                } else {
                    max.parse().ok()?
                };
                return Some((min, max));
            }
            text.push(c);
            self.at += 1;
        }
        None
    }

    fn atom(&mut self, first: bool) -> Option<Node> {
        if let Some(length) = self.operator('(') {
            self.at += length;
            self.groups += 1;
            let number = self.groups;
            let inner = self.either()?;
            self.at += self.operator(')')?;
            return Some(Node::Group(Box::new(inner), number));
        }
        let c = self.peek()?;
        self.at += 1;
        Some(match c {
            '.' => Node::Any,
            '^' if self.extended || first => Node::Start,
            '$' if self.extended || self.ends_here() => Node::End,
            '[' => self.class()?,
            '*' if first => Node::Char('*'),
            '\\' => {
                let c = self.peek()?;
                self.at += 1;
                match c {
                    'n' => Node::Char('\n'),
                    't' => Node::Char('\t'),
                    'w' => word_class(false),
                    'W' => word_class(true),
                    's' => space_class(false),
                    'S' => space_class(true),
                    'b' | '<' | '>' => Node::WordEdge,
                    '1'..='9' => Node::Back(c.to_digit(10)? as usize),
                    c => Node::Char(c),
                }
            }
            c => Node::Char(c),
        })
    }

    /// Whether a `$` is the last character of its branch.
    fn ends_here(&self) -> bool {
        self.peek().is_none() || self.operator(')').is_some() || self.operator('|').is_some()
    }

    fn class(&mut self) -> Option<Node> {
        let negated = self.peek() == Some('^');
        if negated {
            self.at += 1;
        }
        let first = self.at;
        let mut items = Vec::new();
        loop {
            let c = self.peek()?;
            self.at += 1;
            if c == ']' && self.at > first + 1 {
                return Some(Node::Class { negated, items });
            }
            if c == '[' && self.peek() == Some(':') {
                let rest = &self.text[self.at + 1..];
                let end = rest.iter().position(|c| *c == ':')?;
                items.push(Item::Named(rest[..end].iter().collect()));
                self.at += end + 3;
                continue;
            }
            let next = self.text.get(self.at + 1).copied();
            if self.peek() == Some('-') && next.is_some_and(|n| n != ']') {
                items.push(Item::Range(c, next?));
                self.at += 2;
            } else {
                items.push(Item::Range(c, c));
            }
        }
    }
}

fn word_class(negated: bool) -> Node {
    let items = vec![Item::Named("alnum".to_string()), Item::Range('_', '_')];
    Node::Class { negated, items }
}

fn space_class(negated: bool) -> Node {
    Node::Class {
        negated,
        items: vec![Item::Named("space".to_string())],
    }
}

struct Matcher<'a> {
    text: &'a [char],
    ignore_case: bool,
    spans: Vec<Span>,
    work: u32,
}

type Next<'n> = &'n mut dyn FnMut(&mut Matcher<'_>, usize) -> bool;

impl Matcher<'_> {
    fn run(&mut self, node: &Node, at: usize, next: Next<'_>) -> bool {
        self.work += 1;
        if self.work > WORK_MAX {
            return false;
        }
        match node {
            Node::Sequence(nodes) => self.sequence(nodes, at, next),
            Node::Either(branches) => {
                for branch in branches {
                    if self.run(branch, at, next) {
                        return true;
                    }
                }
                false
            }
            Node::Group(inner, number) => {
                let old = self.spans[*number];
                let number = *number;
                let found = self.run(inner, at, &mut |matcher, end| {
                    let before = matcher.spans[number];
                    matcher.spans[number] = Some((at, end));
                    if next(matcher, end) {
                        return true;
                    }
                    matcher.spans[number] = before;
                    false
                });
                if !found {
                    self.spans[number] = old;
                }
                found
            }
            Node::Repeat { node, min, max } => self.repeat(node, (*min, *max), at, next),
            Node::Start => at == 0 && next(self, at),
            Node::End => at == self.text.len() && next(self, at),
            Node::WordEdge => {
                let word =
                    |c: Option<&char>| c.is_some_and(|c| c.is_ascii_alphanumeric() || *c == '_');
                let before = at.checked_sub(1).and_then(|i| self.text.get(i));
                word(before) != word(self.text.get(at)) && next(self, at)
            }
            Node::Back(number) => {
                let Some(Some((start, end))) = self.spans.get(*number).copied() else {
                    return false;
                };
                let length = end - start;
                self.text.get(at..at + length) == self.text.get(start..end)
                    && next(self, at + length)
            }
            single => match self.text.get(at) {
                Some(c) if self.fits(single, *c) => next(self, at + 1),
                _ => false,
            },
        }
    }

    fn sequence(&mut self, nodes: &[Node], at: usize, next: Next<'_>) -> bool {
        match nodes.split_first() {
            None => next(self, at),
            Some((first, rest)) => self.run(first, at, &mut |matcher, end| {
                matcher.sequence(rest, end, next)
            }),
        }
    }

    fn repeat(&mut self, node: &Node, bounds: (u32, u32), at: usize, next: Next<'_>) -> bool {
        // Single characters need no recursion: take all, then give back.
        if !matches!(
            node,
            Node::Group(..) | Node::Sequence(_) | Node::Either(_) | Node::Repeat { .. }
        ) {
            let mut end = at;
            let mut count = 0;
            while count < bounds.1 && self.text.get(end).is_some_and(|c| self.fits(node, *c)) {
                end += 1;
                count += 1;
            }
            loop {
                if count < bounds.0 {
                    return false;
                }
                if next(self, end) {
                    return true;
                }
                if end == at {
                    return false;
                }
                end -= 1;
                count -= 1;
            }
        }
        if bounds.1 > 0 {
            let less = (bounds.0.saturating_sub(1), bounds.1.saturating_sub(1));
            let found = self.run(node, at, &mut |matcher, end| {
                end > at && matcher.repeat(node, less, end, next)
            });
            if found {
                return true;
            }
        }
        bounds.0 == 0 && next(self, at)
    }

    fn fits(&self, node: &Node, c: char) -> bool {
        match node {
            Node::Any => true,
            Node::Char(wanted) => {
                *wanted == c || self.ignore_case && wanted.eq_ignore_ascii_case(&c)
            }
            Node::Class { negated, items } => {
                let within = |c: char| {
                    items.iter().any(|item| match item {
                        Item::Range(low, high) => *low <= c && c <= *high,
                        Item::Named(name) => in_class(name, c),
                    })
                };
                let found = within(c)
                    || self.ignore_case
                        && (within(c.to_ascii_lowercase()) || within(c.to_ascii_uppercase()));
                found != *negated
            }
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str, extended: bool, subject: &str) -> Option<String> {
        let chars: Vec<char> = subject.chars().collect();
        let spans = Regex::new(text, extended, false)?.find(&chars, 0)?;
        let (start, end) = spans[0]?;
        Some(chars[start..end].iter().collect())
    }

    #[test]
    fn both_syntaxes_match() {
        assert_eq!(found("a.c", false, "xabcx").as_deref(), Some("abc"));
        assert_eq!(found("^[0-9]*$", false, "123").as_deref(), Some("123"));
        assert_eq!(found("(ab)+", true, "xababy").as_deref(), Some("abab"));
        assert_eq!(found("\\(a\\)\\1", false, "baa").as_deref(), Some("aa"));
        assert_eq!(found("a+", false, "aa+").as_deref(), Some("a+"));
        assert_eq!(found("x|yz", true, "ayz").as_deref(), Some("yz"));
        assert_eq!(found("a{2,3}", true, "aaaa").as_deref(), Some("aaa"));
        assert_eq!(found("^b", false, "ab"), None);
    }
}
