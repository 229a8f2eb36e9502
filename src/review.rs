//! What changed in meaning between two fleets: who has which identity where, and who trusts whom. Different words for the
//! same meaning are no change.
//!
//! The same change in many clusters is one, also where each of them has its own name or account in it.

mod change;
mod cluster;
mod document;
mod fact;
mod group;
mod identity_description;
mod line;
mod markdown;
mod moved;
mod own_values;
mod pair;
mod passthrough;
mod policy;
mod pull_and_decrypt;
mod text;
mod trust_change;

use std::collections::BTreeSet;

pub use change::{Change, ClusterFate, IdentityChange, PassthroughChange, PassthroughFate};
pub use document::document;
pub use group::{Group, Member};
pub use identity_description::IdentityDescription;
pub use markdown::markdown;
pub use moved::{Moved, MovedOverlay};
pub use pair::Side;
pub use policy::PolicyChange;
pub use pull_and_decrypt::PullAndDecryptChange;
pub use text::text;
pub use trust_change::{Rollout, TrustChange, TrustPath};

use crate::review::group::GroupedCluster;
use crate::review::own_values::OwnValues;

/// What is compared, as it is shown to people and programs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ComparedRevisions {
    /// The revision, as the user typed it.
    pub revision: String,
    pub commit: String,
    /// The source there, from the root of the repository; `None` if there was none.
    pub source: Option<String>,
}

/// What to do where trust goes in the same change as the identity.
const ROTATION_ADVICE: &str = "pods use an identity until they restart; keep its trust in this change with \
    `trust WHO -> ROLE`, and remove that statement after the restart";

/// What changed in meaning.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Review {
    /// How many clusters there are that were looked at: those of both fleets, each once.
    pub clusters: usize,
    /// How many of them change.
    pub changed: usize,
    /// Where all overlays are now, if they moved alike. Those that moved in several ways are among the changes.
    pub moved: Option<Moved>,
    /// Who newly pulls or decrypts with an identity that does both, and who no longer.
    pub both: Vec<Group<PullAndDecryptChange>>,
    /// What the source newly demands of the whole fleet or lets pass there, and what no longer.
    pub policies: Vec<PolicyChange>,
    /// What it newly lets pass in clusters, and what no longer.
    pub allowed: Vec<Group<PolicyChange>>,
    /// What changes in clusters, what matters most first.
    pub changes: Vec<Group<Change>>,
    /// Who gains the trust of an identity, and who loses it; what matters most first.
    pub trust: Vec<Group<TrustChange>>,
}

impl Review {
    /// Whether nothing stands before the changes of clusters that has a heading, so that they need none.
    fn begins_with_changes(&self) -> bool {
        self.both.is_empty() && self.policies.is_empty() && self.allowed.is_empty()
    }

    /// What to do if pods still use identities whose trust is gone.
    fn rotation_advice(&self) -> Option<&'static str> {
        let mut changes =
            self.trust.iter().flat_map(|group| &group.members).flat_map(|member| &member.things);
        changes.any(|change| change.rollout == Rollout::InUse).then_some(ROTATION_ADVICE)
    }

    /// Whether nothing changes.
    pub fn is_empty(&self) -> bool {
        let Review { clusters: _, changed: _, moved, both, policies, allowed, changes, trust } = self;
        let says_nothing = policies.is_empty() && allowed.is_empty();
        moved.is_none() && both.is_empty() && says_nothing && changes.is_empty() && trust.is_empty()
    }
}

/// What changed from one fleet to the other. `shown`: the names of the clusters that are looked at; nothing for all.
pub fn review(before: Side<'_>, after: Side<'_>, shown: Option<&BTreeSet<String>>) -> Review {
    let pairs = pair::pairs(before, after);
    let is_shown = |name: &str| shown.is_none_or(|shown| shown.contains(name));
    let looked_at: Vec<bool> = pairs.iter().map(|pair| pair.names().any(is_shown)).collect();
    let is_looked_at = |at: usize| looked_at.get(at).copied().unwrap_or_default();
    let known = pairs.iter().map(|pair| GroupedCluster {
        name: pair.name(),
        own: OwnValues::new(pair),
        kind: pair.kind(),
    });
    let mut known: Vec<GroupedCluster<'_>> = known.collect();
    let numbered = pairs.iter().enumerate().filter(|(at, _)| is_looked_at(*at));
    let way = moved::common_move(&pairs, before, after);
    let (mut changes, mut overlays) = (Vec::<(usize, Change)>::new(), Vec::new());
    for (at, pair) in numbered {
        let mut all = cluster::changes(pair, before, after);
        if let Some((from, to)) = &way {
            all.retain(|change| change.moved_between() != Some((from, to)));
            overlays.extend(moved::overlay(pair, before, after).map(|overlay| (at, overlay)));
        }
        changes.extend(all.into_iter().map(|change| (at, change)));
    }
    let mut trust = trust_change::changes(&pairs);
    trust.retain(|(at, _)| is_looked_at(*at));
    let mut both = pull_and_decrypt::changes(before.fleet, after.fleet, &pairs);
    both.retain(|(at, _)| is_looked_at(*at));
    let (policies, mut allowed) = policy::changes(before.fleet, after.fleet, &pairs);
    allowed.retain(|(at, _)| is_looked_at(*at));
    let mut touched: BTreeSet<usize> = overlays.iter().map(|(at, _)| *at).collect();
    touched.extend(changes.iter().map(|(at, _)| *at));
    touched.extend(trust.iter().map(|(at, _)| *at));
    touched.extend(allowed.iter().map(|(at, _)| *at));
    touched.extend(both.iter().map(|(at, _)| *at));
    let overlays: Vec<MovedOverlay> = overlays.into_iter().map(|(_, overlay)| overlay).collect();
    let moved = way.filter(|_| !overlays.is_empty());
    let changes = group::groups(changes, &known);
    // For a cloud it is all the same whether a cluster is new.
    for known in &mut known {
        known.kind = 0;
    }
    Review {
        clusters: looked_at.iter().filter(|is_looked_at| **is_looked_at).count(),
        changed: touched.len(),
        moved: moved.map(|(before, after)| Moved { before, after, overlays }),
        both: group::groups(both, &known),
        policies,
        allowed: group::groups(allowed, &known),
        changes,
        trust: group::groups(trust, &known),
    }
}
