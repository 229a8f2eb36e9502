//! The platform of a cluster: from the name of its directory, from installed manifests, and from its identities.

use std::collections::{BTreeMap, BTreeSet};

use crate::import::accounts::Accounts;
use crate::import::contents::Contents;
use crate::import::file::Reader;
use crate::import::identity::ObservedValues;
use crate::import::overlay::Overlay;
use crate::import::path;
use crate::model::{Controller, Platform, Provider};
use crate::problem::{AdoptionFault, AdoptionProblem, Problems, Witness};

/// The platform of the cluster of an overlay. Reports doubts. The name of the directory decides.
pub fn platform(
    overlay: &Overlay,
    observed: &BTreeMap<Controller, ObservedValues>,
    accounts: Option<&Accounts>,
    reader: &Reader<'_>,
    problems: &mut Problems,
) -> Platform {
    let witnesses = [
        (Witness::Name, from_name(&overlay.directory)),
        (Witness::Installed, from_installed(overlay, reader)),
        (Witness::Identities, from_identities(observed).or_else(|| accounts.and_then(Accounts::platform))),
    ];
    let mut found = witnesses.into_iter().filter_map(|(witness, platform)| Some((witness, platform?)));
    let at = overlay.file.span_from(0);
    let Some((first, platform)) = found.next() else {
        problems.report(AdoptionProblem::at(at, AdoptionFault::NoPlatform));
        return Platform::Kubernetes;
    };
    if let Some(other) = found.find(|(_, other)| *other != platform) {
        let fault = AdoptionFault::OtherPlatform { used: (first, platform), other };
        problems.report(AdoptionProblem::at(at, fault));
    }
    platform
}

fn from_identities(observed: &BTreeMap<Controller, ObservedValues>) -> Option<Platform> {
    let is_of = |observed: &ObservedValues, provider| {
        observed.named(provider).is_some() || provider == Provider::Gcp && observed.is_direct()
    };
    let count = |provider: Provider| observed.values().filter(|observed| is_of(observed, provider)).count();
    let votes: Vec<(usize, Provider)> = Provider::ALL.into_iter().map(|one| (count(one), one)).collect();
    let most = votes.iter().map(|(count, _)| *count).max().filter(|most| *most > 0)?;
    let mut leaders = votes.into_iter().filter(|(count, _)| *count == most);
    match (leaders.next(), leaders.next()) {
        (Some((_, only)), None) => {
            Platform::ALL.into_iter().find(|platform| platform.native_provider() == Some(only))
        }
        (Some(_), Some(_)) | (None, _) => None,
    }
}

/// The platform whose nodes the patches and the manifests of an overlay select, if that is one.
fn from_installed(overlay: &Overlay, reader: &Reader<'_>) -> Option<Platform> {
    let named = overlay.resources.iter().filter_map(|named| path::join(&overlay.directory, &named.text));
    let manifests = named.filter(|path| path::is_yaml(path)).filter_map(|path| reader.contents(&path).ok());
    let mut platforms: BTreeSet<Platform> =
        manifests.flat_map(|contents| contents.platforms.clone()).collect();
    let patches = overlay.entries.iter().filter_map(|entry| entry.documents.first());
    platforms.extend(patches.flat_map(|document| Contents::find(&document.text).platforms));
    platforms.pop_first().filter(|_| platforms.is_empty())
}

fn from_name(directory: &str) -> Option<Platform> {
    let words = directory.split(|letter: char| !letter.is_ascii_alphanumeric());
    let mut named = words.filter_map(|word| match word.to_ascii_lowercase().as_str() {
        "kubernetes" => None,
        word => Platform::from_name(word),
    });
    let first = named.next()?;
    named.all(|other| other == first).then_some(first)
}
