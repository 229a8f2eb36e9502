//! What an overlay builds, by the model of kustomize, before and after its own patches.

use std::collections::BTreeMap;

use crate::import::cluster::ImportedOverlay;
use crate::import::compare::compare;
use crate::import::facts::ControllerObject;
use crate::import::overlay::{NamedFile, Overlay};
use crate::import::patch::PatchForm;
use crate::import::path;
use crate::kustomize::{
    self, Build, Cause, Failure, Feature, FileText, Object, Options, Reach, Unmodelled, Value,
};
use crate::model::flux::FluxVersion;
use crate::model::{Controller, GOTK_COMPONENTS, GOTK_SYNC, LocalPath, MANAGER, ObjectKind};
use crate::overlay_build::{Builder, BuiltOverlay, OverlayFiles, REPOSITORY, StandIn, installed_controllers};
use crate::problem::describe_cause;

/// What an overlay builds.
#[derive(Debug)]
pub struct Built {
    /// The objects before its own patches and transformers.
    pub base: Vec<Object>,
    pub objects: Vec<Object>,
    /// What may change any of its objects and is not modelled.
    pub unknown: Option<Feature>,
    /// The namespace of Flux.
    pub namespace: String,
    pub version: Option<FluxVersion>,
    /// False if a stand-in may replace manifests that are out of reach.
    pub is_known: bool,
    pub stand_in: StandIn,
}

/// Why an overlay is not built.
#[derive(Debug)]
pub struct Unbuilt {
    pub failure: Failure,
    /// False if manifests that are out of reach may have the missing object.
    pub is_certain: bool,
}

impl Unbuilt {
    fn new(failure: Failure, is_guess: bool) -> Unbuilt {
        let is_of_objects =
            matches!(failure.cause, Cause::Operation(..) | Cause::Merge(_) | Cause::NoReplicas(_));
        Unbuilt { is_certain: !(is_guess && is_of_objects), failure }
    }
}

impl Builder<'_> {
    /// Builds an overlay as it is. Controllers as Flux installs them replace what is fetched or not written yet.
    ///
    /// # Errors
    /// kustomize cannot build it.
    pub fn build_existing(&self, overlay: &Overlay) -> Result<Built, Unbuilt> {
        let built = self.build_with(overlay, stand_in(overlay, None, false))?;
        let is_for_anything = !built.has_flux();
        if built.is_known || !is_for_anything && built.version.is_none() {
            return Ok(built);
        }
        self.build_with(overlay, stand_in(overlay, built.version, is_for_anything))
    }

    fn build_with(&self, overlay: &Overlay, stand_in: StandIn) -> Result<Built, Unbuilt> {
        let mut files = OverlayFiles::new(self.inputs, BuiltOverlay::Existing(&stand_in));
        let run = |files: &mut OverlayFiles<'_>| {
            let build = self.run(files, &overlay.directory, overlay.is_component);
            build.map_err(|failure| Unbuilt::new(failure, files.is_stand_in_used()))
        };
        let build = run(&mut files)?;
        files.put(LocalPath::default().join(&overlay.path), &overlay.without_changes());
        let base = run(&mut files)?;
        let version = base.unmodelled.iter().find_map(|left| {
            let Feature::Remote(address) = &left.feature else { return None };
            if address.contains(REPOSITORY) { address_version(address) } else { None }
        });
        let is_sync =
            |feature: &Feature| matches!(feature, Feature::Unseen(entry) if path::name(entry) == GOTK_SYNC);
        let is_seen = |left: &Unmodelled| left.reach == Reach::Harmless || is_sync(&left.feature);
        let first = base.objects.iter().find(|object| ControllerObject::from_object(object).is_some());
        let unknown = build.unmodelled.into_iter().find(|left| left.reach == Reach::Everything);
        Ok(Built {
            namespace: first.map_or_else(|| overlay.namespace(), |object| object.id().namespace.clone()),
            version: version.or_else(|| object_version(first?)),
            is_known: base.unmodelled.iter().all(is_seen),
            base: base.objects,
            objects: build.objects,
            unknown: unknown.map(|left| left.feature),
            stand_in,
        })
    }

    /// Why an overlay would not build the same with these texts, by their paths, instead of those that are there.
    pub fn difference(&self, overlay: &ImportedOverlay, texts: &BTreeMap<String, String>) -> Option<String> {
        let mut files = OverlayFiles::new(self.inputs, BuiltOverlay::Existing(&overlay.stand_in));
        let directory = path::parent(&overlay.file);
        let before = self.run(&mut files, directory, overlay.is_component).ok()?;
        for (path, text) in texts {
            files.put(LocalPath::default().join(path), text);
        }
        let features = |build: &Build| -> Vec<Feature> {
            let features = build.unmodelled.iter().filter(|left| left.reach != Reach::Harmless);
            features.map(|left| left.feature.clone()).collect()
        };
        match self.run(&mut files, directory, overlay.is_component) {
            Ok(after) if features(&before) != features(&after) => {
                Some("a field that is not modelled differs".to_owned())
            }
            Ok(after) => {
                let lines = compare(&before.objects, &after.objects).unexplained;
                (!lines.is_empty()).then(|| lines.join("\n"))
            }
            Err(failure) => Some(describe_cause(&failure.cause)),
        }
    }

    /// A component changes the objects of the overlay that lists it: it is built with the nearest manifests above.
    fn run(
        &self,
        files: &mut OverlayFiles<'_>,
        directory: &str,
        is_component: bool,
    ) -> Result<Build, Failure> {
        files.restart();
        let mut root = LocalPath::default().join(directory).unwrap_or_default();
        if is_component {
            let mut above = root.ancestors().filter_map(|above| above.join(GOTK_COMPONENTS));
            let installed = above.find(|file| files.has_text(file));
            root = files.put_above(&root, installed.as_ref());
        }
        kustomize::build(files, self.manifests, &root, Options { may_read_above: true })
    }
}

impl Built {
    fn has_flux(&self) -> bool {
        self.base.iter().any(|object| ControllerObject::from_object(object).is_some())
    }

    /// True if a controller has a ServiceAccount here, and pods from elsewhere.
    pub fn has_stubs(&self, overlay: &Overlay) -> bool {
        if overlay.resources.iter().any(|named| path::name(&named.text) == GOTK_COMPONENTS) {
            return false;
        }
        let of_kind = |kind| self.controllers().filter(move |(of, _)| of.kind == kind);
        let has_manager = |object: &Object| {
            let containers =
                object.value().and_then(|value| value.at(&["spec", "template", "spec", "containers"]));
            let mut names = containers.into_iter().flat_map(Value::items).filter_map(|one| one.get("name"));
            names.any(|name| name.as_str() == Some(MANAGER))
        };
        of_kind(ObjectKind::ServiceAccount).any(|(account, _)| {
            let mut deployments = of_kind(ObjectKind::Deployment);
            !deployments.any(|(of, object)| of.controller == account.controller && has_manager(object))
        })
    }

    /// The ServiceAccounts and the Deployments of Flux's controllers.
    pub fn controllers(&self) -> impl Iterator<Item = (ControllerObject, &Object)> {
        let is_here = |object: &&Object| object.id().namespace == self.namespace;
        self.objects
            .iter()
            .filter(is_here)
            .filter_map(|object| Some((ControllerObject::from_object(object)?, object)))
    }
}

impl Overlay {
    /// Its kustomization without patches and transformers. kustomize rejects an empty one.
    fn without_changes(&self) -> String {
        let list = |named: &[NamedFile]| {
            let quoted = named.iter().map(|named| format!("'{}'", named.text.replace('\'', "''")));
            format!("[{}]", quoted.collect::<Vec<_>>().join(", "))
        };
        let kind = if self.is_component { "Component" } else { "Kustomization" };
        let (resources, components) = (list(&self.resources), list(&self.components));
        let nothing = "images:\n- name: nothing\n  newTag: nothing\n";
        format!("kind: {kind}\n{nothing}resources: {resources}\ncomponents: {components}\n")
    }

    /// The namespace in its patches, or the default of Flux.
    pub fn namespace(&self) -> String {
        let mut documents = self.entries.iter().flat_map(|entry| &entry.documents);
        let named = documents.find_map(|document| match document.form() {
            PatchForm::Merge(id) if Controller::from_name(&id.name).is_some() && !id.namespace.is_empty() => {
                Some(id.namespace)
            }
            PatchForm::Merge(_) | PatchForm::Operations | PatchForm::Neither => None,
        });
        named.unwrap_or_else(|| "flux-system".to_owned())
    }
}

/// The controllers that Flux installs, in place of manifests that are out of reach. `source-watcher` is installed on
/// request only.
fn stand_in(overlay: &Overlay, version: Option<FluxVersion>, is_for_anything: bool) -> StandIn {
    let names_watcher = overlay.file.text.contains(Controller::SourceWatcher.name());
    let is_installed = |controller: &Controller| match (version, *controller) {
        (_, Controller::SourceWatcher) if !names_watcher => false,
        (version, controller) => version.is_none_or(|version| controller.exists_in(version)),
    };
    let controllers = Controller::ALL.into_iter().filter(is_installed);
    let text = installed_controllers(&overlay.namespace(), controllers);
    StandIn { file: FileText::new(&text), is_for_anything }
}

/// The version of Flux in an address of its repository.
fn address_version(address: &str) -> Option<FluxVersion> {
    let (_, query) = address.split_once('?')?;
    let mut fields = query.split('&').filter_map(|field| field.split_once('='));
    let (_, version) = fields.find(|(name, _)| matches!(*name, "ref" | "version"))?;
    FluxVersion::parse(version)
}

/// The version of Flux that an object is labelled with.
fn object_version(object: &Object) -> Option<FluxVersion> {
    let labels = object.value()?.at(&["metadata", "labels"])?;
    FluxVersion::parse(labels.get("app.kubernetes.io/version")?.as_str()?)
}
