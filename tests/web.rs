//! What only a browser can test: its `Intl` as the core's locale, and requests with its `fetch`.
#![cfg(target_arch = "wasm32")]
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::cmp::Ordering;

use ob_restore_tasks::core::error::Code;
use ob_restore_tasks::core::i18n::Lang;
use ob_restore_tasks::core::i18n::locale::Locale;
use ob_restore_tasks::core::settings::attributes::Credentials;
use ob_restore_tasks::core::time::{HOUR, SECOND, TimeRange};
use ob_restore_tasks::services::fetch::{Call, Outlet, send};
use ob_restore_tasks::services::intl::Browser;
use wasm_bindgen::prelude::*;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

#[wasm_bindgen_test]
fn zones_of_the_browser() {
    let at = |zone: &str, seconds: i64| Browser::new(Lang::EN, zone).unwrap().offset_at(seconds * SECOND);
    assert_eq!(at("Asia/Shanghai", 1_631_183_538), 8 * 3600);
    assert_eq!(at("UTC", 1_631_183_538), 0);
    assert_eq!(at("America/New_York", 1_631_183_538), -4 * 3600);
    assert_eq!(at("America/New_York", 1_640_000_000), -5 * 3600);
    // 2021-11-07 06:00 UTC is the second at which New York's clocks go back.
    assert_eq!(at("America/New_York", 1_636_264_799), -4 * 3600);
    assert_eq!(at("America/New_York", 1_636_264_800), -5 * 3600);
    assert_eq!(at("Asia/Kathmandu", 1_631_183_538), 5 * 3600 + 45 * 60);
    assert!(Browser::new(Lang::EN, "Mars/Olympus").is_none());
    assert!(Browser::new(Lang::EN, "local").is_some());
}

#[wasm_bindgen_test]
fn days_of_a_zone_with_dst() {
    let new_york = Browser::new(Lang::EN, "America/New_York").unwrap();
    let (start, end) = TimeRange::parse("2021-11-07/2021-11-07")
        .unwrap()
        .bounds(0, &new_york);
    assert_eq!(end.unwrap() - start.unwrap(), 25 * HOUR - 1000);
}

#[wasm_bindgen_test]
fn texts_collate_as_the_language_does() {
    let chinese = Browser::new(Lang::ZH_CN, "UTC").unwrap();
    // By pinyin: an before bo before zhang, unlike their code points.
    assert_eq!(chinese.compare("安", "博"), Ordering::Less);
    assert_eq!(chinese.compare("张", "博"), Ordering::Greater);
    let english = Browser::new(Lang::EN, "UTC").unwrap();
    assert_eq!(english.compare("apple", "Banana"), Ordering::Less);
}

fn outlet(fetcher: &str) -> Outlet {
    let fetcher = js_sys::Function::new_with_args("request", fetcher);
    Outlet {
        headers: None,
        fetcher: Some(fetcher),
        early: None,
    }
}

async fn request(outlet: Outlet) -> Result<u64, (Code, Option<u64>)> {
    let call = Call {
        url: "/x?page=1".into(),
        lang: "en",
        credentials: Credentials::Omit,
        outlet,
    };
    let (sender, receiver) = (
        std::rc::Rc::new(std::cell::RefCell::new(None)),
        js_sys::Promise::resolve(&JsValue::NULL),
    );
    let given = std::rc::Rc::clone(&sender);
    let _guard = send(call, move |result| {
        given.replace(Some(result));
    });
    let mut turn = receiver;
    for _ in 0..200 {
        if sender.borrow().is_some() {
            break;
        }
        turn = js_sys::Promise::new(&mut |resolve, _| {
            let _ = web_sys::window()
                .unwrap()
                .set_timeout_with_callback_and_timeout_and_arguments_0(&resolve, 5);
        });
        wasm_bindgen_futures::JsFuture::from(turn.clone()).await.unwrap();
    }
    drop(turn);
    let result = sender.borrow_mut().take().unwrap();
    result
        .map(|page| page.total.unwrap())
        .map_err(|error| (error.code, error.retry_after))
}

#[wasm_bindgen_test]
async fn answers_become_pages_or_typed_failures() {
    let body = r#"'{"data":{"contents":[],"page":{"totalElements":7}}}'"#;
    assert_eq!(
        request(outlet(&format!("return new Response({body})"))).await,
        Ok(7)
    );
    assert_eq!(
        request(outlet(&format!("return Promise.resolve(new Response({body}))"))).await,
        Ok(7)
    );
    assert_eq!(
        request(outlet("return new Response(null, {status: 204})")).await,
        Err((Code::Decode, None))
    );
    let busy = "return new Response('', {status: 429, headers: {'Retry-After': '2'}})";
    assert_eq!(request(outlet(busy)).await, Err((Code::RateLimit, Some(2))));
    assert_eq!(
        request(outlet("return new Response('<html>')")).await,
        Err((Code::Auth, None))
    );
    assert_eq!(
        request(outlet("throw 'a string'")).await,
        Err((Code::Network, None))
    );
    assert_eq!(
        request(outlet("return Promise.reject(new Error('no'))")).await,
        Err((Code::Network, None))
    );
    assert_eq!(request(outlet("return 5")).await, Err((Code::Network, None)));
}

#[wasm_bindgen_test]
async fn headers_of_the_host_arrive_and_bad_ones_are_named() {
    let headers = |source: &str| Outlet {
        headers: Some(
            js_sys::Function::new_no_args(source)
                .call0(&JsValue::NULL)
                .unwrap(),
        ),
        ..outlet(
            "return new Response(JSON.stringify({data: {contents: [], page: {totalElements: +request.headers.get('x-n')}}}))",
        )
    };
    assert_eq!(request(headers("return {'x-n': '5'}")).await, Ok(5));
    assert_eq!(request(headers("return async () => ({'x-n': '6'})")).await, Ok(6));
    assert_eq!(request(headers("return new Headers({'x-n': '8'})")).await, Ok(8));
    assert_eq!(
        request(headers("return () => { throw 1 }")).await,
        Err((Code::Config, None))
    );
    assert_eq!(
        request(headers("return {'x-n': 5}")).await,
        Err((Code::Config, None))
    );
}
