//! The values that a filter field may have: those that the tasks have, and examples of dates and
//! durations.

use hashbrown::HashMap;
use rustc_hash::FxBuildHasher;

use super::choice::{Choice, Known};
use crate::core::domain::column::{TextField, TimeField};
use crate::core::domain::failure;
use crate::core::domain::task::Outcome;
use crate::core::format::{mode_text, status_text};
use crate::core::i18n::{Key, terms, text};
use crate::core::query::filter::Field;
use crate::core::table::TextId;
use crate::core::time::{DAY, iso, to_wall};

/// The values of a field; empty for a field without suggestions. `typed` is the text before the caret.
pub(super) fn of(field: Field, typed: &str, known: Known<'_>) -> Vec<Choice> {
    match field {
        Field::Status => statuses(known),
        Field::Tenant => names(
            known,
            &[TextField::BackupTenantName, TextField::RestoreTenantName],
        ),
        Field::Cluster => names(
            known,
            &[TextField::BackupClusterName, TextField::RestoreClusterName],
        ),
        Field::Mode => modes(known),
        Field::Error => errors(known, typed),
        Field::Created => days(known, TimeField::CreateTime),
        Field::Finished => days(known, TimeField::FinishTime),
        Field::Duration => lengths(known, [">10m", "<1m", "10m..1h", ">1d"]),
        Field::Rewind => lengths(known, [">1h", "<10m", "1h..1d", ">1d"]),
        Field::Pool => pools(known),
        Field::Id | Field::Job | Field::Uri => Vec::new(),
    }
}

/// The number of tasks that have each text in one of these fields, in the order of the text numbers.
fn counts(known: Known<'_>, fields: &[TextField]) -> Vec<(TextId, u32)> {
    let mut counts = vec![0; known.table.texts().len()];
    for &row in known.rows {
        let mut last = 0;
        for &field in fields {
            let text_id = known.table.text_id(row, field);
            // A task that has the same text in two fields counts once.
            if text_id != last {
                counts[text_id as usize] += 1;
            }
            last = text_id;
        }
    }
    (0..)
        .zip(counts)
        .skip(1)
        .filter(|(_, count)| *count > 0)
        .collect()
}

fn names(known: Known<'_>, fields: &[TextField]) -> Vec<Choice> {
    let choice = |(text_id, count)| Choice {
        text: known.table.texts().get(text_id).to_owned(),
        label: String::new(),
        count: Some(count),
        is_second: false,
    };
    counts(known, fields).into_iter().map(choice).collect()
}

fn modes(known: Known<'_>) -> Vec<Choice> {
    let mut modes = names(known, &[TextField::BackupMode]);
    for mode in &mut modes {
        let words = mode_text(known.locale.lang(), &mode.text).to_owned();
        if words != mode.text {
            mode.label = words;
        }
    }
    modes
}

/// The outcomes, then the statuses as the API sends them.
fn statuses(known: Known<'_>) -> Vec<Choice> {
    let lang = known.locale.lang();
    let mut each = [0; Outcome::ALL.len()];
    for &row in known.rows {
        let outcome = known.table.outcome(row);
        let at = Outcome::ALL.iter().position(|other| *other == outcome);
        each[at.unwrap_or_default()] += 1;
    }
    let outcomes = Outcome::ALL.into_iter().zip(each).filter(|(_, count)| *count > 0);
    let outcomes = outcomes.map(|(outcome, count)| Choice {
        text: outcome.name().to_owned(),
        label: text(lang, terms::outcome(outcome)).to_owned(),
        count: Some(count),
        is_second: false,
    });
    let mut statuses = names(known, &[TextField::Status]);
    for status in &mut statuses {
        status.is_second = true;
        // Only stages have their own words. An ended task is shown by its outcome, which is listed
        // already.
        let words = status_text(lang, &status.text, "", Outcome::Running);
        if words != status.text && words != text(lang, Key::Running) {
            status.label = words.to_owned();
        }
    }
    outcomes.chain(statuses).collect()
}

/// The names of errors, or their codes if a number is being typed.
fn errors(known: Known<'_>, typed: &str) -> Vec<Choice> {
    let is_number = typed
        .trim_start_matches('-')
        .starts_with(|c: char| c.is_ascii_digit());
    let sign = if typed.starts_with('-') { "-" } else { "" };
    let mut errors: HashMap<_, u32, FxBuildHasher> = HashMap::default();
    let mut order = Vec::new();
    for (text_id, count) in counts(known, &[TextField::ErrorMsg]) {
        if let Some(error) = failure::named(known.table.texts().get(text_id)) {
            *errors.entry(error).or_insert_with(|| {
                order.push(error);
                0
            }) += count;
        }
    }
    let choice = |(name, code): (&str, Option<i32>)| {
        let count = errors.get(&(name, code)).copied();
        let code = code.map(|code| format!("{sign}{}", code.unsigned_abs()));
        let (text, label) = match code {
            Some(code) if is_number => (code, name.to_owned()),
            code => (name.to_owned(), code.unwrap_or_default()),
        };
        Choice {
            text,
            label,
            count,
            is_second: false,
        }
    };
    order.into_iter().map(choice).collect()
}

/// The resource pools. The API sends them as a comma-separated list.
fn pools(known: Known<'_>) -> Vec<Choice> {
    // For each pool, its index in `pools` and the last list that named it: a task that names a pool twice
    // counts once.
    let mut places: HashMap<&str, (usize, TextId), FxBuildHasher> = HashMap::default();
    let mut pools: Vec<Choice> = Vec::new();
    for (text_id, count) in counts(known, &[TextField::RestorePoolListStr]) {
        let names = known.table.texts().get(text_id).split(',').map(str::trim);
        for name in names.filter(|name| !name.is_empty()) {
            let (place, last) = places.entry(name).or_insert((pools.len(), text_id));
            match pools.get_mut(*place).and_then(|pool| pool.count.as_mut()) {
                Some(_) if *last == text_id => {}
                Some(sum) => {
                    *sum += count;
                    *last = text_id;
                }
                None => pools.push(Choice {
                    text: name.to_owned(),
                    label: String::new(),
                    count: Some(count),
                    is_second: false,
                }),
            }
        }
    }
    pools
}

/// Examples of days around the latest one of the tasks, in the shown zone.
fn days(known: Known<'_>, field: TimeField) -> Vec<Choice> {
    let times = known.rows.iter().filter_map(|&row| known.table.time(row, field));
    let last = times.max().unwrap_or(known.now);
    let day = |back: i64| {
        let wall = to_wall(last, known.locale).saturating_sub(back * DAY);
        iso(wall, 0, "").get(..10).unwrap_or_default().to_owned()
    };
    let (last, week) = (day(0), day(7));
    vec![
        example(known, last.clone(), Key::ExampleDay),
        example(known, format!(">{week}"), Key::ExampleAfter),
        example(known, format!("<{week}"), Key::ExampleBefore),
        example(known, format!("{week}..{last}"), Key::ExampleDays),
    ]
}

fn lengths(known: Known<'_>, examples: [&str; 4]) -> Vec<Choice> {
    let example = |text: &str| {
        let label = match text.as_bytes().first() {
            Some(b'>') => Key::ExampleLonger,
            Some(b'<') => Key::ExampleShorter,
            _ => Key::ExampleLengths,
        };
        example(known, text.to_owned(), label)
    };
    examples.into_iter().map(example).collect()
}

fn example(known: Known<'_>, example: String, label: Key) -> Choice {
    Choice {
        text: example,
        label: text(known.locale.lang(), label).to_owned(),
        count: None,
        is_second: false,
    }
}
