//! The torture list, line by line: which tests prove a line, that they pass, and that they turn red once what protects
//! against the fault is taken away.
//!
//! `xtask/torture.toml` has the lines. A native test names its line as `torture_07_…`, a browser test as `T7: …`.

mod lines;
mod outcome;
mod red;

use std::process::ExitCode;

use anyhow::Result;
use clap::Args;

use crate::build;
use crate::project::Project;
use crate::run::spoken;
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
        let engine = lines::read_engine(project)?;
        let engine = engine
            .iter()
            .filter(|line| options.numbers.is_empty() || options.numbers.contains(&line.number));
        return red::run(project, &chosen.into_iter().chain(engine).collect::<Vec<_>>());
    }
    let numbers: Vec<u32> = chosen.iter().map(|line| line.number).collect();
    outcome::require(project, &numbers)?;
    let mut outcomes = outcome::native(project, &chosen)?;
    build::build(project)?;
    for (number, outcome) in outcome::in_browser(project, &numbers)? {
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
