//! The steps that call Cargo: format, lints, and the tests in Rust, natively and in a browser.

use anyhow::{Context, Result};

use super::tally::Tally;
use crate::project::{Project, WIDGET};
use crate::run::Cmd;
use crate::server;
use crate::tools::{browser, rust};

/// The package that runs wasm tests in a browser.
const RUNNER: &str = "wasm-test-runner";

fn cargo(project: &Project) -> Cmd {
    Cmd::cargo().dir(&project.root)
}

pub(super) fn fmt(project: &Project) -> Result<()> {
    cargo(project)
        .args(["fmt", "--all", "--check"])
        .run()
        .context("the sources are not formatted (`cargo fmt --all` puts it right)")
}

pub(super) fn clippy(project: &Project) -> Result<()> {
    cargo(project)
        .args(["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"])
        .run()
}

pub(super) fn clippy_wasm(project: &Project) -> Result<()> {
    cargo(project)
        .args([
            "clippy",
            "--package",
            WIDGET,
            "--target",
            rust::WASM,
            "--lib",
            "--test",
            "web",
        ])
        .args(["--", "-D", "warnings"])
        .run()
}

pub(super) fn core_alone(project: &Project) -> Result<()> {
    cargo(project)
        .args(["check", "--package", WIDGET, "--lib", "--no-default-features"])
        .run()
        .context("the core must build without the browser's crates")
}

pub(super) fn native(project: &Project, tally: &mut Tally, long: bool) -> Result<()> {
    // The runner's features would become those of the server's tests, whose client must not decompress by itself.
    let tests = cargo(project).args(["test", "--workspace", "--exclude", RUNNER, "--no-fail-fast"]);
    // The tests of the core that try random cases try more of them then.
    let tests = if long {
        tests.env("LONG", "1")
    } else {
        tests.without("LONG")
    };
    tests.follow(|line| tally.read(line))
}

pub(super) fn ssr(project: &Project, tally: &mut Tally) -> Result<()> {
    cargo(project)
        .args([
            "test",
            "--package",
            WIDGET,
            "--no-default-features",
            "--features",
            "ssr",
            "--lib",
            "--test",
            "views",
            "--no-fail-fast",
        ])
        // The core is the same under every feature, and the step `native` has tested it.
        .args(["--", "--skip", "core::"])
        .follow(|line| tally.read(line))
}

pub(super) fn wasm(project: &Project, tally: &mut Tally) -> Result<()> {
    let browser = browser::provide()?;
    // Built beforehand, since Cargo does not wait for itself.
    let runner = cargo(project)
        .args(["build", "--package", RUNNER, "--message-format"])
        .arg("json-render-diagnostics")
        .output()?;
    let runner = server::executable(&runner, RUNNER).context("cargo names no test runner")?;
    cargo(project)
        .args([
            "test",
            "--package",
            WIDGET,
            "--target",
            rust::WASM,
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
