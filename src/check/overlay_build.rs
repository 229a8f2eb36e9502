//! The objects that an overlay will build, with what this source writes in place of what is there.

use std::path::Path;

use crate::kustomize::{
    self, Build, Failure, Feature, FileText, Files, Found, Object, Options, Place, Reach, ReadFault,
};
use crate::model::{Controller, GOTK_SYNC, LocalPath};
use crate::problem::SetBy;
use crate::span::Span;
use crate::workspace::Inputs;

/// What an overlay will build.
pub struct OverlayBuild<'i> {
    build: Build,
    overlay: LocalPath,
    patches: &'i [PatchOrigin],
    inputs: &'i Inputs<'i>,
}

/// Where a patch of an overlay comes from.
#[derive(Clone, Debug)]
pub struct PatchOrigin {
    /// The path in the statement.
    pub at: Span,
    pub file: LocalPath,
    /// The line of the file that the patch begins on, counted from 1.
    pub line: usize,
}

impl<'i> OverlayBuild<'i> {
    /// Builds an overlay. `text`: its kustomization; `patches`: where the patches that it begins with come from.
    ///
    /// # Errors
    /// kustomize cannot build it.
    pub fn new(
        overlay: LocalPath,
        text: &str,
        patches: &'i [PatchOrigin],
        (inputs, manifests): (&'i Inputs<'i>, &kustomize::Manifests),
    ) -> Result<OverlayBuild<'i>, Failure> {
        let files = Written { inputs, overlay: &overlay };
        let options = Options { may_read_above: true };
        let build = kustomize::build(&files, manifests, &overlay, Some(text), options)?;
        Ok(OverlayBuild { build, overlay, patches, inputs })
    }

    /// The objects.
    pub fn objects(&self) -> impl Iterator<Item = &Object> {
        self.build.objects.iter()
    }

    /// True if every ServiceAccount in it is known. The sync configuration of Flux has none.
    pub fn has_all_accounts(&self) -> bool {
        let sync = Feature::Unseen(GOTK_SYNC.to_owned());
        self.build.unmodelled.iter().all(|left| left.reach == Reach::Harmless || left.feature == sync)
    }

    /// True if nothing can be said of its objects.
    pub fn is_unknown(&self) -> bool {
        self.build.unmodelled.iter().any(|left| left.reach == Reach::Everything)
    }

    /// The Deployments of a controller, its shards among them.
    pub fn deployments(&self, controller: Controller, namespace: &str) -> impl Iterator<Item = &Object> {
        let name = controller.name();
        let is_called = move |object: &Object| object.id().name == name || object.original_id().name == name;
        self.objects().filter(move |object| {
            object.id().kind == "Deployment" && object.id().namespace == namespace && is_called(object)
        })
    }

    /// A ServiceAccount.
    pub fn account(&self, name: &str, namespace: &str) -> Option<&Object> {
        self.objects().find(|object| {
            let id = object.id();
            id.kind == "ServiceAccount" && id.name == name && id.namespace == namespace
        })
    }

    /// What last set the field at a JSON pointer; nothing if this source does.
    pub fn set_by(&self, object: &Object, pointer: &str) -> Option<SetBy> {
        let place = object.last_change(pointer).map_or(&object.source().place, |change| &change.place);
        origin(place, &self.overlay, self.patches, self.inputs)
    }
}

/// Where something comes from that is at a place of an overlay, of a base or of a component; nothing if this source
/// generates it.
pub fn origin(
    place: &Place,
    overlay: &LocalPath,
    patches: &[PatchOrigin],
    inputs: &Inputs<'_>,
) -> Option<SetBy> {
    let is_own = kustomize::NAMES.iter().any(|name| overlay.join(name).as_ref() == Some(&place.file));
    if !is_own {
        return Some(SetBy { place: describe_place(place, inputs), at: None });
    }
    let PatchOrigin { at, file, line } = place.entry.and_then(|entry| patches.get(entry))?;
    let place = Place { file: file.clone(), line: Some(*line), entry: None };
    Some(SetBy { place: describe_place(&place, inputs), at: Some(*at) })
}

/// A place in the words of a finding.
fn describe_place(place: &Place, inputs: &Inputs<'_>) -> String {
    let path = inputs.shown(Path::new(place.file.as_str()));
    match place.line {
        Some(line) => format!("`{path}`, line {line}"),
        None => format!("`{path}`"),
    }
}

/// The files beside a source, as they will be: the overlay has one kustomization, and the sync configuration of Flux may not
/// be written yet.
struct Written<'i> {
    inputs: &'i Inputs<'i>,
    overlay: &'i LocalPath,
}

impl Files for Written<'_> {
    fn found(&self, path: &LocalPath) -> Found {
        let is_own = |name: &str| self.overlay.join(name).as_ref() == Some(path);
        match self.inputs.found(path) {
            Found::Missing if is_own(GOTK_SYNC) => Found::Unknown,
            // A build reports a second kustomization.
            _ if kustomize::NAMES.iter().any(|name| is_own(name)) => Found::Missing,
            found => found,
        }
    }

    fn read(&self, path: &LocalPath) -> Result<FileText, ReadFault> {
        Files::read(self.inputs, path)
    }
}
