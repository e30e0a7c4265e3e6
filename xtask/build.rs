//! Says in one sentence that the compiler is too old. Cargo would say it once for each package; the alias `xtask` tells
//! it not to.

use std::process::Command;

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-env-changed=RUSTC");
    let needed = env!("CARGO_PKG_RUST_VERSION");
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let said = Command::new(rustc).arg("--version").output();
    let said = said.map(|output| String::from_utf8_lossy(&output.stdout).into_owned());
    let version = said
        .as_deref()
        .unwrap_or_default()
        .split_whitespace()
        .nth(1)
        .unwrap_or_default();
    // What does not tell its version is left to Cargo. (No `if let` with `&&`: an old compiler must understand this file.)
    let is_old = parts(version)
        .zip(parts(needed))
        .is_some_and(|(found, least)| found < least);
    if is_old {
        println!(
            "cargo::error=this project needs Rust {needed} or newer, and this is Rust {version}: run `rustup update`"
        );
    }
}

/// The first two numbers of a version.
fn parts(version: &str) -> Option<(u32, u32)> {
    let mut parts = version.split('.').map(|part| part.parse().ok());
    Some((parts.next()??, parts.next()??))
}
