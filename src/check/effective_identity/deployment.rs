//! What keeps the Deployment of a controller from being applied, from running, or from using its identity.

use std::collections::BTreeSet;

use crate::check::checked_cluster::CheckedCluster;
use crate::check::effective_identity::faults::Faults;
use crate::check::origin::Origins;
use crate::effect::{
    ApiOptOut, Field, Image, Workload, container_path, faults_of_start, manager_path, port_faults,
    repeated_entries, unknown_ports, unwritable,
};
use crate::kustomize::{Object, Step, Value, escape};
use crate::model::flux::FluxVersion;
use crate::model::integration::{Support, support};
use crate::model::{Assignee, Controller, MANAGER, Provider, azure};
use crate::problem::{Affected, EffectiveIdentityProblem, Idleness, SetBy, is_one_slip, nearest};
use crate::span::Span;

/// The path of the selector of a Deployment.
const SELECTOR: &str = "/spec/selector";

/// A Deployment of a controller, as it will be.
#[derive(Clone, Copy)]
pub struct DeploymentCheck<'b> {
    pub checked: &'b CheckedCluster,
    pub controller: Controller,
    pub deployment: &'b Object,
    /// The ServiceAccount of its pods, if it is built.
    pub account: Option<&'b Object>,
    pub workload: &'b Workload<'b>,
    pub origins: Origins<'b>,
    /// The version of Flux that is installed, if known.
    pub version: Option<FluxVersion>,
    /// The version that the installed manifests say they are of.
    pub installed_version: Option<FluxVersion>,
    /// True if `flux install` wrote it.
    pub is_installed: bool,
    /// The names of the Services in its namespace, if they are known.
    pub services: Option<&'b BTreeSet<&'b str>>,
}

/// The path of the image of a controller in its Deployment.
fn image_path() -> String {
    format!("{}/image", container_path(MANAGER))
}

/// What an image that something sets belongs to.
enum OwnImage<'b> {
    /// Nothing sets it: it is that of the manifests.
    Installed,
    /// It is one of the controller, of this version of Flux, if known.
    OfVersion(Image<'b>, Option<FluxVersion>, SetBy),
    /// It is another program's.
    Foreign(Image<'b>, Option<SetBy>),
}

impl DeploymentCheck<'_> {
    /// Reports what is wrong. Returns an image of which it is unknown whether it has the feature gate that it is given.
    pub fn run(&self, faults: &mut Faults) -> Option<String> {
        self.check_selector(faults);
        self.check_containers(faults);
        self.check_api_token(faults);
        self.check_lists(faults);
        self.check_lost_arguments(faults);
        self.check_lost_variables(faults);
        self.check_addresses(faults);
        self.check_ports(faults);
        self.check_directories(faults);
        self.check_webhook_volume(faults);
        if self.workload.has_no_pods() {
            let by = self.origins.set_by(self.deployment, "/spec/replicas");
            self.report_not_running(Idleness::NoReplicas, by, faults);
        } else if self.workload.is_paused() {
            let by = self.origins.set_by(self.deployment, "/spec/paused");
            self.report_not_running(Idleness::Paused, by, faults);
        }
        let absent = self.workload.image().and_then(|image| {
            let text = || image.0.to_owned();
            if image.has_tag_of_flux(self.controller) {
                Some(Idleness::TagOfFlux(text()))
            } else if image.has_tag_without_v() {
                Some(Idleness::TagWithoutV(text()))
            } else {
                (!image.is_reference() && !image.0.contains("${")).then(|| Idleness::NoImage(text()))
            }
        });
        if let Some(idleness) = absent {
            let by = self.origins.set_by(self.deployment, &image_path());
            self.report_not_running(idleness, by, faults);
            return None;
        }
        self.check_start(faults);
        let (image, version) = match self.image() {
            OwnImage::Installed => {
                self.check_installed_image(faults);
                (None, self.version)
            }
            OwnImage::OfVersion(image, version, by) => (Some((image, by)), version),
            OwnImage::Foreign(Image(image), by) => {
                self.report_not_running(Idleness::OtherImage(image.to_owned()), by, faults);
                return None;
            }
        };
        let other = image.as_ref().zip(version).map(|((_, by), version)| (version, by.clone()));
        self.check_arguments(version, other.as_ref(), faults);
        if let Some((version, by)) = &other {
            self.check_integrations(*version, by, faults);
        }
        let (Image(image), _) = image.filter(|_| version.is_none() && self.is_gated())?;
        Some(image.to_owned())
    }

    /// Where the source maps the controller, if it does.
    pub(super) fn mapped(&self) -> Option<Span> {
        let is_mapped = self.checked.cluster.credentials.contains_key(&self.controller);
        is_mapped.then(|| self.checked.first_origin(Assignee::Controller(self.controller)))
    }

    fn is_gated(&self) -> bool {
        let object_level = self.checked.cluster.object_level.as_ref();
        object_level.is_some_and(|accounts| accounts.gated.contains(&self.controller))
    }

    pub(super) fn affected(&self) -> Affected {
        Affected::one(self.controller)
    }

    /// The image, and whether something else than the manifests sets it.
    fn image(&self) -> OwnImage<'_> {
        let by = self.origins.changed_by(self.deployment, &image_path());
        match (self.workload.image(), by) {
            (Some(image), Some(by)) if image.is_foreign(self.controller) => {
                OwnImage::Foreign(image, Some(by))
            }
            (Some(image), Some(by)) => OwnImage::OfVersion(image, image.flux_version(self.controller), by),
            // Distributions of Flux may have other names.
            (Some(image), None) if is_one_slip(image.name(), self.controller.name()) => {
                OwnImage::Foreign(image, self.origins.set_by(self.deployment, &image_path()))
            }
            _ => OwnImage::Installed,
        }
    }

    /// Reports an image in the manifests that is of another version of Flux than they are.
    fn check_installed_image(&self, faults: &mut Faults) {
        let image = self.workload.image().filter(|image| !image.is_foreign(self.controller));
        let found = image.and_then(|image| image.flux_version(self.controller));
        let Some((found, installed)) =
            found.zip(self.installed_version).filter(|(found, known)| found != known)
        else {
            return;
        };
        let (at, affected) = (self.checked.at, self.affected());
        faults.add(EffectiveIdentityProblem::ImageOfOtherVersion { at, affected, found, installed });
    }

    /// Reports a selector that something changes after the manifests. A Deployment of another name is a new one.
    fn check_selector(&self, faults: &mut Faults) {
        let (id, original) = (self.deployment.id(), self.deployment.original_id());
        let is_new = id.name != original.name || id.namespace != original.namespace;
        let changes = || self.deployment.changes().iter().filter(|change| change.sets(SELECTOR));
        let Some(last) = changes().next_back().filter(|_| !is_new) else { return };
        let selected =
            self.deployment.value().and_then(|value| value.at(&["spec", "selector", "matchLabels"]));
        let is_changed = |(key, _): &&(String, Value)| {
            let path = format!("{SELECTOR}/matchLabels/{}", escape(key));
            changes().any(|change| change.sets(&path))
        };
        let labels = selected.map(Value::entries).unwrap_or_default().iter().filter(is_changed);
        let label =
            |(key, value): &(String, Value)| format!("{key}: {}", value.scalar_text().unwrap_or_default());
        faults.add(EffectiveIdentityProblem::ChangedSelector {
            at: self.checked.at,
            affected: self.affected(),
            labels: labels.map(label).collect(),
            is_of_transformer: last.by == Step::Labels,
            by: self.origins.changed_by(self.deployment, SELECTOR),
        });
    }

    /// Reports a mapped controller that does not run. `image`: what runs instead.
    fn report_not_running(&self, idleness: Idleness, by: Option<SetBy>, faults: &mut Faults) {
        let Some(at) = self.mapped() else { return };
        faults.add(EffectiveIdentityProblem::NotRunning { at, affected: self.affected(), idleness, by });
    }

    /// Reports what keeps the container of a mapped controller from starting.
    fn check_start(&self, faults: &mut Faults) {
        for (paths, mut fault) in faults_of_start(self.controller, self.workload) {
            let by = paths.iter().find_map(|path| {
                let by = self.origins.changed_by(self.deployment, path)?;
                fault.name_field(path);
                Some(by)
            });
            self.report_not_running(Idleness::NoStart(fault), by, faults);
        }
    }

    /// Reports providers that the version of an image does not support.
    fn check_integrations(&self, version: FluxVersion, by: &SetBy, faults: &mut Faults) {
        let Some(credentials) = self.checked.cluster.credentials.get(&self.controller) else { return };
        for provider in credentials.providers() {
            let Support::Since(since) = support(self.controller, provider) else { continue };
            // What the manifests do not support either was reported.
            if version >= since || self.version.is_some_and(|installed| installed < since) {
                continue;
            }
            faults.add(EffectiveIdentityProblem::OldImage {
                at: self.checked.origin(Assignee::Controller(self.controller), provider),
                affected: self.affected(),
                provider,
                versions: [since, version],
                by: Some(by.clone()),
            });
        }
    }

    /// Reports a mapped controller that does not reach the API server.
    fn check_api_token(&self, faults: &mut Faults) {
        let Some(opt_out) = self.workload.opt_out_of_api().filter(|_| self.mapped().is_some()) else {
            return;
        };
        let object = match opt_out {
            ApiOptOut::Pods | ApiOptOut::Volume(_) | ApiOptOut::Secret(_) => Some(self.deployment),
            ApiOptOut::Account => self.account,
        };
        faults.add(EffectiveIdentityProblem::NoApiToken {
            at: self.checked.at,
            affected: self.affected(),
            by: object.and_then(|object| self.origins.set_by(object, &opt_out.path())),
            opt_out,
        });
    }

    /// Reports entries that a list of the pods has twice.
    fn check_lists(&self, faults: &mut Faults) {
        for (list, entry, path) in repeated_entries(self.workload) {
            let changed_by = |path: &str| self.origins.changed_by(self.deployment, path);
            let of_list = || path.rsplit_once('/').and_then(|(list, _)| changed_by(list));
            faults.add(EffectiveIdentityProblem::RepeatedEntry {
                at: self.checked.at,
                affected: self.affected(),
                list,
                entry: entry.to_owned(),
                by: changed_by(&path).or_else(of_list),
            });
        }
    }

    /// Reports a volume that collides with that of the webhook of AKS.
    fn check_webhook_volume(&self, faults: &mut Faults) {
        let cluster = &self.checked.cluster;
        let credentials = cluster.credentials.get(&self.controller).and_then(|known| known.azure.as_ref());
        let is_of_webhook = matches!(credentials, Some(azure::CredentialSource::Webhook(_)));
        let volume = self.workload.collides_on_aks().filter(|_| is_of_webhook);
        if let Some(volume) = volume {
            faults.add(EffectiveIdentityProblem::WebhookVolume {
                at: self.checked.origin(Assignee::Controller(self.controller), Provider::Azure),
                affected: self.affected(),
                volume: volume.to_owned(),
                by: self.origins.set_by(self.deployment, "/spec/template/spec/volumes"),
            });
        }
    }

    /// Reports ports of the pods at which the controller does not listen.
    fn check_ports(&self, faults: &mut Faults) {
        for fault in port_faults(self.controller, self.workload) {
            let path = fault.argument.clone().and_then(|argument| Field::Argument(argument).path());
            let path = path.unwrap_or_else(|| format!("{}/ports", container_path(MANAGER)));
            let by = self.origins.set_by(self.deployment, &path);
            let (at, affected) = (self.checked.at, self.affected());
            faults.add(EffectiveIdentityProblem::OtherPort { at, affected, fault, by });
        }
        for fault in unknown_ports(self.workload) {
            let ports = format!("{}/ports", container_path(&fault.container));
            let changed_by = |path: &str| self.origins.changed_by(self.deployment, path);
            let by = changed_by(&fault.path).or_else(|| changed_by(&ports));
            let by = by.or_else(|| self.origins.set_by(self.deployment, &fault.path));
            let (at, affected) = (self.checked.at, self.affected());
            faults.add(EffectiveIdentityProblem::UnknownPort { at, affected, fault, by });
        }
    }

    /// Reports directories that the controller writes to, and cannot.
    fn check_directories(&self, faults: &mut Faults) {
        for directory in unwritable(self.controller, self.workload) {
            let changed_by = |path: &str| self.origins.changed_by(self.deployment, path);
            let mounts = format!("{}/volumeMounts", container_path(MANAGER));
            let by = changed_by(&manager_path("volumeMounts", "mountPath", directory))
                .or_else(|| changed_by("/spec/template/spec/volumes"))
                .or_else(|| self.origins.set_by(self.deployment, &mounts));
            let (at, affected, directory) = (self.checked.at, self.affected(), directory.to_owned());
            faults.add(EffectiveIdentityProblem::Unwritable { at, affected, directory, by });
        }
    }

    /// Reports containers without an image: a patch by a name that is none of the pods adds one.
    fn check_containers(&self, faults: &mut Faults) {
        let containers = self.workload.containers();
        let others: Vec<&str> = containers.iter().filter(|it| it.has_image).map(|it| it.name).collect();
        for container in &containers {
            // A mapped controller without its container does not use its identity, which is reported.
            if container.has_image || container.name == MANAGER && self.mapped().is_some() {
                continue;
            }
            let path = container_path(container.name);
            let near = nearest(container.name, others.iter().copied()).or(others.first().copied());
            faults.add(EffectiveIdentityProblem::NoImage {
                at: self.checked.at,
                affected: self.affected(),
                container: container.name.to_owned(),
                meant: near.unwrap_or(MANAGER).to_owned(),
                by: self.origins.set_by(self.deployment, &path),
            });
        }
    }
}
