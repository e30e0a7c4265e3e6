use super::*;
use crate::core::domain::column::Column;
use crate::core::settings::attributes::Density;
use crate::core::state::State;
use crate::core::state::tests::Bench;
use crate::core::state::{Action, Event};
use crate::core::time::TimeRange;

const KEY: (&str, &str) = ("storage-key", "k");

fn stored(bench: &Bench) -> String {
    bench.storage.clone().unwrap().unwrap_or_default()
}

fn names(bench: &Bench) -> Vec<&str> {
    bench
        .state
        .stored
        .views
        .iter()
        .map(|view| view.name.as_str())
        .collect()
}

/// Another page load with what the first one stored.
fn reload(text: &str, attributes: &[(&str, &str)]) -> Bench {
    let mut bench = Bench::new(0, &[]);
    bench.storage = Ok(Some(text.to_owned()));
    bench.state = State::default();
    bench.sent.clear();
    bench.open.clear();
    bench.state.stored.recall(Some(text));
    bench.configure(attributes);
    bench
}

fn wish(bench: &mut Bench, wish: StorageCommand) {
    bench.act(Action::Storage(wish));
}

#[test]
fn the_look_comes_back_and_nothing_else() {
    let mut bench = Bench::new(50, &[KEY]);
    bench.act(Action::SetColumns(vec![Column::Status, Column::Id]));
    bench.act(Action::SetDensity(Density::Compact));
    bench.act(Action::SetRowsPerPage(50));
    bench.act(Action::SetZone(Some("+08:00".into())));
    bench.act(Action::TypeFilter("status:failed".into()));
    bench.act(Action::ToggleSort(Column::Id));
    bench.act(Action::SetRange(TimeRange::parse("7d").unwrap()));
    bench.act(Action::GoToPage(2));
    let text = stored(&bench);
    for hidden in ["failed", "7d", "sort", "filter", "\"page\""] {
        assert!(!text.contains(hidden), "{hidden} in {text}");
    }
    let again = reload(&text, &[KEY]);
    let want = View {
        columns: vec![Column::Status, Column::Id],
        density: Density::Compact,
        rows_per_page: 50,
        zone: Some("+08:00".into()),
        ..View::of(&again.state.host.config)
    };
    assert_eq!(again.state.query.view, want);
    // The first request uses the stored look already.
    assert_eq!(again.sent, ["page=1&size=50"]);
    assert_eq!(again.told, vec![]);
}

#[test]
fn without_a_key_nothing_is_stored() {
    let mut bench = Bench::new(3, &[]);
    bench.act(Action::SetDensity(Density::Compact));
    bench.act(Action::Reset);
    assert_eq!(bench.storage, Ok(None));
}

#[test]
fn the_host_wins_once_it_says_something_else() {
    let mut bench = Bench::new(3, &[KEY, ("density", "comfortable")]);
    bench.act(Action::SetDensity(Density::Compact));
    bench.act(Action::SetColumns(vec![Column::Id]));
    let text = stored(&bench);
    for (density, want) in [
        (Some("comfortable"), Density::Compact),
        (Some("compact"), Density::Compact),
        (Some(" comfortable"), Density::Comfortable),
        (None, Density::Comfortable),
    ] {
        let mut attributes = vec![KEY];
        attributes.extend(density.map(|density| ("density", density)));
        let again = reload(&text, &attributes);
        assert_eq!(again.state.query.view.density, want, "{density:?}");
        assert_eq!(again.state.query.view.columns, [Column::Id]);
    }
    // The same holds while the page is open.
    let mut again = reload(&text, &[KEY, ("density", "comfortable")]);
    again.configure(&[KEY, ("density", "compact")]);
    again.configure(&[KEY, ("density", "comfortable")]);
    assert_eq!(again.state.query.view.density, Density::Comfortable);
}

#[test]
fn what_is_as_the_host_has_it_is_not_remembered() {
    let mut bench = Bench::new(3, &[KEY]);
    bench.act(Action::SetDensity(Density::Compact));
    bench.act(Action::SetColumns(vec![Column::Id]));
    bench.act(Action::SetDensity(Density::Comfortable));
    assert!(!stored(&bench).contains("density"), "{}", stored(&bench));
    assert!(stored(&bench).contains("columns"));
    // Another page changes another part at the same time.
    let mut other = reload(&stored(&bench), &[KEY]);
    other.act(Action::SetRowsPerPage(100));
    bench.storage = other.storage.clone();
    bench.act(Action::SetDensity(Density::Compact));
    for part in ["density", "columns", "page-size"] {
        assert!(stored(&bench).contains(part), "{part}");
    }
    for reset in [Action::Reset, Action::Storage(StorageCommand::Reset)] {
        let mut bench = reload(&stored(&bench), &[KEY]);
        bench.act(reset);
        let again = reload(&stored(&bench), &[KEY]);
        assert_eq!(again.state.query.view, View::of(&again.state.host.config));
    }
}

#[test]
fn a_zone_that_is_none_is_forgotten() {
    let mut bench = Bench::new(3, &[KEY]);
    bench.act(Action::SetZone(Some("Nowhere/Else".into())));
    assert!(!stored(&bench).contains("Nowhere"), "{}", stored(&bench));
}

#[test]
fn a_named_view_is_the_whole_view_but_its_page() {
    let mut bench = Bench::new(50, &[KEY, ("url-sync", "query")]);
    bench.settle();
    bench.act(Action::TypeFilter(
        "status:failed uri:oss://b?access_key=PLANTED".into(),
    ));
    bench.act(Action::ToggleSort(Column::Id));
    bench.act(Action::SetRange(TimeRange::parse("30d").unwrap()));
    bench.act(Action::SetDensity(Density::Compact));
    bench.act(Action::SetColumns(vec![Column::Id]));
    bench.settle();
    wish(&mut bench, StorageCommand::Save("  Failed\u{7} ones ".into()));
    assert_eq!(
        bench.state.stored.notice,
        Some(StorageNotice::Saved("Failed ones".into()))
    );
    assert_eq!(names(&bench), ["Failed ones"]);
    assert!(!stored(&bench).contains("PLANTED"), "{}", stored(&bench));
    let want = View {
        filter: "status:failed uri:oss://b?access_key=***".into(),
        page: 1,
        ..bench.state.query.view.clone()
    };
    wish(&mut bench, StorageCommand::Reset);
    assert_eq!(bench.state.query.view, View::of(&bench.state.host.config));
    assert_eq!(bench.told.last(), Some(&Event::Changed));
    bench.act(Action::GoToPage(2));
    bench.told.clear();
    wish(&mut bench, StorageCommand::Show("Failed ones".into()));
    assert_eq!(bench.state.query.view, want);
    assert_eq!(bench.told, [Event::Changed]);
    assert!(bench.state.shows(&bench.state.stored.views[0]));
    let address = bench.addresses.last().unwrap();
    assert!(
        address.starts_with("push range=30d sort=id filter=status:failed"),
        "{address}"
    );
    bench.act(Action::TypeFilter(String::new()));
    assert!(!bench.state.shows(&bench.state.stored.views[0]));
    // If no view has this name, nothing happens.
    let before = bench.state.query.view.clone();
    wish(&mut bench, StorageCommand::Show("No such".into()));
    assert_eq!(bench.state.query.view, before);
}

#[test]
fn views_of_other_pages_are_not_lost() {
    let mut one = Bench::new(3, &[KEY]);
    wish(&mut one, StorageCommand::Save("a".into()));
    let mut two = reload(&stored(&one), &[KEY]);
    wish(&mut two, StorageCommand::Save("b".into()));
    one.storage = two.storage.clone();
    wish(&mut one, StorageCommand::Save("c".into()));
    assert_eq!(names(&one), ["a", "b", "c"]);
    one.act(Action::SetDensity(Density::Compact));
    wish(&mut one, StorageCommand::Save("a".into()));
    assert_eq!(one.state.stored.notice, Some(StorageNotice::Replaced("a".into())));
    assert_eq!(names(&one), ["a", "b", "c"]);
    two.storage = one.storage.clone();
    wish(&mut two, StorageCommand::Reload);
    assert_eq!(names(&two), ["a", "b", "c"]);
    wish(&mut two, StorageCommand::Delete("b".into()));
    assert_eq!(two.state.stored.notice, Some(StorageNotice::Deleted("b".into())));
    assert_eq!(names(&two), ["a", "c"]);
    // Both see the same look at the next visit.
    let again = reload(&stored(&two), &[KEY]);
    assert_eq!(again.state.query.view.density, Density::Compact);
}

#[test]
fn there_are_limits() {
    let mut bench = Bench::new(3, &[KEY]);
    for n in 0..MOST_VIEWS {
        wish(&mut bench, StorageCommand::Save(format!("v{n}")));
    }
    wish(&mut bench, StorageCommand::Save("one more".into()));
    assert_eq!(bench.state.stored.notice, Some(StorageNotice::Full));
    assert_eq!(bench.state.stored.views.len(), MOST_VIEWS);
    // A replaced view does not count as another one.
    wish(&mut bench, StorageCommand::Save("v7".into()));
    assert_eq!(
        bench.state.stored.notice,
        Some(StorageNotice::Replaced("v7".into()))
    );
    for (typed, want) in [
        ("", None),
        (" \t\n", None),
        ("  a b ", Some("a b")),
        ("\u{0}a\u{1b}", Some("a")),
        ("access_key=PLANTED", Some("access_key=***")),
    ] {
        assert_eq!(clean_name(typed).as_deref(), want, "{typed:?}");
    }
    assert_eq!(clean_name(&"é".repeat(200)), Some("é".repeat(LONGEST_NAME)));
}

#[test]
fn a_browser_that_refuses_is_said_to_and_nothing_else_breaks() {
    let mut bench = Bench::new(3, &[KEY]);
    bench.storage = Err(());
    bench.act(Action::SetDensity(Density::Compact));
    assert_eq!(bench.state.query.view.density, Density::Compact);
    wish(&mut bench, StorageCommand::Save("a".into()));
    assert_eq!(bench.state.stored.notice, Some(StorageNotice::Refused));
    assert_eq!(names(&bench), Vec::<&str>::new());
    bench.act(Action::SetDensity(Density::Comfortable));
    wish(
        &mut bench,
        StorageCommand::Notice(Some(StorageNotice::Linked(true))),
    );
    assert_eq!(bench.state.stored.notice, Some(StorageNotice::Linked(true)));
    // When the view changes, the note is hidden.
    bench.act(Action::ToggleSort(Column::Id));
    assert_eq!(bench.state.stored.notice, None);
}

#[test]
fn nothing_that_stands_there_is_trusted() {
    let deep = "[".repeat(100_000);
    let long = format!(
        r#"{{"version":1,"views":[{{"of":"{}","is":{{}}}}]}}"#,
        "n".repeat(81)
    );
    for text in [
        "",
        "null",
        "[]",
        "7",
        "\"x\"",
        "{",
        deep.as_str(),
        long.as_str(),
        r#"{"__proto__":{"views":[{"of":"x","is":{}}]}}"#,
        r#"{"version":1,"look":7,"views":{"of":"x"}}"#,
        r#"{"version":1,"look":[null,1,[],{"of":1,"is":{}},{"of":"density","is":"compact"}]}"#,
        r#"{"version":1,"look":[{"of":"density","was":null,"is":{"filter":"x","range":"7d","sort":"id","page":9}}]}"#,
        r#"{"version":1,"look":[{"of":"columns","was":null,"is":{"columns":["nope",1,null,{}]}}]}"#,
        r#"{"version":1,"views":[{"of":"","is":{}},{"of":"x"},{"of":"x","is":[]},{"of":" x","is":{}},{"of":"a\nb","is":{}}]}"#,
        r#"{"version":1,"views":[{"of":"x","is":{}}"#,
    ] {
        let mut bench = reload(text, &[KEY]);
        let shown = &text[..text.len().min(90)];
        assert_eq!(
            bench.state.query.view,
            View::of(&bench.state.host.config),
            "{shown}"
        );
        assert_eq!(names(&bench), Vec::<&str>::new(), "{shown}");
        // It can be overwritten.
        wish(&mut bench, StorageCommand::Save("a".into()));
        assert_eq!(names(&bench), ["a"], "{shown}");
    }
    let many: Vec<_> = (0..90)
        .map(|n| format!(r#"{{"of":"{}","is":{{}}}}"#, n % 70))
        .collect();
    let many = format!(r#"{{"version":1,"views":[{}]}}"#, many.join(","));
    assert_eq!(reload(&many, &[KEY]).state.stored.views.len(), MOST_VIEWS);
    let odd = r#"{"version":1,"views":[{"of":"x","is":{"range":"8d","page":77,"pageSize":-5,"columns":"id","density":[],"__proto__":{}}}]}"#;
    let mut bench = reload(odd, &[KEY]);
    wish(&mut bench, StorageCommand::Show("x".into()));
    assert_eq!(bench.state.query.view, View::of(&bench.state.host.config));
}

#[test]
fn what_a_later_version_wrote_is_left_alone_and_what_it_added_stays() {
    let later = r#"{"version":2,"views":[{"of":"x","is":{}}]}"#;
    let mut bench = reload(later, &[KEY]);
    assert_eq!(names(&bench), Vec::<&str>::new());
    wish(&mut bench, StorageCommand::Save("a".into()));
    assert_eq!(bench.state.stored.notice, Some(StorageNotice::Refused));
    assert_eq!(stored(&bench), later);
    let added = r#"{"version":1,"look":[{"of":"glow","was":null,"is":{"glow":true}}],"views":[{"of":"x","is":{"glow":1e3}}]}"#;
    let mut bench = reload(added, &[KEY]);
    wish(&mut bench, StorageCommand::Save("a".into()));
    assert!(
        stored(&bench).contains(r#""is":{"glow":true}"#),
        "{}",
        stored(&bench)
    );
    assert!(
        stored(&bench).contains(r#""is":{"glow":1e3}"#),
        "{}",
        stored(&bench)
    );
}
