//! `cargo xtask reproduce`: two builds of one commit, in folders of different names, must agree in every byte.
//!
//! Whoever doubts a published file can then build the commit and compare. What differs between machines and may not
//! reach a file is a path or the time; hence the folders lie at different depths and each has a target folder of its
//! own, and afterwards the files are searched for the folders that the build knew. The compiler is one that the
//! builds share: another version of it gives other bytes.

use std::collections::BTreeMap;
use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::{Context, Result, bail};
use sha2::{Digest, Sha256};
use walkdir::WalkDir;

use crate::project::Project;
use crate::run::{Cmd, say, spoken};

/// The folders of the two clones. Not below the project's own: Cargo would read its settings too, once more.
const PLACES: [&str; 2] = ["a", "another/and/longer"];

/// The digest of each file, by its name.
type Digests = BTreeMap<String, String>;

/// Builds HEAD twice, prints the digests, and fails where they differ or where a file names a folder of this machine.
pub(crate) fn run(project: &Project) -> Result<()> {
    let git = |args: &[&str]| Cmd::new("git").args(args).dir(&project.root).output();
    let commit = git(&["rev-parse", "HEAD"])?.trim().to_owned();
    if !git(&["status", "--porcelain"])?.is_empty() {
        say("what is not committed is left out of both builds");
    }
    let top = env::temp_dir().join(format!("ob-restore-tasks-{}", std::process::id()));
    let both: Result<Vec<Digests>> = PLACES
        .iter()
        .map(|place| build(project, &top.join(place), &commit))
        .collect();
    // Some hundred megabytes; a build that failed has said why.
    let _ = fs::remove_dir_all(&top);
    let both = both?;
    let [one, other] = both.as_slice() else {
        bail!("two builds are compared, not {}", both.len());
    };
    let differing = differing(one, other);
    if !differing.is_empty() {
        bail!("two builds of {commit} differ:\n{}", differing.join("\n"));
    }
    for (name, digest) in one {
        println!("{digest}  {name}");
    }
    say(format!("{} files of {commit}, the same twice", one.len()));
    Ok(())
}

/// Clones the commit into a folder, builds the page and the npm package there, and reads what came out.
fn build(project: &Project, place: &Path, commit: &str) -> Result<Digests> {
    let (clone, target) = (place.join("clone"), place.join("target"));
    fs::create_dir_all(place).with_context(|| format!("cannot create {}", place.display()))?;
    Cmd::new("git")
        .args(["clone", "--quiet", "--no-checkout"])
        .args([&project.root, &clone])
        .run()?;
    Cmd::new("git")
        .args(["checkout", "--quiet", "--detach", commit])
        .dir(&clone)
        .run()?;
    lend_tools(project, &target)?;
    let start = Instant::now();
    say(format!("building {commit} in {}", clone.display()));
    // This very program: the clone's would have to be compiled first, and its steps are the same.
    Cmd::new(env::current_exe().context("cannot tell which program this is")?)
        .arg("package")
        .without("CARGO_MANIFEST_DIR")
        .without("CARGO_MANIFEST_PATH")
        .env("CARGO_TARGET_DIR", &target)
        .dir(&clone)
        .run()?;
    say(format!("built in {}", spoken(start.elapsed())));
    let mut files = files_of(&clone.join("dist"), "dist")?;
    files.extend(files_of(&target.join("package"), "package")?);
    for entry in fs::read_dir(&target).with_context(|| format!("cannot read {}", target.display()))? {
        let path = entry?.path();
        if path.extension().is_some_and(|end| end == "tgz") {
            let name = path
                .file_name()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned();
            files.insert(name, path);
        }
    }
    let folders = known_folders(&clone, &target)?;
    let mut digests = Digests::new();
    for (name, path) in files {
        let bytes = fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
        if let Some(folder) = folders.iter().find(|folder| names(&bytes, folder)) {
            bail!("{name} names a folder of the machine that built it: {folder}");
        }
        digests.insert(name, hex(&Sha256::digest(&bytes)));
    }
    drop_folder(place)?;
    Ok(digests)
}

/// What npm installed for this project serves the clone as well.
fn lend_tools(project: &Project, target: &Path) -> Result<()> {
    let (from, to) = (project.tools(), target.join("xtask").join("tools"));
    fs::create_dir_all(&from).with_context(|| format!("cannot create {}", from.display()))?;
    fs::create_dir_all(target.join("xtask"))
        .with_context(|| format!("cannot create {}", target.display()))?;
    std::os::unix::fs::symlink(&from, &to).with_context(|| format!("cannot link {}", to.display()))
}

fn drop_folder(dir: &Path) -> Result<()> {
    fs::remove_dir_all(dir).with_context(|| format!("cannot remove {}", dir.display()))
}

/// The files below a folder, by the names that they are shown under.
fn files_of(dir: &Path, shown: &str) -> Result<BTreeMap<String, PathBuf>> {
    let mut files = BTreeMap::new();
    for entry in WalkDir::new(dir) {
        let entry = entry.with_context(|| format!("cannot read {}", dir.display()))?;
        if entry.file_type().is_file() {
            let name = entry.path().strip_prefix(dir)?.display();
            files.insert(format!("{shown}/{name}"), entry.path().to_path_buf());
        }
    }
    if files.is_empty() {
        bail!("{} is empty", dir.display());
    }
    Ok(files)
}

/// The folders that a build gets to know, and what the compiler puts in the place of its own.
fn known_folders(clone: &Path, target: &Path) -> Result<Vec<String>> {
    let sysroot = Cmd::new("rustc").args(["--print", "sysroot"]).output()?;
    let home = env::home_dir().map(|home| home.join(".cargo"));
    let cargo = env::var_os("CARGO_HOME").map(PathBuf::from).or(home);
    let mut folders: Vec<String> = [Some(clone.to_path_buf()), Some(target.to_path_buf()), cargo]
        .into_iter()
        .flatten()
        .map(|path| path.display().to_string())
        .collect();
    folders.push(sysroot.trim().to_owned());
    folders.extend(["/.cargo/registry/", "/registry/src/", "/rustc/"].map(str::to_owned));
    Ok(folders)
}

fn names(bytes: &[u8], folder: &str) -> bool {
    !folder.is_empty() && bytes.windows(folder.len()).any(|part| part == folder.as_bytes())
}

fn hex(digest: &[u8]) -> String {
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The names of files that are not the same in both, or only in one.
fn differing(one: &Digests, other: &Digests) -> Vec<String> {
    let mut all: Vec<&String> = one.keys().chain(other.keys()).collect();
    all.sort();
    all.dedup();
    all.into_iter()
        .filter(|name| one.get(*name) != other.get(*name))
        .map(|name| {
            let digest = |of: &Digests| of.get(name).cloned().unwrap_or_else(|| "missing".to_owned());
            format!("  {name}: {} and {}", digest(one), digest(other))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn digests(of: &[(&str, &str)]) -> Digests {
        of.iter()
            .map(|(name, digest)| ((*name).to_owned(), (*digest).to_owned()))
            .collect()
    }

    #[test]
    fn names_what_differs_and_what_is_missing() {
        let one = digests(&[("a", "1"), ("b", "2"), ("c", "3")]);
        assert!(differing(&one, &one).is_empty());
        let other = digests(&[("a", "1"), ("b", "9"), ("d", "4")]);
        let said = differing(&one, &other);
        assert_eq!(said, ["  b: 2 and 9", "  c: 3 and missing", "  d: missing and 4"]);
    }

    #[test]
    fn sees_a_folder_anywhere_in_a_file() {
        let project = Project::open().unwrap();
        let folders = known_folders(&project.root, &project.target).unwrap();
        let root = project.root.display().to_string();
        for planted in [root.as_str(), "x/.cargo/registry/src/y", "/rustc/0123abc/library"] {
            let file = [b"\0asm\xff", planted.as_bytes(), b"\xfe"].concat();
            assert!(folders.iter().any(|folder| names(&file, folder)), "{planted}");
        }
        // A product's own path, which the widget looks for in error messages, is no trace of the build.
        assert!(!folders.iter().any(|folder| names(b"/var/log/oceanbase/", folder)));
    }

    #[test]
    fn a_digest_is_that_of_sha256sum() {
        assert_eq!(
            hex(&Sha256::digest(b"abc")),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        );
    }
}
