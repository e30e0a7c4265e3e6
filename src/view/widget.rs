//! The whole widget: puts the views in their places.

use std::rc::Rc;

use yew::prelude::*;

use super::context::{Local, Send};
use super::details;
use super::table::Table;
use super::table::resize;
use super::table::row::RowView;
use super::toolbar::{chips, search};
use super::{help, live, notice, overview, pager, paper, toolbar};
use crate::core::i18n::locale::Locale;
use crate::core::settings::columns::ColumnLayout;
use crate::core::state::{Action, State};

/// The whole widget. `cells` returns the texts of a row when it is about to be visible.
pub fn widget(state: &State, send: &Send, cells: &Callback<u32, RowView>, local: &Local, now: i64) -> Html {
    let locale: &dyn Locale = state.locale();
    let lang = locale.lang();
    let rows = state.page_rows();
    let first = state.query.view.offset();
    let busy = !state.is_settled();
    let found = search::found(state, local);
    let layout = ColumnLayout {
        columns: state.query.view.columns.clone(),
        widths: state.query.view.widths.clone(),
        id_digits: state.loaded.dataset.greatest_id.max(1).ilog10() + 1,
    };
    html! {
        <div class="widget" ref={local.place.clone()} lang={lang.tag()} data-theme={state.host.config.theme.name()} data-density={state.query.view.density.name()}
            onkeydown={help::on_key(state, send, local)}>
            { toolbar::toolbar(state, send, local, &found, now) }
            { chips::row(state, send, local) }
            { overview::strip(state, send, local, now) }
            { notice::notices(state, send, now) }
            <div class="body">
                <Table
                    layout={Rc::new(layout)}
                    pinned={state.query.view.pinned}
                    on_width={state.is_lazy_part_loaded.then(|| resize::on_width(send))}
                    sort={state.query.view.sort}
                    {lang}
                    zone={AttrValue::from(locale.zone().to_owned())}
                    rows={rows.clone()}
                    virtual_rows={state.query.view.rows_per_page == 0}
                    {first}
                    count={state.count()}
                    {busy}
                    density={state.query.view.density}
                    cells={cells.clone()}
                    on_press={send.action.reform(Action::ToggleSort)}
                    on_open={send.press.clone()}
                />
                { notice::empty(state, send, rows.as_ref().is_some_and(|rows| rows.is_empty())) }
                { state.shown.details.map_or_else(Html::default, |row| details::details(state, row, send, local.copied, now)) }
            </div>
            { notice::below(state, send, now) }
            { pager::footer(state, send, &local.place, now) }
            { live::live(state, send, local, &found, busy) }
            if state.is_lazy_part_loaded { { paper::paper(state) } }
            { help::help(state, local) }
        </div>
    }
}
