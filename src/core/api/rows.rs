//! Decodes the elements of `contents`: each task as a row. It accepts many forms and keeps values exactly.
//!
//! A value of the wrong type is kept as text. An element that is not an object is counted, and the other rows
//! are used.

use std::borrow::Cow;

use crate::core::domain::column::{IntField, TextField, TimeField};
use crate::core::json::reader::{Fault, Reader, Scalar};
use crate::core::privacy::mask::mask;
use crate::core::table::batch::{Batch, Int, Row, Time};
use crate::core::time::{WrittenTime, parse_time};

/// The tasks, and the number of elements that are not objects.
pub(super) fn contents(reader: &mut Reader<'_>) -> Result<(Batch, usize), Fault> {
    let (mut batch, mut unreadable, mut first) = (Batch::default(), 0, true);
    let (mut row, mut guesses) = (Row::default(), Guesses::new());
    reader.enter(b'[')?;
    while reader.more(b']', &mut first)? {
        if reader.peek() == Some(b'{') {
            row.clear();
            task(reader, &mut row, &mut guesses)?;
            batch.push(&row);
        } else {
            reader.scalar()?;
            unreadable += 1;
        }
    }
    Ok((batch, unreadable))
}

/// The fields of the last tasks in the order in which they came, each with the text before its value. The
/// next task nearly always has the same, and to compare is cheaper than to parse.
pub(super) type Guesses<'a> = Vec<(&'a str, Option<Target>)>;
/// The most guessed fields. To search more would cost more than it saves.
pub(super) const MOST_GUESSES: usize = 64;

pub(super) fn task<'a>(
    reader: &mut Reader<'a>,
    row: &mut Row,
    guesses: &mut Guesses<'a>,
) -> Result<(), Fault> {
    let (mut first, mut seen, mut next) = (true, 0, 0);
    reader.enter(b'{')?;
    loop {
        let target = match guesses.get(next) {
            Some((text, target)) if reader.take_text(text) => {
                first = false;
                *target
            }
            _ => {
                let start = reader.at();
                let Some(key) = reader.key(&mut first)? else { break };
                let (text, target) = (reader.since(start), field_of(&key));
                match guesses.iter().position(|(known, _)| *known == text) {
                    Some(known) => next = known,
                    // If every row has new fields, no order can be guessed.
                    None if guesses.len() >= MOST_GUESSES => next = guesses.len(),
                    // The first field has no comma before it, so it must not be taken for another.
                    None if next == 0 && !guesses.is_empty() => guesses[0] = (text, target),
                    None => guesses.insert(next, (text, target)),
                }
                target
            }
        };
        next += 1;
        let value = reader.scalar()?;
        let Some(target) = target else { continue };
        if seen & target.bit() != 0 {
            return Err(reader.fault("each field only once"));
        }
        seen |= target.bit();
        match target {
            Target::Int(field) => row.ints[field as usize] = int(value),
            Target::Text(field) => {
                let text = match &value {
                    Scalar::Text(text) => Cow::Borrowed(&**text),
                    _ => Cow::Owned(value.text()),
                };
                row.texts[field as usize].push_str(&mask(&text));
            }
            Target::Time(field) => row.times[field as usize] = time(value),
            Target::Finished => row.finished = flag(&value),
            Target::Successful => row.successful = flag(&value),
        }
    }
    Ok(())
}

fn int(value: Scalar<'_>) -> Int {
    match value {
        Scalar::Null => Int::Missing,
        Scalar::Number(text) => match text.parse() {
            // `i64::MIN` marks a missing value in the columns.
            Ok(i64::MIN) | Err(_) => Int::Unparsed(text.into()),
            Ok(value) => Int::Value(value),
        },
        Scalar::Text(text) if is_blank(&text) => Int::Missing,
        Scalar::Text(text) => match text.trim().parse() {
            Ok(value) if value != i64::MIN => Int::Value(value),
            _ => Int::Unparsed(mask(&text).into_owned()),
        },
        other => Int::Unparsed(other.text()),
    }
}

fn is_blank(text: &str) -> bool {
    let begins_plain = text.as_bytes().first().is_some_and(u8::is_ascii_graphic);
    !begins_plain && text.trim().is_empty()
}

pub(super) fn flag(value: &Scalar<'_>) -> Option<bool> {
    match value {
        Scalar::Bool(value) => Some(*value),
        Scalar::Text(text) => text.trim().parse().ok(),
        _ => None,
    }
}

fn time(value: Scalar<'_>) -> Time {
    let text = match value {
        Scalar::Text(text) => text,
        other => Cow::Owned(other.text()),
    };
    if is_blank(&text) {
        return Time::Missing;
    }
    match parse_time(&text) {
        Some(WrittenTime::Instant(at, offset)) => Time::At(at, offset),
        // Without an offset, the time could be any of several instants.
        _ => Time::Unparsed(mask(&text).into_owned()),
    }
}

fn field_of(key: &str) -> Option<Target> {
    let int = |field| Some(Target::Int(field));
    let text = |field| Some(Target::Text(field));
    match key {
        "id" => int(IntField::Id),
        "ocpJobId" => int(IntField::OcpJobId),
        "backupClusterId" => int(IntField::BackupClusterId),
        "backupObClusterId" => int(IntField::BackupObClusterId),
        "backupTenantId" => int(IntField::BackupTenantId),
        "backupObTenantId" => int(IntField::BackupObTenantId),
        "restoreClusterId" => int(IntField::RestoreClusterId),
        "restoreObClusterId" => int(IntField::RestoreObClusterId),
        "status" => text(TextField::Status),
        "statusDesc" => text(TextField::StatusDesc),
        "backupMode" => text(TextField::BackupMode),
        "backupClusterName" => text(TextField::BackupClusterName),
        "backupTenantName" => text(TextField::BackupTenantName),
        "restoreClusterName" => text(TextField::RestoreClusterName),
        "restoreTenantName" => text(TextField::RestoreTenantName),
        "errorMsg" => text(TextField::ErrorMsg),
        "restoreUri" => text(TextField::RestoreUri),
        "restorePoolListStr" => text(TextField::RestorePoolListStr),
        "createTime" => Some(Target::Time(TimeField::CreateTime)),
        "finishTime" => Some(Target::Time(TimeField::FinishTime)),
        "restoreEndTime" => Some(Target::Time(TimeField::RestoreEndTime)),
        "finished" => Some(Target::Finished),
        "successful" => Some(Target::Successful),
        _ => None,
    }
}

/// The field that a value goes to.
#[derive(Clone, Copy)]
pub(super) enum Target {
    Int(IntField),
    Text(TextField),
    Time(TimeField),
    Finished,
    Successful,
}

impl Target {
    fn bit(self) -> u32 {
        match self {
            Self::Int(field) => 1 << field as u32,
            Self::Text(field) => 1 << (8 + field as u32),
            Self::Time(field) => 1 << (18 + field as u32),
            Self::Finished => 1 << 21,
            Self::Successful => 1 << 22,
        }
    }
}
