//! `cargo xtask size`: what a browser transfers before the first row, against what was promised.
//!
//! Sizes are those of brotli at its best, as a production server sends them; 1 KB is 1000 bytes.

use std::fmt::Write;
use std::process::ExitCode;

use anyhow::{Context, Result, bail};

use crate::build::{self, Way};
use crate::project::Project;
use crate::run::{Cmd, say};
use crate::test::tally::Tally;

/// What stands between an empty page and the first row.
const FIRST: [&str; 4] = [
    "define.js",
    "ob-restore-tasks.js",
    "ob-restore-tasks_bg.wasm",
    "widget.css",
];
/// What is aimed at.
const AIM: u64 = 80_000;
/// What is never gone beyond.
const LIMIT: u64 = 120_000;

/// Prints the sizes of the files in a folder, each as name, size and compressed size. Node has brotli anyway.
const SCRIPT: &str = "
const { readdirSync, readFileSync } = require('fs');
const { brotliCompressSync, constants } = require('zlib');
const params = { [constants.BROTLI_PARAM_QUALITY]: 11 };
for (const entry of readdirSync(process.argv[1], { withFileTypes: true })) {
  if (!entry.isFile()) continue;
  const bytes = readFileSync(process.argv[1] + '/' + entry.name);
  console.log([entry.name, bytes.length, brotliCompressSync(bytes, { params }).length].join('\\t'));
}";

/// A file and what it weighs.
struct Part {
    name: String,
    raw: u64,
    brotli: u64,
}

/// Builds the page, prints the table, and fails above the limit.
pub(crate) fn run(project: &Project) -> Result<ExitCode> {
    build::build(project)?;
    let (text, sum) = measure(project)?;
    print!("{text}");
    Ok(if sum > LIMIT {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    })
}

/// The same as a step of the test. The limit is that of what is shipped: a plain build is a tenth larger.
pub(crate) fn test(project: &Project, tally: &mut Tally) -> Result<()> {
    let way = build::build(project)?;
    let (text, sum) = measure(project)?;
    eprint!("{text}");
    if way == Way::Plain {
        say("the limit is skipped: this compiler builds the page a tenth larger");
        tally.skipped += 1;
    } else if sum > LIMIT {
        bail!("the first row needs {} KB, above the limit", kilobytes(sum));
    }
    Ok(())
}

fn measure(project: &Project) -> Result<(String, u64)> {
    say("compressing dist/ (some seconds)");
    let printed = Cmd::new("node")
        .args(["-e", SCRIPT])
        .arg(project.dist())
        .output()
        .context("Node 20 or newer is needed")?;
    report(read(&printed)?)
}

fn read(printed: &str) -> Result<Vec<Part>> {
    printed
        .lines()
        .map(|line| {
            let fields: Vec<&str> = line.split('\t').collect();
            let [name, raw, brotli] = fields.as_slice() else {
                bail!("{line:?} is no size");
            };
            Ok(Part {
                name: (*name).to_owned(),
                raw: raw.parse()?,
                brotli: brotli.parse()?,
            })
        })
        .collect()
}

/// The table, and the sum of what comes before the first row.
fn report(parts: Vec<Part>) -> Result<(String, u64)> {
    if let Some(missing) = FIRST
        .iter()
        .find(|name| parts.iter().all(|part| part.name != **name))
    {
        bail!("dist/ has no {missing}");
    }
    let (first, others): (Vec<Part>, Vec<Part>) = parts
        .into_iter()
        .partition(|part| FIRST.contains(&part.name.as_str()));
    let total = |of: fn(&Part) -> u64| first.iter().map(of).sum::<u64>();
    let (raw, brotli) = (total(|part| part.raw), total(|part| part.brotli));

    let mut text = String::new();
    let mut line = |name: &str, raw: u64, brotli: u64| {
        writeln!(text, "{name:28} {:>8} {:>8}", kilobytes(raw), kilobytes(brotli))
    };
    for part in &first {
        line(&part.name, part.raw, part.brotli)?;
    }
    line("before the first row", raw, brotli)?;
    for part in &others {
        line(&format!("({})", part.name), part.raw, part.brotli)?;
    }
    let verdict = if brotli <= AIM {
        "the aim is met"
    } else if brotli <= LIMIT {
        "above the aim, within the limit"
    } else {
        "above the limit"
    };
    let head = format!("{:28} {:>8} {:>8}\n", "KB", "raw", "brotli");
    let foot = format!(
        "{} KB of {} (limit {}): {verdict}\n",
        kilobytes(brotli),
        kilobytes(AIM),
        kilobytes(LIMIT)
    );
    Ok((head + &text + &foot, brotli))
}

fn kilobytes(bytes: u64) -> String {
    format!("{:.1}", bytes as f64 / 1000.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn printed(wasm: u64) -> String {
        format!(
            "define.js\t9000\t3000\nindex.html\t400\t200\nob-restore-tasks.js\t30000\t5000\n\
             ob-restore-tasks_bg.wasm\t200000\t{wasm}\nwidget.css\t13000\t3000\n"
        )
    }

    #[test]
    fn sums_up_what_comes_before_the_first_row() {
        let cases = [
            (69_000, "80.0 KB of 80.0 (limit 120.0): the aim is met"),
            (69_100, "above the aim, within the limit"),
            (109_000, "above the aim, within the limit"),
            (109_100, "120.1 KB of 80.0 (limit 120.0): above the limit"),
        ];
        for (wasm, wanted) in cases {
            let (text, sum) = report(read(&printed(wasm)).unwrap()).unwrap();
            assert_eq!(sum, wasm + 11_000);
            assert!(text.trim_end().ends_with(wanted), "{text}");
            assert!(text.contains("(index.html)"), "{text}");
        }
    }

    #[test]
    fn a_missing_part_is_no_saving() {
        let error = report(read("define.js\t1\t1\n").unwrap()).err().unwrap();
        assert!(error.to_string().contains("ob-restore-tasks.js"), "{error}");
        assert!(read("nonsense").is_err());
    }
}
