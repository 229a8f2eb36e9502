//! The program git, run so that neither the environment nor any configuration changes its answers, and so that it runs
//! no other program, reaches no network and writes nothing.

use std::collections::BTreeSet;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::cli::history::alternates;
use crate::cli::programs::{self, NotFound, Program, TIME_LIMIT, checkout_of, find_program};
use crate::native_path;

/// The variables that git inherits: the place of the user's configuration, which lists the trusted repositories, and how
/// far up git looks for a repository.
const PASSED: [&str; 5] =
    ["GIT_CEILING_DIRECTORIES", "GIT_DISCOVERY_ACROSS_FILESYSTEM", "HOME", "SUDO_UID", "XDG_CONFIG_HOME"];

/// The variables that are set for git. Source: "Environment Variables" of its manual.
const ENVIRONMENT: [(&str, &str); 9] = [
    // No protocol has a blank in its name, so none is allowed. git before 2.45 knows this alone.
    ("GIT_ALLOW_PROTOCOL", "no protocol"),
    ("GIT_NO_LAZY_FETCH", "1"),
    ("GIT_GRAFT_FILE", "/dev/null"),
    ("GIT_OPTIONAL_LOCKS", "0"),
    ("GIT_TERMINAL_PROMPT", "0"),
    // The configuration of the user and of the system may name files for these.
    ("GIT_TRACE2", "0"),
    ("GIT_TRACE2_EVENT", "0"),
    ("GIT_TRACE2_PERF", "0"),
    ("LC_ALL", "C"),
];

/// The options before each command. They override configuration files.
const OPTIONS: [&str; 13] = [
    "--no-pager",
    "--no-replace-objects",
    "--literal-pathspecs",
    "-c",
    "core.fsmonitor=false",
    "-c",
    "core.hooksPath=/dev/null",
    "-c",
    "core.quotePath=false",
    "-c",
    "protocol.allow=never",
    "-c",
    "safe.bareRepository=explicit",
];

/// git, in a directory of a repository.
#[derive(Clone, Debug)]
pub struct Git {
    program: Program,
    /// Canonical.
    directory: PathBuf,
    /// The path from the directory to the root of the working tree; empty if they are the same.
    up: PathBuf,
    /// The path of the directory from the root of the repository, with a `/` at its end; empty if it is that.
    prefix: Vec<u8>,
    is_shallow: bool,
}

/// What a revision names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RevisionKind {
    /// This commit, or a tag of it.
    Commit(String),
    /// The tree of a directory.
    Directory,
    /// The contents of a file.
    File,
    /// Nothing has that name.
    Nothing,
    /// A name that stands for this object, which the repository does not have.
    Missing(String),
}

/// An object that the repository refers to and does not have.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Missing {
    /// Its path from the root of the repository, if that is known.
    pub path: Option<Vec<u8>>,
    pub object: String,
}

/// The reason why git has no answer.
#[derive(Debug)]
pub enum GitFault {
    /// git cannot be run, or does not answer.
    NotRun(io::Error),
    /// The only git that was found is this one, in the checkout.
    InCheckout(PathBuf),
    /// The configuration puts the working tree here, where the repository is not.
    OtherWorkTree(PathBuf),
    /// The list of the repositories that objects are taken from cannot be read.
    Alternates(PathBuf, io::Error),
    Missing(Vec<Missing>),
    /// The directory is in no working tree.
    NoRepository,
    /// The repository belongs to somebody else, and git does not trust it.
    NotTrusted,
    /// It ended with this.
    Failed(String),
}

impl Git {
    /// git in a directory; empty for the current one.
    #[expect(clippy::disallowed_methods, reason = "the file system is met here")]
    pub fn open(directory: &Path) -> Result<Git, GitFault> {
        let directory = if directory.as_os_str().is_empty() { Path::new(".") } else { directory };
        let directory = std::fs::canonicalize(directory).map_err(GitFault::NotRun)?;
        let program = find_program("git", checkout_of(&directory)).map_err(|fault| match fault {
            NotFound::Absent => GitFault::NotRun(io::ErrorKind::NotFound.into()),
            NotFound::InCheckout(file) => GitFault::InCheckout(file),
        })?;
        let mut git = Git { program, directory, up: PathBuf::new(), prefix: Vec::new(), is_shallow: false };
        let asked = ["rev-parse", "--is-inside-work-tree", "--is-shallow-repository", "--show-cdup"];
        let output = git.ask(&[&asked[..], &["--show-prefix"]].concat())?;
        // The name of a directory may contain a line break, so it comes last.
        let mut lines = output.splitn(4, |byte| *byte == b'\n');
        let mut line = || lines.next().unwrap_or_default();
        let (is_inside, is_shallow, up, prefix) = (line(), line(), line(), line());
        if is_inside != b"true" {
            return Err(GitFault::NoRepository);
        }
        git.is_shallow = is_shallow == b"true";
        git.up = PathBuf::from(String::from_utf8_lossy(up).into_owned());
        git.prefix = prefix.strip_suffix(b"\n").unwrap_or(prefix).to_vec();
        // `core.worktree` may name any directory, and what stands there then has nothing to do with the history.
        if std::fs::symlink_metadata(git.root().join(".git")).is_err() {
            let root = git.root();
            return Err(GitFault::OtherWorkTree(std::fs::canonicalize(&root).unwrap_or(root)));
        }
        Ok(git)
    }

    /// The directories outside of the repository that it takes objects from.
    pub fn alternates(&self) -> Result<BTreeSet<PathBuf>, GitFault> {
        let output = self.ask(&["rev-parse", "--git-path", "objects"])?;
        let path = output.strip_suffix(b"\n").unwrap_or(&output);
        let objects = self.directory.join(native_path::from_bytes(path));
        alternates::find_outside(&objects, &self.root())
            .map_err(|(list, error)| GitFault::Alternates(list, error))
    }

    /// The path of the directory from the root of the repository, with a `/` at its end; empty if it is that.
    pub fn prefix(&self) -> &[u8] {
        &self.prefix
    }

    /// The root of the working tree.
    pub fn root(&self) -> PathBuf {
        self.directory.join(&self.up)
    }

    /// True if the clone is shallow.
    pub const fn is_shallow(&self) -> bool {
        self.is_shallow
    }

    pub fn named(&self, revision: &str) -> Result<RevisionKind, GitFault> {
        // A search in messages takes everything after it as its text, so the result is resolved again.
        let Some(found) = self.object(revision)? else { return Ok(RevisionKind::Nothing) };
        // git accepts any id of that length, even of no object.
        let as_one = |kind: &str| self.object(&format!("{found}^{{{kind}}}"));
        if let Some(commit) = as_one("commit")? {
            return Ok(RevisionKind::Commit(commit));
        }
        Ok(match (as_one("tree")?, as_one("blob")?) {
            (Some(_), _) => RevisionKind::Directory,
            (None, Some(_)) => RevisionKind::File,
            // A typed id proves nothing; a branch or a tag with that id does.
            (None, None) if revision.eq_ignore_ascii_case(&found) => RevisionKind::Nothing,
            (None, None) => RevisionKind::Missing(found),
        })
    }

    fn object(&self, revision: &str) -> Result<Option<String>, GitFault> {
        match self.ask(&["rev-parse", "--verify", "--quiet", "--end-of-options", revision]) {
            Ok(output) => {
                let output = String::from_utf8_lossy(&output);
                let name = output.trim();
                let is_name = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_hexdigit());
                Ok(is_name.then(|| name.to_owned()))
            }
            Err(GitFault::Failed(_)) => Ok(None),
            Err(fault) => Err(fault),
        }
    }

    /// The names of branches and tags.
    pub fn names(&self) -> Vec<String> {
        let output = self.ask(&["for-each-ref", "--format=%(refname:short)", "--count=10000"]);
        let output = output.unwrap_or_default();
        String::from_utf8_lossy(&output).lines().map(str::to_owned).collect()
    }

    /// The tree of a commit, as `git ls-tree -r -z` prints it. `directory`: only what is below it, with a `/` at its end.
    pub fn tree(&self, commit: &str, directory: &[u8]) -> Result<Vec<u8>, GitFault> {
        let output = run(self.list(commit, directory, &["-r", "-z"]))?;
        if output.is_success {
            return Ok(output.stdout);
        }
        let fault = self.fault(&output.stderr);
        let GitFault::Missing(missing) = fault else {
            return Err(self.missing_root(commit).unwrap_or(fault));
        };
        // What was listed before it names its path.
        let listed = run(self.list(commit, directory, &["-r", "-t", "-z"]))?.stdout;
        let named = missing.into_iter().map(|missing| Missing {
            path: missing.path.or_else(|| path_in(&listed, &missing.object)),
            object: missing.object,
        });
        Err(GitFault::Missing(named.collect()))
    }

    fn list(&self, commit: &str, directory: &[u8], how: &[&str]) -> Command {
        let mut git = self.command();
        git.arg("ls-tree").args(how).args(["--full-tree", "--end-of-options", commit]);
        if !directory.is_empty() {
            git.arg("--").arg(native_path::from_bytes(directory));
        }
        git
    }

    /// The fault of a commit whose whole tree is missing, of which git says no more than that it is no tree.
    fn missing_root(&self, commit: &str) -> Option<GitFault> {
        let output = self.ask(&["cat-file", "commit", commit]).ok()?;
        let first =
            output.split(|byte| *byte == b'\n').next().and_then(|line| line.strip_prefix(b"tree "))?;
        let object = str::from_utf8(first).ok()?.to_owned();
        let is_missing = !self.has(&object);
        is_missing.then(|| GitFault::Missing(vec![Missing { path: Some(Vec::new()), object }]))
    }

    /// What was renamed between a commit and what is staged, as `--name-status -z` prints it.
    pub fn renames(&self, commit: &str) -> Result<Vec<u8>, GitFault> {
        let how = ["--cached", "-r", "-z", "--find-renames", "-l1000", "--diff-filter=R", "--name-status"];
        let careful =
            ["--no-ext-diff", "--no-textconv", "--ignore-submodules=all", "--end-of-options", commit];
        self.ask(&[&["diff-index"], &how[..], &careful[..]].concat())
    }

    /// The command that prints the contents of objects.
    pub fn contents(&self) -> Command {
        let mut git = self.command();
        git.args(["cat-file", "--batch"]);
        git
    }

    /// The remote that a partial clone gets objects from, if this is one.
    pub fn promisor(&self) -> Option<String> {
        let output = self.ask(&["config", "--name-only", "--get-regexp", r"^remote\..*\.promisor$"]).ok()?;
        let output = String::from_utf8_lossy(&output);
        let name = output.lines().next()?.strip_prefix("remote.")?.strip_suffix(".promisor")?;
        // The name stands in a command that people copy.
        let is_plain = |name: &&str| {
            !name.starts_with('-')
                && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._-/".contains(&byte))
        };
        Some(Some(name).filter(is_plain).unwrap_or("REMOTE").to_owned())
    }

    fn has(&self, object: &str) -> bool {
        self.ask(&["cat-file", "-e", object]).is_ok()
    }

    fn ask(&self, arguments: &[&str]) -> Result<Vec<u8>, GitFault> {
        let mut git = self.command();
        git.args(arguments);
        let output = run(git)?;
        if output.is_success { Ok(output.stdout) } else { Err(self.fault(&output.stderr)) }
    }

    fn command(&self) -> Command {
        let mut git = self.program.command(&PASSED);
        git.envs(ENVIRONMENT).arg("-C").arg(native_path::for_programs(&self.directory)).args(OPTIONS);
        git
    }

    /// The fault that a message of git stands for.
    fn fault(&self, output: &[u8]) -> GitFault {
        let output = String::from_utf8_lossy(output);
        if output.contains("dubious ownership") {
            return GitFault::NotTrusted;
        }
        let no_repository =
            ["not a git repository", "must be run in a work tree", "cannot use bare repository"];
        if no_repository.iter().any(|words| output.contains(words)) {
            return GitFault::NoRepository;
        }
        let is_unreadable = ["Could not read ", "unable to read ", "unable to find "]
            .iter()
            .any(|words| output.contains(words));
        let mut words = output.split(|letter: char| !letter.is_ascii_alphanumeric());
        let named = words.find(|word| is_object(word)).filter(|_| is_unreadable);
        match named.filter(|object| !self.has(object)) {
            Some(object) => GitFault::Missing(vec![Missing { path: None, object: object.to_owned() }]),
            None => GitFault::Failed(output.lines().next().unwrap_or_default().to_owned()),
        }
    }
}

fn run(git: Command) -> Result<programs::Output, GitFault> {
    programs::run(git, TIME_LIMIT).map_err(GitFault::NotRun)
}

fn is_object(word: &str) -> bool {
    matches!(word.len(), 40 | 64) && word.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// The path of an object in the output of `git ls-tree -z`.
fn path_in(listed: &[u8], object: &str) -> Option<Vec<u8>> {
    listed.split(|byte| *byte == 0).find_map(|entry| {
        let tab = entry.iter().position(|byte| *byte == b'\t')?;
        let (head, path) = entry.split_at_checked(tab)?;
        let is_it = head.ends_with(object.as_bytes());
        is_it.then(|| path.strip_prefix(b"\t").unwrap_or(path).to_vec())
    })
}
