//! Where the project lies, and what its manifest says: read once, from Cargo itself.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::run::Cmd;

/// The package whose library is the widget.
pub(crate) const WIDGET: &str = "ob-restore-tasks";
/// The companion server: package and binary.
pub(crate) const SERVER: &str = "ob-restore-tasks-server";

/// The workspace that this xtask was started in.
pub(crate) struct Project {
    /// The workspace's root folder.
    pub(crate) root: PathBuf,
    /// Cargo's target folder, wherever the environment puts it.
    pub(crate) target: PathBuf,
    /// The version of wasm-bindgen that the widget pins.
    pub(crate) wasm_bindgen: String,
}

impl Project {
    /// Asks Cargo about the workspace that the current folder is in.
    pub(crate) fn open() -> Result<Self> {
        // Cargo sets the variable for `cargo xtask`; without it, the current folder has to do.
        let start = match env::var_os("CARGO_MANIFEST_DIR") {
            Some(dir) => PathBuf::from(dir),
            None => env::current_dir()?,
        };
        let text = Cmd::cargo()
            .args(["metadata", "--no-deps", "--format-version", "1"])
            .dir(&start)
            .output()
            .context("cannot read the workspace's manifest")?;
        Self::from_metadata(&text)
    }

    fn from_metadata(text: &str) -> Result<Self> {
        let metadata: Value = serde_json::from_str(text).context("cargo metadata is no JSON")?;
        let path = |key: &str| -> Result<PathBuf> {
            let value = metadata[key]
                .as_str()
                .with_context(|| format!("cargo metadata names no {key}"))?;
            Ok(PathBuf::from(value))
        };
        Ok(Self {
            root: path("workspace_root")?,
            target: path("target_directory")?,
            wasm_bindgen: pinned(&metadata, WIDGET, "wasm-bindgen")?,
        })
    }

    /// The folder for what xtask itself keeps: tools, stamps.
    pub(crate) fn cache(&self) -> Result<PathBuf> {
        let dir = self.target.join("xtask");
        fs::create_dir_all(&dir).with_context(|| format!("cannot create {}", dir.display()))?;
        Ok(dir)
    }

    /// A folder for tools that are kept beside the build instead of in the user's own folders.
    pub(crate) fn tools(&self) -> PathBuf {
        self.target.join("xtask").join("tools")
    }

    /// The finished page.
    pub(crate) fn dist(&self) -> PathBuf {
        self.root.join("dist")
    }

    /// A file's path as a reader knows it.
    pub(crate) fn relative<'a>(&self, path: &'a Path) -> &'a Path {
        path.strip_prefix(&self.root).unwrap_or(path)
    }
}

/// The version that `package` pins `dependency` to, without the `=`.
fn pinned(metadata: &Value, package: &str, dependency: &str) -> Result<String> {
    let packages = metadata["packages"]
        .as_array()
        .map(Vec::as_slice)
        .unwrap_or_default();
    let requirement = packages
        .iter()
        .filter(|one| one["name"] == package)
        .flat_map(|one| {
            one["dependencies"]
                .as_array()
                .map(Vec::as_slice)
                .unwrap_or_default()
        })
        .find(|one| one["name"] == dependency)
        .and_then(|one| one["req"].as_str())
        .with_context(|| format!("Cargo.toml of {package} names no {dependency}"))?;
    match requirement.strip_prefix('=') {
        Some(version) => Ok(version.trim().to_owned()),
        None => {
            bail!("Cargo.toml of {package} must pin {dependency} to one version (=x.y.z), not {requirement}")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn metadata(requirement: &str) -> String {
        serde_json::json!({
            "workspace_root": "/w",
            "target_directory": "/t",
            "packages": [
                {"name": "other", "dependencies": [{"name": "wasm-bindgen", "req": "^0.1"}]},
                {"name": WIDGET, "dependencies": [{"name": "wasm-bindgen", "req": requirement}]},
            ],
        })
        .to_string()
    }

    #[test]
    fn reads_the_pin_of_the_widget() {
        let project = Project::from_metadata(&metadata("=0.2.130")).unwrap();
        assert_eq!(project.wasm_bindgen, "0.2.130");
        assert_eq!(project.tools(), Path::new("/t/xtask/tools"));
    }

    #[test]
    fn refuses_a_version_that_is_not_pinned() {
        let error = Project::from_metadata(&metadata("^0.2.130"))
            .err()
            .unwrap()
            .to_string();
        assert!(error.contains("must pin wasm-bindgen"), "{error}");
    }

    #[test]
    fn trunk_is_told_the_same_versions() {
        let project = Project::open().unwrap();
        let trunk = fs::read_to_string(project.root.join("Trunk.toml")).unwrap();
        let bindgen = format!("wasm_bindgen = \"{}\"", project.wasm_bindgen);
        let wasm_opt = format!("wasm_opt = \"version_{}\"", crate::tools::BINARYEN);
        assert!(trunk.contains(&bindgen), "Trunk.toml must say {bindgen}");
        assert!(trunk.contains(&wasm_opt), "Trunk.toml must say {wasm_opt}");
    }
}
