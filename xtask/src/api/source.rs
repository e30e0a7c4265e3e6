//! package/api.toml as it is read: the public interface, the one place where it is written by hand.

use std::collections::BTreeMap;

use anyhow::{Context, Result, bail};
use serde::Deserialize;

/// The whole file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Api {
    pub(super) file: Vec<Named>,
    pub(super) entry: Vec<Named>,
    pub(super) export: Vec<Named>,
    pub(super) attribute: Vec<Attribute>,
    pub(super) property: Vec<Property>,
    pub(super) method: Vec<Method>,
    pub(super) state: Vec<Field>,
    pub(super) event: Vec<Event>,
    pub(super) error: Vec<ErrorCode>,
    pub(super) column: Vec<Column>,
    pub(super) columns: Columns,
    pub(super) filter: Vec<FilterField>,
    pub(super) key: Vec<Named>,
    pub(super) format: Vec<Named>,
    pub(super) scope: Vec<Named>,
    pub(super) manifest: Vec<Named>,
    pub(super) part: Vec<Named>,
    pub(super) slot: Vec<Named>,
    pub(super) css: Vec<Css>,
    pub(super) keyboard: Vec<Key>,
    pub(super) inside: Vec<Inside>,
    pub(super) shadow: Shadow,
    pub(super) labels: Labels,
    pub(super) limit: Vec<Limit>,
    pub(super) policy: Policy,
    text: BTreeMap<String, String>,
}

/// A name and what it stands for.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Named {
    pub(super) name: String,
    pub(super) description: String,
}

/// How an attribute is read.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub(super) enum Type {
    String,
    Number,
    Boolean,
    Choice,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Attribute {
    pub(super) name: String,
    pub(super) property: String,
    #[serde(rename = "type")]
    pub(super) kind: Type,
    pub(super) default: Option<String>,
    /// What holds without the attribute, where that is no value of it.
    pub(super) unset: Option<String>,
    pub(super) values: Option<String>,
    #[serde(default)]
    pub(super) choices: Vec<String>,
    pub(super) least: Option<u64>,
    pub(super) most: Option<u64>,
    /// Whether the core reads it, and not static/element.js alone.
    #[serde(default = "yes")]
    pub(super) core: bool,
    /// Whether the standalone page takes it from its address.
    #[serde(default = "yes")]
    pub(super) standalone: bool,
    pub(super) description: String,
}

fn yes() -> bool {
    true
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Property {
    pub(super) name: String,
    #[serde(rename = "type")]
    pub(super) kind: String,
    /// The type for custom-elements.json, where `type` names one that only index.d.ts has.
    pub(super) manifest_type: Option<String>,
    pub(super) description: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Method {
    pub(super) name: String,
    pub(super) returns: String,
    #[serde(default)]
    pub(super) parameters: Vec<Parameter>,
    /// Whether `HTMLElement` declares it already.
    #[serde(default)]
    pub(super) inherited: bool,
    pub(super) description: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Parameter {
    pub(super) name: String,
    #[serde(rename = "type")]
    pub(super) kind: String,
    #[serde(default)]
    pub(super) optional: bool,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Field {
    pub(super) name: String,
    #[serde(rename = "type")]
    pub(super) kind: String,
    pub(super) description: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Event {
    pub(super) name: String,
    /// The name of the detail's type in index.d.ts.
    pub(super) interface: Option<String>,
    pub(super) cancelable: bool,
    pub(super) description: String,
    pub(super) detail: Vec<Field>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ErrorCode {
    pub(super) name: String,
    pub(super) meaning: String,
    pub(super) remedy: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Column {
    pub(super) id: String,
    pub(super) title: String,
    pub(super) kind: String,
    pub(super) description: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Columns {
    pub(super) default: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FilterField {
    pub(super) name: String,
    pub(super) matches: String,
    pub(super) examples: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Css {
    pub(super) name: String,
    /// The fallbacks in the style sheets, each once.
    pub(super) default: Vec<String>,
    /// The default as the page words it, where that differs.
    pub(super) shown: Option<String>,
    pub(super) description: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Key {
    pub(super) name: String,
    #[serde(default)]
    pub(super) shortcut: bool,
    pub(super) description: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Inside {
    pub(super) what: String,
    pub(super) find: String,
    pub(super) file: String,
    /// A text that must be in the file.
    pub(super) proof: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Shadow {
    pub(super) internal: Vec<String>,
    pub(super) public: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Labels {
    pub(super) controls: Vec<String>,
    pub(super) outcomes: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Limit {
    pub(super) name: String,
    pub(super) value: u64,
    #[serde(default)]
    pub(super) unit: String,
    #[serde(default = "one")]
    pub(super) per: u64,
    pub(super) file: String,
    pub(super) constant: String,
    pub(super) description: String,
}

fn one() -> u64 {
    1
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Policy {
    pub(super) header: String,
    pub(super) trusted_types: String,
    /// Other files that quote the header.
    pub(super) quoted: Vec<String>,
}

impl Api {
    /// Reads the file's text, with the values of limits in place of their names.
    pub(super) fn read(text: &str) -> Result<Self> {
        let bare: Self = toml::from_str(text).context("package/api.toml cannot be read")?;
        let mut values: BTreeMap<&str, String> = bare
            .limit
            .iter()
            .map(|limit| (limit.name.as_str(), limit.value.to_string()))
            .collect();
        values.insert("trusted-types", bare.policy.trusted_types.clone());
        let mut filled = String::with_capacity(text.len());
        let mut rest = text;
        while let Some((before, tail)) = rest.split_once("<<") {
            let Some((name, after)) = tail.split_once(">>") else {
                bail!("package/api.toml: `<<` without `>>`");
            };
            filled.push_str(before);
            // The comment at the top explains the form.
            match values.get(name) {
                Some(value) => filled.push_str(value),
                None if name == "name" => filled.push_str("<<name>>"),
                None => bail!("package/api.toml: no limit has the name `{name}`"),
            }
            rest = after;
        }
        filled.push_str(rest);
        toml::from_str(&filled).context("package/api.toml cannot be read")
    }

    /// A piece of prose.
    pub(super) fn text(&self, name: &str) -> Result<&str> {
        let text = self
            .text
            .get(name)
            .with_context(|| format!("package/api.toml has no text `{name}`"))?;
        Ok(text.trim())
    }

    /// The names of all pieces of prose.
    pub(super) fn texts(&self) -> impl Iterator<Item = &str> {
        self.text.keys().map(String::as_str)
    }
}

impl Attribute {
    /// Its type in TypeScript.
    pub(super) fn script_type(&self) -> String {
        match self.kind {
            Type::String => "string".into(),
            Type::Number => "number".into(),
            Type::Boolean => "boolean".into(),
            Type::Choice => union(&self.choices),
        }
    }

    /// What its property is by default, as JavaScript writes it.
    pub(super) fn script_default(&self) -> String {
        let default = self.default.as_deref().unwrap_or_default();
        match self.kind {
            Type::String | Type::Choice => format!("\"{default}\""),
            Type::Number | Type::Boolean => default.into(),
        }
    }

    /// Its values in words.
    pub(super) fn worded(&self) -> String {
        self.values.clone().unwrap_or_else(|| ticks(&self.choices))
    }
}

impl Method {
    /// It as TypeScript declares it.
    pub(super) fn signature(&self) -> String {
        let parameters: Vec<String> = self
            .parameters
            .iter()
            .map(|one| {
                format!(
                    "{}{}: {}",
                    one.name,
                    if one.optional { "?" } else { "" },
                    one.kind
                )
            })
            .collect();
        format!("{}({}): {}", self.name, parameters.join(", "), self.returns)
    }
}

impl Event {
    /// The type of its detail.
    pub(super) fn detail_type(&self) -> String {
        self.interface.clone().unwrap_or_else(|| {
            let fields: Vec<String> = self
                .detail
                .iter()
                .map(|field| format!("{}: {}", field.name, field.kind))
                .collect();
            format!("{{ {} }}", fields.join("; "))
        })
    }

    /// The name of its handler in React.
    pub(super) fn handler(&self) -> String {
        let words = self.name.trim_start_matches("obrt-").split('-');
        let words = words.map(|word| match word.split_at_checked(1) {
            Some((first, rest)) => first.to_ascii_uppercase() + rest,
            None => String::new(),
        });
        format!("on{}", words.collect::<String>())
    }
}

/// A union of texts in TypeScript.
pub(super) fn union<T: AsRef<str>>(texts: &[T]) -> String {
    let quoted: Vec<String> = texts
        .iter()
        .map(|text| format!("\"{}\"", text.as_ref()))
        .collect();
    quoted.join(" | ")
}

/// A text as code in Markdown.
pub(super) fn tick(text: &str) -> String {
    format!("`{text}`")
}

/// Several of them.
pub(super) fn ticks<T: AsRef<str>>(texts: &[T]) -> String {
    let texts: Vec<String> = texts.iter().map(|text| tick(text.as_ref())).collect();
    texts.join(" ")
}

/// A description with the full stop that the source leaves out.
pub(super) fn sentence(text: &str) -> String {
    if text.ends_with('.') {
        text.to_owned()
    } else {
        format!("{text}.")
    }
}
