//! Spans of a cluster. The model has none, and findings of the whole fleet need them.

use crate::model::{Assignee, Assignment, Cluster, Provider};
use crate::problem::InCluster;
use crate::resolve::RecipientName;
use crate::resolve::ResolvedMapping;
use crate::span::Span;

/// A cluster without errors, and its spans.
#[derive(Debug)]
pub struct CheckedCluster<'t> {
    pub cluster: Cluster,
    pub at: Span,
    /// Where the first cluster of its statement is named.
    pub statement: Span,
    /// The spans of its mappings.
    pub origins: MappingSpans<'t>,
    /// The spans of its `trust` statements' identities, in the order of `Cluster::trusted`.
    pub trust_origins: Vec<Span>,
}

/// The spans of the mappings of a cluster, in the order of the recipients.
#[derive(Debug, Default)]
pub struct MappingSpans<'t>(Vec<(RecipientName<'t>, Provider, Span)>);

impl<'t> MappingSpans<'t> {
    /// Adds the spans of a recipient, which must be after all others.
    pub fn record(&mut self, recipient: RecipientName<'t>, mapped: &ResolvedMapping<'_>) {
        self.0.extend(mapped.identities.iter().map(|identity| (recipient, identity.provider(), identity.at)));
    }
}

impl CheckedCluster<'_> {
    /// The name and its span.
    pub fn in_cluster(&self) -> InCluster {
        InCluster { name: self.cluster.name.clone(), at: self.at }
    }

    /// The span of the identity of an assignment, or else of the cluster's name.
    pub fn assignment_origin(&self, assignment: &Assignment<'_>) -> Span {
        match assignment.trust_only {
            Some(index) => self.trust_origins.get(index).copied().unwrap_or(self.at),
            None => self.origin(assignment.assignee, assignment.identity_and_source.provider()),
        }
    }

    /// The span of an assignee's identity of a provider, or else of the cluster's name.
    pub fn origin(&self, holder: Assignee<'_>, provider: Provider) -> Span {
        let mut own = self.origins_of(holder);
        own.find(|(of, _)| *of == provider).map_or(self.at, |(_, at)| at)
    }

    /// The span of the first identity of an assignee, or else of the cluster's name.
    pub fn first_origin(&self, holder: Assignee<'_>) -> Span {
        self.origins_of(holder).next().map_or(self.at, |(_, at)| at)
    }

    /// The span of the first identity that a ServiceAccount has which is no controller's.
    pub fn first_account_origin(&self) -> Option<Span> {
        let of_accounts =
            self.origins.0.iter().filter(|(known, ..)| matches!(known, RecipientName::Account(_)));
        of_accounts.map(|(.., at)| *at).min()
    }

    fn origins_of(&self, holder: Assignee<'_>) -> impl Iterator<Item = (Provider, Span)> {
        let (recipient, all) = (RecipientName::from(holder), self.origins.0.as_slice());
        let first = all.partition_point(|(known, ..)| *known < recipient);
        let own = all.iter().skip(first).take_while(move |(known, ..)| *known == recipient);
        own.map(|(_, provider, at)| (*provider, *at))
    }
}

/// The names of clusters, each once, in the order of the source.
pub fn in_clusters<'c>(clusters: impl IntoIterator<Item = &'c CheckedCluster<'c>>) -> Vec<InCluster> {
    let mut names: Vec<InCluster> = clusters.into_iter().map(CheckedCluster::in_cluster).collect();
    names.sort_by_key(|name| name.at);
    names.dedup();
    names
}
