//! What the page's URL says of the view, if `url-sync` is on.

use super::action::{Effect, HistoryEntry};
use crate::core::settings::attributes::Config;
use crate::core::settings::url::{UrlParams, print};
use crate::core::settings::view::View;

/// What the page's URL says of the view.
#[derive(Debug, Default)]
pub struct Url {
    /// What the URL held when the page was opened, until a configuration applies it.
    pub(super) opened: Option<UrlParams>,
    /// What the URL holds now.
    pub(super) current: UrlParams,
    /// Whether the URL may hold parameters of the view, so that it must be updated or cleared.
    pub(super) is_used: bool,
}

impl Url {
    /// Sets what the URL held when the page was opened. The next configuration applies it.
    pub fn open(&mut self, params: UrlParams) {
        self.opened = Some(params);
    }

    /// Writes the view to the URL if it has changed. Returns whether it did.
    pub(super) fn write(
        &mut self,
        view: &View,
        config: &Config,
        entry: HistoryEntry,
        effects: &mut Vec<Effect>,
    ) -> bool {
        let params = print(view, config);
        if self.current == params {
            return false;
        }
        effects.push(Effect::WriteUrl(params.clone(), entry));
        self.current = params;
        true
    }
}
