//! How much each cloud lets one identity, or one account, trust.

use std::collections::{BTreeMap, BTreeSet};

use crate::check::fleet::{names, spelling};
use crate::check::origin::Checked;
use crate::model::aws::{MOST_OIDC_PROVIDERS, RoleArn, TRUST_POLICY, likely_issuer, shortest_issuer};
use crate::model::azure::MOST_CREDENTIALS;
use crate::model::{Cluster, Held, Holding, Identity};
use crate::problem::{FleetProblem, InCluster, Problems};
use crate::trust::TrustPolicy;

/// What has one identity: who, and in which cluster.
type Holders<'c> = BTreeMap<Identity<'c>, Vec<(Holding<'c>, &'c Checked<'c>)>>;

/// Reports what a cloud would refuse, or refuses unless one asks for more.
pub fn check(clusters: &[Checked<'_>], problems: &mut Problems) {
    let mut holders = Holders::new();
    let mut issuers: BTreeMap<&str, BTreeMap<String, &Checked<'_>>> = BTreeMap::new();
    for checked in clusters {
        for holding in checked.cluster.holdings() {
            if let Held::RoleByToken { role, .. } = holding.held {
                let of_account = issuers.entry(role.account()).or_default();
                let _first = of_account.entry(issuer_or_name(&checked.cluster)).or_insert(checked);
            }
            holders.entry(holding.identity()).or_default().push((holding, checked));
        }
    }
    for holders in holders.values() {
        spelling::check(holders, problems);
        check_trust_policy(holders, problems);
        check_credentials(holders, problems);
    }
    for (account, issuers) in issuers.iter().filter(|(_, issuers)| issuers.len() > MOST_OIDC_PROVIDERS) {
        let (account, count) = ((*account).to_owned(), issuers.len());
        let clusters = names(issuers.values().copied());
        if let Some(at) = clusters.first().map(|first| first.at) {
            let problem = FleetProblem::ManyProviders { at, account, count, most: MOST_OIDC_PROVIDERS };
            problems.push_among(problem, clusters);
        }
    }
}

/// What stands for the issuer of a cluster: no two clusters have one, but for those that say so.
fn issuer_or_name(cluster: &Cluster) -> String {
    let issuer = cluster.whereabouts.issuer.as_ref();
    issuer.map_or_else(|| cluster.name.clone(), |issuer| issuer.as_str().to_owned())
}

/// More than a statement of a trust policy takes, with its share of the whole, apart from issuers, audience and subject:
/// those are some 270 characters.
const STATEMENT: usize = 400;
/// More than an issuer takes that nobody says.
const GUESSED_ISSUER: usize = 120;

/// Whether the trust policy of a role is within all limits, by far more than it can take. Nearly all are, and are not
/// written to be measured.
fn is_surely_short(holders: &[(Holding<'_>, &Checked<'_>)]) -> bool {
    let of_one = |(holding, checked): &(Holding<'_>, &Checked<'_>)| {
        let audience = match holding.held {
            Held::RoleByToken { audience, .. } => audience.len(),
            Held::RoleByPodIdentity(_)
            | Held::ManagedIdentity { .. }
            | Held::GoogleAccount(..)
            | Held::Principal(_) => 0,
        };
        let issuer = checked.cluster.whereabouts.issuer.as_ref();
        let issuer = issuer.map_or(GUESSED_ISSUER, |issuer| issuer.as_str().len());
        let subject = holding.subject.namespace.len().saturating_add(holding.subject.name.len());
        [STATEMENT, issuer, issuer, issuer, subject, audience, audience].into_iter().sum::<usize>()
    };
    holders.iter().map(of_one).sum::<usize>() <= TRUST_POLICY.into_iter().min().unwrap_or_default()
}

fn check_trust_policy(holders: &[(Holding<'_>, &Checked<'_>)], problems: &mut Problems) {
    if is_surely_short(holders) {
        return;
    }
    let likely = |cluster: &Cluster, number| likely_issuer(cluster.whereabouts.region.as_ref(), number);
    let shortest = |cluster: &Cluster, number| shortest_issuer(cluster.platform, number);
    let Some((role, length, is_guess)) = trust_policy(holders, likely) else { return };
    let over = TRUST_POLICY.into_iter().rev().find(|limit| length > *limit);
    let (Some(limit), Some((first, checked))) = (over, holders.first()) else { return };
    let at = checked.origin(first.holder, first.held.provider());
    // What is an error is no guess.
    let is_certain =
        || !is_guess || trust_policy(holders, shortest).is_some_and(|(_, shortest, _)| shortest > limit);
    let is_over_all = TRUST_POLICY.last() == Some(&limit) && is_certain();
    let clusters = names(holders.iter().map(|(_, checked)| *checked));
    let (role, clusters_named) = (role.as_str().to_owned(), name_all(&clusters));
    let problem =
        FleetProblem::LongPolicy { at, role, length, limit, is_over_all, is_guess, clusters: clusters_named };
    problems.push_among(problem, clusters);
}

/// The length of the trust policy of a role, and whether an issuer in it is a guess. `guess`: one for a cluster that says
/// none, and the number of that cluster.
fn trust_policy<'c>(
    holders: &[(Holding<'c>, &'c Checked<'c>)],
    guess: impl Fn(&Cluster, usize) -> String,
) -> Option<(&'c RoleArn, usize, bool)> {
    let mut policy: Option<TrustPolicy<'c>> = None;
    let mut guessed = BTreeMap::new();
    for (holding, checked) in holders {
        match holding.held {
            Held::RoleByToken { role, audience } => {
                let whereabouts = &checked.cluster.whereabouts;
                let issuer = whereabouts.issuer.as_ref().map(|issuer| issuer.without_scheme().to_owned());
                let issuer = issuer.unwrap_or_else(|| {
                    // Two clusters have two issuers.
                    let next = guessed.len();
                    let number = *guessed.entry(&checked.cluster.name).or_insert(next);
                    guess(&checked.cluster, number)
                });
                let policy = policy.get_or_insert_with(|| TrustPolicy::new(role));
                let _new = policy.by_token.entry((issuer, audience)).or_default().insert(holding.subject);
            }
            Held::RoleByPodIdentity(role) => {
                policy.get_or_insert_with(|| TrustPolicy::new(role)).by_pod_identity = true;
            }
            Held::ManagedIdentity { .. } | Held::GoogleAccount(..) | Held::Principal(_) => return None,
        }
    }
    policy.map(|policy| (policy.role, policy.document().len(), !guessed.is_empty()))
}

fn check_credentials(holders: &[(Holding<'_>, &Checked<'_>)], problems: &mut Problems) {
    let Some((first, checked)) = holders.first() else { return };
    if !matches!(first.held, Held::ManagedIdentity { .. }) || holders.len() <= MOST_CREDENTIALS {
        return;
    }
    let credentials: BTreeSet<_> = holders
        .iter()
        .map(|(holding, checked)| (issuer_or_name(&checked.cluster), holding.subject))
        .collect();
    if credentials.len() > MOST_CREDENTIALS {
        let at = checked.origin(first.holder, first.held.provider());
        let clusters = names(holders.iter().map(|(_, checked)| *checked));
        let (identity, count, named) = (first.held.to_string(), credentials.len(), name_all(&clusters));
        problems.push_among(
            FleetProblem::ManyCredentials { at, identity, count, most: MOST_CREDENTIALS, clusters: named },
            clusters,
        );
    }
}

fn name_all(clusters: &[InCluster]) -> Vec<String> {
    clusters.iter().map(|cluster| cluster.name.clone()).collect()
}
