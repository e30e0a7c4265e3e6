//! What a restore's error message says: which module, which error, on which server, under which trace id.
//!
//! The kernel writes `'%s : %s(%d) on %s with traceid %s'` (oceanbase/oceanbase, `update_job_error_info` in
//! `ob_physical_restore_table_operator.cpp`). Since 4.x a job's comment may also be
//! `(server)ls_id: 1002,addr: 10.0.0.1:2882,module:RESTORE_DATA,result: -4016(Internal error),trace_id: Y…`
//! (oceanbase-doc, “Data backup failures” and “Physical restore failures”). Messages that only contain
//! `OB_…(-n)` somewhere still give the name and the code; what has neither is shown whole.
//!
//! A part is read only where it stands whole and belongs to the error that was picked: half a port or the
//! server of another line would send somebody to the wrong machine.

mod codes;
mod trace;

pub use codes::{Cause, cause};
pub use trace::{log_search, server_of};

/// The longest name in `ob_errno.def` has some 70 letters.
const LONGEST_NAME: usize = 100;
/// `[ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff]:65535` has 47, a masked one hardly more.
const LONGEST_SERVER: usize = 64;

/// The parts of a message, borrowed from it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Failure<'a> {
    /// `ROOTSERVICE`, `CLOG`, `STORAGE`.
    pub module: Option<&'a str>,
    /// `OB_ENTRY_NOT_EXIST`.
    pub name: Option<&'a str>,
    /// −4018.
    pub code: Option<i32>,
    /// `172.30.85.172:2882`, as the message has it.
    pub server: Option<&'a str>,
    /// `YB42AC1E55AC-0005CB53B2946DFF`.
    pub trace_id: Option<&'a str>,
}

/// Reads a message; every part that is not there is `None`.
pub fn read(message: &str) -> Failure<'_> {
    let Some(error) = pick(message) else {
        return commented(message);
    };
    // What comes after the next name is said of that one.
    let rest = &message[error.end..];
    let rest = next_name(rest, 0).map_or(rest, |(at, _)| &rest[..at]);
    Failure {
        module: module(&message[..error.at]),
        name: Some(error.name),
        code: error.code,
        server: spoken_on(rest).and_then(server),
        trace_id: traced(rest),
    }
}

/// The server that failed: as the message has it, or, where it is missing or masked there, as the trace id tells it
/// (which strictly is the server that gave out the id).
pub fn server_at(failure: &Failure<'_>) -> Option<String> {
    let said = failure.server.filter(|server| {
        let host = server.rsplit_once(':').map_or(*server, |(host, _)| host);
        !host.bytes().all(|c| b"xX*.[]:".contains(&c))
    });
    said.map(str::to_owned)
        .or_else(|| failure.trace_id.and_then(server_of))
}

/// The name and the code alone: what a row shows.
pub fn named(message: &str) -> Option<(&str, Option<i32>)> {
    pick(message).map(|error| (error.name, error.code))
}

/// An error's name in a message, with the code behind it.
struct Error<'a> {
    name: &'a str,
    code: Option<i32>,
    at: usize,
    /// Behind the code, or behind the name where there is none.
    end: usize,
}

/// The error that the message is about: the first in the kernel's form, else the first with a code, else the first.
fn pick(message: &str) -> Option<Error<'_>> {
    let mut best: Option<Error> = None;
    let mut from = 0;
    while let Some((at, name)) = next_name(message, from) {
        from = at + name.len();
        let (code, end) = match code(&message[from..]) {
            Some((code, length)) => (Some(code), from + length),
            None => (None, from),
        };
        let error = Error { name, code, at, end };
        if code.is_some() && spoken_on(&message[end..]).is_some() {
            return Some(error);
        }
        let better = best
            .as_ref()
            .is_none_or(|best| best.code.is_none() && code.is_some());
        if better {
            best = Some(error);
        }
    }
    best
}

/// The first `OB_NAME` from there on that is a word of its own, and where it stands.
fn next_name(message: &str, from: usize) -> Option<(usize, &str)> {
    let bytes = message.as_bytes();
    let mut triples = bytes.get(from..)?.windows(3).enumerate();
    triples.find_map(|(at, triple)| {
        if triple != b"OB_" {
            return None;
        }
        let at = from + at;
        // ASCII letters only: Chinese text stands right before a name, without a space.
        let alone = at == 0 || !is_word(bytes[at - 1]);
        if !alone || !bytes.get(at + 3)?.is_ascii_uppercase() {
            return None;
        }
        let tail = &bytes[at..];
        let length = tail.iter().position(|&b| !is_name(b)).unwrap_or(tail.len());
        let whole = tail.get(length).is_none_or(|&b| !is_word(b));
        (whole && length <= LONGEST_NAME).then(|| (at, &message[at..at + length]))
    })
}

/// The number in the brackets with which the text begins, and how long that is.
fn code(text: &str) -> Option<(i32, usize)> {
    let inside = text.trim_start().strip_prefix('(')?.trim_start();
    let length = inside
        .bytes()
        .position(|b| b != b'-' && !b.is_ascii_digit())
        .filter(|length| *length <= 11)?;
    let (number, rest) = inside.split_at(length);
    let rest = rest.trim_start().strip_prefix(')')?;
    Some((number.parse().ok()?, text.len() - rest.len()))
}

/// The word before the colon with which the text ends.
fn module(before: &str) -> Option<&str> {
    let word = before.trim_end().strip_suffix(':')?.trim_end();
    let start = word.bytes().rposition(|b| !is_name(b)).map_or(0, |at| at + 1);
    // The start of a letter of more than one byte would be no place to cut: then it is no module either.
    let alone = start == 0 || word.as_bytes()[start - 1].is_ascii_whitespace();
    word.get(start..).filter(|word| alone && !word.is_empty())
}

/// What stands behind an ` on ` with which the text begins.
fn spoken_on(text: &str) -> Option<&str> {
    let tail = text.trim_start();
    tail.strip_prefix("on ").filter(|_| tail.len() < text.len())
}

/// The server with which the text begins: a host and a port, in quotes as the kernel writes them or without, and
/// something behind it, so that the port is known to be whole.
fn server(text: &str) -> Option<&str> {
    let text = text.trim_start().trim_start_matches(['"', '\'', '\\']);
    let end = text
        .bytes()
        .take(LONGEST_SERVER + 1)
        .position(|b| !is_word(b) && !b".-*[]:".contains(&b))?;
    let server = &text[..end];
    let (host, port) = server.rsplit_once(':')?;
    let plain = match host.strip_prefix('[') {
        Some(host) => host.strip_suffix(']')?,
        // Without brackets nobody can tell the end of an IPv6 address from a port.
        None => Some(host).filter(|host| !host.contains([':', ']']))?,
    };
    // The kernel prints an address that it does not have as 0.0.0.0:0.
    let port = port.parse::<u16>().ok().filter(|port| *port > 0);
    (port.is_some() && !plain.is_empty() && !plain.contains('[')).then_some(server)
}

/// The first trace id behind a `traceid` or `trace_id`.
fn traced(text: &str) -> Option<&str> {
    let mut rest = text;
    while let Some(tail) = after(rest, "trace") {
        rest = tail;
        let named = tail.strip_prefix('_').unwrap_or(tail).strip_prefix("id");
        let id = named
            .map(|tail| tail.trim_start_matches([' ', ':', '=', '"', '\'', '[', '\\']))
            .and_then(trace::leading);
        if id.is_some() {
            return id;
        }
    }
    None
}

/// The parts of a 4.x comment, which has labels, and the code without its name.
fn commented(message: &str) -> Failure<'_> {
    let Some(text) = after(message, "(server)").or_else(|| after(message, "(rootservice)")) else {
        return Failure::default();
    };
    let code = labelled(text, "result:").and_then(|tail| {
        let end = tail.find(|c: char| c != '-' && !c.is_ascii_digit())?;
        tail[..end].parse().ok()
    });
    let module = labelled(text, "module:").and_then(|tail| {
        let end = tail.bytes().position(|b| !is_name(b))?;
        Some(&tail[..end]).filter(|word| !word.is_empty())
    });
    Failure {
        module,
        name: None,
        code,
        server: labelled(text, "addr:").and_then(server),
        trace_id: traced(text),
    }
}

fn labelled<'a>(text: &'a str, label: &str) -> Option<&'a str> {
    after(text, label).map(str::trim_start)
}

/// What stands behind the first `mark`. (Byte by byte: the standard search is a kilobyte of code.)
fn after<'a>(text: &'a str, mark: &str) -> Option<&'a str> {
    let mark = mark.as_bytes();
    let at = text
        .as_bytes()
        .windows(mark.len())
        .position(|part| part == mark)?;
    text.get(at + mark.len()..)
}

fn is_name(b: u8) -> bool {
    b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_'
}

fn is_word(b: u8) -> bool {
    b.is_ascii_alphanumeric() || b == b'_'
}

#[cfg(test)]
#[path = "failure_tests.rs"]
mod tests;
