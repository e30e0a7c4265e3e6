//! The pages of one size as they came: the rows of each, and the total that it named.

/// One page as it came last.
#[derive(Debug, Clone, Default)]
pub(super) struct Sheet {
    /// The page number, from 1.
    pub number: u64,
    /// Its rows, in the server's order.
    pub rows: Vec<u32>,
    /// The number of elements that were not tasks. They count for the total but cannot be held.
    pub lost: usize,
    /// The total that the page named; `None` if it named none that can be believed.
    pub named: Option<u64>,
    /// Whether it was requested again although its total agreed.
    pub looked: bool,
}

/// Pages of one size, ordered by number.
#[derive(Debug, Clone, Default)]
pub(super) struct Pages {
    /// The number of rows that each request asked for.
    pub size: u64,
    /// Whether these pages are everything, so that no others exist.
    pub all: bool,
    /// The pages that came.
    pub sheets: Vec<Sheet>,
}

impl Pages {
    /// No pages yet, with this size (at least 1).
    pub fn of(size: u64) -> Self {
        Self {
            size: size.max(1),
            all: false,
            sheets: Vec::new(),
        }
    }

    /// One page that holds everything.
    pub fn single(rows: Vec<u32>, lost: usize) -> Self {
        let mut pages = Self::of(rows.len() as u64);
        pages.all = true;
        pages.put(Sheet {
            number: 1,
            rows,
            lost,
            ..Sheet::default()
        });
        pages
    }

    fn place(&self, number: u64) -> Result<usize, usize> {
        self.sheets.binary_search_by_key(&number, |sheet| sheet.number)
    }

    /// The page with this number, if it came.
    pub fn get(&self, number: u64) -> Option<&Sheet> {
        self.place(number).ok().map(|at| &self.sheets[at])
    }

    /// Adds a page, in place of an earlier one of its number.
    pub fn put(&mut self, sheet: Sheet) {
        match self.place(sheet.number) {
            Ok(at) => self.sheets[at] = sheet,
            Err(at) => self.sheets.insert(at, sheet),
        }
    }

    /// The number of elements that were not tasks.
    pub fn lost(&self) -> u64 {
        self.sheets.iter().map(|sheet| sheet.lost as u64).sum()
    }

    /// The number of rows that came, repeats included.
    pub fn came(&self) -> u64 {
        self.sheets.iter().map(|sheet| sheet.rows.len() as u64).sum()
    }

    /// The distinct rows in the server's order; `known` is the number of rows in the table.
    pub fn distinct(&self, known: usize) -> Vec<u32> {
        let mut rows: Vec<u32> = self
            .sheets
            .iter()
            .flat_map(|sheet| sheet.rows.iter().copied())
            .collect();
        once(&mut rows, known);
        rows
    }
}

/// Keeps the first occurrence of each row; `known` is the number of rows in the table.
pub(super) fn once(rows: &mut Vec<u32>, known: usize) {
    if super::trial::is(super::trial::Broken::Repeats) {
        return;
    }
    let mut seen = vec![false; known];
    rows.retain(|row| !std::mem::replace(&mut seen[*row as usize], true));
}
