use super::full_scan::EXTRA;
use super::*;
use crate::core::api::request::Purpose;
use crate::core::api::response::Page;
use crate::core::domain::column::IntField;
use crate::core::table::batch::{Int, Row};

fn task(id: i64) -> Row {
    let mut row = Row::default();
    row.ints[IntField::Id as usize] = Int::Value(id);
    row.texts[0] = "RESTORE_SUCCESS".into();
    row
}

/// A server that answers pages of a list, newest first, with at most `cap` rows each.
fn serve(list: &[i64], request: PageRequest, cap: u64) -> Page {
    let size = request.size.min(cap);
    let rows = list
        .iter()
        .skip(((request.page - 1) * size) as usize)
        .take(size as usize)
        .map(|id| task(*id))
        .collect();
    Page {
        rows,
        total: Some(list.len() as u64),
        ..Page::default()
    }
}

fn ids(dataset: &Dataset) -> Vec<i64> {
    dataset
        .rows()
        .iter()
        .map(|&row| dataset.table().id(row).unwrap())
        .collect()
}

/// Walks to the end. `change` changes the list before each answer. Returns the number of requests.
fn scan(
    dataset: &mut Dataset,
    list: &mut Vec<i64>,
    cap: u64,
    most: usize,
    change: impl Fn(usize, &mut Vec<i64>),
) -> usize {
    let mut asked = 0;
    loop {
        let requests = dataset.scan_requests(&[], 4, most);
        if requests.is_empty() {
            return asked;
        }
        for request in requests {
            change(asked, list);
            asked += 1;
            let page = serve(list, request, cap);
            dataset.take_page(request, &page, None, most);
            if !dataset.is_scanning() {
                return asked;
            }
        }
    }
}

#[test]
fn a_quiet_list_is_walked_once_and_proved() {
    for length in [0, 1, 1999, 2000, 2001, 10_000] {
        let mut list: Vec<i64> = (1..=length).rev().collect();
        let mut dataset = Dataset::default();
        let asked = scan(&mut dataset, &mut list, 2000, 200_000, |_, _| {});
        assert!(dataset.is_complete(), "{length}");
        assert_eq!(ids(&dataset), list);
        assert_eq!(asked as u64, (length as u64).div_ceil(2000).max(1));
    }
}

#[test]
fn a_server_with_a_cap_of_its_own_is_walked_by_that() {
    let mut list: Vec<i64> = (1..=450).rev().collect();
    let mut dataset = Dataset::default();
    assert_eq!(scan(&mut dataset, &mut list, 100, 200_000, |_, _| {}), 5);
    assert!(dataset.is_complete());
    assert_eq!(ids(&dataset), list);
}

#[test]
fn a_row_that_appears_is_noticed_and_walked_again() {
    let mut list: Vec<i64> = (1..=5000).rev().collect();
    let mut dataset = Dataset::default();
    let asked = scan(&mut dataset, &mut list, 2000, 200_000, |n, list| {
        if n == 1 {
            list.insert(0, 9999);
        }
    });
    assert!(dataset.is_complete() && dataset.has_changed);
    assert_eq!(ids(&dataset), list);
    // The pages after the first one named a greater total, so only the first is requested again.
    assert_eq!(asked, 4);
}

#[test]
fn a_list_that_never_stands_still_is_never_called_complete() {
    let mut list: Vec<i64> = (1..=5000).rev().collect();
    let mut dataset = Dataset::default();
    let asked = scan(&mut dataset, &mut list, 2000, 200_000, |n, list| {
        list.insert(0, 10_000 + n as i64);
    });
    assert!(!dataset.is_complete());
    assert_eq!(dataset.scan_end, ScanEnd::Unproven);
    assert!(asked as u64 <= 3 + EXTRA, "{asked}");
}

#[test]
fn at_the_most_rows_it_stops_and_says_so() {
    let mut list: Vec<i64> = (1..=9000).rev().collect();
    let mut dataset = Dataset::default();
    assert_eq!(scan(&mut dataset, &mut list, 2000, 3000, |_, _| {}), 2);
    assert_eq!(
        (
            dataset.is_complete(),
            dataset.scan_end,
            dataset.loaded(),
            dataset.total()
        ),
        (false, ScanEnd::Capped, 3000, Some(9000))
    );
}

#[test]
fn a_server_that_knows_no_pages_gives_all_at_once() {
    let rows = (1..=50).map(task).collect();
    let mut dataset = Dataset::default();
    let request = PageRequest {
        purpose: Purpose::Page,
        page: 1,
        size: 10,
        ..PageRequest::default()
    };
    dataset.take_page(
        request,
        &Page {
            rows,
            total: None,
            ..Page::default()
        },
        None,
        200_000,
    );
    assert!(dataset.is_complete() && dataset.oversent);
    assert_eq!(dataset.loaded(), 50);
}

#[test]
fn windows_add_up_until_the_list_moves() {
    let list: Vec<i64> = (1..=25).rev().collect();
    let mut dataset = Dataset::default();
    let request = |page| PageRequest {
        purpose: Purpose::Page,
        page,
        size: 10,
        ..PageRequest::default()
    };
    for (page, held) in [(1, 10), (2, 20), (3, 25)] {
        dataset.take_page(request(page), &serve(&list, request(page), 99), None, 200_000);
        assert_eq!((dataset.loaded(), dataset.is_complete()), (held, held == 25));
    }
    assert_eq!(dataset.slice(20, 10).unwrap().len(), 5);
    let mut moved = list;
    moved.insert(0, 99);
    dataset.take_page(request(1), &serve(&moved, request(1), 99), None, 200_000);
    assert_eq!(
        (dataset.loaded(), dataset.is_complete(), dataset.slice(10, 10)),
        (10, false, None)
    );
}

#[test]
fn a_head_is_put_before_what_is_here_or_the_range_is_walked_again() {
    let mut list: Vec<i64> = (1..=5000).rev().collect();
    let mut dataset = Dataset::default();
    scan(&mut dataset, &mut list, 2000, 200_000, |_, _| {});
    let head = PageRequest {
        purpose: Purpose::Newest,
        page: 1,
        size: 2000,
        ..PageRequest::default()
    };
    list.insert(0, 6000);
    assert_eq!(dataset.refresh_requests(2000, None), [head]);
    dataset.take_page(head, &serve(&list, head, 9999), None, 200_000);
    assert!(dataset.is_complete() && !dataset.is_scanning());
    assert_eq!(ids(&dataset), list);
    list.remove(4000);
    assert_eq!(dataset.refresh_requests(2000, None), [head]);
    dataset.take_page(head, &serve(&list, head, 9999), None, 200_000);
    assert!(dataset.is_scanning(), "a task vanished somewhere behind the head");
    scan(&mut dataset, &mut list, 2000, 200_000, |_, _| {});
    assert_eq!(ids(&dataset), list);
}

#[test]
fn a_server_without_totals_is_walked_to_its_short_page_and_never_for_ever() {
    let list: Vec<i64> = (1..=4000).rev().collect();
    let without = |request: PageRequest| Page {
        total: None,
        ..serve(&list, request, 2000)
    };
    let mut dataset = Dataset::default();
    let mut asked = 0;
    while let Some(&request) = dataset.scan_requests(&[], 4, 200_000).first() {
        dataset.take_page(request, &without(request), None, 200_000);
        asked += 1;
        if !dataset.is_scanning() {
            break;
        }
    }
    assert_eq!((asked, dataset.loaded(), dataset.is_complete()), (3, 4000, true));

    let mut dataset = Dataset::default();
    let same = Page {
        total: None,
        ..serve(
            &list,
            PageRequest {
                purpose: Purpose::FullScan,
                page: 1,
                size: 2000,
                ..PageRequest::default()
            },
            2000,
        )
    };
    for asked in 1.. {
        let request = dataset.scan_requests(&[], 1, 200_000)[0];
        dataset.take_page(request, &same, None, 200_000);
        if !dataset.is_scanning() {
            assert_eq!(
                (asked, dataset.is_complete(), dataset.scan_end),
                (2, false, ScanEnd::Unproven)
            );
            break;
        }
    }
}

mod with_times {
    use super::*;
    use crate::core::table::batch::Time;

    const MS: i64 = 1000;

    /// A task created `id` seconds after 1970; it runs if `running` contains it.
    fn timed(id: i64, running: &[i64]) -> Row {
        let mut row = task(id);
        row.times[TimeField::CreateTime as usize] = Time::At(id * 1000 * MS, 0);
        if running.contains(&id) {
            row.texts[0] = "RESTORE_PRE".into();
        }
        row
    }

    /// A server that sends the newest first and applies bounds to the creation time.
    fn serve(list: &[i64], running: &[i64], request: PageRequest, start: Option<i64>) -> Page {
        let start = start.max(request.start).unwrap_or(i64::MIN);
        let inside = |id: &&i64| {
            let at = **id * 1000 * MS;
            at >= start && request.end.is_none_or(|end| at <= end)
        };
        let list: Vec<i64> = list.iter().filter(inside).copied().collect();
        Page {
            rows: list
                .iter()
                .skip(((request.page - 1) * request.size) as usize)
                .take(request.size as usize)
                .map(|id| timed(*id, running))
                .collect(),
            total: Some(list.len() as u64),
            ..Page::default()
        }
    }

    /// Walks with one request at a time. `change` changes the list before each answer. Returns the
    /// requests.
    fn scan(
        dataset: &mut Dataset,
        list: &mut Vec<i64>,
        change: impl Fn(usize, &mut Vec<i64>),
    ) -> Vec<PageRequest> {
        let mut asked = Vec::new();
        loop {
            let requests = dataset.scan_requests(&[], 1, 200_000);
            let Some(&request) = requests.first() else {
                return asked;
            };
            change(asked.len(), list);
            asked.push(request);
            dataset.take_page(request, &serve(list, &[], request, None), None, 200_000);
            if !dataset.is_scanning() {
                return asked;
            }
        }
    }

    #[test]
    fn new_tasks_do_not_disturb_a_walk() {
        let mut list: Vec<i64> = (1..=9000).rev().collect();
        let then = list.clone();
        let mut dataset = Dataset::default();
        let asked = scan(&mut dataset, &mut list, |n, list| {
            list.insert(0, 10_000 + n as i64);
        });
        // The first list has the task that came before page 1.
        let mut expected = vec![10_000];
        expected.extend(then);
        assert_eq!(ids(&dataset), expected);
        assert!(dataset.is_complete() && !dataset.has_changed);
        let ends: Vec<_> = asked.iter().map(|request| request.end).collect();
        let pin = Some(10_000_001 * MS);
        assert_eq!(ends, [None, pin, pin, pin, pin]);
    }

    #[test]
    fn only_pages_that_named_another_total_are_asked_again_from_the_last_one_up() {
        let mut list: Vec<i64> = (1..=9000).rev().collect();
        let mut dataset = Dataset::default();
        let asked = scan(&mut dataset, &mut list, |n, list| {
            if n == 3 {
                list.remove(100);
            }
        });
        assert!(dataset.is_complete() && dataset.has_changed);
        assert_eq!(ids(&dataset), list);
        let pages: Vec<_> = asked
            .iter()
            .map(|request| (request.page, request.end.is_some()))
            .collect();
        let repaired = [(3, false), (2, false), (1, false)];
        assert_eq!(
            pages[..5],
            [(1, false), (2, true), (3, true), (4, true), (5, false)]
        );
        assert_eq!(pages[5..], repaired);
    }

    #[test]
    fn a_repair_that_costs_more_than_it_may_is_not_begun() {
        let mut list: Vec<i64> = (1..=60_000).rev().collect();
        let mut dataset = Dataset::default();
        let asked = scan(&mut dataset, &mut list, |n, list| {
            if n == 25 {
                list.remove(100);
            }
        });
        assert_eq!(
            (asked.len(), dataset.scan_end, dataset.is_complete()),
            (30, ScanEnd::Unproven, false)
        );
    }

    #[test]
    fn a_server_that_sends_the_same_for_every_page_is_known_by_the_second() {
        let list: Vec<i64> = (1..=9000).rev().collect();
        let mut dataset = Dataset::default();
        for asked in 1.. {
            let request = dataset.scan_requests(&[], 1, 200_000)[0];
            let first = PageRequest { page: 1, ..request };
            dataset.take_page(request, &serve(&list, &[], first, None), None, 200_000);
            if !dataset.is_scanning() {
                assert_eq!(
                    (asked, dataset.scan_end, dataset.loaded()),
                    (2, ScanEnd::Unproven, 2000)
                );
                break;
            }
        }
    }

    /// Polls with pages of `size` rows. Returns the requests.
    fn refresh(
        dataset: &mut Dataset,
        list: &[i64],
        running: &[i64],
        size: u64,
        start: Option<i64>,
    ) -> Vec<PageRequest> {
        let mut asked = Vec::new();
        dataset.end_refresh();
        while let Some(&request) = dataset.refresh_requests(size, start).first() {
            asked.push(request);
            dataset.take_page(request, &serve(list, running, request, start), start, 200_000);
            if !dataset.is_refreshing() {
                break;
            }
        }
        asked
    }

    fn whole(list: &[i64], running: &[i64], start: Option<i64>) -> Dataset {
        let mut dataset = Dataset::default();
        while let Some(&request) = dataset.scan_requests(&[], 1, 200_000).first() {
            dataset.take_page(request, &serve(list, running, request, start), start, 200_000);
            if !dataset.is_scanning() {
                break;
            }
        }
        assert!(dataset.is_complete());
        dataset
    }

    #[test]
    fn a_poll_asks_for_what_can_have_changed_and_no_more() {
        let mut list: Vec<i64> = (1..=9000).rev().collect();
        let running = [8999, 5000, 4999, 300, 200, 100, 2];
        let mut dataset = whole(&list, &running, None);
        let version = dataset.version;
        let asked = refresh(&mut dataset, &list, &running, 20, None);
        let at = |id: i64| Some(id * 1000 * MS);
        let just_after = |id: i64| Some((id * 1000 + 1) * MS);
        let requests: Vec<_> = asked
            .iter()
            .map(|request| (request.purpose, request.size, request.start, request.end))
            .collect();
        assert_eq!(
            requests,
            [
                (Purpose::Newest, 20, None, None),
                // At most four groups, separated by the widest gaps.
                (Purpose::Running, 99, at(2), just_after(100)),
                (Purpose::Running, 1, at(200), just_after(200)),
                (Purpose::Running, 1, at(300), just_after(300)),
                (Purpose::Running, 2, at(4999), just_after(5000)),
            ]
        );
        assert_eq!(
            (dataset.version, dataset.is_complete()),
            (version, true),
            "nothing has changed"
        );

        list.insert(0, 9001);
        list.insert(0, 9002);
        let asked = refresh(&mut dataset, &list, &[9002, 100], 1, None);
        let pages: Vec<_> = asked
            .iter()
            .take(3)
            .map(|request| (request.purpose, request.page))
            .collect();
        assert_eq!(
            pages,
            [(Purpose::Newest, 1), (Purpose::Newest, 2), (Purpose::Newest, 3)]
        );
        assert!(dataset.is_complete() && !dataset.is_scanning());
        assert_eq!(ids(&dataset), list);
        let still =
            |row: &&u32| dataset.table().outcome(**row) == crate::core::domain::task::Outcome::Running;
        assert_eq!(dataset.rows().iter().filter(still).count(), 2, "9002 and 100");
    }

    #[test]
    fn a_task_of_an_unknown_status_is_asked_again_until_it_has_an_end() {
        for (known, finish, finished, asked) in [
            (false, None, None, 2),
            (false, None, Some(true), 1),
            (false, Some(5), None, 1),
            (true, None, None, 1),
        ] {
            let list: Vec<i64> = (1..=100).rev().collect();
            let answer = |request| {
                let mut page = serve(&list, &[], request, None);
                page.rows.edit(|rows| {
                    for row in rows.iter_mut().filter(|row| row.ints[0] == Int::Value(7)) {
                        row.texts[0] = if known {
                            "RESTORE_FAIL"
                        } else {
                            "LOGICAL_RESTORING"
                        }
                        .into();
                        row.times[TimeField::FinishTime as usize] =
                            finish.map_or(Time::Missing, |at| Time::At(at, 0));
                        row.finished = finished;
                    }
                });
                page
            };
            let mut dataset = Dataset::default();
            let request = dataset.scan_requests(&[], 1, 200_000)[0];
            dataset.take_page(request, &answer(request), None, 200_000);
            assert!(dataset.is_complete());
            let mut count = 0;
            while let Some(&request) = dataset.refresh_requests(20, None).first() {
                count += 1;
                dataset.take_page(request, &answer(request), None, 200_000);
                if !dataset.is_refreshing() {
                    break;
                }
            }
            assert_eq!(
                (count, dataset.is_scanning()),
                (asked, false),
                "{known} {finish:?} {finished:?}"
            );
        }
    }

    #[test]
    fn what_does_not_fit_is_walked_anew() {
        let list: Vec<i64> = (1..=9000).rev().collect();
        type Change = fn(&mut Vec<i64>);
        let changed: [(&str, Change); 4] = [
            ("one went further down", |list| list.retain(|id| *id != 4000)),
            ("one went of the newest", |list| list.retain(|id| *id != 8997)),
            ("a running one went", |list| list.retain(|id| *id != 100)),
            ("too many came", |list| {
                (9001..9100).for_each(|id| list.insert(0, id));
            }),
        ];
        for (what, change) in changed {
            let mut now = list.clone();
            let mut dataset = whole(&list, &[100], None);
            change(&mut now);
            let asked = refresh(&mut dataset, &now, &[100], 20, None);
            assert!(dataset.is_scanning() && dataset.is_complete(), "{what}");
            assert_eq!(ids(&dataset), list, "{what}: the old rows stay meanwhile");
            assert!(asked.len() <= 3, "{what}");
        }
    }

    #[test]
    fn a_rolling_range_loses_its_oldest_without_a_walk() {
        let list: Vec<i64> = (1..=9000).rev().collect();
        let second = |second: i64| Some(second * 1000 * MS);
        let mut dataset = whole(&list, &[], second(100));
        assert_eq!(dataset.loaded(), 8901);
        let asked = refresh(&mut dataset, &list, &[], 20, second(150));
        assert_eq!(
            (asked.len(), dataset.is_complete(), dataset.is_scanning()),
            (1, true, false)
        );
        assert_eq!((dataset.loaded(), ids(&dataset).last()), (8851, Some(&150)));
    }
}
