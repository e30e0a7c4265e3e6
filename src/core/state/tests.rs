use super::*;
use crate::core::api::request::Purpose;
use crate::core::api::response::Page;
use crate::core::domain::column::Column;
use crate::core::error::Code;
use crate::core::error::Error;
use crate::core::i18n::locale::FixedLocale;
use crate::core::settings::attributes::Attributes;
use crate::core::settings::stored::{self, StorageChange, StorageCommand, StorageNotice};
use crate::core::settings::url::UrlParams;
use crate::core::table::batch::{Int, Row};
use crate::core::time::TimeRange;
use std::rc::Rc;

pub(in super::super) fn page(list: &[i64], page: u64, size: u64) -> Page {
    let task = |id: &i64| {
        let mut row = Row::default();
        row.ints[0] = Int::Value(*id);
        row.texts[0] = if id % 2 == 0 {
            "RESTORE_FAIL"
        } else {
            "RESTORE_SUCCESS"
        }
        .into();
        row
    };
    let rows = list
        .iter()
        .skip(((page - 1) * size) as usize)
        .take(size as usize)
        .map(task)
        .collect();
    Page {
        rows,
        total: Some(list.len() as u64),
        ..Page::default()
    }
}

fn spell(said: &UrlParams, push: HistoryEntry) -> String {
    let parts = ["range", "sort", "filter", "page", "columns"].iter().zip(said);
    let parts = parts.filter_map(|(name, text)| text.as_ref().map(|text| format!(" {name}={text}")));
    let push = if push == HistoryEntry::New {
        "push"
    } else {
        "replace"
    };
    parts.fold(push.to_owned(), |all, part| all + &part)
}

pub(in super::super) struct Simulation {
    pub(in super::super) state: State,
    pub(in super::super) list: Vec<i64>,
    pub(in super::super) now: i64,
    pub(in super::super) sent: Vec<String>,
    pub(in super::super) open: Vec<(u64, String)>,
    pub(in super::super) waits: Vec<(u64, u32)>,
    pub(in super::super) reported: Vec<Event>,
    /// Changes of the address, such as `push sort=id`.
    pub(in super::super) addresses: Vec<String>,
    pub(in super::super) most: usize,
    /// What the browser stores; `Err` if it refuses to.
    pub(in super::super) storage: Result<Option<String>, ()>,
}

impl Simulation {
    pub(in super::super) fn new(length: i64, attributes: &[(&str, &str)]) -> Self {
        let mut sim = Self {
            state: State::default(),
            list: (1..=length).rev().collect(),
            now: 0,
            sent: vec![],
            open: vec![],
            waits: vec![],
            reported: vec![],
            addresses: vec![],
            most: 0,
            storage: Ok(None),
        };
        sim.configure(attributes);
        sim
    }

    pub(in super::super) fn configure(&mut self, attributes: &[(&str, &str)]) {
        let mut raw: Attributes = attributes
            .iter()
            .map(|(name, value)| ((*name).into(), (*value).into()))
            .collect();
        if raw.get("cluster-id").is_none() {
            raw.insert("cluster-id".into(), "1".into());
        }
        let offset = if self.state.zone_under(&raw).is_some() {
            8 * 3600
        } else {
            0
        };
        let locale = FixedLocale {
            offset,
            ..FixedLocale::default()
        };
        self.act(Action::Configure(Box::new(raw), Rc::new(locale), vec![]));
    }

    /// Answers [`Effect::ResolveZone`] as a browser that knows one zone.
    fn locate(&mut self, zone: Option<String>) {
        let offset = match zone {
            None => 0,
            Some(zone) if zone == "+08:00" => 8 * 3600,
            Some(zone) => return self.act(Action::NoZone(zone)),
        };
        let locale = FixedLocale {
            offset,
            ..FixedLocale::default()
        };
        self.act(Action::Located(Rc::new(locale)));
    }

    pub(in super::super) fn act(&mut self, action: Action) {
        let effects = self.state.apply(
            action,
            At {
                now: self.now,
                random: 0.5,
            },
        );
        for effect in effects {
            match effect {
                Effect::Fetch(ticket, url) => {
                    self.sent.push(url.split('?').nth(1).unwrap().to_owned());
                    self.open.push((ticket, url));
                    self.most = self.most.max(self.open.len());
                }
                Effect::Abort(ticket) => self.open.retain(|(open, _)| *open != ticket),
                Effect::Wait(ticket, ms) => self.waits.push((ticket, ms)),
                Effect::Emit(event) => self.reported.push(event),
                Effect::RefreshIn(_) => {}
                Effect::ResolveZone(zone) => self.locate(zone),
                Effect::WriteUrl(said, push) => self.addresses.push(spell(&said, push)),
                Effect::Store(change) => self.keep(&change),
                Effect::ReadStorage => self.recall(),
                Effect::CopyLink => {}
            }
        }
    }

    /// Answers [`Effect::Store`] as the browser does.
    fn keep(&mut self, change: &StorageChange) {
        let changed = match &self.storage {
            Ok(text) => stored::change(text.as_deref(), change),
            Err(()) => Err(StorageNotice::Refused),
        };
        let note = match changed {
            Ok((text, note)) => {
                self.storage = Ok(Some(text));
                note
            }
            Err(note) => Some(note),
        };
        let text = self.storage.clone().ok().flatten();
        self.act(Action::Storage(StorageCommand::Loaded(text, note)));
    }

    fn recall(&mut self) {
        let text = self.storage.clone().ok().flatten();
        self.act(Action::Storage(StorageCommand::Loaded(text, None)));
    }

    /// Answers the oldest request. Returns whether there was one.
    pub(in super::super) fn answer(&mut self) -> bool {
        if self.open.is_empty() {
            return false;
        }
        let (ticket, url) = self.open.remove(0);
        let number = |name: &str| {
            let tail = url.split(&format!("{name}=")).nth(1).unwrap();
            tail.split('&').next().unwrap().parse::<u64>().unwrap()
        };
        let page = page(&self.list, number("page"), number("size"));
        self.act(Action::Arrived(ticket, Ok(page)));
        true
    }

    pub(in super::super) fn settle(&mut self) {
        while self.answer() {}
    }

    pub(in super::super) fn fail(&mut self, error: Error) {
        let (ticket, _) = self.open.remove(0);
        self.act(Action::Arrived(ticket, Err(error)));
    }

    pub(in super::super) fn shown(&self) -> Vec<i64> {
        let rows = self.state.page_rows().unwrap_or_default();
        rows.iter()
            .map(|row| self.state.loaded.dataset.table().id(*row).unwrap())
            .collect()
    }
}

#[test]
fn the_default_view_asks_for_its_first_page_and_no_more() {
    let mut sim = Simulation::new(1240, &[]);
    sim.settle();
    assert_eq!(sim.sent, ["page=1&size=20"]);
    assert_eq!(sim.shown(), (1221..=1240).rev().collect::<Vec<_>>());
    assert_eq!(
        (sim.state.loaded.dataset.loaded(), sim.state.page_count()),
        (20, Some(62))
    );
    sim.act(Action::GoToPage(62));
    sim.settle();
    assert_eq!(sim.sent.last().unwrap(), "page=62&size=20");
    assert_eq!(sim.shown(), (1..=20).rev().collect::<Vec<_>>());
}

#[test]
fn a_sort_speaks_for_the_whole_range() {
    let mut sim = Simulation::new(10_000, &[]);
    sim.settle();
    sim.act(Action::ToggleSort(Column::Id));
    assert!(!sim.state.loaded.dataset.is_complete());
    sim.settle();
    assert!(sim.state.loaded.dataset.is_complete());
    assert_eq!(sim.shown(), (1..=20).collect::<Vec<_>>());
    assert_eq!(sim.sent.len(), 6);
    assert!(sim.most <= 4, "{}", sim.most);
    sim.act(Action::GoToPage(2));
    sim.act(Action::TypeFilter("status:failed".into()));
    assert_eq!((sim.sent.len(), sim.state.count()), (6, Some(5000)));
    assert_eq!(sim.shown()[0], 2);
}

#[test]
fn torture_17_twenty_keystrokes_cost_one_walk() {
    let mut sim = Simulation::new(1240, &[]);
    sim.settle();
    for n in 1..=20 {
        sim.act(Action::TypeFilter("status:failed"[..n.min(13)].into()));
    }
    sim.settle();
    assert_eq!(sim.sent.len(), 2);
    assert_eq!(sim.state.count(), Some(620));
}

#[test]
fn a_late_answer_of_another_page_is_dropped() {
    let mut sim = Simulation::new(100, &[]);
    sim.settle();
    sim.act(Action::GoToPage(2));
    let late = sim.open[0].clone();
    sim.act(Action::GoToPage(3));
    assert_eq!(sim.open.len(), 1);
    sim.settle();
    let before = sim.shown();
    sim.act(Action::Arrived(late.0, Ok(page(&sim.list.clone(), 2, 20))));
    assert_eq!(sim.shown(), before);
}

#[test]
fn cancel_keeps_what_came_and_the_rest_can_be_fetched() {
    let mut sim = Simulation::new(10_000, &[("sort", "id")]);
    sim.answer();
    sim.answer();
    sim.act(Action::Cancel);
    assert!(sim.state.is_settled());
    assert_eq!(
        (
            sim.state.loaded.dataset.loaded(),
            sim.state.loaded.dataset.is_complete()
        ),
        (4000, false)
    );
    let sent = sim.sent.len();
    sim.act(Action::TypeFilter("status:failed".into()));
    assert_eq!(sim.sent.len(), sent);
    sim.act(Action::FetchRest);
    sim.settle();
    assert!(sim.state.loaded.dataset.is_complete());
    assert_eq!(sim.state.count(), Some(5000));
}

#[test]
fn torture_10_failures_are_tried_again_three_times_and_rows_stay() {
    let mut sim = Simulation::new(100, &[]);
    sim.settle();
    sim.act(Action::Refresh);
    for n in 0..3 {
        sim.fail(Error::http(503));
        assert!(sim.state.scheduler.failure.as_ref().unwrap().retrying);
        let (ticket, ms) = sim.waits[n];
        assert_eq!(ms, 500 << n);
        sim.act(Action::RetryDue(ticket));
    }
    sim.fail(Error::http(503));
    assert_eq!(sim.sent.len(), 5);
    assert!(!sim.state.scheduler.failure.as_ref().unwrap().retrying && sim.state.is_settled());
    assert_eq!(sim.shown().len(), 20);
    assert!(matches!(sim.reported.last(), Some(Event::Failed(error)) if error.status == Some(503)));
    sim.act(Action::Retry);
    sim.settle();
    assert_eq!((sim.state.scheduler.failure.clone(), sim.sent.len()), (None, 6));
}

#[test]
fn what_no_retry_can_mend_is_asked_once() {
    for error in [
        Error::http(400),
        Error::http(401),
        Error::http(404),
        Error::new(Code::Decode, "x"),
    ] {
        let mut sim = Simulation::new(100, &[]);
        sim.fail(error);
        assert_eq!((sim.sent.len(), sim.waits.len()), (1, 0));
    }
    let mut sim = Simulation::new(100, &[]);
    sim.fail(Error {
        retry_after: Some(86_400),
        ..Error::http(429)
    });
    assert_eq!(sim.waits.len(), 0);
    let mut sim = Simulation::new(100, &[]);
    sim.fail(Error {
        retry_after: Some(2),
        ..Error::http(429)
    });
    assert!((2000..2300).contains(&sim.waits[0].1));
}

#[test]
fn a_walk_that_fails_goes_on_where_it_stopped() {
    let mut sim = Simulation::new(10_000, &[("sort", "id")]);
    sim.answer();
    sim.answer();
    sim.fail(Error::http(500));
    assert!(sim.state.is_settled() && sim.state.loaded.dataset.loaded() == 4000);
    sim.act(Action::Retry);
    sim.settle();
    assert!(sim.state.loaded.dataset.is_complete());
    assert_eq!(sim.sent.len(), 1 + 4 + 1 + 3 - 1);
}

#[test]
fn a_page_too_far_is_clamped_with_one_request_more() {
    let mut sim = Simulation::new(50, &[]);
    sim.settle();
    sim.act(Action::GoToPage(9));
    sim.settle();
    assert_eq!(sim.state.query.view.page, 3);
    assert_eq!(sim.sent, ["page=1&size=20", "page=9&size=20", "page=3&size=20"]);
}

#[test]
fn a_refresh_of_a_whole_range_asks_for_its_newest_part() {
    let mut sim = Simulation::new(5000, &[("sort", "-id")]);
    sim.settle();
    let sent = sim.sent.len();
    sim.list.insert(0, 5001);
    sim.act(Action::RefreshDue);
    sim.settle();
    assert_eq!(
        (
            sim.sent.len(),
            sim.shown()[0],
            sim.state.loaded.dataset.is_complete()
        ),
        (sent + 1, 5001, true)
    );
    sim.act(Action::Pause(true));
    sim.act(Action::RefreshDue);
    assert_eq!(sim.sent.len(), sent + 1);
}

#[test]
fn what_the_host_sets_replaces_what_the_person_chose_and_is_not_told() {
    let mut sim = Simulation::new(50, &[("sort", "id")]);
    sim.settle();
    sim.act(Action::ToggleSort(Column::Status));
    assert_eq!(
        sim.reported
            .iter()
            .filter(|event| **event == Event::Changed)
            .count(),
        1
    );
    sim.configure(&[("sort", "id"), ("density", "compact")]);
    assert_eq!(sim.state.query.view.sort.unwrap().column, Column::Status);
    sim.configure(&[("sort", "-id")]);
    assert_eq!(sim.state.query.view.sort.unwrap().column, Column::Id);
    assert_eq!(
        sim.reported
            .iter()
            .filter(|event| **event == Event::Changed)
            .count(),
        1
    );
}

#[test]
fn a_small_range_is_complete_at_once_and_sorted_here() {
    let mut sim = Simulation::new(2, &[]);
    sim.settle();
    sim.act(Action::ToggleSort(Column::Id));
    assert_eq!((sim.shown(), sim.sent.len()), (vec![1, 2], 1));
    sim.act(Action::Refresh);
    sim.settle();
    assert_eq!(sim.sent, ["page=1&size=20", "page=1&size=20"]);
}

#[test]
fn all_rows_on_one_page_needs_the_whole_range() {
    let mut sim = Simulation::new(5000, &[]);
    sim.settle();
    sim.act(Action::SetRowsPerPage(0));
    sim.settle();
    assert_eq!((sim.shown().len(), sim.state.page_count()), (5000, Some(1)));
}

#[test]
fn without_a_cluster_nothing_is_asked_and_the_host_is_told() {
    let mut sim = Simulation::new(5, &[("cluster-id", "x")]);
    sim.settle();
    assert!(sim.sent.is_empty());
    assert!(matches!(&sim.reported[0], Event::Failed(error) if error.attribute == Some("cluster-id")));
    sim.configure(&[("cluster-id", "1")]);
    sim.settle();
    assert_eq!((sim.shown().len(), sim.state.host.attribute_errors.len()), (5, 0));
}

#[test]
fn torture_15_a_page_that_is_hidden_asks_nothing_and_once_on_return() {
    let mut sim = Simulation::new(5, &[]);
    sim.settle();
    sim.act(Action::Visible(false));
    sim.now = 600 * 1_000_000;
    sim.act(Action::Visible(true));
    sim.settle();
    assert_eq!(sim.sent.len(), 2);
    assert_eq!(
        sim.state
            .requests()
            .filter(|request| request.purpose == Purpose::Page)
            .count(),
        0
    );
}
/// Faults that a review found. Each test failed before the fix.
mod found {
    use super::*;

    /// The range changes while the view is sorted and complete.
    #[test]
    fn p01_range_change_while_sorted() {
        let mut b = Simulation::new(1240, &[("sort", "id")]);
        b.settle();
        assert!(b.state.loaded.dataset.is_complete());
        b.act(Action::SetRange(TimeRange::Last(crate::core::time::Preset::Week)));
        let table = b.state.loaded.dataset.table().len();
        let bad: Vec<u32> = b
            .state
            .shown
            .rows
            .iter()
            .copied()
            .filter(|r| *r as usize >= table)
            .collect();
        assert!(bad.is_empty(), "{} stale rows, table has {table}", bad.len());
    }

    #[test]
    fn p01b_restore_range_change_while_filter() {
        let mut b = Simulation::new(1240, &[("filter", "status:failed")]);
        b.settle();
        b.act(Action::SetRange(TimeRange::Last(crate::core::time::Preset::Week)));
        let table = b.state.loaded.dataset.table().len();
        assert_eq!(
            (b.state.shown.rows.len(), table),
            (0, 0),
            "rows of the range before"
        );
    }

    /// `tasks` is set twice.
    #[test]
    fn p02_tasks_twice() {
        let mut b = Simulation::new(0, &[]);
        let list = |n: i64, from: i64| {
            let l: Vec<i64> = (from..from + n).collect();
            page(&l, 1, 10_000)
        };
        b.act(Action::Tasks(Some(Ok(list(5, 1)))));
        assert_eq!(b.shown().len(), 5);
        let before = b.state.loaded.dataset.version;
        b.act(Action::Tasks(Some(Ok(list(5, 50)))));
        assert!(
            b.state.loaded.dataset.version > before,
            "as many others are other ones"
        );
        b.act(Action::Tasks(Some(Ok(list(9, 100)))));
        assert_eq!(b.state.shown.rows.len(), 9, "longer");
        b.act(Action::Tasks(Some(Ok(list(2, 200)))));
        assert_eq!(b.state.shown.rows.len(), 2, "shorter");
    }

    /// Rows are cut at `max-rows` in the middle of a page.
    #[test]
    fn p03_capped_is_not_complete() {
        let mut b = Simulation::new(3500, &[("sort", "id"), ("max-rows", "3000")]);
        b.settle();
        assert_eq!(
            (
                b.state.loaded.dataset.loaded(),
                b.state.loaded.dataset.total(),
                b.state.loaded.dataset.is_complete()
            ),
            (3000, Some(3500), false)
        );
    }

    /// A window page with one unreadable row.
    #[test]
    fn p04_unreadable_in_window() {
        let mut b = Simulation::new(1240, &[]);
        let (ticket, _) = b.open.remove(0);
        let mut p = page(&b.list, 1, 20);
        p.rows.edit(|rows| drop(rows.remove(3)));
        p.unreadable = 1;
        b.act(Action::Arrived(ticket, Ok(p)));
        assert_eq!(b.state.page_rows().map(|r| r.len()), Some(19));
    }

    /// A server whose limit is below the page size.
    #[test]
    fn p05_cap_below_page_size() {
        let mut b = Simulation::new(1240, &[("page-size", "500")]);
        let (ticket, _) = b.open.remove(0);
        let p = page(&b.list, 1, 100);
        b.act(Action::Arrived(ticket, Ok(p)));
        assert_eq!(b.state.page_rows().map(|r| r.len()), Some(100));
    }

    /// An unreadable row on one of several pages of a scan.
    #[test]
    fn p06_unreadable_in_walk() {
        let mut b = Simulation::new(4500, &[("sort", "id")]);
        let mut n = 0;
        while !b.open.is_empty() && n < 50 {
            n += 1;
            let (ticket, url) = b.open.remove(0);
            let num = |name: &str| {
                url.split(&format!("{name}="))
                    .nth(1)
                    .unwrap()
                    .split('&')
                    .next()
                    .unwrap()
                    .parse::<u64>()
                    .unwrap()
            };
            let mut p = page(&b.list, num("page"), num("size"));
            let before = p.rows.len();
            p.rows
                .edit(|rows| rows.retain(|row| row.ints[0] != Int::Value(4400)));
            p.unreadable = before - p.rows.len();
            b.act(Action::Arrived(ticket, Ok(p)));
        }
        assert_eq!(
            (
                n,
                b.state.loaded.dataset.scan_end,
                b.state.loaded.dataset.has_changed
            ),
            (3, crate::core::dataset::ScanEnd::Open, false),
            "requests/end/moved"
        );
    }

    /// The same row twice in one window page.
    #[test]
    fn p07_repeat_in_window() {
        let mut b = Simulation::new(0, &[("page-size", "5")]);
        b.list = vec![9, 8, 8, 7, 6, 5, 4, 3, 2, 1];
        b.answer();
        assert_eq!(b.shown(), [9, 8, 7, 6], "the repeat is one row");
    }

    /// A server that ignores paging, with over 2000 rows and one repeated row that its total counts.
    #[test]
    fn p08_oversent_with_repeat_never_ends() {
        let mut b = Simulation::new(2500, &[("sort", "id")]);
        b.list.push(1);
        let mut n = 0;
        while !b.open.is_empty() && n < 40 {
            n += 1;
            let (ticket, _) = b.open.remove(0);
            let p = page(&b.list, 1, 100_000);
            b.act(Action::Arrived(ticket, Ok(p)));
        }
        assert!(n < 40, "endless");
    }

    /// On page 5 the list changes, and a filter is typed and cleared before an answer.
    #[test]
    fn p09_filter_cleared_early() {
        let mut b = Simulation::new(1240, &[]);
        b.settle();
        b.list.insert(0, 1241);
        b.act(Action::GoToPage(5));
        b.settle();
        b.act(Action::TypeFilter("x".into()));
        b.act(Action::TypeFilter(String::new()));
        b.settle();
        assert!(
            b.state.page_rows().is_some(),
            "blank and settled: {}",
            b.state.is_settled()
        );
    }

    /// After a `Retry-After` of more than a minute, nothing is sent automatically.
    #[test]
    fn torture_08_long_retry_after() {
        let mut b = Simulation::new(10, &[]);
        let (ticket, _) = b.open.remove(0);
        let error = Error {
            retry_after: Some(86_400),
            ..Error::http(429)
        };
        let effects = b.state.apply(Action::Arrived(ticket, Err(error)), At::default());
        assert!(
            effects.iter().all(|e| !matches!(e, Effect::RefreshIn(Some(_)))),
            "{effects:?}"
        );
    }

    /// Cancel stays in effect over an automatic refresh.
    #[test]
    fn p11_cancel_holds() {
        let mut b = Simulation::new(12_000, &[("sort", "id")]);
        b.answer();
        b.act(Action::Cancel);
        let sent = b.sent.len();
        b.act(Action::RefreshDue);
        assert_eq!(b.sent.len(), sent, "{:?}", &b.sent[sent..]);
    }

    /// An invalid base URL that is corrected.
    #[test]
    fn p12_mended_base_url() {
        let mut b = Simulation::new(
            10,
            &[
                ("base-url", "javascript:x"),
                ("sort", "-id"),
                ("columns", "id"),
                ("page-size", "5"),
            ],
        );
        b.configure(&[
            ("base-url", "/x"),
            ("sort", "-id"),
            ("columns", "id"),
            ("page-size", "5"),
        ]);
        assert_eq!(
            (
                b.state.query.view.rows_per_page,
                b.state.query.view.columns.len(),
                b.state.query.view.sort.is_some()
            ),
            (5, 1, true)
        );
    }

    /// After a `Retry-After` in a full scan, its other requests wait too.
    #[test]
    fn p13_retry_after_in_walk() {
        let mut b = Simulation::new(40_000, &[("sort", "id")]);
        b.answer();
        b.fail(Error {
            retry_after: Some(2),
            ..Error::http(429)
        });
        let sent = b.sent.len();
        b.answer();
        b.answer();
        assert_eq!(b.sent.len(), sent, "asked during the wait");
    }

    /// The flag that the list changed is cleared by the next scan.
    #[test]
    fn p14_moved_goes_away() {
        let mut b = Simulation::new(4500, &[("sort", "id")]);
        b.answer();
        b.list.insert(0, 5000);
        b.settle();
        assert!(b.state.loaded.dataset.is_complete() && b.state.loaded.dataset.has_changed);
        b.act(Action::Refresh);
        b.settle();
        b.list.insert(0, 5001);
        b.act(Action::Refresh);
        b.settle();
        assert!(!b.state.loaded.dataset.has_changed);
    }

    /// Invalid `tasks` fall back to the API.
    #[test]
    fn p15_bad_tasks() {
        let mut b = Simulation::new(10, &[]);
        b.settle();
        b.act(Action::Tasks(Some(Err(Error::config("tasks", "x")))));
        b.settle();
        let named: Vec<_> = b
            .state
            .host
            .property_errors
            .iter()
            .map(|error| error.attribute)
            .collect();
        assert_eq!(named, [Some("tasks")]);
        assert_eq!(b.shown().len(), 10, "the rows of the API come again");
    }

    #[test]
    fn p16_secret_in_config_error() {
        let b = Simulation::new(10, &[("base-url", "https://u:pw@h/")]);
        let [error] = &b.state.host.attribute_errors[..] else {
            panic!("{:?}", b.state.host.attribute_errors)
        };
        assert_eq!(error.attribute, Some("base-url"));
        assert!(!error.message.contains("pw"), "{}", error.message);
        assert!(!crate::core::api::request::is_base_url("//u:pw@h/"));
    }

    #[test]
    fn p17_unreadable_count() {
        let mut b = Simulation::new(1240, &[]);
        b.settle();
        b.act(Action::GoToPage(2));
        for _ in 0..3 {
            let (ticket, _) = b.open.remove(0);
            let mut p = page(&b.list, 2, 20);
            p.unreadable = 1;
            b.act(Action::Arrived(ticket, Ok(p)));
            b.act(Action::Refresh);
        }
        assert_eq!(b.state.loaded.dataset.unreadable(), 1);
    }

    #[test]
    fn p18_empty_page_without_total() {
        let mut b = Simulation::new(40, &[]);
        for page_no in [1, 2, 3] {
            if page_no > 1 {
                b.act(Action::GoToPage(page_no));
            }
            let (ticket, _) = b.open.remove(0);
            let p = Page {
                total: None,
                ..page(&b.list, page_no, 20)
            };
            b.act(Action::Arrived(ticket, Ok(p)));
        }
        assert!(b.state.page_rows().is_some(), "blank");
    }

    #[test]
    fn p20_details_follow_a_running_task() {
        let mut b = Simulation::new(4, &[]);
        b.settle();
        let row = b.state.page_rows().unwrap()[0];
        b.act(Action::Details(Some(row)));
        b.act(Action::Refresh);
        let (ticket, _) = b.open.remove(0);
        let mut p = page(&b.list, 1, 20);
        p.rows.edit(|rows| rows[0].texts[0] = "RESTORE_WAIT_LS".into());
        b.act(Action::Arrived(ticket, Ok(p)));
        assert!(
            b.state
                .page_rows()
                .unwrap()
                .contains(&b.state.shown.details.unwrap()),
            "details show a content that is gone"
        );
    }
}
