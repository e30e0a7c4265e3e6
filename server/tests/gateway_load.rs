//! How the gateway protects OCP: one request for many clients, cached answers, waiting when OCP asks for it,
//! and no rush afterwards.
#![cfg(feature = "gateway")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod testing;

use std::io::Write;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Barrier, Condvar, Mutex};
use std::time::{Duration, Instant, SystemTime};

use ob_restore_tasks_server::Auth;
use testing::gateway::{TestGateway, args};
use testing::ocp::{FakeOcp, http, json};
use testing::{KEYS, PATH, eventually};

/// Holds answers back until it is opened.
#[derive(Clone, Default)]
struct Latch(Arc<(Mutex<bool>, Condvar)>);

impl Latch {
    fn open(&self) {
        *self.0.0.lock().unwrap() = true;
        self.0.1.notify_all();
    }

    fn wait(&self) {
        let open = self.0.0.lock().unwrap();
        drop(self.0.1.wait_while(open, |open| !*open).unwrap());
    }
}

#[test]
fn a_hundred_at_one_moment_are_one() {
    let latch = Latch::default();
    let held = latch.clone();
    let stub = FakeOcp::start(move |_, socket| {
        held.wait();
        let _ = socket.write_all(json(r#"{"data":"one"}"#).as_bytes());
    });
    let gateway = TestGateway::start(&stub.url(), Auth::AkSk);
    std::thread::scope(|scope| {
        let asking: Vec<_> = (0..100).map(|_| scope.spawn(|| gateway.get(PATH))).collect();
        // All hundred are connected (the connection that asks for the metrics counts, too).
        eventually("all ask", || gateway.metric("obrt_gateway_connections") >= 101);
        latch.open();
        for one in asking {
            assert_eq!(one.join().unwrap().text(), r#"{"data":"one"}"#);
        }
    });
    assert_eq!(stub.count(), 1);
    assert_eq!(gateway.metric("obrt_gateway_answers_total{from=\"joined\"}"), 99);
}

#[test]
fn what_differs_is_asked_by_itself() {
    let stub = FakeOcp::start(|head, socket| {
        let language = head
            .lines()
            .find(|line| line.starts_with("accept-language"))
            .unwrap();
        let _ = socket.write_all(
            json(&format!(
                r#"{{"data":"{} {language}"}}"#,
                head.lines().next().unwrap()
            ))
            .as_bytes(),
        );
    });
    let mut kept = args(&stub.url(), Auth::AkSk);
    kept.cache = Some(10);
    let gateway = TestGateway::with(kept, &KEYS, |_| ());
    let texts: Vec<String> = [
        (PATH.to_owned(), "en"),
        (PATH.to_owned(), "zh"),
        (PATH.replace("page=1", "page=2"), "en"),
        (PATH.replace("size=20", "size=21"), "en"),
        (PATH.replace("1000005", "1000050"), "en"),
        (format!("{PATH}&startTime=2021-09-09T00:00:00Z"), "en"),
        (format!("{PATH}&endTime=2021-09-09T00:00:00Z"), "en"),
    ]
    .iter()
    .map(|(path, language)| gateway.ask("GET", path, &[("accept-language", language)]).text())
    .collect();
    let mut different = texts.clone();
    different.sort();
    different.dedup();
    assert_eq!(different.len(), 7, "{texts:?}");
    assert_eq!(stub.count(), 7);
    // The same request in another spelling is the same.
    let turned = PATH.replace("page=1&size=20", "size=20&p%61ge=1");
    assert_eq!(
        gateway
            .ask("GET", &turned, &[("accept-language", "en-GB")])
            .text(),
        texts[0]
    );
    assert_eq!(stub.count(), 7);
    assert_eq!(gateway.metric("obrt_gateway_answers_total{from=\"hit\"}"), 1);
}

#[test]
fn an_answer_is_kept_for_its_time_and_no_longer() {
    let stub = FakeOcp::always(&json(r#"{"data":1}"#));
    let mut kept = args(&stub.url(), Auth::AkSk);
    kept.cache = Some(1);
    let gateway = TestGateway::with(kept, &KEYS, |_| ());
    let start = Instant::now();
    gateway.get(PATH);
    eventually("it is asked again", || {
        gateway.get(PATH);
        stub.count() == 2
    });
    assert!(start.elapsed() >= Duration::from_secs(1), "{:?}", start.elapsed());
}

#[test]
fn sessions_never_mix() {
    let latch = Latch::default();
    let held = latch.clone();
    let stub = FakeOcp::start(move |head, socket| {
        held.wait();
        let cookie = head
            .lines()
            .find_map(|line| line.strip_prefix("cookie: "))
            .unwrap_or("none");
        let _ = socket.write_all(json(&format!(r#"{{"data":"{cookie}"}}"#)).as_bytes());
    });
    let mut kept = args(&stub.url(), Auth::Session);
    kept.cache = Some(10);
    kept.max_upstream = Some(100);
    let gateway = TestGateway::with(kept, &[], |_| ());
    let ask = |n: usize| {
        gateway
            .ask("GET", PATH, &[("cookie", &format!("JSESSIONID=s{n}; x={n}"))])
            .text()
    };
    std::thread::scope(|scope| {
        let asking: Vec<_> = (0..60)
            .map(|n| scope.spawn(move || (n % 20, ask(n % 20))))
            .collect();
        eventually("all ask", || gateway.metric("obrt_gateway_connections") >= 61);
        latch.open();
        for one in asking {
            let (n, text) = one.join().unwrap();
            assert_eq!(text, format!(r#"{{"data":"JSESSIONID=s{n}"}}"#));
        }
    });
    for n in 0..20 {
        assert_eq!(ask(n), format!(r#"{{"data":"JSESSIONID=s{n}"}}"#));
    }
    assert_eq!(stub.count(), 20);
    assert_eq!(gateway.get(PATH).status, 401);
}

#[test]
fn only_so_many_at_one_time_and_the_others_wait_or_are_told() {
    let (now, most) = <(Arc<AtomicUsize>, Arc<AtomicUsize>)>::default();
    let (counted, highest) = (Arc::clone(&now), Arc::clone(&most));
    let stub = FakeOcp::start(move |_, socket| {
        highest.fetch_max(counted.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
        std::thread::sleep(Duration::from_millis(30));
        counted.fetch_sub(1, Ordering::SeqCst);
        let _ = socket.write_all(json(r#"{"data":1}"#).as_bytes());
    });
    let mut few = args(&stub.url(), Auth::AkSk);
    few.max_upstream = Some(3);
    let gateway = TestGateway::with(few.clone(), &KEYS, |_| ());
    let page = |n: usize| PATH.replace("page=1", &format!("page={n}"));
    std::thread::scope(|scope| {
        let asking: Vec<_> = (1..=30)
            .map(|n| {
                scope.spawn({
                    let gateway = &gateway;
                    move || gateway.get(&page(n)).status
                })
            })
            .collect();
        assert!(asking.into_iter().all(|one| one.join().unwrap() == 200));
    });
    assert_eq!((stub.count(), most.load(Ordering::SeqCst)), (30, 3));

    let latch = Latch::default();
    let held = latch.clone();
    let stuck = FakeOcp::start(move |_, socket| {
        held.wait();
        let _ = socket.write_all(json(r#"{"data":1}"#).as_bytes());
    });
    few.upstream = Some(stuck.url());
    few.max_upstream = Some(1);
    let gateway = TestGateway::with(few, &KEYS, |limits| limits.queue = Duration::from_millis(100));
    std::thread::scope(|scope| {
        let first = scope.spawn(|| gateway.get(PATH).status);
        eventually("the first asks", || stuck.count() == 1);
        let late = gateway.get(&page(2));
        assert_eq!(late.status, 503);
        assert!((1..=5).contains(&late.header("retry-after").parse::<u64>().unwrap()));
        latch.open();
        assert_eq!(first.join().unwrap(), 200);
    });
    assert_eq!(stuck.count(), 1);
}

#[test]
fn peace_is_kept_for_everyone_when_ocp_asks_for_it() {
    let date = httpdate::fmt_http_date(SystemTime::now() + Duration::from_secs(40));
    for (status, header, range) in [
        // What is left of the wait, on however busy a machine.
        (429, "retry-after: 200\r\n".to_owned(), 170..=200),
        (429, "ratelimit-reset: 100\r\n".to_owned(), 70..=100),
        (429, format!("retry-after: {date}\r\n"), 10..=40),
        (429, "retry-after: 86400\r\n".to_owned(), 270..=300),
        (503, "retry-after: 200\r\n".to_owned(), 170..=200),
    ] {
        let body = r#"{"error":{"code":0},"traceId":""}"#;
        let stub = FakeOcp::always(&http(
            &format!("{status} x"),
            &format!("content-type: application/json\r\n{header}"),
            body,
        ));
        let gateway = TestGateway::start(&stub.url(), Auth::AkSk);
        for n in 1..=20 {
            let answer = gateway.get(&PATH.replace("page=1", &format!("page={n}")));
            assert_eq!(answer.status, status, "{header}");
            let wait: u64 = answer.header("retry-after").parse().unwrap();
            assert!(range.contains(&wait), "{header}: {wait}");
            assert_eq!(answer.json()["successful"].is_boolean(), n > 1);
        }
        assert_eq!(stub.count(), 1, "{header}");
    }
}

#[test]
fn peace_for_one_session_is_not_peace_from_all() {
    let stub = FakeOcp::start(|head, socket| {
        let answer = if head.contains("JSESSIONID=greedy") {
            http(
                "429 x",
                "content-type: application/json\r\nratelimit-reset: 30\r\n",
                r#"{"error":{"code":0},"successful":false}"#,
            )
        } else {
            json(r#"{"data":1}"#)
        };
        let _ = socket.write_all(answer.as_bytes());
    });
    let gateway = TestGateway::start(&stub.url(), Auth::Session);
    let ask = |who: &str| {
        gateway
            .ask("GET", PATH, &[("cookie", &format!("JSESSIONID={who}"))])
            .status
    };
    assert_eq!(
        [ask("greedy"), ask("greedy"), ask("modest"), ask("greedy")],
        [429, 429, 200, 429]
    );
    assert_eq!(stub.count(), 2);
}

#[test]
fn the_wait_ends() {
    let busy = Arc::new(AtomicBool::new(true));
    let still = Arc::clone(&busy);
    let stub = FakeOcp::start(move |_, socket| {
        let answer = if still.swap(false, Ordering::SeqCst) {
            http(
                "429 x",
                "content-type: application/json\r\nretry-after: 1\r\n",
                "{}",
            )
        } else {
            json(r#"{"data":1}"#)
        };
        let _ = socket.write_all(answer.as_bytes());
    });
    let gateway = TestGateway::start(&stub.url(), Auth::AkSk);
    assert_eq!(gateway.get(PATH).status, 429);
    eventually("it is asked again", || gateway.get(PATH).status == 200);
    assert_eq!(stub.count(), 2);
}

#[test]
fn an_upstream_that_dies_is_tried_by_one_and_comes_back_without_a_herd() {
    let reply = |_: &str, socket: &mut std::net::TcpStream| {
        let _ = socket.write_all(json(r#"{"data":1}"#).as_bytes());
    };
    let stub = FakeOcp::start(reply);
    let address = stub.address.to_string();
    let gateway = TestGateway::start(&stub.url(), Auth::AkSk);
    let page = |n: usize| PATH.replace("page=1", &format!("page={n}"));
    assert_eq!(gateway.get(PATH).status, 200);
    assert!(gateway.get("/healthz").text().contains("\"up\""));
    drop(stub);
    // What is requested meanwhile is answered at once, with the time to come again.
    let all = |first: usize| {
        let together = Barrier::new(40);
        std::thread::scope(|scope| {
            let (gateway, together) = (&gateway, &together);
            let ask = move |n: usize| {
                together.wait();
                gateway.get(&page(n))
            };
            let asking: Vec<_> = (first..first + 40).map(|n| scope.spawn(move || ask(n))).collect();
            asking
                .into_iter()
                .map(|one| one.join().unwrap())
                .collect::<Vec<_>>()
        })
    };
    let down = all(1);
    assert!(down.iter().all(|answer| [502, 503].contains(&answer.status)));
    let sent_away: Vec<u64> = down
        .iter()
        .filter(|a| a.status == 503)
        .map(|a| a.header("retry-after").parse().unwrap())
        .collect();
    // At most as many as may ask at once have tried by themselves.
    assert!(sent_away.len() >= 32, "{}", sent_away.len());
    assert!(sent_away.iter().all(|wait| (1..=5).contains(wait)));
    assert!(
        sent_away.iter().any(|wait| *wait != sent_away[0]),
        "all come back at once: {sent_away:?}"
    );
    let health = gateway.get("/healthz");
    assert_eq!(health.status, 200);
    assert!(health.text().contains("\"down\""));
    let tried = gateway.metric("obrt_gateway_upstream_requests_total{outcome=\"unreachable\"}");
    assert!((1..=9).contains(&tried), "{tried}");

    let latch = Latch::default();
    let held = latch.clone();
    let back = FakeOcp::at(&address, move |_, socket| {
        held.wait();
        let _ = socket.write_all(json(r#"{"data":2}"#).as_bytes());
    });
    std::thread::scope(|scope| {
        let gateway = &gateway;
        scope.spawn(move || {
            eventually("one gets through", || gateway.get(PATH).status == 200);
        });
        eventually("it is tried", || back.connections() > 0);
        // While one tries, the others must not.
        assert!(all(100).iter().all(|answer| answer.status == 503));
        assert_eq!((back.connections(), back.count()), (1, 1));
        latch.open();
    });
    assert!(all(200).iter().all(|answer| answer.status == 200));
    assert!(gateway.get("/healthz").text().contains("\"up\""));
}
