//! What a fleet meets on this disk.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
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

/// The directory of a source, and what is asked of its fleet. Most clusters of a fleet install the same; the same bytes
/// are parsed once.
pub struct Disk {
    /// Nothing for a source from standard input.
    root: Option<PathBuf>,
    asked: Vec<String>,
    known: RefCell<BTreeMap<[u8; 32], Option<Rc<Installation>>>>,
    read: RefCell<BTreeSet<PathBuf>>,
}

impl Disk {
    /// The disk as a source in this directory sees it. `asked`: whose values are wanted of every cluster.
    pub fn below(root: Option<PathBuf>, asked: Vec<String>) -> Disk {
        Disk { root, asked, known: RefCell::default(), read: RefCell::default() }
    }

    /// The files that were read.
    pub fn into_read(self) -> BTreeSet<PathBuf> {
        self.read.into_inner()
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
        let Some(root) = &self.root else { return Installed::Unseen };
        let path = root.join(output.as_str()).join(GOTK_COMPONENTS);
        let unreadable =
            |fault| Installed::Unreadable(FileProblem { path: path.display().to_string(), fault });
        match fs::read(&path) {
            Ok(bytes) => {
                let _new = self.read.borrow_mut().insert(path.clone());
                match self.parse(&bytes) {
                    Some(installation) => Installed::Known(installation),
                    None => unreadable(FileFault::NotManifests),
                }
            }
            Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => {
                Installed::Absent
            }
            Err(error) => unreadable(FileFault::Unreadable { cause: cause(&error) }),
        }
    }

    fn asked(&self) -> &[String] {
        &self.asked
    }
}
