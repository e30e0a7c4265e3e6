//! The crates whose code is in the module, each with what it depends on.
//!
//! From `cargo tree`, which resolves for the one package and target that is shipped. `cargo metadata`, and with it
//! cargo-cyclonedx, takes in features that other members of the workspace switch on, and macros, of which nothing is
//! in the module.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::project::{Project, WIDGET};
use crate::run::Cmd;
use crate::tools::rust;

/// A crate and what is known of it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Crate {
    pub(super) name: String,
    pub(super) version: String,
    pub(super) licence: String,
    /// Of what the registry has; crates of this project and of the compiler have none.
    pub(super) checksum: Option<String>,
}

impl Crate {
    pub(super) fn reference(&self) -> String {
        format!("cargo:{}@{}", self.name, self.version)
    }

    pub(super) fn component(&self) -> Value {
        let mut component = json!({
            "type": "library",
            "bom-ref": self.reference(),
            "name": self.name,
            "version": self.version,
            "licenses": [{"expression": self.licence}],
        });
        if let Some(checksum) = &self.checksum {
            component["purl"] = json!(format!("pkg:cargo/{}@{}", self.name, self.version));
            component["hashes"] = json!([{"alg": "SHA-256", "content": checksum}]);
        }
        component
    }
}

/// Crates, each with what it depends on.
pub(super) type Graph = BTreeMap<Crate, BTreeSet<Crate>>;

#[derive(Deserialize)]
struct Lock {
    package: Vec<Locked>,
}

#[derive(Deserialize)]
struct Locked {
    name: String,
    version: String,
    checksum: Option<String>,
}

/// The crates in the module, by the lock file.
pub(super) fn of_widget(project: &Project) -> Result<Graph> {
    let tree = Cmd::cargo()
        .args(["tree", "--locked", "--package", WIDGET])
        .args(TREE)
        .dir(&project.root)
        .output()
        .context("cannot tell what the widget depends on")?;
    let sums = checksums(&project.root.join("Cargo.lock"))?;
    read(&tree, &sums, None)
}

const TREE: [&str; 8] = [
    "--target",
    rust::WASM,
    "--edges",
    "normal,no-proc-macro",
    "--prefix",
    "depth",
    "--format",
    "|{p}|{l}",
];

/// The standard library's, where its source is here; else it is one component.
pub(super) fn standard_library(release: &str) -> Result<Graph> {
    if !rust::std_source()? {
        let licence = "MIT OR Apache-2.0".to_owned();
        let (name, version) = ("std".to_owned(), release.to_owned());
        let one = Crate {
            name,
            version,
            licence,
            checksum: None,
        };
        return Ok(Graph::from([(one, BTreeSet::new())]));
    }
    let root = Cmd::new("rustc").args(["--print", "sysroot"]).output()?;
    let library = Path::new(root.trim()).join("lib/rustlib/src/rust/library");
    let tree = Cmd::cargo()
        .env("RUSTC_BOOTSTRAP", "1")
        .args(["tree", "--locked", "--offline", "--manifest-path"])
        .arg(library.join("std/Cargo.toml"))
        .args(TREE)
        .output()
        .context("cannot tell what the standard library is made of")?;
    read(&tree, &checksums(&library.join("Cargo.lock"))?, Some(release))
}

/// The registry's digests, by name and version.
fn checksums(lock: &Path) -> Result<BTreeMap<(String, String), String>> {
    let text = fs::read_to_string(lock).with_context(|| format!("cannot read {}", lock.display()))?;
    let lock: Lock = toml::from_str(&text).with_context(|| format!("{} is no lock file", lock.display()))?;
    let known = lock.package.into_iter();
    Ok(known
        .filter_map(|one| Some(((one.name, one.version), one.checksum?)))
        .collect())
}

/// Reads what `cargo tree` prints; `release` is the version of crates that have none of their own. Crates that only
/// stand for another in the standard library's workspace are passed through.
fn read(tree: &str, sums: &BTreeMap<(String, String), String>, release: Option<&str>) -> Result<Graph> {
    let mut graph = Graph::new();
    // The way from the root to the line before, without crates that only stand for another.
    let mut way: Vec<(usize, Crate)> = Vec::new();
    for line in tree.lines() {
        let parts: Vec<&str> = line.split('|').collect();
        let [depth, package, licence] = parts.as_slice() else {
            bail!("cargo tree says {line:?}");
        };
        let depth: usize = depth.parse().with_context(|| format!("no depth in {line:?}"))?;
        let mut words = package.split_whitespace();
        let (Some(name), Some(version)) = (words.next(), words.next()) else {
            bail!("no package in {line:?}");
        };
        way.retain(|(above, _)| *above < depth);
        if name.starts_with("rustc-std-workspace-") {
            continue;
        }
        let version = match release {
            Some(release) if version == "v0.0.0" => release,
            _ => version.trim_start_matches('v'),
        };
        let one = Crate {
            name: name.to_owned(),
            version: version.to_owned(),
            licence: expression(licence),
            checksum: sums.get(&(name.to_owned(), version.to_owned())).cloned(),
        };
        if let Some((_, above)) = way.last() {
            graph.entry(above.clone()).or_default().insert(one.clone());
        }
        graph.entry(one.clone()).or_default();
        way.push((depth, one));
    }
    if graph.is_empty() {
        bail!("cargo tree names no crates");
    }
    Ok(graph)
}

/// A licence as SPDX writes it today.
fn expression(licence: &str) -> String {
    let licence = licence.trim_end_matches("(*)").trim();
    let parts: Vec<&str> = licence.split('/').map(str::trim).collect();
    parts.join(" OR ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_a_graph() {
        let tree = "0|a v1.0.0 (/x/a)|MIT/Apache-2.0\n1|b v2.0.0|MIT\n2|rustc-std-workspace-core v1.99.0 (/y)|MIT\n\
                    3|core v0.0.0 (/y)|MIT\n1|c v3.0.0|MIT OR Zlib (*)\n";
        let sums = BTreeMap::from([(("b".to_owned(), "2.0.0".to_owned()), "5".repeat(64))]);
        let graph = read(tree, &sums, Some("1.2.3")).unwrap();
        let shown: Vec<String> = graph
            .iter()
            .map(|(one, others)| {
                let others: Vec<String> = others.iter().map(Crate::reference).collect();
                format!("{} {} [{}]", one.reference(), one.licence, others.join(" "))
            })
            .collect();
        assert_eq!(
            shown,
            [
                "cargo:a@1.0.0 MIT OR Apache-2.0 [cargo:b@2.0.0 cargo:c@3.0.0]",
                "cargo:b@2.0.0 MIT [cargo:core@1.2.3]",
                "cargo:c@3.0.0 MIT OR Zlib []",
                "cargo:core@1.2.3 MIT []",
            ]
        );
        assert!(read("", &sums, None).is_err() && read("nonsense", &sums, None).is_err());
    }
}
