//! The restores of a cluster, and what the component tells of them.

use ob_restore_tasks::{HostEvent, HostPress, RestoreTasks};
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub struct RestorePanelProps {
    pub cluster_id: i64,
    pub sort: AttrValue,
}

#[component]
pub fn RestorePanel(props: &RestorePanelProps) -> Html {
    let total = use_state(|| None);
    let said = use_state(String::new);
    let on_event = {
        let (total, said) = (total.clone(), said.clone());
        Callback::from(move |event| match event {
            HostEvent::Loaded { total: tasks, .. } => total.set(tasks),
            HostEvent::Failed(error) => said.set(format!("Failed: {}", error.code())),
            HostEvent::AuthRequired { .. } => said.set("Sign in first".into()),
            HostEvent::StateChange(view) => said.set(format!("Page {}", view.page)),
        })
    };
    // `true` lets the component go on, here to the details of the task.
    let on_press = {
        let said = said.clone();
        Callback::from(move |press| {
            if let HostPress::RowActivate { id: Some(id), .. } = press {
                said.set(format!("Task {id}"));
            }
            true
        })
    };
    html! {
        <section>
            <h1>{ "Restore tasks: " }<output>{ *total }</output></h1>
            <p>{ &*said }</p>
            <RestoreTasks
                cluster_id={props.cluster_id}
                sort={&props.sort}
                refresh={1}
                {on_event}
                {on_press}
            />
        </section>
    }
}
