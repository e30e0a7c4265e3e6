//! The page's release build: cargo, wasm-bindgen, the cut in two, wasm-opt, esbuild. It runs only when something has
//! changed.

mod bindgen;
mod module;
mod page;
pub(crate) mod split;

use std::collections::hash_map::DefaultHasher;
use std::fs;
use std::hash::{Hash, Hasher};
use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::{Context, Result, bail};
use walkdir::WalkDir;

pub(crate) use self::module::Way;
use self::split::Profile;
use crate::project::{Project, WIDGET};
use crate::run::{Cmd, say, spoken};
use crate::tools::{npm, rust};

/// What the page is made of, the steps that make it among them. A folder counts with all that is in it.
const INPUTS: [&str; 10] = [
    "src",
    "scan",
    "static",
    "index.html",
    "Cargo.toml",
    "Cargo.lock",
    ".cargo",
    "xtask/src/build",
    "xtask/tools",
    PROFILE,
];
/// Which functions a first row needs; see [`split`].
pub(crate) const PROFILE: &str = "xtask/first-row.profile";
/// The name of the module and of its glue, before `.js` and `_bg.wasm`.
const NAME: &str = "ob-restore-tasks";
/// The features of WebAssembly that rustc uses; `index.html` names the same to Trunk.
const FEATURES: [&str; 6] = [
    "--enable-bulk-memory",
    "--enable-nontrapping-float-to-int",
    "--enable-sign-ext",
    "--enable-mutable-globals",
    "--enable-reference-types",
    "--enable-multivalue",
];

/// Makes dist/, unless it is there already, made of just this. Says how its module was compiled.
pub(crate) fn build(project: &Project) -> Result<Way> {
    let stamp = project.cache()?.join("dist.stamp");
    let known = fs::read_to_string(&stamp).unwrap_or_default();
    for way in [Way::Small, Way::Plain] {
        if fingerprint_of(project, way).is_ok_and(|now| now == known) {
            say("dist/ is up to date");
            return Ok(way);
        }
    }
    set_up(project)?;
    say("compiling the page (2 to 3 minutes the first time, half a minute later)");
    let start = Instant::now();
    let (way, module) = module::compile(project)?;
    say(format!(
        "compiled in {}; making dist/ of it (half a minute)",
        spoken(start.elapsed())
    ));
    bind(project, &module)?;
    page::assemble(&project.root.join("index.html"), &project.dist())?;
    copy(&glue(project), &project.dist().join(format!("{NAME}.js")))?;
    split_module(project)?;
    minify(project)?;
    fs::write(&stamp, fingerprint_of(project, way)?)
        .with_context(|| format!("cannot write {}", stamp.display()))?;
    say(format!(
        "built dist/ in {}: {}",
        spoken(start.elapsed()),
        sizes(&project.dist())?
    ));
    Ok(way)
}

/// The same page, neither small nor cut in two, but in seconds: to be broken on purpose, and tested.
pub(crate) fn build_for_development(project: &Project) -> Result<()> {
    rust::wasm_target()?;
    let module = module::cargo(project, WIDGET, Way::Development)?;
    bind(project, &module)?;
    page::assemble(&project.root.join("index.html"), &project.dist())?;
    copy(&glue(project), &project.dist().join(format!("{NAME}.js")))?;
    copy(
        &whole_module(project),
        &project.dist().join(format!("{NAME}_bg.wasm")),
    )
}

/// Builds the page of another package of the workspace, unoptimised, into the folder `dist` beside its index.html.
pub(crate) fn build_host(project: &Project, package: &str, dir: &Path) -> Result<()> {
    rust::wasm_target()?;
    let module = module::cargo(project, package, Way::Development)?;
    page::assemble(&dir.join("index.html"), &dir.join("dist"))?;
    bindgen::run(&module, &dir.join("dist"), package)
}

fn bind(project: &Project, module: &Path) -> Result<()> {
    bindgen::run(module, &bound(project), NAME)
}

/// What wasm-bindgen makes, before anything is shortened.
fn bound(project: &Project) -> PathBuf {
    project.target.join("xtask").join("bindgen")
}

fn glue(project: &Project) -> PathBuf {
    bound(project).join(format!("{NAME}.js"))
}

/// The module as wasm-bindgen left it, with the names of its functions.
pub(crate) fn whole_module(project: &Project) -> PathBuf {
    bound(project).join(format!("{NAME}_bg.wasm"))
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    fs::copy(from, to)
        .map(drop)
        .with_context(|| format!("cannot copy {}", from.display()))
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
    let esbuild = Cmd::new(npm::page_tools(project)?.join("esbuild"));
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

/// Writes the module in two halves, or whole where the profile does not fit, optimised by wasm-opt.
fn split_module(project: &Project) -> Result<()> {
    let path = whole_module(project);
    let whole = fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
    let first = project.dist().join(format!("{NAME}_bg.wasm"));
    let profile = fs::read_to_string(project.root.join(PROFILE)).unwrap_or_default();
    let Some(halves) = split::cut(&whole, &Profile::read(&profile))? else {
        say(
            "xtask/first-row.profile is missing or of another compiler, so the module stays whole; \
             `cargo xtask profile` makes a new one",
        );
        return optimise(project, &path, &first);
    };
    let path = project.dist().join(format!("{NAME}.js"));
    let mut glue = fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
    for (old, new) in &halves.imports {
        let (old, new) = (format!("{old}: "), format!("{new}: "));
        if glue.matches(&old).count() != 1 {
            bail!("the glue does not provide {old} just once");
        }
        glue = glue.replacen(&old, &new, 1);
    }
    fs::write(&path, glue)?;
    let rest = project.dist().join(format!("{NAME}_rest.bin"));
    for (half, name, to) in [(halves.first, "bg", first), (halves.rest, "rest", rest)] {
        let raw = project.cache()?.join(format!("{name}.wasm"));
        fs::write(&raw, half).with_context(|| format!("cannot write {}", raw.display()))?;
        optimise(project, &raw, &to)?;
    }
    Ok(())
}

fn optimise(project: &Project, from: &Path, to: &Path) -> Result<()> {
    Cmd::new(npm::page_tools(project)?.join("wasm-opt"))
        // A function that is inlined into its one caller compresses worse than one that is not.
        .args(["-Os", "--one-caller-inline-max-function-size=0", "--converge"])
        .args(FEATURES)
        .arg(from)
        .arg("-o")
        .arg(to)
        .run()
}

/// Installs what the page's build needs.
pub(crate) fn set_up(project: &Project) -> Result<()> {
    rust::wasm_target()?;
    npm::page_tools(project).map(drop)
}

/// A fingerprint of the inputs, and of dist/ itself: `trunk serve` leaves its own build there.
fn fingerprint_of(project: &Project, way: Way) -> Result<String> {
    let mut inputs = DefaultHasher::new();
    project.root.hash(&mut inputs);
    Cmd::new("rustc").arg("-vV").output()?.hash(&mut inputs);
    ["RUSTC", "RUSTC_WRAPPER", "RUSTFLAGS", "CARGO_ENCODED_RUSTFLAGS"]
        .map(std::env::var_os)
        .hash(&mut inputs);
    for name in INPUTS {
        hash_tree(&project.root.join(name), &mut inputs)?;
    }
    let mut outputs = DefaultHasher::new();
    hash_tree(&project.dist(), &mut outputs)?;
    Ok(format!(
        "{way:?}\ninputs {:016x}\noutputs {:016x}\n",
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
