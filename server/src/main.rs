//! The binary: parses the command line, runs the server, and writes errors to standard error.

use std::ffi::OsString;
use std::process::ExitCode;

use clap::{CommandFactory, FromArgMatches};
use ob_restore_tasks_server::{Cli, asks_for_json, fail, run, write_json};

fn main() -> ExitCode {
    let line: Vec<OsString> = std::env::args_os().collect();
    let mut command = Cli::command();
    let parsed = command.try_get_matches_from_mut(&line).and_then(|matches| {
        let cli = Cli::from_arg_matches(&matches).map_err(|error| error.format(&mut command))?;
        Ok((cli, matches))
    });
    let (cli, matches) = match parsed {
        Ok(parsed) => parsed,
        Err(error) if error.use_stderr() && asks_for_json(&line) => {
            write_json(error.to_string().trim_end());
            return ExitCode::from(2);
        }
        Err(error) => error.exit(),
    };
    match run(cli, &matches) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            fail(&error);
            ExitCode::FAILURE
        }
    }
}
