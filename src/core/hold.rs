//! Rows that hold still while somebody reads them.
//!
//! A refresh that nobody asked for must not move what is under the pointer. So while somebody reads, what such a
//! refresh brings is put in its place where it is a shown task that moved on, and held back where it is new: the
//! order stays, tasks that are gone stay as they were last seen, and [`State::pending_new`] says how many wait. What
//! is *held* (completeness, exports of the range's figures) is the history's affair and always told as it is.
//!
//! **Who reads:** whoever is on a later page, has the details of a task open, has scrolled past the first row, or has
//! the pointer or the focus on a row or on the button that shows what waits. The first two are known here; the others
//! the table tells ([`Action::Reading`](super::state::Action), see `view::is_read`). It is asked when a refresh begins
//! and when an answer comes, and not in between: who moves the pointer off the rows, say towards that button, finds
//! everything where it was until the next refresh lets it in. It is let in at once when the person asks for it or
//! changes the view.

use std::rc::Rc;

use super::poll::{Mark, sort};
use super::state::{Action, State};

/// What is shown meanwhile.
#[derive(Debug)]
pub(super) struct Hold {
    /// Whether the pages are cut here; the rows are the view's own then.
    local: bool,
    /// The server's page, where it cuts them.
    pub(super) page: Option<Vec<u32>>,
    /// How many tasks there were.
    total: Option<u64>,
    /// The version of the history that has been put in.
    version: u64,
    /// How many new ones wait.
    pending: u64,
}

impl Hold {
    /// How many rows the view has, where the server cuts its pages.
    pub(super) fn total(&self) -> Option<u64> {
        self.total.filter(|_| self.page.is_some())
    }
}

impl State {
    /// Whether somebody is at the rows, as the table told it last.
    pub fn is_reading(&self) -> bool {
        self.reading
    }

    /// Whether an action may move rows that nobody asked to move, so that it matters who reads.
    pub fn may_move(&self, action: &Action) -> bool {
        match action {
            Action::Arrived(..) => self.loading.by_itself,
            Action::RefreshDue | Action::Visible(true) | Action::Online => true,
            _ => false,
        }
    }

    /// How many new tasks wait to be shown, of those that pass the filter.
    pub fn pending_new(&self) -> u64 {
        self.hold.as_ref().map_or(0, |hold| hold.pending)
    }

    /// Whether what is shown is older than it should be, because asking has failed.
    pub fn is_stale(&self, now: i64) -> bool {
        let (Some(at), Some(trouble)) = (self.fetched_at, &self.trouble) else {
            return false;
        };
        let due = 2 * i64::from(self.config.refresh) * super::time::SECOND;
        !trouble.retrying || due > 0 && now - at > due
    }

    /// Whether somebody reads.
    fn is_read(&self) -> bool {
        self.reading || self.view.page > 1 || self.details.is_some()
    }

    /// The table says whether somebody is at the rows.
    pub(super) fn set_reading(&mut self, reading: bool) {
        self.reading = reading;
        if !self.is_read() {
            self.let_in();
        } else if self.loading.by_itself && !self.is_settled() {
            self.hold_still();
        }
    }

    /// A refresh that nobody asked for begins: the rows hold still where somebody reads them.
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

    /// Shows everything as it is.
    pub(super) fn let_in(&mut self) {
        if self.hold.take().is_some() {
            self.forget_derived();
        }
    }

    /// Puts what has come in its place; says whether the rows hold still.
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
                // Old ones may have gone meanwhile: then what has pushed the page down tells.
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

    /// Replaces rows whose content has changed by what they are now; says of each row whether it is among them.
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
