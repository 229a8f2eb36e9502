//! Writing to directories by their handles, on Unix.

use std::fs::{File, Metadata, Permissions};
use std::io::{self, ErrorKind, Write as _};
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::path::Path;

#[cfg(target_os = "linux")]
use rustix::fs::RenameFlags;
use rustix::fs::{AtFlags, FlockOperation, Mode, OFlags};
use rustix::io::{Errno, retry_on_intr};

use crate::output::directory::{Directory, Locking, Opened};

/// Who may do what with a file.
pub fn file_mode(found: &Metadata) -> u32 {
    found.permissions().mode() & 0o7777
}

impl Directory {
    /// Makes a directory in this one, with what the umask leaves of all rights; whether it did, for nothing is made where
    /// something is.
    pub fn create_directory(&self, name: &str) -> io::Result<bool> {
        let all = Mode::RWXU | Mode::RWXG | Mode::RWXO;
        match retry_on_intr(|| rustix::fs::mkdirat(self.handle(), name, all)) {
            Ok(()) => Ok(true),
            Err(Errno::EXIST) => Ok(false),
            Err(error) => Err(error.into()),
        }
    }

    /// Creates and writes a file that does not exist, not even as a link. `mode`: the mode, or else that of the umask.
    /// `is_lasting`: whether to flush it before returning.
    pub fn create(
        &self,
        name: impl AsRef<Path>,
        bytes: &[u8],
        mode: Option<u32>,
        is_lasting: bool,
    ) -> io::Result<()> {
        let name = name.as_ref();
        let flags = OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        let all = Mode::RUSR | Mode::WUSR | Mode::RGRP | Mode::WGRP | Mode::ROTH | Mode::WOTH;
        let mut file: File = retry_on_intr(|| rustix::fs::openat(self.handle(), name, flags, all))?.into();
        file.write_all(bytes)?;
        if let Some(mode) = mode {
            file.set_permissions(Permissions::from_mode(mode))?;
        }
        if is_lasting {
            file.sync_all()?;
        }
        Ok(())
    }

    /// Renames a file, and replaces an existing one.
    pub fn rename(&self, from: impl AsRef<Path>, to: impl AsRef<Path>) -> io::Result<()> {
        let (from, to) = (from.as_ref(), to.as_ref());
        Ok(retry_on_intr(|| rustix::fs::renameat(self.handle(), from, self.handle(), to))?)
    }

    /// Renames a file to an unused name in one step. An existing entry is kept and reported. Nothing comes back where the
    /// file system cannot do that.
    #[cfg(target_os = "linux")]
    pub fn rename_without_replacing(&self, from: &str, to: &str) -> io::Result<Option<Opened<()>>> {
        let no_replace = RenameFlags::NOREPLACE;
        let rename = || rustix::fs::renameat_with(self.handle(), from, self.handle(), to, no_replace);
        match retry_on_intr(rename) {
            Ok(()) => Ok(Some(Opened::Open(()))),
            Err(Errno::EXIST) => Ok(Some(self.kind(to)?.map_or(Opened::Absent, Opened::Else))),
            Err(Errno::INVAL | Errno::NOSYS) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// Nothing: this system has no word for it that we use.
    #[cfg(not(target_os = "linux"))]
    #[expect(clippy::unused_self, clippy::unnecessary_wraps, reason = "other systems have more")]
    pub fn rename_without_replacing(&self, _: &str, _: &str) -> io::Result<Option<Opened<()>>> {
        Ok(None)
    }

    /// Removes a non-directory; a link itself, not its target.
    pub fn remove(&self, name: impl AsRef<Path>) -> io::Result<()> {
        let name = name.as_ref();
        Ok(retry_on_intr(|| rustix::fs::unlinkat(self.handle(), name, AtFlags::empty()))?)
    }

    /// Removes a directory if it is empty. True if it was.
    pub fn remove_if_empty(&self, name: &str) -> io::Result<bool> {
        match retry_on_intr(|| rustix::fs::unlinkat(self.handle(), name, AtFlags::REMOVEDIR)) {
            Ok(()) => Ok(true),
            Err(Errno::NOTEMPTY | Errno::EXIST | Errno::BUSY) => Ok(false),
            Err(error) => Err(error.into()),
        }
    }

    /// Puts on the disk which names this directory has.
    pub fn sync(&self) -> io::Result<()> {
        match self.handle().sync_all() {
            // Some file systems order directory writes themselves and reject this call.
            Err(error) if error.kind() == ErrorKind::InvalidInput => Ok(()),
            synced => synced,
        }
    }

    /// Which file system it is on, by the system's word.
    pub fn read_device(&self) -> io::Result<u64> {
        Ok(self.handle().metadata()?.dev())
    }

    /// True if the system can put a whole file system on the disk.
    pub const CAN_SYNC_FILE_SYSTEM: bool = cfg!(target_os = "linux");

    /// Puts on the disk everything that was written to this directory's file system, where the system can.
    pub fn sync_file_system(&self) -> io::Result<()> {
        #[cfg(target_os = "linux")]
        retry_on_intr(|| rustix::fs::syncfs(self.handle()))?;
        Ok(())
    }

    /// Locks this directory against others who do. Nothing is made on the disk for it.
    pub fn lock(&self, waits: bool) -> io::Result<Locking> {
        let operation =
            if waits { FlockOperation::LockExclusive } else { FlockOperation::NonBlockingLockExclusive };
        match retry_on_intr(|| rustix::fs::flock(self.handle(), operation)) {
            Ok(()) => Ok(Locking::Held),
            Err(Errno::WOULDBLOCK) => Ok(Locking::Busy),
            // Over NFS a lock wants a handle for writing, and a directory has none.
            Err(Errno::BADF | Errno::NOLCK | Errno::NOSYS | Errno::OPNOTSUPP) => Ok(Locking::Unavailable),
            Err(error) => Err(error.into()),
        }
    }
}
