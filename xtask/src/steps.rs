//! The steps of `cargo xtask test`: a list, run in its order until one fails.

use std::process::ExitCode;
use std::time::Instant;

use anyhow::{Context, Result, bail};

use crate::project::{Project, WIDGET};
use crate::run::{Cmd, say, spoken};
use crate::tally::Tally;
use crate::{browser, build, e2e, fuzz, layers, package, size, supply, tools};

/// What a step needs on the machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Need {
    Rustfmt,
    Clippy,
    WasmTarget,
    WasmBindgen,
    /// Trunk and wasm-opt.
    PageBuild,
    CargoDeny,
    CargoFuzz,
    Browser,
    Firefox,
    WebKit,
    Nginx,
    NodePackages,
}

/// One step of the test.
struct Step {
    name: &'static str,
    what: &'static str,
    needs: &'static [Need],
    run: fn(&Project, &mut Tally) -> Result<()>,
}

const STEPS: [Step; 13] = [
    Step {
        name: "fmt",
        what: "the sources are formatted",
        needs: &[Need::Rustfmt],
        run: fmt,
    },
    Step {
        name: "clippy",
        what: "no lint warns, natively",
        needs: &[Need::Clippy],
        run: clippy,
    },
    Step {
        name: "clippy-wasm",
        what: "no lint warns, for the browser",
        needs: &[Need::Clippy, Need::WasmTarget],
        run: clippy_wasm,
    },
    Step {
        name: "purity",
        what: "the core builds without the browser's crates",
        needs: &[],
        run: purity,
    },
    Step {
        name: "supply",
        what: "what comes from others is known, licensed and from the registry",
        needs: &[Need::CargoDeny],
        run: |project, _| supply::check(project),
    },
    Step {
        name: "native",
        what: "native tests and doctests",
        needs: &[],
        run: native,
    },
    Step {
        name: "ssr",
        what: "views rendered to text",
        needs: &[],
        run: ssr,
    },
    Step {
        name: "fuzz",
        what: "libFuzzer finds nothing in a few thousand inputs",
        needs: &[Need::CargoFuzz],
        run: |project, _| fuzz::test(project),
    },
    Step {
        name: "wasm",
        what: "wasm tests in a browser",
        needs: &[Need::WasmTarget, Need::WasmBindgen, Need::Browser],
        run: wasm,
    },
    Step {
        name: "build",
        what: "the page's release build",
        needs: &[Need::PageBuild],
        run: build,
    },
    Step {
        name: "size",
        what: "what comes before the first row is within the limit",
        needs: &[Need::PageBuild],
        run: size::test,
    },
    Step {
        name: "package",
        what: "publint and arethetypeswrong find nothing in the npm package",
        needs: &[Need::PageBuild],
        run: |project, _| package::check(project),
    },
    Step {
        name: "e2e",
        what: "browser tests of the built page",
        needs: &[
            Need::PageBuild,
            Need::Browser,
            Need::Firefox,
            Need::WebKit,
            Need::Nginx,
            Need::NodePackages,
        ],
        run: e2e::test,
    },
];

/// Names the steps.
pub(crate) fn list() {
    for step in &STEPS {
        println!("{:12} {}", step.name, step.what);
    }
}

/// Sets up what the steps need, runs them, and prints the count of the tests. An empty choice means all.
pub(crate) fn run(project: &Project, only: &[String]) -> Result<ExitCode> {
    let steps = chosen(only)?;
    let start = Instant::now();
    let mut needs: Vec<Need> = Vec::new();
    for need in steps.iter().flat_map(|step| step.needs) {
        if !needs.contains(need) {
            need.provide(project)?;
            needs.push(*need);
        }
    }
    say(format!("set-up took {}", spoken(start.elapsed())));

    let mut total = Tally::default();
    let mut broken = None;
    for step in steps {
        say(format!("{}: {}", step.name, step.what));
        let start = Instant::now();
        let mut tally = Tally::default();
        let result = (step.run)(project, &mut tally);
        if result.is_err() && tally.failed == 0 {
            // A step that fails without a test of its own to blame counts as one.
            tally.failed = 1;
        }
        total += tally;
        let took = spoken(start.elapsed());
        match result {
            Ok(()) => say(format!("{} passed in {took}", step.name)),
            Err(error) => {
                eprintln!("error: the step `{}` failed after {took}: {error:#}", step.name);
                eprintln!("       run it alone with `cargo xtask test --only {}`", step.name);
                broken = Some(step.name);
                break;
            }
        }
    }
    say(format!("all in all {}", spoken(start.elapsed())));
    println!("{} passed, {} failed", total.passed, total.failed);
    Ok(if broken.is_none() && total.failed == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

fn chosen(only: &[String]) -> Result<Vec<&'static Step>> {
    if let Some(unknown) = only
        .iter()
        .find(|name| STEPS.iter().all(|step| step.name != *name))
    {
        let names: Vec<&str> = STEPS.iter().map(|step| step.name).collect();
        bail!("there is no step {unknown:?}; the steps are {}", names.join(", "));
    }
    Ok(STEPS
        .iter()
        .filter(|step| only.is_empty() || only.iter().any(|name| name == step.name))
        .collect())
}

impl Need {
    fn provide(self, project: &Project) -> Result<()> {
        match self {
            Need::Rustfmt => tools::component("rustfmt"),
            Need::Clippy => tools::component("clippy"),
            Need::WasmTarget => tools::wasm_target(),
            Need::WasmBindgen => tools::wasm_bindgen(project).map(drop),
            Need::PageBuild => build::set_up(project),
            Need::CargoDeny => tools::cargo_deny(project).map(drop),
            Need::CargoFuzz => fuzz::set_up(project),
            Need::Browser => browser::provide().map(drop),
            Need::Firefox => browser::firefox().map(drop),
            Need::WebKit => browser::webkit().map(drop),
            Need::Nginx => e2e::nginx().map(drop),
            Need::NodePackages => e2e::set_up(project),
        }
    }
}

fn cargo(project: &Project) -> Cmd {
    Cmd::cargo().dir(&project.root)
}

fn fmt(project: &Project, _: &mut Tally) -> Result<()> {
    cargo(project)
        .args(["fmt", "--all", "--check"])
        .run()
        .context("the sources are not formatted (`cargo fmt --all` puts it right)")
}

fn clippy(project: &Project, _: &mut Tally) -> Result<()> {
    cargo(project)
        .args(["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"])
        .run()
}

fn clippy_wasm(project: &Project, _: &mut Tally) -> Result<()> {
    cargo(project)
        .args([
            "clippy",
            "--package",
            WIDGET,
            "--target",
            tools::WASM,
            "--lib",
            "--test",
            "web",
        ])
        .args(["--", "-D", "warnings"])
        .run()
}

fn purity(project: &Project, _: &mut Tally) -> Result<()> {
    layers::check(project)?;
    cargo(project)
        .args(["check", "--package", WIDGET, "--lib", "--no-default-features"])
        .run()
        .context("the core must build without the browser's crates")
}

fn native(project: &Project, tally: &mut Tally) -> Result<()> {
    cargo(project)
        .args(["test", "--workspace", "--no-fail-fast"])
        .follow(|line| tally.read(line))
}

fn ssr(project: &Project, tally: &mut Tally) -> Result<()> {
    cargo(project)
        .args([
            "test",
            "--package",
            WIDGET,
            "--no-default-features",
            "--features",
            "ssr",
            "--no-fail-fast",
        ])
        .follow(|line| tally.read(line))
}

fn wasm(project: &Project, tally: &mut Tally) -> Result<()> {
    let browser = browser::provide()?;
    let runner = tools::wasm_bindgen(project)?.join("wasm-bindgen-test-runner");
    cargo(project)
        .args([
            "test",
            "--package",
            WIDGET,
            "--target",
            tools::WASM,
            "--test",
            "web",
        ])
        .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER", runner)
        .env(
            "WASM_BINDGEN_TEST_WEBDRIVER_JSON",
            browser::webdriver_json(project, &browser)?,
        )
        .env("CHROMEDRIVER", &browser.driver)
        .follow(|line| tally.read(line))
}

fn build(project: &Project, _: &mut Tally) -> Result<()> {
    build::build(project).map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chooses_steps_in_their_order() {
        let names = |only: &[&str]| -> Vec<&str> {
            let only: Vec<String> = only.iter().map(|name| (*name).to_owned()).collect();
            chosen(&only).unwrap().iter().map(|step| step.name).collect()
        };
        assert_eq!(names(&["e2e", "fmt"]), ["fmt", "e2e"]);
        assert_eq!(names(&[]).len(), STEPS.len());
        let error = chosen(&["e3e".to_owned()]).err().unwrap().to_string();
        assert!(
            error.contains("\"e3e\"") && error.contains("clippy-wasm"),
            "{error}"
        );
    }
}
