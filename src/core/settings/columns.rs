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

/// What the widths of the columns follow from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ColumnLayout {
    /// The shown columns, in order.
    pub columns: Vec<Column>,
    /// The columns that do not have their default width.
    pub widths: Widths,
    /// The number of digits of the longest id.
    pub id_digits: u32,
}

impl ColumnLayout {
    /// The same with another width for one column.
    pub fn with_width(&self, column: Column, width: u32) -> Self {
        let mut layout = self.clone();
        set_width(&mut layout.widths, column, Some(width));
        layout
    }

    /// The least width of the table, and the tracks of its rows, for `grid-template-columns`. The remaining
    /// space goes to the error message. If that column is not shown, it goes to all columns without a chosen
    /// width. If there is none either, it stays empty in a track of its own.
    pub fn tracks(&self) -> (Least, Vec<String>) {
        let has_failure = self.columns.contains(&Column::ErrorMsg);
        let mut least = Least::default();
        let mut is_filled = false;
        let track = |column: &Column| {
            let chosen = chosen_width(&self.widths, *column);
            let width = chosen.unwrap_or_else(|| usual(*column, self.id_digits));
            *if chosen.is_some() {
                &mut least.pixels
            } else {
                &mut least.units
            } += width;
            let grows = chosen.is_none() && (*column == Column::ErrorMsg || !has_failure);
            is_filled |= grows;
            // Default widths use design units, which grow with the host's font. Chosen widths stay as they
            // are.
            if grows {
                format!("minmax(calc({width}*var(--unit)),{width}fr)")
            } else if chosen.is_none() {
                format!("calc({width}*var(--unit))")
            } else {
                format!("{width}px")
            }
        };
        let mut tracks: Vec<String> = self.columns.iter().map(track).collect();
        // A track for the rest of the row, so that the line below the row goes to the end.
        if !self.widths.is_empty() {
            tracks.push(if is_filled { "0px" } else { "minmax(0,1fr)" }.to_owned());
        }
        (least, tracks)
    }
}

#[cfg(test)]
#[path = "columns_tests.rs"]
mod tests;
