//! Clusters whose overlay lists a `gotk-sync.yaml` that is not there.

use std::path::Path;

use crate::check::checked_cluster::CheckedCluster;
use crate::check::readings::Readings;
use crate::model::{Cluster, GOTK_COMPONENTS, GOTK_SYNC, LocalPath};
use crate::problem::{FleetProblem, Problems, Report};
use crate::workspace::{Entry, Inputs};

/// True if there is a `gotk-sync.yaml` beside the installed manifests of a cluster. Nothing if there are no manifests, or
/// its overlay does not list the file.
pub fn has_sync(cluster: &Cluster, readings: &Readings<'_>) -> Option<bool> {
    let entry = |name| {
        let file = LocalPath::from(&cluster.output).join(name);
        file.map_or(Entry::Missing, |file| readings.entry(&file, &LocalPath::default()))
    };
    let is_installed = cluster.form.is_bootstrapped() && matches!(entry(GOTK_COMPONENTS), Entry::File(_));
    is_installed.then(|| entry(GOTK_SYNC) != Entry::Missing)
}

/// Reports clusters without the file in a fleet whose other clusters have it. Before `flux bootstrap` has written it, no
/// cluster may have it.
pub fn check(clusters: &[CheckedCluster], inputs: &Inputs<'_>, problems: &mut Problems) {
    let with = clusters.iter().filter(|checked| checked.has_sync == Some(true)).count();
    let without: Vec<_> = clusters.iter().filter(|checked| checked.has_sync == Some(false)).collect();
    // Where most have none, they are applied in another way.
    if with == 0 || with < without.len() {
        return;
    }
    for checked in without {
        let file = LocalPath::from(&checked.cluster.output).join(GOTK_SYNC).unwrap_or_default();
        let file = inputs.shown(Path::new(file.as_str()));
        problems.report(Report::naming(
            FleetProblem::NoSync { at: checked.at, file },
            vec![checked.in_cluster()],
        ));
    }
}
