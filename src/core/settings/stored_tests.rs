use super::*;
use crate::core::domain::column::Column;
use crate::core::settings::attributes::Density;
use crate::core::state::State;
use crate::core::state::tests::Simulation;
use crate::core::state::{Action, Event};
use crate::core::time::TimeRange;

const KEY: (&str, &str) = ("storage-key", "k");

fn stored(sim: &Simulation) -> String {
    sim.storage.clone().unwrap().unwrap_or_default()
}

fn names(sim: &Simulation) -> Vec<&str> {
    sim.state
        .stored
        .views
        .iter()
        .map(|view| view.name.as_str())
        .collect()
}

/// Another page load with what the first one stored.
fn reload(text: &str, attributes: &[(&str, &str)]) -> Simulation {
    let mut sim = Simulation::new(0, &[]);
    sim.storage = Ok(Some(text.to_owned()));
    sim.state = State::default();
    sim.sent.clear();
    sim.open.clear();
    sim.state.stored.recall(Some(text));
    sim.configure(attributes);
    sim
}

fn command(sim: &mut Simulation, command: StorageCommand) {
    sim.act(Action::Storage(command));
}

#[test]
fn the_look_comes_back_and_nothing_else() {
    let mut sim = Simulation::new(50, &[KEY]);
    sim.act(Action::SetColumns(vec![Column::Status, Column::Id]));
    sim.act(Action::SetDensity(Density::Compact));
    sim.act(Action::SetRowsPerPage(50));
    sim.act(Action::SetZone(Some("+08:00".into())));
    sim.act(Action::TypeFilter("status:failed".into()));
    sim.act(Action::ToggleSort(Column::Id));
    sim.act(Action::SetRange(TimeRange::parse("7d").unwrap()));
    sim.act(Action::GoToPage(2));
    let text = stored(&sim);
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
    // The first request uses the stored preferences already.
    assert_eq!(again.sent, ["page=1&size=50"]);
    assert_eq!(again.reported, vec![]);
}

#[test]
fn without_a_key_nothing_is_stored() {
    let mut sim = Simulation::new(3, &[]);
    sim.act(Action::SetDensity(Density::Compact));
    sim.act(Action::Reset);
    assert_eq!(sim.storage, Ok(None));
}

#[test]
fn the_host_wins_once_it_says_something_else() {
    let mut sim = Simulation::new(3, &[KEY, ("density", "comfortable")]);
    sim.act(Action::SetDensity(Density::Compact));
    sim.act(Action::SetColumns(vec![Column::Id]));
    let text = stored(&sim);
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
    let mut sim = Simulation::new(3, &[KEY]);
    sim.act(Action::SetDensity(Density::Compact));
    sim.act(Action::SetColumns(vec![Column::Id]));
    sim.act(Action::SetDensity(Density::Comfortable));
    assert!(!stored(&sim).contains("density"), "{}", stored(&sim));
    assert!(stored(&sim).contains("columns"));
    // Another page changes another part at the same time.
    let mut other = reload(&stored(&sim), &[KEY]);
    other.act(Action::SetRowsPerPage(100));
    sim.storage = other.storage.clone();
    sim.act(Action::SetDensity(Density::Compact));
    for part in ["density", "columns", "page-size"] {
        assert!(stored(&sim).contains(part), "{part}");
    }
    for reset in [Action::Reset, Action::Storage(StorageCommand::Reset)] {
        let mut sim = reload(&stored(&sim), &[KEY]);
        sim.act(reset);
        let again = reload(&stored(&sim), &[KEY]);
        assert_eq!(again.state.query.view, View::of(&again.state.host.config));
    }
}

#[test]
fn a_zone_that_is_none_is_forgotten() {
    let mut sim = Simulation::new(3, &[KEY]);
    sim.act(Action::SetZone(Some("Nowhere/Else".into())));
    assert!(!stored(&sim).contains("Nowhere"), "{}", stored(&sim));
}

#[test]
fn a_named_view_is_the_whole_view_but_its_page() {
    let mut sim = Simulation::new(50, &[KEY, ("url-sync", "query")]);
    sim.settle();
    sim.act(Action::TypeFilter(
        "status:failed uri:oss://b?access_key=PLANTED".into(),
    ));
    sim.act(Action::ToggleSort(Column::Id));
    sim.act(Action::SetRange(TimeRange::parse("30d").unwrap()));
    sim.act(Action::SetDensity(Density::Compact));
    sim.act(Action::SetColumns(vec![Column::Id]));
    sim.settle();
    command(&mut sim, StorageCommand::Save("  Failed\u{7} ones ".into()));
    assert_eq!(
        sim.state.stored.notice,
        Some(StorageNotice::Saved("Failed ones".into()))
    );
    assert_eq!(names(&sim), ["Failed ones"]);
    assert!(!stored(&sim).contains("PLANTED"), "{}", stored(&sim));
    let want = View {
        filter: "status:failed uri:oss://b?access_key=***".into(),
        page: 1,
        ..sim.state.query.view.clone()
    };
    command(&mut sim, StorageCommand::Reset);
    assert_eq!(sim.state.query.view, View::of(&sim.state.host.config));
    assert_eq!(sim.reported.last(), Some(&Event::Changed));
    sim.act(Action::GoToPage(2));
    sim.reported.clear();
    command(&mut sim, StorageCommand::Show("Failed ones".into()));
    assert_eq!(sim.state.query.view, want);
    assert_eq!(sim.reported, [Event::Changed]);
    assert!(sim.state.shows(&sim.state.stored.views[0]));
    let address = sim.addresses.last().unwrap();
    assert!(
        address.starts_with("push range=30d sort=id filter=status:failed"),
        "{address}"
    );
    sim.act(Action::TypeFilter(String::new()));
    assert!(!sim.state.shows(&sim.state.stored.views[0]));
    // If no view has this name, nothing happens.
    let before = sim.state.query.view.clone();
    command(&mut sim, StorageCommand::Show("No such".into()));
    assert_eq!(sim.state.query.view, before);
}

#[test]
fn views_of_other_pages_are_not_lost() {
    let mut one = Simulation::new(3, &[KEY]);
    command(&mut one, StorageCommand::Save("a".into()));
    let mut two = reload(&stored(&one), &[KEY]);
    command(&mut two, StorageCommand::Save("b".into()));
    one.storage = two.storage.clone();
    command(&mut one, StorageCommand::Save("c".into()));
    assert_eq!(names(&one), ["a", "b", "c"]);
    one.act(Action::SetDensity(Density::Compact));
    command(&mut one, StorageCommand::Save("a".into()));
    assert_eq!(one.state.stored.notice, Some(StorageNotice::Replaced("a".into())));
    assert_eq!(names(&one), ["a", "b", "c"]);
    two.storage = one.storage.clone();
    command(&mut two, StorageCommand::Reload);
    assert_eq!(names(&two), ["a", "b", "c"]);
    command(&mut two, StorageCommand::Delete("b".into()));
    assert_eq!(two.state.stored.notice, Some(StorageNotice::Deleted("b".into())));
    assert_eq!(names(&two), ["a", "c"]);
    // Both see the same preferences at the next visit.
    let again = reload(&stored(&two), &[KEY]);
    assert_eq!(again.state.query.view.density, Density::Compact);
}

#[test]
fn there_are_limits() {
    let mut sim = Simulation::new(3, &[KEY]);
    for n in 0..MOST_VIEWS {
        command(&mut sim, StorageCommand::Save(format!("v{n}")));
    }
    command(&mut sim, StorageCommand::Save("one more".into()));
    assert_eq!(sim.state.stored.notice, Some(StorageNotice::Full));
    assert_eq!(sim.state.stored.views.len(), MOST_VIEWS);
    // A replaced view does not count as another one.
    command(&mut sim, StorageCommand::Save("v7".into()));
    assert_eq!(
        sim.state.stored.notice,
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
    let mut sim = Simulation::new(3, &[KEY]);
    sim.storage = Err(());
    sim.act(Action::SetDensity(Density::Compact));
    assert_eq!(sim.state.query.view.density, Density::Compact);
    command(&mut sim, StorageCommand::Save("a".into()));
    assert_eq!(sim.state.stored.notice, Some(StorageNotice::Refused));
    assert_eq!(names(&sim), Vec::<&str>::new());
    sim.act(Action::SetDensity(Density::Comfortable));
    command(
        &mut sim,
        StorageCommand::Notice(Some(StorageNotice::Linked(true))),
    );
    assert_eq!(sim.state.stored.notice, Some(StorageNotice::Linked(true)));
    // When the view changes, the note is hidden.
    sim.act(Action::ToggleSort(Column::Id));
    assert_eq!(sim.state.stored.notice, None);
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
        let mut sim = reload(text, &[KEY]);
        let shown = &text[..text.len().min(90)];
        assert_eq!(sim.state.query.view, View::of(&sim.state.host.config), "{shown}");
        assert_eq!(names(&sim), Vec::<&str>::new(), "{shown}");
        // It can be overwritten.
        command(&mut sim, StorageCommand::Save("a".into()));
        assert_eq!(names(&sim), ["a"], "{shown}");
    }
    let many: Vec<_> = (0..90)
        .map(|n| format!(r#"{{"of":"{}","is":{{}}}}"#, n % 70))
        .collect();
    let many = format!(r#"{{"version":1,"views":[{}]}}"#, many.join(","));
    assert_eq!(reload(&many, &[KEY]).state.stored.views.len(), MOST_VIEWS);
    let odd = r#"{"version":1,"views":[{"of":"x","is":{"range":"8d","page":77,"pageSize":-5,"columns":"id","density":[],"__proto__":{}}}]}"#;
    let mut sim = reload(odd, &[KEY]);
    command(&mut sim, StorageCommand::Show("x".into()));
    assert_eq!(sim.state.query.view, View::of(&sim.state.host.config));
}

#[test]
fn what_a_later_version_wrote_is_left_alone_and_what_it_added_stays() {
    let later = r#"{"version":2,"views":[{"of":"x","is":{}}]}"#;
    let mut sim = reload(later, &[KEY]);
    assert_eq!(names(&sim), Vec::<&str>::new());
    command(&mut sim, StorageCommand::Save("a".into()));
    assert_eq!(sim.state.stored.notice, Some(StorageNotice::Refused));
    assert_eq!(stored(&sim), later);
    let added = r#"{"version":1,"look":[{"of":"glow","was":null,"is":{"glow":true}}],"views":[{"of":"x","is":{"glow":1e3}}]}"#;
    let mut sim = reload(added, &[KEY]);
    command(&mut sim, StorageCommand::Save("a".into()));
    assert!(stored(&sim).contains(r#""is":{"glow":true}"#), "{}", stored(&sim));
    assert!(stored(&sim).contains(r#""is":{"glow":1e3}"#), "{}", stored(&sim));
}
