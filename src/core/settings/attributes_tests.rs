use super::*;
use crate::core::i18n::locale::FixedLocale;

fn read(pairs: &[(&str, &str)]) -> (Config, Vec<(&'static str, String)>) {
    let raw = pairs
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect();
    let (config, errors) = Config::parse(&raw, &FixedLocale::default(), true);
    (
        config,
        errors
            .into_iter()
            .map(|error| (error.attribute.unwrap(), error.message))
            .collect(),
    )
}

#[test]
fn every_wrong_value_is_named_and_falls_back() {
    let table = [
        ("cluster-id", "abc", "“abc” is no whole number above 0"),
        ("cluster-id", "0", "“0” is no whole number above 0"),
        ("cluster-id", "+5", "“+5” is no whole number above 0"),
        (
            "cluster-id",
            "9223372036854775808",
            "“9223372036854775808” is no whole number above 0",
        ),
        (
            "base-url",
            "javascript:alert(1)",
            "“javascript:alert(1)” is neither a relative nor an http(s) address",
        ),
        (
            "range",
            "8d",
            "“8d” is no range such as 7d or 2021-09-01/2021-09-30",
        ),
        (
            "range",
            "2021-09-02/2021-09-01",
            "the start of “2021-09-02/2021-09-01” is after its end",
        ),
        ("page-size", "-1", "“-1” is no whole number from 1 to 2000"),
        (
            "page-size",
            "1000000000",
            "“1000000000” is no whole number from 1 to 2000",
        ),
        ("sort", "__proto__", "“__proto__” is no column"),
        ("columns", "id nope", "“nope” is no column"),
        ("refresh", "x", "“x” is no whole number from 0 to 86400"),
        (
            "credentials",
            "yes",
            "“yes” is none of same-origin, omit, include",
        ),
        ("url-sync", "path", "“path” is none of none, query, hash"),
        (
            "url-key",
            "a&b",
            "“a&b” is no prefix of at most 64 letters, digits, “-”, “_” and “.”",
        ),
        (
            "storage-key",
            "a b",
            "“a b” is no name of at most 64 letters, digits, “-”, “_” and “.”",
        ),
        ("overview", "yes", "“yes” is none of auto, on, off"),
        ("shortcuts", "no", "“no” is none of on, off"),
        ("theme", "blue", "“blue” is none of auto, light, dark"),
        (
            "job-href",
            "javascript:x",
            "“javascript:x” is neither a relative nor an http(s) address",
        ),
    ];
    for (name, value, why) in table {
        let mut pairs = vec![(name, value)];
        if name != "cluster-id" {
            pairs.push(("cluster-id", "1"));
        }
        let (config, errors) = read(&pairs);
        assert_eq!(errors, vec![(name, why.to_owned())], "{name}={value}");
        assert_eq!((config.page_size, config.range), (20, TimeRange::All));
    }
    assert_eq!(read(&[]).1, vec![("cluster-id", "it is missing".to_owned())]);
}

#[test]
fn good_values_are_taken() {
    let (config, errors) = read(&[
        ("cluster-id", " 9223372036854775807 "),
        ("base-url", "/ocp"),
        ("range", "7d"),
        ("page-size", "2000"),
        ("sort", "-duration"),
        ("columns", "id  status id"),
        ("refresh", "0"),
        ("paused", ""),
        ("job-href", "/task/{ocpJobId}?x=1"),
    ]);
    assert_eq!(errors, vec![]);
    assert_eq!(config.cluster, Some(i64::MAX));
    assert_eq!(config.columns, vec![Column::Id, Column::Status]);
    assert_eq!(
        config.sort,
        Some(Sort {
            column: Column::Duration,
            descending: true
        })
    );
    assert!(config.is_paused);
    for (job, link) in [
        (Some(7), Some("/task/7?x=1")),
        (Some(-1), None),
        (Some(0), None),
        (None, None),
    ] {
        assert_eq!(config.job_link(job).as_deref(), link, "{job:?}");
    }
    assert_eq!(Config::default().job_link(Some(7)), None);
}
