//! Reads the host's raw attributes into checked values. A value that cannot be used falls back to its
//! default, and an error names the attribute and the reason. A bad value never stops the widget.

pub use super::choices::{Credentials, Density, OverviewMode, Theme};
use super::parts;
pub use super::raw::Attributes;
use super::url_sync::{UrlSync, is_key};
use crate::core::api::request::is_base_url;
use crate::core::domain::column::{Column, DEFAULT};
use crate::core::error::Error;
use crate::core::i18n::locale::Locale;
use crate::core::i18n::{Key, Lang, fill, text};
use crate::core::privacy::excerpt::excerpt;
use crate::core::query::sort::Sort;
use crate::core::time::TimeRange;

/// The host's attributes, checked.
#[derive(Debug, Clone, PartialEq)]
pub struct Config {
    /// The URL prefix before `/api/v2/…`; empty is the page's own origin.
    pub base_url: String,
    /// The cluster id, above 0. `None` if it is missing or invalid, or if `base-url` is invalid: then
    /// nothing is fetched.
    pub cluster: Option<i64>,
    /// The time range.
    pub range: TimeRange,
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
    pub is_paused: bool,
    /// Which requests carry cookies.
    pub credentials: Credentials,
    /// The colour scheme.
    pub theme: Theme,
    /// The row height.
    pub density: Density,
    /// The link template of OCP jobs, with `{ocpJobId}` in it.
    pub job_href: Option<String>,
    /// The strip above the table, and what is fetched for it.
    pub overview: OverviewMode,
    /// Where in the page's address the view is kept; `None` if nowhere.
    pub url_sync: Option<UrlSync>,
    /// The name under which the browser may store preferences and named views; `None` stores nothing.
    pub storage_key: Option<String>,
    /// Whether the single-key shortcuts work.
    pub shortcuts: bool,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            base_url: String::new(),
            cluster: None,
            range: TimeRange::All,
            page_size: 20,
            max_rows: 200_000,
            sort: None,
            filter: String::new(),
            columns: DEFAULT.to_vec(),
            refresh: 30,
            is_paused: false,
            credentials: Credentials::default(),
            theme: Theme::default(),
            density: Density::default(),
            job_href: None,
            overview: OverviewMode::default(),
            url_sync: None,
            storage_key: None,
            shortcuts: true,
        }
    }
}

struct Reader<'a> {
    attributes: &'a Attributes,
    lang: Lang,
    errors: Vec<Error>,
}

impl Reader<'_> {
    fn get(&self, name: &str) -> Option<&str> {
        self.attributes.get(name).map(String::as_str)
    }

    fn bad(&mut self, name: &'static str, key: Key, values: &[(&str, &str)]) {
        let values: Vec<_> = values
            .iter()
            .map(|(name, value)| (*name, excerpt(value)))
            .collect();
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
                    Key::WhyNumber,
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
                Key::WhyChoice,
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
    pub fn parse(attributes: &Attributes, locale: &dyn Locale, needs_cluster: bool) -> (Self, Vec<Error>) {
        let mut reader = Reader {
            attributes,
            lang: locale.lang(),
            errors: Vec::new(),
        };
        let defaults = Self::default();
        let base_url = match reader.get("base-url").map(str::to_owned) {
            Some(value) if is_base_url(&value) => value,
            Some(value) => {
                reader.bad("base-url", Key::WhyBaseUrl, &[("value", &value)]);
                String::new()
            }
            None => String::new(),
        };
        let cluster = match reader.get("cluster-id").map(|value| value.trim().to_owned()) {
            None if !needs_cluster => None,
            None => {
                let why = text(reader.lang, Key::WhyMissing);
                reader.errors.push(Error::config("cluster-id", why));
                None
            }
            Some(value) => {
                let digits = !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit());
                let id = value.parse::<i64>().ok().filter(|id| digits && *id > 0);
                if id.is_none() {
                    reader.bad("cluster-id", Key::WhyClusterId, &[("value", &value)]);
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
        let range = reader
            .get("range")
            .map(str::to_owned)
            .map_or(TimeRange::All, |value| {
                parts::range(&value, Some(locale)).unwrap_or_else(|why| {
                    reader.bad("range", why, &[("value", &value)]);
                    TimeRange::All
                })
            });
        let sort = reader.get("sort").unwrap_or_default().to_owned();
        let sort = parts::sort(&sort).unwrap_or_else(|why| {
            reader.bad("sort", why, &[("value", sort.trim())]);
            None
        });
        let columns = read_columns(&mut reader);
        let job_href = reader
            .get("job-href")
            .filter(|value| !value.is_empty())
            .map(str::to_owned);
        let job_href = job_href.filter(|value| {
            let good = is_link(value);
            if !good {
                reader.bad("job-href", Key::WhyBaseUrl, &[("value", value)]);
            }
            good
        });
        reader.choice("url-sync", [("none", ()), ("query", ()), ("hash", ())]);
        check_key(&mut reader);
        check_storage_key(&mut reader);
        let url_sync = UrlSync::parse(attributes);
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
            is_paused: reader.get("paused").is_some(),
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
                    ("auto", OverviewMode::Auto),
                    ("on", OverviewMode::On),
                    ("off", OverviewMode::Off),
                ],
            ),
            url_sync,
            storage_key: storage_key(attributes),
            shortcuts: reader.index("shortcuts", &["on", "off"]) == 0,
        };
        (config, reader.errors)
    }
}

fn check_key(reader: &mut Reader<'_>) {
    let key = reader.get("url-key").map(str::to_owned);
    if let Some(key) = key.filter(|key| !is_key(key)) {
        reader.bad("url-key", Key::WhyKey, &[("value", &key)]);
    }
}

/// The name under which the browser may store something; `None` if it is missing or invalid.
pub fn storage_key(attributes: &Attributes) -> Option<String> {
    let key = attributes.get("storage-key").filter(|key| is_key(key));
    key.cloned()
}

fn check_storage_key(reader: &mut Reader<'_>) {
    let key = reader.get("storage-key").map(str::to_owned);
    if let Some(key) = key.filter(|key| !is_key(key)) {
        reader.bad("storage-key", Key::WhyStorageKey, &[("value", &key)]);
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
    let (columns, unknown) = parts::columns(value.split_whitespace());
    for id in unknown {
        reader.bad("columns", parts::UNKNOWN_COLUMN, &[("value", id)]);
    }
    columns.unwrap_or_else(|| DEFAULT.to_vec())
}

#[cfg(test)]
#[path = "attributes_tests.rs"]
mod tests;
