//! A browser for the tests, and the driver of the same version.
//!
//! An installed Chrome or Chromium is taken wherever it is; only without one is Debian's installed.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::debian;
use crate::project::Project;
use crate::run::Cmd;

/// Names that a browser goes by on PATH.
const BROWSERS: [&str; 6] = [
    "google-chrome",
    "google-chrome-stable",
    "chromium",
    "chromium-browser",
    "chrome",
    "google-chrome-beta",
];
/// Where packages put a browser outside PATH.
const BROWSER_PATHS: [&str; 5] = [
    "/opt/google/chrome/chrome",
    "/usr/lib/chromium/chromium",
    "/usr/lib/chromium-browser/chromium-browser",
    "/opt/chromium/chrome",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];
/// Where packages put the driver outside PATH.
const DRIVER_PATHS: [&str; 3] = [
    "/usr/lib/chromium/chromedriver",
    "/usr/lib/chromium-browser/chromedriver",
    "/opt/chromedriver/chromedriver",
];
/// Names that Firefox goes by on PATH.
const FIREFOXES: [&str; 2] = ["firefox-esr", "firefox"];
/// The driver of WebKitGTK, which finds its own browser, and the display that it draws on.
const WEBKIT: [&str; 2] = ["WebKitWebDriver", "Xvfb"];
/// The packages of Debian that have those.
const WEBKIT_PACKAGES: [&str; 2] = ["webkit2gtk-driver", "xvfb"];
/// The packages of Debian that have both.
const PACKAGES: [&str; 2] = ["chromium", "chromium-driver"];

/// A browser with a driver that fits.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Browser {
    /// Chrome or Chromium.
    pub(crate) chrome: PathBuf,
    /// The chromedriver of the same major version.
    pub(crate) driver: PathBuf,
}

/// Finds a browser, or installs Debian's.
pub(crate) fn provide() -> Result<Browser> {
    if let Some(browser) = find() {
        return Ok(browser);
    }
    if let Some(chrome) = env::var_os("CHROME") {
        bail!(
            "CHROME names {}, but no chromedriver of its version is found; name one in CHROMEDRIVER",
            Path::new(&chrome).display()
        );
    }
    debian::install(
        "Chrome or Chromium with its chromedriver",
        &PACKAGES,
        "install them, or name them in CHROME and CHROMEDRIVER",
    )?;
    find().context("Chromium was installed, but no browser with a chromedriver of its version is found")
}

/// Finds a Firefox, or installs Debian's.
pub(crate) fn firefox() -> Result<PathBuf> {
    let found = || {
        let named = env::var_os("FIREFOX").map(PathBuf::from);
        let places = FIREFOXES.into_iter().flat_map(all_on_path);
        named.into_iter().chain(places).find(|place| place.is_file())
    };
    if let Some(place) = found() {
        return Ok(place);
    }
    debian::install("Firefox", &["firefox-esr"], "install it, or name it in FIREFOX")?;
    found().context("Firefox was installed, but is not found on PATH")
}

/// Finds the driver of WebKitGTK, and a display for it unless there is one; or installs Debian's.
pub(crate) fn webkit() -> Result<PathBuf> {
    let [driver, display] = WEBKIT;
    let found = || {
        let shown =
            env::var_os("DISPLAY").is_some() || all_on_path(display).iter().any(|place| place.is_file());
        let named = env::var_os("WEBKIT").map(PathBuf::from);
        let mut places = named.into_iter().chain(all_on_path(driver));
        places.find(|place| shown && place.is_file())
    };
    if let Some(place) = found() {
        return Ok(place);
    }
    debian::install(
        "WebKitGTK with its driver and Xvfb",
        &WEBKIT_PACKAGES,
        "install them, or name WebKitWebDriver in WEBKIT",
    )?;
    found().context("WebKitGTK was installed, but WebKitWebDriver or Xvfb is not found on PATH")
}

fn find() -> Option<Browser> {
    let drivers: Vec<(PathBuf, u32)> = with_versions(drivers());
    with_versions(browsers())
        .into_iter()
        .find_map(|(chrome, version)| {
            let (driver, _) = drivers.iter().find(|(_, other)| *other == version)?;
            Some(Browser {
                chrome,
                driver: driver.clone(),
            })
        })
}

/// Where a browser may be: the one that was named, or else all that can be found.
fn browsers() -> Vec<PathBuf> {
    if let Some(named) = env::var_os("CHROME") {
        return vec![named.into()];
    }
    let named = ["CHROME_PATH", "CHROME_BIN", "PUPPETEER_EXECUTABLE_PATH"]
        .into_iter()
        .filter_map(env::var_os);
    let mut places: Vec<PathBuf> = named.map(PathBuf::from).collect();
    places.extend(BROWSERS.into_iter().flat_map(all_on_path));
    places.extend(BROWSER_PATHS.into_iter().map(PathBuf::from));
    places.extend(downloaded("ms-playwright", "chrome"));
    places.extend(downloaded("puppeteer", "chrome"));
    places
}

fn drivers() -> Vec<PathBuf> {
    if let Some(named) = env::var_os("CHROMEDRIVER") {
        return vec![named.into()];
    }
    let mut places = all_on_path("chromedriver");
    places.extend(DRIVER_PATHS.into_iter().map(PathBuf::from));
    places.extend(downloaded("puppeteer", "chromedriver"));
    places
}

fn all_on_path(program: &str) -> Vec<PathBuf> {
    crate::tools::on_path(program)
        .map(|dir| dir.join(program))
        .collect()
}

/// Programs that a package of npm downloaded into the user's cache.
fn downloaded(owner: &str, program: &str) -> Vec<PathBuf> {
    let Some(home) = env::home_dir() else {
        return Vec::new();
    };
    walkdir::WalkDir::new(home.join(".cache").join(owner))
        .max_depth(4)
        .sort_by(|a, b| b.file_name().cmp(a.file_name()))
        .into_iter()
        .filter_map(Result::ok)
        .filter(|entry| entry.file_type().is_file() && entry.file_name() == program)
        .map(walkdir::DirEntry::into_path)
        .collect()
}

fn with_versions(places: Vec<PathBuf>) -> Vec<(PathBuf, u32)> {
    let mut known: Vec<(PathBuf, u32)> = Vec::new();
    for place in places {
        let seen = known.iter().any(|(other, _)| *other == place);
        if let (false, Some(version)) = (seen, major_version(&place)) {
            known.push((place, version));
        }
    }
    known
}

/// The first part of the version that a browser or a driver tells.
fn major_version(program: &Path) -> Option<u32> {
    if !program.is_file() {
        return None;
    }
    read_major(&Cmd::new(program).arg("--version").output().ok()?)
}

fn read_major(text: &str) -> Option<u32> {
    text.split_whitespace()
        .find_map(|word| word.split_once('.')?.0.parse().ok())
}

/// The capabilities for the driver: those of `webdriver.json`, with this browser.
pub(crate) fn webdriver_json(project: &Project, browser: &Browser) -> Result<PathBuf> {
    let source = project.root.join("webdriver.json");
    let text = fs::read_to_string(&source).with_context(|| format!("cannot read {}", source.display()))?;
    let mut capabilities: serde_json::Value =
        serde_json::from_str(&text).with_context(|| format!("{} is no JSON", source.display()))?;
    capabilities["goog:chromeOptions"]["binary"] = browser.chrome.to_string_lossy().into();
    let written = project.cache()?.join("webdriver.json");
    fs::write(&written, capabilities.to_string())
        .with_context(|| format!("cannot write {}", written.display()))?;
    Ok(written)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_versions() {
        let cases = [
            (
                "Chromium 156.0.8078.79 built on Debian GNU/Linux 12 (bookworm)",
                Some(156),
            ),
            ("Google Chrome 131.0.6778.85 ", Some(131)),
            (
                "ChromeDriver 156.0.8078.79 (a21ce95-refs/branch-heads/8078@{#1704})",
                Some(156),
            ),
            ("no version here.", None),
            ("", None),
        ];
        for (text, version) in cases {
            assert_eq!(read_major(text), version, "{text}");
        }
    }
}
