//! The directories below that of the source, which nothing leads out of.

use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::output::directory::{Directory, Kind, Locking, Opened};
use crate::problem::{FileFault, FileProblem};

/// The problem is boxed, for there is seldom one.
pub type Outcome<T> = Result<T, Box<FileProblem>>;

/// The directory of a source, and the way to one of those below it.
#[derive(Debug)]
pub struct Tree {
    root: Arc<Directory>,
    shown: PathBuf,
    /// The directory that was opened last in one step.
    direct: Option<Directory>,
    /// The way that was gone last: each directory with its name, the outermost first. Overlays that stand side by side
    /// share most of theirs.
    way: Vec<(String, Directory)>,
}

impl Tree {
    /// Opens the directory of a source, given as the user would type it.
    ///
    /// # Errors
    /// If it cannot be opened.
    pub fn open(root: &Path) -> Result<Tree, FileProblem> {
        match Directory::open(root) {
            Ok(directory) => {
                let root = (Arc::new(directory), root.to_path_buf());
                Ok(Tree { root: root.0, shown: root.1, direct: None, way: Vec::new() })
            }
            Err(error) => {
                let path = if root.as_os_str().is_empty() { Path::new(".") } else { root };
                let fault = FileFault::Unreadable { cause: cause(&error) };
                Err(FileProblem { path: path.display().to_string(), fault })
            }
        }
    }

    /// Locks the tree against other builds; whether it is locked now. It stays so until the tree is closed.
    ///
    /// # Errors
    /// If that cannot be told.
    pub fn lock(&self, waits: bool) -> Result<Locking, FileProblem> {
        self.root
            .lock(waits)
            .map_err(|error| *self.problem("", FileFault::Unlockable { cause: cause(&error) }))
    }

    /// The directory of the source itself.
    pub fn root(&self) -> &Directory {
        &self.root
    }

    /// A path below the root, as the user would type it.
    pub fn shown(&self, path: &str) -> String {
        let shown = if path.is_empty() { self.shown.clone() } else { self.shown.join(path) };
        if shown.as_os_str().is_empty() { ".".to_owned() } else { shown.display().to_string() }
    }

    /// Opens the directory at the end of a path, whose parts have `/` between them; the root for an empty path. Nothing
    /// comes back if there is no such directory.
    ///
    /// # Errors
    /// If something else stands there, or it cannot be opened.
    pub fn enter(&mut self, path: &str) -> Outcome<Option<&Directory>> {
        self.direct = None;
        if !path.is_empty() {
            match self.root.enter_below(path) {
                Some(Opened::Open(directory)) => return Ok(Some(self.direct.insert(directory))),
                Some(Opened::Absent) => return Ok(None),
                Some(Opened::Else(_)) | None => {}
            }
        }
        self.go(path, false, &mut |_| {})
    }

    /// The same, with all directories made that are not there. `made`: hears of each directory that one was made in.
    ///
    /// # Errors
    /// If something else stands there, or one cannot be made.
    pub fn make(&mut self, path: &str, made: &mut dyn FnMut(&str)) -> Outcome<&Directory> {
        let absent = self.problem(path, FileFault::Unwritable { cause: cause(&ErrorKind::NotFound.into()) });
        self.go(path, true, made)?.ok_or(absent)
    }

    fn go(&mut self, path: &str, makes: bool, made: &mut dyn FnMut(&str)) -> Outcome<Option<&Directory>> {
        let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
        let known = self.way.iter().zip(&parts).take_while(|((known, _), part)| known == *part).count();
        self.way.truncate(known);
        for (depth, part) in parts.iter().enumerate().skip(known) {
            let here = self.way.last().map_or(&*self.root, |(_, directory)| directory);
            let up = parts.get(..depth).unwrap_or_default().join("/");
            let path = if up.is_empty() { (*part).to_owned() } else { format!("{up}/{part}") };
            let making = if makes { here.make(part) } else { Ok(false) };
            let opened = if let Ok(true) = making {
                made(&up);
                here.enter_made(part)
            } else {
                here.enter(part)
            };
            if let (Err(error), Ok(Opened::Absent)) = (&making, &opened) {
                return Err(self.problem(&path, FileFault::Unwritable { cause: cause(error) }));
            }
            match opened {
                Ok(Opened::Open(directory)) => self.way.push(((*part).to_owned(), directory)),
                Ok(Opened::Absent) => return Ok(None),
                Ok(Opened::Else(kind)) => return Err(self.problem(&path, in_the_way(kind))),
                Err(error) => {
                    return Err(self.problem(&path, FileFault::Unreadable { cause: cause(&error) }));
                }
            }
        }
        Ok(Some(self.way.last().map_or(&*self.root, |(_, directory)| directory)))
    }

    /// The same tree, for somebody who goes other ways.
    #[must_use]
    pub fn another(&self) -> Tree {
        Tree { root: Arc::clone(&self.root), shown: self.shown.clone(), direct: None, way: Vec::new() }
    }

    /// Goes every way from the root again from now on.
    pub fn forget(&mut self) {
        self.way.clear();
    }

    /// Something that is wrong with what stands at the end of a path.
    pub fn problem(&self, path: &str, fault: FileFault) -> Box<FileProblem> {
        Box::new(FileProblem { path: self.shown(path), fault })
    }
}

/// What is wrong where something else stands than what belongs there.
pub fn in_the_way(kind: Kind) -> FileFault {
    match kind {
        Kind::Link => FileFault::Link,
        Kind::File | Kind::Directory | Kind::Other => FileFault::InTheWay,
    }
}

/// Why the system refused, in words of ours where we have some.
#[expect(clippy::wildcard_enum_match_arm, reason = "the library may add kinds of errors at any time")]
pub fn cause(error: &io::Error) -> String {
    match error.kind() {
        ErrorKind::NotFound => "it is not there".to_owned(),
        ErrorKind::PermissionDenied => "you may not".to_owned(),
        ErrorKind::StorageFull => "the disk is full".to_owned(),
        ErrorKind::ReadOnlyFilesystem => "the file system is read-only".to_owned(),
        ErrorKind::IsADirectory => "it is a directory".to_owned(),
        ErrorKind::NotADirectory => "a file stands where a directory belongs".to_owned(),
        ErrorKind::QuotaExceeded => "your quota is used up".to_owned(),
        _ => {
            // The system's own words, without the number that Rust puts behind them.
            let text = error.to_string();
            text.split(" (os error").next().unwrap_or_default().to_lowercase()
        }
    }
}
