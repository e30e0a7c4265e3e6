//! Takes out of a text what tells where a cluster's machines are: addresses, and trace ids, which hold one.
//!
//! For exports that leave the house. Secrets are masked long before ([`secret`](super::secret)).

use std::borrow::Cow;
use std::net::{Ipv4Addr, Ipv6Addr};

const GONE: &str = "***";

/// The text with `***` for each address and each trace id in it.
pub fn redact(text: &str) -> Cow<'_, str> {
    let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | ':' | '-' | '_' | '[' | ']' | '%');
    let mut out = String::new();
    let mut kept = 0;
    let mut at = 0;
    while at < text.len() {
        let rest = &text[at..];
        let length = rest.find(|c| !is_part(c)).unwrap_or(rest.len());
        let word = &rest[..length];
        // A sentence ends with what an address may hold, and labels and brackets stand right before one.
        let bare = word.trim_end_matches(['.', ':', '-']);
        let starts = bare.match_indices([':', '[', '-', '_']).map(|(at, _)| at + 1);
        let found = [0].into_iter().chain(starts).find(|start| tells(&bare[*start..]));
        if let Some(start) = found {
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

/// Whether a word is an address, with or without a port, or a trace id.
fn tells(word: &str) -> bool {
    let inner = word.strip_prefix('[').and_then(|rest| rest.split(']').next());
    let word = word.trim_end_matches(']');
    let host = word.rsplit_once(':').map_or(word, |(host, _)| host);
    // Paths of C++ names look like addresses, too, but have no digits.
    let is_v6 = |text: &str| {
        let has_digit = text.bytes().any(|c| c.is_ascii_digit());
        let address = text.split('%').next().unwrap_or("");
        has_digit && text.contains(':') && address.parse::<Ipv6Addr>().is_ok()
    };
    host.parse::<Ipv4Addr>().is_ok()
        || word.parse::<Ipv4Addr>().is_ok()
        || is_v6(inner.unwrap_or(word))
        || is_trace_id(word)
}

/// `YB42AC1E55AC-0005CB53B2946DFF`, with further parts in newer kernels, which write `Z` for IPv6. Wider than what can
/// be decoded: what merely looks like one goes as well.
fn is_trace_id(word: &str) -> bool {
    let Some(parts) = word.strip_prefix(['Y', 'Z']) else {
        return false;
    };
    parts.contains('-')
        && parts
            .split('-')
            .all(|part| !part.is_empty() && part.bytes().all(|c| c.is_ascii_hexdigit()))
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
            ("10.0.0.1, 10.0.0.2:80 and 10.0.0.", "***, *** and 10.0.0."),
            ("on [fe80::1]:2882, fe80::1%eth0 or ::1", "on ***, *** or ***"),
            ("oss://10.1.2.3/b?host=10.1.2.3", "oss://***/b?host=***"),
            (
                "addr:10.0.0.1:2882,[10.0.0.3:2882] ip:10.0.0.4 [YB42AC1E55AC-0005CB53B2946DFF]",
                "addr:***,[*** ip:*** [***",
            ),
            (
                "trace_id:YB42AC1E55AC-0005CB53B2946DFF server=[fe80::1]:2882",
                "trace_id:*** server=***",
            ),
            ("version 4.2.1.0 of 1.2.3", "version *** of 1.2.3"),
            ("addr=1.2.3.4恢复1.2.3.4", "addr=***恢复***"),
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
