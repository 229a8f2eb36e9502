//! Whom clouds have to trust with an identity, and no longer have to.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::kubernetes::Issuer;
use crate::model::{Cluster, Held, Holder, Holding, Identity, Pool, aws};
use crate::review::change::Who;
use crate::review::group::Grouped;
use crate::review::pair::Pair;

/// That a subject gains the trust of an identity, or loses it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct TrustChange {
    /// Whose ServiceAccount it is.
    pub who: Who,
    /// The identity, as a source names it; nothing for the ServiceAccount itself.
    pub identity: Option<String>,
    /// The name of its provider.
    pub provider: &'static str,
    /// The ServiceAccount, as its tokens name it.
    pub subject: String,
    /// How it is known.
    pub way: Way,
    /// Whether it gains trust; else it loses it.
    pub is_gain: bool,
}

/// How a cloud knows a ServiceAccount.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Way {
    /// By tokens of the cluster's issuer.
    Token {
        /// The issuer, if it is said.
        issuer: Option<String>,
        /// Whom the tokens are for, where that is not usual.
        audience: Option<String>,
    },
    /// By EKS Pod Identity.
    PodIdentity,
    /// By a pool of Google Cloud, if it is known.
    Pool(Option<String>),
}

/// What rights are given to, whichever cluster has it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Trusting<'f> {
    Known(Identity<'f>),
    /// The ServiceAccount itself.
    Itself,
}

/// Where a cloud knows a ServiceAccount.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Place<'f> {
    Issuer(&'f str),
    /// The issuer of this cluster, which is not said, on this platform: another platform has another issuer.
    IssuerOf(&'f str, &'static str),
    PodIdentityOf(&'f str),
    Pool(Pool<'f>),
}

/// That a subject is trusted. Two of these that are equal are one for the cloud.
type Entry<'f> = (Trusting<'f>, Place<'f>, String, Option<&'f str>);

/// Whom clouds newly have to trust, and no longer have to, each with the number of the pair.
pub fn changes(pairs: &[Pair<'_>]) -> Vec<(usize, TrustChange)> {
    let before = entries(pairs, Pair::before);
    let after = entries(pairs, Pair::after);
    let known = |entries: &BTreeMap<Entry<'_>, Vec<(usize, TrustChange)>>, is_gain, others: &BTreeSet<_>| {
        let new = entries.iter().filter(|(entry, _)| !others.contains(*entry));
        new.flat_map(|(_, told)| told)
            .map(|(at, change)| (*at, TrustChange { is_gain, ..change.clone() }))
            .collect::<Vec<_>>()
    };
    let mut changes = known(&after, true, &before.keys().cloned().collect());
    changes.extend(known(&before, false, &after.keys().cloned().collect()));
    changes
}

type Entries<'f> = BTreeMap<Entry<'f>, Vec<(usize, TrustChange)>>;

fn entries<'f>(pairs: &[Pair<'f>], side: impl Fn(&Pair<'f>) -> Option<&'f Cluster>) -> Entries<'f> {
    let mut entries = Entries::new();
    for (at, pair) in pairs.iter().enumerate() {
        for holding in side(pair).into_iter().flat_map(Cluster::holdings) {
            let (entry, change) = entry(&holding, pair);
            entries.entry(entry).or_default().push((at, change));
        }
    }
    entries
}

fn entry<'f>(holding: &Holding<'f>, pair: &Pair<'f>) -> (Entry<'f>, TrustChange) {
    let issuer = || {
        let said = holding.cluster.whereabouts.issuer.as_ref().map(Issuer::as_str);
        let is_compared = is_said_throughout(pair, |cluster| cluster.whereabouts.issuer.is_some());
        let unsaid = Place::IssuerOf(pair.name(), holding.cluster.platform.name());
        let place = said.filter(|_| is_compared).map_or(unsaid, Place::Issuer);
        (place, said.filter(|_| is_compared).map(str::to_owned))
    };
    let (place, way, audience) = match holding.held {
        Held::RoleByToken { audience, .. } => {
            let (place, issuer) = issuer();
            let told = Some(audience).filter(|audience| *audience != aws::DEFAULT_AUDIENCE);
            (place, Way::Token { issuer, audience: told.map(str::to_owned) }, Some(audience))
        }
        Held::ManagedIdentity { .. } => {
            let (place, issuer) = issuer();
            (place, Way::Token { issuer, audience: None }, None)
        }
        Held::RoleByPodIdentity(_) => (Place::PodIdentityOf(&holding.cluster.name), Way::PodIdentity, None),
        Held::GoogleAccount(_, pool) | Held::Principal(pool) => {
            let is_compared = is_said_throughout(pair, |cluster| cluster.whereabouts.project.is_some());
            match pool {
                Pool::Named(name) => (Place::Pool(pool), Way::Pool(Some(name.to_owned())), None),
                Pool::OfProject(project) if is_compared => {
                    (Place::Pool(pool), Way::Pool(Some(project.as_str().to_owned())), None)
                }
                Pool::OfProject(_) | Pool::OfUnknownProject(_) => {
                    (Place::Pool(Pool::OfUnknownProject(pair.name())), Way::Pool(None), None)
                }
            }
        }
    };
    let identity = match holding.identity() {
        Identity::Principal(..) => Trusting::Itself,
        known @ (Identity::Role { .. } | Identity::ManagedIdentity(_) | Identity::GoogleAccount(_)) => {
            Trusting::Known(known)
        }
    };
    let subject = holding.subject.to_string();
    let told = TrustChange {
        who: match holding.holder {
            Holder::Controller(controller) => Who::Controller(controller),
            Holder::Account(account) => Who::Account(account.clone()),
        },
        identity: (identity != Trusting::Itself).then(|| holding.held.to_string()),
        provider: holding.held.provider().name(),
        subject: subject.clone(),
        way,
        is_gain: true,
    };
    ((identity, place, subject, audience), told)
}

/// Whether something is said of a cluster before and after, as far as it was there. That somebody says it now changes
/// nothing by itself.
fn is_said_throughout(pair: &Pair<'_>, is_said: impl Fn(&Cluster) -> bool) -> bool {
    [pair.before(), pair.after()].into_iter().flatten().all(is_said)
}

/// A change of trust in which what is the cluster's own may be hidden.
pub type Key = (Option<String>, &'static str, String, Way, bool);

impl Grouped for TrustChange {
    type Key = Key;

    fn rank(&self) -> usize {
        if self.is_gain { self.who.rank() } else { self.who.rank().saturating_add(3) }
    }

    fn key(&self, hide: &impl Fn(&str) -> String) -> Key {
        let hidden = |text: &Option<String>| text.as_deref().map(hide);
        let way = match &self.way {
            // Each cluster has an issuer of its own.
            Way::Token { issuer, audience } => {
                Way::Token { issuer: issuer.as_ref().map(|_| String::new()), audience: hidden(audience) }
            }
            Way::PodIdentity => Way::PodIdentity,
            Way::Pool(pool) => Way::Pool(hidden(pool)),
        };
        let subject = match self.who {
            Who::Controller(_) => self.subject.clone(),
            Who::Account(_) => hide(&self.subject),
        };
        (hidden(&self.identity), self.provider, subject, way, self.is_gain)
    }
}
