//! What a check found out about clusters, for the next check of the same files: while only the text of some clusters
//! changes, the others need no check.

mod change;

use std::collections::BTreeMap;
use std::ops::Range;

use crate::check::checked_cluster::CheckedCluster;
use crate::check::kept::change::{Change, Side};
use crate::source::Sources;
use crate::span::{FileId, Span};
use crate::syntax::tree::{Item, Tree};

/// The clusters of which a check had nothing to report.
#[derive(Debug, Default)]
pub struct Kept {
    /// They, by the spans of their names.
    clusters: BTreeMap<Span, CheckedCluster>,
    /// The blocks of clusters of each source.
    blocks: BTreeMap<FileId, Vec<Range<usize>>>,
}

/// An earlier check, with the same files beside the sources. What it knows is not read again, and so does not count for the
/// most bytes that a run reads.
#[derive(Clone, Copy)]
pub struct Earlier<'e> {
    pub sources: &'e Sources,
    pub kept: &'e Kept,
}

impl Kept {
    pub fn new(trees: &[(FileId, Tree<'_>)], clusters: Vec<CheckedCluster>) -> Kept {
        let quiet = clusters.into_iter().filter(|checked| checked.is_quiet);
        let clusters = quiet.map(|checked| (checked.at, checked)).collect();
        Kept { clusters, blocks: trees.iter().map(|(file, tree)| (*file, blocks(tree))).collect() }
    }
}

/// The blocks of clusters of a file, from the first name to the closing brace, in the order of the source.
fn blocks(tree: &Tree<'_>) -> Vec<Range<usize>> {
    let items = tree.lines.iter().filter_map(|line| line.node.as_ref());
    let block = |item: &Item<'_>| {
        let Item::Cluster(cluster) = item else { return None };
        let first = cluster.names.nodes().next().map_or(cluster.platform.span, |name| name.span);
        Some(first.to(cluster.block.span).range())
    };
    items.filter_map(block).collect()
}

/// The clusters that need no check, because neither they nor what they depend on has changed.
pub struct Unchanged<'e> {
    kept: &'e Kept,
    /// What has changed in each file.
    changes: Vec<Option<Change>>,
}

impl<'e> Unchanged<'e> {
    /// Compares sources with those of an earlier check. Nothing if more than clusters has changed.
    pub fn new(
        earlier: Earlier<'e>,
        sources: &Sources,
        trees: &[(FileId, Tree<'_>)],
    ) -> Option<Unchanged<'e>> {
        if !sources.has_files_of(earlier.sources) {
            return None;
        }
        let trees: BTreeMap<FileId, &Tree<'_>> = trees.iter().map(|(file, tree)| (*file, tree)).collect();
        let mut changes = Vec::new();
        for ((file, before), (_, now)) in earlier.sources.iter().zip(sources.iter()) {
            let change = if before.text == now.text {
                None
            } else {
                let before = Side { text: &before.text, blocks: earlier.kept.blocks.get(&file)? };
                let blocks = blocks(trees.get(&file)?);
                Some(Change::of_clusters(before, Side { text: &now.text, blocks: &blocks })?)
            };
            changes.push(change);
        }
        Some(Unchanged { kept: earlier.kept, changes })
    }

    /// What is known of the cluster whose name has this span.
    pub fn find(&self, name: Span) -> Option<CheckedCluster> {
        let change = |file: FileId| self.changes.get(file.index()).copied().flatten();
        let before = change(name.file).map_or(Some(name), |change| change.before(name))?;
        let now = |span: Span| change(span.file).map_or(Some(span), |change| change.now(span));
        self.kept.clusters.get(&before)?.with_spans(now)
    }
}
