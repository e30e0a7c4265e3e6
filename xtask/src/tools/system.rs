//! What only the system's package manager has: compilers for C, Node, browsers, nginx.
//!
//! All that is missing is named at once, before anything is compiled, with the one command that installs it. As root on
//! Debian it is installed. What stays missing is skipped and counted where only some tests need it.

use std::env;
use std::fmt::Write;
use std::path::PathBuf;

use anyhow::{Result, bail};

use super::browser;
use super::path::on_path;
use crate::run::{Cmd, say};

/// The oldest major version of Node that the tools run on.
const NODE: u32 = 20;

/// A package manager whose names for things are known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Manager {
    Apt,
    Dnf,
    Brew,
}

/// A thing that a system may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum System {
    /// SQLite and the cryptography of the companion server are C.
    C,
    /// libFuzzer is C++.
    Cpp,
    /// npm's tools build the page; Node runs the browser tests.
    Node,
    /// Compiles C for the static binary.
    Musl,
    Chrome,
    Firefox,
    WebKit,
    Nginx,
}

impl System {
    pub(crate) fn what(self) -> &'static str {
        match self {
            System::C => "a C compiler",
            System::Cpp => "a C++ compiler",
            System::Node => "Node 20 or newer with npm (from nodejs.org if the system's package is older)",
            System::Musl => "musl-gcc, which compiles C for the static binary",
            System::Chrome => {
                "Chrome or Chromium with its chromedriver (or name them in CHROME and CHROMEDRIVER)"
            }
            System::Firefox => "Firefox (or name it in FIREFOX)",
            System::WebKit => "WebKitGTK with its driver, and Xvfb (or name WebKitWebDriver in WEBKIT)",
            System::Nginx => "nginx (or name it in NGINX)",
        }
    }

    /// What to install; empty where the system has no such package.
    fn packages(self, manager: Manager) -> &'static [&'static str] {
        use Manager::{Apt, Brew, Dnf};
        match (self, manager) {
            (System::C, Apt) => &["gcc", "libc6-dev"],
            (System::C, Dnf) => &["gcc"],
            // Apple's compiler comes with `xcode-select --install`; this one serves as well.
            (System::C | System::Cpp, Brew) => &["llvm"],
            (System::Cpp, Apt) => &["g++"],
            (System::Cpp, Dnf) => &["gcc-c++"],
            (System::Node, Apt | Dnf) => &["nodejs", "npm"],
            (System::Node, Brew) => &["node"],
            (System::Musl, Apt) => &["musl-tools"],
            (System::Musl, Dnf) => &["musl-gcc"],
            (System::Chrome, Apt) => &["chromium", "chromium-driver"],
            (System::Chrome, Dnf) => &["chromium", "chromedriver"],
            (System::Chrome, Brew) => &["google-chrome", "chromedriver"],
            (System::Firefox, Apt) => &["firefox-esr"],
            (System::Firefox, Dnf | Brew) => &["firefox"],
            (System::WebKit, Apt) => &["webkit2gtk-driver", "xvfb"],
            // By the file, since the package's name changes with the version.
            (System::WebKit, Dnf) => &["/usr/bin/WebKitWebDriver", "xorg-x11-server-Xvfb"],
            (System::Nginx, _) => &["nginx"],
            (System::Musl | System::WebKit, Brew) => &[],
        }
    }

    /// Whether nothing can be built without it.
    fn is_required(self) -> bool {
        matches!(self, System::C | System::Node)
    }

    pub(crate) fn is_here(self) -> bool {
        match self {
            System::C => has("cc") || has("gcc") || has("clang"),
            System::Cpp => has("c++") || has("g++") || has("clang++"),
            System::Node => has("npm") && node_version().is_some_and(|version| version >= NODE),
            System::Musl => has("musl-gcc"),
            System::Chrome => browser::find().is_some(),
            System::Firefox => browser::firefox().is_some(),
            System::WebKit => browser::webkit().is_some(),
            System::Nginx => nginx().is_some(),
        }
    }
}

/// Has the things here, as far as that can be done, and gives those that stay missing. Fails where nothing works without
/// one of them, and in CI where anything is missing.
pub(crate) fn provide(wanted: &[System]) -> Result<Vec<System>> {
    let missing = || -> Vec<System> { wanted.iter().copied().filter(|one| !one.is_here()).collect() };
    let mut left = missing();
    if left.is_empty() {
        return Ok(left);
    }
    let manager = manager();
    let is_root = nix::unistd::geteuid().is_root();
    if manager == Some(Manager::Apt) && is_root {
        install(&packages(&left, Manager::Apt))?;
        left = missing();
    }
    if left.is_empty() {
        return Ok(left);
    }
    let text = advice(&left, manager, is_root);
    if left.iter().any(|one| one.is_required()) || env::var_os("CI").is_some() {
        bail!("{text}");
    }
    say(text + "\n  What needs them is skipped and counted.");
    Ok(left)
}

/// The same for things that must all be there.
pub(crate) fn require(wanted: &[System]) -> Result<()> {
    let missing: Vec<&str> = provide(wanted)?.into_iter().map(System::what).collect();
    if !missing.is_empty() {
        bail!("needed here: {}", missing.join("; "));
    }
    Ok(())
}

/// Names what is missing, and the one command that installs it.
fn advice(missing: &[System], manager: Option<Manager>, is_root: bool) -> String {
    let mut text = "missing on this machine:".to_owned();
    for one in missing {
        let _ = write!(text, "\n  - {}", one.what());
        if manager.is_some_and(|manager| one.packages(manager).is_empty()) {
            text.push_str("; this system has no package for it, so the tests that need it are skipped");
        }
    }
    let Some(manager) = manager else {
        return text;
    };
    let names = packages(missing, manager);
    if names.is_empty() {
        return text;
    }
    let sudo = if is_root { "" } else { "sudo " };
    let command = match manager {
        Manager::Apt => format!("{sudo}apt-get install -y --no-install-recommends"),
        Manager::Dnf => format!("{sudo}dnf install -y"),
        Manager::Brew => "brew install".to_owned(),
    };
    text + &format!("\n  Install with: {command} {}", names.join(" "))
}

fn packages(missing: &[System], manager: Manager) -> Vec<&'static str> {
    missing
        .iter()
        .flat_map(|one| one.packages(manager))
        .copied()
        .collect()
}

fn install(packages: &[&str]) -> Result<()> {
    let apt = || {
        Cmd::new("apt-get")
            .env("DEBIAN_FRONTEND", "noninteractive")
            .args(["-o", "Acquire::Retries=3", "-o", "Dpkg::Use-Pty=0", "-q"])
    };
    say(format!(
        "installing with apt-get (about a minute): {}",
        packages.join(" ")
    ));
    apt().arg("update").run()?;
    apt()
        .args(["install", "-y", "--no-install-recommends"])
        .args(packages)
        .run()
}

fn manager() -> Option<Manager> {
    [
        ("apt-get", Manager::Apt),
        ("dnf", Manager::Dnf),
        ("brew", Manager::Brew),
    ]
    .into_iter()
    .find_map(|(program, manager)| has(program).then_some(manager))
}

/// An nginx, which stands in front of the gateway, where there is one. It lies where no user's PATH leads.
pub(crate) fn nginx() -> Option<PathBuf> {
    let named = env::var_os("NGINX").map(PathBuf::from);
    let usual = on_path("nginx").map(|dir| dir.join("nginx"));
    let mut places = named
        .into_iter()
        .chain(usual)
        .chain([PathBuf::from("/usr/sbin/nginx")]);
    places.find(|place| place.is_file())
}

fn has(program: &str) -> bool {
    which::which(program).is_ok()
}

fn node_version() -> Option<u32> {
    let text = Cmd::new("node").arg("--version").output().ok()?;
    text.trim().strip_prefix('v')?.split('.').next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: [System; 8] = [
        System::C,
        System::Cpp,
        System::Node,
        System::Musl,
        System::Chrome,
        System::Firefox,
        System::WebKit,
        System::Nginx,
    ];

    #[test]
    fn names_all_that_is_missing_with_one_command() {
        let table = [
            (
                Some(Manager::Apt),
                false,
                "Install with: sudo apt-get install -y --no-install-recommends gcc libc6-dev g++ nodejs npm musl-tools \
                 chromium chromium-driver firefox-esr webkit2gtk-driver xvfb nginx",
            ),
            (
                Some(Manager::Dnf),
                true,
                "Install with: dnf install -y gcc gcc-c++ nodejs npm musl-gcc chromium chromedriver firefox \
                 /usr/bin/WebKitWebDriver xorg-x11-server-Xvfb nginx",
            ),
            (
                Some(Manager::Brew),
                false,
                "Install with: brew install llvm llvm node google-chrome chromedriver firefox nginx",
            ),
            (None, false, "nginx (or name it in NGINX)"),
        ];
        for (manager, is_root, end) in table {
            let text = advice(&ALL, manager, is_root);
            assert!(text.ends_with(end), "{text}");
            for one in ALL {
                assert!(text.contains(one.what()), "{text}");
            }
        }
        let text = advice(&[System::WebKit], Some(Manager::Brew), false);
        assert!(text.ends_with("so the tests that need it are skipped"), "{text}");
    }

    #[test]
    fn nothing_is_asked_of_a_system_that_has_all() {
        assert_eq!(provide(&[]).unwrap(), []);
        require(&[]).unwrap();
    }
}
