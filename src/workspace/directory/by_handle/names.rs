//! The names in a directory.

use std::ffi::{CStr, OsStr, OsString};
use std::io;
#[cfg(target_os = "linux")]
use std::mem::MaybeUninit;
use std::os::unix::ffi::{OsStrExt as _, OsStringExt as _};
#[cfg(target_os = "linux")]
use std::sync::atomic::Ordering;

use rustix::fs::FileType;
#[cfg(target_os = "linux")]
use rustix::fs::{RawDir, SeekFrom};
use rustix::io::retry_on_intr;

use crate::workspace::directory::Kind;
use crate::workspace::directory::by_handle::Directory;

/// How many bytes of names are read at once. The directory of an overlay has few.
#[cfg(target_os = "linux")]
const NAMES_AT_ONCE: usize = 4096;

impl Directory {
    /// All names in this directory, in the order of their bytes.
    pub fn names(&self) -> io::Result<Vec<(OsString, Kind)>> {
        let mut names = Vec::new();
        self.visit_all(|name, kind| names.push((OsString::from_vec(name.to_bytes().to_vec()), kind)))?;
        names.sort();
        Ok(names)
    }

    /// Shows all names in this directory that are text, in no order.
    pub fn visit(&self, mut see: impl FnMut(&str, Kind)) -> io::Result<()> {
        self.visit_all(|name, kind| {
            if let Ok(name) = name.to_str() {
                see(name, kind);
            }
        })
    }

    #[cfg(target_os = "linux")]
    fn visit_all(&self, mut see: impl FnMut(&CStr, Kind)) -> io::Result<()> {
        let mut buffer = [const { MaybeUninit::uninit() }; NAMES_AT_ONCE];
        if self.was_visited.swap(true, Ordering::Relaxed) {
            retry_on_intr(|| rustix::fs::seek(&self.handle, SeekFrom::Start(0)))?;
        }
        let mut entries = RawDir::new(&self.handle, &mut buffer);
        while let Some(entry) = entries.next() {
            let entry = entry?;
            self.see(entry.file_name(), entry.file_type(), &mut see)?;
        }
        Ok(())
    }

    #[cfg(not(target_os = "linux"))]
    fn visit_all(&self, mut see: impl FnMut(&CStr, Kind)) -> io::Result<()> {
        for entry in retry_on_intr(|| rustix::fs::Dir::read_from(&self.handle))? {
            let entry = entry?;
            self.see(entry.file_name(), entry.file_type(), &mut see)?;
        }
        Ok(())
    }

    fn see(&self, name: &CStr, found: FileType, see: &mut impl FnMut(&CStr, Kind)) -> io::Result<()> {
        if matches!(name.to_bytes(), b"." | b"..") {
            return Ok(());
        }
        // Some file systems return only names.
        let kind = if found == FileType::Unknown {
            self.kind(OsStr::from_bytes(name.to_bytes()))?
        } else {
            Some(Kind::from(found))
        };
        if let Some(kind) = kind {
            see(name, kind);
        }
        Ok(())
    }
}
