//! The view in the page's URL: six parameters with a prefix. A parameter is absent while its part of the view
//! equals the host's. So URLs stay short, and old links do not override a host that changes its attributes.
//!
//! This module handles only the texts; `services::url` reads and writes the browser's URL.

use super::attributes::Config;
use super::parts;
use super::view::{PartialView, View};
use crate::core::error::Error;
use crate::core::i18n::locale::Locale;
use crate::core::i18n::{Key, fill};
use crate::core::privacy::excerpt::excerpt;

/// The values of the parameters, in the order range, sort, filter, page, columns, zone; `None` for an absent
/// one.
pub type UrlParams = [Option<String>; 6];

/// The parameters that a URL needs to lead to this view. Secrets in the filter are masked.
pub fn print(view: &View, config: &Config) -> UrlParams {
    let host = View::of(config);
    let text = PartialView::of(view);
    let if_other = |is_same: bool, text: Option<String>| text.filter(|_| !is_same);
    [
        if_other(view.range == host.range, text.range),
        if_other(view.sort == host.sort, text.sort),
        if_other(view.filter == host.filter, text.filter),
        if_other(view.page == 1, Some(view.page.to_string())),
        if_other(
            view.columns == host.columns,
            text.columns.map(|ids| ids.join(" ")),
        ),
        view.zone.clone(),
    ]
}

/// The view that a URL leads to. `view` gives the parts that the URL does not have. A value that cannot be
/// parsed is skipped and reported.
pub fn parse(params: &UrlParams, mut view: View, locale: &dyn Locale) -> (View, Vec<Error>) {
    let mut errors = Vec::new();
    let mut report = |why: Key, value: &str| {
        let why = fill(locale.lang(), why, &[("value", &excerpt(value))]);
        errors.push(Error::config("url-sync", why));
    };
    let [range, sort, filter, page, columns, zone] = params;
    if let Some(text) = range {
        match parts::range(text, Some(locale)) {
            Ok(range) => view.range = range,
            Err(why) => report(why, text),
        }
    }
    if let Some(text) = sort {
        match parts::sort(text) {
            Ok(sort) => view.sort = sort,
            Err(why) => report(why, text),
        }
    }
    if let Some(text) = filter {
        view.filter.clone_from(text);
    }
    if let Some(text) = page {
        match parts::page(text) {
            Ok(page) => view.page = page,
            Err(why) => report(why, text),
        }
    }
    if let Some(text) = columns {
        let (known, unknown) = parts::columns(text.split_whitespace());
        unknown
            .into_iter()
            .for_each(|id| report(parts::UNKNOWN_COLUMN, id));
        view.columns = known.unwrap_or(view.columns);
    }
    // Only the browser knows whether there is such a zone.
    if let Some(zone) = zone.as_ref().filter(|zone| !zone.trim().is_empty()) {
        view.zone = Some(zone.clone());
    }
    (view, errors)
}

#[cfg(test)]
#[path = "url_tests.rs"]
mod state_tests;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::domain::column::Column;
    use crate::core::domain::column::DEFAULT;
    use crate::core::i18n::locale::FixedLocale;
    use crate::core::query::sort::Sort;
    use crate::core::settings::attributes::Attributes;
    use crate::core::settings::url_sync::{UrlPart, UrlSync};
    use crate::core::time::TimeRange;

    fn raw(pairs: &[(&str, &str)]) -> Attributes {
        let pairs = pairs.iter();
        pairs
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect()
    }

    fn texts([range, sort, filter, page, columns]: [&str; 5]) -> UrlParams {
        let text = |text: &str| Some(text.to_owned()).filter(|text| text != "-");
        [range, sort, filter, page, columns, "-"].map(text)
    }

    #[test]
    fn attributes_say_where() {
        let table = [
            (vec![], None),
            (vec![("url-sync", "none")], None),
            (vec![("url-sync", "path")], None),
            (vec![("url-sync", "query")], Some((UrlPart::Query, "rt"))),
            (
                vec![("url-sync", " Hash "), ("url-key", "left")],
                Some((UrlPart::Hash, "left")),
            ),
            (
                vec![("url-sync", "hash"), ("url-key", "a&b=c")],
                Some((UrlPart::Hash, "rt")),
            ),
        ];
        for (pairs, want) in table {
            let sync = UrlSync::parse(&raw(&pairs));
            assert_eq!(
                sync,
                want.map(|(part, key)| UrlSync {
                    part,
                    key: key.to_owned()
                }),
                "{pairs:?}"
            );
        }
        let sync = UrlSync::parse(&raw(&[("url-sync", "query")])).unwrap();
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
            sort: Sort::parse("id"),
            ..Config::default()
        };
        let host = View::of(&config);
        assert_eq!(print(&host, &config), UrlParams::default());
        let table = [
            View {
                range: TimeRange::parse("7d").unwrap(),
                ..host.clone()
            },
            View {
                range: TimeRange::parse("2021-09-01T00:00:00+08:00/").unwrap(),
                ..host.clone()
            },
            View {
                sort: None,
                ..host.clone()
            },
            View {
                sort: Sort::parse("-duration"),
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
            let params = print(&view, &config);
            assert_ne!(params, UrlParams::default());
            assert_eq!(
                parse(&params, host.clone(), &FixedLocale::default()),
                (view, vec![])
            );
        }
    }

    #[test]
    fn a_secret_does_not_get_into_the_address() {
        let view = View {
            filter: "uri:oss://b?access_key=SECRET".into(),
            ..View::of(&Config::default())
        };
        let params = print(&view, &Config::default());
        assert_eq!(params[2].as_deref(), Some("uri:oss://b?access_key=***"));
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
            let (view, errors) = parse(&texts(parts), host.clone(), &FixedLocale::default());
            assert_eq!(view, host, "{parts:?}");
            let why = vec![(Some("url-sync"), why.to_owned())];
            let errors: Vec<_> = errors
                .into_iter()
                .map(|error| (error.attribute, error.message))
                .collect();
            assert_eq!(errors, why, "{parts:?}");
        }
        let (view, errors) = parse(
            &texts(["-", "", "", "-", "id id"]),
            host.clone(),
            &FixedLocale::default(),
        );
        assert_eq!(
            (view.sort, view.columns, errors),
            (None, vec![Column::Id], vec![])
        );
        assert_eq!(
            parse(&texts(["-", "-", "-", "-", " "]), host, &FixedLocale::default())
                .0
                .columns,
            DEFAULT
        );
    }
}
