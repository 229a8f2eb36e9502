//! Each identity of a fleet once, and who has it.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{Assignee, Assignment, Cluster, Controller, Fleet, Identity, Provider};

/// All identities of a fleet, in the order of their kinds and names.
pub struct Identities<'f> {
    pub list: Vec<IdentityUse<'f>>,
    by_identity: BTreeMap<Identity<'f>, usize>,
}

pub struct IdentityUse<'f> {
    pub provider: Provider,
    pub name: String,
    /// The clusters of each assignee, in the order of the fleet.
    pub holders: BTreeMap<Assignee<'f>, Vec<&'f str>>,
}

impl<'f> Identities<'f> {
    pub fn new(fleet: &'f Fleet) -> Identities<'f> {
        let mut known: BTreeMap<Identity<'f>, IdentityUse<'f>> = BTreeMap::new();
        for holding in fleet.clusters.iter().flat_map(Cluster::assignments) {
            let shared = known.entry(holding.identity()).or_insert_with(|| IdentityUse {
                provider: holding.identity_and_source.provider(),
                name: holding.name(),
                holders: BTreeMap::new(),
            });
            shared.holders.entry(holding.assignee).or_default().push(&holding.cluster.name);
        }
        let (identities, list): (Vec<_>, Vec<_>) = known.into_iter().unzip();
        Identities { list, by_identity: identities.into_iter().zip(0..).collect() }
    }

    /// Each of them with what its cloud knows it by.
    pub fn known(&self) -> impl Iterator<Item = (&Identity<'f>, &IdentityUse<'f>)> {
        self.by_identity.iter().filter_map(|(identity, at)| Some((identity, self.list.get(*at)?)))
    }

    /// Which of them it is.
    pub fn index(&self, holding: &Assignment<'f>) -> usize {
        self.by_identity.get(&holding.identity()).copied().unwrap_or_default()
    }

    /// The identities that an assignee in one of these clusters has.
    pub fn of_clusters<'a>(
        &'a self,
        clusters: &'a [&'f Cluster],
    ) -> impl Iterator<Item = &'a IdentityUse<'f>> {
        let all = clusters.iter().copied().flat_map(Cluster::assignments);
        let numbers: BTreeSet<usize> = all.map(|holding| self.index(&holding)).collect();
        numbers.into_iter().filter_map(|number| self.list.get(number))
    }
}

impl<'f> IdentityUse<'f> {
    /// The clusters in which anybody has it.
    pub fn clusters(&self) -> BTreeSet<&'f str> {
        self.holders.values().flatten().copied().collect()
    }

    /// True if several have it: several ServiceAccounts, be they in one cluster.
    pub fn is_shared(&self) -> bool {
        self.holders.len() > 1 || self.holders.values().any(|clusters| clusters.len() > 1)
    }

    /// True if who has it can both pull and decrypt: somebody pulls with it, and somebody decrypts with it. Whether one of
    /// the ServiceAccounts that objects name does so nobody can tell.
    pub fn pulls_and_decrypts(&self) -> bool {
        let any = |does: fn(Controller) -> bool| {
            self.holders.keys().any(|holder| match holder {
                Assignee::Controller(controller) => does(*controller),
                Assignee::Account(_) => false,
            })
        };
        any(Controller::pulls) && any(Controller::decrypts)
    }
}
