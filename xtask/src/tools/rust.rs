//! What rustup adds to the tool chain: components, targets, the source of the standard library.

use std::path::Path;

use anyhow::{Context, Result};

use crate::run::{Cmd, say};

/// The target that the widget is compiled for.
pub(crate) const WASM: &str = "wasm32-unknown-unknown";

/// Adds components of the tool chain, such as `clippy`, if they are missing.
pub(crate) fn component(name: &str) -> Result<()> {
    // The program's name is `rustfmt` for one and `cargo-clippy` for the other; Cargo knows both.
    let subcommand = if name == "rustfmt" { "fmt" } else { name };
    if Cmd::cargo().args([subcommand, "--version"]).output().is_ok() {
        return Ok(());
    }
    say(format!("adding the component {name} with rustup (some seconds)"));
    Cmd::new("rustup")
        .args(["component", "add", name])
        .run()
        .with_context(|| format!("rustup cannot add the component {name}; is rustup installed?"))
}

/// Adds the standard library for the browser, if it is missing.
pub(crate) fn wasm_target() -> Result<()> {
    target(WASM)
}

/// Adds a target of rustc if it is missing.
pub(crate) fn target(name: &str) -> Result<()> {
    let library = Cmd::new("rustc")
        .args(["--print", "target-libdir", "--target", name])
        .output();
    if library.is_ok_and(|dir| Path::new(dir.trim()).is_dir()) {
        return Ok(());
    }
    say(format!("adding the target {name} with rustup (some seconds)"));
    Cmd::new("rustup")
        .args(["target", "add", name])
        .run()
        .with_context(|| format!("rustup cannot add the target {name}; is rustup installed?"))
}

/// Has the source of the standard library here, from which what is shipped is built smaller; without it the build is a
/// tenth larger and works as well. Says whether it is here.
pub(crate) fn std_source() -> Result<bool> {
    let root = Cmd::new("rustc").args(["--print", "sysroot"]).output()?;
    let library = Path::new(root.trim()).join("lib/rustlib/src/rust/library/Cargo.toml");
    if !library.is_file() {
        say("adding the source of the standard library with rustup (some seconds)");
        let added = Cmd::new("rustup").args(["component", "add", "rust-src"]).run();
        if added.is_err() || !library.is_file() {
            say("rustup cannot add rust-src: the page is built without it and becomes a tenth larger");
            return Ok(false);
        }
    }
    // Its manifest uses what stable Cargo takes from the standard library alone.
    let of_library = |cmd: Cmd| {
        cmd.env("RUSTC_BOOTSTRAP", "1")
            .args(["--locked", "--manifest-path"])
            .arg(&library)
    };
    let have_all = of_library(Cmd::cargo().args(["metadata", "--offline", "--format-version", "1"]));
    if have_all.output().is_err() {
        say("downloading the crates of the standard library (under a minute)");
        of_library(Cmd::cargo().arg("fetch"))
            .run()
            .context("cannot download the crates of the standard library")?;
    }
    Ok(true)
}
