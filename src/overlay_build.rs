//! The objects that an overlay builds, with other texts in place of some of its files, and with the controllers as Flux
//! installs them where their manifests are not there yet.

mod applied;
mod files;
mod flux_root;

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use crate::effect::{Account, VariableSource, Workload};
use crate::emit::{self, KUSTOMIZATION};
use crate::kustomize::{
    self, AppliedPatch, Build, Failure, Feature, Files, Found, Object, Options, Place, Reach, Value,
};
use crate::model::{
    Cluster, Controller, GOTK_COMPONENTS, GOTK_SYNC, LocalPath, ObjectKind, OutputPath, OverlayForm,
    Passthrough,
};
use crate::overlay_build::applied::{Changes, changes_of, kustomization_upon};
use crate::workspace::Inputs;
use crate::yaml;

pub use applied::{changes_objects, own_kustomization};
pub use files::{BuiltOverlay, OverlayFiles, REPOSITORY, StandIn, installed_controllers};
pub use flux_root::FluxRoot;

/// The directory, in no repository, of the kustomization that stands for what Flux's Kustomization changes.
const APPLIED: &str = ".flux-identity-applied";

/// What builds an overlay.
#[derive(Clone, Copy)]
pub struct Builder<'i> {
    /// The files beside the source.
    pub inputs: &'i Inputs<'i>,
    /// The manifests that were read, for any number of builds.
    pub manifests: &'i kustomize::Manifests,
}

/// What an overlay builds.
pub struct OverlayBuild {
    build: Build,
    above: Option<Above>,
}

/// Why the kustomization above an overlay that builds on it is not in a build.
pub enum Above {
    /// It has this, which is not modelled and may change any object.
    NotModelled(Feature),
    /// kustomize cannot build it. `is_own`: the cause is in that kustomization itself; `generated`: the directory, if Flux
    /// generates its kustomization.
    NotBuilt { failure: Failure, is_own: bool, generated: Option<LocalPath> },
}

impl Builder<'_> {
    /// Builds the overlay of a cluster; a component is built with the kustomization above it. `text`: its kustomization.
    ///
    /// # Errors
    /// kustomize cannot build it.
    pub fn build(&self, cluster: &Cluster, text: &str) -> Result<OverlayBuild, Failure> {
        self.build_as_flux(cluster, text, None)
    }

    /// Builds what Flux builds of a cluster. `flux_root`: the directory that it builds, if known.
    ///
    /// # Errors
    /// kustomize cannot build the overlay.
    pub fn build_as_flux(
        &self,
        cluster: &Cluster,
        text: &str,
        flux_root: Option<&FluxRoot>,
    ) -> Result<OverlayBuild, Failure> {
        let output = LocalPath::from(&cluster.output);
        let mut files = self.files_with(&output, text);
        let installed = || installed_controllers(cluster.namespace.as_str(), Controller::ALL);
        let root = match cluster.form {
            OverlayForm::Overlay(_) => {
                if cluster.form.is_bootstrapped() && !self.has_manifests(&output) {
                    files.put(output.join(GOTK_COMPONENTS), &installed());
                }
                output.clone()
            }
            OverlayForm::Component => self.directory_above(&output).unwrap_or_else(|| {
                let root = files.put_above(&output, None);
                files.put(root.join(GOTK_COMPONENTS), &installed());
                root
            }),
        };
        let flux_root = flux_root.filter(|flux_root| root.is_within(&flux_root.directory));
        let (built, directory) = match flux_root {
            Some(flux_root) => self.build_root(&mut files, &root, flux_root)?,
            None => self.build_outermost(&files, &root)?,
        };
        Ok(self.apply(built, &directory, &mut files))
    }

    /// Builds a directory with the kustomizations above that build on it. Returns the directory that was built too.
    fn build_outermost(
        &self,
        files: &OverlayFiles<'_>,
        root: &LocalPath,
    ) -> Result<(OverlayBuild, LocalPath), Failure> {
        let options = Options { may_read_above: true };
        let build = |root: &LocalPath| kustomize::build(files, self.manifests, root, options);
        let above = match self.outermost(root) {
            None => None,
            Some(outer) => match build(&outer).map(OverlayBuild::from) {
                Ok(whole) => match whole.unknown() {
                    None => return Ok((whole, outer)),
                    Some(feature) => Some(Above::NotModelled(feature.clone())),
                },
                Err(failure) => {
                    let is_own = failure.place.file.parent().as_ref() == Some(&outer);
                    Some(Above::NotBuilt { failure, is_own, generated: None })
                }
            },
        };
        Ok((OverlayBuild { build: build(root)?, above }, root.clone()))
    }

    /// Changes what a directory builds as the Kustomization in it does that applies it.
    fn apply(
        &self,
        built: OverlayBuild,
        directory: &LocalPath,
        files: &mut OverlayFiles<'_>,
    ) -> OverlayBuild {
        if built.above.is_some() {
            return built;
        }
        let Some(kustomization) = own_kustomization(built.objects()) else { return built };
        let not_modelled = |field| Some(Above::NotModelled(Feature::Field(field)));
        let fields = match changes_of(kustomization) {
            Changes::Nothing => return built,
            Changes::Fields(fields) => fields,
            Changes::NotModelled(field) => return OverlayBuild { above: not_modelled(field), ..built },
        };
        let place = Place::file(&kustomization.source().place.file);
        // kustomize takes no directory above as a resource.
        let Some(root) = directory.parent().and_then(|parent| parent.join(APPLIED)) else {
            return OverlayBuild { above: not_modelled("spec"), ..built };
        };
        files.put(root.join(KUSTOMIZATION), &kustomization_upon(fields, &directory.seen_from(&root)));
        let file = root.join(KUSTOMIZATION).unwrap_or_default();
        let above = match kustomize::build(files, self.manifests, &root, Options { may_read_above: true }) {
            Ok(mut applied) => {
                applied.attribute(&file, &place);
                let whole = OverlayBuild::from(applied);
                match whole.unknown() {
                    None => return whole,
                    Some(feature) => Above::NotModelled(feature.clone()),
                }
            }
            Err(Failure { cause, place: at }) => {
                let place = if at.file == file { place } else { at };
                Above::NotBuilt { failure: Failure { cause, place }, is_own: true, generated: None }
            }
        };
        OverlayBuild { above: Some(above), ..built }
    }

    /// The outermost directory above an overlay whose kustomization builds on it, directly or by those between.
    pub fn outermost(&self, overlay: &LocalPath) -> Option<LocalPath> {
        self.outermost_within(overlay, &LocalPath::default())
    }

    /// The same, of a directory and those in it.
    pub fn outermost_within(&self, overlay: &LocalPath, within: &LocalPath) -> Option<LocalPath> {
        let mut outermost = None;
        for directory in overlay.ancestors().filter(|directory| directory.is_within(within)) {
            if self.resources_of(&directory).contains(outermost.as_ref().unwrap_or(overlay)) {
                outermost = Some(directory);
            }
        }
        outermost
    }

    /// What the kustomization in a directory builds on.
    pub fn resources_of(&self, directory: &LocalPath) -> Arc<BTreeSet<LocalPath>> {
        self.manifests.resources_of(directory, || {
            let read = kustomize::kustomization_in(self.inputs, directory).ok().flatten();
            let paths = read.into_iter().flat_map(|kustomization| kustomization.resources);
            paths.filter_map(|entry| directory.join(&entry.value)).collect()
        })
    }

    /// Builds what is installed beside an overlay, and nothing else.
    ///
    /// # Errors
    /// kustomize cannot build it.
    pub fn build_installed(&self, output: &LocalPath) -> Result<OverlayBuild, Failure> {
        self.build_text(output, &format!("resources:\n- {GOTK_COMPONENTS}\n"))
    }

    /// Builds what a cluster passes through without its patches, and nothing else.
    ///
    /// # Errors
    /// kustomize cannot build it.
    pub fn build_passthrough(
        &self,
        output: &OutputPath,
        passed: &Passthrough,
    ) -> Result<OverlayBuild, Failure> {
        self.build_text(&LocalPath::from(output), &emit::passthrough_of(output, passed))
    }

    fn build_text(&self, output: &LocalPath, text: &str) -> Result<OverlayBuild, Failure> {
        let options = Options { may_read_above: true };
        let build = kustomize::build(&self.files_with(output, text), self.manifests, output, options)?;
        Ok(OverlayBuild::from(build))
    }

    /// The objects of manifests that kustomize built.
    ///
    /// # Errors
    /// They are not what kustomize would build.
    pub fn read(&self, manifests: &str) -> Result<OverlayBuild, Failure> {
        let output = LocalPath::default();
        let mut files = self.files_with(&output, &format!("resources:\n- {GOTK_COMPONENTS}\n"));
        files.put(output.join(GOTK_COMPONENTS), manifests);
        let build = kustomize::build(&files, self.manifests, &output, Options::default())?;
        Ok(OverlayBuild::from(build))
    }

    /// The files beside an overlay that this program writes, with this kustomization.
    fn files_with(&self, output: &LocalPath, text: &str) -> OverlayFiles<'_> {
        let mut files = OverlayFiles::new(self.inputs, BuiltOverlay::Generated(output.clone()));
        files.put(output.join(KUSTOMIZATION), text);
        files
    }

    fn has_manifests(&self, directory: &LocalPath) -> bool {
        let text = directory.join(GOTK_COMPONENTS).map(|file| self.inputs.text(Path::new(file.as_str())));
        text.is_some_and(|text| text.is_ok_and(|read| !yaml::is_blank(&read.text)))
    }

    /// The nearest directory above a component that has manifests of Flux and a kustomization.
    fn directory_above(&self, output: &LocalPath) -> Option<LocalPath> {
        output.ancestors().find(|directory| {
            let mut names = kustomize::NAMES.iter().filter_map(|name| directory.join(name));
            self.has_manifests(directory) && names.any(|name| self.inputs.found(&name) == Found::File)
        })
    }
}

impl From<Build> for OverlayBuild {
    fn from(build: Build) -> OverlayBuild {
        OverlayBuild { build, above: None }
    }
}

impl OverlayBuild {
    /// Why the kustomization above is not in it, if there is one that is not.
    pub fn above(&self) -> Option<&Above> {
        self.above.as_ref()
    }

    /// The objects, in the order in which kustomize collects them.
    pub fn objects(&self) -> impl Iterator<Item = &Object> {
        self.build.objects.iter()
    }

    /// The patches, in the order in which they were applied.
    pub fn patches(&self) -> &[AppliedPatch] {
        &self.build.patches
    }

    /// True if everything in it is known.
    pub fn is_whole(&self) -> bool {
        self.build.unmodelled.iter().all(|left| left.reach == Reach::Harmless)
    }

    /// True if everything in it is known, except `gotk-sync.yaml` if `flux bootstrap` has not written it yet. That has no
    /// ServiceAccount.
    pub fn is_known_but_for_sync(&self) -> bool {
        self.build.unmodelled.iter().all(|left| left.reach == Reach::Harmless || is_sync(&left.feature))
    }

    /// True if `gotk-sync.yaml` is in it, or is not to be in it.
    pub fn has_sync(&self) -> bool {
        !self.build.unmodelled.iter().any(|left| is_sync(&left.feature))
    }

    /// What may change any of its objects and is not modelled, so that nothing can be said of them.
    pub fn unknown(&self) -> Option<&Feature> {
        let mut left = self.build.unmodelled.iter().filter(|left| left.reach == Reach::Everything);
        left.next().map(|left| &left.feature)
    }

    /// The objects of a kind that have the name of a controller, or had it before a kustomization renamed them, as shards are.
    pub fn of_controller(&self, kind: ObjectKind, controller: Controller) -> impl Iterator<Item = &Object> {
        let name = controller.name();
        self.objects().filter(move |object| {
            let id = object.id();
            id.kind == kind.name() && (id.name == name || object.original_id().name == name)
        })
    }

    /// The Deployments of a controller with their contents, its shards among them. `namespace`: that of Flux.
    pub fn deployments(
        &self,
        controller: Controller,
        namespace: &str,
    ) -> impl Iterator<Item = (&Object, &Value)> {
        let all = self.of_controller(ObjectKind::Deployment, controller);
        let of_flux = all.filter(move |object| is_in_namespace(object, namespace));
        of_flux.filter_map(|object| Some((object, object.value()?)))
    }

    /// The ServiceAccount of a name in a namespace.
    pub fn account(&self, name: &str, namespace: &str) -> Option<&Object> {
        self.objects().find(|object| {
            let id = object.id();
            id.kind == "ServiceAccount" && id.name == name && id.namespace == namespace
        })
    }

    /// The ServiceAccount that the pods of a Deployment run as, if it is built.
    pub fn account_of(&self, deployment: &Object) -> Option<&Object> {
        self.account(Workload::account_name(deployment.value()?), &deployment.id().namespace)
    }

    /// A Deployment with what its pods take from other objects. `value`: its content.
    pub fn workload<'o>(&'o self, deployment: &Object, value: &'o Value) -> Workload<'o> {
        let account = match self.account_of(deployment).and_then(Object::value) {
            Some(account) => Account::Built(account),
            None if self.is_known_but_for_sync() => Account::Missing,
            None => Account::Unknown,
        };
        let namespace = &deployment.id().namespace;
        let built = |source: VariableSource<'o>| {
            let is_it = |object: &&Object| {
                let id = object.id();
                id.kind == source.kind && id.name == source.name && id.namespace == *namespace
            };
            Some((source, self.objects().find(is_it)?.value()?))
        };
        let sources = Workload::variable_sources(value).into_iter().filter_map(built).collect();
        Workload { deployment: value, account, sources }
    }
}

/// True if an object is in a namespace, or was in it before a kustomization moved it.
pub fn is_in_namespace(object: &Object, namespace: &str) -> bool {
    object.id().namespace == namespace || object.original_id().namespace == namespace
}

fn is_sync(feature: &Feature) -> bool {
    matches!(feature, Feature::Unseen(file) if file == GOTK_SYNC)
}
