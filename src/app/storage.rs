//! The effects that read and write what the browser stores.

use std::rc::Rc;

use wasm_bindgen_futures::spawn_local;

use super::store::Store;
use crate::core::settings::stored::{self, StorageChange, StorageCommand, StorageNotice};
use crate::core::state::Action;
use crate::services::{download, storage, url};

impl Store {
    /// From now on uses what is stored under this name; `None` uses nothing.
    #[inline(never)]
    pub(super) fn remember(&self, key: Option<String>) {
        let text = key.as_deref().and_then(storage::read).flatten();
        self.with(|state| state.stored.recall(text.as_deref()));
        let inner = Rc::downgrade(&self.0);
        let watch = key.and_then(|key| {
            storage::Watch::new(key, move || {
                if let Some(inner) = inner.upgrade() {
                    Self(inner).recall();
                }
            })
        });
        self.0.storage.replace(watch);
    }

    /// Reads the stored text again, since another page may have written it.
    #[inline(never)]
    pub(super) fn recall(&self) {
        let text = self.state().host.config.storage_key.as_deref().map(storage::read);
        let text = text.flatten().map(Option::unwrap_or_default);
        let note = None;
        self.dispatch(Action::Storage(StorageCommand::Loaded(text, note)));
    }

    /// Applies a change to the text that is stored at this moment.
    #[inline(never)]
    pub(super) fn store_change(&self, change: &StorageChange) {
        let key = self.state().host.config.storage_key.clone();
        let stored = key.as_deref().and_then(storage::read);
        let changed = match &stored {
            Some(text) => stored::change(text.as_deref(), change),
            None => Err(StorageNotice::Refused),
        };
        let (text, note) = match (key, changed) {
            (Some(key), Ok((text, note))) => {
                let same = stored.flatten().as_ref() == Some(&text);
                if same || storage::write(&key, &text) {
                    (Some(text), note)
                } else {
                    (None, Some(StorageNotice::Refused))
                }
            }
            (_, Err(note)) => (None, Some(note)),
            (None, _) => (None, None),
        };
        // Preferences that are stored without being asked for need no message.
        let note = note.filter(|_| matches!(change, StorageChange::Save(..) | StorageChange::Delete(_)));
        self.dispatch(Action::Storage(StorageCommand::Loaded(text, note)));
    }

    #[inline(never)]
    pub(super) fn copy_link(&self) {
        let inner = Rc::downgrade(&self.0);
        spawn_local(async move {
            let worked = download::copy(&url::link()).await;
            if let Some(inner) = inner.upgrade() {
                Self(inner).dispatch(Action::Storage(StorageCommand::Notice(Some(
                    StorageNotice::Linked(worked),
                ))));
            }
        });
    }
}
