//! Property tests of the state against random servers. The test drives it as `app` does: through
//! `State::apply` only.
//!
//! The server's list changes between requests, answers arrive in any order, requests fail, the person
//! changes the view, and the server may lie in every way that is known from the field. An observer logs
//! the answers. Of the state's internals it knows only the purpose of each request. After every step it
//! checks:
//!
//! - no row is shown or held twice;
//! - a range is *complete* only if the log proves it: for a scan, the last answer for each of its pages
//!   named the same total, and together they are exactly the held rows, as many as that total says. If
//!   the server tells no lies and the list was the same at each of those answers, it is the server's
//!   list, in its order;
//! - at most four requests are in flight, no URL twice at a time, and none while one waits to be tried
//!   again;
//! - a scan sends at most [`EXTRA`] requests beyond one for each of its pages; retries after failures do
//!   not count.
//!
//! At the end, everything settles once the server's list stops changing. Then a scan of an honest server
//! brings exactly its rows, with one request for each page.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::rc::Rc;

use proptest::prelude::*;
use proptest::test_runner::{Config as Trial, RngAlgorithm, RngSeed, TestError, TestRunner};

use crate::core::api::request::{PageRequest, Purpose};
use crate::core::api::response::Page;
use crate::core::dataset::EXTRA;
use crate::core::dataset::ScanEnd;
use crate::core::domain::column::{Column, IntField, TextField, TimeField};
use crate::core::error::{Code, Error};
use crate::core::i18n::locale::FixedLocale;
use crate::core::settings::attributes::Attributes;
use crate::core::state::{Action, At, Effect, State};
use crate::core::table::batch::{Int, Row, Time};
use crate::core::time::{Preset, TimeRange, WrittenTime, parse_time};

/// Random servers in each half of the test; the halves run in parallel. With `LONG` there are four times
/// as many.
const SERVERS: u32 = 1_500;
/// The first time of the clock, in milliseconds since 1970.
const BEGIN: i64 = 1_700_000_000_000;

/// A task on the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Task {
    id: i64,
    /// The creation time, in milliseconds since 1970.
    at: i64,
    /// An even stage is running.
    stage: u8,
}

impl Task {
    fn row(self) -> Row {
        let mut row = Row::default();
        row.ints[IntField::Id as usize] = Int::Value(self.id);
        row.times[TimeField::CreateTime as usize] = Time::At(self.at * 1000, 0);
        let status = [
            "RESTORE_PRE",
            "RESTORE_SUCCESS",
            "RESTORE_WAIT_LS",
            "RESTORE_FAIL",
        ];
        row.texts[TextField::Status as usize] = status[usize::from(self.stage % 4)].into();
        row.texts[TextField::ErrorMsg as usize] = self.stage.to_string();
        row
    }

    fn key(self) -> (i64, i64) {
        (self.id, self.at)
    }
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Order {
    NewestFirst,
    OldestFirst,
    None,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Total {
    True,
    Never,
    TooMany(u64),
    TooFew(u64),
    Wavers,
    OfEverything,
    Sometimes,
}

/// How the server answers. What counts as a lie is decided by [`is_honest`](Self::is_honest).
#[derive(Debug, Clone, Copy)]
struct Manner {
    order: Order,
    cap: u64,
    end_is_out: bool,
    ignores_start: bool,
    ignores_end: bool,
    ignores_page: bool,
    ignores_size: bool,
    repeats_the_last: bool,
    /// Some elements are not tasks.
    spoils: bool,
    total: Total,
}

impl Manner {
    const HONEST: Self = Self {
        order: Order::NewestFirst,
        cap: 2000,
        end_is_out: false,
        ignores_start: false,
        ignores_end: false,
        ignores_page: false,
        ignores_size: false,
        repeats_the_last: false,
        spoils: false,
        total: Total::True,
    };

    fn is_honest(self) -> bool {
        !self.ignores_page && !self.ignores_size && !self.spoils && self.total == Total::True
    }
}

#[derive(Debug, Clone, Copy)]
enum Fault {
    Unavailable,
    Internal,
    Network,
    SlowDown(u64),
    SignIn,
}

#[derive(Debug, Clone, Copy)]
enum Op {
    /// The server computes an answer, which is then in flight.
    Serve(u8),
    /// An answer arrives.
    Arrive(u8),
    Fail(u8, Fault),
    Wake(u8),
    Insert,
    InsertOlder(u8),
    Delete(u8),
    Change(u8),
    Move(u8, u8),
    RepeatId(u8),
    RepeatAll(u8),
    Seconds(u16),
    Due,
    Refresh,
    Retry,
    Cancel,
    Rest,
    Sort,
    Filter(bool),
    Range(bool),
    Go(u8),
    Rows(u8),
    Whole(bool),
    Visible(bool),
    Online,
    Pause(bool),
    Reading(bool),
    ShowNew,
}

/// One server and the steps of its test.
#[derive(Debug, Clone)]
struct Case {
    manner: Manner,
    tasks: Vec<(u16, u8)>,
    rolling: bool,
    page_size: u32,
    scan_size: u64,
    max_rows: u64,
    ops: Vec<Op>,
    seed: u64,
}

struct Server {
    list: Vec<Task>,
    last_id: i64,
    manner: Manner,
    answers: u64,
}

/// An answer, and the list that it is a part of.
#[derive(Clone)]
struct Answer {
    total: Option<u64>,
    spoiled: usize,
    tasks: Rc<[Task]>,
    scope: Rc<[Task]>,
}

impl Server {
    fn answer(&mut self, url: &str) -> Answer {
        let field = |name: &str| {
            let (_, tail) = url.split_once(&format!("{name}="))?;
            Some(
                tail.split('&')
                    .next()
                    .unwrap()
                    .replace("%3A", ":")
                    .replace("%2B", "+"),
            )
        };
        let number = |name: &str| field(name).unwrap().parse::<u64>().unwrap();
        let time = |name: &str| {
            let WrittenTime::Instant(at, _) = parse_time(&field(name)?)? else {
                panic!()
            };
            Some(at / 1000)
        };
        let manner = self.manner;
        let start = time("startTime").filter(|_| !manner.ignores_start);
        let end = time("endTime").filter(|_| !manner.ignores_end);
        let ends = |at: i64| end.is_none_or(|end| at < end || at == end && !manner.end_is_out);
        let mut scope = self.list.clone();
        match manner.order {
            Order::NewestFirst => scope.sort_by_key(|task| std::cmp::Reverse((task.at, task.id))),
            Order::OldestFirst => scope.sort_by_key(|task| (task.at, task.id)),
            Order::None => {}
        }
        let everything = scope.len() as u64;
        scope.retain(|task| start.is_none_or(|start| task.at >= start) && ends(task.at));
        let length = scope.len() as u64;
        let size = number("size").min(manner.cap).max(1);
        let mut page = number("page");
        if manner.ignores_page {
            page = 1;
        }
        if manner.repeats_the_last {
            page = page.min(length.div_ceil(size).max(1));
        }
        let tasks: Vec<Task> = if manner.ignores_size {
            scope.clone()
        } else {
            let from = ((page - 1) * size) as usize;
            scope.iter().copied().skip(from).take(size as usize).collect()
        };
        self.answers += 1;
        let total = match manner.total {
            Total::True => Some(length),
            Total::Never => None,
            Total::TooMany(by) => Some(length + by),
            Total::TooFew(by) => Some(length.saturating_sub(by)),
            Total::Wavers => Some(length + self.answers % 3),
            Total::OfEverything => Some(everything),
            Total::Sometimes => (!self.answers.is_multiple_of(3)).then_some(length),
        };
        let (spoiled, tasks): (Vec<Task>, Vec<Task>) =
            tasks.iter().partition(|task| manner.spoils && task.id % 9 == 0);
        Answer {
            total,
            spoiled: spoiled.len(),
            tasks: tasks.into(),
            scope: scope.into(),
        }
    }
}

struct Open {
    ticket: u64,
    url: String,
    request: PageRequest,
    answer: Option<Answer>,
}

/// What the observer has seen of a full scan.
#[derive(Default)]
struct Seen {
    answers: BTreeMap<u64, Answer>,
    asked: u64,
    /// Pages whose request failed. To request them again does not count.
    owed: Vec<u64>,
    planned: Option<u64>,
    fruitful: u64,
}

struct Driver {
    state: State,
    server: Server,
    now: i64,
    random: u64,
    max_rows: u64,
    open: Vec<Open>,
    waits: Vec<u64>,
    woken: bool,
    /// Requests of the current refresh that are not part of a full scan.
    small: u64,
    scan: Option<Seen>,
    windows: BTreeMap<u64, Answer>,
    window_size: u64,
    /// The requests of full scans that have ended, and the number of their pages.
    scanned: Option<(u64, u64)>,
    sights: Rc<Cell<[u32; SIGHTS]>>,
}

type Checked = Result<(), String>;

/// Situations that the tests must reach. They are counted, since a test that never reaches one proves
/// nothing.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Sight {
    ScanProven,
    ScanProvenOfAStillList,
    ScanRepaired,
    ScanUnproven,
    ScanCapped,
    ScanWithoutTotals,
    ScanPinned,
    PollEnded,
    RunningAsked,
    PollGaveUp,
    SomethingWaits,
    AllAtOnce,
    Exact,
}

const SIGHTS: usize = Sight::Exact as usize + 1;

macro_rules! check {
    ($holds:expr, $($said:tt)+) => {
        if !$holds {
            return Err(format!($($said)+));
        }
    };
}

impl Driver {
    fn new(case: &Case, sights: Rc<Cell<[u32; SIGHTS]>>) -> Self {
        let stamp = |(index, (age, stage)): (usize, &(u16, u8))| Task {
            id: index as i64 + 1,
            at: BEGIN - i64::from(*age) * 2500,
            stage: *stage,
        };
        let server = Server {
            list: case.tasks.iter().enumerate().map(stamp).collect(),
            last_id: case.tasks.len() as i64,
            manner: case.manner,
            answers: 0,
        };
        let mut state = State::default();
        state.loaded.dataset.set_scan_size(case.scan_size);
        Self {
            state,
            server,
            now: BEGIN,
            random: case.seed | 1,
            max_rows: case.max_rows,
            open: vec![],
            waits: vec![],
            woken: false,
            small: 0,
            scan: None,
            windows: BTreeMap::new(),
            window_size: 0,
            scanned: None,
            sights,
        }
    }

    fn configure(&mut self, case: &Case) -> Checked {
        let pairs = [
            ("cluster-id", "1".to_owned()),
            ("page-size", case.page_size.to_string()),
            ("max-rows", case.max_rows.to_string()),
            ("range", if case.rolling { "24h" } else { "all" }.to_owned()),
        ];
        let raw: Attributes = pairs
            .map(|(name, value)| (name.to_owned(), value))
            .into_iter()
            .collect();
        self.act(Action::Configure(
            Box::new(raw),
            Rc::new(FixedLocale::default()),
            vec![],
        ))
    }

    fn saw(&self, sight: Sight) {
        let mut sights = self.sights.get();
        sights[sight as usize] += 1;
        self.sights.set(sights);
    }

    fn chance(&mut self) -> u64 {
        self.random = self
            .random
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        self.random >> 33
    }

    fn act(&mut self, action: Action) -> Checked {
        let random = self.chance() as f64 / (1u64 << 31) as f64;
        let at = At {
            now: self.now * 1000,
            random,
        };
        for effect in self.state.apply(action, at) {
            match effect {
                Effect::Fetch(ticket, url) => self.asked(ticket, url)?,
                Effect::Abort(ticket) => {
                    self.waits.retain(|wait| *wait != ticket);
                    if let Some(at) = self.open.iter().position(|open| open.ticket == ticket) {
                        let open = self.open.swap_remove(at);
                        self.came_to_nothing(open.request);
                    }
                }
                Effect::Wait(ticket, _) => self.waits.push(ticket),
                Effect::RefreshIn(_) | Effect::Emit(_) | Effect::WriteUrl(..) | Effect::ResolveZone(_) => {}
                Effect::Store(_) | Effect::ReadStorage | Effect::CopyLink => {}
            }
        }
        if !self.state.loaded.dataset.is_scanning() {
            self.scan = None;
        }
        self.shown()
    }

    fn came_to_nothing(&mut self, request: PageRequest) {
        if let (Purpose::FullScan, Some(scan)) = (request.purpose, &mut self.scan) {
            scan.owed.push(request.page);
        }
    }

    fn asked(&mut self, ticket: u64, url: String) -> Checked {
        let Some(request) = self.state.scheduler.request_of(ticket) else {
            // Sent and aborted by the same action.
            return Ok(());
        };
        check!(
            self.open.iter().all(|open| open.url != url),
            "asked twice at once: {url}"
        );
        let bounded = url.contains("endTime") && request.purpose != Purpose::Running;
        check!(
            !bounded || request.page > 1,
            "a first page of an open range is bounded: {url}"
        );
        self.open.push(Open {
            ticket,
            url,
            request,
            answer: None,
        });
        let patient = self.woken || self.waits.is_empty();
        check!(patient, "asked while it waits to try again");
        if request.purpose == Purpose::Running {
            self.saw(Sight::RunningAsked);
        }
        if request.purpose == Purpose::FullScan && request.end.is_some() {
            self.saw(Sight::ScanPinned);
        }
        check!(self.open.len() <= 4, "{} in flight", self.open.len());
        if request.purpose != Purpose::FullScan {
            self.small += u64::from(!self.woken);
            check!(
                self.small <= 8,
                "a refresh or a page made {} requests",
                self.small
            );
            return Ok(());
        }
        let scan = self.scan.get_or_insert_default();
        match scan.owed.iter().position(|page| *page == request.page) {
            Some(at) => {
                scan.owed.swap_remove(at);
            }
            None => scan.asked += 1,
        }
        let most = match scan.planned {
            Some(planned) => planned + EXTRA,
            None => scan.fruitful + 2,
        };
        check!(
            scan.asked <= most,
            "a scan made {} requests, {most} at most",
            scan.asked
        );
        Ok(())
    }

    fn fail(&mut self, index: usize, fault: Fault) -> Checked {
        let open = self.open.swap_remove(index);
        self.came_to_nothing(open.request);
        let error = match fault {
            Fault::Unavailable => Error::http(503),
            Fault::Internal => Error::http(500),
            Fault::Network => Error::new(Code::Network, "x"),
            Fault::SlowDown(seconds) => Error {
                retry_after: Some(seconds),
                ..Error::http(429)
            },
            Fault::SignIn => Error::http(401),
        };
        self.act(Action::Arrived(open.ticket, Err(error)))
    }

    fn arrive(&mut self, index: usize) -> Checked {
        let Open {
            ticket,
            url,
            request,
            answer,
        } = self.open.swap_remove(index);
        let answer = answer.unwrap_or_else(|| self.server.answer(&url));
        let page = Page {
            rows: answer.tasks.iter().map(|task| task.row()).collect(),
            total: answer.total,
            unreadable: answer.spoiled,
            ..Page::default()
        };
        let before = self.state.loaded.dataset.version;
        if let (Purpose::FullScan, Some(mut scan)) = (
            request.purpose,
            self.scan.take_if(|_| request.purpose == Purpose::FullScan),
        ) {
            // The action may send requests of this scan, which must be counted for it.
            self.note(&mut scan, request, &answer);
            self.scan = Some(scan);
        }
        if request.purpose == Purpose::Page {
            if self.window_size != request.size {
                self.windows.clear();
                self.window_size = request.size;
            }
            self.windows.insert(request.page, answer.clone());
        }
        let log = self.scan.as_ref().map(|scan| (scan.answers.clone(), scan.asked));
        self.act(Action::Arrived(ticket, Ok(page)))?;
        if matches!(request.purpose, Purpose::Newest | Purpose::Running)
            && !self.state.loaded.dataset.is_refreshing()
        {
            let gave_up = self.state.loaded.dataset.is_scanning();
            self.saw(if gave_up {
                Sight::PollGaveUp
            } else {
                Sight::PollEnded
            });
        }
        if self.state.loaded.dataset.version == before && request.purpose != Purpose::Newest {
            return Ok(());
        }
        let scan_ended = request.purpose == Purpose::FullScan && !self.state.loaded.dataset.is_scanning();
        if let Some((answers, asked)) = log.as_ref().filter(|_| scan_ended) {
            let pages = answers.len() as u64;
            self.scanned = Some((*asked, pages));
            let complete = self.state.loaded.dataset.is_complete();
            self.saw(match self.state.loaded.dataset.scan_end {
                ScanEnd::Capped => Sight::ScanCapped,
                ScanEnd::Unproven => Sight::ScanUnproven,
                ScanEnd::Open if complete && *asked > pages => Sight::ScanRepaired,
                ScanEnd::Open => Sight::ScanProven,
            });
            if complete && answers.values().all(|answer| answer.total.is_none()) {
                self.saw(Sight::ScanWithoutTotals);
            }
        }
        if self.state.loaded.dataset.is_complete() {
            self.complete(
                request,
                &answer,
                log.map(|(answers, _)| answers).filter(|_| scan_ended),
            )
        } else {
            Ok(())
        }
    }

    fn note(&self, scan: &mut Seen, request: PageRequest, answer: &Answer) {
        let came = (answer.tasks.len() + answer.spoiled) as u64;
        let new = |task: &Task| !scan.answers.values().any(|other| other.tasks.contains(task));
        scan.fruitful += u64::from(answer.tasks.iter().any(new));
        scan.answers.insert(request.page, answer.clone());
        if let (None, Some(total)) = (scan.planned, answer.total) {
            // The server's own page size decides how many pages there are.
            let first = scan.answers.len() == 1 && request.page == 1;
            let size = if first && came > 0 && came < total {
                came
            } else {
                request.size
            };
            let pages = total.min(self.max_rows).div_ceil(size).max(1);
            scan.planned = Some(pages.max(scan.answers.len() as u64));
        }
    }

    fn task(&self, row: u32) -> Task {
        let table = self.state.loaded.dataset.table();
        Task {
            id: table.int(row, IntField::Id).unwrap(),
            at: table.time(row, TimeField::CreateTime).unwrap() / 1000,
            stage: table.text(row, TextField::ErrorMsg).parse().unwrap(),
        }
    }

    fn held(&self) -> Vec<Task> {
        self.state
            .loaded
            .dataset
            .rows()
            .iter()
            .map(|row| self.task(*row))
            .collect()
    }

    /// Checks what is shown, after each step.
    fn shown(&self) -> Checked {
        let twice = |rows: &[u32]| {
            let mut sorted = rows.to_vec();
            sorted.sort_unstable();
            sorted.windows(2).any(|pair| pair[0] == pair[1])
        };
        let shown = self.state.page_rows().unwrap_or_default();
        check!(!twice(&shown), "a row is shown twice");
        check!(!twice(&self.state.shown.rows), "a row is twice in the view");
        check!(!twice(self.state.loaded.dataset.rows()), "a row is held twice");
        let (held, total) = (
            self.state.loaded.dataset.loaded(),
            self.state.loaded.dataset.total(),
        );
        check!(held <= self.max_rows, "more than may be held");
        if self.state.pending_count() > 0 {
            self.saw(Sight::SomethingWaits);
        }
        if self.state.loaded.dataset.is_complete() {
            check!(Some(held) == total, "complete with {held} of {total:?}");
        }
        Ok(())
    }

    /// Checks that the log proves a range that is called complete.
    fn complete(
        &self,
        request: PageRequest,
        answer: &Answer,
        scan: Option<BTreeMap<u64, Answer>>,
    ) -> Checked {
        if self.state.loaded.dataset.is_refreshing() || self.state.loaded.dataset.is_scanning() {
            // Until a refresh has ended, the rows that were proved before are shown.
            return Ok(());
        }
        let mut held = self.held();
        let total = held.len() as u64;
        let named =
            |answers: &BTreeMap<u64, Answer>| answers.values().all(|answer| answer.total == Some(total));
        let sorted = |mut tasks: Vec<Task>| {
            tasks.sort_unstable();
            tasks.dedup();
            tasks
        };
        let union = |answers: &BTreeMap<u64, Answer>| {
            sorted(
                answers
                    .values()
                    .flat_map(|answer| answer.tasks.iter().copied())
                    .collect(),
            )
        };
        if answer.tasks.len() as u64 > request.size {
            self.saw(Sight::AllAtOnce);
            check!(
                sorted(answer.tasks.to_vec()) == sorted(held),
                "not what came at once"
            );
            return Ok(());
        }
        if let Some(mut answers) = scan {
            // Pages beyond the end, from a time when there were more, do not count.
            let size = self.state.loaded.dataset.pages_size();
            answers.retain(|page, _| *page <= total.div_ceil(size).max(1));
            let silent = answers.values().all(|answer| answer.total.is_none());
            check!(
                silent || named(&answers),
                "complete though totals differ from {total}"
            );
            check!(
                union(&answers) == sorted(held.clone()),
                "what is held is not what came"
            );
            let scope = &answer.scope;
            let still = answers.values().all(|answer| {
                let keys = answer.scope.iter().map(|task| task.key());
                keys.eq(scope.iter().map(|task| task.key()))
            });
            if still && self.server.manner.is_honest() {
                self.saw(Sight::ScanProvenOfAStillList);
                let keys: Vec<_> = held.drain(..).map(Task::key).collect();
                let list: Vec<_> = scope.iter().map(|task| task.key()).collect();
                check!(keys == list, "complete, but not the server's list");
            }
            return Ok(());
        }
        match request.purpose {
            Purpose::Page => {
                let mut windows = self.windows.clone();
                windows.retain(|_, answer| answer.total == Some(total));
                check!(
                    answer.total == Some(total),
                    "a page named another total than is held"
                );
                let came = union(&windows);
                check!(
                    held.iter().all(|task| came.contains(task)),
                    "held is what no page brought"
                );
            }
            Purpose::Newest => {
                check!(
                    answer.total == Some(total),
                    "the head named another total than is held"
                );
                let here = answer.tasks.iter().all(|task| held.contains(task));
                check!(here, "something of the head is not held");
            }
            Purpose::Running => {
                let here = answer.tasks.iter().all(|task| held.contains(task));
                check!(here, "a running task is held as it was");
            }
            Purpose::FullScan => {}
        }
        Ok(())
    }

    fn step(&mut self, op: Op) -> Checked {
        let pick = |length: usize, at: u8| (length > 0).then(|| usize::from(at) % length.max(1));
        let task = |server: &Server, at: u8| pick(server.list.len(), at);
        match op {
            Op::Serve(at) => {
                if let Some(at) = pick(self.open.len(), at)
                    && self.open[at].answer.is_none()
                {
                    let answer = self.server.answer(&self.open[at].url);
                    self.open[at].answer = Some(answer);
                }
                return Ok(());
            }
            Op::Arrive(at) => return pick(self.open.len(), at).map_or(Ok(()), |at| self.arrive(at)),
            Op::Fail(at, fault) => {
                return pick(self.open.len(), at).map_or(Ok(()), |at| self.fail(at, fault));
            }
            Op::Wake(at) => return pick(self.waits.len(), at).map_or(Ok(()), |at| self.wake(at)),
            Op::Insert | Op::InsertOlder(_) => {
                let age = if let Op::InsertOlder(age) = op { age } else { 0 };
                self.server.last_id += 1;
                let task = Task {
                    id: self.server.last_id,
                    at: self.now - i64::from(age) * 600_000,
                    stage: 0,
                };
                self.server.list.insert(0, task);
                return Ok(());
            }
            Op::Delete(at) => {
                if let Some(at) = task(&self.server, at) {
                    self.server.list.remove(at);
                }
                return Ok(());
            }
            Op::Change(at) => {
                if let Some(at) = task(&self.server, at) {
                    let task = &mut self.server.list[at];
                    // A task that has ended does not change any more.
                    task.stage += (task.stage + 1) % 2;
                }
                return Ok(());
            }
            Op::Move(from, to) => {
                if let (Some(from), Some(to)) = (task(&self.server, from), task(&self.server, to)) {
                    self.server.list.swap(from, to);
                }
                return Ok(());
            }
            Op::RepeatId(at) | Op::RepeatAll(at) => {
                if let Some(at) = task(&self.server, at) {
                    let mut task = self.server.list[at];
                    task.stage += if matches!(op, Op::RepeatId(_)) { 4 } else { 0 };
                    self.server.list.push(task);
                }
                return Ok(());
            }
            Op::Seconds(seconds) => {
                self.now += i64::from(seconds) * 1000;
                return Ok(());
            }
            _ => {}
        }
        self.small = 0;
        let action = match op {
            Op::Due => Action::RefreshDue,
            Op::Refresh => Action::Refresh,
            Op::Retry => Action::Retry,
            Op::Cancel => Action::Cancel,
            Op::Rest => Action::FetchRest,
            Op::Sort => Action::ToggleSort(Column::Id),
            Op::Filter(on) => Action::TypeFilter(if on { "status:failed" } else { "" }.into()),
            Op::Range(rolling) => {
                let range = if rolling {
                    TimeRange::Last(Preset::Day)
                } else {
                    TimeRange::All
                };
                if range != self.state.query.view.range {
                    self.scan = None;
                    self.windows.clear();
                }
                Action::SetRange(range)
            }
            Op::Go(page) => Action::GoToPage(u64::from(page)),
            Op::Rows(rows) => Action::SetRowsPerPage(u32::from(rows)),
            Op::Whole(more) => {
                self.state.scheduler.need_whole_range(more);
                Action::Replan
            }
            Op::Visible(visible) => Action::Visible(visible),
            Op::Online => Action::Online,
            Op::Pause(paused) => Action::Pause(paused),
            Op::Reading(reading) => Action::Reading(reading),
            Op::ShowNew => Action::ShowNew,
            _ => Action::Replan,
        };
        self.act(action)
    }

    fn wake(&mut self, index: usize) -> Checked {
        let ticket = self.waits.swap_remove(index);
        self.woken = true;
        let checked = self.act(Action::RetryDue(ticket));
        self.woken = false;
        checked
    }

    /// Serves and wakes until nothing is in flight or waiting.
    fn settle(&mut self) -> Checked {
        for _ in 0..500 {
            let chance = self.chance() as usize;
            if !self.waits.is_empty() {
                self.wake(chance % self.waits.len())?;
            } else if !self.open.is_empty() {
                self.arrive(chance % self.open.len())?;
            } else {
                check!(self.state.is_settled(), "it waits for nothing");
                return Ok(());
            }
        }
        Err("it never ends".into())
    }

    /// Checks that the rows of an honest server whose list stands still are held exactly, with one
    /// request for each page.
    fn exact(&mut self, case: &Case) -> Checked {
        self.step(Op::Visible(true))?;
        self.step(Op::Reading(false))?;
        check!(
            self.state.pending_count() == 0,
            "something new is held back though nobody reads"
        );
        self.step(Op::Whole(true))?;
        let rolling = self.state.query.view.range == TimeRange::All;
        self.step(Op::Range(rolling))?;
        let manner = self.server.manner;
        self.scanned = None;
        self.settle()?;
        let honest = manner.is_honest();
        let mut list = Server {
            list: self.server.list.clone(),
            manner: Manner { cap: 9999, ..manner },
            last_id: 0,
            answers: 0,
        };
        let bound = if rolling { "&startTime=X" } else { "" };
        let start = crate::core::time::iso((self.now - 86_400_000) * 1000, 0, ":").replace('+', "%2B");
        let list = list
            .answer(&format!("?page=1&size=9999{}", bound.replace('X', &start)))
            .scope;
        let mut distinct = list.to_vec();
        distinct.sort_unstable();
        distinct.dedup();
        let dataset = &self.state.loaded.dataset;
        if !honest || list.len() as u64 > case.max_rows {
            return Ok(());
        }
        if distinct.len() < list.len() {
            check!(!dataset.is_complete(), "complete though a task is there twice");
            return Ok(());
        }
        check!(
            dataset.is_complete(),
            "an honest server that stands still is not complete: {:?}",
            dataset.scan_end
        );
        self.saw(Sight::Exact);
        check!(self.held()[..] == list[..], "not the server's rows in its order");
        if let Some((asked, _)) = self.scanned
            && manner.order == Order::NewestFirst
        {
            let size = case.scan_size.min(case.max_rows).min(manner.cap);
            let pages = (list.len() as u64).div_ceil(size).max(1);
            check!(asked == pages, "{asked} requests for {pages} pages");
        }
        Ok(())
    }
}

fn run(case: &Case, sights: &Rc<Cell<[u32; SIGHTS]>>) -> Checked {
    let mut driver = Driver::new(case, sights.clone());
    driver.configure(case)?;
    for op in &case.ops {
        driver.step(*op)?;
    }
    driver.settle()?;
    driver.step(Op::Refresh)?;
    driver.settle()?;
    driver.exact(case)
}

fn manner() -> impl Strategy<Value = Manner> {
    let order = prop_oneof![
        4 => Just(Order::NewestFirst),
        1 => Just(Order::OldestFirst),
        1 => Just(Order::None),
    ];
    let total = prop_oneof![
        6 => Just(Total::True),
        1 => Just(Total::Never),
        1 => (1..30u64).prop_map(Total::TooMany),
        1 => (1..9u64).prop_map(Total::TooFew),
        1 => Just(Total::Wavers),
        1 => Just(Total::OfEverything),
        1 => Just(Total::Sometimes),
    ];
    let cap = prop_oneof![3 => Just(2000), 1 => 1..9u64];
    let rarely = || proptest::bool::weighted(0.1);
    let lies = (rarely(), rarely(), rarely(), rarely(), rarely(), rarely());
    (order, total, cap, any::<bool>(), lies).prop_map(|(order, total, cap, end_is_out, lies)| Manner {
        order,
        cap,
        end_is_out,
        ignores_start: lies.0,
        ignores_end: lies.1,
        ignores_page: lies.2,
        ignores_size: lies.3,
        repeats_the_last: lies.4,
        spoils: lies.5,
        total,
    })
}

fn op() -> impl Strategy<Value = Op> {
    let fault = prop_oneof![
        4 => Just(Fault::Unavailable),
        1 => Just(Fault::Internal),
        1 => Just(Fault::Network),
        1 => prop_oneof![Just(2), Just(86_400)].prop_map(Fault::SlowDown),
        1 => Just(Fault::SignIn),
    ];
    let at = any::<u8>;
    let answers = prop_oneof![
        6 => at().prop_map(Op::Arrive),
        2 => at().prop_map(Op::Serve),
        1 => (at(), fault).prop_map(|(at, fault)| Op::Fail(at, fault)),
        1 => at().prop_map(Op::Wake),
    ];
    let changes = prop_oneof![
        3 => Just(Op::Insert),
        1 => at().prop_map(Op::InsertOlder),
        1 => at().prop_map(Op::Delete),
        2 => at().prop_map(Op::Change),
        1 => (at(), at()).prop_map(|(from, to)| Op::Move(from, to)),
        1 => at().prop_map(Op::RepeatId),
        1 => at().prop_map(Op::RepeatAll),
    ];
    let deeds = prop_oneof![
        6 => Just(Op::Due),
        3 => Just(Op::Refresh),
        2 => Just(Op::Sort),
        2 => any::<u16>().prop_map(|seconds| Op::Seconds(seconds % 4000)),
        1 => Just(Op::Retry),
        1 => Just(Op::Cancel),
        1 => Just(Op::Rest),
        1 => any::<bool>().prop_map(Op::Filter),
        1 => any::<bool>().prop_map(Op::Range),
        1 => (1..9u8).prop_map(Op::Go),
        1 => (0..9u8).prop_map(Op::Rows),
        1 => any::<bool>().prop_map(Op::Whole),
        1 => any::<bool>().prop_map(Op::Visible),
        1 => any::<bool>().prop_map(Op::Pause),
        1 => Just(Op::Online),
        3 => any::<bool>().prop_map(Op::Reading),
        1 => Just(Op::ShowNew),
    ];
    prop_oneof![6 => answers, 2 => changes, 2 => deeds]
}

fn case() -> impl Strategy<Value = Case> {
    let manner = prop_oneof![1 => Just(Manner::HONEST), 2 => manner()];
    let tasks = proptest::collection::vec((0..40_000u16, 0..4u8), 0..60);
    let ops = proptest::collection::vec(op(), 0..60);
    let sizes = (
        1..9u32,
        1..9u64,
        prop_oneof![5 => Just(200_000u64), 1 => 1..40u64],
    );
    (manner, tasks, any::<bool>(), sizes, ops, any::<u64>()).prop_map(
        |(manner, tasks, rolling, (page_size, scan_size, max_rows), ops, seed)| Case {
            manner,
            tasks,
            rolling,
            page_size,
            scan_size,
            max_rows,
            ops,
            seed,
        },
    )
}

/// Tests so many servers. The error describes the smallest one that failed.
fn trial_of(servers: u32, seed: u64) -> Result<[u32; SIGHTS], String> {
    let sights = Rc::new(Cell::new([0; SIGHTS]));
    let mut runner = TestRunner::new(Trial {
        cases: servers,
        failure_persistence: None,
        rng_algorithm: RngAlgorithm::XorShift,
        rng_seed: RngSeed::Fixed(seed),
        max_shrink_iters: 4000,
        ..Trial::default()
    });
    let outcome = runner.run(&case(), |case| run(&case, &sights).map_err(TestCaseError::fail));
    outcome.map(|()| sights.get()).map_err(|error| match error {
        TestError::Fail(why, case) => {
            let mut said = format!("{why}\n{:?}\n", case.manner);
            let _ = writeln!(
                said,
                "{:?}\nrolling {} page size {} scan size {} max rows {} seed {}",
                case.tasks, case.rolling, case.page_size, case.scan_size, case.max_rows, case.seed
            );
            for op in &case.ops {
                let _ = writeln!(said, "  {op:?}");
            }
            said
        }
        TestError::Abort(why) => why.to_string(),
    })
}

/// Runs the test and checks that each [`Sight`] was reached often enough.
fn try_out(seed: u64) {
    let servers = SERVERS * super::long_runs(4);
    let sights = trial_of(servers, seed).unwrap_or_else(|said| panic!("{said}"));
    assert!(sights.iter().all(|times| *times > 25), "{sights:?}");
    println!("{sights:?}");
}

#[test]
fn random_servers_are_never_believed_too_much_nor_asked_too_often() {
    try_out(1);
}

#[test]
fn random_servers_of_another_half() {
    try_out(2);
}
