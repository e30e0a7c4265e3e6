//! The browser tests: Node's own runner, Playwright's core, an installed browser.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::browser;
use crate::project::Project;
use crate::run::{Cmd, say};
use crate::tally::Tally;
use crate::{dist, server};

/// Installs the packages that the tests use, unless they are those of the lock file already.
pub(crate) fn set_up(project: &Project) -> Result<()> {
    let dir = project.root.join("e2e");
    let wanted = lock_file(&dir)?;
    let stamp = dir.join("node_modules").join(".xtask-lock");
    if fs::read(&stamp).is_ok_and(|installed| installed == wanted) {
        return Ok(());
    }
    say("installing the packages of the browser tests from npm (some seconds)");
    Cmd::new("npm")
        .args(["ci", "--no-audit", "--no-fund"])
        .dir(&dir)
        .run()
        .context("npm cannot install the packages of e2e/; Node 20 or newer with npm is needed")?;
    fs::write(&stamp, wanted).with_context(|| format!("cannot write {}", stamp.display()))
}

fn lock_file(dir: &Path) -> Result<Vec<u8>> {
    let path = dir.join("package-lock.json");
    fs::read(&path).with_context(|| format!("cannot read {}", path.display()))
}

/// Runs all browser tests against the built page and the built server.
pub(crate) fn test(project: &Project, tally: &mut Tally) -> Result<()> {
    dist::build(project)?;
    let server = server::build(project)?;
    let browser = browser::provide()?;
    Cmd::new("node")
        .args(["--test", "--test-reporter", "spec"])
        .args(files(&project.root.join("e2e").join("tests"))?)
        .env("CHROME", &browser.chrome)
        .env("SERVER", &server)
        .env("DIST", project.dist())
        .dir(&project.root)
        .follow(|line| tally.read(line))
}

/// The test files, in the order of their names. (Node 20 expands no patterns by itself.)
fn files(dir: &Path) -> Result<Vec<PathBuf>> {
    let entries = fs::read_dir(dir).with_context(|| format!("cannot read {}", dir.display()))?;
    let mut files = entries
        .map(|entry| Ok(entry?.path()))
        .collect::<Result<Vec<_>>>()?;
    files.retain(|path| path.to_string_lossy().ends_with(".test.mjs"));
    files.sort();
    if files.is_empty() {
        bail!("{} has no tests", dir.display());
    }
    Ok(files)
}
