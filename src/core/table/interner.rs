//! Distinct texts, each stored once and known by a number.

use std::hash::Hasher;

use hashbrown::HashTable;
use rustc_hash::FxHasher;

/// The number of a distinct text; 0 is the empty text.
pub type TextId = u32;

/// The most tasks of one answer.
const PAGE: usize = 2_000;
/// The most bytes of text for which room is made at once.
const MOST_TEXT: usize = 64 << 20;
/// The hasher has no random seed, because two readers of the same text must get the same hash.
pub(in crate::core) fn hasher() -> FxHasher {
    FxHasher::default()
}

fn hash_of(text: &str) -> u64 {
    let mut hasher = hasher();
    hasher.write(text.as_bytes());
    hasher.finish()
}

/// Distinct texts, stored end to end in one string.
#[derive(Debug, Clone, Default)]
pub struct Texts {
    pub(in crate::core) arena: String,
    pub(in crate::core) ends: Vec<u32>,
    pub(in crate::core) hashes: Vec<u64>,
    index: HashTable<TextId>,
}

impl Texts {
    /// The number of a text. A new text gets a new number.
    pub fn intern(&mut self, text: &str) -> TextId {
        if text.is_empty() {
            return 0;
        }
        self.intern_hashed(text, hash_of(text))
    }

    pub(in crate::core) fn intern_hashed(&mut self, text: &str, hash: u64) -> TextId {
        let (arena, ends, hashes) = (&self.arena, &self.ends, &self.hashes);
        if let Some(text_id) = self.index.find(hash, |&text_id| {
            hashes[text_id as usize - 1] == hash && slice(arena, ends, text_id) == text
        }) {
            return *text_id;
        }
        // An arena of 4 GiB cannot be held anyway. A text beyond that reads as missing.
        let Ok(end) = u32::try_from(self.arena.len() + text.len()) else {
            return 0;
        };
        self.arena.push_str(text);
        self.ends.push(end);
        self.hashes.push(hash);
        let text_id = self.ends.len() as TextId;
        let hashes = &self.hashes;
        self.index
            .insert_unique(hash, text_id, |&text_id| hashes[text_id as usize - 1]);
        text_id
    }

    /// Makes room for the texts of `rows` tasks, estimated from those of the `held` ones.
    pub(in crate::core) fn reserve(&mut self, held: usize, rows: usize) {
        let arena = &mut self.arena;
        // There is room for a while. The estimate changes with each page, and moving the arena is
        // expensive.
        if rows <= held || arena.capacity() - arena.len() > arena.len() / held * PAGE {
            return;
        }
        let part = 1.02 * rows as f64 / held as f64 - 1.0;
        let more = |here: usize| (here as f64 * part) as usize;
        // The estimate may be wrong, and reserved memory is never given back. Without room the arena
        // grows by doubling.
        let _ = arena.try_reserve_exact(more(arena.len()).min(MOST_TEXT));
        let _ = self.ends.try_reserve_exact(more(self.ends.len()));
        let _ = self.hashes.try_reserve_exact(more(self.hashes.len()));
        let hashes = &self.hashes;
        let _ = self
            .index
            .try_reserve(more(self.ends.len()), |&text_id| hashes[text_id as usize - 1]);
    }

    /// The text with this number.
    pub fn get(&self, text_id: TextId) -> &str {
        slice(&self.arena, &self.ends, text_id)
    }

    pub(in crate::core) fn hash(&self, text_id: TextId) -> u64 {
        (text_id as usize).checked_sub(1).map_or(0, |at| self.hashes[at])
    }

    /// One more than the highest number.
    pub fn len(&self) -> usize {
        self.ends.len() + 1
    }

    /// Whether there is no text but the empty one.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }
}

fn slice<'a>(arena: &'a str, ends: &[u32], text_id: TextId) -> &'a str {
    let Some(at) = (text_id as usize).checked_sub(1) else {
        return "";
    };
    let start = at.checked_sub(1).map_or(0, |before| ends[before] as usize);
    &arena[start..ends[at] as usize]
}
