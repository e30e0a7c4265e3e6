//! A walk: fetching every page of the range, and deciding when the result is complete.
//!
//! **When a range counts as complete.** Each page that counts named the same total, and as many distinct
//! rows are held as that total says. If no task comes or goes while the total stays the same, equal
//! totals mean equal lists. Then the pages are cuts of one list, and what is held is that list. If the
//! server names no total, the range is complete when each page was full up to one that was not, and no
//! row came twice.
//!
//! **New tasks.** They come first in OCP's order and would push every page down. So if the first page is
//! ordered by creation, newest first, the other pages are requested up to the newest task of the first
//! page only (the *pin*). The totals show whether the server applies that bound to the same time. If not,
//! the rest is requested without it.
//!
//! **Repair.** Pages that named another total than the newest answer are in doubt. They are requested
//! again, from the last one up. A page that comes back unchanged does *not* prove the pages before it: a
//! task that went and another that came above it leave the page as it was. If all totals agree and the
//! number of rows still does not, a row moved from one page to another (or is there twice), and each page
//! is requested once more. The repair is limited to [`EXTRA`] requests beyond one for each page. If that
//! is not enough, the walk ends as unproven, and the person is told so.

use super::column::TimeField;
use super::pages::{Pages, Sheet};
use super::request::{Ask, Purpose};
use super::table::Table;
use super::trial::{self, Broken};

/// The most requests of a walk beyond one for each page.
pub const EXTRA: u64 = 12;

/// The state of a walk after an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    /// More pages are needed.
    More,
    /// Everything is held.
    Proven,
    /// Whether everything is held cannot be decided.
    Unproven,
    /// The range has more tasks than may be held.
    Capped,
}

/// A walk in progress.
#[derive(Debug, Clone)]
pub(super) struct Walk {
    /// The pages that came.
    pub pages: Pages,
    /// The total that was named last.
    pub total: Option<u64>,
    /// Whether the list changed during the walk.
    pub moved: bool,
    /// The total that was named last by an answer to a request without the pin.
    spoken: Option<u64>,
    /// The pin: pages after the first are requested up to this time, in microseconds since 1970.
    pin: Option<i64>,
    /// Pages that were requested and have not come. To request them again after a failure does not count
    /// as another request.
    open: Vec<u64>,
    /// The number of requests so far.
    asked: u64,
    /// The number of pages by the first total.
    planned: Option<u64>,
    /// Whether a page came that was not full, if no total says where the end is.
    ended: bool,
}

impl Walk {
    /// A new walk, with the page size of walks.
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

    /// The number of the last page that is needed.
    fn last(&self, max_rows: usize) -> u64 {
        match self.total {
            Some(total) => total.min(max_rows as u64).div_ceil(self.pages.size).max(1),
            None => self.pages.sheets.len() as u64 + u64::from(!self.ended),
        }
    }

    /// The pages that came, up to the last one that is needed.
    fn sheets(&self, max_rows: usize) -> &[Sheet] {
        let last = self.last(max_rows);
        let all = &self.pages.sheets;
        &all[..all.partition_point(|sheet| sheet.number <= last)]
    }

    /// The pages of a walk that has ended.
    pub fn into_pages(mut self, max_rows: usize) -> Pages {
        let within = self.sheets(max_rows).len();
        self.pages.sheets.truncate(within);
        self.pages
    }

    fn left(&self) -> u64 {
        self.planned
            .map_or(u64::MAX, |planned| (planned + EXTRA).saturating_sub(self.asked))
    }

    /// The pages that are needed next, whether requested already or not.
    fn due(&self, max_rows: usize) -> Vec<u64> {
        let sheets = self.sheets(max_rows);
        let mut have = sheets.iter().map(|sheet| sheet.number).peekable();
        let missing = (1..=self.last(max_rows)).filter(|page| have.next_if_eq(page).is_none());
        // More than are requested at once, and more than a repair may request.
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

    /// The requests to send next, so that at most `most` are in flight.
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
                // A repair requests without the pin, which may be the cause.
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

    /// Adds the page that an answer brought. `before` is the rows and the total that were held before the
    /// walk.
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
                // The server may count the whole range in spite of the bound, so its total is ignored
                // here.
                (self.pin, sheet.named) = (None, None);
            } else if repeats || came == 0 && named.is_some() {
                // The server sends the same for every page, or an empty page where rows are due.
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
            // The server uses its own page size, so the walk continues with that.
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
        // The same result as before the walk shows that the list does not change and really repeats rows.
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

/// The first whole millisecond after the newest row, in microseconds since 1970. `None` unless the rows
/// are ordered by creation, newest first. Bounds are whole milliseconds, and whether they are inclusive
/// is not documented.
fn newest(rows: &[u32], table: &Table) -> Option<i64> {
    let time = |row: &u32| table.time(*row, TimeField::CreateTime);
    let ordered = rows
        .windows(2)
        .all(|pair| time(&pair[1]).is_some() && time(&pair[0]) >= time(&pair[1]));
    let newest = rows.first().and_then(time).filter(|_| ordered)?;
    newest.div_euclid(1000).checked_add(1)?.checked_mul(1000)
}
