//! The icons, as SVG paths. Each outcome has its own shape, so that colour is never the only difference.

use yew::prelude::*;

use crate::core::domain::task::Outcome;

fn icon(class: &'static str, paths: &[&'static str]) -> Html {
    html! {
        <svg {class} viewBox="0 0 16 16" aria-hidden="true" focusable="false">
            { for paths.iter().map(|d| html! { <path d={*d} /> }) }
        </svg>
    }
}

/// The icon of an outcome: tick in a circle, diamond, dashed clock, question mark.
pub fn outcome(outcome: Outcome) -> Html {
    let circle = "M14.2 8a6.2 6.2 0 1 1-12.4 0 6.2 6.2 0 0 1 12.4 0z";
    match outcome {
        Outcome::Succeeded => icon("icon", &[circle, "m5.3 8.2 1.9 1.9 3.6-4"]),
        Outcome::Failed => icon("icon", &["M8 1.5 14.5 8 8 14.5 1.5 8z", "M8 5v3.5M8 10.8v.1"]),
        Outcome::Running => icon("icon dashed", &[circle, "M8 4.6V8l2.3 1.6"]),
        Outcome::Unknown => icon(
            "icon",
            &[circle, "M6.3 6.4a1.8 1.8 0 1 1 2.4 1.8c-.5.2-.7.5-.7 1M8 11.2v.1"],
        ),
    }
}

/// A small circle, for a stage that is still to come.
pub fn to_come() -> Html {
    icon("icon", &["M10.5 8a2.5 2.5 0 1 1-5 0 2.5 2.5 0 0 1 5 0z"])
}

/// A magnifying glass.
pub fn search() -> Html {
    icon(
        "icon",
        &["M11.5 7a4.5 4.5 0 1 1-9 0 4.5 4.5 0 0 1 9 0z", "m10.5 10.5 3 3"],
    )
}

/// A calendar.
pub fn calendar() -> Html {
    icon(
        "icon",
        &[
            "M3.5 3h9A1.5 1.5 0 0 1 14 4.5v8a1.5 1.5 0 0 1-1.5 1.5h-9A1.5 1.5 0 0 1 2 12.5v-8A1.5 1.5 0 0 1 3.5 3z",
            "M2 6.5h12M5 1.5v3M11 1.5v3",
        ],
    )
}

/// A turning arrow.
pub fn refresh() -> Html {
    icon("icon", &["M13 8a5 5 0 1 1-1.5-3.6M13 2v3h-3"])
}

/// Two bars.
pub fn pause() -> Html {
    icon("icon", &["M5.5 3.5v9M10.5 3.5v9"])
}

/// A triangle.
pub fn resume() -> Html {
    icon("icon", &["M5 3.5v9l7.5-4.5z"])
}

/// Three columns.
pub fn columns() -> Html {
    icon("icon", &["M3 3v10M8 3v10M13 3v10"])
}

/// Lines of text.
pub fn density() -> Html {
    icon("icon", &["M2.5 4h11M2.5 8h11M2.5 12h11"])
}

/// An arrow into a tray.
pub fn export() -> Html {
    icon("icon", &["M8 2v8M5 7l3 3 3-3M3 13h10"])
}

/// Bars of different lengths.
pub fn list() -> Html {
    icon("icon", &["M2.5 4h11M2.5 8h7M2.5 12h4"])
}

/// A question mark.
pub fn help() -> Html {
    icon(
        "icon",
        &[
            "M14.2 8a6.2 6.2 0 1 1-12.4 0 6.2 6.2 0 0 1 12.4 0z",
            "M6.3 6.4a1.8 1.8 0 1 1 2.4 1.8c-.5.2-.7.5-.7 1M8 11.2v.1",
        ],
    )
}

/// A bookmark.
pub fn bookmark() -> Html {
    icon("icon", &["M4 2.5h8v11l-4-3-4 3z"])
}

/// A cross.
pub fn cross() -> Html {
    icon("icon", &["m4.5 4.5 7 7M11.5 4.5l-7 7"])
}

/// A triangle with an exclamation mark, for a warning.
pub fn warning() -> Html {
    icon("icon", &["M8 2.2 14.4 13.5H1.6z", "M8 6.5v3.3M8 11.6v.1"])
}

/// A circle with an “i”, for information.
pub fn remark() -> Html {
    icon(
        "icon",
        &[
            "M14.2 8a6.2 6.2 0 1 1-12.4 0 6.2 6.2 0 0 1 12.4 0z",
            "M8 4.9v.1M8 7.4v3.8",
        ],
    )
}

/// The sign that a button opens a menu.
pub(super) fn caret() -> Html {
    html! { <span class="caret" aria-hidden="true">{ "▾" }</span> }
}
