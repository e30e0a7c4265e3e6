//! Limits the memory of all bodies that are read, cached and sent. A body releases its share when its last
//! holder is done, be it the cache or a client that reads slowly.

use std::sync::Arc;

use bytes::Bytes;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Bytes for one permit: the count of a semaphore is limited to some hundred million.
const UNIT: usize = 1 << 10;
/// If less than this fraction is left, OCP is not asked at all: its answer would probably be too large, and
/// its work in vain.
const MIN_FRACTION: usize = 16;

/// The memory that is left, and all of it, in units of [`UNIT`].
#[derive(Clone, Debug)]
pub(super) struct MemoryBudget {
    left: Arc<Semaphore>,
    all: usize,
}

/// A growing body and its share.
#[derive(Debug)]
pub(super) struct Buffer {
    budget: MemoryBudget,
    bytes: Vec<u8>,
    share: Option<OwnedSemaphorePermit>,
}

impl MemoryBudget {
    /// A budget of this many bytes.
    pub(super) fn new(bytes: usize) -> Self {
        let all = bytes / UNIT;
        Self {
            left: Arc::new(Semaphore::new(all)),
            all,
        }
    }

    /// Whether too little is left to ask OCP.
    pub(super) fn is_full(&self) -> bool {
        self.left.available_permits() < self.all / MIN_FRACTION
    }

    /// An empty body that takes its memory from this budget.
    pub(super) fn buffer(&self) -> Buffer {
        Buffer {
            budget: self.clone(),
            bytes: Vec::new(),
            share: None,
        }
    }
}

impl Buffer {
    /// Appends to the body, if there is memory left.
    pub(super) fn add(&mut self, more: &[u8]) -> Result<(), MemoryExceeded> {
        let units = (self.bytes.len() + more.len()).div_ceil(UNIT);
        let has = self.share.as_ref().map_or(0, OwnedSemaphorePermit::num_permits);
        if let Some(lacks) = units.checked_sub(has).filter(|lacks| *lacks > 0) {
            let lacks = u32::try_from(lacks).map_err(|_| MemoryExceeded)?;
            let left = Arc::clone(&self.budget.left);
            let got = left.try_acquire_many_owned(lacks).map_err(|_| MemoryExceeded)?;
            match &mut self.share {
                Some(share) => share.merge(got),
                None => self.share = Some(got),
            }
        }
        self.bytes.extend_from_slice(more);
        Ok(())
    }

    /// The complete body, which keeps its share until its last copy is dropped.
    pub(super) fn into_bytes(mut self) -> Bytes {
        // The spare capacity of the vector is not counted, so it is released.
        self.bytes.shrink_to_fit();
        Bytes::from_owner(self)
    }
}

impl AsRef<[u8]> for Buffer {
    fn as_ref(&self) -> &[u8] {
        &self.bytes
    }
}

/// No memory is left.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct MemoryExceeded;

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    #[test]
    fn a_place_is_given_back_with_the_last_copy() {
        let budget = MemoryBudget::new(100 * UNIT);
        let mut first = budget.buffer();
        for _ in 0..95 {
            first.add(&[b'x'; UNIT]).unwrap();
        }
        assert!(budget.is_full());
        let mut second = budget.buffer();
        assert_eq!(second.add(&[b'y'; 6 * UNIT]), Err(MemoryExceeded));
        second.add(&[b'y'; 4 * UNIT]).unwrap();
        assert_eq!(
            second
                .add(b"and more than is left")
                .and_then(|()| second.add(&[b'y'; UNIT])),
            Err(MemoryExceeded)
        );
        drop(second);
        let body = first.into_bytes();
        let sent = body.slice(10..);
        drop(body);
        assert!(budget.is_full());
        drop(sent);
        assert_eq!(budget.left.available_permits(), 100);
    }
}
