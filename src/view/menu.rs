//! A button that opens a small panel: closed by Escape, by leaving it, and by the button.

use wasm_bindgen::JsCast;
use web_sys::Node;
use yew::prelude::*;

/// What a menu needs.
#[derive(Properties, PartialEq)]
pub struct MenuProps {
    /// What the button is called, where its text is not enough.
    #[prop_or_default]
    pub name: Option<AttrValue>,
    /// What the button shows.
    pub label: Html,
    /// Further classes of the button.
    #[prop_or_default]
    pub class: Classes,
    /// The panel stands at the end of the button instead of its start.
    #[prop_or_default]
    pub at_end: bool,
    /// The panel.
    pub children: Html,
}

/// The menu.
#[component]
pub fn Menu(props: &MenuProps) -> Html {
    let open = use_state(|| false);
    let root = use_node_ref();
    let button = use_node_ref();
    let toggle = {
        let open = open.clone();
        Callback::from(move |_: MouseEvent| open.set(!*open))
    };
    let on_key = {
        let (open, button) = (open.clone(), button.clone());
        Callback::from(move |event: KeyboardEvent| {
            if event.key() == "Escape" && *open {
                event.stop_propagation();
                open.set(false);
                if let Some(button) = button.cast::<web_sys::HtmlElement>() {
                    let _ = button.focus();
                }
            }
        })
    };
    // Pressing where nothing takes the focus leaves no related target; the panel itself takes it.
    let on_leave = {
        let (open, root) = (open.clone(), root.clone());
        Callback::from(move |event: FocusEvent| {
            let to = event
                .related_target()
                .and_then(|target| target.dyn_into::<Node>().ok());
            let inside = root
                .get()
                .zip(to)
                .is_some_and(|(root, to)| root.contains(Some(&to)));
            if *open && !inside {
                open.set(false);
            }
        })
    };
    html! {
        <div class="menu" ref={root} onkeydown={on_key} onfocusout={on_leave}>
            <button type="button" class={classes!("button", props.class.clone())} ref={button} onclick={toggle}
                aria-label={props.name.clone()} aria-expanded={open.to_string()} title={props.name.clone()}>
                { props.label.clone() }
            </button>
            if *open {
                <div class={classes!("panel", props.at_end.then_some("end"))} tabindex="-1">{ props.children.clone() }</div>
            }
        </div>
    }
}
