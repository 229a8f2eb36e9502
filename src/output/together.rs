//! Writes a set of new files: all of them, or none.

use std::collections::BTreeSet;

use crate::output::directory::{Directory, Found, Kind, Opened};
use crate::output::location::{Location, ancestors, left_over_in, temporary_name};
use crate::output::plan::{Change, Plan, Planned};
use crate::output::tree::{Outcome, Tree, in_the_way};
use crate::output::write::{within, write};
use crate::problem::{FileFault, FileProblem, InputFault};
use crate::workspace::{FILE_LIMIT, cause};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NewFile<'t> {
    /// Its path below the directory of the tree.
    pub path: &'t str,
    /// The content to write.
    pub text: &'t str,
    /// The content of the existing file that may be overwritten; `None` if no file may exist.
    pub replaces: Option<&'t str>,
}

/// Writes files below the directory of a tree without following links, and creates their directories. `is_alone`:
/// whether the tree is locked, so that existing temporary files can be removed. Returns the paths of the written files;
/// equal files are left unchanged.
///
/// # Errors
/// If one of them cannot be written, or the existing content differs. All are then removed.
pub fn write_together(
    files: &[NewFile<'_>],
    tree: &mut Tree,
    is_alone: bool,
) -> Result<Vec<String>, FileProblem> {
    let planned: Outcome<Vec<Planned>> = files.iter().map(|file| plan(file, tree)).collect();
    let mut plan = Plan { files: planned.map_err(|problem| *problem)?, ..Plan::default() };
    plan.left_over = left_over(&plan.files, tree).map_err(|problem| *problem)?;
    let mut new = Vec::new();
    for planned in plan.files.iter().filter(|planned| planned.change == Change::Create) {
        for way in ancestors(&planned.place.directory) {
            if tree.enter(way).map_err(|problem| *problem)?.is_none() {
                new.push(way.to_owned());
            }
        }
    }
    new.sort();
    new.dedup();
    if let Err(problem) = write(&plan, tree, is_alone) {
        undo(&plan, &new, tree);
        return Err(problem);
    }
    let written = plan.files.iter().filter(|planned| planned.change != Change::Keep);
    Ok(written.map(|planned| planned.place.path()).collect())
}

/// The temporary files of killed runs in the directories of files.
fn left_over(files: &[Planned], tree: &mut Tree) -> Outcome<Vec<Location>> {
    let directories: BTreeSet<&str> = files.iter().map(|planned| planned.place.directory.as_str()).collect();
    let mut found = Vec::new();
    for directory in directories {
        let names = within(directory, tree, left_over_in)?.unwrap_or_default();
        found.extend(names.into_iter().map(|name| Location { directory: directory.to_owned(), name }));
    }
    Ok(found)
}

fn plan(file: &NewFile<'_>, tree: &mut Tree) -> Outcome<Planned> {
    let place = Location::from_path(file.path);
    let opened = match tree.enter(&place.directory)? {
        Some(directory) => directory.read(place.name.as_str(), FILE_LIMIT),
        None => Ok(Opened::Absent),
    };
    let change = match opened {
        Ok(Opened::Absent) if file.replaces.is_none() => Ok(Change::Create),
        Ok(Opened::Open(None)) => Err(FileFault::Input(InputFault::TooLarge { limit: FILE_LIMIT })),
        Ok(Opened::Open(Some(found))) if found.bytes == file.text.as_bytes() => Ok(Change::Keep),
        Ok(Opened::Open(Some(found))) => match file.replaces {
            Some(text) if found.bytes == text.as_bytes() => Ok(Change::Replace(found)),
            Some(_) => Err(FileFault::ChangedMeanwhile),
            None => Err(in_the_way(Kind::File)),
        },
        Ok(Opened::Absent) => Err(FileFault::ChangedMeanwhile),
        Ok(Opened::Else(kind)) => Err(in_the_way(kind)),
        Err(error) => Err(FileFault::Unreadable { cause: cause(&error) }),
    };
    match change {
        Ok(change) => Ok(Planned { cluster: String::new(), place, text: file.text.to_owned(), change }),
        Err(fault) => Err(tree.problem(file.path, fault)),
    }
}

/// Takes back what a failed run has put in place. What went wrong is what is reported, not that the rest of it could not be
/// taken back. `new`: the directories that were not there before, the outermost first.
fn undo(plan: &Plan, new: &[String], tree: &mut Tree) {
    tree.forget();
    for planned in &plan.files {
        let text = planned.text.as_bytes();
        let _ = tree.at(&planned.place, |directory, name| {
            let is_ours = || directory.holds(name, text, &mut Vec::new());
            match &planned.change {
                Change::Create if is_ours() => drop(directory.remove(name)),
                Change::Replace(found) if is_ours() => put_back(directory, name, found),
                Change::Keep | Change::Create | Change::Replace(_) => {}
            }
            Ok(())
        });
    }
    for directory in new.iter().rev() {
        let place = Location::from_path(directory);
        let _ = tree.at(&place, |directory, name| {
            let _ = directory.remove_if_empty(name);
            Ok(())
        });
    }
    tree.forget();
}

fn put_back(directory: &Directory, name: &str, found: &Found) {
    let beside = temporary_name(name);
    let created = directory.create(beside.as_str(), &found.bytes, Some(found.mode), true);
    let _ = created.and_then(|()| directory.rename(beside.as_str(), name));
}
