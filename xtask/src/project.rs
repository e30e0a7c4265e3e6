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

/// The version of a crate in a text of Cargo.lock.
pub(crate) fn locked(lock: &str, name: &str) -> Result<String> {
    let lock: toml::Table = toml::from_str(lock).context("Cargo.lock cannot be read")?;
    let packages = lock.get("package").and_then(toml::Value::as_array);
    let mut versions = packages
        .into_iter()
        .flatten()
        .filter(|package| package.get("name").and_then(toml::Value::as_str) == Some(name))
        .filter_map(|package| package.get("version").and_then(toml::Value::as_str));
    match (versions.next(), versions.next()) {
        (Some(version), None) => Ok(version.to_owned()),
        (None, _) => bail!("Cargo.lock names no {name}"),
        (Some(one), Some(other)) => bail!("Cargo.lock names two versions of {name}: {one} and {other}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_where_the_project_lies() {
        let metadata = serde_json::json!({"workspace_root": "/w", "target_directory": "/t"});
        let project = Project::from_metadata(&metadata.to_string()).unwrap();
        assert_eq!(project.tools(), Path::new("/t/xtask/tools"));
        assert!(Project::from_metadata("{}").is_err());
    }

    #[test]
    fn reads_the_version_of_a_crate() {
        let of = |name: &str| format!("[[package]]\nname = \"{name}\"\nversion = \"1.2.3\"\n");
        let lock = of("a") + &of("b");
        assert_eq!(locked(&lock, "b").unwrap(), "1.2.3");
        assert!(locked(&lock, "c").unwrap_err().to_string().contains("names no c"));
        let error = locked(&(of("a") + &of("a")), "a").unwrap_err().to_string();
        assert!(error.contains("two versions"), "{error}");
    }

    /// Cargo keeps wasm-bindgen and the library that reads its modules together, since both link `wasm_bindgen`.
    #[test]
    fn the_library_of_wasm_bindgen_fits_the_crate() {
        let lock = fs::read_to_string(Project::open().unwrap().root.join("Cargo.lock")).unwrap();
        let version = locked(&lock, "wasm-bindgen").unwrap();
        for name in [
            "wasm-bindgen-shared",
            "wasm-bindgen-cli-support",
            "wasm-bindgen-cli",
        ] {
            assert_eq!(locked(&lock, name).unwrap(), version, "{name}");
        }
    }

    #[test]
    fn trunk_is_told_the_same_wasm_opt() {
        let project = Project::open().unwrap();
        let trunk = fs::read_to_string(project.root.join("Trunk.toml")).unwrap();
        let version = crate::tools::npm::page_tool_version(&project, "binaryen").unwrap();
        let major = version.split('.').next().unwrap();
        let wasm_opt = format!("wasm_opt = \"version_{major}\"");
        assert!(trunk.contains(&wasm_opt), "Trunk.toml must say {wasm_opt}");
        // Trunk takes the version of Cargo.lock where none is named.
        assert!(!trunk.contains("wasm_bindgen ="));
    }
}
