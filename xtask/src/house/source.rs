//! The sources of the workspace's crates, parsed: what each file imports, names and declares, without its tests.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use walkdir::WalkDir;

use super::parse::{self, Named};
use super::rooms::is_in;

/// The folder of a crate, and the name by which its binary knows its library.
struct Crate {
    folder: &'static str,
    library: &'static str,
}

const CRATES: [Crate; 6] = [
    Crate {
        folder: "src",
        library: "ob_restore_tasks",
    },
    Crate {
        folder: "server/src",
        library: "ob_restore_tasks_server",
    },
    Crate {
        folder: "xtask/src",
        library: "xtask",
    },
    Crate {
        folder: "fuzz/src",
        library: "ob_restore_tasks_fuzz",
    },
    Crate {
        folder: "scan/src",
        library: "ob_restore_tasks_scan",
    },
    Crate {
        folder: "e2e/hosts/yew/src",
        library: "ob_restore_tasks_host_yew",
    },
];

/// The files of code, in the order of their paths. Files of tests are left out.
pub(super) struct Sources {
    pub(super) files: Vec<File>,
}

/// A file of code. What stands under `#[cfg(test)]` is left out of everything here.
pub(super) struct File {
    /// The path from the workspace's root.
    pub(super) path: String,
    /// How many lines it has.
    pub(super) lines: usize,
    /// The files of the same crate that it imports from, each with a line that does.
    pub(super) imports: BTreeMap<String, usize>,
    /// All identifiers in it, with their lines.
    pub(super) names: Vec<Named>,
    /// Its public types.
    pub(super) types: Vec<Named>,
    /// The types that it has `impl` blocks for.
    pub(super) impls: Vec<Named>,
}

impl Sources {
    /// Reads them from the workspace's root.
    pub(super) fn read(root: &Path) -> Result<Self> {
        let mut texts = BTreeMap::new();
        for entry in CRATES.iter().flat_map(|one| WalkDir::new(root.join(one.folder))) {
            let path = entry.context("cannot list the sources")?.into_path();
            if path.extension().is_some_and(|end| end == "rs") {
                let text =
                    fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
                texts.insert(path.strip_prefix(root)?.to_string_lossy().into_owned(), text);
            }
        }
        Self::of(&texts)
    }

    /// Takes them from texts by their paths.
    pub(super) fn of(texts: &BTreeMap<String, String>) -> Result<Self> {
        let mut files = Vec::new();
        for one in &CRATES {
            files.extend(one.files(texts)?);
        }
        files.sort_by(|a, b| a.path.cmp(&b.path));
        Ok(Self { files })
    }
}

impl Crate {
    fn files(&self, texts: &BTreeMap<String, String>) -> Result<Vec<File>> {
        let mut parsed = Vec::new();
        let (mut modules, mut test_files) = (Modules::default(), BTreeSet::new());
        for (path, text) in texts {
            let Some(inside) = path
                .strip_prefix(self.folder)
                .and_then(|rest| rest.strip_prefix('/'))
            else {
                continue;
            };
            let module = module_of(inside);
            // A library stands for the crate; the binary beside it has its modules from there.
            if inside != "main.rs" || !texts.contains_key(&format!("{}/lib.rs", self.folder)) {
                modules.0.insert(module.clone(), path.clone());
            }
            let file = parse::file(text).with_context(|| format!("{path} cannot be parsed"))?;
            for named in &file.test_modules {
                test_files.extend(named.places(path, &module, self.folder));
            }
            parsed.push((path, module, file));
        }
        let is_test = |path: &str, file: &parse::File| {
            file.is_test || is_test_by_name(path) || test_files.iter().any(|place| is_in(path, place))
        };
        let code = parsed.into_iter().filter(|(path, _, file)| !is_test(path, file));
        Ok(code
            .map(|(path, module, file)| {
                let mut imports = BTreeMap::new();
                for import in file.imports {
                    let target = modules.target(&module, &import, self.library);
                    if let Some(target) = target.filter(|target| *target != path) {
                        imports.entry(target.to_owned()).or_insert(import.line);
                    }
                }
                File {
                    path: path.clone(),
                    lines: file.lines,
                    imports,
                    names: file.names,
                    types: file.types,
                    impls: file.impls,
                }
            })
            .collect())
    }
}

/// Tests that need no `#[cfg(test)]` to be known: so the project names its files of tests.
fn is_test_by_name(path: &str) -> bool {
    path.ends_with("tests.rs")
        || path
            .split('/')
            .any(|folder| ["tests", "testing"].contains(&folder))
}

/// The module that a file is, by its path in the crate's folder.
fn module_of(inside: &str) -> Vec<String> {
    let path = inside.trim_end_matches(".rs");
    let mut module: Vec<String> = path.split('/').map(str::to_owned).collect();
    let is_root = module.len() == 1 && ["lib", "main"].contains(&path);
    if is_root || module.last().is_some_and(|name| name == "mod") {
        module.pop();
    }
    module
}

/// The files of a crate by the modules that they are.
#[derive(Default)]
struct Modules(BTreeMap<Vec<String>, String>);

impl Modules {
    /// The file that a path leads to, if it leads into this crate.
    fn target(&self, module: &[String], import: &parse::Import, library: &str) -> Option<&str> {
        let mut at = [module, &import.inline].concat();
        let mut rest = import.path.as_slice();
        let first = rest.first()?;
        match first.as_str() {
            "crate" => {
                at.clear();
                rest = &rest[1..];
            }
            "self" => rest = &rest[1..],
            "super" => {
                while let Some(("super", after)) =
                    rest.split_first().map(|(first, after)| (first.as_str(), after))
                {
                    at.pop();
                    rest = after;
                }
            }
            // Names that a `use` brought in were counted there.
            name if self.has_child(&at, name) => {}
            name if name == library => {
                at.clear();
                rest = &rest[1..];
            }
            _ => return None,
        }
        at.extend_from_slice(rest);
        (0..=at.len())
            .rev()
            .find_map(|length| self.0.get(&at[..length]).map(String::as_str))
    }

    fn has_child(&self, module: &[String], name: &str) -> bool {
        let child = [module, &[name.to_owned()]].concat();
        let mut from = self.0.range(child.clone()..);
        from.next().is_some_and(|(next, _)| next.starts_with(&child))
    }
}

#[cfg(test)]
pub(super) mod testing {
    use super::*;

    /// Sources from pairs of path and text.
    pub(crate) fn sources(files: &[(&str, &str)]) -> Sources {
        let texts = files
            .iter()
            .map(|(path, text)| ((*path).to_owned(), (*text).to_owned()));
        Sources::of(&texts.collect()).unwrap()
    }
}

#[cfg(test)]
mod tests {
    use super::testing::sources;
    use super::*;

    /// What the first file imports: the paths of the targets without `src/` and `.rs`.
    fn imports(files: &[(&str, &str)]) -> Vec<String> {
        let sources = sources(files);
        let file = sources.files.iter().find(|file| file.path == files[0].0).unwrap();
        let targets = file.imports.keys();
        targets
            .map(|path| path.trim_start_matches("src/").trim_end_matches(".rs").to_owned())
            .collect()
    }

    #[test]
    fn a_path_leads_to_the_longest_module_that_is_a_file() {
        let cases: &[(&str, &[&str])] = &[
            ("use crate::a::X;", &["a"]),
            ("use crate::a::b::X;", &["a/b"]),
            ("use crate::a::b;", &["a/b"]),
            ("use crate::{a::{self, b::X}, c};", &["a", "a/b", "c"]),
            ("use crate::a::b as other;", &["a/b"]),
            ("use super::c::X;", &["c"]),
            ("use super::*;", &["lib"]),
            ("use crate::X;", &["lib"]),
            ("use self::child::X;", &["here/child"]),
            ("pub use child::X;", &["here/child"]),
            ("mod child;", &[]),
            ("use self::Own; enum Own { A } fn f() { Own::A; }", &[]),
            ("use std::a::X; use serde::c;", &[]),
            ("fn f() -> crate::a::X { crate::c::make() }", &["a", "c"]),
            (
                "fn f() { child::make(); let child = 1; g(child); }",
                &["here/child"],
            ),
            ("fn f() { html! { <X y={crate::a::b::make()} /> } }", &["a/b"]),
            ("macro_rules! m { () => { $crate::c::make() } }", &["c"]),
            (
                "mod inline { use super::super::c::X; fn f() { super::g(); } }",
                &["c"],
            ),
            ("pub(in crate::a) fn f() {} pub(super) fn g() {}", &[]),
            ("// crate::a::b\n/// [`crate::c`]\nfn f() { \"crate::a\"; }", &[]),
        ];
        for (text, expected) in cases {
            let others = [
                "src/lib.rs",
                "src/a.rs",
                "src/a/b.rs",
                "src/c.rs",
                "src/here/child.rs",
            ];
            let mut files = vec![("src/here.rs", *text)];
            files.extend(others.map(|path| (path, "")));
            assert_eq!(imports(&files), *expected, "{text}");
        }
    }

    #[test]
    fn a_folder_without_a_file_belongs_to_the_file_above() {
        let files = [
            (
                "src/core/mod.rs",
                "pub mod api { pub mod request; } use api::request::X;",
            ),
            ("src/core/api/request.rs", "use crate::core::api::Y;"),
            ("src/lib.rs", ""),
        ];
        assert_eq!(imports(&files), ["core/api/request"]);
        let sources = sources(&files);
        assert!(sources.files[0].imports.contains_key("src/core/mod.rs"));
    }

    #[test]
    fn a_binary_imports_from_its_library() {
        let files = [
            (
                "server/src/main.rs",
                "use ob_restore_tasks_server::cli::Cli; fn f() { ob_restore_tasks_server::g(); }",
            ),
            ("server/src/cli.rs", ""),
            ("server/src/lib.rs", ""),
        ];
        assert_eq!(imports(&files), ["server/src/cli", "server/src/lib"]);
    }

    #[test]
    fn tests_import_nothing() {
        let cases = [
            "#[cfg(test)] mod tests { use crate::a::X; }",
            "#[cfg(test)] use crate::a::X;",
            "#[cfg(all(test, feature = \"web\"))] fn f() { crate::a::g(); }",
            "#[test] fn f() { crate::a::g(); }",
            "struct S; impl S { #[cfg(test)] fn f() { crate::a::g(); } }",
            "fn f() { #[cfg(test)] { crate::a::g(); } }",
            "struct S { #[cfg(test)] x: crate::a::X }",
        ];
        for text in cases {
            assert_eq!(
                imports(&[("src/here.rs", text), ("src/a.rs", "")]),
                [""; 0],
                "{text}"
            );
        }
        let counted = "#[cfg(any(test, feature = \"web\"))] use crate::a::X;";
        assert_eq!(imports(&[("src/here.rs", counted), ("src/a.rs", "")]), ["a"]);
        let counted = "#[cfg(not(test))] use crate::a::X;";
        assert_eq!(imports(&[("src/here.rs", counted), ("src/a.rs", "")]), ["a"]);
    }

    #[test]
    fn files_of_tests_are_left_out() {
        let files = [
            (
                "src/lib.rs",
                "mod a; #[cfg(test)] mod torture; #[cfg(test)] #[path = \"other.rs\"] mod t;",
            ),
            (
                "src/a.rs",
                "#[cfg(test)] mod inner; #[cfg(test)] mod tests { mod deep; }",
            ),
            ("src/a/inner.rs", ""),
            ("src/a/tests/deep.rs", ""),
            ("src/other.rs", ""),
            ("src/sort_tests.rs", ""),
            ("src/torture/mod.rs", "mod one;"),
            ("src/torture/one.rs", ""),
            ("src/whole.rs", "#![cfg(test)]"),
        ];
        let paths: Vec<String> = sources(&files).files.into_iter().map(|file| file.path).collect();
        assert_eq!(paths, ["src/a.rs", "src/lib.rs"]);
    }

    #[test]
    fn what_cannot_be_parsed_is_named() {
        let error = Sources::of(&BTreeMap::from([("src/a.rs".to_owned(), "fn (".to_owned())]));
        let error = format!("{:#}", error.err().unwrap());
        assert!(error.contains("src/a.rs cannot be parsed"), "{error}");
    }
}
