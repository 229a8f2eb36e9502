//! Clusters, to a source that says once what is the same in several.

mod cluster_statements;
mod layers;
mod order;
mod roles;

use crate::import::cluster::Cluster;
use crate::import::generalise::cluster_statements::ClusterStatements;
use crate::import::generalise::layers::Layering;
use crate::import::statements::Source;

pub fn generalise(mut clusters: Vec<Cluster>) -> Source {
    clusters.sort_by(|one, other| one.name.cmp(&other.name));
    let is_fleet = clusters.len() > 1;
    let mut sayings: Vec<ClusterStatements> =
        clusters.iter_mut().map(|cluster| ClusterStatements::new(cluster, is_fleet)).collect();
    roles::add(clusters, &mut sayings);
    // What most fleets pass through has no order that could be lost.
    if sayings.iter().all(|saying| saying.patches.is_empty()) {
        return Layering::new(sayings, true).source();
    }
    let shared = Layering::new(sayings.clone(), true).source();
    if order::is_kept(&shared, &sayings) { shared } else { Layering::new(sayings, false).source() }
}
