//! Each protection is taken away once, in a copy of the sources, and the tests of its line must turn red.

use std::fs;
use std::os::unix::fs::symlink;
use std::process::ExitCode;

use anyhow::{Context, Result, bail};

use super::lines::{Line, Seen};
use super::outcome::{self, in_browser, native};
use crate::build;
use crate::project::Project;
use crate::run::{Cmd, say};

/// Says of each line whether its tests saw that the protection was gone.
pub(super) fn run(project: &Project, lines: &[&Line]) -> Result<ExitCode> {
    let visible: Vec<u32> = lines
        .iter()
        .filter(|line| line.seen == Seen::Browser)
        .map(|line| line.number)
        .collect();
    if !visible.is_empty() {
        outcome::require(project, &visible)?;
    }
    let copy = copy(project)?;
    if !visible.is_empty() {
        say("building the copy; its browser tests must pass before anything is taken away");
        build::build_for_development(&copy)?;
        for (number, outcome) in in_browser(&copy, &visible)? {
            if let Some(failure) = outcome.failures.first() {
                bail!("line {number} fails as it is: {failure}");
            }
        }
    }
    let mut green = 0;
    for line in lines {
        say(format!(
            "without the protection of line {}: {}",
            line.number, line.protection
        ));
        let path = copy.root.join(&line.file);
        let whole = fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
        if whole.matches(&line.take).count() != 1 {
            bail!(
                "line {}: what is to be taken away is not found once in {}",
                line.number,
                line.file
            );
        }
        fs::write(&path, whole.replace(&line.take, &line.put))?;
        let outcomes = match line.seen {
            Seen::Native => native(&copy, &[line]),
            Seen::Browser => {
                build::build_for_development(&copy).and_then(|()| in_browser(&copy, &[line.number]))
            }
        };
        fs::write(&path, whole)?;
        let outcome = outcomes?.remove(&line.number).unwrap_or_default();
        let is_red = !outcome.failures.is_empty();
        green += u32::from(!is_red);
        println!(
            "{:>2}  {}",
            line.number,
            if is_red { "red" } else { "STILL GREEN" }
        );
        for failure in outcome.failures {
            println!("      {failure}");
        }
    }
    Ok(if green == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// The last commit in a folder of its own, with what builds of it left there before.
fn copy(project: &Project) -> Result<Project> {
    let root = project.target.join("red");
    if root.join(".git").exists() {
        let git = |args: &[&str]| Cmd::new("git").args(args).dir(&root).run();
        git(&["fetch", "--quiet", "origin"])?;
        git(&["reset", "--quiet", "--hard", "FETCH_HEAD"])?;
    } else {
        Cmd::new("git")
            .args(["clone", "--quiet"])
            .arg(&project.root)
            .arg(&root)
            .run()?;
    }
    let target = root.join("target");
    fs::create_dir_all(target.join("xtask"))?;
    let tools = target.join("xtask/tools");
    if !tools.exists() {
        symlink(project.tools(), &tools).context("cannot lend the tools")?;
    }
    Ok(Project { root, target })
}
