//! The step `trunk`: Trunk builds the page as well.

use std::path::PathBuf;

use anyhow::{Result, bail};

use crate::project::Project;
use crate::run::Cmd;
use crate::tools::npm;
use crate::tools::programs::Program;

/// Builds the page with Trunk into a folder of its own, and looks for its files.
pub(super) fn build(project: &Project) -> Result<()> {
    let dist = project.cache()?.join("trunk");
    let dirs = [
        Program::Trunk.provide(project)?,
        Program::WasmBindgen.provide(project)?,
        npm::page_tools(project)?,
    ];
    Cmd::new(dirs[0].join("trunk"))
        .args(["build", "--offline", "true", "--dist"])
        .arg(&dist)
        // Trunk takes NO_COLOR for a flag with a value of its own, and stops at `1`.
        .without("NO_COLOR")
        .dir(&project.root)
        .path_first(dirs.iter().map(PathBuf::as_path))?
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
