//! The binary as a process of its own.

use std::io::{BufRead, BufReader, Read};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::Duration;

use super::within;

pub const BINARY: &str = env!("CARGO_BIN_EXE_ob-restore-tasks-server");

/// The gateway with these options and no other environment than `vars`.
pub fn gateway(args: &[&str], vars: &[(&str, &str)]) -> Command {
    gateway_with_files(1024, args, vars)
}

/// The same with a limit of this many open files.
pub fn gateway_with_files(most: u32, args: &[&str], vars: &[(&str, &str)]) -> Command {
    let mut command = Command::new("/bin/sh");
    command
        .args(["-c", &format!("ulimit -n {most}; exec \"$0\" \"$@\""), BINARY])
        .arg("gateway")
        .args(args)
        .env_clear()
        .envs(vars.iter().copied());
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// The demo on a free port.
pub fn demo(more: &[&str]) -> Command {
    let mut command = Command::new(BINARY);
    command.args(["demo", "--listen", "127.0.0.1:0"]).args(more);
    command.stdout(Stdio::piped()).stderr(Stdio::null());
    command
}

/// A process that serves.
pub struct Process {
    pub child: Child,
    /// Where it listens: address and port.
    pub address: String,
    out: BufReader<ChildStdout>,
}

impl Process {
    /// Starts it, and waits for the line with its address.
    pub fn start(mut command: Command) -> Self {
        let mut child = command.spawn().unwrap();
        let mut out = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        out.read_line(&mut line).unwrap();
        let address = line
            .strip_prefix("listening on http://")
            .unwrap_or_else(|| panic!("{line:?}"))
            .trim_end()
            .to_owned();
        assert!(!address.ends_with(":0"));
        Self { child, address, out }
    }

    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// Sends the signal. The process must end by itself within this time, with success. Returns what it wrote
    /// after its first line, on standard output and standard error.
    pub fn end(mut self, signal: &str, limit: Duration) -> (String, String) {
        let sent = Command::new("kill")
            .args([signal, &self.child.id().to_string()])
            .status()
            .unwrap();
        assert!(sent.success());
        within(limit, &format!("it ends after {signal}"), || {
            self.child.try_wait().unwrap().is_some()
        });
        let status = self.child.wait().unwrap();
        assert!(status.success(), "{signal}: {status}");
        let (mut out, mut err) = (String::new(), String::new());
        self.out.read_to_string(&mut out).unwrap();
        if let Some(mut stderr) = self.child.stderr.take() {
            stderr.read_to_string(&mut err).unwrap();
        }
        (out, err)
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

/// Runs a command that must end by itself within this time: whether it was a success, and both outputs. If it
/// serves although it must not, the test must not wait for ever.
pub fn run(mut command: Command, limit: Duration) -> (bool, String, String) {
    let mut child = command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let start = std::time::Instant::now();
    while child.try_wait().unwrap().is_none() {
        if start.elapsed() > limit {
            child.kill().unwrap();
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    let output = child.wait_with_output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (
        output.status.success(),
        text(&output.stdout),
        text(&output.stderr),
    )
}
