//! The Kustomization that applies an overlay, and the `GitRepository` that it reads.

use std::path::Path;

use crate::kustomize::{Object, Value};
use crate::model::{GOTK_SYNC, LocalPath};
use crate::overlay_build::Builder;
use crate::overlay_build::applied::changes_objects;

/// The API of the Kustomizations of Flux.
const KUSTOMIZATIONS: &str = "kustomize.toolkit.fluxcd.io";

const GIT_REPOSITORY: &str = "GitRepository";

/// The Kustomization that applies an overlay, and the `GitRepository` that it reads.
#[derive(Clone, Copy, Debug)]
pub struct FluxSync<'o> {
    pub kustomization: Option<&'o Object>,
    pub repository: Option<&'o Object>,
    /// True if Flux writes values in place of `${…}` in what it builds, these objects among them.
    pub has_substitutions: bool,
}

/// What a Kustomization reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SourceReference<'o> {
    pub kind: &'o str,
    pub name: &'o str,
    pub namespace: &'o str,
}

impl<'o> FluxSync<'o> {
    /// Finds both in the objects of `gotk-sync.yaml`, or of an overlay.
    pub fn new(objects: impl IntoIterator<Item = &'o Object> + Clone) -> FluxSync<'o> {
        let kustomization = own_kustomization(&objects);
        let has_substitutions = kustomization.and_then(|it| it.value()?.at(&["spec", "postBuild"])).is_some();
        FluxSync { kustomization, repository: repository_of(kustomization, objects), has_substitutions }
    }

    /// Another Kustomization that this one applies, of its objects.
    pub fn of_other<'p>(
        self,
        other: &'p Object,
        objects: impl IntoIterator<Item = &'p Object>,
    ) -> FluxSync<'p> {
        let repository = repository_of(Some(other), objects);
        FluxSync { kustomization: Some(other), repository, has_substitutions: self.has_substitutions }
    }

    pub fn spec(&self) -> Option<&'o Value> {
        self.kustomization?.value()?.get("spec")
    }

    /// The path as it is written.
    pub fn path(&self) -> &'o str {
        self.spec().and_then(|spec| spec.get("path")?.as_str()).unwrap_or_default()
    }

    pub fn is_suspended(&self) -> bool {
        self.spec().and_then(|spec| spec.get("suspend")?.scalar_text()) == Some("true")
    }

    /// True if the Kustomization changes what it applies.
    pub fn changes_objects(&self) -> bool {
        self.kustomization.is_some_and(changes_objects)
    }

    /// What the Kustomization reads.
    pub fn source(&self) -> Option<SourceReference<'o>> {
        let of = self.spec()?.get("sourceRef")?;
        let text = |field| of.get(field).and_then(Value::as_str).filter(|text| !text.is_empty());
        let namespace = text("namespace").or_else(|| Some(self.kustomization?.id().namespace.as_str()))?;
        Some(SourceReference { kind: text("kind")?, name: text("name")?, namespace })
    }

    /// True if both Kustomizations read the same source, or the same revision of one repository.
    pub fn reads_same_source(&self, other: FluxSync<'_>) -> bool {
        let revision = |of: &FluxSync<'_>| {
            let spec =
                of.repository_spec().filter(|_| of.source().is_some_and(|it| it.kind == GIT_REPOSITORY))?;
            let url = spec.get("url")?.as_str()?.trim_end_matches('/');
            Some((url.strip_suffix(".git").unwrap_or(url).to_owned(), spec.get("ref").cloned()))
        };
        let is_same_revision = || revision(self).is_some_and(|own| revision(&other) == Some(own));
        self.source() == other.source() || is_same_revision()
    }

    /// The `spec` of the `GitRepository`.
    pub fn repository_spec(&self) -> Option<&'o Value> {
        self.repository?.value()?.get("spec")
    }

    /// The directory that Flux builds; nothing if it is outside of that of the source, or unknown.
    pub fn root(&self, builder: Builder<'_>) -> Option<LocalPath> {
        let spec = self.spec().filter(|spec| self.applies_this_repository(spec))?;
        let mut parts = Vec::new();
        for part in spec.get("path").and_then(Value::as_str).unwrap_or_default().split('/') {
            match part {
                "" | "." => {}
                // Flux leaves the repository by no path.
                ".." => drop(parts.pop()),
                part => parts.push(part),
            }
        }
        let (base, source) = (LocalPath::default(), builder.source_directory()?);
        let whole = base.join(&parts.join("/"))?;
        if whole.is_within(&source) { base.join(&whole.seen_from(&source)) } else { None }
    }

    /// True if the Kustomization applies this repository to its own cluster, as far as it says.
    fn applies_this_repository(&self, spec: &Value) -> bool {
        let source = spec.at(&["sourceRef", "kind"]).and_then(Value::as_str);
        let is_known = |path: &str| !self.has_substitutions || !path.contains("${");
        let path = spec.get("path").is_none_or(|path| path.as_str().is_some_and(is_known));
        source == Some(GIT_REPOSITORY) && spec.get("kubeConfig").is_none() && path
    }
}

/// The `GitRepository` that a Kustomization reads.
fn repository_of<'o>(
    kustomization: Option<&'o Object>,
    objects: impl IntoIterator<Item = &'o Object>,
) -> Option<&'o Object> {
    let name = kustomization?.value()?.at(&["spec", "sourceRef", "name"])?.as_str()?;
    objects.into_iter().find(|object| object.id().kind == GIT_REPOSITORY && object.id().name == name)
}

/// True for a Kustomization of Flux, which kustomize takes for any object.
pub fn is_flux_kustomization(object: &Object) -> bool {
    object.id().group == KUSTOMIZATIONS && object.id().kind == "Kustomization"
}

/// The Kustomization that applies an overlay, of its objects: `flux bootstrap` gives it the name of its namespace.
fn own_kustomization<'o>(objects: &(impl IntoIterator<Item = &'o Object> + Clone)) -> Option<&'o Object> {
    let is_named = |object: &Object| {
        let id = object.original_id();
        id.name == id.namespace
    };
    let is_in_sync =
        |object: &Object| object.source().place.file.as_str().rsplit('/').next() == Some(GOTK_SYNC);
    let only = |is_own: &dyn Fn(&Object) -> bool| {
        let all = objects.clone().into_iter().filter(|object| is_flux_kustomization(object));
        let mut own = all.filter(|object| is_own(object));
        own.next().filter(|_| own.next().is_none())
    };
    only(&is_named).or_else(|| only(&is_in_sync))
}

impl Builder<'_> {
    /// Where the repository has the directory of the source; nothing if nobody looked.
    pub fn source_directory(&self) -> Option<LocalPath> {
        LocalPath::default().join(&self.inputs.entry(Path::new("")).place_text()?)
    }
}
