//! What a source newly demands of clusters, or lets pass, and what no longer.

use std::collections::BTreeMap;

use crate::model::{Cluster, Covered, Fleet, Platform, Policy};
use crate::review::group::Grouped;
use crate::review::pair::{Pair, numbers};
use crate::syntax::notation::Value;

/// That a source newly demands something or lets it pass, or no longer.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct PolicyChange {
    /// What it says, without whom an `allow` covers.
    pub rule: Rule,
    /// Whether it is new; else it is gone.
    pub is_gain: bool,
}

/// What a source demands, or lets pass.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rule {
    /// Somebody must be mapped.
    Require {
        /// Who.
        who: String,
        /// The name of the platform where it must be; on all if there is none.
        on: Option<&'static str>,
    },
    /// Identities must not be shared.
    Isolate {
        /// The role that means them.
        role: String,
        /// Between whom.
        variable: String,
    },
    /// A warning may be.
    Allow {
        /// Its code.
        code: &'static str,
        /// Why.
        reason: String,
        /// Whether it stands where no cluster is.
        is_of_none: bool,
    },
}

impl Rule {
    /// The word that it begins with.
    pub const fn statement(&self) -> &'static str {
        match self {
            Rule::Require { .. } => "require",
            Rule::Isolate { .. } => "isolate",
            Rule::Allow { .. } => "allow",
        }
    }

    /// What stands behind that.
    pub fn says(&self) -> String {
        match self {
            Rule::Require { who, on: None } => who.clone(),
            Rule::Require { who, on: Some(platform) } => format!("{who} on {platform}"),
            Rule::Isolate { role, variable } => format!("{role} by {variable}"),
            Rule::Allow { code, reason, is_of_none } => {
                let nowhere = if *is_of_none { ", which covers no cluster" } else { "" };
                format!("{code} {}{nowhere}", Value::Text(reason))
            }
        }
    }

    /// The same without what is said for people alone.
    fn without_reason(&self) -> Rule {
        match self {
            Rule::Allow { code, reason: _, is_of_none } => {
                Rule::Allow { code, reason: String::new(), is_of_none: *is_of_none }
            }
            Rule::Require { .. } | Rule::Isolate { .. } => self.clone(),
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
        for (entry, rule) in entries.iter().filter(|(entry, _)| !others.contains_key(*entry)) {
            let change = PolicyChange { rule: rule.clone(), is_gain };
            match entry {
                (None, _) => of_fleet.push(change),
                (Some(at), _) => of_clusters.push((*at, change)),
            }
        }
    }
    of_fleet.sort();
    (of_fleet, of_clusters)
}

/// What is said of which pair of clusters, or of the whole fleet, with its reason.
type Entries = BTreeMap<(Option<usize>, Rule), Rule>;

fn entries<'f>(
    fleet: &'f Fleet,
    pairs: &[Pair<'f>],
    side: impl Fn(&Pair<'f>) -> Option<&'f Cluster>,
) -> Entries {
    let numbers = numbers(pairs, side);
    let mut entries = Entries::new();
    let mut take = |at, rule: Rule| {
        entries.entry((at, rule.without_reason())).or_insert(rule);
    };
    for policy in &fleet.policies {
        match policy {
            Policy::Require { who, on } => {
                take(None, Rule::Require { who: who.clone(), on: on.map(Platform::name) });
            }
            Policy::Isolate { role, variable } => {
                take(None, Rule::Isolate { role: role.clone(), variable: variable.clone() });
            }
            Policy::Allow { code, reason, covers } => {
                let rule = |is_of_none| Rule::Allow { code, reason: reason.clone(), is_of_none };
                match covers {
                    Covered::Fleet => take(None, rule(false)),
                    Covered::Clusters(names) if names.is_empty() => take(None, rule(true)),
                    Covered::Clusters(names) => {
                        let covered = names.iter().filter_map(|name| numbers.get(name.as_str()));
                        covered.for_each(|at| take(Some(*at), rule(false)));
                    }
                }
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
        // What is said is said of many at once.
        self.clone()
    }
}
