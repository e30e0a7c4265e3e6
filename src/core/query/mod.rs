//! Which rows the person asks for, and in which order. May import `api`, `format`, `stats` and the rooms that these
//! may import.

pub mod filter;
pub mod sort;
pub mod suggest;
