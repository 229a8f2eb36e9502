//! The writing half of directories: what `workspace/directory.rs` opens is written to here.

#[cfg(unix)]
mod by_handle;
#[cfg(not(unix))]
mod by_path;

use std::io::{self, ErrorKind};

#[cfg(unix)]
pub use by_handle::file_mode;
#[cfg(not(unix))]
pub use by_path::file_mode;

pub(crate) use crate::workspace::{Directory, Found, Kind, MOST_DEEP, Opened, Version};

/// What became of an attempt to lock a directory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Locking {
    /// It is locked until the handle is closed, however that comes about.
    Held,
    /// Somebody else holds the lock.
    Busy,
    /// The file system has no locks for directories.
    Unavailable,
}

impl Directory {
    /// Opens a directory that was just made in this one, and so is on the same file system.
    pub fn enter_new(&self, name: &str) -> io::Result<Opened<Directory>> {
        let opened = self.enter(name)?;
        if let Opened::Open(inner) = &opened {
            let _ = inner.known_device().set(self.device()?);
        }
        Ok(opened)
    }

    /// Which file system it is on.
    pub fn device(&self) -> io::Result<u64> {
        if let Some(device) = self.known_device().get() {
            return Ok(*device);
        }
        let device = self.read_device()?;
        Ok(*self.known_device().get_or_init(|| device))
    }

    /// Renames a file to an unused name. An existing entry is kept and reported.
    pub fn rename_new(&self, from: &str, to: &str) -> io::Result<Opened<()>> {
        if let Some(renamed) = self.rename_without_replacing(from, to)? {
            return Ok(renamed);
        }
        match self.kind(to)? {
            Some(kind) => Ok(Opened::Else(kind)),
            None => self.rename(from, to).map(Opened::Open),
        }
    }

    /// Removes what has a name, if anything has it: a directory with all that is in it, but not what links point to.
    pub fn remove_all(&self, name: &str) -> io::Result<()> {
        self.remove_to_depth(name, MOST_DEEP)
    }

    fn remove_to_depth(&self, name: &str, depth: usize) -> io::Result<()> {
        match self.enter(name)? {
            Opened::Absent => Ok(()),
            Opened::Else(_) => self.remove(name),
            Opened::Open(inner) => {
                let deeper = depth.checked_sub(1).ok_or(ErrorKind::DirectoryNotEmpty)?;
                let mut names = Vec::new();
                inner.visit(|name, _| names.push(name.to_owned()))?;
                names.iter().try_for_each(|name| inner.remove_to_depth(name, deeper))?;
                // Not every system removes a directory that is open.
                drop(inner);
                self.remove_if_empty(name).map(drop)
            }
        }
    }
}
