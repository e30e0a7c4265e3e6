//! The metrics, in the text format of Prometheus (0.0.4). Written by hand:
//! `prometheus-client` writes only OpenMetrics, which has another content type and other names in `# TYPE`.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use super::outcome::Health;

/// Upper bounds of the histogram buckets, in milliseconds.
const BOUNDS: [u64; 12] = [5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10_000, 30_000];

/// The results of requests to OCP, and the sources of answers. All start with 0: `increase()` takes the first
/// value of a series as its start, so a series that first appears with 1 would raise no alarm.
const OUTCOMES: [&str; 14] = [
    "ok",
    "unauthorized",
    "forbidden",
    "limited",
    "refused",
    "failed",
    "login-page",
    "no-json",
    "too-large",
    "no-room",
    "broken",
    "timeout",
    "unreachable",
    "unsendable",
];
const SOURCES: [&str; 4] = ["hit", "joined", "upstream", "refused"];

type Counts<K> = Mutex<BTreeMap<K, u64>>;

/// The counters. All labels are words of this program, never of a request.
#[derive(Debug)]
pub(super) struct Metrics {
    requests: Counts<(&'static str, u16)>,
    answers: Counts<&'static str>,
    upstream: Counts<&'static str>,
    not_modified: AtomicU64,
    connections: AtomicI64,
    in_flight: AtomicI64,
    buckets: [AtomicU64; BOUNDS.len()],
    times: AtomicU64,
    micros: AtomicU64,
}

impl Default for Metrics {
    fn default() -> Self {
        let zeros = |labels: &[&'static str]| Mutex::new(labels.iter().map(|label| (*label, 0)).collect());
        Self {
            requests: Counts::default(),
            answers: zeros(&SOURCES),
            upstream: zeros(&OUTCOMES),
            not_modified: AtomicU64::default(),
            connections: AtomicI64::default(),
            in_flight: AtomicI64::default(),
            buckets: Default::default(),
            times: AtomicU64::default(),
            micros: AtomicU64::default(),
        }
    }
}

/// Counts as one while it exists.
#[derive(Debug)]
pub(super) struct Gauge<'a>(&'a AtomicI64);

impl Drop for Gauge<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

fn add<K: Ord>(counts: &Counts<K>, key: K) {
    *counts
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .entry(key)
        .or_default() += 1;
}

impl Metrics {
    pub(super) fn request(&self, route: &'static str, status: u16) {
        add(&self.requests, (route, status));
        if status == 304 && route == "api" {
            self.not_modified.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// Counts the source of an answer.
    pub(super) fn answered(&self, from: &'static str) {
        debug_assert!(SOURCES.contains(&from), "{from} begins without a 0");
        add(&self.answers, from);
    }

    pub(super) fn upstream(&self, outcome: &'static str, took: Duration) {
        debug_assert!(OUTCOMES.contains(&outcome), "{outcome} begins without a 0");
        add(&self.upstream, outcome);
        let micros = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
        for (bound, bucket) in BOUNDS.iter().zip(&self.buckets) {
            if micros <= bound * 1000 {
                bucket.fetch_add(1, Ordering::Relaxed);
            }
        }
        self.times.fetch_add(1, Ordering::Relaxed);
        self.micros.fetch_add(micros, Ordering::Relaxed);
    }

    pub(super) fn requesting(&self) -> Gauge<'_> {
        self.in_flight.fetch_add(1, Ordering::Relaxed);
        Gauge(&self.in_flight)
    }

    pub(super) fn connected(&self) -> Gauge<'_> {
        self.connections.fetch_add(1, Ordering::Relaxed);
        Gauge(&self.connections)
    }

    /// All metrics as text.
    pub(super) fn text(&self, health: Health) -> String {
        let mut out = String::new();
        let mut head = |name: &str, kind: &str, help: &str, lines: Vec<(String, String)>| {
            // Writing into a string does not fail.
            let _ = writeln!(
                out,
                "# HELP obrt_gateway_{name} {help}\n# TYPE obrt_gateway_{name} {kind}"
            );
            for (labels, value) in lines {
                let _ = writeln!(out, "obrt_gateway_{name}{labels} {value}");
            }
        };
        let list = |counts: &Counts<&'static str>, label: &str| {
            let counts = counts.lock().unwrap_or_else(PoisonError::into_inner);
            counts
                .iter()
                .map(|(key, n)| (format!("{{{label}=\"{key}\"}}"), n.to_string()))
                .collect::<Vec<_>>()
        };
        let one = |value: String| vec![(String::new(), value)];
        let requests = self.requests.lock().unwrap_or_else(PoisonError::into_inner);
        let requests = requests
            .iter()
            .map(|((route, code), n)| (format!("{{route=\"{route}\",code=\"{code}\"}}"), n.to_string()))
            .collect();
        head(
            "requests_total",
            "counter",
            "Requests of clients, by route and status.",
            requests,
        );
        let answers = list(&self.answers, "from");
        head(
            "answers_total",
            "counter",
            "How answers of the API came about: hit, joined, upstream, refused.",
            answers,
        );
        let unchanged = one(self.not_modified.load(Ordering::Relaxed).to_string());
        head(
            "not_modified_total",
            "counter",
            "Answers of the API that were 304.",
            unchanged,
        );
        let upstream = list(&self.upstream, "outcome");
        head(
            "upstream_requests_total",
            "counter",
            "Requests to OCP, by outcome.",
            upstream,
        );
        let in_flight = one(self.in_flight.load(Ordering::Relaxed).to_string());
        head(
            "upstream_in_flight",
            "gauge",
            "Requests to OCP under way.",
            in_flight,
        );
        let states = [
            ("up", Health::Up),
            ("down", Health::Down),
            ("unknown", Health::Unknown),
        ];
        let states = states.map(|(name, state)| {
            (
                format!("{{state=\"{name}\"}}"),
                u8::from(state == health).to_string(),
            )
        });
        head(
            "upstream_state",
            "gauge",
            "1 for what is known of OCP.",
            states.to_vec(),
        );
        let connections = one(self.connections.load(Ordering::Relaxed).to_string());
        head("connections", "gauge", "Connections of clients.", connections);
        self.histogram(&mut out);
        out
    }

    fn histogram(&self, out: &mut String) {
        let name = "obrt_gateway_upstream_seconds";
        let _ = writeln!(out, "# HELP {name} How long OCP took.\n# TYPE {name} histogram");
        let times = self.times.load(Ordering::Relaxed);
        for (bound, bucket) in BOUNDS.iter().zip(&self.buckets) {
            let count = bucket.load(Ordering::Relaxed).min(times);
            let _ = writeln!(out, "{name}_bucket{{le=\"{}\"}} {count}", *bound as f64 / 1000.0);
        }
        let seconds = self.micros.load(Ordering::Relaxed) as f64 / 1e6;
        let _ = writeln!(
            out,
            "{name}_bucket{{le=\"+Inf\"}} {times}\n{name}_sum {seconds}\n{name}_count {times}"
        );
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    #[test]
    fn what_may_raise_an_alarm_begins_with_0_and_stands_in_the_documents() {
        let text = Metrics::default().text(Health::Unknown);
        let documents = include_str!("../../../docs/deploying.md");
        let series =
            |label, words: &[&'static str]| words.iter().map(|word| (label, *word)).collect::<Vec<_>>();
        let all = [series("from", &SOURCES), series("outcome", &OUTCOMES)].concat();
        for (label, word) in all {
            let line = format!("{{{label}=\"{word}\"}} 0");
            assert!(
                text.lines().any(|one| one.ends_with(&line)),
                "{line} is not in\n{text}"
            );
            assert!(
                documents.contains(&format!("`{word}`")),
                "{word} is not in deploying.md"
            );
        }
    }

    #[test]
    fn each_series_has_a_type_and_the_buckets_add_up() {
        let metrics = Metrics::default();
        metrics.request("api", 304);
        metrics.answered("hit");
        metrics.upstream("ok", Duration::from_millis(20));
        metrics.upstream("ok", Duration::from_secs(60));
        let connected = metrics.connected();
        let text = metrics.text(Health::Up);
        drop(connected);
        for line in [
            "obrt_gateway_requests_total{route=\"api\",code=\"304\"} 1",
            "obrt_gateway_answers_total{from=\"hit\"} 1",
            "obrt_gateway_not_modified_total 1",
            "obrt_gateway_upstream_requests_total{outcome=\"ok\"} 2",
            "obrt_gateway_upstream_state{state=\"up\"} 1",
            "obrt_gateway_upstream_state{state=\"down\"} 0",
            "obrt_gateway_connections 1",
            "obrt_gateway_upstream_seconds_bucket{le=\"0.01\"} 0",
            "obrt_gateway_upstream_seconds_bucket{le=\"0.025\"} 1",
            "obrt_gateway_upstream_seconds_bucket{le=\"+Inf\"} 2",
            "obrt_gateway_upstream_seconds_count 2",
            "obrt_gateway_upstream_seconds_sum 60.02",
        ] {
            assert!(text.lines().any(|one| one == line), "{line} is not in\n{text}");
        }
        assert!(metrics.text(Health::Down).contains("obrt_gateway_connections 0"));
        for line in text.lines().filter(|line| !line.starts_with('#')) {
            let name = line.split(['{', ' ']).next().unwrap();
            let base = name
                .trim_end_matches("_bucket")
                .trim_end_matches("_sum")
                .trim_end_matches("_count");
            assert!(text.contains(&format!("# TYPE {base} ")), "{line}");
        }
    }
}
