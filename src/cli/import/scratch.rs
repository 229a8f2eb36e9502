//! Copies of a tree, for the time of a run.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use crate::cli::exit::Exit;
use crate::cli::session::Session;
use crate::native_path;
use crate::output::{self, GeneratedFile, OverwritePolicy, Tree, copy_tree};
use crate::problem::CopyFault;
use crate::workspace::{FILE_LIMIT, cause, read_regular_file};

/// How many names are tried for the directory of a run.
const MOST_NAMES: u32 = 100;

/// Two copies of a tree, removed when they are dropped. Only the owner can read them.
#[derive(Debug)]
pub struct Scratch {
    directory: PathBuf,
    /// The tree as it is.
    pub before: PathBuf,
    /// The tree as it would be.
    pub after: PathBuf,
    not_copied: BTreeMap<String, CopyFault>,
}

impl Scratch {
    /// Copies the regular files of a tree; not what is in directories whose name starts with a dot.
    ///
    /// # Errors
    /// If something cannot be read or written, or there is more than 1 GiB. It is shown.
    pub fn new(root: &Path, session: &mut Session<'_>) -> Result<Scratch, Exit> {
        Scratch::copy(root).map_err(|error| {
            let message = format!("cannot copy the fleet to build it: {}", cause(&error));
            session.terminal.error(&message, None);
            Exit::Failed
        })
    }

    #[expect(clippy::disallowed_methods, reason = "the file system is met here")]
    fn copy(root: &Path) -> io::Result<Scratch> {
        let root = if root.as_os_str().is_empty() { Path::new(".") } else { root };
        let temporary = fs::canonicalize(std::env::temp_dir())?;
        if temporary.starts_with(fs::canonicalize(root)?) {
            let message = format!("the temporary directory {} is inside it", native_path::shown(&temporary));
            return Err(io::Error::other(message));
        }
        let directory = make_directory(&temporary)?;
        let (before, after) = (directory.join("before"), directory.join("after"));
        let mut scratch = Scratch { directory, before, after, not_copied: BTreeMap::new() };
        fs::create_dir(&scratch.before)?;
        fs::create_dir(&scratch.after)?;
        scratch.not_copied = copy_tree(root, &scratch.before)?;
        copy_tree(&scratch.before, &scratch.after)?;
        Ok(scratch)
    }

    /// Writes files to the tree as it would be.
    ///
    /// # Errors
    /// If one cannot be written. It is shown.
    pub fn write(&self, files: Vec<GeneratedFile>, session: &mut Session<'_>) -> Result<(), Exit> {
        let mut tree = Tree::open(&self.after).map_err(|problem| session.fail(problem))?;
        // Any file of the copy may be replaced: conflicts are reported when the checkout is written.
        let policy = OverwritePolicy { adopt: true, force: true };
        let (plan, unplanned) = output::plan_files(files, policy, &mut tree);
        if let Some(problem) = unplanned.into_iter().next() {
            return Err(session.fail(problem));
        }
        output::write(&plan, &mut tree, true).map_err(|problem| session.fail(problem))
    }

    /// Why something is not in the copies, if it was not copied.
    pub fn copy_fault(&self, path: &str) -> Option<CopyFault> {
        let on_the_way = path.match_indices('/').filter_map(|(end, _)| path.get(..end));
        on_the_way.chain([path]).find_map(|path| self.not_copied.get(path)).copied()
    }

    /// True for a directory of the tree as it is.
    #[expect(clippy::disallowed_methods, reason = "the file system is met here")]
    pub fn is_directory(&self, path: &str) -> bool {
        fs::symlink_metadata(self.before.join(path)).is_ok_and(|found| found.is_dir())
    }

    /// The text of a file of the tree as it is; `None` if there is none.
    ///
    /// # Errors
    /// If it cannot be read, or is no UTF-8.
    pub fn text(&self, path: &str) -> io::Result<Option<String>> {
        if self.is_directory(path) {
            return Ok(None);
        }
        match read_regular_file(&self.before.join(path), FILE_LIMIT) {
            Ok(None) => Ok(None),
            Ok(Some(bytes)) => String::from_utf8(bytes).map(Some).map_err(|_| ErrorKind::InvalidData.into()),
            Err(error) if error.kind() == ErrorKind::NotADirectory => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// A message with the paths of the original tree in place of those of the copies. `root`: its path
    /// as it is shown, with a `/` at its end.
    pub fn shown(&self, text: &str, root: &str) -> String {
        let copies = [&self.before, &self.after].map(|copy| native_path::shown(copy));
        copies.iter().fold(text.to_owned(), |text, copy| {
            text.replace(&format!("{copy}/"), root).replace(copy.as_str(), ".")
        })
    }
}

impl Drop for Scratch {
    #[expect(clippy::disallowed_methods, reason = "the file system is met here")]
    fn drop(&mut self) {
        // An error cannot be reported any more.
        let _ = fs::remove_dir_all(&self.directory);
    }
}

/// Makes a directory that only its owner can read.
fn make_directory(within: &Path) -> io::Result<PathBuf> {
    let process = std::process::id();
    let mut last = io::Error::from(ErrorKind::AlreadyExists);
    for number in 0..MOST_NAMES {
        let path = within.join(format!("flux-identity-verify-{process}-{number}"));
        match private_directories().create(&path) {
            Ok(()) => return Ok(path),
            Err(error) if error.kind() == ErrorKind::AlreadyExists => last = error,
            Err(error) => return Err(error),
        }
    }
    Err(last)
}

/// Makes directories that only their owner can read. On Windows the temporary directory is such a one.
fn private_directories() -> fs::DirBuilder {
    #[cfg_attr(not(unix), expect(unused_mut, reason = "other systems have modes"))]
    let mut builder = fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder
}
