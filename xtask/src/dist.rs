//! The page's release build: Trunk with its tools in place, run only when something has changed.

use std::collections::hash_map::DefaultHasher;
use std::fs;
use std::hash::{Hash, Hasher};
use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::{Context, Result, bail};
use walkdir::WalkDir;

use crate::project::Project;
use crate::run::{Cmd, say, spoken};
use crate::split::{self, Profile};
use crate::tools;

/// What the page is made of. A folder counts with all that is in it.
const INPUTS: [&str; 11] = [
    "src",
    "scan",
    "static",
    "index.html",
    "Trunk.toml",
    "Cargo.toml",
    "Cargo.lock",
    ".cargo",
    PROFILE,
    "xtask/src/split.rs",
    "xtask/src/split",
];
/// Which functions a first row needs; see [`split`].
pub(crate) const PROFILE: &str = "xtask/first-row.profile";
/// What makes the module a tenth smaller: the standard library is built with it, and a panic stops it without saying
/// where and why, which `define.js` notices all the same. Stable compilers do it for those who insist; a plain
/// `trunk build` or `cargo build` is not touched.
const SMALLER: [(&str, &str); 3] = [
    ("RUSTC_BOOTSTRAP", "1"),
    ("CARGO_UNSTABLE_BUILD_STD", "std,panic_abort"),
    (
        "CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS",
        "-Zunstable-options -Cpanic=immediate-abort -Zlocation-detail=none -Zfmt-debug=none",
    ),
];
/// What rustc emits; index.html names the same to Trunk.
const FEATURES: [&str; 6] = [
    "--enable-bulk-memory",
    "--enable-nontrapping-float-to-int",
    "--enable-sign-ext",
    "--enable-mutable-globals",
    "--enable-reference-types",
    "--enable-multivalue",
];

/// Makes dist/, unless it is there already, made of just this.
pub(crate) fn build(project: &Project) -> Result<()> {
    let stamp = project.cache()?.join("dist.stamp");
    if fs::read_to_string(&stamp).is_ok_and(|known| current(project).is_ok_and(|now| now == known)) {
        say("dist/ is up to date");
        return Ok(());
    }
    set_up(project)?;
    let dirs = [
        tools::trunk(project)?,
        tools::wasm_bindgen(project)?,
        tools::wasm_opt(project)?,
    ];
    say("building dist/ with Trunk (about 2 minutes the first time)");
    let start = Instant::now();
    let mut trunk = Cmd::new(dirs[0].join("trunk"));
    if tools::std_source()? {
        for (name, value) in SMALLER {
            trunk = trunk.env(name, value);
        }
    }
    trunk
        .args(["build", "--release", "--offline", "true"])
        // Trunk takes NO_COLOR for a flag with a value of its own, and stops at `1`.
        .without("NO_COLOR")
        .dir(&project.root)
        .path_first(dirs.iter().map(PathBuf::as_path))?
        .run()
        .context("Trunk cannot build the page")?;
    drop_build_tags(&project.dist().join("index.html"))?;
    halve(project, &dirs[2])?;
    minify(project)?;
    fs::write(&stamp, current(project)?).with_context(|| format!("cannot write {}", stamp.display()))?;
    say(format!(
        "built dist/ in {}: {}",
        spoken(start.elapsed()),
        sizes(&project.dist())?
    ));
    Ok(())
}

/// The same page, neither small nor cut in two, but in seconds: to be broken on purpose, and tested.
pub(crate) fn build_for_development(project: &Project) -> Result<()> {
    set_up(project)?;
    let dirs = [tools::trunk(project)?, tools::wasm_bindgen(project)?];
    Cmd::new(dirs[0].join("trunk"))
        .args(["build", "--offline", "true"])
        .without("NO_COLOR")
        .dir(&project.root)
        .path_first(dirs.iter().map(PathBuf::as_path))?
        .run()
        .context("Trunk cannot build the page")
}

/// The module as wasm-bindgen left it, with the names of its functions.
pub(crate) fn whole_module(project: &Project) -> PathBuf {
    project
        .target
        .join("wasm-bindgen/release/ob-restore-tasks_bg.wasm")
}

/// Parts of `define.js`, which is one file in the end: each file of its own would be another round trip before the
/// first row.
const PARTS: [&str; 2] = ["element.js", "runtime.js"];

/// Shortens the scripts and style sheets; what they say to a person stands in static/.
fn minify(project: &Project) -> Result<()> {
    let dist = project.dist();
    let bundle = bundle(project, &dist.join("define.js"), true)?;
    for name in PARTS {
        let path = dist.join(name);
        fs::remove_file(&path).with_context(|| format!("cannot remove {}", path.display()))?;
    }
    let mut files = Vec::new();
    for entry in fs::read_dir(&dist).with_context(|| format!("cannot read {}", dist.display()))? {
        let path = entry?.path();
        if path.extension().is_some_and(|end| end == "js" || end == "css") {
            files.push(path);
        }
    }
    esbuild(project)?
        .args(files)
        .args(["--minify", "--allow-overwrite"])
        .arg(format!("--outdir={}", dist.display()))
        .run()?;
    let path = dist.join("define.js");
    fs::write(&path, bundle).with_context(|| format!("cannot write {}", path.display()))
}

fn esbuild(project: &Project) -> Result<Cmd> {
    let esbuild = Cmd::new(tools::esbuild(project)?.join("esbuild"));
    Ok(esbuild.args([
        "--format=esm",
        "--target=es2022",
        "--charset=utf8",
        "--log-level=warning",
    ]))
}

/// A script and what it imports as one. What is fetched later stays outside. Where it is not shortened, the comments
/// stay that tell a host's bundler what it must not touch.
pub(crate) fn bundle(project: &Project, script: &Path, short: bool) -> Result<String> {
    esbuild(project)?
        .arg(script)
        .args(["--bundle", "--external:./decode.js"])
        .args(short.then_some("--minify"))
        .output()
}

/// Replaces the module by its two halves, each optimised by itself.
fn halve(project: &Project, wasm_opt: &Path) -> Result<()> {
    let profile = project.root.join(PROFILE);
    let Ok(profile) = fs::read_to_string(&profile) else {
        say("there is no profile, so the module stays whole; `cargo xtask profile` makes one");
        return Ok(());
    };
    let path = whole_module(project);
    let whole = fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
    let Some(halves) = split::cut(&whole, &Profile::read(&profile))? else {
        say(
            "the profile is of another compiler, so the module stays whole; `cargo xtask profile` makes a new one",
        );
        return Ok(());
    };
    let path = project.dist().join("ob-restore-tasks.js");
    let mut glue = fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
    for (old, new) in &halves.imports {
        let (old, new) = (format!("{old}: "), format!("{new}: "));
        if glue.matches(&old).count() != 1 {
            bail!("the glue does not provide {old} just once");
        }
        glue = glue.replacen(&old, &new, 1);
    }
    fs::write(&path, glue)?;
    let rest = project.dist().join("ob-restore-tasks_rest.bin");
    for (half, name, to) in [
        (
            halves.first,
            "bg",
            project.dist().join("ob-restore-tasks_bg.wasm"),
        ),
        (halves.rest, "rest", rest),
    ] {
        let raw = project.cache()?.join(format!("{name}.wasm"));
        fs::write(&raw, half).with_context(|| format!("cannot write {}", raw.display()))?;
        Cmd::new(wasm_opt.join("wasm-opt"))
            // A function that is inlined into its one caller compresses worse than one that is not.
            .args(["-Os", "--one-caller-inline-max-function-size=0", "--converge"])
            .args(FEATURES)
            .arg(&raw)
            .arg("-o")
            .arg(to)
            .run()?;
    }
    Ok(())
}

/// Takes what was written for Trunk out of the finished page: it says nothing to a browser.
fn drop_build_tags(page: &Path) -> Result<()> {
    let text = fs::read_to_string(page).with_context(|| format!("cannot read {}", page.display()))?;
    fs::write(page, without_build_tags(&text)).with_context(|| format!("cannot write {}", page.display()))
}

/// The page without `<link data-trunk …>`, and without the empty lines that such tags leave behind.
fn without_build_tags(page: &str) -> String {
    let mut kept = String::with_capacity(page.len());
    let mut rest = page;
    while let Some(start) = rest.find("<link data-trunk") {
        let (before, tag) = rest.split_at(start);
        kept.push_str(before);
        rest = tag.find('>').map_or("", |end| &tag[end + 1..]);
    }
    kept.push_str(rest);
    let lines = kept.lines().filter(|line| !line.trim().is_empty());
    lines.flat_map(|line| [line, "\n"]).collect()
}

/// Installs what the page's build needs.
pub(crate) fn set_up(project: &Project) -> Result<()> {
    tools::wasm_target()?;
    tools::wasm_bindgen(project)?;
    tools::trunk(project)?;
    tools::wasm_opt(project)?;
    tools::esbuild(project)?;
    tools::crates(project)
}

/// A fingerprint of the inputs, and of dist/ itself: `trunk serve` leaves its own build there.
fn current(project: &Project) -> Result<String> {
    let mut inputs = DefaultHasher::new();
    (
        &project.root,
        tools::TRUNK,
        tools::BINARYEN,
        tools::ESBUILD,
        &project.wasm_bindgen,
    )
        .hash(&mut inputs);
    Cmd::new("rustc").arg("-vV").output()?.hash(&mut inputs);
    ["RUSTFLAGS", "CARGO_ENCODED_RUSTFLAGS"]
        .map(std::env::var_os)
        .hash(&mut inputs);
    for name in INPUTS {
        hash_tree(&project.root.join(name), &mut inputs)?;
    }
    let mut outputs = DefaultHasher::new();
    hash_tree(&project.dist(), &mut outputs)?;
    Ok(format!(
        "inputs {:016x}\noutputs {:016x}\n",
        inputs.finish(),
        outputs.finish()
    ))
}

/// Takes in the names and contents of all files at a path; a missing one counts as missing.
fn hash_tree(root: &Path, hasher: &mut impl Hasher) -> Result<()> {
    if !root.exists() {
        "missing".hash(hasher);
        return Ok(());
    }
    for entry in WalkDir::new(root).follow_links(true).sort_by_file_name() {
        let entry = entry?;
        if entry.file_type().is_file() {
            entry.path().strip_prefix(root)?.hash(hasher);
            fs::read(entry.path())
                .with_context(|| format!("cannot read {}", entry.path().display()))?
                .hash(hasher);
        }
    }
    Ok(())
}

/// The finished files with their sizes, the largest first.
fn sizes(dist: &Path) -> Result<String> {
    let mut files = Vec::new();
    for entry in WalkDir::new(dist) {
        let entry = entry?;
        if entry.file_type().is_file() {
            let name = entry.path().strip_prefix(dist)?.display().to_string();
            files.push((entry.metadata()?.len(), name));
        }
    }
    files.sort_by(|a, b| b.cmp(a));
    let named = files
        .iter()
        .map(|(size, name)| format!("{name} {:.1} KB", *size as f64 / 1000.0));
    Ok(named.collect::<Vec<_>>().join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fingerprint(path: &Path) -> u64 {
        let mut hasher = DefaultHasher::new();
        hash_tree(path, &mut hasher).unwrap();
        hasher.finish()
    }

    #[test]
    fn the_finished_page_has_no_build_tags() {
        let page = "<head>\n  <title>x</title>\n  <link data-trunk rel=\"rust\"\n    href=\"Cargo.toml\" \
                    data-trunk-id=\"0\">\n  \n  <link rel=\"stylesheet\" href=\"./page.css\">\n</head>\n";
        let clean = "<head>\n  <title>x</title>\n  <link rel=\"stylesheet\" href=\"./page.css\">\n</head>\n";
        assert_eq!(without_build_tags(page), clean);
        assert_eq!(without_build_tags(clean), clean);
    }

    #[test]
    fn notices_each_kind_of_change() {
        let dir = std::env::temp_dir().join(format!("xtask-hash-{}", std::process::id()));
        fs::create_dir_all(&dir).unwrap();
        let missing = fingerprint(&dir.join("absent"));
        let empty = fingerprint(&dir);
        fs::write(dir.join("a"), "1").unwrap();
        let one = fingerprint(&dir);
        fs::write(dir.join("a"), "2").unwrap();
        let changed = fingerprint(&dir);
        fs::rename(dir.join("a"), dir.join("b")).unwrap();
        let renamed = fingerprint(&dir);
        fs::rename(dir.join("b"), dir.join("a")).unwrap();
        let back = fingerprint(&dir);
        fs::remove_dir_all(&dir).unwrap();

        let all = [missing, empty, one, changed, renamed];
        for (i, a) in all.iter().enumerate() {
            assert!(all[i + 1..].iter().all(|b| a != b), "{i} equals a later state");
        }
        assert_eq!(back, changed);
    }
}
