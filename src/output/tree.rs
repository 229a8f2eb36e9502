//! The directories below that of the source, which nothing leads out of.

use std::io::{self, ErrorKind};
use std::path::Path;
use std::sync::Arc;

use crate::native_path;
use crate::output::directory::{Directory, Kind, Locking, Opened};
use crate::output::location::Location;
use crate::problem::{FileFault, FileProblem};
use crate::workspace::cause;

/// The problem is boxed, for there is seldom one.
pub type Outcome<T> = Result<T, Box<FileProblem>>;

/// The directory of a source, and the way to one of those below it.
#[derive(Debug)]
pub struct Tree {
    root: Arc<Directory>,
    /// The prefix of paths below the root, relative to the current directory.
    prefix: String,
    /// The directory that was opened last in one step.
    direct: Option<Directory>,
    /// The directories of the last path with their names, the outermost first. Neighboring overlays share most of them.
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
                let (root, prefix) = (Arc::new(directory), native_path::shown(&root.join("")));
                Ok(Tree { root, prefix, direct: None, way: Vec::new() })
            }
            Err(error) => {
                let path = if root.as_os_str().is_empty() { Path::new(".") } else { root };
                let fault = FileFault::Unreadable { cause: cause(&error) };
                Err(FileProblem { path: native_path::shown(path), fault })
            }
        }
    }

    /// Locks the tree against other builds, until it is closed. The result tells if it is locked.
    ///
    /// # Errors
    /// If it cannot be determined.
    pub fn lock(&self, waits: bool) -> Result<Locking, FileProblem> {
        self.root
            .lock(waits)
            .map_err(|error| *self.problem("", FileFault::Unlockable { cause: cause(&error) }))
    }

    /// The directory of the source itself.
    pub fn root(&self) -> &Directory {
        &self.root
    }

    /// The prefix of paths below the root, relative to the current directory.
    pub fn prefix(&self) -> &str {
        &self.prefix
    }

    /// A path below the root, as the user would type it.
    pub fn shown(&self, path: &str) -> String {
        let shown = self.prefix.clone() + path;
        match shown.strip_suffix('/') {
            Some(directory) if !directory.is_empty() => directory.to_owned(),
            _ if shown.is_empty() => ".".to_owned(),
            _ => shown,
        }
    }

    /// Opens the directory at the end of a path, whose parts have `/` between them; the root for an empty path. Nothing
    /// comes back if there is no such directory.
    ///
    /// # Errors
    /// If it is not a directory, or cannot be opened.
    pub fn enter(&mut self, path: &str) -> Outcome<Option<&Directory>> {
        self.direct = None;
        if !path.is_empty() {
            match self.root.enter_below(path) {
                Some(Opened::Open(directory)) => return Ok(Some(self.direct.insert(directory))),
                Some(Opened::Absent) => return Ok(None),
                Some(Opened::Else(_)) | None => {}
            }
        }
        Ok(if self.walk_to(path, false)? { Some(self.here()) } else { None })
    }

    /// True if the file of that name in the directory of a path is readable and has exactly this text. `read`: a
    /// buffer.
    pub fn holds(&self, directory: &str, name: &str, text: &str, read: &mut Vec<u8>) -> bool {
        self.root.holds_below(&[directory, "/", name].concat(), text.as_bytes(), read)
    }

    /// The same as [`Tree::enter`], with all directories made that are not there.
    fn make(&mut self, path: &str) -> Outcome<&Directory> {
        if self.walk_to(path, true)? {
            Ok(self.here())
        } else {
            let cause = cause(&ErrorKind::NotFound.into());
            Err(self.problem(path, FileFault::Unwritable { cause }))
        }
    }

    /// Creates a file with its missing parent directories. `is_lasting`: whether to flush it before returning.
    ///
    /// # Errors
    /// If a non-directory is in the path, or it cannot be created.
    pub fn create(&mut self, place: &Location, bytes: &[u8], is_lasting: bool) -> Outcome<()> {
        let made = self.make(&place.directory)?.create(place.name.as_str(), bytes, None, is_lasting);
        made.map_err(|error| self.problem(&place.path(), unwritable(&error)))
    }

    /// The directory at the end of the way.
    fn here(&self) -> &Directory {
        self.way.last().map_or(&*self.root, |(_, directory)| directory)
    }

    /// Opens the directories of a path. False if one is missing.
    fn walk_to(&mut self, path: &str, makes: bool) -> Outcome<bool> {
        let (mut depth, mut end) = (0_usize, 0_usize);
        for part in path.split('/').filter(|part| !part.is_empty()) {
            end = end.saturating_add(usize::from(depth > 0)).saturating_add(part.len());
            if self.way.get(depth).is_none_or(|(known, _)| known != part) {
                self.way.truncate(depth);
                let making = if makes { self.here().create_directory(part) } else { Ok(false) };
                let opened =
                    if let Ok(true) = making { self.here().enter_new(part) } else { self.here().enter(part) };
                let problem = |fault| Err(self.problem(path.get(..end).unwrap_or(path), fault));
                match (opened, making) {
                    (Ok(Opened::Open(directory)), _) => self.way.push((part.to_owned(), directory)),
                    (Ok(Opened::Absent), Err(error)) => {
                        return problem(FileFault::Unwritable { cause: cause(&error) });
                    }
                    (Ok(Opened::Absent), Ok(_)) => return Ok(false),
                    (Ok(Opened::Else(kind)), _) => return problem(in_the_way(kind)),
                    (Err(error), _) => return problem(FileFault::Unreadable { cause: cause(&error) }),
                }
            }
            depth = depth.saturating_add(1);
        }
        self.way.truncate(depth);
        Ok(true)
    }

    /// Does something with what has a place, in its directory.
    ///
    /// # Errors
    /// If that fails, or the directory is not there any more.
    pub fn at<T>(
        &mut self,
        place: &Location,
        act: impl FnOnce(&Directory, &str) -> Result<T, FileFault>,
    ) -> Outcome<T> {
        let done = match self.enter(&place.directory)? {
            Some(directory) => act(directory, &place.name),
            None => Err(FileFault::ChangedMeanwhile),
        };
        done.map_err(|fault| self.problem(&place.path(), fault))
    }

    /// A second handle of the tree.
    #[must_use]
    pub fn reopen(&self) -> Tree {
        Tree { root: Arc::clone(&self.root), prefix: self.prefix.clone(), direct: None, way: Vec::new() }
    }

    /// Goes every way from the root again from now on.
    pub fn forget(&mut self) {
        self.way.clear();
    }

    /// A fault of the entry at a path.
    pub fn problem(&self, path: &str, fault: FileFault) -> Box<FileProblem> {
        Box::new(FileProblem { path: self.shown(path), fault })
    }
}

/// The fault of an unexpected entry.
pub fn in_the_way(kind: Kind) -> FileFault {
    match kind {
        Kind::Link => FileFault::Link,
        Kind::File => FileFault::InTheWay { what: "another file" },
        Kind::Directory => FileFault::InTheWay { what: "a directory" },
        Kind::Pipe => FileFault::InTheWay { what: "a named pipe" },
        Kind::Device => FileFault::InTheWay { what: "a device" },
        Kind::Socket => FileFault::InTheWay { what: "a socket" },
    }
}

/// What is wrong where the system did not let us write.
pub fn unwritable(error: &io::Error) -> FileFault {
    FileFault::Unwritable { cause: cause(error) }
}
