//! The tasks that are held, as columns of values.
//!
//! A hundred thousand tasks repeat a few hundred names, so every text is interned once in one arena, numbers and
//! instants are `i64`, and nothing is formatted before it is seen. Rows are only ever added: a row number stays
//! valid and means the same content, which is also what makes a row's identity (ids repeat in the field, so the
//! whole content is the identity). What is in the range, and in which order, is `history`'s affair.

use std::collections::BTreeMap;
use std::hash::{BuildHasher, Hash, Hasher};

use hashbrown::{DefaultHashBuilder, HashTable};

use super::column::{IntField, TextField, TimeField};
use super::task::{self, Outcome};

/// The number of a distinct text; 0 is the empty one.
pub type Sym = u32;

/// Stands for a missing number or time.
const NONE: i64 = i64::MIN;

/// Distinct texts, end to end in one string.
#[derive(Debug, Clone, Default)]
pub struct Texts {
    arena: String,
    ends: Vec<u32>,
    index: HashTable<Sym>,
    hasher: DefaultHashBuilder,
}

impl Texts {
    fn intern(&mut self, text: &str) -> Sym {
        if text.is_empty() {
            return 0;
        }
        let hash = self.hasher.hash_one(text);
        let (arena, ends) = (&self.arena, &self.ends);
        if let Some(sym) = self.index.find(hash, |&sym| slice(arena, ends, sym) == text) {
            return *sym;
        }
        // Past 4 GiB of distinct text nothing can be held anyway; such a text reads as missing.
        let Ok(end) = u32::try_from(self.arena.len() + text.len()) else {
            return 0;
        };
        self.arena.push_str(text);
        self.ends.push(end);
        let sym = self.ends.len() as Sym;
        let (arena, ends, hasher) = (&self.arena, &self.ends, &self.hasher);
        self.index
            .insert_unique(hash, sym, |&sym| hasher.hash_one(slice(arena, ends, sym)));
        sym
    }

    /// The text of a number.
    pub fn get(&self, sym: Sym) -> &str {
        slice(&self.arena, &self.ends, sym)
    }

    /// One more than the highest number.
    pub fn len(&self) -> usize {
        self.ends.len() + 1
    }

    /// Whether there is none but the empty one.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }
}

fn slice<'a>(arena: &'a str, ends: &[u32], sym: Sym) -> &'a str {
    let Some(at) = (sym as usize).checked_sub(1) else {
        return "";
    };
    let start = at.checked_sub(1).map_or(0, |before| ends[before] as usize);
    &arena[start..ends[at] as usize]
}

/// A number as it came.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Int {
    /// Absent or null.
    #[default]
    Missing,
    /// A whole number of 64 bits.
    Value(i64),
    /// Something else, shown as it is.
    Odd(String),
}

/// A time as it came.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Time {
    /// Absent, null or empty.
    #[default]
    Missing,
    /// An instant, and the offset it was written with, in minutes.
    At(i64, i16),
    /// Something that is no time, shown as it is.
    Odd(String),
}

/// One task on its way into the table.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Row {
    /// Numbers by [`IntField`].
    pub ints: [Int; IntField::COUNT],
    /// Texts by [`TextField`], secrets masked.
    pub texts: [String; TextField::COUNT],
    /// Times by [`TimeField`].
    pub times: [Time; TimeField::COUNT],
    /// Whether it has ended, where the server says so.
    pub finished: Option<bool>,
    /// Whether it has worked, where the server says so.
    pub successful: Option<bool>,
}

/// All that was ever received in this range, each content once.
#[derive(Debug, Clone, Default)]
pub struct Table {
    texts: Texts,
    ints: [Vec<i64>; IntField::COUNT],
    syms: [Vec<Sym>; TextField::COUNT],
    times: [Vec<i64>; TimeField::COUNT],
    offsets: [Vec<i16>; TimeField::COUNT],
    flags: Vec<(Option<bool>, Option<bool>)>,
    outcomes: Vec<Outcome>,
    odd_ints: BTreeMap<(u32, u8), Sym>,
    odd_times: BTreeMap<(u32, u8), Sym>,
    index: HashTable<u32>,
    hasher: DefaultHashBuilder,
}

impl Table {
    /// Takes a task in and says its row number: the earlier one where the same content is here already.
    pub fn add(&mut self, row: &Row) -> u32 {
        let number = self.outcomes.len() as u32;
        for (column, value) in self.ints.iter_mut().zip(&row.ints) {
            column.push(if let Int::Value(value) = value {
                *value
            } else {
                NONE
            });
        }
        for (column, value) in self.syms.iter_mut().zip(&row.texts) {
            column.push(self.texts.intern(value));
        }
        for (field, value) in row.times.iter().enumerate() {
            let (at, offset) = if let Time::At(at, offset) = value {
                (*at, *offset)
            } else {
                (NONE, 0)
            };
            self.times[field].push(at);
            self.offsets[field].push(offset);
        }
        for (field, value) in row.ints.iter().enumerate() {
            if let Int::Odd(text) = value {
                self.odd_ints
                    .insert((number, field as u8), self.texts.intern(text));
            }
        }
        for (field, value) in row.times.iter().enumerate() {
            if let Time::Odd(text) = value {
                self.odd_times
                    .insert((number, field as u8), self.texts.intern(text));
            }
        }
        self.flags.push((row.finished, row.successful));
        self.outcomes.push(task::outcome(
            &row.texts[TextField::Status as usize],
            row.finished,
            row.successful,
        ));
        let hash = self.hash(number);
        if let Some(&same) = self.index.find(hash, |&other| self.same(number, other)) {
            self.drop_last();
            return same;
        }
        let mut index = std::mem::take(&mut self.index);
        index.insert_unique(hash, number, |&other| self.hash(other));
        self.index = index;
        number
    }

    fn drop_last(&mut self) {
        let last = self.outcomes.len() - 1;
        let number = last as u32;
        self.ints.iter_mut().for_each(|column| column.truncate(last));
        self.syms.iter_mut().for_each(|column| column.truncate(last));
        self.times.iter_mut().for_each(|column| column.truncate(last));
        self.offsets.iter_mut().for_each(|column| column.truncate(last));
        self.flags.pop();
        self.outcomes.pop();
        self.odd_ints.retain(|&(row, _), _| row != number);
        self.odd_times.retain(|&(row, _), _| row != number);
    }

    fn hash(&self, row: u32) -> u64 {
        let at = row as usize;
        let mut hasher = self.hasher.build_hasher();
        self.ints.iter().for_each(|column| column[at].hash(&mut hasher));
        self.syms.iter().for_each(|column| column[at].hash(&mut hasher));
        self.times.iter().for_each(|column| column[at].hash(&mut hasher));
        self.flags[at].hash(&mut hasher);
        hasher.finish()
    }

    fn same(&self, a: u32, b: u32) -> bool {
        let (x, y) = (a as usize, b as usize);
        self.ints.iter().all(|column| column[x] == column[y])
            && self.syms.iter().all(|column| column[x] == column[y])
            && self.times.iter().all(|column| column[x] == column[y])
            && self.flags[x] == self.flags[y]
            && odd_of(&self.odd_ints, a).eq(odd_of(&self.odd_ints, b))
            && odd_of(&self.odd_times, a).eq(odd_of(&self.odd_times, b))
    }

    /// How many contents are here.
    pub fn len(&self) -> usize {
        self.outcomes.len()
    }

    /// Whether nothing is here.
    pub fn is_empty(&self) -> bool {
        self.outcomes.is_empty()
    }

    /// The distinct texts.
    pub fn texts(&self) -> &Texts {
        &self.texts
    }

    /// A number; `None` where it is missing or odd.
    pub fn int(&self, row: u32, field: IntField) -> Option<i64> {
        Some(self.ints[field as usize][row as usize]).filter(|value| *value != NONE)
    }

    /// What stands where a number should.
    pub fn odd_int(&self, row: u32, field: IntField) -> Option<&str> {
        self.odd_ints
            .get(&(row, field as u8))
            .map(|sym| self.texts.get(*sym))
    }

    /// The number of a text.
    pub fn sym(&self, row: u32, field: TextField) -> Sym {
        self.syms[field as usize][row as usize]
    }

    /// A text.
    pub fn text(&self, row: u32, field: TextField) -> &str {
        self.texts.get(self.sym(row, field))
    }

    /// An instant in microseconds; `None` where it is missing or odd.
    pub fn time(&self, row: u32, field: TimeField) -> Option<i64> {
        Some(self.times[field as usize][row as usize]).filter(|value| *value != NONE)
    }

    /// The offset an instant was written with, in minutes.
    pub fn offset(&self, row: u32, field: TimeField) -> i16 {
        self.offsets[field as usize][row as usize]
    }

    /// What stands where a time should.
    pub fn odd_time(&self, row: u32, field: TimeField) -> Option<&str> {
        self.odd_times
            .get(&(row, field as u8))
            .map(|sym| self.texts.get(*sym))
    }

    /// The flags `finished` and `successful`.
    pub fn flags(&self, row: u32) -> (Option<bool>, Option<bool>) {
        self.flags[row as usize]
    }

    /// How the task stands.
    pub fn outcome(&self, row: u32) -> Outcome {
        self.outcomes[row as usize]
    }

    /// The id, where it is a valid one.
    pub fn id(&self, row: u32) -> Option<i64> {
        self.int(row, IntField::Id).filter(|id| *id > 0)
    }

    /// How long the restore took, or has been going on at `now`.
    pub fn duration(&self, row: u32, now: i64) -> Option<i64> {
        let start = self.time(row, TimeField::CreateTime)?;
        let end = match self.time(row, TimeField::FinishTime) {
            Some(end) => end,
            None if self.outcome(row) == Outcome::Running
                && self.odd_time(row, TimeField::FinishTime).is_none() =>
            {
                now
            }
            None => return None,
        };
        end.checked_sub(start).filter(|length| *length >= 0)
    }

    /// How far back the restore point lies; negative where it lies ahead.
    pub fn rewind(&self, row: u32) -> Option<i64> {
        self.time(row, TimeField::CreateTime)?
            .checked_sub(self.time(row, TimeField::RestoreEndTime)?)
    }
}

fn odd_of(odd: &BTreeMap<(u32, u8), Sym>, row: u32) -> impl Iterator<Item = (u8, Sym)> + '_ {
    odd.range((row, 0)..=(row, u8::MAX))
        .map(|((_, field), sym)| (*field, *sym))
}

#[cfg(test)]
mod tests {
    use super::*;

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
        odd.ints[IntField::Id as usize] = Int::Odd("1e3".into());
        let at = table.add(&odd);
        assert_eq!(table.add(&odd), at);
        odd.ints[IntField::Id as usize] = Int::Odd("1e4".into());
        assert_ne!(table.add(&odd), at);
        assert_eq!(table.len(), 4);
        assert_eq!(
            (table.odd_int(at, IntField::Id), table.id(at)),
            (Some("1e3"), None)
        );
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
}
