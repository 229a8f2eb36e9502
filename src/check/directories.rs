//! Checks output directories. Paths that differ only in case are equal on many file systems.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use crate::check::checked_cluster::CheckedCluster;
use crate::check::duplicates;
use crate::model::OutputPath;
use crate::model::ascii::ascii_lowercase;
use crate::problem::{AccountProblem, FitProblem, GeneratedDirectory, Problems};
use crate::span::Span;

/// The directories of generated files, by their paths in small letters.
type ClaimedDirectories<'c> = BTreeMap<Cow<'c, str>, ClaimedDirectory<'c>>;

/// A directory of generated files.
#[derive(Clone, Copy, Debug)]
struct ClaimedDirectory<'c> {
    /// The name of the cluster that they are of.
    at: Span,
    path: &'c OutputPath,
    /// True if they are ServiceAccounts, and no overlay.
    holds_accounts: bool,
}

/// Reports directories of generated files that are in the way of each other.
pub fn check(clusters: &[CheckedCluster], problems: &mut Problems) {
    let all = clusters.iter().flat_map(|CheckedCluster { cluster, at, .. }| {
        let accounts = cluster.object_level.as_ref().map(|object_level| (&object_level.directory, true));
        let both = [(&cluster.output, false)].into_iter().chain(accounts);
        both.map(|(path, holds_accounts)| ClaimedDirectory { at: *at, path, holds_accounts })
    });
    let all: Vec<ClaimedDirectory<'_>> = all.collect();
    let may_nest = all.iter().any(|place| place.holds_accounts);
    let of_one = |place| std::iter::once(Some((ascii_lowercase(ClaimedDirectory::path(place)), ())));
    if !may_nest && duplicates::duplicate_groups(&all, of_one, |alike| alike.len() > 1).is_empty() {
        return;
    }
    let mut places = ClaimedDirectories::new();
    for place in all {
        claim(place, &mut places, problems);
    }
    if may_nest {
        check_nesting(&places, problems);
    }
}

/// Takes in a directory, or reports it if it is taken.
fn claim<'c>(place: ClaimedDirectory<'c>, places: &mut ClaimedDirectories<'c>, problems: &mut Problems) {
    match places.entry(ascii_lowercase(place.path.as_str())) {
        Entry::Vacant(free) => {
            free.insert(place);
        }
        Entry::Occupied(taken) => {
            let taken = taken.get();
            problems.report(FitProblem::SameOutput {
                at: place.at,
                first: taken.at,
                directory: place.directory(),
                of_one_kind: taken.holds_accounts == place.holds_accounts,
                by_case: taken.path != place.path,
            });
        }
    }
}

/// Reports ServiceAccounts in the directory of an overlay, and what is below the directory of ServiceAccounts: Flux looks
/// into no directory below one that has a kustomization.
/// Source: `kustomize_generator.go` in `kustomize` of fluxcd/pkg, which skips such directories.
fn check_nesting(places: &ClaimedDirectories<'_>, problems: &mut Problems) {
    for (key, inner) in places {
        let outside = key.match_indices('/').filter_map(|(end, _)| places.get(key.get(..end)?));
        for outer in outside.filter(|outer| outer.holds_accounts || inner.holds_accounts) {
            problems.report(AccountProblem::Within {
                at: inner.at,
                inner: inner.directory(),
                outer_at: outer.at,
                outer: outer.directory(),
            });
        }
    }
}

impl ClaimedDirectory<'_> {
    fn path(&self) -> &str {
        self.path.as_str()
    }

    fn directory(self) -> GeneratedDirectory {
        GeneratedDirectory { path: self.path.as_str().to_owned(), holds_accounts: self.holds_accounts }
    }
}
