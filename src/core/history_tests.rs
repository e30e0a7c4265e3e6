use super::super::walk::EXTRA;
use super::*;
use crate::core::table::{Int, Row};

fn task(id: i64) -> Row {
    let mut row = Row::default();
    row.ints[IntField::Id as usize] = Int::Value(id);
    row.texts[0] = "RESTORE_SUCCESS".into();
    row
}

/// A server that answers pages of a list, newest first.
fn serve(list: &[i64], ask: Ask, cap: u64) -> Page {
    let size = ask.size.min(cap);
    let rows = list
        .iter()
        .skip(((ask.page - 1) * size) as usize)
        .take(size as usize)
        .map(|id| task(*id))
        .collect();
    Page {
        rows,
        total: Some(list.len() as u64),
        ..Page::default()
    }
}

fn ids(history: &History) -> Vec<i64> {
    history
        .rows()
        .iter()
        .map(|&row| history.table().id(row).unwrap())
        .collect()
}

/// Walks to the end, `change` acting on the list before each answer; gives the number of requests.
fn walk(
    history: &mut History,
    list: &mut Vec<i64>,
    cap: u64,
    most: usize,
    change: impl Fn(usize, &mut Vec<i64>),
) -> usize {
    let mut asked = 0;
    loop {
        let asks = history.next_asks(&[], 4, most);
        if asks.is_empty() {
            return asked;
        }
        for ask in asks {
            change(asked, list);
            asked += 1;
            let page = serve(list, ask, cap);
            history.arrived(ask, &page, None, most);
            if !history.is_walking() {
                return asked;
            }
        }
    }
}

#[test]
fn a_quiet_list_is_walked_once_and_proved() {
    for length in [0, 1, 1999, 2000, 2001, 10_000] {
        let mut list: Vec<i64> = (1..=length).rev().collect();
        let mut history = History::default();
        let asked = walk(&mut history, &mut list, 2000, 200_000, |_, _| {});
        assert!(history.is_complete(), "{length}");
        assert_eq!(ids(&history), list);
        assert_eq!(asked as u64, (length as u64).div_ceil(2000).max(1));
    }
}

#[test]
fn a_server_with_a_cap_of_its_own_is_walked_by_that() {
    let mut list: Vec<i64> = (1..=450).rev().collect();
    let mut history = History::default();
    assert_eq!(walk(&mut history, &mut list, 100, 200_000, |_, _| {}), 5);
    assert!(history.is_complete());
    assert_eq!(ids(&history), list);
}

#[test]
fn a_row_that_appears_is_noticed_and_walked_again() {
    let mut list: Vec<i64> = (1..=5000).rev().collect();
    let mut history = History::default();
    let asked = walk(&mut history, &mut list, 2000, 200_000, |n, list| {
        if n == 1 {
            list.insert(0, 9999);
        }
    });
    assert!(history.is_complete() && history.moved);
    assert_eq!(ids(&history), list);
    // The pages after the first named one more: only the first is asked again.
    assert_eq!(asked, 4);
}

#[test]
fn a_list_that_never_stands_still_is_never_called_complete() {
    let mut list: Vec<i64> = (1..=5000).rev().collect();
    let mut history = History::default();
    let asked = walk(&mut history, &mut list, 2000, 200_000, |n, list| {
        list.insert(0, 10_000 + n as i64);
    });
    assert!(!history.is_complete());
    assert_eq!(history.end, End::Unproven);
    assert!(asked as u64 <= 3 + EXTRA, "{asked}");
}

#[test]
fn at_the_most_rows_it_stops_and_says_so() {
    let mut list: Vec<i64> = (1..=9000).rev().collect();
    let mut history = History::default();
    assert_eq!(walk(&mut history, &mut list, 2000, 3000, |_, _| {}), 2);
    assert_eq!(
        (
            history.is_complete(),
            history.end,
            history.held(),
            history.total()
        ),
        (false, End::Capped, 3000, Some(9000))
    );
}

#[test]
fn a_server_that_knows_no_pages_gives_all_at_once() {
    let rows: Vec<Row> = (1..=50).map(task).collect();
    let mut history = History::default();
    let ask = Ask {
        purpose: Purpose::Window,
        page: 1,
        size: 10,
        ..Ask::default()
    };
    history.arrived(
        ask,
        &Page {
            rows,
            total: None,
            ..Page::default()
        },
        None,
        200_000,
    );
    assert!(history.is_complete() && history.oversent);
    assert_eq!(history.held(), 50);
}

#[test]
fn windows_add_up_until_the_list_moves() {
    let list: Vec<i64> = (1..=25).rev().collect();
    let mut history = History::default();
    let ask = |page| Ask {
        purpose: Purpose::Window,
        page,
        size: 10,
        ..Ask::default()
    };
    for (page, held) in [(1, 10), (2, 20), (3, 25)] {
        history.arrived(ask(page), &serve(&list, ask(page), 99), None, 200_000);
        assert_eq!((history.held(), history.is_complete()), (held, held == 25));
    }
    assert_eq!(history.slice(20, 10).unwrap().len(), 5);
    let mut moved = list;
    moved.insert(0, 99);
    history.arrived(ask(1), &serve(&moved, ask(1), 99), None, 200_000);
    assert_eq!(
        (history.held(), history.is_complete(), history.slice(10, 10)),
        (10, false, None)
    );
}

#[test]
fn a_head_is_put_before_what_is_here_or_the_range_is_walked_again() {
    let mut list: Vec<i64> = (1..=5000).rev().collect();
    let mut history = History::default();
    walk(&mut history, &mut list, 2000, 200_000, |_, _| {});
    let head = Ask {
        purpose: Purpose::Head,
        page: 1,
        size: 2000,
        ..Ask::default()
    };
    list.insert(0, 6000);
    assert_eq!(history.poll_asks(2000, None), [head]);
    history.arrived(head, &serve(&list, head, 9999), None, 200_000);
    assert!(history.is_complete() && !history.is_walking());
    assert_eq!(ids(&history), list);
    list.remove(4000);
    assert_eq!(history.poll_asks(2000, None), [head]);
    history.arrived(head, &serve(&list, head, 9999), None, 200_000);
    assert!(history.is_walking(), "a task vanished somewhere behind the head");
    walk(&mut history, &mut list, 2000, 200_000, |_, _| {});
    assert_eq!(ids(&history), list);
}

#[test]
fn a_server_without_totals_is_walked_to_its_short_page_and_never_for_ever() {
    let list: Vec<i64> = (1..=4000).rev().collect();
    let without = |ask: Ask| Page {
        total: None,
        ..serve(&list, ask, 2000)
    };
    let mut history = History::default();
    let mut asked = 0;
    while let Some(&ask) = history.next_asks(&[], 4, 200_000).first() {
        history.arrived(ask, &without(ask), None, 200_000);
        asked += 1;
        if !history.is_walking() {
            break;
        }
    }
    assert_eq!((asked, history.held(), history.is_complete()), (3, 4000, true));

    let mut history = History::default();
    let same = Page {
        total: None,
        ..serve(
            &list,
            Ask {
                purpose: Purpose::Walk,
                page: 1,
                size: 2000,
                ..Ask::default()
            },
            2000,
        )
    };
    for asked in 1.. {
        let ask = history.next_asks(&[], 1, 200_000)[0];
        history.arrived(ask, &same, None, 200_000);
        if !history.is_walking() {
            assert_eq!(
                (asked, history.is_complete(), history.end),
                (2, false, End::Unproven)
            );
            break;
        }
    }
}
