//! Foreign text in messages: short, and without characters that could disturb the text around it.

use super::mask::mask;

/// A foreign value to be quoted in a message: secrets masked, at most 100 characters, and control and
/// bidirectional characters written as escapes.
#[inline(never)]
pub fn excerpt(value: &str) -> String {
    let mut out = String::new();
    for c in clamp(mask(value).into_owned(), 100).chars() {
        let turns = matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
        if turns || c.is_control() {
            out.extend(c.escape_unicode());
        } else {
            out.push(c);
        }
    }
    out
}

/// The text cut to `most` characters. A megabyte in a cell is of no use; the details have the whole text.
pub fn clamp(mut text: String, most: usize) -> String {
    if text.len() > most
        && let Some((end, _)) = text.char_indices().nth(most)
    {
        text.truncate(end);
        text.push('…');
    }
    text
}
