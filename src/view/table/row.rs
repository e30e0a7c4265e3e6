//! One task as a row. It renders again only when one of its texts changes.

use yew::prelude::*;

use crate::core::domain::column::{Column, TextField};
use crate::core::domain::task::Outcome;
use crate::core::format::{self, CellText};
use crate::core::settings::columns::chosen_width;
use crate::core::state::{Press, State};
use crate::view::icon;

/// The texts of a row.
#[derive(Debug, Clone, PartialEq)]
pub struct RowView {
    /// The number of the row in the table.
    pub row: u32,
    /// The id of the task, if it is valid.
    pub id: Option<String>,
    /// The raw status.
    pub status: String,
    /// The outcome of the task.
    pub outcome: Outcome,
    /// The cells, in the order of the columns.
    pub cells: Vec<(Column, CellText)>,
    /// Whether the details of the task are open.
    pub open: bool,
    /// The URL of the link in the job's cell.
    pub job: Option<String>,
}

/// The texts of one row.
pub fn row_view(state: &State, row: u32, now: i64) -> RowView {
    let table = state.loaded.dataset.table();
    let job = table.job(row);
    let job = job.filter(|_| state.query.view.columns.contains(&Column::OcpJobId));
    let cells = state
        .query
        .view
        .columns
        .iter()
        .map(|&column| (column, format::cell(table, row, column, now, state.locale())));
    let mut cells: Vec<_> = cells.collect();
    if state.is_lazy_part_loaded {
        format::add_ages(&mut cells, table, row, now, state.locale());
    }
    if !state.query.view.widths.is_empty() {
        format::add_whole(&mut cells, |column| {
            chosen_width(&state.query.view.widths, column).is_some()
        });
    }
    RowView {
        row,
        id: table.id(row).map(|id| id.to_string()),
        status: table.text(row, TextField::Status).to_owned(),
        outcome: table.outcome(row),
        cells,
        open: state.shown.details == Some(row),
        job: state.host.config.job_link(job),
    }
}

/// The props of [`Row`].
#[derive(Properties, PartialEq)]
pub struct RowProps {
    /// The texts.
    pub view: RowView,
    /// Its 1-based position among all rows of the view; the header is 1.
    pub index: u64,
    /// Whether it is in the tab order.
    pub in_tab_order: bool,
    /// Called for a press or Enter. Returns whether the default action goes on.
    pub on_press: Callback<(u32, Press), bool>,
    /// Called when it gets the focus, with its position.
    pub on_focus: Callback<u64>,
}

/// The positions of the columns as text, because every cell has one.
pub const PLACES: [&str; Column::ALL.len()] = [
    "1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12", "13", "14", "15", "16", "17", "18", "19",
    "20", "21", "22",
];

/// The row.
#[component]
pub fn Row(props: &RowProps) -> Html {
    let view = &props.view;
    let (row, index) = (view.row, props.index);
    let on_click = props.on_press.reform(move |_: MouseEvent| (row, Press::Row));
    let on_focus = props.on_focus.reform(move |_: FocusEvent| index);
    html! {
        <tr role="row" part="row" class={view.outcome.name()} data-task-id={view.id.clone()} data-row={row.to_string()}
            aria-rowindex={index.to_string()} aria-selected={view.open.then_some("true")}
            tabindex={if props.in_tab_order { "0" } else { "-1" }} onclick={move |event| _ = on_click.emit(event)} onfocus={on_focus}>
            { for view.cells.iter().zip(PLACES).map(|((column, cell), at)| self::cell(props, at, *column, cell)) }
        </tr>
    }
}

/// A cell. Cards hide most cells, so each has the position of its column.
fn cell(props: &RowProps, at: &'static str, column: Column, cell: &CellText) -> Html {
    let view = &props.view;
    let class = match (column, cell.missing) {
        (Column::ErrorMsg, _) if cell.text.is_empty() => Some("missing none"),
        (_, false) if column.is_numeric() => Some("number"),
        (_, true) if column.is_numeric() => Some("number missing"),
        (_, true) => Some("missing"),
        (_, false) => None,
    };
    if column == Column::Status {
        return html! {
            <td role="cell" aria-colindex={at} part="cell status" class={class} data-column={column.id()}
                data-status={view.status.clone()} data-outcome={view.outcome.name()}
                title={cell.title.clone().map(AttrValue::from)}>
                <span class="status">{ icon::outcome(view.outcome) }<span class="words"><bdi>{ &cell.text }</bdi></span></span>
            </td>
        };
    }
    if let (Column::OcpJobId, Some(job)) = (column, &view.job) {
        return html! {
            <td role="cell" aria-colindex={at} part="cell" {class} data-column={column.id()}>{ job_link(view.row, job, &cell.text, &props.on_press) }</td>
        };
    }
    let part = if column == Column::ErrorMsg {
        "cell error"
    } else {
        "cell"
    };
    html! {
        <td role="cell" aria-colindex={at} {part} {class} data-column={column.id()} title={cell.title.clone().map(AttrValue::from)}>
            <bdi>{ &cell.text }</bdi>
        </td>
    }
}

/// The link to the OCP job of a task. The host may prevent the default action.
pub fn job_link(row: u32, link: &str, words: &str, on_press: &Callback<(u32, Press), bool>) -> Html {
    let on_press = on_press.clone();
    let on_click = move |event: MouseEvent| {
        // Not also a press on the row.
        event.stop_propagation();
        if !on_press.emit((row, Press::Job)) {
            event.prevent_default();
        }
    };
    html! { <a class="job" href={link.to_owned()} onclick={on_click}>{ words }</a> }
}
