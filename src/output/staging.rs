//! New directories. Each is created under a temporary name with its content, and renamed: a new overlay needs no rename
//! per file, and a new fleet exists completely or not at all.

use std::collections::BTreeSet;

use crate::output::directory::{Kind, Opened};
use crate::output::location::{Location, ancestors, temporary_name};
use crate::output::plan::{Change, Planned};
use crate::output::tree::{Outcome, Tree, in_the_way, unwritable};
use crate::problem::FileFault;

#[derive(Clone, Copy, Debug)]
pub struct WriteJob<'p> {
    pub planned: &'p Planned,
    /// The outermost directory on the way to it that is not there, and so is new.
    pub new: Option<&'p str>,
}

/// The files that a plan changes, each with the directory that is new on its way.
pub fn jobs<'p>(planned: &'p [Planned], tree: &mut Tree) -> Outcome<Vec<WriteJob<'p>>> {
    let mut seen = KnownDirectories::default();
    let changed = planned.iter().filter(|planned| planned.change != Change::Keep);
    let job = |planned: &'p Planned| {
        let new = match planned.change {
            Change::Create => seen.outermost_new(&planned.place.directory, tree)?,
            Change::Keep | Change::Replace(_) => None,
        };
        Ok(WriteJob { planned, new })
    };
    changed.map(job).collect()
}

/// What was seen of directories, by their paths.
#[derive(Default)]
struct KnownDirectories<'p> {
    there: BTreeSet<&'p str>,
    new: BTreeSet<&'p str>,
}

impl<'p> KnownDirectories<'p> {
    fn outermost_new(&mut self, directory: &'p str, tree: &mut Tree) -> Outcome<Option<&'p str>> {
        for way in ancestors(directory) {
            if self.new.contains(way) {
                return Ok(Some(way));
            }
            if self.there.contains(way) {
                continue;
            }
            if tree.enter(way)?.is_none() {
                self.new.insert(way);
                return Ok(Some(way));
            }
            self.there.insert(way);
        }
        Ok(None)
    }
}

impl WriteJob<'_> {
    /// Where the file is written for the moment, if it is in a directory that is new.
    pub fn staged(&self) -> Option<Location> {
        let (new, Location { directory, name }) = (self.new?, &self.planned.place);
        let inner = directory.strip_prefix(new)?;
        let directory = Location::from_path(new).temporary().path() + inner;
        Some(Location { directory, name: name.clone() })
    }

    /// The directories whose names change when the file is made.
    pub fn touched(&self) -> impl Iterator<Item = &str> {
        let directory = self.planned.place.directory.as_str();
        let from = self.new.map_or(directory, |new| new.rsplit_once('/').map_or("", |(up, _)| up));
        let inner = ancestors(directory).filter(move |way| way.len() > from.len());
        std::iter::once(from).chain(inner)
    }
}

/// Creates a new directory under a temporary name.
pub fn create_staged(tree: &mut Tree, place: &Location) -> Outcome<()> {
    tree.at(place, |directory, name| {
        let beside = temporary_name(name);
        match directory.create_directory(&beside) {
            Ok(true) => Ok(()),
            Ok(false) => Err(FileFault::Unwritable { cause: format!("`{beside}` stands beside it") }),
            Err(error) => Err(unwritable(&error)),
        }
    })
}

/// Renames a new directory to its final name, unless that exists by now.
pub fn move_into_place(tree: &mut Tree, place: &Location) -> Outcome<()> {
    tree.at(place, |directory, name| match directory.rename_new(&temporary_name(name), name) {
        Ok(Opened::Open(())) => Ok(()),
        Ok(Opened::Else(Kind::Directory) | Opened::Absent) => Err(FileFault::MadeMeanwhile),
        Ok(Opened::Else(kind)) => Err(in_the_way(kind)),
        Err(error) => Err(unwritable(&error)),
    })
}
