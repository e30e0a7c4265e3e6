//! Below the table: how much of the range is loaded, and the pages of the view.

use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, HtmlSelectElement};
use yew::prelude::*;

use super::context::Send;
use super::dom::to_top;
use crate::core::format::number;
use crate::core::i18n::{Key, Lang, fill, text};
use crate::core::state::{Action, State};

/// The footer of the table.
pub fn footer(state: &State, send: &Send, place: &NodeRef, now: i64) -> Html {
    html! {
        <div class="footer">
            { completeness(state, now) }
            { matches(state) }
            { waiting(state, send, place) }
            <span class="grow"></span>
            { rows_per_page(state, send) }
            { pages(state, send) }
        </div>
    }
}

/// The number of new tasks that wait, as a button that shows them. It is in the footer, so that it moves no
/// row.
fn waiting(state: &State, send: &Send, place: &NodeRef) -> Html {
    match state.pending_count() {
        0 => Html::default(),
        n => waiting_button(state, send, place, n),
    }
}

#[inline(never)]
fn waiting_button(state: &State, send: &Send, place: &NodeRef, n: u64) -> Html {
    let place = place.clone();
    let onclick = send.action.reform(move |_: MouseEvent| {
        to_top(&place);
        Action::ShowNew
    });
    let words = fill(state.lang(), Key::New, &[("n", &number(n))]);
    html! { <button type="button" class="button new" {onclick}>{ words }</button> }
}

fn completeness(state: &State, now: i64) -> Html {
    let lang = state.lang();
    let complete = state.loaded.dataset.is_complete();
    let stale = state.is_stale(now);
    let held = number(state.loaded.dataset.loaded());
    let words = match state.loaded.dataset.total() {
        Some(total) => fill(lang, Key::Held, &[("held", &held), ("total", &number(total))]),
        None if state.loaded.fetched_at.is_none() => String::new(),
        None => fill(lang, Key::HeldOnly, &[("held", &held)]),
    };
    html! {
        <span class="held">
            if complete && !stale { <span class="tick" aria-hidden="true">{ "✓" }</span> }
            <span part="completeness" data-complete={complete.to_string()}>{ words }</span>
            if stale { <span class="stale">{ " · " }{ text(lang, Key::Stale) }</span> }
        </span>
    }
}

fn matches(state: &State) -> Html {
    if state.query.filter.is_empty() {
        return Html::default();
    }
    let key = if state.loaded.dataset.is_complete() {
        Key::Match
    } else {
        Key::MatchSoFar
    };
    let n = number(state.shown.rows.len() as u64);
    html! { <span class="muted">{ fill(state.lang(), key, &[("n", &n)]) }</span> }
}

fn rows_per_page(state: &State, send: &Send) -> Html {
    let lang = state.lang();
    let chosen = state.query.view.rows_per_page;
    let mut sizes = vec![10, 20, 50, 100];
    sizes.extend(
        [state.host.config.page_size, chosen]
            .into_iter()
            .filter(|size| *size > 0),
    );
    sizes.sort_unstable();
    sizes.dedup();
    let on_change = send.maybe(|event: Event| {
        let rows = event
            .target_dyn_into::<HtmlSelectElement>()?
            .value()
            .parse()
            .ok()?;
        Some(Action::SetRowsPerPage(rows))
    });
    html! {
        <label class="rows">
            <span>{ text(lang, Key::RowsPerPage) }</span>
            <select onchange={on_change}>
                { for sizes.into_iter().map(|size| html! {
                    <option value={size.to_string()} selected={size == chosen}>{ size }</option>
                }) }
                <option value="0" selected={chosen == 0}>{ text(lang, Key::All) }</option>
            </select>
        </label>
    }
}

/// The numbers of up to five pages around the current one.
fn around(page: u64, last: Option<u64>) -> Vec<u64> {
    let last = last.unwrap_or(page + 1);
    let first = page.saturating_sub(2).min(last.saturating_sub(4)).max(1);
    (first..=last.min(first + 4)).collect()
}

fn pages(state: &State, send: &Send) -> Html {
    let lang = state.lang();
    let page = state.query.view.page;
    // Before the first answer no other page is known.
    let last = if state.loaded.fetched_at.is_none() {
        Some(page)
    } else {
        state.page_count()
    };
    let go = |to: u64| send.action.reform(move |_: MouseEvent| Action::GoToPage(to));
    let step = |key: Key, sign: &'static str, to: Option<u64>| {
        let to = to.filter(|to| *to != page);
        step_button(text(lang, key), sign, to.map(go))
    };
    let next = (last.is_none_or(|last| page < last)).then_some(page + 1);
    html! {
        <nav part="pager" class="pager" aria-label={text(lang, Key::Pagination)}>
            { step(Key::FirstPage, "«", Some(1)) }
            { step(Key::PreviousPage, "‹", Some(page.saturating_sub(1).max(1))) }
            { numbers(state, send, page, around(page, last)) }
            { step(Key::NextPage, "›", next) }
            { step(Key::LastPage, "»", last) }
        </nav>
    }
}

/// The page numbers; once the lazy part of the module is loaded, the focus follows the current one.
fn numbers(state: &State, send: &Send, page: u64, numbers: Vec<u64>) -> Html {
    let (lang, on_go) = (state.lang(), send.action.reform(Action::GoToPage));
    if state.is_lazy_part_loaded {
        following(numbers, page, lang, on_go)
    } else {
        buttons(&numbers, page, lang, &on_go)
    }
}

#[inline(never)]
fn following(numbers: Vec<u64>, page: u64, lang: Lang, on_go: Callback<u64>) -> Html {
    html! { <Numbers {numbers} {page} {lang} {on_go} /> }
}

fn buttons(numbers: &[u64], page: u64, lang: Lang, on_go: &Callback<u64>) -> Html {
    let button = |n: u64| {
        html! {
            <button type="button" class="number" aria-current={(n == page).then_some("page")}
                onclick={on_go.reform(move |_: MouseEvent| n)}
                aria-label={fill(lang, Key::PageNumber, &[("n", &number(n))])}>{ number(n) }</button>
        }
    };
    numbers.iter().copied().map(button).collect()
}

#[derive(Properties, PartialEq)]
struct NumbersProps {
    numbers: Vec<u64>,
    page: u64,
    lang: Lang,
    on_go: Callback<u64>,
}

/// A button for each page. The numbers shift with the page, so the focus is moved to the current one.
#[component]
fn Numbers(props: &NumbersProps) -> Html {
    let place = use_node_ref();
    {
        let place = place.clone();
        use_effect_with(props.page, move |_| follow(&place));
    }
    html! {
        <span class="numbers" ref={place}>{ buttons(&props.numbers, props.page, props.lang, &props.on_go) }</span>
    }
}

/// Focuses the current page number, if another number has the focus.
#[inline(never)]
fn follow(place: &NodeRef) {
    let of = |selector| place.cast::<HtmlElement>()?.query_selector(selector).ok()?;
    if of(":focus").is_some()
        && let Some(current) = of("[aria-current]")
        && let Some(current) = current.dyn_ref::<HtmlElement>()
    {
        let _ = current.focus();
    }
}

/// Disabled only through ARIA: a disabled button would lose the focus after a press.
#[inline(never)]
fn step_button(name: &'static str, sign: &'static str, onclick: Option<Callback<MouseEvent>>) -> Html {
    let off = onclick.is_none().then_some("true");
    html! {
        <button type="button" aria-label={name} title={name} aria-disabled={off} {onclick}>{ sign }</button>
    }
}

#[cfg(test)]
mod tests {
    use super::around;

    #[test]
    fn five_numbers_around_the_page() {
        assert_eq!(around(1, Some(62)), [1, 2, 3, 4, 5]);
        assert_eq!(around(30, Some(62)), [28, 29, 30, 31, 32]);
        assert_eq!(around(62, Some(62)), [58, 59, 60, 61, 62]);
        assert_eq!(around(1, Some(1)), [1]);
        assert_eq!(around(7, None), [4, 5, 6, 7, 8]);
    }
}
