//! Keeps rows still while somebody reads them.
//!
//! An automatic refresh must not move rows under the pointer. So while somebody reads, its result is
//! applied in part: a shown task that changed is updated in its place, and a new task is held back. The
//! order stays, tasks that are gone stay as last seen, and [`State::pending_new`] says how many new ones
//! wait. The figures of the range (completeness, exports) belong to the history and are always the
//! current ones.
//!
//! **Who reads.** Somebody reads if the view is on a later page, if the details of a task are open, if
//! the table is scrolled past the first row, or if the pointer or the focus is on a row or on the button
//! that shows the held-back tasks. The first two are known here. The table reports the others
//! ([`Action::Reading`](super::state::Action), see `view::is_read`). This is checked when a refresh
//! begins and when an answer arrives, and not in between: a person who moves the pointer off the rows,
//! for example towards that button, finds everything in its place until the next refresh. When the person
//! asks for the new tasks or changes the view, everything is shown at once.

use std::rc::Rc;

use super::poll::{Mark, sort};
use super::state::{Action, State};

/// What is shown while rows are held still.
#[derive(Debug)]
pub(super) struct Hold {
    /// Whether the pages are cut here. The held rows are then `State::rows`.
    local: bool,
    /// The shown page, if the server cuts the pages.
    pub(super) page: Option<Vec<u32>>,
    /// The total when the hold began.
    total: Option<u64>,
    /// The version of the history that has been applied.
    version: u64,
    /// The number of new tasks that are held back.
    pending: u64,
}

impl Hold {
    /// The number of rows of the view, if the server cuts the pages.
    pub(super) fn total(&self) -> Option<u64> {
        self.total.filter(|_| self.page.is_some())
    }
}

impl State {
    /// Whether somebody is at the rows, as the table reported last.
    pub fn is_reading(&self) -> bool {
        self.reading
    }

    /// Whether an action may move rows without a person's request, so that it matters whether somebody
    /// reads.
    pub fn may_move(&self, action: &Action) -> bool {
        match action {
            Action::Arrived(..) => self.loading.by_itself,
            Action::RefreshDue | Action::Visible(true) | Action::Online => true,
            _ => false,
        }
    }

    /// The number of new tasks that are held back and pass the filter.
    pub fn pending_new(&self) -> u64 {
        self.hold.as_ref().map_or(0, |hold| hold.pending)
    }

    /// Whether the shown rows are older than they should be because requests fail. `now` is in
    /// microseconds since 1970.
    pub fn is_stale(&self, now: i64) -> bool {
        let (Some(at), Some(trouble)) = (self.fetched_at, &self.trouble) else {
            return false;
        };
        let due = 2 * i64::from(self.config.refresh) * super::time::SECOND;
        !trouble.retrying || due > 0 && now - at > due
    }

    /// Whether somebody reads: see the module's description.
    fn is_read(&self) -> bool {
        self.reading || self.view.page > 1 || self.details.is_some()
    }

    /// Sets whether somebody is at the rows.
    pub(super) fn set_reading(&mut self, reading: bool) {
        self.reading = reading;
        if !self.is_read() {
            self.let_in();
        } else if self.loading.by_itself && !self.is_settled() {
            self.hold_still();
        }
    }

    /// Begins a hold when an automatic refresh begins, if somebody reads.
    pub(super) fn hold_still(&mut self) {
        if !self.is_read() {
            return self.let_in();
        }
        if self.hold.is_some() {
            return;
        }
        let local = self.is_local();
        let page = if local {
            None
        } else {
            self.page_rows().map(Rc::unwrap_or_clone)
        };
        if local || page.is_some() {
            self.hold = Some(Hold {
                local,
                page,
                total: self.history.total(),
                version: self.history.version,
                pending: 0,
            });
        }
    }

    /// Ends the hold, so that everything current is shown.
    pub(super) fn let_in(&mut self) {
        if self.hold.take().is_some() {
            self.forget_derived();
        }
    }

    /// Applies what has come to the held rows. Returns whether a hold is in effect.
    pub(super) fn update_held(&mut self) -> bool {
        let local = self.is_local();
        if self.hold.as_ref().is_some_and(|hold| hold.local != local) {
            self.let_in();
        }
        let Some(mut hold) = self.hold.take() else {
            return false;
        };
        if hold.version != self.history.version {
            hold.version = self.history.version;
            if let Some(page) = &mut hold.page {
                let shown = self.follow(page);
                let total = self.history.total().zip(hold.total);
                let more = total.map_or(0, |(now, then)| now.saturating_sub(then));
                // Old tasks may have gone, so the new rows at the top of the page are counted as well.
                let size = u64::from(self.view.rows_per_page);
                let came = self.history.slice((self.view.page - 1) * size, size);
                let ahead = came.iter().flatten().take_while(|row| !shown[**row as usize]);
                hold.pending = more.max(ahead.count() as u64);
            } else {
                let mut rows = self.rows.to_vec();
                let shown = self.follow(&mut rows);
                self.rows = Rc::new(rows);
                let mut fresh = self.history.rows().to_vec();
                fresh.retain(|row| !shown[*row as usize]);
                self.filter
                    .retain(&mut fresh, self.history.table(), self.now, &*self.locale);
                hold.pending = fresh.len() as u64;
            }
        }
        self.hold = Some(hold);
        true
    }

    /// Replaces changed rows by their current content. Returns for each row number whether it is among
    /// `rows` now.
    fn follow(&self, rows: &mut [u32]) -> Vec<bool> {
        let mut here = vec![false; self.history.table().len()];
        let mut shown = here.clone();
        let now = self.history.rows();
        now.iter().for_each(|row| here[*row as usize] = true);
        rows.iter().for_each(|row| shown[*row as usize] = true);
        let mut gone: Vec<Mark> = (0..rows.len())
            .filter(|at| !here[rows[*at] as usize])
            .map(|at| {
                let (id, created) = self.history.key(rows[at]);
                (id, created, at)
            })
            .collect();
        sort(&mut gone);
        for &row in now {
            if gone.is_empty() {
                break;
            }
            let (id, created) = self.history.key(row);
            let at = gone.partition_point(|mark| *mark < (id, created, 0));
            let same = gone.get(at).is_some_and(|mark| (mark.0, mark.1) == (id, created));
            if same && !shown[row as usize] {
                rows[gone.remove(at).2] = row;
                shown[row as usize] = true;
            }
        }
        shown
    }
}

#[cfg(test)]
#[path = "hold_tests.rs"]
mod tests;
