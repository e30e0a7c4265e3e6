//! The browser tests: Node's own runner, Playwright's core, an installed browser.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::browser;
use crate::project::Project;
use crate::run::{Cmd, say};
use crate::tally::Tally;
use crate::{debian, build, package, server, tools};

/// Installs the packages that the tests use, unless they are those of the lock file already.
pub(crate) fn set_up(project: &Project) -> Result<()> {
    tools::node_packages(&project.root.join("e2e"), "of the browser tests")
}

/// Runs all browser tests against the built page and the built server.
pub(crate) fn test(project: &Project, tally: &mut Tally) -> Result<()> {
    build::build(project)?;
    build_hosts(project)?;
    let server = server::build(project)?;
    let browser = browser::provide()?;
    let firefox = browser::firefox()?;
    let webkit = browser::webkit()?;
    let nginx = nginx()?;
    Cmd::new("node")
        .args(["--test", "--test-reporter", "spec"])
        .args(files(&project.root.join("e2e").join("tests"))?)
        .env("CHROME", &browser.chrome)
        .env("FIREFOX", &firefox)
        .env("WEBKIT", &webkit)
        .env("NGINX", &nginx)
        .env("SERVER", &server)
        .env("DIST", project.dist())
        .dir(&project.root)
        .follow(|line| tally.read(line))
}

/// Finds an nginx, which stands in front of the gateway, or installs Debian's. It lies where no user's PATH leads.
pub(crate) fn nginx() -> Result<PathBuf> {
    let found = || {
        let named = env::var_os("NGINX").map(PathBuf::from);
        let usual = tools::on_path("nginx").map(|dir| dir.join("nginx"));
        let mut places = named
            .into_iter()
            .chain(usual)
            .chain([PathBuf::from("/usr/sbin/nginx")]);
        places.find(|place| place.is_file())
    };
    if let Some(place) = found() {
        return Ok(place);
    }
    debian::install("nginx", &["nginx"], "install it, or name it in NGINX")?;
    found().context("nginx was installed, but is not found on PATH or in /usr/sbin")
}

/// Builds the host applications, each with its own tools, from the package as npm has it.
fn build_hosts(project: &Project) -> Result<()> {
    let tarball = package::make(project)?;
    // Of the hosts, the one in Rust is built with the tools that build the page.
    let dirs = [tools::trunk(project)?, tools::wasm_bindgen(project)?];
    say("building the host applications from the package (5 minutes the first time)");
    Cmd::new("node")
        .arg(project.root.join("e2e/hosts/build.mjs"))
        .env("PACKAGE", tarball)
        .path_first(dirs.iter().map(PathBuf::as_path))?
        .run()
}

/// The test files, in the order of their names. (Node 20 expands no patterns by itself.)
pub(crate) fn files(dir: &Path) -> Result<Vec<PathBuf>> {
    let entries = fs::read_dir(dir).with_context(|| format!("cannot read {}", dir.display()))?;
    let mut files = entries
        .map(|entry| Ok(entry?.path()))
        .collect::<Result<Vec<_>>>()?;
    files.retain(|path| path.to_string_lossy().ends_with(".test.mjs"));
    files.sort();
    if files.is_empty() {
        bail!("{} has no tests", dir.display());
    }
    Ok(files)
}
