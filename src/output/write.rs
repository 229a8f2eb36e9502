//! Puts a plan on the disk. The only code that writes there.
//!
//! First every file that changes is written beside its place, whole. Then all of them are put on the disk at once, so
//! that a loss of power leaves each as it was or as it is to be. Only then does each take its place. So whatever goes
//! wrong before that, a full disk above all, changes nothing.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, ErrorKind};
use std::sync::LazyLock;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::output::directory::{Directory, Kind, Opened, Version};
use crate::output::plan::{Change, Orphan, Place, Plan, Planned};
use crate::output::tree::{Outcome, Tree, cause, in_the_way};
use crate::parallel;
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
        self.write_beside(changed, is_alone, tree)?;
        self.sync_file_systems(tree)?;
        // What was gone through so far may be another directory by now.
        tree.forget();
        self.put_in_place(changed, tree)?;
        for orphan in &plan.orphans {
            self.remove_orphan(orphan, tree)?;
        }
        if self.is_large { self.sync_file_systems(tree) } else { self.sync_directories(tree) }
    }

    /// Writes all files beside their places.
    fn write_beside(&mut self, changed: &[&Planned], is_alone: bool, tree: &Tree) -> Outcome<()> {
        let how = How { is_alone, is_lasting: !self.is_large };
        let mut outcome = Ok(());
        for done in all(changed, tree, |planned, tree| beside(planned, how, tree)) {
            self.waiting.extend(done.waiting);
            self.touched.extend(done.touched);
            self.file_systems.extend(done.file_system);
            outcome = outcome.and(done.outcome);
        }
        outcome
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

    /// Lets all files that were written beside their places take them.
    fn put_in_place(&mut self, changed: &[&Planned], tree: &Tree) -> Outcome<()> {
        let mut outcome = Ok(());
        for done in all(changed, tree, |planned, tree| InPlace(planned, in_place(planned, tree))) {
            if done.1.is_ok() {
                let _waited = self.waiting.remove(&temporary(&done.0.place));
            }
            outcome = outcome.and(done.1);
        }
        outcome
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

/// How files are written beside their places.
#[derive(Clone, Copy, Debug)]
struct How {
    /// Whether temporary files that are there are nobody's.
    is_alone: bool,
    /// Whether each is put on the disk by itself.
    is_lasting: bool,
}

/// What came of something that was done to one file.
trait Done {
    /// Whether it failed.
    fn has_failed(&self) -> bool;
}

/// What came of writing a file beside its place.
struct Beside {
    outcome: Outcome<()>,
    /// The temporary file, if it was begun.
    waiting: Option<Place>,
    /// The directories whose names changed.
    touched: Vec<String>,
    /// The file system that it is on, and a directory on it.
    file_system: Option<(u64, String)>,
}

impl Done for Beside {
    fn has_failed(&self) -> bool {
        self.outcome.is_err()
    }
}

/// What came of letting a file take its place.
struct InPlace<'p>(&'p Planned, Outcome<()>);

impl Done for InPlace<'_> {
    fn has_failed(&self) -> bool {
        self.1.is_err()
    }
}

/// How many files a thread takes at once.
const BLOCK: usize = 64;

/// Does something to all files, many at once. After a failure no more are begun.
fn all<'p, D: Done + Send>(
    changed: &[&'p Planned],
    tree: &Tree,
    act: impl Fn(&'p Planned, &mut Tree) -> D + Sync,
) -> impl Iterator<Item = D> {
    let failed = AtomicBool::new(false);
    let done = parallel::map_with(
        changed,
        BLOCK,
        || tree.another(),
        |tree, planned| {
            if failed.load(Ordering::Relaxed) {
                return None;
            }
            let done = act(planned, tree);
            if done.has_failed() {
                failed.store(true, Ordering::Relaxed);
            }
            Some(done)
        },
    );
    done.flatten()
}

/// Writes a file beside its place.
fn beside(planned: &Planned, how: How, tree: &mut Tree) -> Beside {
    let mut done = Beside { outcome: Ok(()), waiting: None, touched: Vec::new(), file_system: None };
    done.outcome = done.write(planned, how, tree);
    done
}

impl Beside {
    fn write(&mut self, planned: &Planned, how: How, tree: &mut Tree) -> Outcome<()> {
        let temporary = temporary(&planned.place);
        let touched = &mut self.touched;
        let (mode, open) = match &planned.change {
            Change::Replace(found) => (Some(found.mode), tree.enter(&temporary.directory)?),
            Change::Keep | Change::Create => {
                let made = tree.make(&temporary.directory, &mut |made| touched.push(made.to_owned()))?;
                (None, Some(made))
            }
        };
        let Some(open) = open else {
            return Err(tree.problem(&planned.place.path(), FileFault::ChangedMeanwhile));
        };
        let (bytes, name) = (planned.text.as_bytes(), temporary.name.as_str());
        let written = match open.create(name, bytes, mode, how.is_lasting) {
            // One of a run that was killed; or a link that somebody put there, which goes, not what it points to.
            Err(error) if error.kind() == ErrorKind::AlreadyExists && how.is_alone => {
                open.remove(name).and_then(|()| open.create(name, bytes, mode, how.is_lasting))
            }
            written => written,
        };
        let device = written.and_then(|()| if how.is_lasting { Ok(None) } else { open.device().map(Some) });
        self.touched.push(temporary.directory.clone());
        let outcome = device
            .map(|device| self.file_system = device.map(|device| (device, temporary.directory.clone())))
            .map_err(|error| tree.problem(&planned.place.path(), failed(&error)));
        self.waiting = Some(temporary);
        outcome
    }
}

/// Lets a file that was written beside its place take it, if what stands there is still what was planned for.
fn in_place(planned: &Planned, tree: &mut Tree) -> Outcome<()> {
    let temporary = temporary(&planned.place);
    at(&planned.place, tree, |directory, name| match &planned.change {
        Change::Replace(found) => {
            expect(directory, name, &found.version)?;
            directory.rename(&temporary.name, name).map_err(|error| failed(&error))
        }
        Change::Keep | Change::Create => match directory.rename_new(&temporary.name, name) {
            Ok(Opened::Open(())) => Ok(()),
            Ok(Opened::Else(Kind::File) | Opened::Absent) => Err(FileFault::ChangedMeanwhile),
            Ok(Opened::Else(kind)) => Err(in_the_way(kind)),
            Err(error) => Err(failed(&error)),
        },
    })
}

/// The number of this process, which the system is asked for once.
static PROCESS: LazyLock<u32> = LazyLock::new(std::process::id);

/// The temporary file that is written beside a place.
fn temporary(place: &Place) -> Place {
    let name = format!("{BEGIN}{}-{}{END}", *PROCESS, place.name);
    Place { directory: place.directory.clone(), name }
}

/// Removes a file, if it is still the one that is `expected`; one that is gone is gone.
fn remove(place: &Place, expected: Option<&Version>, tree: &mut Tree) -> Outcome<()> {
    at(place, tree, |directory, name| {
        if let Some(expected) = expected {
            expect(directory, name, expected)?;
        }
        match directory.remove(name) {
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
            Err(error) => Err(FileFault::Unremovable { cause: cause(&error) }),
            Ok(()) => Ok(()),
        }
    })
}

/// Whether a file is still the one that was planned for.
fn expect(directory: &Directory, name: &str, expected: &Version) -> Result<(), FileFault> {
    match directory.version(name).map_err(|error| failed(&error))? {
        Opened::Open(found) if found == *expected => Ok(()),
        Opened::Else(kind) => Err(in_the_way(kind)),
        Opened::Absent | Opened::Open(_) => Err(FileFault::ChangedMeanwhile),
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
