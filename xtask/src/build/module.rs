//! The widget's module, compiled: small with the compiler's unstable options where it takes them, else plain.

use std::path::PathBuf;

use anyhow::{Context, Result, bail};

use crate::project::{Project, WIDGET};
use crate::run::{Cmd, say};
use crate::tools;

/// What makes the module a tenth smaller: the standard library is built with it, and a panic stops it without a
/// message, which `define.js` notices all the same. A stable compiler takes the options with `RUSTC_BOOTSTRAP`.
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
    match way()? {
        Way::Small => match cargo(project, WIDGET, Way::Small) {
            Ok(module) => Ok((Way::Small, module)),
            Err(error) => {
                say(format!(
                    "{error:#}; once more without the compiler's unstable options (the page becomes a tenth larger)"
                ));
                Ok((Way::Plain, cargo(project, WIDGET, Way::Plain)?))
            }
        },
        way => Ok((way, cargo(project, WIDGET, way)?)),
    }
}

/// Compiles a package of the workspace for the browser, and gives the path of its module.
pub(crate) fn cargo(project: &Project, package: &str, way: Way) -> Result<PathBuf> {
    let profile = if way == Way::Development { "dev" } else { "wasm" };
    let build = || {
        let mut cmd = Cmd::cargo()
            .args(["build", "--package", package, "--target", tools::WASM])
            .args(["--profile", profile])
            .args((package == WIDGET).then_some("--lib"))
            .dir(&project.root);
        if way == Way::Small {
            for (name, value) in SMALL {
                cmd = cmd.env(name, value);
            }
        }
        cmd
    };
    build().run()?;
    // The second call builds nothing: it only asks where the module is.
    let messages = build().args(["--quiet", "--message-format", "json"]).output()?;
    module_of(&messages).with_context(|| format!("cargo built {package}, but names no module"))
}

/// The path of the module among Cargo's messages. That of the package comes last, after those of what it depends on.
fn module_of(messages: &str) -> Option<PathBuf> {
    let messages = messages.lines().rev();
    let mut modules = messages
        .filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok())
        .filter_map(|message| {
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
    Ok(if tools::std_source()? {
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
            .args(["--target", tools::WASM, "--print", "cfg"])
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
}
