//! The clusters of a fleet by their names.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::check::allow::Allows;
use crate::check::duplicates;
use crate::model::Platform;
use crate::problem::{Noun, Problems};
use crate::resolve::{
    ClusterValues, DeclaredCluster, FileUses, Layer, ProfileView, Profiles, UsedProfiles, report_duplicate,
};
use crate::span::Span;
use crate::syntax::tree::Name;

/// A cluster that can be checked by itself.
pub struct NamedCluster<'f, 't> {
    pub name: Name<'t>,
    pub platform: (Platform, Span),
    pub declared: &'f DeclaredCluster<'t>,
    pub view: Arc<ProfileView<'t>>,
    pub values: ClusterValues<'f, 't>,
}

/// All clusters whose platform is known, each name once. Reports the names that are there twice.
pub fn named_clusters<'f, 't>(
    clusters: &'f [DeclaredCluster<'t>],
    (files, file_uses): (&[Layer<'t>], &[FileUses]),
    profiles: &mut Profiles<'t>,
    allows: &mut Allows,
    problems: &mut Problems,
) -> Vec<NamedCluster<'f, 't>> {
    let again = repeated_names(clusters);
    let mut cover = allows.mark_covered(profiles);
    let mut named = Vec::new();
    for declared in clusters {
        let own = profiles.find(&declared.own.uses, problems);
        let of_files = if declared.file == 0 { vec![0] } else { vec![0, declared.file] };
        let view = declared.platform.map(|platform| {
            let mut used = UsedProfiles::default();
            for file in of_files.iter().filter_map(|file| file_uses.get(*file)) {
                file.on(platform).for_each(|of_file| used.add(of_file));
            }
            used.add(&own);
            (platform, profiles.view(platform, &used))
        });
        for name in declared.tree.names.nodes() {
            if let Some(first) = again.get(&name.span) {
                report_duplicate(Noun::Cluster, name.text, name.span, *first, problems);
                continue;
            }
            if let Ok((platform, view)) = &view {
                let files = of_files.iter().filter_map(|file| files.get(*file));
                let on = files.flat_map(|file| &file.on).filter(|on| on.platforms.contains(platform));
                cover.collect(*name, declared, view, on);
                let platform = (*platform, declared.tree.platform.span);
                let (view, values) = (Arc::clone(view), ClusterValues::default());
                named.push(NamedCluster { name: *name, platform, declared, view, values });
            }
        }
    }
    named
}

/// The names of clusters that others have before them, each with the place of the first. Most fleets have none.
fn repeated_names<'t>(clusters: &[DeclaredCluster<'t>]) -> BTreeMap<Span, Span> {
    let names: Vec<Name<'t>> =
        clusters.iter().flat_map(|declared| declared.tree.names.nodes()).copied().collect();
    let own = |name: &Name<'t>| std::iter::once(Some((name.text, ())));
    let mut again = BTreeMap::new();
    for alike in duplicates::duplicate_groups(&names, own, |alike| alike.len() > 1) {
        let mut first: BTreeMap<&str, Span> = BTreeMap::new();
        for name in alike.iter().filter_map(|one| names.get(one.item)) {
            let first = *first.entry(name.text).or_insert(name.span);
            if first != name.span {
                again.insert(name.span, first);
            }
        }
    }
    again
}
