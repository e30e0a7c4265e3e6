//! A JSON reader that returns pieces of the text without building a tree.
//!
//! It keeps numbers as written, so that 64-bit ids stay exact, and accepts nothing beyond the JSON
//! grammar. It borrows from the text; only a string with escapes is copied.

use std::borrow::Cow;

use ob_restore_tasks_scan as scan;

/// The deepest nesting that is accepted.
const DEEPEST: u32 = 128;

/// Where and why a text is not JSON, or not the expected JSON.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// What was expected.
    pub what: &'static str,
    /// The byte index at which it was expected.
    pub at: usize,
}

/// A plain value as written, or the kind of a skipped one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scalar<'a> {
    /// `null`
    Null,
    /// `true`, `false`
    Bool(bool),
    /// A number as written.
    Number(&'a str),
    /// A string with its escapes resolved.
    Text(Cow<'a, str>),
    /// An array, which was skipped.
    Array,
    /// An object, which was skipped.
    Object,
}

/// Reads a text from front to back.
#[derive(Debug, Clone)]
pub struct Reader<'a> {
    text: &'a str,
    at: usize,
    depth: u32,
}

impl<'a> Reader<'a> {
    /// A reader at the start of a text.
    pub fn new(text: &'a str) -> Self {
        Self {
            text,
            at: 0,
            depth: 0,
        }
    }

    /// A fault at the current position; `what` names what was expected.
    pub fn fault(&self, what: &'static str) -> Fault {
        Fault { what, at: self.at }
    }

    /// Skips white space and returns the next byte without taking it.
    pub fn peek(&mut self) -> Option<u8> {
        let bytes = self.text.as_bytes();
        while let Some(&byte) = bytes.get(self.at) {
            if !matches!(byte, b' ' | b'\n' | b'\t' | b'\r') {
                return Some(byte);
            }
            self.at += 1;
        }
        None
    }

    fn take(&mut self, wanted: u8) -> bool {
        let is_next = self.peek() == Some(wanted);
        self.at += usize::from(is_next);
        is_next
    }

    /// Enters an object (`{`) or an array (`[`).
    pub fn enter(&mut self, bracket: u8) -> Result<(), Fault> {
        if !self.take(bracket) {
            return Err(self.fault(if bracket == b'{' { "an object" } else { "an array" }));
        }
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(self.fault("less nesting"));
        }
        Ok(())
    }

    /// Whether the entered array or object has another element; if not, leaves it. `first` must be `true`
    /// at the first call.
    pub fn more(&mut self, close: u8, first: &mut bool) -> Result<bool, Fault> {
        if self.take(close) {
            self.depth -= 1;
            return Ok(false);
        }
        if !std::mem::replace(first, false) && !self.take(b',') {
            return Err(self.fault("a comma"));
        }
        Ok(true)
    }

    /// Skips `guess` if the text continues with it. Returns whether it does.
    pub fn take_text(&mut self, guess: &str) -> bool {
        let is_next = self.text.as_bytes()[self.at..].starts_with(guess.as_bytes());
        self.at += if is_next { guess.len() } else { 0 };
        is_next
    }

    /// The current byte index.
    pub fn at(&self) -> usize {
        self.at
    }

    /// The text from `start` to the current position.
    pub fn since(&self, start: usize) -> &'a str {
        &self.text[start..self.at]
    }

    /// The next key of an object, or `None` at its end, which is then left.
    pub fn key(&mut self, first: &mut bool) -> Result<Option<Cow<'a, str>>, Fault> {
        if !self.more(b'}', first)? {
            return Ok(None);
        }
        if self.peek() != Some(b'"') {
            return Err(self.fault("a key"));
        }
        let key = self.string()?;
        if self.take(b':') {
            Ok(Some(key))
        } else {
            Err(self.fault("a colon"))
        }
    }

    /// The next value. Arrays and objects are checked and skipped.
    pub fn scalar(&mut self) -> Result<Scalar<'a>, Fault> {
        match self.peek() {
            Some(b'"') => Ok(Scalar::Text(self.string()?)),
            Some(b'{') => {
                self.enter(b'{')?;
                let mut first = true;
                while self.key(&mut first)?.is_some() {
                    self.scalar()?;
                }
                Ok(Scalar::Object)
            }
            Some(b'[') => {
                self.enter(b'[')?;
                let mut first = true;
                while self.more(b']', &mut first)? {
                    self.scalar()?;
                }
                Ok(Scalar::Array)
            }
            Some(b't') => self.word("true", Scalar::Bool(true)),
            Some(b'f') => self.word("false", Scalar::Bool(false)),
            Some(b'n') => self.word("null", Scalar::Null),
            Some(b'-' | b'0'..=b'9') => self.number(),
            _ => Err(self.fault("a value")),
        }
    }

    fn word(&mut self, word: &str, value: Scalar<'a>) -> Result<Scalar<'a>, Fault> {
        if self.text.as_bytes()[self.at..].starts_with(word.as_bytes()) {
            self.at += word.len();
            Ok(value)
        } else {
            Err(self.fault("a value"))
        }
    }

    fn digits(&mut self) -> Result<(), Fault> {
        let start = self.at;
        while self.text.as_bytes().get(self.at).is_some_and(u8::is_ascii_digit) {
            self.at += 1;
        }
        if self.at == start {
            Err(self.fault("a digit"))
        } else {
            Ok(())
        }
    }

    fn number(&mut self) -> Result<Scalar<'a>, Fault> {
        let (start, bytes) = (self.at, self.text.as_bytes());
        self.at += usize::from(bytes[start] == b'-');
        let leading_zero = bytes.get(self.at) == Some(&b'0');
        let whole = self.at;
        self.digits()?;
        if leading_zero && self.at > whole + 1 {
            return Err(self.fault("no leading zero"));
        }
        if bytes.get(self.at) == Some(&b'.') {
            self.at += 1;
            self.digits()?;
        }
        if matches!(bytes.get(self.at), Some(b'e' | b'E')) {
            self.at += 1;
            self.at += usize::from(matches!(bytes.get(self.at), Some(b'+' | b'-')));
            self.digits()?;
        }
        Ok(Scalar::Number(&self.text[start..self.at]))
    }

    fn string(&mut self) -> Result<Cow<'a, str>, Fault> {
        let bytes = self.text.as_bytes();
        self.at += 1;
        let mut start = self.at;
        let mut copied: Option<String> = None;
        loop {
            match bytes.get(self.at) {
                Some(b'"') => {
                    let last = &self.text[start..self.at];
                    self.at += 1;
                    return Ok(match copied {
                        None => Cow::Borrowed(last),
                        Some(copied) => Cow::Owned(copied + last),
                    });
                }
                Some(b'\\') => {
                    let text = copied.get_or_insert_default();
                    text.push_str(&self.text[start..self.at]);
                    self.at += 1;
                    let escaped = self.escape()?;
                    copied.get_or_insert_default().push(escaped);
                    start = self.at;
                }
                Some(0x20..) => self.at = scan::plain(bytes, self.at + 1),
                _ => return Err(self.fault("the end of a text")),
            }
        }
    }

    fn escape(&mut self) -> Result<char, Fault> {
        let byte = self.text.as_bytes().get(self.at).copied();
        self.at += 1;
        Ok(match byte {
            Some(plain @ (b'"' | b'\\' | b'/')) => char::from(plain),
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => {
                let mut code = self.hex()?;
                if (0xd800..0xdc00).contains(&code) && self.text.as_bytes()[self.at..].starts_with(b"\\u") {
                    self.at += 2;
                    let low = self.hex()?;
                    if (0xdc00..0xe000).contains(&low) {
                        code = 0x1_0000 + ((code - 0xd800) << 10) + (low - 0xdc00);
                    }
                }
                // Half of a surrogate pair alone is not a character.
                char::from_u32(code).ok_or_else(|| self.fault("a character"))?
            }
            _ => return Err(self.fault("an escape")),
        })
    }

    fn hex(&mut self) -> Result<u32, Fault> {
        let digits = self.text.get(self.at..self.at + 4);
        let digits = digits.filter(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()));
        let code = digits.and_then(|digits| u32::from_str_radix(digits, 16).ok());
        self.at += 4;
        code.ok_or_else(|| self.fault("four hexadecimal digits"))
    }

    /// Checks that nothing but white space follows.
    pub fn end(&mut self) -> Result<(), Fault> {
        match self.peek() {
            None => Ok(()),
            Some(_) => Err(self.fault("the end")),
        }
    }
}

impl Scalar<'_> {
    /// The value as text; empty for `null`, `[…]` or `{…}` for a skipped one.
    pub fn text(self) -> String {
        match self {
            Self::Null => String::new(),
            Self::Bool(value) => (if value { "true" } else { "false" }).into(),
            Self::Number(text) => text.into(),
            Self::Text(text) => text.into_owned(),
            Self::Array => "[…]".into(),
            Self::Object => "{…}".into(),
        }
    }

    /// The value of a string or number without a copy; empty for anything else.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Number(text) => text,
            Self::Text(text) => text,
            _ => "",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Scalar<'_>, Fault> {
        let mut reader = Reader::new(text);
        let value = reader.scalar()?;
        reader.end().map(|()| value)
    }

    #[test]
    fn takes_what_the_grammar_allows_and_nothing_else() {
        for good in [
            "0",
            "-0",
            "10",
            "1.5",
            "1e3",
            "1E+3",
            "-1.0e-10",
            "true",
            "[]",
            "[1,2]",
            "{}",
            r#"{"a":[{"b":null}]}"#,
            " [ 1 , { \"a\" : 2 } ] ",
            r#""\u00e9\ud83d\ude00\/""#,
            "\"\u{7f}\"",
        ] {
            assert!(read(good).is_ok(), "{good}");
        }
        for bad in [
            "",
            "01",
            "-",
            "1.",
            ".5",
            "1e",
            "+1",
            "tru",
            "nul",
            "[1,]",
            "[,1]",
            "[1 2]",
            "{,}",
            r#"{"a"}"#,
            r#"{"a":}"#,
            r#"{"a":1,}"#,
            "{a:1}",
            "\"",
            "\"\n\"",
            r#""\x""#,
            r#""\ud83d""#,
            r#""\ude00""#,
            r#""\u12""#,
            r#""\u+123""#,
            "1 2",
            "[",
            "{\"a\":1",
            "'a'",
            "NaN",
        ] {
            assert!(read(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_text_ends_where_it_ends_however_long_it_is() {
        for length in 0..40 {
            for at in 0..=length {
                let (before, after) = ("é".repeat(at), "x".repeat(length - at));
                for special in ["\\n", "\\u00e9", "\\\\", "\\\"", "\u{1f600}", "\u{7f}", "!#[]"] {
                    let text = format!("\"{before}{special}{after}\"");
                    let want: String = serde_json::from_str(&text).unwrap();
                    assert_eq!(read(&text), Ok(Scalar::Text(want.into())), "{text}");
                }
                for bad in ["\n", "\u{1f}", "\0", "\"", "\\"] {
                    assert!(read(&format!("\"{before}{bad}{after}x\"")).is_err(), "{bad:?}");
                }
            }
        }
    }

    /// Each prefix of a text, and each text with one byte changed.
    #[test]
    fn agrees_with_serde_json_on_what_is_json() {
        let body = r#"{"a":[1,-2.5e3,"x\n\u00e9\ud83d\ude00",null,true],"b":{"c":""},"d":0}"#;
        let bytes = body.as_bytes();
        let agree = |bytes: &[u8]| {
            std::str::from_utf8(bytes).is_ok_and(|text| {
                read(text).is_ok() == serde_json::from_str::<serde_json::Value>(text).is_ok()
            }) || std::str::from_utf8(bytes).is_err()
        };
        for at in 0..bytes.len() {
            assert!(agree(&bytes[..at]), "cut at {at}");
            for byte in 0..=255u8 {
                let mut changed = bytes.to_vec();
                changed[at] = byte;
                assert!(agree(&changed), "{byte} at {at}");
            }
        }
    }

    #[test]
    fn texts_are_borrowed_unless_they_hold_escapes() {
        assert!(matches!(
            read(r#""plain é""#),
            Ok(Scalar::Text(Cow::Borrowed("plain é")))
        ));
        assert_eq!(
            read(r#""a\tb\u00e9\ud83d\ude00""#),
            Ok(Scalar::Text("a\tbé😀".into()))
        );
        assert_eq!(
            read("9223372036854775807"),
            Ok(Scalar::Number("9223372036854775807"))
        );
    }
}
