//! The file of `--config`: the same options, and no secrets. Errors name the line, but never repeat it.

use std::path::Path;

use super::super::error::GatewayError;
use super::GatewayArgs;
use crate::serve::resolve;

/// Words in names of options that a configuration file must not contain.
const SECRETIVE: [&str; 5] = ["secret", "password", "token", "access-key", "username"];

/// Reads the options from the file.
pub(super) fn read(path: &Path) -> Result<GatewayArgs, GatewayError> {
    let fail = |why: String| GatewayError::Config {
        path: path.to_owned(),
        why,
    };
    let text = std::fs::read_to_string(path).map_err(|error| fail(error.to_string()))?;
    let table: toml::Table = text
        .parse()
        .map_err(|error: toml::de::Error| fail(told(&error, &text)))?;
    let is_secret = |key: &&String| {
        let key = key.to_ascii_lowercase().replace('_', "-");
        SECRETIVE.iter().any(|part| key.contains(part))
    };
    if let Some(key) = table.keys().find(is_secret) {
        return Err(fail(format!(
            "`{key}`: secrets don't go into this file. Put them into the environment (OCP_ACCESS_KEY_ID, \
             OCP_ACCESS_KEY_SECRET, OCP_USERNAME, OCP_PASSWORD, OBRT_ACCESS_TOKEN) or into files that these name with \
             _FILE behind them"
        )));
    }
    let args: GatewayArgs = toml::from_str(&text).map_err(|error| fail(told(&error, &text)))?;
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
fn told(error: &toml::de::Error, text: &str) -> String {
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

/// Merges both; the command line wins.
pub(super) fn merge(line: GatewayArgs, file: GatewayArgs) -> GatewayArgs {
    let list = |line: Vec<String>, file| if line.is_empty() { file } else { line };
    GatewayArgs {
        upstream: line.upstream.or(file.upstream),
        auth: line.auth.or(file.auth),
        listen: line.listen.or(file.listen),
        dist: line.dist.or(file.dist),
        ca: line.ca.or(file.ca),
        config: line.config,
        session_cookie: list(line.session_cookie, file.session_cookie),
        access_header: line.access_header.or(file.access_header),
        host: list(line.host, file.host),
        cache: line.cache.or(file.cache),
        max_upstream: line.max_upstream.or(file.max_upstream),
        max_connections: line.max_connections.or(file.max_connections),
        log: line.log.or(file.log),
    }
}
