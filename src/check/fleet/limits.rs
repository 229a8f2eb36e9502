//! How much each cloud lets one identity, or one account, trust.

use std::collections::{BTreeMap, BTreeSet};

use crate::check::checked_cluster::{CheckedCluster, in_clusters};
use crate::check::fleet::assignments;
use crate::check::fleet::assignments::KeySummary;
use crate::check::fleet::tenants;
use crate::model::aws::{MOST_OIDC_PROVIDERS, RoleArn, TRUST_POLICY, likely_issuer, shortest_issuer};
use crate::model::azure::MOST_CREDENTIALS;
use crate::model::{Assignment, CloudIdentity, Cluster, TrustPolicy};
use crate::problem::{FleetProblem, InCluster, Problems, Report};

/// More than a statement of a trust policy takes, with its share of the whole, apart from issuers, audience and subject:
/// those are some 270 characters.
const STATEMENT: usize = 400;
/// An upper bound for the length of an unset issuer.
const GUESSED_ISSUER: usize = 120;

/// Reports what a cloud would refuse, or refuses unless one asks for more. `holders`: all that have one identity.
pub fn check_identity(holders: &[assignments::ClusterAssignment<'_>], problems: &mut Problems) {
    check_spelling(holders, problems);
    tenants::check(holders, problems);
    check_trust_policy(holders, problems);
    check_credentials(holders, problems);
}

/// Decides with an upper bound if `check_identity` can find something. Nearly all trust policies are short, and need
/// not be generated to measure them.
pub fn identity_summary<'c>((assignment, checked): &assignments::ClusterAssignment<'c>) -> KeySummary<'c> {
    let audience = if let CloudIdentity::RoleByToken { audience, .. } = assignment.identity_and_source {
        audience.len()
    } else {
        0
    };
    let issuer = checked.cluster.cloud_context.issuer.as_ref();
    let issuer = issuer.map_or(GUESSED_ISSUER, |issuer| issuer.as_str().len());
    let subject = assignment.subject.namespace.len().saturating_add(assignment.subject.name.len());
    let statement = || [STATEMENT, issuer, issuer, issuer, subject, audience, audience].into_iter().sum();
    let role = self::role(assignment.identity_and_source);
    KeySummary {
        most: MOST_CREDENTIALS,
        length: role.map_or(0, |_| statement()),
        text: role.map(RoleArn::as_str).or_else(|| tenants::tenant(assignment)),
        cloud: tenants::cloud(assignment),
    }
}

/// The same for those that have roles of one account by tokens, and `check_account`.
pub const OF_ACCOUNT: KeySummary<'static> =
    KeySummary { most: MOST_OIDC_PROVIDERS, length: 0, text: None, cloud: None };

/// The role that it has for tokens of its cluster's issuer.
pub fn token_role<'c>(assignment: &Assignment<'c>) -> Option<&'c RoleArn> {
    let CloudIdentity::RoleByToken { role, .. } = assignment.identity_and_source else { return None };
    Some(role)
}

/// Reports an account whose roles want more OIDC providers than it may have. `holders`: all that have a role of it by
/// tokens.
pub fn check_account(holders: &[assignments::ClusterAssignment<'_>], problems: &mut Problems) {
    let Some(role) = holders.first().and_then(|(assignment, _)| token_role(assignment)) else { return };
    let mut issuers: BTreeMap<String, &CheckedCluster<'_>> = BTreeMap::new();
    for (_, checked) in holders {
        issuers.entry(issuer_or_name(&checked.cluster)).or_insert(checked);
    }
    let clusters = in_clusters(issuers.values().copied());
    if let Some(at) = clusters.first().map(|first| first.at).filter(|_| issuers.len() > MOST_OIDC_PROVIDERS) {
        let (account, count) = (role.account().to_owned(), issuers.len());
        let problem = FleetProblem::ManyProviders { at, account, count, most: MOST_OIDC_PROVIDERS };
        problems.report(Report::naming(problem, clusters));
    }
}

/// The issuer of a cluster, or a placeholder that is unique to it.
fn issuer_or_name(cluster: &Cluster) -> String {
    let issuer = cluster.cloud_context.issuer.as_ref();
    issuer.map_or_else(|| cluster.name.clone(), |issuer| issuer.as_str().to_owned())
}

fn check_trust_policy(holders: &[assignments::ClusterAssignment<'_>], problems: &mut Problems) {
    let likely = |cluster: &Cluster, number| likely_issuer(cluster.cloud_context.region.as_ref(), number);
    let shortest = |cluster: &Cluster, number| shortest_issuer(cluster.platform, number);
    let Some((role, length, is_guess)) = trust_policy_length(holders, likely) else { return };
    let over = TRUST_POLICY.into_iter().rev().find(|limit| length > *limit);
    let (Some(limit), Some((first, checked))) = (over, holders.first()) else { return };
    let at = checked.assignment_origin(first);
    // What is an error is no guess.
    let is_certain = || {
        !is_guess || trust_policy_length(holders, shortest).is_some_and(|(_, shortest, _)| shortest > limit)
    };
    let is_over_all = TRUST_POLICY.last() == Some(&limit) && is_certain();
    let clusters = in_clusters(holders.iter().map(|(_, checked)| *checked));
    let (role, clusters_named) = (role.as_str().to_owned(), cluster_names(&clusters));
    let problem =
        FleetProblem::LongPolicy { at, role, length, limit, is_over_all, is_guess, clusters: clusters_named };
    problems.report(Report::naming(problem, clusters));
}

/// The length of the trust policy of a role, and whether an issuer in it is a guess. `guess`: an issuer for a cluster
/// without one, and the number of that cluster.
fn trust_policy_length<'c>(
    holders: &[assignments::ClusterAssignment<'c>],
    guess: impl Fn(&Cluster, usize) -> String,
) -> Option<(&'c RoleArn, usize, bool)> {
    let mut policy: Option<TrustPolicy<'c>> = None;
    let mut guessed = BTreeMap::new();
    for (assignment, checked) in holders {
        match assignment.identity_and_source {
            CloudIdentity::RoleByToken { role, audience } => {
                let whereabouts = &checked.cluster.cloud_context;
                let issuer = whereabouts.issuer.as_ref().map(|issuer| issuer.without_scheme().to_owned());
                let issuer = issuer.unwrap_or_else(|| {
                    // Two clusters have two issuers.
                    let next = guessed.len();
                    let number = *guessed.entry(&checked.cluster.name).or_insert(next);
                    guess(&checked.cluster, number)
                });
                let policy = policy.get_or_insert_with(|| TrustPolicy::new(role));
                policy.by_token.entry((issuer, audience)).or_default().insert(assignment.subject);
            }
            CloudIdentity::RoleByPodIdentity(role) => {
                policy.get_or_insert_with(|| TrustPolicy::new(role)).by_pod_identity = true;
            }
            CloudIdentity::ManagedIdentity { .. }
            | CloudIdentity::GoogleAccount(..)
            | CloudIdentity::Principal(_) => return None,
        }
    }
    policy.map(|policy| (policy.role, policy.document().len(), !guessed.is_empty()))
}

fn check_credentials(holders: &[assignments::ClusterAssignment<'_>], problems: &mut Problems) {
    let Some((first, checked)) = holders.first() else { return };
    if !matches!(first.identity_and_source, CloudIdentity::ManagedIdentity { .. })
        || holders.len() <= MOST_CREDENTIALS
    {
        return;
    }
    let credentials: BTreeSet<_> = holders
        .iter()
        .map(|(assignment, checked)| (issuer_or_name(&checked.cluster), assignment.subject))
        .collect();
    if credentials.len() > MOST_CREDENTIALS {
        let at = checked.assignment_origin(first);
        let clusters = in_clusters(holders.iter().map(|(_, checked)| *checked));
        let (identity, count, named) =
            (first.identity_and_source.to_string(), credentials.len(), cluster_names(&clusters));
        problems.report(Report::naming(
            FleetProblem::ManyCredentials { at, identity, count, most: MOST_CREDENTIALS, clusters: named },
            clusters,
        ));
    }
}

fn cluster_names(clusters: &[InCluster]) -> Vec<String> {
    clusters.iter().map(|cluster| cluster.name.clone()).collect()
}

/// Reports the first ARN that is not the one by which others call the same role: no account has both roles.
/// `holders`: all that have one identity.
fn check_spelling(holders: &[assignments::ClusterAssignment<'_>], problems: &mut Problems) {
    let Some((first, of_first)) = holders.first() else { return };
    let Some(role) = role(first.identity_and_source) else { return };
    let other = holders.iter().find_map(|(assignment, checked)| {
        let other = self::role(assignment.identity_and_source).filter(|other| *other != role)?;
        Some((other, assignment, checked))
    });
    if let Some((other, assignment, checked)) = other {
        let at = checked.assignment_origin(assignment);
        let first = of_first.assignment_origin(first);
        let (role, other) = (role.as_str().to_owned(), other.as_str().to_owned());
        let clusters = in_clusters(holders.iter().map(|(_, checked)| *checked));
        problems
            .report(Report::naming(FleetProblem::TwoArns { at, arn: other, first, other: role }, clusters));
    }
}

const fn role(identity: CloudIdentity<'_>) -> Option<&RoleArn> {
    match identity {
        CloudIdentity::RoleByToken { role, .. } | CloudIdentity::RoleByPodIdentity(role) => Some(role),
        CloudIdentity::ManagedIdentity { .. }
        | CloudIdentity::GoogleAccount(..)
        | CloudIdentity::Principal(_) => None,
    }
}
