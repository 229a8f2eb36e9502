//! Whether a source keeps the order of patches, as far as it matters.

use crate::import::generalise::Saying;
use crate::import::said::{Said, Source};

/// Whether kustomize applies the patches of each cluster as before, but for those that have nothing to do with each
/// other.
pub fn is_kept(source: &Source, sayings: &[Saying]) -> bool {
    sayings.iter().all(|saying| {
        let order = order(source, &saying.name);
        let place = |patch: &Said| order.iter().position(|known| *known == patch);
        let both = || saying.patches.iter().zip(&saying.leftovers).enumerate();
        both().all(|(at, (patch, leftover))| {
            both()
                .skip(at.saturating_add(1))
                .all(|(_, (later, other))| place(patch) <= place(later) || leftover.commutes_with(other))
        })
    })
}

/// The patches of a cluster in the order in which a source adds them up.
fn order<'s>(source: &'s Source, name: &str) -> Vec<&'s Said> {
    let Some(cluster) = source.clusters.iter().find(|clusters| clusters.names.iter().any(|own| own == name))
    else {
        return Vec::new();
    };
    let profiles = cluster
        .uses
        .iter()
        .filter_map(|used| source.profiles.iter().find(|profile| profile.name == *used))
        .flat_map(|profile| &profile.says);
    let all = source.file.iter().chain(profiles).chain(&cluster.says);
    all.filter(|said| matches!(said, Said::Patch(..))).collect()
}
