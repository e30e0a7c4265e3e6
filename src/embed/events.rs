//! The element's events, with plain objects as details: 64-bit ids are strings, secrets are masked.

use web_sys::{CustomEvent, CustomEventInit, HtmlElement};

use super::values::{to_js, view_json};
use crate::app::{Host, Notice};
use crate::core::domain::column::TextField;
use crate::core::error::{Code, Error};
use crate::core::json::value::Value;
use crate::core::report::export;
use crate::core::state::{Event, Press, State};
use crate::core::time::utc;

/// The page that contains the element.
pub(super) struct Page {
    pub(super) host: HtmlElement,
}

/// An event as the page gets it.
struct DomEvent {
    name: &'static str,
    detail: Value,
    cancelable: bool,
}

impl DomEvent {
    /// Sends it; `false` if the page prevented the default action.
    fn send(self, host: &HtmlElement) -> bool {
        let init = CustomEventInit::new();
        init.set_bubbles(true);
        init.set_composed(true);
        init.set_cancelable(self.cancelable);
        init.set_detail(&to_js(&self.detail));
        let event = CustomEvent::new_with_event_init_dict(self.name, &init);
        event.is_ok_and(|event| host.dispatch_event(&event).unwrap_or(true))
    }
}

fn notice(name: &'static str, detail: Vec<(&'static str, Value)>) -> DomEvent {
    DomEvent {
        name,
        detail: Value::Map(detail),
        cancelable: false,
    }
}

/// Not inlined, so that it can go to the lazy part of the module: no first row needs it.
#[inline(never)]
fn failed(error: &Error) -> Vec<DomEvent> {
    let status = || Value::from(error.status.map(u64::from));
    let trace_id = || Value::from(error.trace_id.clone());
    let detail = vec![
        ("code", error.code().into()),
        ("status", status()),
        ("message", error.message.clone().into()),
        ("traceId", trace_id()),
        ("retryable", error.is_retryable().into()),
        ("attribute", error.attribute.into()),
    ];
    let mut notices = vec![notice("obrt-error", detail)];
    if error.code == Code::Auth {
        let detail = vec![("status", status()), ("traceId", trace_id())];
        notices.push(notice("obrt-auth-required", detail));
    }
    notices
}

#[inline(never)]
fn changed(state: &State) -> Vec<DomEvent> {
    vec![notice("obrt-state-change", vec![("state", view_json(state))])]
}

impl Page {
    fn notice(&self, event: DomEvent) -> Notice {
        let host = self.host.clone();
        Box::new(move || event.send(&host))
    }
}

impl Host for Page {
    fn describe(&self, event: &Event, state: &State) -> Vec<Notice> {
        let events = match event {
            Event::Loaded {
                total,
                loaded,
                complete,
                trace_id,
                at,
            } => {
                let detail = vec![
                    ("total", (*total).into()),
                    ("loaded", (*loaded).into()),
                    ("complete", (*complete).into()),
                    ("traceId", trace_id.clone().into()),
                    ("fetchedAt", utc(*at).into()),
                ];
                vec![notice("obrt-load", detail)]
            }
            Event::Failed(error) => failed(error),
            Event::Changed => changed(state),
        };
        events.into_iter().map(|event| self.notice(event)).collect()
    }

    fn describe_press(&self, row: u32, press: Press, state: &State) -> Notice {
        let table = state.loaded.dataset.table();
        let id = || Value::from(table.id(row).map(|id| id.to_string()));
        let action = match press {
            Press::Row => None,
            Press::Job => Some("job"),
            Press::Pools => Some("pools"),
        };
        if let Some(action) = action {
            return self.notice(DomEvent {
                cancelable: true,
                ..notice("obrt-row-action", vec![("id", id()), ("action", action.into())])
            });
        }
        let job = table.job(row);
        let detail = vec![
            ("id", id()),
            ("ocpJobId", job.map(|job| job.to_string()).into()),
            ("status", table.text(row, TextField::Status).into()),
            ("task", export::task(table, row, false, false)),
        ];
        self.notice(DomEvent {
            cancelable: true,
            ..notice("obrt-row-activate", detail)
        })
    }
}
