//! The table: its header, and of its rows those that can be seen.

use std::cell::RefCell;
use std::rc::Rc;

use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, Node};
use yew::prelude::*;

use super::head::head;
use super::row::{Row, RowView};
use crate::core::column::Column;
use crate::core::config::Density;
use crate::core::layout::{Widths, tracks};
use crate::core::order::Sort;
use crate::core::state::Press;
use crate::core::text::{Key, Lang, text};

/// Rows rendered beyond what can be seen, above and below.
const MARGIN: usize = 4;
/// The rendered part begins at a multiple of this, so that not every pixel of scrolling renders anew.
const STEP: usize = 2;
/// Rows rendered before the height of the container is known.
const FIRST_ROWS: usize = 40;
/// Placeholders while nothing is here.
const PLACEHOLDERS: usize = 12;

/// What the table needs.
#[derive(Properties, PartialEq)]
pub struct TableProps {
    /// The columns in their order.
    pub columns: Vec<Column>,
    /// Those that have another width than usual.
    pub widths: Widths,
    /// Whether the first one stays in sight.
    pub pinned: bool,
    /// Another width was chosen; `None` until every part of the module is here.
    pub on_width: Option<Callback<(Column, Option<u32>)>>,
    /// By which one it is sorted.
    pub sort: Option<Sort>,
    /// The language.
    pub lang: Lang,
    /// The zone of the times.
    pub zone: AttrValue,
    /// The rows of the page; `None` while they are not here.
    pub rows: Option<Rc<Vec<u32>>>,
    /// Only those rows are rendered that can be seen.
    pub virtual_rows: bool,
    /// Digits of the longest id: an id that is cut short is another id.
    pub id_digits: u32,
    /// How many rows of the view come before this page.
    pub first: u64,
    /// How many rows the view has.
    pub count: Option<u64>,
    /// Whether something is on its way.
    pub busy: bool,
    /// How high a row is.
    pub density: Density,
    /// Gives a row's texts.
    pub cells: Callback<u32, RowView>,
    /// A header was pressed.
    pub on_press: Callback<Column>,
    /// A row was pressed.
    pub on_open: Callback<(u32, Press), bool>,
}

/// The part of the rows that is rendered.
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

    // What a style attribute could not do under a strict content security policy.
    let (start, end) = if props.virtual_rows {
        (seen.start.min(count), seen.end.min(count))
    } else {
        (0, count)
    };
    let (least, tracks) = tracks(&props.columns, &props.widths, props.id_digits);
    {
        let table = table.clone();
        use_effect_with((least, tracks), move |(least, tracks)| {
            if let Some(table) = table.cast::<HtmlElement>() {
                let style = table.style();
                let _ = style.set_property("--least", &least.spell());
                let _ = style.set_property("--columns", tracks);
            }
        });
    }
    // Another page begins at its top. The first one does anyway, and saying so would have it laid out twice.
    {
        let (scroller, shown) = (scroller.clone(), use_mut_ref(|| false));
        use_effect_with((props.first, props.virtual_rows), move |_| {
            if let Some(scroller) = scroller.cast::<Element>().filter(|_| shown.replace(true)) {
                scroller.set_scroll_top(0);
            }
        });
    }

    let span = props.columns.len().to_string();
    // The height is an attribute, so that it changes in the same moment as the rows.
    let spacer = |name: &'static str, rows: usize| {
        let height = (rows as f64 * seen.height).round().to_string();
        html! { <tr key={name} role="presentation" class="spacer" aria-hidden="true" {height}><td colspan={span.clone()}></td></tr> }
    };
    let walk = use_mut_ref(Walk::default);
    let on_focus = {
        let (current, walk) = (current.clone(), Rc::clone(&walk));
        Callback::from(move |index| {
            walk.replace(Walk { index, is_on: true });
            current.set(index);
        })
    };
    let on_leave = {
        let (walk, body) = (Rc::clone(&walk), body.clone());
        Callback::from(move |event: FocusEvent| {
            let to = event
                .related_target()
                .and_then(|target| target.dyn_into::<Node>().ok());
            if to.is_some_and(|to| body.get().is_some_and(|body| !body.contains(Some(&to)))) {
                walk.borrow_mut().is_on = false;
            }
        })
    };
    {
        let (body, walk) = (body.clone(), Rc::clone(&walk));
        use_effect_with((start, end, props.rows.clone()), move |(_, _, rows)| {
            let Walk { index, is_on } = *walk.borrow();
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
    // Every child has a key, and none is wrapped: otherwise scrolling makes all rows anew.
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
                data-sized={(!props.widths.is_empty()).then_some("true")} aria-busy={props.busy.to_string()}
                aria-colcount={props.columns.len().to_string()} aria-rowcount={props.count.map_or_else(|| "-1".to_owned(), |count| (count + 1).to_string())}>
                <caption class="hidden">{ text(props.lang, Key::Caption) }</caption>
                { head(props) }
                <tbody role="rowgroup" ref={body.clone()} onfocusout={on_leave} onkeydown={on_key(props, &walk, &body, seen.height)}>
                    { for children }
                </tbody>
            </table>
        </div>
    }
}

/// A text that its cell or its header cuts off is told whole, in a tooltip, by whoever is pointed at.
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
    // What the cell has to say beyond its text must not be hidden by it.
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
            { for props.columns.iter().map(|column| html! { <td data-column={column.id()}><span></span></td> }) }
        </tr>
    }
}

/// Where the walk through the rows stands, and whether the focus is with it.
#[derive(Default)]
struct Walk {
    index: u64,
    is_on: bool,
}

/// Gives the focus back that was on a row: scrolling may render another element in its place, and so does a running task
/// that moves on. Where there is no such row any more, after the browser's Back for one, the first takes it, and where
/// there is none at all the region.
#[inline(never)]
fn follow(body: &Element, index: u64, is_empty: bool) {
    let find = |element: Option<Element>| element.and_then(|element| element.dyn_into().ok());
    let place = row_at(body, index)
        .or_else(|| find(body.query_selector("tr[data-row]").ok()?))
        .or_else(|| find(body.closest(".scroll").ok()?.filter(|_| is_empty)));
    let Some(place): Option<HtmlElement> = place else {
        return;
    };
    // Somebody may have gone elsewhere without the rows being told, into a frame for one.
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

/// Arrows walk through the rows, Enter and Space open one. A row that is not rendered yet is scrolled to, and gets
/// the focus when it is there.
fn on_key(
    props: &TableProps,
    walk: &Rc<RefCell<Walk>>,
    body: &NodeRef,
    height: f64,
) -> Callback<KeyboardEvent> {
    let (on_open, walk, body) = (props.on_open.clone(), Rc::clone(walk), body.clone());
    let first = props.first + 2;
    let end = first + props.rows.as_ref().map_or(0, |rows| rows.len()) as u64;
    Callback::from(move |event: KeyboardEvent| {
        let target = event
            .target()
            .and_then(|target| target.dyn_into::<Element>().ok());
        let Some(row) = target.filter(|target| target.has_attribute("data-row")) else {
            return;
        };
        let index = walk.borrow().index;
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
        walk.borrow_mut().index = next;
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
