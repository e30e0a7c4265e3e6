//! The tables of the house: the rooms, what each may use, and which names are reserved.
//!
//! Only data stands here. The files beside this one hold the rules that read it.

/// Files that belong together, and what they may import.
pub(super) struct Room {
    /// A file without its `.rs`, or a folder. Where two rooms hold a file, the one with the longer place has it.
    pub(super) place: &'static str,
    /// Lists of places that it may import from. Its own files may always import each other.
    pub(super) uses: &'static [&'static [&'static str]],
    /// Whether the room may be empty, since it is built later.
    pub(super) optional: bool,
}

const fn room(place: &'static str, uses: &'static [&'static [&'static str]]) -> Room {
    Room {
        place,
        uses,
        optional: false,
    }
}

/// A room that is planned and may not be there yet: `oceanbase` (an OceanBase without OCP) and `watch` (somebody is told
/// at night).
const fn later(place: &'static str, uses: &'static [&'static [&'static str]]) -> Room {
    Room {
        place,
        uses,
        optional: true,
    }
}

const GROUND: &[&str] = &[
    "src/core/error",
    "src/core/domain",
    "src/core/json",
    "src/core/privacy",
];
const I18N: &[&str] = &["src/core/i18n"];
const VALUES: &[&str] = &["src/core/time", "src/core/table"];
const READERS: &[&str] = &["src/core/api", "src/core/format", "src/core/stats"];
const DATA: &[&str] = &["src/core/query", "src/core/dataset"];
const SETTINGS: &[&str] = &["src/core/settings"];
const STATE: &[&str] = &["src/core/state"];

const CORE: &[&str] = &["src/core"];
const SERVICES_VIEW: &[&str] = &["src/services", "src/view"];
const APP: &[&str] = &["src/app"];
const EMBED: &[&str] = &["src/embed"];

const HTTP: &[&str] = &["server/src/http"];
const COMMANDS: &[&str] = &[
    "server/src/demo",
    "server/src/gateway",
    "server/src/oceanbase",
    "server/src/watch",
];
const CLI: &[&str] = &["server/src/cli"];
const LIBRARY: &[&str] = &["server/src/lib"];

const RUN: &[&str] = &["xtask/src/run"];
const PROJECT: &[&str] = &["xtask/src/project"];
const TOOLS: &[&str] = &["xtask/src/tools"];
const BUILD: &[&str] = &["xtask/src/build"];
const XTASK: &[&str] = &["xtask/src"];

/// Who may import whom. A file that is in no room is an error, so that a new folder gets its line here.
#[rustfmt::skip]
pub(super) const ROOMS: &[Room] = &[
    // The widget's core, from the ground up.
    room("src/core/error", &[]),
    room("src/core/domain", &[]),
    room("src/core/json", &[]),
    room("src/core/privacy", &[]),
    room("src/core/i18n", &[GROUND]),
    room("src/core/time", &[GROUND, I18N]),
    room("src/core/table", &[GROUND]),
    room("src/core/api", &[GROUND, I18N, VALUES]),
    room("src/core/format", &[GROUND, I18N, VALUES]),
    room("src/core/stats", &[GROUND, I18N, VALUES]),
    room("src/core/query", &[GROUND, I18N, VALUES, READERS]),
    room("src/core/dataset", &[GROUND, I18N, VALUES, READERS]),
    room("src/core/settings", &[GROUND, I18N, VALUES, READERS, DATA]),
    room("src/core/state", &[GROUND, I18N, VALUES, READERS, DATA, SETTINGS]),
    room("src/core/report", &[GROUND, I18N, VALUES, READERS, DATA, SETTINGS, STATE]),
    // It only names the rooms of the core.
    room("src/core/mod", &[]),
    // The widget around its core.
    room("src/services", &[CORE]),
    room("src/view", &[CORE]),
    room("src/app", &[CORE, SERVICES_VIEW]),
    room("src/embed", &[CORE, SERVICES_VIEW, APP]),
    room("src/lib", &[CORE, SERVICES_VIEW, APP, EMBED]),
    // The companion server: commands that do not know each other, on the same HTTP.
    room("server/src/http", &[]),
    room("server/src/demo", &[HTTP]),
    room("server/src/gateway", &[HTTP]),
    later("server/src/oceanbase", &[HTTP]),
    later("server/src/watch", &[HTTP]),
    room("server/src/cli", &[HTTP, COMMANDS]),
    room("server/src/lib", &[HTTP, COMMANDS, CLI]),
    room("server/src/main", &[HTTP, COMMANDS, CLI, LIBRARY]),
    // Crates that are one room each.
    room("scan/src", &[]),
    room("fuzz/src", &[]),
    room("e2e/hosts/yew/src", &[]),
    // The project's commands. Each is a file, or a room where it is a large one; they use each other's parts.
    room("xtask/src/run", &[]),
    room("xtask/src/project", &[RUN]),
    room("xtask/src/tools", &[RUN, PROJECT]),
    room("xtask/src/house", &[RUN, PROJECT]),
    room("xtask/src/api", &[RUN, PROJECT]),
    room("xtask/src/build", &[RUN, PROJECT, TOOLS]),
    room("xtask/src/package", &[RUN, PROJECT, TOOLS, BUILD]),
    room("xtask/src/torture", &[XTASK]),
    room("xtask/src/test", &[XTASK]),
    room("xtask/src", &[XTASK]),
];

/// A crate or a type of the browser, and the rooms of the widget that may name it.
pub(super) struct Reserved {
    /// Its name. A star at the end stands for any rest.
    pub(super) name: &'static str,
    pub(super) only_in: &'static [&'static str],
}

const fn reserved(name: &'static str, only_in: &'static [&'static str]) -> Reserved {
    Reserved { name, only_in }
}

/// The folder that [`RESERVED`] speaks of. Other crates name what they like.
pub(super) const WIDGET: &str = "src";

/// No room of the core is in any of these lists: the core knows no browser.
pub(super) const RESERVED: &[Reserved] = &[
    reserved("yew", &["src/view", "src/app", "src/embed"]),
    reserved("web_sys", &["src/services", "src/view", "src/app", "src/embed"]),
    reserved("js_sys", &["src/services", "src/embed"]),
    reserved("gloo*", &["src/services", "src/view", "src/app"]),
    reserved(
        "wasm_bindgen*",
        &["src/services", "src/view", "src/app", "src/embed"],
    ),
    reserved("serde_wasm_bindgen", &["src/embed"]),
    // Untyped values of JavaScript end where they come in.
    reserved("JsValue", &["src/services", "src/embed"]),
];

/// The folder in which each public type has a name of its own.
pub(super) const CORE_FOLDER: &str = "src/core";
/// The only folder of the core with methods of `State`.
pub(super) const STATE_FOLDER: &str = "src/core/state";

/// Names that a reader takes for the standard library's.
#[rustfmt::skip]
pub(super) const STANDARD: &[&str] = &[
    "Any", "Arc", "BTreeMap", "BTreeSet", "Box", "Cell", "Clone", "Copy", "Cow", "Debug", "Default", "Display",
    "Drop", "Duration", "Eq", "Error", "Fn", "FnMut", "FnOnce", "Formatter", "From", "Future", "Hash", "HashMap",
    "HashSet", "Instant", "Into", "Iterator", "Mutex", "Option", "Ord", "Ordering", "Path", "PathBuf", "Pin",
    "Range", "Rc", "Read", "RefCell", "Result", "Send", "Sized", "String", "Sync", "ToOwned", "ToString", "Vec",
    "Weak", "Write",
];

/// A type that may have a name of [`STANDARD`].
pub(super) struct Exception {
    pub(super) name: &'static str,
    pub(super) place: &'static str,
    /// Why it is clear all the same.
    pub(super) reason: &'static str,
}

pub(super) const EXCEPTIONS: &[Exception] = &[Exception {
    name: "Error",
    place: "src/core/error",
    reason: "the one error of the core; each module of std with an error calls it so, too",
}];

/// The most lines that a file may have, without its tests.
pub(super) const MOST_LINES: usize = 400;

/// Whether a file is the place or below it.
pub(super) fn is_in(path: &str, place: &str) -> bool {
    path.strip_prefix(place)
        .is_some_and(|rest| rest == ".rs" || rest.starts_with('/'))
}

/// The room of a file.
pub(super) fn room_of<'a>(path: &str, rooms: &'a [Room]) -> Option<&'a Room> {
    rooms
        .iter()
        .filter(|room| is_in(path, room.place))
        .max_by_key(|room| room.place.len())
}
