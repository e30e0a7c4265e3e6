//! With the feature `embed`, writes a list of the page's files for `src/http/page/embedded.rs` to include.
//! Otherwise does nothing.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> io::Result<()> {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-env-changed=OBRT_DIST");
    if env::var_os("CARGO_FEATURE_EMBED").is_none() {
        return Ok(());
    }
    let var = |name| env::var_os(name).map(PathBuf::from);
    let beside = var("CARGO_MANIFEST_DIR").unwrap_or_default().join("../dist");
    let dist = var("OBRT_DIST").unwrap_or(beside);
    println!("cargo::rerun-if-changed={}", dist.display());
    if !dist.join("index.html").is_file() {
        return Err(io::Error::other(format!(
            "the feature `embed` needs the built page, and {} has no index.html: use `cargo xtask server`, which builds \
             both, or name the page's folder in OBRT_DIST",
            dist.display()
        )));
    }
    let mut files = Vec::new();
    collect(&dist.canonicalize()?, "", &mut files)?;
    files.sort();
    let mut text = String::from("static FILES: &[(&str, &[u8])] = &[\n");
    for (name, path) in files {
        writeln!(text, "    ({name:?}, include_bytes!({path:?})),").map_err(io::Error::other)?;
    }
    text.push_str("];\n");
    fs::write(var("OUT_DIR").unwrap_or_default().join("page.rs"), text)
}

fn collect(folder: &Path, below: &str, files: &mut Vec<(String, PathBuf)>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = format!("{below}{}", entry.file_name().to_string_lossy());
        if entry.file_type()?.is_dir() {
            collect(&entry.path(), &format!("{name}/"), files)?;
        } else {
            files.push((name, entry.path()));
        }
    }
    Ok(())
}
