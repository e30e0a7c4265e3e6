//! The bill of materials of the npm package, in CycloneDX: the crates whose code is in the module, and the files.
//!
//! There is no time and no random number in it: one commit has one bill.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use walkdir::WalkDir;

use super::crates::{self, Crate};
use crate::build;
use crate::project::{Project, WIDGET};
use crate::run::Cmd;
use crate::tools::{npm, programs};

/// Its name in the package, which scanners know.
pub(super) const NAME: &str = "sbom.cdx.json";

/// The bill of a folder that has everything else that is shipped.
pub(super) fn of(project: &Project, shipped: &Path) -> Result<String> {
    let mut graph = crates::of_widget(project)?;
    let rustc = Cmd::new("rustc").arg("-vV").output()?;
    let release = said(&rustc, "release")?;
    for (one, others) in crates::standard_library(&release)? {
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
                tool("wasm-bindgen-cli-support", &programs::wasm_bindgen_version(project)?),
                tool("binaryen", &npm::page_tool_version(project, "binaryen")?),
                tool("esbuild", &npm::page_tool_version(project, "esbuild")?),
            ]},
        },
        "components": components,
        "dependencies": dependencies,
    });
    Ok(serde_json::to_string_pretty(&bill)? + "\n")
}

/// Fails unless the bill names each crate of which the built module has a function: seen from its other end.
pub(super) fn check(project: &Project, bill: &str) -> Result<()> {
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
            .args(["tree", "--package", WIDGET, "--target", crate::tools::rust::WASM])
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
        let library = crates::standard_library(&said(&rustc, "release").unwrap()).unwrap();
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
