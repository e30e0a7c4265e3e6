//! Where the user's PATH has a program.

use std::path::{Path, PathBuf};

/// The folders of PATH that have the program.
pub(crate) fn on_path(program: &str) -> impl Iterator<Item = PathBuf> + use<> {
    let found: Vec<PathBuf> = which::which_all(program)
        .map(Iterator::collect)
        .unwrap_or_default();
    found
        .into_iter()
        .filter_map(|path| path.parent().map(Path::to_path_buf))
}
