//! The input and output of [`State`](super::state::State): the actions that can happen to the widget, and
//! the effects that it asks for in return.

use std::rc::Rc;

use super::address::Said;
use super::column::Column;
use super::config::{Config, Density, Raw};
use super::error::Error;
use super::kept::{Change, Wish};
use super::layout::Widths;
use super::locale::Locale;
use super::order::Sort;
use super::task::Outcome;
use super::time::Range;
use super::wire::Page;

/// When an action happens, with a random number for back-off.
#[derive(Debug, Clone, Copy, Default)]
pub struct At {
    /// Microseconds since 1970.
    pub now: i64,
    /// At least 0 and below 1.
    pub random: f64,
}

/// Something that a person, the host, the browser or the network does.
pub enum Action {
    /// The host's attributes changed: the new values, the locale made from them and from the page, and
    /// the errors found while making it.
    Configure(Box<Raw>, Rc<dyn Locale>, Vec<Error>),
    /// The host set the property `tasks`, or took it back (`None`).
    Tasks(Option<Result<Page, Error>>),
    /// The host will set `tasks`. Nothing is fetched until then.
    ExpectTasks,
    /// A property has an error, or is valid again (`None`). The name is the `attribute` of
    /// `obrt-error`.
    Property(&'static str, Option<Error>),
    /// The person or the host asks for fresh data.
    Refresh,
    /// The timer for an automatic refresh has fired.
    RefreshDue,
    /// The person asks to try again after a failure.
    Retry,
    /// The person stops fetching the whole range.
    Cancel,
    /// The person lets the fetch of the whole range continue.
    FetchRest,
    /// A column header was pressed: the next of ascending, descending, server order.
    Press(Column),
    /// The filter's text was typed. It replaces the current history entry of the page.
    Filter(String),
    /// The filter was changed by a control, not typed. It adds a history entry to the page.
    Refilter(String),
    /// Outcomes were picked for the status filter.
    Pick(Vec<Outcome>),
    /// A time range was picked.
    Range(Range),
    /// A time range was picked in the overview. The overview is wanted for the new range too.
    Brush(Range),
    /// The person asks to fetch what the overview needs.
    Overview,
    /// Every part of the WebAssembly module is loaded.
    Whole,
    /// Go to a page, from 1.
    Go(u64),
    /// Set the rows on a page, at most 2000; 0 shows all.
    RowsPerPage(u32),
    /// Set the shown columns, in order.
    Columns(Vec<Column>),
    /// Set the row height.
    Density(Density),
    /// Move a column by so many places: to the left below 0, to the right above 0.
    Move(Column, isize),
    /// Set a column's width in pixels; `None` is the default width.
    Width(Column, Option<u32>),
    /// Whether the first column stays in view while the table scrolls sideways.
    Pin(bool),
    /// Restore the host's columns and the default widths, without a pinned column.
    ResetColumns,
    /// Show times in another zone; `None` is the host's zone.
    Zone(Option<String>),
    /// The locale that [`Effect::Locate`] asked for.
    Located(Rc<dyn Locale>),
    /// The browser knows no zone of this name.
    NoZone(String),
    /// Pause automatic refresh (`true`) or resume it.
    Pause(bool),
    /// Open a row's details; `None` closes them.
    Details(Option<u32>),
    /// The page became visible (`true`) or hidden.
    Visible(bool),
    /// The browser is online again.
    Online,
    /// Set the whole view, as `setState` does.
    Restore(View),
    /// The person went back or forward to an address that holds these values.
    Address(Said),
    /// Reset the view to the attributes.
    Reset,
    /// The result of the request with this ticket.
    Arrived(u64, Result<Page, Error>),
    /// The wait with this ticket is over.
    Woke(u64),
    /// Somebody reads the rows (pointer or focus on a row, or scrolled past the first), or stopped.
    Reading(bool),
    /// Show the new tasks that were held back.
    ShowNew,
    /// A request about what the browser stores, or its result.
    Kept(Wish),
    /// Changes nothing by itself, but lets the state plan its requests again.
    Noop,
}

/// Something that the state asks the outside to do.
#[derive(Debug, Clone, PartialEq)]
pub enum Effect {
    /// Send a request: its ticket and its URL.
    Fetch(u64, String),
    /// Abort the request or the wait with this ticket.
    Abort(u64),
    /// Send [`Action::Woke`] with this ticket after so many milliseconds.
    Wait(u64, u32),
    /// Send [`Action::RefreshDue`] after so many milliseconds; `None` cancels the timer.
    RefreshIn(Option<u32>),
    /// Send an event to the host.
    Tell(Event),
    /// Make the locale of this zone and send [`Action::Located`]; `None` is the host's zone.
    Locate(Option<String>),
    /// Write these values to the page's address, as a new history entry or in place of the current one.
    Address(Said, Push),
    /// Have the browser store this change, then send what is stored as [`Wish::Stored`].
    Keep(Change),
    /// Read what is stored and send it as [`Wish::Stored`].
    Recall,
    /// Copy the page's address to the clipboard.
    CopyLink,
}

/// Whether a change of the address adds a history entry, so that Back leads to the earlier one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "said by their names")]
pub enum Push {
    Yes,
    No,
}

/// A person's action on a task. The host may handle it instead.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Press {
    /// Open the details.
    Row,
    /// Open the page of the OCP job.
    Job,
    /// Copy the names of the task's resource pools.
    Pools,
}

/// An event for the host.
#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    /// A load has settled (`obrt-load`).
    Loaded {
        /// The number of tasks in the range; `None` if the server did not say.
        total: Option<u64>,
        /// The number of tasks held.
        loaded: u64,
        /// Whether every task of the range is held.
        complete: bool,
        /// The trace id of the last answer.
        trace_id: Option<String>,
        /// When the load settled, in microseconds since 1970.
        at: i64,
    },
    /// Something failed (`obrt-error`).
    Failed(Error),
    /// The person changed the view (`obrt-state-change`).
    Changed,
}

/// What a person can choose. An address, a saved view or `getState()` holds parts of it.
#[derive(Debug, Clone, PartialEq)]
pub struct View {
    /// The time range.
    pub range: Range,
    /// The sort; `None` is the server's order.
    pub sort: Option<Sort>,
    /// The filter as typed, secrets included.
    pub filter: String,
    /// The page, from 1.
    pub page: u64,
    /// Rows on a page; 0 shows all.
    pub rows_per_page: u32,
    /// The shown columns, in order.
    pub columns: Vec<Column>,
    /// The row height.
    pub density: Density,
    /// The zone that the person chose for times; `None` is the host's.
    pub zone: Option<String>,
    /// The columns that do not have their default width, with their widths in pixels.
    pub widths: Widths,
    /// Whether the first column stays in view while the table scrolls sideways.
    pub pinned: bool,
}

impl View {
    pub(super) fn of(config: &Config) -> Self {
        Self {
            range: config.range,
            sort: config.sort,
            filter: config.filter.clone(),
            page: 1,
            rows_per_page: config.page_size,
            columns: config.columns.clone(),
            density: config.density,
            zone: None,
            widths: Widths::new(),
            pinned: false,
        }
    }
}

/// The failure that the banner shows.
#[derive(Debug, Clone, PartialEq)]
pub struct Trouble {
    /// The failure.
    pub error: Error,
    /// Whether the request is tried again automatically.
    pub retrying: bool,
}
