//! The URL of the page: reads a view from it and writes a view to it.

use web_sys::{UrlSearchParams, Window, window};

use super::listener::Listener;
use crate::core::settings::{
    url::UrlParams,
    url_sync::{UrlPart, UrlSync},
};
use crate::core::state::HistoryEntry;

/// Calls back when the person goes back or forward in the history, until it is dropped.
pub struct Watch {
    _listener: Listener,
}

impl Watch {
    /// Starts to listen; `None` without a window.
    pub fn new(moved: impl Fn() + 'static) -> Option<Self> {
        let listener = Listener::new(window()?.into(), "popstate", moved);
        Some(Self { _listener: listener })
    }
}

/// What precedes the parameters, and the parameters. A hash without parameters is an anchor or a route, and
/// stays.
fn parts(window: &Window, part: UrlPart) -> (String, String) {
    let location = window.location();
    match part {
        UrlPart::Query => {
            let search = location.search().unwrap_or_default();
            (String::new(), search.trim_start_matches('?').to_owned())
        }
        UrlPart::Hash => {
            let hash = location.hash().unwrap_or_default();
            let hash = hash.trim_start_matches('#');
            match hash.split_once('?') {
                Some((route, pairs)) => (route.to_owned(), pairs.to_owned()),
                None if hash.contains('=') => (String::new(), hash.to_owned()),
                None => (hash.to_owned(), String::new()),
            }
        }
    }
}

/// The whole URL, to be shared.
pub fn link() -> String {
    let href = window().and_then(|window| window.location().href().ok());
    href.unwrap_or_default()
}

/// The parameters of the view in the URL; `None` for each that is missing.
pub fn read(sync: &UrlSync) -> UrlParams {
    let pairs = window().map(|window| parts(&window, sync.part).1);
    let pairs = UrlSearchParams::new_with_str(&pairs.unwrap_or_default()).ok();
    sync.names().map(|name| pairs.as_ref()?.get(&name))
}

/// Writes the parameters of the view to the URL. Parameters that are not of this instance stay as they are.
pub fn write(sync: &UrlSync, said: &UrlParams, push: HistoryEntry) {
    let (Some(window), Ok(ours)) = (window(), UrlSearchParams::new()) else {
        return;
    };
    let (route, pairs) = parts(&window, sync.part);
    let names = sync.names();
    for (name, text) in names.iter().zip(said) {
        if let Some(text) = text {
            ours.append(name, text);
        }
    }
    let is_ours = |pair: &&str| names.iter().any(|name| pair.split('=').next() == Some(name));
    let mut all: Vec<&str> = pairs
        .split('&')
        .filter(|pair| !pair.is_empty() && !is_ours(pair))
        .collect();
    let ours = String::from(ours.to_string());
    all.extend(Some(ours.as_str()).filter(|ours| !ours.is_empty()));
    let pairs = all.join("&");
    let location = window.location();
    let path = location.pathname().unwrap_or_default();
    let address = match sync.part {
        UrlPart::Query => {
            let mark = if pairs.is_empty() { "" } else { "?" };
            [&path, mark, &pairs, &location.hash().unwrap_or_default()].concat()
        }
        UrlPart::Hash => {
            let mark = if route.is_empty() || pairs.is_empty() {
                ""
            } else {
                "?"
            };
            let hash = [&route, mark, &pairs].concat();
            let sign = if hash.is_empty() { "" } else { "#" };
            [&path, &location.search().unwrap_or_default(), sign, &hash].concat()
        }
    };
    let Ok(history) = window.history() else { return };
    // The history state belongs to the host's router. If the browser forbids the call, the URL stays as it
    // is.
    let state = history.state().unwrap_or_default();
    let _ = match push {
        HistoryEntry::New => history.push_state_with_url(&state, "", Some(&address)),
        HistoryEntry::Replace => history.replace_state_with_url(&state, "", Some(&address)),
    };
}
