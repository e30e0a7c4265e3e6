//! Reads the value of a token: words, numbers, and intervals of times and lengths of time.

use super::{Reach, Test};
use crate::core::column::{IntField, TextField, TimeField};
use crate::core::locale::Locale;
use crate::core::time::{read, read_duration, span};

const TENANTS: &[TextField] = &[TextField::BackupTenantName, TextField::RestoreTenantName];
const CLUSTERS: &[TextField] = &[TextField::BackupClusterName, TextField::RestoreClusterName];

/// The test for a field and its values; `None` if one of them cannot be read.
pub(super) fn test_of(field: &'static str, values: &[String], locale: &dyn Locale) -> Option<Test> {
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
        "status" => Test::Status(lower()),
        "tenant" => Test::Texts(TENANTS, lower()),
        "cluster" => Test::Texts(CLUSTERS, lower()),
        "mode" => Test::Mode(lower()),
        "error" => Test::Error(lower()),
        "uri" => Test::Texts(&[TextField::RestoreUri], lower()),
        "pool" => Test::Texts(&[TextField::RestorePoolListStr], lower()),
        "created" => Test::Time(TimeField::CreateTime, reaches(values, |text| date(text, locale))?),
        "finished" => Test::Time(TimeField::FinishTime, reaches(values, |text| date(text, locale))?),
        "duration" => Test::Duration(reaches(values, length)?),
        "rewind" => Test::Rewind(reaches(values, length)?),
        "id" | "job" => {
            let whole = values.iter().all(|value| value.trim().parse::<i64>().is_ok());
            let field = if field == "id" {
                IntField::Id
            } else {
                IntField::OcpJobId
            };
            whole.then(|| {
                Test::Int(
                    field,
                    values.iter().map(|value| value.trim().to_owned()).collect(),
                )
            })?
        }
        _ => return None,
    })
}

fn date(text: &str, locale: &dyn Locale) -> Option<Reach> {
    read(text).map(|written| span(written, locale))
}

fn length(text: &str) -> Option<Reach> {
    read_duration(text).map(|(length, unit)| (length, length.saturating_add(unit)))
}

/// Reads `>a`, `>=a`, `<a`, `<=a`, `a..b` or `a`. A value `a` is an interval itself: a day, or the
/// smallest typed unit of a duration.
fn reaches(values: &[String], value: impl Fn(&str) -> Option<Reach>) -> Option<Vec<Reach>> {
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
fn past(text: &str, value: &impl Fn(&str) -> Option<Reach>) -> Option<i64> {
    let (start, end) = value(text)?;
    Some(if read_duration(text).is_some() {
        start.saturating_add(1)
    } else {
        end
    })
}

fn through(text: &str, value: &impl Fn(&str) -> Option<Reach>) -> Option<i64> {
    past(text, value)
}
