//! One request: sent by gloo-net, read as it comes up to a cap, timed out, and aborted when its guard is dropped.

use std::cell::Cell;
use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::rc::Rc;
use std::task::{Poll, Waker};

use gloo_net::http::{Headers, Method, RequestBuilder};
use gloo_timers::callback::Timeout;
use js_sys::{Array, Function, Object, Promise, Reflect, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{AbortController, ReadableStreamDefaultReader, RequestCache, RequestCredentials, Response};

use crate::core::config::Credentials;
use crate::core::error::{Code, Error, wait_of};
use crate::core::wire::{self, Page};
use crate::services::decode::Body;

/// Until the headers are here.
const HEADERS_MS: u32 = 30_000;
/// Until the body has ended.
const WHOLE_MS: u32 = 120_000;
/// Until the body of a refusal has ended.
const REFUSAL_MS: u32 = 5_000;
/// The largest body that is read.
const MOST_BYTES: usize = 64 << 20;

/// What the host puts between the widget and the network.
#[derive(Clone, Default)]
pub struct Outlet {
    /// Extra headers: an object, or a function that gives one, perhaps later.
    pub headers: Option<JsValue>,
    /// Takes the place of `fetch`.
    pub fetcher: Option<Function>,
    /// A request that `define.js` sent while the WebAssembly was on its way.
    pub early: Option<Early>,
}

/// An answer that is on its way already.
#[derive(Clone)]
pub struct Early {
    /// What was asked,
    pub url: String,
    /// in which language,
    pub lang: String,
    /// and with which cookies.
    pub credentials: String,
    /// The `Response` to be.
    pub response: Promise,
    /// What ends it.
    pub controller: AbortController,
}

/// What to ask.
pub struct Call {
    /// The address.
    pub url: String,
    /// The language of the texts that the server words itself.
    pub lang: &'static str,
    /// Which cookies go along.
    pub credentials: Credentials,
    /// The host's part.
    pub outlet: Outlet,
}

/// Aborts its request when it is dropped before the end.
pub struct Guard(Rc<End>);

impl Drop for Guard {
    fn drop(&mut self) {
        if !self.0.is_over.get() {
            self.0.abort();
        }
    }
}

/// The end of a request.
#[derive(Default)]
struct End {
    controller: Option<AbortController>,
    is_over: Cell<bool>,
    /// A deadline has made it.
    is_late: Cell<bool>,
    /// Who waits for the answer.
    waker: Cell<Option<Waker>>,
}

impl End {
    /// Ends it before its time: in the browser, and here, where somebody may wait for what minds no signal.
    fn abort(&self) {
        self.is_over.set(true);
        if let Some(controller) = &self.controller {
            controller.abort();
        }
        if let Some(waker) = self.waker.take() {
            waker.wake();
        }
    }
}

impl Outlet {
    /// The outlet for one request: it gets the early answer if it asks the same.
    pub fn for_call(&mut self, url: &str, lang: &str, credentials: Credentials) -> Self {
        let early = self.early.take().filter(|early| {
            let is_same = early.url == url && early.lang == lang && early.credentials == credentials.name();
            let is_same = is_same && self.headers.is_none() && self.fetcher.is_none();
            if !is_same {
                early.controller.abort();
            }
            is_same
        });
        Self {
            early,
            ..self.clone()
        }
    }
}

/// Sends a request; `done` gets the page or the failure, unless the guard was dropped before.
pub fn send(call: Call, done: impl FnOnce(Result<Page, Error>) + 'static) -> Guard {
    let controller = match &call.outlet.early {
        Some(early) => Some(early.controller.clone()),
        None => AbortController::new().ok(),
    };
    let end = Rc::new(End {
        controller,
        ..End::default()
    });
    let guard = Guard(Rc::clone(&end));
    spawn_local(async move {
        let result = {
            let mut work = pin!(ask(call, &end));
            // Whatever it waits for, be it the host's own code or a worker that never answers: it is dropped at the end.
            poll_fn(|context| {
                if end.is_over.get() {
                    return Poll::Ready(None);
                }
                end.waker.set(Some(context.waker().clone()));
                work.as_mut().poll(context).map(Some)
            })
            .await
        };
        end.is_over.set(true);
        match result {
            Some(result) => done(result),
            None if end.is_late.get() => done(Err(failed(Code::Timeout))),
            None => {}
        }
    });
    guard
}

/// Ends a request after a while, and says that it was for that.
fn deadline(ms: u32, end: &Rc<End>) -> Timeout {
    let end = Rc::clone(end);
    Timeout::new(ms, move || {
        end.is_late.set(true);
        end.abort();
    })
}

/// What only some hosts need stays out of the code that every first row needs.
type Boxed<'a, T> = Pin<Box<dyn Future<Output = Result<T, Error>> + 'a>>;

async fn ask(mut call: Call, end: &Rc<End>) -> Result<Page, Error> {
    let _whole = deadline(WHOLE_MS, end);
    let head = deadline(HEADERS_MS, end);
    if let Some(early) = call.outlet.early.take() {
        let response = JsFuture::from(early.response).await.map_err(lost)?;
        drop(head);
        return answer(genuine(response)?).await;
    }
    let signal = end.controller.as_ref().map(AbortController::signal);
    let headers = headers(&call).await?;
    let builder = RequestBuilder::new(&call.url)
        .method(Method::GET)
        .headers(Headers::from_raw(headers))
        .credentials(match call.credentials {
            Credentials::SameOrigin => RequestCredentials::SameOrigin,
            Credentials::Omit => RequestCredentials::Omit,
            Credentials::Include => RequestCredentials::Include,
        })
        // A restore that runs is another one a moment later, whatever something on the way thinks how long it holds.
        .cache(RequestCache::NoCache)
        .abort_signal(signal.as_ref());
    let request = builder.build().map_err(not_sent)?;
    let fetcher = match &call.outlet.fetcher {
        Some(fetcher) => fetcher.clone(),
        // Looked up anew, since a page may have put its own there, which may do whatever a fetcher may.
        None => Reflect::get(&js_sys::global(), &"fetch".into())
            .map_err(lost)?
            .unchecked_into(),
    };
    let request: web_sys::Request = request.into();
    let promise = fetcher.call1(&JsValue::UNDEFINED, &request).map_err(lost)?;
    let response = JsFuture::from(Promise::resolve(&promise)).await.map_err(lost)?;
    drop(head);
    answer(genuine(response)?).await
}

/// A `Response` that can be read: what has read it already, or stands in its place, would throw at every turn.
fn genuine(value: JsValue) -> Result<Response, Error> {
    let is_read = Reflect::get(&value, &"bodyUsed".into()).map_err(|_| unreadable())?;
    match value.dyn_into::<Response>() {
        Ok(response) if is_read == false && response.body().is_none_or(|body| !body.locked()) => Ok(response),
        _ => Err(unreadable()),
    }
}

#[inline(never)]
fn unreadable() -> Error {
    Error::new(
        Code::Network,
        "fetch gave no Response of this page, or one that was read before",
    )
}

/// What an answer holds.
async fn answer(response: Response) -> Result<Page, Error> {
    let body = read(&response).await;
    if !response.ok() {
        return Err(refused(&response, body));
    }
    body?.page().await.map_err(|error| of(&response, error))
}

/// Our own headers and the host's.
async fn headers(call: &Call) -> Result<web_sys::Headers, Error> {
    let headers = web_sys::Headers::new().map_err(bad_headers)?;
    headers.set("Accept", "application/json").map_err(bad_headers)?;
    headers.set("Accept-Language", call.lang).map_err(bad_headers)?;
    if let Some(given) = &call.outlet.headers {
        let added: Boxed<'_, ()> = Box::pin(add_hosts(&headers, given));
        added.await?;
    }
    Ok(headers)
}

/// The host's headers are asked anew for each request, since tokens expire.
async fn add_hosts(headers: &web_sys::Headers, given: &JsValue) -> Result<(), Error> {
    let given = match given.dyn_ref::<Function>() {
        Some(function) => function.call0(&JsValue::UNDEFINED).map_err(bad_headers)?,
        None => given.clone(),
    };
    let given = JsFuture::from(Promise::resolve(&given))
        .await
        .map_err(bad_headers)?;
    if given.is_null() || given.is_undefined() {
        return Ok(());
    }
    let no_pairs = || Error::config("headers", "neither an object of names and values nor Headers");
    // A `Headers` is a list of pairs by itself; a plain object has them as its entries.
    let pairs = if given.is_instance_of::<web_sys::Headers>() {
        Array::from(&given)
    } else {
        super::host::entries(given.dyn_ref::<Object>().ok_or_else(no_pairs)?).map_err(bad_headers)?
    };
    for pair in pairs.iter() {
        let pair: Array = pair.dyn_into().map_err(bad_headers)?;
        let text = |at| pair.get(at).as_string().ok_or_else(no_pairs);
        headers.set(&text(0)?, &text(1)?).map_err(bad_headers)?;
    }
    Ok(())
}

/// Reads the body piece by piece and stops at the cap.
async fn read(response: &Response) -> Result<Body, Error> {
    let mut body = Body::default();
    let Some(stream) = response.body() else {
        return Ok(body);
    };
    let mut reading = Reading {
        reader: stream.get_reader().unchecked_into(),
        is_over: false,
    };
    let _brief = (!response.ok()).then(|| brief(&reading.reader));
    loop {
        let piece = JsFuture::from(reading.reader.read()).await.map_err(lost)?;
        let piece_of = |name: &str| Reflect::get(&piece, &name.into()).map_err(lost);
        if piece_of("done")?.is_truthy() {
            reading.is_over = true;
            return Ok(body);
        }
        let piece: Uint8Array = piece_of("value")?.dyn_into().map_err(lost)?;
        if body.push(&piece) > MOST_BYTES {
            return Err(of(response, failed(Code::TooLarge)));
        }
    }
}

/// What a refusal says of itself is waited for, but not for long: its status says the most.
#[inline(never)]
fn brief(reader: &ReadableStreamDefaultReader) -> Timeout {
    let reader = reader.clone();
    Timeout::new(REFUSAL_MS, move || cancel(&reader))
}

/// Tells the source of a body, when it is dropped before the end, that nobody reads on.
struct Reading {
    reader: ReadableStreamDefaultReader,
    is_over: bool,
}

impl Drop for Reading {
    fn drop(&mut self) {
        if !self.is_over {
            cancel(&self.reader);
        }
    }
}

/// Whatever the source says to that: it may be the host's own, and say nothing.
#[inline(never)]
fn cancel(reader: &ReadableStreamDefaultReader) {
    let cancelled = reader.cancel();
    spawn_local(async move { drop(JsFuture::from(cancelled).await) });
}

/// No answer, or not the whole of one. Apart, as the others below: no first row needs them.
#[inline(never)]
#[allow(clippy::needless_pass_by_value, reason = "for map_err")]
fn lost(value: JsValue) -> Error {
    Error::new(Code::Network, message_of(&value))
}

#[inline(never)]
#[allow(clippy::needless_pass_by_value, reason = "for map_err")]
fn not_sent(error: gloo_net::Error) -> Error {
    Error::new(Code::Network, error.to_string())
}

#[inline(never)]
#[allow(clippy::needless_pass_by_value, reason = "for map_err")]
fn bad_headers(value: JsValue) -> Error {
    Error::config("headers", message_of(&value))
}

#[inline(never)]
fn failed(code: Code) -> Error {
    Error::new(code, "")
}

/// An answer that says why there are no tasks.
#[inline(never)]
fn refused(response: &Response, body: Result<Body, Error>) -> Error {
    let retry_after = response
        .headers()
        .get("Retry-After")
        .ok()
        .flatten()
        .and_then(|text| wait_of(&text, seconds_until));
    let error = wire::failure(response.status(), &body.unwrap_or_default().bytes());
    Error { retry_after, ..error }
}

/// What is wrong with the body of an answer.
#[inline(never)]
fn of(response: &Response, error: Error) -> Error {
    Error {
        status: error.status.or(Some(response.status())),
        ..error
    }
}

fn message_of(value: &JsValue) -> String {
    // What was thrown may be anything, and so may its message.
    let message = Reflect::get(value, &"message".into()).ok();
    let text = message.and_then(|message| message.as_string());
    text.or_else(|| value.as_string()).unwrap_or_default()
}

/// Against the page's clock, whatever that says.
fn seconds_until(date: &str) -> f64 {
    (js_sys::Date::parse(date) - js_sys::Date::now()) / 1000.0
}
