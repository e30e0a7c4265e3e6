//! The view as values: what `setState` takes, what the browser stores, what a URL contains.

use std::rc::Rc;

use ob_restore_tasks::core::domain::column::Column;
use ob_restore_tasks::core::i18n::locale::FixedLocale;
use ob_restore_tasks::core::privacy::mask::mask;
use ob_restore_tasks::core::query::sort::Sort;
use ob_restore_tasks::core::settings::attributes::Attributes;
use ob_restore_tasks::core::settings::columns::{LEAST, MOST};
use ob_restore_tasks::core::settings::stored::{
    LONGEST_NAME, MOST_VIEWS, StorageChange, StorageCommand, StorageNotice, change, clean_name,
};
use ob_restore_tasks::core::settings::url::{parse, print};
use ob_restore_tasks::core::settings::view::PartialView;
use ob_restore_tasks::core::settings::view::View;
use ob_restore_tasks::core::state::{Action, At, Effect, State};
use ob_restore_tasks::core::time::TimeRange;
use serde::de::IgnoredAny;

use super::time::floor;

/// Numbers that can come only from JavaScript.
const ODD: [f64; 8] = [
    f64::NAN,
    f64::INFINITY,
    f64::NEG_INFINITY,
    -0.0,
    -1.0,
    0.4,
    1.5,
    1e300,
];

/// Input, in lines: a state as JSON; the stored JSON; a name; range, sort, filter, page, columns and zone of
/// a URL.
pub fn state(data: &[u8]) {
    let Some([json, stored, typed, range, sort, filter, page, columns, zone]) = super::input::lines(data)
    else {
        return;
    };
    values(json);
    let text = |text: &str| Some(text.to_owned()).filter(|text| text != "-");
    address(&[range, sort, filter, page, columns, zone].map(text));
    keeping(stored, typed, json);
}

fn view() -> View {
    State::default().query.view
}

/// The view as it leaves the widget and comes back: times in milliseconds, secrets masked.
fn outside(view: &View) -> View {
    View {
        range: match view.range {
            TimeRange::Between(start, end) => TimeRange::Between(start.map(floor), end.map(floor)),
            range => range,
        },
        filter: mask(&view.filter).into_owned(),
        ..view.clone()
    }
}

fn holds(view: &View, from: &str) {
    assert!(
        (1..=1_000_000_000_000_000).contains(&view.page),
        "page {} of {from:?}",
        view.page
    );
    assert!(
        view.rows_per_page <= 2000,
        "{} rows of {from:?}",
        view.rows_per_page
    );
    assert!(!view.columns.is_empty(), "no column of {from:?}");
    let mut columns = view.columns.clone();
    columns.sort();
    columns.dedup();
    assert_eq!(columns.len(), view.columns.len(), "a column twice of {from:?}");
    assert!(view.widths.is_sorted_by(|a, b| a.0 < b.0), "{:?}", view.widths);
    assert!(
        view.widths
            .iter()
            .all(|(_, width)| (LEAST..=MOST).contains(width)),
        "{:?}",
        view.widths
    );
    assert!(
        view.zone.as_ref().is_none_or(|zone| !zone.trim().is_empty()),
        "a blank zone of {from:?}"
    );
    let (start, end) = view.range.bounds(0, &FixedLocale::default());
    assert!(
        start.zip(end).is_none_or(|(start, end)| start <= end),
        "{:?} of {from:?}",
        view.range
    );
}

fn values(json: &str) {
    let read = PartialView::from_json(json);
    let is_object = json.trim_start_matches([' ', '\n', '\r', '\t']).starts_with('{');
    match serde_json::from_str::<serde_json::Value>(json) {
        Ok(_) => assert_eq!(read.is_ok(), is_object, "{json:?}"),
        Err(_) if read.is_ok() => {
            // Too deep or too large for serde_json, but valid JSON.
            assert!(
                serde_json::from_str::<IgnoredAny>(json).is_ok(),
                "{json:?} is no JSON"
            );
        }
        Err(_) => {}
    }
    let Ok(saved) = read else { return };
    let host = View {
        sort: Sort::parse("-id"),
        zone: Some("UTC".into()),
        page: 3,
        ..view()
    };
    let now = saved.clone().over(host.clone());
    holds(&now, json);
    // An invalid part leaves the view as it is.
    if let Some(sort) = saved.sort.as_deref().filter(|sort| !sort.trim().is_empty()) {
        assert_eq!(now.sort, Sort::parse(sort).or(host.sort), "{json:?}");
    }
    if saved
        .range
        .as_deref()
        .is_some_and(|range| TimeRange::parse(range).is_none())
    {
        assert_eq!(now.range, host.range, "{json:?}");
    }
    let out = PartialView::of(&now).json();
    assert_eq!(
        mask(&PartialView::of(&now).filter.unwrap_or_default()),
        mask(&now.filter),
        "{out}"
    );
    let Ok(back) = PartialView::from_json(&out) else {
        unreachable!("{out} cannot be read again")
    };
    assert_eq!(back.clone().over(view()), outside(&now), "{out}");
    assert_eq!(PartialView::of(&back.over(view())).json(), out);
    for odd in ODD {
        let widths = saved
            .widths
            .iter()
            .flatten()
            .map(|(id, _)| (id.clone(), odd))
            .collect();
        let odd = PartialView {
            page: Some(odd),
            page_size: Some(odd),
            widths: Some(widths),
            ..saved.clone()
        };
        let from = format!("{odd:?}");
        holds(&odd.over(host.clone()), &from);
    }
}

fn address(texts: &[Option<String>; 6]) {
    let host = State::default();
    let (now, errors) = parse(texts, host.query.view.clone(), &FixedLocale::default());
    holds(&now, &format!("{texts:?}"));
    for error in &errors {
        assert_eq!(error.attribute, Some("url-sync"));
        super::input::holds_no_secret(&error.message);
    }
    let out = print(&now, &host.host.config);
    let (back, errors) = parse(&out, host.query.view.clone(), &FixedLocale::default());
    assert_eq!((back.clone(), errors), (outside(&now), vec![]), "{out:?}");
    assert_eq!(print(&back, &host.host.config), out);
    // The state that comes from the URL must be what the URL says.
    let mut state = State::default();
    let raw: Attributes = [("cluster-id", "1"), ("url-sync", "query")]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .into_iter()
        .collect();
    state.url.open(texts.clone());
    let action = Action::Configure(Box::new(raw), Rc::new(FixedLocale::default()), Vec::new());
    state.apply(action, At::default());
    assert_eq!(state.query.view, now, "{texts:?}");
}

fn names(text: &str) -> Vec<String> {
    let mut state = State::default();
    state.stored.recall(Some(text));
    state.stored.views.iter().map(|view| view.name.clone()).collect()
}

fn keeping(stored: &str, typed: &str, json: &str) {
    let at = At {
        now: 1_795_392_000_000_000,
        random: 0.5,
    };
    let short = clean_name(typed);
    if let Some(short) = &short {
        assert_eq!(clean_name(short).as_ref(), Some(short), "{typed:?}");
        assert!((1..=LONGEST_NAME).contains(&short.chars().count()), "{short:?}");
    }
    // Stored preferences are applied, and never change range, sort, filter or page.
    let raw: Attributes = [
        ("cluster-id", "1"),
        ("storage-key", "k"),
        ("sort", "id"),
        ("range", "7d"),
        ("filter", "x"),
    ]
    .map(|(name, value)| (name.to_owned(), value.to_owned()))
    .into_iter()
    .collect();
    let mut state = State::default();
    state.stored.recall(Some(stored));
    state.apply(
        Action::Configure(Box::new(raw), Rc::new(FixedLocale::default()), Vec::new()),
        at,
    );
    holds(&state.query.view, stored);
    let seen = (
        state.query.view.range.print(),
        state.query.view.sort,
        &*state.query.view.filter,
        state.query.view.page,
    );
    assert_eq!(seen, ("7d".to_owned(), Sort::parse("id"), "x", 1), "{stored:?}");
    // A change without effect.
    let first = match change(Some(stored), &StorageChange::Preferences(Vec::new())) {
        Ok((text, _)) => text,
        Err(note) => return assert_eq!(note, StorageNotice::Refused, "{stored:?}"),
    };
    assert!(
        serde_json::from_str::<IgnoredAny>(&first).is_ok(),
        "{first:?} is no JSON"
    );
    let again = change(Some(&first), &StorageChange::Preferences(Vec::new()));
    assert_eq!(again, Ok((first.clone(), None)), "{stored:?}");
    let before = names(&first);
    assert_eq!(names(stored), before, "{stored:?}");
    assert!(before.len() <= MOST_VIEWS);
    for (at, view) in before.iter().enumerate() {
        assert!(!before[..at].contains(view), "{view:?} stands twice in {first:?}");
        assert_eq!(clean_name(view).as_ref(), Some(view), "{view:?}");
    }
    // A saved view comes back unchanged, beside the others; and it can be deleted.
    let Some(short) = short else { return };
    state.stored.recall(Some(&first));
    let Ok(saved) = PartialView::from_json(json) else {
        return;
    };
    state.apply(Action::Restore(saved.over(state.query.view.clone())), at);
    let view = state.query.view.clone();
    let keep = |state: &mut State, command: StorageCommand| {
        let effects = state.apply(Action::Storage(command), at);
        effects.into_iter().find_map(|effect| match effect {
            Effect::Store(wanted) => Some(wanted),
            _ => None,
        })
    };
    let Some(wanted) = keep(&mut state, StorageCommand::Save(typed.to_owned())) else {
        unreachable!("{typed:?} is a name, and nothing is saved under it")
    };
    let (text, note) = match change(Some(&first), &wanted) {
        Ok((text, note)) => (text, note),
        Err(note) => {
            assert_eq!((note, before.len()), (StorageNotice::Full, MOST_VIEWS));
            return;
        }
    };
    let was = before.contains(&short);
    assert_eq!(
        note,
        Some(if was {
            StorageNotice::Replaced(short.clone())
        } else {
            StorageNotice::Saved(short.clone())
        })
    );
    keep(&mut state, StorageCommand::Loaded(Some(text.clone()), note));
    let others =
        |names: Vec<String>| -> Vec<String> { names.into_iter().filter(|name| *name != short).collect() };
    assert_eq!(others(names(&text)), others(before.clone()), "{text:?}");
    let Some(named) = state.stored.views.iter().find(|view| view.name == short).cloned() else {
        unreachable!("{short:?} is not in {text:?}")
    };
    let is_same = outside(&view) == view;
    assert!(
        state.shows(&named) || !is_same,
        "{view:?} is not what is saved in {text:?}"
    );
    state.apply(Action::SetColumns(vec![Column::Rewind]), at);
    state.apply(Action::SetFilter("other".into()), at);
    keep(&mut state, StorageCommand::Show(short.clone()));
    assert_eq!(
        state.query.view,
        View {
            page: 1,
            ..outside(&view)
        },
        "{text:?}"
    );
    let gone = change(Some(&text), &StorageChange::Delete(short.clone()));
    let Ok((gone, _)) = gone else {
        unreachable!("{short:?} cannot be deleted")
    };
    assert_eq!(names(&gone), others(before), "{gone:?}");
}
