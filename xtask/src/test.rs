//! `cargo xtask test` and `cargo xtask check`: the steps, run in their order until one fails.
//!
//! What a step needs is looked for before the first one runs. A step whose needs cannot be met is skipped, named and
//! counted; it never counts as passed.

mod cargo;
pub(crate) mod e2e;
mod needs;
mod steps;
mod supply;
pub(crate) mod tally;
mod trunk;

use std::process::ExitCode;
use std::time::Instant;

use anyhow::{Result, bail};
use clap::Args;

use crate::project::Project;
use crate::run::{say, spoken};
use crate::tools::system::System;
use needs::Need;
use steps::{STEPS, Step, When};
use tally::Tally;

/// Which steps to run.
#[derive(Args)]
pub(crate) struct Options {
    /// Run only this step (repeatable); what it needs is installed.
    #[arg(long, value_name = "STEP")]
    only: Vec<String>,
    /// Run also what is too slow for each run, and install what that needs.
    #[arg(long)]
    long: bool,
    /// Name the steps and end.
    #[arg(long)]
    list: bool,
}

/// What tests of the step `e2e` use where it is here; without it they are skipped one by one.
const OPTIONAL: [System; 3] = [System::Firefox, System::WebKit, System::Nginx];

/// Names the steps.
fn list() {
    for step in &STEPS {
        let when = match step.when {
            When::Always => "check, test",
            When::Test => "test",
            When::IfInstalled => "test (if installed), --long",
            When::Long => "--long",
        };
        println!("{:12} {:28} {}", step.name, when, step.what);
    }
}

/// `cargo xtask test`: sets up what the steps need, runs them, and prints the count of the tests.
pub(crate) fn test(project: &Project, options: &Options) -> Result<ExitCode> {
    if options.list {
        list();
        return Ok(ExitCode::SUCCESS);
    }
    let steps = chosen(&options.only, options.long)?;
    run(
        project,
        &steps,
        options.long,
        !options.only.is_empty() || options.long,
    )
}

/// `cargo xtask check`: what a person runs every few minutes.
pub(crate) fn check(project: &Project) -> Result<ExitCode> {
    let steps: Vec<&Step> = STEPS.iter().filter(|step| step.when == When::Always).collect();
    run(project, &steps, false, false)
}

/// Runs steps. Programs that compile for minutes are installed only if `install` says so.
fn run(project: &Project, steps: &[&Step], long: bool, install: bool) -> Result<ExitCode> {
    let start = Instant::now();
    let unmet = set_up(project, steps, install)?;
    say(format!("set-up took {}", spoken(start.elapsed())));

    let mut total = Tally::default();
    let mut skipped = Vec::new();
    let mut broken = None;
    for step in steps {
        if let Some((_, why)) = unmet.iter().find(|(need, _)| step.needs.contains(need)) {
            say(format!("{} SKIPPED: {why}", step.name));
            skipped.push(format!("{} ({}): {why}", step.name, step.what));
            total.skipped += 1;
            continue;
        }
        say(format!("{}: {}", step.name, step.what));
        let start = Instant::now();
        let mut tally = Tally::default();
        let result = (step.run)(project, &mut tally, long);
        if result.is_err() && tally.failed == 0 {
            // A step that fails without a test of its own to blame counts as one.
            tally.failed = 1;
        }
        total += tally;
        let took = spoken(start.elapsed());
        match result {
            Ok(()) => say(format!("{} passed in {took}", step.name)),
            Err(error) => {
                eprintln!("error: the step `{}` failed after {took}: {error:#}", step.name);
                eprintln!("       run it alone with `cargo xtask test --only {}`", step.name);
                broken = Some(step.name);
                break;
            }
        }
    }
    say(format!("all in all {}", spoken(start.elapsed())));
    for step in &skipped {
        say(format!("skipped: {step}"));
    }
    println!("{total}");
    Ok(if broken.is_none() && total.failed == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

fn chosen(only: &[String], long: bool) -> Result<Vec<&'static Step>> {
    if let Some(unknown) = only
        .iter()
        .find(|name| STEPS.iter().all(|step| step.name != *name))
    {
        let names: Vec<&str> = STEPS.iter().map(|step| step.name).collect();
        bail!("there is no step {unknown:?}; the steps are {}", names.join(", "));
    }
    Ok(STEPS
        .iter()
        .filter(|step| {
            if only.is_empty() {
                long || step.when != When::Long
            } else {
                only.iter().any(|name| name == step.name)
            }
        })
        .collect())
}

/// Has here what the steps need. Gives what cannot be had, and why.
fn set_up(project: &Project, steps: &[&Step], install: bool) -> Result<Vec<(Need, String)>> {
    let mut all: Vec<Need> = Vec::new();
    for need in steps.iter().flat_map(|step| step.needs) {
        if !all.contains(need) {
            all.push(*need);
        }
    }
    let optional: &[System] = if steps.iter().any(|step| step.name == "e2e") {
        &OPTIONAL
    } else {
        &[]
    };
    needs::provide(project, &all, optional, install)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chooses_steps_in_their_order() {
        let names = |only: &[&str], long| -> Vec<&str> {
            let only: Vec<String> = only.iter().map(|name| (*name).to_owned()).collect();
            chosen(&only, long)
                .unwrap()
                .iter()
                .map(|step| step.name)
                .collect()
        };
        assert_eq!(names(&["e2e", "fmt"], false), ["fmt", "e2e"]);
        assert_eq!(names(&["fuzz"], false), ["fuzz"]);
        assert_eq!(names(&[], true).len(), STEPS.len());
        assert!(names(&[], false).contains(&"deny") && !names(&[], false).contains(&"fuzz"));
        let error = chosen(&["e3e".to_owned()], false).err().unwrap().to_string();
        assert!(
            error.contains("\"e3e\"") && error.contains("clippy-wasm"),
            "{error}"
        );
    }
}
