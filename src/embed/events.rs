//! The events of the contract, with plain objects as their details: 64-bit ids as strings, no secrets.

use serde::Serialize;
use serde_json::{Map, Value, json};
use wasm_bindgen::JsValue;
use web_sys::{CustomEvent, CustomEventInit, HtmlElement};

use super::values::{to_js, view_json};
use crate::app::Host;
use crate::core::column::{IntField, TextField};
use crate::core::error::Code;
use crate::core::export;
use crate::core::state::{Event, State};
use crate::core::time::iso;

/// The page around the element.
pub(super) struct Page {
    pub(super) host: HtmlElement,
}

impl Page {
    /// Sends an event and says whether nobody prevented what follows.
    fn send(&self, name: &str, detail: &impl Serialize, cancelable: bool) -> bool {
        let init = CustomEventInit::new();
        init.set_bubbles(true);
        init.set_composed(true);
        init.set_cancelable(cancelable);
        init.set_detail(&to_js(detail).unwrap_or(JsValue::NULL));
        let event = CustomEvent::new_with_event_init_dict(name, &init);
        event.is_ok_and(|event| self.host.dispatch_event(&event).unwrap_or(true))
    }
}

impl Host for Page {
    fn tell(&self, event: &Event, state: &State) {
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
                self.send("obrt-load", &detail, false);
            }
            Event::Failed(error) => {
                let detail = json!({
                    "code": error.code(), "status": error.status, "message": error.message,
                    "traceId": error.trace_id, "retryable": error.is_retryable(), "attribute": error.attribute,
                });
                self.send("obrt-error", &detail, false);
                if error.code == Code::Auth {
                    let detail = json!({ "status": error.status, "traceId": error.trace_id });
                    self.send("obrt-auth-required", &detail, false);
                }
            }
            Event::Changed => {
                self.send("obrt-state-change", &json!({ "state": view_json(state) }), false);
            }
        }
    }

    fn activate(&self, row: u32, state: &State) -> bool {
        let table = state.history.table();
        let text = |value: Option<String>| value.map_or(Value::Null, Value::String);
        let job = table.int(row, IntField::OcpJobId).filter(|job| *job > 0);
        let task: Map<String, Value> = export::task(table, row, false);
        let detail = json!({
            "id": text(table.id(row).map(|id| id.to_string())),
            "ocpJobId": text(job.map(|job| job.to_string())),
            "status": table.text(row, TextField::Status),
            "task": task,
        });
        self.send("obrt-row-activate", &detail, true)
    }
}
