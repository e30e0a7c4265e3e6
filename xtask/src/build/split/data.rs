//! The constants of the module, cut as its functions are.
//!
//! The linker leaves each constant a segment of its own (`--no-merge-data-segments` in `.cargo/config.toml`). What a
//! function that stays speaks of stays, and what that points to: every number in its code that may be an address
//! counts as one, with a margin, since compilers fold offsets into addresses. All else moves. A constant that stays
//! without need costs its bytes; one that moves in error would read as zeros, so the doubt always keeps it.
//!
//! One exception: where in the sources a panic may come from. Such a place is handed on by the code that stays, but
//! read by nothing except what words the panic, and no first row panics.

use std::collections::BTreeSet;

use anyhow::{Result, bail};
use walrus::ir::{Const, Load, Store, Value, Visitor, dfs_in_order};
use walrus::{ConstExpr, DataKind, FunctionId, FunctionKind, Module};

/// How far before a constant an address may point and still mean it: the base of a table whose first entries nobody
/// asks for.
const MARGIN: u32 = 32;

/// How far behind a constant's beginning another constant may point.
const NEAR: u32 = 1024;
/// What stands for "no character" where a character may be missing.
const NO_CHAR: u32 = 0x11_0000;

/// The constants, by address.
pub(super) struct Constants {
    all: Vec<(u32, Vec<u8>)>,
}

impl Constants {
    pub(super) fn read(module: &Module) -> Result<Self> {
        let mut all = Vec::new();
        for data in module.data.iter() {
            match data.kind {
                DataKind::Active {
                    offset: ConstExpr::Value(Value::I32(offset)),
                    ..
                } => all.push((offset as u32, data.value.clone())),
                _ => bail!("a data segment without a fixed place is not provided for"),
            }
        }
        all.sort();
        Ok(Self { all })
    }

    /// The numbers of the constants that these functions may speak of.
    pub(super) fn reached_by(&self, module: &Module, functions: &[FunctionId]) -> BTreeSet<usize> {
        let mut reached = BTreeSet::new();
        let mut todo: Vec<usize> = Vec::new();
        for id in functions {
            let mut addresses = Addresses::default();
            if let FunctionKind::Local(local) = &module.funcs.get(*id).kind {
                dfs_in_order(&mut addresses, local, local.entry_block());
            }
            todo.extend(self.named_by(&addresses));
        }
        while let Some(at) = todo.pop() {
            if reached.insert(at) {
                let (start, bytes) = &self.all[at];
                // Pointers are aligned, and point at a constant's beginning or near it; other words are numbers.
                let aligned = bytes
                    .get((start.wrapping_neg() % 4) as usize..)
                    .unwrap_or_default();
                for word in aligned.as_chunks().0 {
                    let address = u32::from_le_bytes(*word);
                    let near = |at: &usize| address - self.all[*at].0.min(address) < NEAR;
                    let is_meant = |at: &usize| !self.is_start(address) || self.all[*at].0 == address;
                    todo.extend(self.around(address, 0).filter(near).filter(is_meant));
                }
            }
        }
        reached
    }

    /// The constants that the numbers in one function's code may mean.
    fn named_by(&self, addresses: &Addresses) -> Vec<usize> {
        let mut named = Vec::new();
        for address in addresses.numbers.union(&addresses.offsets).copied() {
            let names = |at: &usize| self.is_location(*at) || self.is_source(*at);
            // A number that is just where a constant begins means that one. An offset is added to something.
            let is_start = self.is_start(address);
            let is_number = addresses.numbers.contains(&address);
            let margin = if is_start && !addresses.offsets.contains(&address) {
                0
            } else {
                MARGIN
            };
            // It is also the end of the constant before. A loop may count up to the end of a table and know
            // nothing else of it; then the function has a negative number to begin with. To an offset nothing
            // negative is ever added.
            let is_meant = |at: &usize| {
                let (start, bytes) = &self.all[*at];
                !is_start || *start >= address || is_number && addresses.has_negative(bytes.len() as u32)
            };
            named.extend(
                self.around(address, margin)
                    .filter(|at| !names(at) && is_meant(at)),
            );
            named.extend(self.around(address, 0).filter(|at| self.is_source(*at)));
        }
        named
    }

    /// Whether a constant begins at an address.
    fn is_start(&self, address: u32) -> bool {
        let start = self.all.binary_search_by_key(&address, |(start, _)| *start);
        start.is_ok()
    }

    /// Whether a constant is the name of a source file, to which only locations lead.
    fn is_source(&self, at: usize) -> bool {
        let bytes = &self.all[at].1;
        bytes.strip_suffix(b"\0").unwrap_or(bytes).ends_with(b".rs")
    }

    /// Whether a constant is a `core::panic::Location`: a file's name, its length, a line and a column.
    fn is_location(&self, at: usize) -> bool {
        let bytes = &self.all[at].1;
        let ([file, length, line, column], []) = bytes.as_chunks().0.split_at(4.min(bytes.len() / 4)) else {
            return false;
        };
        let [file, length, line, column] = [file, length, line, column].map(|word| u32::from_le_bytes(*word));
        let name = self.all.binary_search_by_key(&file, |(start, _)| *start);
        let is_source = name.is_ok_and(|name| {
            let name = &self.all[name].1;
            name.get(..length as usize)
                .is_some_and(|name| name.ends_with(b".rs"))
        });
        bytes.len() == 16 && is_source && (1..1_000_000).contains(&line) && (1..10_000).contains(&column)
    }

    /// The constants that an address lies in, or near to.
    fn around(&self, address: u32, margin: u32) -> impl Iterator<Item = usize> + '_ {
        // "No character" is a number in the midst of the constants, and stands in any code that reads text.
        let is_char =
            (NO_CHAR..NO_CHAR + 4).contains(&address) && !self.all.iter().any(|(start, _)| *start == address);
        let margin = if is_char { 0 } else { margin };
        let from = if is_char { u32::MAX } else { address };
        // Constants are in order and do not overlap, so their ends are in order as well.
        let start = self
            .all
            .partition_point(|(at, bytes)| at + (bytes.len() as u32) < from);
        (start..self.all.len()).take_while(move |&at| self.all[at].0 <= address.saturating_add(margin))
    }

    /// Makes these the only data of a module; neighbours become one segment.
    pub(super) fn put(&self, module: &mut Module, wanted: impl Fn(usize) -> bool) {
        for id in module.data.iter().map(walrus::Data::id).collect::<Vec<_>>() {
            module.data.delete(id);
        }
        // Rust's modules have one memory.
        let Some(memory) = module.memories.iter().map(walrus::Memory::id).next() else {
            return;
        };
        module.memories.get_mut(memory).data_segments.clear();
        let mut runs: Vec<(u32, Vec<u8>)> = Vec::new();
        let mut last = None;
        for (at, (offset, bytes)) in self.all.iter().enumerate().filter(|(at, _)| wanted(*at)) {
            match runs.last_mut() {
                // Between neighbours lies nothing but what aligns them.
                Some((start, run))
                    if last == at.checked_sub(1) && *offset - (*start + run.len() as u32) < 16 =>
                {
                    run.resize((*offset - *start) as usize, 0);
                    run.extend(bytes);
                }
                _ => runs.push((*offset, bytes.clone())),
            }
            last = Some(at);
        }
        for (offset, bytes) in runs {
            let offset = ConstExpr::Value(Value::I32(offset as i32));
            let id = module.data.add(DataKind::Active { memory, offset }, bytes);
            module.memories.get_mut(memory).data_segments.insert(id);
        }
    }
}

/// Every number in a function's code that may be an address, by itself or as what is added to one.
#[derive(Default)]
struct Addresses {
    numbers: BTreeSet<u32>,
    offsets: BTreeSet<u32>,
}

impl Addresses {
    /// Whether the function has a number from -1 down to minus this one.
    fn has_negative(&self, least: u32) -> bool {
        self.numbers.range(least.wrapping_neg()..).next().is_some()
    }
}

impl<'a> Visitor<'a> for Addresses {
    fn visit_const(&mut self, instr: &Const) {
        if let Value::I32(value) = instr.value {
            self.numbers.insert(value as u32);
        }
    }

    fn visit_load(&mut self, instr: &Load) {
        self.offsets.insert(instr.arg.offset as u32);
    }

    fn visit_store(&mut self, instr: &Store) {
        self.offsets.insert(instr.arg.offset as u32);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use walrus::FunctionBuilder;
    use walrus::ir::{LoadKind, MemArg};

    /// A table from 4000 to 4040, and what begins where it ends.
    fn table_and_next() -> Constants {
        Constants {
            all: vec![(4000, vec![1; 40]), (4040, vec![1; 40])],
        }
    }

    /// The constants that a function with these numbers and this offset reaches.
    fn reached(numbers: &[i32], offset: u64) -> Vec<usize> {
        let mut module = Module::default();
        let memory = module.memories.add_local(false, false, 1, None, None);
        let mut builder = FunctionBuilder::new(&mut module.types, &[], &[]);
        let mut body = builder.func_body();
        for number in numbers {
            body.i32_const(*number).drop();
        }
        let kind = LoadKind::I32 { atomic: false };
        body.i32_const(0)
            .load(memory, kind, MemArg { align: 4, offset })
            .drop();
        let function = builder.finish(vec![], &mut module.funcs);
        let reached = table_and_next().reached_by(&module, &[function]);
        reached.into_iter().collect()
    }

    #[test]
    fn the_end_of_a_table_means_the_table_only_where_something_counts_up_to_it() {
        assert_eq!(reached(&[4040], 0), [1], "where the next one begins");
        assert_eq!(
            reached(&[4040, -40], 0),
            [0, 1],
            "a loop from the table's first entry to its end"
        );
        assert_eq!(reached(&[4040, -8], 0), [0, 1], "its last entry");
        assert_eq!(reached(&[4040, -4096], 0), [1], "a number of something else");
        assert_eq!(reached(&[], 4040), [1], "nothing negative is added to an offset");
        assert_eq!(reached(&[4036], 0), [0, 1], "an entry that is not asked for");
        assert_eq!(reached(&[-40], 4040), [1]);
    }
}
