//! Processes: how they are started, followed and ended.
//!
//! Each child leads a process group of its own, so that a signal to xtask ends it together with what it
//! started (a test runner's browser, a package manager's downloads). Standard output is kept for
//! xtask's own answers: what children print goes to standard error.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::io::{self, BufRead, BufReader, IsTerminal, Read, Write};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use nix::sys::signal::{Signal, killpg};
use nix::unistd::Pid;
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::iterator::Signals;

/// The process groups of the children that run now.
static GROUPS: Mutex<BTreeSet<i32>> = Mutex::new(BTreeSet::new());
/// Set once a signal told xtask to end: from then on a child's end is no failure to report.
static ENDING: AtomicBool = AtomicBool::new(false);

/// How long a child may take to end by itself once it was told to.
const GRACE: Duration = Duration::from_secs(5);

/// Ends all children, then xtask, when it is told to end.
pub(crate) fn end_children_on_signals() -> Result<()> {
    let mut signals = Signals::new([SIGINT, SIGTERM, SIGHUP]).context("cannot watch for signals")?;
    thread::spawn(move || {
        if let Some(signal) = signals.forever().next() {
            ENDING.store(true, Ordering::SeqCst);
            let running = groups().clone();
            for group in &running {
                end_group(*group);
            }
            std::process::exit(128 + signal);
        }
    });
    Ok(())
}

fn groups() -> MutexGuard<'static, BTreeSet<i32>> {
    GROUPS.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Asks a process group to end, waits, and insists. Silent when nothing of it is left.
fn end_group(group: i32) {
    let group = Pid::from_raw(group);
    let start = Instant::now();
    if killpg(group, Signal::SIGTERM).is_err() {
        return;
    }
    while killpg(group, None).is_ok() {
        if start.elapsed() > GRACE {
            // An error says that it ended just now.
            let _ = killpg(group, Signal::SIGKILL);
            return;
        }
        thread::sleep(Duration::from_millis(20));
    }
}

/// Says what happens now.
pub(crate) fn say(text: impl AsRef<str>) {
    eprintln!("• {}", text.as_ref());
}

/// Seconds or minutes, as a person says them.
pub(crate) fn spoken(time: Duration) -> String {
    let seconds = time.as_secs_f64();
    if seconds < 60.0 {
        format!("{seconds:.1} s")
    } else {
        format!("{} min {:02} s", time.as_secs() / 60, time.as_secs() % 60)
    }
}

/// A command to run.
pub(crate) struct Cmd {
    inner: Command,
    shown: String,
}

impl Cmd {
    /// A command by its name on PATH, or by its path.
    pub(crate) fn new(program: impl AsRef<OsStr>) -> Self {
        let program = program.as_ref();
        let mut inner = Command::new(program);
        inner.stdin(Stdio::null());
        inner.process_group(0);
        let name = Path::new(program).file_name().unwrap_or(program);
        Self {
            inner,
            shown: name.to_string_lossy().into_owned(),
        }
    }

    /// The Cargo that runs xtask.
    pub(crate) fn cargo() -> Self {
        let mut cmd = Self::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        // What Cargo set for xtask itself must not reach the packages that it builds next.
        cmd.inner
            .env_remove("CARGO_MANIFEST_DIR")
            .env_remove("CARGO_MANIFEST_PATH");
        cmd
    }

    /// Adds one argument.
    pub(crate) fn arg(mut self, arg: impl AsRef<OsStr>) -> Self {
        self.shown = format!("{} {}", self.shown, arg.as_ref().to_string_lossy());
        self.inner.arg(arg);
        self
    }

    /// Adds arguments.
    pub(crate) fn args<S: AsRef<OsStr>>(self, args: impl IntoIterator<Item = S>) -> Self {
        args.into_iter().fold(self, Self::arg)
    }

    /// Sets a variable of the environment.
    pub(crate) fn env(mut self, key: &str, value: impl AsRef<OsStr>) -> Self {
        self.inner.env(key, value);
        self
    }

    /// Unsets a variable of the environment.
    pub(crate) fn without(mut self, key: &str) -> Self {
        self.inner.env_remove(key);
        self
    }

    /// Sets the folder to run in.
    pub(crate) fn dir(mut self, dir: &Path) -> Self {
        self.inner.current_dir(dir);
        self
    }

    /// Puts folders before PATH.
    pub(crate) fn path_first<'a>(mut self, dirs: impl IntoIterator<Item = &'a Path>) -> Result<Self> {
        let old = std::env::var_os("PATH").unwrap_or_default();
        let all = dirs
            .into_iter()
            .map(Path::to_path_buf)
            .chain(std::env::split_paths(&old));
        self.inner.env(
            "PATH",
            std::env::join_paths(all).context("a folder of PATH cannot be named there")?,
        );
        Ok(self)
    }

    /// Runs to the end; what it prints is passed through. An error unless it succeeds.
    pub(crate) fn run(mut self) -> Result<()> {
        self.inner.stdout(io::stderr());
        let status = Running::start(&mut self.inner, &self.shown)?.wait()?;
        self.check(status)
    }

    /// Runs to the end; an error unless it succeeds. Gives what it printed on standard output.
    pub(crate) fn output(mut self) -> Result<String> {
        self.inner.stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut running = Running::start(&mut self.inner, &self.shown)?;
        let (out, err) = (running.child.stdout.take(), running.child.stderr.take());
        let (printed, said) = thread::scope(|scope| {
            let err = scope.spawn(|| read_all(err));
            (read_all(out), err.join().unwrap_or_default())
        });
        let status = running.wait()?;
        if !status.success() {
            bail!("`{}` failed ({status}): {}", self.shown, said.trim());
        }
        Ok(printed)
    }

    /// Runs to the end; what it says on standard error is passed through. Gives what it printed on standard output, and
    /// whether it succeeded.
    pub(crate) fn answer(mut self) -> Result<(String, Result<()>)> {
        self.inner.stdout(Stdio::piped());
        let mut running = Running::start(&mut self.inner, &self.shown)?;
        let printed = read_all(running.child.stdout.take());
        let status = running.wait()?;
        Ok((printed, self.check(status)))
    }

    /// Runs to the end; each line that it prints, on either stream, is passed through and shown to
    /// `each`. An error unless it succeeds.
    pub(crate) fn follow(mut self, each: impl FnMut(&str) + Send) -> Result<()> {
        let (reader, writer) = io::pipe().context("cannot open a pipe")?;
        self.inner.stdout(writer.try_clone()?).stderr(writer);
        if io::stderr().is_terminal() {
            self.inner
                .env("CARGO_TERM_COLOR", "always")
                .env("FORCE_COLOR", "1");
        }
        let running = Running::start(&mut self.inner, &self.shown)?;
        // The command holds the pipe's other end as well; without it the pipe ends with the child.
        self.inner.stdout(Stdio::null()).stderr(Stdio::null());
        let status = thread::scope(|scope| {
            scope.spawn(move || pass_through(reader, each));
            let group = running.group;
            let status = running.wait();
            // A browser that outlives its test would hold the pipe open for ever.
            end_group(group);
            status
        })?;
        self.check(status)
    }

    /// Starts it and leaves it running; what it prints on standard output can be read.
    pub(crate) fn start(mut self) -> Result<Running> {
        self.inner.stdout(Stdio::piped());
        Running::start(&mut self.inner, &self.shown)
    }

    fn check(&self, status: ExitStatus) -> Result<()> {
        if !status.success() {
            bail!("`{}` failed ({status})", self.shown);
        }
        Ok(())
    }
}

/// All that a stream has, as text; what cannot be read ends it.
fn read_all(stream: Option<impl Read>) -> String {
    let mut bytes = Vec::new();
    if let Some(mut stream) = stream {
        let _ = stream.read_to_end(&mut bytes);
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn pass_through(reader: io::PipeReader, mut each: impl FnMut(&str)) {
    let mut lines = BufReader::new(reader);
    let mut line = Vec::new();
    while lines.read_until(b'\n', &mut line).is_ok_and(|length| length > 0) {
        // A closed standard error is no reason to stop counting.
        let _ = io::stderr().write_all(&line);
        each(String::from_utf8_lossy(&line).trim_end());
        line.clear();
    }
}

/// A child that runs, known to the handler of signals.
pub(crate) struct Running {
    /// The process; its standard output can be taken.
    pub(crate) child: Child,
    group: i32,
}

impl Running {
    fn start(command: &mut Command, shown: &str) -> Result<Self> {
        let child = command.spawn().with_context(|| format!("cannot start {shown}"))?;
        let group = i32::try_from(child.id()).context("a process id beyond all bounds")?;
        groups().insert(group);
        Ok(Self { child, group })
    }

    /// Waits until it ends.
    pub(crate) fn wait(mut self) -> Result<ExitStatus> {
        let status = self.child.wait().context("cannot wait for a child process");
        groups().remove(&self.group);
        while ENDING.load(Ordering::SeqCst) {
            // The handler of signals ends xtask; nothing more is to be said here.
            thread::sleep(GRACE);
        }
        status
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if groups().remove(&self.group) {
            // A child that ended counts as running until it is waited for: hence the thread. How it
            // ended matters no more.
            thread::scope(|scope| {
                scope.spawn(|| self.child.wait());
                end_group(self.group);
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn follows_both_streams() {
        let mut lines = Vec::new();
        let seen = Cmd::new("sh").args(["-c", "echo one; echo two >&2"]);
        seen.follow(|line| lines.push(line.to_owned())).unwrap();
        assert_eq!(lines, ["one", "two"]);
    }

    #[test]
    fn does_not_wait_for_what_a_child_leaves_behind() {
        let start = Instant::now();
        Cmd::new("sh")
            .args(["-c", "sleep 60 & echo gone"])
            .follow(|_| ())
            .unwrap();
        assert!(start.elapsed() < Duration::from_secs(20));
    }

    #[test]
    fn a_failure_names_the_command() {
        let error = Cmd::new("sh")
            .args(["-c", "exit 3"])
            .run()
            .unwrap_err()
            .to_string();
        assert!(error.contains("sh -c exit 3") && error.contains('3'), "{error}");
    }

    #[test]
    fn a_failure_keeps_what_was_printed_before() {
        let (printed, ended) = Cmd::new("sh").args(["-c", "echo one; exit 3"]).answer().unwrap();
        assert_eq!(printed, "one\n");
        assert!(ended.is_err());
        let (_, ended) = Cmd::new("sh").args(["-c", "true"]).answer().unwrap();
        assert!(ended.is_ok());
    }

    #[test]
    fn the_handler_of_signals_knows_a_child_whose_output_is_read() {
        let file = std::env::temp_dir().join(format!("xtask-output-{}", std::process::id()));
        let script = format!("echo $$ > {}; exec sleep 60", file.display());
        let asked = thread::spawn(|| Cmd::new("sh").args(["-c".to_owned(), script]).output());
        let start = Instant::now();
        let group: i32 = loop {
            let written = std::fs::read_to_string(&file).unwrap_or_default();
            if let Ok(group) = written.trim().parse() {
                break group;
            }
            assert!(
                start.elapsed() < Duration::from_secs(20),
                "the child did not start"
            );
            thread::sleep(Duration::from_millis(20));
        };
        std::fs::remove_file(&file).unwrap();
        assert!(groups().contains(&group));
        end_group(group);
        assert!(asked.join().unwrap().is_err());
        assert!(!groups().contains(&group));
    }

    #[test]
    fn a_dropped_child_ends() {
        let running = Cmd::new("sleep").arg("60").start().unwrap();
        let group = Pid::from_raw(running.group);
        drop(running);
        assert!(killpg(group, None).is_err());
    }

    #[test]
    fn times_are_spoken() {
        assert_eq!(spoken(Duration::from_millis(1234)), "1.2 s");
        assert_eq!(spoken(Duration::from_secs(125)), "2 min 05 s");
    }
}
