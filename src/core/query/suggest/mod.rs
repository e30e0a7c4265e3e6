//! Completions at the caret of the filter field: field names, and values that the tasks have.
//!
//! It runs at each key press, also with a hundred thousand tasks. So it looks at the distinct texts, and
//! of each task only at text numbers. When and how the list is shown is the view's.

mod choice;
mod values;

use std::ops::Range;

use crate::core::i18n::locale::Locale;
use crate::core::i18n::{Key, text};
use crate::core::query::filter::{COLONS, Field, Takes, body, field, has, is_readable, quoted, spans};
use choice::Choice;
pub use choice::Known;

/// The most suggestions at a time.
const MOST: usize = 8;

/// A completion at the caret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suggestion {
    /// The byte range of the filter's text that it replaces.
    pub range: Range<usize>,
    /// The text that replaces it.
    pub text: String,
    /// An explanation in a few words; empty if the text explains itself.
    pub label: String,
    /// The number of tasks that have this value, if known.
    pub count: Option<u32>,
}

impl Suggestion {
    /// Whether it is a field name, so that a value comes next.
    pub fn is_field(&self) -> bool {
        self.count.is_none() && self.text.ends_with(':')
    }

    /// The filter's text with the completion, and the caret after it, in bytes.
    pub fn take(&self, filter: &str) -> (String, usize) {
        let before = filter.get(..self.range.start).unwrap_or(filter);
        let behind = filter.get(self.range.end..).unwrap_or_default();
        let caret = before.len() + self.text.len();
        ([before, &self.text, behind].concat(), caret)
    }
}

/// The suggestions for the token at the caret (a byte index), likeliest first. Unless the person asked
/// for them, there are none for a token that is complete, or if there is no token.
#[inline(never)]
pub fn suggest(filter: &str, caret: usize, is_asked: bool, known: Known<'_>) -> Vec<Suggestion> {
    if !filter.is_char_boundary(caret) {
        return Vec::new();
    }
    let span = spans(filter).find(|span| (span.start..=span.end).contains(&caret));
    let span = span.unwrap_or(caret..caret);
    let token = &filter[span.clone()];
    let start = span.end - body(token).1.len();
    match field(token) {
        Some(field) if caret > start + field.name().len() => values_at(
            filter,
            start + field.name().len() + 1..span.end,
            caret,
            field,
            is_asked,
            known,
        ),
        _ => fields_at(filter, start..span.end, caret, is_asked, known.locale),
    }
}

/// The fields that begin with the text before the caret. A non-ASCII text is also searched in their
/// labels.
fn fields_at(
    filter: &str,
    token: Range<usize>,
    caret: usize,
    is_asked: bool,
    locale: &dyn Locale,
) -> Vec<Suggestion> {
    let typed = filter.get(token.start..caret).unwrap_or_default().to_lowercase();
    // A text with a colon or a quote is no beginning of a field. A token that starts at the caret is not
    // being typed.
    if typed.contains([COLONS[0], COLONS[1], '"']) || typed.is_empty() && !(is_asked && token.is_empty()) {
        return Vec::new();
    }
    let end = filter[token.clone()]
        .split_inclusive(COLONS)
        .next()
        .map_or(token.end, |word| token.start + word.len());
    let suggestion = |field: &Field| {
        let (name, label) = (field.name(), text(locale.lang(), description(*field)));
        let fits = name.starts_with(&typed) || !typed.is_ascii() && label.to_lowercase().contains(&typed);
        fits.then(|| Suggestion {
            range: token.start..end,
            text: format!("{name}:"),
            label: label.to_owned(),
            count: None,
        })
    };
    Field::ALL.iter().filter_map(suggestion).take(MOST).collect()
}

/// The values of a field that contain the text between the last comma and the caret.
fn values_at(
    filter: &str,
    value: Range<usize>,
    caret: usize,
    field: Field,
    is_asked: bool,
    known: Known<'_>,
) -> Vec<Suggestion> {
    let (part, is_open) = part_at(filter, value.clone(), caret);
    let plain = |text: &str| text.replace('"', "").trim().to_lowercase();
    let whole = plain(&filter[part.clone()]);
    let mut typed = plain(&filter[part.start..caret]);
    let choices = values::of(field, &typed, known);
    let is_known = |choice: &Choice| choice.text.to_lowercase() == whole;
    let is_complete = !whole.is_empty()
        && !is_open
        && match field.takes() {
            Takes::Day | Takes::Length => {
                let token = format!("{}:{}", field.name(), &filter[part.clone()]);
                is_readable(&token, known.locale)
            }
            Takes::Status | Takes::Text | Takes::Number => choices.iter().any(is_known),
        };
    if is_complete {
        if !is_asked {
            return Vec::new();
        }
        typed.clear();
    }
    let others = [
        &filter[value.start..part.start],
        &filter[part.end..value.end.max(part.end)],
    ]
    .concat();
    let others: Vec<String> = others.split(',').map(plain).collect();
    let rank = |choice: &Choice| {
        let name = choice.text.to_lowercase();
        let fits = if name.starts_with(&typed) {
            0
        } else if has(&choice.text, &typed) || has(&choice.label, &typed) {
            1
        } else {
            return None;
        };
        let is_here = others.contains(&name) || is_complete && name == whole;
        let rarity = choice.count.map_or(0, |count| u32::MAX - count);
        (!is_here).then_some((fits, choice.is_second, rarity))
    };
    let mut ranked: Vec<_> = choices
        .into_iter()
        .filter_map(|choice| Some((rank(&choice)?, choice)))
        .collect();
    ranked.sort_by_key(|(rank, _)| *rank);
    let ranked = ranked.into_iter().filter_map(|(_, choice)| {
        Some(Suggestion {
            range: part.clone(),
            text: quoted(&choice.text)?,
            label: choice.label,
            count: choice.count,
        })
    });
    ranked.take(MOST).collect()
}

/// The part between commas at the caret, and whether a quote is open there. An open quote would extend
/// the part to the end of the text. So the part ends at the caret then, or before the quote if the quote
/// is after the caret.
fn part_at(filter: &str, value: Range<usize>, caret: usize) -> (Range<usize>, bool) {
    let mut part = value.start..value.end;
    let (mut is_quoted, mut quote) = (false, value.start);
    for (at, c) in filter[value.clone()].char_indices() {
        let at = value.start + at;
        match c {
            '"' => (is_quoted, quote) = (!is_quoted, at),
            ',' if !is_quoted && at < caret => part.start = at + 1,
            ',' if !is_quoted => {
                part.end = at;
                break;
            }
            _ => {}
        }
    }
    if is_quoted {
        part.end = quote.max(caret);
    }
    (part, is_quoted)
}

/// The byte index after so many UTF-16 units, in which browsers count.
pub fn byte_at(text: &str, unit: u32) -> usize {
    let mut units = 0;
    let before = text.char_indices().find(|(_, c)| {
        let is_there = units >= unit as usize;
        units += c.len_utf16();
        is_there
    });
    before.map_or(text.len(), |(at, _)| at)
}

/// The number of UTF-16 units before a byte index.
pub fn unit_at(text: &str, byte: usize) -> u32 {
    let before = text.get(..byte).unwrap_or(text);
    before.encode_utf16().count() as u32
}

/// The key of the description of a field.
pub fn description(field: Field) -> Key {
    match field {
        Field::Status => Key::FieldStatus,
        Field::Tenant => Key::FieldTenant,
        Field::Cluster => Key::FieldCluster,
        Field::Mode => Key::FieldMode,
        Field::Error => Key::FieldError,
        Field::Created => Key::FieldCreated,
        Field::Finished => Key::FieldFinished,
        Field::Duration => Key::FieldDuration,
        Field::Rewind => Key::FieldRewind,
        Field::Id => Key::FieldId,
        Field::Job => Key::FieldJob,
        Field::Uri => Key::FieldUri,
        Field::Pool => Key::FieldPool,
    }
}

#[cfg(test)]
mod tests;
