//! Reads the value of a token: words, numbers, and intervals of times and lengths of time.

use super::field::Field;
use super::term::{Interval, Test};
use crate::core::domain::column::{IntField, TextField, TimeField};
use crate::core::i18n::locale::Locale;
use crate::core::time::{parse_duration, parse_time, span};

const TENANTS: &[TextField] = &[TextField::BackupTenantName, TextField::RestoreTenantName];
const CLUSTERS: &[TextField] = &[TextField::BackupClusterName, TextField::RestoreClusterName];

/// The test for a field and its values; `None` if one of them cannot be read.
pub(super) fn test_of(field: Field, values: &[String], locale: &dyn Locale) -> Option<Test> {
    if values.is_empty() {
        return None;
    }
    let lower = || {
        values
            .iter()
            .map(|value| value.trim().to_lowercase())
            .collect::<Vec<_>>()
    };
    Some(match field {
        Field::Status => Test::Status(lower()),
        Field::Tenant => Test::Texts(TENANTS, lower()),
        Field::Cluster => Test::Texts(CLUSTERS, lower()),
        Field::Mode => Test::Mode(lower()),
        Field::Error => Test::Error(lower()),
        Field::Uri => Test::Texts(&[TextField::RestoreUri], lower()),
        Field::Pool => Test::Texts(&[TextField::RestorePoolListStr], lower()),
        Field::Created => Test::Time(
            TimeField::CreateTime,
            intervals(values, |text| date(text, locale))?,
        ),
        Field::Finished => Test::Time(
            TimeField::FinishTime,
            intervals(values, |text| date(text, locale))?,
        ),
        Field::Duration => Test::Duration(intervals(values, length)?),
        Field::Rewind => Test::Rewind(intervals(values, length)?),
        Field::Id => Test::Int(IntField::Id, numbers(values)?),
        Field::Job => Test::Int(IntField::OcpJobId, numbers(values)?),
    })
}

/// Whole numbers, as written.
fn numbers(values: &[String]) -> Option<Vec<String>> {
    let number = |value: &String| {
        let value = value.trim();
        value.parse::<i64>().ok().map(|_| value.to_owned())
    };
    values.iter().map(number).collect()
}

fn date(text: &str, locale: &dyn Locale) -> Option<Interval> {
    parse_time(text).map(|written| span(written, locale))
}

fn length(text: &str) -> Option<Interval> {
    parse_duration(text).map(|(length, unit)| (length, length.saturating_add(unit)))
}

/// Reads `>a`, `>=a`, `<a`, `<=a`, `a..b` or `a`. A value `a` is an interval itself: a day, or the
/// smallest typed unit of a duration.
fn intervals(values: &[String], value: impl Fn(&str) -> Option<Interval>) -> Option<Vec<Interval>> {
    let exact = |text: &str| value(text.trim());
    values
        .iter()
        .map(|text| {
            let text = text.trim();
            if let Some((from, to)) = text.split_once("..") {
                let start = if from.is_empty() { i64::MIN } else { exact(from)?.0 };
                let end = if to.is_empty() {
                    i64::MAX
                } else {
                    through(to.trim(), &value)?
                };
                return (start < end && !(from.is_empty() && to.is_empty())).then_some((start, end));
            }
            if let Some(rest) = text.strip_prefix(">=") {
                return Some((exact(rest)?.0, i64::MAX));
            }
            if let Some(rest) = text.strip_prefix("<=") {
                return Some((i64::MIN, through(rest.trim(), &value)?));
            }
            if let Some(rest) = text.strip_prefix('>') {
                return Some((past(rest.trim(), &value)?, i64::MAX));
            }
            if let Some(rest) = text.strip_prefix('<') {
                return Some((i64::MIN, exact(rest)?.0));
            }
            exact(text)
        })
        .collect()
}

/// The first value after `text`: the next day for a date, the next microsecond for a duration, since 10 m
/// 1 s is more than 10 m.
fn past(text: &str, value: &impl Fn(&str) -> Option<Interval>) -> Option<i64> {
    let (start, end) = value(text)?;
    Some(if parse_duration(text).is_some() {
        start.saturating_add(1)
    } else {
        end
    })
}

fn through(text: &str, value: &impl Fn(&str) -> Option<Interval>) -> Option<i64> {
    past(text, value)
}
