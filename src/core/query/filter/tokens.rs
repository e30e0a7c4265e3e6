//! The tokens of a filter's text: where each stands, and how the text changes when one is picked, added
//! or removed. The rest of the text stays as typed. This module does not know which tasks a token
//! matches.

use std::ops::Range;

use super::field::Field;
use crate::core::domain::task::Outcome;

/// The characters between a field and its value. Input methods for Chinese and Japanese type the second.
pub const COLONS: [char; 2] = [':', '：'];

/// The tokens of a filter's text, quotes included.
pub(super) fn tokens(text: &str) -> impl Iterator<Item = &str> {
    let mut quoted = false;
    text.split(move |c: char| {
        if c == '"' {
            quoted = !quoted;
        }
        c.is_whitespace() && !quoted
    })
    .filter(|token| !token.is_empty())
}

/// The byte ranges of the tokens.
pub fn spans(text: &str) -> impl Iterator<Item = Range<usize>> {
    let at = |token: &str| token.as_ptr().addr() - text.as_ptr().addr();
    tokens(text).map(move |token| at(token)..at(token) + token.len())
}

/// Whether a token is negated, and the token without its `-`.
pub fn body(token: &str) -> (bool, &str) {
    match token.strip_prefix('-') {
        Some(body) if !body.is_empty() => (true, body),
        _ => (false, token),
    }
}

/// The field of a token, negated or not; `None` for a bare word.
pub fn field(token: &str) -> Option<Field> {
    field_of(body(token).1).map(|(field, _)| field)
}

/// Whether the text is more than a bare word: a field with a value, or several tokens.
pub fn has_parts(text: &str) -> bool {
    tokens(text).nth(1).is_some() || tokens(text).any(|token| field(token).is_some())
}

/// The text without the token with this number, from 0.
pub fn without(text: &str, number: usize) -> String {
    let mut spans = spans(text).skip(number);
    let Some(gone) = spans.next() else {
        return text.to_owned();
    };
    match spans.next() {
        Some(next) => [&text[..gone.start], &text[next.start..]].concat(),
        None => text[..gone.start].trim_end().to_owned(),
    }
}

/// The field of a token and the text after its colon; `None` for a bare word.
pub(super) fn field_of(token: &str) -> Option<(Field, &str)> {
    let (word, value) = token.split_once(COLONS)?;
    Some((Field::parse(word)?, value))
}

/// The comma-separated values. Quotes keep commas and spaces.
pub(super) fn values(text: &str) -> Vec<String> {
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

/// The outcomes that the `status:` token picks. Empty if there are several such tokens: tasks must match
/// all of them, which the status menu cannot show.
pub fn picked(text: &str) -> Vec<Outcome> {
    let mut said = tokens(text)
        .filter_map(field_of)
        .filter(|(field, _)| *field == Field::Status);
    match (said.next(), said.next()) {
        (Some((_, value)), None) => values(value)
            .iter()
            .filter_map(|value| Outcome::from_name(value.trim()))
            .collect(),
        _ => Vec::new(),
    }
}

/// The text with its `status:` tokens replaced by one for these outcomes. The other tokens stay as typed.
pub fn pick(text: &str, outcomes: &[Outcome]) -> String {
    let kept: Vec<&str> = tokens(text)
        .filter(|token| !matches!(field_of(token), Some((Field::Status, _))))
        .collect();
    let names: Vec<&str> = outcomes.iter().map(|outcome| outcome.name()).collect();
    let token = format!("status:{}", names.join(","));
    with(&kept, &token, !names.is_empty())
}

/// The tokens joined, and `token` after them if wanted. An open quote is closed first, since it would
/// take the token in.
#[inline(never)]
fn with(kept: &[&str], token: &str, is_wanted: bool) -> String {
    let mut text = kept.join(" ");
    if is_wanted {
        if !text.matches('"').count().is_multiple_of(2) {
            text.push('"');
        }
        if !text.is_empty() {
            text.push(' ');
        }
        text.push_str(token);
    }
    text
}

/// A value of the data as it is written after a colon, quoted if needed. `None` if the language cannot
/// express it.
pub fn quoted(value: &str) -> Option<String> {
    let plain = |c: char| !c.is_whitespace() && c != ',';
    if value.contains('"') || value.trim().is_empty() {
        None
    } else if value.chars().all(plain) {
        Some(value.to_owned())
    } else {
        Some(format!("\"{value}\""))
    }
}

/// The token for a value of the data. `None` if the language cannot express it.
pub fn token(field: Field, value: &str) -> Option<String> {
    Some(format!("{}:{}", field.name(), quoted(value)?))
}

/// Whether the text has exactly this token.
pub fn has_token(text: &str, token: &str) -> bool {
    tokens(text).any(|other| other == token)
}

/// Removes the token if the text has it, otherwise adds it. The other tokens stay as typed.
pub fn toggle(text: &str, token: &str) -> String {
    let kept: Vec<&str> = tokens(text).filter(|other| *other != token).collect();
    with(&kept, token, !has_token(text, token))
}
