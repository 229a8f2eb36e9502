//! What a fleet meets on this disk.

use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::rc::Rc;

use crate::check::{Entry, Surroundings, Unread};
use crate::model::LocalPath;
use crate::output::cause;

/// The directory of a source.
pub struct Disk {
    root: PathBuf,
}

impl Disk {
    /// The disk as a source in this directory sees it.
    pub fn below(root: PathBuf) -> Disk {
        Disk { root }
    }

    fn path(&self, path: &LocalPath) -> PathBuf {
        // What the user would type has no `/` at its end.
        if path.as_str().is_empty() { self.root.clone() } else { self.root.join(path.as_str()) }
    }

    /// The directory itself, where the user would type nothing for it.
    fn real(path: &Path) -> io::Result<PathBuf> {
        let here = if path.as_os_str().is_empty() { Path::new(".") } else { path };
        #[expect(clippy::disallowed_methods, reason = "the file system is met here")]
        fs::canonicalize(here)
    }
}

impl Surroundings for Disk {
    fn entry(&self, path: &LocalPath, within: &LocalPath) -> Entry {
        let looked = Disk::real(&self.path(path)).and_then(|real| {
            #[expect(clippy::disallowed_methods, reason = "the file system is met here")]
            let is_directory = fs::metadata(&real)?.is_dir();
            let is_inside = real.starts_with(Disk::real(&self.path(within))?);
            Ok((is_inside, is_directory))
        });
        match looked {
            Ok((false, _)) => Entry::Outside,
            Ok((true, true)) => Entry::Directory,
            Ok((true, false)) => Entry::File,
            Err(error) if is_missing(&error) => Entry::Missing,
            Err(error) => Entry::Unreadable { cause: cause(&error) },
        }
    }

    fn text(&self, path: &LocalPath) -> Result<Rc<str>, Unread> {
        #[expect(clippy::disallowed_methods, reason = "the file system is met here")]
        let read = fs::read(self.path(path));
        match read {
            Ok(bytes) => String::from_utf8(bytes).map(Rc::from).map_err(|_| Unread::NotText),
            Err(error) if is_missing(&error) => Err(Unread::Missing),
            Err(error) => Err(Unread::Unreadable { cause: cause(&error) }),
        }
    }

    fn shown(&self, path: &LocalPath) -> String {
        self.path(path).display().to_string()
    }
}

fn is_missing(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory)
}
