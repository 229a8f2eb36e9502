//! ServiceAccounts that objects of Flux name, as this compiler wrote them beside an overlay.
//!
//! Those that somebody else wrote are theirs: nobody knows which of them objects name.

use std::collections::{BTreeMap, BTreeSet};

use crate::emit;
use crate::import::file::Reader;
use crate::import::identity::{Holder, Identities, Identity};
use crate::import::overlay::Overlay;
use crate::import::path;
use crate::import::said::{Setting, Value};
use crate::marked::Marked;
use crate::model::aws::{self, RoleArn};
use crate::model::azure::{self, Guid};
use crate::model::gcp::{self, ServiceAccountEmail, WorkloadIdentityProvider};
use crate::model::{Account, OutputPath, Platform, Provider};
use crate::problem::{AdoptionFault, AdoptionProblem, Problems};

/// The ServiceAccounts of one cluster.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Accounts {
    /// The directory that they stand in.
    pub directory: String,
    /// Who has which identities.
    pub identities: Identities,
    /// What the cluster must say for them.
    pub settings: BTreeMap<Setting, Value>,
}

/// Whether a kustomization is that of such a directory.
pub fn is_directory(overlay: &Overlay) -> bool {
    let mut names = overlay.resources.iter().map(|named| named.text.as_str());
    overlay.is_generated && names.next() == Some(emit::SERVICE_ACCOUNTS) && names.next().is_none()
}

/// The ServiceAccounts of these directories, by the path of the overlay whose cluster they are for: the one that is
/// nearest. What cannot be read, or has no nearest overlay, is reported; its path comes back.
pub fn read(
    directories: &[Overlay],
    overlays: &[Overlay],
    reader: &mut Reader<'_>,
    problems: &mut Problems,
) -> (BTreeMap<String, Accounts>, Vec<String>) {
    let (mut found, mut left) = (BTreeMap::new(), Vec::new());
    for directory in directories {
        let at = directory.file.span_from(0);
        let cluster =
            nearest(&directory.directory, overlays).filter(|overlay| !found.contains_key(&overlay.path));
        let is_output = OutputPath::parse(&directory.directory).is_ok();
        let outcome = match cluster {
            Some(_) if !is_output => Err(AdoptionFault::NoOutput { path: directory.directory.clone() }),
            None => Err(AdoptionFault::NoCluster),
            Some(overlay) => accounts(&directory.directory, reader)
                .map(|accounts| (overlay.path.clone(), accounts))
                .ok_or(AdoptionFault::EditedAccounts),
        };
        match outcome {
            Ok((path, accounts)) => {
                let _new = found.insert(path, accounts);
            }
            Err(fault) => {
                problems.push(AdoptionProblem::at(at, fault));
                left.push(directory.path.clone());
            }
        }
    }
    (found, left)
}

/// The overlay whose path has the most parts in common with a directory, if that is one alone.
fn nearest<'o>(directory: &str, overlays: &'o [Overlay]) -> Option<&'o Overlay> {
    let own: BTreeSet<&str> = directory.split('/').collect();
    let parts = |overlay: &Overlay| overlay.directory.split('/').filter(|part| own.contains(part)).count();
    let most = overlays.iter().map(parts).max()?;
    let mut nearest = overlays.iter().filter(|overlay| parts(overlay) == most);
    nearest.next().filter(|_| nearest.next().is_none())
}

fn accounts(directory: &str, reader: &mut Reader<'_>) -> Option<Accounts> {
    let file = reader.file(&path::in_directory(directory, emit::SERVICE_ACCOUNTS)).ok()?;
    let mut found = Accounts { directory: directory.to_owned(), ..Accounts::default() };
    if !file.text.starts_with(emit::BANNER) {
        return None;
    }
    for document in file.documents.as_deref().ok()? {
        let metadata = document.get("metadata")?;
        let account = Account::parse(metadata.text_at("namespace")?, metadata.text_at("name")?).ok()?;
        let annotations = metadata.get("annotations").map(Marked::entries).unwrap_or_default();
        let identities = found.identities_of(annotations)?;
        if document.text_at("kind") != Some("ServiceAccount") {
            return None;
        }
        let _new = found.identities.insert(Holder::Account(account), identities);
    }
    Some(found)
}

impl Accounts {
    /// What the cluster runs on, if that can be told: nobody but GKE knows the accounts of Google Cloud without being told
    /// who trusts the cluster.
    pub fn platform(&self) -> Option<Platform> {
        let is_of_google = |identity: &Identity| identity.provider == Provider::Gcp;
        let is_gke = self.identities.values().flatten().any(is_of_google)
            && !self.settings.contains_key(&Setting::WorkloadIdentityProvider);
        is_gke.then_some(Platform::Gke)
    }

    /// What annotations say; nothing if one of them is none that this compiler writes.
    fn identities_of(&mut self, annotations: &[(Marked, Marked)]) -> Option<Vec<Identity>> {
        let mut identities = Vec::new();
        let (mut azure, mut gcp) = (Identity::direct(Provider::Azure), None);
        for (key, value) in annotations {
            let value = value.text()?;
            let text = Some(value.to_owned());
            match key.text()? {
                aws::ROLE_ARN_ANNOTATION => {
                    let _arn = RoleArn::parse(value).ok()?;
                    identities.push(Identity { value: text, ..Identity::direct(Provider::Aws) });
                }
                azure::CLIENT_ID_ANNOTATION => {
                    let _guid = Guid::parse(value).ok()?;
                    azure.value = text;
                }
                azure::TENANT_ID_ANNOTATION => {
                    let _guid = Guid::parse(value).ok()?;
                    azure.tenant = text;
                }
                gcp::SERVICE_ACCOUNT_ANNOTATION => {
                    let _email = ServiceAccountEmail::parse(value).ok()?;
                    gcp = Some(Identity { value: text, ..Identity::direct(Provider::Gcp) });
                }
                gcp::WORKLOAD_IDENTITY_PROVIDER_ANNOTATION => {
                    let _provider = WorkloadIdentityProvider::parse(value).ok()?;
                    let _known = gcp.get_or_insert(Identity::direct(Provider::Gcp));
                    let value = Value::Text(value.to_owned());
                    let _same = self.settings.insert(Setting::WorkloadIdentityProvider, value);
                }
                _ => return None,
            }
        }
        if azure.value.is_some() {
            let _tenant = azure.tenant.as_ref()?;
            identities.push(azure);
        }
        // The principal of a ServiceAccount itself, on GKE, has nothing written on it.
        identities.extend(gcp.or_else(|| annotations.is_empty().then(|| Identity::direct(Provider::Gcp))));
        Some(identities)
    }
}
