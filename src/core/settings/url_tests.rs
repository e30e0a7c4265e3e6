use super::*;
use crate::core::api::response;
use crate::core::domain::column::Column;
use crate::core::settings::attributes::Density;
use crate::core::state::State;
use crate::core::state::tests::Simulation;
use crate::core::state::{Action, Event};
use crate::core::time::TimeRange;

fn said([range, sort, filter, page, columns]: [&str; 5]) -> UrlParams {
    [range, sort, filter, page, columns, "-"].map(|text| Some(text.to_owned()).filter(|text| text != "-"))
}

const SYNCED: [(&str, &str); 2] = [("url-sync", "query"), ("sort", "id")];

#[test]
fn the_address_says_what_differs_from_the_host_and_typing_makes_no_entry() {
    let mut sim = Simulation::new(60, &SYNCED);
    sim.settle();
    assert_eq!(sim.addresses, vec!["replace"; 0]);
    for action in [
        Action::ToggleSort(Column::Duration),
        Action::TypeFilter("s".into()),
        Action::TypeFilter("id:>".into()),
        Action::TypeFilter(String::new()),
        Action::GoToPage(3),
        Action::SetColumns(vec![Column::Id, Column::Status]),
        Action::SetRange(TimeRange::parse("7d").unwrap()),
        Action::SetDensity(Density::Compact),
    ] {
        sim.act(action);
        sim.settle();
    }
    let cut = " columns=id status";
    assert_eq!(
        sim.addresses,
        [
            "push sort=duration".to_owned(),
            "replace sort=duration filter=s".into(),
            "replace sort=duration filter=id:>".into(),
            "replace sort=duration".into(),
            "push sort=duration page=3".into(),
            format!("push sort=duration page=3{cut}"),
            format!("push range=7d sort=duration{cut}"),
        ]
    );
    // Changes by the host add no history entry, and values of the host are not in the address.
    sim.addresses.clear();
    sim.configure(&[("url-sync", "query"), ("sort", "-id")]);
    sim.act(Action::Reset);
    sim.settle();
    assert_eq!(
        sim.addresses,
        [format!("replace range=7d{cut}"), "replace".into()]
    );
}

#[test]
fn an_address_stands_for_what_a_person_did_and_back_is_a_change_of_theirs() {
    let mut sim = Simulation {
        list: (1..=60).rev().collect(),
        ..Simulation::new(60, &[])
    };
    sim.settle();
    sim.state.url.open(said(["-", "-id", "-", "3", "status id"]));
    sim.configure(&SYNCED);
    sim.settle();
    let view = sim.state.query.view.clone();
    assert_eq!((view.page, view.columns), (3, vec![Column::Status, Column::Id]));
    assert_eq!(sim.shown()[0], 20);
    assert_eq!(sim.addresses, vec![""; 0]);
    sim.reported.clear();
    sim.act(Action::UrlChanged(UrlParams::default()));
    sim.settle();
    assert_eq!(sim.shown()[0], 1);
    assert!(sim.reported.contains(&Event::Changed));
    assert_eq!(sim.addresses, vec![""; 0]);
    // A page that does not exist becomes the last one, and the address is updated.
    sim.act(Action::UrlChanged(said(["-", "nope", "-", "9", "-"])));
    sim.settle();
    assert_eq!(sim.addresses, ["replace page=3"]);
    let errors = sim.state.host.property_errors.iter().map(|error| error.attribute);
    assert_eq!(errors.collect::<Vec<_>>(), [Some("url-sync")]);
    sim.act(Action::UrlChanged(UrlParams::default()));
    assert_eq!(sim.state.host.property_errors, vec![]);
}

#[test]
fn going_back_asks_for_no_overview() {
    let mut b = Simulation::new(5000, &[("url-sync", "query"), ("refresh", "0")]);
    b.settle();
    b.act(Action::SetRange(TimeRange::parse("24h").unwrap()));
    b.settle();
    b.act(Action::WantOverview);
    b.settle();
    b.sent.clear();
    b.act(Action::UrlChanged(UrlParams::default()));
    b.settle();
    assert!(
        b.sent.iter().all(|u| !u.contains("size=2000")),
        "back: {:?}",
        b.sent
    );
}

#[test]
fn nor_does_a_reset() {
    let mut b = Simulation::new(5000, &[("refresh", "0")]);
    b.settle();
    b.act(Action::SetRange(TimeRange::parse("24h").unwrap()));
    b.settle();
    b.act(Action::WantOverview);
    b.settle();
    b.sent.clear();
    b.act(Action::Reset);
    b.settle();
    assert!(
        !b.sent.iter().any(|u| u.contains("size=2000")),
        "reset: {:?}",
        b.sent
    );
}

#[test]
fn an_address_that_says_what_it_said_asks_for_nothing() {
    let mut b = Simulation::new(60, &[("url-sync", "query")]);
    b.settle();
    b.sent.clear();
    b.act(Action::UrlChanged(UrlParams::default()));
    assert_eq!(b.sent, Vec::<String>::new());
}

#[test]
fn nor_where_somebody_must_sign_in_first() {
    let mut b = Simulation::new(60, &[("url-sync", "query")]);
    b.fail(Error::new(crate::core::error::Code::Auth, ""));
    b.sent.clear();
    b.act(Action::UrlChanged(UrlParams::default()));
    assert_eq!(b.sent, Vec::<String>::new());
}

#[test]
fn the_tasks_of_the_host_stay_when_the_range_is_narrowed() {
    let mut b = Simulation::new(0, &[]);
    b.settle();
    let page = response::tasks(
        r#"[{"id":1,"createTime":"2021-09-09T18:32:18.833+0800"},{"id":2,"createTime":"2021-09-10T18:32:18.833+0800"}]"#,
    );
    b.act(Action::Tasks(Some(page)));
    assert_eq!(b.state.loaded.dataset.loaded(), 2);
    assert!(b.state.has_overview());
    b.act(Action::BrushRange(
        TimeRange::parse("2021-09-09/2021-09-09").unwrap(),
    ));
    b.settle();
    assert!(
        b.state.loaded.fetched_at.is_some() && b.state.loaded.dataset.loaded() > 0,
        "held {} fetched {:?} rows {:?}",
        b.state.loaded.dataset.loaded(),
        b.state.loaded.fetched_at,
        b.state.page_rows()
    );
}

#[test]
fn and_when_an_address_says_another_range() {
    let mut b = Simulation::new(0, &[("url-sync", "query")]);
    b.settle();
    let page = response::tasks(r#"[{"id":1,"createTime":"2021-09-09T18:32:18.833+0800"}]"#);
    b.act(Action::Tasks(Some(page)));
    b.act(Action::UrlChanged(said(["7d", "-", "-", "-", "-"])));
    assert_eq!(b.state.loaded.dataset.loaded(), 1);
}

#[test]
fn a_cluster_that_is_known_later_leaves_the_page() {
    let mut b = Simulation {
        list: (1..=200).rev().collect(),
        ..Simulation::new(200, &[("cluster-id", "0")])
    };
    b.state = State::default();
    b.state.url.open(said(["-", "-", "-", "3", "-"]));
    b.configure(&[("url-sync", "query"), ("cluster-id", "")]);
    b.sent.clear();
    b.addresses.clear();
    b.configure(&[("url-sync", "query"), ("cluster-id", "7")]);
    b.settle();
    assert_eq!(
        (b.state.query.view.page, b.addresses.clone()),
        (3, vec![]),
        "{:?}",
        b.sent
    );
}

#[test]
fn a_summary_does_not_wait_for_what_cannot_come() {
    let mut b = Simulation::new(60, &[("refresh", "0")]);
    b.settle();
    b.act(Action::WantOverview);
    // One element of the scan is unreadable.
    while !b.open.is_empty() {
        let (ticket, _) = b.open.remove(0);
        let mut page = crate::core::state::tests::page(&b.list[..59], 1, 2000);
        page.total = Some(60);
        page.unreadable = 1;
        b.act(Action::Arrived(ticket, Ok(page)));
    }
    assert!(b.state.is_settled());
    assert!(
        b.state.has_overview() || !b.state.awaits_overview(),
        "end {:?} complete {}",
        b.state.loaded.dataset.scan_end,
        b.state.loaded.dataset.is_complete()
    );
}

#[test]
fn what_is_picked_makes_an_entry() {
    let mut b = Simulation::new(60, &[("url-sync", "query")]);
    b.settle();
    b.act(Action::ToggleSort(Column::Id));
    b.settle();
    let then = crate::core::query::filter::toggle(&b.state.query.view.filter, "tenant:a");
    b.act(Action::SetFilter(then));
    assert!(
        b.addresses.last().unwrap().starts_with("push"),
        "{:?}",
        b.addresses
    );
}

#[test]
fn a_complaint_about_an_address_ends_with_it() {
    let mut b = Simulation::new(60, &[]);
    b.state = State::default();
    b.state.url.open(said(["-", "-", "-", "0", "-"]));
    b.configure(&[("url-sync", "query")]);
    b.settle();
    b.act(Action::GoToPage(2));
    b.settle();
    let n = b.state.host.property_errors.len();
    b.configure(&[("url-sync", "none")]);
    assert_eq!((n, b.state.host.property_errors.len()), (0, 0));
}
