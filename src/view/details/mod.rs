//! The details: one task with all its fields, beside the table.

mod failure;
mod history;

use wasm_bindgen::JsCast;
use web_sys::{Document, HtmlElement, Node, ShadowRoot};
use yew::prelude::*;

use super::context::Send;
use super::icon;
use super::phrases::{copied_words, task_name};
use super::table::row::job_link;
use crate::core::domain::column::{Column, TextField};
use crate::core::domain::task::Outcome;
use crate::core::format;
use crate::core::i18n::{Key, text};
use crate::core::privacy::excerpt::clamp;
use crate::core::report::task_text::report;
use crate::core::state::{Action, State};

/// The props of [`Panel`].
#[derive(Properties, PartialEq)]
struct PanelProps {
    row: u32,
    name: AttrValue,
    title: (AttrValue, AttrValue),
    close: AttrValue,
    outcome: Outcome,
    on_close: Callback<()>,
    children: Html,
}

/// The panel. Takes the focus when it opens; Escape closes it.
#[component]
fn Panel(props: &PanelProps) -> Html {
    let panel = use_node_ref();
    {
        let panel = panel.clone();
        use_effect_with(props.row, move |_| {
            if let Some(panel) = panel.cast::<HtmlElement>() {
                let _ = panel.focus();
            }
        });
    }
    // After closing, the focus returns to the row of the task.
    let close = {
        let (on_close, panel, row) = (props.on_close.clone(), panel.clone(), props.row);
        Callback::from(move |()| {
            let root = panel.get().map(|panel| panel.get_root_node());
            on_close.emit(());
            if let Some(row) = root.and_then(|root| row_in(&root, row)) {
                let _ = row.focus();
            }
        })
    };
    let on_key = {
        let close = close.clone();
        Callback::from(move |event: KeyboardEvent| {
            if event.key() == "Escape" {
                event.stop_propagation();
                close.emit(());
            }
        })
    };
    let on_close = close.reform(|_: MouseEvent| ());
    html! {
        <section part="detail" class="details" role="region" aria-label={props.name.clone()} tabindex="-1" ref={panel} onkeydown={on_key}>
            <header class={props.outcome.name()}>
                <span class="status">{ icon::outcome(props.outcome) }</span>
                <h2><bdi>{ &props.title.0 }</bdi>{ " · " }<bdi>{ &props.title.1 }</bdi></h2>
                <button type="button" class="button quiet" aria-label={props.close.clone()} title={props.close.clone()}
                    onclick={on_close}>{ "✕" }</button>
            </header>
            { props.children.clone() }
        </section>
    }
}

/// The row in the table, or the table itself if the row is on another page now.
fn row_in(root: &Node, row: u32) -> Option<HtmlElement> {
    let find = |selector: &str| match root.dyn_ref::<ShadowRoot>() {
        Some(shadow) => shadow.query_selector(selector).ok().flatten(),
        None => root
            .dyn_ref::<Document>()?
            .query_selector(selector)
            .ok()
            .flatten(),
    };
    let found = find(&format!("tr[data-row='{row}']")).or_else(|| find(".scroll"));
    found.and_then(|element| element.dyn_into().ok())
}

/// The details of a task.
#[inline(never)]
pub fn details(state: &State, row: u32, send: &Send, copied: Option<bool>, now: i64) -> Html {
    let lang = state.lang();
    let table = state.loaded.dataset.table();
    let (outcome, name) = (table.outcome(row), task_name(state, row));
    let message = table.text(row, TextField::ErrorMsg);
    let on_close = send.action.reform(|()| Action::Details(None));
    let close = text(lang, Key::Close);
    let status = clamp(format::status(table, row, lang).to_owned(), 100);
    let title = (AttrValue::from(name.clone()), AttrValue::from(status));
    let fields = Column::ALL.iter().filter(|column| **column != Column::ErrorMsg).map(|&column| {
        let mut cells = [(column, format::cell(table, row, column, now, state.locale()))];
        format::add_ages(&mut cells, table, row, now, state.locale());
        let [(_, cell)] = cells;
        let full = match column {
            Column::RestoreUri => Some(table.text(row, TextField::RestoreUri)),
            Column::RestorePoolListStr => Some(table.text(row, TextField::RestorePoolListStr)),
            _ => None,
        };
        let words = full.filter(|text| !text.is_empty()).map_or(cell.text, str::to_owned);
        let link = Some(column).filter(|column| *column == Column::OcpJobId);
        let link = link.and_then(|_| state.host.config.job_link(table.job(row)));
        let words = match link {
            Some(link) => job_link(row, &link, &words, &send.press),
            None => html! { <bdi>{ words }</bdi> },
        };
        html! {
            <>
                <dt>{ format::title(lang, column) }</dt>
                <dd data-column={column.id()} class={cell.missing.then_some("missing")} title={cell.title.map(AttrValue::from)}>{ words }</dd>
            </>
        }
    });
    html! {
        <Panel {row} {name} {title} {close} {outcome} {on_close}>
            if !message.trim().is_empty() { { failure::failed(state, message, outcome, send) } }
            if outcome == Outcome::Failed { { failure::pools(state, row, send) } }
            <p class="actions">{ failure::copy(send, text(lang, Key::CopyReport), report(state, row, now)) }</p>
            <p class="muted said" aria-hidden="true">{ copied.map_or("", |worked| copied_words(lang, worked)) }</p>
            { history::history(state, row, send, now) }
            <h3>{ text(lang, Key::More) }</h3>
            <dl>{ for fields }</dl>
        </Panel>
    }
}
