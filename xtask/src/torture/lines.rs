//! The lines of the list, the tests that name them, and the table of both in docs/reliability.md.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};
use serde::Deserialize;
use walkdir::WalkDir;

use crate::project::Project;
use crate::test::e2e;

const DOCS: &str = "docs/reliability.md";
const BEGIN: &str = "<!-- written by `cargo xtask torture --table` -->\n";
const END: &str = "<!-- to here -->\n";

/// One line: a fault, what happens, and what makes it happen.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Line {
    pub(super) number: u32,
    pub(super) fault: String,
    pub(super) holds: String,
    /// What protects, in words.
    pub(super) protection: String,
    /// The file in which it stands,
    pub(super) file: String,
    /// the text there that is taken away,
    pub(super) take: String,
    /// and what is put in its place.
    pub(super) put: String,
    /// Which tests see that it is gone.
    pub(super) seen: Seen,
    /// What they said when it was.
    #[serde(default)]
    pub(super) red: String,
    /// A part of the names of the native tests, if they do not bear the number.
    #[serde(default)]
    tests: Option<String>,
}

impl Line {
    /// A part of the names of its native tests.
    pub(super) fn native_tests(&self) -> String {
        let numbered = || format!("torture_{:02}_", self.number);
        self.tests.clone().unwrap_or_else(numbered)
    }
}

/// Where a missing protection is seen.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub(super) enum Seen {
    Native,
    Browser,
}

#[derive(Deserialize)]
struct List {
    line: Vec<Line>,
    /// Protections that no line of the list names. Only `--red` takes them away.
    engine: Vec<Line>,
}

/// All lines, in the order of their numbers, which have no gap.
pub(super) fn read(project: &Project) -> Result<Vec<Line>> {
    let list = list(project)?;
    for (at, line) in list.line.iter().enumerate() {
        if line.number as usize != at + 1 {
            bail!("line {} stands where {} belongs", line.number, at + 1);
        }
    }
    Ok(list.line)
}

/// What no line of the list names.
pub(super) fn read_engine(project: &Project) -> Result<Vec<Line>> {
    Ok(list(project)?.engine)
}

fn list(project: &Project) -> Result<List> {
    let path = project.root.join("xtask/torture.toml");
    let text = fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
    toml::from_str(&text).with_context(|| format!("{} is no list", path.display()))
}

/// The number in a test's name: `T7: …`.
pub(super) fn number_of(name: &str) -> Option<u32> {
    let (number, _) = name.strip_prefix('T')?.split_once(": ")?;
    number.parse().ok()
}

/// Browser tests that name a line: its number, and the name as the source has it.
pub(super) fn browser_tests(source: &str) -> impl Iterator<Item = (u32, &str)> {
    source.match_indices("test(").filter_map(|(at, found)| {
        let rest = source[at + found.len()..].trim_start();
        let quote = rest.chars().next()?;
        let name = rest[1..].split(quote).next()?;
        Some((number_of(name)?, name))
    })
}

/// Native tests that name a line.
fn native_tests(source: &str) -> impl Iterator<Item = (u32, &str)> {
    source.match_indices("fn torture_").filter_map(|(at, found)| {
        let rest = &source[at + found.len()..];
        let name = &source[at + 3..at + found.len() + rest.find('(')?];
        Some((rest.get(..2)?.parse().ok()?, name))
    })
}

/// The tests of each line, each as `file: name`, the file by its name alone.
fn tests(project: &Project) -> Result<BTreeMap<u32, BTreeSet<String>>> {
    let mut all: BTreeMap<u32, BTreeSet<String>> = BTreeMap::new();
    let mut add = |path: &Path, tests: Vec<(u32, &str)>| {
        let file = path.file_name().unwrap_or_default().to_string_lossy();
        for (number, name) in tests {
            all.entry(number)
                .or_default()
                .insert(format!("`{file}`: {}", name.replace('|', "\\|")));
        }
    };
    for entry in WalkDir::new(project.root.join("src")) {
        let path = entry?.into_path();
        if path.extension().is_some_and(|end| end == "rs") {
            let text = fs::read_to_string(&path)?;
            add(&path, native_tests(&text).collect());
        }
    }
    for path in e2e::files(&project.root.join("e2e/tests"))? {
        let text = fs::read_to_string(&path)?;
        add(&path, browser_tests(&text).collect());
    }
    Ok(all)
}

fn table(project: &Project, lines: &[Line]) -> Result<String> {
    let tests = tests(project)?;
    let mut text = "| # | fault | expected behaviour | tests | protection | test result without it |\n|---|---|---|---|---|---|\n".to_owned();
    for line in lines {
        let names: Vec<&str> = tests
            .get(&line.number)
            .into_iter()
            .flatten()
            .map(String::as_str)
            .collect();
        text += &format!(
            "| {} | {} | {} | {} | {} (`{}`) | {} |\n",
            line.number,
            line.fault,
            line.holds,
            names.join("<br>"),
            line.protection,
            line.file,
            line.red.replace('|', "\\|")
        );
    }
    Ok(text)
}

/// The documentation before the table and after it.
fn around(text: &str) -> Option<(&str, &str, &str)> {
    let (before, rest) = text.split_once(BEGIN)?;
    let (table, after) = rest.split_once(END)?;
    Some((before, table, after))
}

/// Writes the table into the documentation.
pub(super) fn write_table(project: &Project, lines: &[Line]) -> Result<()> {
    let path = project.root.join(DOCS);
    let text = fs::read_to_string(&path).with_context(|| format!("cannot read {DOCS}"))?;
    let (before, _, after) = around(&text).with_context(|| format!("{DOCS} has no place for the table"))?;
    let table = table(project, lines)?;
    fs::write(&path, format!("{before}{BEGIN}{table}{END}{after}"))
        .with_context(|| format!("cannot write {DOCS}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_found() {
        let source =
            "test('T7: a date', async () => {}); test(`T12: ${name}`, x); test('T: no', y); test(name, z);";
        let found: Vec<_> = browser_tests(source).collect();
        assert_eq!(found, [(7, "T7: a date"), (12, "T12: ${name}")]);
        let source = "#[test]\nfn torture_07_dates() {}\nfn torture_x() {}";
        assert_eq!(
            native_tests(source).collect::<Vec<_>>(),
            [(7, "torture_07_dates")]
        );
    }

    #[test]
    fn each_line_has_its_test_its_protection_and_its_row_in_the_documentation() {
        let project = Project::open().unwrap();
        let lines = read(&project).unwrap();
        assert_eq!(lines.len(), 42);
        let tests = tests(&project).unwrap();
        let engine = read_engine(&project).unwrap();
        for line in lines.iter().chain(&engine) {
            let number = line.number;
            let is_tested = line.tests.is_some() || tests.contains_key(&number);
            assert!(is_tested, "no test names line {number}");
            let text = fs::read_to_string(project.root.join(&line.file)).unwrap();
            assert_eq!(
                text.matches(&line.take).count(),
                1,
                "line {number}: what protects is to be found once in {}",
                line.file
            );
            assert!(!line.red.is_empty(), "line {number} was never seen red");
        }
        assert_eq!(
            *tests.keys().last().unwrap(),
            42,
            "a test names a line that is none"
        );
        let docs = fs::read_to_string(project.root.join(DOCS)).unwrap();
        let (_, written, _) = around(&docs).unwrap();
        let table = table(&project, &lines).unwrap();
        assert!(
            written == table,
            "{DOCS} is not what `cargo xtask torture --table` writes"
        );
    }
}
