//! Reads the error message of a restore: the module, the error, the server and the trace id.
//!
//! The kernel writes `'%s : %s(%d) on %s with traceid %s'` (oceanbase/oceanbase, `update_job_error_info`
//! in `ob_physical_restore_table_operator.cpp`). Since 4.x, the comment of a job may also be
//! `(server)ls_id: 1002,addr: 10.0.0.1:2882,module:RESTORE_DATA,result: -4016(Internal error),trace_id:
//! Y…` (oceanbase-doc, “Data backup failures” and “Physical restore failures”). A message that only
//! contains `OB_…(-n)` somewhere still gives the name and the code. A message with neither is shown as a
//! whole.
//!
//! A part is used only if it is complete and belongs to the error that was found. Half a port, or the
//! server of another line, would send a person to the wrong machine.

use super::trace_id::{self, server_of};

/// The most letters of an error's name. The longest in `ob_errno.def` has about 70.
const LONGEST_NAME: usize = 100;
/// The most characters of a server. `[ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff]:65535` has 47, a masked
/// one hardly more.
const LONGEST_SERVER: usize = 64;

/// The parts of a message, borrowed from it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Failure<'a> {
    /// The module: `ROOTSERVICE`, `CLOG` or `STORAGE`.
    pub module: Option<&'a str>,
    /// The name, such as `OB_ENTRY_NOT_EXIST`.
    pub name: Option<&'a str>,
    /// The code, such as −4018.
    pub code: Option<i32>,
    /// The server as written, such as `172.30.85.172:2882`.
    pub server: Option<&'a str>,
    /// The trace id, such as `YB42AC1E55AC-0005CB53B2946DFF`.
    pub trace_id: Option<&'a str>,
}

/// Reads a message. A part that is missing is `None`.
pub fn read(message: &str) -> Failure<'_> {
    let Some(error) = pick(message) else {
        return commented(message);
    };
    // The text after the next name belongs to that one.
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

/// The server that failed: as the message names it or, if it is missing or masked there, as decoded from
/// the trace id. (Strictly, that is the server that created the id.)
pub fn server_at(failure: &Failure<'_>) -> Option<String> {
    let said = failure.server.filter(|server| {
        let host = server.rsplit_once(':').map_or(*server, |(host, _)| host);
        !host.bytes().all(|c| b"xX*.[]:".contains(&c))
    });
    said.map(str::to_owned)
        .or_else(|| failure.trace_id.and_then(server_of))
}

/// Only the name and the code, as a row shows them.
pub fn named(message: &str) -> Option<(&str, Option<i32>)> {
    pick(message).map(|error| (error.name, error.code))
}

/// The name of an error in a message, with its code.
struct Error<'a> {
    name: &'a str,
    code: Option<i32>,
    at: usize,
    /// The byte index after the code, or after the name if there is no code.
    end: usize,
}

/// The error that the message is about: the first in the kernel's form, otherwise the first with a code,
/// otherwise the first.
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

/// The first `OB_NAME` from `from` on that is a word by itself, with its byte index.
fn next_name(message: &str, from: usize) -> Option<(usize, &str)> {
    let bytes = message.as_bytes();
    let mut triples = bytes.get(from..)?.windows(3).enumerate();
    triples.find_map(|(at, triple)| {
        if triple != b"OB_" {
            return None;
        }
        let at = from + at;
        // Only ASCII letters continue a word: Chinese text may stand before a name without a space.
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

/// The number in parentheses at the start of the text, and the length up to the closing one.
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

/// The word before the colon at the end of the text.
fn module(before: &str) -> Option<&str> {
    let word = before.trim_end().strip_suffix(':')?.trim_end();
    let start = word.bytes().rposition(|b| !is_name(b)).map_or(0, |at| at + 1);
    // If the word began inside a multi-byte character it could not be cut there, and it is not a module.
    let alone = start == 0 || word.as_bytes()[start - 1].is_ascii_whitespace();
    word.get(start..).filter(|word| alone && !word.is_empty())
}

/// The text after ` on ` at the start of a text.
fn spoken_on(text: &str) -> Option<&str> {
    let tail = text.trim_start();
    tail.strip_prefix("on ").filter(|_| tail.len() < text.len())
}

/// The server at the start of the text: host and port, with or without the kernel's quotes. Something
/// must follow, to show that the port is complete.
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
        // Without brackets, the end of an IPv6 address looks like a port.
        None => Some(host).filter(|host| !host.contains([':', ']']))?,
    };
    // The kernel prints `0.0.0.0:0` for an address that it does not have.
    let port = port.parse::<u16>().ok().filter(|port| *port > 0);
    (port.is_some() && !plain.is_empty() && !plain.contains('[')).then_some(server)
}

/// The first trace id after `traceid` or `trace_id`.
fn traced(text: &str) -> Option<&str> {
    let mut rest = text;
    while let Some(tail) = after(rest, "trace") {
        rest = tail;
        let named = tail.strip_prefix('_').unwrap_or(tail).strip_prefix("id");
        let id = named
            .map(|tail| tail.trim_start_matches([' ', ':', '=', '"', '\'', '[', '\\']))
            .and_then(trace_id::leading);
        if id.is_some() {
            return id;
        }
    }
    None
}

/// The parts of a 4.x comment, which has labels and the code without its name.
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

/// The text after the first `mark`. (Compared byte by byte: the standard search adds a kilobyte to the
/// module.)
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
