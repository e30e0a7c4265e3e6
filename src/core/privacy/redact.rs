//! Removes what tells where a cluster's machines are: IP addresses, and trace ids, which contain one.
//! Used for exports that leave the company. Secrets are masked earlier, in [`mask`](super::mask).

use std::borrow::Cow;
use std::net::{Ipv4Addr, Ipv6Addr};

const GONE: &str = "***";
/// The most characters of an address. A number in a trace id has at most 16.
const LONGEST: usize = 80;

/// The text with `***` in place of each address and each trace id.
pub fn redact(text: &str) -> Cow<'_, str> {
    let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | ':' | '-' | '_' | '[' | ']' | '%');
    let mut out = String::new();
    let mut kept = 0;
    let mut at = 0;
    while at < text.len() {
        let rest = &text[at..];
        let length = rest.find(|c| !is_part(c)).unwrap_or(rest.len());
        let word = &rest[..length];
        // A sentence may end with a character that an address may contain. Labels and brackets stand
        // right before addresses.
        let bare = bare_of(word);
        if let Some(mut start) = first_in(bare, 0) {
            // When the address is removed, the text before it may be an address by itself. Addresses are
            // short, so only the nearest part is searched.
            while let Some(before) = first_in(bare_of(&bare[..start]), start.saturating_sub(4 * LONGEST)) {
                start = before;
            }
            out.push_str(&text[kept..at + start]);
            out.push_str(GONE);
            kept = at + bare.len();
        }
        at += length;
        at += text[at..].chars().next().map_or(0, char::len_utf8);
    }
    if kept == 0 {
        return Cow::Borrowed(text);
    }
    out.push_str(&text[kept..]);
    Cow::Owned(out)
}

fn bare_of(word: &str) -> &str {
    word.trim_end_matches(['.', ':', '-'])
}

/// The byte index of the first address or trace id in a word, at `from` or later.
fn first_in(word: &str, from: usize) -> Option<usize> {
    let near = word.get(from..)?;
    let ends = near.match_indices([':', '[', ']', '-', '_', '%']);
    let ends = ends.chain(near.match_indices("id"));
    let starts = ends.map(|(at, end)| from + at + end.len());
    let starts = [0].into_iter().filter(|start| *start == from).chain(starts);
    starts.filter(|start| tells(&word[*start..])).min()
}

/// Whether a word begins with an address or a trace id, whatever follows: a port, two ports as in a
/// server list, the end of a range, a file name.
fn tells(word: &str) -> bool {
    let inner = word.strip_prefix('[').unwrap_or(word);
    let v4 = leading(inner, |c| c.is_ascii_digit() || c == b'.');
    let v6 = leading(inner, |c| c.is_ascii_hexdigit() || c == b':' || c == b'.');
    v4.trim_end_matches('.').parse::<Ipv4Addr>().is_ok()
        || is_v6(v6)
        || v6.rsplit_once(':').is_some_and(|(host, _)| is_v6(host))
        || is_trace_id(word)
}

/// The start of a word; empty if it is part of something longer. Reads no further than the longest
/// address, since a word can be a megabyte long.
fn leading(word: &str, is_part: impl Fn(u8) -> bool) -> &str {
    let bytes = word.as_bytes();
    let end = bytes.iter().take(LONGEST + 1).position(|c| !is_part(*c));
    let end = end.unwrap_or(bytes.len());
    let is_cut = bytes.get(end).is_some_and(u8::is_ascii_alphanumeric);
    word.get(..end)
        .filter(|_| end <= LONGEST && !is_cut)
        .unwrap_or_default()
}

/// Whether a text is an IPv6 address. Paths of C++ names look similar but have no digits.
fn is_v6(text: &str) -> bool {
    text.contains(':') && text.bytes().any(|c| c.is_ascii_digit()) && text.parse::<Ipv6Addr>().is_ok()
}

/// Whether a word begins like a trace id: `YB42AC1E55AC-0005CB53B2946DFF`, with more parts in newer
/// kernels, which write `Z` for IPv6. Accepts more than can be decoded, to be safe.
fn is_trace_id(word: &str) -> bool {
    let Some(parts) = word.strip_prefix(['Y', 'Z']) else {
        return false;
    };
    let digits = |from: usize| {
        let bytes = parts.as_bytes().iter().skip(from).take(LONGEST);
        bytes.take_while(|c| c.is_ascii_hexdigit()).count()
    };
    let first = digits(0);
    let second = digits(first + 1);
    let behind = parts.as_bytes().get(first + 1 + second);
    first > 0
        && parts.as_bytes().get(first) == Some(&b'-')
        && second > 0
        && !behind.is_some_and(u8::is_ascii_alphanumeric)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_and_trace_ids_go_and_nothing_else() {
        let table = [
            ("", ""),
            ("no address", "no address"),
            (
                "CLOG : OB_ENTRY_NOT_EXIST(-4018) on \"172.30.85.172:2882\" with traceid YB42AC1E55AC-0005CB53B2946DFF",
                "CLOG : OB_ENTRY_NOT_EXIST(-4018) on \"***\" with traceid ***",
            ),
            ("YB42AC1E55AC-0005CB53B2946DFF-0-0.", "***."),
            ("Z2B42-0005CB53B2946DFF-1-80fe", "***"),
            (
                "YB42AC1E55AC-0005CB53B2946DFF-YB42B4BA0C0B-000507F89407B4BA",
                "***",
            ),
            ("10.0.0.1, 10.0.0.2:80 and 10.0.0.", "***, *** and 10.0.0."),
            ("on [fe80::1]:2882, fe80::1%eth0 or ::1", "on ***, *** or ***"),
            ("oss://10.1.2.3/b?host=10.1.2.3", "oss://***/b?host=***"),
            (
                "addr:10.0.0.1:2882,[10.0.0.3:2882] ip:10.0.0.4 [YB42AC1E55AC-0005CB53B2946DFF]",
                "addr:***,*** ip:*** [***",
            ),
            (
                "trace_id:YB42AC1E55AC-0005CB53B2946DFF server=[fe80::1]:2882",
                "trace_id:*** server=***",
            ),
            ("version 4.2.1.0 of 1.2.3", "version *** of 1.2.3"),
            ("addr=1.2.3.4恢复1.2.3.4", "addr=***恢复***"),
            ("::[fe8::ffff:1.2.3.40::1", "::***"),
            (
                "Yes-no Y-1 Zed 12:30:45 a::b::c",
                "Yes-no Y-1 Zed 12:30:45 a::b::c",
            ),
        ];
        for (given, want) in table {
            assert_eq!(redact(given), want, "{given}");
            assert_eq!(redact(want), want);
        }
    }
}
