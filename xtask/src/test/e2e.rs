//! The browser tests: Node's own runner, Playwright's core, an installed browser.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use super::tally::Tally;
use crate::project::Project;
use crate::run::{Cmd, say};
use crate::tools::{browser, npm, system};
use crate::{build, package, server};

/// The end of the names of test files that measure time or memory, and run by themselves.
const ALONE: &str = ".alone.test.mjs";
/// How many of the other files run at once: most of them wait for a browser most of the time.
const TOGETHER: u32 = 2;
/// The longest that one file of tests may take, in milliseconds.
const LIMIT_MS: u32 = 900_000;
/// The package of the host that is written with Yew.
const YEW_HOST: &str = "ob-restore-tasks-host-yew";

/// Installs the packages that the tests use, unless they are those of the lock file already.
pub(crate) fn set_up(project: &Project) -> Result<()> {
    npm::install(&project.root.join("e2e"), "of the browser tests")
}

/// Runs the browser tests against the built page and the built server; with `long` also those that are too slow for each
/// run. Tests of an engine or of a server that is not on this machine are skipped and counted by the runner.
pub(crate) fn test(project: &Project, tally: &mut Tally, long: bool) -> Result<()> {
    build::build(project)?;
    let all = files(&project.root.join("e2e").join("tests"))?;
    let (alone, others): (Vec<PathBuf>, Vec<PathBuf>) = all
        .into_iter()
        .partition(|path| path.to_string_lossy().ends_with(ALONE));
    // Those that measure follow the others even where one of those failed: a person wants to know all that is wrong.
    let together = run(project, tally, long, others, TOGETHER);
    let after = run(project, tally, long, alone, 1);
    together.and(after)
}

fn run(project: &Project, tally: &mut Tally, long: bool, files: Vec<PathBuf>, at_once: u32) -> Result<()> {
    let node = Cmd::new("node")
        .args(["--test", "--test-reporter", "spec"])
        .arg(format!("--test-concurrency={at_once}"))
        // A driver that hangs ends its file of tests, not the run.
        .arg(format!("--test-timeout={LIMIT_MS}"))
        .args(files);
    environment(node, project, long)?.follow(|line| tally.read(line))
}

/// Names to the browser tests the page of dist/, the server, and the engines that are here.
pub(crate) fn environment(node: Cmd, project: &Project, long: bool) -> Result<Cmd> {
    let node = node
        .env("CHROME", browser::provide()?.chrome)
        .env("SERVER", server::build(project)?)
        .env("DIST", project.dist())
        .dir(&project.root);
    let optional = [
        ("FIREFOX", browser::firefox()),
        ("WEBKIT", browser::webkit()),
        ("NGINX", system::nginx()),
        ("LONG", long.then(|| PathBuf::from("1"))),
    ];
    Ok(optional
        .into_iter()
        .fold(node, |node, (name, place)| match place {
            Some(place) => node.env(name, place),
            None => node.without(name),
        }))
}

/// Builds the host applications, each with its own tools, from the package as npm has it.
pub(crate) fn build_hosts(project: &Project) -> Result<()> {
    let tarball = package::make(project)?;
    let hosts = project.root.join("e2e/hosts");
    say("building the host applications from the package (some minutes the first time)");
    Cmd::new("node")
        .arg(hosts.join("build.mjs"))
        .env("PACKAGE", tarball)
        .run()?;
    // The host in Rust has the crate itself, and its page is built as the widget's is.
    build::build_host(project, YEW_HOST, &hosts.join("yew"))
}

/// The test files, in the order of their names. (Node 20 expands no patterns by itself.)
pub(crate) fn files(dir: &Path) -> Result<Vec<PathBuf>> {
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
