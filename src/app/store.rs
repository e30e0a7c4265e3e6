//! The store: holds a state and runs the effects that its actions ask for, through the services. Those on what the
//! browser stores are in `storage.rs`.

use std::cell::{Ref, RefCell};
use std::rc::Rc;

use gloo_timers::callback::Timeout;
use yew::prelude::*;

use super::notice::Host;
use crate::core::error::Error;
use crate::core::i18n::locale::Locale;
use crate::core::i18n::{HostMessages, Key, Lang, fill};
use crate::core::privacy::excerpt::excerpt;
use crate::core::settings::attributes::{Attributes, storage_key};
use crate::core::settings::url_sync::UrlSync;
use crate::core::state::{Action, Effect, Press, State};
use crate::services::{clock, fetch, intl, storage, url, visibility};
use crate::view;

/// A state and the effects that run for it. Clones share it.
#[derive(Clone)]
pub struct Store(pub(super) Rc<Inner>);

/// What the clones of a store share.
#[derive(Default)]
pub(super) struct Inner {
    state: RefCell<State>,
    calls: RefCell<Vec<(u64, fetch::Guard)>>,
    waits: RefCell<Vec<(u64, Timeout)>>,
    refresh: RefCell<Option<Timeout>>,
    outlet: RefCell<fetch::Outlet>,
    host: RefCell<Option<Rc<dyn Host>>>,
    changed: RefCell<Option<Callback<()>>>,
    settled: RefCell<Vec<Box<dyn FnOnce()>>>,
    watch: RefCell<Option<visibility::Watch>>,
    address: RefCell<Option<url::Watch>>,
    pub(super) storage: RefCell<Option<storage::Watch>>,
    own: std::cell::Cell<Option<HostMessages>>,
    place: RefCell<NodeRef>,
    is_closed: std::cell::Cell<bool>,
}

impl PartialEq for Store {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

impl Default for Store {
    fn default() -> Self {
        Self::new()
    }
}

impl Store {
    /// An empty store, which listens to visibility and network of the page.
    pub fn new() -> Self {
        let store = Self(Rc::default());
        let (seen, online) = (Rc::downgrade(&store.0), Rc::downgrade(&store.0));
        let watch = visibility::Watch::new(
            move |visible| {
                if let Some(inner) = seen.upgrade() {
                    Self(inner).dispatch(Action::Visible(visible));
                }
            },
            move || {
                if let Some(inner) = online.upgrade() {
                    Self(inner).dispatch(Action::Online);
                }
            },
        );
        store.0.watch.replace(watch);
        if !visibility::is_visible() {
            store.dispatch(Action::Visible(false));
        }
        store
    }

    /// The key of the store in Yew, unique among stores that exist.
    pub(super) fn key(&self) -> usize {
        Rc::as_ptr(&self.0).addr()
    }

    /// The current state.
    pub fn state(&self) -> Ref<'_, State> {
        self.0.state.borrow()
    }

    /// Changes the state without an action. Runs no effects and renders nothing.
    pub fn with(&self, change: impl FnOnce(&mut State)) {
        change(&mut self.0.state.borrow_mut());
    }

    /// Sets who receives events.
    pub fn set_host(&self, host: Rc<dyn Host>) {
        self.0.host.replace(Some(host));
    }

    /// Sets what is called after each action, to render the store.
    pub(super) fn set_view(&self, changed: Callback<()>) {
        self.0.changed.replace(Some(changed));
    }

    /// Sets the widget's element, which `update_reading` needs.
    pub(super) fn set_place(&self, place: NodeRef) {
        self.0.place.replace(place);
    }

    /// Changes the host's headers and `fetcher`, or the request that was sent early.
    pub fn set_outlet(&self, change: impl FnOnce(&mut fetch::Outlet)) {
        change(&mut self.0.outlet.borrow_mut());
    }

    /// Applies an action and runs its effects. Does nothing after [`close`](Self::close).
    pub fn dispatch(&self, action: Action) {
        if self.0.is_closed.get() {
            return;
        }
        if self.state().may_move(&action) {
            self.update_reading();
        }
        let effects = self.0.state.borrow_mut().apply(action, clock::at());
        let mut events = Vec::new();
        for effect in effects {
            match effect {
                // An earlier effect may have informed the host, which may have changed what is needed.
                Effect::Fetch(ticket, url) if self.state().scheduler.awaits(ticket) => {
                    self.fetch(ticket, url);
                }
                Effect::Fetch(..) => {}
                Effect::Abort(ticket) => {
                    take(&self.0.calls, ticket);
                    take(&self.0.waits, ticket);
                }
                Effect::Wait(ticket, ms) => {
                    let inner = Rc::downgrade(&self.0);
                    let wake = self.later(ms, move || {
                        if let Some(inner) = inner.upgrade() {
                            take(&inner.waits, ticket);
                        }
                        Action::RetryDue(ticket)
                    });
                    self.0.waits.borrow_mut().push((ticket, wake));
                }
                Effect::RefreshIn(ms) => {
                    let timer = ms.map(|ms| self.later(ms, || Action::RefreshDue));
                    self.0.refresh.replace(timer);
                }
                Effect::ResolveZone(zone) => self.locate(zone),
                Effect::Store(change) => self.store_change(&change),
                Effect::ReadStorage => self.recall(),
                Effect::CopyLink => self.copy_link(),
                Effect::Emit(event) => events.push(event),
                Effect::WriteUrl(said, push) => {
                    // The state is not borrowed here: a host may react at once to the new URL.
                    let sync = self.state().host.config.url_sync.clone();
                    if let Some(sync) = sync {
                        url::write(&sync, &said, push);
                    }
                }
            }
        }
        let changed = self.0.changed.borrow().clone();
        if let Some(changed) = changed {
            changed.emit(());
        }
        // The host comes last: it may call the store at once.
        let host = self.0.host.borrow().clone();
        if let Some(host) = host {
            for event in &events {
                let notices = host.describe(event, &self.state());
                for notice in notices {
                    notice();
                }
            }
        }
        if self.state().is_settled() {
            let waiting = std::mem::take(&mut *self.0.settled.borrow_mut());
            waiting.into_iter().for_each(|wake| wake());
        }
    }

    /// Before rows may move: finds out whether somebody is reading them.
    fn update_reading(&self) {
        let reading = view::is_read(&self.0.place.borrow());
        if reading != self.state().shown.is_reading {
            self.dispatch(Action::Reading(reading));
        }
    }

    /// Dispatches an action after `ms` milliseconds, unless the store is gone by then.
    fn later(&self, ms: u32, action: impl FnOnce() -> Action + 'static) -> Timeout {
        let inner = Rc::downgrade(&self.0);
        Timeout::new(ms, move || {
            if let Some(inner) = inner.upgrade() {
                Self(inner).dispatch(action());
            }
        })
    }

    fn fetch(&self, ticket: u64, url: String) {
        let state = self.state();
        let (lang, credentials) = (state.lang().tag(), state.host.config.credentials);
        let outlet = self.0.outlet.borrow_mut().for_call(&url, lang, credentials);
        let call = fetch::Call {
            url,
            lang,
            credentials,
            outlet,
        };
        let inner = Rc::downgrade(&self.0);
        let guard = fetch::send(call, move |result| {
            if let Some(inner) = inner.upgrade() {
                take(&inner.calls, ticket);
                Self(inner).dispatch(Action::Arrived(ticket, result));
            }
        });
        self.0.calls.borrow_mut().push((ticket, guard));
    }

    /// Calls `then` once no request is running, whether it failed or not; at once if none is running.
    pub fn when_settled(&self, then: impl FnOnce() + 'static) {
        if self.state().is_settled() {
            then();
        } else {
            self.0.settled.borrow_mut().push(Box::new(then));
        }
    }

    /// Applies the host's attributes, with the browser's locale.
    pub fn configure(&self, raw: Attributes) {
        let lang = Lang::from_tag(raw.get("lang").map_or("", String::as_str)).with(self.0.own.get());
        let mut errors = Vec::new();
        let asked = raw.get("time-zone").map_or("local", String::as_str).to_owned();
        let zone = self.state().zone_under(&raw).map_or(asked, str::to_owned);
        let zone = zone.as_str();
        let locale = intl::Browser::new(lang, zone).or_else(|| {
            let why = fill(lang, Key::WhyZone, &[("value", &excerpt(zone))]);
            errors.push(Error::config("time-zone", why));
            intl::Browser::new(lang, "local").or_else(|| intl::Browser::new(lang, "UTC"))
        });
        let locale: Rc<dyn Locale> = match locale {
            Some(locale) => Rc::new(locale),
            None => Rc::new(crate::core::i18n::locale::FixedLocale { lang, offset: 0 }),
        };
        let sync = UrlSync::parse(&raw);
        if sync != self.state().host.config.url_sync {
            self.follow(sync.as_ref());
        }
        let key = storage_key(&raw);
        if key != self.state().host.config.storage_key {
            self.remember(key);
        }
        self.dispatch(Action::Configure(Box::new(raw), locale, errors));
    }

    /// Shows times in another zone; `None` is the host's zone.
    #[inline(never)]
    fn locate(&self, zone: Option<String>) {
        let lang = self.state().lang();
        let Some(zone) = zone else {
            let raw = self.state().host.attributes.clone();
            let asked = raw.get("time-zone").map_or("local", String::as_str);
            let locale = intl::Browser::new(lang, asked).or_else(|| intl::Browser::new(lang, "local"));
            return locale
                .into_iter()
                .for_each(|locale| self.dispatch(Action::Located(Rc::new(locale))));
        };
        self.dispatch(match intl::Browser::new(lang, &zone) {
            Some(locale) => Action::Located(Rc::new(locale)),
            None => Action::NoZone(zone),
        });
    }

    /// Sets the host's own texts; `None` removes them.
    pub fn set_own(&self, own: Option<HostMessages>) {
        self.0.own.set(own);
        let raw = self.state().host.attributes.clone();
        if !raw.is_empty() {
            self.configure(raw);
        }
    }

    /// From now on takes the view from the URL; `None` stops that.
    fn follow(&self, sync: Option<&UrlSync>) {
        if let Some(sync) = sync {
            self.with(|state| state.url.open(url::read(sync)));
        }
        let inner = Rc::downgrade(&self.0);
        let watch = sync.and_then(|_| {
            url::Watch::new(move || {
                let store = inner.upgrade().map(Self);
                let said = store
                    .as_ref()
                    .and_then(|store| store.state().host.config.url_sync.as_ref().map(url::read));
                if let Some((store, said)) = store.zip(said) {
                    store.dispatch(Action::UrlChanged(said));
                }
            })
        });
        self.0.address.replace(watch);
    }

    /// A person pressed a task: asks the host first, then opens the details if it was a row. Returns whether
    /// the default action goes on.
    pub fn press(&self, row: u32, press: Press) -> bool {
        let host = self.0.host.borrow().clone();
        let notice = host
            .as_ref()
            .map(|host| host.describe_press(row, press, &self.state()));
        let is_ours = notice.is_none_or(|notice| notice());
        if is_ours && press == Press::Row {
            self.dispatch(Action::Details(Some(row)));
        }
        is_ours
    }

    /// Stops everything: aborts requests, clears timers, and sends no more events.
    pub fn close(&self) {
        self.0.is_closed.set(true);
        self.0.calls.borrow_mut().clear();
        self.0.waits.borrow_mut().clear();
        self.0.refresh.replace(None);
        self.0.watch.replace(None);
        self.0.address.replace(None);
        self.0.storage.replace(None);
        self.0.host.replace(None);
        self.0.changed.replace(None);
        // Whoever waits for the end of the requests is called now.
        let waiting = std::mem::take(&mut *self.0.settled.borrow_mut());
        waiting.into_iter().for_each(|wake| wake());
    }
}

/// Removes what runs under a ticket. A linear search, because there are never more than a few.
fn take<T>(running: &RefCell<Vec<(u64, T)>>, ticket: u64) {
    let ended = {
        let mut running = running.borrow_mut();
        let at = running.iter().position(|(other, _)| *other == ticket);
        at.map(|at| running.swap_remove(at))
    };
    // Dropped only now, after the borrow has ended: dropping may call back.
    drop(ended);
}
