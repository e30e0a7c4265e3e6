//! Tools: found where they are in the right version, else installed.
//!
//! A program of Cargo's that is missing is installed where Cargo keeps its programs, for the next clone to find. One that
//! is there in another version is left alone, and the right one is kept under target/. npm's tools come by a lock file.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::project::{Project, locked};
use crate::run::{Cmd, say};

/// The target that the widget is compiled for.
pub(crate) const WASM: &str = "wasm32-unknown-unknown";
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

/// Adds components of the tool chain, such as `clippy`, if they are missing.
pub(crate) fn component(name: &str) -> Result<()> {
    // The program's name is `rustfmt` for one and `cargo-clippy` for the other; Cargo knows both.
    let subcommand = if name == "rustfmt" { "fmt" } else { name };
    if Cmd::cargo().args([subcommand, "--version"]).output().is_ok() {
        return Ok(());
    }
    say(format!("adding the component {name} with rustup (some seconds)"));
    Cmd::new("rustup")
        .args(["component", "add", name])
        .run()
        .with_context(|| format!("rustup cannot add the component {name}; is rustup installed?"))
}

/// Adds the standard library for the browser, if it is missing.
pub(crate) fn wasm_target() -> Result<()> {
    target(WASM)
}

/// Adds a target of rustc if it is missing.
pub(crate) fn target(name: &str) -> Result<()> {
    let library = Cmd::new("rustc")
        .args(["--print", "target-libdir", "--target", name])
        .output();
    if library.is_ok_and(|dir| Path::new(dir.trim()).is_dir()) {
        return Ok(());
    }
    say(format!("adding the target {name} with rustup (some seconds)"));
    Cmd::new("rustup")
        .args(["target", "add", name])
        .run()
        .with_context(|| format!("rustup cannot add the target {name}; is rustup installed?"))
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

/// The folder of wasm-opt and esbuild, which make shipped files: from npm, by the lock file in xtask/tools, each with
/// its digest and without install scripts. They are kept under target/, for all clones that share it.
pub(crate) fn npm(project: &Project) -> Result<PathBuf> {
    let home = project.tools().join("npm");
    fs::create_dir_all(&home).with_context(|| format!("cannot create {}", home.display()))?;
    for name in ["package.json", "package-lock.json", ".npmrc"] {
        let from = project.root.join("xtask").join("tools").join(name);
        fs::copy(&from, home.join(name)).with_context(|| format!("cannot copy {}", from.display()))?;
    }
    node_packages(&home, "that build the page")?;
    Ok(home.join("node_modules").join(".bin"))
}

/// The version of one of them.
pub(crate) fn npm_version(project: &Project, package: &str) -> Result<String> {
    let path = project.root.join("xtask/tools/package.json");
    let text = fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
    let manifest: serde_json::Value = serde_json::from_str(&text)?;
    let version = manifest["devDependencies"][package].as_str();
    version
        .map(str::to_owned)
        .with_context(|| format!("{} names no {package}", path.display()))
}

/// Has the source of the standard library here, from which what is shipped is built smaller; without it the build is a
/// tenth larger and works as well. Says whether it is here.
pub(crate) fn std_source() -> Result<bool> {
    let root = Cmd::new("rustc").args(["--print", "sysroot"]).output()?;
    let library = Path::new(root.trim()).join("lib/rustlib/src/rust/library/Cargo.toml");
    if !library.is_file() {
        say("adding the source of the standard library with rustup (some seconds)");
        let added = Cmd::new("rustup").args(["component", "add", "rust-src"]).run();
        if added.is_err() || !library.is_file() {
            say("rustup cannot add rust-src: the page is built without it and becomes a tenth larger");
            return Ok(false);
        }
    }
    // Its manifest uses what stable Cargo takes from the standard library alone.
    let of_library = |cmd: Cmd| {
        cmd.env("RUSTC_BOOTSTRAP", "1")
            .args(["--locked", "--manifest-path"])
            .arg(&library)
    };
    let have_all = of_library(Cmd::cargo().args(["metadata", "--offline", "--format-version", "1"]));
    if have_all.output().is_err() {
        say("downloading the crates of the standard library (under a minute)");
        of_library(Cmd::cargo().arg("fetch"))
            .run()
            .context("cannot download the crates of the standard library")?;
    }
    Ok(true)
}

/// Installs the packages that a folder's lock file names, unless they are there already.
pub(crate) fn node_packages(dir: &Path, whose: &str) -> Result<()> {
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

/// The folders of PATH that have the program.
pub(crate) fn on_path(program: &str) -> impl Iterator<Item = PathBuf> + use<> {
    let found: Vec<PathBuf> = which::which_all(program)
        .map(Iterator::collect)
        .unwrap_or_default();
    found
        .into_iter()
        .filter_map(|path| path.parent().map(Path::to_path_buf))
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
