//! Renders a store: after each action, and every second while a task runs.

use gloo_timers::callback::Interval;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use super::store::Store;
use crate::core::domain::task::Outcome;
use crate::core::time::MINUTE;
use crate::services::{clock, download, intl};
use crate::view::{self, Local, Send};

/// The props of [`App`].
#[derive(Properties, PartialEq)]
pub struct AppProps {
    /// The store to render.
    pub store: Store,
}

/// The props of [`Stage`].
#[derive(Properties, PartialEq)]
pub struct StageProps {
    /// The store that is rendered; `None` while nobody uses the stage.
    pub store: Option<Store>,
}

/// A Yew app in which one widget after another renders. Yew never removes the listeners of a root that it
/// renders into, so a stage is reused and never destroyed.
#[component]
pub fn Stage(props: &StageProps) -> Html {
    match &props.store {
        Some(store) => html! { <App key={store.key()} store={store.clone()} /> },
        None => Html::default(),
    }
}

/// Renders a store, and again after each action.
#[component]
pub fn App(props: &AppProps) -> Html {
    let store = props.store.clone();
    let update = use_force_update();
    let copied = use_state(|| None::<bool>);
    let menu = use_state(|| None);
    let announcer = use_mut_ref(view::Announcer::default);
    let typing = use_mut_ref(|| None);
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
    // The duration of a running restore grows every second.
    let ticking = state.page_rows().is_some_and(|rows| {
        rows.len() <= 2000
            && rows
                .iter()
                .any(|row| state.loaded.dataset.table().outcome(*row) == Outcome::Running)
    });
    // The age of stale data grows as well, shown in whole minutes.
    let age = state
        .loaded
        .fetched_at
        .filter(|_| state.is_stale(now))
        .map(|at| now - at);
    let minutes = age.map(|age| age.div_euclid(MINUTE));
    let wait = match age {
        _ if ticking => 1000,
        // 20 ms late, so that the minute is over when it renders.
        Some(age) => ((MINUTE - age.rem_euclid(MINUTE)) / 1000) as u32 + 20,
        None => 0,
    };
    use_effect_with((ticking, minutes), move |_| {
        let timer = (wait > 0).then(|| Interval::new(wait, move || update.force_update()));
        move || drop(timer)
    });
    {
        let copied = copied.clone();
        use_effect_with(state.shown.details, move |_| copied.set(None));
    }
    // The same callbacks at each render, so that children whose props did not change do not render again.
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
        view::overview_words(&store.state(), clock::at().now)
    });
    let local = Local {
        facets,
        overview,
        zones: Callback::from(|()| intl::zones()),
        copied: *copied,
        menu,
        announcer,
        typing,
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
