//! Where a source says what a cluster has. The model does not know it, and what is found in the whole fleet points at it.

use crate::model::{Assignee, Cluster, Provider};
use crate::problem::InCluster;
use crate::resolve::Recipient;
use crate::resolve::ResolvedMapping;
use crate::span::Span;

/// A cluster in which nothing is wrong, and where that is said.
#[derive(Debug)]
pub struct CheckedCluster<'t> {
    /// The cluster.
    pub cluster: Cluster,
    /// Where its name stands.
    pub at: Span,
    /// Where the first cluster of its statement is named.
    pub statement: Span,
    /// Where it is said what it has.
    pub origins: Origins<'t>,
}

/// Where it is said what a cluster has, in the order of the recipients.
#[derive(Debug, Default)]
pub struct Origins<'t>(Vec<(Recipient<'t>, Provider, Span)>);

impl<'t> Origins<'t> {
    /// Takes in what is said of somebody, who comes behind all that were taken in.
    pub fn record(&mut self, recipient: Recipient<'t>, mapped: &ResolvedMapping<'_>) {
        self.0.extend(mapped.given.iter().map(|given| (recipient, given.provider(), given.at)));
    }
}

impl CheckedCluster<'_> {
    /// Its name, and where that stands.
    pub fn in_cluster(&self) -> InCluster {
        InCluster { name: self.cluster.name.clone(), at: self.at }
    }

    /// Where the identity stands that a holder has of a provider; the cluster's name if nobody knows.
    pub fn origin(&self, holder: Assignee<'_>, provider: Provider) -> Span {
        let (recipient, all) = (Recipient::from(holder), self.origins.0.as_slice());
        let first = all.partition_point(|(known, ..)| *known < recipient);
        let own = all.iter().skip(first).take_while(|(known, ..)| *known == recipient);
        own.into_iter().find(|(_, of, _)| *of == provider).map_or(self.at, |(.., at)| *at)
    }
}

/// The names of clusters, each once, in the order of the source.
pub fn in_clusters<'c>(clusters: impl IntoIterator<Item = &'c CheckedCluster<'c>>) -> Vec<InCluster> {
    let mut names: Vec<InCluster> = clusters.into_iter().map(CheckedCluster::in_cluster).collect();
    names.sort_by_key(|name| name.at);
    names.dedup();
    names
}
