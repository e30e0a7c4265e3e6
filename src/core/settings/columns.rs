//! The layout of the columns: their order, their widths, whether the first is pinned, and the grid tracks
//! that every row shares.
//!
//! This module knows no element and measures nothing: a width that depends on the rendering (a column
//! that takes the remaining space) is measured by the view and comes in with the action.

use crate::core::domain::column::{self, Column};

/// The least width that a person can choose, in pixels: a number and its ellipsis still fit.
pub const LEAST: u32 = 48;
/// The greatest width that a person can choose, in pixels.
pub const MOST: u32 = 800;
/// The pixels that one key press or click on a button adds to a width or takes from it.
pub const STEP: u32 = 16;

/// The columns that do not have their default width, with their widths in pixels, in the order of
/// [`Column::ALL`].
pub type Widths = Vec<(Column, u32)>;

/// The result of a change to the columns, announced to those who do not see it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ColumnNotice {
    /// This column was moved.
    Moved(Column),
    /// This column has another width.
    Resized(Column),
    /// The host's columns and the default widths are back.
    Reset,
}

/// The width that a person chose, in pixels; `None` if the column has its default width.
pub fn chosen_width(widths: &[(Column, u32)], column: Column) -> Option<u32> {
    let found = widths.iter().find(|(other, _)| *other == column);
    found.map(|(_, width)| *width)
}

/// Sets a width, limited to [`LEAST`] and [`MOST`]; `None` is the default width.
pub fn set_width(widths: &mut Widths, column: Column, width: Option<u32>) {
    widths.retain(|(other, _)| *other != column);
    if let Some(width) = width {
        let at = widths.partition_point(|(other, _)| *other < column);
        widths.insert(at, (column, width.clamp(LEAST, MOST)));
    }
}

/// Shows a column at its default place: before the first one that comes after it by default.
pub fn show(columns: &mut Vec<Column>, column: Column) {
    let usual = |column: &Column| {
        let rest = Column::ALL
            .iter()
            .filter(|other| !column::DEFAULT.contains(other));
        column::DEFAULT
            .iter()
            .chain(rest)
            .position(|other| other == column)
    };
    let place = usual(&column);
    let at = columns.iter().position(|other| usual(other) > place);
    columns.insert(at.unwrap_or(columns.len()), column);
}

/// The default width of a column in design units, or the least one if it takes the remaining space.
fn usual(column: Column, id_digits: u32) -> u32 {
    match column {
        Column::Id => (id_digits * 15 / 2 + 22).max(64),
        Column::BackupMode => 80,
        Column::Status => 238,
        // Wide enough for the year that older times show.
        Column::CreateTime | Column::FinishTime | Column::RestoreEndTime => 178,
        Column::Duration | Column::Rewind => 96,
        Column::RestoreUri | Column::RestorePoolListStr | Column::ErrorMsg => 220,
        column if column.is_numeric() => 130,
        _ => 118,
    }
}

/// The least width of the table. Default widths grow with the host's font; widths that a person chose do
/// not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Least {
    /// The default widths, in design units.
    pub units: u32,
    /// The chosen widths, in pixels.
    pub pixels: u32,
}

impl Least {
    /// The CSS value.
    pub fn css(self) -> String {
        let Self { units, pixels } = self;
        format!("calc({units}*var(--unit) + {pixels}px)")
    }
}

/// The least width of the table, and the `grid-template-columns` of its rows. The remaining space goes to
/// the error message. If that column is not shown, it goes to all columns without a chosen width. If
/// there is none either, it stays empty in a track of its own.
pub fn tracks(columns: &[Column], widths: &[(Column, u32)], id_digits: u32) -> (Least, String) {
    let has_failure = columns.contains(&Column::ErrorMsg);
    let mut least = Least::default();
    let mut tracks = String::new();
    let mut is_filled = false;
    for column in columns {
        let chosen = chosen_width(widths, *column);
        let width = chosen.unwrap_or_else(|| usual(*column, id_digits));
        *if chosen.is_some() {
            &mut least.pixels
        } else {
            &mut least.units
        } += width;
        let width = width.to_string();
        let grows = chosen.is_none() && (*column == Column::ErrorMsg || !has_failure);
        is_filled |= grows;
        // Default widths use design units, which grow with the host's font. Chosen widths stay as they
        // are.
        let parts: [&str; 5] = if grows {
            ["minmax(calc(", &width, "*var(--unit)),", &width, "fr) "]
        } else if chosen.is_none() {
            ["calc(", &width, "*var(--unit)) ", "", ""]
        } else {
            [&width, "px ", "", "", ""]
        };
        parts.iter().for_each(|part| tracks.push_str(part));
    }
    // A track for the rest of the row, so that the line below the row goes to the end.
    if !widths.is_empty() {
        tracks.push_str(if is_filled { "0px" } else { REST });
    }
    (least, tracks)
}

/// The track for the remaining space.
const REST: &str = "minmax(0,1fr)";

/// Like [`tracks`], while a column is being dragged: the given tracks with another width for the one at
/// `at`.
#[inline(never)]
pub fn dragged(tracks: &str, columns: usize, at: usize, width: u32) -> (Least, String) {
    let mut tracks: Vec<String> = tracks.split_whitespace().map(str::to_owned).collect();
    tracks.truncate(columns);
    if let Some(track) = tracks.get_mut(at) {
        *track = format!("{}px", width.clamp(LEAST, MOST));
    }
    let mut least = Least::default();
    for track in &tracks {
        let digits = track.trim_start_matches("minmax(").trim_start_matches("calc(");
        let end = digits.find(|c: char| !c.is_ascii_digit()).unwrap_or(digits.len());
        let sum = if digits.len() == track.len() {
            &mut least.pixels
        } else {
            &mut least.units
        };
        *sum += digits[..end].parse::<u32>().unwrap_or(0);
    }
    let is_filled = tracks.iter().any(|track| track.starts_with("minmax"));
    tracks.push(if is_filled { "0px" } else { REST }.to_owned());
    (least, tracks.join(" "))
}

#[cfg(test)]
#[path = "columns_tests.rs"]
mod tests;
