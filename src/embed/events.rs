//! The events of the contract, with plain objects as their details: 64-bit ids as strings, no secrets.

use serde_json::{Value, json};
use wasm_bindgen::JsValue;
use web_sys::{CustomEvent, CustomEventInit, HtmlElement};

use super::values::{to_js, view_json};
use crate::app::{Host, Notice};
use crate::core::column::{IntField, TextField};
use crate::core::error::Code;
use crate::core::export;
use crate::core::state::{Event, State};
use crate::core::time::iso;

/// The page around the element.
pub(super) struct Page {
    pub(super) host: HtmlElement,
}

fn notice(name: &'static str, detail: Value) -> Notice {
    Notice {
        name,
        detail,
        cancelable: false,
    }
}

impl Host for Page {
    fn describe(&self, event: &Event, state: &State) -> Vec<Notice> {
        match event {
            Event::Loaded {
                total,
                loaded,
                complete,
                trace_id,
                at,
            } => {
                let detail = json!({
                    "total": total, "loaded": loaded, "complete": complete, "traceId": trace_id,
                    "fetchedAt": iso(*at, 0, "").replace("+0000", "Z"),
                });
                vec![notice("obrt-load", detail)]
            }
            Event::Failed(error) => {
                let detail = json!({
                    "code": error.code(), "status": error.status, "message": error.message,
                    "traceId": error.trace_id, "retryable": error.is_retryable(), "attribute": error.attribute,
                });
                let mut notices = vec![notice("obrt-error", detail)];
                if error.code == Code::Auth {
                    let detail = json!({ "status": error.status, "traceId": error.trace_id });
                    notices.push(notice("obrt-auth-required", detail));
                }
                notices
            }
            Event::Changed => vec![notice("obrt-state-change", json!({ "state": view_json(state) }))],
        }
    }

    fn describe_row(&self, row: u32, state: &State) -> Notice {
        let table = state.history.table();
        let text = |value: Option<String>| value.map_or(Value::Null, Value::String);
        let job = table.int(row, IntField::OcpJobId).filter(|job| *job > 0);
        let detail = json!({
            "id": text(table.id(row).map(|id| id.to_string())),
            "ocpJobId": text(job.map(|job| job.to_string())),
            "status": table.text(row, TextField::Status),
            "task": export::task(table, row, false),
        });
        Notice {
            cancelable: true,
            ..notice("obrt-row-activate", detail)
        }
    }

    fn send(&self, notice: &Notice) -> bool {
        let init = CustomEventInit::new();
        init.set_bubbles(true);
        init.set_composed(true);
        init.set_cancelable(notice.cancelable);
        init.set_detail(&to_js(&notice.detail).unwrap_or(JsValue::NULL));
        let event = CustomEvent::new_with_event_init_dict(notice.name, &init);
        event.is_ok_and(|event| self.host.dispatch_event(&event).unwrap_or(true))
    }
}
