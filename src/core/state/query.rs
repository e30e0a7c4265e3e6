//! What the person asks of the tasks: range, sort, filter, page, columns.
//!
//! [`Query::apply`] is the reducer of a person's choices. What they need to be loaded, it says in its
//! [`Need`].

use std::rc::Rc;

use super::action::Action;
use crate::core::i18n::locale::Locale;
use crate::core::query::filter::{Filter, pick};
use crate::core::query::sort::Sort;
use crate::core::settings::attributes::{Attributes, Config};
use crate::core::settings::columns::{self, ColumnNotice};
use crate::core::settings::view::View;
use crate::core::time::TimeRange;

/// The most rows on a page that a person can choose.
const MOST_ROWS_PER_PAGE: u32 = 2000;

/// What a changed query needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Need {
    /// Nothing that is not loaded already.
    Nothing,
    /// The shown page may have to be requested.
    Page,
    /// Another range has to be loaded.
    Range,
}

/// What is asked of the tasks.
pub struct Query {
    /// What the person has chosen.
    pub view: View,
    /// `view.filter`, parsed.
    pub filter: Rc<Filter>,
    /// Whether the person asked for the overview of this range.
    pub wants_overview: bool,
    /// The result of the last change to the columns, and the number of tasks in the view at that moment.
    pub(super) notice: Option<(ColumnNotice, Option<u64>)>,
}

impl Default for Query {
    fn default() -> Self {
        Self {
            view: View::of(&Config::default()),
            filter: Rc::default(),
            wants_overview: false,
            notice: None,
        }
    }
}

impl Query {
    /// Applies a person's choice. `count` is the number of tasks in the view. Other actions change nothing.
    #[inline(never)]
    pub fn apply(
        &mut self,
        action: Action,
        config: &Config,
        locale: &dyn Locale,
        count: Option<u64>,
    ) -> Need {
        let view = &mut self.view;
        match action {
            Action::ToggleSort(column) => {
                view.sort = Sort::next(view.sort, column);
                view.page = 1;
            }
            Action::TypeFilter(text) | Action::SetFilter(text) => self.set_filter(text, locale),
            Action::PickOutcomes(outcomes) => self.set_filter(pick(&self.view.filter, &outcomes), locale),
            Action::SetRange(range) => return self.set_range(range, false),
            Action::BrushRange(range) => return self.set_range(range, true),
            Action::GoToPage(page) => {
                view.page = page.max(1);
                return Need::Page;
            }
            Action::SetRowsPerPage(rows) => {
                let first = view.offset();
                view.rows_per_page = rows.min(MOST_ROWS_PER_PAGE);
                view.page = if rows == 0 { 1 } else { first / u64::from(rows) + 1 };
                return Need::Page;
            }
            Action::ShowNew => {
                view.page = 1;
                return Need::Page;
            }
            Action::SetColumns(columns) => view.columns = columns,
            Action::SetDensity(density) => view.density = density,
            Action::PinFirst(pinned) => view.pinned = pinned,
            Action::MoveColumn(column, by) => {
                let Some(from) = view.columns.iter().position(|other| *other == column) else {
                    return Need::Nothing;
                };
                let to = from.saturating_add_signed(by).min(view.columns.len() - 1);
                let column = view.columns.remove(from);
                view.columns.insert(to, column);
                self.notice = Some((ColumnNotice::Moved(column), count));
            }
            Action::SetWidth(column, width) => {
                columns::set_width(&mut view.widths, column, width);
                self.notice = Some((ColumnNotice::Resized(column), count));
            }
            Action::ResetColumns => {
                view.columns.clone_from(&config.columns);
                view.widths.clear();
                view.pinned = false;
                self.notice = Some((ColumnNotice::Reset, count));
            }
            Action::SetZone(zone) => view.zone = zone,
            _ => {}
        }
        Need::Nothing
    }

    fn set_filter(&mut self, text: String, locale: &dyn Locale) {
        if text != self.view.filter {
            self.view.filter = text;
            self.view.page = 1;
            self.parse_filter(locale);
        }
    }

    /// Sets another range. The overview was asked for one range only.
    fn set_range(&mut self, range: TimeRange, with_overview: bool) -> Need {
        if range == self.view.range {
            return Need::Nothing;
        }
        self.view.range = range;
        self.view.page = 1;
        self.wants_overview = with_overview;
        Need::Range
    }

    /// Sets the whole view.
    pub(super) fn set_view(&mut self, view: View, locale: &dyn Locale) -> Need {
        let is_other_range = view.range != self.view.range;
        self.view = view;
        self.parse_filter(locale);
        if is_other_range {
            self.wants_overview = false;
            Need::Range
        } else {
            Need::Page
        }
    }

    /// Parses the filter again: days in it belong to the zone.
    pub(super) fn parse_filter(&mut self, locale: &dyn Locale) {
        self.filter = Rc::new(Filter::parse(&self.view.filter, locale));
    }

    /// Follows new attributes: one that changed replaces what the person chose for it; the rest of the view
    /// stays.
    pub(super) fn follow(&mut self, before: &Attributes, now: &Attributes, config: &Config) -> Need {
        let changed = |name: &str| before.get(name) != now.get(name);
        let view = &mut self.view;
        let mut need = Need::Nothing;
        if changed("sort") {
            view.sort = config.sort;
            view.page = 1;
        }
        if changed("page-size") {
            view.rows_per_page = config.page_size;
            view.page = 1;
            need = Need::Page;
        }
        if changed("columns") {
            view.columns.clone_from(&config.columns);
        }
        if changed("density") {
            view.density = config.density;
        }
        if changed("filter") {
            view.filter.clone_from(&config.filter);
            view.page = 1;
        }
        if changed("range") && view.range != config.range {
            view.range = config.range;
            need = Need::Range;
        }
        need
    }
}
