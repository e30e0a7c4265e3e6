//! The requests: what each asks for, and its URL in the documented API.

use crate::core::i18n::locale::Locale;
use crate::core::time::iso;

/// Whether a URL prefix may stand before the API's path: http(s) or relative, without user, query or
/// fragment.
pub fn is_base_url(text: &str) -> bool {
    let text = text.trim();
    if text
        .chars()
        .any(|c| c.is_control() || c.is_whitespace() || c == '\\' || c == '?' || c == '#')
    {
        return false;
    }
    let lower = text.to_ascii_lowercase();
    if let Some(rest) = ["http://", "https://", "//"]
        .iter()
        .find_map(|scheme| lower.strip_prefix(scheme))
    {
        // A user part would put credentials into the address, and `fetch` refuses it anyway.
        let authority = rest.split('/').next().unwrap_or("");
        return !authority.is_empty() && !authority.contains('@');
    }
    // A scheme ends at the first colon. A colon after a slash is only part of a path.
    !lower.split('/').next().unwrap_or("").contains(':')
}

/// The purpose of a request. See [`dataset`](crate::core::dataset) for how the answers are used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Purpose {
    /// One server page at the page size of the view, to show it.
    #[default]
    Page,
    /// One page of the whole range.
    FullScan,
    /// The newest tasks of a range that is loaded completely.
    Newest,
    /// Older tasks that may still be running.
    Running,
}

/// One page to request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct PageRequest {
    /// The purpose.
    pub purpose: Purpose,
    /// The page number, from 1.
    pub page: u64,
    /// The number of rows on the page.
    pub size: u64,
    /// Created at or after, in microseconds since 1970; used if it is later than the range's own start.
    pub start: Option<i64>,
    /// Created at or before, in microseconds since 1970; used if it is earlier than the range's own end.
    pub end: Option<i64>,
}

impl PageRequest {
    /// The number of rows before the page.
    pub fn offset(&self) -> u64 {
        offset(self.page, self.size)
    }
}

/// The number of rows before a page of this size; pages count from 1.
pub fn offset(page: u64, size: u64) -> u64 {
    (page - 1) * size
}

/// The server, cluster and time range of a load.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scope {
    /// The URL prefix before `/api/v2/…`.
    pub base_url: String,
    /// The cluster id.
    pub cluster: i64,
    /// Created at or after, in microseconds since 1970.
    pub start: Option<i64>,
    /// Created at or before, in microseconds since 1970.
    pub end: Option<i64>,
}

impl Scope {
    /// The URL of a page. Bounds are written as ISO 8601 with milliseconds and the locale's offset.
    pub fn url(&self, request: &PageRequest, locale: &dyn Locale) -> String {
        let PageRequest { page, size, .. } = request;
        // `None` sorts first: right for the latest start, wrong for the earliest end.
        let start = self.start.max(request.start);
        let end = [self.end, request.end].into_iter().flatten().min();
        let base = self.base_url.trim().trim_end_matches('/');
        let cluster = self.cluster;
        let mut url =
            format!("{base}/api/v2/ob/clusters/{cluster}/backup/task/restoreTasks?page={page}&size={size}");
        for (name, at) in [("startTime", start), ("endTime", end)] {
            if let Some(at) = at {
                let time = iso(at, locale.offset_at(at), ":")
                    .replace('+', "%2B")
                    .replace(':', "%3A");
                url.push_str(&format!("&{name}={time}"));
            }
        }
        url
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::i18n::locale::FixedLocale;

    fn request(page: u64, size: u64) -> PageRequest {
        PageRequest {
            page,
            size,
            ..PageRequest::default()
        }
    }

    #[test]
    fn a_request_is_narrower_than_the_range_and_never_wider() {
        let table = [
            ((None, None), (Some(5), Some(9)), "startTime=5,endTime=9"),
            ((Some(6), Some(8)), (Some(5), Some(9)), "startTime=6,endTime=8"),
            ((Some(4), None), (Some(5), None), "startTime=5"),
            ((None, Some(3)), (None, Some(2)), "endTime=2"),
        ];
        for ((start, end), (from, to), expected) in table {
            let second = |at: Option<i64>| at.map(|at| at * 1_000_000);
            let scope = Scope {
                base_url: String::new(),
                cluster: 1,
                start: second(start),
                end: second(end),
            };
            let request = PageRequest {
                start: second(from),
                end: second(to),
                ..request(1, 1)
            };
            let url = scope.url(&request, &FixedLocale::default());
            let bounds: Vec<String> = url
                .split('&')
                .skip(2)
                .map(|bound| {
                    bound
                        .replace("1970-01-01T00%3A00%3A0", "")
                        .replace(".000%2B00%3A00", "")
                })
                .collect();
            assert_eq!(bounds.join(","), expected);
        }
    }

    #[test]
    fn the_address_of_a_page() {
        let mut scope = Scope {
            base_url: String::new(),
            cluster: 1_000_005,
            start: None,
            end: None,
        };
        let shanghai = FixedLocale {
            offset: 8 * 3600,
            ..FixedLocale::default()
        };
        assert_eq!(
            scope.url(&request(1, 20), &shanghai),
            "/api/v2/ob/clusters/1000005/backup/task/restoreTasks?page=1&size=20"
        );
        scope.base_url = "https://h/ocp/".into();
        scope.start = Some(1_631_183_538_833_000);
        assert_eq!(
            scope.url(&request(3, 10), &shanghai),
            "https://h/ocp/api/v2/ob/clusters/1000005/backup/task/restoreTasks?page=3&size=10\
             &startTime=2021-09-09T18%3A32%3A18.833%2B08%3A00"
        );
    }

    #[test]
    fn base_urls_are_http_or_relative() {
        for good in [
            "",
            "/ocp",
            "ocp",
            "../x",
            "https://h:1/x",
            "HTTP://h",
            "//h/x",
            "./a:b",
        ] {
            assert!(is_base_url(good), "{good}");
        }
        for bad in [
            "javascript:alert(1)",
            "data:,x",
            "file:///x",
            "ftp://h",
            "http://",
            "https://u:p@h/",
            "//u:p@h/",
            "java\tscript:x",
            "\\\\h",
            "/a?b",
            "/a#b",
        ] {
            assert!(!is_base_url(bad), "{bad}");
        }
    }
}
