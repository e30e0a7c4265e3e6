//! Where a store renders: an element of the page with a Yew app in it.
//!
//! Yew never removes the listeners of a root or of a portal's target. So mounts are used again, and a page
//! that shows and hides widgets for days holds only as many as it shows at a time.

use std::cell::RefCell;

use web_sys::Element;
use yew::AppHandle;

use super::render::{Stage, StageProps};
use super::store::Store;

thread_local! {
    /// Mounts that nobody uses now.
    static FREE: RefCell<Vec<(MountKind, Element, AppHandle<Stage>)>> = RefCell::default();
}

/// What puts a mount into the page. Each kind has elements of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MountKind {
    /// The custom element.
    CustomElement,
    /// The component of a Yew host.
    YewHost,
}

/// A place on the page in which a store renders.
pub struct Mount {
    kind: MountKind,
    outside: Element,
    /// Where a new mount renders; `None` for one that was used before.
    inside: Option<Element>,
    // In a cell, because the host may call a method while it handles an event.
    stage: RefCell<Option<AppHandle<Stage>>>,
}

impl Mount {
    /// A free mount of this kind, or a new one in what `make` returns: the element for the page, and the
    /// element in it in which the widget renders.
    pub fn take(kind: MountKind, make: impl FnOnce() -> Option<(Element, Element)>) -> Option<Self> {
        let free = FREE.with_borrow_mut(|free| {
            let at = free.iter().position(|(other, ..)| *other == kind)?;
            Some(free.swap_remove(at))
        });
        let (outside, inside, stage) = match free {
            Some((_, outside, stage)) => (outside, None, Some(stage)),
            None => {
                let (outside, inside) = make()?;
                (outside, Some(inside), None)
            }
        };
        Some(Self {
            kind,
            outside,
            inside,
            stage: RefCell::new(stage),
        })
    }

    /// The element to put into the page.
    pub fn element(&self) -> &Element {
        &self.outside
    }

    /// Renders a store here.
    pub fn enter(&self, store: Store) {
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
    pub fn leave(&self) {
        if let Some(mut stage) = self.stage.take() {
            stage.update(StageProps { store: None });
            FREE.with_borrow_mut(|free| free.push((self.kind, self.outside.clone(), stage)));
        }
    }
}
