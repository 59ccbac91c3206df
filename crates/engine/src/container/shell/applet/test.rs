//! `test`, `[` and `[[`.

use super::{Ctx, Outcome};
use crate::container::filesystem::{Content, FsView, Node};
use crate::container::shell::matches_escaped;
use crate::container::shell::regex::Regex;

pub fn run(ctx: &mut Ctx<'_>) -> Outcome {
    let closer = match ctx.name {
        "[" => Some("]"),
        "[[" => Some("]]"),
        _ => None,
    };
    let mut args = ctx.args();
    if let Some(closer) = closer {
        match args.split_last() {
            Some((last, rest)) if last == closer => args = rest,
            _ => return ctx.fail(&format!("missing {closer}"), 2),
        }
    }
    let cwd = ctx.cwd();
    let result = {
        let files = ctx.files();
        let mut reader = Reader {
            args,
            at: 0,
            files: files.as_ref(),
            cwd: &cwd,
            patterns: closer == Some("]]"),
        };
        reader.whole()
    };
    match result {
        Ok(value) => Outcome::Exit(i32::from(!value)),
        Err(text) => ctx.fail(&text, 2),
    }
}

struct Reader<'a> {
    args: &'a [String],
    at: usize,
    files: Option<&'a FsView<'a>>,
    cwd: &'a str,
    /// `[[`: texts are compared with patterns.
    patterns: bool,
}

const BINARY: [&str; 17] = [
    "=", "==", "!=", "<", ">", "-eq", "-ne", "-gt", "-ge", "-lt", "-le", "-nt", "-ot", "-ef", "=~",
    "-a", "-o",
];

impl Reader<'_> {
    /// POSIX decides by the number of arguments; the rest is a grammar.
    fn whole(&mut self) -> Result<bool, String> {
        match self.args {
            [] => return Ok(false),
            [one] => return Ok(!one.is_empty()),
            [not, one] if not == "!" => return Ok(one.is_empty()),
            [left, op, right] if BINARY[..15].contains(&op.as_str()) => {
                return self.binary(left, op, right);
            }
            _ => {}
        }
        let value = self.or()?;
        match self.args.get(self.at) {
            None => Ok(value),
            Some(extra) => Err(format!("{extra}: unknown operand")),
        }
    }

    fn or(&mut self) -> Result<bool, String> {
        let mut value = self.and()?;
        while self.take("-o") || self.take("||") {
            value |= self.and()?;
        }
        Ok(value)
    }

    fn and(&mut self) -> Result<bool, String> {
        let mut value = self.not()?;
        while self.take("-a") || self.take("&&") {
            value &= self.not()?;
        }
        Ok(value)
    }

    fn not(&mut self) -> Result<bool, String> {
        let mut negated = false;
        while self.args.get(self.at).is_some_and(|a| a == "!") && self.at + 1 < self.args.len() {
            self.at += 1;
            negated = !negated;
        }
        Ok(self.primary()? != negated)
    }

    fn take(&mut self, word: &str) -> bool {
        let found = self.args.get(self.at).is_some_and(|a| a == word);
        self.at += usize::from(found);
        found
    }

    fn primary(&mut self) -> Result<bool, String> {
        let Some(first) = self.args.get(self.at) else {
            return Err("argument expected".to_string());
        };
        if first == "(" {
            self.at += 1;
            let value = self.or()?;
            if !self.take(")") {
                return Err("closing paren expected".to_string());
            }
            return Ok(value);
        }
        if let (Some(op), Some(right)) = (self.args.get(self.at + 1), self.args.get(self.at + 2)) {
            if BINARY[..15].contains(&op.as_str()) {
                self.at += 3;
                return self.binary(first, op, right);
            }
        }
        let unary = first.len() == 2
            && first.starts_with('-')
            && "bcdefghknoprstuwxzLOGS".contains(&first[1..]);
        if let (true, Some(operand)) = (unary, self.args.get(self.at + 1)) {
            self.at += 2;
            return Ok(self.unary(first, operand));
        }
        self.at += 1;
        Ok(!first.is_empty())
    }

    fn unary(&self, op: &str, operand: &str) -> bool {
        match op {
            "-n" => return !operand.is_empty(),
            "-z" => return operand.is_empty(),
            "-t" => return false,
            _ => {}
        }
        let Some(files) = self.files else {
            return false;
        };
        if op == "-L" || op == "-h" {
            return files
                .resolve(self.cwd, operand, false)
                .ok()
                .and_then(|path| files.node(&path))
                .is_some_and(|node| matches!(node.content, Content::Symlink(_)));
        }
        let Ok((_, node)) = files.find(self.cwd, operand) else {
            return operand.starts_with("/proc/")
                && operand.matches('/').count() == 2
                && op != "-f";
        };
        match op {
            "-e" => true,
            "-f" => matches!(node.content, Content::File(_) | Content::Binary(_)),
            "-d" => node.is_directory(),
            "-s" => node.size() > 0,
            "-r" => files.allowed(node, 0o4),
            "-w" => files.allowed(node, 0o2),
            "-x" => files.allowed(node, 0o1),
            "-c" => matches!(node.content, Content::Device(_)),
            "-k" => node.mode & 0o1000 != 0,
            "-u" => node.mode & 0o4000 != 0,
            "-g" => node.mode & 0o2000 != 0,
            "-O" => node.uid == files.uid,
            "-G" => node.gid == files.gid,
            _ => false,
        }
    }

    fn binary(&self, left: &str, op: &str, right: &str) -> Result<bool, String> {
        let number = |text: &str| {
            text.trim()
                .parse::<i64>()
                .map_err(|_| format!("{text}: bad number"))
        };
        let node = |path: &str| -> Option<Node> {
            self.files?
                .find(self.cwd, path)
                .ok()
                .map(|(_, n)| n.clone())
        };
        Ok(match op {
            "=" | "==" if self.patterns => matches_escaped(right, left),
            "!=" if self.patterns => !matches_escaped(right, left),
            "=~" if self.patterns => {
                let regex = Regex::new(right, true, false).ok_or("bad regex")?;
                let text: Vec<char> = left.chars().collect();
                regex.find(&text, 0).is_some()
            }
            "=~" => return Err("=~: unknown operand".to_string()),
            "=" | "==" => left == right,
            "!=" => left != right,
            "<" => left < right,
            ">" => left > right,
            "-eq" => number(left)? == number(right)?,
            "-ne" => number(left)? != number(right)?,
            "-gt" => number(left)? > number(right)?,
            "-ge" => number(left)? >= number(right)?,
            "-lt" => number(left)? < number(right)?,
            "-le" => number(left)? <= number(right)?,
            "-nt" => match (node(left), node(right)) {
                (Some(a), Some(b)) => a.modified > b.modified,
                (a, _) => a.is_some(),
            },
            "-ot" => match (node(left), node(right)) {
                (Some(a), Some(b)) => a.modified < b.modified,
                (_, b) => b.is_some(),
            },
            _ => self.files.is_some_and(|files| {
                let path = |p: &str| files.find(self.cwd, p).ok().map(|(path, _)| path);
                path(left).is_some() && path(left) == path(right)
            }),
        })
    }
}
