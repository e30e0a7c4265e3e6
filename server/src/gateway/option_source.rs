//! Names the place of a wrong option. Errors name it as on the command line; if it is in the file of
//! `--config`, it is named as in the file.

use std::path::PathBuf;

use clap::parser::ValueSource;
use clap::{Arg, ArgMatches, Args as _};

use super::args::GatewayArgs;
use super::error::GatewayError;

/// Which options can only have come from the file.
#[derive(Debug)]
pub(super) struct OptionSource {
    file: Option<PathBuf>,
    in_file: Vec<String>,
}

impl OptionSource {
    /// `config` is the file; `matches` says which options are on the command line.
    pub(super) fn new(config: Option<PathBuf>, matches: &ArgMatches) -> Self {
        let on_line =
            |option: &Arg| matches.value_source(option.get_id().as_str()) == Some(ValueSource::CommandLine);
        let options = GatewayArgs::augment_args(clap::Command::new("gateway"));
        let in_file = options.get_arguments().filter(|option| !on_line(option));
        Self {
            file: config,
            in_file: in_file.filter_map(Arg::get_long).map(str::to_owned).collect(),
        }
    }

    /// The same error in the words of the file, if it starts with an option that is in the file.
    pub(super) fn locate(&self, error: GatewayError) -> GatewayError {
        let Some(path) = &self.file else {
            return error;
        };
        let text = error.to_string();
        let first = text
            .split([' ', ':'])
            .next()
            .and_then(|word| word.strip_prefix("--"));
        let ours = |name: &str| self.in_file.iter().any(|other| other == name);
        if !first.is_some_and(ours) {
            return error;
        }
        let mut words = text.split("--");
        let mut why = words.next().unwrap_or_default().to_owned();
        for rest in words {
            let end = rest.find(|c: char| c != '-' && !c.is_ascii_lowercase());
            if !ours(rest.get(..end.unwrap_or(rest.len())).unwrap_or_default()) {
                why += "--";
            }
            why += rest;
        }
        let path = path.clone();
        GatewayError::Config { path, why }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    /// The error as it is told to who has started the gateway with this command line.
    fn located(line: &[&str], error: GatewayError) -> String {
        let command = GatewayArgs::augment_args(clap::Command::new("gateway").no_binary_name(true));
        let matches = command.get_matches_from(line);
        let config = matches.get_one("config").cloned();
        OptionSource::new(config, &matches).locate(error).to_string()
    }

    #[test]
    fn what_stands_in_the_file_is_named_as_it_stands_there() {
        let file = ["--config", "/etc/g.toml"];
        assert!(
            located(&file, GatewayError::HostWithToken)
                .starts_with("--config /etc/g.toml: host goes without")
        );
        let refused = located(&file, GatewayError::NoAccessRule(([0, 0, 0, 0], 80).into()));
        assert!(
            refused.starts_with("--config /etc/g.toml: listen 0.0.0.0:80: refused"),
            "{refused}"
        );
        assert!(refused.contains("(access-header NAME)"), "{refused}");

        // On the command line, without a file, or if the option is missing, the error stays as it was.
        let both = ["--config", "/etc/g.toml", "--host", "a"];
        assert!(located(&both, GatewayError::HostWithToken).starts_with("--host goes"));
        assert!(located(&[], GatewayError::HostWithToken).starts_with("--host goes"));
        assert!(located(&file, GatewayError::Needed("--auth")).starts_with("gateway needs --auth"));
        let config = GatewayError::Config {
            path: "/etc/g.toml".into(),
            why: "line 1".to_owned(),
        };
        assert_eq!(located(&file, config), "--config /etc/g.toml: line 1");
    }

    #[test]
    fn every_option_that_the_file_can_have_is_known() {
        let command = GatewayArgs::augment_args(clap::Command::new("gateway").no_binary_name(true));
        for option in command.clone().get_arguments() {
            let (name, value) = (option.get_long().unwrap(), option.get_possible_values());
            let value = value.first().map_or("1", |value| value.get_name());
            let matches = command
                .clone()
                .get_matches_from([format!("--{name}"), value.to_owned()]);
            let source = OptionSource::new(None, &matches);
            assert!(source.in_file.iter().all(|other| other != name), "{name}");
            assert_eq!(
                source.in_file.len(),
                command.get_arguments().count() - 1,
                "{name}"
            );
        }
    }
}
