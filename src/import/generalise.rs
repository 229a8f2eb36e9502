//! Clusters to a source in which statements that several share are written once.

mod cluster_statements;
mod layers;
mod roles;

use std::collections::BTreeMap;

use crate::import::cluster::Cluster;
use crate::import::generalise::cluster_statements::ClusterStatements;
use crate::import::generalise::layers::{Layering, Sharing};
use crate::import::statements::{Clusters, Source, Statement};

/// A source of these clusters. `is_plain`: true if they are to share no statements.
pub fn generalise(mut clusters: Vec<Cluster>, is_plain: bool) -> Source {
    clusters.sort_by(|one, other| one.name.cmp(&other.name));
    let is_fleet = clusters.len() > 1;
    let mut all: Vec<ClusterStatements> =
        clusters.iter_mut().map(|cluster| ClusterStatements::new(cluster, is_fleet)).collect();
    roles::add(clusters, &mut all);
    if is_plain {
        return Layering::new(all, Sharing::Nothing).source();
    }
    // Without patches there is no order to keep.
    if all.iter().all(|statements| statements.patches.is_empty()) {
        return Layering::new(all, Sharing::All).source();
    }
    let shared = Layering::new(all.clone(), Sharing::All).source();
    if keeps_order(&shared, &all) { shared } else { Layering::new(all, Sharing::AllButPatches).source() }
}

/// True if kustomize applies the patches of each cluster in the same order, except patches of different objects.
fn keeps_order(source: &Source, all: &[ClusterStatements]) -> bool {
    let clusters = source.clusters.iter().flat_map(|one| one.names.iter().map(move |name| (name, one)));
    let clusters: BTreeMap<&String, &Clusters> = clusters.collect();
    let profiles = source.profiles.iter().map(|profile| (&profile.name, profile.statements.as_slice()));
    let profiles: BTreeMap<&String, &[Statement]> = profiles.collect();
    // Most clusters pass through the same patches.
    let with_patches = all.iter().filter(|statements| !statements.patches.is_empty());
    with_patches.into_iter().all(|statements| {
        let Some(cluster) = clusters.get(&statements.name) else { return true };
        let used = cluster.uses.iter().filter_map(|used| profiles.get(used)).copied().flatten();
        let order = source.file.iter().chain(used).chain(&cluster.statements);
        is_kept_in(statements, order.filter(|statement| matches!(statement, Statement::Patch(..))))
    })
}

/// The same for one cluster. `order`: its patches in the order of the source. A patch may move behind another only if each
/// is for one object, and not for the same.
fn is_kept_in<'s>(cluster: &'s ClusterStatements, order: impl Iterator<Item = &'s Statement>) -> bool {
    let mut places: BTreeMap<&Statement, usize> = BTreeMap::new();
    for (at, patch) in order.enumerate() {
        places.entry(patch).or_insert(at);
    }
    let (mut last, mut last_of_any, mut last_of_object) = (None, None, BTreeMap::new());
    cluster.patches.iter().zip(&cluster.leftovers).all(|(patch, leftover)| {
        let place = places.get(patch).copied();
        let is_kept = match &leftover.object {
            None => {
                last_of_any = last_of_any.max(place);
                last <= place
            }
            Some(object) => {
                let before = last_of_object.entry(object).or_insert(place);
                let is_kept = *before <= place && last_of_any <= place;
                *before = place.max(*before);
                is_kept
            }
        };
        last = last.max(place);
        is_kept
    })
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use proptest::prelude::*;

    use super::{Layering, Sharing, is_kept_in};
    use crate::import::generalise::cluster_statements::ClusterStatements;
    use crate::import::identity::Identity;
    use crate::import::leftover::{Content, Leftover};
    use crate::import::statements::Statement;
    use crate::model::setting::Setting;
    use crate::model::{Platform, Provider};

    fn leftover(file: u8, object: Option<u8>) -> Leftover {
        Leftover {
            content: Content::File(format!("{file}-{object:?}")),
            target: BTreeMap::new(),
            name: String::new(),
            object: object.map(|object| ("Deployment".to_owned(), object.to_string())),
        }
    }

    /// True if the order of the two makes no difference.
    fn commute(one: &Leftover, other: &Leftover) -> bool {
        one == other || one.object.is_some() && other.object.is_some() && one.object != other.object
    }

    fn patch(leftover: &Leftover) -> Statement {
        let Content::File(path) = &leftover.content else { panic!("it is a file") };
        Statement::Patch(path.clone(), BTreeMap::new())
    }

    fn cluster(name: &str) -> ClusterStatements {
        let statements =
            [Setting::Account, Setting::Region].map(|setting| Statement::Setting(setting, "1".to_owned()));
        let own = Statement::Role(name.to_owned(), Identity::direct(Provider::Gcp));
        ClusterStatements {
            name: name.to_owned(),
            platform: Platform::Eks,
            is_component: false,
            statements: statements.into_iter().chain([own]).collect(),
            patches: Vec::new(),
            leftovers: Vec::new(),
        }
    }

    #[test]
    fn each_cluster_has_all_of_its_statements_if_none_is_shared() {
        let statements = |sharing| {
            let source = Layering::new(vec![cluster("a"), cluster("b")], sharing).source();
            let own: Vec<usize> = source.clusters.iter().map(|cluster| cluster.statements.len()).collect();
            (source.file.len() + source.profiles.len(), own)
        };
        assert_eq!(statements(Sharing::All), (2, vec![1, 1]));
        assert_eq!(statements(Sharing::Nothing), (0, vec![3, 3]));
    }

    proptest! {
        #[test]
        fn each_two_that_have_to_do_with_each_other_stay_in_their_order(
            there in prop::collection::vec((0_u8..4, prop::option::of(0_u8..3)), 0..7), order in any::<prop::sample::Index>(),
        ) {
            let leftovers: Vec<Leftover> = there.into_iter().map(|(file, object)| leftover(file, object)).collect();
            let patches: Vec<Statement> = leftovers.iter().map(patch).collect();
            let mut sorted: Vec<Statement> = patches.iter().cloned().collect::<BTreeSet<_>>().into_iter().collect();
            if !sorted.is_empty() {
                let at = order.index(sorted.len());
                sorted.rotate_left(at);
                sorted.swap(0, at);
            }
            let place = |patch: &Statement| sorted.iter().position(|known| known == patch);
            let all: Vec<_> = patches.iter().zip(&leftovers).collect();
            let is_kept = all.iter().enumerate().all(|(at, (one, leftover))| {
                all.iter().skip(at + 1).all(|(later, other)| place(one) <= place(later) || commute(leftover, other))
            });
            let cluster = ClusterStatements {
                name: String::new(),
                platform: Platform::Eks,
                is_component: false,
                statements: BTreeSet::new(),
                patches,
                leftovers,
            };
            prop_assert_eq!(is_kept_in(&cluster, sorted.iter()), is_kept);
        }
    }
}
