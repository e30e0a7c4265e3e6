//! The view in the page's address: six keys with a prefix. A key is absent while its part of the view
//! equals the host's. So addresses stay short, and old links do not override a host that changes its
//! attributes.
//!
//! This module handles only the texts; `services::address` reads and writes the browser's address.

use super::action::View;
use super::column::Column;
use super::config::{Config, MOST_NAMED, Raw};
use super::error::Error;
use super::format::named;
use super::locale::Locale;
use super::order::Sort;
use super::secret::mask;
use super::text::{Key, Later, fill};
use super::time::Range;

/// The part of the address that holds the keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// After `?`.
    Query,
    /// After `#`, which is never sent to a server.
    Hash,
}

/// The place of the keys, and their prefix.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sync {
    /// The part of the address.
    pub place: Place,
    /// The prefix, which keeps the instances on a page apart.
    pub key: String,
}

/// The names after the prefix, in the order of [`Said`].
const PARTS: [&str; 6] = ["range", "sort", "filter", "page", "columns", "zone"];

/// The values of the keys, in the order range, sort, filter, page, columns, zone; `None` for an absent
/// key.
pub type Said = [Option<String>; 6];

impl Sync {
    /// The settings in the attributes. [`Config::read`] reports an invalid `url-sync`; an invalid
    /// `url-key` gives the default `rt`.
    pub fn of(raw: &Raw) -> Option<Self> {
        let place = raw.get("url-sync").map(|value| value.trim());
        let place = if place?.eq_ignore_ascii_case("query") {
            Place::Query
        } else if place?.eq_ignore_ascii_case("hash") {
            Place::Hash
        } else {
            return None;
        };
        let key = raw.get("url-key").filter(|key| is_key(key));
        let key = key.map_or("rt", String::as_str).to_owned();
        Some(Self { place, key })
    }

    /// The full names of the keys.
    pub fn names(&self) -> [String; 6] {
        PARTS.map(|part| format!("{}-{part}", self.key))
    }
}

/// Whether a name needs no encoding in an address: 1 to 64 ASCII letters, digits, `-`, `_` or `.`.
pub fn is_key(key: &str) -> bool {
    (1..=64).contains(&key.len())
        && key
            .bytes()
            .all(|c| c.is_ascii_alphanumeric() || b"-_.".contains(&c))
}

/// The values that an address needs to lead to this view. Secrets in the filter are masked.
pub fn said(view: &View, config: &Config) -> Said {
    let host = View::of(config);
    let unless = |same: bool, text: &dyn Fn() -> String| (!same).then(text);
    [
        unless(view.range == host.range, &|| view.range.spell()),
        unless(view.sort == host.sort, &|| {
            view.sort.map(Sort::spell).unwrap_or_default()
        }),
        unless(view.filter == host.filter, &|| mask(&view.filter).into_owned()),
        unless(view.page == 1, &|| view.page.to_string()),
        unless(view.columns == host.columns, &|| {
            let ids: Vec<&str> = view.columns.iter().map(|column| column.id()).collect();
            ids.join(" ")
        }),
        view.zone.clone(),
    ]
}

/// The view that an address leads to. `view` gives the parts that the address does not have. A value that
/// cannot be read is skipped and reported.
pub fn read(said: &Said, mut view: View, locale: &dyn Locale) -> (View, Vec<Error>) {
    let mut errors = Vec::new();
    let mut bad = |key, value: &str| {
        let why = fill(locale.lang(), key, &[("value", &named(value))]);
        errors.push(Error::config("url-sync", why));
    };
    let [range, sort, filter, page, columns, zone] = said;
    if let Some(text) = range {
        match Range::read(text) {
            None => bad(Key::Later(Later::WhyRange), text),
            Some(range) => match range.bounds(0, locale) {
                (Some(start), Some(end)) if start > end => bad(Key::Later(Later::WhyRangeOrder), text),
                _ => view.range = range,
            },
        }
    }
    if let Some(text) = sort {
        match Sort::read(text) {
            None if !text.trim().is_empty() => bad(Key::Later(Later::WhyColumn), text),
            sort => view.sort = sort,
        }
    }
    if let Some(text) = filter {
        view.filter.clone_from(text);
    }
    if let Some(text) = page {
        // A page beyond the last one is corrected later, by the state.
        match text
            .parse()
            .ok()
            .filter(|page| (1..=1_000_000_000_000).contains(page))
        {
            Some(page) => view.page = page,
            None => bad(Key::Later(Later::WhyPage), text),
        }
    }
    if let Some(text) = columns {
        let (mut known, mut unknown) = (Vec::new(), Vec::new());
        for id in text.split_whitespace() {
            match Column::from_id(id) {
                Some(column) if known.contains(&column) => {}
                Some(column) => known.push(column),
                None if unknown.len() < MOST_NAMED && !unknown.contains(&id) => {
                    unknown.push(id);
                    bad(Key::Later(Later::WhyColumn), id);
                }
                None => {}
            }
        }
        if !known.is_empty() {
            view.columns = known;
        }
    }
    // Only the browser knows whether there is such a zone.
    if let Some(zone) = zone.as_ref().filter(|zone| !zone.trim().is_empty()) {
        view.zone = Some(zone.clone());
    }
    (view, errors)
}

#[cfg(test)]
#[path = "address_tests.rs"]
mod state_tests;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::column::DEFAULT;
    use crate::core::locale::Plain;

    fn raw(pairs: &[(&str, &str)]) -> Raw {
        let pairs = pairs.iter();
        pairs
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect()
    }

    fn texts([range, sort, filter, page, columns]: [&str; 5]) -> Said {
        let text = |text: &str| Some(text.to_owned()).filter(|text| text != "-");
        [range, sort, filter, page, columns, "-"].map(text)
    }

    #[test]
    fn attributes_say_where() {
        let table = [
            (vec![], None),
            (vec![("url-sync", "none")], None),
            (vec![("url-sync", "path")], None),
            (vec![("url-sync", "query")], Some((Place::Query, "rt"))),
            (
                vec![("url-sync", " Hash "), ("url-key", "left")],
                Some((Place::Hash, "left")),
            ),
            (
                vec![("url-sync", "hash"), ("url-key", "a&b=c")],
                Some((Place::Hash, "rt")),
            ),
        ];
        for (pairs, want) in table {
            let sync = Sync::of(&raw(&pairs));
            assert_eq!(
                sync,
                want.map(|(place, key)| Sync {
                    place,
                    key: key.to_owned()
                }),
                "{pairs:?}"
            );
        }
        let sync = Sync::of(&raw(&[("url-sync", "query")])).unwrap();
        assert_eq!(
            sync.names(),
            [
                "rt-range",
                "rt-sort",
                "rt-filter",
                "rt-page",
                "rt-columns",
                "rt-zone"
            ]
        );
    }

    #[test]
    fn what_is_said_is_read_again_and_no_more_is_said_than_needed() {
        let config = Config {
            sort: Sort::read("id"),
            ..Config::default()
        };
        let host = View::of(&config);
        assert_eq!(said(&host, &config), Said::default());
        let table = [
            View {
                range: Range::read("7d").unwrap(),
                ..host.clone()
            },
            View {
                range: Range::read("2021-09-01T00:00:00+08:00/").unwrap(),
                ..host.clone()
            },
            View {
                sort: None,
                ..host.clone()
            },
            View {
                sort: Sort::read("-duration"),
                page: 3,
                ..host.clone()
            },
            View {
                filter: "status:failed \"a b\" 100%&x=1".into(),
                ..host.clone()
            },
            View {
                columns: vec![Column::Status, Column::Id],
                ..host.clone()
            },
            View {
                zone: Some("Asia/Shanghai".into()),
                ..host.clone()
            },
        ];
        for view in table {
            let said = said(&view, &config);
            assert_ne!(said, Said::default());
            assert_eq!(read(&said, host.clone(), &Plain::default()), (view, vec![]));
        }
    }

    #[test]
    fn a_secret_does_not_get_into_the_address() {
        let view = View {
            filter: "uri:oss://b?access_key=SECRET".into(),
            ..View::of(&Config::default())
        };
        let said = said(&view, &Config::default());
        assert_eq!(said[2].as_deref(), Some("uri:oss://b?access_key=***"));
    }

    #[test]
    fn what_cannot_be_read_is_named_and_left_out() {
        let host = View::of(&Config::default());
        let table = [
            (
                ["8d", "-", "-", "-", "-"],
                "“8d” is no range such as 7d or 2021-09-01/2021-09-30",
            ),
            (
                ["2021-09-02/2021-09-01", "-", "-", "-", "-"],
                "the start of “2021-09-02/2021-09-01” is after its end",
            ),
            (["-", "__proto__", "-", "-", "-"], "“__proto__” is no column"),
            (["-", "-", "-", "0", "-"], "“0” is no page"),
            (["-", "-", "-", "1e3", "-"], "“1e3” is no page"),
            (
                ["-", "-", "-", "99999999999999999999", "-"],
                "“99999999999999999999” is no page",
            ),
            (["-", "-", "-", "-", "nope"], "“nope” is no column"),
        ];
        for (parts, why) in table {
            let (view, errors) = read(&texts(parts), host.clone(), &Plain::default());
            assert_eq!(view, host, "{parts:?}");
            let why = vec![(Some("url-sync"), why.to_owned())];
            let errors: Vec<_> = errors
                .into_iter()
                .map(|error| (error.attribute, error.message))
                .collect();
            assert_eq!(errors, why, "{parts:?}");
        }
        let (view, errors) = read(
            &texts(["-", "", "", "-", "id id"]),
            host.clone(),
            &Plain::default(),
        );
        assert_eq!(
            (view.sort, view.columns, errors),
            (None, vec![Column::Id], vec![])
        );
        assert_eq!(
            read(&texts(["-", "-", "-", "-", " "]), host, &Plain::default())
                .0
                .columns,
            DEFAULT
        );
    }
}
