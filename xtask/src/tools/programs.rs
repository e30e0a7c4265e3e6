//! Programs that Cargo installs: found where they are in the right version, else installed.
//!
//! A program that is missing is installed where Cargo keeps its programs, for the next clone to find. One that is there in
//! another version is left alone, and the right one is kept under target/.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use super::path::on_path;
use crate::project::{Project, locked};
use crate::run::{Cmd, say};

/// A program that Cargo can install.
struct Tool {
    /// The package.
    package: &'static str,
    /// The program that tells its version.
    program: &'static str,
    /// The version that is needed.
    version: String,
    /// Whether its own lock file is kept to at first. (Only at first: a registry may lack a version
    /// that a lock file names.)
    locked: bool,
    /// How long it takes to compile on two cores.
    takes: &'static str,
}

/// The version of wasm-bindgen.
pub(crate) fn wasm_bindgen_version(project: &Project) -> Result<String> {
    let path = project.root.join("Cargo.lock");
    let lock = fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
    locked(&lock, "wasm-bindgen")
}

/// Programs that Cargo installs, for the steps that `--long` runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Program {
    /// Serves the page in development.
    Trunk,
    /// What Trunk calls; this project's own build has it as a library.
    WasmBindgen,
    /// Judges the crates that others made.
    CargoDeny,
    /// Builds for libFuzzer.
    CargoFuzz,
}

impl Program {
    fn tool(self, project: &Project) -> Result<Tool> {
        let tool = |package, program, version: &str, locked, takes| Tool {
            package,
            program,
            version: version.to_owned(),
            locked,
            takes,
        };
        Ok(match self {
            Program::Trunk => tool("trunk", "trunk", "0.21.14", true, "about 8 minutes"),
            Program::WasmBindgen => tool(
                "wasm-bindgen-cli",
                "wasm-bindgen",
                &wasm_bindgen_version(project)?,
                false,
                "about 3 minutes",
            ),
            Program::CargoDeny => tool("cargo-deny", "cargo-deny", "0.20.2", true, "about 6 minutes"),
            Program::CargoFuzz => tool("cargo-fuzz", "cargo-fuzz", "0.13.2", true, "about 2 minutes"),
        })
    }

    /// Its name and version.
    pub(crate) fn name(self, project: &Project) -> Result<String> {
        let tool = self.tool(project)?;
        Ok(format!("{} {}", tool.package, tool.version))
    }

    /// Whether it is here in the right version.
    pub(crate) fn is_here(self, project: &Project) -> Result<bool> {
        Ok(self.tool(project)?.find(project).is_some())
    }

    /// Its folder; it is installed where it is missing.
    pub(crate) fn provide(self, project: &Project) -> Result<PathBuf> {
        self.tool(project)?.provide(project)
    }
}

impl Tool {
    fn provide(&self, project: &Project) -> Result<PathBuf> {
        if let Some(dir) = self.find(project) {
            return Ok(dir);
        }
        let kept = project.tools();
        let another = self
            .places(project)
            .iter()
            .any(|dir| dir.join(self.program).is_file());
        self.install(another.then_some(kept.as_path()))?;
        self.find(project).with_context(|| {
            format!(
                "{} was installed, but {} {} is not found",
                self.package, self.program, self.version
            )
        })
    }

    /// The folder that has it in the right version.
    fn find(&self, project: &Project) -> Option<PathBuf> {
        let mut places = self.places(project).into_iter();
        places.find(|dir| says_version(&dir.join(self.program), &self.version))
    }

    fn places(&self, project: &Project) -> Vec<PathBuf> {
        std::iter::once(project.tools().join("bin"))
            .chain(on_path(self.program))
            .chain(cargo_bin())
            .collect()
    }

    /// Installs it: prebuilt where `cargo binstall` is there, else compiled.
    fn install(&self, root: Option<&Path>) -> Result<()> {
        let wanted = format!("{}@{}", self.package, self.version);
        let place = |cmd: Cmd| match root {
            Some(root) => cmd.arg("--root").arg(root),
            None => cmd,
        };
        if Cmd::cargo().args(["binstall", "-V"]).output().is_ok() {
            say(format!(
                "installing {wanted} with cargo binstall (some seconds if it is prebuilt)"
            ));
            let prebuilt = Cmd::cargo()
                .args(["binstall", "--no-confirm", "--force"])
                .arg(&wanted);
            match place(prebuilt).run() {
                Ok(()) => return Ok(()),
                Err(error) => say(format!("{error:#}; compiling it instead")),
            }
        }
        say(format!("compiling {wanted} ({} on two cores, once)", self.takes));
        let compile = |locked: bool| {
            let cmd = place(Cmd::cargo().args(["install", "--force"]).arg(&wanted));
            if locked {
                cmd.arg("--locked").run()
            } else {
                cmd.run()
            }
        };
        compile(self.locked).or_else(|error| {
            let other = if self.locked { "without" } else { "with" };
            say(format!(
                "{error:#}; trying again {other} the tool's own lock file"
            ));
            compile(!self.locked)
        })
    }
}

/// Where Cargo installs programs: not on everybody's PATH.
fn cargo_bin() -> Option<PathBuf> {
    let install_root = env::var_os("CARGO_INSTALL_ROOT").or_else(|| env::var_os("CARGO_HOME"));
    let home = install_root
        .map(PathBuf::from)
        .or_else(|| env::home_dir().map(|home| home.join(".cargo")));
    home.map(|home| home.join("bin"))
}

/// Whether the program is there and names the version as a word of its own.
fn says_version(program: &Path, version: &str) -> bool {
    program.is_file()
        && Cmd::new(program)
            .arg("--version")
            .output()
            .is_ok_and(|text| text.split_whitespace().any(|word| word == version))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_a_version_by_the_whole_word() {
        let cargo = PathBuf::from(env::var_os("CARGO").unwrap());
        let text = Cmd::new(&cargo).arg("--version").output().unwrap();
        let version = text.split_whitespace().nth(1).unwrap();
        assert!(says_version(&cargo, version));
        assert!(!says_version(&cargo, &version[..version.len() - 1]));
        assert!(!says_version(Path::new("/nowhere/cargo"), version));
    }
}
