//! What Flux has in the cluster of an overlay, from the manifests that it names.

use crate::import::file::Reader;
use crate::import::objects::Installed;
use crate::import::overlay::{NamedFile, Overlay};
use crate::import::patch::PatchForm;
use crate::import::path;
use crate::installation::read_installation;
use crate::kustomize::{is_repository, read_objects};
use crate::model::flux::FluxVersion;
use crate::model::{Controller, GOTK_COMPONENTS, GOTK_SYNC};

/// What the addresses of Flux's own repository have in common.
pub const REPOSITORY: &str = "fluxcd/flux2";

impl Installed {
    pub fn read(overlay: &Overlay, reader: &Reader<'_>) -> Installed {
        let beside = path::in_directory(&overlay.directory, GOTK_COMPONENTS);
        let named = overlay.resources.iter().filter_map(|named| path::join(&overlay.directory, &named.text));
        let parent = overlay
            .is_component
            .then(|| path::in_directory(path::parent(&overlay.directory), GOTK_COMPONENTS));
        for file in std::iter::once(beside).chain(parent).chain(named.filter(|path| path::is_yaml(path))) {
            let Some(installation) =
                reader.text(&file).ok().and_then(|text| read_installation(&text, read_objects(&text)).ok())
            else {
                continue;
            };
            let has = |controller: &Controller| installation.deployments.contains_key(controller.name());
            let controllers: Vec<Controller> = Controller::ALL.into_iter().filter(has).collect();
            let accounts = controllers.iter().find_map(|one| installation.service_accounts.get(one.name()));
            if let Some(namespace) = accounts.and_then(|namespaces| namespaces.first()) {
                let is_flux = |named: &NamedFile| {
                    path::join(&overlay.directory, &named.text).is_some_and(|path| {
                        path == file
                            || path::name(&path) == GOTK_SYNC && path::parent(&path) == overlay.directory
                    })
                };
                return Installed {
                    controllers,
                    namespace: namespace.clone(),
                    is_known: true,
                    is_all: overlay.resources.iter().all(is_flux) && overlay.components.is_empty(),
                    version: installation.version,
                };
            }
        }
        let namespace = overlay.entries.iter().flat_map(|entry| &entry.documents).find_map(|document| {
            let PatchForm::Merge(wanted) = document.form() else { return None };
            let is_ours = Controller::from_name(wanted.name).is_some() && !wanted.namespace.is_empty();
            is_ours.then(|| wanted.namespace.to_owned())
        });
        let namespace = namespace.unwrap_or_else(|| "flux-system".to_owned());
        let version = fetched_version(overlay);
        let may_have = |controller: &Controller| version.is_none_or(|version| controller.exists_in(version));
        Installed {
            controllers: Controller::ALL.into_iter().filter(may_have).collect(),
            namespace,
            is_known: false,
            is_all: false,
            version,
        }
    }
}

/// The version of Flux's repository that an overlay builds on, if it names one.
fn fetched_version(overlay: &Overlay) -> Option<FluxVersion> {
    let addresses = overlay.resources.iter().map(|named| named.text.as_str());
    let mut addresses = addresses.filter(|text| text.contains(REPOSITORY) && is_repository(text));
    addresses.find_map(|text| {
        let (_, query) = text.split_once('?')?;
        let mut fields = query.split('&').filter_map(|field| field.split_once('='));
        let (_, version) = fields.find(|(name, _)| matches!(*name, "ref" | "version"))?;
        FluxVersion::parse(version)
    })
}
