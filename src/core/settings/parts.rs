//! The parts of a view as texts: one parser for each, which attributes, the URL, `setState` and stored views share.
//!
//! What cannot be parsed gives the key of the reason, to be filled with `value`.

use crate::core::domain::column::Column;
use crate::core::i18n::Key;
use crate::core::i18n::locale::Locale;
use crate::core::query::sort::Sort;
use crate::core::time::TimeRange;

/// The most unknown columns that are named. A list with more is wrong as a whole, and naming all would not help.
const MOST_UNKNOWN: usize = 4;
/// The largest page number. A page beyond the last one is corrected later, by the state.
const MOST_PAGE: u64 = 1_000_000_000_000;

/// The reason for an unknown column.
pub(super) const UNKNOWN_COLUMN: Key = Key::WhyColumn;

/// A range whose bounds are in order: in the zone of `locale`, or else in some zone of the world.
pub(super) fn range(text: &str, locale: Option<&dyn Locale>) -> Result<TimeRange, Key> {
    let range = TimeRange::parse(text).ok_or(Key::WhyRange)?;
    let is_ordered = locale.map_or_else(|| range.is_ordered(), |locale| range.is_ordered_in(locale));
    is_ordered.then_some(range).ok_or(Key::WhyRangeOrder)
}

/// A sort; an empty text is the server's order (`None`).
pub(super) fn sort(text: &str) -> Result<Option<Sort>, Key> {
    match Sort::parse(text) {
        None if !text.trim().is_empty() => Err(UNKNOWN_COLUMN),
        sort => Ok(sort),
    }
}

/// The distinct columns of a list of ids, `None` if there are none; and the first unknown ids.
pub(super) fn columns<'a>(ids: impl Iterator<Item = &'a str>) -> (Option<Vec<Column>>, Vec<&'a str>) {
    let (mut known, mut unknown) = (Vec::new(), Vec::new());
    for id in ids {
        match Column::from_id(id) {
            Some(column) if known.contains(&column) => {}
            Some(column) => known.push(column),
            None if unknown.len() < MOST_UNKNOWN && !unknown.contains(&id) => unknown.push(id),
            None => {}
        }
    }
    (Some(known).filter(|known| !known.is_empty()), unknown)
}

/// A page number, from 1.
pub(super) fn page(text: &str) -> Result<u64, Key> {
    let page = text.parse().ok().filter(|page| (1..=MOST_PAGE).contains(page));
    page.ok_or(Key::WhyPage)
}
