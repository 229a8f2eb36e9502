//! The files of a directory, opened and read.

use std::fs::{File, Metadata};
use std::io::{self, Read as _};
use std::os::fd::OwnedFd;
use std::os::unix::fs::MetadataExt as _;
use std::path::Path;

use rustix::buffer::spare_capacity;
use rustix::fs::{Mode, OFlags};
use rustix::io::{Errno, retry_on_intr};

use crate::workspace::directory::by_handle::Directory;
use crate::workspace::directory::{Kind, Opened};

/// The number of bytes of one read, independent of the file's length.
const MOST_AT_ONCE: usize = 16 * 1024 * 1024;

/// The flags for reading. `NONBLOCK` keeps opening a pipe from waiting for a writer.
const READING: OFlags = OFlags::RDONLY
    .union(OFlags::NOFOLLOW)
    .union(OFlags::NONBLOCK)
    .union(OFlags::NOCTTY)
    .union(OFlags::CLOEXEC);

/// Detects changes of a file that was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Version {
    device: u64,
    inode: u64,
    size: u64,
    modified: (i64, i64),
    changed: (i64, i64),
}

/// A regular file that is open for reading.
#[derive(Debug)]
pub struct Opening {
    file: File,
    found: Metadata,
}

impl Version {
    /// Which file a path leads to, if it leads to one.
    #[expect(clippy::disallowed_methods, reason = "the file system is met here")]
    pub fn read(path: &Path) -> Option<Version> {
        std::fs::metadata(path).ok().map(|found| version(&found))
    }
}

impl Opening {
    pub fn version(&self) -> Version {
        version(&self.found)
    }

    /// Who may do what with it.
    pub fn mode(&self) -> u32 {
        self.found.mode() & 0o7777
    }

    /// All bytes of the file; `None` if there are more than `limit`, independent of its reported length.
    pub fn read(mut self, limit: u64) -> io::Result<Option<Vec<u8>>> {
        let length = self.found.len();
        if length > limit {
            return Ok(None);
        }
        let room = usize::try_from(length).unwrap_or(usize::MAX).saturating_add(1).min(MOST_AT_ONCE);
        let mut bytes = Vec::with_capacity(room);
        let read = retry_on_intr(|| rustix::io::read(&self.file, spare_capacity(&mut bytes)))?;
        // One byte more was asked for than the file has, so that fewer are all of them.
        if read < room && read as u64 == length {
            return Ok(Some(bytes));
        }
        // A growing file is read up to the limit and one byte more, to detect the excess.
        let rest = limit.saturating_add(1).saturating_sub(read as u64);
        self.file.by_ref().take(rest).read_to_end(&mut bytes)?;
        Ok(Some(bytes).filter(|bytes| bytes.len() as u64 <= limit))
    }
}

impl Directory {
    /// Opens a file in this directory for reading, if it is a regular one.
    pub fn open_file(&self, name: impl AsRef<Path>) -> io::Result<Opened<Opening>> {
        let name = name.as_ref();
        match retry_on_intr(|| rustix::fs::openat(&self.handle, name, READING, Mode::empty())) {
            Ok(handle) => looked_at(handle),
            Err(error) => self.what_else(name, error),
        }
    }

    /// Opens the file at the end of a path below this directory in one step, where the system can do that without
    /// following a link. Nothing comes back where it cannot, and where it fails.
    pub fn open_file_below(&self, path: impl AsRef<Path>) -> Option<io::Result<Opened<Opening>>> {
        match self.open_below(path, READING) {
            Ok(handle) => Some(looked_at(handle)),
            Err(Errno::NOENT | Errno::NOTDIR) => Some(Ok(Opened::Absent)),
            Err(_) => None,
        }
    }

    /// True if a file of this name can be read and holds these bytes, and no more. `read`: a buffer.
    pub fn holds(&self, name: &str, bytes: &[u8], read: &mut Vec<u8>) -> bool {
        let file = retry_on_intr(|| rustix::fs::openat(&self.handle, name, READING, Mode::empty()));
        file.is_ok_and(|file| is_all(&file, bytes, read))
    }

    /// The same for a path below this directory, if the system can open it without following links.
    pub fn holds_below(&self, path: &str, bytes: &[u8], read: &mut Vec<u8>) -> bool {
        self.open_below(path, READING).is_ok_and(|file| is_all(&file, bytes, read))
    }
}

/// What was opened, if it is a regular file.
fn looked_at(handle: OwnedFd) -> io::Result<Opened<Opening>> {
    let file: File = handle.into();
    let found = file.metadata()?;
    let kind = Kind::from(found.file_type());
    Ok(if kind == Kind::File { Opened::Open(Opening { file, found }) } else { Opened::Else(kind) })
}

/// True if a file holds these bytes, and no more. `read`: a buffer.
fn is_all(file: &OwnedFd, bytes: &[u8], read: &mut Vec<u8>) -> bool {
    read.clear();
    read.reserve(bytes.len().saturating_add(1));
    // One byte more replaces a second read for the end of the file.
    let count = retry_on_intr(|| rustix::io::read(file, spare_capacity(read)));
    count.is_ok() && read == bytes
}

fn version(found: &Metadata) -> Version {
    Version {
        device: found.dev(),
        inode: found.ino(),
        size: found.size(),
        modified: (found.mtime(), found.mtime_nsec()),
        changed: (found.ctime(), found.ctime_nsec()),
    }
}
