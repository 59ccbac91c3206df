//! Whether a text is JSON, as Go's decoder finds out, in its words (VAL-10).

/// Why a text is no JSON.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum JsonFault {
    /// It ends too early.
    Short,
    /// A character does not belong there: what Go says, and how many bytes it has read then.
    Wrong(String, usize),
}

impl JsonFault {
    /// What kubectl prints: in a stream that may be YAML as well the place is told.
    pub fn words(&self, may_be_yaml: bool) -> String {
        match self {
            JsonFault::Short => "unexpected EOF".into(),
            JsonFault::Wrong(words, at) if may_be_yaml => format!("json: offset {at}: {words}"),
            JsonFault::Wrong(words, _) => words.clone(),
        }
    }
}

/// The end of the value that begins at `from`, behind blanks; None: there is none.
pub fn json_end(text: &str, from: usize) -> Result<Option<usize>, JsonFault> {
    let mut scan = Scan {
        bytes: text.as_bytes(),
        at: from,
    };
    scan.blanks();
    if scan.at == text.len() {
        return Ok(None);
    }
    // Which of the two each open bracket is, innermost last.
    let mut open: Vec<u8> = Vec::new();
    loop {
        match scan.value(&mut open)? {
            true => {}
            // A bracket was opened and something follows in it.
            false => continue,
        }
        loop {
            let Some(bracket) = open.last().copied() else {
                return Ok(Some(scan.at));
            };
            scan.blanks();
            let (closing, place) = match bracket {
                b'{' => (b'}', "after object key:value pair"),
                _ => (b']', "after array element"),
            };
            match scan.peek()? {
                b',' => {
                    scan.at += 1;
                    if bracket == b'{' {
                        scan.key()?;
                    }
                    break;
                }
                byte if byte == closing => {
                    scan.at += 1;
                    open.pop();
                }
                _ => return Err(scan.wrong(place)),
            }
        }
    }
}

/// What Go says of a text that should be one JSON object.
pub fn json_object_fault(text: &str) -> Option<String> {
    if let Some(fault) = json_fault(text) {
        return Some(fault);
    }
    let kind = match text.trim_start().as_bytes().first()? {
        b'{' | b'n' => return None,
        b'[' => "array",
        b'"' => "string",
        b't' | b'f' => "bool",
        _ => "number",
    };
    let words = [
        "json: cannot unmarshal ",
        kind,
        " into Go value of type map[string]interface {}",
    ];
    Some(words.concat())
}

/// Why a text is no JSON value, as Go says of a whole request.
pub fn json_fault(text: &str) -> Option<String> {
    let fault = match json_end(text, 0) {
        Ok(Some(end)) => {
            let mut scan = Scan {
                bytes: text.as_bytes(),
                at: end,
            };
            scan.blanks();
            (scan.at < text.len()).then(|| scan.wrong("after top-level value"))?
        }
        Ok(None) => JsonFault::Short,
        Err(fault) => fault,
    };
    Some(match fault {
        JsonFault::Short => "unexpected end of JSON input".into(),
        JsonFault::Wrong(words, _) => words,
    })
}

struct Scan<'t> {
    bytes: &'t [u8],
    at: usize,
}

impl Scan<'_> {
    fn peek(&self) -> Result<u8, JsonFault> {
        self.bytes.get(self.at).copied().ok_or(JsonFault::Short)
    }

    fn blanks(&mut self) {
        while matches!(self.bytes.get(self.at), Some(b' ' | b'\t' | b'\r' | b'\n')) {
            self.at += 1;
        }
    }

    fn wrong(&self, place: &str) -> JsonFault {
        let byte = self.bytes.get(self.at).copied().unwrap_or(0);
        let shown = match byte {
            b'\'' => "'\\''".into(),
            b'"' => "'\"'".into(),
            byte => {
                let quoted = super::quote(&char::from(byte).to_string());
                ["'", quoted.trim_matches('"'), "'"].concat()
            }
        };
        let words = ["invalid character ", &shown, " ", place].concat();
        JsonFault::Wrong(words, self.at + 1)
    }

    /// A value; false if it is a bracket that holds something, which stands open then.
    fn value(&mut self, open: &mut Vec<u8>) -> Result<bool, JsonFault> {
        self.blanks();
        match self.peek()? {
            bracket @ (b'{' | b'[') => {
                self.at += 1;
                self.blanks();
                if self.peek()? == bracket + 2 {
                    self.at += 1;
                    return Ok(true);
                }
                open.push(bracket);
                if bracket == b'{' {
                    self.key()?;
                }
                return Ok(false);
            }
            b'"' => self.text()?,
            b't' => self.literal("true")?,
            b'f' => self.literal("false")?,
            b'n' => self.literal("null")?,
            b'-' | b'0'..=b'9' => self.number()?,
            _ => return Err(self.wrong("looking for beginning of value")),
        }
        Ok(true)
    }

    fn key(&mut self) -> Result<(), JsonFault> {
        self.blanks();
        if self.peek()? != b'"' {
            return Err(self.wrong("looking for beginning of object key string"));
        }
        self.text()?;
        self.blanks();
        if self.peek()? != b':' {
            return Err(self.wrong("after object key"));
        }
        self.at += 1;
        Ok(())
    }

    fn text(&mut self) -> Result<(), JsonFault> {
        self.at += 1;
        loop {
            match self.peek()? {
                b'"' => {
                    self.at += 1;
                    return Ok(());
                }
                b'\\' => {
                    self.at += 1;
                    match self.peek()? {
                        b'u' => {
                            for _ in 0..4 {
                                self.at += 1;
                                if !self.peek()?.is_ascii_hexdigit() {
                                    let place = "in \\u hexadecimal character escape";
                                    return Err(self.wrong(place));
                                }
                            }
                        }
                        b'b' | b'f' | b'n' | b'r' | b't' | b'\\' | b'/' | b'"' => {}
                        _ => return Err(self.wrong("in string escape code")),
                    }
                    self.at += 1;
                }
                0..0x20 => return Err(self.wrong("in string literal")),
                _ => self.at += 1,
            }
        }
    }

    fn literal(&mut self, word: &str) -> Result<(), JsonFault> {
        for expected in word.bytes() {
            if self.peek()? != expected {
                let expected = char::from(expected);
                let place = format!("in literal {word} (expecting '{expected}')");
                return Err(self.wrong(&place));
            }
            self.at += 1;
        }
        Ok(())
    }

    fn number(&mut self) -> Result<(), JsonFault> {
        if self.peek()? == b'-' {
            self.at += 1;
        }
        match self.peek()? {
            b'0' => self.at += 1,
            _ => self.digits("in numeric literal")?,
        }
        if self.bytes.get(self.at) == Some(&b'.') {
            self.at += 1;
            self.digits("after decimal point in numeric literal")?;
        }
        if matches!(self.bytes.get(self.at), Some(b'e' | b'E')) {
            self.at += 1;
            if matches!(self.peek()?, b'+' | b'-') {
                self.at += 1;
            }
            self.digits("in exponent of numeric literal")?;
        }
        Ok(())
    }

    fn digits(&mut self, place: &str) -> Result<(), JsonFault> {
        if !self.peek()?.is_ascii_digit() {
            return Err(self.wrong(place));
        }
        while matches!(self.bytes.get(self.at), Some(b'0'..=b'9')) {
            self.at += 1;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(text: &str) -> String {
        match json_end(text, 0) {
            Err(fault) => fault.words(true),
            Ok(end) => format!("{end:?}"),
        }
    }

    #[test]
    fn an_object_alone_is_what_go_wants() {
        for (text, expected) in [
            ("{\"auths\": {}}\n", None),
            ("null", None),
            ("", Some("unexpected end of JSON input")),
            ("{", Some("unexpected end of JSON input")),
            ("{} x", Some("invalid character 'x' after top-level value")),
            (
                "[]",
                Some("json: cannot unmarshal array into Go value of type map[string]interface {}"),
            ),
        ] {
            assert_eq!(json_object_fault(text).as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn go_says_what_is_wrong() {
        // VAL-10, with the words of a real run each.
        for (text, expected) in [
            (
                "{\"a\": [1, -2.5e+3, true, null, \"\\u00e9\\n\"], \"b\": {}} x",
                "Some(52)",
            ),
            (" \n", "None"),
            ("{\"a\":1", "unexpected EOF"),
            ("{", "unexpected EOF"),
            (
                "{,",
                "json: offset 2: invalid character ',' looking for beginning of object key string",
            ),
            (
                "{\"a\":1,}",
                "json: offset 8: invalid character '}' looking for beginning of object key string",
            ),
            (
                "{\"a\"1}",
                "json: offset 5: invalid character '1' after object key",
            ),
            (
                "{\"a\":1\"b\"",
                "json: offset 7: invalid character '\"' after object key:value pair",
            ),
            (
                "[1 2]",
                "json: offset 4: invalid character '2' after array element",
            ),
            (
                "{\"a\":\"x\n\"}",
                "json: offset 8: invalid character '\\n' in string literal",
            ),
            (
                "{\"a\":\"\\x\"}",
                "json: offset 8: invalid character 'x' in string escape code",
            ),
            (
                "{\"a\":'b'}",
                "json: offset 6: invalid character '\\'' looking for beginning of value",
            ),
            (
                "{\"a\":nil}",
                "json: offset 7: invalid character 'i' in literal null (expecting 'u')",
            ),
            (
                "{\"a\":-}",
                "json: offset 7: invalid character '}' in numeric literal",
            ),
            (
                "{{- if",
                "json: offset 2: invalid character '{' looking for beginning of object key string",
            ),
        ] {
            assert_eq!(fault(text), expected, "{text}");
        }
    }
}
