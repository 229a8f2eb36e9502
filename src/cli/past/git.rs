//! The program git, asked so that neither the environment nor what somebody configured changes its answers.

use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// What git would take from the environment: another repository than that of the directory, or other objects.
/// Source: `git rev-parse --local-env-vars`, and "Environment Variables" of its manual.
const NOT_TAKEN: [&str; 19] = [
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_COMMON_DIR",
    "GIT_CONFIG",
    "GIT_CONFIG_COUNT",
    "GIT_CONFIG_PARAMETERS",
    "GIT_DIR",
    "GIT_GRAFT_FILE",
    "GIT_ICASE_PATHSPECS",
    "GIT_IMPLICIT_WORK_TREE",
    "GIT_INDEX_FILE",
    "GIT_INTERNAL_SUPER_PREFIX",
    "GIT_NAMESPACE",
    "GIT_NO_REPLACE_OBJECTS",
    "GIT_OBJECT_DIRECTORY",
    "GIT_PREFIX",
    "GIT_REPLACE_REF_BASE",
    "GIT_SHALLOW_FILE",
    "GIT_TRACE",
    "GIT_WORK_TREE",
];

/// git, in a directory of a repository.
#[derive(Clone, Debug)]
pub struct Git {
    directory: PathBuf,
    /// The way from the directory to the root of the working tree; empty if it is that.
    up: PathBuf,
    /// The path of the directory from the root of the repository, with a `/` at its end; empty if it is that.
    prefix: Vec<u8>,
    is_shallow: bool,
}

/// What a revision is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Named {
    /// This commit, or a tag of it.
    Commit(String),
    /// The tree of a directory.
    Directory,
    /// The contents of a file.
    File,
    /// git knows nothing of that name.
    Nothing,
}

/// Why git has no answer.
#[derive(Debug)]
pub enum GitFault {
    /// It cannot be run.
    NotRun(io::Error),
    /// The directory is in no working tree.
    NoRepository,
    /// The repository belongs to somebody else, and git does not trust it.
    NotTrusted,
    /// It ended with this.
    Failed(String),
}

impl Git {
    /// git in a directory; empty for the current one.
    pub fn open(directory: &Path) -> Result<Git, GitFault> {
        let directory = if directory.as_os_str().is_empty() { Path::new(".") } else { directory };
        let mut git = Git {
            directory: directory.to_path_buf(),
            up: PathBuf::new(),
            prefix: Vec::new(),
            is_shallow: false,
        };
        let asked = ["rev-parse", "--is-inside-work-tree", "--is-shallow-repository", "--show-cdup"];
        let said = git.ask(&[&asked[..], &["--show-prefix"]].concat())?;
        // A name of a directory may hold a line break, so that it comes last.
        let mut lines = said.splitn(4, |byte| *byte == b'\n');
        let mut line = || lines.next().unwrap_or_default();
        let (is_inside, is_shallow, up, prefix) = (line(), line(), line(), line());
        if is_inside != b"true" {
            return Err(GitFault::NoRepository);
        }
        git.is_shallow = is_shallow == b"true";
        git.up = PathBuf::from(String::from_utf8_lossy(up).into_owned());
        git.prefix = prefix.strip_suffix(b"\n").unwrap_or(prefix).to_vec();
        Ok(git)
    }

    /// The path of the directory from the root of the repository, with a `/` at its end; empty if it is that.
    pub fn prefix(&self) -> &[u8] {
        &self.prefix
    }

    /// The root of the working tree.
    pub fn root(&self) -> PathBuf {
        self.directory.join(&self.up)
    }

    /// Whether the history ends before its beginning.
    pub const fn is_shallow(&self) -> bool {
        self.is_shallow
    }

    /// What a revision is.
    pub fn named(&self, revision: &str) -> Result<Named, GitFault> {
        // A search in messages takes all behind it for its text, so that what was found is asked again.
        let Some(found) = self.object(revision)? else { return Ok(Named::Nothing) };
        // It takes any id of that length for found, whether anything has it or not.
        let as_one = |kind: &str| self.object(&format!("{found}^{{{kind}}}"));
        if let Some(commit) = as_one("commit")? {
            return Ok(Named::Commit(commit));
        }
        Ok(match (as_one("tree")?, as_one("blob")?) {
            (Some(_), _) => Named::Directory,
            (None, Some(_)) => Named::File,
            (None, None) => Named::Nothing,
        })
    }

    fn object(&self, revision: &str) -> Result<Option<String>, GitFault> {
        match self.ask(&["rev-parse", "--verify", "--quiet", "--end-of-options", revision]) {
            Ok(said) => {
                let said = String::from_utf8_lossy(&said);
                let name = said.trim();
                let is_name = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_hexdigit());
                Ok(is_name.then(|| name.to_owned()))
            }
            Err(GitFault::Failed(_)) => Ok(None),
            Err(fault) => Err(fault),
        }
    }

    /// The names of branches and tags.
    pub fn names(&self) -> Vec<String> {
        let said = self.ask(&["for-each-ref", "--format=%(refname:short)", "--count=10000"]);
        let said = said.unwrap_or_default();
        String::from_utf8_lossy(&said).lines().map(str::to_owned).collect()
    }

    /// The tree of a commit, as `git ls-tree -r -z` tells it. `directory`: only what is below it, with a `/` at its end.
    pub fn tree(&self, commit: &str, directory: &[u8]) -> Result<Vec<u8>, GitFault> {
        use std::os::unix::ffi::OsStrExt as _;
        let mut git = self.command();
        let _git = git.args(["ls-tree", "-r", "-z", "--full-tree", "--end-of-options", commit]);
        if !directory.is_empty() {
            let _git = git.arg("--").arg(std::ffi::OsStr::from_bytes(directory));
        }
        answer(git)
    }

    /// What was renamed between a commit and what is staged, as `--name-status -z` tells it.
    pub fn renames(&self, commit: &str) -> Result<Vec<u8>, GitFault> {
        let how = ["--cached", "-r", "-z", "--find-renames", "--diff-filter=R", "--name-status"];
        let careful =
            ["--no-ext-diff", "--no-textconv", "--ignore-submodules=all", "--end-of-options", commit];
        self.ask(&[&["diff-index"], &how[..], &careful[..]].concat())
    }

    /// The program that tells the contents of objects.
    pub fn contents(&self) -> Command {
        let mut git = self.command();
        let _git = git.args(["cat-file", "--batch"]);
        git
    }

    fn ask(&self, arguments: &[&str]) -> Result<Vec<u8>, GitFault> {
        let mut git = self.command();
        let _git = git.args(arguments);
        answer(git)
    }

    fn command(&self) -> Command {
        let mut git = Command::new("git");
        for name in NOT_TAKEN {
            let _git = git.env_remove(name);
        }
        let _git = git
            .env("LC_ALL", "C")
            .env("GIT_OPTIONAL_LOCKS", "0")
            .env("GIT_TERMINAL_PROMPT", "0")
            .current_dir(&self.directory)
            .args(["--no-pager", "--no-replace-objects", "--literal-pathspecs"])
            // No program that a repository names is run.
            .args(["-c", "core.fsmonitor=false", "-c", "core.quotePath=false"])
            .stdin(Stdio::null());
        git
    }
}

fn answer(mut git: Command) -> Result<Vec<u8>, GitFault> {
    let output = git.output().map_err(GitFault::NotRun)?;
    if output.status.success() {
        return Ok(output.stdout);
    }
    let said = String::from_utf8_lossy(&output.stderr);
    Err(if said.contains("dubious ownership") {
        GitFault::NotTrusted
    } else if said.contains("not a git repository") || said.contains("must be run in a work tree") {
        GitFault::NoRepository
    } else {
        GitFault::Failed(said.lines().next().unwrap_or_default().to_owned())
    })
}
