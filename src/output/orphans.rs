//! Overlays that belong to no cluster any more.

use std::collections::BTreeSet;

use crate::emit;
use crate::model::Fleet;
use crate::output::directory::{Directory, Kind, Opened};
use crate::output::ownership::{Standing, standing};
use crate::output::plan::{Orphan, Place};
use crate::output::tree::{Outcome, Tree, cause};
use crate::output::write::is_left_over;
use crate::problem::FileFault;
use crate::source::DEFAULT_NAME;

/// How deep is looked. No path of ours is deeper.
const MOST_DEEP: usize = 512;

/// Finds the orphans of a fleet: generated files that belong to none of its clusters.
pub fn find(fleet: &Fleet, tree: &mut Tree, left_over: &mut Vec<Place>) -> Outcome<Vec<Orphan>> {
    let ours = fleet.clusters.iter().flat_map(emit::places);
    let ours = ours.map(|(directory, name)| (directory.as_str(), name)).collect();
    let mut search = Search { fleet, ours, left_over, seen: BTreeSet::new(), found: Vec::new() };
    for beginning in &fleet.beginnings {
        let looked = match tree.enter(beginning) {
            Ok(Some(directory)) => search.look(directory, beginning),
            Ok(None) => Ok(()),
            // Who is not let in by a link or a file finds nothing of ours behind it.
            Err(problem) if matches!(problem.fault, FileFault::Link | FileFault::InTheWay) => Ok(()),
            Err(problem) => return Err(problem),
        };
        looked.map_err(|(path, fault)| tree.problem(&path, fault))?;
    }
    search.found.sort_by(|one, other| one.place.cmp(&other.place));
    Ok(search.found)
}

/// A path, and what is wrong with what stands there.
type Fault = (String, FileFault);

struct Search<'s> {
    fleet: &'s Fleet,
    /// The files that belong to its clusters: the directory and the name of each.
    ours: BTreeSet<(&'s str, &'s str)>,
    left_over: &'s mut Vec<Place>,
    /// The directories that were looked into; one beginning may stand below another.
    seen: BTreeSet<String>,
    found: Vec<Orphan>,
}

impl Search<'_> {
    fn look(&mut self, directory: &Directory, path: &str) -> Result<(), Fault> {
        let depth = path.split('/').filter(|part| !part.is_empty()).count();
        if depth > MOST_DEEP || !self.seen.insert(path.to_owned()) {
            return Ok(());
        }
        let unreadable =
            |path: &str, error| (path.to_owned(), FileFault::Unreadable { cause: cause(&error) });
        let names = directory.names().map_err(|error| unreadable(path, error))?;
        if !path.is_empty() && names.iter().any(|(name, _)| name == DEFAULT_NAME) {
            return Ok(());
        }
        // A name that is no text is none of ours, nor leads to one.
        for (name, kind) in names.iter().filter_map(|(name, kind)| Some((name.to_str()?, *kind))) {
            let place = || Place { directory: path.to_owned(), name: name.to_owned() };
            match kind {
                Kind::Directory if name != ".git" => match directory.enter(name) {
                    Ok(Opened::Open(inner)) => self.look(&inner, &place().path())?,
                    Ok(Opened::Absent | Opened::Else(_)) => {}
                    Err(error) => return Err(unreadable(&place().path(), error)),
                },
                Kind::File if is_left_over(name) => self.left_over.push(place()),
                Kind::File if emit::NAMES.contains(&name) && !self.ours.contains(&(path, name)) => {
                    match directory.read(name) {
                        Ok(Opened::Open(found)) => {
                            let text = String::from_utf8_lossy(&found.bytes);
                            let source = emit::source_from_depth(depth, &self.fleet.source);
                            let is_edited = match standing(&text, &source) {
                                Standing::Intact | Standing::Unmerged => false,
                                Standing::Edited => true,
                                Standing::OfAnotherSource(_) | Standing::Foreign => continue,
                            };
                            self.found.push(Orphan { place: place(), found, is_edited });
                        }
                        Ok(Opened::Absent | Opened::Else(_)) => {}
                        Err(error) => return Err(unreadable(&place().path(), error)),
                    }
                }
                Kind::File | Kind::Directory | Kind::Link | Kind::Other => {}
            }
        }
        Ok(())
    }
}
