//! What the clusters of a fleet are to each other.

mod holders;
mod isolation;
mod issuers;
mod limits;
mod sameness;
mod spelling;

pub use isolation::{Isolated, Isolation, check_roles, isolated};

use crate::check::fleet::holders::Holders;
use crate::check::origin::Checked;
use crate::problem::{InCluster, Problems};

/// Checks what clusters share. `isolated`: of each cluster what it is to each isolation.
pub fn check(
    clusters: &[Checked<'_>],
    isolations: &[Isolation<'_>],
    isolated: &[Vec<Option<Isolated<'_>>>],
    problems: &mut Problems,
) {
    isolation::check(clusters, isolations, isolated, problems);
    let holders = Holders::of(clusters);
    sameness::check(&holders, problems);
    limits::check(&holders, problems);
    issuers::check(clusters, problems);
}

/// The names of clusters, each once, in the order of the source.
fn names<'c>(clusters: impl IntoIterator<Item = &'c Checked<'c>>) -> Vec<InCluster> {
    let mut names: Vec<InCluster> = clusters.into_iter().map(|cluster| cluster.named.clone()).collect();
    names.sort_by_key(|name| name.at);
    names.dedup();
    names
}
