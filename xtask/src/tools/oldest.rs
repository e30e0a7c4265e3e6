//! The step `oldest`: the `rust-version` of Cargo.toml is what really works.
//!
//! In each run the manifests of all crates are compared with it. Where that tool chain is installed, it also compiles the
//! workspace and the widget for the browser.

use anyhow::{Context, Result, bail};
use serde_json::Value;

use super::rust;
use crate::project::{Project, WIDGET};
use crate::run::{Cmd, say};

/// Has the tool chain here, or says why not.
pub(crate) fn provide(project: &Project, install: bool) -> Result<Option<String>> {
    let version = promised(project)?;
    if rustc(&version).output().is_ok() {
        return Ok(None);
    }
    if !install {
        return Ok(Some(format!(
            "Rust {version} is not installed (`--long` installs it)"
        )));
    }
    say(format!("installing Rust {version} with rustup (some seconds)"));
    let added = Cmd::new("rustup")
        .args([
            "toolchain",
            "install",
            &version,
            "--profile",
            "minimal",
            "--no-self-update",
        ])
        .run();
    Ok(match added {
        Ok(()) => None,
        Err(error) => Some(format!("Rust {version} cannot be had: {error:#}")),
    })
}

/// Compiles everything with the oldest tool chain. Its files are kept apart from those of the usual one.
pub(crate) fn check(project: &Project) -> Result<()> {
    let version = promised(project)?;
    let cargo = || {
        Cmd::new("rustup")
            .args(["run", &version, "cargo", "check", "--locked"])
            .without("RUSTC")
            .without("CARGO")
            .without("RUSTUP_TOOLCHAIN")
            .env("CARGO_TARGET_DIR", project.target.join("oldest"))
            .dir(&project.root)
    };
    cargo()
        .args(["--workspace", "--all-targets"])
        .run()
        .with_context(|| {
            format!("Rust {version} does not compile the workspace; raise rust-version in Cargo.toml")
        })?;
    Cmd::new("rustup")
        .args(["target", "add", "--toolchain", &version, rust::WASM])
        .run()?;
    cargo()
        .args(["--package", WIDGET, "--target", rust::WASM])
        .run()
        .with_context(|| {
            format!("Rust {version} does not compile the widget; raise rust-version in Cargo.toml")
        })
}

fn rustc(version: &str) -> Cmd {
    Cmd::new("rustup").args(["run", version, "rustc", "--version"])
}

/// The `rust-version` of the workspace.
fn promised(project: &Project) -> Result<String> {
    let metadata = metadata(project, &["--no-deps"])?;
    let versions = rust_versions(&metadata);
    let own: Vec<&str> = versions.iter().map(|(_, version)| *version).collect();
    let Some(first) = own.first() else {
        bail!("no package of the workspace has a rust-version");
    };
    if own.iter().any(|version| version != first) {
        bail!("the packages of the workspace have several rust-versions: {own:?}");
    }
    Ok((*first).to_owned())
}

fn metadata(project: &Project, arguments: &[&str]) -> Result<Value> {
    let text = Cmd::cargo()
        .args(["metadata", "--format-version", "1"])
        .args(arguments)
        .dir(&project.root)
        .output()?;
    serde_json::from_str(&text).context("cargo metadata is no JSON")
}

/// The packages that say which Rust they need, with what they say.
fn rust_versions(metadata: &Value) -> Vec<(&str, &str)> {
    let packages = metadata["packages"].as_array().into_iter().flatten();
    packages
        .filter_map(|package| Some((package["name"].as_str()?, package["rust_version"].as_str()?)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `1.89` as numbers, a missing part as 0.
    fn parts(version: &str) -> Vec<u32> {
        let mut parts: Vec<u32> = version.split('.').map(|part| part.parse().unwrap()).collect();
        parts.resize(3, 0);
        parts
    }

    #[test]
    fn no_crate_asks_for_a_newer_rust_than_is_promised() {
        let project = Project::open().unwrap();
        let promised = promised(&project).unwrap();
        let all = metadata(&project, &["--all-features", "--locked"]).unwrap();
        let all = rust_versions(&all);
        assert!(all.len() > 100, "cargo metadata names {} crates", all.len());
        let newer: Vec<_> = all
            .iter()
            .filter(|(_, version)| parts(version) > parts(&promised))
            .collect();
        assert!(newer.is_empty(), "rust-version is {promised}, but {newer:?}");
    }

    #[test]
    fn versions_compare_by_number() {
        assert!(parts("1.100") > parts("1.89.1"));
        assert!(parts("1.89") < parts("1.89.1"));
    }
}
