//! The project's commands: `demo`, `build`, `server`, `check`, `test`, `torture`, `fuzz`, `size`, `profile`,
//! `package`, `reproduce`, `api`, `bench`, `house`.
//!
//! Each sets up what it needs and skips what is there already in the right version. What it does and
//! waits for goes to standard error; standard output carries only the answer: the address of the demo,
//! the count of the tests.

mod api;
mod bench;
mod build;
mod demo;
mod fuzz;
mod house;
mod package;
mod profile;
mod project;
mod reproduce;
mod run;
mod server;
mod size;
mod test;
mod tools;
mod torture;

use std::net::SocketAddr;
use std::process::ExitCode;

use anyhow::Result;
use clap::{Parser, Subcommand};

use crate::project::Project;

/// The project's commands. Each does its own set-up.
#[derive(Parser)]
#[command(bin_name = "cargo xtask", version)]
struct Cli {
    #[command(subcommand)]
    command: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Build the page and the companion server, start it, and print the page's address.
    Demo {
        /// Where to listen; if that port is taken, a free one is used.
        #[arg(long, default_value = "127.0.0.1:8080")]
        listen: SocketAddr,
        /// The cluster that the page opens with.
        #[arg(long, default_value = "1001240")]
        cluster: String,
    },
    /// Make the release build of the page in dist/.
    Build,
    /// Build the companion server as one static binary with the page in it, and print its path.
    Server,
    /// Record which functions the first row needs (xtask/first-row.profile); needs Chrome.
    Profile,
    /// Run the quick checks: format, lints, native tests. Run it often.
    Check,
    /// Run what CI runs: format, lints, native, wasm and browser tests. The slow steps need --long.
    Test(test::Options),
    /// Run the tests of the faults in docs/reliability.md and print a line for each.
    Torture(torture::Options),
    /// Look for inputs that break a reader of the core; see fuzz/src.
    Fuzz(fuzz::Options),
    /// Print the rooms of the sources with their sizes, and fail if a rule about them is broken.
    House,
    /// Print what is transferred before the first row, part by part; fails above the limit.
    Size,
    /// Make the npm package from the release build, and print its digests.
    Package,
    /// Build the commit in two folders and compare every file; takes some ten minutes.
    Reproduce,
    /// Write docs/api.md and the package's types from package/api.toml, and compare that with the code.
    Api(api::Options),
    /// Measure the page beside its peers and write bench/results.md. Close other programs first.
    Bench(bench::Options),
}

fn main() -> ExitCode {
    match Cli::parse().command.execute() {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

impl Task {
    fn execute(self) -> Result<ExitCode> {
        run::end_children_on_signals()?;
        let project = Project::open()?;
        match self {
            Task::Demo { listen, cluster } => demo::run(&project, listen, &cluster)?,
            Task::Build => build::build(&project).map(drop)?,
            Task::Server => println!("{}", server::build_static(&project)?.display()),
            Task::Profile => profile::record(&project)?,
            Task::Package => package::run(&project)?,
            Task::Reproduce => reproduce::run(&project)?,
            Task::Torture(options) => return torture::run(&project, &options),
            Task::Api(options) => return api::run(&project, &options),
            Task::House => return house::run(&project),
            Task::Size => return size::run(&project),
            Task::Fuzz(options) => fuzz::run(&project, &options)?,
            Task::Bench(options) => bench::run(&project, &options)?,
            Task::Check => return test::check(&project),
            Task::Test(options) => return test::test(&project, &options),
        }
        Ok(ExitCode::SUCCESS)
    }
}
