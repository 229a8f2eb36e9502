//! What changed in meaning between two fleets: who has which identity where, and who trusts whom. What is only said in
//! other words is no change.
//!
//! The same change in many clusters is one, also where each of them has its own name or account in it.

mod change;
mod cluster;
mod document;
mod fact;
mod given;
mod group;
mod line;
mod markdown;
mod own;
mod pair;
mod passed;
mod text;
mod trusted;

use std::collections::BTreeSet;

pub use change::{Change, Fate, How, IdentityChange, PassedChange, Who};
pub use document::document;
pub use given::Given;
pub use group::{Group, Member};
pub use markdown::markdown;
pub use text::text;
pub use trusted::{TrustChange, Way};

use crate::model::Fleet;
use crate::review::group::Known;
use crate::review::own::Own;

/// What is compared with what, as people and programs are told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Compared {
    /// The revision, as somebody typed it.
    pub revision: String,
    /// The commit that it is.
    pub commit: String,
    /// The source there, from the root of the repository; nothing if there was none.
    pub source: Option<String>,
}

/// What changed in meaning.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Review {
    /// How many clusters there are that were looked at: those of both fleets, each once.
    pub clusters: usize,
    /// How many of them change.
    pub changed: usize,
    /// What changes in clusters, what matters most first.
    pub changes: Vec<Group<Change>>,
    /// Who gains the trust of an identity, and who loses it; what matters most first.
    pub trust: Vec<Group<TrustChange>>,
}

impl Review {
    /// Whether nothing changes.
    pub fn is_empty(&self) -> bool {
        self.changes.is_empty() && self.trust.is_empty()
    }
}

/// What changed from one fleet to the other. `shown`: the names of the clusters that are looked at; nothing for all. The
/// fleets must know all values of their clusters.
pub fn review(before: &Fleet, after: &Fleet, shown: Option<&BTreeSet<String>>) -> Review {
    let pairs = pair::pairs(before, after);
    let is_shown = |name: &str| shown.is_none_or(|shown| shown.contains(name));
    let looked_at: Vec<bool> = pairs.iter().map(|pair| pair.names().any(is_shown)).collect();
    let is_looked_at = |at: usize| looked_at.get(at).copied().unwrap_or_default();
    let known = pairs.iter().map(|pair| Known { name: pair.name(), own: Own::of(pair), kind: pair.kind() });
    let mut known: Vec<Known<'_>> = known.collect();
    let numbered = pairs.iter().enumerate().filter(|(at, _)| is_looked_at(*at));
    let changes: Vec<(usize, Change)> =
        numbered.flat_map(|(at, pair)| cluster::changes(pair).into_iter().map(move |it| (at, it))).collect();
    let mut trust = trusted::changes(&pairs);
    trust.retain(|(at, _)| is_looked_at(*at));
    let touched: BTreeSet<usize> =
        changes.iter().map(|(at, _)| *at).chain(trust.iter().map(|(at, _)| *at)).collect();
    Review {
        clusters: looked_at.iter().filter(|is_looked_at| **is_looked_at).count(),
        changed: touched.len(),
        changes: group::groups(changes, &known),
        trust: {
            // For a cloud it is all the same whether a cluster is new.
            for known in &mut known {
                known.kind = 0;
            }
            group::groups(trust, &known)
        },
    }
}
