//! What a cluster runs on, from its identities and from its directory's name.

use std::collections::BTreeMap;

use crate::import::identity::Told;
use crate::import::overlay::Overlay;
use crate::model::{Controller, Platform, Provider};
use crate::problem::{AdoptionFault, AdoptionProblem, Problems};

/// What the cluster of an overlay runs on, said where that is in doubt.
pub fn platform(overlay: &Overlay, told: &BTreeMap<Controller, Told>, problems: &mut Problems) -> Platform {
    let named = from_name(&overlay.directory);
    let mut votes: BTreeMap<Provider, usize> = BTreeMap::new();
    for provider in Provider::ALL {
        let count = told.values().filter(|told| told.named(provider).is_some()).count();
        if count > 0 {
            let _new = votes.insert(provider, count);
        }
    }
    let most = votes.values().max().copied().unwrap_or_default();
    let mut leaders = votes.iter().filter(|(_, count)| **count == most).map(|(provider, _)| *provider);
    let told = match (leaders.next(), leaders.next()) {
        (Some(only), None) => native(only),
        (Some(_), Some(_)) | (None, _) => None,
    };
    let at = overlay.file.span_from(0);
    match (named, told) {
        (Some(named), Some(told)) if named != told => {
            problems.push(AdoptionProblem::at(at, AdoptionFault::OtherPlatform { named, told }));
            named
        }
        (Some(platform), _) | (None, Some(platform)) => platform,
        (None, None) => {
            problems.push(AdoptionProblem::at(at, AdoptionFault::NoPlatform));
            Platform::Kubernetes
        }
    }
}

fn native(provider: Provider) -> Option<Platform> {
    Platform::ALL.into_iter().find(|platform| platform.native_provider() == Some(provider))
}

/// The platform that a directory is called after.
fn from_name(directory: &str) -> Option<Platform> {
    let words = directory.split(|letter: char| !letter.is_ascii_alphanumeric());
    let mut named = words.filter_map(|word| match word.to_ascii_lowercase().as_str() {
        "kubernetes" => None,
        word => Platform::from_name(word),
    });
    let first = named.next()?;
    named.all(|other| other == first).then_some(first)
}
