//! The files of a directory, read.

use std::io;
use std::path::Path;

use crate::workspace::directory::{Directory, Opened, Version};

/// A file that was read as a whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    pub bytes: Vec<u8>,
    /// Which file it was.
    pub version: Version,
    /// Who may do what with it; 0 on systems without modes.
    pub mode: u32,
}

impl Directory {
    /// Reads a file in this directory; nothing of it if it has more bytes than `limit`.
    pub fn read(&self, name: impl AsRef<Path>, limit: u64) -> io::Result<Opened<Option<Found>>> {
        Ok(match self.open_file(name)? {
            Opened::Open(open) => {
                let (version, mode) = (open.version(), open.mode());
                Opened::Open(open.read(limit)?.map(|bytes| Found { bytes, version, mode }))
            }
            Opened::Absent => Opened::Absent,
            Opened::Else(kind) => Opened::Else(kind),
        })
    }

    /// The identity of the file of a name, if it is a file.
    pub fn version(&self, name: &str) -> io::Result<Opened<Version>> {
        Ok(match self.open_file(name)? {
            Opened::Open(open) => Opened::Open(open.version()),
            Opened::Absent => Opened::Absent,
            Opened::Else(kind) => Opened::Else(kind),
        })
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
    match directory.read(name, limit)? {
        Opened::Absent => Ok(None),
        Opened::Else(_) => Err(io::Error::new(io::ErrorKind::InvalidInput, "it is no regular file")),
        Opened::Open(None) => Err(io::Error::new(io::ErrorKind::FileTooLarge, "it is too large")),
        Opened::Open(Some(found)) => Ok(Some(found.bytes)),
    }
}
