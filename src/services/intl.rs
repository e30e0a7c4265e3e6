//! The browser's `Intl` as the core's [`Locale`]: collation, relative times, lists, and the offsets of a time
//! zone.
//!
//! `Intl` is slow, so the offset is asked once for every 30 days from the end of 2004 to 2039, which covers
//! the years of OceanBase. Only between two different answers is the moment of the change searched for. So a
//! zone costs a few hundred calls at the start and none later.

use std::cell::OnceCell;
use std::cmp::Ordering;

use js_sys::{Array, Date, Function, Intl, Object, Reflect};
use wasm_bindgen::{JsCast, JsValue};

use crate::core::i18n::Lang;
use crate::core::i18n::locale::Locale;
use crate::core::time::{DAY, SECOND, WrittenTime, parse_time};

/// Language, zone and collation of the browser.
pub struct Browser {
    lang: Lang,
    zone: String,
    /// Formats a date in the zone; `None` if the zone is UTC or a fixed offset.
    format: Option<Function>,
    fixed: i32,
    offsets: OnceCell<Vec<(i64, i32)>>,
    compare: OnceCell<Function>,
    relative: OnceCell<Option<Function>>,
    list: OnceCell<Option<Function>>,
}

impl Browser {
    /// The locale of a language and a zone: an IANA name, an offset such as `+08:00`, `UTC` or `local`.
    /// `None` for a zone that the browser does not know.
    pub fn new(lang: Lang, zone: &str) -> Option<Self> {
        let is_own = matches!(zone.trim(), "" | "local");
        let named = if is_own {
            own_zone()
        } else {
            Some(zone.trim().to_owned())
        };
        let utc = named
            .as_deref()
            .is_none_or(|name| name.eq_ignore_ascii_case("utc"));
        let fixed = named.as_deref().and_then(offset);
        let format = if utc || fixed.is_some() {
            None
        } else {
            let format = formatter(named.as_deref()?);
            // For `local`, the browser may report a zone that it does not accept itself: then UTC is used.
            if format.is_none() && !is_own {
                return None;
            }
            format
        };
        let is_utc = format.is_none() && fixed.is_none();
        let zone = named.filter(|_| !is_utc).unwrap_or_else(|| "UTC".into());
        Some(Self {
            lang,
            zone,
            format,
            fixed: fixed.unwrap_or(0),
            offsets: OnceCell::new(),
            compare: OnceCell::new(),
            relative: OnceCell::new(),
            list: OnceCell::new(),
        })
    }

    /// The offset at an instant in microseconds, in seconds east of UTC, asked of the browser.
    fn ask(&self, at: i64) -> i32 {
        let Some(format) = &self.format else { return 0 };
        let millis = (at / 1000) as f64;
        let text = format.call1(&JsValue::UNDEFINED, &Date::new(&millis.into())).ok();
        // "2021-09-09 18:32:18" is the local time in the zone; its distance from UTC is the offset.
        let wall = text.and_then(|text| text.as_string()).and_then(|text| {
            match parse_time(&text.replacen(", ", "T", 1)) {
                Some(WrittenTime::Local(wall)) => Some(wall),
                _ => None,
            }
        });
        let second = at.div_euclid(SECOND);
        wall.map_or(0, |wall| (wall / SECOND - second) as i32)
    }

    /// The instants at which the offset changes, in microseconds, each with the offset from then on, in
    /// seconds.
    fn offsets(&self) -> &[(i64, i32)] {
        self.offsets.get_or_init(|| {
            let first = 35 * 365 * DAY;
            let mut before = (first, self.ask(first));
            let mut offsets = vec![(i64::MIN, before.1)];
            for month in 1..=420 {
                let at = first + month * 30 * DAY;
                let offset = self.ask(at);
                if offset != before.1 {
                    let (mut low, mut high) = (before.0, at);
                    while high - low > SECOND {
                        let middle = low + (high - low) / 2;
                        if self.ask(middle) == before.1 {
                            low = middle;
                        } else {
                            high = middle;
                        }
                    }
                    offsets.push((high.div_euclid(SECOND) * SECOND, offset));
                }
                before = (at, offset);
            }
            offsets
        })
    }
}

/// `+08:00` in seconds; `None` for anything else.
fn offset(zone: &str) -> Option<i32> {
    if !zone.starts_with(['+', '-']) {
        return None;
    }
    match parse_time(&format!("2000-01-01T00:00:00{zone}")) {
        Some(WrittenTime::Instant(_, minutes)) => Some(i32::from(minutes) * 60),
        _ => None,
    }
}

/// The names of the zones that the browser knows, its own first.
#[inline(never)]
pub fn zones() -> Vec<String> {
    let all = || {
        let intl = Reflect::get(&js_sys::global(), &"Intl".into()).ok()?;
        let ask: Function = Reflect::get(&intl, &"supportedValuesOf".into())
            .ok()?
            .dyn_into()
            .ok()?;
        ask.call1(&intl, &"timeZone".into())
            .ok()?
            .dyn_into::<Array>()
            .ok()
    };
    let names = all().map_or_else(Vec::new, |all| {
        all.iter().filter_map(|name| name.as_string()).collect()
    });
    own_zone().into_iter().chain(names).collect()
}

/// The zone of this browser.
fn own_zone() -> Option<String> {
    let format = Intl::DateTimeFormat::new(&Array::new(), &Object::new());
    Reflect::get(&format.resolved_options(), &"timeZone".into())
        .ok()?
        .as_string()
}

/// The bound `format` method of a class of `Intl`; `None` if the browser does not have the class.
#[inline(never)]
fn format_of(class: &str, lang: Lang, options: &[(&str, &str)]) -> Option<Function> {
    let given = Object::new();
    for (name, value) in options {
        Reflect::set(&given, &(*name).into(), &(*value).into()).ok()?;
    }
    let intl = Reflect::get(&js_sys::global(), &"Intl".into()).ok()?;
    let class: Function = Reflect::get(&intl, &class.into()).ok()?.dyn_into().ok()?;
    let made = Reflect::construct(&class, &Array::of2(&lang.tag().into(), &given)).ok()?;
    let format: Function = Reflect::get(&made, &"format".into()).ok()?.dyn_into().ok()?;
    Some(format.bind0(&made).unchecked_into())
}

/// Formats a date as `YYYY-MM-DD, HH:MM:SS` in a zone. Created with `Reflect.construct`, which returns an
/// error for a bad zone instead of throwing through the module.
fn formatter(zone: &str) -> Option<Function> {
    let options = Object::new();
    for (name, value) in [
        ("timeZone", zone),
        ("hourCycle", "h23"),
        ("year", "numeric"),
        ("month", "2-digit"),
        ("day", "2-digit"),
        ("hour", "2-digit"),
        ("minute", "2-digit"),
        ("second", "2-digit"),
    ] {
        Reflect::set(&options, &name.into(), &value.into()).ok()?;
    }
    let intl = Reflect::get(&js_sys::global(), &"Intl".into()).ok()?;
    let class: Function = Reflect::get(&intl, &"DateTimeFormat".into())
        .ok()?
        .dyn_into()
        .ok()?;
    // The Swedish date format is that of ISO 8601.
    let format = Reflect::construct(&class, &Array::of2(&"sv-SE".into(), &options)).ok()?;
    Reflect::get(&format, &"format".into()).ok()?.dyn_into().ok()
}

impl Locale for Browser {
    fn lang(&self) -> Lang {
        self.lang
    }

    fn zone(&self) -> &str {
        &self.zone
    }

    fn offset_at(&self, at: i64) -> i32 {
        if self.format.is_none() {
            return self.fixed;
        }
        let offsets = self.offsets();
        let index = offsets.partition_point(|(from, _)| *from <= at);
        offsets
            .get(index.saturating_sub(1))
            .map_or(0, |(_, offset)| *offset)
    }

    #[inline(never)]
    fn relative(&self, count: i64, unit: &str) -> String {
        let options = [("numeric", "auto")];
        let format = || format_of("RelativeTimeFormat", self.lang, &options);
        let format = self.relative.get_or_init(format).as_ref();
        let text = format.and_then(|format| {
            format
                .call2(&JsValue::UNDEFINED, &(count as f64).into(), &unit.into())
                .ok()
        });
        text.and_then(|text| text.as_string()).unwrap_or_default()
    }

    #[inline(never)]
    fn list(&self, names: &[&str]) -> String {
        // Only commas between the names of a button, no “and”. Not the type `unit`: Chinese puts nothing
        // between units.
        let options = [("type", "conjunction"), ("style", "narrow")];
        let format = || format_of("ListFormat", self.lang, &options);
        let format = self.list.get_or_init(format).as_ref();
        let all: Array = names.iter().map(|name| JsValue::from(*name)).collect();
        let text = format.and_then(|format| format.call1(&JsValue::UNDEFINED, &all).ok());
        text.and_then(|text| text.as_string())
            .unwrap_or_else(|| names.join(", "))
    }

    fn compare(&self, a: &str, b: &str) -> Ordering {
        let compare = self.compare.get_or_init(|| {
            Intl::Collator::new(&Array::of1(&self.lang.tag().into()), &Object::new()).compare()
        });
        let order = compare
            .call2(&JsValue::UNDEFINED, &a.into(), &b.into())
            .ok()
            .and_then(|order| order.as_f64());
        order
            .and_then(|order| order.partial_cmp(&0.0))
            .unwrap_or_else(|| a.cmp(b))
    }
}
