//! Packages from npm, each folder's by its own lock file.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::project::Project;
use crate::run::{Cmd, say};

/// The folder of wasm-opt and esbuild, which make shipped files: from npm, by the lock file in xtask/tools, each with
/// its digest and without install scripts. They are kept under target/, for all clones that share it.
pub(crate) fn page_tools(project: &Project) -> Result<PathBuf> {
    let home = project.tools().join("npm");
    fs::create_dir_all(&home).with_context(|| format!("cannot create {}", home.display()))?;
    for name in ["package.json", "package-lock.json", ".npmrc"] {
        let from = project.root.join("xtask").join("tools").join(name);
        fs::copy(&from, home.join(name)).with_context(|| format!("cannot copy {}", from.display()))?;
    }
    install(&home, "that build the page")?;
    Ok(home.join("node_modules").join(".bin"))
}

/// The version of one of them.
pub(crate) fn page_tool_version(project: &Project, package: &str) -> Result<String> {
    let path = project.root.join("xtask/tools/package.json");
    let text = fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
    let manifest: serde_json::Value = serde_json::from_str(&text)?;
    let version = manifest["devDependencies"][package].as_str();
    version
        .map(str::to_owned)
        .with_context(|| format!("{} names no {package}", path.display()))
}

/// Installs the packages that a folder's lock file names, unless they are there already.
pub(crate) fn install(dir: &Path, whose: &str) -> Result<()> {
    let lock = dir.join("package-lock.json");
    let wanted = fs::read(&lock).with_context(|| format!("cannot read {}", lock.display()))?;
    let stamp = dir.join("node_modules").join(".xtask-lock");
    if fs::read(&stamp).is_ok_and(|installed| installed == wanted) {
        return Ok(());
    }
    say(format!(
        "installing the packages {whose} from npm (under a minute)"
    ));
    Cmd::new("npm")
        .args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"])
        .dir(dir)
        .run()
        .with_context(|| {
            format!(
                "npm cannot install the packages {whose} in {}; Node 20 or newer with npm is needed",
                dir.display()
            )
        })?;
    fs::write(&stamp, wanted).with_context(|| format!("cannot write {}", stamp.display()))
}
