//! Directories by their paths, on systems that are not Unix.
//!
//! Windows renames and removes no directory that is open here, and none above one. So the path of an open directory
//! leads to it for as long as it is open.

use std::ffi::OsString;
use std::fs::{self, File, FileType, Metadata, OpenOptions};
use std::io::{self, ErrorKind, Read as _};
#[cfg(windows)]
use std::os::windows::fs::{MetadataExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use crate::workspace::directory::{Kind, Opened};

/// `FILE_SHARE_READ | FILE_SHARE_WRITE`: others may do everything but rename and remove.
#[cfg(windows)]
const SHARED: u32 = 0x1 | 0x2;
/// `FILE_FLAG_BACKUP_SEMANTICS | FILE_FLAG_OPEN_REPARSE_POINT`: directories are opened too, and links themselves.
#[cfg(windows)]
const AS_IT_IS: u32 = 0x0200_0000 | 0x0020_0000;
/// `FILE_ATTRIBUTE_REPARSE_POINT`: a link, or a file whose content the system keeps in another way.
#[cfg(windows)]
const REPARSE_POINT: u32 = 0x400;

#[derive(Debug)]
pub struct Directory {
    /// Without links.
    path: PathBuf,
    /// Keeps the path what it is.
    #[cfg(windows)]
    _open: File,
    /// The file system, once requested.
    device: OnceLock<u64>,
}

/// Detects changes of a file that was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Version {
    size: u64,
    /// When it was made and when it was written, as the system counts time.
    times: [u64; 2],
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
        fs::metadata(path).ok().map(|found| version(&found))
    }
}

impl Opening {
    pub fn version(&self) -> Version {
        version(&self.found)
    }

    /// Nothing: there are no modes.
    #[expect(clippy::unused_self, reason = "other systems have modes")]
    pub fn mode(&self) -> u32 {
        0
    }

    /// All bytes of the file; `None` if there are more than `limit`, independent of its reported length.
    pub fn read(self, limit: u64) -> io::Result<Option<Vec<u8>>> {
        let mut bytes = Vec::new();
        self.file.take(limit.saturating_add(1)).read_to_end(&mut bytes)?;
        Ok(Some(bytes).filter(|bytes| bytes.len() as u64 <= limit))
    }
}

impl Directory {
    /// Opens a directory as it is named; links are followed.
    #[expect(clippy::disallowed_methods, reason = "the file system is met here")]
    pub fn open(path: &Path) -> io::Result<Directory> {
        let path = if path.as_os_str().is_empty() { Path::new(".") } else { path };
        match Directory::open_as_it_is(fs::canonicalize(path)?)? {
            (directory, found) if found.is_dir() => Ok(directory),
            _ => Err(ErrorKind::NotADirectory.into()),
        }
    }

    /// Opens what has a path, and tells what it is.
    #[cfg(windows)]
    #[expect(clippy::disallowed_methods, reason = "the file system is met here")]
    fn open_as_it_is(path: PathBuf) -> io::Result<(Directory, FileType)> {
        let open = OpenOptions::new().read(true).share_mode(SHARED).custom_flags(AS_IT_IS).open(&path)?;
        let found = open.metadata()?.file_type();
        Ok((Directory { path, _open: open, device: OnceLock::new() }, found))
    }

    #[cfg(not(windows))]
    #[expect(clippy::disallowed_methods, reason = "the file system is met here")]
    fn open_as_it_is(path: PathBuf) -> io::Result<(Directory, FileType)> {
        let found = fs::symlink_metadata(&path)?.file_type();
        Ok((Directory { path, device: OnceLock::new() }, found))
    }

    /// The path of a name in this directory, for what writes.
    pub fn at(&self, name: impl AsRef<Path>) -> PathBuf {
        self.path.join(name)
    }

    /// Which file system it is on, once that is known.
    pub fn known_device(&self) -> &OnceLock<u64> {
        &self.device
    }

    pub fn enter(&self, name: impl AsRef<Path>) -> io::Result<Opened<Directory>> {
        match Directory::open_as_it_is(self.at(name)) {
            Ok((directory, found)) if found.is_dir() => Ok(Opened::Open(directory)),
            Ok((_, found)) => Ok(Opened::Else(Kind::from(found))),
            Err(error) => absent(error),
        }
    }

    /// Nothing: a path is looked up name by name.
    #[expect(clippy::unused_self, reason = "other systems look it up in one step")]
    pub fn enter_below(&self, _: impl AsRef<Path>) -> Option<Opened<Directory>> {
        None
    }

    /// Nothing: a path is looked up name by name.
    #[expect(clippy::unused_self, reason = "other systems look it up in one step")]
    pub fn kind_below(&self, _: impl AsRef<Path>) -> Option<Opened<Kind>> {
        None
    }

    /// Nothing: a path is looked up name by name.
    #[expect(clippy::unused_self, reason = "other systems look it up in one step")]
    pub fn open_file_below(&self, _: impl AsRef<Path>) -> Option<io::Result<Opened<Opening>>> {
        None
    }

    /// Where a link in this directory points.
    pub fn read_link(&self, name: impl AsRef<Path>) -> io::Result<OsString> {
        Ok(fs::read_link(self.at(name))?.into_os_string())
    }

    /// The kind of a name, if it exists.
    #[expect(clippy::disallowed_methods, reason = "the file system is met here")]
    pub fn kind(&self, name: impl AsRef<Path>) -> io::Result<Option<Kind>> {
        match fs::symlink_metadata(self.at(name)) {
            Ok(found) => Ok(Some(Kind::from(found.file_type()))),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Opens a file in this directory for reading, if it is a regular one.
    #[expect(clippy::disallowed_methods, reason = "the file system is met here")]
    pub fn open_file(&self, name: impl AsRef<Path>) -> io::Result<Opened<Opening>> {
        let path = self.at(name);
        let mut options = OpenOptions::new();
        options.read(true);
        #[cfg(windows)]
        options.custom_flags(AS_IT_IS);
        let file = match options.open(&path) {
            Ok(file) => file,
            Err(error) => return absent(error),
        };
        let found = file.metadata()?;
        let kind = Kind::from(found.file_type());
        if kind != Kind::File {
            return Ok(Opened::Else(kind));
        }
        // As it is, such a file has no content.
        #[cfg(windows)]
        let file = if found.file_attributes() & REPARSE_POINT == 0 { file } else { File::open(&path)? };
        Ok(Opened::Open(Opening { file, found }))
    }

    /// True if a file of this name can be read and holds these bytes, and no more. `read`: a buffer.
    pub fn holds(&self, name: &str, bytes: &[u8], read: &mut Vec<u8>) -> bool {
        read.clear();
        let Ok(Opened::Open(open)) = self.open_file(name) else { return false };
        let most = (bytes.len() as u64).saturating_add(1);
        open.file.take(most).read_to_end(read).is_ok() && read == bytes
    }

    /// False: a path is looked up name by name.
    #[expect(clippy::unused_self, reason = "other systems look it up in one step")]
    pub fn holds_below(&self, _: &str, _: &[u8], _: &mut Vec<u8>) -> bool {
        false
    }

    /// All names in this directory, in the order of their bytes.
    pub fn names(&self) -> io::Result<Vec<(OsString, Kind)>> {
        let mut names = Vec::new();
        self.visit_all(|name, kind| names.push((name, kind)))?;
        names.sort();
        Ok(names)
    }

    /// Shows all names in this directory that are text, in no order.
    pub fn visit(&self, mut see: impl FnMut(&str, Kind)) -> io::Result<()> {
        self.visit_all(|name, kind| {
            if let Some(name) = name.to_str() {
                see(name, kind);
            }
        })
    }

    #[expect(clippy::disallowed_methods, reason = "the file system is met here")]
    fn visit_all(&self, mut see: impl FnMut(OsString, Kind)) -> io::Result<()> {
        for entry in fs::read_dir(&self.path)? {
            let entry = entry?;
            see(entry.file_name(), Kind::from(entry.file_type()?));
        }
        Ok(())
    }
}

/// That there is no such name, if that is what the error says.
fn absent<T>(error: io::Error) -> io::Result<Opened<T>> {
    if error.kind() == ErrorKind::NotFound { Ok(Opened::Absent) } else { Err(error) }
}

fn version(found: &Metadata) -> Version {
    Version { size: found.len(), times: times(found) }
}

#[cfg(windows)]
fn times(found: &Metadata) -> [u64; 2] {
    [found.creation_time(), found.last_write_time()]
}

#[cfg(not(windows))]
fn times(_: &Metadata) -> [u64; 2] {
    [0; 2]
}
