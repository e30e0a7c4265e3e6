//! The number of possible connections. Each connection is an open file, also each to OCP. A process without
//! free file descriptors cannot ask OCP either, so clients must not use them all.

/// File descriptors for everything but connections: the page's files, name lookups, the log, the runtime.
const RESERVED: usize = 64;
/// The least number of connections, whatever the system allows. Fewer would serve nobody.
const MIN_CONNECTIONS: usize = 8;

/// The number of client connections: `wanted`, or what the system's limit leaves. Logs a warning if that is
/// less.
pub(super) fn max_connections(wanted: usize, upstream: usize) -> usize {
    let Some(allowed) = std::fs::read_to_string("/proc/self/limits")
        .ok()
        .as_deref()
        .and_then(limit)
    else {
        // Not Linux, or no limit.
        return wanted;
    };
    let most = fitting(wanted, upstream, allowed);
    if most < wanted {
        tracing::warn!(
            "--max-connections {wanted} is more than {allowed} open files allow: {most} at most (raise the limit by \
             ulimit -n, or LimitNOFILE= with systemd)"
        );
    }
    most
}

fn fitting(wanted: usize, upstream: usize, allowed: usize) -> usize {
    let left = allowed.saturating_sub(upstream).saturating_sub(RESERVED);
    wanted.min(left.max(MIN_CONNECTIONS))
}

/// The current limit, which is the first of the two numbers; `None` for `unlimited`.
fn limit(text: &str) -> Option<usize> {
    let line = text
        .lines()
        .find_map(|line| line.strip_prefix("Max open files"))?;
    line.split_whitespace().next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    #[test]
    fn clients_leave_files_for_the_rest() {
        assert_eq!(fitting(4096, 8, 1024), 952);
        assert_eq!(fitting(4096, 8, 8192), 4096);
        assert_eq!(fitting(4096, 8, 64), MIN_CONNECTIONS);
        assert_eq!(fitting(2, 8, 64), 2);
    }

    #[test]
    fn the_limit_as_linux_writes_it() {
        let text = "Limit                     Soft Limit           Hard Limit           Units     \n\
                    Max processes             15000                15000                processes \n\
                    Max open files            1024                 524288               files     \n";
        assert_eq!(limit(text), Some(1024));
        assert_eq!(limit(&text.replace("1024", "unlimited")), None);
        assert_eq!(limit(""), None);
        if let Ok(text) = std::fs::read_to_string("/proc/self/limits") {
            assert!(text.contains("Max open files"), "{text}");
        }
    }
}
