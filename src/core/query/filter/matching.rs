//! Decides whether a row passes a term. A term about texts is tested once for each distinct text, not for
//! each task.

use ob_restore_tasks_scan as scan;

use super::term::{Interval, Test};
use crate::core::domain::column::{IntField, TextField, TimeField};
use crate::core::domain::failure;
use crate::core::domain::task::Outcome;
use crate::core::format;
use crate::core::i18n::Lang;
use crate::core::table::{Table, TextId};

/// The texts that a bare word is searched in, those that are short and repeat much first. The status
/// description is missing: it is searched only where the status cell shows it.
const WORDY: [TextField; TextField::COUNT - 1] = [
    TextField::Status,
    TextField::BackupMode,
    TextField::RestoreTenantName,
    TextField::BackupTenantName,
    TextField::BackupClusterName,
    TextField::RestoreClusterName,
    TextField::RestorePoolListStr,
    TextField::RestoreUri,
    TextField::ErrorMsg,
];

pub(super) struct Matcher<'a> {
    pub(super) table: &'a Table,
    pub(super) now: i64,
    pub(super) lang: Lang,
    /// The result of the term for each distinct text, once tested.
    pub(super) memo: Vec<Option<bool>>,
    pub(super) modes: Vec<(TextId, bool)>,
    pub(super) outcomes: Vec<(Outcome, bool)>,
}

impl Matcher<'_> {
    pub(super) fn passes(&mut self, test: &Test, row: u32) -> bool {
        let table = self.table;
        let within = |value: Option<i64>, intervals: &[Interval]| {
            value.is_some_and(|value| {
                intervals
                    .iter()
                    .any(|&(start, end)| start <= value && value < end)
            })
        };
        match test {
            Test::Word(word) => self.words(word, &[row]) == [true],
            Test::Status(picks) => {
                let raw = table.text(row, TextField::Status).trim();
                let is = |pick: &String| {
                    raw.eq_ignore_ascii_case(pick) || !raw.is_ascii() && raw.to_lowercase() == *pick
                };
                picks.iter().any(|pick| match Outcome::from_name(pick) {
                    Some(outcome) => table.outcome(row) == outcome,
                    None => is(pick),
                })
            }
            Test::Texts(fields, parts) => fields
                .iter()
                .any(|&field| self.text(row, field, |text| has_any(text, parts))),
            Test::Mode(parts) => {
                let lang = self.lang;
                self.text(row, TextField::BackupMode, |text| {
                    has_any(text, parts) || has_any(format::mode_text(lang, text), parts)
                })
            }
            Test::Error(parts) => self.text(row, TextField::ErrorMsg, |text| is_error(text, parts)),
            Test::Time(field, intervals) => within(table.time(row, *field), intervals),
            Test::Duration(intervals) => within(table.duration(row, self.now), intervals),
            Test::Rewind(intervals) => within(table.rewind(row), intervals),
            Test::Int(field, wanted) => {
                let value = format::int(table, row, *field);
                value.is_some_and(|value| wanted.iter().any(|want| want.parse() == value.parse::<i64>()))
            }
        }
    }

    fn text(&mut self, row: u32, field: TextField, says: impl Fn(&str) -> bool) -> bool {
        let text_id: TextId = self.table.text_id(row, field);
        if text_id == 0 {
            return false;
        }
        let table = self.table;
        *self.memo[text_id as usize].get_or_insert_with(|| says(table.texts().get(text_id)))
    }

    /// For each row, whether one of its texts contains the word. Goes column by column and skips rows
    /// that have matched already.
    #[inline(never)]
    pub(super) fn words(&mut self, word: &str, rows: &[u32]) -> Vec<bool> {
        let mut found = vec![false; rows.len()];
        for field in WORDY {
            for (found, &row) in found.iter_mut().zip(rows).filter(|(found, _)| !**found) {
                *found = self.text(row, field, |text| has(text, word));
            }
        }
        for (found, &row) in found.iter_mut().zip(rows).filter(|(found, _)| !**found) {
            *found = self.word(word, row);
        }
        found
    }

    /// Whether a text that is derived from the row's values contains the word: mode, status, numbers, odd
    /// values.
    fn word(&mut self, word: &str, row: u32) -> bool {
        let table = self.table;
        if self.mode(word, row) || self.status(word, row) {
            return true;
        }
        // Numbers are formatted only if the word can occur in one.
        let numeric = word.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-');
        IntField::ALL.into_iter().any(|field| {
            if numeric || table.unparsed_int(row, field).is_some() {
                format::int(table, row, field).is_some_and(|text| has(&text, word))
            } else {
                false
            }
        }) || TimeField::ALL.into_iter().any(|field| {
            table
                .unparsed_time(row, field)
                .is_some_and(|text| has(text, word))
        })
    }
}

impl Matcher<'_> {
    /// Whether the shown backup mode contains the word. Cached, since all tasks share two or three modes.
    fn mode(&mut self, word: &str, row: u32) -> bool {
        let text_id = self.table.text_id(row, TextField::BackupMode);
        if let Some((_, says)) = self.modes.iter().find(|(known, _)| *known == text_id) {
            return *says;
        }
        let says = has(
            format::mode_text(self.lang, self.table.texts().get(text_id)),
            word,
        );
        self.modes.push((text_id, says));
        says
    }

    /// Whether the shown status contains the word. Cached for ended tasks, whose shown status depends on
    /// the outcome only.
    fn status(&mut self, word: &str, row: u32) -> bool {
        let outcome = self.table.outcome(row);
        if let Some((_, says)) = self.outcomes.iter().find(|(known, _)| *known == outcome) {
            return *says;
        }
        let says = has(format::status(self.table, row, self.lang), word);
        if matches!(outcome, Outcome::Succeeded | Outcome::Failed) {
            self.outcomes.push((outcome, says));
        }
        says
    }
}

fn has_any(text: &str, parts: &[String]) -> bool {
    parts.iter().any(|part| has(text, part))
}

/// Whether `text` contains `part` in any case. `part` must be lower case.
pub(in crate::core::query) fn has(text: &str, part: &str) -> bool {
    if !part.is_ascii() {
        return text.to_lowercase().contains(part);
    }
    let bytes = text.as_bytes();
    let has_byte = |byte| scan::find(bytes, 0, byte).is_some();
    // The first UTF-8 bytes of `İ` and the Kelvin sign, the only letters whose lower case contains ASCII.
    scan::has_ascii(bytes, part.as_bytes())
        || (has_byte(0xc4) || has_byte(0xe2)) && text.to_lowercase().contains(part)
}

fn is_error(message: &str, parts: &[String]) -> bool {
    let failure = failure::read(message);
    parts
        .iter()
        .any(|part| match part.trim_start_matches('-').parse::<i64>() {
            Ok(number) => failure.code.is_some_and(|code| i64::from(code).abs() == number),
            Err(_) => failure.name.is_some_and(|name| has(name, part)),
        })
}
