//! Resizing of columns: by their edge with the pointer, and from the button in their header with the
//! keyboard.
//!
//! A drag changes only custom properties of the table; the state gets the width at the end. Only the browser
//! knows the width of a column without a fixed one, so it is measured here.

use std::rc::Rc;

use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};
use yew::prelude::*;

use crate::core::domain::column::Column;
use crate::core::settings::columns::{ColumnLayout, LEAST, MOST, STEP};
use crate::core::state::Action;
use crate::view::context::Send;

/// Sets the width of a column in CSS pixels; `None` is the default width.
type OnWidth = Callback<(Column, Option<u32>)>;

/// The callback that changes the width of a column.
#[inline(never)]
pub fn on_width(send: &Send) -> OnWidth {
    send.action
        .reform(|(column, width)| Action::SetWidth(column, width))
}

/// The edge of a header cell.
#[inline(never)]
pub fn grip(on_width: &OnWidth, column: Column, layout: &Rc<ColumnLayout>) -> Html {
    html! { <Grip {column} layout={Rc::clone(layout)} on_width={on_width.clone()} /> }
}

/// The props of [`Grip`].
#[derive(Properties, PartialEq)]
struct GripProps {
    column: Column,
    layout: Rc<ColumnLayout>,
    on_width: OnWidth,
}

/// A drag in progress.
struct Drag {
    table: HtmlElement,
    /// The custom properties before the drag.
    before: [String; 2],
    /// The x coordinate where the pointer went down, and the width of the column then.
    x: i32,
    from: i32,
    /// The current width; `None` until the pointer has moved.
    width: Option<u32>,
}

/// The custom properties that a drag changes.
const PROPERTIES: [&str; 2] = ["--least", "--columns"];

fn set(table: &HtmlElement, values: [&str; 2]) {
    let style = table.style();
    for (property, value) in PROPERTIES.into_iter().zip(values) {
        // A custom property accepts any text.
        let _ = style.set_property(property, value);
    }
}

fn get(table: &HtmlElement) -> [String; 2] {
    let style = table.style();
    PROPERTIES.map(|property| style.get_property_value(property).unwrap_or_default())
}

/// The edge. It is beside the sort button, not in it, so that the end of a drag does not press the button.
#[component]
fn Grip(props: &GripProps) -> Html {
    let drag = use_mut_ref(|| None::<Drag>);
    let column = props.column;
    let on_down = {
        let drag = drag.clone();
        move |event: PointerEvent| {
            let grip: Option<HtmlElement> = event.target_dyn_into();
            let Some(grip) = grip.filter(|_| event.button() == 0 && event.is_primary()) else {
                return;
            };
            let header = grip.closest("th").ok().flatten().and_then(as_html);
            let table = grip.closest("table").ok().flatten().and_then(as_html);
            if let Some((header, table)) = header.zip(table) {
                // Without the capture, the drag would end at the edge of the window.
                let _ = grip.set_pointer_capture(event.pointer_id());
                let (x, from, before) = (event.client_x(), header.offset_width(), get(&table));
                drag.replace(Some(Drag {
                    table,
                    before,
                    x,
                    from,
                    width: None,
                }));
            }
        }
    };
    let on_move = {
        let (drag, layout) = (drag.clone(), Rc::clone(&props.layout));
        move |event: PointerEvent| {
            let mut drag = drag.borrow_mut();
            let Some(drag) = drag.as_mut() else { return };
            let moved = event.client_x() - drag.x;
            if moved == 0 && drag.width.is_none() {
                return;
            }
            let width = (drag.from + moved).max(0) as u32;
            let width = width.clamp(LEAST, MOST);
            if drag.width.replace(width) != Some(width) {
                let (least, tracks) = layout.with_width(column, width).tracks();
                set(&drag.table, [&least.css(), &tracks.join(" ")]);
            }
        }
    };
    let on_up = {
        let (drag, on_width) = (drag.clone(), props.on_width.clone());
        move |_: PointerEvent| {
            let ended = drag.take();
            if let Some(width) = ended.and_then(|drag| drag.width) {
                on_width.emit((column, Some(width)));
            }
        }
    };
    let on_cancel = move |_: PointerEvent| {
        if let Some(Drag {
            table,
            before: [least, tracks],
            ..
        }) = drag.take()
        {
            set(&table, [&least, &tracks]);
        }
    };
    let on_double = {
        let (on_width, layout) = (props.on_width.clone(), Rc::clone(&props.layout));
        move |event: MouseEvent| {
            let table = event.target_dyn_into::<Element>();
            let table = table
                .and_then(|grip| grip.closest("table").ok().flatten())
                .and_then(as_html);
            if let Some(table) = table {
                on_width.emit((column, Some(fit(&table, column, &layout))));
            }
        }
    };
    html! {
        <span class="grip" aria-hidden="true" onpointerdown={on_down} onpointermove={on_move} onpointerup={on_up}
            onpointercancel={on_cancel} ondblclick={on_double}></span>
    }
}

/// The width that the rendered cells of a column need. Each row is a grid of its own, so each is measured.
fn fit(table: &HtmlElement, column: Column, layout: &ColumnLayout) -> u32 {
    let before = get(table);
    let (least, mut tracks) = layout.with_width(column, LEAST).tracks();
    let at = layout.columns.iter().position(|other| *other == column);
    if let Some(track) = at.and_then(|at| tracks.get_mut(at)) {
        "max-content".clone_into(track);
    }
    set(table, [&least.css(), &tracks.join(" ")]);
    let cells = table.query_selector_all(&format!("[data-column='{}']", column.id()));
    let cells = cells
        .iter()
        .flat_map(|cells| (0..cells.length()).filter_map(|at| cells.get(at)));
    let widths = cells.filter_map(|cell| Some(as_html(cell.dyn_into().ok()?)?.offset_width()));
    let widest = widths.max().unwrap_or_default();
    set(table, [&before[0], &before[1]]);
    // A width reported as 80 may be 80.4.
    (widest.max(0) as u32 + 1).clamp(LEAST, MOST)
}

/// The keys in a header's button: Shift and arrows change the width, Shift and Home restores the default.
#[inline(never)]
pub fn on_key(on_width: &OnWidth) -> Callback<KeyboardEvent> {
    let on_width = on_width.clone();
    Callback::from(move |event: KeyboardEvent| {
        if !event.shift_key() || event.alt_key() || event.ctrl_key() || event.meta_key() {
            return;
        }
        let by = match event.key().as_str() {
            "ArrowLeft" => Some(-1),
            "ArrowRight" => Some(1),
            "Home" => None,
            _ => return,
        };
        let header = event
            .target_dyn_into::<Element>()
            .and_then(|target| target.closest("th").ok()?);
        let column = header
            .as_ref()
            .and_then(|header| Column::from_id(&header.get_attribute("data-column")?));
        let Some((header, column)) = header.zip(column) else {
            return;
        };
        let Some(width) = width_of(&header) else { return };
        event.prevent_default();
        on_width.emit((column, by.map(|by| stepped(width, by))));
    })
}

/// The width of a column of the widget around `inside`, one step wider or narrower than it is now.
pub fn step(inside: &Element, column: Column, by: i32) -> Option<u32> {
    let widget = inside.closest(".widget").ok()??;
    let header = widget
        .query_selector(&format!("th[data-column='{}']", column.id()))
        .ok()??;
    width_of(&header).map(|width| stepped(width, by))
}

fn stepped(width: u32, by: i32) -> u32 {
    width.saturating_add_signed(by * STEP as i32).clamp(LEAST, MOST)
}

/// The current width of a column; `None` while the rows are cards, which have no columns.
fn width_of(header: &Element) -> Option<u32> {
    let grip = header.query_selector(".grip").ok().flatten().and_then(as_html)?;
    let width = as_html(header.clone())?.offset_width();
    (grip.offset_width() > 0).then_some(width.max(0) as u32)
}

fn as_html(element: Element) -> Option<HtmlElement> {
    element.dyn_into().ok()
}
