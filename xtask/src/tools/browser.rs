//! A browser for the tests, and the driver of the same version.
//!
//! An installed Chrome or Chromium is taken wherever it is.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use super::path::on_path;
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
const BROWSER_PATHS: [&str; 4] = [
    "/opt/google/chrome/chrome",
    "/usr/lib/chromium/chromium",
    "/usr/lib/chromium-browser/chromium-browser",
    "/opt/chromium/chrome",
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

/// A browser with a driver that fits.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Browser {
    /// Chrome or Chromium.
    pub(crate) chrome: PathBuf,
    /// The chromedriver of the same major version.
    pub(crate) driver: PathBuf,
}

/// A browser that is here, or what is missing.
pub(crate) fn provide() -> Result<Browser> {
    find().context("there is no Chrome or Chromium with a chromedriver of its version (CHROME and CHROMEDRIVER can name them)")
}

/// A Firefox, where there is one.
pub(crate) fn firefox() -> Option<PathBuf> {
    let named = env::var_os("FIREFOX").map(PathBuf::from);
    let places = FIREFOXES.into_iter().flat_map(all_on_path);
    let mut places = named
        .into_iter()
        .chain(places)
        .chain(applications("Firefox.app/Contents/MacOS/firefox"));
    places.find(|place| place.is_file())
}

/// The driver of WebKitGTK, where there is one and a display for it.
pub(crate) fn webkit() -> Option<PathBuf> {
    let [driver, display] = WEBKIT;
    let shown = env::var_os("DISPLAY").is_some() || all_on_path(display).iter().any(|place| place.is_file());
    let named = env::var_os("WEBKIT").map(PathBuf::from);
    let mut places = named.into_iter().chain(all_on_path(driver));
    places.find(|place| shown && place.is_file())
}

/// The first browser that a driver fits.
pub(crate) fn find() -> Option<Browser> {
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
    places.extend(applications("Google Chrome.app/Contents/MacOS/Google Chrome"));
    places.extend(applications("Chromium.app/Contents/MacOS/Chromium"));
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
    on_path(program).map(|dir| dir.join(program)).collect()
}

/// Where macOS keeps an application: for everybody, or for one user.
fn applications(program: &str) -> Vec<PathBuf> {
    let own = env::home_dir().map(|home| home.join("Applications"));
    std::iter::once(PathBuf::from("/Applications"))
        .chain(own)
        .map(|folder| folder.join(program))
        .collect()
}

/// Programs that a package of npm downloaded into the user's cache, wherever that is.
fn downloaded(owner: &str, program: &str) -> Vec<PathBuf> {
    let named = ["PLAYWRIGHT_BROWSERS_PATH", "PUPPETEER_CACHE_DIR"]
        .into_iter()
        .filter_map(env::var_os)
        .map(PathBuf::from);
    let cache = env::var_os("XDG_CACHE_HOME").map(|cache| PathBuf::from(cache).join(owner));
    let home = env::home_dir()
        .into_iter()
        .flat_map(|home| [".cache", "Library/Caches"].map(|cache| home.join(cache).join(owner)));
    let folders = named.chain(cache).chain(home);
    folders.flat_map(|folder| in_folder(&folder, program)).collect()
}

/// Programs of that name some levels below a folder, those of the newest versions first.
fn in_folder(folder: &Path, program: &str) -> Vec<PathBuf> {
    walkdir::WalkDir::new(folder)
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
