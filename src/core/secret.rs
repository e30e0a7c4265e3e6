//! Masks credentials in texts, once, as they come in: what is never held cannot be shown, copied or exported.

use std::borrow::Cow;

const TELLING: [&str; 5] = ["key", "secret", "token", "sign", "password"];
const MASK: &str = "***";

/// The text with the values of telling parameters, and the user part of URIs, as `***`.
pub fn mask(text: &str) -> Cow<'_, str> {
    // Hardly any text has either.
    let bytes = text.as_bytes();
    let has = |byte: &u8| bytes.contains(byte);
    let may_tell = has(&b'=') || has(&b':') && bytes.windows(3).any(|three| three == b"://");
    if !may_tell {
        return Cow::Borrowed(text);
    }
    let mut out = String::new();
    let mut kept = 0;
    let mut cut = |from: usize, to: usize| {
        if from >= kept
            && text
                .get(from..to)
                .is_some_and(|hidden| !hidden.is_empty() && hidden != MASK)
        {
            out.push_str(&text[kept..from]);
            out.push_str(MASK);
            kept = to;
        }
    };
    let mut at = 0;
    while let Some(step) = text[at..].find(['=', ':']) {
        let here = at + step;
        at = here + 1;
        let rest = &text[at..];
        if text.as_bytes()[here] == b'=' {
            let name = &text[..here];
            let start = name
                .rfind(is_before_name)
                .map_or(0, |i| i + name[i..].chars().next().map_or(1, char::len_utf8));
            if is_telling(&name[start..]) {
                cut(at, at + rest.find(is_after_value).unwrap_or(rest.len()));
            }
        } else if let Some(authority) = rest.strip_prefix("//") {
            let end = authority
                .find(|c: char| "/?#,\"'".contains(c) || c.is_whitespace())
                .unwrap_or(authority.len());
            if let Some(user) = authority[..end].rfind('@') {
                cut(at + 2, at + 2 + user);
            }
        }
    }
    if kept == 0 {
        return Cow::Borrowed(text);
    }
    out.push_str(&text[kept..]);
    Cow::Owned(out)
}

fn is_before_name(c: char) -> bool {
    "?&;,'\"({[=/".contains(c) || c.is_whitespace()
}

fn is_after_value(c: char) -> bool {
    "&;,'\")}]#".contains(c) || c.is_whitespace()
}

fn is_telling(name: &str) -> bool {
    let tells = |name: &str| {
        let name = name.to_ascii_lowercase();
        let has = |word: &&str| {
            name.as_bytes()
                .windows(word.len())
                .any(|part| part == word.as_bytes())
        };
        TELLING.iter().any(has)
    };
    if name.as_bytes().contains(&b'%') {
        tells(&decode(name))
    } else {
        tells(name)
    }
}

/// `%6b` is `k`: a name can hide behind its escapes.
fn decode(name: &str) -> String {
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
    String::from_utf8_lossy(&out).into_owned()
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
