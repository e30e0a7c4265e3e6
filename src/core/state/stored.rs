//! What the browser stores for the person under the host's `storage-key`: preferences and named views.
//!
//! The stored text and its meaning are in [`settings::stored`](crate::core::settings::stored).

use super::action::Effect;
use crate::core::settings::attributes::{Attributes, Config};
use crate::core::settings::stored::{
    NamedView, Preference, StorageChange, StorageNotice, apply_preferences, changed_preferences, parse,
};
use crate::core::settings::view::{PartialView, View};

/// What the widget knows of what is stored.
#[derive(Debug, Default)]
pub struct Stored {
    /// The named views, oldest first.
    pub views: Vec<NamedView>,
    /// The result of the last change, until the view changes.
    pub notice: Option<StorageNotice>,
    /// The stored preferences, until they are applied.
    preferences: Vec<Preference>,
}

impl Stored {
    /// Reads what is stored; the next configuration applies its preferences.
    pub fn recall(&mut self, text: Option<&str>) {
        let stored = parse(text).unwrap_or_default();
        *self = Self {
            views: stored.views,
            notice: None,
            preferences: stored.preferences,
        };
    }

    /// Takes what is stored now, and the notice to show.
    pub(super) fn update(&mut self, text: Option<String>, notice: Option<StorageNotice>) {
        if let Some(text) = text {
            self.views = parse(Some(&text)).unwrap_or_default().views;
        }
        self.notice = notice;
    }

    /// Whether stored preferences wait to be applied.
    pub(super) fn has_preferences(&self) -> bool {
        !self.preferences.is_empty()
    }

    /// The view with the stored preferences. They are applied once.
    #[inline(never)]
    pub(super) fn take_preferences(&mut self, view: View, attributes: &Attributes) -> View {
        apply_preferences(&std::mem::take(&mut self.preferences), view, attributes)
    }

    /// Has the browser store the preferences that a person changed.
    #[inline(never)]
    pub(super) fn store_changes(
        &mut self,
        before: &View,
        after: &View,
        config: &Config,
        attributes: &Attributes,
        effects: &mut Vec<Effect>,
    ) {
        // The notice belongs to the earlier view.
        self.notice = None;
        if config.storage_key.is_none() {
            return;
        }
        let changed = changed_preferences(before, after, config, attributes);
        if !changed.is_empty() {
            effects.push(Effect::Store(StorageChange::Preferences(changed)));
        }
    }

    /// The current view with the parts of the named one, on page 1. `None` if there is no such view or it
    /// cannot be read.
    pub(super) fn view_named(&self, name: &str, current: &View) -> Option<View> {
        let named = self.views.iter().find(|view| view.name == name)?;
        let saved = PartialView::from_json(&named.json).ok()?;
        let page = 1;
        Some(View {
            page,
            ..saved.over(current.clone())
        })
    }
}
