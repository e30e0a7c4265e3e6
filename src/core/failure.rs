//! What a restore's error message says: which module, which error, on which server, under which trace id.
//!
//! The kernel writes `'%s : %s(%d) on %s with traceid %s'` (oceanbase/oceanbase, `update_job_error_info` in
//! `ob_physical_restore_table_operator.cpp`). Messages that only contain `OB_…(-n)` somewhere still give the
//! name and the code; what has neither is shown whole.

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
    let mut failure = Failure::default();
    let Some(at) = find_name(message) else {
        return failure;
    };
    let length = message[at..]
        .find(|c: char| !is_name(c))
        .unwrap_or(message.len() - at);
    failure.name = Some(&message[at..at + length]);
    let before = message[..at].trim_end();
    failure.module = before
        .strip_suffix(':')
        .map(str::trim)
        .and_then(|text| text.rsplit(char::is_whitespace).next());
    failure.module = failure
        .module
        .filter(|word| !word.is_empty() && word.chars().all(is_name));
    let rest = &message[at + length..];
    let inside = rest
        .trim_start()
        .strip_prefix('(')
        .and_then(|tail| tail.split_once(')'));
    let Some((code, rest)) = inside else {
        return failure;
    };
    failure.code = code.trim().parse().ok();
    if let Some(tail) = after(rest, " on ") {
        let rest = after(tail, " with ").map_or(0, |rest| rest.len() + " with ".len());
        let server = tail[..tail.len() - rest].trim().trim_matches('"');
        let plain = !server.is_empty() && server.len() <= 64 && !server.contains(char::is_whitespace);
        failure.server = Some(server).filter(|_| plain);
    }
    if let Some(tail) = after(rest, "traceid ") {
        let id = tail
            .split(|c: char| !c.is_ascii_alphanumeric() && c != '-')
            .next()
            .unwrap_or("");
        failure.trace_id = Some(id).filter(|id| id.starts_with('Y') && id.contains('-'));
    }
    failure
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

/// Where an `OB_NAME` begins that is a word of its own.
fn find_name(message: &str) -> Option<usize> {
    let mut triples = message.as_bytes().windows(3).enumerate();
    triples.find_map(|(at, triple)| {
        if triple != b"OB_" {
            return None;
        }
        let alone = !message[..at].chars().next_back().is_some_and(is_name);
        let begins = message[at + 3..].starts_with(|c: char| c.is_ascii_uppercase());
        (alone && begins).then_some(at)
    })
}

fn is_name(c: char) -> bool {
    c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_'
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sample_of_the_documentation() {
        let failure = read(
            "CLOG : OB_ENTRY_NOT_EXIST(-4018) on \"xxx.xxx.xxx.xxx:2882\" with traceid YB42AC1E55AC-0005CB53B2946DFF",
        );
        assert_eq!(failure.module, Some("CLOG"));
        assert_eq!(failure.name, Some("OB_ENTRY_NOT_EXIST"));
        assert_eq!(failure.code, Some(-4018));
        assert_eq!(failure.server, Some("xxx.xxx.xxx.xxx:2882"));
        assert_eq!(failure.trace_id, Some("YB42AC1E55AC-0005CB53B2946DFF"));
    }

    #[test]
    fn what_is_not_there_is_not_made_up() {
        let table = [
            ("", Failure::default()),
            ("disk is full", Failure::default()),
            ("BLOB_X", Failure::default()),
            ("OB_", Failure::default()),
            (
                "ret=OB_TIMEOUT",
                Failure {
                    name: Some("OB_TIMEOUT"),
                    ..Failure::default()
                },
            ),
            (
                "恢复失败: OB_IO_ERROR(-4009)",
                Failure {
                    name: Some("OB_IO_ERROR"),
                    code: Some(-4009),
                    ..Failure::default()
                },
            ),
            (
                "OB_IO_ERROR(abc",
                Failure {
                    name: Some("OB_IO_ERROR"),
                    ..Failure::default()
                },
            ),
        ];
        for (message, want) in table {
            assert_eq!(read(message), want, "{message}");
        }
    }
}
