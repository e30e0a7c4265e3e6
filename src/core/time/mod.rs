//! Instants, written times, ranges and lengths of time.
//!
//! An instant is microseconds since 1970 in UTC. OCP sends milliseconds at most, other servers up to nine
//! digits, and an `i64` of microseconds covers every year that can be written. There is no clock here:
//! `now` is always a parameter. May import `i18n`, for the zone of the reader.

mod duration;
mod iso;
mod range;
mod units;
mod wall;
mod written;

pub use duration::parse_duration;
pub use iso::{iso, utc};
pub use range::{Preset, TimeRange};
pub use units::{DAY, HOUR, MINUTE, SECOND};
pub use wall::{from_wall, span, to_wall};
pub use written::{WrittenTime, parse as parse_time};

#[cfg(test)]
mod tests;
