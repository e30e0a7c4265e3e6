//! The log, on standard error, as text or JSON. Standard output has only the line `listening on`.

use std::fmt::Display;
use std::os::unix::fs::MetadataExt;
use std::sync::OnceLock;

use chrono::{DateTime, SecondsFormat};
use serde::Deserialize;
use tracing_subscriber::Layer;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

use super::clock::now_ms;

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

/// The format that `begin` was given, for the last message, which does not go through `tracing`.
static FORMAT: OnceLock<LogFormat> = OnceLock::new();

/// Starts the log at the level of `RUST_LOG`, otherwise `info`. A second call changes nothing.
pub(crate) fn begin(format: LogFormat) {
    let _ = FORMAT.set(format);
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
    if FORMAT.get() == Some(&LogFormat::Json) {
        write_json(&text);
    } else {
        eprintln!("ob-restore-tasks-server: {text}");
    }
}

/// The same as one JSON object, with the fields of the other log lines.
pub fn write_json(text: &str) {
    let now = DateTime::from_timestamp_millis(now_ms()).unwrap_or_default();
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
