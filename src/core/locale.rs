//! What the core needs to know of the reader's place: the language, the time zone and how texts are collated.
//!
//! The browser knows all three (`Intl`), the core must not ask it. So the core sees this trait; `services::intl`
//! implements it in the browser, [`Plain`] natively.

use std::cmp::Ordering;

use super::text::Lang;

/// The reader's language, zone and collation.
pub trait Locale {
    /// The language of the texts.
    fn lang(&self) -> Lang;
    /// The zone's name, as the header says it.
    fn zone(&self) -> &str;
    /// Seconds east of UTC at an instant (microseconds since 1970).
    fn offset_at(&self, at: i64) -> i32;
    /// So many units (`day`, as `Intl` names them) from now, or ago where that is below 0.
    fn relative(&self, count: i64, unit: &str) -> String {
        format!("{count} {unit}")
    }

    /// Names one after the other, all of which are meant.
    fn list(&self, names: &[&str]) -> String {
        names.join(", ")
    }

    /// How two texts stand to each other.
    fn compare(&self, a: &str, b: &str) -> Ordering;
}

/// A fixed offset, and texts by their code points.
#[derive(Debug, Clone)]
pub struct Plain {
    /// The language.
    pub lang: Lang,
    /// Seconds east of UTC.
    pub offset: i32,
}

impl Default for Plain {
    fn default() -> Self {
        Self {
            lang: Lang::EN,
            offset: 0,
        }
    }
}

impl Locale for Plain {
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
