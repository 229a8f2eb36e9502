//! What a fleet meets on this disk.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fs;
use std::io::ErrorKind;
use std::path::PathBuf;
use std::rc::Rc;

use crate::check::{Installed, Surroundings};
use crate::digest;
use crate::installed;
use crate::model::{GOTK_COMPONENTS, Installation, OutputPath};
use crate::output::cause;
use crate::problem::{FileFault, FileProblem};

/// The directory of a source. Most clusters of a fleet install the same; the same bytes are parsed once.
pub struct Disk {
    root: PathBuf,
    known: RefCell<BTreeMap<[u8; 32], Option<Rc<Installation>>>>,
}

impl Disk {
    /// The disk as a source in this directory sees it.
    pub fn below(root: PathBuf) -> Disk {
        Disk { root, known: RefCell::default() }
    }

    fn parse(&self, bytes: &[u8]) -> Option<Rc<Installation>> {
        let mut known = self.known.borrow_mut();
        let installation = known.entry(digest::of(bytes)).or_insert_with(|| {
            let text = std::str::from_utf8(bytes).ok()?;
            installed::read(text).map(Rc::new)
        });
        installation.clone()
    }
}

impl Surroundings for Disk {
    #[expect(clippy::disallowed_methods, reason = "the file system is met here")]
    fn installation(&self, output: &OutputPath) -> Installed {
        let path = self.root.join(output.as_str()).join(GOTK_COMPONENTS);
        let unreadable =
            |fault| Installed::Unreadable(FileProblem { path: path.display().to_string(), fault });
        match fs::read(&path) {
            Ok(bytes) => match self.parse(&bytes) {
                Some(installation) => Installed::Known(installation),
                None => unreadable(FileFault::NotManifests),
            },
            Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => {
                Installed::Absent
            }
            Err(error) => unreadable(FileFault::Unreadable { cause: cause(&error) }),
        }
    }
}
