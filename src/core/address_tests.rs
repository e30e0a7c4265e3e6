use super::super::config::Density;
use super::super::state::tests::Bench;
use super::super::state::{Action, Event};
use super::*;

fn said(parts: [&str; 5]) -> Said {
    parts.map(|text| Some(text.to_owned()).filter(|text| text != "-"))
}

const SYNCED: [(&str, &str); 2] = [("url-sync", "query"), ("sort", "id")];

#[test]
fn the_address_says_what_differs_from_the_host_and_typing_makes_no_entry() {
    let mut bench = Bench::new(60, &SYNCED);
    bench.settle();
    assert_eq!(bench.addresses, vec!["replace"; 0]);
    for action in [
        Action::Press(Column::Duration),
        Action::Filter("s".into()),
        Action::Filter("id:>".into()),
        Action::Filter(String::new()),
        Action::Go(3),
        Action::Columns(vec![Column::Id, Column::Status]),
        Action::Range(Range::read("7d").unwrap()),
        Action::Density(Density::Compact),
    ] {
        bench.act(action);
        bench.settle();
    }
    let cut = " columns=id status";
    assert_eq!(
        bench.addresses,
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
    // What the host does makes no entry, and what it says itself needs no saying.
    bench.addresses.clear();
    bench.configure(&[("url-sync", "query"), ("sort", "-id")]);
    bench.act(Action::Reset);
    bench.settle();
    assert_eq!(
        bench.addresses,
        [format!("replace range=7d{cut}"), "replace".into()]
    );
}

#[test]
fn an_address_stands_for_what_a_person_did_and_back_is_a_change_of_theirs() {
    let mut bench = Bench {
        list: (1..=60).rev().collect(),
        ..Bench::new(60, &[])
    };
    bench.settle();
    bench.state.open(said(["-", "-id", "-", "3", "status id"]));
    bench.configure(&SYNCED);
    bench.settle();
    let view = bench.state.view.clone();
    assert_eq!((view.page, view.columns), (3, vec![Column::Status, Column::Id]));
    assert_eq!(bench.shown()[0], 20);
    assert_eq!(bench.addresses, vec![""; 0]);
    bench.told.clear();
    bench.act(Action::Address(Said::default()));
    bench.settle();
    assert_eq!(bench.shown()[0], 1);
    assert!(bench.told.contains(&Event::Changed));
    assert_eq!(bench.addresses, vec![""; 0]);
    // A page that is not there is the last one, and the address says so.
    bench.act(Action::Address(said(["-", "nope", "-", "9", "-"])));
    bench.settle();
    assert_eq!(bench.addresses, ["replace page=3"]);
    let errors = bench.state.property_errors.iter().map(|error| error.attribute);
    assert_eq!(errors.collect::<Vec<_>>(), [Some("url-sync")]);
    bench.act(Action::Address(Said::default()));
    assert_eq!(bench.state.property_errors, vec![]);
}
