//! What every view gets besides the state: where to send what a person does, and the state of this page only.

use std::cell::RefCell;
use std::rc::Rc;

use gloo_timers::callback::Timeout;
use yew::prelude::*;

use super::announcer::Announcer;
use super::menu::Menu;
use super::overview::words::OverviewWords;
use crate::core::i18n::Lang;
use crate::core::report::export::Export;
use crate::core::state::{Action, Press};

/// Where the views send what a person does.
#[derive(Clone, PartialEq)]
pub struct Send {
    /// Actions on the state.
    pub action: Callback<Action>,
    /// A task was pressed. Returns whether the default action goes on.
    pub press: Callback<(u32, Press), bool>,
    /// A text to copy to the clipboard.
    pub copy: Callback<String>,
    /// An export to save.
    pub export: Callback<Export>,
}

impl Send {
    /// A callback for a button that always sends the same action.
    pub(super) fn press(&self, action: fn() -> Action) -> Callback<MouseEvent> {
        let send = self.action.clone();
        Callback::from(move |_| send.emit(action()))
    }

    /// A callback for an event that leads to an action only sometimes.
    pub(super) fn maybe<E: 'static>(&self, action: impl Fn(E) -> Option<Action> + 'static) -> Callback<E> {
        let send = self.action.clone();
        Callback::from(move |event| {
            if let Some(action) = action(event) {
                send.emit(action);
            }
        })
    }
}

/// What a breakdown was computed from.
#[derive(PartialEq)]
pub struct FacetsBasis {
    /// The rows of the view.
    pub(super) rows: Rc<Vec<u32>>,
    /// The version of the dataset.
    pub(super) version: u64,
    /// The filter.
    pub(super) filter: String,
    /// The language of the texts.
    pub(super) lang: Lang,
}

/// State of this page only, which no saved view contains.
#[derive(Clone)]
pub struct Local {
    /// Whether the last copy to the clipboard worked.
    pub copied: Option<bool>,
    /// The menu that is open.
    pub menu: UseStateHandle<Option<Menu>>,
    /// What the live region announces and has announced, so that a refresh without changes is silent.
    pub announcer: Rc<RefCell<Announcer>>,
    /// The timer that runs while a person types.
    pub typing: Rc<RefCell<Option<Timeout>>>,
    /// The element of the widget.
    pub place: NodeRef,
    /// The last breakdown, and what it was computed from, because it takes long for many tasks.
    pub facets: Rc<RefCell<Option<(FacetsBasis, Html)>>>,
    /// The names of the time zones that the browser knows, its own first.
    pub zones: Callback<(), Vec<String>>,
    /// Computes the overview of the view.
    pub overview: Callback<(), OverviewWords>,
}

impl Local {
    /// A callback that refreshes for a person, so that its end is announced.
    pub(super) fn refresh<E: 'static>(&self, send: &Send) -> Callback<E> {
        let announcer = Rc::clone(&self.announcer);
        send.action.reform(move |_| {
            announcer.borrow_mut().expect_refresh();
            Action::Refresh
        })
    }
}
