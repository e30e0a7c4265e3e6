//! What can happen to the widget, and what it wants in return: the words in which [`State`](super::state::State) is
//! spoken to, and answers.

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

/// When an action happens, and a random number for back-off.
#[derive(Debug, Clone, Copy, Default)]
pub struct At {
    /// Microseconds since 1970.
    pub now: i64,
    /// Between 0 and 1.
    pub random: f64,
}

/// What a person, the host or the network does.
pub enum Action {
    /// The host's attributes, and the locale that they and the page give.
    Configure(Box<Raw>, Rc<dyn Locale>, Vec<Error>),
    /// The host hands tasks over itself, or takes that back.
    Tasks(Option<Result<Page, Error>>),
    /// The host will hand tasks over: until then nothing is fetched.
    ExpectTasks,
    /// A property is wrong, or right again.
    Property(&'static str, Option<Error>),
    /// The person or the host wants fresh data.
    Refresh,
    /// The time for an automatic refresh has come.
    RefreshDue,
    /// Try again after a failure.
    Retry,
    /// Stop fetching the whole range.
    Cancel,
    /// Go on with it.
    FetchRest,
    /// A header was pressed.
    Press(Column),
    /// The filter's text was typed.
    Filter(String),
    /// Another filter was picked.
    Refilter(String),
    /// Outcomes were picked.
    Pick(Vec<Outcome>),
    /// Another time range.
    Range(Range),
    /// Another time range, picked in the overview, which is wanted for it as well.
    Brush(Range),
    /// Fetch what the overview needs.
    Overview,
    /// Every part of the module is here.
    Whole,
    /// Another page.
    Go(u64),
    /// Rows on a page; 0 is all.
    RowsPerPage(u32),
    /// Which columns.
    Columns(Vec<Column>),
    /// How high the rows are.
    Density(Density),
    /// A column goes so many places on.
    Move(Column, isize),
    /// Another width for a column; `None` is the usual one.
    Width(Column, Option<u32>),
    /// The first column stays in sight, or goes with the others.
    Pin(bool),
    /// The columns as the host has them, with their usual widths.
    ResetColumns,
    /// Times in another zone; `None` is the one that the host asks for.
    Zone(Option<String>),
    /// The locale of the zone that was wanted.
    Located(Rc<dyn Locale>),
    /// There is no such zone.
    NoZone(String),
    /// Hold automatic refresh, or go on.
    Pause(bool),
    /// Open a row's details, or close them.
    Details(Option<u32>),
    /// The page is seen again, or hidden.
    Visible(bool),
    /// The network is back.
    Online,
    /// A view as `getState` gave it.
    Restore(View),
    /// The person went back or forward to an address that says this.
    Address(Said),
    /// Back to what the attributes say.
    Reset,
    /// An answer came.
    Arrived(u64, Result<Page, Error>),
    /// A wait is over.
    Woke(u64),
    /// Somebody is at the rows (pointer or focus on them, scrolled past the first), or no more.
    Reading(bool),
    /// Show the new tasks that wait.
    ShowNew,
    /// What a person wants of what the browser keeps, and what comes of it.
    Kept(Wish),
    /// Nothing, but what is wanted may have changed.
    Noop,
}

/// What the widget wants from outside.
#[derive(Debug, Clone, PartialEq)]
pub enum Effect {
    /// Ask for an address.
    Fetch(u64, String),
    /// Forget a request.
    Abort(u64),
    /// Say [`Action::Woke`] after so many milliseconds.
    Wait(u64, u32),
    /// Say [`Action::RefreshDue`] after so many milliseconds; `None` stops it.
    RefreshIn(Option<u32>),
    /// Tell the host.
    Tell(Event),
    /// Say [`Action::Located`] with the locale of this zone, where that is none of the host's.
    Locate(Option<String>),
    /// Have the address say this, in an entry of its own or instead of what it said.
    Address(Said, Push),
    /// Have the browser keep this, and say what is stored then ([`Wish::Stored`]).
    Keep(Change),
    /// Say what is stored.
    Recall,
    /// Put the page's address on the clipboard.
    CopyLink,
}

/// Whether Back leads to what the address said before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "said by their names")]
pub enum Push {
    Yes,
    No,
}

/// What a person does with a task, and the host may do instead.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Press {
    /// Open the details.
    Row,
    /// Follow the link to the OCP job.
    Job,
    /// Take the names of its resource pools along.
    Pools,
}

/// What the host is told.
#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    /// A load has settled.
    Loaded {
        /// Tasks in the range.
        total: Option<u64>,
        /// Tasks here.
        loaded: u64,
        /// Whether these are all.
        complete: bool,
        /// Of the last answer.
        trace_id: Option<String>,
        /// When, in microseconds since 1970.
        at: i64,
    },
    /// Something went wrong.
    Failed(Error),
    /// The person changed the view.
    Changed,
}

/// What a person has chosen; what an address or a saved view holds.
#[derive(Debug, Clone, PartialEq)]
pub struct View {
    /// Which tasks, by their time.
    pub range: Range,
    /// In which order.
    pub sort: Option<Sort>,
    /// The filter as typed.
    pub filter: String,
    /// The page, from 1.
    pub page: u64,
    /// Rows on a page; 0 is all.
    pub rows_per_page: u32,
    /// The columns in their order.
    pub columns: Vec<Column>,
    /// How high the rows are.
    pub density: Density,
    /// The zone of the times, where it is not the host's.
    pub zone: Option<String>,
    /// The columns that have another width than usual.
    pub widths: Widths,
    /// Whether the first column stays in sight.
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

/// What went wrong, as it is shown.
#[derive(Debug, Clone, PartialEq)]
pub struct Trouble {
    /// The failure.
    pub error: Error,
    /// Whether it is tried again by itself.
    pub retrying: bool,
}
