//! The head of a printout, so that it can serve as evidence: whose tasks, which filter and order, as of when,
//! and whether the list is complete. Hidden on the screen.

use yew::prelude::*;

use crate::core::format::number;
use crate::core::i18n::{Key, fill, text};
use crate::core::query::sort::Sort;
use crate::core::state::State;
use crate::core::time::iso;

#[inline(never)]
pub(super) fn paper(state: &State) -> Html {
    let Some(at) = state.loaded.fetched_at else {
        return Html::default();
    };
    let (lang, view) = (state.lang(), &state.query.view);
    let or_none = |words: String| Some(words).filter(|words| !words.trim().is_empty());
    let or_none = |words: String| or_none(words).unwrap_or_else(|| text(lang, Key::PaperNone).to_owned());
    let count = |n: Option<u64>| n.map_or_else(|| "?".to_owned(), number);
    let cluster = state.host.config.cluster.map(|id| id.to_string());
    let first = (view.page - 1) * u64::from(view.rows_per_page) + 1;
    let words = fill(
        lang,
        Key::Paper,
        &[
            ("cluster", &or_none(cluster.unwrap_or_default())),
            ("range", &view.range.print()),
            ("filter", &or_none(state.public_filter())),
            ("order", &or_none(view.sort.map(Sort::print).unwrap_or_default())),
            ("held", &number(state.loaded.dataset.loaded())),
            ("total", &count(state.loaded.dataset.total())),
            ("shown", &count(state.count())),
            ("first", &number(first)),
            ("fetched", &iso(at, state.locale().offset_at(at), ":")),
            ("zone", state.locale().zone()),
            (
                "trace",
                &or_none(state.loaded.trace_id.clone().unwrap_or_default()),
            ),
        ],
    );
    html! { <p class="paper">{ words }</p> }
}
