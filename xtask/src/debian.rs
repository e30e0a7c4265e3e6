//! What only the system's package manager has: browsers, a C compiler for musl, nginx. Debian's, and only as root.

use anyhow::{Result, bail};

use crate::run::{Cmd, say};

/// Installs the packages, or says what to install by hand: `what` is what is missing, `otherwise` what else would do.
pub(crate) fn install(what: &str, packages: &[&str], otherwise: &str) -> Result<()> {
    let by_hand = format!("apt-get install {}", packages.join(" "));
    if which::which("apt-get").is_err() {
        bail!("{what} is missing: {otherwise}");
    }
    if !nix::unistd::geteuid().is_root() {
        bail!("{what} is missing: run `sudo {by_hand}`");
    }
    let apt = || {
        Cmd::new("apt-get")
            .env("DEBIAN_FRONTEND", "noninteractive")
            .args(["-o", "Acquire::Retries=3", "-o", "Dpkg::Use-Pty=0", "-q"])
    };
    say(format!(
        "refreshing apt's package lists, to install {what} (under a minute)"
    ));
    apt().arg("update").run()?;
    say(format!(
        "installing {} with apt-get (about a minute)",
        packages.join(" and ")
    ));
    apt()
        .args(["install", "-y", "--no-install-recommends"])
        .args(packages)
        .run()
}
