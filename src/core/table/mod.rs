//! The tasks that are held, stored by column.
//!
//! A hundred thousand tasks repeat a few hundred names, so each text is stored once in one arena, numbers
//! and times are `i64`, and nothing is formatted before it is shown. A row number stands for one content:
//! two tasks with the same id but another content are two rows, because ids repeat in the field. Which
//! rows are in the range, and in which order, is known to `dataset` and not to this module.
//!
//! A running task gets a new content at each step, so a widget that is open for days would collect
//! contents that nothing shows any more. [`Table::sweep`] drops them. The other rows keep their numbers,
//! since the rows on the screen and the focus are known by number. The numbers of dropped rows are used
//! again.

pub mod batch;
pub mod identity;
pub mod interner;

use hashbrown::HashTable;

use crate::core::domain::column::{IntField, TextField, TimeField};
use crate::core::domain::task::Outcome;
use batch::{Batch, NONE, Row, unpack, unparsed_int, unparsed_time};
pub use interner::{TextId, Texts};

/// From so many held tasks on, the text of the tasks to come is estimated from theirs.
const ENOUGH: usize = 4_000;

/// All contents that were received for this range, each once.
#[derive(Debug, Clone, Default)]
pub struct Table {
    columns: Batch,
    index: HashTable<u32>,
    /// Row numbers that can be used again, the lowest last.
    free: Vec<u32>,
}

impl Table {
    /// Adds tasks and returns their row numbers. A content that is held already keeps its earlier number.
    pub fn absorb(&mut self, batch: &Batch) -> Vec<u32> {
        let mut text_ids = vec![0; batch.texts.len()];
        for (text_id, own) in (0..).zip(&mut text_ids).skip(1) {
            let (text, hash) = (batch.texts.get(text_id), batch.texts.hash(text_id));
            *own = self.columns.texts.intern_hashed(text, hash);
        }
        (0..batch.len())
            .map(|at| self.take(batch, at, &text_ids))
            .collect()
    }

    /// Adds one task and returns its row number.
    pub fn add(&mut self, row: &Row) -> u32 {
        self.absorb(&Batch::from_iter([row]))[0]
    }

    /// Makes room for so many tasks in total, so that no column grows by doubling.
    pub fn reserve(&mut self, rows: usize) {
        // The number comes from a server and may be wrong, and reserved memory is never given back.
        let rows = rows.min(self.len().max(ENOUGH) * 50);
        let more = rows.saturating_sub(self.len());
        let columns = &mut self.columns;
        let numbers = columns.ints.iter_mut().chain(&mut columns.times);
        numbers.for_each(|column| room(column, more));
        columns.text_ids.iter_mut().for_each(|column| room(column, more));
        columns.offsets.iter_mut().for_each(|column| room(column, more));
        room(&mut columns.flags, more);
        room(&mut columns.outcomes, more);
        room(&mut columns.hashes, more);
        // With enough tasks held, the size of the texts can be estimated.
        let held = columns.outcomes.len();
        if held >= ENOUGH {
            columns.texts.reserve(held, rows);
        }
    }

    fn take(&mut self, batch: &Batch, at: usize, text_ids: &[TextId]) -> u32 {
        let hash = batch.hashes[at];
        let unparsed = batch.unparsed_of(at as u32);
        let columns = &self.columns;
        let same = self.index.find(hash, |&row| {
            let (other, held) = (row as usize, columns.unparsed_of(row));
            columns.hashes[other] == hash
                && columns
                    .ints
                    .iter()
                    .zip(&batch.ints)
                    .all(|(a, b)| a[other] == b[at])
                && columns
                    .times
                    .iter()
                    .zip(&batch.times)
                    .all(|(a, b)| a[other] == b[at])
                && columns
                    .text_ids
                    .iter()
                    .zip(&batch.text_ids)
                    .all(|(a, b)| a[other] == text_ids[b[at] as usize])
                && columns.flags[other] == batch.flags[at]
                && held.len() == unparsed.len()
                && held
                    .iter()
                    .zip(unparsed)
                    .all(|(a, b)| (a.1, a.2) == (b.1, text_ids[b.2 as usize]))
        });
        if let Some(&row) = same {
            return row;
        }
        let number = self.free.pop().unwrap_or(self.len() as u32);
        let columns = &mut self.columns;
        for (column, from) in columns.ints.iter_mut().zip(&batch.ints) {
            put(column, number, from[at]);
        }
        for (column, from) in columns.times.iter_mut().zip(&batch.times) {
            put(column, number, from[at]);
        }
        for (column, from) in columns.offsets.iter_mut().zip(&batch.offsets) {
            put(column, number, from[at]);
        }
        for (column, from) in columns.text_ids.iter_mut().zip(&batch.text_ids) {
            put(column, number, text_ids[from[at] as usize]);
        }
        put(&mut columns.flags, number, batch.flags[at]);
        put(&mut columns.outcomes, number, batch.outcomes[at]);
        put(&mut columns.hashes, number, hash);
        if !unparsed.is_empty() {
            let place = columns.unparsed.partition_point(|value| value.0 < number);
            let unparsed = unparsed
                .iter()
                .map(|odd| (number, odd.1, text_ids[odd.2 as usize]));
            columns.unparsed.splice(place..place, unparsed);
        }
        let hashes = &columns.hashes;
        self.index
            .insert_unique(hash, number, |&row| hashes[row as usize]);
        number
    }

    /// Drops every row whose entry in `kept` is not true. The other rows keep their numbers.
    #[inline(never)]
    pub fn sweep(&mut self, kept: &[bool]) {
        let is_kept = |row: u32| kept.get(row as usize) == Some(&true);
        let columns = &mut self.columns;
        let old = std::mem::take(&mut columns.texts);
        let mut text_ids = vec![0; old.len()];
        let mut renew = |text_id: &mut TextId| {
            if *text_id > 0 && text_ids[*text_id as usize] == 0 {
                text_ids[*text_id as usize] =
                    columns.texts.intern_hashed(old.get(*text_id), old.hash(*text_id));
            }
            *text_id = text_ids[*text_id as usize];
        };
        for column in &mut columns.text_ids {
            for (row, text_id) in (0..).zip(column) {
                if is_kept(row) {
                    renew(text_id);
                } else {
                    *text_id = 0;
                }
            }
        }
        columns.unparsed.retain(|odd| is_kept(odd.0));
        columns.unparsed.iter_mut().for_each(|odd| renew(&mut odd.2));
        self.index.retain(|row| is_kept(*row));
        self.free = (0..columns.len() as u32)
            .rev()
            .filter(|row| !is_kept(*row))
            .collect();
    }

    /// The number of contents that are held.
    pub fn used(&self) -> usize {
        self.len() - self.free.len()
    }

    /// One more than the highest row number.
    pub fn len(&self) -> usize {
        self.columns.len()
    }

    /// Whether no row was ever added.
    pub fn is_empty(&self) -> bool {
        self.columns.is_empty()
    }

    /// The distinct texts of all rows.
    pub fn texts(&self) -> &Texts {
        &self.columns.texts
    }

    /// A number; `None` if it is missing or not a whole number of 64 bits.
    pub fn int(&self, row: u32, field: IntField) -> Option<i64> {
        Some(self.columns.ints[field as usize][row as usize]).filter(|value| *value != NONE)
    }

    fn unparsed(&self, row: u32, field: u8) -> Option<&str> {
        // Hardly any row has an odd value, so the search is short.
        let unparsed = self
            .columns
            .unparsed_of(row)
            .iter()
            .find(|value| value.1 == field)?;
        Some(self.texts().get(unparsed.2))
    }

    /// A number as it counts for a person: a job id below 1 means that there is no job.
    pub fn number(&self, row: u32, field: IntField) -> Option<i64> {
        let value = self.int(row, field);
        value.filter(|value| field != IntField::OcpJobId || *value > 0)
    }

    /// The id of the task's job in OCP, above 0.
    pub fn job(&self, row: u32) -> Option<i64> {
        self.number(row, IntField::OcpJobId)
    }

    /// What the server sent in place of a number, if it was not one.
    pub fn unparsed_int(&self, row: u32, field: IntField) -> Option<&str> {
        self.unparsed(row, unparsed_int(field))
    }

    /// The number of a text in [`texts`](Self::texts).
    pub fn text_id(&self, row: u32, field: TextField) -> TextId {
        self.columns.text_ids[field as usize][row as usize]
    }

    /// A text; empty if it is missing.
    pub fn text(&self, row: u32, field: TextField) -> &str {
        self.texts().get(self.text_id(row, field))
    }

    /// A time in microseconds since 1970; `None` if it is missing or not a time.
    pub fn time(&self, row: u32, field: TimeField) -> Option<i64> {
        Some(self.columns.times[field as usize][row as usize]).filter(|value| *value != NONE)
    }

    /// The UTC offset that a time was written with, in minutes.
    pub fn offset(&self, row: u32, field: TimeField) -> i16 {
        self.columns.offsets[field as usize][row as usize]
    }

    /// What the server sent in place of a time, if it was not one.
    pub fn unparsed_time(&self, row: u32, field: TimeField) -> Option<&str> {
        self.unparsed(row, unparsed_time(field))
    }

    /// The flags `finished` and `successful`, if the server sent them.
    pub fn flags(&self, row: u32) -> (Option<bool>, Option<bool>) {
        unpack(self.columns.flags[row as usize])
    }

    /// The outcome of the task.
    pub fn outcome(&self, row: u32) -> Outcome {
        self.columns.outcomes[row as usize]
    }

    /// The id, if it is above 0.
    pub fn id(&self, row: u32) -> Option<i64> {
        self.int(row, IntField::Id).filter(|id| *id > 0)
    }

    /// How long the restore took, in microseconds; up to `now` for a running one. `None` if a time is
    /// missing or the result would be negative.
    pub fn duration(&self, row: u32, now: i64) -> Option<i64> {
        let start = self.time(row, TimeField::CreateTime)?;
        let end = match self.time(row, TimeField::FinishTime) {
            Some(end) => end,
            None if self.outcome(row) == Outcome::Running
                && self.unparsed_time(row, TimeField::FinishTime).is_none() =>
            {
                now
            }
            None => return None,
        };
        end.checked_sub(start).filter(|length| *length >= 0)
    }

    /// How far before `createTime` the restore point lies, in microseconds; negative if it lies after.
    pub fn rewind(&self, row: u32) -> Option<i64> {
        self.time(row, TimeField::CreateTime)?
            .checked_sub(self.time(row, TimeField::RestoreEndTime)?)
    }
}

/// Reserves room for `more` values. If there is no memory for it, the column grows by doubling later.
fn room<T>(column: &mut Vec<T>, more: usize) {
    let _ = column.try_reserve_exact(more);
}

/// Sets the value of a row number that is used again, or appends one.
fn put<T>(column: &mut Vec<T>, number: u32, value: T) {
    match column.get_mut(number as usize) {
        Some(old) => *old = value,
        None => column.push(value),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::table::batch::{Int, Time};

    fn row(id: i64, status: &str) -> Row {
        let mut row = Row::default();
        row.ints[IntField::Id as usize] = Int::Value(id);
        row.texts[TextField::Status as usize] = status.into();
        row
    }

    #[test]
    fn the_same_content_is_one_row_and_the_same_id_is_not() {
        let mut table = Table::default();
        let first = table.add(&row(7, "RESTORE_PRE"));
        assert_eq!(table.add(&row(7, "RESTORE_PRE")), first);
        assert_ne!(table.add(&row(7, "RESTORE_SUCCESS")), first);
        let mut odd = row(0, "X");
        odd.ints[IntField::Id as usize] = Int::Unparsed("1e3".into());
        let at = table.add(&odd);
        assert_eq!(table.add(&odd), at);
        odd.ints[IntField::Id as usize] = Int::Unparsed("1e4".into());
        assert_ne!(table.add(&odd), at);
        assert_eq!(table.len(), 4);
        assert_eq!(
            (table.unparsed_int(at, IntField::Id), table.id(at)),
            (Some("1e3"), None)
        );
    }

    #[test]
    fn no_total_takes_more_room_than_a_server_may_be_believed() {
        let mut table = Table::default();
        table.add(&row(1, "RESTORE_SUCCESS"));
        table.reserve(usize::MAX);
        assert!(table.columns.hashes.capacity() <= 50 * ENOUGH);
    }

    #[test]
    fn durations_are_never_negative_and_rewinds_may_be() {
        let mut table = Table::default();
        let mut task = row(1, "RESTORE_SUCCESS");
        task.times = [Time::At(100, 0), Time::At(40, 0), Time::At(300, 0)];
        let at = table.add(&task);
        assert_eq!((table.duration(at, 999), table.rewind(at)), (None, Some(-200)));
        let mut task = row(2, "RESTORE_PRE");
        task.times[0] = Time::At(100, 0);
        let at = table.add(&task);
        assert_eq!((table.duration(at, 999), table.rewind(at)), (Some(899), None));
        task.texts[0] = "WHAT".into();
        let at = table.add(&task);
        assert_eq!(table.duration(at, 999), None);
    }

    #[test]
    fn what_is_swept_makes_room_and_what_is_kept_stays_as_it_is() {
        let mut odd = row(0, "ODD");
        odd.ints[IntField::Id as usize] = Int::Unparsed("1e3".into());
        let mut table = Table::default();
        let first = table.add(&odd);
        let rows: Vec<u32> = (1..=9)
            .map(|id| table.add(&row(id, &format!("STATUS {id}"))))
            .collect();
        let texts = table.texts().len();
        table.sweep(&(0..10).map(|row| row % 3 == 0).collect::<Vec<_>>());
        assert_eq!((table.used(), table.len()), (4, 10));
        assert_eq!(table.texts().len(), texts - 6);
        // A kept row is found under its number, odd values included.
        assert_eq!(table.add(&odd), first);
        assert_eq!(table.unparsed_int(first, IntField::Id), Some("1e3"));
        assert_eq!(table.add(&row(6, "STATUS 6")), rows[5]);
        assert_eq!(table.text(rows[5], TextField::Status), "STATUS 6");
        // A dropped content comes back under a free number, with its odd value.
        odd.ints[IntField::Id as usize] = Int::Unparsed("1e4".into());
        let again = table.add(&odd);
        assert_eq!((again, table.unparsed_int(again, IntField::Id)), (1, Some("1e4")));
        assert_eq!(table.add(&row(1, "STATUS 1")), 2);
        assert_eq!(table.int(2, IntField::Id), Some(1));
        assert_eq!(
            (
                table.unparsed_int(2, IntField::Id),
                table.unparsed_int(first, IntField::Id)
            ),
            (None, Some("1e3"))
        );
        assert_eq!((table.used(), table.len()), (6, 10));
        for id in 20..30 {
            table.add(&row(id, "MORE"));
        }
        assert_eq!((table.used(), table.len()), (16, 16));
    }
}
