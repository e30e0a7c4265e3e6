//! What the tests of the engine can change: the page size of walks, and faults that the tests must
//! detect. Outside tests these are constants, and none of it is in the widget.

/// A fault of the engine, to prove that the tests detect it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(dead_code, reason = "only tests break the engine")]
pub(super) enum Broken {
    /// Accepts a walk although a page named another total.
    Believes,
    /// Merges pages without removing repeated rows.
    Repeats,
    /// Requests pages again without limit when the numbers do not agree.
    Endless,
}

/// The factor `times` for a long run, which the environment variable `LONG` asks for; otherwise 1.
#[cfg(test)]
pub(super) fn long_runs(times: u32) -> u32 {
    if std::env::var_os("LONG").is_some() {
        times
    } else {
        1
    }
}

#[cfg(not(test))]
mod knobs {
    pub(in super::super) const fn is(_: super::Broken) -> bool {
        false
    }
    pub(in super::super) const fn walk_size() -> u64 {
        super::super::history::WALK_SIZE
    }
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
pub(super) use knobs::turn;
pub(super) use knobs::{is, walk_size};

#[cfg(test)]
mod knobs {
    use std::cell::Cell;

    thread_local! {
        static BROKEN: Cell<Option<super::Broken>> = const { Cell::new(None) };
        static SIZE: Cell<u64> = const { Cell::new(super::super::history::WALK_SIZE) };
    }
    pub(in super::super) fn is(fault: super::Broken) -> bool {
        BROKEN.get() == Some(fault)
    }
    pub(in super::super) fn walk_size() -> u64 {
        SIZE.get()
    }
    /// Sets the fault and the page size for this thread.
    #[cfg(not(target_arch = "wasm32"))]
    pub(in super::super) fn turn(broken: Option<super::Broken>, size: u64) {
        BROKEN.set(broken);
        SIZE.set(size);
    }
}
