//! Error messages, the trace ids in them, and what an export removes of both.

use std::hint::black_box;
use std::net::IpAddr;

use ob_restore_tasks::core::domain::failure::{cause, log_search, named, read, server_at, server_of};
use ob_restore_tasks::core::privacy::redact::redact;

/// The length of a long text, in bytes.
const LONG: usize = 1 << 18;

/// Input: a line that determines an address and a trace id, a line of text before them, and a message.
pub fn failure(data: &[u8]) {
    let Some([seed, before, message]) = super::input::lines(data) else {
        return;
    };
    parts(message);
    let seed = seed.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |seed, byte| {
        (seed ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3)
    });
    round_trip(seed);
    leaves_the_house(message);
    if message.len() > 2 && data.first() == Some(&b'#') {
        // Quadratic code would now take too long.
        let long = message.repeat(LONG / message.len());
        black_box((redact(&long).len(), read(&long).code));
    }
    planted(seed, before, message);
}

fn is_within(whole: &str, part: &str) -> bool {
    let (start, at) = (whole.as_ptr().addr(), part.as_ptr().addr());
    start <= at && at + part.len() <= start + whole.len()
}

fn parts(message: &str) {
    let failure = read(message);
    for part in [failure.module, failure.name, failure.server, failure.trace_id]
        .into_iter()
        .flatten()
    {
        assert!(
            !part.is_empty() && is_within(message, part),
            "{part:?} is not of {message:?}"
        );
        assert!(!part.contains(char::is_whitespace), "{part:?}");
    }
    if let Some(name) = failure.name {
        let tail = name.strip_prefix("OB_").unwrap_or_default();
        assert!(tail.starts_with(|c: char| c.is_ascii_uppercase()), "{name}");
        assert!(
            tail.bytes()
                .all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == b'_'),
            "{name}"
        );
    }
    // The row and the details must show the same error.
    match named(message) {
        Some((name, code)) => assert_eq!((failure.name, failure.code), (Some(name), code), "{message:?}"),
        None => assert_eq!(failure.name, None, "{message:?}"),
    }
    if let Some(code) = failure.code {
        let digits = code.unsigned_abs().to_string();
        assert!(message.contains(&digits), "{code} is not in {message:?}");
    }
    if let Some(server) = failure.server {
        let port = server
            .rsplit(':')
            .next()
            .and_then(|port| port.parse::<u16>().ok());
        assert!(port.is_some_and(|port| port > 0), "{server:?} has no port");
    }
    if let Some(server) = server_at(&failure) {
        let host = server.rsplit_once(':').map(|(host, _)| host).unwrap_or_default();
        assert!(
            !host.is_empty() && !host.bytes().all(|c| b"xX*".contains(&c)),
            "{server:?} is masked"
        );
    }
    if let Some(id) = failure.trace_id {
        let Some(command) = log_search(id) else {
            unreachable!("{id:?} was read from {message:?}, and cannot be searched for")
        };
        let word = |c: char| c.is_ascii_alphanumeric() || c == '-';
        assert!(
            id.starts_with(['Y', 'Z']) && id.chars().all(word),
            "{id:?} is no word of a shell"
        );
        assert!(command.starts_with(&format!("grep '{id}' /")), "{command}");
    }
    let same = cause(&failure);
    assert!(
        failure.name.is_some() || failure.code.is_some() || same.is_none(),
        "{message:?}"
    );
    // White space after a message has no meaning.
    assert_eq!(read(&format!("{message}\n")).name, failure.name, "{message:?}");
}

/// The address in a trace id can be read back, whatever it is.
fn round_trip(seed: u64) {
    let (ip, port) = (seed as u32, (seed >> 32) as u16);
    let id = format!("Y{port:X}{ip:08X}-0005CB53B2946DFF-0-0");
    let [a, b, c, d] = ip.to_be_bytes();
    let want = (ip > 0 && port > 0).then(|| format!("{a}.{b}.{c}.{d}:{port}"));
    assert_eq!(server_of(&id), want, "{id}");
}

/// What the core finds in a message must not be in the redacted message.
fn leaves_the_house(message: &str) {
    let failure = read(message);
    let redacted = redact(message);
    assert_eq!(
        redact(&redacted),
        redacted,
        "a second time takes more out of {message:?}"
    );
    // As a part of a longer word it may occur again.
    let is_alone = |part: &str| message.matches(part).nth(1).is_none();
    if let Some(id) = failure.trace_id.filter(|id| is_alone(id)) {
        assert!(!redacted.contains(id), "{id} of {message:?} is in {redacted:?}");
    }
    let host = failure.server.and_then(|server| server.rsplit_once(':'));
    let ip = host.map(|(host, _)| host.trim_start_matches('[').trim_end_matches(']'));
    if let Some(ip) =
        ip.filter(|ip| is_alone(ip) && ip.parse::<IpAddr>().is_ok() && ip.bytes().any(|c| c.is_ascii_digit()))
    {
        assert!(!redacted.contains(ip), "{ip} of {message:?} is in {redacted:?}");
    }
}

/// An address and an id between any texts that do not continue the word.
fn planted(seed: u64, before: &str, behind: &str) {
    let alone = |c: Option<char>| c.is_none_or(|c| !c.is_alphanumeric() && c != '.' && c != '%');
    if !alone(before.chars().next_back()) || !alone(behind.chars().next()) {
        return;
    }
    let [a, b, c, d] = (seed as u32 | 0x0101_0101).to_be_bytes();
    let v4 = format!("{a}.{b}.{c}.{d}");
    let id = format!("YB42{:08X}-0005{:012X}", seed as u32 | 1, seed >> 16);
    let v6 = format!("[fe80:{:x}::{:x}]:2882", seed >> 48 | 1, seed as u16);
    for word in [v4, id, v6] {
        // After these texts the id continues, and is another one.
        let is_other = behind.starts_with('-') && word.starts_with('Y');
        let bare = word.trim_end_matches("]:2882").trim_start_matches('[');
        // As a part of a longer word it is no address.
        let is_there = before.contains(bare) || behind.contains(bare) || is_other;
        let text = format!("{before}{word}{behind}");
        let redacted = redact(&text);
        assert!(
            is_there || !redacted.contains(bare),
            "{word} of {text:?} is in {redacted:?}"
        );
        assert_eq!(
            redact(&redacted),
            redacted,
            "a second time takes more out of {text:?}"
        );
    }
}
