//! What a trial of the engine may turn: the size of a walk's pages, and faults that the trial must catch. Outside
//! tests these are constants, and nothing of it is in the widget.

/// A fault of the engine, to show that its trial notices.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(dead_code, reason = "only tests break the engine")]
pub(super) enum Broken {
    /// Believes a walk though a page named another total.
    Believes,
    /// Puts pages together without looking for rows that are there already.
    Repeats,
    /// Asks again for ever where the numbers don't agree.
    Endless,
}

/// How many times as much is tried in a long run, which `LONG` in the environment asks for; 1 in others.
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
    /// Sets both for this thread.
    #[cfg(not(target_arch = "wasm32"))]
    pub(in super::super) fn turn(broken: Option<super::Broken>, size: u64) {
        BROKEN.set(broken);
        SIZE.set(size);
    }
}
