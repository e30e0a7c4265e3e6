//! The state and its slices.

use super::host::Host;
use super::loaded::Loaded;
use super::query::Query;
use super::scheduler::Scheduler;
use super::shown::Shown;
use super::stored::Stored;
use super::url::Url;

/// The whole state of one widget.
#[derive(Default)]
pub struct State {
    /// What the host gave: attributes, properties, language and zone.
    pub host: Host,
    /// What the person asks of the tasks: range, sort, filter, page, columns.
    pub query: Query,
    /// What is loaded of the range.
    pub loaded: Loaded,
    /// The requests, and when the next ones are sent.
    pub scheduler: Scheduler,
    /// What is shown: rows, details, pending updates.
    pub shown: Shown,
    /// What the browser stores for the person: preferences and named views.
    pub stored: Stored,
    /// What the page's URL says of the view.
    pub url: Url,
    /// The time of the last action, in microseconds since 1970.
    pub now: i64,
    /// Whether the lazy part of the WebAssembly module is loaded, too. Until then only what a first row needs
    /// can be shown.
    pub is_lazy_part_loaded: bool,
}
