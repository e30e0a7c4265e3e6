//! The texts of the cells. A cell is formatted only when its row is shown.

use chrono::{DateTime, Datelike, Timelike};

use super::column::{Column, IntField, Kind, TextField, TimeField};
use super::failure;
use super::layout::chosen;
use super::locale::Locale;
use super::secret::mask;
use super::table::Table;
use super::task;
use super::text::{Key, Lang, Tongue, fill, text};
use super::time::{DAY, HOUR, MINUTE, SECOND, iso, to_wall, utc};

/// The title of a column's header.
pub fn title(lang: Lang, column: Column) -> &'static str {
    let key = match column {
        Column::Id => Key::ColId,
        Column::Status => Key::Status,
        Column::BackupMode => Key::ColBackupMode,
        Column::BackupClusterName => Key::ColBackupClusterName,
        Column::BackupTenantName => Key::ColBackupTenantName,
        Column::RestoreClusterName => Key::ColRestoreClusterName,
        Column::RestoreTenantName => Key::ColRestoreTenantName,
        Column::CreateTime => Key::ColCreateTime,
        Column::FinishTime => Key::ColFinishTime,
        Column::RestoreEndTime => Key::ColRestoreEndTime,
        Column::ErrorMsg => Key::ColErrorMsg,
        Column::RestoreUri => Key::ColRestoreUri,
        Column::RestorePoolListStr => Key::ColRestorePoolListStr,
        Column::OcpJobId => Key::ColOcpJobId,
        Column::BackupClusterId => Key::ColBackupClusterId,
        Column::BackupObClusterId => Key::ColBackupObClusterId,
        Column::BackupTenantId => Key::ColBackupTenantId,
        Column::BackupObTenantId => Key::ColBackupObTenantId,
        Column::RestoreClusterId => Key::ColRestoreClusterId,
        Column::RestoreObClusterId => Key::ColRestoreObClusterId,
        Column::Duration => Key::ColDuration,
        Column::Rewind => Key::ColRewind,
    };
    text(lang, key)
}

/// Shown in place of a missing value.
pub const MISSING: &str = "—";

const MONTHS: [&str; 12] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];

/// A whole number with a comma between thousands, as all three languages do.
pub fn number(value: u64) -> String {
    let digits = value.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// A time with its date, and with its year unless it is the current one. `at` and `now` are in
/// microseconds since 1970.
pub fn time(at: i64, now: i64, locale: &dyn Locale) -> String {
    let (Some(wall), Some(today)) = (
        DateTime::from_timestamp_micros(to_wall(at, locale)),
        DateTime::from_timestamp_micros(to_wall(now, locale)),
    ) else {
        return at.to_string();
    };
    let clock = format!("{:02}:{:02}:{:02}", wall.hour(), wall.minute(), wall.second());
    let (year, month, day) = (wall.year(), wall.month(), wall.day());
    let this_year = year == today.year();
    match locale.lang().tongue {
        Tongue::En => {
            let month = MONTHS.get(wall.month0() as usize).copied().unwrap_or_default();
            if this_year {
                format!("{month} {day}, {clock}")
            } else {
                format!("{month} {day}, {year}, {clock}")
            }
        }
        Tongue::ZhCn | Tongue::Ja if this_year => format!("{month}月{day}日 {clock}"),
        Tongue::ZhCn | Tongue::Ja => format!("{year}年{month}月{day}日 {clock}"),
    }
}

/// The date of a time, with its year unless it is the current one.
pub fn day(at: i64, now: i64, locale: &dyn Locale) -> String {
    // In all languages, a space separates the date from the time of day.
    let mut text = time(at, now, locale);
    if let Some(at) = text.rfind(' ') {
        text.truncate(at);
    }
    text.truncate(text.trim_end_matches(',').len());
    text
}

/// The time of day if the time is today, otherwise with its date.
pub fn moment(at: i64, now: i64, locale: &dyn Locale) -> String {
    let (wall, today) = (to_wall(at, locale), to_wall(now, locale));
    match DateTime::from_timestamp_micros(wall) {
        Some(wall_time) if wall.div_euclid(DAY) == today.div_euclid(DAY) => {
            format!(
                "{:02}:{:02}:{:02}",
                wall_time.hour(),
                wall_time.minute(),
                wall_time.second()
            )
        }
        _ => time(at, now, locale),
    }
}

/// A length of time in its two largest units: `1.2 s`, `1 m 14 s`, `3 h 05 m`, `2 d 4 h`.
pub fn duration(micros: i64, lang: Lang) -> String {
    let sign = if micros < 0 { "−" } else { "" };
    let length = micros.unsigned_abs().min(i64::MAX as u64) as i64;
    // Cut off and not rounded: 59.96 s would become 60.0.
    let tenths = length / (SECOND / 10);
    let (key, a, b) = if (MINUTE..HOUR).contains(&length) {
        (Key::LengthMinutes, length / MINUTE, length % MINUTE / SECOND)
    } else if length >= DAY {
        (Key::LengthDays, length / DAY, length % DAY / HOUR)
    } else if length >= HOUR {
        (Key::LengthHours, length / HOUR, length % HOUR / MINUTE)
    } else if length < SECOND && tenths == 0 && length > 0 {
        (Key::LengthMillis, (length / 1000).max(1), 0)
    } else if tenths < 100 {
        (Key::LengthTenths, tenths / 10, tenths % 10)
    } else {
        (Key::LengthSeconds, tenths / 10, 0)
    };
    let (a, one, two) = (a.to_string(), b.to_string(), format!("{b:02}"));
    format!(
        "{sign}{}",
        fill(lang, key, &[("a", &a), ("b", &one), ("bb", &two)])
    )
}

/// A cell as shown.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Cell {
    /// The text, at most 300 characters.
    pub text: String,
    /// The tooltip, if it adds something.
    pub title: Option<String>,
    /// Whether the value is missing.
    pub missing: bool,
}

impl Cell {
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
pub fn cell(table: &Table, row: u32, column: Column, now: i64, locale: &dyn Locale) -> Cell {
    match column.kind() {
        Kind::Int(field) => int(table, row, field).map_or_else(Cell::missing, Cell::of),
        Kind::Worded(TextField::Status) => whole(Cell::of(status(table, row, locale.lang())), 24),
        Kind::Worded(field) => or_missing(task::mode_text(locale.lang(), table.text(row, field))),
        Kind::Text(TextField::ErrorMsg) => error(table.text(row, TextField::ErrorMsg)),
        Kind::Text(field) => whole(or_missing(table.text(row, field)), 12),
        Kind::Time(field) => match table.time(row, field) {
            Some(at) => Cell {
                title: Some(times_title(table, row, field, at)),
                ..Cell::of(time(at, now, locale))
            },
            None => table.odd_time(row, field).map_or_else(Cell::missing, Cell::of),
        },
        Kind::Duration => table
            .duration(row, now)
            .map_or_else(Cell::missing, |length| Cell::of(duration(length, locale.lang()))),
        Kind::Rewind => table
            .rewind(row)
            .map_or_else(Cell::missing, |length| Cell::of(duration(length, locale.lang()))),
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

/// How long ago or how far ahead a time is, in its largest unit.
pub fn ago(at: i64, now: i64, locale: &dyn Locale) -> String {
    let distance = at.saturating_sub(now);
    let length = distance.unsigned_abs().min(i64::MAX as u64) as i64;
    let (unit, size) = match length {
        0..MINUTE => ("second", SECOND),
        MINUTE..HOUR => ("minute", MINUTE),
        HOUR..DAY => ("hour", HOUR),
        _ if length < 60 * DAY => ("day", DAY),
        _ if length < 730 * DAY => ("month", 30 * DAY),
        _ => ("year", 365 * DAY),
    };
    locale.relative(distance / size, unit)
}

/// Adds to the tooltips of times how long ago they are. Separate, since the first row does not need it.
#[inline(never)]
pub fn add_ages(cells: &mut [(Column, Cell)], table: &Table, row: u32, now: i64, locale: &dyn Locale) {
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

/// A number as text. A job id below 1 counts as missing.
pub fn int(table: &Table, row: u32, field: IntField) -> Option<String> {
    let value = table
        .int(row, field)
        .filter(|value| field != IntField::OcpJobId || *value > 0);
    value
        .map(|value| value.to_string())
        .or_else(|| table.odd_int(row, field).map(str::to_owned))
}

/// The text of the status cell.
pub fn status(table: &Table, row: u32, lang: Lang) -> &str {
    let (raw, desc) = (
        table.text(row, TextField::Status),
        table.text(row, TextField::StatusDesc),
    );
    task::status_text(lang, raw, desc, table.outcome(row))
}

fn or_missing(text: &str) -> Cell {
    if text.trim().is_empty() {
        Cell::missing()
    } else {
        Cell::of(text)
    }
}

/// Adds the whole text as tooltip if it may be cut off: if it has more bytes than a column of default
/// width always shows.
fn whole(cell: Cell, fits: usize) -> Cell {
    Cell {
        title: (cell.text.len() > fits).then(|| cell.text.clone()),
        ..cell
    }
}

/// Adds the whole text as tooltip in columns with a chosen width, however long it is.
#[inline(never)]
pub fn add_whole(cells: &mut [(Column, Cell)], widths: &[(Column, u32)]) {
    for (column, cell) in cells {
        let is_cut = chosen(widths, *column).is_some() && cell.title.is_none() && !cell.missing;
        if is_cut && !cell.text.is_empty() {
            cell.title = Some(cell.text.clone());
        }
    }
}

/// The error's name and code if the message has them, otherwise the message itself.
fn error(message: &str) -> Cell {
    if message.trim().is_empty() {
        return Cell::of("");
    }
    let title = Some(clamp(message.to_owned(), 1000));
    match failure::named(message) {
        Some((name, Some(code))) => Cell {
            title,
            ..Cell::of(format!("{name} {}", error_code(code)))
        },
        Some((name, None)) => Cell {
            title,
            ..Cell::of(name)
        },
        None => Cell {
            title,
            ..Cell::of(message)
        },
    }
}

/// An error code with a minus sign as wide as the digits.
pub fn error_code(code: i32) -> String {
    let sign = if code < 0 { "−" } else { "" };
    format!("{sign}{}", code.unsigned_abs())
}

/// A foreign value to be quoted in a message: secrets masked, at most 100 characters, and control and
/// bidirectional characters written as escapes.
#[inline(never)]
pub fn named(value: &str) -> String {
    let mut out = String::new();
    for c in clamp(mask(value).into_owned(), 100).chars() {
        let turns = matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
        if turns || c.is_control() {
            out.extend(c.escape_unicode());
        } else {
            out.push(c);
        }
    }
    out
}

/// The text cut to `most` characters. A megabyte in a cell is of no use; the details have the whole text.
pub fn clamp(mut text: String, most: usize) -> String {
    if text.len() > most
        && let Some((end, _)) = text.char_indices().nth(most)
    {
        text.truncate(end);
        text.push('…');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::locale::Plain;

    #[test]
    fn durations_in_two_units() {
        let table = [
            (0, "0.0 s"),
            (1_233_000, "1.2 s"),
            (78_457_000, "1 m 18 s"),
            (59_999_999, "59 s"),
            (3 * HOUR + 5 * MINUTE, "3 h 05 m"),
            (52 * HOUR, "2 d 4 h"),
            (40_000, "40 ms"),
            (400_000, "0.4 s"),
            (-73 * MINUTE, "−1 h 13 m"),
            (i64::MIN, "−106751991 d 4 h"),
        ];
        for (micros, want) in table {
            assert_eq!(duration(micros, Lang::EN), want);
        }
        let table = [
            (1_233_000, "1.2秒", "1.2秒"),
            (40_000, "40毫秒", "40ミリ秒"),
            (59_999_999, "59秒", "59秒"),
            (78_457_000, "1分18秒", "1分18秒"),
            (3 * HOUR + 5 * MINUTE, "3小时05分", "3時間05分"),
            (52 * HOUR, "2天4小时", "2日4時間"),
        ];
        for (micros, zh, ja) in table {
            assert_eq!(
                [zh, ja],
                [Lang::ZH_CN, Lang::JA].map(|lang| duration(micros, lang))
            );
        }
    }

    #[test]
    fn how_long_ago_in_the_unit_that_matters() {
        let table = [
            (0, "0 second"),
            (-59 * SECOND, "-59 second"),
            (-61 * MINUTE, "-1 hour"),
            (25 * HOUR, "1 day"),
            (-59 * DAY, "-59 day"),
            (-61 * DAY, "-2 month"),
            (-800 * DAY, "-2 year"),
            (i64::MIN, "-292471 year"),
        ];
        for (distance, want) in table {
            assert_eq!(ago(distance, 0, &Plain::default()), want);
        }
    }

    #[test]
    fn times_carry_their_date_and_the_year_when_it_is_not_this_one() {
        let at = 1_631_183_538 * SECOND;
        let shanghai = |lang| Plain {
            lang,
            offset: 8 * 3600,
        };
        assert_eq!(time(at, at, &Plain::default()), "Sep 9, 10:32:18");
        assert_eq!(
            time(at, at + 400 * DAY, &shanghai(Lang::EN)),
            "Sep 9, 2021, 18:32:18"
        );
        assert_eq!(
            time(at, at + 400 * DAY, &shanghai(Lang::ZH_CN)),
            "2021年9月9日 18:32:18"
        );
        assert_eq!(time(at, at, &shanghai(Lang::JA)), "9月9日 18:32:18");
        assert_eq!(day(at, at, &shanghai(Lang::EN)), "Sep 9");
        assert_eq!(day(at, at + 400 * DAY, &shanghai(Lang::EN)), "Sep 9, 2021");
        assert_eq!(day(at, at + 400 * DAY, &shanghai(Lang::ZH_CN)), "2021年9月9日");
    }

    #[test]
    fn numbers_have_their_thousands_apart() {
        for (value, want) in [(0, "0"), (999, "999"), (1240, "1,240"), (1_234_567, "1,234,567")] {
            assert_eq!(number(value), want);
        }
    }
}
