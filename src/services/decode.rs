//! Decodes response bodies to pages: small ones on this thread, large ones in a worker if the page has one.

use std::cell::RefCell;
use std::pin::Pin;

use js_sys::{Array, Function, Promise, Reflect, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

use crate::core::api::response::{self, Page};
use crate::core::error::{Code, Error};

/// In bytes. A body up to this size is decoded within one frame; a worker would take longer to answer.
const SMALL: u32 = 256 << 10;

thread_local! {
    static WORKER: RefCell<Option<Function>> = const { RefCell::new(None) };
}

/// Sets the function that decodes large bodies. It takes the pieces and their length in bytes, and resolves
/// to `{columns}`, to `{body}` if the body is not a page, to `null` if there is no worker, or to `undefined`
/// if the body is lost.
pub fn set_worker(decode: Function) {
    WORKER.with(|cell| cell.replace(Some(decode)));
}

/// The worker's side: decodes a body to the columns of its page; `None` if it is not a page.
pub fn columns(body: &[u8]) -> Option<Vec<u8>> {
    let page = response::page(body).ok()?;
    let mut bytes = Vec::new();
    page.to_bytes(&mut bytes);
    Some(bytes)
}

/// A response body in pieces.
#[derive(Default)]
pub struct Body {
    pieces: Array,
    length: u32,
}

impl Body {
    /// Adds a piece and returns the number of bytes so far.
    pub fn push(&mut self, piece: &Uint8Array) -> usize {
        self.pieces.push(piece);
        self.length = self.length.saturating_add(piece.length());
        self.length as usize
    }

    /// The body copied into the memory of the module.
    pub fn bytes(&self) -> Vec<u8> {
        let mut bytes = vec![0; self.length as usize];
        let mut at = 0;
        for piece in self.pieces.iter() {
            let piece: Uint8Array = piece.unchecked_into();
            let end = at + piece.length() as usize;
            piece.copy_to(&mut bytes[at..end]);
            at = end;
        }
        bytes
    }

    /// The body decoded to a page. Fails with [`Code::Network`] if the worker has ended.
    pub async fn page(self) -> Result<Page, Error> {
        let worker = WORKER.with(|cell| cell.borrow().clone());
        let Some(worker) = worker.filter(|_| self.length > SMALL) else {
            return response::page(&self.bytes());
        };
        // Boxed, so that this code stays out of what every first row needs.
        let decoded: Pin<Box<dyn Future<Output = _>>> = Box::pin(self.page_of(worker));
        decoded.await
    }

    async fn page_of(self, worker: Function) -> Result<Page, Error> {
        let lost = || Error::new(Code::Network, "the worker that decodes pages has ended");
        let promise = worker.call2(&JsValue::UNDEFINED, &self.pieces, &self.length.into());
        let promise = Promise::resolve(&promise.map_err(|_| lost())?);
        let answer = JsFuture::from(promise).await.map_err(|_| lost())?;
        if answer.is_null() {
            return response::page(&self.bytes());
        }
        let part = |name: &str| {
            Reflect::get(&answer, &name.into())
                .ok()?
                .dyn_into::<Uint8Array>()
                .ok()
        };
        match (part("columns"), part("body")) {
            (Some(columns), _) => Page::from_bytes(&columns.to_vec()).ok_or_else(lost),
            (None, Some(body)) => response::page(&body.to_vec()),
            (None, None) => Err(lost()),
        }
    }
}
