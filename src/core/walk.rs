//! A walk over every page of the range, and when it may be believed.
//!
//! **What complete claims.** Each page that counts named the same total, and as many distinct rows are here as that
//! total says. If no task comes and none goes while the total stays the same, then equal totals mean equal lists,
//! so that the pages are cuts of one list and what is held is that list. A server that names no total is believed
//! when page after page came full up to one that did not, and no row came twice.
//!
//! **New tasks.** They come first in OCP's order and would push every page down. So a walk whose first page is
//! ordered by creation asks the other pages up to its newest task only. The total shows whether the server means the
//! same by that bound; where it doesn't, the rest is asked without.
//!
//! **Repair.** Pages that named another total than the newest answer are in doubt and asked again, from the last
//! one up. A page that comes back as it was does *not* vouch for those before it: a task that went and another that
//! came above it leave it in its place. Where all totals agree and the numbers still don't, a row went from a page
//! to another (or is there twice): each page is looked at once more. All of this within [`EXTRA`] requests beyond
//! the pages; where that is not enough, the walk ends unproven, which the person is told.

use super::column::TimeField;
use super::pages::{Pages, Sheet};
use super::request::{Ask, Purpose};
use super::table::Table;
use super::trial::{self, Broken};

/// How many requests beyond one for each page a walk may make.
pub const EXTRA: u64 = 12;

/// How far a walk has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    /// Something is still to come.
    More,
    /// All of it is here.
    Proven,
    /// Nobody can say whether it is.
    Unproven,
    /// There is more than may be held.
    Capped,
}

/// A walk on its way.
#[derive(Debug, Clone)]
pub(super) struct Walk {
    /// What has come.
    pub pages: Pages,
    /// The total that was named last.
    pub total: Option<u64>,
    /// Whether the list moved meanwhile.
    pub moved: bool,
    /// The same, without the pin.
    spoken: Option<u64>,
    /// Pages after the first are asked up to here.
    pin: Option<i64>,
    /// Pages that were asked and have not come: asking them again after a failure costs nothing.
    open: Vec<u64>,
    /// How many requests were made.
    asked: u64,
    /// How many pages there are by the first total.
    planned: Option<u64>,
    /// Whether the end came, where no total says where it is.
    ended: bool,
}

impl Walk {
    /// A new one, at a page size of its own.
    pub fn new(max_rows: usize) -> Self {
        Self {
            pages: Pages::of(trial::walk_size().min(max_rows as u64)),
            total: None,
            moved: false,
            spoken: None,
            pin: None,
            open: Vec::new(),
            asked: 0,
            planned: None,
            ended: false,
        }
    }

    /// The last page that is needed.
    fn last(&self, max_rows: usize) -> u64 {
        match self.total {
            Some(total) => total.min(max_rows as u64).div_ceil(self.pages.size).max(1),
            None => self.pages.sheets.len() as u64 + u64::from(!self.ended),
        }
    }

    /// The pages up to the last one that is needed.
    fn sheets(&self, max_rows: usize) -> &[Sheet] {
        let last = self.last(max_rows);
        let all = &self.pages.sheets;
        &all[..all.partition_point(|sheet| sheet.number <= last)]
    }

    /// What it holds once it has ended.
    pub fn into_pages(mut self, max_rows: usize) -> Pages {
        let within = self.sheets(max_rows).len();
        self.pages.sheets.truncate(within);
        self.pages
    }

    fn left(&self) -> u64 {
        self.planned
            .map_or(u64::MAX, |planned| (planned + EXTRA).saturating_sub(self.asked))
    }

    /// The pages that are needed next, whether they were asked already or not.
    fn due(&self, max_rows: usize) -> Vec<u64> {
        let sheets = self.sheets(max_rows);
        let mut have = sheets.iter().map(|sheet| sheet.number).peekable();
        let missing = (1..=self.last(max_rows)).filter(|page| have.next_if_eq(page).is_none());
        // More than are asked at once, and than a repair may cost.
        let missing: Vec<u64> = missing.take(64).collect();
        if !missing.is_empty() {
            return missing;
        }
        let pick = |wanted: &dyn Fn(&Sheet) -> bool| -> Vec<u64> {
            let some = sheets.iter().rev().filter(|sheet| wanted(sheet));
            some.map(|sheet| sheet.number).collect()
        };
        let doubted = pick(&|sheet| sheet.named != self.total);
        if doubted.is_empty() {
            pick(&|sheet| !sheet.looked || self.open.contains(&sheet.number))
        } else {
            doubted
        }
    }

    /// What to ask next, so that at most `most` are on their way.
    pub fn asks(&mut self, in_flight: &[Ask], most: usize, max_rows: usize) -> Vec<Ask> {
        let room = most.saturating_sub(in_flight.len());
        let mut pages: Vec<u64> = self
            .open
            .iter()
            .copied()
            .filter(|page| !in_flight.iter().any(|ask| ask.page == *page))
            .collect();
        for page in self.due(max_rows) {
            if pages.len() >= room || self.left() == 0 {
                break;
            }
            if self.open.contains(&page) {
                continue;
            }
            if self.pages.get(page).is_some() {
                // The repair goes on without the pin, which may be what is wrong.
                self.pin = None;
                self.moved |= self
                    .pages
                    .get(page)
                    .is_some_and(|sheet| sheet.named == self.total);
            }
            if !trial::is(Broken::Endless) {
                self.asked += 1;
            }
            self.open.push(page);
            pages.push(page);
        }
        pages.truncate(room);
        let ask = |page| Ask {
            purpose: Purpose::Walk,
            page,
            size: self.pages.size,
            start: None,
            end: self.pin.filter(|_| page > 1),
        };
        pages.into_iter().map(ask).collect()
    }

    /// Takes an answer in. `before` is what was held before the walk, and its total.
    pub fn put(
        &mut self,
        ask: Ask,
        mut sheet: Sheet,
        before: (&[u32], Option<u64>),
        max_rows: usize,
        table: &Table,
    ) -> Verdict {
        if ask.size != self.pages.size {
            return Verdict::More;
        }
        self.open.retain(|page| *page != ask.page);
        let came = (sheet.rows.len() + sheet.lost) as u64;
        let named = sheet.named;
        if let Some(earlier) = self.pages.get(ask.page) {
            sheet.looked = !trial::is(Broken::Endless) && (earlier.looked || earlier.named == self.total);
        }
        let unseen = self.pages.sheets.is_empty();
        if ask.page > 1 && named.is_none_or(|total| (ask.page - 1) * ask.size < total) {
            let first = self.pages.get(1);
            let repeats =
                came > 0 && first.is_some_and(|first| first.named == named && first.rows == sheet.rows);
            if ask.end.is_some() && came == 0 {
                // The total may be that of the range, whatever the bound.
                (self.pin, sheet.named) = (None, None);
            } else if repeats || came == 0 && named.is_some() {
                // The server answers the same for every page, or nothing where something should be.
                self.pages.put(sheet);
                return Verdict::Unproven;
            }
        }
        if ask.end.is_none() {
            self.moved |= named.is_some() && self.spoken.is_some_and(|spoken| Some(spoken) != named);
            self.spoken = named.or(self.spoken);
        } else if named != self.spoken {
            self.pin = None;
        }
        let count = |pages: &Pages| pages.distinct(table.len()).len();
        let held = named.or(self.total).is_none().then(|| count(&self.pages));
        let rows = sheet.rows.clone();
        self.pages.put(sheet);
        self.total = named.or(self.total);
        if unseen && ask.page == 1 && came > 0 && named.is_none_or(|total| total > came) {
            // The server has a size of its own, so go on by that.
            if came < ask.size || named.is_some() {
                self.pages.size = came;
            }
            self.pin = newest(&rows, table).filter(|_| named.is_some());
        } else if self.total.is_none() {
            self.ended = came < ask.size;
        }
        if self.total.is_some() && self.planned.is_none() {
            let here = self.pages.sheets.len() as u64;
            self.planned = Some(self.last(max_rows).max(here));
        }
        let stuck = !unseen && held.is_some_and(|held| count(&self.pages) == held);
        if !self.ended && stuck {
            return Verdict::Unproven;
        }
        self.verdict(before, max_rows, table)
    }

    fn verdict(&self, before: (&[u32], Option<u64>), max_rows: usize, table: &Table) -> Verdict {
        let sheets = self.sheets(max_rows);
        let whole = sheets.len() as u64 == self.last(max_rows);
        let came = |sheet: &Sheet| (sheet.rows.len() + sheet.lost) as u64;
        let came: u64 = sheets.iter().map(came).sum();
        if !whole && self.total.is_none_or(|total| came < total) && came < max_rows as u64 && self.left() > 0
        {
            return Verdict::More;
        }
        let pages = Pages {
            sheets: sheets.to_vec(),
            ..Pages::of(self.pages.size)
        };
        let rows = pages.distinct(table.len());
        let held = rows.len() as u64 + pages.lost();
        let Some(total) = self.total else {
            return match (self.ended, held >= max_rows as u64) {
                _ if held > max_rows as u64 => Verdict::Capped,
                (true, _) if pages.came() == rows.len() as u64 => Verdict::Proven,
                (true, _) => Verdict::Unproven,
                (_, true) => Verdict::Capped,
                _ => Verdict::More,
            };
        };
        let agreed = sheets.iter().all(|sheet| sheet.named == Some(total));
        if whole && trial::is(Broken::Believes) {
            return Verdict::Proven;
        }
        if total > max_rows as u64 {
            if whole || self.left() == 0 && self.open.is_empty() {
                return Verdict::Capped;
            }
            return Verdict::More;
        }
        if agreed && held == total {
            return Verdict::Proven;
        }
        // The same once more shows that the list stands still and really repeats itself.
        if whole && agreed && before == (&rows, self.total) {
            return Verdict::Unproven;
        }
        let due = self.due(max_rows);
        let new = due.iter().filter(|page| !self.open.contains(page)).count() as u64;
        if due.is_empty() || new > self.left() {
            return Verdict::Unproven;
        }
        Verdict::More
    }
}

/// Just after the newest of rows that are ordered by creation, the newest first: bounds are whole milliseconds,
/// and whether they take in their last one is nowhere written. `None` where the order is another.
fn newest(rows: &[u32], table: &Table) -> Option<i64> {
    let time = |row: &u32| table.time(*row, TimeField::CreateTime);
    let ordered = rows
        .windows(2)
        .all(|pair| time(&pair[1]).is_some() && time(&pair[0]) >= time(&pair[1]));
    let newest = rows.first().and_then(time).filter(|_| ordered)?;
    newest.div_euclid(1000).checked_add(1)?.checked_mul(1000)
}
