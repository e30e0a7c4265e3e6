//! Who may import whom, read from the text of the sources: `embed → app → {view, services} → core`.
//!
//! The compiler proves only that the core builds without the browser's crates; here the same holds for
//! what stands behind a feature flag, and for the layers among each other.

use std::fs;

use anyhow::{Context, Result, bail};
use walkdir::WalkDir;

use crate::project::Project;

/// A layer and what its files must not name.
struct Rule {
    /// The file or folder below src/.
    layer: &'static str,
    /// Crates that it must not name.
    crates: &'static [&'static str],
    /// Modules of the widget that it must not name.
    modules: &'static [&'static str],
}

/// Crates of the browser: the core stays free of them.
const WEB: [&str; 9] = [
    "yew",
    "web_sys",
    "js_sys",
    "gloo",
    "gloo_net",
    "gloo_timers",
    "wasm_bindgen",
    "wasm_bindgen_futures",
    "serde_wasm_bindgen",
];

const RULES: [Rule; 4] = [
    Rule {
        layer: "core",
        crates: &WEB,
        modules: &["services", "view", "app", "embed"],
    },
    Rule {
        layer: "services",
        crates: &["yew"],
        modules: &["view", "app", "embed"],
    },
    Rule {
        layer: "view",
        crates: &[],
        modules: &["services", "app", "embed"],
    },
    Rule {
        layer: "app",
        crates: &[],
        modules: &["embed"],
    },
];

/// Fails with the places where a layer names what it must not know.
pub(crate) fn check(project: &Project) -> Result<()> {
    let src = project.root.join("src");
    let mut found = Vec::new();
    for rule in &RULES {
        let mut read = 0;
        for entry in [src.join(rule.layer), src.join(format!("{}.rs", rule.layer))]
            .into_iter()
            .filter(|place| place.exists())
            .flat_map(WalkDir::new)
        {
            let path = entry?.into_path();
            if path.extension().is_some_and(|extension| extension == "rs") {
                let text =
                    fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
                let shown = project.relative(&path).display();
                let places = rule.broken_in(&text).into_iter();
                found.extend(places.map(|(line, name)| format!("  {shown}:{line} names {name}")));
                read += 1;
            }
        }
        if read == 0 {
            bail!("there is no layer src/{}: its rule holds of nothing", rule.layer);
        }
    }
    if !found.is_empty() {
        bail!(
            "a layer names what it must not know (see CONTRIBUTING.md):\n{}",
            found.join("\n")
        );
    }
    Ok(())
}

impl Rule {
    /// Line numbers and names of what the text must not name; comments may name it.
    fn broken_in(&self, text: &str) -> Vec<(usize, String)> {
        let mut broken = Vec::new();
        for (index, line) in text.lines().enumerate() {
            let code = line.split("//").next().unwrap_or_default();
            let mut before = "";
            for word in code
                .split(|c: char| !c.is_alphanumeric() && c != '_')
                .filter(|word| !word.is_empty())
            {
                if self.crates.contains(&word) || (before == "crate" && self.modules.contains(&word)) {
                    broken.push((index + 1, word.to_owned()));
                }
                before = word;
            }
        }
        broken
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_what_the_core_must_not_name() {
        let core = &RULES[0];
        let cases: &[(&str, &[&str])] = &[
            ("use yew::prelude::*;", &["yew"]),
            ("#[cfg(feature = \"web\")]\nuse web_sys::Window;", &["web_sys"]),
            ("fn f(x: wasm_bindgen::JsValue) {}", &["wasm_bindgen"]),
            ("use crate::view::Table;", &["view"]),
            ("use crate::core::view;", &[]),
            ("//! Knows neither yew nor wasm_bindgen.", &[]),
            ("let yewish = 1; // as yew does", &[]),
            ("let view = services;", &[]),
        ];
        for (text, expected) in cases {
            let names: Vec<String> = core.broken_in(text).into_iter().map(|(_, name)| name).collect();
            assert_eq!(names, *expected, "{text}");
        }
    }

    #[test]
    fn names_the_line() {
        assert_eq!(
            RULES[2].broken_in("//! A view.\n\nuse crate::app::App;"),
            [(3, "app".to_owned())]
        );
    }

    #[test]
    fn the_project_keeps_the_rules() {
        check(&Project::open().unwrap()).unwrap();
    }
}
