//! The directory of a source on this disk.

use std::ffi::{OsStr, OsString};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::native_path;
use crate::problem::InputFault;
use crate::workspace::directory::{Directory, Kind, Opened, Opening};
use crate::workspace::resolve::{Resolved, There, or_here, resolve};
use crate::workspace::{Entry, Reads, Unread, Workspace, cause, is_absent};

/// How often a file is looked for again that became something else between being found and being opened.
const MOST_TRIES: usize = 8;

/// The directory of a source on this disk.
#[derive(Debug)]
pub struct Disk {
    /// As the user would type it; empty for the current directory.
    root: PathBuf,
    repository: io::Result<Repository>,
    reads: Mutex<Reads>,
}

/// The repository that a directory is in: what no link may lead out of.
#[derive(Debug)]
struct Repository {
    directory: Directory,
    /// Its whole path, without links.
    path: PathBuf,
    /// The path of the source's directory from there.
    below: PathBuf,
}

impl Disk {
    /// The disk as a source in this directory sees it. Its repository is the nearest directory above that holds `.git`,
    /// or else the directory itself.
    pub fn open(root: &Path) -> Disk {
        Disk { root: root.to_path_buf(), repository: Repository::around(root), reads: Mutex::default() }
    }

    /// What was read, and where names were looked for.
    pub fn into_reads(self) -> Reads {
        self.reads.into_inner().unwrap_or_else(PoisonError::into_inner)
    }

    /// A path as the user would type it.
    pub fn path(&self, path: &Path) -> PathBuf {
        // Joining nothing would put a `/` at the end.
        if path.as_os_str().is_empty() { self.root.clone() } else { self.root.join(path) }
    }

    fn reads(&self) -> MutexGuard<'_, Reads> {
        // The cache stays valid after a panic of another thread.
        self.reads.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn repository(&self) -> Result<&Repository, Unread> {
        self.repository.as_ref().map_err(unread)
    }
}

impl Workspace for Disk {
    fn entry(&self, path: &Path) -> Entry {
        let looked = match &self.repository {
            Ok(repository) => repository.look(path),
            Err(error) if is_absent(error) => return Entry::Missing,
            Err(error) => return Entry::Unreadable { cause: cause(error) },
        };
        match looked {
            Ok(entry) => entry,
            Err(error) if is_absent(&error) => Entry::Missing,
            Err(error) => Entry::Unreadable { cause: cause(&error) },
        }
    }

    fn read(&self, path: &Path, limit: u64) -> Result<Vec<u8>, Unread> {
        let opening = self.repository()?.open(path);
        if !matches!(opening, Err(Unread::Missing)) {
            let version = opening.as_ref().ok().map(Opening::version);
            self.reads().add_file(self.path(path), version);
        }
        let bytes = opening?.read(limit).map_err(|error| unread(&error))?;
        bytes.ok_or(Unread::Refused(InputFault::TooLarge { limit }))
    }

    fn names(&self, directory: &Path) -> Result<Vec<(OsString, Kind)>, Unread> {
        let open = self.repository()?.enter(directory)?;
        self.reads().add_directory(self.path(directory));
        open.names().map_err(|error| unread(&error))
    }

    fn shown(&self, path: &Path) -> String {
        native_path::shown(&self.path(path))
    }
}

impl Repository {
    #[expect(clippy::disallowed_methods, reason = "the file system is met here")]
    fn around(root: &Path) -> io::Result<Repository> {
        let real = fs::canonicalize(or_here(root.as_os_str()))?;
        let above = real.ancestors().find(|above| fs::symlink_metadata(above.join(".git")).is_ok());
        let opened = above.and_then(|above| Some((Directory::open(above).ok()?, above)));
        let (directory, path) = match opened {
            Some((directory, above)) => (directory, above.to_path_buf()),
            None => (Directory::open(&real)?, real.clone()),
        };
        let below = real.strip_prefix(&path).unwrap_or(Path::new("")).to_path_buf();
        Ok(Repository { directory, path, below })
    }

    /// Where a path below the source's directory leads.
    fn resolve(&self, path: &Path) -> io::Result<Resolved> {
        resolve(&self.directory, &self.path, &self.below.join(path))
    }

    fn look(&self, path: &Path) -> io::Result<Entry> {
        let place: PathBuf = self.below.join(path).components().collect();
        let kind = match self.directory.kind_below(or_here(place.as_os_str())) {
            Some(Opened::Absent) => return Ok(Entry::Missing),
            Some(Opened::Open(Kind::Link) | Opened::Else(_)) | None => None,
            Some(Opened::Open(kind)) => Some(kind),
        };
        let (kind, place) = match kind {
            Some(kind) => (kind, place),
            None => match self.resolve(path)? {
                Resolved::Missing => return Ok(Entry::Missing),
                Resolved::Refused(fault) => return Ok(Entry::Refused(fault)),
                Resolved::There(There { kind, place, .. }) => (kind, place),
            },
        };
        Ok(match kind {
            Kind::File => Entry::File(place),
            Kind::Directory => Entry::Directory(place),
            Kind::Link | Kind::Pipe | Kind::Device | Kind::Socket => Entry::Refused(no_file(kind)),
        })
    }

    /// Opens the regular file at the end of a path.
    fn open(&self, path: &Path) -> Result<Opening, Unread> {
        let whole = self.below.join(path);
        match self.directory.open_file_below(or_here(whole.as_os_str())) {
            Some(Ok(Opened::Open(open))) => return Ok(open),
            Some(Ok(Opened::Absent)) => return Err(Unread::Missing),
            Some(Ok(Opened::Else(kind))) => return Err(Unread::Refused(no_file(kind))),
            Some(Err(error)) => return Err(unread(&error)),
            // The path has a link, the system cannot open it in one step, or it failed: look it up name by name.
            None => {}
        }
        match self.follow(path, |directory, name| directory.open_file(or_here(name)))? {
            Opened::Open(open) => Ok(open),
            Opened::Absent => Err(Unread::Missing),
            Opened::Else(kind) => Err(Unread::Refused(no_file(kind))),
        }
    }

    /// Opens the directory at the end of a path.
    fn enter(&self, path: &Path) -> Result<Directory, Unread> {
        let whole = self.below.join(path);
        match self.directory.enter_below(or_here(whole.as_os_str())) {
            Some(Opened::Open(open)) => return Ok(open),
            Some(Opened::Absent) => return Err(Unread::Missing),
            Some(Opened::Else(_)) | None => {}
        }
        match self.follow(path, |directory, name| directory.enter(or_here(name)))? {
            Opened::Open(open) => Ok(open),
            Opened::Absent | Opened::Else(_) => Err(Unread::Missing),
        }
    }

    /// Opens the entry at a path, with links followed.
    fn follow<T>(
        &self,
        path: &Path,
        open: impl Fn(&Directory, &OsStr) -> io::Result<Opened<T>>,
    ) -> Result<Opened<T>, Unread> {
        for _ in 0..MOST_TRIES {
            let There { within, name, .. } = match self.resolve(path).map_err(|error| unread(&error))? {
                Resolved::Missing => return Err(Unread::Missing),
                Resolved::Refused(fault) => return Err(Unread::Refused(fault)),
                Resolved::There(there) => there,
            };
            match open(within.as_deref().unwrap_or(&self.directory), &name).map_err(|error| unread(&error))? {
                // A link was put there meanwhile: look again where it leads.
                Opened::Else(Kind::Link) => {}
                opened @ (Opened::Open(_) | Opened::Absent | Opened::Else(_)) => return Ok(opened),
            }
        }
        Err(Unread::Refused(InputFault::LinkLoop))
    }
}

/// The fault of an entry that is not a regular file.
fn no_file(kind: Kind) -> InputFault {
    match kind {
        Kind::Directory => InputFault::Directory,
        Kind::Pipe => InputFault::Pipe,
        Kind::Device => InputFault::Device,
        Kind::Socket => InputFault::Socket,
        // Nothing else was left when it was opened again and again.
        Kind::File | Kind::Link => InputFault::LinkLoop,
    }
}

fn unread(error: &io::Error) -> Unread {
    if is_absent(error) { Unread::Missing } else { Unread::Unreadable { cause: cause(error) } }
}

/// True if a path exists, with links followed.
///
/// # Errors
/// If it cannot be determined.
#[expect(clippy::disallowed_methods, reason = "the file system is met here")]
pub fn exists(path: &Path) -> io::Result<bool> {
    match fs::metadata(path) {
        Ok(_) => Ok(true),
        Err(error) if is_absent(&error) => Ok(false),
        Err(error) => Err(error),
    }
}

/// True if a path is a regular file, with links followed.
#[expect(clippy::disallowed_methods, reason = "the file system is met here")]
pub fn is_file(path: &Path) -> bool {
    fs::metadata(path).is_ok_and(|found| found.is_file())
}

/// True if a path exists, dangling links included.
///
/// # Errors
/// If it cannot be determined.
#[expect(clippy::disallowed_methods, reason = "the file system is met here")]
pub fn is_named(path: &Path) -> io::Result<bool> {
    match fs::symlink_metadata(path) {
        Ok(_) => Ok(true),
        Err(error) if is_absent(&error) => Ok(false),
        Err(error) => Err(error),
    }
}

/// The canonical path.
///
/// # Errors
/// If the path does not exist, or this cannot be determined.
#[expect(clippy::disallowed_methods, reason = "the file system is met here")]
pub fn real_path(path: &Path) -> io::Result<PathBuf> {
    fs::canonicalize(or_here(path.as_os_str()))
}
