//! Clusters with the same issuer.

use std::collections::BTreeMap;

use crate::check::checked_cluster::{CheckedCluster, in_clusters};
use crate::check::duplicates;
use crate::model::kubernetes::Issuer;
use crate::problem::{FleetProblem, Problems, Report};

/// Reports clusters with the same issuer, because every cluster has its own.
pub fn check(clusters: &[CheckedCluster], problems: &mut Problems) {
    let issuers = |checked| std::iter::once(issuer(checked).map(|issuer| (issuer, ())));
    for alike in duplicates::duplicate_groups(clusters, issuers, |alike| alike.len() > 1) {
        let mut apart: BTreeMap<&str, Vec<&CheckedCluster>> = BTreeMap::new();
        for checked in alike.iter().filter_map(|one| clusters.get(one.item)) {
            apart.entry(issuer(checked).unwrap_or_default()).or_default().push(checked);
        }
        for (issuer, of_issuer) in apart {
            let involved = in_clusters(of_issuer);
            if let [first, _, ..] = involved.as_slice() {
                let clusters = involved.iter().map(|cluster| cluster.name.clone()).collect();
                let issuer = issuer.to_owned();
                problems.report(Report::naming(
                    FleetProblem::SameIssuer { at: first.at, issuer, clusters },
                    involved,
                ));
            }
        }
    }
}

fn issuer(checked: &CheckedCluster) -> Option<&str> {
    checked.cluster.cloud_context.issuer.as_ref().map(Issuer::as_str)
}
