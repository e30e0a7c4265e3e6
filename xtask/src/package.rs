//! The npm package: the files of dist/, the class without its registration, types, and a manifest for tools.

mod crates;
mod sbom;

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::build;
use crate::project::Project;
use crate::run::{Cmd, say};
use crate::tools::npm;

/// What the package takes from dist/ as it is.
const BUILT: [&str; 5] = [
    "ob-restore-tasks.js",
    "ob-restore-tasks_bg.wasm",
    "ob-restore-tasks_rest.bin",
    "decode.js",
    "worker.js",
];
/// Style sheets, of which bundlers' rules would make scripts: they get another name.
const SHEETS: [&str; 2] = ["widget.css", "later.css"];
/// Example themes, which a host takes as any style sheet.
const THEMES: [&str; 3] = ["ant-design.css", "cloudscape.css", "patternfly.css"];
/// What it takes from the top of the project.
const PAPERS: [&str; 5] = [
    "docs/api.md",
    "docs/embedding.md",
    "CHANGELOG.md",
    "LICENSE-APACHE",
    "LICENSE-MIT",
];

fn packed(sheet: &str) -> String {
    format!("{sheet}.bin")
}

/// Makes the package and says where it is.
pub(crate) fn make(project: &Project) -> Result<PathBuf> {
    build::build(project)?;
    let dir = project.target.join("package");
    if dir.exists() {
        fs::remove_dir_all(&dir).with_context(|| format!("cannot remove {}", dir.display()))?;
    }
    fs::create_dir_all(&dir).with_context(|| format!("cannot create {}", dir.display()))?;
    let copy = |from: PathBuf, name: &str| {
        fs::copy(&from, dir.join(name)).with_context(|| format!("cannot copy {}", from.display()))
    };
    for name in BUILT {
        copy(project.dist().join(name), name)?;
    }
    for name in SHEETS {
        copy(project.dist().join(name), &packed(name))?;
    }
    fs::create_dir_all(dir.join("themes")).context("cannot make themes/")?;
    for name in THEMES {
        let path = Path::new("themes").join(name);
        copy(project.root.join("static").join(&path), &path.to_string_lossy())?;
    }
    for path in PAPERS {
        copy(project.root.join(path), path.rsplit('/').next().unwrap_or(path))?;
    }
    for entry in fs::read_dir(project.root.join("package")).context("cannot read package/")? {
        let entry = entry?;
        // api.toml is what docs/api.md and the types are written from.
        if entry.file_name() == "api.toml" {
            continue;
        }
        copy(entry.path(), &entry.file_name().to_string_lossy())?;
    }
    let write = |name: &str, text: String| {
        fs::write(dir.join(name), text).with_context(|| format!("cannot write {name}"))
    };
    let scripts = project.root.join("static");
    let class = build::bundle(project, &scripts.join("element.js"), false)?;
    let mut class = class;
    for name in SHEETS {
        let named = format!("\"./{name}\"");
        if class.matches(&named).count() != 1 {
            bail!("the class must name {name} just once");
        }
        class = class.replace(&named, &format!("\"./{}\"", packed(name)));
    }
    write("index.js", class)?;
    let define = fs::read_to_string(scripts.join("define.js")).context("cannot read static/define.js")?;
    write("define.js", define.replace("./element.js", "./index.js"))?;
    let manifest = fs::read_to_string(dir.join("package.json")).context("cannot read package.json")?;
    if manifest.matches("0.0.0").count() != 1 {
        bail!("package/package.json must have the version 0.0.0, which is replaced");
    }
    write(
        "package.json",
        manifest.replace("0.0.0", env!("CARGO_PKG_VERSION")),
    )?;

    // Last, since it names the other files by their digests.
    write(sbom::NAME, sbom::of(project, &dir)?)?;

    let packed = Cmd::new("npm")
        .args(["pack", "--loglevel=error", "--pack-destination", ".."])
        .dir(&dir)
        .output()
        .context("npm cannot pack the package")?;
    Ok(project.target.join(packed.trim()))
}

/// Makes the package, and prints where it is and the digests of its files for pages that load them from elsewhere.
pub(crate) fn run(project: &Project) -> Result<()> {
    let tarball = make(project)?;
    say("digests for `integrity`, of the files of dist/");
    for name in ["define.js"].iter().chain(&BUILT).chain(&SHEETS) {
        println!("{}  {name}", integrity(&project.dist().join(name))?);
    }
    println!("{}", tarball.display());
    Ok(())
}

fn integrity(file: &Path) -> Result<String> {
    let script = "const {createHash}=require('crypto'),{readFileSync}=require('fs');\
                  console.log('sha384-'+createHash('sha384').update(readFileSync(process.argv[1])).digest('base64'))";
    let digest = Cmd::new("node").args(["-e", script]).arg(file).output()?;
    Ok(digest.trim().to_owned())
}

/// Looks at the package as those do who use it.
pub(crate) fn check(project: &Project) -> Result<()> {
    let tarball = make(project)?;
    let bill = project.target.join("package").join(sbom::NAME);
    let bill = fs::read_to_string(&bill).with_context(|| format!("cannot read {}", bill.display()))?;
    sbom::check(project, &bill)?;
    let hosts = project.root.join("e2e").join("hosts");
    npm::install(&hosts, "of the package's checks")?;
    let tools = hosts.join("node_modules").join(".bin");
    Cmd::new(tools.join("publint"))
        .args(["run", "--strict"])
        .arg(project.target.join("package"))
        .run()
        .context("publint finds something")?;
    Cmd::new(tools.join("attw"))
        .arg(&tarball)
        .args([
            "--profile",
            "esm-only",
            "--exclude-entrypoints",
            "./wasm",
            "./custom-elements.json",
        ])
        .run()
        .context("arethetypeswrong finds something")
}
