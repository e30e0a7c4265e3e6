//! The distinct texts of a column and how many rows have each, so that a person can pick one without
//! typing.

use crate::core::domain::column::{Column, Kind, TextField};
use crate::core::domain::failure;
use crate::core::table::Table;
use crate::core::table::identity::{Mark, sort};
use crate::core::table::interner::Texts;

/// Marks a text that is not counted.
const NOWHERE: u32 = u32::MAX;

/// The texts of a column as the API sends them, with the number of rows that have each. The most frequent
/// come first, ties by first appearance, at most `most`. For error messages, the error's name is counted.
/// Rows without a text are skipped; a column without texts gives nothing.
pub fn facets<'a>(table: &'a Table, rows: &[u32], column: Column, most: usize) -> Vec<(&'a str, u32)> {
    let (Kind::Text(field) | Kind::Worded(field)) = column.kind() else {
        return Vec::new();
    };
    let mut found: Vec<(&str, u32)> = Vec::new();
    // Many messages have the same name, so names are interned.
    let mut names = Texts::default();
    // For each text number, its index in `found` plus one. Each text is examined once.
    let mut places = vec![0; table.texts().len()];
    for &row in rows {
        let place: &mut u32 = &mut places[table.text_id(row, field) as usize];
        if *place == 0 {
            let text = table.text(row, field);
            let text = match field {
                TextField::ErrorMsg => failure::read(text).name.unwrap_or_default(),
                _ => text,
            };
            *place = if text.trim().is_empty() {
                NOWHERE
            } else {
                names.intern(text)
            };
            if *place as usize == found.len() + 1 {
                found.push((text, 0));
            }
        }
        if let Some(facet) = found.get_mut((*place as usize).wrapping_sub(1)) {
            facet.1 += 1;
        }
    }
    let mut marks: Vec<Mark> = (0..found.len())
        .map(|at| (-i64::from(found[at].1), 0, at))
        .collect();
    sort(&mut marks);
    marks.truncate(most);
    marks.iter().map(|mark| found[mark.2]).collect()
}
