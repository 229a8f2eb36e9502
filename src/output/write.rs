//! Puts a plan on the disk. The only code that writes there.
//!
//! First every file that changes is written beside its place, whole. Then all of them are put on the disk at once, so
//! that a loss of power leaves each as it was or as it is to be. Only then does each take its place. So whatever goes
//! wrong before that, a full disk above all, changes nothing.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, ErrorKind};

use crate::output::directory::{Directory, Opened, Version};
use crate::output::plan::{Change, Orphan, Place, Plan, Planned};
use crate::output::tree::{Outcome, Tree, cause, in_the_way};
use crate::problem::{FileFault, FileProblem};

/// Up to so many files are put on the disk one by one. Where there are more, the whole file system is asked once: that
/// takes one flush instead of hundreds, but waits for what others wrote there too.
const FEW: usize = 16;

/// What the names of temporary files begin with.
const BEGIN: &str = ".flux-identity-build-";
/// What the names of temporary files end with.
const END: &str = ".tmp";

/// Whether a file is one that a build makes for the moment. Under the lock of a build there is none but those that a
/// killed build left behind.
pub fn is_left_over(name: &str) -> bool {
    name.starts_with(BEGIN) && name.ends_with(END)
}

/// Writes what a plan changes, and removes its orphans. `is_alone`: whether the tree is locked, so that temporary files
/// that are there are nobody's.
///
/// # Errors
/// If something cannot be written. Every file is whole then, as it was or as it is to be; the next build goes on.
pub fn write(plan: &Plan, tree: &mut Tree, is_alone: bool) -> Result<(), FileProblem> {
    let changed: Vec<&Planned> = plan.files.iter().filter(|planned| planned.change != Change::Keep).collect();
    let is_large = Directory::CAN_SYNC_FILE_SYSTEM && changed.len() > FEW;
    let mut batch = Batch { is_large, ..Batch::default() };
    let written = batch.write(plan, &changed, is_alone, tree);
    if written.is_err() {
        batch.clear(tree);
    }
    written.map_err(|problem| *problem)
}

/// Files that are written together.
#[derive(Debug, Default)]
struct Batch {
    is_large: bool,
    /// The temporary files that have not taken their places yet.
    waiting: BTreeSet<Place>,
    /// The directories whose names changed.
    touched: BTreeSet<String>,
    /// The file systems that were written to, each with a directory on it.
    file_systems: BTreeMap<u64, String>,
}

impl Batch {
    fn write(&mut self, plan: &Plan, changed: &[&Planned], is_alone: bool, tree: &mut Tree) -> Outcome<()> {
        if is_alone {
            for place in &plan.left_over {
                remove(place, None, tree)?;
            }
        }
        for planned in changed {
            self.write_beside(planned, is_alone, tree)?;
        }
        self.sync_file_systems(tree)?;
        // What was gone through so far may be another directory by now.
        tree.forget();
        for planned in changed {
            self.put_in_place(planned, tree)?;
        }
        for orphan in &plan.orphans {
            self.remove_orphan(orphan, tree)?;
        }
        if self.is_large { self.sync_file_systems(tree) } else { self.sync_directories(tree) }
    }

    /// Writes a file beside its place.
    fn write_beside(&mut self, planned: &Planned, is_alone: bool, tree: &mut Tree) -> Outcome<()> {
        let mode = match &planned.change {
            Change::Replace(found) => Some(found.mode),
            Change::Keep | Change::Create => None,
        };
        let temporary = temporary(&planned.place);
        let Place { directory, name } = &temporary;
        let touched = &mut self.touched;
        let unwritable = tree.problem(&planned.place.path(), FileFault::InTheWay);
        let open = tree.make(directory, &mut |made| {
            let _new = touched.insert(made.to_owned());
        })?;
        let (bytes, is_lasting) = (planned.text.as_bytes(), !self.is_large);
        let _new = self.waiting.insert(temporary.clone());
        let _new = self.touched.insert(directory.clone());
        let written = match open.create(name, bytes, mode, is_lasting) {
            // One of a run that was killed; or a link that somebody put there, which goes, not what it points to.
            Err(error) if error.kind() == ErrorKind::AlreadyExists && is_alone => {
                open.remove(name).and_then(|()| open.create(name, bytes, mode, is_lasting))
            }
            written => written,
        };
        let device = written.and_then(|()| if self.is_large { open.device().map(Some) } else { Ok(None) });
        match device {
            Ok(device) => {
                self.file_systems.extend(device.map(|device| (device, directory.clone())));
                Ok(())
            }
            Err(error) => {
                let fault = FileFault::Unwritable { cause: cause(&error) };
                Err(Box::new(FileProblem { fault, ..*unwritable }))
            }
        }
    }

    /// Puts on the disk all that was written, where that was not done file by file.
    fn sync_file_systems(&self, tree: &mut Tree) -> Outcome<()> {
        for directory in self.file_systems.values() {
            within(directory, tree, Directory::sync_file_system)?;
        }
        Ok(())
    }

    fn sync_directories(&self, tree: &mut Tree) -> Outcome<()> {
        self.touched.iter().try_for_each(|directory| within(directory, tree, Directory::sync))
    }

    /// Lets a file that was written beside its place take it, if what stands there is still what was planned for.
    fn put_in_place(&mut self, planned: &Planned, tree: &mut Tree) -> Outcome<()> {
        let expected = match &planned.change {
            Change::Replace(found) => Some(&found.version),
            Change::Keep | Change::Create => None,
        };
        let temporary = temporary(&planned.place);
        at(&planned.place, tree, |directory, name| {
            expect(directory, name, expected)?;
            directory.rename(&temporary.name, name).map_err(|error| failed(&error))
        })?;
        let _waited = self.waiting.remove(&temporary);
        Ok(())
    }

    fn remove_orphan(&mut self, orphan: &Orphan, tree: &mut Tree) -> Outcome<()> {
        remove(&orphan.place, Some(&orphan.found.version), tree)?;
        let mut directory = orphan.place.directory.as_str();
        while !directory.is_empty() {
            let (up, name) = directory.rsplit_once('/').unwrap_or(("", directory));
            let place = Place { directory: up.to_owned(), name: name.to_owned() };
            if !at(&place, tree, |open, name| open.remove_if_empty(name).map_err(|error| failed(&error)))? {
                break;
            }
            directory = up;
        }
        let _new = self.touched.insert(directory.to_owned());
        Ok(())
    }

    /// Removes the temporary files of a batch that failed.
    fn clear(&self, tree: &mut Tree) {
        for place in &self.waiting {
            // What went wrong is what is reported, not that the rest of it could not be cleared away.
            let _cleared = remove(place, None, tree);
        }
    }
}

/// The temporary file that is written beside a place.
fn temporary(place: &Place) -> Place {
    let name = format!("{BEGIN}{}-{}{END}", std::process::id(), place.name);
    Place { directory: place.directory.clone(), name }
}

/// Removes a file, if it is still the one that is `expected`; one that is gone is gone.
fn remove(place: &Place, expected: Option<&Version>, tree: &mut Tree) -> Outcome<()> {
    at(place, tree, |directory, name| {
        if expected.is_some() {
            expect(directory, name, expected)?;
        }
        match directory.remove(name) {
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
            Err(error) => Err(FileFault::Unremovable { cause: cause(&error) }),
            Ok(()) => Ok(()),
        }
    })
}

/// Whether a file is still the one that was planned for; that there is none for nothing.
fn expect(directory: &Directory, name: &str, expected: Option<&Version>) -> Result<(), FileFault> {
    match (directory.version(name).map_err(|error| failed(&error))?, expected) {
        (Opened::Absent, None) => Ok(()),
        (Opened::Open(found), Some(expected)) if found == *expected => Ok(()),
        (Opened::Else(kind), _) => Err(in_the_way(kind)),
        (Opened::Absent | Opened::Open(_), _) => Err(FileFault::ChangedMeanwhile),
    }
}

fn failed(error: &io::Error) -> FileFault {
    FileFault::Unwritable { cause: cause(error) }
}

/// Does something with a file in its directory.
fn at<T>(
    place: &Place,
    tree: &mut Tree,
    act: impl FnOnce(&Directory, &str) -> Result<T, FileFault>,
) -> Outcome<T> {
    let done = match tree.enter(&place.directory)? {
        Some(directory) => act(directory, &place.name),
        None => Err(FileFault::ChangedMeanwhile),
    };
    done.map_err(|fault| tree.problem(&place.path(), fault))
}

/// Does something with a directory, unless it is gone.
fn within(path: &str, tree: &mut Tree, act: impl FnOnce(&Directory) -> io::Result<()>) -> Outcome<()> {
    let done = tree.enter(path)?.map_or(Ok(()), act);
    done.map_err(|error| tree.problem(path, failed(&error)))
}
