//! Names the place of a wrong option. Errors name it as on the command line; if it is in the file of
//! `--config`, it is named as in the file.

use std::path::PathBuf;

use clap::Args as _;

use super::config::GatewayArgs;
use super::error::GatewayError;
use crate::error::ServerError;

/// Which options came from the file.
#[derive(Debug)]
pub(crate) struct Origin {
    file: Option<PathBuf>,
    in_file: Vec<String>,
}

impl Origin {
    /// From the command line before the file is merged.
    pub(crate) fn of(line: &GatewayArgs) -> Self {
        let options = GatewayArgs::augment_args(clap::Command::new("gateway"));
        let names = options.get_arguments().filter_map(|option| option.get_long());
        Self {
            file: line.config.clone(),
            in_file: names
                .filter(|name| !is_on(line, name))
                .map(str::to_owned)
                .collect(),
        }
    }

    /// The same error in the words of the file, if it starts with an option that is in the file.
    pub(crate) fn tell(&self, error: ServerError) -> ServerError {
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
        GatewayError::Config { path, why }.into()
    }
}

/// Whether the option is on the command line.
fn is_on(line: &GatewayArgs, name: &str) -> bool {
    match name {
        "upstream" => line.upstream.is_some(),
        "auth" => line.auth.is_some(),
        "listen" => line.listen.is_some(),
        "dist" => line.dist.is_some(),
        "ca" => line.ca.is_some(),
        "session-cookie" => !line.session_cookie.is_empty(),
        "access-header" => line.access_header.is_some(),
        "host" => !line.host.is_empty(),
        "cache" => line.cache.is_some(),
        "max-upstream" => line.max_upstream.is_some(),
        "max-connections" => line.max_connections.is_some(),
        "log" => line.log.is_some(),
        // `--config` itself, which cannot be in a file.
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    fn told(line: &GatewayArgs, error: GatewayError) -> String {
        Origin::of(line).tell(error.into()).to_string()
    }

    #[test]
    fn what_stands_in_the_file_is_named_as_it_stands_there() {
        let file = GatewayArgs {
            config: Some("/etc/g.toml".into()),
            ..GatewayArgs::default()
        };
        assert!(
            told(&file, GatewayError::HostWithToken).starts_with("--config /etc/g.toml: host goes without")
        );
        let refused = told(&file, GatewayError::NoAccessRule(([0, 0, 0, 0], 80).into()));
        assert!(
            refused.starts_with("--config /etc/g.toml: listen 0.0.0.0:80: refused"),
            "{refused}"
        );
        assert!(refused.contains("(access-header NAME)"), "{refused}");

        // On the command line, without a file, or if the option is missing, the error stays as it was.
        let line = GatewayArgs {
            host: vec!["a".to_owned()],
            ..file.clone()
        };
        assert!(told(&line, GatewayError::HostWithToken).starts_with("--host goes"));
        assert!(told(&GatewayArgs::default(), GatewayError::HostWithToken).starts_with("--host goes"));
        assert!(told(&file, GatewayError::Needed("--auth")).starts_with("gateway needs --auth"));
        let config = GatewayError::Config {
            path: "/etc/g.toml".into(),
            why: "line 1".to_owned(),
        };
        assert_eq!(told(&file, config), "--config /etc/g.toml: line 1");
    }

    #[test]
    fn every_option_that_the_file_can_have_is_known() {
        let options = GatewayArgs::augment_args(clap::Command::new("gateway"));
        let none = GatewayArgs::default();
        for name in options.get_arguments().filter_map(|option| option.get_long()) {
            assert_eq!(is_on(&none, name), name == "config", "{name}");
        }
    }
}
