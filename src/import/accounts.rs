//! ServiceAccounts that objects of Flux name, as `build` generates them.
//!
//! Others are not imported: it is unknown which of them objects name.

use std::collections::{BTreeMap, BTreeSet};

use crate::emit;
use crate::import::file::Reader;
use crate::import::identity::{Identities, Identity};
use crate::import::overlay::Overlay;
use crate::import::path;
use crate::model::aws::{self, RoleArn};
use crate::model::azure::{self, Guid};
use crate::model::gcp::{self, ServiceAccountEmail, WorkloadIdentityProvider};
use crate::model::setting::Setting;
use crate::model::{Account, OutputPath, Platform, Provider, Recipient};
use crate::problem::{AdoptionFault, AdoptionProblem, Problems};
use crate::spanned::Spanned;

/// The ServiceAccounts of one cluster.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Accounts {
    pub directory: String,
    pub identities: Identities,
    pub settings: BTreeMap<Setting, String>,
}

pub fn is_generated_directory(overlay: &Overlay) -> bool {
    let mut names = overlay.resources.iter().map(|named| named.text.as_str());
    overlay.is_generated && names.next() == Some(emit::SERVICE_ACCOUNTS) && names.next().is_none()
}

/// The ServiceAccounts of these directories, by the path of the overlay whose cluster they are for: the one that is
/// nearest. `overlays`: the paths of all, each with its directory. Those that cannot be read, or have no nearest overlay, are
/// reported, and their paths returned.
pub fn read(
    directories: &[Overlay],
    overlays: &[(String, String)],
    reader: &mut Reader<'_>,
    problems: &mut Problems,
) -> (BTreeMap<String, Accounts>, Vec<String>) {
    let (mut found, mut left) = (BTreeMap::new(), Vec::new());
    let nearness = Nearness::new(overlays);
    for directory in directories {
        let at = directory.file.span_from(0);
        let cluster = nearness.nearest(&directory.directory).filter(|path| !found.contains_key(*path));
        let is_output = OutputPath::parse(&directory.directory).is_ok();
        let outcome = match cluster {
            Some(_) if !is_output => Err(AdoptionFault::NoOutput { path: directory.directory.clone() }),
            None => Err(AdoptionFault::NoCluster),
            Some(path) => accounts(&directory.directory, reader)
                .map(|accounts| (path.clone(), accounts))
                .ok_or(AdoptionFault::EditedAccounts),
        };
        match outcome {
            Ok((path, accounts)) => {
                found.insert(path, accounts);
            }
            Err(fault) => {
                problems.report(AdoptionProblem::at(at, fault));
                left.push(directory.path.clone());
            }
        }
    }
    (found, left)
}

/// The parts of the paths of overlays.
struct Nearness<'o> {
    /// The paths of the overlays, and their directories.
    overlays: &'o [(String, String)],
    with_part: BTreeMap<&'o str, Vec<usize>>,
    /// How often one of them has the same part, at most.
    most_alike: usize,
}

impl<'o> Nearness<'o> {
    fn new(overlays: &'o [(String, String)]) -> Nearness<'o> {
        let (mut with_part, mut most_alike): (BTreeMap<&str, Vec<usize>>, _) = (BTreeMap::new(), 1);
        for (at, (_, directory)) in overlays.iter().enumerate() {
            for part in directory.split('/') {
                let all = with_part.entry(part).or_default();
                all.push(at);
                most_alike = most_alike.max(all.iter().rev().take_while(|one| **one == at).count());
            }
        }
        Nearness { overlays, with_part, most_alike }
    }

    /// The path of the only overlay whose directory has the most parts in common with this one. Overlays with rare parts are
    /// compared first, because few others can have as many.
    fn nearest(&self, directory: &str) -> Option<&'o String> {
        let own: BTreeSet<&str> = directory.split('/').collect();
        let mut rare_first: Vec<&Vec<usize>> =
            own.iter().filter_map(|part| self.with_part.get(part)).collect();
        rare_first.sort_by_key(|overlays| overlays.len());
        let mut left = rare_first.len();
        let (mut known, mut most, mut nearest) = (BTreeSet::new(), 0, Vec::new());
        for overlays in rare_first {
            // An overlay without any of the parts before has at most this many in common.
            let bound = left.saturating_mul(self.most_alike);
            for at in overlays {
                if most > bound || most == bound && nearest.len() > 1 {
                    break;
                }
                if known.insert(*at) {
                    let count = self.in_common(*at, &own);
                    if count > most {
                        (most, nearest) = (count, Vec::new());
                    }
                    if count == most && nearest.len() < 2 {
                        nearest.push(*at);
                    }
                }
            }
            left = left.saturating_sub(1);
        }
        match (nearest.as_slice(), self.overlays) {
            ([only], _) => self.overlays.get(*only).map(|(path, _)| path),
            ([], [(path, _)]) => Some(path),
            (_, _) => None,
        }
    }

    fn in_common(&self, at: usize, own: &BTreeSet<&str>) -> usize {
        let parts = self.overlays.get(at).map(|(_, directory)| directory.split('/'));
        parts.into_iter().flatten().filter(|part| own.contains(part)).count()
    }
}

fn accounts(directory: &str, reader: &mut Reader<'_>) -> Option<Accounts> {
    let file = reader.file(&path::in_directory(directory, emit::SERVICE_ACCOUNTS)).ok()?;
    let mut found = Accounts { directory: directory.to_owned(), ..Accounts::default() };
    if !file.text.starts_with(emit::BANNER) {
        return None;
    }
    for document in file.documents().ok()? {
        let metadata = document.get("metadata")?;
        let account = Account::parse(metadata.text_at("namespace")?, metadata.text_at("name")?).ok()?;
        let annotations = metadata.get("annotations").map(Spanned::entries).unwrap_or_default();
        let identities = found.identities_of(annotations)?;
        if document.text_at("kind") != Some("ServiceAccount") {
            return None;
        }
        found.identities.insert(Recipient::Account(account), identities);
    }
    Some(found)
}

impl Accounts {
    /// The platform of the cluster, if it can be determined: only GKE provides identities of Google Cloud without a provider
    /// that trusts the cluster.
    pub fn platform(&self) -> Option<Platform> {
        let is_of_google = |identity: &Identity| identity.provider == Provider::Gcp;
        let is_gke = self.identities.values().flatten().any(is_of_google)
            && !self.settings.contains_key(&Setting::WorkloadIdentityProvider);
        is_gke.then_some(Platform::Gke)
    }

    /// The identities in annotations; `None` if `build` does not write one of them.
    fn identities_of(&mut self, annotations: &[(Spanned, Spanned)]) -> Option<Vec<Identity>> {
        let mut identities = Vec::new();
        let (mut azure, mut gcp) = (Identity::direct(Provider::Azure), None);
        for (key, value) in annotations {
            let value = value.text()?;
            let text = Some(value.to_owned());
            match key.text()? {
                aws::ROLE_ARN_ANNOTATION => {
                    RoleArn::parse(value).ok()?;
                    identities.push(Identity { value: text, ..Identity::direct(Provider::Aws) });
                }
                azure::CLIENT_ID_ANNOTATION => {
                    Guid::parse(value).ok()?;
                    azure.value = text;
                }
                azure::TENANT_ID_ANNOTATION => {
                    Guid::parse(value).ok()?;
                    azure.tenant = text;
                }
                gcp::SERVICE_ACCOUNT_ANNOTATION => {
                    ServiceAccountEmail::parse(value).ok()?;
                    gcp = Some(Identity { value: text, ..Identity::direct(Provider::Gcp) });
                }
                gcp::WORKLOAD_IDENTITY_PROVIDER_ANNOTATION => {
                    WorkloadIdentityProvider::parse(value).ok()?;
                    gcp.get_or_insert(Identity::direct(Provider::Gcp));
                    self.settings.insert(Setting::WorkloadIdentityProvider, value.to_owned());
                }
                _ => return None,
            }
        }
        if azure.value.is_some() {
            azure.tenant.as_ref()?;
            identities.push(azure);
        }
        // The principal of a ServiceAccount on GKE needs no annotation.
        identities.extend(gcp.or_else(|| annotations.is_empty().then(|| Identity::direct(Provider::Gcp))));
        Some(identities)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::Nearness;

    proptest! {
        #[test]
        fn the_nearest_overlay_has_the_most_parts_in_common_and_is_one_alone(
            directories in prop::collection::vec("[ab](/[abc]){0,3}", 0..6), own in "[abd](/[abcd]){0,3}",
        ) {
            let overlays: Vec<(String, String)> =
                directories.iter().enumerate().map(|(at, directory)| (at.to_string(), directory.clone())).collect();
            let parts: BTreeSet<&str> = own.split('/').collect();
            let count = |directory: &String| directory.split('/').filter(|part| parts.contains(part)).count();
            let most = directories.iter().map(count).max();
            let nearest: Vec<&String> =
                overlays.iter().filter(|(_, directory)| Some(count(directory)) == most).map(|(path, _)| path).collect();
            let expected = if let [only] = nearest.as_slice() { Some(*only) } else { None };
            prop_assert_eq!(Nearness::new(&overlays).nearest(&own), expected);
        }
    }
}
