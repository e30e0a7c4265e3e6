//! Sentences that several views use.

use crate::core::domain::column::IntField;
use crate::core::format;
use crate::core::i18n::{Key, Lang, fill, text};
use crate::core::privacy::excerpt::excerpt;
use crate::core::state::State;

/// Two sentences, one after the other.
pub(super) fn sentences(lang: Lang, first: &str, second: &str) -> String {
    fill(lang, Key::Sentences, &[("first", first), ("second", second)])
}

/// The result of copying, as text.
pub(super) fn copied_words(lang: Lang, worked: bool) -> &'static str {
    text(lang, if worked { Key::Copied } else { Key::CopyFailed })
}

/// The name of a task, for a person.
pub(super) fn task_name(state: &State, row: u32) -> String {
    let lang = state.lang();
    match format::int(state.loaded.dataset.table(), row, IntField::Id) {
        Some(id) => fill(lang, Key::DetailsOf, &[("id", &excerpt(&id))]),
        None => text(lang, Key::DetailsNoId).to_owned(),
    }
}
