//! `cargo xtask house`: how the sources are laid out. Which folder may import which, and how large a file may be.
//!
//! The compiler lets every file of a crate import every other. A reader needs an order: folders, here called rooms, each
//! with a list of the rooms that it may use. [`rooms`] has the lists, and the rules here compare every source file with
//! them. Code behind a feature flag or in a macro counts as well; tests do not.

mod circles;
mod imports;
mod length;
mod parse;
mod rooms;
mod source;
mod types;

use std::fmt::Write;
use std::process::ExitCode;

use anyhow::{Result, bail};

use crate::project::Project;
use rooms::{EXCEPTIONS, MOST_LINES, RESERVED, ROOMS};
use source::{File, Sources};

/// Prints the rooms, and what breaks a rule.
pub(crate) fn run(project: &Project) -> Result<ExitCode> {
    let sources = Sources::read(&project.root)?;
    print!("{}", table(&sources)?);
    let broken = broken(&sources);
    for one in &broken {
        eprintln!("error: {one}");
    }
    Ok(if broken.is_empty() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// The same as a step of the test.
pub(crate) fn check(project: &Project) -> Result<()> {
    let broken = broken(&Sources::read(&project.root)?);
    if !broken.is_empty() {
        bail!(
            "the sources break a rule (see CONTRIBUTING.md and xtask/src/house/rooms.rs):\n  {}",
            broken.join("\n  ")
        );
    }
    Ok(())
}

/// What breaks a rule.
fn broken(sources: &Sources) -> Vec<String> {
    [
        imports::stay_in_rooms(sources, ROOMS),
        imports::have_files(sources, ROOMS),
        imports::keep_the_browser_out(sources, RESERVED),
        circles::have_no_circle(sources),
        types::keep_state_together(sources),
        types::have_names_of_their_own(sources),
        types::hide_no_standard_name(sources, EXCEPTIONS),
        length::stay_short(sources, MOST_LINES),
    ]
    .concat()
}

/// The rooms with their sizes, and the sum.
fn table(sources: &Sources) -> Result<String> {
    let mut text = format!("{:22} {:>5} {:>6}  largest file\n", "room", "files", "lines");
    for room in ROOMS {
        let files: Vec<&File> = sources
            .files
            .iter()
            .filter(|file| rooms::room_of(&file.path, ROOMS).is_some_and(|other| other.place == room.place))
            .collect();
        let Some(largest) = files.iter().max_by_key(|file| file.lines) else {
            continue;
        };
        let lines: usize = files.iter().map(|file| file.lines).sum();
        writeln!(
            text,
            "{:22} {:>5} {lines:>6}  {} {}",
            room.place,
            files.len(),
            largest.lines,
            largest.path
        )?;
    }
    let lines: usize = sources.files.iter().map(|file| file.lines).sum();
    let circles = circles::have_no_circle(sources).len();
    writeln!(text, "{:22} {:>5} {lines:>6}", "all", sources.files.len())?;
    writeln!(text, "{circles} circles of files")?;
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_workspace_keeps_the_rules() {
        check(&Project::open().unwrap()).unwrap();
    }

    #[test]
    fn the_table_names_the_largest_file_of_a_room() {
        let sources = source::testing::sources(&[
            ("src/core/time/a.rs", "fn f() {}\n"),
            ("src/core/time/b.rs", "fn f() {}\nfn g() {}\n"),
            ("scan/src/lib.rs", "use crate::x;\n"),
        ]);
        let text = table(&sources).unwrap();
        let lines: Vec<String> = text
            .lines()
            .map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "))
            .collect();
        assert_eq!(
            lines,
            [
                "room files lines largest file",
                "src/core/time 2 3 2 src/core/time/b.rs",
                "scan/src 1 1 1 scan/src/lib.rs",
                "all 3 4",
                "0 circles of files"
            ]
        );
    }

    /// A rule that reads no file would hold of anything.
    #[test]
    fn the_sources_are_read() {
        let sources = Sources::read(&Project::open().unwrap().root).unwrap();
        assert!(sources.files.len() > 100, "{} files", sources.files.len());
        assert!(
            sources
                .files
                .iter()
                .any(|file| file.path == "xtask/src/house.rs" && file.lines > 50)
        );
    }
}
