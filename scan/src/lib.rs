//! Looking through bytes eight at a time.
//!
//! A hundred thousand tasks are some eighty megabytes, and what is shipped is built for size, which makes the usual
//! loops several times slower. So these few loops are a crate of their own, for Cargo sets how to optimise by crate.

/// Each byte of a word set to this one.
fn all(byte: u8) -> u64 {
    u64::from(byte) * 0x0101_0101_0101_0101
}

/// Marks the bytes below `than` (at most 128): the lowest mark is exact, those above it may be wrong.
fn below(word: u64, than: u8) -> u64 {
    word.wrapping_sub(all(than)) & !word & all(0x80)
}

/// Marks the zero bytes, in the same way.
fn zeros(word: u64) -> u64 {
    below(word, 1)
}

/// The eight bytes from here on, where there are as many.
fn load(bytes: &[u8], at: usize) -> Option<u64> {
    let chunk = bytes.get(at..)?.first_chunk()?;
    Some(u64::from_le_bytes(*chunk))
}

/// How far into its word the lowest mark stands.
fn place(marks: u64) -> usize {
    marks.trailing_zeros() as usize / 8
}

/// Where a byte stands next.
#[inline(never)]
pub fn find(bytes: &[u8], mut at: usize, byte: u8) -> Option<usize> {
    while let Some(word) = load(bytes, at) {
        let found = zeros(word ^ all(byte));
        if found != 0 {
            return Some(at + place(found));
        }
        at += 8;
    }
    while at < bytes.len() {
        if bytes[at] == byte {
            return Some(at);
        }
        at += 1;
    }
    None
}

/// A place up to which all bytes are plain parts of a JSON text; the next one may not be.
#[inline(never)]
pub fn plain(bytes: &[u8], mut at: usize) -> usize {
    while let Some(word) = load(bytes, at) {
        let (quote, escape) = (word ^ all(b'"'), word ^ all(b'\\'));
        let found = zeros(quote) | zeros(escape) | below(word, 0x20);
        if found != 0 {
            return at + place(found);
        }
        at += 8;
    }
    at
}

/// Whether a text contains an ASCII part, in any case of its letters.
#[inline(never)]
pub fn has_ascii(text: &[u8], part: &[u8]) -> bool {
    // Without the bit that tells small letters from capitals some others are the same, too; all are compared again.
    let folded = |byte: u8| all(byte | 0x20);
    let is_here = |at: usize| {
        let here = text.get(at..at + part.len());
        here.is_some_and(|here| here.eq_ignore_ascii_case(part))
    };
    let (first, second) = match part {
        [] => return true,
        [one] => (folded(*one), None),
        [one, two, ..] => (folded(*one), Some(folded(*two))),
    };
    let load = |at: usize| load(text, at).map(|word| word | all(0x20));
    let mut at = 0;
    while let Some(word) = load(at) {
        let mut places = zeros(word ^ first);
        if let Some(second) = second
            && places != 0
        {
            let Some(next) = load(at + 1) else { break };
            places &= zeros(next ^ second);
        }
        while places != 0 {
            if is_here(at + place(places)) {
                return true;
            }
            places &= places - 1;
        }
        at += 8;
    }
    (at..text.len()).any(is_here)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_what_the_usual_loop_finds() {
        for length in 0..30 {
            for at in 0..length {
                for (mark, other) in [(b':', b';'), (0, 1), (0x80, 0x7f), (0xff, 0xfe)] {
                    let mut bytes = vec![other; length];
                    bytes[at] = mark;
                    for from in 0..=length {
                        let want = (from <= at).then_some(at);
                        assert_eq!(find(&bytes, from, mark), want, "{bytes:?} from {from}");
                    }
                }
            }
        }
    }
}
