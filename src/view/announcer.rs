//! What the live region announces: a pure reducer. It gets what is seen now and says what is new.
//!
//! It repeats nothing that it has announced, and waits while a person types a filter. It knows neither Yew
//! nor the browser.

use crate::core::i18n::{Key, Lang, text};
use crate::view::phrases::sentences;

/// What can be announced, as it is now.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Seen {
    /// The language of the announcements.
    pub lang: Lang,
    /// The sentence about the view; `None` until it has settled.
    pub view: Option<String>,
    /// The page number, and the sentence about it.
    pub page: (u64, String),
    /// Notices; each is announced when it changes.
    pub notices: [Option<String>; 4],
    /// Whether automatic refresh is paused.
    pub is_paused: bool,
    /// When the shown tasks came, in microseconds since 1970.
    pub fetched_at: Option<i64>,
    /// The filter.
    pub filter: String,
    /// Whether a request is running.
    pub is_busy: bool,
    /// Whether the last request failed. An alert has announced that.
    pub has_failed: bool,
}

/// What to do after an update.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Then {
    /// Nothing.
    Rest,
    /// A key was typed: call [`Announcer::end_typing`] after a pause, in place of an earlier call.
    WaitForTyping,
    /// What is typed was replaced as a whole: an earlier call is no longer needed.
    StopWaiting,
}

/// What was announced, and what is known already.
#[derive(Debug, Default)]
pub struct Announcer {
    words: String,
    is_refresh_expected: bool,
    known: Option<Box<Known>>,
}

/// What the last update has seen.
#[derive(Debug)]
struct Known {
    view: String,
    page: u64,
    notices: [Option<String>; 4],
    is_paused: bool,
    fetched_at: Option<i64>,
    filter: String,
    is_typing: bool,
}

impl Announcer {
    /// The text of the region.
    pub fn words(&self) -> &str {
        &self.words
    }

    /// A person asked for a refresh, so its end is announced.
    pub fn expect_refresh(&mut self) {
        self.is_refresh_expected = true;
    }

    /// The pause after the last key is over.
    pub fn end_typing(&mut self) {
        if let Some(known) = &mut self.known {
            known.is_typing = false;
        }
    }

    /// Announces the view, whatever was announced before. Enough until anything else can change.
    pub fn announce_view(&mut self, view: Option<String>) {
        if let Some(view) = view {
            self.words = view;
        }
    }

    /// Compares with the last update, and announces what is new.
    #[inline(never)]
    pub fn update(&mut self, seen: Seen) -> Then {
        let Seen { lang, .. } = seen;
        let known = self.known.get_or_insert_with(|| {
            Box::new(Known {
                view: self.words.clone(),
                page: seen.page.0,
                notices: Default::default(),
                is_paused: seen.is_paused,
                fetched_at: seen.fetched_at,
                filter: seen.filter.clone(),
                is_typing: false,
            })
        });
        let mut then = Then::Rest;
        if known.filter != seen.filter {
            known.is_typing = is_key(&known.filter, &seen.filter);
            then = if known.is_typing {
                Then::WaitForTyping
            } else {
                Then::StopWaiting
            };
            known.filter = seen.filter;
        }
        if known.is_typing {
            return then;
        }
        let mut news = Vec::new();
        if self.is_refresh_expected && !seen.is_busy {
            if seen.has_failed {
                self.is_refresh_expected = false;
            } else if known.fetched_at != seen.fetched_at {
                self.is_refresh_expected = false;
                news.push(text(lang, Key::Refreshed).to_owned());
            }
        }
        if !seen.is_busy {
            known.fetched_at = seen.fetched_at;
        }
        let view = seen.view.filter(|view| *view != known.view);
        if !seen.is_busy && !seen.has_failed && known.page != seen.page.0 {
            known.page = seen.page.0;
            // A new view starts at its first page, so the page is not announced for it.
            if view.is_none() {
                news.push(seen.page.1);
            }
        }
        if let Some(view) = view {
            known.view.clone_from(&view);
            news.push(view);
        }
        if known.is_paused != seen.is_paused {
            known.is_paused = seen.is_paused;
            let key = if seen.is_paused {
                Key::PauseOn
            } else {
                Key::PauseOff
            };
            news.push(text(lang, key).to_owned());
        }
        let notices = seen.notices.iter().zip(&known.notices);
        let changed = notices.filter(|(now, before)| now != before);
        news.extend(changed.filter_map(|(now, _)| now.clone()));
        known.notices = seen.notices;
        let news = news.into_iter();
        if let Some(mut news) = news.reduce(|first, second| sentences(lang, &first, &second)) {
            // A screen reader announces equal words again only if the text differs.
            if news == self.words {
                news.push('\u{a0}');
            }
            self.words = news;
        }
        then
    }
}

/// Whether one key can have changed the first text into the second.
fn is_key(before: &str, after: &str) -> bool {
    before.chars().count().abs_diff(after.chars().count()) <= 1
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen() -> Seen {
        Seen {
            view: Some("12 tasks.".to_owned()),
            page: (1, "Page 1.".to_owned()),
            fetched_at: Some(1),
            ..Seen::default()
        }
    }

    /// Updates an announcer that knows `seen()`, and returns what it announces after each.
    fn announced<const N: usize>(changes: [fn(&mut Seen); N]) -> [String; N] {
        let mut announcer = Announcer::default();
        announcer.announce_view(seen().view);
        announcer.update(seen());
        let mut now = seen();
        changes.map(|change| {
            change(&mut now);
            announcer.update(now.clone());
            announcer.words().to_owned()
        })
    }

    #[test]
    fn what_is_known_is_not_announced_again() {
        let words = announced([
            |_| {},
            |now| now.page = (2, "Page 2.".to_owned()),
            |now| now.view = Some("3 tasks.".to_owned()),
            |now| (now.view, now.page) = (Some("9 tasks.".to_owned()), (1, "Page 1.".to_owned())),
            |now| now.notices[1] = Some("Copied".to_owned()),
            |now| now.notices[1] = None,
            |now| now.notices[1] = Some("Copied".to_owned()),
            |now| now.is_paused = true,
        ]);
        assert_eq!(
            words,
            [
                "12 tasks.",
                "Page 2.",
                "3 tasks.",
                "9 tasks.",
                "Copied",
                "Copied",
                "Copied\u{a0}",
                "Automatic refresh is paused.",
            ]
        );
    }

    #[test]
    fn nothing_is_announced_before_it_has_settled() {
        let words = announced([
            |now| (now.is_busy, now.view) = (true, None),
            |now| now.page = (2, "Page 2.".to_owned()),
            |now| now.is_busy = false,
            |now| (now.has_failed, now.page) = (true, (3, "Page 3.".to_owned())),
        ]);
        assert_eq!(words, ["12 tasks.", "12 tasks.", "Page 2.", "Page 2."]);
    }

    #[test]
    fn the_end_of_a_refresh_is_announced_to_who_asked_for_it() {
        let mut announcer = Announcer::default();
        announcer.update(seen());
        let fresh = |at| Seen {
            fetched_at: Some(at),
            ..seen()
        };
        announcer.update(fresh(2));
        assert_eq!(announcer.words(), "12 tasks.");
        announcer.expect_refresh();
        announcer.update(fresh(2));
        assert_eq!(announcer.words(), "12 tasks.", "not before fresh data are here");
        announcer.update(fresh(3));
        assert_eq!(announcer.words(), "Refreshed.");
        announcer.expect_refresh();
        announcer.update(Seen {
            has_failed: true,
            ..fresh(4)
        });
        announcer.update(fresh(5));
        assert_eq!(announcer.words(), "Refreshed.", "a failure has its own alert");
    }

    #[test]
    fn typing_is_announced_once_it_has_paused() {
        let mut announcer = Announcer::default();
        announcer.update(seen());
        let typed = |filter: &str| Seen {
            filter: filter.to_owned(),
            view: Some(format!("{} tasks.", filter.len())),
            ..seen()
        };
        assert_eq!(announcer.update(typed("f")), Then::WaitForTyping);
        assert_eq!(announcer.update(typed("fa")), Then::WaitForTyping);
        assert_eq!(announcer.words(), "12 tasks.");
        announcer.end_typing();
        assert_eq!(announcer.update(typed("fa")), Then::Rest);
        assert_eq!(announcer.words(), "2 tasks.");
        assert_eq!(announcer.update(typed("status:failed")), Then::StopWaiting);
        assert_eq!(announcer.words(), "13 tasks.");
    }

    #[test]
    fn a_key_adds_or_removes_one_character() {
        for (before, after, want) in [
            ("", "f", true),
            ("失敗", "失", true),
            ("", "状态", false),
            ("fa", "status:failed", false),
        ] {
            assert_eq!(is_key(before, after), want, "{before} {after}");
        }
    }
}
