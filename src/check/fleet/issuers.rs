//! Clusters whose tokens no cloud tells apart.

use std::collections::BTreeMap;

use crate::check::alike;
use crate::check::fleet::names;
use crate::check::origin::Checked;
use crate::problem::{FleetProblem, Problems};

/// Reports clusters that say one issuer: no two clusters sign tokens for one.
pub fn check(clusters: &[Checked<'_>], problems: &mut Problems) {
    let issuer = |checked: &Checked<'_>| checked.cluster.whereabouts.issuer.clone();
    // Most fleets say none, and nothing is to be sorted then.
    if clusters.iter().all(|checked| checked.cluster.whereabouts.issuer.is_none()) {
        return;
    }
    let numbered = alike::numbered(clusters, |checked| {
        checked.cluster.whereabouts.issuer.as_ref().map(|issuer| issuer.as_str().to_owned())
    });
    for alike in numbered.chunk_by(|(one, _), (other, _)| one == other).filter(|alike| alike.len() > 1) {
        let mut apart: BTreeMap<String, Vec<&Checked<'_>>> = BTreeMap::new();
        for checked in alike.iter().filter_map(|(_, at)| clusters.get(*at)) {
            let issuer = issuer(checked).map_or_else(String::new, |issuer| issuer.as_str().to_owned());
            apart.entry(issuer).or_default().push(checked);
        }
        for (issuer, of_issuer) in apart {
            let involved = names(of_issuer);
            if let [first, _, ..] = involved.as_slice() {
                let clusters = involved.iter().map(|cluster| cluster.name.clone()).collect();
                problems.push_among(FleetProblem::SameIssuer { at: first.at, issuer, clusters }, involved);
            }
        }
    }
}
