//! The filter language: words and `field:value` tokens, all of which must hold.
//!
//! A text is read once into terms; what cannot be read is named and left out. A term that speaks of texts is
//! tried once for each distinct text, not for each task.

use ob_restore_tasks_scan as scan;

use super::column::{IntField, TextField, TimeField};
use super::failure;
use super::format;
use super::locale::Locale;
use super::table::{Sym, Table};
use super::task::{self, Outcome};
use super::text::Lang;
use super::time::{read, read_duration, span};

/// What the person should know of the filter's text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Hint {
    /// `word:rest` whose word is no field; it is searched as text.
    NoField(String),
    /// A token that is left out because its value cannot be read.
    Unreadable(String),
}

/// Reaches of a number: at least, below.
type Reach = (i64, i64);

#[derive(Debug, Clone, PartialEq)]
enum Test {
    Word(String),
    Status(Vec<String>),
    Texts(&'static [TextField], Vec<String>),
    Mode(Vec<String>),
    Error(Vec<String>),
    Time(TimeField, Vec<Reach>),
    Duration(Vec<Reach>),
    Rewind(Vec<Reach>),
    Int(IntField, Vec<String>),
}

#[derive(Debug, Clone, PartialEq)]
struct Term {
    negate: bool,
    test: Test,
}

/// A filter that has been read.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Filter {
    terms: Vec<Term>,
    /// What to say about the text.
    pub hints: Vec<Hint>,
}

/// Where a word is looked for. The description of the status is shown in the status words only.
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
const TENANTS: &[TextField] = &[TextField::BackupTenantName, TextField::RestoreTenantName];
const CLUSTERS: &[TextField] = &[TextField::BackupClusterName, TextField::RestoreClusterName];

/// The fields that make a token.
pub const FIELDS: [&str; 13] = [
    "status", "tenant", "cluster", "mode", "error", "created", "finished", "duration", "rewind", "id", "job",
    "uri", "pool",
];

/// A part of a filter text that stands for itself, quotes included.
fn tokens(text: &str) -> impl Iterator<Item = &str> {
    let mut quoted = false;
    text.split(move |c: char| {
        if c == '"' {
            quoted = !quoted;
        }
        c.is_whitespace() && !quoted
    })
    .filter(|token| !token.is_empty())
}

/// The field of a token, where it has one, and what stands behind its colon.
fn field_of(token: &str) -> Option<(&'static str, &str)> {
    let (word, value) = token.split_once(':')?;
    FIELDS
        .into_iter()
        .find(|field| field.eq_ignore_ascii_case(word))
        .map(|field| (field, value))
}

/// The values between commas; quotes keep commas and spaces.
fn values(text: &str) -> Vec<String> {
    let mut values = vec![String::new()];
    let mut quoted = false;
    for c in text.chars() {
        match c {
            '"' => quoted = !quoted,
            ',' if !quoted => values.push(String::new()),
            _ => values.last_mut().into_iter().for_each(|value| value.push(c)),
        }
    }
    values.retain(|value| !value.trim().is_empty());
    values
}

impl Filter {
    /// Reads a filter. Dates are days in the locale's zone.
    pub fn read(text: &str, locale: &dyn Locale) -> Self {
        if text.is_empty() {
            return Self::default();
        }
        Self::read_tokens(text, locale)
    }

    #[inline(never)]
    fn read_tokens(text: &str, locale: &dyn Locale) -> Self {
        let mut filter = Self::default();
        for token in tokens(text) {
            let (negate, body) = match token.strip_prefix('-') {
                Some(body) if !body.is_empty() => (true, body),
                _ => (false, token),
            };
            let test = match field_of(body) {
                Some((field, value)) => test_of(field, &values(value), locale),
                None => {
                    let word = body.replace('"', "").to_lowercase();
                    if word.is_empty() {
                        continue;
                    }
                    // The scheme of an address is no misspelt field.
                    if let Some((name, rest)) = body.split_once(':')
                        && !rest.starts_with("//")
                        && !name.is_empty()
                        && name.chars().all(char::is_alphabetic)
                    {
                        filter.hints.push(Hint::NoField(name.to_owned()));
                    }
                    Some(Test::Word(word))
                }
            };
            match test {
                Some(test) => filter.terms.push(Term { negate, test }),
                None => filter.hints.push(Hint::Unreadable(token.to_owned())),
            }
        }
        filter
    }

    /// Whether every task passes.
    pub fn is_empty(&self) -> bool {
        self.terms.is_empty()
    }

    /// Keeps the rows that pass.
    pub fn retain(&self, rows: &mut Vec<u32>, table: &Table, now: i64, locale: &dyn Locale) {
        for term in &self.terms {
            let mut matcher = Matcher {
                table,
                now,
                lang: locale.lang(),
                memo: vec![None; table.texts().len()],
                modes: Vec::new(),
                outcomes: Vec::new(),
            };
            if let Test::Word(word) = &term.test {
                // A browser first runs code as it comes and replaces it by fast code between two calls, so a loop over
                // all rows in one call would stay slow to its end.
                let found: Vec<bool> = rows
                    .chunks(1024)
                    .flat_map(|rows| matcher.words(word, rows))
                    .collect();
                let mut found = found.iter();
                rows.retain(|_| found.next() != Some(&term.negate));
            } else {
                rows.retain(|&row| matcher.passes(&term.test, row) != term.negate);
            }
        }
    }
}

fn test_of(field: &'static str, values: &[String], locale: &dyn Locale) -> Option<Test> {
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

/// `>a` `>=a` `<a` `<=a` `a..b` `a`, where a value is a stretch: a day, or one second of a typed duration.
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

/// The first value behind `text`: the next day for a date, the next microsecond for a duration, since 10 m 1 s is
/// more than 10 m.
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

struct Matcher<'a> {
    table: &'a Table,
    now: i64,
    lang: Lang,
    /// What the term says of each distinct text, once it has been asked.
    memo: Vec<Option<bool>>,
    modes: Vec<(Sym, bool)>,
    outcomes: Vec<(Outcome, bool)>,
}

impl Matcher<'_> {
    fn passes(&mut self, test: &Test, row: u32) -> bool {
        let table = self.table;
        let within = |value: Option<i64>, reaches: &[Reach]| {
            value.is_some_and(|value| reaches.iter().any(|&(start, end)| start <= value && value < end))
        };
        match test {
            Test::Word(word) => self.words(word, &[row]) == [true],
            Test::Status(picks) => {
                let raw = table.text(row, TextField::Status);
                picks.iter().any(|pick| match Outcome::from_name(pick) {
                    Some(outcome) => table.outcome(row) == outcome,
                    None => raw.eq_ignore_ascii_case(pick),
                })
            }
            Test::Texts(fields, parts) => fields
                .iter()
                .any(|&field| self.text(row, field, |text| has_any(text, parts))),
            Test::Mode(parts) => {
                let lang = self.lang;
                self.text(row, TextField::BackupMode, |text| {
                    has_any(text, parts) || has_any(task::mode_text(lang, text), parts)
                })
            }
            Test::Error(parts) => self.text(row, TextField::ErrorMsg, |text| is_error(text, parts)),
            Test::Time(field, reaches) => within(table.time(row, *field), reaches),
            Test::Duration(reaches) => within(table.duration(row, self.now), reaches),
            Test::Rewind(reaches) => within(table.rewind(row), reaches),
            Test::Int(field, wanted) => {
                let value = format::int(table, row, *field);
                value.is_some_and(|value| wanted.iter().any(|want| want.parse() == value.parse::<i64>()))
            }
        }
    }

    fn text(&mut self, row: u32, field: TextField, says: impl Fn(&str) -> bool) -> bool {
        let sym: Sym = self.table.sym(row, field);
        if sym == 0 {
            return false;
        }
        let table = self.table;
        *self.memo[sym as usize].get_or_insert_with(|| says(table.texts().get(sym)))
    }

    /// Of which rows a text contains a word: column by column, those first that repeat much and are short, and a row
    /// that has it somewhere is not looked at again.
    #[inline(never)]
    fn words(&mut self, word: &str, rows: &[u32]) -> Vec<bool> {
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

    /// The same for what is made of a row's values.
    fn word(&mut self, word: &str, row: u32) -> bool {
        let table = self.table;
        if self.mode(word, row) || self.status(word, row) {
            return true;
        }
        // A word that no number contains needs no number written out.
        let numeric = word.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-');
        IntField::ALL.into_iter().any(|field| {
            if numeric || table.odd_int(row, field).is_some() {
                format::int(table, row, field).is_some_and(|text| has(&text, word))
            } else {
                false
            }
        }) || TimeField::ALL
            .into_iter()
            .any(|field| table.odd_time(row, field).is_some_and(|text| has(text, word)))
    }
}

impl Matcher<'_> {
    /// Whether the words for the backup mode contain one. There are two or three modes, for all tasks.
    fn mode(&mut self, word: &str, row: u32) -> bool {
        let sym = self.table.sym(row, TextField::BackupMode);
        if let Some((_, says)) = self.modes.iter().find(|(known, _)| *known == sym) {
            return *says;
        }
        let says = has(task::mode_text(self.lang, self.table.texts().get(sym)), word);
        self.modes.push((sym, says));
        says
    }

    /// The same for the status, whose words are the outcome's once a task has ended.
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

/// Whether a text contains a lower-case part, in any case.
fn has(text: &str, part: &str) -> bool {
    if !part.is_ascii() {
        return text.to_lowercase().contains(part);
    }
    let bytes = text.as_bytes();
    let has_byte = |byte| scan::find(bytes, 0, byte).is_some();
    // The first bytes of İ and K (Kelvin), the only letters that become ASCII ones.
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

/// The outcomes that the text's own `status:` token picks, when it is the only one and speaks of outcomes.
pub fn picked(text: &str) -> Vec<Outcome> {
    let mut outcomes = Vec::new();
    for token in tokens(text) {
        if let Some(("status", value)) = field_of(token) {
            outcomes.extend(
                values(value)
                    .iter()
                    .filter_map(|value| Outcome::from_name(value.trim())),
            );
        }
    }
    outcomes
}

/// The text with its `status:` tokens replaced by one that picks these outcomes; everything else stays as typed.
pub fn pick(text: &str, outcomes: &[Outcome]) -> String {
    let mut kept: Vec<&str> = tokens(text)
        .filter(|token| !matches!(field_of(token), Some(("status", _))))
        .collect();
    let names: Vec<&str> = outcomes.iter().map(|outcome| outcome.name()).collect();
    let token = format!("status:{}", names.join(","));
    if !names.is_empty() {
        kept.push(&token);
    }
    kept.join(" ")
}

/// A token for a value as it stands in the data; `None` where the language cannot say it.
pub fn token(field: &str, value: &str) -> Option<String> {
    let plain = |c: char| !c.is_whitespace() && c != ',';
    if value.contains('"') || value.trim().is_empty() {
        None
    } else if value.chars().all(plain) {
        Some(format!("{field}:{value}"))
    } else {
        Some(format!("{field}:\"{value}\""))
    }
}

/// Whether the text has this token.
pub fn has_token(text: &str, token: &str) -> bool {
    tokens(text).any(|other| other == token)
}

/// The text with this token, or without it where it has it; everything else stays as typed.
pub fn toggle(text: &str, token: &str) -> String {
    let mut kept: Vec<&str> = tokens(text).filter(|other| *other != token).collect();
    if !has_token(text, token) {
        kept.push(token);
    }
    kept.join(" ")
}

#[cfg(test)]
#[path = "filter_tests.rs"]
mod tests;
