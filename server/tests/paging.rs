//! Paging: every task exactly once, newest first, at any depth, and fast.
#![cfg(feature = "demo")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod testing;

use std::collections::BTreeSet;

use serde_json::Value;
use testing::demo::{Demo, contents};

/// Sorts rows as the server must: by creation time, then by id. The fixed format of the times sorts as text.
fn key(row: &Value) -> (String, i64) {
    let id = row["id"]
        .as_i64()
        .or_else(|| row["id"].as_str()?.parse().ok())
        .unwrap();
    (row["createTime"].as_str().unwrap().to_owned(), id)
}

#[test]
fn all_pages_together_are_the_whole_newest_first() {
    let server = Demo::start(false);
    for (cluster, size, total) in [
        (1_001_240, 100, 1240),
        (1_000_050, 7, 50),
        (1_010_000, 2000, 10_000),
    ] {
        let pages = (total + size - 1) / size;
        let mut keys = Vec::new();
        for page in 1..=pages {
            let body = server.page(cluster, page, size, "");
            let info = &body["data"]["page"];
            assert_eq!(info["number"], page);
            assert_eq!(info["totalElements"], total);
            assert_eq!(info["totalPages"], pages);
            assert_eq!(info["size"], contents(&body).len());
            keys.extend(contents(&body).iter().map(key));
        }
        assert_eq!(i64::try_from(keys.len()).unwrap(), total);
        assert!(keys.windows(2).all(|w| w[0] > w[1]), "{cluster}: order");
        assert_eq!(
            keys.iter().map(|k| k.1).collect::<BTreeSet<_>>().len(),
            keys.len()
        );
    }
}

#[test]
fn past_the_end_nothing_with_the_total_kept() {
    let server = Demo::start(false);
    for page in [9, 1_000_000, i64::MAX] {
        let body = server.page(1_000_050, page, 7, "");
        assert_eq!(contents(&body).len(), 0);
        let wanted = serde_json::json!({"number": page, "size": 0, "totalElements": 50, "totalPages": 8});
        assert_eq!(body["data"]["page"], wanted);
    }
}

#[test]
fn bounds_page_through_a_part() {
    let server = Demo::start(false);
    let all: Vec<(String, i64)> = contents(&server.page(1_001_240, 1, 2000, ""))
        .iter()
        .map(key)
        .collect();
    let (newest, oldest) = (&all[100].0, &all[899].0);
    let more = format!(
        "&startTime={}&endTime={}",
        oldest.replace('+', "%2B"),
        newest.replace('+', "%2B")
    );
    // Tasks at the bounds are included.
    let wanted: Vec<_> = all
        .iter()
        .filter(|k| &k.0 >= oldest && &k.0 <= newest)
        .cloned()
        .collect();
    let mut got = Vec::new();
    for page in 1..=9 {
        let body = server.page(1_001_240, page, 100, &more);
        assert_eq!(body["data"]["page"]["totalElements"], wanted.len());
        got.extend(contents(&body).iter().map(key));
    }
    assert_eq!(got, wanted);
}

#[test]
fn the_deepest_page_of_a_hundred_thousand_tasks() {
    let server = Demo::start(false);
    // The first answer waits until the data are complete.
    let first = server.page(1_100_000, 1, 1, "");
    assert_eq!(first["data"]["page"]["totalElements"], 100_000);
    let last = server.page(1_100_000, 50, 2000, "");
    assert_eq!(contents(&last).len(), 2000);
    assert_eq!(last["data"]["page"]["totalPages"], 50);
    let before = server.page(1_100_000, 98_000, 1, "");
    assert!(key(&contents(&before)[0]) > key(&contents(&last)[0]));
}

#[test]
fn ids_that_javascript_cannot_hold_are_strings() {
    let server = Demo::start(false);
    let mut strings = 0;
    for page in 1..=5 {
        for row in contents(&server.page(1_010_000, page, 2000, "")) {
            match &row["id"] {
                Value::String(id) => {
                    assert!(id.parse::<i64>().unwrap() > (1 << 53) - 1);
                    strings += 1;
                }
                id => assert!(id.as_i64().unwrap() < 1 << 53),
            }
        }
    }
    assert!((5..50).contains(&strings), "{strings}");
}
