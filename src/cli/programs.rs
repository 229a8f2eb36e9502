//! Other programs: which file is run, what it gets from the environment, and how long it may take.
//!
//! A program of the checkout is never run, and nothing of the environment reaches a program but what is named here.

use std::ffi::{OsStr, OsString};
use std::fs::Metadata;
use std::io::{self, ErrorKind, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::Duration;

/// How long a program may take for one answer.
pub const TIME_LIMIT: Duration = Duration::from_secs(60);
/// The longest output that is read, in bytes.
const MAX_OUTPUT: u64 = 1024 * 1024 * 1024;
/// How often a program that has closed its output is asked whether it has ended.
const POLL: Duration = Duration::from_millis(1);

/// Where Windows and the user's files are, without which programs of Windows do not run.
const SYSTEM: &[&str] = if cfg!(windows) { &["SystemRoot", "USERPROFILE"] } else { &[] };

#[derive(Clone, Debug)]
pub struct Program {
    file: PathBuf,
    /// `PATH`, without what is relative and what is in the checkout.
    path: OsString,
}

/// Why a program is not run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NotFound {
    /// No directory of `PATH` has it.
    Absent,
    /// The only ones stand in the checkout, this one first.
    InCheckout(PathBuf),
}

/// What a program wrote.
#[derive(Debug)]
pub struct Output {
    /// True if it ended with 0.
    pub is_success: bool,
    pub stdout: Vec<u8>,
    /// Its standard error.
    pub stderr: Vec<u8>,
}

/// Finds a program by its name in the directories of `PATH`. Relative and empty entries do not count, for they name the
/// checkout; nor do programs that stand below `checkout`, which is canonical, whatever links lead there.
#[expect(clippy::disallowed_methods, reason = "the environment is met here")]
pub fn find_program(name: &str, checkout: &Path) -> Result<Program, NotFound> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let absolute: Vec<PathBuf> = std::env::split_paths(&path).filter(|entry| entry.is_absolute()).collect();
    let is_outside = |path: &Path| {
        std::fs::canonicalize(path).is_ok_and(|path| !path.starts_with(checkout))
            && !path.starts_with(checkout)
    };
    let name = [name, std::env::consts::EXE_SUFFIX].concat();
    let candidates = absolute.iter().map(|entry| entry.join(&name)).filter(|file| is_executable(file));
    let (outside, inside): (Vec<PathBuf>, Vec<PathBuf>) = candidates.partition(|file| is_outside(file));
    let Some(file) = outside.into_iter().next() else {
        return Err(inside.into_iter().next().map_or(NotFound::Absent, NotFound::InCheckout));
    };
    // No entry of `PATH` has a separator in it.
    let path = std::env::join_paths(absolute.iter().filter(|entry| is_outside(entry))).unwrap_or_default();
    Ok(Program { file, path })
}

/// The root of the checkout that a directory is in: the nearest directory with a `.git`, or else the directory itself.
/// `directory`: canonical.
#[expect(clippy::disallowed_methods, reason = "the file system is met here")]
pub fn checkout_of(directory: &Path) -> &Path {
    let has_git = |directory: &&Path| std::fs::symlink_metadata(directory.join(".git")).is_ok();
    directory.ancestors().find(has_git).unwrap_or(directory)
}

impl Program {
    /// The program, to be run in the root directory, so that no file of the checkout configures it. `passed`: the
    /// variables of the environment that it gets, besides `PATH`; those that hold a relative path do not count.
    #[expect(clippy::disallowed_methods, reason = "the environment is met here")]
    pub fn command(&self, inherited: &[&str]) -> Command {
        let mut command = Command::new(&self.file);
        command.env_clear().env("PATH", &self.path).current_dir("/").stdin(Stdio::null());
        let values = SYSTEM.iter().chain(inherited).filter_map(|name| Some((name, std::env::var_os(name)?)));
        command.envs(values.filter(|(name, value)| is_harmless(name, value)));
        command
    }
}

/// True unless a variable that names a directory names one relative to the checkout.
fn is_harmless(name: &str, value: &OsStr) -> bool {
    !matches!(name, "HOME" | "XDG_CONFIG_HOME") || Path::new(value).is_absolute()
}

#[expect(clippy::disallowed_methods, reason = "the file system is met here")]
fn is_executable(file: &Path) -> bool {
    std::fs::metadata(file).is_ok_and(|found| found.is_file() && may_run(&found))
}

#[cfg(unix)]
fn may_run(found: &Metadata) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    found.permissions().mode() & 0o111 != 0
}

#[cfg(not(unix))]
fn may_run(_: &Metadata) -> bool {
    true
}

/// Runs a program to its end, and reads what it writes.
///
/// # Errors
/// If it cannot be run, takes longer than `limit` to write everything or then to end, or writes too much. It is
/// killed then.
pub fn run(mut command: Command, limit: Duration) -> io::Result<Output> {
    let mut child = Running(command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()?);
    let stdout = read_in_background(child.0.stdout.take())?;
    let stderr = read_in_background(child.0.stderr.take())?;
    let stdout = receive(&stdout, limit)?;
    let stderr = receive(&stderr, limit)?;
    let status = child.wait(limit)?;
    Ok(Output { is_success: status.success(), stdout, stderr })
}

/// A program that is killed unless it has ended.
struct Running(Child);

impl Running {
    fn wait(&mut self, limit: Duration) -> io::Result<ExitStatus> {
        let polls = limit.as_millis() / POLL.as_millis();
        for _ in 0..polls {
            if let Some(status) = self.0.try_wait()? {
                return Ok(status);
            }
            thread::sleep(POLL);
        }
        Err(timed_out())
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // One that has ended is not there to be killed.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Reads to the end in a thread of its own, for nothing else bounds how long reading takes.
fn read_in_background(from: Option<impl Read + Send + 'static>) -> io::Result<Receiver<io::Result<Vec<u8>>>> {
    let from = from.ok_or(ErrorKind::BrokenPipe)?;
    let (sender, receiver) = channel();
    let read = move || {
        let mut bytes = Vec::new();
        let read = from.take(MAX_OUTPUT).read_to_end(&mut bytes).map(|_| bytes);
        // Nobody waits any more if that took too long.
        let _ = sender.send(read);
    };
    thread::Builder::new().spawn(read)?;
    Ok(receiver)
}

fn receive(from: &Receiver<io::Result<Vec<u8>>>, limit: Duration) -> io::Result<Vec<u8>> {
    let bytes = from.recv_timeout(limit).map_err(|_| timed_out())??;
    if bytes.len() as u64 >= MAX_OUTPUT {
        return Err(io::Error::new(ErrorKind::FileTooLarge, "output exceeds 1 GiB"));
    }
    Ok(bytes)
}

/// The error of a program that does not answer.
pub fn timed_out() -> io::Error {
    io::Error::new(ErrorKind::TimedOut, "timed out")
}

#[cfg(test)]
mod tests {
    use std::io::ErrorKind;
    use std::path::Path;
    use std::process::Command;
    use std::time::Duration;

    use super::{NotFound, find_program, is_harmless, run};

    fn shell(script: &str) -> Command {
        let mut shell = Command::new("/bin/sh");
        shell.args(["-c", script]);
        shell
    }

    #[test]
    fn what_a_program_writes_is_read_to_the_end() {
        let script = "i=0; while [ $i -lt 20000 ]; do echo 0123456789; i=$((i+1)); done; echo no >&2; exit 3";
        let output = run(shell(script), Duration::from_secs(60)).expect("it runs");
        assert_eq!(
            (output.is_success, output.stdout.len(), output.stderr.as_slice()),
            (false, 220_000, &b"no\n"[..])
        );
    }

    #[test]
    fn a_program_that_does_not_answer_or_does_not_end_is_killed() {
        for script in ["exec sleep 60", "exec >&- 2>&-; exec sleep 60"] {
            let error = run(shell(script), Duration::from_millis(200)).expect_err(script);
            assert_eq!(error.kind(), ErrorKind::TimedOut, "{script}");
        }
    }

    #[test]
    fn a_program_is_not_found_below_the_checkout() {
        assert!(find_program("sh", Path::new("/nowhere")).is_ok());
        let found = find_program("sh", Path::new("/"));
        assert!(matches!(found, Err(NotFound::InCheckout(_))), "{found:?}");
        assert_eq!(find_program("no such program", Path::new("/nowhere")).err(), Some(NotFound::Absent));
    }

    #[test]
    fn a_relative_home_is_none() {
        assert!(is_harmless("HOME", "/a".as_ref()) && !is_harmless("HOME", ".".as_ref()));
        assert!(is_harmless("GIT_CEILING_DIRECTORIES", "a".as_ref()));
    }
}
