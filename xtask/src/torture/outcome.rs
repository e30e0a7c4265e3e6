//! Runs the tests of lines, natively and in browsers, and reads how they ended.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use serde_json::Value;

use super::lines::{self, Line};
use crate::project::{Project, WIDGET};
use crate::run::{Cmd, say};
use crate::test::e2e;
use crate::tools::system::{self, System};

/// The browsers that the tests run in.
const ENGINES: [System; 3] = [System::Chrome, System::Firefox, System::WebKit];

/// How the tests of one line ended.
#[derive(Debug, Default)]
pub(super) struct Outcome {
    pub(super) native: u32,
    pub(super) browser: u32,
    pub(super) took: Duration,
    /// Names of tests that failed, with what they said.
    pub(super) failures: Vec<String>,
}

/// The core's tests, line by line.
pub(super) fn native(project: &Project, lines: &[&Line]) -> Result<BTreeMap<u32, Outcome>> {
    let tests = || {
        Cmd::cargo()
            .args(["test", "--package", WIDGET, "--lib", "--no-default-features"])
            .dir(&project.root)
    };
    say("building the core's tests");
    tests().arg("--no-run").run()?;
    let mut outcomes = BTreeMap::new();
    for line in lines {
        let start = Instant::now();
        let mut outcome = Outcome::default();
        let mut said = Vec::new();
        // That a test failed stands in its lines.
        let ended = tests()
            .args(["--quiet", "--", "--format", "pretty"])
            .arg(line.native_tests())
            .env("RUST_BACKTRACE", "0")
            .env("LONG", "1")
            .follow(|line| {
                if let Some((name, verdict)) = line.strip_prefix("test ").and_then(|l| l.split_once(" ... "))
                {
                    outcome.native += 1;
                    if verdict.starts_with("FAILED") {
                        outcome.failures.push(name.to_owned());
                    }
                } else if !outcome.failures.is_empty() {
                    said.push(line.to_owned());
                }
            });
        if ended.is_err() && outcome.failures.is_empty() {
            ended?;
        }
        if let Some(failure) = outcome.failures.first_mut()
            && let Some(at) = said.iter().position(|line| line.contains(" panicked at "))
        {
            let why: Vec<&str> = said[at + 1..]
                .iter()
                .take_while(|line| !line.starts_with("note: "))
                .take(3)
                .map(|line| line.trim())
                .collect();
            *failure = format!("{failure}: {}", why.join(" "));
        }
        outcome.took = start.elapsed();
        outcomes.insert(line.number, outcome);
    }
    Ok(outcomes)
}

/// The browser tests of the page that was built, all in one run; their runner tells how long each took.
pub(super) fn in_browser(project: &Project, numbers: &[u32]) -> Result<BTreeMap<u32, Outcome>> {
    let files = browser_files(project, numbers)?;
    let mut outcomes: BTreeMap<u32, Outcome> = BTreeMap::new();
    if files.is_empty() {
        return Ok(outcomes);
    }
    e2e::set_up(project)?;
    system::require(&ENGINES)?;
    let told = project.cache()?.join("torture.jsonl");
    let pattern: Vec<String> = numbers.iter().map(ToString::to_string).collect();
    let node = Cmd::new("node")
        .args([
            "--test",
            "--test-reporter",
            "spec",
            "--test-reporter-destination",
            "stdout",
        ])
        .arg("--test-reporter")
        .arg(project.root.join("e2e/lib/told.mjs"))
        .arg("--test-reporter-destination")
        .arg(&told)
        .arg(format!("--test-name-pattern=/\\bT({}): /", pattern.join("|")))
        .args(files);
    let ended = e2e::environment(node, project, true).and_then(|node| node.follow(|_| ()));
    let text = fs::read_to_string(&told).with_context(|| format!("cannot read {}", told.display()))?;
    for line in text.lines() {
        let told: Value = serde_json::from_str(line).context("the runner's report is no JSON")?;
        let name = told["name"].as_str().unwrap_or_default();
        let Some(number) = lines::number_of(name).filter(|number| numbers.contains(number)) else {
            continue;
        };
        let outcome = outcomes.entry(number).or_default();
        outcome.browser += 1;
        outcome.took += Duration::from_secs_f64(told["ms"].as_f64().unwrap_or_default() / 1000.0);
        if told["passed"] != true {
            outcome
                .failures
                .push(format!("{name}: {}", told["why"].as_str().unwrap_or_default()));
        }
    }
    if outcomes.values().all(|outcome| outcome.failures.is_empty()) {
        ended?;
    }
    Ok(outcomes)
}

/// The files with browser tests of the lines.
fn browser_files(project: &Project, numbers: &[u32]) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for path in e2e::files(&project.root.join("e2e/tests"))? {
        let text = fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
        if lines::browser_tests(&text).any(|(number, _)| numbers.contains(&number)) {
            files.push(path);
        }
    }
    Ok(files)
}

/// Asks for all that the tests of the lines need, before anything is compiled for minutes.
pub(super) fn require(project: &Project, numbers: &[u32]) -> Result<()> {
    let mut needed = vec![System::C, System::Node];
    if !browser_files(project, numbers)?.is_empty() {
        needed.extend(ENGINES);
    }
    system::require(&needed)
}
