//! `cargo xtask fuzz`: libFuzzer makes up inputs for each reader of the core and looks for one that breaks its property.
//!
//! What holds of a reader stands in fuzz/src, for stable Rust as well (tests/properties.rs). The tests try the same few
//! thousand inputs of each target every time; a person gives it time, and `--keep` takes what reached new code into the
//! corpus. An input that breaks a property is left under target/, with the command that shows it again.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use clap::Args;

use crate::project::Project;
use crate::run::{Cmd, say};
use crate::tools::programs::Program;

/// Longer inputs reach nothing that shorter ones don't.
const LONGEST: u32 = 16_384;
/// How often the tests call each target.
const IN_TESTS: u64 = 8_000;

/// What to try, and for how long.
#[derive(Args)]
pub(crate) struct Options {
    /// Only these targets.
    targets: Vec<String>,
    /// Seconds for each target.
    #[arg(long, default_value_t = 60)]
    seconds: u64,
    /// Take the inputs that reached new code into fuzz/corpus/.
    #[arg(long)]
    keep: bool,
}

/// When a run ends.
#[derive(Clone, Copy)]
enum Budget {
    /// After so many seconds, with inputs that differ each time.
    Seconds(u64),
    /// After so many calls, with the same inputs each time: a test must not fail by chance.
    Calls(u64),
}

/// The numbers that libFuzzer prints at the end of a run.
#[derive(Debug, Default, PartialEq, Eq)]
struct Stats {
    executions: u64,
    /// Inputs that each reach something that the others don't.
    corpus: u64,
    /// Edges of the program that were reached.
    edges: u64,
}

/// Fuzzes with what the command line asks for.
pub(crate) fn run(project: &Project, options: &Options) -> Result<()> {
    let all = targets(project)?;
    if let Some(unknown) = options.targets.iter().find(|name| !all.contains(name)) {
        bail!(
            "there is no target {unknown:?}; the targets are {}",
            all.join(", ")
        );
    }
    let chosen = all
        .iter()
        .filter(|name| options.targets.is_empty() || options.targets.contains(name));
    fuzz(project, chosen, Budget::Seconds(options.seconds), options.keep)
}

/// The step of the tests: each target for a short while.
pub(crate) fn test(project: &Project) -> Result<()> {
    fuzz(project, targets(project)?.iter(), Budget::Calls(IN_TESTS), false)
}

fn fuzz<'a>(
    project: &Project,
    targets: impl Iterator<Item = &'a String>,
    budget: Budget,
    keep: bool,
) -> Result<()> {
    // Separately, so that what does not compile is not taken for what breaks.
    cargo_fuzz(project, "build")?.run()?;
    let mut whole = Stats::default();
    for target in targets {
        let stats = fuzz_target(project, target, budget)?;
        println!(
            "{target:10} {:>11} executions  {:>5} inputs in the corpus  {:>5} edges  no crash",
            stats.executions, stats.corpus, stats.edges
        );
        whole.executions += stats.executions;
        whole.corpus += stats.corpus;
        if keep {
            merge(project, target)?;
        }
    }
    println!(
        "{:10} {:>11} executions  {:>5} inputs in the corpus",
        "all", whole.executions, whole.corpus
    );
    Ok(())
}

fn fuzz_target(project: &Project, target: &str, budget: Budget) -> Result<Stats> {
    let broken = folder(project, "broken", target)?;
    let (limit, found) = match budget {
        Budget::Seconds(seconds) => {
            say(format!("fuzzing {target} for {seconds} s"));
            (
                vec![format!("-max_total_time={seconds}")],
                found(project, target)?,
            )
        }
        Budget::Calls(calls) => {
            say(format!("fuzzing {target} with {calls} inputs"));
            let empty = folder(project, "tested", target)?;
            fs::remove_dir_all(&empty)?;
            (
                vec![format!("-runs={calls}"), "-seed=1".into()],
                folder(project, "tested", target)?,
            )
        }
    };
    let dictionary = project.root.join("fuzz/dict").join(format!("{target}.dict"));
    let mut stats = Stats::default();
    cargo_fuzz(project, "run")?
        .arg(target)
        .arg(&found)
        .arg(kept(project, target))
        .args(["--", "-print_final_stats=1", "-rss_limit_mb=2048", "-timeout=20"])
        .args(limit)
        .args([
            format!("-max_len={LONGEST}"),
            format!("-dict={}", dictionary.display()),
            format!("-artifact_prefix={}/", broken.display()),
        ])
        .follow(|line| read(line, &mut stats))
        .with_context(|| {
            format!(
                "an input breaks the property {target}; it is in {}",
                project.relative(&broken).display()
            )
        })?;
    if stats.executions == 0 {
        bail!("libFuzzer did not say how often it called {target}");
    }
    Ok(stats)
}

/// Takes what reached new code into the corpus that is committed.
fn merge(project: &Project, target: &str) -> Result<()> {
    cargo_fuzz(project, "run")?
        .arg(target)
        .arg(kept(project, target))
        .arg(found(project, target)?)
        .args(["--", "-merge=1", &format!("-max_len={LONGEST}")])
        .follow(|_| ())
        .with_context(|| format!("the corpus of {target} cannot be merged"))
}

fn cargo_fuzz(project: &Project, subcommand: &str) -> Result<Cmd> {
    let program = Program::CargoFuzz.provide(project)?.join("cargo-fuzz");
    // Coverage is asked for by options that stable Rust keeps for itself. The core has no unsafe code, so that no
    // sanitizer of memory is needed, and each call is some times faster without.
    Ok(Cmd::new(program)
        .args([subcommand, "--sanitizer", "none"])
        .env("RUSTC_BOOTSTRAP", "1")
        .env("CARGO_TARGET_DIR", project.target.join("fuzz"))
        .dir(&project.root.join("fuzz")))
}

/// The names of the targets, from their files.
fn targets(project: &Project) -> Result<Vec<String>> {
    let dir = project.root.join("fuzz/targets");
    let entries = fs::read_dir(&dir).with_context(|| format!("cannot read {}", dir.display()))?;
    let mut names = entries
        .map(|entry| Ok(entry?.path()))
        .filter_map(|path: Result<PathBuf>| {
            path.map(|path| Some(path.file_stem()?.to_string_lossy().into_owned()))
                .transpose()
        })
        .collect::<Result<Vec<String>>>()?;
    names.sort();
    Ok(names)
}

/// The inputs that are committed.
fn kept(project: &Project, target: &str) -> PathBuf {
    project.root.join("fuzz/corpus").join(target)
}

/// The inputs that runs on this machine have found.
fn found(project: &Project, target: &str) -> Result<PathBuf> {
    folder(project, "found", target)
}

fn folder(project: &Project, what: &str, target: &str) -> Result<PathBuf> {
    let dir: PathBuf = [
        project.target.as_path(),
        Path::new("fuzz"),
        Path::new(what),
        Path::new(target),
    ]
    .iter()
    .collect();
    fs::create_dir_all(&dir).with_context(|| format!("cannot create {}", dir.display()))?;
    Ok(dir)
}

/// Takes in a line of libFuzzer's: `#123 DONE cov: 45 ft: 67 corp: 8/90b …`, `stat::number_of_executed_units: 123`.
fn read(line: &str, stats: &mut Stats) {
    let number = |text: &str| {
        text.split(['/', ' '])
            .next()
            .and_then(|digits| digits.parse().ok())
    };
    if let Some(count) = line.strip_prefix("stat::number_of_executed_units:") {
        stats.executions = number(count.trim()).unwrap_or_default();
    } else if line.starts_with('#') {
        let after = |name: &str| line.split_once(name).and_then(|(_, rest)| number(rest));
        if let (Some(edges), Some(corpus)) = (after(" cov: "), after(" corp: ")) {
            (stats.edges, stats.corpus) = (edges, corpus);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_libfuzzer_tells() {
        let mut stats = Stats::default();
        for line in [
            "INFO: Running with entropic power schedule (0xFF, 100).",
            "#2\tINITED cov: 12 ft: 13 corp: 1/1b exec/s: 0 rss: 40Mb",
            "#70\tNEW    cov: 15 ft: 13 corp: 2/9b lim: 4 exec/s: 0 rss: 40Mb L: 3/4 MS: 1 ChangeBit-",
            "Done 1234 runs in 5 second(s)",
            "stat::number_of_executed_units: 1234",
        ] {
            read(line, &mut stats);
        }
        let wanted = Stats {
            executions: 1234,
            corpus: 2,
            edges: 15,
        };
        assert_eq!(stats, wanted);
    }

    #[test]
    fn each_target_has_its_corpus_and_its_dictionary() {
        let project = Project::open().unwrap();
        let names = targets(&project).unwrap();
        assert_eq!(names.len(), 7);
        let manifest = fs::read_to_string(project.root.join("fuzz/Cargo.toml")).unwrap();
        for name in names {
            assert!(kept(&project, &name).is_dir(), "{name}");
            assert!(
                project.root.join(format!("fuzz/dict/{name}.dict")).is_file(),
                "{name}"
            );
            assert!(manifest.contains(&format!("name = \"{name}\"")), "{name}");
        }
    }
}
