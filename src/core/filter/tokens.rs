//! A filter's text in its parts: where each token stands, and what becomes of the text when one is picked, taken out or
//! put in. It must not know what a token lets through. What it does not touch stays as typed.

use std::ops::Range;

use crate::core::task::Outcome;

/// The fields that make a token.
pub const FIELDS: [&str; 13] = [
    "status", "tenant", "cluster", "mode", "error", "created", "finished", "duration", "rewind", "id", "job",
    "uri", "pool",
];

/// What stands between a field and its value; an input method for Chinese or Japanese types the second.
pub const COLONS: [char; 2] = [':', '：'];

/// The parts of a filter text that stand for themselves, quotes included.
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

/// Where they stand.
pub fn spans(text: &str) -> impl Iterator<Item = Range<usize>> {
    let at = |token: &str| token.as_ptr().addr() - text.as_ptr().addr();
    tokens(text).map(move |token| at(token)..at(token) + token.len())
}

/// Whether a token is negated, and what it says apart from that.
pub fn body(token: &str) -> (bool, &str) {
    match token.strip_prefix('-') {
        Some(body) if !body.is_empty() => (true, body),
        _ => (false, token),
    }
}

/// The field of a token, where it has one; negated or not.
pub fn field(token: &str) -> Option<&'static str> {
    field_of(body(token).1).map(|(field, _)| field)
}

/// Whether the text is more than one word or value: a field with a value, or several tokens.
pub fn has_parts(text: &str) -> bool {
    tokens(text).nth(1).is_some() || tokens(text).any(|token| field(token).is_some())
}

/// The text without the token of this number.
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

/// The field of a token, where it has one, and what stands behind its colon.
pub(super) fn field_of(token: &str) -> Option<(&'static str, &str)> {
    let (word, value) = token.split_once(COLONS)?;
    FIELDS
        .into_iter()
        .find(|field| field.eq_ignore_ascii_case(word))
        .map(|field| (field, value))
}

/// The values between commas; quotes keep commas and spaces.
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

/// The outcomes that the text's own `status:` token picks, when it is the only one and speaks of outcomes: two tokens
/// let through what fits both, which is nothing that could be picked.
pub fn picked(text: &str) -> Vec<Outcome> {
    let mut said = tokens(text)
        .filter_map(field_of)
        .filter(|(field, _)| *field == "status");
    match (said.next(), said.next()) {
        (Some((_, value)), None) => values(value)
            .iter()
            .filter_map(|value| Outcome::from_name(value.trim()))
            .collect(),
        _ => Vec::new(),
    }
}

/// The text with its `status:` tokens replaced by one that picks these outcomes; everything else stays as typed.
pub fn pick(text: &str, outcomes: &[Outcome]) -> String {
    let kept: Vec<&str> = tokens(text)
        .filter(|token| !matches!(field_of(token), Some(("status", _))))
        .collect();
    let names: Vec<&str> = outcomes.iter().map(|outcome| outcome.name()).collect();
    let token = format!("status:{}", names.join(","));
    with(&kept, &token, !names.is_empty())
}

/// The tokens, and one more behind them; a quote that is open would take it in, and is closed.
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

/// A value as it stands in the data, as one writes it behind a colon; `None` where the language cannot say it.
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

/// A token for a value as it stands in the data; `None` where the language cannot say it.
pub fn token(field: &str, value: &str) -> Option<String> {
    Some(format!("{field}:{}", quoted(value)?))
}

/// Whether the text has this token.
pub fn has_token(text: &str, token: &str) -> bool {
    tokens(text).any(|other| other == token)
}

/// The text with this token, or without it where it has it; everything else stays as typed.
pub fn toggle(text: &str, token: &str) -> String {
    let kept: Vec<&str> = tokens(text).filter(|other| *other != token).collect();
    with(&kept, token, !has_token(text, token))
}
