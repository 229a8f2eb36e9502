//! The disk as a build reads it, with a record of the directory listings that the plan reuses.

use std::ffi::OsString;
use std::path::Path;

use crate::output::{Listed, Listings};
use crate::workspace::{self, Entry, Kind, Reads, Unread, Workspace};

/// The directory of a source, and the listings of overlay directories.
pub struct Disk {
    disk: workspace::Disk,
    listings: Listings,
}

impl Disk {
    /// Opens the directory of a source.
    pub fn open(root: &Path) -> Disk {
        Disk { disk: workspace::Disk::open(root), listings: Listings::below(root) }
    }

    pub fn into_parts(self) -> (Reads, Listed) {
        (self.disk.into_reads(), self.listings.into_listed())
    }
}

impl Workspace for Disk {
    fn entry(&self, path: &Path) -> Entry {
        self.disk.entry(path)
    }

    fn read(&self, path: &Path, limit: u64) -> Result<Vec<u8>, Unread> {
        self.disk.read(path, limit)
    }

    fn names(&self, directory: &Path) -> Result<Vec<(OsString, Kind)>, Unread> {
        self.disk.names(directory)
    }

    fn shown(&self, path: &Path) -> String {
        self.disk.shown(path)
    }

    fn may_be_bootstrapped(&self, directory: &str) -> bool {
        self.listings.may_be_bootstrapped(directory)
    }
}
