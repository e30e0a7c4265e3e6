//! The terms that a filter consists of.

use crate::core::domain::column::{IntField, TextField, TimeField};

/// A half-open interval of numbers: at least the first, below the second.
pub(super) type Interval = (i64, i64);

/// What a term asks of a task. Texts are in lower case; a task passes if one of the values fits.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Test {
    Word(String),
    Status(Vec<String>),
    Texts(&'static [TextField], Vec<String>),
    Mode(Vec<String>),
    Error(Vec<String>),
    Time(TimeField, Vec<Interval>),
    Duration(Vec<Interval>),
    Rewind(Vec<Interval>),
    Int(IntField, Vec<String>),
}

/// A test, or its opposite.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Term {
    pub(super) negate: bool,
    pub(super) test: Test,
}
