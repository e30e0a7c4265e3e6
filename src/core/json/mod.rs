//! Reads and writes JSON. Imports no other room of the core.

pub mod reader;
pub mod value;
