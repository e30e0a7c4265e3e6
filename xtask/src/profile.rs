//! Records which functions a first row needs: the page runs in a browser with a module that takes note.

use std::collections::BTreeSet;
use std::fs;

use anyhow::{Context, Result, bail};

use crate::build::split::{self, Profile};
use crate::project::Project;
use crate::run::{Cmd, say};
use crate::test::e2e;
use crate::tools::browser;
use crate::tools::system::{self, System};
use crate::{build, server};

/// Makes the profile anew, and dist/ with it.
pub(crate) fn record(project: &Project) -> Result<()> {
    system::require(&[System::C, System::Node, System::Chrome])?;
    build::build(project)?;
    e2e::set_up(project)?;
    let server = server::build(project)?;
    let browser = browser::provide()?;

    let dir = project.cache()?.join("profile");
    fs::create_dir_all(&dir).with_context(|| format!("cannot create {}", dir.display()))?;
    let dist = project.dist();
    for entry in fs::read_dir(&dist).with_context(|| format!("cannot read {}", dist.display()))? {
        let path = entry?.path();
        if let Some(name) = path.file_name().filter(|_| path.is_file()) {
            fs::copy(&path, dir.join(name))?;
        }
    }
    // The whole module goes with the glue as wasm-bindgen left it.
    let module = build::whole_module(project);
    let glue = module.with_file_name("ob-restore-tasks.js");
    fs::copy(&glue, dir.join("ob-restore-tasks.js"))
        .with_context(|| format!("cannot copy {}", glue.display()))?;
    let whole = fs::read(&module).context("there is no module; `touch src/lib.rs` and try again")?;
    fs::write(dir.join("ob-restore-tasks_bg.wasm"), split::instrument(&whole)?)?;

    say("recording which functions a first row needs");
    let marks = Cmd::new("node")
        .arg(project.root.join("e2e").join("profile.mjs"))
        .env("CHROME", &browser.chrome)
        .env("SERVER", &server)
        .env("DIST", &dir)
        .dir(&project.root)
        .output()?;
    let marks: BTreeSet<String> = marks.split_whitespace().map(str::to_owned).collect();
    if marks.is_empty() {
        bail!("no function left a mark");
    }
    fs::write(project.root.join(build::PROFILE), Profile::write(&marks))?;
    say(format!("{} functions stand before the first row", marks.len()));
    build::build(project).map(drop)
}
