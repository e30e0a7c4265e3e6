//! The header of the table: in each cell a button that sorts, and, once the lazy part of the module is
//! loaded, the edge that resizes the column.

use yew::prelude::*;

use super::props::TableProps;
use super::resize;
use super::row::PLACES;
use crate::core::domain::column::Column;
use crate::core::format::title;
use crate::core::i18n::{Key, fill};
use crate::core::query::sort::Sort;

/// The header row.
pub fn head(props: &TableProps) -> Html {
    let on_key = props.on_width.as_ref().map(resize::on_key);
    html! {
        <thead role="rowgroup">
            <tr role="row" aria-rowindex="1" onkeydown={on_key}>
                { for props.layout.columns.iter().enumerate().map(|(at, column)| header(props, at, *column)) }
            </tr>
        </thead>
    }
}

fn header(props: &TableProps, at: usize, column: Column) -> Html {
    let sort = props.sort.filter(|sort| sort.column == column);
    let (aria, arrow) = match sort {
        None => (None, ""),
        Some(Sort {
            descending: false, ..
        }) => (Some("ascending"), "↑"),
        Some(_) => (Some("descending"), "↓"),
    };
    let timed = matches!(
        column,
        Column::CreateTime | Column::FinishTime | Column::RestoreEndTime
    );
    let note = timed.then(|| fill(props.lang, Key::ZoneNote, &[("zone", &props.zone)]));
    html! {
        <th key={column.id()} role="columnheader" scope="col" aria-colindex={PLACES.get(at).copied()} part="header-cell" data-column={column.id()} aria-sort={aria}
            class={column.is_numeric().then_some("number")}>
            <button type="button" title={note.map(AttrValue::from)} onclick={props.on_press.reform(move |_| column)}>
                <span class="words">{ title(props.lang, column) }</span><span class="arrow" aria-hidden="true">{ arrow }</span>
            </button>
            if let Some(on_width) = &props.on_width { { resize::grip(on_width, column, &props.layout) } }
        </th>
    }
}
