//! Events and questions for a Yew host: the element's events as Rust types, sent through callbacks.

use yew::Callback;

use super::notice::{Host, Notice};
use crate::core::domain::column::TextField;
use crate::core::error::{Code, Error};
use crate::core::json::value::Value;
use crate::core::report::export;
use crate::core::settings::view::View;
use crate::core::state::{Event, Press, State};

/// An event. The element sends the same ones as `obrt-load`, `obrt-error`, `obrt-auth-required` and
/// `obrt-state-change`.
#[derive(Debug, Clone, PartialEq)]
pub enum HostEvent {
    /// A load has ended.
    Loaded {
        /// Number of tasks in the range, if the server reports it.
        total: Option<u64>,
        /// Number of tasks that are loaded.
        loaded: u64,
        /// Whether the loaded tasks are provably the whole range.
        complete: bool,
        /// The trace id of the last answer, to find it in OCP's log.
        trace_id: Option<String>,
        /// When the last answer came, in microseconds since the Unix epoch.
        fetched_at: i64,
    },
    /// A request or a setting failed; [`Error::code`] says what kind of failure it is.
    Failed(Error),
    /// Follows [`Failed`](Self::Failed) when the failure means that nobody is signed in.
    AuthRequired {
        /// The HTTP status, if there was an answer.
        status: Option<u16>,
        /// The trace id of the answer, to find it in OCP's log.
        trace_id: Option<String>,
    },
    /// The person changed the view.
    StateChange(View),
}

/// What a person does with a task and the host may handle itself. The element asks with `obrt-row-activate`
/// and `obrt-row-action`.
#[derive(Debug, Clone, PartialEq)]
pub enum HostPress {
    /// A row was opened. The default action shows its details.
    RowActivate {
        /// The task's id.
        id: Option<i64>,
        /// The id of its job in OCP, if it is greater than 0.
        ocp_job_id: Option<i64>,
        /// Its status as OCP returns it.
        status: String,
        /// The task in the shape of the API, secrets masked.
        task: Value,
    },
    /// A link or button in a row or in the details was pressed.
    RowAction {
        /// The task's id.
        id: Option<i64>,
        /// Which one.
        action: RowAction,
    },
}

/// What was pressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RowAction {
    /// The link to the OCP job. The default action follows the link.
    Job,
    /// The resource pools of the task. The default action copies their names.
    Pools,
}

/// The callbacks of a Yew host.
pub(super) struct Callbacks {
    on_event: Callback<HostEvent>,
    on_press: Option<Callback<HostPress, bool>>,
}

impl Callbacks {
    pub(super) fn new(on_event: &Callback<HostEvent>, on_press: &Option<Callback<HostPress, bool>>) -> Self {
        Self {
            on_event: on_event.clone(),
            on_press: on_press.clone(),
        }
    }

    fn event(&self, event: HostEvent) -> Notice {
        let on_event = self.on_event.clone();
        Box::new(move || {
            on_event.emit(event);
            true
        })
    }

    fn press(&self, press: HostPress) -> Notice {
        let on_press = self.on_press.clone();
        Box::new(move || on_press.is_none_or(|on_press| on_press.emit(press)))
    }
}

impl Host for Callbacks {
    fn describe(&self, event: &Event, state: &State) -> Vec<Notice> {
        let mut events = vec![match event {
            Event::Loaded {
                total,
                loaded,
                complete,
                trace_id,
                at,
            } => HostEvent::Loaded {
                total: *total,
                loaded: *loaded,
                complete: *complete,
                trace_id: trace_id.clone(),
                fetched_at: *at,
            },
            Event::Failed(error) => HostEvent::Failed(error.clone()),
            Event::Changed => HostEvent::StateChange(state.query.view.clone()),
        }];
        if let Event::Failed(error) = event
            && error.code == Code::Auth
        {
            events.push(HostEvent::AuthRequired {
                status: error.status,
                trace_id: error.trace_id.clone(),
            });
        }
        events.into_iter().map(|event| self.event(event)).collect()
    }

    fn describe_press(&self, row: u32, press: Press, state: &State) -> Notice {
        let table = state.loaded.dataset.table();
        let id = table.id(row);
        let action = |action| HostPress::RowAction { id, action };
        self.press(match press {
            Press::Job => action(RowAction::Job),
            Press::Pools => action(RowAction::Pools),
            Press::Row => HostPress::RowActivate {
                id,
                ocp_job_id: table.job(row),
                status: table.text(row, TextField::Status).to_owned(),
                task: export::task(table, row, false, false),
            },
        })
    }
}

#[cfg(test)]
mod tests {
    use std::cell::{Cell, RefCell};
    use std::rc::Rc;

    use super::*;

    type Heard = Rc<RefCell<Vec<HostEvent>>>;

    fn callbacks(goes_on: bool) -> (Callbacks, Heard, Rc<Cell<u32>>) {
        let heard = Heard::default();
        let presses: Rc<Cell<u32>> = Rc::default();
        let on_event = {
            let heard = Rc::clone(&heard);
            Callback::from(move |event| heard.borrow_mut().push(event))
        };
        let on_press = {
            let presses = Rc::clone(&presses);
            Callback::from(move |_| {
                presses.set(presses.get() + 1);
                goes_on
            })
        };
        (Callbacks::new(&on_event, &Some(on_press)), heard, presses)
    }

    #[test]
    fn a_login_is_asked_for_behind_the_failure_even_where_another_comes_between() {
        let (callbacks, heard, _) = callbacks(true);
        let state = State::default();
        let auth = Error::new(Code::Auth, "who?");
        let notices = callbacks.describe(&Event::Failed(auth.clone()), &state);
        let between = callbacks.describe(&Event::Changed, &state);
        let mut notices = notices.into_iter().collect::<Vec<_>>();
        let last = notices.pop();
        for notice in notices.into_iter().chain(between).chain(last) {
            assert!(notice());
        }
        let auth_required = HostEvent::AuthRequired {
            status: None,
            trace_id: None,
        };
        assert_eq!(
            *heard.borrow(),
            [
                HostEvent::Failed(auth),
                HostEvent::StateChange(state.query.view.clone()),
                auth_required
            ]
        );
    }

    #[test]
    fn the_host_may_do_the_rest_of_a_press_itself() {
        let press = HostPress::RowAction {
            id: Some(7),
            action: RowAction::Job,
        };
        for goes_on in [true, false] {
            let (callbacks, _, presses) = callbacks(goes_on);
            let notice = callbacks.press(press.clone());
            assert_eq!((notice(), presses.get()), (goes_on, 1));
        }
        let nobody = Callbacks::new(&Callback::noop(), &None);
        assert!(nobody.press(press)());
    }
}
