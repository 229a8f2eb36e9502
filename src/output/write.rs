//! Puts a plan on the disk. The only code that writes there.
//!
//! First every changed file and new directory is written under a temporary name. Then all are flushed at once, so that
//! a loss of power leaves each old or new. Only then are they renamed. So a failure before that, such as a full disk,
//! changes nothing.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, ErrorKind};
use std::sync::atomic::{AtomicBool, Ordering};

use rayon::prelude::*;

use crate::output::directory::{Directory, Kind, Opened, Version};
use crate::output::location::{Location, left_over_in, temporary_name};
use crate::output::orphans::Orphan;
use crate::output::plan::{Change, Plan, Planned};
use crate::output::staging::{self, WriteJob, jobs};
use crate::output::tree::{Outcome, Tree, in_the_way, unwritable};
use crate::problem::{FileFault, FileProblem};
use crate::workspace::cause;

/// Up to so many files are put on the disk one by one. Where there are more, the whole file system is asked once: that
/// takes one flush instead of hundreds, but waits for what others wrote there too.
const FEW: usize = 16;

/// Writes the changes of a plan, and removes its orphans. `is_alone`: whether the tree is locked, so that existing
/// temporary files can be removed.
///
/// # Errors
/// If something cannot be written. Every file is then complete, old or new; the next build continues.
pub fn write(plan: &Plan, tree: &mut Tree, is_alone: bool) -> Result<(), FileProblem> {
    let jobs = jobs(&plan.files, tree).map_err(|problem| *problem)?;
    let is_large = Directory::CAN_SYNC_FILE_SYSTEM && jobs.len() > FEW;
    let mut batch = Batch { is_alone, is_large, ..Batch::default() };
    let written = batch.write(plan, &jobs, tree);
    if written.is_err() {
        batch.clear(tree);
    }
    written.map_err(|problem| *problem)
}

/// Files that are written together.
#[derive(Debug, Default)]
struct Batch<'p> {
    /// True if existing temporary files belong to no running build.
    is_alone: bool,
    /// True if whole file systems are put on the disk, and not each file by itself.
    is_large: bool,
    /// The temporary files.
    files: Vec<&'p Planned>,
    /// The new directories that do.
    directories: Vec<Location>,
    /// The directories whose names changed, where each is put on the disk by itself.
    touched: BTreeSet<String>,
    /// The file systems that were written to, each with a directory on it, where they are.
    file_systems: BTreeMap<u64, String>,
}

impl<'p> Batch<'p> {
    fn write(&mut self, plan: &Plan, jobs: &[WriteJob<'p>], tree: &mut Tree) -> Outcome<()> {
        self.clear_left_over(&plan.left_over, tree)?;
        self.make_directories(jobs, tree)?;
        self.write_files(jobs, tree)?;
        self.sync_file_systems(tree)?;
        // A directory that was opened before may have been replaced by now.
        tree.forget();
        self.put_in_place(tree)?;
        for orphan in &plan.orphans {
            self.remove_orphan(orphan, tree)?;
        }
        if self.is_large { self.sync_file_systems(tree) } else { self.sync_directories(tree) }
    }

    /// Removes temporary files of killed builds, under the lock.
    fn clear_left_over(&self, left_over: &[Location], tree: &mut Tree) -> Outcome<()> {
        let nobodys = if self.is_alone { left_over } else { &[] };
        nobodys.iter().try_for_each(|place| remove(place, tree))
    }

    /// Makes the new directories beside their places, with nothing in them yet.
    fn make_directories(&mut self, jobs: &[WriteJob<'_>], tree: &mut Tree) -> Outcome<()> {
        let new: BTreeSet<&str> = jobs.iter().filter_map(|job| job.new).collect();
        let new: Vec<Location> = new.into_iter().map(Location::from_path).collect();
        let parents: BTreeSet<&str> = new.iter().map(|place| place.directory.as_str()).collect();
        for parent in parents {
            let seen = within(parent, tree, |open| Ok((open.device()?, left_over_in(open)?)))?;
            let Some((device, names)) = seen else { continue };
            self.file_systems.extend(self.is_large.then(|| (device, parent.to_owned())));
            let place = |name| Location { directory: parent.to_owned(), name };
            let left_over: Vec<Location> = names.into_iter().map(place).collect();
            self.clear_left_over(&left_over, tree)?;
        }
        let BatchOutcome { done, outcome, .. } = for_each(new, tree, staging::create_staged);
        self.directories = done;
        outcome
    }

    /// Writes all files under temporary names, or into temporary directories.
    fn write_files(&mut self, jobs: &[WriteJob<'p>], tree: &Tree) -> Outcome<()> {
        self.files = jobs.iter().filter(|job| job.new.is_none()).map(|job| job.planned).collect();
        if !self.is_large {
            self.touched = jobs.iter().flat_map(WriteJob::touched).map(str::to_owned).collect();
        }
        let (is_alone, is_lasting) = (self.is_alone, !self.is_large);
        let begin = || Writer { tree: tree.reopen(), is_alone, is_lasting, device: None };
        let mut outcome = Ok(());
        for done in run_all(jobs, begin, Writer::write).into_iter().flatten() {
            match done {
                Ok(file_system) => self.file_systems.extend(file_system),
                Err(problem) => outcome = outcome.and(Err(problem)),
            }
        }
        outcome
    }

    /// Puts on the disk all that was written, where that was not done file by file.
    fn sync_file_systems(&self, tree: &mut Tree) -> Outcome<()> {
        self.file_systems
            .values()
            .try_for_each(|directory| within(directory, tree, Directory::sync_file_system).map(drop))
    }

    fn sync_directories(&self, tree: &mut Tree) -> Outcome<()> {
        self.touched.iter().try_for_each(|directory| within(directory, tree, Directory::sync).map(drop))
    }

    /// Renames all temporary files to their final names.
    fn put_in_place(&mut self, tree: &Tree) -> Outcome<()> {
        let BatchOutcome { left, outcome, .. } =
            for_each(std::mem::take(&mut self.files), tree, |tree, planned| move_into_place(tree, planned));
        self.files = left;
        outcome?;
        let BatchOutcome { left, outcome, .. } =
            for_each(std::mem::take(&mut self.directories), tree, staging::move_into_place);
        self.directories = left;
        outcome
    }

    fn remove_orphan(&mut self, orphan: &Orphan, tree: &mut Tree) -> Outcome<()> {
        tree.at(&orphan.place, |directory, name| {
            check_version(directory, name, &orphan.found.version)?;
            directory.remove(name).map_err(|error| unremovable(&error))
        })?;
        let mut directory = orphan.place.directory.as_str();
        while !directory.is_empty() {
            let place = Location::from_path(directory);
            if !tree
                .at(&place, |open, name| open.remove_if_empty(name).map_err(|error| unwritable(&error)))?
            {
                break;
            }
            directory = directory.rsplit_once('/').map_or("", |(up, _)| up);
        }
        self.touched.insert(directory.to_owned());
        Ok(())
    }

    /// Removes the temporary files of a failed batch.
    fn clear(&self, tree: &mut Tree) {
        let files = self.files.iter().map(|planned| &planned.place);
        for place in files.chain(&self.directories) {
            // The original error is reported, not that of the cleanup.
            let _ = remove(&place.temporary(), tree);
        }
    }
}

/// The fewest files that are worth a thread.
const WORTH_A_THREAD: usize = 16;

/// Runs a function on all items in parallel; after a failure no further items are started.
fn run_all<T: Sync, S, R: Send>(
    items: &[T],
    begin: impl Fn() -> S + Send + Sync,
    each: impl Fn(&mut S, &T) -> Outcome<R> + Send + Sync,
) -> Vec<Option<Outcome<R>>> {
    let has_failed = AtomicBool::new(false);
    let act = |own: &mut S, item: &T| {
        if has_failed.load(Ordering::Relaxed) {
            return None;
        }
        let done = each(own, item);
        if done.is_err() {
            has_failed.store(true, Ordering::Relaxed);
        }
        Some(done)
    };
    items.par_iter().with_min_len(WORTH_A_THREAD).map_init(begin, act).collect()
}

/// What came of doing something to each of many.
struct BatchOutcome<T> {
    /// Those that it was done to.
    done: Vec<T>,
    left: Vec<T>,
    /// What went wrong first.
    outcome: Outcome<()>,
}

fn for_each<T: Sync>(
    items: Vec<T>,
    tree: &Tree,
    act: impl Fn(&mut Tree, &T) -> Outcome<()> + Send + Sync,
) -> BatchOutcome<T> {
    let outcomes = run_all(&items, || tree.reopen(), act);
    let mut each = BatchOutcome { done: Vec::new(), left: Vec::new(), outcome: Ok(()) };
    for (item, outcome) in items.into_iter().zip(outcomes) {
        match outcome {
            Some(Ok(())) => each.done.push(item),
            Some(Err(problem)) => {
                each.left.push(item);
                each.outcome = each.outcome.and(Err(problem));
            }
            None => each.left.push(item),
        }
    }
    each
}

/// A file system, and a directory on it.
type FileSystem = (u64, String);

/// Writes files, one after the other.
struct Writer {
    tree: Tree,
    /// True if existing temporary files belong to no running build.
    is_alone: bool,
    /// True if each is put on the disk by itself.
    is_lasting: bool,
    /// The file system of the last temporary file.
    device: Option<u64>,
}

impl Writer {
    /// Writes a file. Tells the file system that it is on, where that is not known yet.
    fn write(&mut self, job: &WriteJob<'_>) -> Outcome<Option<FileSystem>> {
        let Some(staged) = job.staged() else { return self.write_beside(job.planned) };
        let made = self.tree.create(&staged, job.planned.text.as_bytes(), self.is_lasting);
        // Its temporary name means nothing to the user.
        made.map_err(|problem| self.tree.problem(&job.planned.place.path(), problem.fault))?;
        Ok(None)
    }

    /// Writes a temporary file.
    fn write_beside(&mut self, planned: &Planned) -> Outcome<Option<FileSystem>> {
        let mode = match &planned.change {
            Change::Replace(found) => Some(found.mode),
            Change::Keep | Change::Create => None,
        };
        let (bytes, is_alone, is_lasting) = (planned.text.as_bytes(), self.is_alone, self.is_lasting);
        let device = self.tree.at(&planned.place, |open, name| {
            let beside = temporary_name(name);
            let create = || open.create(beside.as_str(), bytes, mode, is_lasting);
            let created = match create() {
                // A temporary file of a killed run, or a link, which is removed, not its target.
                Err(error) if error.kind() == ErrorKind::AlreadyExists && is_alone => {
                    open.remove(beside.as_str()).and_then(|()| create())
                }
                created => created,
            };
            let device = created.and_then(|()| if is_lasting { Ok(None) } else { open.device().map(Some) });
            device.map_err(|error| unwritable(&error))
        })?;
        let is_new = device != self.device;
        self.device = device;
        Ok(device.filter(|_| is_new).map(|device| (device, planned.place.directory.clone())))
    }
}

/// Renames a temporary file to its final name, if the existing file is still the planned one.
fn move_into_place(tree: &mut Tree, planned: &Planned) -> Outcome<()> {
    let beside = temporary_name(&planned.place.name);
    tree.at(&planned.place, |directory, name| match &planned.change {
        Change::Replace(found) => {
            check_version(directory, name, &found.version)?;
            directory.rename(beside.as_str(), name).map_err(|error| unwritable(&error))
        }
        Change::Keep | Change::Create => match directory.rename_new(&beside, name) {
            Ok(Opened::Open(())) => Ok(()),
            Ok(Opened::Else(Kind::File) | Opened::Absent) => Err(FileFault::ChangedMeanwhile),
            Ok(Opened::Else(kind)) => Err(in_the_way(kind)),
            Err(error) => Err(unwritable(&error)),
        },
    })
}

/// Removes something that a build made for the moment.
fn remove(place: &Location, tree: &mut Tree) -> Outcome<()> {
    tree.at(place, |directory, name| directory.remove_all(name).map_err(|error| unremovable(&error)))
}

/// Whether a file is still the one that was planned for.
fn check_version(directory: &Directory, name: &str, expected: &Version) -> Result<(), FileFault> {
    match directory.version(name).map_err(|error| unwritable(&error))? {
        Opened::Open(found) if found == *expected => Ok(()),
        Opened::Else(kind) => Err(in_the_way(kind)),
        Opened::Absent | Opened::Open(_) => Err(FileFault::ChangedMeanwhile),
    }
}

fn unremovable(error: &io::Error) -> FileFault {
    FileFault::Unremovable { cause: cause(error) }
}

/// Runs a function on a directory, unless it was removed.
pub(super) fn within<T>(
    path: &str,
    tree: &mut Tree,
    act: impl FnOnce(&Directory) -> io::Result<T>,
) -> Outcome<Option<T>> {
    let done = tree.enter(path)?.map(act).transpose();
    done.map_err(|error| tree.problem(path, unwritable(&error)))
}
