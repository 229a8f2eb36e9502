//! The files of a directory, read.

use std::fs::{File, Metadata};
use std::io::{self, Read as _};
use std::os::fd::OwnedFd;
use std::os::unix::fs::MetadataExt as _;
use std::path::Path;

use rustix::buffer::spare_capacity;
use rustix::fs::{Mode, OFlags};
use rustix::io::retry_on_intr;

use crate::output::directory::{Directory, Kind, Opened};

/// How many bytes of a file are read at once, whatever it says of its length.
const MOST_AT_ONCE: usize = 16 * 1024 * 1024;

/// How files are opened for reading. Whoever opens a pipe so waits until somebody writes to it, but for `NONBLOCK`.
const READING: OFlags = OFlags::RDONLY
    .union(OFlags::NOFOLLOW)
    .union(OFlags::NONBLOCK)
    .union(OFlags::NOCTTY)
    .union(OFlags::CLOEXEC);

/// What tells whether a file is still the one that was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Version {
    device: u64,
    inode: u64,
    size: u64,
    modified: (i64, i64),
    changed: (i64, i64),
}

/// A file that was read as a whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// What stands in it.
    pub bytes: Vec<u8>,
    /// Which file it was.
    pub version: Version,
    /// Who may do what with it.
    pub mode: u32,
}

impl Version {
    /// Which file a path leads to, if it leads to one.
    #[expect(clippy::disallowed_methods, reason = "the file system is met here")]
    pub fn of(path: &Path) -> Option<Version> {
        std::fs::metadata(path).ok().map(|found| version(&found))
    }
}

impl Directory {
    /// Reads a file in this directory.
    pub fn read(&self, name: &str) -> io::Result<Opened<Found>> {
        Ok(match self.open_file(name)? {
            Opened::Open((mut file, found)) => {
                let bytes = read_all(&mut file, found.len())?;
                Opened::Open(Found { bytes, version: version(&found), mode: found.mode() & 0o7777 })
            }
            Opened::Absent => Opened::Absent,
            Opened::Else(kind) => Opened::Else(kind),
        })
    }

    /// Reads a file in this directory; nothing if it has more than `limit` bytes.
    pub fn read_bounded(&self, name: &str, limit: u64) -> io::Result<Opened<Option<Vec<u8>>>> {
        Ok(match self.open_file(name)? {
            Opened::Open((file, found)) => {
                let room = usize::try_from(found.len().min(limit)).unwrap_or_default().saturating_add(1);
                let mut bytes = Vec::with_capacity(room.min(MOST_AT_ONCE));
                let _length = file.take(limit.saturating_add(1)).read_to_end(&mut bytes)?;
                Opened::Open((bytes.len() as u64 <= limit).then_some(bytes))
            }
            Opened::Absent => Opened::Absent,
            Opened::Else(kind) => Opened::Else(kind),
        })
    }

    /// Which file stands under a name, if a file does.
    pub fn version(&self, name: &str) -> io::Result<Opened<Version>> {
        Ok(match self.open_file(name)? {
            Opened::Open((_, found)) => Opened::Open(version(&found)),
            Opened::Absent => Opened::Absent,
            Opened::Else(kind) => Opened::Else(kind),
        })
    }

    fn open_file(&self, name: &str) -> io::Result<Opened<(File, Metadata)>> {
        let file: File =
            match retry_on_intr(|| rustix::fs::openat(&self.handle, name, READING, Mode::empty())) {
                Ok(handle) => handle.into(),
                Err(error) => return self.what_else(name, error),
            };
        let found = file.metadata()?;
        if found.is_file() {
            Ok(Opened::Open((file, found)))
        } else {
            Ok(Opened::Else(if found.is_dir() { Kind::Directory } else { Kind::Other }))
        }
    }

    /// Whether a file of this name can be read and holds these bytes, and no more. `read`: room for reading.
    pub fn holds(&self, name: &str, bytes: &[u8], read: &mut Vec<u8>) -> bool {
        let file = retry_on_intr(|| rustix::fs::openat(&self.handle, name, READING, Mode::empty()));
        file.is_ok_and(|file| is_all(&file, bytes, read))
    }

    /// The same of the file at the end of a path below this directory, where the system can tell that without following
    /// a link.
    pub fn holds_below(&self, path: &str, bytes: &[u8], read: &mut Vec<u8>) -> bool {
        self.open_below(path, READING).is_ok_and(|file| is_all(&file, bytes, read))
    }
}

/// Reads the regular file at the end of a path, which is not followed if it is a link; nothing if there is none.
///
/// # Errors
/// If it cannot be read, is no regular file, or has more than `limit` bytes.
pub fn read_regular_file(path: &Path, limit: u64) -> io::Result<Option<Vec<u8>>> {
    let name = path.file_name().and_then(|name| name.to_str()).ok_or(io::ErrorKind::InvalidInput)?;
    let directory = match Directory::open(path.parent().unwrap_or(Path::new(""))) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        directory => directory?,
    };
    match directory.read_bounded(name, limit)? {
        Opened::Absent => Ok(None),
        Opened::Else(_) => Err(io::Error::new(io::ErrorKind::InvalidInput, "it is no regular file")),
        Opened::Open(None) => Err(io::Error::new(io::ErrorKind::FileTooLarge, "it is too large")),
        Opened::Open(bytes) => Ok(bytes),
    }
}

/// Whether a file holds these bytes, and no more. `read`: room for reading.
fn is_all(file: &OwnedFd, bytes: &[u8], read: &mut Vec<u8>) -> bool {
    read.clear();
    read.reserve(bytes.len().saturating_add(1));
    // A second read would tell whether there is more; asking for one byte more tells as well.
    let count = retry_on_intr(|| rustix::io::read(file, spare_capacity(read)));
    count.is_ok() && read == bytes
}

/// All bytes of a file. `length`: how many there were when it was opened.
fn read_all(file: &mut File, length: u64) -> io::Result<Vec<u8>> {
    let room = usize::try_from(length).unwrap_or(usize::MAX).saturating_add(1).min(MOST_AT_ONCE);
    let mut bytes = Vec::with_capacity(room);
    let read = retry_on_intr(|| rustix::io::read(&*file, spare_capacity(&mut bytes)))?;
    // One byte more was asked for than the file has, so that fewer are all of them.
    if read < room && read as u64 == length {
        return Ok(bytes);
    }
    let _length = file.read_to_end(&mut bytes)?;
    Ok(bytes)
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
