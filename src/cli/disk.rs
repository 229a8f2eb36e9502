//! The disk as a build sees it: what it notes in the directories of overlays is noted for the plan too.

use std::ffi::OsString;
use std::path::Path;

use crate::output::{Listed, Listings};
use crate::workspace::{self, Entry, Kind, Reads, Unread, Workspace};

/// The directory of a source, and what was seen in the directories of overlays.
pub struct Disk {
    disk: workspace::Disk,
    listings: Listings,
}

impl Disk {
    /// The disk as a source in this directory sees it.
    pub fn open(root: &Path) -> Disk {
        Disk { disk: workspace::Disk::open(root), listings: Listings::below(root) }
    }

    /// What was read, and what was seen in directories.
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
