//! Tasks stored by column: the form of a decoded page, and the storage of the table.
//!
//! Texts are interned; numbers and times are `i64`. A batch has the hash of each of its rows and texts,
//! and can be written as bytes and read again. So a worker can make it, and the main thread merges it by
//! copying numbers.

use std::borrow::Borrow;
use std::hash::Hasher;

use rustc_hash::FxHasher;

use super::interner::{TextId, Texts, hasher};
use crate::core::domain::column::{IntField, TextField, TimeField};
use crate::core::domain::task::{self, Outcome};

/// The value of a missing number or time.
pub(in crate::core) const NONE: i64 = i64::MIN;
/// Added to the number of a time field in [`Unparsed`], to tell it from an integer field.
const TIMES: u8 = 64;

/// A number as the server sent it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Int {
    /// Absent or null.
    #[default]
    Missing,
    /// A whole number of 64 bits.
    Value(i64),
    /// Anything else, shown as it is.
    Unparsed(String),
}

/// A time as the server sent it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Time {
    /// Absent, null or empty.
    #[default]
    Missing,
    /// Microseconds since 1970, and the UTC offset that it was written with, in minutes.
    At(i64, i16),
    /// Anything that is not a time, shown as it is.
    Unparsed(String),
}

/// One task to be added to a batch.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Row {
    /// The numbers, indexed by [`IntField`].
    pub ints: [Int; IntField::COUNT],
    /// The texts, indexed by [`TextField`], secrets masked.
    pub texts: [String; TextField::COUNT],
    /// The times, indexed by [`TimeField`].
    pub times: [Time; TimeField::COUNT],
    /// Whether the restore has ended, if the server says so.
    pub finished: Option<bool>,
    /// Whether the restore succeeded, if the server says so.
    pub successful: Option<bool>,
}

impl Row {
    /// Clears all values, so that the row can be filled again.
    pub fn clear(&mut self) {
        self.ints.fill(Int::Missing);
        self.texts.iter_mut().for_each(String::clear);
        self.times.fill(Time::Missing);
        (self.finished, self.successful) = (None, None);
    }
}

/// A value that is not of its field's type: the row, the field, and the text that was sent.
pub(in crate::core) type Unparsed = (u32, u8, TextId);

pub(in crate::core) fn unparsed_int(field: IntField) -> u8 {
    field as u8
}

pub(in crate::core) fn unparsed_time(field: TimeField) -> u8 {
    TIMES + field as u8
}

/// Tasks stored by column: one entry for each row.
#[derive(Debug, Clone, Default)]
pub struct Batch {
    pub(in crate::core) texts: Texts,
    pub(in crate::core) ints: [Vec<i64>; IntField::COUNT],
    pub(in crate::core) text_ids: [Vec<TextId>; TextField::COUNT],
    pub(in crate::core) times: [Vec<i64>; TimeField::COUNT],
    pub(in crate::core) offsets: [Vec<i16>; TimeField::COUNT],
    pub(in crate::core) flags: Vec<u8>,
    pub(in crate::core) outcomes: Vec<Outcome>,
    /// Values that are not of their field's type, ordered by row.
    pub(in crate::core) unparsed: Vec<Unparsed>,
    /// The hash of each row's whole content.
    pub(in crate::core) hashes: Vec<u64>,
}

impl Batch {
    /// Appends a task.
    pub fn push(&mut self, row: &Row) {
        let number = self.len() as u32;
        let mut hasher = hasher();
        for (field, value) in row.ints.iter().enumerate() {
            let (value, odd) = match value {
                Int::Missing => (NONE, None),
                Int::Value(value) => (*value, None),
                Int::Unparsed(text) => (NONE, Some(text)),
            };
            self.ints[field].push(value);
            hasher.write_u64(value as u64);
            if let Some(text) = odd {
                self.push_unparsed(number, field as u8, text, &mut hasher);
            }
        }
        for (field, value) in row.texts.iter().enumerate() {
            // Neighbouring tasks often have the same text.
            let last = self.text_ids[field].last().copied();
            let text_id = match last.filter(|text_id| self.texts.get(*text_id) == value) {
                Some(text_id) => text_id,
                None => self.texts.intern(value),
            };
            self.text_ids[field].push(text_id);
            hasher.write_u64(self.texts.hash(text_id));
        }
        for (field, value) in row.times.iter().enumerate() {
            let (at, offset) = match value {
                Time::At(at, offset) => (*at, *offset),
                _ => (NONE, 0),
            };
            self.times[field].push(at);
            self.offsets[field].push(offset);
            hasher.write_u64(at as u64);
            if let Time::Unparsed(text) = value {
                self.push_unparsed(number, TIMES + field as u8, text, &mut hasher);
            }
        }
        let flags = pack(row.finished) * 3 + pack(row.successful);
        self.flags.push(flags);
        hasher.write_u64(u64::from(flags));
        let status = &self.text_ids[TextField::Status as usize];
        let before = status
            .len()
            .checked_sub(2)
            .filter(|&at| (status[at], self.flags[at]) == (status[at + 1], flags));
        let outcome = before.map(|at| self.outcomes[at]);
        self.outcomes.push(outcome.unwrap_or_else(|| {
            let status = &row.texts[TextField::Status as usize];
            task::outcome(status, row.finished, row.successful)
        }));
        self.hashes.push(hasher.finish());
    }

    fn push_unparsed(&mut self, row: u32, field: u8, text: &str, hasher: &mut FxHasher) {
        let text_id = self.texts.intern(text);
        self.unparsed.push((row, field, text_id));
        hasher.write_u64(self.texts.hash(text_id) ^ u64::from(field));
    }

    /// The number of tasks.
    pub fn len(&self) -> usize {
        self.outcomes.len()
    }

    /// Whether there are no tasks.
    pub fn is_empty(&self) -> bool {
        self.outcomes.is_empty()
    }

    pub(in crate::core) fn unparsed_of(&self, row: u32) -> &[Unparsed] {
        let start = self.unparsed.partition_point(|odd| odd.0 < row);
        let length = self.unparsed[start..].partition_point(|odd| odd.0 == row);
        &self.unparsed[start..start + length]
    }

    /// Writes the batch as bytes, to pass it to another thread.
    pub fn to_bytes(&self, out: &mut Vec<u8>) {
        let mut word = |value: u64| out.extend(value.to_le_bytes());
        word(self.len() as u64);
        word(self.texts.ends.len() as u64);
        word(self.texts.arena.len() as u64);
        word(self.unparsed.len() as u64);
        let columns = self.ints.iter().chain(&self.times).flatten();
        columns.for_each(|value| word(*value as u64));
        self.hashes.iter().for_each(|value| word(*value));
        self.texts.hashes.iter().for_each(|value| word(*value));
        let mut half = |value: u32| out.extend(value.to_le_bytes());
        self.text_ids.iter().flatten().for_each(|text_id| half(*text_id));
        self.texts.ends.iter().for_each(|end| half(*end));
        for &(row, field, text_id) in &self.unparsed {
            half(row);
            half(u32::from(field));
            half(text_id);
        }
        let offsets = self.offsets.iter().flatten();
        offsets.for_each(|offset| out.extend(offset.to_le_bytes()));
        out.extend(&self.flags);
        out.extend(self.outcomes.iter().map(|outcome| *outcome as u8));
        out.extend(self.texts.arena.as_bytes());
    }

    /// Reads what [`to_bytes`](Self::to_bytes) wrote; `None` for anything else.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let mut bytes = Bytes(bytes);
        let mut count = || usize::try_from(bytes.words(1)?[0]).ok();
        let (rows, texts, length, unparsed) = (count()?, count()?, count()?, count()?);
        let mut batch = Self::default();
        for column in batch.ints.iter_mut().chain(&mut batch.times) {
            *column = bytes.words(rows)?.into_iter().map(|word| word as i64).collect();
        }
        batch.hashes = bytes.words(rows)?;
        batch.texts.hashes = bytes.words(texts)?;
        for column in &mut batch.text_ids {
            *column = bytes.halves(rows)?;
        }
        batch.texts.ends = bytes.halves(texts)?;
        let triples = bytes.halves(unparsed.checked_mul(3)?)?;
        batch.unparsed = triples
            .chunks_exact(3)
            .map(|odd| (odd[0], odd[1] as u8, odd[2]))
            .collect();
        for column in &mut batch.offsets {
            let quarters = bytes.take(rows.checked_mul(2)?)?.chunks_exact(2);
            *column = quarters.map(|two| i16::from_le_bytes([two[0], two[1]])).collect();
        }
        batch.flags = bytes.take(rows)?.to_vec();
        let outcomes = bytes.take(rows)?.iter();
        batch.outcomes = outcomes.map(|&code| Outcome::from_code(code)).collect();
        batch.texts.arena = String::from_utf8(bytes.take(length)?.to_vec()).ok()?;
        bytes.0.is_empty().then_some(batch)
    }
}

impl<R: Borrow<Row>> FromIterator<R> for Batch {
    fn from_iter<T: IntoIterator<Item = R>>(rows: T) -> Self {
        let mut batch = Self::default();
        rows.into_iter().for_each(|row| batch.push(row.borrow()));
        batch
    }
}

#[cfg(test)]
impl Batch {
    /// Lets a test change the tasks, as if the server had sent others.
    pub(in crate::core) fn edit(&mut self, change: impl FnOnce(&mut Vec<Row>)) {
        let mut rows: Vec<Row> = (0..self.len()).map(|at| self.row(at)).collect();
        change(&mut rows);
        *self = rows.iter().collect();
    }

    fn row(&self, at: usize) -> Row {
        let odd = |field| {
            let odd = self.unparsed_of(at as u32).iter().find(|odd| odd.1 == field);
            odd.map(|odd| self.texts.get(odd.2).to_owned())
        };
        let (finished, successful) = unpack(self.flags[at]);
        Row {
            ints: IntField::ALL.map(|field| match (odd(field as u8), self.ints[field as usize][at]) {
                (Some(text), _) => Int::Unparsed(text),
                (None, NONE) => Int::Missing,
                (None, value) => Int::Value(value),
            }),
            texts: TextField::ALL.map(|field| self.texts.get(self.text_ids[field as usize][at]).to_owned()),
            times: TimeField::ALL.map(|field| {
                match (odd(TIMES + field as u8), self.times[field as usize][at]) {
                    (Some(text), _) => Time::Unparsed(text),
                    (None, NONE) => Time::Missing,
                    (None, at_) => Time::At(at_, self.offsets[field as usize][at]),
                }
            }),
            finished,
            successful,
        }
    }
}

/// The bytes that are still to be read.
struct Bytes<'a>(&'a [u8]);

impl<'a> Bytes<'a> {
    fn take(&mut self, length: usize) -> Option<&'a [u8]> {
        let (head, tail) = self.0.split_at_checked(length)?;
        self.0 = tail;
        Some(head)
    }

    fn words(&mut self, count: usize) -> Option<Vec<u64>> {
        let bytes = self.take(count.checked_mul(8)?)?.as_chunks().0;
        Some(bytes.iter().map(|word| u64::from_le_bytes(*word)).collect())
    }

    fn halves(&mut self, count: usize) -> Option<Vec<u32>> {
        let bytes = self.take(count.checked_mul(4)?)?.as_chunks().0;
        Some(bytes.iter().map(|half| u32::from_le_bytes(*half)).collect())
    }
}

fn pack(flag: Option<bool>) -> u8 {
    flag.map_or(0, |flag| 1 + u8::from(flag))
}

/// The flags `finished` and `successful` of a row.
pub(in crate::core) fn unpack(flags: u8) -> (Option<bool>, Option<bool>) {
    let flag = |code: u8| (code > 0).then_some(code == 2);
    (flag(flags / 3), flag(flags % 3))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_again_and_nothing_else_is() {
        let mut row = Row::default();
        row.ints[0] = Int::Value(i64::MAX);
        row.ints[1] = Int::Unparsed("1e3".into());
        row.texts[0] = "RESTORE_FAIL".into();
        row.texts[7] = "磁盘 full".into();
        row.times[0] = Time::At(5, -480);
        row.times[1] = Time::Unparsed("soon".into());
        (row.finished, row.successful) = (Some(true), Some(false));
        let batch = Batch::from_iter([&row, &Row::default(), &row]);
        let mut bytes = Vec::new();
        batch.to_bytes(&mut bytes);
        let read = Batch::from_bytes(&bytes).unwrap();
        assert_eq!((read.len(), read.hashes[0]), (3, batch.hashes[2]));
        assert_ne!(read.hashes[0], read.hashes[1]);
        assert_eq!(
            read.unparsed,
            [(0, 1, 2), (0, 65, 3), (2, 1, 2), (2, 65, 3)].map(|(row, field, _)| {
                let text_id = batch
                    .texts
                    .clone()
                    .intern(if field == 1 { "1e3" } else { "soon" });
                (row, field, text_id)
            })
        );
        assert_eq!(read.texts.get(read.text_ids[7][2]), "磁盘 full");
        assert_eq!(
            (unpack(read.flags[0]), read.outcomes[0]),
            ((Some(true), Some(false)), Outcome::Failed)
        );
        for end in 0..bytes.len() {
            assert!(Batch::from_bytes(&bytes[..end]).is_none(), "{end}");
        }
    }
}
