//! What files of values say of clusters: it counts as said in their blocks.

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;

use crate::problem::{Problems, SearchBudget, ValuesFault, ValuesProblem};
use crate::resolve::definitions::report_duplicate;
use crate::resolve::layers::{Layer, LayerScope};
use crate::span::{FileId, Span};
use crate::syntax::tree::{Name, Values, ValuesEntry};

/// How many entries a thread reads at once.
const BLOCK: usize = 256;

/// What files of values say of clusters.
#[derive(Debug, Default)]
pub struct DeclaredValues<'t> {
    list: Vec<Entry<'t>>,
    by_cluster: BTreeMap<&'t str, Vec<usize>>,
    /// The files of values that the root source names, whose entries are for all clusters.
    of_root: BTreeSet<FileId>,
    /// The sources that name files of values.
    naming: BTreeSet<usize>,
    /// The clusters of each source.
    clusters: BTreeMap<&'t str, BTreeSet<usize>>,
}

#[derive(Debug)]
struct Entry<'t> {
    cluster: Name<'t>,
    /// The number of the source that names the file.
    source: usize,
    layer: Layer<'t>,
}

/// The entries of one file whose clusters there are not.
struct UnknownClusters {
    first: Span,
    is_included: bool,
    /// Each with the name that was perhaps meant.
    names: Vec<(String, Option<String>)>,
}

impl<'t> DeclaredValues<'t> {
    /// Collects the entries of the files that a source names. Returns their statements.
    pub fn collect(
        &mut self,
        source: usize,
        files: &'t [Values<'t>],
        problems: &mut Problems,
    ) -> impl Iterator<Item = &Layer<'t>> {
        let first = self.list.len();
        for values in files {
            if source == 0 {
                self.of_root.insert(values.file);
            } else if self.of_root.contains(&values.file) {
                continue;
            }
            self.naming.insert(source);
            let read = |entries: &'t [ValuesEntry<'t>]| {
                let mut problems = Problems::default();
                let build = |entry: &'t ValuesEntry<'t>| {
                    let layer = Layer::build(entry.statements.iter(), LayerScope::Cluster, &mut problems);
                    Entry { cluster: entry.cluster, source, layer }
                };
                let entries: Vec<Entry<'t>> = entries.iter().map(build).collect();
                (entries, problems)
            };
            let all: Vec<_> = values.entries.par_chunks(BLOCK).map(read).collect();
            for (entries, found) in all {
                problems.append(found);
                for entry in entries {
                    self.by_cluster.entry(entry.cluster.text).or_default().push(self.list.len());
                    self.list.push(entry);
                }
            }
        }
        self.list.iter().skip(first).map(|entry| &entry.layer)
    }

    /// Notes a cluster of a source.
    pub fn expect(&mut self, source: usize, cluster: &'t str) {
        self.clusters.entry(cluster).or_default().insert(source);
    }

    /// Reports what is said of clusters that there are not, once for each file.
    pub fn report_unknown(&self, problems: &mut Problems) {
        let searches = SearchBudget::default();
        let mut unknown: BTreeMap<FileId, UnknownClusters> = BTreeMap::new();
        for Entry { cluster, source, .. } in &self.list {
            let declared = self.clusters.get(cluster.text);
            if declared.is_some_and(|sources| *source == 0 || sources.contains(source)) {
                continue;
            }
            // A cluster with an entry of its own is not the one that was meant.
            let without_entry =
                self.clusters.keys().copied().filter(|name| !self.by_cluster.contains_key(name));
            let near = searches.nearest(cluster.text, without_entry.map(Some));
            let of_file = unknown.entry(cluster.span.file).or_insert_with(|| UnknownClusters {
                first: cluster.span,
                is_included: *source > 0,
                names: Vec::new(),
            });
            let near = near.filter(|_| declared.is_none()).map(str::to_owned);
            of_file.names.push((cluster.text.to_owned(), near));
        }
        for UnknownClusters { first, is_included, names } in unknown.into_values() {
            let fault = ValuesFault::UnknownClusters { names, is_included };
            problems.report(ValuesProblem { at: first, fault });
        }
    }

    /// What is said of a cluster of a source, and whether a file of values of that source or of the root has no entry for
    /// it. Reports what its block or another entry says too.
    pub fn of_cluster(
        &self,
        (source, cluster): (usize, &str),
        own: &Layer<'t>,
        problems: &mut Problems,
    ) -> ClusterValues<'_, 't> {
        let numbers = self.by_cluster.get(cluster).into_iter().flatten();
        let entries = numbers.filter_map(|at| self.list.get(*at));
        let entries = entries.filter(|entry| entry.source == 0 || entry.source == source);
        let layers: Vec<&Layer<'t>> = entries.map(|entry| &entry.layer).collect();
        let mut known: BTreeMap<_, Span> = BTreeMap::new();
        for (key, definition) in layers.iter().flat_map(|layer| layer.definitions.iter()) {
            let said = own.definitions.get(key).map(|own| own.at);
            let first = said.unwrap_or_else(|| *known.entry(*key).or_insert(definition.at));
            if first != definition.at {
                report_duplicate(key.noun(), &key.name(), definition.at, first, problems);
            }
        }
        let is_expected = self.naming.contains(&0) || self.naming.contains(&source);
        ClusterValues { is_missing: is_expected && layers.is_empty(), layers }
    }
}

/// What files of values say of one cluster.
#[derive(Clone, Debug, Default)]
pub struct ClusterValues<'v, 't> {
    pub layers: Vec<&'v Layer<'t>>,
    /// True if there are files of values, and none has an entry for it.
    pub is_missing: bool,
}
