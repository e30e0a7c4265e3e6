//! What identifies a task when its content changes, and the sort that finds it.

use super::Table;
use crate::core::domain::column::{IntField, TimeField};

/// What identifies a task when its content changes: its id and its creation time.
pub(in crate::core) type Identity = (i64, i64);

/// The key of a row. A missing part is `i64::MIN`.
pub(in crate::core) fn key(table: &Table, row: u32) -> Identity {
    let id = table.int(row, IntField::Id);
    let created = table.time(row, TimeField::CreateTime);
    (id.unwrap_or(i64::MIN), created.unwrap_or(i64::MIN))
}

/// Two numbers to sort by, and an index that belongs to them.
pub(in crate::core) type Mark = (i64, i64, usize);

/// The only sort of such triples, for all that needs one: a sort of another type would add two kilobytes to the
/// WebAssembly.
#[inline(never)]
pub(in crate::core) fn sort(marks: &mut [Mark]) {
    marks.sort_unstable();
}
