//! The command line: what there is to run, and how the binary runs it and tells its errors.

use std::ffi::OsStr;

use clap::{ArgMatches, Parser, Subcommand};

#[cfg(feature = "demo")]
use crate::demo::{self, DemoArgs, DemoError};
#[cfg(feature = "gateway")]
use crate::gateway::{self, GatewayArgs, GatewayError};

/// The companion server of the restore-task widget.
#[derive(Debug, Parser)]
#[command(name = "ob-restore-tasks-server", version)]
#[cfg_attr(feature = "demo", command(after_long_help = demo::MANUAL, after_help = demo::MANUAL))]
pub struct Cli {
    /// The command to run.
    #[command(subcommand)]
    pub command: Command,
}

/// The commands of the server.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Serve the page, and OCP's documented API with demo data (on SQLite)
    #[cfg(feature = "demo")]
    #[command(after_long_help = demo::MANUAL, after_help = demo::MANUAL)]
    Demo(DemoArgs),
    /// Serve the page, and pass its one request on to a real OCP
    #[cfg(feature = "gateway")]
    #[command(after_long_help = gateway::MANUAL, after_help = gateway::MANUAL)]
    Gateway(GatewayArgs),
}

/// Why the server did not start, or ended early.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ServerError {
    /// An error of the demo.
    #[cfg(feature = "demo")]
    #[error("{0}")]
    Demo(#[from] DemoError),
    /// An error of the gateway.
    #[cfg(feature = "gateway")]
    #[error("{0}")]
    Gateway(#[from] GatewayError),
}

/// Runs the command until SIGTERM or SIGINT. `matches` is what `cli` was made from.
///
/// # Errors
/// When it can't listen, or its options, its secrets or its database can't be used.
#[cfg_attr(
    not(feature = "gateway"),
    allow(unused_variables, reason = "the demo has no file of options")
)]
pub fn run(cli: Cli, matches: &ArgMatches) -> Result<(), ServerError> {
    let env = |name: &str| std::env::var_os(name);
    match cli.command {
        #[cfg(feature = "demo")]
        Command::Demo(args) => demo::run(args, &env)?,
        #[cfg(feature = "gateway")]
        Command::Gateway(args) => {
            let (_, matches) = matches.subcommand().unwrap_or(("gateway", matches));
            gateway::run(args, matches, &env)?;
        }
    }
    Ok(())
}

/// Whether a command line that could not be parsed asks for a log in JSON.
pub fn asks_for_json<T: AsRef<OsStr>>(line: &[T]) -> bool {
    let is = |at: usize, word: &str| line.get(at).is_some_and(|other| other.as_ref() == word);
    (0..line.len()).any(|at| is(at, "--log=json") || (is(at, "--log") && is(at + 1, "json")))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_sound() {
        Cli::command().debug_assert();
    }

    #[test]
    fn the_form_is_known_before_the_rest_is() {
        assert!(asks_for_json(&["x", "--log", "json"]) && asks_for_json(&["--log=json"]));
        assert!(!asks_for_json(&["--log", "text", "json"]) && !asks_for_json(&["--log"]));
    }
}
