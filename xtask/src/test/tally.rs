//! Counts tests from what the runners print: Cargo's and wasm-bindgen's `test result:` lines, and
//! the summary of Node's runner.

/// How many tests passed, failed and were skipped.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    /// Tests that passed.
    pub(crate) passed: u64,
    /// Tests that failed.
    pub(crate) failed: u64,
    /// Tests, or whole steps, that did not run.
    pub(crate) skipped: u64,
}

impl Tally {
    /// Takes in one line of a runner's output; a line that is no summary changes nothing.
    pub(crate) fn read(&mut self, line: &str) {
        let line = without_colours(line);
        let line = line.trim();
        if let Some((_, counts)) = line.split_once("test result: ") {
            self.passed += number_before(counts, "passed");
            self.failed += number_before(counts, "failed");
            self.skipped += number_before(counts, "ignored");
        } else if let Some(count) = line.strip_prefix("ℹ ").or_else(|| line.strip_prefix("# ")) {
            let Some((what, number)) = count.split_once(' ') else {
                return;
            };
            let Ok(number) = number.parse::<u64>() else { return };
            match what {
                "pass" => self.passed += number,
                "fail" | "cancelled" => self.failed += number,
                "skipped" | "todo" => self.skipped += number,
                _ => {}
            }
        }
    }
}

/// The closing line of a run.
impl std::fmt::Display for Tally {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} passed, {} failed", self.passed, self.failed)?;
        if self.skipped > 0 {
            write!(f, ", {} skipped", self.skipped)?;
        }
        Ok(())
    }
}

impl std::ops::AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.skipped += other.skipped;
    }
}

/// The number that stands before `word` in `12 passed; 3 failed; …`.
fn number_before(text: &str, word: &str) -> u64 {
    let words: Vec<&str> = text.split(|c: char| c.is_whitespace() || c == ';').collect();
    words
        .windows(2)
        .find(|pair| pair[1] == word)
        .and_then(|pair| pair[0].parse().ok())
        .unwrap_or(0)
}

/// The text without the terminal's colour sequences (`ESC [ … letter`).
fn without_colours(line: &str) -> String {
    let mut plain = String::with_capacity(line.len());
    let mut chars = line.chars();
    while let Some(c) = chars.next() {
        if c == '\u{1b}' {
            chars.by_ref().skip(1).find(char::is_ascii_alphabetic);
        } else {
            plain.push(c);
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_skipped_is_said() {
        let tally = |skipped| Tally {
            passed: 3,
            failed: 0,
            skipped,
        };
        assert_eq!(tally(0).to_string(), "3 passed, 0 failed");
        assert_eq!(tally(2).to_string(), "3 passed, 0 failed, 2 skipped");
    }

    #[test]
    fn reads_each_runner() {
        let cases: &[(&str, u64, u64, u64)] = &[
            (
                "test result: ok. 12 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.01s",
                12,
                0,
                1,
            ),
            (
                "test result: \u{1b}[31mFAILED\u{1b}[0m. 3 passed; 2 failed; 0 ignored; 0 filtered out",
                3,
                2,
                0,
            ),
            (
                "    test result: ok. 5 passed; 0 failed; 0 ignored; 0 filtered out",
                5,
                0,
                0,
            ),
            ("\u{1b}[34mℹ pass 7\u{1b}[39m", 7, 0, 0),
            ("ℹ fail 2", 0, 2, 0),
            ("ℹ cancelled 1", 0, 1, 0),
            ("ℹ skipped 3", 0, 0, 3),
            ("ℹ tests 9", 0, 0, 0),
            ("ℹ duration_ms 912.3", 0, 0, 0),
            ("# pass 4", 4, 0, 0),
            ("# Subtest: fail 3", 0, 0, 0),
            ("running 12 tests", 0, 0, 0),
            ("", 0, 0, 0),
        ];
        for (line, passed, failed, skipped) in cases {
            let mut tally = Tally::default();
            tally.read(line);
            assert_eq!(
                tally,
                Tally {
                    passed: *passed,
                    failed: *failed,
                    skipped: *skipped,
                },
                "{line}"
            );
        }
    }
}
