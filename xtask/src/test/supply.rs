//! The steps `supply` and `deny`: what comes in from others, by what the lock files say of it.
//!
//! Crates are judged by cargo-deny (deny.toml says how), npm's packages here, since their lock files say all there is
//! to ask: that each package is known by its digest, comes from the registry, and runs nothing when it is installed.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use serde_json::Value;
use walkdir::WalkDir;

use crate::project::Project;
use crate::run::{Cmd, say};
use crate::tools::programs::Program;

/// Packages of npm that say they have an install script. It is not run (`ignore-scripts`), and each is known to work
/// without it; a package that begins to have one is looked at first.
const SCRIPTS: [&str; 1] = ["esbuild"];
/// Folders whose files are made or installed.
const FOREIGN: [&str; 3] = ["target", "node_modules", "dist"];
/// What npm is told beside each lock file.
const SETTINGS: [&str; 2] = ["omit-lockfile-registry-resolved=true", "ignore-scripts=true"];

/// Judges every lock file of the project by what stands in it.
pub(crate) fn check(project: &Project) -> Result<()> {
    let mut wrong = Vec::new();
    for lock in locks(project, "package-lock.json")? {
        wrong.extend(npm(project, &lock)?);
    }
    if !wrong.is_empty() {
        bail!("npm's lock files:\n  {}", wrong.join("\n  "));
    }
    for lock in locks(project, "Cargo.lock")? {
        let shown = project.relative(&lock).display().to_string();
        let text = fs::read_to_string(&lock).with_context(|| format!("cannot read {shown}"))?;
        let foreign = not_of_registry(&text)?;
        if !foreign.is_empty() {
            bail!(
                "{shown} has crates from outside the registry, or without a digest: {}",
                foreign.join(", ")
            );
        }
    }
    Ok(())
}

/// The crates of a Cargo.lock that are neither the project's own nor from the registry with a digest.
fn not_of_registry(lock: &str) -> Result<Vec<String>> {
    let lock: toml::Table = toml::from_str(lock).context("a Cargo.lock cannot be read")?;
    let packages = lock.get("package").and_then(toml::Value::as_array);
    let text = |package: &toml::Value, key: &str| {
        package
            .get(key)
            .and_then(toml::Value::as_str)
            .unwrap_or_default()
            .to_owned()
    };
    Ok(packages
        .into_iter()
        .flatten()
        .filter(|package| {
            let source = text(package, "source");
            let is_own = source.is_empty();
            let is_known = source.starts_with("registry+") && text(package, "checksum").len() == 64;
            !is_own && !is_known
        })
        .map(|package| text(package, "name"))
        .collect())
}

/// Has cargo-deny judge every crate: licences, duplicates, sources, and advisories where their database can be fetched.
pub(crate) fn deny(project: &Project) -> Result<()> {
    let dir = Program::CargoDeny.provide(project)?;
    let deny = |what: &[&str], lock: &Path| {
        Cmd::new(dir.join("cargo-deny"))
            .args(["--locked", "--all-features", "--workspace", "--manifest-path"])
            .arg(lock.with_file_name("Cargo.toml"))
            .args(["--config".as_ref(), project.root.join("deny.toml").as_os_str()])
            .args(what)
            .dir(&project.root)
    };
    for lock in locks(project, "Cargo.lock")? {
        let shown = project.relative(&lock).display();
        let checked = ["check", "--hide-inclusion-graph", "licenses", "bans", "sources"];
        deny(&checked, &lock)
            .run()
            .with_context(|| format!("cargo-deny finds something in {shown}"))?;
        if let Err(error) = deny(&["fetch", "db"], &lock).output() {
            say(format!(
                "ADVISORIES WERE NOT CHECKED for {shown}: their database cannot be fetched here"
            ));
            let why = error.to_string();
            say(why.lines().last().unwrap_or_default());
            continue;
        }
        deny(&["check", "advisories"], &lock)
            .run()
            .with_context(|| format!("there are advisories for {shown}"))?;
    }
    Ok(())
}

/// The lock files of one kind that belong to the project. Not asked of git: the project may come as a tarball.
fn locks(project: &Project, name: &str) -> Result<Vec<PathBuf>> {
    let is_ours = |entry: &walkdir::DirEntry| {
        let name = entry.file_name().to_string_lossy();
        entry.depth() == 0 || !(name.starts_with('.') || FOREIGN.contains(&name.as_ref()))
    };
    let mut locks = Vec::new();
    for entry in WalkDir::new(&project.root)
        .sort_by_file_name()
        .into_iter()
        .filter_entry(is_ours)
    {
        let entry = entry.context("cannot list the project's files")?;
        if entry.file_name() == name {
            locks.push(entry.into_path());
        }
    }
    if locks.is_empty() {
        bail!("there is no {name}");
    }
    Ok(locks)
}

/// What is wrong with a lock file of npm and with the settings beside it.
fn npm(project: &Project, lock: &Path) -> Result<Vec<String>> {
    let shown = project.relative(lock).display().to_string();
    let text = fs::read_to_string(lock).with_context(|| format!("cannot read {shown}"))?;
    let lock_of: Value = serde_json::from_str(&text).with_context(|| format!("{shown} is no JSON"))?;
    let settings = fs::read_to_string(lock.with_file_name(".npmrc")).unwrap_or_default();
    let missing = SETTINGS
        .iter()
        .filter(|wanted| settings.lines().all(|line| line != **wanted))
        .map(|wanted| format!(".npmrc does not say {wanted}"));
    let all = missing.chain(wrong_in(&lock_of));
    Ok(all.map(|what| format!("{shown}: {what}")).collect())
}

/// What is wrong in it.
fn wrong_in(lock: &Value) -> Vec<String> {
    let Some(packages) = lock["packages"].as_object().filter(|all| all.len() > 1) else {
        return vec!["it names no packages; a version before 2 has no digests for all".to_owned()];
    };
    let mut wrong = Vec::new();
    for (place, package) in packages {
        let name = place.rsplit("node_modules/").next().unwrap_or(place);
        let mut say = |what: &str| wrong.push(format!("{name} {what}"));
        for kind in ["dependencies", "devDependencies", "optionalDependencies"] {
            let wanted = package[kind].as_object().into_iter().flatten();
            for (of, version) in wanted {
                if !version.as_str().is_some_and(is_of_registry) {
                    say(&format!("wants {of} from outside the registry: {version}"));
                }
            }
        }
        // The first entry is the folder itself.
        if place.is_empty() {
            continue;
        }
        if !package["integrity"].as_str().is_some_and(is_digest) {
            say("has no SHA-512 digest");
        }
        if let Some(from) = package["resolved"].as_str() {
            say(&format!("names where it comes from: {from}"));
        }
        if package["link"] == true || package["inBundle"] == true {
            say("comes with something else and not from the registry");
        }
        if package["hasInstallScript"] == true && !SCRIPTS.contains(&name) {
            say("has an install script; if it works without, add it to xtask/src/test/supply.rs");
        }
    }
    wrong
}

/// Versions, ranges and tags, also of a package under another name; no addresses, folders or repositories.
fn is_of_registry(wanted: &str) -> bool {
    let version = match wanted.strip_prefix("npm:") {
        Some(alias) => alias.rsplit_once('@').map_or("", |(_, version)| version),
        None => wanted,
    };
    !version.contains([':', '/', '\\'])
}

fn is_digest(integrity: &str) -> bool {
    integrity.split_whitespace().all(|one| one.starts_with("sha512-")) && !integrity.trim().is_empty()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn every_lock_of_npm_is_in_order() {
        let project = Project::open().unwrap();
        let locks = locks(&project, "package-lock.json").unwrap();
        assert!(locks.len() >= 8, "{locks:?}");
        for lock in locks {
            assert_eq!(npm(&project, &lock).unwrap(), Vec::<String>::new());
        }
    }

    #[test]
    fn finds_crates_from_elsewhere() {
        let own = "[[package]]\nname = \"own\"\nversion = \"0.1.0\"\n";
        let of = |name: &str, source: &str, checksum: &str| {
            format!(
                "[[package]]\nname = {name:?}\nversion = \"1.0.0\"\nsource = {source:?}\nchecksum = {checksum:?}\n"
            )
        };
        let digest = "0".repeat(64);
        let lock = [
            own,
            &of("good", "registry+https://example.com/index", &digest),
            &of("fork", "git+https://example.com/fork#1", &digest),
            &of("bare", "registry+https://example.com/index", ""),
        ]
        .concat();
        assert_eq!(not_of_registry(&lock).unwrap(), ["fork", "bare"]);
        assert!(not_of_registry(own).unwrap().is_empty());
    }

    #[test]
    fn finds_what_must_not_come_in() {
        let good = json!({"version": "1.0.0", "integrity": "sha512-AAAA", "dependencies": {"b": "^1 || 2.x", "c": "npm:@d/e@^4"}});
        let with = |name: &str, value: Value| {
            let mut one = good.clone();
            one[name] = value;
            wrong_in(&json!({"packages": {"": {"name": "x"}, "node_modules/a": one}}))
        };
        assert_eq!(with("dev", json!(true)), Vec::<String>::new());
        let table = [
            ("integrity", Value::Null, "a has no SHA-512 digest"),
            ("integrity", json!("sha1-AAAA"), "a has no SHA-512 digest"),
            ("integrity", json!(""), "a has no SHA-512 digest"),
            ("resolved", json!("https://example.com/a.tgz"), "a names where"),
            (
                "resolved",
                json!("git+ssh://git@example.com/a.git#1"),
                "a names where",
            ),
            ("link", json!(true), "a comes with something else"),
            ("inBundle", json!(true), "a comes with something else"),
            ("hasInstallScript", json!(true), "a has an install script"),
            (
                "dependencies",
                json!({"b": "github:o/b"}),
                "a wants b from outside",
            ),
            ("dependencies", json!({"b": "o/b"}), "a wants b from outside"),
            (
                "dependencies",
                json!({"b": "file:../b"}),
                "a wants b from outside",
            ),
            (
                "optionalDependencies",
                json!({"b": "http://h/b.tgz"}),
                "a wants b from outside",
            ),
            (
                "devDependencies",
                json!({"b": "npm:c@git+https://h/c"}),
                "a wants b from outside",
            ),
        ];
        for (name, value, wanted) in table {
            let found = with(name, value.clone());
            assert_eq!(found.len(), 1, "{name} {value}: {found:?}");
            assert!(found[0].starts_with(wanted), "{found:?}");
        }
        let known = json!({"integrity": "sha512-AAAA", "hasInstallScript": true});
        let lock = json!({"packages": {"": {}, "node_modules/x/node_modules/esbuild": known}});
        assert_eq!(wrong_in(&lock), Vec::<String>::new());
        assert_eq!(
            wrong_in(&json!({"lockfileVersion": 1, "dependencies": {"a": {}}})).len(),
            1
        );
        let root =
            json!({"packages": {"": {"devDependencies": {"a": "git+https://h/a"}}, "node_modules/b": good}});
        assert_eq!(wrong_in(&root).len(), 1);
    }
}
