//! Pages of one size as they came: which rows stood on which, and how many tasks each of them named.

/// One page as it came last.
#[derive(Debug, Clone, Default)]
pub(super) struct Sheet {
    /// Its number, from 1.
    pub number: u64,
    /// Its rows, in the server's order.
    pub rows: Vec<u32>,
    /// Elements that were no tasks: they count, but cannot be held.
    pub lost: usize,
    /// How many tasks it said there are; `None` where it said nothing that can be believed.
    pub named: Option<u64>,
    /// Whether it was asked for once more though its total agreed.
    pub looked: bool,
}

/// Pages of one size, in their order.
#[derive(Debug, Clone, Default)]
pub(super) struct Pages {
    /// How many rows were asked for.
    pub size: u64,
    /// Whether there are no others.
    pub all: bool,
    /// Those that are here.
    pub sheets: Vec<Sheet>,
}

impl Pages {
    /// None yet, of a size.
    pub fn of(size: u64) -> Self {
        Self {
            size: size.max(1),
            all: false,
            sheets: Vec::new(),
        }
    }

    /// One page that is everything.
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

    /// A page, if it is here.
    pub fn get(&self, number: u64) -> Option<&Sheet> {
        self.place(number).ok().map(|at| &self.sheets[at])
    }

    /// Takes a page in, in place of what stood there.
    pub fn put(&mut self, sheet: Sheet) {
        match self.place(sheet.number) {
            Ok(at) => self.sheets[at] = sheet,
            Err(at) => self.sheets.insert(at, sheet),
        }
    }

    /// How many elements were no tasks.
    pub fn lost(&self) -> u64 {
        self.sheets.iter().map(|sheet| sheet.lost as u64).sum()
    }

    /// How many rows came, repeats and all.
    pub fn came(&self) -> u64 {
        self.sheets.iter().map(|sheet| sheet.rows.len() as u64).sum()
    }

    /// The rows in the server's order, each once; `known` is how many rows the table has.
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

/// Keeps the first of each row; `known` is how many rows the table has.
pub(super) fn once(rows: &mut Vec<u32>, known: usize) {
    if super::trial::is(super::trial::Broken::Repeats) {
        return;
    }
    let mut seen = vec![false; known];
    rows.retain(|row| !std::mem::replace(&mut seen[*row as usize], true));
}
