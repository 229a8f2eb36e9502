//! Directories by their handles, on Unix. With those of `output/directory.rs`, which add writing, the only code that
//! knows rustix.
//!
//! Operations use the opened directory, independent of later changes of its path.

mod files;
mod names;

pub use files::{Opening, Version};

use std::ffi::OsString;
use std::fs::File;
use std::io;
use std::os::fd::OwnedFd;
use std::os::unix::ffi::OsStringExt as _;
use std::path::Path;
use std::sync::OnceLock;
#[cfg(target_os = "linux")]
use std::sync::atomic::AtomicBool;

#[cfg(target_os = "linux")]
use rustix::fs::ResolveFlags;
use rustix::fs::{AtFlags, CWD, FileType, Mode, OFlags};
use rustix::io::{Errno, retry_on_intr};

use crate::workspace::directory::{Kind, Opened};

#[derive(Debug)]
pub struct Directory {
    handle: File,
    /// Whether its names were read by this handle, which is then at their end.
    #[cfg(target_os = "linux")]
    was_visited: AtomicBool,
    /// The file system, once requested.
    device: OnceLock<u64>,
}

impl From<OwnedFd> for Directory {
    fn from(handle: OwnedFd) -> Directory {
        Directory {
            handle: handle.into(),
            #[cfg(target_os = "linux")]
            was_visited: AtomicBool::new(false),
            device: OnceLock::new(),
        }
    }
}

impl Directory {
    /// Opens a directory as it is named; links are followed.
    pub fn open(path: &Path) -> io::Result<Directory> {
        let path = if path.as_os_str().is_empty() { Path::new(".") } else { path };
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
        let handle = retry_on_intr(|| rustix::fs::openat(CWD, path, flags, Mode::empty()))?;
        Ok(handle.into())
    }

    /// The handle, for what writes.
    pub fn handle(&self) -> &File {
        &self.handle
    }

    /// Which file system it is on, once that is known.
    pub fn known_device(&self) -> &OnceLock<u64> {
        &self.device
    }

    pub fn enter(&self, name: impl AsRef<Path>) -> io::Result<Opened<Directory>> {
        let name = name.as_ref();
        match retry_on_intr(|| rustix::fs::openat(&self.handle, name, ENTERING, Mode::empty())) {
            Ok(handle) => Ok(Opened::Open(handle.into())),
            Err(error) => self.what_else(name, error),
        }
    }

    /// Opens the directory at a path below this one in one step, if the system can do so without following links. A
    /// result that is neither open nor absent requires a lookup name by name.
    pub fn enter_below(&self, path: impl AsRef<Path>) -> Option<Opened<Directory>> {
        match self.open_below(path, ENTERING) {
            Ok(handle) => Some(Opened::Open(handle.into())),
            Err(Errno::NOENT) => Some(Opened::Absent),
            Err(_) => None,
        }
    }

    /// The entry at a path below this directory, in one step, if the system can do so without following links. Nothing
    /// is opened for reading.
    pub fn kind_below(&self, path: impl AsRef<Path>) -> Option<Opened<Kind>> {
        match self.open_below(path, LOOKING) {
            Ok(handle) => {
                let stat = rustix::fs::fstat(&handle).ok()?;
                Some(Opened::Open(Kind::from(FileType::from_raw_mode(stat.st_mode))))
            }
            Err(Errno::NOENT | Errno::NOTDIR) => Some(Opened::Absent),
            Err(_) => None,
        }
    }

    /// Opens the entry at a path below this directory in one step without following links. Not every system can do so.
    #[cfg(target_os = "linux")]
    fn open_below(&self, path: impl AsRef<Path>, flags: OFlags) -> Result<OwnedFd, Errno> {
        let path = path.as_ref();
        let resolve = ResolveFlags::BENEATH | ResolveFlags::NO_SYMLINKS;
        let open = || rustix::fs::openat2(&self.handle, path, flags, Mode::empty(), resolve);
        retry_on_intr(open)
    }

    #[cfg(not(target_os = "linux"))]
    fn open_below(&self, _: impl AsRef<Path>, _: OFlags) -> Result<OwnedFd, Errno> {
        Err(Errno::NOSYS)
    }

    /// Where a link in this directory points.
    pub fn read_link(&self, name: impl AsRef<Path>) -> io::Result<OsString> {
        let name = name.as_ref();
        let target = retry_on_intr(|| rustix::fs::readlinkat(&self.handle, name, Vec::new()))?;
        Ok(OsString::from_vec(target.into_bytes()))
    }

    /// The kind of a name, if it exists.
    pub fn kind(&self, name: impl AsRef<Path>) -> io::Result<Option<Kind>> {
        let name = name.as_ref();
        match retry_on_intr(|| rustix::fs::statat(&self.handle, name, AtFlags::SYMLINK_NOFOLLOW)) {
            Ok(stat) => Ok(Some(Kind::from(FileType::from_raw_mode(stat.st_mode)))),
            Err(Errno::NOENT) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// The kind of a name that could not be opened as the expected kind. `error`: the system error.
    fn what_else<T>(&self, name: &Path, error: Errno) -> io::Result<Opened<T>> {
        match error {
            Errno::NOENT => Ok(Opened::Absent),
            // A link, a file for a directory, a socket: systems have several words for each.
            Errno::LOOP | Errno::NOTDIR | Errno::MLINK | Errno::NXIO | Errno::OPNOTSUPP => {
                match self.kind(name)? {
                    Some(kind) => Ok(Opened::Else(kind)),
                    None => Ok(Opened::Absent),
                }
            }
            error => Err(error.into()),
        }
    }
}

/// How directories are opened.
const ENTERING: OFlags =
    OFlags::RDONLY.union(OFlags::DIRECTORY).union(OFlags::NOFOLLOW).union(OFlags::CLOEXEC);

/// How something is opened to see what it is.
#[cfg(target_os = "linux")]
const LOOKING: OFlags = OFlags::PATH.union(OFlags::NOFOLLOW).union(OFlags::CLOEXEC);
#[cfg(not(target_os = "linux"))]
const LOOKING: OFlags = ENTERING;

impl From<FileType> for Kind {
    fn from(found: FileType) -> Kind {
        match found {
            FileType::RegularFile => Kind::File,
            FileType::Directory => Kind::Directory,
            FileType::Symlink => Kind::Link,
            FileType::Fifo => Kind::Pipe,
            FileType::CharacterDevice | FileType::BlockDevice => Kind::Device,
            FileType::Socket | FileType::Unknown => Kind::Socket,
        }
    }
}
