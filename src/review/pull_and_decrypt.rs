//! Who pulls and who decrypts with one identity. Whoever takes over one that pulls can then read the secrets.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{Assignee, Cluster, Controller, Fleet, Identities, Identity, Provider};
use crate::review::group::Grouped;
use crate::review::pair::{Pair, numbers};

/// That a controller pulls or decrypts with an identity with which another does the other, or no longer.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct PullAndDecryptChange {
    pub identity: String,
    pub provider: Provider,
    /// Who pulls or decrypts with it.
    pub controller: Controller,
    /// Whether it newly does; else it no longer does.
    pub is_gain: bool,
}

impl PullAndDecryptChange {
    pub const fn does(&self) -> &'static str {
        if self.controller.decrypts() { "decrypts" } else { "pulls" }
    }
}

/// An identity that both pulls and decrypts, the number of a pair of clusters, and who does one of the two there.
type Entry<'f> = (Identity<'f>, usize, Controller);

/// Who newly pulls or decrypts with an identity that does both, and who no longer, each with the number of the pair.
pub fn changes(before: &Fleet, after: &Fleet, pairs: &[Pair<'_>]) -> Vec<(usize, PullAndDecryptChange)> {
    let before = entries(before, pairs, Pair::before);
    let after = entries(after, pairs, Pair::after);
    let lacking =
        |entries: &BTreeMap<Entry<'_>, PullAndDecryptChange>, others: &BTreeSet<Entry<'_>>, is_gain| {
            let new = entries.iter().filter(|(entry, _)| !others.contains(*entry));
            new.map(|((_, at, _), change)| (*at, PullAndDecryptChange { is_gain, ..change.clone() }))
                .collect::<Vec<_>>()
        };
    let mut changes = lacking(&after, &before.keys().cloned().collect(), true);
    changes.extend(lacking(&before, &after.keys().cloned().collect(), false));
    changes
}

fn entries<'f>(
    fleet: &'f Fleet,
    pairs: &[Pair<'f>],
    side: impl Fn(&Pair<'f>) -> Option<&'f Cluster>,
) -> BTreeMap<Entry<'f>, PullAndDecryptChange> {
    let numbers = numbers(pairs, side);
    let mut entries = BTreeMap::new();
    let identities = Identities::new(fleet);
    for (identity, shared) in identities.known().filter(|(_, shared)| shared.pulls_and_decrypts()) {
        for (holder, clusters) in &shared.holders {
            let Assignee::Controller(controller) = *holder else { continue };
            if !controller.pulls() && !controller.decrypts() {
                continue;
            }
            for at in clusters.iter().filter_map(|name| numbers.get(name)) {
                let (name, provider) = (shared.name.clone(), shared.provider);
                let change = PullAndDecryptChange { identity: name, provider, controller, is_gain: true };
                entries.insert((identity.clone(), *at, controller), change);
            }
        }
    }
    entries
}

/// A change in which the cluster's own values may be hidden.
pub type Key = (String, Provider, Controller, bool);

impl Grouped for PullAndDecryptChange {
    type Key = Key;

    fn rank(&self) -> usize {
        usize::from(!self.is_gain)
    }

    fn key(&self, hide: &impl Fn(&str) -> String) -> Key {
        (hide(&self.identity), self.provider, self.controller, self.is_gain)
    }
}
