//! Credentials: `SECRET` is inserted where a URI has one, with any text around it.

use std::hint::black_box;

use ob_restore_tasks::core::privacy::mask::mask;

const SECRET: &str = "hushHUSH";
/// The length of a long text, in bytes.
const LONG: usize = 1 << 18;
const TELLING: [&str; 5] = ["key", "secret", "token", "sign", "password"];

/// Input, in lines: the text before, the character before a parameter's name, what surrounds the revealing
/// word in that name, what surrounds the secret in a user part, the text after.
pub fn secret(data: &[u8]) {
    let Some([before, mark, name, user, behind]) = super::input::lines(data) else {
        return;
    };
    if behind.len() > 2 && data.first() == Some(&b'#') {
        // Quadratic code would now take too long.
        black_box(mask(&behind.repeat(LONG / behind.len())).len());
    }
    for text in [before, mark, name, user, behind] {
        let masked = mask(text);
        assert_eq!(mask(&masked), masked, "masking twice is another text: {text:?}");
        assert_eq!(
            without_stars(text, &masked),
            None,
            "more than secrets changed: {text:?}"
        );
    }
    let mark = mark
        .chars()
        .next()
        .filter(|c| "?&;,'\"({[ \t".contains(*c))
        .unwrap_or('?');
    let plain = |c: &char| c.is_alphanumeric() || "_-.".contains(*c);
    let name: String = name.chars().filter(plain).collect();
    let (left, right) = name.split_at(name.char_indices().nth(3).map_or(name.len(), |(at, _)| at));
    let word = TELLING[before.len() % TELLING.len()];
    let parameter = format!("{before}{mark}{left}{word}{right}={SECRET}{behind}");
    gone(&parameter);
    let inside = |c: &char| !"/?#,\"'".contains(*c) && !c.is_whitespace();
    let user: String = user.chars().filter(inside).collect();
    let (left, right) = user.split_at(user.char_indices().nth(3).map_or(user.len(), |(at, _)| at));
    gone(&format!("{before}://{left}{SECRET}{right}@{behind}"));
}

fn gone(text: &str) {
    // If the text has the secret elsewhere, too, that is no secret.
    if text.matches(SECRET).count() != 1 {
        return;
    }
    let masked = mask(text);
    assert!(!masked.contains(SECRET), "{text:?} shows its secret: {masked:?}");
    assert_eq!(mask(&masked), masked, "masking twice is another text: {text:?}");
}

/// Where the masked text differs from the text other than by stars in the place of parts; `None` if it does
/// not.
fn without_stars(text: &str, masked: &str) -> Option<usize> {
    let mut at = 0;
    let mut parts = masked.split("***");
    let first = parts.next().unwrap_or_default();
    if !text.starts_with(first) {
        return Some(0);
    }
    at += first.len();
    for part in parts {
        match text[at..].find(part) {
            Some(found) => at += found + part.len(),
            None => return Some(at),
        }
    }
    None
}
