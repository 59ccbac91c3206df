//! Arithmetic expansion: C's integer operators on 64 bits.

/// Why an expression has no value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ArithError {
    Syntax,
    DivideByZero,
    /// A variable's value refers to itself, or the expression is nested too deeply.
    TooDeep,
}

impl ArithError {
    /// The shell's text.
    pub fn text(self) -> &'static str {
        match self {
            ArithError::Syntax => "arithmetic syntax error",
            ArithError::DivideByZero => "divide by zero",
            ArithError::TooDeep => "expression recursion loop detected",
        }
    }
}

/// Variables as an expression reads and sets them.
pub trait Variables {
    fn get(&self, name: &str) -> Option<String>;
    fn set(&mut self, name: &str, value: i64);
}

const DEPTH_MAX: u32 = 64;

/// Value of an expression; an empty one is 0.
pub fn evaluate(text: &str, variables: &mut dyn Variables) -> Result<i64, ArithError> {
    evaluate_at(text, variables, 0)
}

fn evaluate_at(text: &str, variables: &mut dyn Variables, depth: u32) -> Result<i64, ArithError> {
    if depth > DEPTH_MAX {
        return Err(ArithError::TooDeep);
    }
    let text: Vec<char> = text.chars().collect();
    let mut parser = Parser {
        text,
        at: 0,
        variables,
        depth,
        live: true,
    };
    parser.spaces();
    if parser.at == parser.text.len() {
        return Ok(0);
    }
    let value = parser.comma()?;
    if parser.at < parser.text.len() {
        return Err(ArithError::Syntax);
    }
    Ok(value)
}

/// Binary operators by precedence, loosest first; longer ones before their beginnings.
const LEVELS: [&[&str]; 10] = [
    &["||"],
    &["&&"],
    &["|"],
    &["^"],
    &["&"],
    &["==", "!="],
    &["<=", ">=", "<", ">"],
    &["<<", ">>"],
    &["+", "-"],
    &["*", "/", "%"],
];

const ASSIGNMENTS: [&str; 11] = [
    "<<=", ">>=", "+=", "-=", "*=", "/=", "%=", "&=", "|=", "^=", "=",
];

struct Parser<'a> {
    text: Vec<char>,
    at: usize,
    variables: &'a mut dyn Variables,
    depth: u32,
    /// False in a branch that is not taken: it sets nothing and divides by nothing.
    live: bool,
}

impl Parser<'_> {
    fn spaces(&mut self) {
        while self.text.get(self.at).is_some_and(|c| c.is_whitespace()) {
            self.at += 1;
        }
    }

    fn looking_at(&self, op: &str) -> bool {
        op.chars()
            .enumerate()
            .all(|(i, c)| self.text.get(self.at + i) == Some(&c))
    }

    fn take(&mut self, op: &str) -> bool {
        let found = self.looking_at(op);
        if found {
            self.at += op.len();
            self.spaces();
        }
        found
    }

    fn comma(&mut self) -> Result<i64, ArithError> {
        let mut value = self.assignment()?;
        while self.take(",") {
            value = self.assignment()?;
        }
        Ok(value)
    }

    fn nested<T>(
        &mut self,
        parse: impl FnOnce(&mut Self) -> Result<T, ArithError>,
    ) -> Result<T, ArithError> {
        self.depth += 1;
        if self.depth > DEPTH_MAX {
            return Err(ArithError::TooDeep);
        }
        let value = parse(self);
        self.depth -= 1;
        value
    }

    fn assignment(&mut self) -> Result<i64, ArithError> {
        let start = self.at;
        if let Some(name) = self.name() {
            let op = ASSIGNMENTS.iter().find(|op| self.looking_at(op));
            let comparison = self.looking_at("==");
            if let Some(op) = op.filter(|_| !comparison) {
                self.take(op);
                let right = self.nested(Self::assignment)?;
                let value = match op.strip_suffix('=') {
                    Some("") | None => right,
                    Some(op) => {
                        let left = self.value_of(&name)?;
                        self.apply(op, left, right)?
                    }
                };
                if self.live {
                    self.variables.set(&name, value);
                }
                return Ok(value);
            }
            self.at = start;
        }
        self.ternary()
    }

    fn ternary(&mut self) -> Result<i64, ArithError> {
        let condition = self.binary(0)?;
        if !self.take("?") {
            return Ok(condition);
        }
        let live = self.live;
        self.live = live && condition != 0;
        let yes = self.nested(Self::assignment)?;
        if !self.take(":") {
            return Err(ArithError::Syntax);
        }
        self.live = live && condition == 0;
        let no = self.nested(Self::assignment)?;
        self.live = live;
        Ok(if condition != 0 { yes } else { no })
    }

    fn binary(&mut self, level: usize) -> Result<i64, ArithError> {
        let Some(ops) = LEVELS.get(level) else {
            return self.power();
        };
        let mut left = self.binary(level + 1)?;
        'next: loop {
            for op in *ops {
                if !self.looking_at(op) || self.belongs_to_longer(op) {
                    continue;
                }
                self.take(op);
                let live = self.live;
                match *op {
                    "||" => self.live = live && left == 0,
                    "&&" => self.live = live && left != 0,
                    _ => {}
                }
                let right = self.binary(level + 1)?;
                self.live = live;
                left = self.apply(op, left, right)?;
                continue 'next;
            }
            return Ok(left);
        }
    }

    /// `|` before `|`, `<` before `<`, `+` before `=`: another operator stands here.
    fn belongs_to_longer(&self, op: &str) -> bool {
        let next = self.text.get(self.at + op.len()).copied();
        match op {
            "|" | "&" => next == Some(op.chars().next().unwrap_or(' ')) || next == Some('='),
            "<" | ">" => next == op.chars().next(),
            "*" => matches!(next, Some('*' | '=')),
            "^" | "+" | "-" | "/" | "%" | "<<" | ">>" => next == Some('='),
            _ => false,
        }
    }

    fn power(&mut self) -> Result<i64, ArithError> {
        let base = self.unary()?;
        if !self.take("**") {
            return Ok(base);
        }
        let exponent = self.nested(Self::power)?;
        let exponent = u32::try_from(exponent).map_err(|_| ArithError::Syntax)?;
        Ok(base.wrapping_pow(exponent))
    }

    fn unary(&mut self) -> Result<i64, ArithError> {
        for (op, by) in [("++", 1), ("--", -1)] {
            if self.looking_at(op) {
                let start = self.at;
                self.take(op);
                if let Some(name) = self.name() {
                    let value = self.value_of(&name)?.wrapping_add(by);
                    if self.live {
                        self.variables.set(&name, value);
                    }
                    return Ok(value);
                }
                self.at = start;
                break;
            }
        }
        if self.looking_at("!") && !self.looking_at("!=") {
            self.take("!");
            return self.nested(Self::unary).map(|v| i64::from(v == 0));
        }
        if self.take("~") {
            return self.nested(Self::unary).map(|v| !v);
        }
        if self.take("-") {
            return self.nested(Self::unary).map(i64::wrapping_neg);
        }
        if self.take("+") {
            return self.nested(Self::unary);
        }
        self.primary()
    }

    fn primary(&mut self) -> Result<i64, ArithError> {
        if self.take("(") {
            let value = self.nested(Self::comma)?;
            if !self.take(")") {
                return Err(ArithError::Syntax);
            }
            return Ok(value);
        }
        if let Some(name) = self.name() {
            let value = self.value_of(&name)?;
            for (op, by) in [("++", 1), ("--", -1)] {
                if self.take(op) {
                    if self.live {
                        self.variables.set(&name, value.wrapping_add(by));
                    }
                    break;
                }
            }
            return Ok(value);
        }
        self.number()
    }

    fn number(&mut self) -> Result<i64, ArithError> {
        let start = self.at;
        while self
            .text
            .get(self.at)
            .is_some_and(|c| c.is_ascii_alphanumeric() || *c == '#')
        {
            self.at += 1;
        }
        let word: String = self.text[start..self.at].iter().collect();
        self.spaces();
        let parsed = if let Some(hex) = word.strip_prefix("0x").or(word.strip_prefix("0X")) {
            i64::from_str_radix(hex, 16)
        } else if let Some((base, digits)) = word.split_once('#') {
            let base: u32 = base.parse().map_err(|_| ArithError::Syntax)?;
            if !(2..=36).contains(&base) {
                return Err(ArithError::Syntax);
            }
            i64::from_str_radix(digits, base)
        } else if word.len() > 1 && word.starts_with('0') {
            i64::from_str_radix(&word[1..], 8)
        } else {
            word.parse()
        };
        parsed.map_err(|_| ArithError::Syntax)
    }

    fn name(&mut self) -> Option<String> {
        let first = self.text.get(self.at)?;
        if !first.is_ascii_alphabetic() && *first != '_' {
            return None;
        }
        let mut name = String::new();
        while let Some(c) = self.text.get(self.at) {
            if !c.is_ascii_alphanumeric() && *c != '_' {
                break;
            }
            name.push(*c);
            self.at += 1;
        }
        self.spaces();
        Some(name)
    }

    fn value_of(&mut self, name: &str) -> Result<i64, ArithError> {
        match self.variables.get(name) {
            None => Ok(0),
            Some(value) => match value.trim().parse() {
                Ok(number) if !value.trim().starts_with('0') || value.trim() == "0" => Ok(number),
                _ => evaluate_at(&value, self.variables, self.depth + 1),
            },
        }
    }

    fn apply(&self, op: &str, a: i64, b: i64) -> Result<i64, ArithError> {
        let shift = u32::try_from(b & 63).unwrap_or(0);
        Ok(match op {
            "||" => i64::from(a != 0 || b != 0),
            "&&" => i64::from(a != 0 && b != 0),
            "|" => a | b,
            "^" => a ^ b,
            "&" => a & b,
            "==" => i64::from(a == b),
            "!=" => i64::from(a != b),
            "<=" => i64::from(a <= b),
            ">=" => i64::from(a >= b),
            "<" => i64::from(a < b),
            ">" => i64::from(a > b),
            "<<" => a.wrapping_shl(shift),
            ">>" => a.wrapping_shr(shift),
            "+" => a.wrapping_add(b),
            "-" => a.wrapping_sub(b),
            "*" => a.wrapping_mul(b),
            "/" | "%" if b == 0 && !self.live => 0,
            "/" | "%" if b == 0 => return Err(ArithError::DivideByZero),
            "/" => a.wrapping_div(b),
            "%" => a.wrapping_rem(b),
            _ => return Err(ArithError::Syntax),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sorted::Map;

    impl Variables for Map<String, String> {
        fn get(&self, name: &str) -> Option<String> {
            Map::get(self, name).cloned()
        }
        fn set(&mut self, name: &str, value: i64) {
            self.insert(name.to_string(), value.to_string());
        }
    }

    fn value(text: &str) -> Result<i64, ArithError> {
        let mut variables = Map::new();
        variables.insert("i".to_string(), "5".to_string());
        evaluate(text, &mut variables)
    }

    #[test]
    fn operators_bind_as_in_c() {
        assert_eq!(value("1+2*3"), Ok(7));
        assert_eq!(value("(1+2)*3"), Ok(9));
        assert_eq!(value("i++ + i"), Ok(11));
        assert_eq!(value("1<<4|1"), Ok(17));
        assert_eq!(value("2**3**2"), Ok(512));
        assert_eq!(value("i > 3 ? 10 : 20"), Ok(10));
        assert_eq!(value("i -= 2, i"), Ok(3));
        assert_eq!(value("0 && 1/0"), Ok(0));
        assert_eq!(value("1/0"), Err(ArithError::DivideByZero));
        assert_eq!(value("1+"), Err(ArithError::Syntax));
        assert_eq!(value("0x10 + 010"), Ok(24));
    }
}
