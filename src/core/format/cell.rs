//! The texts of the cells. A cell is formatted only when its row is shown.

use super::words::{ago, duration, error_code, mode_text, status_text, time};
use crate::core::domain::column::{Column, IntField, Kind, TextField, TimeField};
use crate::core::domain::failure;
use crate::core::i18n::Lang;
use crate::core::i18n::locale::Locale;
use crate::core::privacy::excerpt::clamp;
use crate::core::table::Table;
use crate::core::time::{iso, utc};

/// Shown in place of a missing value.
pub const MISSING: &str = "—";

/// A cell as shown.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CellText {
    /// The text, at most 300 characters.
    pub text: String,
    /// The tooltip, if it adds something.
    pub title: Option<String>,
    /// Whether the value is missing.
    pub missing: bool,
}

impl CellText {
    fn of(text: impl Into<String>) -> Self {
        Self {
            text: clamp(text.into(), 300),
            ..Self::default()
        }
    }

    fn missing() -> Self {
        Self {
            missing: true,
            ..Self::of(MISSING)
        }
    }
}

/// The cell of a task's column. `now` is in microseconds since 1970.
pub fn cell(table: &Table, row: u32, column: Column, now: i64, locale: &dyn Locale) -> CellText {
    match column.kind() {
        Kind::Int(field) => int(table, row, field).map_or_else(CellText::missing, CellText::of),
        Kind::Worded(TextField::Status) => whole(CellText::of(status(table, row, locale.lang())), 24),
        Kind::Worded(field) => or_missing(mode_text(locale.lang(), table.text(row, field))),
        Kind::Text(TextField::ErrorMsg) => error(table.text(row, TextField::ErrorMsg)),
        Kind::Text(field) => whole(or_missing(table.text(row, field)), 12),
        Kind::Time(field) => match table.time(row, field) {
            Some(at) => CellText {
                title: Some(times_title(table, row, field, at)),
                ..CellText::of(time(at, now, locale))
            },
            None => table
                .unparsed_time(row, field)
                .map_or_else(CellText::missing, CellText::of),
        },
        Kind::Duration => table.duration(row, now).map_or_else(CellText::missing, |length| {
            CellText::of(duration(length, locale.lang()))
        }),
        Kind::Rewind => table.rewind(row).map_or_else(CellText::missing, |length| {
            CellText::of(duration(length, locale.lang()))
        }),
    }
}

/// The time in UTC, and the time as the server wrote it.
fn times_title(table: &Table, row: u32, field: TimeField, at: i64) -> String {
    let offset = i32::from(table.offset(row, field)) * 60;
    let utc = utc(at);
    if offset == 0 {
        utc
    } else {
        format!("{utc} · {}", iso(at, offset, ":"))
    }
}

/// Adds to the tooltips of times how long ago they are. Separate, since the first row does not need it.
#[inline(never)]
pub fn add_ages(cells: &mut [(Column, CellText)], table: &Table, row: u32, now: i64, locale: &dyn Locale) {
    for (column, cell) in cells {
        let Kind::Time(field) = column.kind() else {
            continue;
        };
        if let (Some(at), Some(title)) = (table.time(row, field), &mut cell.title) {
            title.push_str(" · ");
            title.push_str(&ago(at, now, locale));
        }
    }
}

/// A number as text. In the column *OCP job*, a number below 1 counts as missing.
pub fn int(table: &Table, row: u32, field: IntField) -> Option<String> {
    let value = table.number(row, field);
    value
        .map(|value| value.to_string())
        .or_else(|| table.unparsed_int(row, field).map(str::to_owned))
}

/// The text of the status cell.
pub fn status(table: &Table, row: u32, lang: Lang) -> &str {
    let (raw, desc) = (
        table.text(row, TextField::Status),
        table.text(row, TextField::StatusDesc),
    );
    status_text(lang, raw, desc, table.outcome(row))
}

fn or_missing(text: &str) -> CellText {
    if text.trim().is_empty() {
        CellText::missing()
    } else {
        CellText::of(text)
    }
}

/// Adds the whole text as tooltip if it may be cut off: if it has more bytes than a column of default
/// width always shows.
fn whole(cell: CellText, fits: usize) -> CellText {
    CellText {
        title: (cell.text.len() > fits).then(|| cell.text.clone()),
        ..cell
    }
}

/// Adds the whole text as tooltip in columns that may cut it off, however long it is.
#[inline(never)]
pub fn add_whole(cells: &mut [(Column, CellText)], may_cut: impl Fn(Column) -> bool) {
    for (column, cell) in cells {
        let is_cut = may_cut(*column) && cell.title.is_none() && !cell.missing;
        if is_cut && !cell.text.is_empty() {
            cell.title = Some(cell.text.clone());
        }
    }
}

/// The error's name and code if the message has them, otherwise the message itself.
fn error(message: &str) -> CellText {
    if message.trim().is_empty() {
        return CellText::of("");
    }
    let title = Some(clamp(message.to_owned(), 1000));
    match failure::named(message) {
        Some((name, Some(code))) => CellText {
            title,
            ..CellText::of(format!("{name} {}", error_code(code)))
        },
        Some((name, None)) => CellText {
            title,
            ..CellText::of(name)
        },
        None => CellText {
            title,
            ..CellText::of(message)
        },
    }
}
