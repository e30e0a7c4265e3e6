//! Lengths of time as a person types them.

use super::units::{DAY, HOUR, MINUTE, SECOND};

/// Parses `10m`, `1h30m`, `1.5h`, `90` (seconds) or `-5m`. Returns the length and the smallest unit typed,
/// both in microseconds; `None` if it is not a duration.
pub fn parse_duration(text: &str) -> Option<(i64, i64)> {
    let text = text.trim();
    let (negative, mut rest) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    if rest.is_empty() {
        return None;
    }
    let (mut total, mut smallest) = (0_i64, i64::MAX);
    while !rest.is_empty() {
        let length = rest
            .find(|c: char| !c.is_ascii_digit() && c != '.')
            .unwrap_or(rest.len());
        let number: f64 = rest.get(..length)?.parse().ok()?;
        rest = rest[length..].trim_start();
        let length = rest
            .find(|c: char| !c.is_ascii_alphabetic())
            .unwrap_or(rest.len());
        let unit = match rest[..length].to_ascii_lowercase().as_str() {
            "ms" => 1000,
            "" | "s" | "sec" => SECOND,
            "m" | "min" => MINUTE,
            "h" => HOUR,
            "d" => DAY,
            _ => return None,
        };
        let value = number * unit as f64;
        if value > 9e18 {
            return None;
        }
        total = total.checked_add(value as i64)?;
        smallest = smallest.min(unit);
        rest = rest[length..].trim_start();
    }
    Some((if negative { -total } else { total }, smallest))
}
