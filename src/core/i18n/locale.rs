//! The reader's language, time zone and collation, as the core needs them.
//!
//! The browser knows all three (`Intl`), but the core must not depend on it. So the core uses this trait.
//! `services::intl` implements it in the browser, [`FixedLocale`] natively.

use std::cmp::Ordering;

use crate::core::i18n::Lang;

/// The reader's language, time zone and collation.
pub trait Locale {
    /// The language of the texts.
    fn lang(&self) -> Lang;
    /// The name of the zone, as the column header shows it.
    fn zone(&self) -> &str;
    /// The UTC offset in seconds, positive to the east, at a time in microseconds since 1970.
    fn offset_at(&self, at: i64) -> i32;
    /// A relative time such as “in 2 days”: `count` units from now, ago if negative. `unit` is a name of
    /// `Intl`, such as `day`.
    fn relative(&self, count: i64, unit: &str) -> String {
        format!("{count} {unit}")
    }

    /// The names as a list, separated as the language does it.
    fn list(&self, names: &[&str]) -> String {
        names.join(", ")
    }

    /// The order of two texts by the language's collation.
    fn compare(&self, a: &str, b: &str) -> Ordering;
}

/// A locale with a fixed offset that compares texts by code point.
#[derive(Debug, Clone)]
pub struct FixedLocale {
    /// The language of the texts.
    pub lang: Lang,
    /// The UTC offset in seconds, positive to the east.
    pub offset: i32,
}

impl Default for FixedLocale {
    fn default() -> Self {
        Self {
            lang: Lang::EN,
            offset: 0,
        }
    }
}

impl Locale for FixedLocale {
    fn lang(&self) -> Lang {
        self.lang
    }

    fn zone(&self) -> &str {
        if self.offset == 0 { "UTC" } else { "local" }
    }

    fn offset_at(&self, _at: i64) -> i32 {
        self.offset
    }

    fn compare(&self, a: &str, b: &str) -> Ordering {
        a.cmp(b)
    }
}
