//! What disagrees between the source and the code, and how the two are compared.

use std::collections::BTreeMap;

use anyhow::{Context, Result};

use super::code::{Code, between, quoted};

/// Names, each with what is compared of it.
pub(super) type Facts = BTreeMap<String, String>;

/// What disagrees.
#[derive(Default)]
pub(super) struct Report(pub(super) Vec<String>);

impl Report {
    /// Compares what the source documents with what the code has.
    pub(super) fn compare(&mut self, what: &str, place: &str, documented: &Facts, found: &Facts) {
        if found.is_empty() {
            self.0.push(format!(
                "{what}: nothing was found in {place}; did its form change?"
            ));
        }
        for (name, fact) in documented {
            match found.get(name) {
                None => self
                    .0
                    .push(format!("{what}: `{name}` is documented, but not in {place}")),
                Some(other) if other != fact => {
                    self.0.push(format!(
                        "{what}: `{name}` is documented as `{fact}`, but `{other}` in {place}"
                    ));
                }
                Some(_) => {}
            }
        }
        for name in found.keys().filter(|name| !documented.contains_key(*name)) {
            self.0
                .push(format!("{what}: `{name}` is in {place}, but not documented"));
        }
    }

    /// One statement that must hold.
    pub(super) fn require(&mut self, holds: bool, otherwise: impl FnOnce() -> String) {
        if !holds {
            self.0.push(otherwise());
        }
    }
}

/// Names without anything that is compared of them.
pub(super) fn names<T: Into<String>>(names: impl IntoIterator<Item = T>) -> Facts {
    names
        .into_iter()
        .map(|name| (name.into(), String::new()))
        .collect()
}

/// A list of texts that a constant has.
pub(super) fn list<'a>(code: &'a Code, path: &str, constant: &str) -> Result<Vec<&'a str>> {
    let text = code.file(path)?;
    let found = text
        .split_once(constant)
        .and_then(|(_, tail)| between(tail, "= [", "]"));
    Ok(quoted(found.with_context(|| format!("{path} has no list `{constant}`"))?).collect())
}
