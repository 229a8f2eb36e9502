//! Names that nothing uses. Variables may be there for `--where`, so that none of them is reported.

use std::collections::BTreeSet;

use crate::check::Whole;
use crate::check::definitions::{Key, Says};
use crate::check::layers::Layer;
use crate::problem::{NameProblem, Noun, Problems};

/// Reports roles that no mapping names, and profiles that nothing uses, of a fleet without errors.
pub fn report(fleet: &Whole<'_>, problems: &mut Problems) {
    let in_clusters = fleet.clusters.iter().map(|cluster| &cluster.own);
    let layers: Vec<&Layer<'_>> =
        fleet.files.iter().chain(in_clusters).chain(fleet.profiles.layers()).collect();
    let roles: BTreeSet<&str> = layers.iter().flat_map(|layer| layer.roles_named.iter().copied()).collect();
    let profiles: BTreeSet<&str> =
        layers.iter().flat_map(|layer| layer.uses.iter().map(|name| name.text)).collect();
    for layer in &layers {
        for (key, definition) in layer.definitions.iter() {
            if let (Key::Role(name), Says::Role(_)) = (key, definition.says)
                && !roles.contains(name)
            {
                problems.push(NameProblem::Unused {
                    noun: Noun::Role,
                    at: definition.at,
                    name: (*name).to_owned(),
                });
            }
        }
    }
    for name in fleet.profiles.names().filter(|name| !profiles.contains(name.text)) {
        problems.push(NameProblem::Unused { noun: Noun::Profile, at: name.span, name: name.text.to_owned() });
    }
}
