//! Each identity of a fleet once, and who has it.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{Assignee, Assignment, Cluster, Controller, Fleet, Identity, Provider};

/// All identities of a fleet, in the order of their kinds and names.
pub struct Identities<'f> {
    pub list: Vec<IdentityUse<'f>>,
    /// What the cloud knows each by, in the order of the list.
    by_identity: Vec<Identity<'f>>,
}

pub struct IdentityUse<'f> {
    pub provider: Provider,
    pub name: String,
    /// The assignees in their order, each with its clusters in the order of the fleet. Most identities have one assignee,
    /// and a map would reserve memory for eleven.
    pub holders: Vec<(Assignee<'f>, Vec<&'f str>)>,
}

impl<'f> Identities<'f> {
    pub fn new(fleet: &'f Fleet) -> Identities<'f> {
        let mut known: BTreeMap<Identity<'f>, (Assignment<'f>, Vec<Holder<'f>>)> = BTreeMap::new();
        for assignment in fleet.clusters.iter().flat_map(Cluster::assignments) {
            let (_, holders) = known.entry(assignment.identity()).or_insert((assignment, Vec::new()));
            holders.push((assignment.assignee, &assignment.cluster.name));
        }
        let mut identities = Identities {
            list: Vec::with_capacity(known.len()),
            by_identity: Vec::with_capacity(known.len()),
        };
        for (identity, (first, holders)) in known {
            identities.by_identity.push(identity);
            identities.list.push(IdentityUse {
                provider: first.identity_and_source.provider(),
                name: first.name(),
                holders: clusters_by_assignee(holders),
            });
        }
        identities
    }

    /// Each of them with what its cloud knows it by.
    pub fn known(&self) -> impl Iterator<Item = (&Identity<'f>, &IdentityUse<'f>)> {
        self.by_identity.iter().zip(&self.list)
    }

    /// Which of them it is.
    pub fn index(&self, assignment: &Assignment<'f>) -> usize {
        self.by_identity.binary_search(&assignment.identity()).unwrap_or_default()
    }

    /// The identities that an assignee in one of these clusters has.
    pub fn of_clusters<'a>(
        &'a self,
        clusters: &'a [&'f Cluster],
    ) -> impl Iterator<Item = &'a IdentityUse<'f>> {
        let all = clusters.iter().copied().flat_map(Cluster::assignments);
        let numbers: BTreeSet<usize> = all.map(|assignment| self.index(&assignment)).collect();
        numbers.into_iter().filter_map(|number| self.list.get(number))
    }
}

/// An assignee and one of its clusters.
type Holder<'f> = (Assignee<'f>, &'f str);

/// `holders`: all of one identity, in the order of the fleet.
fn clusters_by_assignee<'f>(mut holders: Vec<Holder<'f>>) -> Vec<(Assignee<'f>, Vec<&'f str>)> {
    holders.sort_by_key(|(assignee, _)| *assignee);
    let alike = holders.chunk_by(|(one, _), (next, _)| one == next);
    let clusters = |alike: &[Holder<'f>]| alike.iter().map(|(_, cluster)| *cluster).collect();
    let mut all: Vec<_> =
        alike.filter_map(|alike| alike.first().map(|(assignee, _)| (*assignee, clusters(alike)))).collect();
    all.shrink_to_fit();
    all
}

impl<'f> IdentityUse<'f> {
    /// The clusters in which anybody has it.
    pub fn clusters(&self) -> BTreeSet<&'f str> {
        self.holders.iter().flat_map(|(_, clusters)| clusters).copied().collect()
    }

    /// True if several have it: several ServiceAccounts, be they in one cluster.
    pub fn is_shared(&self) -> bool {
        self.holders.len() > 1 || self.holders.iter().any(|(_, clusters)| clusters.len() > 1)
    }

    /// True if who has it can both pull and decrypt: somebody pulls with it, and somebody decrypts with it. Whether one of
    /// the ServiceAccounts that objects name does so nobody can tell.
    pub fn pulls_and_decrypts(&self) -> bool {
        let any = |does: fn(Controller) -> bool| {
            self.holders.iter().any(|(holder, _)| match holder {
                Assignee::Controller(controller) => does(*controller),
                Assignee::Account(_) => false,
            })
        };
        any(Controller::pulls) && any(Controller::decrypts)
    }
}
