//! Whom clouds have to trust with an identity, and no longer have to.

use std::collections::BTreeSet;

use crate::model::aws::RoleArn;
use crate::model::kubernetes::{Issuer, Subject};
use crate::model::{Assignment, CloudIdentity, Cluster, Identity, Pool, Recipient, aws};
use crate::review::change::rank;
use crate::review::group::Grouped;
use crate::review::pair::Pair;

/// That a subject gains the trust of an identity, or loses it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct TrustChange {
    /// Whose ServiceAccount it is.
    pub who: Recipient,
    /// The identity, as a source names it; nothing for the ServiceAccount itself.
    pub identity: Option<String>,
    pub provider: &'static str,
    /// The ServiceAccount, as its tokens name it.
    pub subject: String,
    /// How it is known.
    pub way: TrustPath,
    /// Whether it gains trust; else it loses it.
    pub is_gain: bool,
    /// What the overlay does on the side that has the trust.
    pub rollout: Rollout,
}

/// What an overlay does with an identity whose trust changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rollout {
    /// It gives the identity to the ServiceAccount.
    Given,
    /// It gave the identity to the ServiceAccount, and no longer does: pods have it until they restart.
    InUse,
    /// It does not give the identity: a `trust` statement names it.
    TrustOnly,
}

/// How a cloud knows a ServiceAccount.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum TrustPath {
    /// By tokens of the cluster's issuer.
    Token {
        /// The issuer, if it is set.
        issuer: Option<String>,
        /// The audience of the tokens, unless it is the default.
        audience: Option<String>,
    },
    /// By EKS Pod Identity, with the name of the cluster in EKS if that is another one.
    PodIdentity(Option<String>),
    /// By a role that EKS Pod Identity gives it.
    Role { role: String, external_id: Option<String> },
    /// By a pool of Google Cloud, if it is known.
    Pool(Option<String>),
}

/// What a ServiceAccount is trusted with, in any cluster.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum TrustTarget<'f> {
    Known(Identity<'f>),
    Itself,
}

/// Where a cloud knows a ServiceAccount.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum TrustAnchor<'f> {
    Issuer(&'f str),
    /// The issuer of this cluster, which is not set, on this platform: another platform has another issuer.
    IssuerOf(&'f str, &'static str),
    PodIdentityOf(&'f str),
    /// A role that assumes the identity, with the external id that it sends.
    Role(&'f RoleArn, Option<&'f str>),
    Pool(Pool<'f>),
}

/// That a subject is trusted. Two of these that are equal are one for the cloud.
type Entry<'f> = (TrustTarget<'f>, TrustAnchor<'f>, Subject<'f>, Option<&'f str>);

/// Whom clouds newly have to trust, and no longer have to, each with the number of the pair. In memory are only the
/// entries of one side at a time, and what changes.
pub fn changes(pairs: &[Pair<'_>]) -> Vec<(usize, TrustChange)> {
    let mut changes = lacking(pairs, Pair::after, Pair::before, true);
    changes.extend(lacking(pairs, Pair::before, Pair::after, false));
    changes
}

/// What clouds have to trust on one side, and not on the other.
fn lacking<'f>(
    pairs: &[Pair<'f>],
    side: impl Fn(&Pair<'f>) -> Option<&'f Cluster>,
    other: impl Fn(&Pair<'f>) -> Option<&'f Cluster>,
    is_gain: bool,
) -> Vec<(usize, TrustChange)> {
    let assignments = |pair: &Pair<'f>| other(pair).into_iter().flat_map(Cluster::assignments);
    let others = pairs.iter().flat_map(|pair| assignments(pair).map(|assignment| entry(&assignment, pair)));
    let others: BTreeSet<Entry<'f>> = others.collect();
    let mut changes = Vec::new();
    for (at, pair) in pairs.iter().enumerate() {
        // Several assignments make one pattern.
        let mut patterns = BTreeSet::new();
        for assignment in side(pair).into_iter().flat_map(Cluster::assignments) {
            let entry = entry(&assignment, pair);
            let is_new = !entry.2.is_pattern() || patterns.insert(entry.clone());
            if is_new && !others.contains(&entry) && !others.contains(&of_namespace(&entry)) {
                let rollout = match other(pair) {
                    _ if assignment.trust_only.is_some() => Rollout::TrustOnly,
                    Some(after) if !is_gain && !gives(after, &assignment) => Rollout::InUse,
                    Some(_) | None => Rollout::Given,
                };
                changes.push((at, change(&assignment, &entry, (is_gain, rollout))));
            }
        }
    }
    changes
}

/// The entry that trusts all ServiceAccounts of the namespace, and so contains this one.
fn of_namespace<'f>((identity, anchor, subject, audience): &Entry<'f>) -> Entry<'f> {
    (identity.clone(), *anchor, subject.of_namespace(), *audience)
}

/// True if the overlay of a cluster gives an identity to the same ServiceAccount.
fn gives(cluster: &Cluster, assignment: &Assignment<'_>) -> bool {
    let is_it = |given: Assignment<'_>| {
        given.assignee == assignment.assignee && given.identity() == assignment.identity()
    };
    cluster.given_assignments().any(is_it)
}

fn entry<'f>(assignment: &Assignment<'f>, pair: &Pair<'f>) -> Entry<'f> {
    let issuer = || {
        let issuer = assignment.cluster.cloud_context.issuer.as_ref().map(Issuer::as_str);
        let is_compared = is_known_on_both_sides(pair, |cluster| cluster.cloud_context.issuer.is_some());
        let unknown = TrustAnchor::IssuerOf(pair.name(), assignment.cluster.platform.name());
        issuer.filter(|_| is_compared).map_or(unknown, TrustAnchor::Issuer)
    };
    let (place, audience) = match assignment.identity_and_source {
        CloudIdentity::RoleByToken { audience, .. } => (issuer(), Some(audience)),
        CloudIdentity::ManagedIdentity { .. } => (issuer(), None),
        CloudIdentity::RoleByPodIdentity(_) => {
            (TrustAnchor::PodIdentityOf(assignment.cluster.eks_name()), None)
        }
        CloudIdentity::RoleByRole { target, source } => {
            (TrustAnchor::Role(source, target.external_id.as_deref()), None)
        }
        CloudIdentity::GoogleAccount(_, pool) | CloudIdentity::Principal(pool) => {
            let is_compared = is_known_on_both_sides(pair, |cluster| cluster.cloud_context.project.is_some());
            let pool = match pool {
                Pool::Named(_) => pool,
                Pool::OfProject(_) if is_compared => pool,
                Pool::OfProject(_) | Pool::OfUnknownProject(_) => Pool::OfUnknownProject(pair.name()),
            };
            (TrustAnchor::Pool(pool), None)
        }
    };
    let identity = match assignment.identity() {
        Identity::Principal(..) => TrustTarget::Itself,
        known @ (Identity::Role { .. } | Identity::ManagedIdentity(_) | Identity::GoogleAccount(_)) => {
            TrustTarget::Known(known)
        }
    };
    let subject = match assignment.identity_and_source {
        CloudIdentity::RoleByToken { .. } => assignment.trusted_subject(),
        CloudIdentity::RoleByPodIdentity(_)
        | CloudIdentity::RoleByRole { .. }
        | CloudIdentity::ManagedIdentity { .. }
        | CloudIdentity::GoogleAccount(..)
        | CloudIdentity::Principal(_) => assignment.subject,
    };
    (identity, place, subject, audience)
}

fn change(
    assignment: &Assignment<'_>,
    (identity, place, subject, audience): &Entry<'_>,
    (is_gain, rollout): (bool, Rollout),
) -> TrustChange {
    let audience = audience.filter(|audience| *audience != aws::DEFAULT_AUDIENCE).map(str::to_owned);
    let way = match place {
        TrustAnchor::Issuer(issuer) => TrustPath::Token { issuer: Some((*issuer).to_owned()), audience },
        TrustAnchor::IssuerOf(..) => TrustPath::Token { issuer: None, audience },
        TrustAnchor::PodIdentityOf(name) => {
            let is_other = *name != assignment.cluster.name;
            TrustPath::PodIdentity(is_other.then(|| (*name).to_owned()))
        }
        TrustAnchor::Role(role, external_id) => {
            TrustPath::Role { role: role.as_str().to_owned(), external_id: external_id.map(str::to_owned) }
        }
        TrustAnchor::Pool(Pool::Named(name)) => TrustPath::Pool(Some((*name).to_owned())),
        TrustAnchor::Pool(Pool::OfProject(project)) => TrustPath::Pool(Some(project.as_str().to_owned())),
        TrustAnchor::Pool(Pool::OfUnknownProject(_)) => TrustPath::Pool(None),
    };
    TrustChange {
        who: Recipient::from(assignment.assignee),
        identity: (*identity != TrustTarget::Itself).then(|| assignment.identity_and_source.to_string()),
        provider: assignment.identity_and_source.provider().name(),
        subject: subject.to_string(),
        way,
        is_gain,
        rollout,
    }
}

/// True if something is set both before and after, as far as the cluster was there. Setting it for the first time
/// changes nothing by itself.
fn is_known_on_both_sides(pair: &Pair<'_>, is_set: impl Fn(&Cluster) -> bool) -> bool {
    [pair.before(), pair.after()].into_iter().flatten().all(is_set)
}

/// A change of trust in which the cluster's own values may be hidden.
pub type Key = (Option<String>, &'static str, String, TrustPath, bool, Rollout);

impl Grouped for TrustChange {
    type Key = Key;

    fn rank(&self) -> usize {
        if self.is_gain { rank(&self.who) } else { rank(&self.who).saturating_add(3) }
    }

    fn key(&self, hide: &impl Fn(&str) -> String) -> Key {
        let hidden = |text: &Option<String>| text.as_deref().map(hide);
        let way = match &self.way {
            // Each cluster has an issuer of its own.
            TrustPath::Token { issuer, audience } => TrustPath::Token {
                issuer: issuer.as_ref().map(|_| String::new()),
                audience: hidden(audience),
            },
            TrustPath::PodIdentity(name) => TrustPath::PodIdentity(hidden(name)),
            TrustPath::Role { role, external_id } => {
                TrustPath::Role { role: hide(role), external_id: hidden(external_id) }
            }
            TrustPath::Pool(pool) => TrustPath::Pool(hidden(pool)),
        };
        let subject = match self.who {
            Recipient::Controller(_) => self.subject.clone(),
            Recipient::Account(_) => hide(&self.subject),
        };
        (hidden(&self.identity), self.provider, subject, way, self.is_gain, self.rollout)
    }
}
