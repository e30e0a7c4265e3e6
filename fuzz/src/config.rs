//! Attributes: every invalid one is named and has no effect.

use std::rc::Rc;

use ob_restore_tasks::core::error::Code;
use ob_restore_tasks::core::i18n::locale::FixedLocale;
use ob_restore_tasks::core::settings::attributes::{Attributes, Config};
use ob_restore_tasks::core::settings::url_sync::UrlPart;
use ob_restore_tasks::core::state::{Action, At, Effect, State};
use ob_restore_tasks::core::time::TimeRange;

/// The attributes that the core reads; `lang`, `time-zone` and `loading` are read by the browser's side.
const NAMES: [&str; 19] = [
    "base-url",
    "cluster-id",
    "range",
    "page-size",
    "max-rows",
    "sort",
    "filter",
    "columns",
    "refresh",
    "paused",
    "credentials",
    "theme",
    "density",
    "job-href",
    "overview",
    "url-sync",
    "url-key",
    "storage-key",
    "shortcuts",
];

/// Input: lines of `name=value`.
pub fn config(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else {
        return;
    };
    let pairs: Vec<(String, String)> = text
        .lines()
        .filter_map(|line| line.split_once('='))
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect();
    let raw: Attributes = pairs.iter().cloned().collect();
    let locale = FixedLocale {
        offset: 8 * 3600,
        ..FixedLocale::default()
    };
    let (config, errors) = Config::parse(&raw, &locale, true);
    holds(&config);
    for error in &errors {
        let Some(name) = error.attribute else {
            unreachable!("{error} names no attribute")
        };
        assert_eq!(error.code, Code::Config);
        assert!(NAMES.contains(&name), "{name}");
        assert!(
            raw.get(name).is_some() || name == "cluster-id",
            "{name} is not there, and wrong"
        );
        assert!(!error.message.is_empty());
        super::input::holds_no_secret(&error.message);
        // Without it the configuration is the same, so it had no effect. Of `columns`, the valid ones have an
        // effect.
        if raw.get(name).is_some() && !["columns", "base-url"].contains(&name) {
            let less = pairs.iter().filter(|(other, _)| other != name).cloned().collect();
            let (rest, others) = Config::parse(&less, &locale, name != "cluster-id");
            assert_eq!(rest, config, "{name}={:?}", raw.get(name));
            assert!(others.iter().all(|other| other.attribute != Some(name)), "{name}");
        }
    }
    let is_wrong = |name: &str| errors.iter().any(|error| error.attribute == Some(name));
    assert_eq!(
        config.cluster.is_none(),
        is_wrong("cluster-id") || is_wrong("base-url")
    );
    // The same configuration written as attributes, without the invalid ones.
    let (mut again, errors) = Config::parse(&spelled(&config), &locale, config.cluster.is_some());
    assert_eq!(errors, vec![]);
    if TimeRange::parse(&config.range.print()) != Some(config.range) {
        again.range = config.range;
    }
    assert_eq!(again, config);
    starts(&raw, &config, &locale);
}

/// What is true of every configuration.
fn holds(config: &Config) {
    assert!((1..=2000).contains(&config.page_size));
    assert!((1..=10_000_000).contains(&config.max_rows));
    assert!(config.refresh <= 86_400);
    assert!(config.cluster.is_none_or(|id| id > 0));
    assert!(!config.columns.is_empty());
    let mut columns = config.columns.clone();
    columns.sort();
    columns.dedup();
    assert_eq!(columns.len(), config.columns.len(), "a column stands twice");
    assert!(is_harmless(&config.base_url), "{:?}", config.base_url);
    if let Some(link) = config.job_link(Some(i64::MAX)) {
        assert!(is_harmless(&link), "{link:?}");
    }
    assert_eq!(config.job_link(Some(-1)), None);
    let is_name = |name: &str| {
        !name.is_empty()
            && name
                .bytes()
                .all(|c| c.is_ascii_alphanumeric() || b"-_.".contains(&c))
    };
    assert!(config.url_sync.as_ref().is_none_or(|sync| is_name(&sync.key)));
    assert!(config.storage_key.as_ref().is_none_or(|key| is_name(key)));
    let (start, end) = config.range.bounds(
        0,
        &FixedLocale {
            offset: 8 * 3600,
            ..FixedLocale::default()
        },
    );
    assert!(
        start.zip(end).is_none_or(|(start, end)| start <= end),
        "{:?}",
        config.range
    );
}

/// Interprets an address as a browser does: http(s), or relative.
fn is_harmless(address: &str) -> bool {
    let address: String = address
        .trim_matches(|c: char| c <= ' ')
        .chars()
        .filter(|c| !"\t\r\n".contains(*c))
        .collect();
    let scheme: String = address
        .chars()
        .take_while(|c| c.is_ascii_alphanumeric() || "+-.".contains(*c))
        .collect();
    let has_one =
        address[scheme.len()..].starts_with(':') && scheme.starts_with(|c: char| c.is_ascii_alphabetic());
    !has_one || scheme.eq_ignore_ascii_case("http") || scheme.eq_ignore_ascii_case("https")
}

fn spelled(config: &Config) -> Attributes {
    // The range is written in milliseconds, as in the API; the property of times tests it.
    let mut pairs = vec![
        ("base-url", config.base_url.clone()),
        ("page-size", config.page_size.to_string()),
        ("max-rows", config.max_rows.to_string()),
        ("filter", config.filter.clone()),
        ("refresh", config.refresh.to_string()),
        ("credentials", config.credentials.name().to_owned()),
        ("theme", config.theme.name().to_owned()),
        ("density", config.density.name().to_owned()),
        ("overview", format!("{:?}", config.overview)),
        (
            "shortcuts",
            if config.shortcuts { "on" } else { "off" }.to_owned(),
        ),
    ];
    let spelled = config.range.print();
    let exact = TimeRange::parse(&spelled) == Some(config.range);
    pairs.extend(exact.then_some(("range", spelled)));
    pairs.extend(config.cluster.map(|id| ("cluster-id", id.to_string())));
    pairs.extend(config.sort.map(|sort| ("sort", sort.print())));
    pairs.extend(config.is_paused.then(|| ("paused", String::new())));
    pairs.extend(config.job_href.clone().map(|link| ("job-href", link)));
    pairs.extend(config.storage_key.clone().map(|key| ("storage-key", key)));
    let columns: Vec<&str> = config.columns.iter().map(|column| column.id()).collect();
    pairs.push(("columns", columns.join(" ")));
    if let Some(sync) = &config.url_sync {
        let place = if sync.part == UrlPart::Query {
            "query"
        } else {
            "hash"
        };
        pairs.extend([("url-sync", place.to_owned()), ("url-key", sync.key.clone())]);
    }
    pairs
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value))
        .collect()
}

/// The requests of a state with this configuration.
fn starts(raw: &Attributes, config: &Config, locale: &FixedLocale) {
    let mut state = State::default();
    let at = At {
        now: 1_795_392_000_000_000,
        random: 0.5,
    };
    let effects = state.apply(
        Action::Configure(Box::new(raw.clone()), Rc::new(locale.clone()), Vec::new()),
        at,
    );
    assert_eq!(state.host.config, *config);
    assert_eq!(
        (state.query.view.page, state.query.view.rows_per_page),
        (1, config.page_size)
    );
    let urls: Vec<&String> = effects
        .iter()
        .filter_map(|effect| match effect {
            Effect::Fetch(_, url) => Some(url),
            _ => None,
        })
        .collect();
    assert!(urls.len() <= 4);
    assert_eq!(urls.is_empty(), config.cluster.is_none(), "{urls:?}");
    for url in urls {
        assert!(is_harmless(url), "{url:?}");
        assert!(
            !url.contains(|c: char| c.is_control() || c.is_whitespace() || "\\#+".contains(c))
                || config.base_url.contains('+'),
            "{url:?}"
        );
        let path = format!(
            "/api/v2/ob/clusters/{}/backup/task/restoreTasks?page=1&size=",
            config.cluster.unwrap_or_default()
        );
        assert!(url.contains(&path), "{url:?}");
    }
}
