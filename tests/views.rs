//! The views, rendered to text natively: what the table shows for a state.
#![cfg(feature = "ssr")]
#![allow(missing_docs, clippy::unwrap_used)]

#[path = "views/story.rs"]
mod story;

use std::rc::Rc;

use ob_restore_tasks::core::api::response;
use ob_restore_tasks::core::error::Error;
use ob_restore_tasks::core::i18n::Lang;
use ob_restore_tasks::core::i18n::locale::FixedLocale;
use ob_restore_tasks::core::settings::attributes::Attributes;
use ob_restore_tasks::core::state::{Action, At, Effect, State};
use ob_restore_tasks::view::{self, Local, Send};
use yew::prelude::*;

const SAMPLE: &str = include_str!("../src/core/api/sample.json");
/// 2026-11-23, in microseconds since the Unix epoch.
const NOW: i64 = 1_795_392_000_000_000;

#[derive(Properties)]
struct Props {
    state: Rc<State>,
}

impl PartialEq for Props {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.state, &other.state)
    }
}

#[component]
fn Shown(props: &Props) -> Html {
    let send = Send {
        action: Callback::noop(),
        press: Callback::from(|_| true),
        copy: Callback::noop(),
        export: Callback::noop(),
    };
    let state = Rc::clone(&props.state);
    let cells = Callback::from(move |row| view::row_view(&state, row, NOW));
    let local = Local {
        zones: Callback::from(|()| vec!["UTC".to_owned()]),
        copied: None,
        menu: use_state(|| None),
        facets: use_mut_ref(|| None),
        announcer: use_mut_ref(view::Announcer::default),
        typing: use_mut_ref(|| None),
        place: NodeRef::default(),
        overview: {
            let state = Rc::clone(&props.state);
            Callback::from(move |()| view::overview_words(&state, NOW))
        },
    };
    view::widget(&props.state, &send, &cells, &local, NOW)
}

async fn render(state: State) -> String {
    let props = Props {
        state: Rc::new(state),
    };
    yew::LocalServerRenderer::<Shown>::with_props(props)
        .hydratable(false)
        .render()
        .await
}

/// A state whose first request got this answer.
fn answered(attributes: &[(&str, &str)], lang: Lang, answer: Result<&str, Error>) -> State {
    let mut state = State::default();
    let mut raw: Attributes = attributes
        .iter()
        .map(|(name, value)| ((*name).into(), (*value).into()))
        .collect();
    if raw.get("cluster-id").is_none() {
        raw.insert("cluster-id".into(), "1000005".into());
    }
    let at = At {
        now: NOW,
        random: 0.0,
    };
    let locale = Rc::new(FixedLocale {
        lang,
        offset: 8 * 3600,
    });
    let effects = state.apply(Action::Configure(Box::new(raw), locale, vec![]), at);
    let ticket = effects.iter().find_map(|effect| match effect {
        Effect::Fetch(ticket, _) => Some(*ticket),
        _ => None,
    });
    if let Some(ticket) = ticket {
        let answer = answer.and_then(|body| response::page(body.as_bytes()));
        state.apply(Action::Arrived(ticket, answer), at);
    }
    state
}

#[tokio::test(flavor = "current_thread")]
async fn the_sample_as_a_person_reads_it() {
    let html = render(answered(
        &[("columns", "id status createTime duration rewind errorMsg")],
        Lang::EN,
        Ok(SAMPLE),
    ))
    .await;
    for words in [
        "data-task-id=\"4\"",
        "aria-rowindex=\"2\"",
        "data-outcome=\"failed\"",
        "data-status=\"RESTORE_FAIL\"",
        "Sep 9, 2021, 18:32:18",
        "1.2 s",
        "1 h 13 m",
        "OB_ENTRY_NOT_EXIST −4018",
        "1 m 18 s",
        "data-complete=\"true\"",
        "2 of 2 tasks",
        "aria-rowcount=\"3\"",
    ] {
        assert!(html.contains(words), "{words} in {html}");
    }
    assert!(!html.contains("aria-sort"));
}

#[tokio::test(flavor = "current_thread")]
async fn in_chinese_and_japanese() {
    let html = render(answered(&[], Lang::ZH_CN, Ok(SAMPLE))).await;
    assert!(
        html.contains("已完成") && html.contains("2021年9月9日 18:32:18") && html.contains("筛选恢复任务")
    );
    let html = render(answered(&[], Lang::JA, Ok(SAMPLE))).await;
    assert!(html.contains("完了") && html.contains("失敗"));
}

#[tokio::test(flavor = "current_thread")]
async fn what_comes_in_a_text_is_text() {
    let body = SAMPLE.replace("restoretest\"", "<img src=x onerror=alert(1)>\"");
    let html = render(answered(&[], Lang::EN, Ok(&body))).await;
    assert!(html.contains("&lt;img") && !html.contains("<img"));
}

#[tokio::test(flavor = "current_thread")]
async fn failures_say_what_to_do() {
    let html = render(answered(&[], Lang::EN, Err(Error::http(403)))).await;
    assert!(
        html.contains("role=\"alert\"") && html.contains("Read-only permission") && html.contains("Retry")
    );
    let html = render(answered(&[("cluster-id", "abc")], Lang::EN, Ok(SAMPLE))).await;
    assert!(html.contains("“cluster-id” cannot be used") && !html.contains("role=\"alert\""));
}

#[tokio::test(flavor = "current_thread")]
async fn an_empty_range_says_so() {
    let body = r#"{"data":{"contents":[],"page":{"totalElements":0}},"successful":true}"#;
    let html = render(answered(&[], Lang::EN, Ok(body))).await;
    assert!(html.contains("This cluster has no restore tasks") && html.contains("0 of 0 tasks"));
}
