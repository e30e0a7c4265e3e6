//! The inside of `<ob-restore-tasks>`: what `define.js` calls, and the events that go out.
//!
//! `define.js` owns the element; an [`Instance`] owns what stands in its shadow root. Values of the host come and
//! go through serde-wasm-bindgen, and `JsValue` goes no deeper than this.

mod events;
mod rest;
mod values;

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use js_sys::{Function, Object, Promise};
use wasm_bindgen::prelude::*;
use web_sys::{AbortController, HtmlElement};
use yew::AppHandle;

use crate::app::{Stage, StageProps, Store};
use crate::core::error::Error;
use crate::core::export::{Export, Form};
use crate::core::state::Action;
use crate::core::wire;
use crate::services::download;
use crate::services::fetch::Early;
use events::Page;

thread_local! {
    /// Places that nobody uses at present.
    static STAGES: RefCell<Vec<(HtmlElement, AppHandle<Stage>)>> = RefCell::default();
}

/// One widget in one element.
#[wasm_bindgen]
pub struct Instance {
    store: Store,
    root: HtmlElement,
    // Behind a cell, since a host may call in while it is being told of something.
    stage: RefCell<Option<AppHandle<Stage>>>,
    is_on: Cell<bool>,
}

#[wasm_bindgen]
impl Instance {
    /// A widget on behalf of `host`, which gets the events.
    #[wasm_bindgen(constructor)]
    pub fn new(host: HtmlElement) -> Result<Self, JsValue> {
        let store = Store::new();
        let stage = STAGES.with(|stages| stages.borrow_mut().pop());
        let (root, stage) = match stage {
            Some((root, stage)) => (root, Some(stage)),
            None => {
                let document = host.owner_document().ok_or("the element is in no document")?;
                let root: HtmlElement = document.create_element("div")?.unchecked_into();
                root.set_class_name("root");
                (root, None)
            }
        };
        store.set_host(Rc::new(Page { host }));
        Ok(Self {
            store,
            root,
            stage: RefCell::new(stage),
            is_on: Cell::default(),
        })
    }

    /// Where it renders; to be put in place by who has made it.
    #[wasm_bindgen(getter)]
    pub fn root(&self) -> HtmlElement {
        self.root.clone()
    }

    /// Lets attributes hold: an object of HTML names and strings. The first call renders.
    pub fn configure(&self, attributes: &Object) {
        self.store.configure(values::raw(attributes));
        if self.is_on.replace(true) {
            return;
        }
        let props = StageProps {
            store: Some(self.store.clone()),
        };
        let stage = match self.stage.take() {
            Some(mut stage) => {
                stage.update(props);
                stage
            }
            None => yew::Renderer::with_root_and_props(self.root.clone().into(), props).render(),
        };
        self.stage.replace(Some(stage));
    }

    /// Sets a property that is no attribute: `headers`, `fetcher`, `messages`, `tasks`. `null` restores the default.
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
                let tasks = value.map(|value| values::json(&value).and_then(|json| wire::tasks(&json)));
                self.store.dispatch(Action::Tasks(tasks));
            }
            _ => {}
        }
    }

    /// A request that is on its way already: the first one, if it is the same.
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

    /// Tasks will be set right after the attributes: until then nothing is fetched.
    #[wasm_bindgen(js_name = expectTasks)]
    pub fn expect_tasks(&self) {
        self.store.dispatch(Action::ExpectTasks);
    }

    /// Every part of the module is here.
    pub fn complete(&self) {
        self.store.dispatch(Action::Whole);
    }

    /// Whether something is on its way.
    #[wasm_bindgen(js_name = isBusy)]
    pub fn is_busy(&self) -> bool {
        !self.store.state().is_settled()
    }

    /// Fetches anew; settles when that has ended, failed or not.
    pub fn refresh(&self) -> Promise {
        self.store.dispatch(Action::Refresh);
        self.settled()
    }

    /// The view as a plain object.
    #[wasm_bindgen(js_name = getState)]
    pub fn get_state(&self) -> JsValue {
        values::of_view(&self.store.state())
    }

    /// Takes a view as `getState` gave it; settles when what it needs is here.
    #[wasm_bindgen(js_name = setState)]
    pub fn set_state(&self, state: &JsValue) -> Promise {
        // Nothing is held while the host's object is looked at: that may call in.
        let saved = values::saved(state);
        let view = saved.over(self.store.state().view.clone());
        self.store.dispatch(Action::Restore(view));
        self.settled()
    }

    /// Back to what the attributes say.
    pub fn reset(&self) {
        self.store.dispatch(Action::Reset);
    }

    /// The view or its page as a `Blob`; what is missing of the range is fetched first.
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

    /// Resolves once nothing is on its way.
    pub fn settled(&self) -> Promise {
        let store = self.store.clone();
        Promise::new(&mut |resolve, _| {
            store.when_settled(move || drop(resolve.call0(&JsValue::UNDEFINED)));
        })
    }

    /// The runtime is not to be trusted any more: nothing is asked, told or listened to, and nothing else is touched.
    pub fn abandon(&self) {
        self.store.close();
    }

    /// Ends it: nothing is fetched, told or painted afterwards, and the next one may use its place.
    pub fn close(&self) {
        self.store.close();
        if let Some(mut stage) = self.stage.take() {
            stage.update(StageProps { store: None });
            STAGES.with(|stages| stages.borrow_mut().push((self.root.clone(), stage)));
        }
    }
}
