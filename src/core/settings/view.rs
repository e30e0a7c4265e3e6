//! What a person can choose, and the same as plain values, each of which may be missing: for `getState`, `setState`,
//! named views and stored preferences. A new part of the view is added here once, and all of them have it.

use std::collections::BTreeMap;

use super::attributes::{Config, Density};
use super::columns::{self, Widths};
use super::parts;
use crate::core::api::request::offset;
use crate::core::domain::column::Column;
use crate::core::json::reader::{Fault, Reader, Scalar};
use crate::core::json::value::Value;
use crate::core::privacy::mask::mask;
use crate::core::query::sort::Sort;
use crate::core::time::TimeRange;

/// What a person can choose. An address, a saved view or `getState()` holds parts of it.
#[derive(Debug, Clone, PartialEq)]
pub struct View {
    /// The time range.
    pub range: TimeRange,
    /// The sort; `None` is the server's order.
    pub sort: Option<Sort>,
    /// The filter as typed, secrets included.
    pub filter: String,
    /// The page, from 1.
    pub page: u64,
    /// Rows on a page; 0 shows all.
    pub rows_per_page: u32,
    /// The shown columns, in order.
    pub columns: Vec<Column>,
    /// The row height.
    pub density: Density,
    /// The zone that the person chose for times; `None` is the host's.
    pub zone: Option<String>,
    /// The columns that do not have their default width, with their widths in pixels.
    pub widths: Widths,
    /// Whether the first column stays in view while the table scrolls sideways.
    pub pinned: bool,
}

impl View {
    /// The view that the attributes ask for.
    pub fn of(config: &Config) -> Self {
        Self {
            range: config.range,
            sort: config.sort,
            filter: config.filter.clone(),
            page: 1,
            rows_per_page: config.page_size,
            columns: config.columns.clone(),
            density: config.density,
            zone: None,
            widths: Widths::new(),
            pinned: false,
        }
    }

    /// The number of rows before the shown page. 0 if all rows are on one page.
    pub fn offset(&self) -> u64 {
        offset(self.page, u64::from(self.rows_per_page))
    }
}

/// The parts of a view that are given.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct PartialView {
    /// In the form of the attribute `range`.
    pub range: Option<String>,
    /// In the form of the attribute `sort`.
    pub sort: Option<String>,
    /// The filter, secrets masked.
    pub filter: Option<String>,
    /// The page, from 1.
    pub page: Option<f64>,
    /// Rows on a page; 0 shows all.
    pub page_size: Option<f64>,
    /// The column ids, in order.
    pub columns: Option<Vec<String>>,
    /// In the form of the attribute `density`.
    pub density: Option<String>,
    /// The zone of the times; empty is the host's.
    pub time_zone: Option<String>,
    /// The widths in pixels of the columns without their default width, by column id.
    pub widths: Option<BTreeMap<String, f64>>,
    /// Whether the first column is pinned.
    pub pinned: Option<bool>,
}

impl PartialView {
    /// All parts of a view, with secrets masked, so that they may leave the widget.
    pub fn of(view: &View) -> Self {
        let columns = view.columns.iter().map(|column| column.id().to_owned());
        let widths = view.widths.iter();
        let widths = widths.map(|(column, width)| (column.id().to_owned(), f64::from(*width)));
        Self {
            range: Some(view.range.print()),
            sort: Some(view.sort.map(Sort::print).unwrap_or_default()),
            filter: Some(mask(&view.filter).into_owned()),
            page: Some(view.page as f64),
            page_size: Some(f64::from(view.rows_per_page)),
            columns: Some(columns.collect()),
            density: Some(view.density.name().to_owned()),
            time_zone: Some(view.zone.clone().unwrap_or_default()),
            widths: Some(widths.collect()),
            pinned: Some(view.pinned),
        }
    }

    /// The given parts as an object.
    pub fn value(&self) -> Value {
        let text = |text: &Option<String>| text.clone().map(Value::Text);
        let number = |number: Option<f64>| number.map(|number| Value::Number(number as u64));
        let columns = self.columns.as_ref().map(|columns| {
            let columns = columns.iter().map(|id| Value::from(id.as_str()));
            Value::List(columns.collect())
        });
        let widths = self.widths.as_ref().map(|widths| {
            let known = widths_of(widths).into_iter();
            Value::Map(
                known
                    .map(|(column, width)| (column.id(), u64::from(width).into()))
                    .collect(),
            )
        });
        let all = [
            ("range", text(&self.range)),
            ("sort", text(&self.sort)),
            ("filter", text(&self.filter)),
            ("page", number(self.page)),
            ("pageSize", number(self.page_size)),
            ("columns", columns),
            ("density", text(&self.density)),
            ("timeZone", text(&self.time_zone)),
            ("widths", widths),
            ("pinned", self.pinned.map(Value::Bool)),
        ];
        let said = all.into_iter().filter_map(|(name, value)| Some((name, value?)));
        Value::Map(said.collect())
    }

    /// The given parts as JSON.
    pub fn json(&self) -> String {
        let mut out = String::new();
        self.value().write(&mut out);
        out
    }

    /// Reads JSON. A part of another type counts as missing; text that is not JSON is an error.
    pub fn from_json(text: &str) -> Result<Self, Fault> {
        let mut saved = Self::default();
        let mut reader = Reader::new(text);
        reader.enter(b'{')?;
        let mut first = true;
        while let Some(key) = reader.key(&mut first)? {
            if key == "columns" && reader.peek() == Some(b'[') {
                saved.columns = Some(texts(&mut reader)?);
                continue;
            }
            if key == "widths" && reader.peek() == Some(b'{') {
                saved.widths = numbers(&mut reader)?;
                continue;
            }
            let value = reader.scalar()?;
            if let ("pinned", Scalar::Bool(pinned)) = (&*key, &value) {
                saved.pinned = Some(*pinned);
            }
            let number = match &value {
                Scalar::Number(text) => text.parse().ok(),
                _ => None,
            };
            let text = match value {
                Scalar::Text(text) => Some(text.into_owned()),
                _ => None,
            };
            match &*key {
                "range" => saved.range = text,
                "sort" => saved.sort = text,
                "filter" => saved.filter = text,
                "page" => saved.page = number,
                "pageSize" => saved.page_size = number,
                "density" => saved.density = text,
                "timeZone" => saved.time_zone = text,
                _ => {}
            }
        }
        reader.end()?;
        Ok(saved)
    }

    /// The view `now` with the given parts. A part that is missing or invalid stays as it is.
    pub fn over(self, now: View) -> View {
        let ids = self.columns.iter().flatten();
        let (columns, _) = parts::columns(ids.map(String::as_str));
        View {
            range: self
                .range
                .and_then(|text| parts::range(&text, None).ok())
                .unwrap_or(now.range),
            sort: self
                .sort
                .and_then(|text| parts::sort(&text).ok())
                .unwrap_or(now.sort),
            filter: self.filter.unwrap_or(now.filter),
            // NaN fails the comparison, so it counts as missing.
            page: self
                .page
                .filter(|page| *page >= 1.0)
                .map_or(now.page, |page| page.min(1e15) as u64),
            rows_per_page: self
                .page_size
                .filter(|rows| *rows == 0.0 || *rows >= 1.0)
                .map_or(now.rows_per_page, |rows| rows.min(2000.0) as u32),
            columns: columns.unwrap_or(now.columns),
            density: match self.density.as_deref() {
                Some("compact") => Density::Compact,
                Some("comfortable") => Density::Comfortable,
                _ => now.density,
            },
            zone: match self.time_zone {
                Some(zone) => Some(zone).filter(|zone| !zone.trim().is_empty()),
                None => now.zone,
            },
            widths: self.widths.map_or(now.widths, |widths| widths_of(&widths)),
            pinned: self.pinned.unwrap_or(now.pinned),
        }
    }
}

/// The usable widths: of known columns, within the limits, rounded to whole pixels.
#[inline(never)]
fn widths_of(saved: &BTreeMap<String, f64>) -> Widths {
    let mut widths = Widths::new();
    for (id, width) in saved {
        if let Some(column) = Column::from_id(id).filter(|_| width.is_finite()) {
            let width = width.clamp(0.0, f64::from(columns::MOST)).round() as u32;
            columns::set_width(&mut widths, column, Some(width));
        }
    }
    widths
}

/// The numbers of an object, by name. Other values are skipped; an object with only such values gives
/// `None`.
fn numbers(reader: &mut Reader<'_>) -> Result<Option<BTreeMap<String, f64>>, Fault> {
    let (mut all, mut is_empty) = (BTreeMap::new(), true);
    reader.enter(b'{')?;
    let mut first = true;
    while let Some(key) = reader.key(&mut first)? {
        is_empty = false;
        if let Scalar::Number(text) = reader.scalar()?
            && let Ok(number) = text.parse()
        {
            all.insert(key.into_owned(), number);
        }
    }
    Ok(Some(all).filter(|all| is_empty || !all.is_empty()))
}

/// The texts of an array. Other values are skipped.
fn texts(reader: &mut Reader<'_>) -> Result<Vec<String>, Fault> {
    let mut all = Vec::new();
    reader.enter(b'[')?;
    let mut first = true;
    while reader.more(b']', &mut first)? {
        if let Scalar::Text(text) = reader.scalar()? {
            all.push(text.into_owned());
        }
    }
    Ok(all)
}
