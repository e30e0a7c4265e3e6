//! Reads the host's raw attributes into checked values. A value that cannot be used falls back to its
//! default, and an error names the attribute and the reason. A bad value never stops the widget.

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
    /// The value of an attribute; `None` if it is absent.
    pub fn get(&self, name: &str) -> Option<&String> {
        self.0
            .iter()
            .find(|(given, _)| given == name)
            .map(|(_, value)| value)
    }

    /// Whether there are no attributes.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Sets an attribute's value, in place of an earlier one.
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

/// Which requests carry cookies, as in `fetch`.
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

/// The colour scheme.
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

/// The row height.
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

/// The strip above the table, and what is fetched for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Overview {
    /// Filled if the whole range is held anyway. Otherwise it offers to fetch the rest.
    #[default]
    Auto,
    /// The whole range is fetched for it.
    On,
    /// There is no strip.
    Off,
}

/// The host's attributes, checked.
#[derive(Debug, Clone, PartialEq)]
pub struct Config {
    /// The URL prefix before `/api/v2/…`; empty is the page's own origin.
    pub base_url: String,
    /// The cluster id, above 0. `None` if it is missing or invalid, or if `base-url` is invalid: then
    /// nothing is fetched.
    pub cluster: Option<i64>,
    /// The time range.
    pub range: Range,
    /// Rows on a page, 1 to 2000.
    pub page_size: u32,
    /// The most rows that the widget holds.
    pub max_rows: usize,
    /// The initial sort; `None` is the server's order.
    pub sort: Option<Sort>,
    /// The initial filter, as written.
    pub filter: String,
    /// The initial columns, in order.
    pub columns: Vec<Column>,
    /// Seconds between refreshes; 0 turns automatic refresh off.
    pub refresh: u32,
    /// Whether automatic refresh is paused.
    pub paused: bool,
    /// Which requests carry cookies.
    pub credentials: Credentials,
    /// The colour scheme.
    pub theme: Theme,
    /// The row height.
    pub density: Density,
    /// The link template of OCP jobs, with `{ocpJobId}` in it.
    pub job_href: Option<String>,
    /// The strip above the table, and what is fetched for it.
    pub overview: Overview,
    /// Where in the page's address the view is kept; `None` if nowhere.
    pub url_sync: Option<address::Sync>,
    /// The name under which the browser may store the look and the named views; `None` stores nothing.
    pub storage_key: Option<String>,
    /// Whether the single-key shortcuts work.
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

/// The most wrong parts of one value that get an error of their own. A value with more is wrong as a
/// whole, and a long list would not help.
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

    /// A whole number from `least` to `most`. Anything else is an error and gives the default.
    fn number(&mut self, name: &'static str, least: u32, most: u32, default: u32) -> u32 {
        let Some(value) = self.get(name).map(str::to_owned) else {
            return default;
        };
        // Parsed as u64, like the totals: each integer type more would add a parser to the code that the
        // first row waits for.
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

    /// One of several words. The first is the default; an unknown word is an error.
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

/// Whether a link template may go into `href`: http(s) or relative, without spaces, control characters or
/// backslashes.
pub fn is_link(template: &str) -> bool {
    let path = template.split(['?', '#']).next().unwrap_or("");
    is_base_url(path)
        && !template
            .chars()
            .any(|c| c.is_control() || c.is_whitespace() || c == '\\')
}

impl Config {
    /// The link to a job. `None` without a template, or if the job id is missing or below 1.
    pub fn job_link(&self, job: Option<i64>) -> Option<String> {
        let job = job.filter(|job| *job > 0)?;
        Some(self.job_href.as_ref()?.replace("{ocpJobId}", &job.to_string()))
    }

    /// Reads and checks the attributes. `needs_cluster` is false if the host sets `tasks` itself. The
    /// errors name each attribute that cannot be used.
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
        // An invalid base URL must not quietly become the page's own origin, so nothing is fetched.
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

/// The name under which the browser may store something; `None` if it is missing or invalid.
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
