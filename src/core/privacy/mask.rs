//! Masks credentials in texts when they arrive. A secret that is never held cannot be shown, copied or
//! exported.

use std::borrow::Cow;
use std::ops::Range;

use ob_restore_tasks_scan as scan;

const TELLING: [&str; 5] = ["key", "secret", "token", "sign", "password"];
const MASK: &str = "***";

/// The text with `***` in place of secrets: the values of parameters whose names contain `key`, `secret`,
/// `token`, `sign` or `password`, and the user part of URIs.
pub fn mask(text: &str) -> Cow<'_, str> {
    // Most texts contain neither character and the others are long, so the cheapest way is to search for
    // one byte at a time.
    let find = |at: usize, mark: u8| scan::find(text.as_bytes(), at, mark).unwrap_or(text.len());
    let (mut colon, mut equals) = (find(0, b':'), find(0, b'='));
    let mut out = String::new();
    let mut kept = 0;
    while colon.min(equals) < text.len() {
        let secret = if colon < equals {
            let secret = user(text, colon + 1);
            colon = find(colon + 1, b':');
            // A user part that begins inside a masked value is masked with it.
            if let Some(user) = secret.as_ref().filter(|user| kept > 0 && user.start <= kept) {
                kept = kept.max(user.end);
            }
            secret
        } else {
            // A masked value is not searched again: otherwise a text that is all names would take
            // quadratic time.
            let secret = (equals >= kept).then(|| value(text, equals + 1)).flatten();
            equals = find(equals + 1, b'=');
            secret
        };
        let secret = secret.filter(|secret| secret.start >= kept && !secret.is_empty());
        if let Some(secret) = secret.filter(|secret| &text[secret.clone()] != MASK) {
            out.push_str(&text[kept..secret.start]);
            out.push_str(MASK);
            kept = secret.end;
        }
    }
    if kept == 0 {
        return Cow::Borrowed(text);
    }
    out.push_str(&text[kept..]);
    // The replacement may create another user part, so the result is masked again.
    match mask(&out) {
        Cow::Owned(again) => Cow::Owned(again),
        Cow::Borrowed(_) => Cow::Owned(out),
    }
}

/// The user part of a URI whose scheme ends with the colon before `at`.
fn user(text: &str, at: usize) -> Option<Range<usize>> {
    let authority = text[at..].strip_prefix("//")?;
    let end = authority
        .find(|c: char| "/?#,\"'".contains(c) || c.is_whitespace())
        .unwrap_or(authority.len());
    let user = authority[..end].rfind('@')?;
    Some(at + 2..at + 2 + user)
}

/// The value of a secret parameter whose name ends with the equals sign before `at`.
fn value(text: &str, at: usize) -> Option<Range<usize>> {
    let bytes = text.as_bytes();
    let mut start = at - 1;
    while start > 0 && !is_before_name(bytes[start - 1]) {
        start -= 1;
    }
    // The byte test above does not know white space of more than one byte.
    let mut name = &text[start..at - 1];
    if !name.is_ascii() {
        name = name.split(char::is_whitespace).next_back()?;
    }
    let tells = if scan::find(name.as_bytes(), 0, b'%').is_some() {
        is_telling(&decode(name))
    } else {
        is_telling(name.as_bytes())
    };
    let length = || text[at..].find(is_after_value).unwrap_or(text.len() - at);
    tells.then(|| at..at + length())
}

fn is_before_name(byte: u8) -> bool {
    matches!(
        byte,
        b'?' | b'&' | b';' | b',' | b'\'' | b'"' | b'(' | b'{' | b'[' | b'=' | b'/' | b'\t'..=b'\r' | b' '
    )
}

fn is_after_value(c: char) -> bool {
    "&;,'\")}]#".contains(c) || c.is_whitespace()
}

fn is_telling(name: &[u8]) -> bool {
    (0..name.len()).any(|at| {
        matches!(name[at] | 0x20, b'k' | b's' | b't' | b'p')
            && TELLING.iter().any(|word| {
                let part = name.get(at..at + word.len());
                part.is_some_and(|part| part.eq_ignore_ascii_case(word.as_bytes()))
            })
    })
}

/// Decodes percent escapes, in which a name can be hidden: `%6b` is `k`.
fn decode(name: &str) -> Vec<u8> {
    let bytes = name.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut i = 0;
    while i < bytes.len() {
        let escaped = (bytes[i] == b'%').then(|| name.get(i + 1..i + 3)).flatten();
        match escaped.and_then(|hex| u8::from_str_radix(hex, 16).ok()) {
            Some(byte) => {
                out.push(byte);
                i += 3;
            }
            None => {
                out.push(bytes[i]);
                i += 1;
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn credentials_are_masked_and_the_rest_stays() {
        let table = [
            ("file:///obbackup/", "file:///obbackup/"),
            (
                "oss://b/p?host=h&access_id=AK&access_key=s3cr3t",
                "oss://b/p?host=h&access_id=AK&access_key=***",
            ),
            (
                "oss://b/p?access_key=a/b+c==&host=h",
                "oss://b/p?access_key=***&host=h",
            ),
            (
                "oss://b?Access%4Bey=zz,file:///x",
                "oss://b?Access%4Bey=***,file:///x",
            ),
            ("nfs://user:pw@host/dir", "nfs://***@host/dir"),
            ("nfs://user:key=pw@host/dir", "nfs://***@host/dir"),
            ("s3://token@bucket=SECRET", "s3://***@bucket=***"),
            ("x://sign%4B@1=2", "x://***@1=***"),
            ("x?token=nfs://user:pw@host", "x?token=***"),
            ("秘\u{3000}tokens=a\u{3000}b=c", "秘\u{3000}tokens=***\u{3000}b=c"),
            ("secret\u{3000}host=h", "secret\u{3000}host=h"),
            ("a b?token=1 c?sign=2", "a b?token=*** c?sign=***"),
            ("x?password=&a=1", "x?password=&a=1"),
            ("x?secret=***", "x?secret=***"),
            ("密?钥key=密码&a=1", "密?钥key=***&a=1"),
            (
                "cannot open \"s3://b?secret_key=q\" now",
                "cannot open \"s3://b?secret_key=***\" now",
            ),
        ];
        for (given, want) in table {
            assert_eq!(mask(given), want);
            assert_eq!(mask(want), want, "masking twice changes nothing");
        }
    }
}
