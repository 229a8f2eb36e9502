//! Clusters whose overlay lists a `gotk-sync.yaml` that is not there.

use std::path::Path;

use crate::check::checked_cluster::CheckedCluster;
use crate::model::{GOTK_COMPONENTS, GOTK_SYNC, LocalPath};
use crate::problem::{FleetProblem, Problems, Report};
use crate::workspace::{Entry, Inputs};

/// Reports clusters without the file in a fleet whose other clusters have it. Before `flux bootstrap` has written it, no
/// cluster may have it.
pub fn check(clusters: &[CheckedCluster<'_>], inputs: &Inputs<'_>, problems: &mut Problems) {
    let entry = |checked: &CheckedCluster<'_>, name| {
        let file = LocalPath::from(&checked.cluster.output).join(name);
        file.map_or(Entry::Missing, |file| inputs.entry(Path::new(file.as_str())))
    };
    let installed = clusters.iter().filter(|checked| {
        let is_there = |checked| matches!(entry(checked, GOTK_COMPONENTS), Entry::File(_));
        checked.cluster.form.is_bootstrapped() && is_there(checked)
    });
    let (without, with): (Vec<_>, Vec<_>) =
        installed.partition(|checked| entry(checked, GOTK_SYNC) == Entry::Missing);
    // Where most have none, they are applied in another way.
    if with.is_empty() || with.len() < without.len() {
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
