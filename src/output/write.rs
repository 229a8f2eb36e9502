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
struct Batch<'p> {
    is_large: bool,
    /// The files that stand beside their places.
    waiting: Vec<&'p Place>,
    /// The directories whose names changed, where each is put on the disk by itself.
    touched: BTreeSet<String>,
    /// The file systems that were written to, each with a directory on it.
    file_systems: BTreeMap<u64, String>,
}

impl<'p> Batch<'p> {
    fn write(
        &mut self,
        plan: &Plan,
        changed: &[&'p Planned],
        is_alone: bool,
        tree: &mut Tree,
    ) -> Outcome<()> {
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
    fn write_beside(&mut self, changed: &[&'p Planned], is_alone: bool, tree: &Tree) -> Outcome<()> {
        let how = How { is_alone, is_lasting: !self.is_large };
        let begin = || Writer { tree: tree.another(), how, device: None };
        let mut outcome = Ok(());
        for (planned, done) in changed.iter().zip(all(changed, begin, Writer::beside)) {
            let Some(done) = done else { continue };
            self.waiting.extend(done.is_begun.then_some(&planned.place));
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
    fn put_in_place(&mut self, changed: &[&'p Planned], tree: &Tree) -> Outcome<()> {
        let mut outcome = Ok(());
        self.waiting.clear();
        let put = |tree: &mut Tree, planned: &Planned| in_place(planned, tree);
        for (planned, done) in changed.iter().zip(all(changed, || tree.another(), put)) {
            match done {
                Some(Ok(())) => {}
                Some(Err(problem)) => {
                    self.waiting.push(&planned.place);
                    outcome = outcome.and(Err(problem));
                }
                None => self.waiting.push(&planned.place),
            }
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
            let temporary = Place { directory: place.directory.clone(), name: temporary(&place.name) };
            // What went wrong is what is reported, not that the rest of it could not be cleared away.
            let _cleared = remove(&temporary, None, tree);
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

impl Done for Outcome<()> {
    fn has_failed(&self) -> bool {
        self.is_err()
    }
}

impl Done for Beside {
    fn has_failed(&self) -> bool {
        self.outcome.is_err()
    }
}

/// How many files a thread takes at once.
const BLOCK: usize = 64;

/// Does something to all files, many at once; nothing comes of those that are not begun any more after a failure.
fn all<'p, S, D: Done + Send>(
    changed: &[&'p Planned],
    begin: impl Fn() -> S + Sync,
    act: impl Fn(&mut S, &'p Planned) -> D + Sync,
) -> impl Iterator<Item = Option<D>> {
    let failed = AtomicBool::new(false);
    parallel::map_with(changed, BLOCK, begin, |own, planned| {
        if failed.load(Ordering::Relaxed) {
            return None;
        }
        let done = act(own, planned);
        if done.has_failed() {
            failed.store(true, Ordering::Relaxed);
        }
        Some(done)
    })
}

/// What came of writing a file beside its place.
struct Beside {
    outcome: Outcome<()>,
    /// Whether the temporary file was begun.
    is_begun: bool,
    /// The directories whose names changed, where each is put on the disk by itself.
    touched: Vec<String>,
    /// The file system that it is on, and a directory on it, unless the last file was on it too.
    file_system: Option<(u64, String)>,
}

/// Writes files beside their places, one after the other.
struct Writer {
    tree: Tree,
    how: How,
    /// The file system that the last file is on.
    device: Option<u64>,
}

impl Writer {
    fn beside(&mut self, planned: &Planned) -> Beside {
        let mut done = Beside { outcome: Ok(()), is_begun: false, touched: Vec::new(), file_system: None };
        done.outcome = self.write(planned, &mut done);
        done
    }

    fn write(&mut self, planned: &Planned, done: &mut Beside) -> Outcome<()> {
        let How { is_alone, is_lasting } = self.how;
        let Place { directory, name } = &planned.place;
        let (mode, open) = match &planned.change {
            Change::Replace(found) => (Some(found.mode), self.tree.enter(directory)?),
            Change::Keep | Change::Create => {
                let touched = &mut done.touched;
                let mut made = |up: &str| touched.extend(is_lasting.then(|| up.to_owned()));
                (None, Some(self.tree.make(directory, &mut made)?))
            }
        };
        let Some(open) = open else {
            return Err(self.tree.problem(&planned.place.path(), FileFault::ChangedMeanwhile));
        };
        done.is_begun = true;
        let (bytes, name) = (planned.text.as_bytes(), temporary(name));
        let name = name.as_str();
        let written = match open.create(name, bytes, mode, is_lasting) {
            // One of a run that was killed; or a link that somebody put there, which goes, not what it points to.
            Err(error) if error.kind() == ErrorKind::AlreadyExists && is_alone => {
                open.remove(name).and_then(|()| open.create(name, bytes, mode, is_lasting))
            }
            written => written,
        };
        if is_lasting {
            done.touched.push(directory.clone());
        }
        let device = written.and_then(|()| if is_lasting { Ok(None) } else { open.device().map(Some) });
        let device = device.map_err(|error| self.tree.problem(&planned.place.path(), failed(&error)))?;
        let is_new = device != self.device;
        self.device = device;
        done.file_system = device.filter(|_| is_new).map(|device| (device, directory.clone()));
        Ok(())
    }
}

/// Lets a file that was written beside its place take it, if what stands there is still what was planned for.
fn in_place(planned: &Planned, tree: &mut Tree) -> Outcome<()> {
    let temporary = temporary(&planned.place.name);
    at(&planned.place, tree, |directory, name| match &planned.change {
        Change::Replace(found) => {
            expect(directory, name, &found.version)?;
            directory.rename(temporary.as_str(), name).map_err(|error| failed(&error))
        }
        Change::Keep | Change::Create => match directory.rename_new(&temporary, name) {
            Ok(Opened::Open(())) => Ok(()),
            Ok(Opened::Else(Kind::File) | Opened::Absent) => Err(FileFault::ChangedMeanwhile),
            Ok(Opened::Else(kind)) => Err(in_the_way(kind)),
            Err(error) => Err(failed(&error)),
        },
    })
}

/// The number of this process, which the system is asked for once.
static PROCESS: LazyLock<u32> = LazyLock::new(std::process::id);

/// The name of the temporary file that is written beside a file of this name.
fn temporary(name: &str) -> String {
    format!("{BEGIN}{}-{name}{END}", *PROCESS)
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
