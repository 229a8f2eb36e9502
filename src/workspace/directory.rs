//! Directories below which nothing leads out. Operations follow no link, and concurrent changes cannot lead them elsewhere.

#[cfg(unix)]
mod by_handle;
#[cfg(not(unix))]
mod by_path;
mod files;

use std::fs::FileType;

#[cfg(unix)]
pub use by_handle::{Directory, Opening, Version};
#[cfg(not(unix))]
pub use by_path::{Directory, Opening, Version};
pub use files::{Found, read_regular_file};

/// The maximum depth of directories. No generated path is deeper.
pub const MOST_DEEP: usize = 512;

/// The kind of a name in a directory.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    File,
    Directory,
    Link,
    Pipe,
    /// A character or block device.
    Device,
    /// A socket, or what the system has no word for.
    Socket,
}

/// What became of an attempt to open or to read a name.
#[derive(Debug)]
pub enum Opened<T> {
    /// There is no such name.
    Absent,
    Else(Kind),
    Open(T),
}

impl From<FileType> for Kind {
    fn from(found: FileType) -> Kind {
        if found.is_file() {
            Kind::File
        } else if found.is_dir() {
            Kind::Directory
        } else if found.is_symlink() {
            Kind::Link
        } else {
            special(found)
        }
    }
}

#[cfg(unix)]
fn special(found: FileType) -> Kind {
    use std::os::unix::fs::FileTypeExt as _;
    if found.is_fifo() {
        Kind::Pipe
    } else if found.is_socket() {
        Kind::Socket
    } else {
        Kind::Device
    }
}

#[cfg(not(unix))]
fn special(_: FileType) -> Kind {
    Kind::Device
}
