//! A Yew page around the component: buttons that change its props, take it away and bring it back.

mod restore_panel;

use restore_panel::RestorePanel;
use yew::prelude::*;

#[component]
fn Page() -> Html {
    let cluster_id = use_state(|| 1_000_005);
    let sort = use_state(|| AttrValue::from("id"));
    let is_shown = use_state(|| true);
    let button =
        |name: &'static str, onclick: Callback<MouseEvent>| html! { <button {onclick}>{ name }</button> };
    let set_shown = |name, shown| {
        let is_shown = is_shown.clone();
        button(name, Callback::from(move |_| is_shown.set(shown)))
    };
    let turn = {
        let sort = sort.clone();
        Callback::from(move |_| sort.set("-id".into()))
    };
    let other = {
        let cluster_id = cluster_id.clone();
        Callback::from(move |_| cluster_id.set(1_001_240))
    };
    html! {
        <>
            { button("Newest first", turn) }
            { button("Another cluster", other) }
            { set_shown("Unmount", false) }
            { set_shown("Mount", true) }
            if *is_shown {
                <RestorePanel cluster_id={*cluster_id} sort={&*sort} />
            }
        </>
    }
}

fn main() {
    yew::Renderer::<Page>::new().render();
}
