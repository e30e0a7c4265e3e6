//! The rules of the API, over real HTTP.
#![cfg(feature = "demo")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod testing;

use std::io::Read;

use serde_json::{Value, json};
use testing::demo::{Demo, contents, tasks};

#[test]
fn the_documented_sample_is_equal_by_value() {
    let server = Demo::start(false);
    let mut wanted: Value = serde_json::from_str(include_str!("documented-sample.json")).unwrap();
    let mut got = server.page(1_000_005, 1, 10, "");
    // Of the values that differ in each answer, only the form is compared.
    for body in [&mut wanted, &mut got] {
        let body = body.as_object_mut().unwrap();
        assert!(body.remove("duration").unwrap().is_u64());
        assert!(!body.remove("server").unwrap().as_str().unwrap().is_empty());
        let trace = body.remove("traceId").unwrap();
        assert!(
            trace
                .as_str()
                .is_some_and(|t| t.len() == 16 && t.chars().all(|c| c.is_ascii_hexdigit()))
        );
        let time = body.remove("timestamp").unwrap();
        let time = time.as_str().unwrap();
        assert!(time.len() == 29 && time.ends_with("+08:00"), "{time}");
    }
    assert_eq!(got, wanted);
}

#[test]
fn the_keys_stand_in_the_samples_order() {
    let server = Demo::start(false);
    let text = server.get(&format!("{}?page=1&size=10", tasks(1_000_005))).text();
    // A key is a quoted text followed by a colon.
    let keys = |text: &str| -> Vec<String> {
        let parts: Vec<&str> = text.split('"').collect();
        parts
            .windows(2)
            .filter(|w| w[1].starts_with(':'))
            .map(|w| w[0].to_owned())
            .collect()
    };
    let plain = |text: &str| text.replace("\\\"", "'");
    assert_eq!(
        keys(&plain(&text)),
        keys(&plain(include_str!("documented-sample.json")))
    );
}

#[test]
fn refusals() {
    let server = Demo::start(false);
    let list = tasks(1_000_050);
    let with = |query: &str| format!("{list}?{query}");
    let cases = [
        (list.clone(), 400, json!(0)),
        (with("page=1"), 400, json!(0)),
        (with("size=10"), 400, json!(0)),
        (with("page=&size=10"), 400, json!(0)),
        (with("page=one&size=10"), 400, json!(0)),
        (with("page=1.5&size=10"), 400, json!(0)),
        (with("page=0&size=10"), 400, json!(0)),
        (with("page=-1&size=10"), 400, json!(0)),
        (with("page=99999999999999999999&size=10"), 400, json!(0)),
        (with("page=1&size=0"), 400, json!(0)),
        (with("page=1&size=2001"), 400, json!(0)),
        (with("page=1&size=x"), 400, json!(0)),
        (with("page=1&size=10&startTime=yesterday"), 400, json!(0)),
        (with("page=1&size=10&startTime="), 400, json!(0)),
        (with("page=1&size=10&endTime=2021-09-16"), 400, json!(0)),
        (with("page=1&size=10&endTime=2021-09-16T15:14:51"), 400, json!(0)),
        // An unencoded '+' is a space.
        (
            with("page=1&size=10&startTime=2021-09-16T15:14:51.397+08:00"),
            400,
            json!(0),
        ),
        (
            with("page=1&size=10&startTime=2021-09-16T15:14:52Z&endTime=2021-09-16T15:14:51Z"),
            400,
            json!("COM10010"),
        ),
        (
            format!("{}?page=1&size=10", tasks(1_000_403)),
            403,
            json!("IAM11000"),
        ),
        (format!("{}?page=1&size=10", tasks(42)), 404, json!(0)),
        (format!("{}?page=1&size=10", tasks(-1)), 404, json!(0)),
        (
            "/api/v2/ob/clusters/x/backup/task/restoreTasks?page=1&size=10".to_owned(),
            400,
            json!(0),
        ),
        ("/api/v2/ob/clusters".to_owned(), 404, json!(0)),
        ("/api/".to_owned(), 404, json!(0)),
        (format!("{list}/4"), 404, json!(0)),
    ];
    for (path, status, code) in cases {
        let answer = server.get(&path);
        assert_eq!(answer.status, status, "{path}");
        assert_failure(&answer, status, &code, &path);
    }
}

fn assert_failure(answer: &testing::client::Answer, status: u16, code: &Value, what: &str) {
    let body = answer.json();
    assert_eq!(answer.header("content-type"), "application/json", "{what}");
    assert_eq!(body["status"], status, "{what}");
    assert_eq!(body["successful"], false, "{what}");
    assert_eq!(body["error"]["code"], *code, "{what}: {body}");
    assert!(
        body["error"]["message"].as_str().is_some_and(|m| !m.is_empty()),
        "{what}"
    );
    assert_eq!(body["traceId"].as_str().unwrap().len(), 16, "{what}");
    assert!(body["timestamp"].as_str().unwrap().ends_with("+08:00"), "{what}");
    assert!(body["duration"].is_u64() && body["server"].is_string(), "{what}");
    assert!(body.get("data").is_none(), "{what}");
}

#[test]
fn other_methods_are_405() {
    let server = Demo::start(false);
    let path = format!("{}?page=1&size=10", tasks(1_000_005));
    for method in ["POST", "PUT", "DELETE", "PATCH", "OPTIONS"] {
        let answer = server.ask(method, &path, &[], "");
        assert_eq!(answer.status, 405, "{method}");
        assert_failure(&answer, 405, &json!(0), method);
        assert!(answer.header("allow").contains("GET"));
    }
    assert_eq!(server.ask("HEAD", &path, &[], "").status, 200);
}

#[test]
fn times_are_taken_with_any_offset_and_bounds_are_inclusive() {
    let server = Demo::start(false);
    // The sample's newer task was created at 18:32:18.833+08:00, the older at 2021-08-31T14:17:23.808+08:00.
    for (more, wanted) in [
        ("&startTime=2021-09-09T18:32:18.833%2B08:00", vec![4]),
        ("&startTime=2021-09-09T10:32:18.833Z", vec![4]),
        ("&startTime=2021-09-09T18:32:18.833%2B0800", vec![4]),
        ("&startTime=2021-09-09T05:32:18.833-05:00", vec![4]),
        ("&startTime=2021-09-09T18:32:18.834%2B08:00", vec![]),
        ("&endTime=2021-09-09T18:32:18.833%2B08:00", vec![4, 1]),
        ("&endTime=2021-09-09T18:32:18.832999%2B08:00", vec![1]),
        (
            "&startTime=2021-08-31T06:17:23.808Z&endTime=2021-08-31T06:17:23.808Z",
            vec![1],
        ),
        (
            "&startTime=2021-08-31T06:17:23.809Z&endTime=2021-09-09T10:32:18.832Z",
            vec![],
        ),
    ] {
        let body = server.page(1_000_005, 1, 10, more);
        let ids: Vec<i64> = contents(&body)
            .iter()
            .map(|t| t["id"].as_i64().unwrap())
            .collect();
        assert_eq!(ids, wanted, "{more}");
        assert_eq!(body["data"]["page"]["totalElements"], wanted.len(), "{more}");
    }
}

#[test]
fn the_sizes_of_the_clusters_up_to_ten_thousand() {
    let server = Demo::start(false);
    for (cluster, total) in [
        (1_000_001, 0),
        (1_000_005, 2),
        (1_000_050, 50),
        (1_001_240, 1240),
        (1_010_000, 10_000),
    ] {
        let page = server.page(cluster, 1, 20, "")["data"]["page"].clone();
        let wanted = json!({"number": 1, "size": total.min(20), "totalElements": total, "totalPages": (total + 19) / 20});
        assert_eq!(page, wanted, "{cluster}");
    }
}

#[test]
fn the_status_is_worded_in_the_language_asked_for() {
    let server = Demo::start(false);
    let path = format!("{}?page=1&size=10", tasks(1_000_005));
    for (language, wanted) in [
        ("zh-CN,zh;q=0.9", "失败"),
        ("en", "Failed"),
        ("ja", "Failed"),
        ("", "Failed"),
    ] {
        let body = server
            .ask("GET", &path, &[("accept-language", language)], "")
            .json();
        assert_eq!(body["data"]["contents"][0]["statusDesc"], wanted, "{language}");
    }
}

#[test]
fn json_is_compressed_when_asked() {
    let server = Demo::start(false);
    let path = format!("{}?page=1&size=50", tasks(1_000_050));
    let plain = server.get(&path);
    assert_eq!(plain.header("content-encoding"), "");
    let packed = server.ask("GET", &path, &[("accept-encoding", "gzip")], "");
    assert_eq!(packed.header("content-encoding"), "gzip");
    assert!(packed.body.len() * 2 < plain.body.len());
    let mut text = String::new();
    flate2::read::GzDecoder::new(packed.body.as_slice())
        .read_to_string(&mut text)
        .unwrap();
    let body: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(body["data"], plain.json()["data"]);
    let brotli = server.ask("GET", &path, &[("accept-encoding", "br")], "");
    assert_eq!(brotli.header("content-encoding"), "br");
    assert!(
        brotli.header("vary").contains("accept-encoding")
            || brotli.headers.get_all("vary").iter().count() > 1
    );
}

#[test]
fn the_live_cluster_answers_and_moves() {
    let server = Demo::start(false);
    let first = server.page(1_000_009, 1, 2000, "");
    let rows = contents(&first);
    assert!((178..=222).contains(&rows.len()), "{}", rows.len());
    assert!(
        rows.iter()
            .any(|t| t["finished"] == false && t.get("finishTime").is_none())
    );
    assert!(rows.iter().any(|t| t.get("finishTime").is_some()));
}
