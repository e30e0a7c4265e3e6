//! The widget's module, compiled: small with the compiler's unstable options where it takes them, else plain.

use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::project::{Project, WIDGET};
use crate::run::{Cmd, say};
use crate::tools::rust;

/// What makes the module a tenth smaller: the standard library is built with it, and a panic stops it without a
/// message, which `static/runtime.js` notices all the same. A stable compiler takes the options with `RUSTC_BOOTSTRAP`.
const SMALL: [(&str, &str); 3] = [
    ("RUSTC_BOOTSTRAP", "1"),
    ("CARGO_UNSTABLE_BUILD_STD", "std,panic_abort"),
    ("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS", SMALL_FLAGS),
];
const SMALL_FLAGS: &str =
    "-Zunstable-options -Cpanic=immediate-abort -Zlocation-detail=none -Zfmt-debug=none";

/// How a module is compiled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Way {
    /// With the unstable options, and a standard library built for size.
    Small,
    /// With what every compiler has.
    Plain,
    /// Unoptimised, in seconds.
    Development,
}

/// Compiles the widget for release, and says how that was done and where the module is.
pub(crate) fn compile(project: &Project) -> Result<(Way, PathBuf)> {
    let way = way()?;
    let build = build(project, WIDGET, way)?;
    if way == Way::Small && build.ended.is_err() && !has_std(&build.messages) {
        say(
            "the standard library cannot be built with the compiler's unstable options; once more without them (the page \
             becomes a tenth larger)",
        );
        return Ok((Way::Plain, cargo(project, WIDGET, Way::Plain)?));
    }
    Ok((way, build.module(WIDGET)?))
}

/// Compiles a package of the workspace for the browser, and gives the path of its module.
pub(crate) fn cargo(project: &Project, package: &str, way: Way) -> Result<PathBuf> {
    build(project, package, way)?.module(package)
}

/// How Cargo ended, and its messages, which name what it made.
struct Build {
    messages: String,
    ended: Result<()>,
}

impl Build {
    fn module(self, package: &str) -> Result<PathBuf> {
        self.ended?;
        module_of(&self.messages).with_context(|| format!("cargo built {package}, but names no module"))
    }
}

fn build(project: &Project, package: &str, way: Way) -> Result<Build> {
    let profile = if way == Way::Development { "dev" } else { "wasm" };
    let mut cmd = Cmd::cargo()
        .args(["build", "--package", package, "--target", rust::WASM])
        .args(["--profile", profile])
        .args((package == WIDGET).then_some("--lib"))
        .args(["--message-format", "json-render-diagnostics"])
        .dir(&project.root);
    if way == Way::Small {
        for (name, value) in SMALL {
            cmd = cmd.env(name, value);
        }
    }
    let (messages, ended) = cmd.answer()?;
    Ok(Build { messages, ended })
}

/// Cargo's messages.
fn values(messages: &str) -> impl DoubleEndedIterator<Item = Value> {
    messages
        .lines()
        .filter_map(|line| serde_json::from_str(line).ok())
}

/// Whether the standard library was built. Then the unstable options work, and what failed afterwards is the code: it
/// would fail without them, too.
fn has_std(messages: &str) -> bool {
    values(messages)
        .any(|message| message["reason"] == "compiler-artifact" && message["target"]["name"] == "std")
}

/// The path of the module among Cargo's messages. That of the package comes last, after those of what it depends on.
fn module_of(messages: &str) -> Option<PathBuf> {
    let mut modules = values(messages).rev().filter_map(|message| {
        let mut files = message["filenames"]
            .as_array()?
            .iter()
            .filter_map(|file| file.as_str());
        files.find(|file| file.ends_with(".wasm")).map(PathBuf::from)
    });
    modules.next()
}

/// How this compiler can build the module. Says so where it is not the small way.
pub(crate) fn way() -> Result<Way> {
    if !takes_unstable_options()? {
        say("this compiler refuses the options that make the page small; it becomes a tenth larger");
        return Ok(Way::Plain);
    }
    Ok(if rust::std_source()? {
        Way::Small
    } else {
        Way::Plain
    })
}

/// Asks the compiler itself, since its version does not say it: distributions and wrappers differ.
fn takes_unstable_options() -> Result<bool> {
    let compiler = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let ask = |flags: &str| {
        Cmd::new(&compiler)
            .args(flags.split(' ').filter(|flag| !flag.is_empty()))
            .args(["--target", rust::WASM, "--print", "cfg"])
            .env("RUSTC_BOOTSTRAP", "1")
            .output()
    };
    if let Err(error) = ask("") {
        bail!("{error:#}");
    }
    Ok(ask(SMALL_FLAGS).is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_module_among_the_messages() {
        let messages = [
            r#"{"package_id":"registry+x#yew@0.23.0","filenames":["/t/libyew.rlib"]}"#,
            "not json",
            r#"{"package_id":"path+file:///w#ob-restore-tasks@0.1.0","filenames":["/t/x.wasm","/t/x.rlib"]}"#,
            r#"{"package_id":"path+file:///w/e2e/hosts/yew#host@0.1.0","filenames":["/t/page.wasm"]}"#,
            r#"{"reason":"build-finished","success":true}"#,
        ];
        assert_eq!(
            module_of(&messages[..3].join("\n")),
            Some(PathBuf::from("/t/x.wasm"))
        );
        assert_eq!(
            module_of(&messages.join("\n")),
            Some(PathBuf::from("/t/page.wasm"))
        );
        assert_eq!(module_of(messages[0]), None);
        assert_eq!(module_of(""), None);
    }
    /// Only what fails before the standard library is there can be the fault of the options.
    #[test]
    fn tells_whether_the_options_work() {
        let std = r#"{"reason":"compiler-artifact","target":{"name":"std"},"filenames":["/t/libstd.rlib"]}"#;
        let core =
            r#"{"reason":"compiler-artifact","target":{"name":"core"},"filenames":["/t/libcore.rlib"]}"#;
        let end = r#"{"reason":"build-finished","success":false}"#;
        assert!(has_std(&[core, std, end].join("\n")));
        assert!(!has_std(&[core, end].join("\n")));
        assert!(!has_std(end));
    }
}
