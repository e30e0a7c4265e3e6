//! The filter language: words and `field:value` tokens, all of which must match. A text is parsed once
//! into terms. A token that cannot be read is left out of the match and reported as a hint.

mod field;
mod matching;
mod parse;
mod term;
#[cfg(test)]
mod tests;
mod tokens;

use crate::core::i18n::locale::Locale;
use crate::core::table::Table;
pub use field::{Field, Takes};
use matching::Matcher;
pub(in crate::core::query) use matching::has;
use parse::test_of;
use term::{Term, Test};
pub use tokens::{
    COLONS, body, field, has_parts, has_token, pick, picked, quoted, spans, toggle, token, without,
};
use tokens::{field_of, tokens, values};

/// A note for the person about the filter's text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Hint {
    /// `word:rest` where `word` is not a field. It is searched as plain text.
    NoField(String),
    /// A token whose value cannot be read. It is left out of the match.
    Unreadable(String),
}

/// A parsed filter.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Filter {
    terms: Vec<Term>,
    /// The hints, each with the number of its token, from 0.
    pub hints: Vec<(usize, Hint)>,
}

impl Filter {
    /// Parses a filter. Dates are days in the locale's zone. Never fails: see [`hints`](Self::hints).
    pub fn parse(text: &str, locale: &dyn Locale) -> Self {
        if text.is_empty() {
            return Self::default();
        }
        Self::parse_tokens(text, locale)
    }

    #[inline(never)]
    fn parse_tokens(text: &str, locale: &dyn Locale) -> Self {
        let mut filter = Self::default();
        for (number, token) in tokens(text).enumerate() {
            let (negate, body) = body(token);
            let test = match field_of(body) {
                Some((field, value)) => test_of(field, &values(value), locale),
                None => {
                    let word = body.replace('"', "").to_lowercase();
                    if word.is_empty() {
                        continue;
                    }
                    // The scheme of a URI is not a misspelt field.
                    if let Some((name, rest)) = body.split_once(':')
                        && !rest.starts_with("//")
                        && !name.is_empty()
                        && name.chars().all(char::is_alphabetic)
                    {
                        filter.hints.push((number, Hint::NoField(name.to_owned())));
                    }
                    Some(Test::Word(word))
                }
            };
            match test {
                Some(test) => filter.terms.push(Term { negate, test }),
                None => filter.hints.push((number, Hint::Unreadable(token.to_owned()))),
            }
        }
        filter
    }

    /// Whether the filter has no terms, so that every task passes.
    pub fn is_empty(&self) -> bool {
        self.terms.is_empty()
    }

    /// Keeps the rows that pass. `now` is in microseconds since 1970.
    pub fn retain(&self, rows: &mut Vec<u32>, table: &Table, now: i64, locale: &dyn Locale) {
        for term in &self.terms {
            narrow(term, rows, table, now, locale);
        }
    }
}

/// Keeps the rows that pass one term. Separate, since the first row without a filter needs none of it.
#[inline(never)]
fn narrow(term: &Term, rows: &mut Vec<u32>, table: &Table, now: i64, locale: &dyn Locale) {
    let mut matcher = Matcher {
        table,
        now,
        lang: locale.lang(),
        memo: vec![None; table.texts().len()],
        modes: Vec::new(),
        outcomes: Vec::new(),
    };
    if let Test::Word(word) = &term.test {
        // Chunks, because a browser switches from baseline to optimized code only between two calls. One
        // call with a loop over all rows would stay slow to its end.
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

/// Whether every token of a text can be read and no word looks like an unknown field.
pub fn is_readable(text: &str, locale: &dyn Locale) -> bool {
    Filter::parse(text, locale).hints.is_empty()
}
