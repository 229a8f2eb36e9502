//! The writing half of directories by their handles: what `workspace/directory.rs` opens is written to here.

use std::fs::{File, Permissions};
use std::io::{self, ErrorKind, Write as _};
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};

#[cfg(target_os = "linux")]
use rustix::fs::RenameFlags;
use rustix::fs::{AtFlags, FlockOperation, Mode, OFlags};
use rustix::io::{Errno, retry_on_intr};
use rustix::path::Arg;

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

    /// Opens a directory that was just made in this one, and so is on the same file system.
    pub fn enter_new(&self, name: &str) -> io::Result<Opened<Directory>> {
        let opened = self.enter(name)?;
        if let Opened::Open(inner) = &opened {
            let _ = inner.known_device().set(self.device()?);
        }
        Ok(opened)
    }

    /// Creates and writes a file that does not exist, not even as a link. `mode`: the mode, or else that of the umask.
    /// `is_lasting`: whether to flush it before returning.
    pub fn create(
        &self,
        name: impl Arg + Copy,
        bytes: &[u8],
        mode: Option<u32>,
        is_lasting: bool,
    ) -> io::Result<()> {
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
    pub fn rename(&self, from: impl Arg + Copy, to: impl Arg + Copy) -> io::Result<()> {
        Ok(retry_on_intr(|| rustix::fs::renameat(self.handle(), from, self.handle(), to))?)
    }

    /// Renames a file to an unused name. An existing entry is kept and reported.
    pub fn rename_new(&self, from: &str, to: &str) -> io::Result<Opened<()>> {
        #[cfg(target_os = "linux")]
        {
            let no_replace = RenameFlags::NOREPLACE;
            let rename = || rustix::fs::renameat_with(self.handle(), from, self.handle(), to, no_replace);
            match retry_on_intr(rename) {
                Ok(()) => return Ok(Opened::Open(())),
                Err(Errno::EXIST) => return Ok(self.kind(to)?.map_or(Opened::Absent, Opened::Else)),
                // Not every file system supports this in one step.
                Err(Errno::INVAL | Errno::NOSYS) => {}
                Err(error) => return Err(error.into()),
            }
        }
        match self.kind(to)? {
            Some(kind) => Ok(Opened::Else(kind)),
            None => self.rename(from, to).map(Opened::Open),
        }
    }

    /// Removes a non-directory; a link itself, not its target.
    pub fn remove(&self, name: impl Arg + Copy) -> io::Result<()> {
        Ok(retry_on_intr(|| rustix::fs::unlinkat(self.handle(), name, AtFlags::empty()))?)
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
                self.remove_if_empty(name).map(drop)
            }
        }
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

    /// Which file system it is on.
    pub fn device(&self) -> io::Result<u64> {
        if let Some(device) = self.known_device().get() {
            return Ok(*device);
        }
        let device = self.handle().metadata()?.dev();
        Ok(*self.known_device().get_or_init(|| device))
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
