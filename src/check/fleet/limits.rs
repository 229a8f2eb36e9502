//! How much each cloud lets one identity, or one account, trust.

use std::collections::{BTreeMap, BTreeSet};

use crate::check::checked_cluster::{CheckedCluster, in_clusters};
use crate::check::fleet::assignments::{ClusterAssignment, KeySummary};
use crate::check::fleet::external_ids::external_id;
use crate::check::fleet::tenants;
use crate::model::aws::{MOST_OIDC_PROVIDERS, RoleArn, TRUST_POLICY, likely_issuer, shortest_issuer};
use crate::model::azure::MOST_CREDENTIALS;
use crate::model::kubernetes::Subject;
use crate::model::{Assignee, Assignment, CloudIdentity, Cluster, Platform, TrustForm, TrustPolicy};
use crate::problem::{FleetProblem, InCluster, Problems, Report};

/// More than a statement of a trust policy takes, with its share of the whole, apart from issuers, audience and subject:
/// those are some 270 characters.
const STATEMENT: usize = 400;
/// An upper bound for the length of an unset issuer.
const GUESSED_ISSUER: usize = 120;

/// Reports what a cloud would refuse, or refuses unless one asks for more. `holders`: all that have one identity;
/// `written`: the forms in which trust is written.
pub fn check_identity(
    holders: &[ClusterAssignment<'_>],
    written: &BTreeSet<TrustForm>,
    problems: &mut Problems,
) {
    let Some((first, _)) = holders.first() else { return };
    let is_written = written.iter().any(|form| form.contains(first.identity_and_source));
    check_spelling(holders, problems);
    tenants::check(holders, problems);
    check_trust_policy(holders, is_written, problems);
    check_credentials(holders, is_written, problems);
}

/// Decides with an upper bound if `check_identity` can find something. Nearly all trust policies are short, and need
/// not be generated to measure them.
pub fn identity_summary<'c>((assignment, checked): &ClusterAssignment<'c>) -> KeySummary<'c> {
    let audience = if let CloudIdentity::RoleByToken { audience, .. } = assignment.identity_and_source {
        audience.len()
    } else {
        0
    };
    let issuer = checked.cluster.cloud_context.issuer.as_ref();
    let issuer = issuer.map_or(GUESSED_ISSUER, |issuer| issuer.as_str().len());
    let subject = assignment.subject.namespace.len().saturating_add(assignment.subject.name.len());
    let statement = || [STATEMENT, issuer, issuer, issuer, subject, audience, audience].into_iter().sum();
    let role = assignment.identity_and_source.role();
    KeySummary {
        most: if external_id(assignment).is_some() { 1 } else { MOST_CREDENTIALS },
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
pub fn check_account(holders: &[ClusterAssignment<'_>], problems: &mut Problems) {
    let Some(role) = holders.first().and_then(|(assignment, _)| token_role(assignment)) else { return };
    let mut issuers: BTreeMap<String, &CheckedCluster> = BTreeMap::new();
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

fn check_trust_policy(holders: &[ClusterAssignment<'_>], is_written: bool, problems: &mut Problems) {
    let likely = |cluster: &Cluster, number| likely_issuer(cluster.cloud_context.region.as_ref(), number);
    let shortest = |cluster: &Cluster, number| shortest_issuer(cluster.platform, number);
    let Some(PolicyLength { role, length, is_guess }) = policy_length(holders, likely, trusted_subject)
    else {
        return;
    };
    let over = TRUST_POLICY.into_iter().rev().find(|limit| length > *limit);
    let (Some(limit), Some((first, checked))) = (over, holders.first()) else { return };
    let at = checked.assignment_origin(first);
    // What exceeds the maximum for certain is no guess.
    let is_certain =
        || !is_guess || policy_length(holders, shortest, trusted_subject).is_some_and(|it| it.length > limit);
    let is_over_all = TRUST_POLICY.last() == Some(&limit) && is_certain();
    let of_namespaces = policy_length(holders, likely, |assignment| assignment.subject.of_namespace());
    let clusters = in_clusters(holders.iter().map(|(_, checked)| *checked));
    let problem = FleetProblem::LongPolicy {
        at,
        role: role.as_str().to_owned(),
        length,
        limit,
        is_over_all,
        is_written,
        is_guess,
        of_namespaces: of_namespaces.map(|it| it.length).filter(|length| *length <= limit),
        on_eks: clusters_for_pod_identity(holders),
        clusters: cluster_names(&clusters),
    };
    problems.report(Report::naming(problem, clusters));
}

fn trusted_subject<'c>(assignment: &Assignment<'c>) -> Subject<'c> {
    assignment.trusted_subject()
}

/// How many clusters could give the role by EKS Pod Identity instead of by tokens.
fn clusters_for_pod_identity(holders: &[ClusterAssignment<'_>]) -> usize {
    let could = holders.iter().filter(|(assignment, _)| {
        assignment.cluster.platform == Platform::Eks
            && matches!(assignment.assignee, Assignee::Controller(_))
            && matches!(assignment.identity_and_source, CloudIdentity::RoleByToken { .. })
    });
    could.map(|(assignment, _)| assignment.cluster.name.as_str()).collect::<BTreeSet<&str>>().len()
}

/// The length of a trust policy.
struct PolicyLength<'c> {
    role: &'c RoleArn,
    /// In characters.
    length: usize,
    /// True if an issuer in it is a guess.
    is_guess: bool,
}

/// The length of the trust policy of a role. `guess`: an issuer for a cluster without one, and the number of that cluster;
/// `subject`: whom the policy trusts.
fn policy_length<'c>(
    holders: &[ClusterAssignment<'c>],
    guess: impl Fn(&Cluster, usize) -> String,
    subject: impl Fn(&Assignment<'c>) -> Subject<'c>,
) -> Option<PolicyLength<'c>> {
    let role = holders.first()?.0.identity_and_source.role()?;
    let mut policy = TrustPolicy::new(role);
    let mut guessed = BTreeMap::new();
    for (assignment, checked) in holders {
        match assignment.identity_and_source {
            CloudIdentity::RoleByToken { audience, .. } => {
                let issuer = checked.cluster.cloud_context.issuer.as_ref();
                let issuer = issuer.map(|issuer| issuer.without_scheme().to_owned());
                let issuer = issuer.unwrap_or_else(|| {
                    // Two clusters have two issuers.
                    let next = guessed.len();
                    let number = *guessed.entry(&checked.cluster.name).or_insert(next);
                    guess(&checked.cluster, number)
                });
                policy.by_token.entry((issuer, audience)).or_default().insert(subject(assignment));
            }
            CloudIdentity::RoleByPodIdentity(_) => policy.by_pod_identity = true,
            CloudIdentity::RoleByRole { target, source } => {
                policy.by_role.entry(source).or_default().insert(target.external_id.as_deref());
            }
            CloudIdentity::ManagedIdentity { .. }
            | CloudIdentity::GoogleAccount(..)
            | CloudIdentity::Principal(_) => {}
        }
    }
    Some(PolicyLength { role, length: policy.document().len(), is_guess: !guessed.is_empty() })
}

fn check_credentials(holders: &[ClusterAssignment<'_>], is_written: bool, problems: &mut Problems) {
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
        let problem = FleetProblem::ManyCredentials {
            at,
            identity: first.identity_and_source.to_string(),
            count: credentials.len(),
            is_written,
            clusters: cluster_names(&clusters),
        };
        problems.report(Report::naming(problem, clusters));
    }
}

fn cluster_names(clusters: &[InCluster]) -> Vec<String> {
    clusters.iter().map(|cluster| cluster.name.clone()).collect()
}

/// Reports the first ARN that is not the one by which others call the same role: no account has both roles.
/// `holders`: all that have one identity.
fn check_spelling(holders: &[ClusterAssignment<'_>], problems: &mut Problems) {
    let Some((first, of_first)) = holders.first() else { return };
    let Some(role) = first.identity_and_source.role() else { return };
    let other = holders.iter().find_map(|(assignment, checked)| {
        let other = assignment.identity_and_source.role().filter(|other| *other != role)?;
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
