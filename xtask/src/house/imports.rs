//! Who may import whom, and which crates of the browser a room may name.

use super::rooms::{Reserved, Room, WIDGET, is_in, room_of};
use super::source::Sources;

/// Each file is in a room and imports only what the room may use.
pub(super) fn stay_in_rooms(sources: &Sources, rooms: &[Room]) -> Vec<String> {
    let mut broken = Vec::new();
    for file in &sources.files {
        let Some(room) = room_of(&file.path, rooms) else {
            broken.push(format!("{} is in no room", file.path));
            continue;
        };
        for (target, line) in &file.imports {
            let is_own = room_of(target, rooms).is_some_and(|other| other.place == room.place);
            let is_allowed = room
                .uses
                .iter()
                .copied()
                .flatten()
                .any(|place| is_in(target, place));
            if !is_own && !is_allowed {
                broken.push(format!(
                    "{}:{line} imports {target}, which {} may not use",
                    file.path, room.place
                ));
            }
        }
    }
    broken
}

/// Each room has a file: the rule of an empty one holds of nothing.
pub(super) fn have_files(sources: &Sources, rooms: &[Room]) -> Vec<String> {
    rooms
        .iter()
        .filter(|room| !room.optional)
        .filter(|room| sources.files.iter().all(|file| !is_in(&file.path, room.place)))
        .map(|room| format!("the room {} has no file", room.place))
        .collect()
}

/// A file of the widget names a crate or type of the browser only where that is allowed.
pub(super) fn keep_the_browser_out(sources: &Sources, reserved: &[Reserved]) -> Vec<String> {
    let mut broken = Vec::new();
    for file in sources.files.iter().filter(|file| is_in(&file.path, WIDGET)) {
        for named in &file.names {
            let is_reserved = |one: &&Reserved| one.covers(&named.name);
            let is_kept_out = |one: &Reserved| one.only_in.iter().all(|place| !is_in(&file.path, place));
            if reserved.iter().find(is_reserved).is_some_and(is_kept_out) {
                broken.push(format!("{}:{} names {}", file.path, named.line, named.name));
            }
        }
    }
    broken
}

impl Reserved {
    fn covers(&self, name: &str) -> bool {
        match self.name.strip_suffix('*') {
            Some(beginning) => name.starts_with(beginning),
            None => name == self.name,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::rooms::RESERVED;
    use super::super::source::testing::sources;
    use super::*;

    const LOW: &[&str] = &["src/core/low"];
    const ROOMS: &[Room] = &[
        Room {
            place: "src/core/low",
            uses: &[],
            optional: false,
        },
        Room {
            place: "src/core/high",
            uses: &[LOW],
            optional: false,
        },
        Room {
            place: "src/view",
            uses: &[&["src/core"]],
            optional: true,
        },
    ];

    #[test]
    fn a_room_imports_only_what_it_may_use() {
        let low = ("src/core/low.rs", "");
        let cases: &[(&str, &str, &[&str])] = &[
            ("src/core/high/a.rs", "use crate::core::low::X;", &[]),
            ("src/core/high/a.rs", "use super::b::X;", &[]),
            ("src/view/a.rs", "use crate::core::{high::b::X, low::Y};", &[]),
            (
                "src/core/low/a.rs",
                "\nuse crate::core::high::b::X;",
                &["src/core/low/a.rs:2 imports src/core/high/b.rs, which src/core/low may not use"],
            ),
            (
                "src/core/high/a.rs",
                "fn f() { crate::view::c::g(); }",
                &["src/core/high/a.rs:1 imports src/view/c.rs, which src/core/high may not use"],
            ),
            ("src/core/lower.rs", "", &["src/core/lower.rs is in no room"]),
        ];
        for (path, text, expected) in cases {
            let sources = sources(&[
                low,
                ("src/core/high/b.rs", ""),
                ("src/view/c.rs", ""),
                (path, text),
            ]);
            assert_eq!(stay_in_rooms(&sources, ROOMS), *expected, "{text}");
        }
    }

    #[test]
    fn an_empty_room_is_told_unless_it_is_built_later() {
        let one = sources(&[("src/core/low.rs", "")]);
        assert_eq!(have_files(&one, ROOMS), ["the room src/core/high has no file"]);
        let both = sources(&[("src/core/low.rs", ""), ("src/core/high/a.rs", "")]);
        assert_eq!(have_files(&both, ROOMS), [""; 0]);
    }

    #[test]
    fn the_browser_stays_out_of_the_core() {
        let cases: &[(&str, &str, &[&str])] = &[
            (
                "src/core/a.rs",
                "\nuse yew::prelude::*;",
                &["src/core/a.rs:2 names yew"],
            ),
            (
                "src/core/a.rs",
                "fn f(x: web_sys::Window) {}",
                &["src/core/a.rs:1 names web_sys"],
            ),
            (
                "src/core/a.rs",
                "use gloo_net::X;",
                &["src/core/a.rs:1 names gloo_net"],
            ),
            (
                "src/core/a.rs",
                "#[cfg(feature = \"web\")] use wasm_bindgen_futures::X;",
                &["src/core/a.rs:1 names wasm_bindgen_futures"],
            ),
            (
                "src/core/a.rs",
                "fn f() { m!(js_sys::Date::now()) }",
                &["src/core/a.rs:1 names js_sys"],
            ),
            (
                "src/core/a.rs",
                "//! Knows neither yew nor js_sys.\nfn f() { \"yew\"; }",
                &[],
            ),
            ("src/core/a.rs", "#[cfg(test)] mod tests { use yew::X; }", &[]),
            (
                "src/services/a.rs",
                "use yew::X;",
                &["src/services/a.rs:1 names yew"],
            ),
            (
                "src/services/a.rs",
                "use wasm_bindgen::JsValue; use web_sys::X;",
                &[],
            ),
            ("src/view/a.rs", "use yew::X; use web_sys::Y;", &[]),
            (
                "src/view/a.rs",
                "use wasm_bindgen::JsValue;",
                &["src/view/a.rs:1 names JsValue"],
            ),
            ("src/embed/a.rs", "use wasm_bindgen::JsValue;", &[]),
            ("server/src/a.rs", "use yew::X;", &[]),
        ];
        for (path, text, expected) in cases {
            let sources = sources(&[(path, text)]);
            assert_eq!(keep_the_browser_out(&sources, RESERVED), *expected, "{text}");
        }
    }
}
