//! Compares existing files at output paths with the fleet.

use std::borrow::Cow;
use std::io;

use rayon::prelude::*;

use crate::diff::Side;
use crate::emit::Document;
use crate::model::{Cluster, Fleet};
use crate::output::directory::{Directory, Found, Opened};
use crate::output::fleet_files::{FleetFiles, GeneratedFile};
use crate::output::listings::{Listed, Listing};
use crate::output::location::Location;
use crate::output::location::left_over_in;
use crate::output::orphans;
use crate::output::orphans::Orphan;
use crate::output::ownership::{OverwritePolicy, Verdict, judge};
use crate::output::tree::{Outcome, Tree, in_the_way};
use crate::problem::{FileFault, FileProblem, InputFault, Problems, TrustFileProblem, TrustWriter};
use crate::workspace::{FILE_LIMIT, cause};
use crate::{diff, emit};

#[derive(Clone, Copy, Debug)]
pub struct PlanRequest<'f> {
    pub fleet: &'f Fleet,
    /// What was seen in the directories of its overlays when it was compiled.
    pub listed: &'f Listed,
    /// Those of its clusters whose files are looked at; all of them for nothing.
    pub selected: Option<&'f [&'f Cluster]>,
    /// What may be done to files that are not simply ours.
    pub leave: OverwritePolicy,
    /// True to search for orphans, which requires all clusters.
    pub orphans: bool,
    /// The files of the whole fleet, which are looked at with all clusters.
    pub fleet_files: Option<&'f FleetFiles>,
}

/// Everything that a build comes to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// How many clusters were looked at.
    pub clusters: usize,
    /// How many files were looked at.
    pub looked_at: usize,
    /// The files of clusters with changes, in the order of the fleet's clusters.
    pub files: Vec<Planned>,
    /// Unedited orphans, in the order of their paths; empty if they were not searched.
    pub orphans: Vec<Orphan>,
    /// What killed builds left behind.
    pub left_over: Vec<Location>,
}

impl Plan {
    /// Adds orphans. Edited ones are problems.
    pub fn add_orphans(&mut self, found: Vec<Orphan>, tree: &Tree) -> Vec<FileProblem> {
        let (edited, orphans): (Vec<Orphan>, Vec<Orphan>) =
            found.into_iter().partition(|orphan| orphan.is_edited);
        self.orphans.extend(orphans);
        let problem = |orphan: &Orphan| *tree.problem(&orphan.place.path(), FileFault::EditedOrphan);
        edited.iter().map(problem).collect()
    }
}

/// One generated file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Planned {
    /// The cluster; empty for a file of no single cluster.
    pub cluster: String,
    /// Where it belongs.
    pub place: Location,
    /// The content to write.
    pub text: String,
    pub change: Change,
}

/// What a build does to a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// Nothing: it is right.
    Keep,
    /// It makes the file.
    Create,
    Replace(Found),
}

/// Compares a fleet with the disk. Reports files that must not be overwritten.
pub fn plan(wish: &PlanRequest<'_>, tree: &mut Tree, problems: &mut Problems) -> Plan {
    let all: Vec<&Cluster> = wish.fleet.clusters.iter().collect();
    let clusters = wish.selected.unwrap_or(&all);
    let mut plan = Plan { clusters: clusters.len(), ..Plan::default() };
    let begin = || Comparer::new(wish.leave, wish.listed, tree.reopen());
    let compared: Vec<Comparison> = clusters
        .par_chunks(BLOCK)
        .map_init(begin, |comparer, block| comparer.compare_clusters(wish.fleet, block))
        .collect();
    for looked in compared {
        plan.looked_at = plan.looked_at.saturating_add(looked.count);
        plan.files.extend(looked.files);
        plan.left_over.extend(looked.left_over);
        for problem in looked.problems {
            problems.report(problem);
        }
    }
    match left_over_in(tree.root()) {
        Ok(names) => {
            let place = |name| Location { directory: String::new(), name };
            plan.left_over.extend(names.into_iter().map(place));
        }
        Err(error) => {
            let fault = FileFault::Unreadable { cause: cause(&error) };
            problems.report(*tree.problem("", fault));
        }
    }
    if let Some(files) = wish.fleet_files.filter(|_| wish.selected.is_none()) {
        plan_fleet_files(files, wish, &mut plan, tree, problems);
    }
    if wish.orphans && wish.selected.is_none() {
        match orphans::find(wish.fleet, tree, &mut plan.left_over) {
            Ok(found) => {
                for problem in plan.add_orphans(found, tree) {
                    problems.report(problem);
                }
            }
            Err(problem) => {
                problems.report(*problem);
            }
        }
    }
    plan.orphans.sort_by(|one, other| one.place.cmp(&other.place));
    plan.left_over.sort();
    plan.left_over.dedup();
    plan
}

/// Adds the files of the whole fleet to a plan, and those that are no longer needed if orphans are searched for.
fn plan_fleet_files(
    files: &FleetFiles,
    wish: &PlanRequest<'_>,
    plan: &mut Plan,
    tree: &mut Tree,
    problems: &mut Problems,
) {
    let (own, mut faults) = plan_files(files.files.clone(), wish.leave, tree);
    plan.looked_at = plan.looked_at.saturating_add(own.looked_at);
    plan.files.extend(own.files);
    plan.left_over.extend(own.left_over);
    if wish.orphans {
        for found in [files.find_orphans(tree), files.find_moved(tree)] {
            match found {
                Ok(found) => faults.extend(plan.add_orphans(found, tree)),
                Err(problem) => faults.push(*problem),
            }
        }
    }
    for problem in faults {
        problems.report(TrustFileProblem { problem, written_by: TrustWriter::Build });
    }
}

/// Compares files with the disk. Those that must not be overwritten are problems. kustomize reads none of these files.
pub fn plan_files(
    files: Vec<GeneratedFile>,
    leave: OverwritePolicy,
    tree: &mut Tree,
) -> (Plan, Vec<FileProblem>) {
    let mut plan = Plan { looked_at: files.len(), ..Plan::default() };
    let mut problems = Vec::new();
    let listed = Listed::default();
    let mut comparer = Comparer { of_overlays: false, ..Comparer::new(leave, &listed, tree.reopen()) };
    for GeneratedFile { place, text, source } in files {
        match comparer.compare(&place.directory, &place.name, &text, || source) {
            Ok(Change::Keep) => {}
            Ok(change) => plan.files.push(Planned { cluster: String::new(), place, text, change }),
            Err(problem) => problems.push(*problem),
        }
    }
    plan.left_over = comparer.left_over;
    (plan, problems)
}

/// How many clusters a thread looks at before it takes more.
const BLOCK: usize = 64;

/// What was seen of the files of some clusters.
#[derive(Default)]
struct Comparison {
    /// How many there are.
    count: usize,
    /// All files of a cluster, if one of them changes.
    files: Vec<Planned>,
    left_over: Vec<Location>,
    problems: Vec<FileProblem>,
}

/// Compares files with the disk, one after the other.
struct Comparer<'l> {
    leave: OverwritePolicy,
    listed: &'l Listed,
    tree: Tree,
    /// True if the files are overlays, which kustomize refuses beside a second kustomization.
    of_overlays: bool,
    /// What was read last; its room is used again.
    read: Vec<u8>,
    left_over: Vec<Location>,
}

impl<'l> Comparer<'l> {
    const fn new(leave: OverwritePolicy, listed: &'l Listed, tree: Tree) -> Comparer<'l> {
        Comparer { leave, listed, tree, of_overlays: true, read: Vec::new(), left_over: Vec::new() }
    }

    fn compare_clusters(&mut self, fleet: &Fleet, clusters: &[&Cluster]) -> Comparison {
        let mut looked = Comparison::default();
        for cluster in clusters {
            self.compare_cluster(fleet, cluster, &mut looked);
        }
        looked.left_over = std::mem::take(&mut self.left_over);
        looked
    }

    fn compare_cluster(&mut self, fleet: &Fleet, cluster: &Cluster, looked: &mut Comparison) {
        let documents = emit::documents(fleet, cluster);
        let compare = |Document { directory, name, text }: &Document<'_>| {
            let source = || emit::source_from(directory, &fleet.source);
            self.compare(directory.as_str(), name, text, source)
        };
        let changes: Vec<Outcome<Change>> = documents.iter().map(compare).collect();
        let is_right = changes.iter().flatten().all(|change| *change == Change::Keep);
        looked.count = looked.count.saturating_add(documents.len());
        for (Document { directory, name, mut text }, change) in documents.into_iter().zip(changes) {
            match change {
                Ok(_) if is_right => {}
                Ok(change) => {
                    let place = Location { directory: directory.as_str().to_owned(), name: name.to_owned() };
                    // Text to write is kept until everything is written.
                    text.shrink_to_fit();
                    looked.files.push(Planned { cluster: cluster.name.clone(), place, text, change });
                }
                Err(problem) => looked.problems.push(*problem),
            }
        }
    }

    /// Decides on the existing file at an output path. `text`: the content to write; `source`: the source relative to
    /// the directory.
    fn compare(
        &mut self,
        directory: &str,
        name: &str,
        text: &str,
        source: impl FnOnce() -> String,
    ) -> Outcome<Change> {
        let known = self.listed.get(directory);
        match known {
            Some(Listing::Absent) => return Ok(Change::Create),
            Some(Listing::Plain { .. }) if self.tree.holds(directory, name, text, &mut self.read) => {
                return Ok(Change::Keep);
            }
            Some(Listing::Plain { .. } | Listing::Odd(_)) | None => {}
        }
        let Some(open) = self.tree.enter(directory)? else { return Ok(Change::Create) };
        let listing =
            known.map_or_else(|| Listing::read(open).map(Cow::Owned), |known| Ok(Cow::Borrowed(known)));
        let looked = listing
            .map_err(|error| unreadable("", &error))
            .and_then(|listing| record_left_over(&listing, directory, self.of_overlays, &mut self.left_over))
            .and_then(|()| read_existing(open, name, text, &mut self.read));
        let in_directory =
            |name: &str| Location { directory: directory.to_owned(), name: name.to_owned() }.path();
        let found = match looked {
            Ok(Existing::Absent) => return Ok(Change::Create),
            Ok(Existing::Right) => return Ok(Change::Keep),
            Ok(Existing::Else(found)) => found,
            Err((name, fault)) => return Err(self.tree.problem(&in_directory(&name), fault)),
        };
        match judge(&found.bytes, text, &source(), self.leave) {
            Verdict::Right => Ok(Change::Keep),
            Verdict::Stale => Ok(Change::Replace(found)),
            Verdict::Refused(fault) => Err(self.tree.problem(&in_directory(name), fault)),
        }
    }
}

/// The existing file at an output path.
enum Existing {
    /// Nothing.
    Absent,
    /// The content to write.
    Right,
    Else(Found),
}

/// What is wrong, and the name of the file that it is wrong with.
type Fault = (String, FileFault);

fn unreadable(name: &str, error: &io::Error) -> Fault {
    (name.to_owned(), FileFault::Unreadable { cause: cause(error) })
}

/// Notes the temporary files that killed runs left behind in a directory. `of_overlays`: reports a second kustomization.
fn record_left_over(
    listing: &Listing,
    directory: &str,
    of_overlays: bool,
    left_over: &mut Vec<Location>,
) -> Result<(), Fault> {
    let Listing::Odd(odd) = listing else { return Ok(()) };
    let place = |name: &String| Location { directory: directory.to_owned(), name: name.clone() };
    left_over.extend(odd.left_over.iter().map(place));
    let second = odd.second.clone().filter(|_| of_overlays);
    second.map_or(Ok(()), |name| Err((name, FileFault::SecondKustomization)))
}

/// The existing file at an output path. `text`: the content to write; `read`: a buffer.
fn read_existing(open: &Directory, name: &str, text: &str, read: &mut Vec<u8>) -> Result<Existing, Fault> {
    if open.holds(name, text.as_bytes(), read) {
        return Ok(Existing::Right);
    }
    match open.read(name, FILE_LIMIT) {
        Ok(Opened::Open(Some(found))) => Ok(Existing::Else(found)),
        Ok(Opened::Open(None)) => {
            let fault = InputFault::TooLarge { limit: FILE_LIMIT };
            Err((name.to_owned(), FileFault::Input(fault)))
        }
        Ok(Opened::Absent) => Ok(Existing::Absent),
        Ok(Opened::Else(kind)) => Err((name.to_owned(), in_the_way(kind))),
        Err(error) => Err(unreadable(name, &error)),
    }
}

/// The patch of a plan: files in the order of the fleet's clusters, then the orphans that go. `prefix`: what comes
/// before the paths below the directory of the source.
pub fn patch(plan: &Plan, prefix: &str) -> Vec<u8> {
    let mut patch = Vec::new();
    for planned in &plan.files {
        let name = format!("{prefix}{}", planned.place.path());
        let new = Side { name: Some(&name), bytes: planned.text.as_bytes() };
        match &planned.change {
            Change::Keep => {}
            Change::Create => diff::patch(Side { name: None, bytes: b"" }, new, &mut patch),
            Change::Replace(found) => {
                diff::patch(Side { name: Some(&name), bytes: &found.bytes }, new, &mut patch);
            }
        }
    }
    for orphan in &plan.orphans {
        let name = format!("{prefix}{}", orphan.place.path());
        let old = Side { name: Some(&name), bytes: &orphan.found.bytes };
        diff::patch(old, Side { name: None, bytes: b"" }, &mut patch);
    }
    patch
}
