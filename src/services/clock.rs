//! The only place that reads the time and draws random numbers.

use crate::core::state::At;

/// The current time, and a random number.
pub fn at() -> At {
    At {
        now: (js_sys::Date::now() * 1000.0) as i64,
        random: js_sys::Math::random(),
    }
}
