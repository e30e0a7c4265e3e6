//! `cargo xtask bench`: the page beside its peers. What is measured, and how, is `bench/`'s own affair.

use std::io::{BufRead, BufReader};

use anyhow::{Context, Result, bail};
use clap::Args;

use crate::project::Project;
use crate::run::{Cmd, say};
use crate::tools::system::{self, System};
use crate::tools::{browser, npm};
use crate::{build, server};

/// What to measure, and how often. All of it goes on to `bench/run.mjs`.
#[derive(Args)]
pub(crate) struct Options {
    /// Measure only this one (repeatable), and write no file: ours, vanilla, tanstack, aggrid, antd, perspective.
    #[arg(long, value_name = "NAME")]
    only: Vec<String>,
    /// How many runs the medians are of.
    #[arg(long, value_name = "N", default_value_t = 5)]
    runs: u32,
    /// One run only.
    #[arg(long)]
    quick: bool,
    /// Leave the curve of growth out.
    #[arg(long)]
    no_curve: bool,
}

impl Options {
    fn arguments(&self) -> Vec<String> {
        let only = self.only.iter().flat_map(|name| ["--only", name.as_str()]);
        let mut all: Vec<String> = only.map(str::to_owned).collect();
        all.extend(["--runs".to_owned(), self.runs.to_string()]);
        all.extend(self.quick.then(|| "--quick".to_owned()));
        all.extend(self.no_curve.then(|| "--no-curve".to_owned()));
        all
    }
}

/// Builds what is measured, sets up what measures, and runs it.
pub(crate) fn run(project: &Project, options: &Options) -> Result<()> {
    if options.runs == 0 {
        bail!("--runs takes a number above 0");
    }
    let dir = project.root.join("bench");
    system::require(&[System::C, System::Node, System::Chrome])?;
    npm::install(&dir, "of the benchmark")?;
    build::build(project)?;
    let server = server::build_release(project)?;
    let browser = browser::provide()?;
    say("measuring (some 15 minutes; 3 with --quick)");
    let mut running = Cmd::new("node")
        .arg("run.mjs")
        .args(options.arguments())
        .env("CHROME", &browser.chrome)
        .env("SERVER", &server)
        .env("DIST", project.dist())
        .dir(&dir)
        .start()?;
    let printed = running
        .child
        .stdout
        .take()
        .context("the benchmark's output cannot be read")?;
    for line in BufReader::new(printed).lines() {
        println!("{}", line.context("the benchmark's output cannot be read")?);
    }
    let status = running.wait()?;
    if !status.success() {
        bail!("the benchmark failed ({status})");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passes_the_options_on() {
        let options = Options {
            only: vec!["ours".to_owned(), "antd".to_owned()],
            runs: 3,
            quick: true,
            no_curve: false,
        };
        assert_eq!(
            options.arguments(),
            ["--only", "ours", "--only", "antd", "--runs", "3", "--quick"]
        );
    }
}
