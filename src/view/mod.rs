//! The Yew components: they show a state and report what a person does through callbacks. No view calls the
//! browser for data or knows where the tasks come from.

mod chart;
mod chips;
mod columns;
mod details;
pub mod facets;
mod failure;
mod head;
mod help;
mod icon;
mod live;
mod menu;
mod notice;
pub mod overview;
mod pager;
mod paper;
mod range;
mod resize;
mod row;
mod search;
mod story;
mod table;
mod toolbar;
mod views;

use std::cell::RefCell;
use std::rc::Rc;

use wasm_bindgen::JsCast;
use web_sys::{Element, FocusOptions, HtmlElement};
use yew::prelude::*;

use crate::core::column::{Column, IntField, TextField};
use crate::core::export::Export;
use crate::core::format;
use crate::core::locale::Locale;
use crate::core::state::{Action, Press, State};
use crate::core::text::{Key, Lang, Later, fill, text};
pub use live::Said;
pub use menu::Menu;
use row::RowView;
use table::Table;

/// Where the views send what a person does.
#[derive(Clone, PartialEq)]
pub struct Send {
    /// Actions on the state.
    pub action: Callback<Action>,
    /// A task was pressed. Returns whether the default action goes on.
    pub press: Callback<(u32, Press), bool>,
    /// A text to copy to the clipboard.
    pub copy: Callback<String>,
    /// An export to save.
    pub export: Callback<Export>,
}

impl Send {
    /// A callback for a button that always sends the same action.
    fn press(&self, action: fn() -> Action) -> Callback<MouseEvent> {
        let send = self.action.clone();
        Callback::from(move |_| send.emit(action()))
    }

    /// A callback for an event that leads to an action only sometimes.
    fn maybe<E: 'static>(&self, action: impl Fn(E) -> Option<Action> + 'static) -> Callback<E> {
        let send = self.action.clone();
        Callback::from(move |event| {
            if let Some(action) = action(event) {
                send.emit(action);
            }
        })
    }
}

/// The texts of one row.
pub fn row_view(state: &State, row: u32, now: i64) -> RowView {
    let table = state.history.table();
    let job = table.int(row, IntField::OcpJobId);
    let job = job.filter(|_| state.view.columns.contains(&Column::OcpJobId));
    let cells = state
        .view
        .columns
        .iter()
        .map(|&column| (column, format::cell(table, row, column, now, &*state.locale)));
    let mut cells: Vec<_> = cells.collect();
    if state.is_whole {
        format::add_ages(&mut cells, table, row, now, &*state.locale);
    }
    if !state.view.widths.is_empty() {
        format::add_whole(&mut cells, &state.view.widths);
    }
    RowView {
        row,
        id: table.id(row).map(|id| id.to_string()),
        status: table.text(row, TextField::Status).to_owned(),
        outcome: table.outcome(row),
        cells,
        open: state.details == Some(row),
        job: state.config.job_link(job),
    }
}

/// Whether somebody is reading the rows of the widget in `place`, so that a refresh must not move them: the
/// pointer or the focus is on a row or on the button that shows new tasks, or the first row is scrolled out
/// of sight.
pub fn is_read(place: &NodeRef) -> bool {
    const AT: &str = "tbody:hover, tbody:focus-within, .new:hover, .new:focus";
    const ROW: f64 = 33.0;
    let find = |what| place.cast::<Element>()?.query_selector(what).ok().flatten();
    let top = |what| find(what).map_or(0.0, |element| element.get_bounding_client_rect().top());
    let scrolled = find(".scroll").map_or(0, |scroller| scroller.scroll_top());
    find(AT).is_some() || f64::from(scrolled) > ROW || top("tbody") < -ROW
}

/// Scrolls to the first row and focuses the region of the rows, because the button that was pressed
/// disappears. Not a row, because the focus on a row counts as reading.
#[inline(never)]
fn to_top(place: &NodeRef) {
    let Some(scroller) = to_rows(place.cast()) else {
        return;
    };
    scroller.set_scroll_top(0);
    if scroller.get_bounding_client_rect().top() < 0.0 {
        scroller.scroll_into_view();
    }
}

/// Focuses the region of the rows without scrolling.
#[inline(never)]
fn to_rows(widget: Option<Element>) -> Option<HtmlElement> {
    let scroller = widget?.query_selector(".scroll").ok()??;
    let scroller: HtmlElement = scroller.dyn_into().ok()?;
    let options = FocusOptions::new();
    options.set_prevent_scroll(true);
    let _ = scroller.focus_with_options(&options);
    Some(scroller)
}

/// The whole widget. `cells` returns the texts of a row when it is about to be visible.
pub fn widget(state: &State, send: &Send, cells: &Callback<u32, RowView>, local: &Local, now: i64) -> Html {
    let locale: &dyn Locale = &*state.locale;
    let lang = locale.lang();
    let rows = state.page_rows();
    let first = (state.view.page - 1) * u64::from(state.view.rows_per_page);
    let busy = !state.is_settled();
    let found = search::found(state, local);
    html! {
        <div class="widget" ref={local.place.clone()} lang={lang.tag()} data-theme={state.config.theme.name()} data-density={state.view.density.name()}
            onkeydown={help::on_key(state, send, local)}>
            { toolbar::toolbar(state, send, local, &found, now) }
            { chips::row(state, send, local) }
            { overview::strip(state, send, local, now) }
            { notice::notices(state, send, now) }
            <div class="body">
                <Table
                    columns={state.view.columns.clone()}
                    widths={state.view.widths.clone()}
                    pinned={state.view.pinned}
                    on_width={state.is_whole.then(|| resize::on_width(send))}
                    sort={state.view.sort}
                    {lang}
                    zone={AttrValue::from(locale.zone().to_owned())}
                    rows={rows.clone()}
                    virtual_rows={state.view.rows_per_page == 0}
                    {first}
                    id_digits={state.history.greatest_id.max(1).ilog10() + 1}
                    count={state.count()}
                    {busy}
                    density={state.view.density}
                    cells={cells.clone()}
                    on_press={send.action.reform(Action::Press)}
                    on_open={send.press.clone()}
                />
                { notice::empty(state, send, rows.as_ref().is_some_and(|rows| rows.is_empty())) }
                { state.details.map_or_else(Html::default, |row| details::details(state, row, send, local.copied, now)) }
            </div>
            { notice::below(state, send, now) }
            { pager::footer(state, send, &local.place, now) }
            { live::live(state, send, local, &found, busy) }
            if state.is_whole { { paper::paper(state) } }
            { help::help(state, local) }
        </div>
    }
}

/// State of this page only, which no saved view contains.
#[derive(Clone)]
pub struct Local {
    /// Whether the last copy to the clipboard worked.
    pub copied: Option<bool>,
    /// The menu that is open.
    pub menu: UseStateHandle<Option<Menu>>,
    /// What the live region announces and has announced, so that a poll without changes is silent.
    pub said: Rc<RefCell<Said>>,
    /// The element of the widget.
    pub place: NodeRef,
    /// The last breakdown, and what it was computed from, because it takes long for many tasks.
    pub facets: Rc<RefCell<Option<(facets::Of, Html)>>>,
    /// The names of the time zones that the browser knows, its own first.
    pub zones: Callback<(), Vec<String>>,
    /// Computes the overview of the view.
    pub overview: Callback<(), overview::Words>,
}

impl Local {
    /// A callback that refreshes for a person, so that its end is announced.
    fn refresh<E: 'static>(&self, send: &Send) -> Callback<E> {
        let said = Rc::clone(&self.said);
        send.action.reform(move |_| {
            said.borrow_mut().is_asked = true;
            Action::Refresh
        })
    }
}

/// Two sentences, one after the other.
fn sentences(lang: Lang, first: &str, second: &str) -> String {
    fill(lang, Key::Sentences, &[("first", first), ("second", second)])
}

/// The result of copying, as text.
fn copied_words(lang: Lang, worked: bool) -> &'static str {
    text(
        lang,
        if worked {
            Key::Later(Later::Copied)
        } else {
            Key::Later(Later::CopyFailed)
        },
    )
}

/// The name of a task, for a person.
fn name(state: &State, row: u32) -> String {
    let lang = state.locale.lang();
    match format::int(state.history.table(), row, IntField::Id) {
        Some(id) => fill(lang, Key::Later(Later::DetailsOf), &[("id", &format::named(&id))]),
        None => text(lang, Key::Later(Later::DetailsNoId)).to_owned(),
    }
}
