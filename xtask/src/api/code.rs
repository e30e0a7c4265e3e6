//! What the sources say, read as text with simple patterns. A pattern that finds nothing is an error: the comparison
//! would pass for the wrong reason.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};
use walkdir::WalkDir;

/// Folders and files that are read.
const READ: [&str; 8] = [
    "src",
    "static",
    "package",
    "docs",
    "index.html",
    "README.md",
    "server/src/http/page.rs",
    "xtask/src/package.rs",
];

/// The sources by their paths from the workspace's root.
#[derive(Clone, Default)]
pub(super) struct Code(BTreeMap<String, String>);

impl Code {
    /// Reads them.
    pub(super) fn read(root: &Path) -> Result<Self> {
        let mut files = BTreeMap::new();
        for entry in READ.iter().flat_map(|name| WalkDir::new(root.join(name))) {
            let entry = entry?;
            let kind = entry
                .path()
                .extension()
                .and_then(|kind| kind.to_str())
                .unwrap_or_default();
            if !["rs", "js", "css", "html", "json", "md", "ts", "toml"].contains(&kind) {
                continue;
            }
            let path = entry.path().strip_prefix(root)?.to_string_lossy().into_owned();
            let text = fs::read_to_string(entry.path()).with_context(|| format!("cannot read {path}"))?;
            files.insert(path, text);
        }
        Ok(Self(files))
    }

    /// The text of a file.
    pub(super) fn file(&self, path: &str) -> Result<&str> {
        let text = self.0.get(path).with_context(|| format!("{path} is missing"))?;
        Ok(text)
    }

    /// The files below a folder whose names end like this, without tests.
    pub(super) fn files<'a>(
        &'a self,
        folder: &'a str,
        end: &'a str,
    ) -> impl Iterator<Item = (&'a str, &'a str)> {
        self.0
            .iter()
            .map(|(path, text)| (path.as_str(), text.as_str()))
            .filter(move |(path, _)| {
                path.starts_with(folder) && path.ends_with(end) && !path.ends_with("_tests.rs")
            })
            .map(|(path, text)| {
                (
                    path,
                    text.split("#[cfg(test)]\nmod tests {").next().unwrap_or(text),
                )
            })
    }

    /// The same with other text in one file.
    #[cfg(test)]
    pub(super) fn with(&self, path: &str, change: impl FnOnce(&str) -> String) -> Self {
        let mut files = self.0.clone();
        let text = files.get_mut(path).unwrap();
        *text = change(text);
        Self(files)
    }

    /// What a file has between two texts, the first time that it has both.
    pub(super) fn between(&self, path: &str, start: &str, end: &str) -> Result<&str> {
        let text = self.file(path)?;
        between(text, start, end).with_context(|| format!("{path} has no `{start}` … `{end}`"))
    }
}

/// What is between two texts, the first time that both are there.
pub(super) fn between<'a>(text: &'a str, start: &str, end: &str) -> Option<&'a str> {
    let (_, tail) = text.split_once(start)?;
    tail.split_once(end).map(|(inner, _)| inner)
}

/// Each text that follows `mark` up to the next `end`.
pub(super) fn after<'a>(text: &'a str, mark: &'a str, end: char) -> impl Iterator<Item = &'a str> {
    text.split(mark)
        .skip(1)
        .filter_map(move |tail| tail.split_once(end).map(|(inner, _)| inner))
}

/// The texts in double quotes.
pub(super) fn quoted(text: &str) -> impl Iterator<Item = &str> {
    text.split('"').skip(1).step_by(2)
}

/// What an opening bracket at the beginning of `text` encloses.
pub(super) fn enclosed(text: &str) -> Option<&str> {
    let mut depth = 0usize;
    let mut in_text = false;
    for (at, c) in text.char_indices() {
        match c {
            '"' => in_text = !in_text,
            '(' | '[' | '{' if !in_text => depth += 1,
            ')' | ']' | '}' if !in_text => {
                depth = depth.checked_sub(1)?;
                if depth == 0 {
                    return text.get(1..at);
                }
            }
            _ => {}
        }
    }
    None
}

/// The parts of a list at its outermost level.
pub(super) fn items(list: &str) -> Vec<&str> {
    let (mut depth, mut in_text, mut start) = (0i32, false, 0);
    let mut items = Vec::new();
    for (at, c) in list.char_indices() {
        match c {
            '"' => in_text = !in_text,
            '(' | '[' | '{' if !in_text => depth += 1,
            ')' | ']' | '}' if !in_text => depth -= 1,
            ',' if depth == 0 && !in_text => {
                items.push(list[start..at].trim());
                start = at + 1;
            }
            _ => {}
        }
    }
    items.push(list[start..].trim());
    items.retain(|item| !item.is_empty());
    items
}

/// The names in a list of pairs `("name", …)`.
pub(super) fn pair_names(list: &str) -> Vec<String> {
    let names = items(list)
        .into_iter()
        .filter_map(|item| quoted(item.strip_prefix('(')?).next());
    names.map(str::to_owned).collect()
}

/// A word of letters, digits and `-` at the beginning.
pub(super) fn word(text: &str) -> &str {
    let end = text.find(|c: char| !c.is_ascii_alphanumeric() && c != '-' && c != '_');
    text.get(..end.unwrap_or(text.len())).unwrap_or_default()
}

/// The number that a constant has: products, shifts and underscores included.
pub(super) fn constant(code: &Code, path: &str, name: &str) -> Result<u64> {
    let text = code.file(path)?;
    let line = text.lines().find(|line| {
        line.split_once("const ")
            .is_some_and(|(_, tail)| word(tail) == name)
    });
    let value = line
        .and_then(|line| between(line, " = ", ";"))
        .with_context(|| format!("{path} has no constant {name}"))?;
    let number = |text: &str| text.trim().replace('_', "").parse::<u64>();
    Ok(match value.split_once("<<") {
        Some((base, shift)) => number(base)? << number(shift)?,
        None => number(value).with_context(|| format!("{path}: {name} is no number: {value}"))?,
    })
}

/// A text of a language by the name of its key.
pub(super) fn message(code: &Code, lang: &str, name: &str) -> Result<String> {
    let path = format!("src/core/i18n/{lang}.rs");
    let text = code.file(&path)?;
    let text = text
        .split_once(&format!("        {name} = "))
        .map(|(_, tail)| tail);
    if let Some(text) = text.and_then(|tail| quoted(tail).next()) {
        return Ok(text.to_owned());
    }
    bail!("{path} has no text of the key {name}")
}

/// The names of all texts, as `messages` takes them: the keys of the English table, in lower camel case.
pub(super) fn message_names(code: &Code) -> Result<Vec<String>> {
    let path = "src/core/i18n/en.rs";
    let keys = code.file(path)?.lines().filter_map(|line| {
        let key = line.strip_prefix("        ")?.split_once(" = ")?.0;
        (word(key) == key).then_some(key)
    });
    let names: Vec<String> = keys
        .map(|key| key[..1].to_ascii_lowercase() + &key[1..])
        .collect();
    if names.len() < 100 {
        bail!("{path} names too few texts: {}", names.len());
    }
    Ok(names)
}
