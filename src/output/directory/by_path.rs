//! Writing to directories by their paths, on systems that are not Unix.

use std::fs::{self, Metadata, OpenOptions};
use std::io::{self, ErrorKind, Write as _};
use std::path::Path;

use crate::output::directory::{Directory, Kind, Locking, Opened};

/// `ERROR_SHARING_VIOLATION`: somebody has it open.
const IN_USE: i32 = 32;

/// Nothing: there are no modes.
pub fn file_mode(_: &Metadata) -> u32 {
    0
}

#[expect(clippy::disallowed_methods, reason = "the disk is written here")]
impl Directory {
    /// Makes a directory in this one; whether it did, for nothing is made where something is.
    pub fn create_directory(&self, name: &str) -> io::Result<bool> {
        match fs::create_dir(self.at(name)) {
            Ok(()) => Ok(true),
            Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Creates and writes a file that does not exist, not even as a link. `is_lasting`: whether to flush it before
    /// returning.
    pub fn create(
        &self,
        name: impl AsRef<Path>,
        bytes: &[u8],
        _mode: Option<u32>,
        is_lasting: bool,
    ) -> io::Result<()> {
        let mut file = OpenOptions::new().write(true).create_new(true).open(self.at(name))?;
        file.write_all(bytes)?;
        if is_lasting {
            file.sync_all()?;
        }
        Ok(())
    }

    /// Renames a file, and replaces an existing one.
    pub fn rename(&self, from: impl AsRef<Path>, to: impl AsRef<Path>) -> io::Result<()> {
        fs::rename(self.at(from), self.at(to))
    }

    /// Nothing: the system does not do it in one step.
    #[expect(clippy::unused_self, clippy::unnecessary_wraps, reason = "other systems do")]
    pub fn rename_without_replacing(&self, _: &str, _: &str) -> io::Result<Option<Opened<()>>> {
        Ok(None)
    }

    /// Removes a non-directory; a link itself, not its target.
    pub fn remove(&self, name: impl AsRef<Path>) -> io::Result<()> {
        let path = self.at(name);
        match fs::remove_file(&path) {
            // A link to a directory is removed like a directory.
            Err(error) if self.kind(&path)? == Some(Kind::Link) => fs::remove_dir(&path).map_err(|_| error),
            removed => removed,
        }
    }

    /// Removes a directory if it is empty. True if it was.
    pub fn remove_if_empty(&self, name: &str) -> io::Result<bool> {
        match fs::remove_dir(self.at(name)) {
            Ok(()) => Ok(true),
            Err(error) if error.kind() == ErrorKind::DirectoryNotEmpty => Ok(false),
            Err(error) if error.raw_os_error() == Some(IN_USE) => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Nothing: the system puts the names of a directory on the disk by itself.
    #[expect(clippy::unused_self, clippy::unnecessary_wraps, reason = "other systems are asked to")]
    pub fn sync(&self) -> io::Result<()> {
        Ok(())
    }

    /// The same for all: file systems are told apart only to put each on the disk.
    #[expect(clippy::unused_self, clippy::unnecessary_wraps, reason = "other systems tell")]
    pub fn read_device(&self) -> io::Result<u64> {
        Ok(0)
    }

    /// True if the system can put a whole file system on the disk.
    pub const CAN_SYNC_FILE_SYSTEM: bool = false;

    /// Nothing: the system cannot.
    #[expect(clippy::unused_self, clippy::unnecessary_wraps, reason = "other systems can")]
    pub fn sync_file_system(&self) -> io::Result<()> {
        Ok(())
    }

    /// No lock: the system has none for directories.
    #[expect(clippy::unused_self, clippy::unnecessary_wraps, reason = "other systems have locks")]
    pub fn lock(&self, _waits: bool) -> io::Result<Locking> {
        Ok(Locking::Unavailable)
    }
}
