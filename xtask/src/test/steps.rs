//! The table of the steps: what each proves, when it runs, and what it needs.

use anyhow::Result;

use super::needs::Need;
use super::tally::Tally;
use super::{cargo, e2e, supply, trunk};
use crate::project::Project;
use crate::tools::oldest;
use crate::tools::programs::Program;
use crate::tools::system::System;
use crate::{build, fuzz, house, package, server, size};

/// When a step runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum When {
    /// In `check` as well: it takes seconds.
    Always,
    /// In each test.
    Test,
    /// In each test that finds what it needs installed, and with `--long`.
    IfInstalled,
    /// With `--long` only.
    Long,
}

/// One step of the test. What runs it is given whether the run is a long one.
pub(super) struct Step {
    pub(super) name: &'static str,
    pub(super) what: &'static str,
    pub(super) when: When,
    pub(super) needs: &'static [Need],
    pub(super) run: fn(&Project, &mut Tally, bool) -> Result<()>,
}

const CC: Need = Need::System(System::C);
const NODE: Need = Need::System(System::Node);
const CHROME: Need = Need::System(System::Chrome);

/// In the order in which they run.
pub(super) const STEPS: [Step; 19] = [
    Step {
        name: "fmt",
        what: "the sources are formatted",
        when: When::Always,
        needs: &[Need::Component("rustfmt")],
        run: |project, _, _| cargo::fmt(project),
    },
    Step {
        name: "clippy",
        what: "no lint warns, natively",
        when: When::Always,
        needs: &[CC, Need::Component("clippy")],
        run: |project, _, _| cargo::clippy(project),
    },
    Step {
        name: "house",
        what: "the sources keep the rules: who imports whom, no circles of files, names, lengths",
        when: When::Always,
        needs: &[],
        run: |project, _, _| house::check(project),
    },
    Step {
        name: "purity",
        what: "the core builds without the browser's crates",
        when: When::Always,
        needs: &[],
        run: |project, _, _| cargo::core_alone(project),
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
        run: cargo::native,
    },
    Step {
        name: "clippy-wasm",
        what: "no lint warns, for the browser",
        when: When::Test,
        needs: &[Need::Component("clippy"), Need::WasmTarget],
        run: |project, _, _| cargo::clippy_wasm(project),
    },
    Step {
        name: "ssr",
        what: "views rendered to text",
        when: When::Test,
        needs: &[],
        run: |project, tally, _| cargo::ssr(project, tally),
    },
    Step {
        name: "wasm",
        what: "wasm tests in a browser",
        when: When::Test,
        needs: &[CC, Need::WasmTarget, CHROME],
        run: |project, tally, _| cargo::wasm(project, tally),
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
        run: |project, _, _| trunk::build(project),
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
