//! Files that import each other in a circle: none of them can be read or changed without the others.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::source::Sources;

/// Where a file imports from, and the line.
type Imports<'a> = BTreeMap<&'a str, &'a BTreeMap<String, usize>>;

/// No files import each other in a circle. Each file of a circle is told once, in the shortest circle through it.
pub(super) fn have_no_circle(sources: &Sources) -> Vec<String> {
    let imports: Imports<'_> = sources
        .files
        .iter()
        .map(|file| (file.path.as_str(), &file.imports))
        .collect();
    let (mut told, mut broken) = (BTreeSet::new(), Vec::new());
    for file in imports.keys() {
        if told.contains(file) {
            continue;
        }
        let Some(circle) = circle_through(file, &imports) else {
            continue;
        };
        let places: Vec<String> = circle
            .iter()
            .zip(circle.iter().skip(1).chain(circle.first()))
            .map(|(from, to)| format!("{from}:{}", imports[from][*to]))
            .collect();
        broken.push(format!(
            "a circle of {} files: {} -> {file}",
            circle.len(),
            places.join(" -> ")
        ));
        told.extend(circle);
    }
    broken
}

/// The shortest way from a file back to itself.
fn circle_through<'a>(start: &'a str, imports: &Imports<'a>) -> Option<Vec<&'a str>> {
    let mut came_from: BTreeMap<&str, &str> = BTreeMap::new();
    let mut next = VecDeque::from([start]);
    while let Some(file) = next.pop_front() {
        for target in imports.get(file)?.keys().map(String::as_str) {
            if target == start {
                let mut circle = vec![file];
                while let Some(before) = circle.last().and_then(|file| came_from.get(file)) {
                    circle.push(before);
                }
                circle.reverse();
                return Some(circle);
            }
            // A file of tests has no imports here.
            if imports.contains_key(target) && !came_from.contains_key(target) {
                came_from.insert(target, file);
                next.push_back(target);
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::super::source::testing::sources;
    use super::*;

    /// Files, and the circles among them.
    type Case<'a> = (&'a [(&'a str, &'a str)], &'a [&'a str]);

    #[test]
    fn circles_are_told_once() {
        let cases: &[Case<'_>] = &[
            (&[("src/a.rs", "use crate::b::X;"), ("src/b.rs", "")], &[]),
            (
                &[
                    ("src/a.rs", "use crate::b::X;"),
                    ("src/b.rs", "\nuse crate::a::Y;"),
                ],
                &["a circle of 2 files: src/a.rs:1 -> src/b.rs:2 -> src/a.rs"],
            ),
            (
                &[
                    ("src/a.rs", "mod child; pub use child::X;"),
                    ("src/a/child.rs", "fn f() { super::g(); }"),
                ],
                &["a circle of 2 files: src/a.rs:1 -> src/a/child.rs:1 -> src/a.rs"],
            ),
            // A parent that only declares its child does not import it.
            (
                &[("src/a.rs", "mod child;"), ("src/a/child.rs", "use super::Y;")],
                &[],
            ),
            (
                &[
                    ("src/a.rs", "use crate::b::X;"),
                    ("src/b.rs", "use crate::c::X;"),
                    ("src/c.rs", "use crate::a::X; use crate::d::X;"),
                    ("src/d.rs", ""),
                ],
                &["a circle of 3 files: src/a.rs:1 -> src/b.rs:1 -> src/c.rs:1 -> src/a.rs"],
            ),
            (
                &[
                    ("src/a.rs", "use crate::b::X;"),
                    ("src/b.rs", "#[cfg(test)] mod tests { use crate::a::X; }"),
                ],
                &[],
            ),
        ];
        for (files, expected) in cases {
            assert_eq!(have_no_circle(&sources(files)), *expected);
        }
    }

    #[test]
    fn crates_do_not_meet() {
        let files = [
            ("src/a.rs", "use crate::b::X;"),
            ("scan/src/b.rs", "use crate::a::X;"),
        ];
        assert_eq!(have_no_circle(&sources(&files)), [""; 0]);
    }
}
