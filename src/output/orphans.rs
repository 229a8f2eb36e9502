//! Overlays that belong to no cluster any more.

use std::collections::BTreeSet;
use std::io;

use rayon::prelude::*;

use crate::emit;
use crate::model::{Fleet, OverlayForm};
use crate::output::directory::Found;
use crate::output::directory::{Directory, Kind, MOST_DEEP, Opened};
use crate::output::location::Location;
use crate::output::location::is_left_over;
use crate::output::ownership::{Ownership, ownership};
use crate::output::tree::{Outcome, Tree};
use crate::problem::FileFault;
use crate::source::DEFAULT_NAME;
use crate::workspace::{FILE_LIMIT, cause};

/// An overlay that belongs to no cluster any more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Orphan {
    pub place: Location,
    pub found: Found,
    /// True if it was edited by hand.
    pub is_edited: bool,
    /// True if it is a file of the whole fleet, and no overlay.
    pub is_of_fleet: bool,
}

/// Finds the orphans of a fleet: generated files that belong to none of its clusters.
pub fn find(fleet: &Fleet, tree: &mut Tree, left_over: &mut Vec<Location>) -> Outcome<Vec<Orphan>> {
    let ours = fleet.clusters.iter().flat_map(emit::output_files);
    // The overlay above a component is hand-written, also where it was generated before.
    let components = fleet.clusters.iter().filter(|cluster| cluster.form == OverlayForm::Component);
    let above = components.filter_map(|cluster| Some(cluster.output.as_str().rsplit_once('/')?.0));
    let ours = ours.map(|(directory, name)| (directory.as_str(), name));
    let ours = ours.chain(above.map(|directory| (directory, emit::KUSTOMIZATION)));
    let search = Search { fleet, ours: ours.collect() };
    let mut seen = SearchResult::default();
    for beginning in &fleet.output_roots {
        let looked = match tree.enter(beginning) {
            Ok(Some(directory)) => search.search_below(directory, beginning, &mut seen),
            Ok(None) => Ok(()),
            // Who is not let in by a link or a file finds nothing of ours behind it.
            Err(problem) if matches!(problem.fault, FileFault::Link | FileFault::InTheWay { .. }) => Ok(()),
            Err(problem) => return Err(problem),
        };
        looked.map_err(|(path, fault)| tree.problem(&path, fault))?;
    }
    left_over.append(&mut seen.left_over);
    // One root may be below another.
    seen.found.sort_by(|one, other| one.place.cmp(&other.place));
    seen.found.dedup_by(|one, other| one.place == other.place);
    Ok(seen.found)
}

/// A path, and the fault of the file there.
pub type Fault = (String, FileFault);

/// The fewest directories that are worth a thread.
const WORTH_A_THREAD: usize = 32;

struct Search<'s> {
    fleet: &'s Fleet,
    /// The files that belong to its clusters: the directory and the name of each.
    ours: BTreeSet<(&'s str, &'s str)>,
}

/// What was found in directories.
#[derive(Default)]
struct SearchResult {
    found: Vec<Orphan>,
    left_over: Vec<Location>,
}

impl Search<'_> {
    /// Looks into a directory, and into all below it, many at once.
    fn search_below(&self, directory: &Directory, path: &str, seen: &mut SearchResult) -> Result<(), Fault> {
        let inner = self.look_into(directory, path, seen)?;
        let look = |place: &Location| {
            let mut seen = SearchResult::default();
            self.enter(directory, place, &mut seen).map(|()| seen)
        };
        let looked: Vec<Result<SearchResult, Fault>> =
            inner.par_iter().with_min_len(WORTH_A_THREAD).map(look).collect();
        for looked in looked {
            let SearchResult { found, left_over } = looked?;
            seen.found.extend(found);
            seen.left_over.extend(left_over);
        }
        Ok(())
    }

    /// Looks into a directory, and into all below it.
    fn search(&self, directory: &Directory, path: &str, seen: &mut SearchResult) -> Result<(), Fault> {
        let inner = self.look_into(directory, path, seen)?;
        inner.iter().try_for_each(|place| self.enter(directory, place, seen))
    }

    fn enter(&self, directory: &Directory, place: &Location, seen: &mut SearchResult) -> Result<(), Fault> {
        match directory.enter(place.name.as_str()) {
            Ok(Opened::Open(inner)) => self.search(&inner, &place.path(), seen),
            Ok(Opened::Absent | Opened::Else(_)) => Ok(()),
            Err(error) => Err(unreadable(&place.path(), &error)),
        }
    }

    /// Looks into a directory. Tells the directories in it that are to be looked into.
    fn look_into(
        &self,
        directory: &Directory,
        path: &str,
        seen: &mut SearchResult,
    ) -> Result<Vec<Location>, Fault> {
        let depth = path.split('/').filter(|part| !part.is_empty()).count();
        if depth > MOST_DEEP {
            return Ok(Vec::new());
        }
        let names = directory.names().map_err(|error| unreadable(path, &error))?;
        if !path.is_empty() && names.iter().any(|(name, _)| name == DEFAULT_NAME) {
            return Ok(Vec::new());
        }
        let mut inner = Vec::new();
        // A name that is no text is none of ours, nor leads to one.
        for (name, kind) in names.iter().filter_map(|(name, kind)| Some((name.to_str()?, *kind))) {
            let place = || Location { directory: path.to_owned(), name: name.to_owned() };
            match kind {
                Kind::File | Kind::Directory if is_left_over(name) => seen.left_over.push(place()),
                Kind::Directory if name != ".git" => inner.push(place()),
                Kind::File if emit::NAMES.contains(&name) && !self.ours.contains(&(path, name)) => {
                    let source = emit::source_from_depth(depth, &self.fleet.source);
                    seen.found.extend(orphan(directory, place(), &source)?);
                }
                Kind::File | Kind::Directory | Kind::Link | Kind::Pipe | Kind::Device | Kind::Socket => {}
            }
        }
        Ok(inner)
    }
}

/// A file that nothing needs any more, if it is of this source.
pub fn orphan(directory: &Directory, place: Location, source: &str) -> Result<Option<Orphan>, Fault> {
    let found = match directory.read(place.name.as_str(), FILE_LIMIT) {
        Ok(Opened::Open(Some(found))) => found,
        // Nothing of ours is that large.
        Ok(Opened::Absent | Opened::Else(_) | Opened::Open(None)) => return Ok(None),
        Err(error) => return Err(unreadable(&place.path(), &error)),
    };
    let is_edited = match ownership(&String::from_utf8_lossy(&found.bytes), source) {
        Ownership::Intact | Ownership::Unmerged => false,
        Ownership::Edited => true,
        Ownership::OfAnotherSource(_) | Ownership::Foreign => return Ok(None),
    };
    Ok(Some(Orphan { place, found, is_edited, is_of_fleet: false }))
}

pub fn unreadable(path: &str, error: &io::Error) -> Fault {
    (path.to_owned(), FileFault::Unreadable { cause: cause(error) })
}
