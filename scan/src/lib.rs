//! Searches bytes, eight at a time.
//!
//! A hundred thousand tasks are about eighty megabytes, and the release build is optimised for size, which
//! makes plain loops several times slower. These loops are a crate of their own, because Cargo sets the
//! optimisation level by crate.

/// A word of which each byte is this one.
fn all(byte: u8) -> u64 {
    u64::from(byte) * 0x0101_0101_0101_0101
}

/// Marks the bytes below `than` (at most 128). The lowest mark is exact, higher ones may be wrong.
fn below(word: u64, than: u8) -> u64 {
    word.wrapping_sub(all(than)) & !word & all(0x80)
}

/// Marks the zero bytes, with the same restriction.
fn zeros(word: u64) -> u64 {
    below(word, 1)
}

/// The eight bytes at this position, if there are that many.
fn load(bytes: &[u8], at: usize) -> Option<u64> {
    let chunk = bytes.get(at..)?.first_chunk()?;
    Some(u64::from_le_bytes(*chunk))
}

/// The position of the lowest mark within its word.
fn place(marks: u64) -> usize {
    marks.trailing_zeros() as usize / 8
}

/// The position of the next such byte, from `at` on.
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

/// A position up to which all bytes are plain text of a JSON string; the byte there may be, too.
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

/// Whether a text contains an ASCII part, ignoring case.
#[inline(never)]
pub fn has_ascii(text: &[u8], part: &[u8]) -> bool {
    // Without the bit for the case, some other characters are equal, too; so each match is compared again.
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
