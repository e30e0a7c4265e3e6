//! Where the page's URL keeps the view, and the names of its parameters.

use super::raw::Attributes;

/// The part of the URL that holds the parameters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UrlPart {
    /// After `?`.
    Query,
    /// After `#`, which is never sent to a server.
    Hash,
}

/// The part of the URL that holds the parameters, and the prefix of their names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UrlSync {
    /// The part of the URL.
    pub part: UrlPart,
    /// The prefix, which keeps the instances on a page apart.
    pub key: String,
}

/// The names after the prefix.
const PARTS: [&str; 6] = ["range", "sort", "filter", "page", "columns", "zone"];

impl UrlSync {
    /// The settings in the attributes. `Config::parse` reports an invalid `url-sync`; an invalid `url-key`
    /// gives the default `rt`.
    pub fn parse(attributes: &Attributes) -> Option<Self> {
        let part = attributes.get("url-sync").map(|value| value.trim());
        let part = if part?.eq_ignore_ascii_case("query") {
            UrlPart::Query
        } else if part?.eq_ignore_ascii_case("hash") {
            UrlPart::Hash
        } else {
            return None;
        };
        let key = attributes.get("url-key").filter(|key| is_key(key));
        let key = key.map_or("rt", String::as_str).to_owned();
        Some(Self { part, key })
    }

    /// The full names of the parameters, in the order range, sort, filter, page, columns, zone.
    pub fn names(&self) -> [String; 6] {
        PARTS.map(|part| format!("{}-{part}", self.key))
    }
}

/// Whether a name needs no encoding in a URL: 1 to 64 ASCII letters, digits, `-`, `_` or `.`.
pub fn is_key(key: &str) -> bool {
    (1..=64).contains(&key.len())
        && key
            .bytes()
            .all(|c| c.is_ascii_alphanumeric() || b"-_.".contains(&c))
}
