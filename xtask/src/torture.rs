//! The torture list, line by line: which tests prove a line, that they pass, and that they turn red once what protects
//! against the fault is taken away.
//!
//! `xtask/torture.toml` has the lines. A native test names its line as `torture_07_…`, a browser test as `T7: …`.

mod lines;
mod red;

use std::collections::BTreeMap;
use std::fs;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use clap::Args;
use serde_json::Value;

use crate::project::{Project, WIDGET};
use crate::run::{Cmd, say, spoken};
use crate::system::{self, System};
use crate::{build, e2e};
use lines::Line;

/// What to do with the list.
#[derive(Args)]
pub(crate) struct Options {
    /// Only these faults, by number (see docs/reliability.md).
    numbers: Vec<u32>,
    /// Take each line's protection away in a copy, and see its tests turn red.
    #[arg(long)]
    red: bool,
    /// Write the table of docs/reliability.md anew.
    #[arg(long)]
    table: bool,
}

/// How the tests of one line ended.
#[derive(Debug, Default)]
struct Outcome {
    native: u32,
    browser: u32,
    took: Duration,
    /// Names of tests that failed, with what they said.
    failures: Vec<String>,
}

/// Runs the tests of the lines and prints a line each.
pub(crate) fn run(project: &Project, options: &Options) -> Result<ExitCode> {
    let all = lines::read(project)?;
    if options.table {
        lines::write_table(project, &all)?;
        return Ok(ExitCode::SUCCESS);
    }
    let chosen: Vec<&Line> = all
        .iter()
        .filter(|line| options.numbers.is_empty() || options.numbers.contains(&line.number))
        .collect();
    if options.red {
        return red::run(project, &chosen);
    }
    let numbers: Vec<u32> = chosen.iter().map(|line| line.number).collect();
    let mut outcomes = native(project, &numbers)?;
    build::build(project)?;
    for (number, outcome) in in_browser(project, &numbers)? {
        let whole = outcomes.entry(number).or_default();
        whole.browser += outcome.browser;
        whole.took += outcome.took;
        whole.failures.extend(outcome.failures);
    }
    let mut passed = 0;
    for line in &chosen {
        let outcome = outcomes.remove(&line.number).unwrap_or_default();
        let is_tested = outcome.native + outcome.browser > 0;
        let is_passed = is_tested && outcome.failures.is_empty();
        passed += u32::from(is_passed);
        let verdict = match (is_tested, is_passed) {
            (false, _) => "NO TEST",
            (_, true) => "passed",
            _ => "FAILED",
        };
        println!(
            "{:>2}  {verdict:7}  {:>9}  {:>2} native {:>2} in browsers  {}: {}",
            line.number,
            spoken(outcome.took),
            outcome.native,
            outcome.browser,
            line.fault,
            line.holds
        );
        for failure in outcome.failures {
            println!("             {failure}");
        }
    }
    println!("{passed} of {} lines passed", chosen.len());
    Ok(if passed as usize == chosen.len() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// The core's tests, line by line.
fn native(project: &Project, numbers: &[u32]) -> Result<BTreeMap<u32, Outcome>> {
    let tests = || {
        Cmd::cargo()
            .args(["test", "--package", WIDGET, "--lib", "--no-default-features"])
            .dir(&project.root)
    };
    say("building the core's tests");
    tests().arg("--no-run").run()?;
    let mut outcomes = BTreeMap::new();
    for number in numbers {
        let start = Instant::now();
        let mut outcome = Outcome::default();
        let mut said = Vec::new();
        // That a test failed stands in its lines.
        let ended = tests()
            .args(["--quiet", "--", "--format", "pretty"])
            .arg(format!("torture_{number:02}_"))
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
        outcomes.insert(*number, outcome);
    }
    Ok(outcomes)
}

/// The browser tests of the page that was built, all in one run; their runner tells how long each took.
fn in_browser(project: &Project, numbers: &[u32]) -> Result<BTreeMap<u32, Outcome>> {
    let mut files = Vec::new();
    for path in e2e::files(&project.root.join("e2e/tests"))? {
        let text = fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
        if lines::browser_tests(&text).any(|(number, _)| numbers.contains(&number)) {
            files.push(path);
        }
    }
    let mut outcomes: BTreeMap<u32, Outcome> = BTreeMap::new();
    if files.is_empty() {
        return Ok(outcomes);
    }
    e2e::set_up(project)?;
    for engine in [System::Chrome, System::Firefox, System::WebKit] {
        system::require(engine)?;
    }
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
