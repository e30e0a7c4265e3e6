//! The host's raw attributes into what holds, or an error that says which attribute and why.
//!
//! Bad values never stop the widget: they fall back to the default and are told.

use super::address;
use super::column::{Column, DEFAULT};
use super::error::Error;
use super::format::named;
use super::locale::Locale;
use super::order::Sort;
use super::request::is_base_url;
use super::text::{Key, Lang, Later, fill, text};
use super::time::Range;

/// Attribute values by their HTML names, as the host wrote them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Raw(Vec<(String, String)>);

impl Raw {
    /// What a name holds.
    pub fn get(&self, name: &str) -> Option<&String> {
        self.0
            .iter()
            .find(|(given, _)| given == name)
            .map(|(_, value)| value)
    }

    /// Whether nothing is named.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Gives a name its value.
    pub fn insert(&mut self, name: String, value: String) {
        self.0.retain(|(given, _)| *given != name);
        self.0.push((name, value));
    }
}

impl FromIterator<(String, String)> for Raw {
    fn from_iter<T: IntoIterator<Item = (String, String)>>(pairs: T) -> Self {
        let mut raw = Self::default();
        pairs
            .into_iter()
            .for_each(|(name, value)| raw.insert(name, value));
        raw
    }
}

/// Which cookies go along.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[allow(missing_docs, reason = "named as in fetch")]
pub enum Credentials {
    #[default]
    SameOrigin,
    Omit,
    Include,
}

impl Credentials {
    /// The name in the attribute.
    pub fn name(self) -> &'static str {
        match self {
            Self::SameOrigin => "same-origin",
            Self::Omit => "omit",
            Self::Include => "include",
        }
    }
}

/// Light or dark.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[allow(missing_docs, reason = "said by their names")]
pub enum Theme {
    #[default]
    Auto,
    Light,
    Dark,
}

impl Theme {
    /// The name in the attribute.
    pub fn name(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }
}

/// How high a row is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[allow(missing_docs, reason = "said by their names")]
pub enum Density {
    #[default]
    Comfortable,
    Compact,
}

impl Density {
    /// The name in the attribute.
    pub fn name(self) -> &'static str {
        match self {
            Self::Comfortable => "comfortable",
            Self::Compact => "compact",
        }
    }
}

/// The strip above the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Overview {
    /// Filled where the whole range is here anyway; else it offers to fetch the rest.
    #[default]
    Auto,
    /// The whole range is fetched for it.
    On,
    /// None.
    Off,
}

/// What the host asks for, checked.
#[derive(Debug, Clone, PartialEq)]
pub struct Config {
    /// What stands before `/api/v2/…`.
    pub base_url: String,
    /// The cluster; `None` where it is missing or wrong.
    pub cluster: Option<i64>,
    /// Which tasks, by their time.
    pub range: Range,
    /// Rows on a page.
    pub page_size: u32,
    /// Most rows that are held.
    pub max_rows: usize,
    /// The order at first.
    pub sort: Option<Sort>,
    /// The filter at first.
    pub filter: String,
    /// The columns at first.
    pub columns: Vec<Column>,
    /// Seconds between refreshes; 0 is off.
    pub refresh: u32,
    /// Whether automatic refresh is held.
    pub paused: bool,
    /// Which cookies go along.
    pub credentials: Credentials,
    /// Light or dark.
    pub theme: Theme,
    /// How high a row is.
    pub density: Density,
    /// Link template of OCP jobs.
    pub job_href: Option<String>,
    /// The strip above the table.
    pub overview: Overview,
    /// Where the view is kept in the page's address.
    pub url_sync: Option<address::Sync>,
    /// Under which name the browser may keep the look and the named views.
    pub storage_key: Option<String>,
    /// Whether single keys do something.
    pub shortcuts: bool,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            base_url: String::new(),
            cluster: None,
            range: Range::All,
            page_size: 20,
            max_rows: 200_000,
            sort: None,
            filter: String::new(),
            columns: DEFAULT.to_vec(),
            refresh: 30,
            paused: false,
            credentials: Credentials::default(),
            theme: Theme::default(),
            density: Density::default(),
            job_href: None,
            overview: Overview::default(),
            url_sync: None,
            storage_key: None,
            shortcuts: true,
        }
    }
}

/// So many wrong parts of one value are named: whoever has more of them needs no list.
pub(super) const MOST_NAMED: usize = 4;

struct Reader<'a> {
    raw: &'a Raw,
    lang: Lang,
    errors: Vec<Error>,
}

impl Reader<'_> {
    fn get(&self, name: &str) -> Option<&str> {
        self.raw.get(name).map(String::as_str)
    }

    fn bad(&mut self, name: &'static str, key: Key, values: &[(&str, &str)]) {
        let values: Vec<_> = values.iter().map(|(name, value)| (*name, named(value))).collect();
        let values: Vec<_> = values
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .collect();
        self.errors
            .push(Error::config(name, fill(self.lang, key, &values)));
    }

    /// A whole number within bounds, else the default.
    fn number(&mut self, name: &'static str, least: u32, most: u32, default: u32) -> u32 {
        let Some(value) = self.get(name).map(str::to_owned) else {
            return default;
        };
        // By the reader that totals have: one for each width of a number would be code that every first row waits for.
        let number = value.trim().parse::<u64>().ok();
        match number
            .and_then(|number| u32::try_from(number).ok())
            .filter(|number| (least..=most).contains(number))
        {
            Some(number) => number,
            None => {
                let (min, max) = (least.to_string(), most.to_string());
                self.bad(
                    name,
                    Key::Later(Later::WhyNumber),
                    &[("value", &value), ("min", &min), ("max", &max)],
                );
                default
            }
        }
    }

    /// One of several words, the first of which is the default.
    fn choice<T: Copy + Default, const N: usize>(
        &mut self,
        name: &'static str,
        choices: [(&str, T); N],
    ) -> T {
        let at = self.index(name, &choices.map(|(word, _)| word));
        choices.get(at).map_or_else(T::default, |(_, value)| *value)
    }

    #[inline(never)]
    fn index(&mut self, name: &'static str, words: &[&str]) -> usize {
        let Some(value) = self.get(name).map(str::to_owned) else {
            return 0;
        };
        let named = words
            .iter()
            .position(|word| word.eq_ignore_ascii_case(value.trim()));
        named.unwrap_or_else(|| {
            self.bad(
                name,
                Key::Later(Later::WhyChoice),
                &[("value", &value), ("choices", &words.join(", "))],
            );
            0
        })
    }
}

/// A link template that may stand in `href`: http(s) or relative.
pub fn is_link(template: &str) -> bool {
    let path = template.split(['?', '#']).next().unwrap_or("");
    is_base_url(path)
        && !template
            .chars()
            .any(|c| c.is_control() || c.is_whitespace() || c == '\\')
}

impl Config {
    /// Where the link to a job leads; `None` without a template or without a job.
    pub fn job_link(&self, job: Option<i64>) -> Option<String> {
        let job = job.filter(|job| *job > 0)?;
        Some(self.job_href.as_ref()?.replace("{ocpJobId}", &job.to_string()))
    }

    /// Reads the attributes. `needs_cluster` is false where the host hands the tasks over itself.
    pub fn read(raw: &Raw, locale: &dyn Locale, needs_cluster: bool) -> (Self, Vec<Error>) {
        let mut reader = Reader {
            raw,
            lang: locale.lang(),
            errors: Vec::new(),
        };
        let defaults = Self::default();
        let base_url = match reader.get("base-url").map(str::to_owned) {
            Some(value) if is_base_url(&value) => value,
            Some(value) => {
                reader.bad("base-url", Key::Later(Later::WhyBaseUrl), &[("value", &value)]);
                String::new()
            }
            None => String::new(),
        };
        let cluster = match reader.get("cluster-id").map(|value| value.trim().to_owned()) {
            None if !needs_cluster => None,
            None => {
                let why = text(reader.lang, Key::Later(Later::WhyMissing));
                reader.errors.push(Error::config("cluster-id", why));
                None
            }
            Some(value) => {
                let digits = !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit());
                let id = value.parse::<i64>().ok().filter(|id| digits && *id > 0);
                if id.is_none() {
                    reader.bad(
                        "cluster-id",
                        Key::Later(Later::WhyClusterId),
                        &[("value", &value)],
                    );
                }
                id
            }
        };
        // A wrong address must not quietly become another one: nothing is asked at all.
        let cluster = cluster.filter(|_| {
            !reader
                .errors
                .iter()
                .any(|error| error.attribute == Some("base-url"))
        });
        let range = match reader.get("range").map(str::to_owned) {
            None => Range::All,
            Some(value) => match Range::read(&value) {
                None => {
                    reader.bad("range", Key::Later(Later::WhyRange), &[("value", &value)]);
                    Range::All
                }
                Some(range) => match range.bounds(0, locale) {
                    (Some(start), Some(end)) if start > end => {
                        reader.bad("range", Key::Later(Later::WhyRangeOrder), &[("value", &value)]);
                        Range::All
                    }
                    _ => range,
                },
            },
        };
        let sort = reader
            .get("sort")
            .map(str::trim)
            .filter(|value| !value.is_empty())
            .map(str::to_owned);
        let sort = sort.and_then(|value| {
            let sort = Sort::read(&value);
            if sort.is_none() {
                reader.bad("sort", Key::Later(Later::WhyColumn), &[("value", &value)]);
            }
            sort
        });
        let columns = read_columns(&mut reader);
        let job_href = reader
            .get("job-href")
            .filter(|value| !value.is_empty())
            .map(str::to_owned);
        let job_href = job_href.filter(|value| {
            let good = is_link(value);
            if !good {
                reader.bad("job-href", Key::Later(Later::WhyBaseUrl), &[("value", value)]);
            }
            good
        });
        reader.choice("url-sync", [("none", ()), ("query", ()), ("hash", ())]);
        check_key(&mut reader);
        check_storage_key(&mut reader);
        let url_sync = address::Sync::of(raw);
        let config = Self {
            base_url,
            cluster,
            range,
            page_size: reader.number("page-size", 1, 2000, defaults.page_size),
            max_rows: reader.number("max-rows", 1, 10_000_000, defaults.max_rows as u32) as usize,
            sort,
            filter: reader.get("filter").unwrap_or_default().to_owned(),
            columns,
            refresh: reader.number("refresh", 0, 86_400, defaults.refresh),
            paused: reader.get("paused").is_some(),
            credentials: reader.choice(
                "credentials",
                [
                    ("same-origin", Credentials::SameOrigin),
                    ("omit", Credentials::Omit),
                    ("include", Credentials::Include),
                ],
            ),
            theme: reader.choice(
                "theme",
                [
                    ("auto", Theme::Auto),
                    ("light", Theme::Light),
                    ("dark", Theme::Dark),
                ],
            ),
            density: reader.choice(
                "density",
                [
                    ("comfortable", Density::Comfortable),
                    ("compact", Density::Compact),
                ],
            ),
            job_href,
            overview: reader.choice(
                "overview",
                [
                    ("auto", Overview::Auto),
                    ("on", Overview::On),
                    ("off", Overview::Off),
                ],
            ),
            url_sync,
            storage_key: storage_key(raw),
            shortcuts: reader.index("shortcuts", &["on", "off"]) == 0,
        };
        (config, reader.errors)
    }
}

fn check_key(reader: &mut Reader<'_>) {
    let key = reader.get("url-key").map(str::to_owned);
    if let Some(key) = key.filter(|key| !address::is_key(key)) {
        reader.bad("url-key", Key::Later(Later::WhyKey), &[("value", &key)]);
    }
}

/// Under which name the browser may keep something; a name that cannot be used is none.
pub fn storage_key(raw: &Raw) -> Option<String> {
    let key = raw.get("storage-key").filter(|key| address::is_key(key));
    key.cloned()
}

fn check_storage_key(reader: &mut Reader<'_>) {
    let key = reader.get("storage-key").map(str::to_owned);
    if let Some(key) = key.filter(|key| !address::is_key(key)) {
        reader.bad(
            "storage-key",
            Key::Later(Later::WhyStorageKey),
            &[("value", &key)],
        );
    }
}

#[inline(never)]
fn read_columns(reader: &mut Reader<'_>) -> Vec<Column> {
    match reader.get("columns").map(str::to_owned) {
        Some(value) => columns_of(reader, &value),
        None => DEFAULT.to_vec(),
    }
}

#[inline(never)]
fn columns_of(reader: &mut Reader<'_>, value: &str) -> Vec<Column> {
    let (mut columns, mut bad) = (Vec::new(), Vec::new());
    for id in value.split_whitespace() {
        match Column::from_id(id) {
            Some(column) if !columns.contains(&column) => columns.push(column),
            Some(_) => {}
            None if bad.len() < MOST_NAMED && !bad.contains(&id) => {
                bad.push(id);
                reader.bad("columns", Key::Later(Later::WhyColumn), &[("value", id)]);
            }
            None => {}
        }
    }
    if columns.is_empty() {
        DEFAULT.to_vec()
    } else {
        columns
    }
}

#[cfg(test)]
#[path = "config_tests.rs"]
mod tests;
