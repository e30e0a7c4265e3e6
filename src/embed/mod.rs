//! The inside of `<ob-restore-tasks>`: what `static/element.js` calls, and the events that it sends.
//!
//! `element.js` owns the element; an [`Instance`] owns what is in its shadow root. Values of the host are
//! converted here: `JsValue` goes no deeper than this folder and the services.

mod events;
mod lazy_chunk;
mod values;

use std::cell::Cell;
use std::rc::Rc;

use js_sys::{Function, Object, Promise};
use wasm_bindgen::prelude::*;
use web_sys::{AbortController, HtmlElement};

use crate::app::{Mount, MountKind, Store};
use crate::core::api::response;
use crate::core::error::Error;
use crate::core::report::export::{Export, Form};
use crate::core::state::Action;
use crate::services::download;
use crate::services::fetch::Early;
use events::Page;

/// One widget in one element.
#[wasm_bindgen]
pub struct Instance {
    store: Store,
    mount: Mount,
    is_on: Cell<bool>,
}

#[wasm_bindgen]
impl Instance {
    /// A widget for the element `host`, which gets the events. Fails if the element is in no document.
    #[wasm_bindgen(constructor)]
    pub fn new(host: HtmlElement) -> Result<Self, JsValue> {
        let store = Store::new();
        let make = || {
            let root = host.owner_document()?.create_element("div").ok()?;
            root.set_class_name("root");
            Some((root.clone(), root))
        };
        let mount = Mount::take(MountKind::CustomElement, make).ok_or("the element is in no document")?;
        store.set_host(Rc::new(Page { host }));
        Ok(Self {
            store,
            mount,
            is_on: Cell::default(),
        })
    }

    /// The element in which the widget renders. The caller puts it into the shadow root.
    #[wasm_bindgen(getter)]
    pub fn root(&self) -> HtmlElement {
        self.mount.element().clone().unchecked_into()
    }

    /// Applies attributes: an object of HTML names and strings. The first call renders the widget.
    pub fn configure(&self, attributes: &Object) {
        self.store.configure(values::raw(attributes));
        if self.is_on.replace(true) {
            return;
        }
        self.mount.enter(self.store.clone());
    }

    /// Sets a property that is not an attribute: `headers`, `fetcher`, `messages` or `tasks`. `null` restores
    /// the default.
    pub fn set(&self, name: &str, value: JsValue) {
        let value = Some(value).filter(|value| !value.is_null() && !value.is_undefined());
        match name {
            "headers" => self.store.set_outlet(|outlet| outlet.headers = value),
            "fetcher" => {
                let fetcher = value.map(JsCast::dyn_into::<Function>).transpose();
                let error = fetcher
                    .is_err()
                    .then(|| Error::config("fetcher", "it is no function"));
                self.store
                    .set_outlet(|outlet| outlet.fetcher = fetcher.ok().flatten());
                self.store.dispatch(Action::Property("fetcher", error));
            }
            "messages" => {
                let own = value.as_ref().map(values::own).transpose();
                let error = own.as_ref().err().cloned();
                self.store.set_own(own.ok().flatten());
                self.store.dispatch(Action::Property("messages", error));
            }
            "tasks" => {
                let tasks = value.map(|value| values::json(&value).and_then(|json| response::tasks(&json)));
                self.store.dispatch(Action::Tasks(tasks));
            }
            _ => {}
        }
    }

    /// Passes a request that is already running. The first request uses it if it asks the same; otherwise it
    /// is aborted.
    #[wasm_bindgen(js_name = takeEarly)]
    pub fn take_early(
        &self,
        url: String,
        lang: String,
        credentials: String,
        response: Promise,
        controller: AbortController,
    ) {
        let early = Early {
            url,
            lang,
            credentials,
            response,
            controller,
        };
        self.store.set_outlet(|outlet| outlet.early = Some(early));
    }

    /// The host will set tasks right after the attributes: until then nothing is fetched.
    #[wasm_bindgen(js_name = expectTasks)]
    pub fn expect_tasks(&self) {
        self.store.dispatch(Action::ExpectTasks);
    }

    /// The lazy part of the module is loaded.
    pub fn complete(&self) {
        self.store.dispatch(Action::LazyPartLoaded);
    }

    /// Whether a request is running.
    #[wasm_bindgen(js_name = isBusy)]
    pub fn is_busy(&self) -> bool {
        !self.store.state().is_settled()
    }

    /// Fetches again. The promise resolves when that has ended, whether it failed or not.
    pub fn refresh(&self) -> Promise {
        self.store.dispatch(Action::Refresh);
        self.settled()
    }

    /// The view as a plain object.
    #[wasm_bindgen(js_name = getState)]
    pub fn get_state(&self) -> JsValue {
        values::of_view(&self.store.state())
    }

    /// Applies a view as `getState` returns it. The promise resolves when the data that it needs is loaded,
    /// or failed to.
    #[wasm_bindgen(js_name = setState)]
    pub fn set_state(&self, state: &JsValue) -> Promise {
        // The store is not borrowed while the host's object is read, because its getters may call back.
        let saved = values::saved(state);
        let view = saved.over(self.store.state().query.view.clone());
        self.store.dispatch(Action::Restore(view));
        self.settled()
    }

    /// Returns to the view of the attributes.
    pub fn reset(&self) {
        self.store.dispatch(Action::Reset);
    }

    /// The view, or only its page, as a `Blob`. First fetches what is missing of the range. Throws a
    /// `TypeError` for an unknown format or scope; the promise rejects if the range could not be loaded.
    #[wasm_bindgen(js_name = exportData)]
    pub fn export_data(&self, options: JsValue) -> Result<Promise, JsValue> {
        let options: values::ExportOptions = serde_wasm_bindgen::from_value(options)?;
        let form = match options.format.as_str() {
            "csv" => Form::Csv,
            "json" => Form::Json,
            _ => return Err(js_sys::TypeError::new("format must be \"csv\" or \"json\"").into()),
        };
        let page_only = match options.scope.as_deref() {
            None | Some("view") => false,
            Some("page") => true,
            Some(_) => return Err(js_sys::TypeError::new("scope must be \"view\" or \"page\"").into()),
        };
        let redacted = options.redacted;
        let export = Export { form, redacted };
        let store = self.store.clone();
        Ok(Promise::new(&mut |resolve, reject| {
            let text_of = store.clone();
            let then = move || {
                let whole = page_only || text_of.is_whole();
                let blob = whole.then(|| download::blob(&text_of.export(export, page_only), form.mime()));
                let unfinished =
                    || js_sys::Error::new("what is missing of the range could not be fetched").into();
                let _ = match blob.unwrap_or_else(|| Err(unfinished())) {
                    Ok(blob) => resolve.call1(&JsValue::UNDEFINED, &blob),
                    Err(error) => reject.call1(&JsValue::UNDEFINED, &error),
                };
            };
            if page_only {
                store.when_settled(then);
            } else {
                store.fetch_whole(then);
            }
        }))
    }

    /// Resolves once no request is running.
    pub fn settled(&self) -> Promise {
        let store = self.store.clone();
        Promise::new(&mut |resolve, _| {
            store.when_settled(move || drop(resolve.call0(&JsValue::UNDEFINED)));
        })
    }

    /// Stops the store after the WebAssembly has trapped. Unlike `close`, touches nothing else.
    pub fn abandon(&self) {
        self.store.close();
    }

    /// Ends the widget: nothing is fetched, sent or rendered afterwards. The next widget may use its root.
    pub fn close(&self) {
        self.store.close();
        self.mount.leave();
    }
}
