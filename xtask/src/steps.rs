//! The steps of `cargo xtask test` and `cargo xtask check`: a list, run in its order until one fails.
//!
//! What a step needs is looked for before the first one runs. A step whose needs cannot be met is skipped, named and
//! counted; it never counts as passed.

use std::process::ExitCode;
use std::time::Instant;

use anyhow::{Context, Result, bail};
use clap::Args;

use crate::project::{Project, WIDGET};
use crate::run::{Cmd, say, spoken};
use crate::system::{self, System};
use crate::tally::Tally;
use crate::tools::{self, Program};
use crate::{browser, build, e2e, fuzz, layers, oldest, package, server, size, supply};

/// Which steps to run.
#[derive(Args)]
pub(crate) struct Options {
    /// Run only this step (repeatable); what it needs is installed.
    #[arg(long, value_name = "STEP")]
    only: Vec<String>,
    /// Run also what is too slow for each run, and install what that needs.
    #[arg(long)]
    long: bool,
    /// Name the steps and end.
    #[arg(long)]
    list: bool,
}

/// What a step needs on the machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Need {
    /// A component of the tool chain that rustup adds.
    Component(&'static str),
    WasmTarget,
    /// wasm-opt and esbuild.
    PageBuild,
    NodePackages,
    System(System),
    /// Installed only where it is asked for, since it compiles for minutes.
    Program(Program),
    /// The oldest tool chain that the manifest promises; installed only where it is asked for.
    OldestRust,
}

/// When a step runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum When {
    /// In `check` as well: it takes seconds.
    Always,
    /// In each test.
    Test,
    /// In each test that finds what it needs installed, and with `--long`.
    IfInstalled,
    /// With `--long` only.
    Long,
}

/// One step of the test.
struct Step {
    name: &'static str,
    what: &'static str,
    when: When,
    needs: &'static [Need],
    run: fn(&Project, &mut Tally, bool) -> Result<()>,
}

const CC: Need = Need::System(System::C);
const NODE: Need = Need::System(System::Node);
const CHROME: Need = Need::System(System::Chrome);

const STEPS: [Step; 18] = [
    Step {
        name: "fmt",
        what: "the sources are formatted",
        when: When::Always,
        needs: &[Need::Component("rustfmt")],
        run: |project, _, _| fmt(project),
    },
    Step {
        name: "clippy",
        what: "no lint warns, natively",
        when: When::Always,
        needs: &[CC, Need::Component("clippy")],
        run: |project, _, _| clippy(project),
    },
    Step {
        name: "purity",
        what: "the layers keep to their order, and the core builds without the browser's crates",
        when: When::Always,
        needs: &[],
        run: |project, _, _| purity(project),
    },
    Step {
        name: "supply",
        what: "what comes from others has a digest and is from the registry",
        when: When::Always,
        needs: &[],
        run: |project, _, _| supply::check(project),
    },
    Step {
        name: "native",
        what: "native tests and doctests",
        when: When::Always,
        needs: &[CC],
        run: native,
    },
    Step {
        name: "clippy-wasm",
        what: "no lint warns, for the browser",
        when: When::Test,
        needs: &[Need::Component("clippy"), Need::WasmTarget],
        run: |project, _, _| clippy_wasm(project),
    },
    Step {
        name: "ssr",
        what: "views rendered to text",
        when: When::Test,
        needs: &[],
        run: |project, tally, _| ssr(project, tally),
    },
    Step {
        name: "wasm",
        what: "wasm tests in a browser",
        when: When::Test,
        needs: &[CC, Need::WasmTarget, CHROME],
        run: |project, tally, _| wasm(project, tally),
    },
    Step {
        name: "build",
        what: "the page's release build",
        when: When::Test,
        needs: &[NODE, Need::WasmTarget, Need::PageBuild],
        run: |project, _, _| build::build(project).map(drop),
    },
    Step {
        name: "size",
        what: "what comes before the first row is within the limit",
        when: When::Test,
        needs: &[NODE, Need::PageBuild],
        run: |project, tally, _| size::test(project, tally),
    },
    Step {
        name: "package",
        what: "publint and arethetypeswrong find nothing in the npm package",
        when: When::Test,
        needs: &[NODE, Need::PageBuild],
        run: |project, _, _| package::check(project),
    },
    Step {
        name: "hosts",
        what: "the applications of other frameworks build from the package",
        when: When::Test,
        needs: &[NODE, Need::PageBuild],
        run: |project, _, _| e2e::build_hosts(project),
    },
    Step {
        name: "e2e",
        what: "browser tests of the built page",
        when: When::Test,
        needs: &[CC, NODE, CHROME, Need::PageBuild, Need::NodePackages],
        run: e2e::test,
    },
    Step {
        name: "trunk",
        what: "Trunk builds the page too, as `trunk serve` does in development",
        when: When::IfInstalled,
        needs: &[
            NODE,
            Need::WasmTarget,
            Need::PageBuild,
            Need::Program(Program::Trunk),
            Need::Program(Program::WasmBindgen),
        ],
        run: |project, _, _| trunk(project),
    },
    Step {
        name: "oldest",
        what: "the oldest Rust that Cargo.toml promises compiles all of it",
        when: When::IfInstalled,
        needs: &[CC, Need::OldestRust],
        run: |project, _, _| oldest::check(project),
    },
    Step {
        name: "deny",
        what: "licences, duplicates and advisories of all crates",
        when: When::IfInstalled,
        needs: &[Need::Program(Program::CargoDeny)],
        run: |project, _, _| supply::deny(project),
    },
    Step {
        name: "fuzz",
        what: "libFuzzer finds nothing in a few thousand inputs for each reader",
        when: When::Long,
        needs: &[Need::System(System::Cpp), Need::Program(Program::CargoFuzz)],
        run: |project, _, _| fuzz::test(project),
    },
    Step {
        name: "static",
        what: "the companion server as one static binary",
        when: When::Long,
        needs: &[NODE, Need::PageBuild, Need::System(System::Musl)],
        run: |project, _, _| server::build_static(project).map(drop),
    },
];

/// The package that runs wasm tests in a browser.
const RUNNER: &str = "wasm-test-runner";
/// What tests of the step `e2e` use where it is here; without it they are skipped one by one.
const OPTIONAL: [System; 3] = [System::Firefox, System::WebKit, System::Nginx];

/// Names the steps.
fn list() {
    for step in &STEPS {
        let when = match step.when {
            When::Always => "check, test",
            When::Test => "test",
            When::IfInstalled => "test (if installed), --long",
            When::Long => "--long",
        };
        println!("{:12} {:28} {}", step.name, when, step.what);
    }
}

/// `cargo xtask test`: sets up what the steps need, runs them, and prints the count of the tests.
pub(crate) fn test(project: &Project, options: &Options) -> Result<ExitCode> {
    if options.list {
        list();
        return Ok(ExitCode::SUCCESS);
    }
    let steps = chosen(&options.only, options.long)?;
    run(
        project,
        &steps,
        options.long,
        !options.only.is_empty() || options.long,
    )
}

/// `cargo xtask check`: what a person runs every few minutes.
pub(crate) fn check(project: &Project) -> Result<ExitCode> {
    let steps: Vec<&Step> = STEPS.iter().filter(|step| step.when == When::Always).collect();
    run(project, &steps, false, false)
}

/// Runs steps. Programs that compile for minutes are installed only if `install` says so.
fn run(project: &Project, steps: &[&Step], long: bool, install: bool) -> Result<ExitCode> {
    let start = Instant::now();
    let unmet = set_up(project, steps, install)?;
    say(format!("set-up took {}", spoken(start.elapsed())));

    let mut total = Tally::default();
    let mut skipped = Vec::new();
    let mut broken = None;
    for step in steps {
        if let Some((_, why)) = unmet.iter().find(|(need, _)| step.needs.contains(need)) {
            say(format!("{} SKIPPED: {why}", step.name));
            skipped.push(format!("{} ({}): {why}", step.name, step.what));
            total.skipped += 1;
            continue;
        }
        say(format!("{}: {}", step.name, step.what));
        let start = Instant::now();
        let mut tally = Tally::default();
        let result = (step.run)(project, &mut tally, long);
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
    for step in &skipped {
        say(format!("skipped: {step}"));
    }
    println!("{total}");
    Ok(if broken.is_none() && total.failed == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

fn chosen(only: &[String], long: bool) -> Result<Vec<&'static Step>> {
    if let Some(unknown) = only
        .iter()
        .find(|name| STEPS.iter().all(|step| step.name != *name))
    {
        let names: Vec<&str> = STEPS.iter().map(|step| step.name).collect();
        bail!("there is no step {unknown:?}; the steps are {}", names.join(", "));
    }
    Ok(STEPS
        .iter()
        .filter(|step| {
            if only.is_empty() {
                long || step.when != When::Long
            } else {
                only.iter().any(|name| name == step.name)
            }
        })
        .collect())
}

/// Has here what the steps need, the system's packages first and all at once. Gives what cannot be had, and why.
fn set_up(project: &Project, steps: &[&Step], install: bool) -> Result<Vec<(Need, String)>> {
    let mut needs: Vec<Need> = Vec::new();
    for need in steps.iter().flat_map(|step| step.needs) {
        if !needs.contains(need) {
            needs.push(*need);
        }
    }
    let of_system = needs.iter().filter_map(|need| match need {
        Need::System(system) => Some(*system),
        _ => None,
    });
    let optional = steps.iter().any(|step| step.name == "e2e").then_some(OPTIONAL);
    let wanted: Vec<System> = of_system.chain(optional.into_iter().flatten()).collect();
    let missing = system::provide(&wanted)?;
    let mut unmet = Vec::new();
    for need in needs {
        let why = match need {
            Need::System(system) => missing
                .contains(&system)
                .then(|| format!("{} is missing", system.what())),
            _ => need.provide(project, install)?,
        };
        unmet.extend(why.map(|why| (need, why)));
    }
    Ok(unmet)
}

impl Need {
    /// Has it here, or says why not. An error where nobody can do without.
    fn provide(self, project: &Project, install: bool) -> Result<Option<String>> {
        match self {
            Need::Component(name) => match tools::component(name) {
                Err(error) if std::env::var_os("CI").is_none() => Ok(Some(format!("{error:#}"))),
                result => result.map(|()| None),
            },
            Need::WasmTarget => tools::wasm_target().map(|()| None),
            Need::PageBuild => build::set_up(project).map(|()| None),
            Need::NodePackages => e2e::set_up(project).map(|()| None),
            Need::System(_) => Ok(None),
            Need::Program(program) if install || program.is_here(project)? => {
                program.provide(project).map(|_| None)
            }
            Need::Program(program) => Ok(Some(format!(
                "{} is not installed (`--only STEP` or `--long` installs it)",
                program.name(project)?
            ))),
            Need::OldestRust => oldest::provide(project, install),
        }
    }
}

fn cargo(project: &Project) -> Cmd {
    Cmd::cargo().dir(&project.root)
}

fn fmt(project: &Project) -> Result<()> {
    cargo(project)
        .args(["fmt", "--all", "--check"])
        .run()
        .context("the sources are not formatted (`cargo fmt --all` puts it right)")
}

fn clippy(project: &Project) -> Result<()> {
    cargo(project)
        .args(["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"])
        .run()
}

fn clippy_wasm(project: &Project) -> Result<()> {
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

fn purity(project: &Project) -> Result<()> {
    layers::check(project)?;
    cargo(project)
        .args(["check", "--package", WIDGET, "--lib", "--no-default-features"])
        .run()
        .context("the core must build without the browser's crates")
}

fn native(project: &Project, tally: &mut Tally, long: bool) -> Result<()> {
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

fn ssr(project: &Project, tally: &mut Tally) -> Result<()> {
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

fn wasm(project: &Project, tally: &mut Tally) -> Result<()> {
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

fn trunk(project: &Project) -> Result<()> {
    let dist = project.cache()?.join("trunk");
    let dirs = [
        Program::Trunk.provide(project)?,
        Program::WasmBindgen.provide(project)?,
        tools::npm(project)?,
    ];
    Cmd::new(dirs[0].join("trunk"))
        .args(["build", "--offline", "true", "--dist"])
        .arg(&dist)
        // Trunk takes NO_COLOR for a flag with a value of its own, and stops at `1`.
        .without("NO_COLOR")
        .dir(&project.root)
        .path_first(dirs.iter().map(std::path::PathBuf::as_path))?
        .run()?;
    for name in [
        "index.html",
        "define.js",
        "ob-restore-tasks.js",
        "ob-restore-tasks_bg.wasm",
    ] {
        if !dist.join(name).is_file() {
            bail!("Trunk built no {name}");
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chooses_steps_in_their_order() {
        let names = |only: &[&str], long| -> Vec<&str> {
            let only: Vec<String> = only.iter().map(|name| (*name).to_owned()).collect();
            chosen(&only, long)
                .unwrap()
                .iter()
                .map(|step| step.name)
                .collect()
        };
        assert_eq!(names(&["e2e", "fmt"], false), ["fmt", "e2e"]);
        assert_eq!(names(&["fuzz"], false), ["fuzz"]);
        assert_eq!(names(&[], true).len(), STEPS.len());
        assert!(names(&[], false).contains(&"deny") && !names(&[], false).contains(&"fuzz"));
        let error = chosen(&["e3e".to_owned()], false).err().unwrap().to_string();
        assert!(
            error.contains("\"e3e\"") && error.contains("clippy-wasm"),
            "{error}"
        );
    }
}
