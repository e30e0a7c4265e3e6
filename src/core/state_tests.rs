use super::super::error::Code;
use super::super::history::Purpose;
use super::super::table::{Int, Row};
use super::*;

fn page(list: &[i64], page: u64, size: u64) -> Page {
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

struct Bench {
    state: State,
    list: Vec<i64>,
    now: i64,
    sent: Vec<String>,
    open: Vec<(u64, String)>,
    waits: Vec<(u64, u32)>,
    told: Vec<Event>,
    most: usize,
}

impl Bench {
    fn new(length: i64, attributes: &[(&str, &str)]) -> Self {
        let mut bench = Self {
            state: State::default(),
            list: (1..=length).rev().collect(),
            now: 0,
            sent: vec![],
            open: vec![],
            waits: vec![],
            told: vec![],
            most: 0,
        };
        bench.configure(attributes);
        bench
    }

    fn configure(&mut self, attributes: &[(&str, &str)]) {
        let mut raw: Raw = attributes
            .iter()
            .map(|(name, value)| ((*name).into(), (*value).into()))
            .collect();
        raw.entry("cluster-id".into()).or_insert("1".into());
        self.act(Action::Configure(
            Box::new(raw),
            Rc::new(Plain::default()),
            vec![],
        ));
    }

    fn act(&mut self, action: Action) {
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
                Effect::Tell(event) => self.told.push(event),
                Effect::RefreshIn(_) => {}
            }
        }
    }

    /// Answers the oldest request; whether there was one.
    fn answer(&mut self) -> bool {
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

    fn settle(&mut self) {
        while self.answer() {}
    }

    fn fail(&mut self, error: Error) {
        let (ticket, _) = self.open.remove(0);
        self.act(Action::Arrived(ticket, Err(error)));
    }

    fn shown(&self) -> Vec<i64> {
        let rows = self.state.page_rows().unwrap_or_default();
        rows.iter()
            .map(|row| self.state.history.table().id(*row).unwrap())
            .collect()
    }
}

#[test]
fn the_default_view_asks_for_its_first_page_and_no_more() {
    let mut bench = Bench::new(1240, &[]);
    bench.settle();
    assert_eq!(bench.sent, ["page=1&size=20"]);
    assert_eq!(bench.shown(), (1221..=1240).rev().collect::<Vec<_>>());
    assert_eq!(
        (bench.state.history.held(), bench.state.page_count()),
        (20, Some(62))
    );
    bench.act(Action::Go(62));
    bench.settle();
    assert_eq!(bench.sent.last().unwrap(), "page=62&size=20");
    assert_eq!(bench.shown(), (1..=20).rev().collect::<Vec<_>>());
}

#[test]
fn a_sort_speaks_for_the_whole_range() {
    let mut bench = Bench::new(10_000, &[]);
    bench.settle();
    bench.act(Action::Press(Column::Id));
    assert!(!bench.state.history.is_complete());
    bench.settle();
    assert!(bench.state.history.is_complete());
    assert_eq!(bench.shown(), (1..=20).collect::<Vec<_>>());
    assert_eq!(bench.sent.len(), 6);
    assert!(bench.most <= 4, "{}", bench.most);
    bench.act(Action::Go(2));
    bench.act(Action::Filter("status:failed".into()));
    assert_eq!((bench.sent.len(), bench.state.count()), (6, Some(5000)));
    assert_eq!(bench.shown()[0], 2);
}

#[test]
fn twenty_keystrokes_cost_one_walk() {
    let mut bench = Bench::new(1240, &[]);
    bench.settle();
    for n in 1..=20 {
        bench.act(Action::Filter("status:failed"[..n.min(13)].into()));
    }
    bench.settle();
    assert_eq!(bench.sent.len(), 2);
    assert_eq!(bench.state.count(), Some(620));
}

#[test]
fn a_late_answer_of_another_page_is_dropped() {
    let mut bench = Bench::new(100, &[]);
    bench.settle();
    bench.act(Action::Go(2));
    let late = bench.open[0].clone();
    bench.act(Action::Go(3));
    assert_eq!(bench.open.len(), 1);
    bench.settle();
    let before = bench.shown();
    bench.act(Action::Arrived(late.0, Ok(page(&bench.list.clone(), 2, 20))));
    assert_eq!(bench.shown(), before);
}

#[test]
fn cancel_keeps_what_came_and_the_rest_can_be_fetched() {
    let mut bench = Bench::new(10_000, &[("sort", "id")]);
    bench.answer();
    bench.answer();
    bench.act(Action::Cancel);
    assert!(bench.state.is_settled());
    assert_eq!(
        (bench.state.history.held(), bench.state.history.is_complete()),
        (4000, false)
    );
    let sent = bench.sent.len();
    bench.act(Action::Filter("status:failed".into()));
    assert_eq!(bench.sent.len(), sent);
    bench.act(Action::FetchRest);
    bench.settle();
    assert!(bench.state.history.is_complete());
    assert_eq!(bench.state.count(), Some(5000));
}

#[test]
fn failures_are_tried_again_three_times_and_rows_stay() {
    let mut bench = Bench::new(100, &[]);
    bench.settle();
    bench.act(Action::Refresh);
    for n in 0..3 {
        bench.fail(Error::http(503));
        assert!(bench.state.trouble.as_ref().unwrap().retrying);
        let (ticket, ms) = bench.waits[n];
        assert_eq!(ms, 500 << n);
        bench.act(Action::Woke(ticket));
    }
    bench.fail(Error::http(503));
    assert_eq!(bench.sent.len(), 5);
    assert!(!bench.state.trouble.as_ref().unwrap().retrying && bench.state.is_settled());
    assert_eq!(bench.shown().len(), 20);
    assert!(matches!(bench.told.last(), Some(Event::Failed(error)) if error.status == Some(503)));
    bench.act(Action::Retry);
    bench.settle();
    assert_eq!((bench.state.trouble.clone(), bench.sent.len()), (None, 6));
}

#[test]
fn what_no_retry_can_mend_is_asked_once() {
    for error in [
        Error::http(400),
        Error::http(401),
        Error::http(404),
        Error::new(Code::Decode, "x"),
    ] {
        let mut bench = Bench::new(100, &[]);
        bench.fail(error);
        assert_eq!((bench.sent.len(), bench.waits.len()), (1, 0));
    }
    let mut bench = Bench::new(100, &[]);
    bench.fail(Error {
        retry_after: Some(86_400),
        ..Error::http(429)
    });
    assert_eq!(bench.waits.len(), 0);
    let mut bench = Bench::new(100, &[]);
    bench.fail(Error {
        retry_after: Some(2),
        ..Error::http(429)
    });
    assert!((2000..2300).contains(&bench.waits[0].1));
}

#[test]
fn a_walk_that_fails_goes_on_where_it_stopped() {
    let mut bench = Bench::new(10_000, &[("sort", "id")]);
    bench.answer();
    bench.answer();
    bench.fail(Error::http(500));
    assert!(bench.state.is_settled() && bench.state.history.held() == 4000);
    bench.act(Action::Retry);
    bench.settle();
    assert!(bench.state.history.is_complete());
    assert_eq!(bench.sent.len(), 1 + 4 + 1 + 3 - 1);
}

#[test]
fn a_page_too_far_is_clamped_with_one_request_more() {
    let mut bench = Bench::new(50, &[]);
    bench.settle();
    bench.act(Action::Go(9));
    bench.settle();
    assert_eq!(bench.state.view.page, 3);
    assert_eq!(bench.sent, ["page=1&size=20", "page=9&size=20", "page=3&size=20"]);
}

#[test]
fn a_refresh_of_a_whole_range_asks_for_its_newest_part() {
    let mut bench = Bench::new(5000, &[("sort", "-id")]);
    bench.settle();
    let sent = bench.sent.len();
    bench.list.insert(0, 5001);
    bench.act(Action::RefreshDue);
    bench.settle();
    assert_eq!(
        (
            bench.sent.len(),
            bench.shown()[0],
            bench.state.history.is_complete()
        ),
        (sent + 1, 5001, true)
    );
    bench.act(Action::Pause(true));
    bench.act(Action::RefreshDue);
    assert_eq!(bench.sent.len(), sent + 1);
}

#[test]
fn what_the_host_sets_replaces_what_the_person_chose_and_is_not_told() {
    let mut bench = Bench::new(50, &[("sort", "id")]);
    bench.settle();
    bench.act(Action::Press(Column::Status));
    assert_eq!(
        bench
            .told
            .iter()
            .filter(|event| **event == Event::Changed)
            .count(),
        1
    );
    bench.configure(&[("sort", "id"), ("density", "compact")]);
    assert_eq!(bench.state.view.sort.unwrap().column, Column::Status);
    bench.configure(&[("sort", "-id")]);
    assert_eq!(bench.state.view.sort.unwrap().column, Column::Id);
    assert_eq!(
        bench
            .told
            .iter()
            .filter(|event| **event == Event::Changed)
            .count(),
        1
    );
}

#[test]
fn a_small_range_is_complete_at_once_and_sorted_here() {
    let mut bench = Bench::new(2, &[]);
    bench.settle();
    bench.act(Action::Press(Column::Id));
    assert_eq!((bench.shown(), bench.sent.len()), (vec![1, 2], 1));
    bench.act(Action::Refresh);
    bench.settle();
    assert_eq!(bench.sent, ["page=1&size=20", "page=1&size=20"]);
}

#[test]
fn all_rows_on_one_page_needs_the_whole_range() {
    let mut bench = Bench::new(5000, &[]);
    bench.settle();
    bench.act(Action::RowsPerPage(0));
    bench.settle();
    assert_eq!((bench.shown().len(), bench.state.page_count()), (5000, Some(1)));
}

#[test]
fn without_a_cluster_nothing_is_asked_and_the_host_is_told() {
    let mut bench = Bench::new(5, &[("cluster-id", "x")]);
    bench.settle();
    assert!(bench.sent.is_empty());
    assert!(matches!(&bench.told[0], Event::Failed(error) if error.attribute == Some("cluster-id")));
    bench.configure(&[("cluster-id", "1")]);
    bench.settle();
    assert_eq!((bench.shown().len(), bench.state.config_errors.len()), (5, 0));
}

#[test]
fn a_page_that_is_hidden_asks_nothing_and_once_on_return() {
    let mut bench = Bench::new(5, &[]);
    bench.settle();
    bench.act(Action::Visible(false));
    bench.now = 600 * 1_000_000;
    bench.act(Action::Visible(true));
    bench.settle();
    assert_eq!(bench.sent.len(), 2);
    assert_eq!(
        bench
            .state
            .asks()
            .filter(|ask| ask.purpose == Purpose::Window)
            .count(),
        0
    );
}
