//! Cached pages of one size: the rows of each as they came, and the total that it named.

/// One page as it came last.
#[derive(Debug, Clone, Default)]
pub(super) struct CachedPage {
    /// The page number, from 1.
    pub number: u64,
    /// Its rows, in the server's order.
    pub rows: Vec<u32>,
    /// The number of elements that were not tasks. They count for the total but cannot be held.
    pub unreadable: usize,
    /// The total that the page named; `None` if it named none that can be trusted.
    pub total: Option<u64>,
    /// Whether it was requested again although its total agreed.
    pub rechecked: bool,
}

/// Pages of one size, ordered by number.
#[derive(Debug, Clone, Default)]
pub(super) struct Pages {
    /// The number of rows that each request asked for.
    pub size: u64,
    /// Whether these pages are everything, so that no others exist.
    pub all: bool,
    /// The pages that came.
    pub cached: Vec<CachedPage>,
}

impl Pages {
    /// No pages yet, with this size (at least 1).
    pub fn of(size: u64) -> Self {
        Self {
            size: size.max(1),
            all: false,
            cached: Vec::new(),
        }
    }

    /// One page that holds everything.
    pub fn single(rows: Vec<u32>, unreadable: usize) -> Self {
        let mut pages = Self::of(rows.len() as u64);
        pages.all = true;
        pages.put(CachedPage {
            number: 1,
            rows,
            unreadable,
            ..CachedPage::default()
        });
        pages
    }

    fn place(&self, number: u64) -> Result<usize, usize> {
        self.cached.binary_search_by_key(&number, |page| page.number)
    }

    /// The page with this number, if it came.
    pub fn get(&self, number: u64) -> Option<&CachedPage> {
        self.place(number).ok().map(|at| &self.cached[at])
    }

    /// Adds a page, in place of an earlier one of its number.
    pub fn put(&mut self, page: CachedPage) {
        match self.place(page.number) {
            Ok(at) => self.cached[at] = page,
            Err(at) => self.cached.insert(at, page),
        }
    }

    /// The number of elements that were not tasks.
    pub fn unreadable(&self) -> u64 {
        self.cached.iter().map(|page| page.unreadable as u64).sum()
    }

    /// The number of rows that came, repeats included.
    pub fn row_count(&self) -> u64 {
        self.cached.iter().map(|page| page.rows.len() as u64).sum()
    }

    /// The distinct rows in the server's order; `known` is the number of rows in the table.
    pub fn distinct(&self, known: usize) -> Vec<u32> {
        let mut rows: Vec<u32> = self
            .cached
            .iter()
            .flat_map(|page| page.rows.iter().copied())
            .collect();
        remove_repeats(&mut rows, known);
        rows
    }
}

/// Keeps the first occurrence of each row; `known` is the number of rows in the table.
pub(super) fn remove_repeats(rows: &mut Vec<u32>, known: usize) {
    let mut seen = vec![false; known];
    rows.retain(|row| !std::mem::replace(&mut seen[*row as usize], true));
}
