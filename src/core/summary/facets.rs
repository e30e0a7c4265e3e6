//! Which texts a column has, and how often: what a person can pick without typing it.

use crate::core::batch::Texts;
use crate::core::column::{Column, Kind, TextField};
use crate::core::failure;
use crate::core::poll::{Mark, sort};
use crate::core::table::Table;

/// The place of a text that counts for nothing.
const NOWHERE: u32 = u32::MAX;

/// The texts of a column as the API has them, with the number of rows that have each: the most frequent first, ties
/// by first appearance, at most `most` of them. Of an error message its `OB_NAME` counts. Rows without a text, and
/// columns that have none, give nothing.
pub fn facets<'a>(table: &'a Table, rows: &[u32], column: Column, most: usize) -> Vec<(&'a str, u32)> {
    let (Kind::Text(field) | Kind::Worded(field)) = column.kind() else {
        return Vec::new();
    };
    let mut found: Vec<(&str, u32)> = Vec::new();
    // Many messages have one name, so names are told apart as texts are elsewhere.
    let mut names = Texts::default();
    // By the number of a text, its place in `found` and one more; each text is looked at once.
    let mut places = vec![0; table.texts().len()];
    for &row in rows {
        let place: &mut u32 = &mut places[table.sym(row, field) as usize];
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
