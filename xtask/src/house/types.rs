//! The types of the core: one place for the methods of `State`, and one meaning for each public name.

use std::collections::BTreeMap;

use super::rooms::{CORE_FOLDER, Exception, STANDARD, STATE_FOLDER, is_in};
use super::source::{File, Sources};

fn of_core(sources: &Sources) -> impl Iterator<Item = &File> {
    sources.files.iter().filter(|file| is_in(&file.path, CORE_FOLDER))
}

/// Methods of `State` are nowhere in the core but in its own folder.
pub(super) fn keep_state_together(sources: &Sources) -> Vec<String> {
    of_core(sources)
        .filter(|file| !is_in(&file.path, STATE_FOLDER))
        .flat_map(|file| file.impls.iter().map(move |one| (file, one)))
        .filter(|(_, one)| one.name == "State")
        .map(|(file, one)| {
            format!(
                "{}:{} has an `impl State`; it belongs below {STATE_FOLDER}",
                file.path, one.line
            )
        })
        .collect()
}

/// No two public types of the core have the same name.
pub(super) fn have_names_of_their_own(sources: &Sources) -> Vec<String> {
    let mut places: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for file in of_core(sources) {
        for one in &file.types {
            let place = format!("{}:{}", file.path, one.line);
            places.entry(&one.name).or_default().push(place);
        }
    }
    places.retain(|_, places| places.len() > 1);
    let twice = places.into_iter();
    twice
        .map(|(name, places)| format!("{name} is the name of several types: {}", places.join(", ")))
        .collect()
}

/// No public type of the core hides one of the standard library, except where the table says why.
pub(super) fn hide_no_standard_name(sources: &Sources, exceptions: &[Exception]) -> Vec<String> {
    let mut broken = Vec::new();
    let mut needed = vec![false; exceptions.len()];
    for file in of_core(sources) {
        for one in file
            .types
            .iter()
            .filter(|one| STANDARD.contains(&one.name.as_str()))
        {
            let is_known = |known: &Exception| known.name == one.name && is_in(&file.path, known.place);
            match exceptions.iter().position(is_known) {
                Some(at) => needed[at] = true,
                None => broken.push(format!(
                    "{}:{} has a type {}, as the standard library has",
                    file.path, one.line, one.name
                )),
            }
        }
    }
    let idle = exceptions.iter().zip(needed).filter(|(_, needed)| !needed);
    broken.extend(idle.map(|(one, _)| {
        format!(
            "no type needs the exception for {} in {} ({})",
            one.name, one.place, one.reason
        )
    }));
    broken
}

#[cfg(test)]
mod tests {
    use super::super::source::testing::sources;
    use super::*;

    #[test]
    fn methods_of_state_stand_in_its_folder() {
        let text = "impl State { fn f() {} } impl Default for State {}";
        let found = |path| keep_state_together(&sources(&[(path, text)]));
        assert_eq!(found("src/core/state/a.rs"), [""; 0]);
        assert_eq!(found("src/core/state.rs"), [""; 0]);
        assert_eq!(found("src/view/a.rs"), [""; 0]);
        assert_eq!(
            found("src/core/rows.rs"),
            ["src/core/rows.rs:1 has an `impl State`; it belongs below src/core/state"]
        );
    }

    #[test]
    fn a_public_name_is_given_once() {
        let found = |text| {
            let other = ("src/core/b.rs", "pub struct Note;");
            have_names_of_their_own(&sources(&[("src/core/a.rs", text), other]))
        };
        let told = ["Note is the name of several types: src/core/a.rs:1, src/core/b.rs:1"];
        for text in [
            "pub struct Note;",
            "pub(crate) enum Note {}",
            "pub trait Note {}",
            "pub type Note = u8;",
            "pub mod inner { pub struct Note; }",
        ] {
            assert_eq!(found(text), told, "{text}");
        }
        for text in [
            "struct Note;",
            "pub(super) struct Note;",
            "pub fn note() {} pub const NOTE: u8 = 0;",
            "use super::b::Note;",
            "#[cfg(test)] mod tests { pub struct Note; }",
            "impl X for Y { type Note = u8; }",
        ] {
            assert_eq!(found(text), [""; 0], "{text}");
        }
        let elsewhere = [
            ("src/view/a.rs", "pub struct Note;"),
            ("src/core/b.rs", "pub struct Note;"),
        ];
        assert_eq!(have_names_of_their_own(&sources(&elsewhere)), [""; 0]);
    }

    #[test]
    fn a_name_of_the_standard_library_needs_a_reason() {
        let exceptions = [Exception {
            name: "Error",
            place: "src/core/error",
            reason: "the only one",
        }];
        let good = ("src/core/error.rs", "pub struct Error;");
        let found = |files: &[(&str, &str)]| hide_no_standard_name(&sources(files), &exceptions);
        assert_eq!(
            found(&[good, ("src/core/a.rs", "struct Cell; pub struct Errors;")]),
            [""; 0]
        );
        assert_eq!(
            found(&[good, ("src/core/a.rs", "pub struct Cell;")]),
            ["src/core/a.rs:1 has a type Cell, as the standard library has"]
        );
        assert_eq!(
            found(&[good, ("src/core/a.rs", "pub type Error = u8;")]),
            ["src/core/a.rs:1 has a type Error, as the standard library has"]
        );
        assert_eq!(
            found(&[("src/core/a.rs", "")]),
            ["no type needs the exception for Error in src/core/error (the only one)"]
        );
    }
}
