//! What to ask: the address of one page of the documented API.

use super::locale::Locale;
use super::time::iso;

/// Whether a prefix may stand before the API's path: http(s) or relative, nothing that runs or reads elsewhere.
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
        // A user part would be a credential in the address, and fetch refuses it anyway.
        let authority = rest.split('/').next().unwrap_or("");
        return !authority.is_empty() && !authority.contains('@');
    }
    // A scheme is letters before the first colon; a colon behind a slash is only a part of a path.
    !lower.split('/').next().unwrap_or("").contains(':')
}

/// Whose tasks, of which time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scope {
    /// What stands before `/api/v2/…`.
    pub base_url: String,
    /// The cluster's id.
    pub cluster: i64,
    /// Created at or after.
    pub start: Option<i64>,
    /// Created at or before.
    pub end: Option<i64>,
}

impl Scope {
    /// The address of a page.
    pub fn url(&self, page: u64, size: u64, locale: &dyn Locale) -> String {
        let base = self.base_url.trim().trim_end_matches('/');
        let cluster = self.cluster;
        let mut url =
            format!("{base}/api/v2/ob/clusters/{cluster}/backup/task/restoreTasks?page={page}&size={size}");
        for (name, at) in [("startTime", self.start), ("endTime", self.end)] {
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
    use crate::core::locale::Plain;

    #[test]
    fn the_address_of_a_page() {
        let mut scope = Scope {
            base_url: String::new(),
            cluster: 1_000_005,
            start: None,
            end: None,
        };
        let shanghai = Plain {
            offset: 8 * 3600,
            ..Plain::default()
        };
        assert_eq!(
            scope.url(1, 20, &shanghai),
            "/api/v2/ob/clusters/1000005/backup/task/restoreTasks?page=1&size=20"
        );
        scope.base_url = "https://h/ocp/".into();
        scope.start = Some(1_631_183_538_833_000);
        assert_eq!(
            scope.url(3, 10, &shanghai),
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
