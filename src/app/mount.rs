//! Where the component renders on a Yew host's page: a shadow root with a Yew app of its own in it.
//!
//! Yew never removes the listeners of a root or of a portal's target. So mounts are reused, as in the
//! element, and a host that shows and hides the component for days holds only one.

use std::cell::RefCell;

use web_sys::{Element, Node};
use yew::AppHandle;

use super::render::{Stage, StageProps};
use super::store::Store;
use crate::services::shadow;

const CLASS: &str = "ob-restore-tasks";

thread_local! {
    /// Mounts that nobody uses now.
    static FREE: RefCell<Vec<(Element, AppHandle<Stage>)>> = RefCell::default();
}

/// A place on the page in which a store renders.
pub(super) struct Mount {
    outside: Element,
    inside: Option<Element>,
    stage: RefCell<Option<AppHandle<Stage>>>,
}

impl Mount {
    /// A free mount, or a new one; `None` if there is no document.
    pub(super) fn take() -> Option<Self> {
        if let Some((outside, stage)) = FREE.with(|free| free.borrow_mut().pop()) {
            return Some(Self {
                outside,
                inside: None,
                stage: RefCell::new(Some(stage)),
            });
        }
        let (outside, inside) = shadow::place(CLASS)?;
        Some(Self {
            outside,
            inside: Some(inside),
            stage: RefCell::default(),
        })
    }

    /// The node to put into the page.
    pub(super) fn element(&self) -> Node {
        self.outside.clone().into()
    }

    /// Renders a store here.
    pub(super) fn enter(&self, store: Store) {
        let props = StageProps { store: Some(store) };
        let stage = match (self.stage.take(), &self.inside) {
            (Some(mut stage), _) => {
                stage.update(props);
                Some(stage)
            }
            (None, Some(inside)) => Some(yew::Renderer::with_root_and_props(inside.clone(), props).render()),
            (None, None) => None,
        };
        self.stage.replace(stage);
    }

    /// Stops rendering and makes the mount free.
    pub(super) fn leave(&self) {
        if let Some(mut stage) = self.stage.take() {
            stage.update(StageProps { store: None });
            FREE.with(|free| free.borrow_mut().push((self.outside.clone(), stage)));
        }
    }
}
