//! One request: sent by gloo-net, read up to a size limit, with time-outs, aborted when its guard is dropped.

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

use crate::core::api::response::{self, Page};
use crate::core::error::{Code, Error, wait_of};
use crate::core::settings::attributes::Credentials;
use crate::services::decode::Body;

/// Time until the headers must be here, in milliseconds.
const HEADERS_MS: u32 = 30_000;
/// Time until the body must have ended, in milliseconds.
const WHOLE_MS: u32 = 120_000;
/// Time until the body of an error response must have ended, in milliseconds.
const REFUSAL_MS: u32 = 5_000;
/// The largest body that is read, in bytes.
const MOST_BYTES: usize = 64 << 20;

/// What the host puts between the widget and the network.
#[derive(Clone, Default)]
pub struct Outlet {
    /// Extra headers: an object, or a function that returns one or a promise of one.
    pub headers: Option<JsValue>,
    /// Called instead of `fetch`.
    pub fetcher: Option<Function>,
    /// A request that `element.js` sent while the WebAssembly was still loading.
    pub early: Option<Early>,
}

/// A request that is already running.
#[derive(Clone)]
pub struct Early {
    /// Its URL.
    pub url: String,
    /// Its `Accept-Language`.
    pub lang: String,
    /// Its credentials mode.
    pub credentials: String,
    /// Resolves to its `Response`.
    pub response: Promise,
    /// Aborts it.
    pub controller: AbortController,
}

/// A request to send.
pub struct Call {
    /// The URL.
    pub url: String,
    /// The `Accept-Language` header: the language of texts that the server writes.
    pub lang: &'static str,
    /// Which cookies go with it.
    pub credentials: Credentials,
    /// What the host adds.
    pub outlet: Outlet,
}

/// Aborts its request if it is dropped before the end.
pub struct Guard(Rc<End>);

impl Drop for Guard {
    fn drop(&mut self) {
        if !self.0.is_over.get() {
            self.0.abort();
        }
    }
}

/// How a request ends.
#[derive(Default)]
struct End {
    controller: Option<AbortController>,
    is_over: Cell<bool>,
    /// A time-out ended it.
    is_late: Cell<bool>,
    /// Wakes the task that waits for the answer.
    waker: Cell<Option<Waker>>,
}

impl End {
    /// Ends the request early: in the browser, and here, because a host's `fetcher` may ignore the signal.
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
    /// The outlet for one request. It includes the early request if that one asks the same; otherwise that
    /// one is aborted.
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

/// Sends a request. `done` gets the page or the error, unless the guard is dropped before.
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
            // The request may wait for the host's code or for a worker that never answers; it is dropped when
            // it ends.
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

/// Ends a request after `ms` milliseconds and marks it as timed out.
fn deadline(ms: u32, end: &Rc<End>) -> Timeout {
    let end = Rc::clone(end);
    Timeout::new(ms, move || {
        end.is_late.set(true);
        end.abort();
    })
}

/// Boxed, so that code that only some hosts need stays out of what every first row needs.
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
        // A running restore changes all the time, so caches must revalidate, whatever lifetime the response
        // has.
        .cache(RequestCache::NoCache)
        .abort_signal(signal.as_ref());
    let request = builder.build().map_err(not_sent)?;
    let fetcher = match &call.outlet.fetcher {
        Some(fetcher) => fetcher.clone(),
        // Looked up for each request, because a page may replace `fetch`. A replacement may do whatever a
        // fetcher may.
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

/// Accepts only a `Response` that can still be read. One that was read before, or another object, would throw
/// later.
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

/// Reads an answer: a page, or the error that it reports.
async fn answer(response: Response) -> Result<Page, Error> {
    let body = read(&response).await;
    if !response.ok() {
        return Err(refused(&response, body));
    }
    body?.page().await.map_err(|error| of(&response, error))
}

/// The widget's headers and the host's.
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

/// The host's headers are asked for at each request, since tokens expire.
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
    // A `Headers` object iterates as pairs; of a plain object the entries are taken.
    let pairs = if given.is_instance_of::<web_sys::Headers>() {
        Array::from(&given)
    } else {
        super::host_values::entries(given.dyn_ref::<Object>().ok_or_else(no_pairs)?).map_err(bad_headers)?
    };
    for pair in pairs.iter() {
        let pair: Array = pair.dyn_into().map_err(bad_headers)?;
        let text = |at| pair.get(at).as_string().ok_or_else(no_pairs);
        headers.set(&text(0)?, &text(1)?).map_err(bad_headers)?;
    }
    Ok(())
}

/// Reads the body piece by piece and stops at the limit.
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

/// The body of an error response gets little time: its status says most.
#[inline(never)]
fn brief(reader: &ReadableStreamDefaultReader) -> Timeout {
    let reader = reader.clone();
    Timeout::new(REFUSAL_MS, move || cancel(&reader))
}

/// Cancels the stream if it is dropped before the end of the body.
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

/// Ignores what the stream answers: it may be the host's own, and may never answer.
#[inline(never)]
fn cancel(reader: &ReadableStreamDefaultReader) {
    let cancelled = reader.cancel();
    spawn_local(async move { drop(JsFuture::from(cancelled).await) });
}

/// No answer, or an incomplete one. This function and the next ones are not inlined, because no first row
/// needs them.
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

/// The error of an answer without tasks.
#[inline(never)]
fn refused(response: &Response, body: Result<Body, Error>) -> Error {
    let retry_after = response
        .headers()
        .get("Retry-After")
        .ok()
        .flatten()
        .and_then(|text| wait_of(&text, seconds_until));
    let error = response::failure(response.status(), &body.unwrap_or_default().bytes());
    Error { retry_after, ..error }
}

/// Adds the status of the answer to an error about its body.
#[inline(never)]
fn of(response: &Response, error: Error) -> Error {
    Error {
        status: error.status.or(Some(response.status())),
        ..error
    }
}

fn message_of(value: &JsValue) -> String {
    // Anything can be thrown, so the message may have any type.
    let message = Reflect::get(value, &"message".into()).ok();
    let text = message.and_then(|message| message.as_string());
    text.or_else(|| value.as_string()).unwrap_or_default()
}

/// Seconds until a date, by the browser's clock, even if that is wrong; `NaN` for a date that cannot be read.
fn seconds_until(date: &str) -> f64 {
    (js_sys::Date::parse(date) - js_sys::Date::now()) / 1000.0
}
