//! The companion server, built for development or, to be measured by, for release.

use std::path::PathBuf;

use anyhow::{Context, Result};
use serde_json::Value;

use crate::project::{Project, SERVER};
use crate::run::{Cmd, say};

/// Builds the server and gives the path of its binary.
pub(crate) fn build(project: &Project) -> Result<PathBuf> {
    build_with(project, "dev")
}

/// The same, as fast as it can be.
pub(crate) fn build_release(project: &Project) -> Result<PathBuf> {
    build_with(project, "release")
}

fn build_with(project: &Project, profile: &str) -> Result<PathBuf> {
    say("building the companion server (1 to 3 minutes the first time)");
    let build = || {
        Cmd::cargo()
            .args(["build", "--package", SERVER, "--profile", profile])
            .dir(&project.root)
    };
    build().run()?;
    // The second call builds nothing: it only asks where the binary is.
    let messages = build().args(["--quiet", "--message-format", "json"]).output()?;
    executable(&messages).context("cargo built the server, but names no binary")
}

/// The path of the server's binary among Cargo's messages.
fn executable(messages: &str) -> Option<PathBuf> {
    let messages = messages
        .lines()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let mut binaries = messages.filter(|message| message["target"]["name"] == SERVER);
    binaries.find_map(|message| message["executable"].as_str().map(PathBuf::from))
}

/// The address in the line that the server prints once it serves.
pub(crate) fn address(line: &str) -> Option<&str> {
    line.trim()
        .strip_prefix("listening on ")
        .filter(|address| address.starts_with("http"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_binary_among_the_messages() {
        let messages = format!(
            "{}\nnot json\n{}\n{}\n",
            r#"{"reason":"compiler-artifact","target":{"name":"other"},"executable":"/t/other"}"#,
            r#"{"reason":"compiler-artifact","target":{"name":"ob-restore-tasks-server"},"executable":null}"#,
            r#"{"reason":"compiler-artifact","target":{"name":"ob-restore-tasks-server"},"executable":"/t/server"}"#,
        );
        assert_eq!(executable(&messages), Some(PathBuf::from("/t/server")));
        assert_eq!(executable(""), None);
    }

    #[test]
    fn knows_the_line_that_says_it_serves() {
        assert_eq!(
            address("listening on http://127.0.0.1:8080\n"),
            Some("http://127.0.0.1:8080")
        );
        assert_eq!(address("listening on nothing"), None);
        assert_eq!(address("making demo data"), None);
    }
}
