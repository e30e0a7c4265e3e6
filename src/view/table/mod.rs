//! The table: its header, and those of its rows that are visible.

mod head;
mod props;
pub(super) mod resize;
pub(super) mod row;

use std::cell::RefCell;
use std::rc::Rc;

use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, Node};
use yew::prelude::*;

use crate::core::i18n::{Key, text};
use crate::core::settings::attributes::Density;
use crate::core::state::Press;
use head::head;
pub(super) use props::TableProps;
use row::Row;

/// Rows that are rendered above and below the visible ones.
const MARGIN: usize = 4;
/// The rendered part starts at a multiple of this, so that small movements do not render again.
const STEP: usize = 2;
/// Rows that are rendered before the height of the container is known.
const FIRST_ROWS: usize = 40;
/// Placeholder rows while nothing is loaded.
const PLACEHOLDERS: usize = 12;

/// The rows that are rendered, from `start` up to and without `end`, and the height of a row in pixels.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Seen {
    start: usize,
    end: usize,
    height: f64,
}

/// The table.
#[component]
pub fn Table(props: &TableProps) -> Html {
    let scroller = use_node_ref();
    let body = use_node_ref();
    let table = use_node_ref();
    let height = if props.density == Density::Compact {
        28.0
    } else {
        33.0
    };
    let seen = use_state(|| Seen {
        start: 0,
        end: FIRST_ROWS,
        height,
    });
    let current = use_state(|| 0_u64);
    let count = props.rows.as_ref().map_or(0, |rows| rows.len());

    let measure = {
        let (scroller, body, seen) = (scroller.clone(), body.clone(), seen.clone());
        move || {
            let (Some(scroller), Some(body)) = (scroller.cast::<Element>(), body.cast::<Element>()) else {
                return;
            };
            let row = body.query_selector("tr[data-row]").ok().flatten();
            let row = row.and_then(|row| row.dyn_into::<HtmlElement>().ok());
            let height = row
                .map_or(seen.height, |row| f64::from(row.offset_height()))
                .max(1.0);
            let start = (f64::from(scroller.scroll_top()) / height) as usize;
            let fits = (f64::from(scroller.client_height()) / height).ceil() as usize;
            let start = start.saturating_sub(MARGIN) / STEP * STEP;
            let next = Seen {
                start,
                end: start + fits + 2 * MARGIN + STEP,
                height,
            };
            if *seen != next {
                seen.set(next);
            }
        }
    };
    let on_scroll = {
        let (measure, on) = (measure.clone(), props.virtual_rows);
        Callback::from(move |_: Event| {
            if on {
                measure();
            }
        })
    };
    {
        let on = props.virtual_rows;
        use_effect_with((on, count, props.density), move |_| {
            if on {
                measure();
            }
        });
    }

    // Set from code, because a strict content security policy forbids style attributes.
    let (start, end) = if props.virtual_rows {
        (seen.start.min(count), seen.end.min(count))
    } else {
        (0, count)
    };
    let (least, tracks) = props.layout.tracks();
    {
        let table = table.clone();
        use_effect_with((least, tracks), move |(least, tracks)| {
            if let Some(table) = table.cast::<HtmlElement>() {
                let style = table.style();
                let _ = style.set_property("--least", &least.css());
                let _ = style.set_property("--columns", &tracks.join(" "));
            }
        });
    }
    // Another page starts at its top. Not done for the first page, which is there already: it would cost a
    // second layout.
    {
        let (scroller, shown) = (scroller.clone(), use_mut_ref(|| false));
        use_effect_with((props.first, props.virtual_rows), move |_| {
            if let Some(scroller) = scroller.cast::<Element>().filter(|_| shown.replace(true)) {
                scroller.set_scroll_top(0);
            }
        });
    }

    let span = props.layout.columns.len().to_string();
    // The height is an attribute, so that it changes in the same update as the rows.
    let spacer = |name: &'static str, rows: usize| {
        let height = (rows as f64 * seen.height).round().to_string();
        html! { <tr key={name} role="presentation" class="spacer" aria-hidden="true" {height}><td colspan={span.clone()}></td></tr> }
    };
    let row_focus = use_mut_ref(RowFocus::default);
    let on_focus = {
        let (current, row_focus) = (current.clone(), Rc::clone(&row_focus));
        Callback::from(move |index| {
            row_focus.replace(RowFocus { index, is_on: true });
            current.set(index);
        })
    };
    let on_leave = {
        let (row_focus, body) = (Rc::clone(&row_focus), body.clone());
        Callback::from(move |event: FocusEvent| {
            let to = event
                .related_target()
                .and_then(|target| target.dyn_into::<Node>().ok());
            if to.is_some_and(|to| body.get().is_some_and(|body| !body.contains(Some(&to)))) {
                row_focus.borrow_mut().is_on = false;
            }
        })
    };
    {
        let (body, row_focus) = (body.clone(), Rc::clone(&row_focus));
        use_effect_with((start, end, props.rows.clone()), move |(_, _, rows)| {
            let RowFocus { index, is_on } = *row_focus.borrow();
            if let (true, Some(rows), Some(body)) = (is_on, rows, body.cast()) {
                follow(&body, index, rows.is_empty());
            }
        });
    }
    let shown = props.rows.as_ref().map(|rows| &rows[start..end]);
    let index_of = |at: usize| props.first + (start + at) as u64 + 2;
    let first_index = index_of(0);
    let tab_to = if (first_index..first_index + (end - start) as u64).contains(&*current) {
        *current
    } else {
        first_index
    };
    // Every child has a key and none is wrapped: otherwise scrolling creates all rows again.
    let mut children = Vec::new();
    if let Some(rows) = shown {
        if props.virtual_rows {
            children.push(spacer("above", start));
        }
        children.extend(rows.iter().enumerate().map(|(at, row)| {
            let index = index_of(at);
            html! {
                <Row key={*row} view={props.cells.emit(*row)} {index} in_tab_order={index == tab_to}
                    on_press={props.on_open.clone()} on_focus={on_focus.clone()} />
            }
        }));
        if props.virtual_rows {
            children.push(spacer("below", count - end));
        }
    } else if props.busy {
        children.extend((0..PLACEHOLDERS).map(|at| placeholder(props, at)));
    }
    html! {
        <div class={if props.virtual_rows { "scroll virtual" } else { "scroll" }} ref={scroller} tabindex="0" role="region"
            aria-label={text(props.lang, Key::TableRegion)} onscroll={on_scroll}>
            <table part="table" role="table" ref={table} onmouseover={tell} data-pinned={props.pinned.then_some("true")}
                data-sized={(!props.layout.widths.is_empty()).then_some("true")} aria-busy={props.busy.to_string()}
                aria-colcount={props.layout.columns.len().to_string()} aria-rowcount={props.count.map_or_else(|| "-1".to_owned(), |count| (count + 1).to_string())}>
                <caption class="hidden">{ text(props.lang, Key::Caption) }</caption>
                { head(props) }
                <tbody role="rowgroup" ref={body.clone()} onfocusout={on_leave} onkeydown={on_key(props, &row_focus, &body, seen.height)}>
                    { for children }
                </tbody>
            </table>
        </div>
    }
}

/// Shows the whole text in a tooltip when the pointer is on a text that its cell or header cuts off.
#[inline(never)]
#[allow(clippy::needless_pass_by_value, reason = "as a callback is called")]
fn tell(event: MouseEvent) {
    let target: Option<Element> = event.target().and_then(|target| target.dyn_into().ok());
    let Some(words) = target.and_then(|target| target.closest("bdi, .words").ok().flatten()) else {
        return;
    };
    let Some(place) = words.closest("td, .words").ok().flatten() else {
        return;
    };
    if place.scroll_width() <= place.client_width() {
        let _ = words.remove_attribute("title");
        return;
    }
    let mut whole = words.text_content().unwrap_or_default();
    // The tooltip must not hide that of the cell.
    let more = words
        .parent_element()
        .and_then(|parent| parent.closest("[title]").ok()?);
    if let Some(more) = more.and_then(|more| more.get_attribute("title")) {
        whole.push('\n');
        whole.push_str(&more);
    }
    let _ = words.set_attribute("title", &whole);
}

fn placeholder(props: &TableProps, at: usize) -> Html {
    html! {
        <tr key={format!("wait {at}")} role="presentation" class="placeholder" aria-hidden="true">
            { for props.layout.columns.iter().map(|column| html! { <td data-column={column.id()}><span></span></td> }) }
        </tr>
    }
}

/// The position of the movement through the rows by keyboard, and whether the focus is on it.
#[derive(Default)]
struct RowFocus {
    index: u64,
    is_on: bool,
}

/// Restores the focus that was on a row: scrolling, or a running task that moves, may render another element
/// in its place. If the row no longer exists, for example after the browser's Back, the first row gets the
/// focus, or the region if there are no rows.
#[inline(never)]
fn follow(body: &Element, index: u64, is_empty: bool) {
    let find = |element: Option<Element>| element.and_then(|element| element.dyn_into().ok());
    let place = row_at(body, index)
        .or_else(|| find(body.query_selector("tr[data-row]").ok()?))
        .or_else(|| find(body.closest(".scroll").ok()?.filter(|_| is_empty)));
    let Some(place): Option<HtmlElement> = place else {
        return;
    };
    // The focus may have moved without an event for the rows, for example into a frame.
    let document = place.owner_document();
    let active = document.as_ref().and_then(web_sys::Document::active_element);
    let is_ours = active.is_none_or(|active| {
        active.tag_name() == "BODY"
            || active
                .shadow_root()
                .is_some_and(|root| root.contains(Some(&place)))
    });
    if is_ours && !place.matches(":focus").unwrap_or(false) {
        let options = web_sys::FocusOptions::new();
        options.set_prevent_scroll(true);
        let _ = place.focus_with_options(&options);
    }
}

fn row_at(body: &Element, index: u64) -> Option<HtmlElement> {
    let row = body
        .query_selector(&format!("tr[aria-rowindex='{index}']"))
        .ok()
        .flatten();
    row.and_then(|row| row.dyn_into().ok())
}

/// The arrow keys move through the rows, Enter and Space open one. A row that is not rendered yet is scrolled
/// to and gets the focus when it is rendered.
fn on_key(
    props: &TableProps,
    row_focus: &Rc<RefCell<RowFocus>>,
    body: &NodeRef,
    height: f64,
) -> Callback<KeyboardEvent> {
    let (on_open, row_focus, body) = (props.on_open.clone(), Rc::clone(row_focus), body.clone());
    let first = props.first + 2;
    let end = first + props.rows.as_ref().map_or(0, |rows| rows.len()) as u64;
    Callback::from(move |event: KeyboardEvent| {
        let target = event
            .target()
            .and_then(|target| target.dyn_into::<Element>().ok());
        let Some(row) = target.filter(|target| target.has_attribute("data-row")) else {
            return;
        };
        let index = row_focus.borrow().index;
        let next = match event.key().as_str() {
            "ArrowDown" => index + 1,
            "ArrowUp" => index.saturating_sub(1),
            "Home" => first,
            "End" => end.saturating_sub(1),
            "Enter" | " " => {
                event.prevent_default();
                if let Some(row) = row.get_attribute("data-row").and_then(|row| row.parse().ok()) {
                    on_open.emit((row, Press::Row));
                }
                return;
            }
            _ => return,
        };
        event.prevent_default();
        if !(first..end).contains(&next) {
            return;
        }
        row_focus.borrow_mut().index = next;
        let Some(body) = body.cast::<Element>() else {
            return;
        };
        if let Some(row) = row_at(&body, next) {
            let _ = row.focus();
        } else if let Some(scroller) = body.closest(".scroll").ok().flatten() {
            let middle = f64::from(scroller.client_height()) / 2.0;
            scroller.set_scroll_top(((next - first) as f64 * height - middle) as i32);
        }
    })
}
