//! Limits the memory of all bodies that are read, cached and sent. A body releases its share when its last
//! holder is done, be it the cache or a client that reads slowly.

use std::sync::Arc;

use bytes::Bytes;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Bytes for one permit: the count of a semaphore is limited to some hundred million.
const UNIT: usize = 1 << 10;
/// If less than this fraction is left, OCP is not asked at all: its answer would probably be too large, and
/// its work in vain.
const LITTLE: usize = 16;

/// The free memory, and the whole.
#[derive(Clone, Debug)]
pub(crate) struct Room {
    left: Arc<Semaphore>,
    all: usize,
}

/// A growing body and its share.
#[derive(Debug)]
pub(crate) struct Held {
    room: Room,
    bytes: Vec<u8>,
    place: Option<OwnedSemaphorePermit>,
}

impl Room {
    pub(crate) fn new(bytes: usize) -> Self {
        let all = bytes / UNIT;
        Self {
            left: Arc::new(Semaphore::new(all)),
            all,
        }
    }

    /// Whether too little is left to ask OCP.
    pub(crate) fn is_full(&self) -> bool {
        self.left.available_permits() < self.all / LITTLE
    }

    pub(crate) fn begin(&self) -> Held {
        Held {
            room: self.clone(),
            bytes: Vec::new(),
            place: None,
        }
    }
}

impl Held {
    /// Appends to the body, if there is room.
    pub(crate) fn add(&mut self, more: &[u8]) -> Result<(), NoRoom> {
        let units = (self.bytes.len() + more.len()).div_ceil(UNIT);
        let has = self.place.as_ref().map_or(0, OwnedSemaphorePermit::num_permits);
        if let Some(lacks) = units.checked_sub(has).filter(|lacks| *lacks > 0) {
            let lacks = u32::try_from(lacks).map_err(|_| NoRoom)?;
            let left = Arc::clone(&self.room.left);
            let got = left.try_acquire_many_owned(lacks).map_err(|_| NoRoom)?;
            match &mut self.place {
                Some(place) => place.merge(got),
                None => self.place = Some(got),
            }
        }
        self.bytes.extend_from_slice(more);
        Ok(())
    }

    /// The complete body, which keeps its share until its last copy is dropped.
    pub(crate) fn whole(mut self) -> Bytes {
        // The spare capacity of the vector is not counted, so it is released.
        self.bytes.shrink_to_fit();
        Bytes::from_owner(self)
    }
}

impl AsRef<[u8]> for Held {
    fn as_ref(&self) -> &[u8] {
        &self.bytes
    }
}

/// No memory is left.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct NoRoom;

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    #[test]
    fn a_place_is_given_back_with_the_last_copy() {
        let room = Room::new(100 * UNIT);
        let mut first = room.begin();
        for _ in 0..95 {
            first.add(&[b'x'; UNIT]).unwrap();
        }
        assert!(room.is_full());
        let mut second = room.begin();
        assert_eq!(second.add(&[b'y'; 6 * UNIT]), Err(NoRoom));
        second.add(&[b'y'; 4 * UNIT]).unwrap();
        assert_eq!(
            second
                .add(b"and more than is left")
                .and_then(|()| second.add(&[b'y'; UNIT])),
            Err(NoRoom)
        );
        drop(second);
        let body = first.whole();
        let sent = body.slice(10..);
        drop(body);
        assert!(room.is_full());
        drop(sent);
        assert_eq!(room.left.available_permits(), 100);
    }
}
