//! Where state, services and views meet: the [store](Store) runs the effects that actions want, the component renders
//! it.

mod host;
mod place;
mod store;

use std::rc::Rc;

use gloo_timers::callback::Interval;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use crate::core::config::{Credentials, Density, Raw, Theme};
use crate::core::state::Action;
use crate::core::task::Outcome;
use crate::core::time::MINUTE;
use crate::services::{clock, download, intl, shade};
use crate::view::{self, Local, Send};
pub use host::{HostEvent, HostPress, RowAction};
use place::Place;
pub use store::{Host, Notice, Store};

/// What the component around a store needs.
#[derive(Properties, PartialEq)]
pub struct AppProps {
    /// The store.
    pub store: Store,
}

/// A store, or none.
#[derive(Properties, PartialEq)]
pub struct StageProps {
    /// The store, while somebody uses this place.
    pub store: Option<Store>,
}

/// A place where widgets come and go. Yew forgets the listeners of what it renders into, so a place is never given
/// up, but used again.
#[component]
pub fn Stage(props: &StageProps) -> Html {
    match &props.store {
        Some(store) => html! { <App key={store.key()} store={store.clone()} /> },
        None => Html::default(),
    }
}

/// Renders a store, anew after each action.
#[component]
pub fn App(props: &AppProps) -> Html {
    let store = props.store.clone();
    let update = use_force_update();
    let copied = use_state(|| None::<bool>);
    let menu = use_state(|| None);
    let said = use_mut_ref(view::Said::default);
    let facets = use_mut_ref(|| None);
    let place = use_node_ref();
    {
        let update = update.clone();
        use_memo(store.clone(), move |store| {
            store.set_view(Callback::from(move |()| update.force_update()));
        });
    }
    store.set_place(place.clone());
    let now = clock::at().now;
    let state = store.state();
    // The time that a running restore has taken goes on by itself.
    let ticking = state.page_rows().is_some_and(|rows| {
        rows.len() <= 2000
            && rows
                .iter()
                .any(|row| state.history.table().outcome(*row) == Outcome::Running)
    });
    // So does the age of what is stale, in whole minutes.
    let age = state
        .fetched_at
        .filter(|_| state.is_stale(now))
        .map(|at| now - at);
    let minutes = age.map(|age| age.div_euclid(MINUTE));
    let wait = match age {
        _ if ticking => 1000,
        // A little late, so that the minute is over then.
        Some(age) => ((MINUTE - age.rem_euclid(MINUTE)) / 1000) as u32 + 20,
        None => 0,
    };
    use_effect_with((ticking, minutes), move |_| {
        let timer = (wait > 0).then(|| Interval::new(wait, move || update.force_update()));
        move || drop(timer)
    });
    {
        let copied = copied.clone();
        use_effect_with(state.details, move |_| copied.set(None));
    }
    // The same callbacks at each render, so that what has not changed is not rendered anew.
    let set_copied = copied.setter();
    let send = use_memo(store.clone(), move |store| Send {
        action: callback(store, Store::dispatch),
        press: callback(store, |store, (row, press)| store.press(row, press)),
        export: callback(store, Store::save),
        copy: Callback::from(move |text: String| {
            let set_copied = set_copied.clone();
            spawn_local(async move { set_copied.set(Some(download::copy(&text).await)) });
        }),
    });
    let cells = callback(&store, move |store: &Store, row| {
        view::row_view(&store.state(), row, now)
    });
    let overview = callback(&store, move |store: &Store, ()| {
        view::overview::words(&store.state(), clock::at().now)
    });
    let local = Local {
        facets,
        overview,
        zones: Callback::from(|()| intl::zones()),
        copied: *copied,
        menu,
        said,
        place,
    };
    view::widget(&state, &send, &cells, &local, now)
}

fn callback<In: 'static, Out: 'static>(
    store: &Store,
    call: impl Fn(&Store, In) -> Out + 'static,
) -> Callback<In, Out> {
    let store = store.clone();
    Callback::from(move |value| call(&store, value))
}

/// The restore tasks of a cluster, for Yew hosts. What is left out holds its default, as in the element's
/// attributes.
#[derive(Properties, PartialEq, Clone)]
pub struct RestoreTasksProps {
    /// The cluster's id.
    pub cluster_id: i64,
    /// What stands before `/api/v2/…`; the same origin by default.
    #[prop_or_default]
    pub base_url: AttrValue,
    /// `7d`, `2021-09-01/2021-09-30`, `all`.
    #[prop_or_default]
    pub range: AttrValue,
    /// Rows on a page.
    #[prop_or(20)]
    pub page_size: u32,
    /// A column's id, with `-` before it for descending.
    #[prop_or_default]
    pub sort: AttrValue,
    /// The filter language.
    #[prop_or_default]
    pub filter: AttrValue,
    /// Column ids, space separated.
    #[prop_or_default]
    pub columns: AttrValue,
    /// Seconds between refreshes; 0 is off.
    #[prop_or(30)]
    pub refresh: u32,
    /// An IANA name, `UTC` or `local`.
    #[prop_or_default]
    pub time_zone: AttrValue,
    /// `en`, `zh-CN`, `ja`.
    #[prop_or_default]
    pub lang: AttrValue,
    /// Light, dark, or as the system has it.
    #[prop_or_default]
    pub theme: Theme,
    /// How high a row is.
    #[prop_or_default]
    pub density: Density,
    /// Most rows that are held.
    #[prop_or(200_000)]
    pub max_rows: u32,
    /// Whether automatic refresh is held.
    #[prop_or_default]
    pub paused: bool,
    /// Which cookies go along.
    #[prop_or_default]
    pub credentials: Credentials,
    /// The link to an OCP job, with `{ocpJobId}` in it.
    #[prop_or_default]
    pub job_href: AttrValue,
    /// Where the page's address keeps the view: `query`, `hash`, `none`.
    #[prop_or_default]
    pub url_sync: AttrValue,
    /// What stands before the names of the view's parts in the address.
    #[prop_or_default]
    pub url_key: AttrValue,
    /// The name under which the browser may keep the look and the named views; without it nothing is kept.
    #[prop_or_default]
    pub storage_key: AttrValue,
    /// The strip above the table: `auto`, `on`, `off`.
    #[prop_or_default]
    pub overview: AttrValue,
    /// Single keys such as `/` and `r`: `on`, `off`.
    #[prop_or_default]
    pub shortcuts: AttrValue,
    /// Is told what happened.
    #[prop_or_default]
    pub on_event: Callback<HostEvent>,
    /// Is asked when a task was pressed; `false` where the host does the rest itself.
    #[prop_or_default]
    pub on_press: Option<Callback<HostPress, bool>>,
}

impl RestoreTasksProps {
    fn raw(&self) -> Raw {
        let texts = [
            ("base-url", &self.base_url),
            ("range", &self.range),
            ("sort", &self.sort),
            ("filter", &self.filter),
            ("columns", &self.columns),
            ("time-zone", &self.time_zone),
            ("lang", &self.lang),
            ("job-href", &self.job_href),
            ("url-sync", &self.url_sync),
            ("url-key", &self.url_key),
            ("storage-key", &self.storage_key),
            ("overview", &self.overview),
            ("shortcuts", &self.shortcuts),
        ];
        let given = texts.into_iter().filter(|(_, value)| !value.is_empty());
        let mut raw: Raw = given
            .map(|(name, value)| (name.to_owned(), value.to_string()))
            .collect();
        raw.insert("cluster-id".into(), self.cluster_id.to_string());
        raw.insert("page-size".into(), self.page_size.to_string());
        raw.insert("refresh".into(), self.refresh.to_string());
        raw.insert("theme".into(), self.theme.name().into());
        raw.insert("density".into(), self.density.name().into());
        raw.insert("max-rows".into(), self.max_rows.to_string());
        raw.insert("credentials".into(), self.credentials.name().into());
        if self.paused {
            raw.insert("paused".into(), String::new());
        }
        if self.lang.is_empty()
            && let Some(lang) = shade::page_lang()
        {
            raw.insert("lang".into(), lang);
        }
        raw
    }
}

/// The component: a `<div class="ob-restore-tasks">` with a shadow root, which brings its style sheet along. The page
/// themes it by the custom properties and parts of the element, under that class.
#[component]
pub fn RestoreTasks(props: &RestoreTasksProps) -> Html {
    let store = use_memo((), |()| {
        let store = Store::new();
        // Here the module is one.
        store.dispatch(Action::Whole);
        store
    });
    {
        let store = Store::clone(&store);
        // Not the props themselves: a callback that is new at each render is no reason to read them anew.
        use_effect_with(props.raw(), move |raw| store.configure(raw.clone()));
    }
    {
        let store = Store::clone(&store);
        use_effect_with((), move |()| move || store.close());
    }
    // Before the effects, which may have something to tell at once.
    use_memo(
        (props.on_event.clone(), props.on_press.clone()),
        |(on_event, on_press)| store.set_host(Rc::new(host::Callbacks::new(on_event, on_press))),
    );
    let place = use_memo((), |()| Place::take());
    {
        let (store, place) = (Store::clone(&store), Rc::clone(&place));
        use_effect_with((), move |()| {
            if let Some(place) = &*place {
                place.enter(store);
            }
            move || {
                if let Some(place) = &*place {
                    place.leave();
                }
            }
        });
    }
    place
        .as_ref()
        .as_ref()
        .map_or_else(Html::default, |place| Html::VRef(place.element()))
}
