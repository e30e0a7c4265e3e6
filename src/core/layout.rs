//! How the columns stand: their order, how wide each is, whether the first stays in sight. What a person does to them,
//! and the tracks of the grid that every row has.
//!
//! It knows no element and no pixel of the screen: a width that depends on what is rendered (a column that takes what
//! is left) is measured by the view and comes in with the action.

use super::column::{self, Column};
use super::state::{Action, State};

/// The least that a person can make of a column: a number and its ellipsis still show.
pub const LEAST: u32 = 48;
/// The most.
pub const MOST: u32 = 800;
/// By how much a key or a button makes a column wider.
pub const STEP: u32 = 16;

/// Columns that have another width than usual, in the order of [`Column::ALL`].
pub type Widths = Vec<(Column, u32)>;

/// What came of arranging the columns, for those who don't see it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Note {
    /// This one has another place.
    Moved(Column),
    /// This one has another width.
    Sized(Column),
    /// All is as the host has it.
    Reset,
}

/// The width that a person chose.
pub fn chosen(widths: &[(Column, u32)], column: Column) -> Option<u32> {
    let found = widths.iter().find(|(other, _)| *other == column);
    found.map(|(_, width)| *width)
}

/// Chooses a width within the bounds; `None` is the usual one.
pub fn choose(widths: &mut Widths, column: Column, width: Option<u32>) {
    widths.retain(|(other, _)| *other != column);
    if let Some(width) = width {
        let at = widths.partition_point(|(other, _)| *other < column);
        widths.insert(at, (column, width.clamp(LEAST, MOST)));
    }
}

/// Shows a column where it usually stands: before the first that usually comes after it.
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

/// The usual width of a column, or its least one where it takes what is left.
fn usual(column: Column, id_digits: u32) -> u32 {
    match column {
        Column::Id => (id_digits * 15 / 2 + 22).max(64),
        Column::BackupMode => 80,
        Column::Status => 238,
        // With the year that older ones carry.
        Column::CreateTime | Column::FinishTime | Column::RestoreEndTime => 178,
        Column::Duration | Column::Rewind => 96,
        Column::RestoreUri | Column::RestorePoolListStr | Column::ErrorMsg => 220,
        column if column.is_numeric() => 130,
        _ => 118,
    }
}

/// How wide the table is at least: what is as usual grows with the host's font, what a person chose does not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Least {
    /// In units of the design.
    pub units: u32,
    /// In pixels.
    pub pixels: u32,
}

impl Least {
    /// As a style sheet says it.
    pub fn spell(self) -> String {
        let Self { units, pixels } = self;
        format!("calc({units}*var(--unit) + {pixels}px)")
    }
}

/// How wide the table is at least, and the tracks of its grid. What is left goes to the failure, and without it to all
/// whose width nobody chose; where there is none it stays empty, in a track of its own.
pub fn tracks(columns: &[Column], widths: &[(Column, u32)], id_digits: u32) -> (Least, String) {
    let has_failure = columns.contains(&Column::ErrorMsg);
    let mut least = Least::default();
    let mut tracks = String::new();
    let mut is_filled = false;
    for column in columns {
        let chosen = chosen(widths, *column);
        let width = chosen.unwrap_or_else(|| usual(*column, id_digits));
        *if chosen.is_some() {
            &mut least.pixels
        } else {
            &mut least.units
        } += width;
        let width = width.to_string();
        let grows = chosen.is_none() && (*column == Column::ErrorMsg || !has_failure);
        is_filled |= grows;
        // In units of the design, which grow with the host's font; what a person chose stays as it is.
        let parts: [&str; 5] = if grows {
            ["minmax(calc(", &width, "*var(--unit)),", &width, "fr) "]
        } else if chosen.is_none() {
            ["calc(", &width, "*var(--unit)) ", "", ""]
        } else {
            [&width, "px ", "", "", ""]
        };
        parts.iter().for_each(|part| tracks.push_str(part));
    }
    // The rest of a row, which has a line below it as the cells have.
    if !widths.is_empty() {
        tracks.push_str(if is_filled { "0px" } else { REST });
    }
    (least, tracks)
}

/// A track for what is left.
const REST: &str = "minmax(0,1fr)";

/// The same while a column is being dragged: the tracks as they are, with another width for one of them.
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

impl State {
    /// What a person does to the columns.
    #[inline(never)]
    pub(super) fn arrange(&mut self, action: &Action) {
        let view = &mut self.view;
        let note = match *action {
            Action::Move(column, by) => {
                let Some(from) = view.columns.iter().position(|other| *other == column) else {
                    return;
                };
                let to = from.saturating_add_signed(by).min(view.columns.len() - 1);
                let column = view.columns.remove(from);
                view.columns.insert(to, column);
                Note::Moved(column)
            }
            Action::Width(column, width) => {
                choose(&mut view.widths, column, width);
                Note::Sized(column)
            }
            Action::Pin(pinned) => {
                view.pinned = pinned;
                return;
            }
            Action::ResetColumns => {
                view.columns.clone_from(&self.config.columns);
                view.widths.clear();
                view.pinned = false;
                Note::Reset
            }
            _ => return,
        };
        self.note = Some((note, self.count()));
    }

    /// What came of arranging the columns last, until something else is done or the number of tasks is another one,
    /// which is then what there is to say.
    #[inline(never)]
    pub fn note(&self) -> Option<Note> {
        let (note, count) = self.note?;
        (count == self.count()).then_some(note)
    }
}

#[cfg(test)]
#[path = "layout_tests.rs"]
mod tests;
