//! Spans of a cluster. The model has none, and findings of the whole fleet need them.

use std::sync::Arc;

use crate::model::{Account, Assignee, Assignment, Cluster, Controller, Provider};
use crate::problem::{InCluster, Unverified};
use crate::resolve::RecipientName;
use crate::resolve::ResolvedMapping;
use crate::span::Span;

/// A cluster without errors, and its spans.
#[derive(Debug)]
pub struct CheckedCluster {
    pub cluster: Arc<Cluster>,
    pub at: Span,
    /// Where the first cluster of its statement is named.
    pub statement: Span,
    /// The spans of its mappings.
    pub origins: MappingSpans,
    /// The spans of its `trust` statements' identities, in the order of `Cluster::trusted`.
    pub trust_origins: Vec<Span>,
    /// Whether it has a `gotk-sync.yaml`; see [`fleet::has_sync`](crate::check::fleet::has_sync).
    pub has_sync: Option<bool>,
    /// Why it is unknown whether its patches hit something.
    pub unverified: Vec<Unverified>,
    /// True if nothing else was reported of it.
    pub is_quiet: bool,
}

/// The spans of the mappings of a cluster, in the order of the recipients.
#[derive(Debug, Default)]
pub struct MappingSpans(Vec<(Recipient, Provider, Span)>);

/// A recipient that is no part of a source.
#[derive(Clone, Debug)]
enum Recipient {
    Controller(Controller),
    Account(Box<Account>),
}

impl Recipient {
    /// The recipient of a name; nothing where it is no name of a ServiceAccount.
    fn new(name: RecipientName<'_>) -> Option<Recipient> {
        match name {
            RecipientName::Controller(controller) => Some(Recipient::Controller(controller)),
            RecipientName::Account(name) => {
                name.account().ok().map(|account| Recipient::Account(Box::new(account)))
            }
        }
    }

    fn name(&self) -> RecipientName<'_> {
        RecipientName::from(match self {
            Recipient::Controller(controller) => Assignee::Controller(*controller),
            Recipient::Account(account) => Assignee::Account(account),
        })
    }
}

impl MappingSpans {
    /// Adds the spans of a recipient, which must be after all others.
    pub fn record(&mut self, recipient: RecipientName<'_>, mapped: &ResolvedMapping<'_>) {
        let Some(recipient) = Recipient::new(recipient) else { return };
        let identities = mapped.identities.iter();
        self.0.extend(identities.map(|identity| (recipient.clone(), identity.provider(), identity.at)));
    }

    /// The same with other spans.
    fn with_spans(&self, new: impl Fn(Span) -> Option<Span>) -> Option<MappingSpans> {
        let all = self.0.iter();
        let all = all.map(|(recipient, provider, at)| Some((recipient.clone(), *provider, new(*at)?)));
        all.collect::<Option<_>>().map(MappingSpans)
    }
}

impl CheckedCluster {
    /// The same cluster with other spans, unless one of them is gone.
    pub fn with_spans(&self, new: impl Fn(Span) -> Option<Span>) -> Option<CheckedCluster> {
        Some(CheckedCluster {
            cluster: Arc::clone(&self.cluster),
            at: new(self.at)?,
            statement: new(self.statement)?,
            origins: self.origins.with_spans(&new)?,
            trust_origins: self.trust_origins.iter().map(|at| new(*at)).collect::<Option<_>>()?,
            has_sync: self.has_sync,
            unverified: self.unverified.clone(),
            is_quiet: self.is_quiet,
        })
    }

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
        let of_accounts = self.origins.0.iter().filter(|(known, ..)| matches!(known, Recipient::Account(_)));
        of_accounts.map(|(.., at)| *at).min()
    }

    fn origins_of(&self, holder: Assignee<'_>) -> impl Iterator<Item = (Provider, Span)> {
        let (recipient, all) = (RecipientName::from(holder), self.origins.0.as_slice());
        let first = all.partition_point(|(known, ..)| known.name() < recipient);
        let own = all.iter().skip(first).take_while(move |(known, ..)| known.name() == recipient);
        own.map(|(_, provider, at)| (*provider, *at))
    }
}

/// The names of clusters, each once, in the order of the source.
pub fn in_clusters<'c>(clusters: impl IntoIterator<Item = &'c CheckedCluster>) -> Vec<InCluster> {
    let mut names: Vec<InCluster> = clusters.into_iter().map(CheckedCluster::in_cluster).collect();
    names.sort_by_key(|name| name.at);
    names.dedup();
    names
}
