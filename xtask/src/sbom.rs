//! The bill of materials of the npm package, in CycloneDX: the crates whose code is in the module, and the files.
//!
//! From `cargo tree`, which resolves for the one package and target that is shipped. `cargo metadata`, and with it
//! cargo-cyclonedx, takes in features that other members of the workspace switch on, and macros, of which nothing is
//! in the module. There is no time and no random number in it: one commit has one bill.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};
use serde::Deserialize;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use walkdir::WalkDir;

use crate::project::{Project, WIDGET};
use crate::run::Cmd;
use crate::{build, tools};

/// Its name in the package, which scanners know.
pub(crate) const NAME: &str = "sbom.cdx.json";

/// A crate and what is known of it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Crate {
    name: String,
    version: String,
    licence: String,
    /// Of what the registry has; crates of this project and of the compiler have none.
    checksum: Option<String>,
}

impl Crate {
    fn reference(&self) -> String {
        format!("cargo:{}@{}", self.name, self.version)
    }

    fn component(&self) -> Value {
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
type Graph = BTreeMap<Crate, BTreeSet<Crate>>;

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

/// The bill of a folder that has everything else that is shipped.
pub(crate) fn of(project: &Project, shipped: &Path) -> Result<String> {
    let mut graph = widget(project)?;
    let rustc = Cmd::new("rustc").arg("-vV").output()?;
    let release = said(&rustc, "release")?;
    for (one, others) in standard_library(&release)? {
        graph.entry(one).or_default().extend(others);
    }
    let is_std = |one: &&Crate| one.name == "std" && one.checksum.is_none();
    let std = graph.keys().find(is_std).cloned();
    let crates = graph.keys().map(Crate::component);
    let components: Vec<Value> = crates.chain(files(shipped)?).collect();
    let dependencies: Vec<Value> = graph
        .iter()
        .map(|(one, others)| {
            // Every crate is linked with the standard library.
            let std = std.iter().filter(|_| one.name == WIDGET);
            let others: BTreeSet<String> = others.iter().chain(std).map(Crate::reference).collect();
            json!({"ref": one.reference(), "dependsOn": others})
        })
        .collect();
    let version = env!("CARGO_PKG_VERSION");
    let compiler = format!("{release} {}", said(&rustc, "commit-hash")?);
    let tool = |name: &str, version: &str| json!({"type": "application", "name": name, "version": version});
    let bill = json!({
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {
            "component": {
                "type": "library",
                "bom-ref": format!("npm:{WIDGET}@{version}"),
                "name": WIDGET,
                "version": version,
                "purl": format!("pkg:npm/{WIDGET}@{version}"),
                "licenses": [{"expression": "MIT OR Apache-2.0"}],
            },
            "tools": {"components": [
                tool("rustc", &compiler),
                tool("wasm-bindgen-cli-support", &tools::wasm_bindgen_version(project)?),
                tool("binaryen", &tools::npm_version(project, "binaryen")?),
                tool("esbuild", &tools::npm_version(project, "esbuild")?),
            ]},
        },
        "components": components,
        "dependencies": dependencies,
    });
    Ok(serde_json::to_string_pretty(&bill)? + "\n")
}

/// Fails unless the bill names each crate of which the built module has a function: seen from its other end.
pub(crate) fn check(project: &Project, bill: &str) -> Result<()> {
    let path = build::whole_module(project);
    let module = fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
    let module = walrus::Module::from_buffer(&module)?;
    let linked = crates_in(module.funcs.iter().filter_map(|one| one.name.as_deref()));
    if linked.len() < 10 {
        bail!("the names of the module's functions tell no crates");
    }
    let bill: Value = serde_json::from_str(bill)?;
    let named: BTreeSet<String> = bill["components"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|component| component["name"].as_str())
        .map(|name| name.replace('-', "_"))
        .collect();
    let missing: Vec<&String> = linked.difference(&named).collect();
    if !missing.is_empty() {
        bail!("{NAME} lacks crates that are in the module: {missing:?}");
    }
    Ok(())
}

/// The crates of the paths in mangled names, which stand there as `crate[instance]`.
fn crates_in<'a>(names: impl Iterator<Item = &'a str>) -> BTreeSet<String> {
    let mut crates = BTreeSet::new();
    for name in names {
        let path = rustc_demangle::demangle(name).to_string();
        for (at, _) in path.match_indices('[') {
            let instance = path[at + 1..].split(']').next().unwrap_or_default();
            let is_instance = instance.len() >= 8 && instance.bytes().all(|c| c.is_ascii_hexdigit());
            let is_part = |c: char| c.is_ascii_alphanumeric() || c == '_';
            let start = path[..at].rfind(|c| !is_part(c)).map_or(0, |before| before + 1);
            // What the compiler makes up by itself is of no crate.
            if is_instance && start < at && &path[start..at] != "__rustc" {
                crates.insert(path[start..at].to_owned());
            }
        }
    }
    crates
}

/// The crates in the module, by the lock file.
fn widget(project: &Project) -> Result<Graph> {
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
    tools::WASM,
    "--edges",
    "normal,no-proc-macro",
    "--prefix",
    "depth",
    "--format",
    "|{p}|{l}",
];

/// The standard library's, where its source is here; else it is one component.
fn standard_library(release: &str) -> Result<Graph> {
    if !tools::std_source()? {
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

/// The files, with digests by which each can be known again.
fn files(dir: &Path) -> Result<Vec<Value>> {
    let mut files = Vec::new();
    for entry in WalkDir::new(dir).sort_by_file_name() {
        let entry = entry.with_context(|| format!("cannot read {}", dir.display()))?;
        if !entry.file_type().is_file() || entry.file_name() == NAME {
            continue;
        }
        let name = entry.path().strip_prefix(dir)?.display().to_string();
        let bytes = fs::read(entry.path()).with_context(|| format!("cannot read {name}"))?;
        let digest = format!("{:x}", Sha256::digest(bytes));
        files.push(json!({
            "type": "file",
            "bom-ref": format!("file:{name}"),
            "name": name,
            "hashes": [{"alg": "SHA-256", "content": digest}],
        }));
    }
    Ok(files)
}

/// A field of what `rustc -vV` prints.
fn said(rustc: &str, field: &str) -> Result<String> {
    let mut lines = rustc.lines().filter_map(|line| line.split_once(": "));
    let found = lines.find(|(name, _)| *name == field);
    let (_, value) = found.with_context(|| format!("rustc does not tell its {field}"))?;
    Ok(value.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(bill: &Value, kind: &str) -> BTreeSet<String> {
        let components = bill["components"].as_array().unwrap().iter();
        let components = components.filter(|one| one["type"] == kind);
        components
            .map(|one| {
                let version = one["version"].as_str().unwrap_or_default();
                format!("{} {version}", one["name"].as_str().unwrap())
            })
            .collect()
    }

    #[test]
    fn the_bill_is_the_dependency_graph_and_the_same_each_time() {
        let project = Project::open().unwrap();
        let shipped = project.root.join("package");
        let text = of(&project, &shipped).unwrap();
        assert_eq!(of(&project, &shipped).unwrap(), text);
        for told in [
            project.root.to_str().unwrap(),
            "timestamp",
            "serialNumber",
            "file:/",
            "://",
        ] {
            assert!(!text.contains(told), "{told}");
        }
        let bill: Value = serde_json::from_str(&text).unwrap();
        let crates = names(&bill, "library");
        // Another way to the same: without the graph, each crate once.
        let flat = Cmd::cargo()
            .args(["tree", "--package", WIDGET, "--target", tools::WASM])
            .args([
                "--edges",
                "normal,no-proc-macro",
                "--prefix",
                "none",
                "--format",
                "{p}",
            ])
            .dir(&project.root)
            .output()
            .unwrap();
        let flat: BTreeSet<String> = flat
            .lines()
            .map(|line| {
                line.split_whitespace()
                    .take(2)
                    .collect::<Vec<_>>()
                    .join(" ")
                    .replace(" v", " ")
            })
            .collect();
        assert!(flat.len() > 50 && flat.contains("yew 0.23.0"), "{flat:?}");
        let missing: Vec<&String> = flat.difference(&crates).collect();
        assert!(missing.is_empty(), "{missing:?}");
        // What there is more is the standard library's.
        let rustc = Cmd::new("rustc").arg("-vV").output().unwrap();
        let library = standard_library(&said(&rustc, "release").unwrap()).unwrap();
        let library: BTreeSet<String> = library
            .keys()
            .map(|one| format!("{} {}", one.name, one.version))
            .collect();
        assert_eq!(
            crates
                .difference(&flat)
                .filter(|one| !library.contains(*one))
                .count(),
            0
        );
        assert!(
            !crates
                .iter()
                .any(|one| one.starts_with("syn ") || one.starts_with("yew-macro "))
        );
        assert!(names(&bill, "file").contains("package.json "));
        // Whatever comes from the registry is known by its digest, and every reference leads somewhere.
        let all = bill["components"].as_array().unwrap();
        for one in all.iter().filter(|one| one["type"] == "library") {
            let own = one["name"].as_str().unwrap().starts_with(WIDGET);
            let known = one["hashes"][0]["content"]
                .as_str()
                .is_some_and(|sum| sum.len() == 64);
            let is_std = library.contains(&format!(
                "{} {}",
                one["name"].as_str().unwrap(),
                one["version"].as_str().unwrap()
            ));
            assert!(known || own || is_std, "{one}");
            assert!(
                one["licenses"][0]["expression"]
                    .as_str()
                    .is_some_and(|text| !text.is_empty()),
                "{one}"
            );
        }
        let references: BTreeSet<&str> = all.iter().filter_map(|one| one["bom-ref"].as_str()).collect();
        assert_eq!(references.len(), all.len());
        for one in bill["dependencies"].as_array().unwrap() {
            let mut ends = one["dependsOn"].as_array().unwrap().iter().chain([&one["ref"]]);
            assert!(
                ends.all(|end| references.contains(end.as_str().unwrap())),
                "{one}"
            );
        }
    }

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

    #[test]
    fn finds_crates_in_mangled_names() {
        let names = [
            "_RNvCs1234_7mycrate3foo",
            "_RNvNtCsgH3uYq8p2Fd_4core3fmt5write",
            "memcpy",
            "_RNvCskwGfYPst2Cb_3std4main",
            "_RNvCs1234_7___rustc17rust_begin_unwind",
        ];
        let found: Vec<String> = crates_in(names.into_iter()).into_iter().collect();
        assert!(
            found.contains(&"core".to_owned()) && found.contains(&"std".to_owned()),
            "{found:?}"
        );
        assert!(!found.contains(&"__rustc".to_owned()), "{found:?}");
    }
}
