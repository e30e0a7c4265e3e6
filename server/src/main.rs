//! The binary: parses the command line, runs the server, and writes errors to standard error.

use std::ffi::OsString;
use std::process::ExitCode;

use clap::Parser;
use ob_restore_tasks_server::{Cli, asks_for_json, fail, run, tell_json};

fn main() -> ExitCode {
    let line: Vec<OsString> = std::env::args_os().collect();
    let cli = match Cli::try_parse_from(&line) {
        Ok(cli) => cli,
        Err(error) if error.use_stderr() && asks_for_json(&line) => {
            tell_json(error.to_string().trim_end());
            return ExitCode::from(2);
        }
        Err(error) => error.exit(),
    };
    match run(cli) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            fail(&error);
            ExitCode::FAILURE
        }
    }
}
