//! The log, on standard error, as text or JSON. Standard output has only the line `listening on`.

use std::ffi::OsStr;
use std::fmt::Display;
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::sync::OnceLock;

use chrono::{DateTime, SecondsFormat};
use serde::Deserialize;
use tracing_subscriber::Layer;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

/// The format of the log.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// For a person
    #[default]
    Text,
    /// One JSON object a line
    Json,
}

/// The format of the log, for messages after the log has ended.
static FORM: OnceLock<LogFormat> = OnceLock::new();

/// Starts the log at the level of `RUST_LOG`, otherwise `info`. A second call changes nothing.
pub(crate) fn begin(format: LogFormat) {
    let _ = FORM.set(format);
    let wanted = std::env::var("RUST_LOG").unwrap_or_default();
    let filter: Targets = wanted
        .parse()
        .ok()
        .filter(|_| !wanted.is_empty())
        .unwrap_or_else(|| Targets::new().with_default(tracing::Level::INFO));
    let lines = tracing_subscriber::fmt::layer().with_writer(std::io::stderr);
    let lines = match format {
        // A log file or journal shows no colours.
        LogFormat::Text => lines.with_ansi(false).boxed(),
        LogFormat::Json => lines.json().flatten_event(true).boxed(),
    };
    let _ = tracing_subscriber::registry()
        .with(lines.with_filter(filter))
        .try_init();
}

/// The format that a configuration file asks for. It is needed before the file was parsed, because errors in
/// the file are written in that format, too. So the lines are searched one by one; anything unexpected means
/// text.
pub(crate) fn said_in(config: Option<&Path>) -> LogFormat {
    let text = config.and_then(|path| std::fs::read_to_string(path).ok());
    let asks = |line: &str| {
        let (name, value) = line.split_once('=').unwrap_or_default();
        let value = value.split('#').next().unwrap_or_default();
        name.trim() == "log" && value.trim().trim_matches(['"', '\'']) == "json"
    };
    if text.is_some_and(|text| text.lines().any(asks)) {
        LogFormat::Json
    } else {
        LogFormat::Text
    }
}

/// Whether a command line that could not be parsed asks for JSON.
pub fn asks_for_json<T: AsRef<OsStr>>(line: &[T]) -> bool {
    let is = |at: usize, word: &str| line.get(at).is_some_and(|other| other.as_ref() == word);
    (0..line.len()).any(|at| is(at, "--log=json") || (is(at, "--log") && is(at + 1, "json")))
}

/// Writes to standard error, in the format of the log, why the server does not start or has ended. `RUST_LOG`
/// does not suppress it.
pub fn fail(error: &dyn Display) {
    let mut text = error.to_string();
    // "Permission denied" helps only together with the user.
    if text.contains("(os error 13)") {
        text += &user()
            .map(|user| format!("; this runs as user {user}"))
            .unwrap_or_default();
    }
    if FORM.get() == Some(&LogFormat::Json) {
        tell_json(&text);
    } else {
        eprintln!("ob-restore-tasks-server: {text}");
    }
}

/// The same as one JSON object, with the fields of the other log lines.
pub fn tell_json(text: &str) {
    let now = DateTime::from_timestamp_millis(crate::clock::now_ms()).unwrap_or_default();
    let line = serde_json::json!({
        "timestamp": now.to_rfc3339_opts(SecondsFormat::Micros, true),
        "level": "ERROR",
        "message": text,
        "target": "ob_restore_tasks_server",
    });
    eprintln!("{line}");
}

/// The user of this process, from `/proc` and without a call into C; `None` without `/proc`.
fn user() -> Option<String> {
    let id = std::fs::metadata("/proc/self").ok()?.uid();
    let users = std::fs::read_to_string("/etc/passwd").unwrap_or_default();
    let named = |line: &str| {
        let mut parts = line.split(':');
        let name = parts.next()?;
        (parts.nth(1)? == id.to_string()).then(|| name.to_owned())
    };
    // Users that systemd creates for a service are in no file; their name is in USER.
    let name = users
        .lines()
        .find_map(named)
        .or_else(|| std::env::var("USER").ok());
    Some(name.map_or(id.to_string(), |name| format!("{name} ({id})")))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    #[test]
    fn the_form_is_known_before_the_rest_is() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("g.toml");
        for (text, wanted) in [
            ("log = \"json\"", LogFormat::Json),
            ("a = \n  log='json' # for the collector\n]", LogFormat::Json),
            ("log = \"text\"", LogFormat::Text),
            ("# log = \"json\"", LogFormat::Text),
            ("log-x = \"json\"", LogFormat::Text),
            ("", LogFormat::Text),
        ] {
            std::fs::write(&file, text).unwrap();
            assert_eq!(said_in(Some(&file)), wanted, "{text}");
        }
        assert_eq!(said_in(Some(Path::new("/no/such"))), LogFormat::Text);
        assert_eq!(said_in(None), LogFormat::Text);
        assert!(asks_for_json(&["x", "--log", "json"]) && asks_for_json(&["--log=json"]));
        assert!(!asks_for_json(&["--log", "text", "json"]) && !asks_for_json(&["--log"]));
    }
}
