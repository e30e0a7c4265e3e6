//! Envelopes, pages and lists that differ from the documentation (faults 3, 19–25, 33).

use super::{answer, body, serve, tasks};
use crate::core::api::response;
use crate::core::dataset::ScanEnd;
use crate::core::domain::task::Outcome;
use crate::core::error::Code;
use crate::core::settings::view::PartialView;
use crate::core::state::tests::Simulation;
use crate::core::state::{Action, Event};

const SAMPLE: &str = include_str!("../api/sample.json");

#[test]
fn torture_03_a_body_cut_anywhere_gives_no_rows_and_leaves_those_that_are_here() {
    let whole = SAMPLE.trim_end();
    let mut sim = Simulation::new(20, &[]);
    sim.settle();
    let before = sim.shown();
    for end in 0..whole.len() {
        let cut = &whole.as_bytes()[..end];
        assert_eq!(response::page(cut).unwrap_err().code, Code::Decode, "{end}");
        sim.act(Action::Refresh);
        let (ticket, _) = sim.open.remove(0);
        sim.act(Action::Arrived(ticket, response::page(cut)));
        assert_eq!(sim.shown(), before, "{end}");
        assert_eq!(
            sim.state.scheduler.failure.as_ref().unwrap().error.code,
            Code::Decode
        );
    }
    assert!(response::page(whole.as_bytes()).is_ok());
    assert_eq!(sim.waits, [], "no retry mends it");
}

#[test]
fn torture_19_an_envelope_that_says_no_is_an_error_with_what_it_says() {
    for data in [
        r#""data":{"contents":[],"page":{"totalElements":0}}"#,
        r#""data":null"#,
        r#""x":1"#,
    ] {
        let said = r#""error":{"code":2010,"message":"cluster 7 is locked, oss://b?access_key=hush"}"#;
        let body = format!(r#"{{{data},"successful":false,"status":500,{said},"traceId":"abc"}}"#);
        let error = response::page(body.as_bytes()).unwrap_err();
        assert_eq!((error.code, error.status), (Code::Api, Some(500)), "{data}");
        assert_eq!(error.trace_id.as_deref(), Some("abc"));
        assert_eq!(error.api_code.as_deref(), Some("2010"));
        assert_eq!(error.message, "cluster 7 is locked, oss://b?access_key=***");
        let mut sim = Simulation::new(0, &[]);
        let (ticket, _) = sim.open.remove(0);
        sim.act(Action::Arrived(ticket, Err(error)));
        assert!(sim.state.scheduler.failure.is_some() && sim.state.loaded.fetched_at.is_none());
        assert!(
            matches!(&sim.reported[..], [Event::Failed(_)]),
            "{:?}",
            sim.reported
        );
    }
}

#[test]
fn torture_20_a_row_that_says_no_is_a_failed_row_and_no_failure() {
    let row = r#"{"id":1,"status":"RESTORE_WAIT_LS","finished":true,"successful":false}"#;
    let mut sim = Simulation::new(0, &[]);
    let text = body(&[row.to_owned()], r#""totalElements":1"#);
    answer(&mut sim, 9, |_, _| text.clone());
    let shown = sim.state.page_rows().unwrap();
    assert_eq!(
        sim.state.loaded.dataset.table().outcome(shown[0]),
        Outcome::Failed
    );
    assert!(sim.state.scheduler.failure.is_none());
    assert!(
        matches!(&sim.reported[..], [Event::Loaded { .. }]),
        "{:?}",
        sim.reported
    );
}

#[test]
fn torture_21_pages_are_reckoned_from_the_number_of_tasks() {
    for info in [
        r#""totalElements":23,"totalPage":3"#,
        r#""totalElements":23,"totalPages":3"#,
        r#""totalElements":23,"totalPages":99"#,
        r#""totalElements":"23","totalPages":4611686018427387904"#,
        r#""totalElements":23"#,
    ] {
        let mut sim = Simulation::new(0, &[("page-size", "10")]);
        answer(&mut sim, 9, |page, size| serve(23, page, size, info));
        assert_eq!(sim.state.page_count(), Some(3), "{info}");
    }
}

#[test]
fn torture_22_pages_are_as_large_as_what_was_asked_whatever_the_answer_calls_it() {
    let mut sim = Simulation::new(0, &[("page-size", "10")]);
    let info = r#""number":1,"size":2,"totalElements":23,"totalPages":12"#;
    let mut asked = answer(&mut sim, 9, |page, size| serve(23, page, size, info));
    for page in [2, 3] {
        sim.act(Action::GoToPage(page));
        asked.extend(answer(&mut sim, 9, |page, size| serve(23, page, size, info)));
    }
    assert_eq!(asked, [(1, 10), (2, 10), (3, 10)]);
    assert_eq!((sim.state.page_count(), sim.shown()), (Some(3), vec![3, 2, 1]));
    assert!(sim.state.loaded.dataset.is_complete());
}

#[test]
fn torture_22_a_server_that_gives_less_than_asked_is_paged_by_what_was_asked() {
    let mut sim = Simulation::new(0, &[("page-size", "10")]);
    let capped = |page: u64, size: u64| {
        let info = r#""size":2,"totalElements":23"#;
        let first = 23 - ((page - 1) * size) as i64;
        body(&tasks(first, first.min(2)), info)
    };
    assert_eq!(answer(&mut sim, 9, capped), [(1, 10)]);
    sim.act(Action::GoToPage(2));
    assert_eq!(answer(&mut sim, 9, capped), [(2, 10)]);
    assert_eq!((sim.shown(), sim.state.page_count()), (vec![13, 12], Some(3)));
}

#[test]
fn torture_23_a_list_that_moves_while_it_is_read_is_read_again_and_holds_nothing_twice() {
    let mut sim = Simulation::new(0, &[("sort", "id")]);
    // A task appears after the first answer and pushes the last one of that page to the next page.
    let mut answers = 0;
    let asked = answer(&mut sim, 30, |page, size| {
        answers += 1;
        let total = if answers == 1 { 2500 } else { 2501 };
        serve(total, page, size, &format!(r#""totalElements":{total}"#))
    });
    assert_eq!(asked, [(1, 2000), (2, 2000), (1, 2000)]);
    let dataset = &sim.state.loaded.dataset;
    let mut ids: Vec<_> = dataset
        .rows()
        .iter()
        .filter_map(|row| dataset.table().id(*row))
        .collect();
    ids.sort_unstable();
    assert_eq!(ids, (1..=2501).collect::<Vec<_>>());
    assert!(dataset.is_complete() && dataset.has_changed);
}

#[test]
fn torture_23_a_list_that_never_stands_still_is_never_complete() {
    let mut sim = Simulation::new(0, &[("sort", "id")]);
    let mut total = 2500;
    let asked = answer(&mut sim, 30, |page, size| {
        total += 1;
        serve(total, page, size, &format!(r#""totalElements":{total}"#))
    });
    assert!(asked.len() <= 2 + 12, "{}", asked.len());
    let dataset = &sim.state.loaded.dataset;
    assert_eq!(
        (dataset.scan_end, dataset.is_complete()),
        (ScanEnd::Unproven, false)
    );
    assert!(dataset.has_changed && sim.state.is_settled());
}

#[test]
fn torture_24_a_page_beyond_the_last_is_the_last_with_one_request_more() {
    let mut sim = Simulation::new(0, &[]);
    sim.open.clear();
    let saved = PartialView {
        page: Some(9.0),
        ..PartialView::default()
    };
    sim.act(Action::Restore(saved.over(sim.state.query.view.clone())));
    let of = |page, size| serve(50, page, size, r#""totalElements":50"#);
    assert_eq!(answer(&mut sim, 9, of), [(9, 20), (3, 20)]);
    assert_eq!(
        (sim.state.query.view.page, sim.shown()),
        (3, (1..=10).rev().collect())
    );
    // The total is known now, so no request for page 9 is sent.
    sim.act(Action::GoToPage(9));
    assert_eq!(sim.state.query.view.page, 3);
    assert_eq!(answer(&mut sim, 9, of), [(3, 20)]);
}

#[test]
fn torture_25_more_than_was_asked_is_taken_up_to_the_most_rows_and_said() {
    let mut sim = Simulation::new(0, &[("page-size", "10"), ("max-rows", "5000")]);
    let all = body(&tasks(50_000, 50_000), r#""totalElements":50000"#);
    assert_eq!(answer(&mut sim, 9, |_, _| all.clone()), [(1, 10)]);
    let dataset = &sim.state.loaded.dataset;
    assert_eq!((dataset.loaded(), dataset.total()), (5000, Some(50_000)));
    assert_eq!((dataset.oversent, dataset.scan_end), (true, ScanEnd::Capped));
    assert!(!dataset.is_complete());
    assert_eq!(sim.shown(), (49_991..=50_000).rev().collect::<Vec<_>>());
}

#[test]
fn torture_33_what_is_no_sound_json_is_a_typed_error_and_a_mark_is_taken() {
    let deep = |open: &str, close: &str| format!("{}{}", open.repeat(100_000), close.repeat(100_000));
    let arrays = deep("[", "]");
    let objects = format!("{}0{}", "{\"a\":".repeat(100_000), "}".repeat(100_000));
    for (what, task) in [
        ("arrays", format!(r#"{{"id":1,"x":{arrays}}}"#)),
        ("objects", format!(r#"{{"id":1,"x":{objects}}}"#)),
        ("arrays as a row", arrays.clone()),
        ("an id twice", r#"{"id":1,"id":1}"#.into()),
        ("a text twice", r#"{"id":1,"status":"A","status":"A"}"#.into()),
        (
            "twice, with another type",
            r#"{"id":1,"createTime":"x","createTime":[1]}"#.into(),
        ),
        ("twice, once escaped", r#"{"id":1,"\u0069d":2}"#.into()),
        (
            "half of a pair",
            r#"{"id":1,"restoreTenantName":"a\ud800b"}"#.into(),
        ),
        (
            "its other half",
            r#"{"id":1,"restoreTenantName":"\udc00"}"#.into(),
        ),
        (
            "two first halves",
            r#"{"id":1,"restoreTenantName":"\ud800\ud800"}"#.into(),
        ),
    ] {
        let error = response::page(body(&[task], "").as_bytes()).unwrap_err();
        assert_eq!(error.code, Code::Decode, "{what}");
        assert!(
            error.message.contains("was due at line 1, column "),
            "{}",
            error.message
        );
    }
    let sound = body(&tasks(1, 1), r#""totalElements":1"#);
    let twice = sound.replace(r#""contents""#, r#""contents":[],"contents""#);
    assert_eq!(response::page(twice.as_bytes()).unwrap_err().code, Code::Decode);
    let page = response::page(format!("\u{feff}{sound}").as_bytes()).unwrap();
    assert_eq!(page.rows.len(), 1);
}

#[test]
fn torture_33_no_field_of_the_envelope_stands_twice() {
    let sound = r#"{"data":{"contents":[{"id":1}],"page":{"totalElements":1}},"successful":true,"status":200,"traceId":"t"}"#;
    assert!(response::page(sound.as_bytes()).is_ok());
    for (field, again) in [
        (r#""successful":"#, r#""successful":false,"#),
        (r#""successful":"#, r#""successful":true,"#),
        (r#""successful":"#, r#""s\u0075ccessful":null,"#),
        (r#""totalElements":"#, r#""totalElements":99,"#),
        (r#""totalElements":"#, r#""totalElements":"1","#),
        (r#""traceId":"#, r#""traceId":"other","#),
        (r#""traceId":"#, r#""traceId":null,"#),
        (r#""data":"#, r#""data":null,"#),
        (r#""contents":"#, r#""contents":[],"#),
        (r#""page":"#, r#""page":{},"#),
        (r#""page":"#, r#""page":null,"#),
        (r#""status":"#, r#""status":500,"#),
    ] {
        // The field is repeated before the original one, and after it.
        let before = sound.replace(field, &format!("{again}{field}"));
        let end =
            sound.find(field).unwrap() + sound[sound.find(field).unwrap()..].find(&[',', '}'][..]).unwrap();
        let mut behind = vec![before];
        if !sound[sound.find(field).unwrap()..end].contains(['{', '[']) {
            behind.push(format!(
                "{},{}{}",
                &sound[..end],
                again.trim_end_matches(','),
                &sound[end..]
            ));
        }
        for body in behind {
            let error = response::page(body.as_bytes()).unwrap_err();
            assert_eq!(error.code, Code::Decode, "{body}");
            assert!(
                error
                    .message
                    .contains("each field only once was due at line 1, column "),
                "{}",
                error.message
            );
        }
    }
    let refusal = r#"{"successful":false,"error":{"code":"1","message":"no"},"traceId":"t"}"#;
    assert_eq!(response::page(refusal.as_bytes()).unwrap_err().code, Code::Api);
    for (field, again) in [
        (r#""code":"#, r#""code":"IAM10000","#),
        (r#""code":"#, r#""code":null,"#),
        (r#""message":"#, r#""message":"yes","#),
        (r#""message":"#, r#""m\u0065ssage":"","#),
        (r#""error":"#, r#""error":null,"#),
        (r#""traceId":"#, r#""traceId":"other","#),
    ] {
        let body = refusal.replace(field, &format!("{again}{field}"));
        assert_eq!(
            response::page(body.as_bytes()).unwrap_err().code,
            Code::Decode,
            "{body}"
        );
        // An HTTP error stays one, and nothing in the body is used.
        let error = response::failure(500, body.as_bytes());
        assert_eq!(
            (error.code, error.api_code, error.trace_id),
            (Code::Http, None, None),
            "{body}"
        );
    }
}

#[test]
fn torture_33_a_success_of_another_type_is_none() {
    let data = r#""data":{"contents":[{"id":1}],"page":{"totalElements":1}}"#;
    for said in [
        "0",
        "1",
        r#""no""#,
        r#""""#,
        r#""false""#,
        "[]",
        "[true]",
        "{}",
        "1e3",
        "false",
    ] {
        let body = format!(r#"{{{data},"successful":{said},"traceId":"t"}}"#);
        let error = response::page(body.as_bytes()).unwrap_err();
        assert_eq!(
            (error.code, error.trace_id.as_deref()),
            (Code::Api, Some("t")),
            "{said}"
        );
        assert!(!error.is_retryable(), "{said}");
    }
    for said in ["true", r#""true""#, "null"] {
        let body = format!(r#"{{{data},"successful":{said}}}"#);
        assert_eq!(response::page(body.as_bytes()).unwrap().rows.len(), 1, "{said}");
    }
}
