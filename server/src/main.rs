//! The binary: reads the command line, says what went wrong on standard error, and nothing else.

use std::process::ExitCode;

use clap::Parser;
use ob_restore_tasks_server::{Cli, run};

fn main() -> ExitCode {
    match run(Cli::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("ob-restore-tasks-server: {error}");
            ExitCode::FAILURE
        }
    }
}
