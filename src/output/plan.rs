//! What stands where the overlays belong, and what is to become of it.

use std::collections::BTreeSet;

use crate::emit::{self, Document};
use crate::model::{Cluster, Fleet};
use crate::output::directory::{Directory, Found, Kind, Opened};
use crate::output::orphans;
use crate::output::ownership::{Leave, Verdict, judge};
use crate::output::tree::{Outcome, Tree, cause, in_the_way};
use crate::output::write::is_left_over;
use crate::parallel;
use crate::problem::{FileFault, Problems};

/// What is to be planned.
#[derive(Clone, Copy, Debug)]
pub struct Wish<'f> {
    /// The fleet.
    pub fleet: &'f Fleet,
    /// Those of its clusters whose files are looked at; all of them for nothing.
    pub selected: Option<&'f [&'f Cluster]>,
    /// What may be done to files that are not simply ours.
    pub leave: Leave,
    /// Whether overlays of clusters that are no more are looked for. Only who looks at all clusters knows.
    pub orphans: bool,
}

/// Everything that a build comes to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// The files, in the order of the fleet's clusters.
    pub files: Vec<Planned>,
    /// Overlays of clusters that are no more and that nobody edited, in the order of their paths; none if they were not
    /// looked for.
    pub orphans: Vec<Orphan>,
    /// Temporary files that killed runs left behind.
    pub left_over: Vec<Place>,
}

/// Where a file stands.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The directory, below that of the source, with `/` between its parts.
    pub directory: String,
    /// The file name.
    pub name: String,
}

impl Place {
    fn of(document: &Document<'_>) -> Place {
        Place { directory: document.directory.as_str().to_owned(), name: document.name.to_owned() }
    }

    /// The path below the directory of the source.
    pub fn path(&self) -> String {
        if self.directory.is_empty() {
            self.name.clone()
        } else {
            format!("{}/{}", self.directory, self.name)
        }
    }
}

/// One generated file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Planned {
    /// The cluster that it is of; empty for what is of no single one.
    pub cluster: String,
    /// Where it belongs.
    pub place: Place,
    /// What is to stand in it.
    pub text: String,
    /// What is to become of what stands there.
    pub change: Change,
}

/// What a build does to a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// Nothing: it is right.
    Keep,
    /// It makes the file.
    Create,
    /// It replaces this.
    Replace(Found),
}

/// An overlay that belongs to no cluster any more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Orphan {
    /// Where it stands.
    pub place: Place,
    /// What stands in it.
    pub found: Found,
    /// Whether it was edited by hand.
    pub is_edited: bool,
}

/// Compares a fleet with what stands on the disk. Whatever must not be written is reported.
pub fn plan(wish: &Wish<'_>, tree: &mut Tree, problems: &mut Problems) -> Plan {
    let mut plan = Plan::default();
    let mut ours = BTreeSet::new();
    let all: Vec<&Cluster> = wish.fleet.clusters.iter().collect();
    let clusters = wish.selected.unwrap_or(&all);
    let begin = || tree.another();
    for looked in parallel::map_with(clusters, BLOCK, begin, |tree, cluster| look_at(wish, cluster, tree)) {
        for planned in looked.files {
            match planned {
                Ok(planned) => plan.files.push(planned),
                Err(problem) => problems.push(*problem),
            }
        }
        ours.extend(looked.places);
        plan.left_over.extend(looked.left_over);
    }
    if wish.orphans && wish.selected.is_none() {
        match orphans::find(wish.fleet, &ours, tree, &mut plan.left_over) {
            Ok(found) => {
                let (edited, orphans): (Vec<Orphan>, Vec<Orphan>) =
                    found.into_iter().partition(|orphan| orphan.is_edited);
                plan.orphans = orphans;
                for orphan in edited {
                    problems.push(*tree.problem(&orphan.place.path(), FileFault::EditedOrphan));
                }
            }
            Err(problem) => problems.push(*problem),
        }
    }
    plan.left_over.sort();
    plan.left_over.dedup();
    plan
}

/// Compares files with what stands on the disk: where each belongs, what is to stand there, and its source as its
/// directory sees it. Whatever must not be written is reported.
pub fn plan_files(
    files: Vec<(Place, String, String)>,
    leave: Leave,
    tree: &mut Tree,
    problems: &mut Problems,
) -> Plan {
    let mut plan = Plan::default();
    for (place, text, source) in files {
        match compare(&place, &text, &source, leave, tree, &mut plan.left_over) {
            Ok(change) => plan.files.push(Planned { cluster: String::new(), place, text, change }),
            Err(problem) => problems.push(*problem),
        }
    }
    plan
}

/// How many clusters a thread looks at before it takes more.
const BLOCK: usize = 64;

/// What was seen of the files of one cluster.
#[derive(Default)]
struct Looked {
    files: Vec<Outcome<Planned>>,
    /// Where they belong; nothing if no orphans are looked for.
    places: Vec<Place>,
    left_over: Vec<Place>,
}

fn look_at(wish: &Wish<'_>, cluster: &Cluster, tree: &mut Tree) -> Looked {
    let mut looked = Looked::default();
    for document in emit::documents(wish.fleet, cluster) {
        looked.places.extend(wish.orphans.then(|| Place::of(&document)));
        looked.files.push(planned(wish, cluster, document, tree, &mut looked.left_over));
    }
    looked
}

fn planned(
    wish: &Wish<'_>,
    cluster: &Cluster,
    document: Document<'_>,
    tree: &mut Tree,
    left_over: &mut Vec<Place>,
) -> Outcome<Planned> {
    let place = Place::of(&document);
    let Document { directory, text, .. } = document;
    let source = emit::source_from(directory, &wish.fleet.source);
    let change = compare(&place, &text, &source, wish.leave, tree, left_over)?;
    Ok(Planned { cluster: cluster.name.clone(), place, text, change })
}

/// What is to become of what stands where a file belongs.
fn compare(
    place: &Place,
    text: &str,
    source: &str,
    leave: Leave,
    tree: &mut Tree,
    left_over: &mut Vec<Place>,
) -> Outcome<Change> {
    let Some(found) = look(place, tree, left_over)? else { return Ok(Change::Create) };
    match judge(&found.bytes, text, source, leave) {
        Verdict::Right => Ok(Change::Keep),
        Verdict::Stale => Ok(Change::Replace(found)),
        Verdict::Refused(fault) => Err(tree.problem(&place.path(), fault)),
    }
}

/// What stands in a file, if there is one and nothing is in the way.
fn look(place: &Place, tree: &mut Tree, left_over: &mut Vec<Place>) -> Outcome<Option<Found>> {
    let Some(directory) = tree.enter(&place.directory)? else { return Ok(None) };
    let looked = look_into(directory, place, left_over);
    looked.map_err(|(name, fault)| tree.problem(&Place { name, ..place.clone() }.path(), fault))
}

/// The same in the directory itself. What is wrong comes with the name of the file that it is wrong with.
fn look_into(
    directory: &Directory,
    place: &Place,
    left_over: &mut Vec<Place>,
) -> Result<Option<Found>, (String, FileFault)> {
    let unreadable = |name: &str, error| (name.to_owned(), FileFault::Unreadable { cause: cause(&error) });
    let names = directory.names().map_err(|error| unreadable("", error))?;
    for (name, kind) in &names {
        let Some(name) = name.to_str() else { continue };
        if is_left_over(name) && *kind != Kind::Directory {
            left_over.push(Place { directory: place.directory.clone(), name: name.to_owned() });
        }
        if emit::is_second_kustomization(name) {
            return Err((name.to_owned(), FileFault::SecondKustomization));
        }
    }
    match directory.read(&place.name) {
        Ok(Opened::Open(found)) => Ok(Some(found)),
        Ok(Opened::Absent) => Ok(None),
        Ok(Opened::Else(kind)) => Err((place.name.clone(), in_the_way(kind))),
        Err(error) => Err(unreadable(&place.name, error)),
    }
}
