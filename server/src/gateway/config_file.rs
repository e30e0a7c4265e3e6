//! The file of `--config`: the same options, and no secrets. Errors name the line, but never repeat it; so
//! the file is not turned into arguments, whose errors would.

use std::path::Path;

use clap::{ArgMatches, FromArgMatches};

use super::args::GatewayArgs;
use super::error::GatewayError;
use crate::http::address::resolve;
use crate::http::log::LogFormat;

/// Words in names of options that a configuration file must not contain.
const SECRET_WORDS: [&str; 5] = ["secret", "password", "token", "access-key", "username"];

/// The options of the command line, and those of its file, if it names one; the command line wins. `matches`
/// is what `args` were made from.
///
/// # Errors
/// When the file can't be read, has an unknown or secret option, or a value that can't be used.
pub(super) fn with_file(args: GatewayArgs, matches: &ArgMatches) -> Result<GatewayArgs, GatewayError> {
    let Some(path) = &args.config else {
        return Ok(args);
    };
    let mut merged = read(path)?;
    merged
        .update_from_arg_matches(matches)
        .map_err(|error| GatewayError::Config {
            path: path.clone(),
            why: error.to_string(),
        })?;
    Ok(merged)
}

/// Reads the options from the file.
fn read(path: &Path) -> Result<GatewayArgs, GatewayError> {
    let fail = |why: String| GatewayError::Config {
        path: path.to_owned(),
        why,
    };
    let text = std::fs::read_to_string(path).map_err(|error| fail(error.to_string()))?;
    let table: toml::Table = text
        .parse()
        .map_err(|error: toml::de::Error| fail(describe(&error, &text)))?;
    let is_secret = |key: &&String| {
        let key = key.to_ascii_lowercase().replace('_', "-");
        SECRET_WORDS.iter().any(|part| key.contains(part))
    };
    if let Some(key) = table.keys().find(is_secret) {
        return Err(fail(format!(
            "`{key}`: secrets don't go into this file. Put them into the environment (OCP_ACCESS_KEY_ID, \
             OCP_ACCESS_KEY_SECRET, OCP_USERNAME, OCP_PASSWORD, OBRT_ACCESS_TOKEN) or into files that these name with \
             _FILE behind them"
        )));
    }
    let args: GatewayArgs = toml::from_str(&text).map_err(|error| fail(describe(&error, &text)))?;
    args.check().map_err(|error| match error {
        GatewayError::Option { name, why } => {
            let key = name.trim_start_matches('-');
            fail(format!("{}`{key}`: {why}", line_of(key, &text)))
        }
        GatewayError::Upstream { why } => fail(format!(
            "{}`upstream`: the address {why}",
            line_of("upstream", &text)
        )),
        other => other,
    })?;
    if args
        .listen
        .as_deref()
        .is_some_and(|listen| resolve(listen).is_err())
    {
        let why = "must be an address such as 127.0.0.1:8080";
        return Err(fail(format!("{}`listen`: {why}", line_of("listen", &text))));
    }
    Ok(args)
}

/// The place of a key. The file has no tables, so the first line that starts with the key is the right one.
fn line_of(key: &str, text: &str) -> String {
    let names = |line: &str| {
        line.split_once('=')
            .is_some_and(|(name, _)| name.trim().trim_matches(['"', '\'']) == key)
    };
    text.lines()
        .position(names)
        .map(|at| format!("line {}: ", at + 1))
        .unwrap_or_default()
}

/// The error with its line number, without the line and the value: somebody may have put a secret there.
fn describe(error: &toml::de::Error, text: &str) -> String {
    let line = error
        .span()
        .and_then(|span| text.get(..span.start))
        .map(|before| before.matches('\n').count() + 1);
    let message = error.message();
    // These messages quote the value, and end with what was expected.
    let why = match message.rsplit_once("expected ") {
        Some((_, wanted)) if message.starts_with("invalid ") || message.starts_with("unknown variant ") => {
            format!("the value must be another: expected {wanted}")
        }
        _ => message.to_owned(),
    };
    match line {
        Some(line) => format!("line {line}: {why}"),
        None => why,
    }
}

/// The format that a configuration file asks for. It is needed before the file was parsed, because errors in
/// the file are written in that format, too. So the lines are searched one by one; anything unexpected means
/// text.
pub(super) fn log_format(config: Option<&Path>) -> LogFormat {
    let text = config.and_then(|path| std::fs::read_to_string(path).ok());
    let asks = |line: &str| {
        let (name, value) = line.split_once('=').unwrap_or_default();
        let value = value.split('#').next().unwrap_or_default();
        name.trim() == "log" && value.trim().trim_matches(['"', '\'']) == "json"
    };
    if text.is_some_and(|text| text.lines().any(asks)) {
        LogFormat::Json
    } else {
        LogFormat::Text
    }
}

#[cfg(test)]
mod tests;
