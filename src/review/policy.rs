//! What a source newly demands of clusters, or lets pass, and what no longer.

use std::collections::BTreeMap;

use crate::model::{Cluster, Covered, Fleet, Policy};
use crate::review::group::Grouped;
use crate::review::pair::{Pair, numbers};
use crate::syntax::notation::Value;

/// That a source newly demands something or lets it pass, or no longer.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct PolicyChange {
    /// The statement. An `allow` of clusters covers the fleet here; one that covers none stands where no cluster is.
    pub policy: Policy,
    /// Whether it is new; else it is gone.
    pub is_gain: bool,
}

impl PolicyChange {
    pub const fn statement(&self) -> &'static str {
        match self.policy {
            Policy::Require { .. } => "require",
            Policy::Isolate { .. } => "isolate",
            Policy::Allow { .. } => "allow",
        }
    }

    /// What stands behind the keyword.
    pub fn says(&self) -> String {
        match &self.policy {
            Policy::Require { who, on: None } => who.clone(),
            Policy::Require { who, on: Some(platform) } => format!("{who} on {}", platform.name()),
            Policy::Isolate { role, variable } => format!("{role} by {variable}"),
            Policy::Allow { code, reason, covers } => {
                let nowhere = if *covers == Covered::Fleet { "" } else { ", which covers no cluster" };
                format!("{code} {}{nowhere}", Value::Text(reason))
            }
        }
    }
}

/// What changes for the whole fleet, and what in single clusters, each with the number of the pair.
pub type Changes = (Vec<PolicyChange>, Vec<(usize, PolicyChange)>);

/// What is newly demanded or let pass, and what no longer. Another reason for the same is no change.
pub fn changes(before: &Fleet, after: &Fleet, pairs: &[Pair<'_>]) -> Changes {
    let before = entries(before, pairs, Pair::before);
    let after = entries(after, pairs, Pair::after);
    let (mut of_fleet, mut of_clusters) = (Vec::new(), Vec::new());
    for (entries, others, is_gain) in [(&before, &after, false), (&after, &before, true)] {
        for (entry, policy) in entries.iter().filter(|(entry, _)| !others.contains_key(*entry)) {
            let change = PolicyChange { policy: policy.clone(), is_gain };
            match entry {
                (None, _) => of_fleet.push(change),
                (Some(at), _) => of_clusters.push((*at, change)),
            }
        }
    }
    of_fleet.sort();
    (of_fleet, of_clusters)
}

/// The policies of pairs of clusters, or of the whole fleet, by themselves without their reasons.
type Entries = BTreeMap<(Option<usize>, Policy), Policy>;

fn entries<'f>(
    fleet: &'f Fleet,
    pairs: &[Pair<'f>],
    side: impl Fn(&Pair<'f>) -> Option<&'f Cluster>,
) -> Entries {
    let numbers = numbers(pairs, side);
    let mut entries = Entries::new();
    let mut add = |at, policy: Policy| {
        let without_reason = match policy.clone() {
            Policy::Allow { code, reason: _, covers } => {
                Policy::Allow { code, reason: String::new(), covers }
            }
            policy @ (Policy::Require { .. } | Policy::Isolate { .. }) => policy,
        };
        entries.entry((at, without_reason)).or_insert(policy);
    };
    for policy in &fleet.policies {
        match policy {
            Policy::Allow { code, reason, covers: Covered::Clusters(names) } if !names.is_empty() => {
                let covered = names.iter().filter_map(|name| numbers.get(name.as_str()));
                let policy = Policy::Allow { code, reason: reason.clone(), covers: Covered::Fleet };
                covered.for_each(|at| add(Some(*at), policy.clone()));
            }
            Policy::Allow { .. } | Policy::Require { .. } | Policy::Isolate { .. } => {
                add(None, policy.clone());
            }
        }
    }
    entries
}

impl Grouped for PolicyChange {
    type Key = PolicyChange;

    fn rank(&self) -> usize {
        usize::from(!self.is_gain)
    }

    fn key(&self, _hide: &impl Fn(&str) -> String) -> PolicyChange {
        self.clone()
    }
}
