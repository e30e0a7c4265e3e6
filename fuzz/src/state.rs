//! The view as values: what `setState` takes, what the browser stores, what a URL contains.

use std::rc::Rc;

use ob_restore_tasks::core::address::{read, said};
use ob_restore_tasks::core::column::Column;
use ob_restore_tasks::core::config::Raw;
use ob_restore_tasks::core::kept::{Change, LONGEST_NAME, MOST_VIEWS, Note, Wish, change, name};
use ob_restore_tasks::core::layout::{LEAST, MOST};
use ob_restore_tasks::core::locale::Plain;
use ob_restore_tasks::core::order::Sort;
use ob_restore_tasks::core::saved::Saved;
use ob_restore_tasks::core::secret::mask;
use ob_restore_tasks::core::state::{Action, At, Effect, State, View};
use ob_restore_tasks::core::time::Range;
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
    let Some([json, stored, typed, range, sort, filter, page, columns, zone]) = super::lines(data) else {
        return;
    };
    values(json);
    let text = |text: &str| Some(text.to_owned()).filter(|text| text != "-");
    address(&[range, sort, filter, page, columns, zone].map(text));
    keeping(stored, typed, json);
}

fn view() -> View {
    State::default().view
}

/// The view as it leaves the widget and comes back: times in milliseconds, secrets masked.
fn outside(view: &View) -> View {
    View {
        range: match view.range {
            Range::Between(start, end) => Range::Between(start.map(floor), end.map(floor)),
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
    let (start, end) = view.range.bounds(0, &Plain::default());
    assert!(
        start.zip(end).is_none_or(|(start, end)| start <= end),
        "{:?} of {from:?}",
        view.range
    );
}

fn values(json: &str) {
    let read = Saved::from_json(json);
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
        sort: Sort::read("-id"),
        zone: Some("UTC".into()),
        page: 3,
        ..view()
    };
    let now = saved.clone().over(host.clone());
    holds(&now, json);
    // An invalid part leaves the view as it is.
    if let Some(sort) = saved.sort.as_deref().filter(|sort| !sort.trim().is_empty()) {
        assert_eq!(now.sort, Sort::read(sort).or(host.sort), "{json:?}");
    }
    if saved
        .range
        .as_deref()
        .is_some_and(|range| Range::read(range).is_none())
    {
        assert_eq!(now.range, host.range, "{json:?}");
    }
    let out = Saved::of(&now).json();
    assert_eq!(
        mask(&Saved::of(&now).filter.unwrap_or_default()),
        mask(&now.filter),
        "{out}"
    );
    let Ok(back) = Saved::from_json(&out) else {
        unreachable!("{out} cannot be read again")
    };
    assert_eq!(back.clone().over(view()), outside(&now), "{out}");
    assert_eq!(Saved::of(&back.over(view())).json(), out);
    for odd in ODD {
        let widths = saved
            .widths
            .iter()
            .flatten()
            .map(|(id, _)| (id.clone(), odd))
            .collect();
        let odd = Saved {
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
    let (now, errors) = read(texts, host.view.clone(), &Plain::default());
    holds(&now, &format!("{texts:?}"));
    for error in &errors {
        assert_eq!(error.attribute, Some("url-sync"));
        super::holds_no_secret(&error.message);
    }
    let out = said(&now, &host.config);
    let (back, errors) = read(&out, host.view.clone(), &Plain::default());
    assert_eq!((back.clone(), errors), (outside(&now), vec![]), "{out:?}");
    assert_eq!(said(&back, &host.config), out);
    // The state that comes from the URL must be what the URL says.
    let mut state = State::default();
    let raw: Raw = [("cluster-id", "1"), ("url-sync", "query")]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .into_iter()
        .collect();
    state.open(texts.clone());
    let action = Action::Configure(Box::new(raw), Rc::new(Plain::default()), Vec::new());
    state.apply(action, At::default());
    assert_eq!(state.view, now, "{texts:?}");
}

fn names(text: &str) -> Vec<String> {
    let mut state = State::default();
    state.recall(Some(text));
    state.kept.views.iter().map(|view| view.name.clone()).collect()
}

fn keeping(stored: &str, typed: &str, json: &str) {
    let at = At {
        now: 1_795_392_000_000_000,
        random: 0.5,
    };
    let short = name(typed);
    if let Some(short) = &short {
        assert_eq!(name(short).as_ref(), Some(short), "{typed:?}");
        assert!((1..=LONGEST_NAME).contains(&short.chars().count()), "{short:?}");
    }
    // Stored preferences are applied, and never change range, sort, filter or page.
    let raw: Raw = [
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
    state.recall(Some(stored));
    state.apply(
        Action::Configure(Box::new(raw), Rc::new(Plain::default()), Vec::new()),
        at,
    );
    holds(&state.view, stored);
    let seen = (
        state.view.range.spell(),
        state.view.sort,
        &*state.view.filter,
        state.view.page,
    );
    assert_eq!(seen, ("7d".to_owned(), Sort::read("id"), "x", 1), "{stored:?}");
    // A change without effect.
    let first = match change(Some(stored), &Change::Look(Vec::new())) {
        Ok((text, _)) => text,
        Err(note) => return assert_eq!(note, Note::Refused, "{stored:?}"),
    };
    assert!(
        serde_json::from_str::<IgnoredAny>(&first).is_ok(),
        "{first:?} is no JSON"
    );
    let again = change(Some(&first), &Change::Look(Vec::new()));
    assert_eq!(again, Ok((first.clone(), None)), "{stored:?}");
    let before = names(&first);
    assert_eq!(names(stored), before, "{stored:?}");
    assert!(before.len() <= MOST_VIEWS);
    for (at, view) in before.iter().enumerate() {
        assert!(!before[..at].contains(view), "{view:?} stands twice in {first:?}");
        assert_eq!(name(view).as_ref(), Some(view), "{view:?}");
    }
    // A saved view comes back unchanged, beside the others; and it can be deleted.
    let Some(short) = short else { return };
    state.recall(Some(&first));
    let Ok(saved) = Saved::from_json(json) else { return };
    state.apply(Action::Restore(saved.over(state.view.clone())), at);
    let view = state.view.clone();
    let keep = |state: &mut State, wish: Wish| {
        let effects = state.apply(Action::Kept(wish), at);
        effects.into_iter().find_map(|effect| match effect {
            Effect::Keep(wanted) => Some(wanted),
            _ => None,
        })
    };
    let Some(wanted) = keep(&mut state, Wish::Save(typed.to_owned())) else {
        unreachable!("{typed:?} is a name, and nothing is saved under it")
    };
    let (text, note) = match change(Some(&first), &wanted) {
        Ok((text, note)) => (text, note),
        Err(note) => {
            assert_eq!((note, before.len()), (Note::Full, MOST_VIEWS));
            return;
        }
    };
    let was = before.contains(&short);
    assert_eq!(
        note,
        Some(if was {
            Note::Replaced(short.clone())
        } else {
            Note::Saved(short.clone())
        })
    );
    keep(&mut state, Wish::Stored(Some(text.clone()), note));
    let others =
        |names: Vec<String>| -> Vec<String> { names.into_iter().filter(|name| *name != short).collect() };
    assert_eq!(others(names(&text)), others(before.clone()), "{text:?}");
    let Some(named) = state.kept.views.iter().find(|view| view.name == short).cloned() else {
        unreachable!("{short:?} is not in {text:?}")
    };
    let is_same = outside(&view) == view;
    assert!(
        state.shows(&named) || !is_same,
        "{view:?} is not what is saved in {text:?}"
    );
    state.apply(Action::Columns(vec![Column::Rewind]), at);
    state.apply(Action::Refilter("other".into()), at);
    keep(&mut state, Wish::Show(short.clone()));
    assert_eq!(
        state.view,
        View {
            page: 1,
            ..outside(&view)
        },
        "{text:?}"
    );
    let gone = change(Some(&text), &Change::Delete(short.clone()));
    let Ok((gone, _)) = gone else {
        unreachable!("{short:?} cannot be deleted")
    };
    assert_eq!(names(&gone), others(before), "{gone:?}");
}
