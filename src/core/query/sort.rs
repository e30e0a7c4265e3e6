//! Sorts the rows of the whole range, by value and not by shown text. Missing values come last in both
//! directions.

use std::cmp::Ordering;

use crate::core::domain::column::{Column, Kind, TextField};
use crate::core::format;
use crate::core::i18n::locale::Locale;
use crate::core::table::{Table, TextId};

/// A sort: the column and the direction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sort {
    /// The column.
    pub column: Column,
    /// Whether the greatest value comes first.
    pub descending: bool,
}

impl Sort {
    /// Parses `createTime` or `-createTime`.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let (id, descending) = text.strip_prefix('-').map_or((text, false), |id| (id, true));
        Column::from_id(id).map(|column| Self { column, descending })
    }

    /// The form of the attribute `sort`.
    pub fn print(self) -> String {
        format!("{}{}", if self.descending { "-" } else { "" }, self.column.id())
    }

    /// The sort after a header was pressed: ascending, then descending, then the server's order (`None`).
    pub fn next(current: Option<Self>, column: Column) -> Option<Self> {
        match current.filter(|sort| sort.column == column) {
            None => Some(Self {
                column,
                descending: false,
            }),
            Some(Self {
                descending: false, ..
            }) => Some(Self {
                column,
                descending: true,
            }),
            Some(_) => None,
        }
    }
}

/// Sorts rows that are in the server's order. Ties keep that order in both directions.
pub fn sort(rows: &mut [u32], table: &Table, sort: Sort, now: i64, locale: &dyn Locale) {
    match sort.column.kind() {
        Kind::Int(field) => by_key(rows, sort.descending, |row| table.number(row, field)),
        Kind::Time(field) => by_key(rows, sort.descending, |row| table.time(row, field)),
        Kind::Duration => by_key(rows, sort.descending, |row| table.duration(row, now)),
        Kind::Rewind => by_key(rows, sort.descending, |row| table.rewind(row)),
        Kind::Worded(TextField::Status) => {
            // The shown status depends on three fields. There are few distinct ones, so each gets one
            // rank.
            let ranks = ranks(
                rows.iter().map(|&row| format::status(table, row, locale.lang())),
                locale,
            );
            let rank = |row| {
                ranks.binary_search_by(|(text, _)| (*text).cmp(format::status(table, row, locale.lang())))
            };
            by_key(rows, sort.descending, |row| rank(row).ok().map(|at| ranks[at].1));
        }
        Kind::Worded(field) => by_text(rows, table, field, sort.descending, locale, |text| {
            format::mode_text(locale.lang(), text)
        }),
        Kind::Text(field) => by_text(rows, table, field, sort.descending, locale, |text| text),
    }
}

/// Distinct texts by code point, each with its rank in the locale's collation. Texts that collate as
/// equal share a rank.
fn ranks<'a>(texts: impl Iterator<Item = &'a str>, locale: &dyn Locale) -> Vec<(&'a str, u32)> {
    let mut distinct: Vec<&str> = texts.collect();
    distinct.sort_unstable();
    distinct.dedup();
    let mut collated = distinct.clone();
    collated.sort_by(|a, b| locale.compare(a, b));
    let mut rank = 0;
    let mut ranked: Vec<(&str, u32)> = Vec::with_capacity(collated.len());
    for text in collated {
        if ranked
            .last()
            .is_some_and(|(before, _)| locale.compare(before, text) != Ordering::Equal)
        {
            rank += 1;
        }
        ranked.push((text, rank));
    }
    ranked.sort_unstable_by_key(|(text, _)| *text);
    ranked
}

fn by_text(
    rows: &mut [u32],
    table: &Table,
    field: TextField,
    descending: bool,
    locale: &dyn Locale,
    words: impl Fn(&str) -> &str,
) {
    let mut text_ids: Vec<TextId> = rows.iter().map(|&row| table.text_id(row, field)).collect();
    text_ids.sort_unstable();
    text_ids.dedup();
    let ranks = ranks(
        text_ids.iter().map(|&text_id| words(table.texts().get(text_id))),
        locale,
    );
    let mut of_text = vec![None; table.texts().len()];
    for text_id in text_ids {
        let text = words(table.texts().get(text_id));
        if !text.trim().is_empty() {
            let at = ranks.binary_search_by(|(known, _)| (*known).cmp(text));
            of_text[text_id as usize] = at.ok().map(|at| ranks[at].1);
        }
    }
    by_key(rows, descending, |row| {
        of_text[table.text_id(row, field) as usize]
    });
}

fn by_key<K: Ord + Copy>(rows: &mut [u32], descending: bool, key: impl Fn(u32) -> Option<K>) {
    let mut keyed: Vec<(Option<K>, u32)> = rows.iter().map(|&row| (key(row), row)).collect();
    keyed.sort_by(|(a, _), (b, _)| match (a, b) {
        (Some(a), Some(b)) if descending => b.cmp(a),
        (Some(a), Some(b)) => a.cmp(b),
        (a, b) => b.is_some().cmp(&a.is_some()),
    });
    for (place, (_, row)) in rows.iter_mut().zip(keyed) {
        *place = row;
    }
}

#[cfg(test)]
#[path = "sort_tests.rs"]
mod tests;
