use super::*;
use crate::core::api::rows::{Guesses, MOST_GUESSES, task};
use crate::core::domain::column::{IntField, TextField, TimeField};
use crate::core::table::batch::{Int, Row, Time};

/// The documentation's example, as OCP V4.3.4 prints it.
pub(crate) const SAMPLE: &str = include_str!("sample.json");

fn one(json: &str) -> Row {
    let mut row = Row::default();
    task(&mut Reader::new(json), &mut row, &mut Guesses::new()).unwrap();
    row
}

#[test]
fn the_sample_of_the_documentation() {
    let page = page(SAMPLE.as_bytes()).unwrap();
    assert_eq!(
        (page.rows.len(), page.total, page.trace_id.as_deref()),
        (2, Some(2), Some("63620e1f4273439a"))
    );
    let sample = &SAMPLE[SAMPLE.find('[').unwrap() + 1..];
    let row = one(sample);
    assert_eq!(row.ints[IntField::Id as usize], Int::Value(4));
    assert_eq!(row.ints[IntField::OcpJobId as usize], Int::Value(-1));
    assert_eq!(
        row.times[TimeField::CreateTime as usize],
        Time::At(1_631_183_538_833_000, 480)
    );
    assert_eq!(
        row.texts[TextField::RestorePoolListStr as usize],
        "pool_restoretest_zone1_oqy"
    );
    assert_eq!((row.finished, row.successful), (Some(true), Some(false)));
    assert_eq!(page.rows.text_ids[TextField::ErrorMsg as usize][1], 0);
}

#[test]
fn numbers_stay_exact_and_odd_ones_stay_as_they_are() {
    let table = [
        ("9223372036854775807", Int::Value(i64::MAX)),
        ("\"9223372036854775807\"", Int::Value(i64::MAX)),
        ("9007199254740993", Int::Value(9_007_199_254_740_993)),
        ("\"7\"", Int::Value(7)),
        ("9223372036854775808", Int::Unparsed("9223372036854775808".into())),
        ("\"x\"", Int::Unparsed("x".into())),
        ("1e3", Int::Unparsed("1e3".into())),
        ("1.5", Int::Unparsed("1.5".into())),
        ("null", Int::Missing),
        ("\"\"", Int::Missing),
        ("true", Int::Unparsed("true".into())),
        ("[1]", Int::Unparsed("[…]".into())),
        ("{}", Int::Unparsed("{…}".into())),
    ];
    for (given, want) in table {
        assert_eq!(one(&format!(r#"{{"id":{given}}}"#)).ints[0], want, "{given}");
    }
}

#[test]
fn totals_are_taken_in_any_of_their_forms() {
    for (info, want) in [
        (r#""page":{"totalElements":7}"#, Some(7)),
        (r#""page":{"totalElements":"7","totalPage":1}"#, Some(7)),
        (r#""page":{"totalPages":1}"#, None),
        (r#""page":null"#, None),
        (r#""other":1"#, None),
    ] {
        let body = format!(r#"{{"data":{{"contents":[],{info}}}}}"#);
        assert_eq!(page(body.as_bytes()).unwrap().total, want, "{info}");
    }
}

#[test]
fn one_bad_row_is_counted_and_the_rest_live() {
    let body = br#"{"data":{"contents":[null,{"id":1},7,"x",[{}],{"id":2,"status":5}]}}"#;
    let page = page(body).unwrap();
    assert_eq!((page.rows.len(), page.unreadable), (2, 4));
    assert_eq!(page.rows.texts.get(page.rows.text_ids[0][1]), "5");
}

#[test]
fn what_is_no_envelope_is_a_decode_error_and_a_login_page_is_not() {
    let deep = "[".repeat(100_000);
    let table = [
        ("", Code::Decode),
        ("  ", Code::Decode),
        ("{}", Code::Decode),
        ("[]", Code::Decode),
        ("null", Code::Decode),
        (r#"{"data":{}}"#, Code::Decode),
        (r#"{"data":{"contents":{}}}"#, Code::Decode),
        (r#"{"data":{"contents":[{"id":1,"id":2}]}}"#, Code::Decode),
        (r#"{"data":{"contents":[]},"data":{"contents":[]}}"#, Code::Decode),
        (r#"{"data":{"contents":[],"contents":[]}}"#, Code::Decode),
        (
            r#"{"successful":false,"successful":true,"data":{"contents":[]}}"#,
            Code::Decode,
        ),
        (
            r#"{"traceId":"a","traceId":"b","data":{"contents":[]}}"#,
            Code::Decode,
        ),
        (
            r#"{"data":{"contents":[],"page":{"totalElements":9,"totalElements":0}}}"#,
            Code::Decode,
        ),
        (r#"{"error":{"code":"IAM10000","code":"1"}}"#, Code::Decode),
        (r#"{"error":{"message":"a","messag\u0065":"b"}}"#, Code::Decode),
        (r#"{"successful":0,"data":{"contents":[]}}"#, Code::Api),
        (r#"{"successful":"no","data":{"contents":[]}}"#, Code::Api),
        (r#"{"data":{"contents":[{"status":"\ud800"}]}}"#, Code::Decode),
        ("<!doctype html><form>", Code::Auth),
        (
            r#"{"successful":false,"status":500,"error":{"code":0,"message":"no"},"traceId":"t"}"#,
            Code::Api,
        ),
        (r#"{"successful":false,"error":{"code":"IAM10000"}}"#, Code::Auth),
        (r#"{"successful":false}"#, Code::Api),
        (&deep, Code::Decode),
    ];
    for (body, want) in table {
        assert_eq!(
            page(body.as_bytes()).unwrap_err().code,
            want,
            "{}",
            &body[..body.len().min(60)]
        );
    }
    let deep_inside = format!(r#"{{"data":{{"contents":[{{"id":{deep}}}]}}}}"#);
    assert_eq!(page(deep_inside.as_bytes()).unwrap_err().code, Code::Decode);
}

#[test]
fn a_body_cut_anywhere_gives_no_rows() {
    let whole = SAMPLE.trim_end();
    for end in 0..whole.len() {
        assert!(page(&whole.as_bytes()[..end]).is_err(), "{end}");
    }
    let mut with_mark = b"\xef\xbb\xbf".to_vec();
    with_mark.extend_from_slice(whole.as_bytes());
    assert!(page(&with_mark).is_ok());
}

#[test]
fn http_failures_keep_what_ocp_says() {
    let body = br#"{"successful":false,"status":404,"traceId":"abc","error":{"code":0,"message":"no such cluster"}}"#;
    let error = failure(404, body);
    assert_eq!((error.code, error.status), (Code::Http, Some(404)));
    assert_eq!(
        (error.message.as_str(), error.trace_id.as_deref()),
        ("no such cluster", Some("abc"))
    );
    for (status, code) in [
        (400, Code::Http),
        (401, Code::Auth),
        (403, Code::Permission),
        (429, Code::RateLimit),
        (500, Code::Http),
    ] {
        assert_eq!(failure(status, b"<html>").code, code);
    }
}

#[test]
fn secrets_are_never_kept() {
    let row =
        one(r#"{"restoreUri":"oss://b?access_key=hush","errorMsg":"cannot open oss://b?secret_key=hush"}"#);
    assert!(!format!("{row:?}").contains("hush"));
}

#[test]
fn the_order_of_the_fields_may_change_from_row_to_row() {
    let rows = [
        r#"{"id":1,"status":"A","errorMsg":"x"}"#,
        r#"{"id":2,"status":"B","errorMsg":"y"}"#,
        r#"{"status":"C","id":3}"#,
        r#"{ "id": 4, "status": "D" }"#,
        r#"{"id":5,"more":[1],"status":"E","errorMsg":"z"}"#,
        r#"{}"#,
        r#"{"errorMsg":"w","status":"F","id":6}"#,
    ];
    for first in 0..rows.len() {
        let (before, after) = rows.split_at(first);
        let turned = [after, before].concat();
        let page = tasks(&format!("[{}]", turned.join(","))).unwrap();
        let alone = turned.iter().map(|row| one(row)).collect::<Batch>();
        assert_eq!(page.rows.hashes, alone.hashes, "{turned:?}");
    }
    for bad in [
        r#"{"id":1"id":2}"#,
        r#"{"id":1"status":"A"}"#,
        r#"{,"status":"A"}"#,
        r#"{"id":1,}"#,
        r#"{"id":1,"status":"A","status":"B"}"#,
    ] {
        for good in &rows[..5] {
            assert!(tasks(&format!("[{good},{bad}]")).is_err(), "{good} {bad}");
        }
    }
}

#[test]
fn no_more_fields_are_guessed_than_a_task_may_have() {
    let fields: Vec<String> = (0..200).map(|at| format!(r#""x{at}":{at}"#)).collect();
    let json = format!(r#"{{"id":1,{},"status":"A"}}"#, fields.join(","));
    let mut guesses = Guesses::new();
    for _ in 0..2 {
        let mut row = Row::default();
        task(&mut Reader::new(&json), &mut row, &mut guesses).unwrap();
        assert_eq!(row, one(r#"{"id":1,"status":"A"}"#));
    }
    assert_eq!(guesses.len(), MOST_GUESSES);
}
