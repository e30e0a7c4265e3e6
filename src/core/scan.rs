//! Looking through bytes eight at a time. What is shipped is built for size, which makes the usual loops slow, and a
//! hundred thousand tasks are some eighty megabytes.

/// Each byte of a word set to this one.
pub fn all(byte: u8) -> u64 {
    u64::from(byte) * 0x0101_0101_0101_0101
}

/// Marks the bytes below `than` (at most 128): the lowest mark is exact, those above it may be wrong.
pub fn below(word: u64, than: u8) -> u64 {
    word.wrapping_sub(all(than)) & !word & all(0x80)
}

/// Marks the zero bytes, in the same way.
pub fn zeros(word: u64) -> u64 {
    below(word, 1)
}

/// The eight bytes from here on, where there are as many.
pub fn load(bytes: &[u8], at: usize) -> Option<u64> {
    let chunk = bytes.get(at..)?.first_chunk()?;
    Some(u64::from_le_bytes(*chunk))
}

/// How far into its word the lowest mark stands.
pub fn place(marks: u64) -> usize {
    marks.trailing_zeros() as usize / 8
}

/// Where a byte stands next.
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
