//! What the steps need on the machine, and how it is provided.

use anyhow::Result;

use super::e2e;
use crate::build;
use crate::project::Project;
use crate::tools::programs::Program;
use crate::tools::system::{self, System};
use crate::tools::{oldest, rust};

/// What a step needs on the machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Need {
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

/// Has the needs here, the system's packages first and all at once; `optional` are packages that are used where they are
/// here. Gives what cannot be had, and why.
pub(super) fn provide(
    project: &Project,
    needs: &[Need],
    optional: &[System],
    install: bool,
) -> Result<Vec<(Need, String)>> {
    let of_system = needs.iter().filter_map(|need| match need {
        Need::System(system) => Some(*system),
        _ => None,
    });
    let wanted: Vec<System> = of_system.chain(optional.iter().copied()).collect();
    let missing = system::provide(&wanted)?;
    let mut unmet = Vec::new();
    for need in needs {
        let why = match need {
            Need::System(system) => missing
                .contains(system)
                .then(|| format!("{} is missing", system.what())),
            _ => need.provide(project, install)?,
        };
        unmet.extend(why.map(|why| (*need, why)));
    }
    Ok(unmet)
}

impl Need {
    /// Has it here, or says why not. An error where nobody can do without.
    fn provide(self, project: &Project, install: bool) -> Result<Option<String>> {
        match self {
            Need::Component(name) => match rust::component(name) {
                Err(error) if std::env::var_os("CI").is_none() => Ok(Some(format!("{error:#}"))),
                result => result.map(|()| None),
            },
            Need::WasmTarget => rust::wasm_target().map(|()| None),
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
