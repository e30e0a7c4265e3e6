//! Tests of which requests are accepted and which are refused.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use super::*;

const PATH: &str = "/api/v2/ob/clusters/7/backup/task/restoreTasks";

fn read(path: &str, query: &str) -> Result<ListRequest, StatusCode> {
    ListRequest::read(&Method::GET, path, query, &HeaderMap::new())
        .map_err(|(failure, _)| failure.http_status())
}

fn with(name: header::HeaderName, value: &str) -> HeaderMap {
    HeaderMap::from_iter([(name, value.parse().unwrap())])
}

#[test]
fn one_question_has_one_spelling() {
    let request = read(
        PATH,
        "size=20&page=1&startTime=2021-09-16T15%3A14%3A51%2B0800&endTime=2021-09-16T15:14:52.1Z",
    )
    .unwrap();
    assert_eq!(request.path(), PATH);
    let wanted = [
        ("endTime", "2021-09-16T15:14:52.100Z"),
        ("page", "1"),
        ("size", "20"),
        ("startTime", "2021-09-16T15:14:51.000+08:00"),
    ];
    assert_eq!(request.query, wanted.map(|(k, v)| (k.to_owned(), v.to_owned())));
    assert_eq!(read(PATH, "p%61ge=1&size=2"), read(PATH, "size=2&page=1"));
}

#[test]
fn other_paths_are_not_there() {
    for path in [
        "/api",
        "/api/",
        "/api/v2/ob/clusters",
        "/api/v2/ob/clusters/7/backup/task/restoreTasks/",
        "/api/v2/ob/clusters/7/backup/task/restoreTasks/4",
        "/api/v2/ob/clusters//backup/task//restoreTasks",
        "/api/v2/ob/clusters/7/backup/task/backupTasks",
        "/api/v2//ob/clusters/7/backup/task/restoreTasks",
        "/api/v2/ob/clusters/7/../8/backup/task/restoreTasks",
        "/api/v2/ob/clusters/7%2f8/backup/task/restoreTasks",
        "/api/v2/ob/clusters/%37/backup/task/restoreTasks",
        "/api/v2/ob/clusters/7/backup/task/restoretasks",
        "/API/v2/ob/clusters/7/backup/task/restoreTasks",
        "/api/v2/ob/clusters/7/backup/task/restoreTasks%00",
        "/api/v2/ob/clusters/7/backup/task/restoreTasks;x=1",
        "/api/v2/ob/clusters/backup/task/restoreTasks",
    ] {
        assert_eq!(read(path, "page=1&size=1"), Err(StatusCode::NOT_FOUND), "{path}");
    }
    for id in [
        "0",
        "-1",
        "+1",
        "01",
        "x",
        "7x",
        "",
        "9223372036854775808",
        "1e3",
        "7 ",
        "７",
    ] {
        let path = format!("/api/v2/ob/clusters/{id}/backup/task/restoreTasks");
        assert_eq!(read(&path, "page=1&size=1"), Err(StatusCode::BAD_REQUEST), "{id}");
    }
    assert!(
        read(
            "/api/v2/ob/clusters/9223372036854775807/backup/task/restoreTasks",
            "page=1&size=1"
        )
        .is_ok()
    );
}

#[test]
fn other_parameters_are_refused() {
    for query in [
        "",
        "page=1",
        "size=1",
        "page=0&size=1",
        "page=1&size=0",
        "page=1&size=2001",
        "page=-1&size=1",
        "page=%2B1&size=1",
        "page=1&size=1&page=1",
        "page=1&size=1&size=2",
        "page=1&size=1&x=1",
        "page=1&size=1&=",
        "page=1&size=1&Page=1",
        "page=1&size=1&sort=id",
        "page=9223372036854775808&size=1",
        "page=1.0&size=1",
        "page=1&size=1&startTime=",
        "page=1&size=1&startTime=2021-09-16",
        "page=1&size=1&startTime=2021-09-16T15:14:51+08:00",
        "page=1&size=1&endTime=now",
        "page=1&size=1&startTime=2021-09-16T15:14:52Z&endTime=2021-09-16T15:14:51Z",
        "page=1&size=1%00",
        "page=1&size=1%0d%0aHost:x",
        "page=1;size=1",
    ] {
        assert_eq!(read(PATH, query), Err(StatusCode::BAD_REQUEST), "{query}");
    }
    let same = "page=1&size=2000&startTime=2021-09-16T15:14:51Z&endTime=2021-09-16T15:14:51Z";
    assert!(read(PATH, same).is_ok());
    assert!(read(PATH, "page=1&size=1&").is_ok());
}

#[test]
fn the_language_is_one_of_few() {
    for (value, wanted) in [
        ("", "en-US"),
        ("en", "en-US"),
        ("zh-CN,zh;q=0.9", "zh-CN"),
        ("zh-Hans", "zh-CN"),
        ("ja", "ja-JP"),
        ("fr, ja;q=0.5, en;q=0.4", "ja-JP"),
        ("en;q=0.1, zh;q=0.8", "zh-CN"),
        ("zh;q=0, en;q=0.1", "en-US"),
        ("de", "en-US"),
        ("zh;q=x", "en-US"),
        ("zh;q=9", "en-US"),
        ("eng", "en-US"),
        ("ZH-tw", "zh-CN"),
    ] {
        assert_eq!(language(&with(header::ACCEPT_LANGUAGE, value)), wanted, "{value}");
    }
}

#[test]
fn bodies_are_found() {
    assert!(!has_body(&HeaderMap::new()));
    assert!(!has_body(&with(header::CONTENT_LENGTH, "0")));
    for (name, value) in [
        (header::CONTENT_LENGTH, "1"),
        (header::CONTENT_LENGTH, "00"),
        (header::CONTENT_LENGTH, "+0"),
        (header::TRANSFER_ENCODING, "chunked"),
        (header::TRANSFER_ENCODING, "identity"),
    ] {
        assert!(has_body(&with(name, value)), "{value}");
    }
}
