//! The companion server, built for development, for release, to be measured by, or as the one file that is deployed.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::build;
use crate::project::{Project, SERVER};
use crate::run::{Cmd, say};
use crate::tools::rust;
use crate::tools::system::{self, System};

/// Builds the server and gives the path of its binary.
pub(crate) fn build(project: &Project) -> Result<PathBuf> {
    build_with(project, "dev")
}

/// The same, silent unless it fails: for what is built beside something else.
pub(crate) fn build_quietly(project: &Project) -> Result<PathBuf> {
    let messages = command(project, "dev")
        .args(["--quiet", "--message-format", "json-render-diagnostics"])
        .output()?;
    executable(&messages, SERVER).context("cargo built the server, but names no binary")
}

/// The same, as fast as it can be.
pub(crate) fn build_release(project: &Project) -> Result<PathBuf> {
    build_with(project, "release")
}

/// One file that needs nothing of the machine it runs on, with the page in it: statically linked with musl, since
/// glibc's name look-up loads the machine's own modules all the same.
pub(crate) fn build_static(project: &Project) -> Result<PathBuf> {
    if !cfg!(target_os = "linux") {
        bail!(
            "the static binary is built on Linux; elsewhere use `cargo build -p {SERVER} --release --features embed`"
        );
    }
    // SQLite and the cryptography are C and assembly. Asked first: whoever lacks it must not find out after the page has
    // been built for minutes.
    system::require(&[System::Musl])?;
    let target = format!("{}-unknown-linux-musl", std::env::consts::ARCH);
    rust::target(&target)?;
    build::build(project)?;
    let dist = project.dist();
    let binary = build_command(|| {
        Cmd::cargo()
            .args(["build", "--package", SERVER, "--profile", "release"])
            .args(["--features", "embed", "--target", &target])
            .env("OBRT_DIST", &dist)
            .env("CARGO_PROFILE_RELEASE_STRIP", "symbols")
            .dir(&project.root)
    })?;
    let bytes = fs::read(&binary).with_context(|| format!("cannot read {}", binary.display()))?;
    if !is_static(&bytes) {
        bail!(
            "{} wants a loader of the machine: it is not static",
            binary.display()
        );
    }
    say(format!(
        "{} is static and has {:.1} MiB",
        project.relative(&binary).display(),
        bytes.len() as f64 / f64::from(1 << 20)
    ));
    Ok(binary)
}

/// Whether a 64-bit ELF file names no interpreter among its program headers.
fn is_static(elf: &[u8]) -> bool {
    const INTERPRETER: u32 = 3;
    let number = |at: usize, size: usize| -> Option<usize> {
        let bytes = elf.get(at..at.checked_add(size)?)?;
        let value = bytes
            .iter()
            .rev()
            .fold(0_u64, |value, byte| (value << 8) | u64::from(*byte));
        usize::try_from(value).ok()
    };
    let headers = || -> Option<bool> {
        let (offset, size, count) = (number(0x20, 8)?, number(0x36, 2)?, number(0x38, 2)?);
        for index in 0..count {
            if number(offset + index * size, 4)? == INTERPRETER as usize {
                return Some(false);
            }
        }
        Some(true)
    };
    elf.starts_with(b"\x7fELF\x02\x01") && headers().unwrap_or(false)
}

fn build_with(project: &Project, profile: &str) -> Result<PathBuf> {
    build_command(|| command(project, profile))
}

fn command(project: &Project, profile: &str) -> Cmd {
    Cmd::cargo()
        .args(["build", "--package", SERVER, "--profile", profile])
        .dir(&project.root)
}

fn build_command(build: impl Fn() -> Cmd) -> Result<PathBuf> {
    say("building the companion server (1 to 3 minutes the first time)");
    build().run()?;
    // The second call builds nothing: it only asks where the binary is.
    let messages = build().args(["--quiet", "--message-format", "json"]).output()?;
    executable(&messages, SERVER).context("cargo built the server, but names no binary")
}

/// The path of a package's binary among Cargo's messages.
pub(crate) fn executable(messages: &str, package: &str) -> Option<PathBuf> {
    let messages = messages
        .lines()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let mut binaries = messages.filter(|message| message["target"]["name"] == package);
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
        assert_eq!(executable(&messages, SERVER), Some(PathBuf::from("/t/server")));
        assert_eq!(executable("", SERVER), None);
    }

    #[test]
    fn tells_a_static_binary_from_one_that_is_none() {
        let elf = |kind: u8| {
            let mut bytes = vec![0; 0x40 + 2 * 0x38];
            bytes[..6].copy_from_slice(b"\x7fELF\x02\x01");
            (bytes[0x20], bytes[0x36], bytes[0x38]) = (0x40, 0x38, 2);
            (bytes[0x40], bytes[0x78]) = (1, kind);
            bytes
        };
        assert!(is_static(&elf(2)) && !is_static(&elf(3)));
        assert!(!is_static(b"") && !is_static(b"\x7fELF\x02\x01") && !is_static(b"#!/bin/sh"));
        let own = std::env::current_exe().unwrap();
        assert_eq!(
            is_static(&fs::read(own).unwrap()),
            cfg!(target_feature = "crt-static")
        );
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
