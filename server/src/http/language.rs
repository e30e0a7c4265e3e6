//! The one reader of `Accept-Language`. Each mode says which languages it has.

use axum::http::{HeaderMap, header};

/// What `known` makes of the language tag with the highest weight, of equal ones the first; `None` if no tag
/// is known. `known` gets each tag in lower case. A weight that is no number above 0 and up to 1 excludes its
/// tag.
pub(crate) fn preferred<T: Copy>(headers: &HeaderMap, known: impl Fn(&str) -> Option<T>) -> Option<T> {
    let mut wishes: Vec<(T, u32)> = Vec::new();
    let texts = headers.get_all(header::ACCEPT_LANGUAGE);
    for wish in texts
        .iter()
        .filter_map(|v| v.to_str().ok())
        .flat_map(|v| v.split(','))
    {
        let (tag, weight) = wish.split_once(';').unwrap_or((wish, "q=1"));
        let Some(language) = known(&tag.trim().to_ascii_lowercase()) else {
            continue;
        };
        let weight: f32 = weight.trim().trim_start_matches("q=").parse().unwrap_or(0.0);
        if weight > 0.0 && weight <= 1.0 {
            // In thousandths, the precision that the header has.
            wishes.push((language, (weight * 1000.0) as u32));
        }
    }
    let highest = wishes.iter().map(|(_, weight)| *weight).max();
    let first = wishes.iter().find(|(_, weight)| Some(*weight) == highest);
    first.map(|(language, _)| *language)
}
