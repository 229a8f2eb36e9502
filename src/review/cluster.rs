//! What changes in one cluster.

use std::collections::BTreeMap;

use crate::model::{Cluster, Provider, Recipient};
use crate::review::change::{Change, ClusterFate, IdentityChange};
use crate::review::fact::facts;
use crate::review::identity_description::IdentityDescription;
use crate::review::pair::Pair;
use crate::review::pair::Side;
use crate::review::passthrough;

/// What changes in a cluster, in no order. `was`, `is`: the two fleets.
pub fn changes(pair: &Pair<'_>, was: Side<'_>, is: Side<'_>) -> Vec<Change> {
    let mut changes: Vec<Change> = identities(pair).map(Change::Identity).collect();
    match pair {
        Pair::Both(before, after) => {
            let both = facts(before, was).into_iter().zip(facts(after, is));
            let differ = both.filter(|(before, after)| before.value != after.value);
            changes.extend(differ.map(|(before, after)| Change::Setting {
                name: before.name,
                before: before.value,
                after: after.value,
            }));
        }
        Pair::New(cluster) => {
            changes.push(Change::Cluster(ClusterFate::New(cluster.platform.name())));
            changes.extend(non_default_facts(cluster, is).map(|(name, value)| Change::Setting {
                name,
                before: None,
                after: Some(value),
            }));
        }
        Pair::Gone(cluster) => {
            changes.push(Change::Cluster(ClusterFate::Gone(cluster.platform.name())));
            changes.extend(non_default_facts(cluster, was).map(|(name, value)| Change::Setting {
                name,
                before: Some(value),
                after: None,
            }));
        }
    }
    changes.extend(passthrough::changes(pair, was, is).into_iter().map(Change::Passed));
    changes
}

/// The facts of a cluster that are not defaults, without those in its heading.
fn non_default_facts(cluster: &Cluster, side: Side<'_>) -> impl Iterator<Item = (&'static str, String)> {
    let facts = facts(cluster, side).into_iter().filter(|fact| !fact.is_default);
    let more = facts.filter(|fact| !matches!(fact.name, "cluster" | "platform"));
    more.filter_map(|fact| Some((fact.name, fact.value?)))
}

fn identities(pair: &Pair<'_>) -> impl Iterator<Item = IdentityChange> {
    let (before, mut after) = (identities_by_recipient(pair.before()), identities_by_recipient(pair.after()));
    let earlier: Vec<IdentityChange> = before
        .into_iter()
        .map(|((who, provider), before)| {
            let after = after.remove(&(who.clone(), provider));
            IdentityChange { who, before: Some(before), after }
        })
        .collect();
    let new =
        after.into_iter().map(|((who, _), after)| IdentityChange { who, before: None, after: Some(after) });
    earlier.into_iter().chain(new).filter(|change| change.before != change.after)
}

fn identities_by_recipient(
    cluster: Option<&Cluster>,
) -> BTreeMap<(Recipient, Provider), IdentityDescription> {
    let mut all = BTreeMap::new();
    let mut add = |who: &Recipient, identities: Vec<IdentityDescription>| {
        all.extend(identities.into_iter().map(|identity| ((who.clone(), identity.provider), identity)));
    };
    if let Some(cluster) = cluster {
        for (controller, credentials) in &cluster.credentials {
            add(&Recipient::Controller(*controller), IdentityDescription::from_credentials(credentials));
        }
        for (account, credentials) in cluster.object_level.iter().flat_map(|it| &it.accounts) {
            add(&Recipient::Account(account.clone()), IdentityDescription::from_account(credentials));
        }
    }
    all
}
