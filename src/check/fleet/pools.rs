//! Clusters of one pool, whose ServiceAccounts Google Cloud does not distinguish.
//!
//! Source: "Best practices for using fleet Workload Identity" of the GKE documentation.

use std::collections::BTreeMap;

use crate::check::checked_cluster::{CheckedCluster, in_clusters};
use crate::check::fleet::assignments::{self, KeySummary};
use crate::model::gcp::ServiceAccountEmail;
use crate::model::kubernetes::Subject;
use crate::model::{Assignment, CloudIdentity, Platform, Pool};
use crate::problem::{FleetProblem, InCluster, PoolName, Problems, Report};

/// The ServiceAccounts of some clusters.
type Accounts<'c> = BTreeMap<Subject<'c>, ByIdentity<'c>>;

/// What a ServiceAccount gets, nothing for its own principal: as it is written, and the clusters in which it gets that.
type ByIdentity<'c> = BTreeMap<Option<&'c ServiceAccountEmail>, (String, Vec<&'c CheckedCluster>)>;

/// Pools of Google Cloud in which ServiceAccounts get different identities.
#[derive(Debug, Default)]
pub struct Pools<'c>(BTreeMap<Pool<'c>, Accounts<'c>>);

impl<'c> Pools<'c> {
    /// Takes in all that are one ServiceAccount of one pool.
    pub fn collect(&mut self, pool: Pool<'c>, holders: &[assignments::ClusterAssignment<'c>]) {
        let accounts = self.0.entry(pool).or_default();
        for (assignment, checked) in holders {
            collect_account(accounts, assignment, checked);
        }
    }

    /// Reports pools whose clusters map one ServiceAccount to different identities, and clusters whose pool is unknown.
    pub fn check(&self, clusters: &'c [CheckedCluster], problems: &mut Problems) {
        for (pool, accounts) in &self.0 {
            report(*pool, accounts, problems);
        }
        report_unknown(clusters, problems);
    }
}

/// Where Google Cloud knows the ServiceAccount, if that is known here.
pub fn known_pool<'c>(assignment: &Assignment<'c>) -> Option<Pool<'c>> {
    match assignment.pool()? {
        Pool::OfUnknownProject(_) => None,
        pool @ (Pool::OfProject(_) | Pool::Named(_)) => Some(pool),
    }
}

/// Selects a ServiceAccount of one pool if its clusters map it to different identities.
pub fn account_summary<'c>(assignment: &Assignment<'c>) -> KeySummary<'c> {
    KeySummary {
        most: usize::MAX,
        length: 0,
        text: impersonated(assignment).map(ServiceAccountEmail::as_str),
        cloud: None,
    }
}

/// The Google service account that it impersonates; nothing for its own principal.
fn impersonated<'c>(assignment: &Assignment<'c>) -> Option<&'c ServiceAccountEmail> {
    let CloudIdentity::GoogleAccount(email, _) = assignment.identity_and_source else { return None };
    Some(email)
}

fn collect_account<'c>(
    accounts: &mut Accounts<'c>,
    assignment: &Assignment<'c>,
    checked: &'c CheckedCluster,
) {
    let by_identity = accounts.entry(assignment.subject).or_default();
    let (_, clusters) = by_identity
        .entry(impersonated(assignment))
        .or_insert_with(|| (assignment.identity_and_source.to_string(), Vec::new()));
    clusters.push(checked);
}

fn report(pool: Pool<'_>, accounts: &Accounts<'_>, problems: &mut Problems) {
    let differ = |by_identity: &&ByIdentity<'_>| by_identity.len() > 1;
    let differing = accounts.iter().filter(|(_, by_identity)| differ(by_identity));
    let differing: Vec<(&Subject<'_>, &ByIdentity<'_>)> = differing.collect();
    let Some((_, first)) = differing.first() else { return };
    let identities = first.values().map(|(identity, clusters)| {
        let clusters = in_clusters(clusters.iter().copied());
        (identity.clone(), clusters)
    });
    let mut identities: Vec<(String, Vec<InCluster>)> = identities.collect();
    identities.sort_by_key(|(_, clusters)| clusters.first().map(|cluster| cluster.at));
    let involved = differing.iter().flat_map(|(_, by_identity)| by_identity.values());
    let involved = in_clusters(involved.flat_map(|(_, clusters)| clusters.iter().copied()));
    let pool = match pool {
        Pool::OfProject(project) => PoolName::Project(project.as_str().to_owned()),
        Pool::Named(name) => PoolName::Pool(name.to_owned()),
        Pool::OfUnknownProject(_) => return,
    };
    let accounts = differing.iter().map(|(subject, _)| subject.name.to_owned()).collect();
    if let Some(at) = identities.first().and_then(|(_, clusters)| clusters.first()).map(|first| first.at) {
        problems.report(Report::naming(FleetProblem::SamePool { at, pool, accounts, identities }, involved));
    }
}

/// Reports clusters without a project, if one of them gives a ServiceAccount something else than another cluster does.
fn report_unknown(clusters: &[CheckedCluster], problems: &mut Problems) {
    let on_gke =
        |pool: Option<Pool<'_>>| matches!(pool, Some(Pool::OfProject(_) | Pool::OfUnknownProject(_)));
    let of_unknown = |CheckedCluster { cluster, .. }: &CheckedCluster| {
        cluster.platform == Platform::Gke && cluster.cloud_context.project.is_none()
    };
    if !clusters.iter().any(of_unknown) {
        return;
    }
    let mut accounts = Accounts::new();
    for (assignment, checked) in assignments::all_assignments(clusters)
        .filter(|(assignment, _)| assignment.trust_only.is_none() && on_gke(assignment.pool()))
    {
        collect_account(&mut accounts, &assignment, checked);
    }
    let differing = accounts.values().filter(|by_identity| by_identity.len() > 1);
    let holders = differing.flat_map(BTreeMap::values).flat_map(|(_, clusters)| clusters);
    let unknown =
        in_clusters(holders.copied().filter(|checked| checked.cluster.cloud_context.project.is_none()));
    if let Some(first) = unknown.first() {
        let at = first.at;
        let clusters = unknown.iter().map(|cluster| cluster.name.clone()).collect();
        problems.report(Report::naming(FleetProblem::UnknownPool { at, clusters }, unknown));
    }
}
