//! The input and output of [`State`](super::model::State): the actions that can happen to the widget, and
//! the effects that it asks for in return.

use std::rc::Rc;

use crate::core::api::response::Page;
use crate::core::domain::column::Column;
use crate::core::domain::task::Outcome;
use crate::core::error::Error;
use crate::core::i18n::locale::Locale;
use crate::core::settings::attributes::{Attributes, Density};
use crate::core::settings::stored::{StorageChange, StorageCommand};
use crate::core::settings::url::UrlParams;
use crate::core::settings::view::View;
use crate::core::time::TimeRange;

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
    Configure(Box<Attributes>, Rc<dyn Locale>, Vec<Error>),
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
    ToggleSort(Column),
    /// The filter's text was typed. It replaces the current history entry of the page.
    TypeFilter(String),
    /// The filter was changed by a control, not typed. It adds a history entry to the page.
    SetFilter(String),
    /// Outcomes were picked for the status filter.
    PickOutcomes(Vec<Outcome>),
    /// A time range was picked.
    SetRange(TimeRange),
    /// A time range was picked in the overview. The overview is wanted for the new range too.
    BrushRange(TimeRange),
    /// The person asks to fetch what the overview needs.
    WantOverview,
    /// Every part of the WebAssembly module is loaded.
    LazyPartLoaded,
    /// Go to a page, from 1.
    GoToPage(u64),
    /// Set the rows on a page, at most 2000; 0 shows all.
    SetRowsPerPage(u32),
    /// Set the shown columns, in order.
    SetColumns(Vec<Column>),
    /// Set the row height.
    SetDensity(Density),
    /// Move a column by so many places: to the left below 0, to the right above 0.
    MoveColumn(Column, isize),
    /// Set a column's width in pixels; `None` is the default width.
    SetWidth(Column, Option<u32>),
    /// Whether the first column stays in view while the table scrolls sideways.
    PinFirst(bool),
    /// Restore the host's columns and the default widths, without a pinned column.
    ResetColumns,
    /// Show times in another zone; `None` is the host's zone.
    SetZone(Option<String>),
    /// The locale that [`Effect::ResolveZone`] asked for.
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
    UrlChanged(UrlParams),
    /// Reset the view to the attributes.
    Reset,
    /// The result of the request with this ticket.
    Arrived(u64, Result<Page, Error>),
    /// The wait with this ticket is over.
    RetryDue(u64),
    /// Somebody reads the rows (pointer or focus on a row, or scrolled past the first), or stopped.
    Reading(bool),
    /// Show the new tasks that were held back.
    ShowNew,
    /// A request about what the browser stores, or its result.
    Storage(StorageCommand),
    /// Changes nothing by itself, but lets the state plan its requests again.
    Replan,
}

/// Who causes an action, as far as it matters to the view.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// A person asks for other tasks, or for another order of them.
    PersonsQuery,
    /// A person changes how the tasks look.
    PersonsLayout,
    /// The host changes something, or somebody asks for fresh data.
    HostOrRefresh,
    /// A timer, the network, the browser; or something that is not part of the view.
    Background,
}

impl Origin {
    /// Whether the host hears of the change. It does not hear of changes that it made itself.
    pub fn changes_view(self) -> bool {
        matches!(self, Self::PersonsQuery | Self::PersonsLayout)
    }

    /// Whether everything current is shown, pending updates too.
    pub fn shows_everything(self) -> bool {
        matches!(self, Self::PersonsQuery | Self::HostOrRefresh)
    }
}

impl Action {
    /// Who causes it.
    pub fn origin(&self) -> Origin {
        match self {
            Self::ToggleSort(_)
            | Self::TypeFilter(_)
            | Self::SetFilter(_)
            | Self::PickOutcomes(_)
            | Self::SetRange(_)
            | Self::BrushRange(_)
            | Self::GoToPage(_)
            | Self::SetRowsPerPage(_)
            | Self::ShowNew
            | Self::UrlChanged(_)
            | Self::Storage(StorageCommand::Show(_) | StorageCommand::Reset) => Origin::PersonsQuery,
            Self::SetColumns(_)
            | Self::SetDensity(_)
            | Self::MoveColumn(..)
            | Self::SetWidth(..)
            | Self::PinFirst(_)
            | Self::ResetColumns
            | Self::SetZone(_) => Origin::PersonsLayout,
            Self::Configure(..)
            | Self::Tasks(_)
            | Self::Refresh
            | Self::Retry
            | Self::Restore(_)
            | Self::Reset => Origin::HostOrRefresh,
            Self::ExpectTasks
            | Self::Property(..)
            | Self::RefreshDue
            | Self::Cancel
            | Self::FetchRest
            | Self::WantOverview
            | Self::LazyPartLoaded
            | Self::Located(_)
            | Self::NoZone(_)
            | Self::Pause(_)
            | Self::Details(_)
            | Self::Visible(_)
            | Self::Online
            | Self::Arrived(..)
            | Self::RetryDue(_)
            | Self::Reading(_)
            | Self::Storage(_)
            | Self::Replan => Origin::Background,
        }
    }

    /// How a URL that changes by this action enters the history. Typing replaces the entry: nobody wants to
    /// go back key by key.
    pub fn history_entry(&self) -> HistoryEntry {
        match self {
            Self::TypeFilter(_) | Self::UrlChanged(_) => HistoryEntry::Replace,
            action if action.origin().changes_view() => HistoryEntry::New,
            _ => HistoryEntry::Replace,
        }
    }
}

/// Something that the state asks the outside to do.
#[derive(Debug, Clone, PartialEq)]
pub enum Effect {
    /// Send a request: its ticket and its URL.
    Fetch(u64, String),
    /// Abort the request or the wait with this ticket.
    Abort(u64),
    /// Send [`Action::RetryDue`] with this ticket after so many milliseconds.
    Wait(u64, u32),
    /// Send [`Action::RefreshDue`] after so many milliseconds; `None` cancels the timer.
    RefreshIn(Option<u32>),
    /// Send an event to the host.
    Emit(Event),
    /// Make the locale of this zone and send [`Action::Located`]; `None` is the host's zone.
    ResolveZone(Option<String>),
    /// Write these values to the page's address, as a new history entry or in place of the current one.
    WriteUrl(UrlParams, HistoryEntry),
    /// Have the browser store this change, then send what is stored as [`StorageCommand::Loaded`].
    Store(StorageChange),
    /// Read what is stored and send it as [`StorageCommand::Loaded`].
    ReadStorage,
    /// Copy the page's address to the clipboard.
    CopyLink,
}

/// How a changed URL enters the history of the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HistoryEntry {
    /// As a new entry, so that Back leads to the earlier one.
    New,
    /// In place of the current entry.
    Replace,
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
