//! What was read beside a source, each thing once.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

use crate::check::passthrough::patches::{Patches, PatchesFault, parse_patches};
use crate::effect::{names_identities, unapplied};
use crate::installation::{ManifestsFault, definition_name, definition_of, versions_instead};
use crate::kustomize::{FileText, Id, ManifestFault, Object};
use crate::model::{GOTK_COMPONENTS, Installation, LocalPath, OutputPath, TrustForm, TrustScope};
use crate::overlay_build::{Builder, FluxSync, OverlayBuild};
use crate::problem::{FileFault, FileProblem, InputFault};
use crate::workspace::{Entry, Inputs, ReadKustomization, Text, Unread};
use crate::{installation, yaml};

/// What was read beside a source, as one thread has parsed it. Most clusters of a fleet install the same; the same bytes
/// are parsed once.
pub struct Readings<'s> {
    inputs: &'s Inputs<'s>,
    request: &'s Request,
    installations: BTreeMap<[u8; 32], Read<Installation>>,
    /// The digests of the manifests of Flux that were read: they are large.
    digests: BTreeMap<LocalPath, [u8; 32]>,
    /// The digests of those of them that name anything that gives an identity.
    naming_identities: BTreeSet<[u8; 32]>,
    patches: BTreeMap<LocalPath, Result<Arc<Patches>, PatchesFault>>,
    /// The versions that manifests of that digest serve instead of one, by its kind.
    versions: RefCell<BTreeMap<ApiOfManifests, Option<Vec<String>>>>,
    /// Whether none of the objects in manifests of that digest has a fault.
    right_manifests: RefCell<BTreeMap<[u8; 32], bool>>,
    /// The definitions in manifests of that digest, by their names.
    definitions: RefCell<BTreeMap<Definition, Option<Object>>>,
    /// The objects that other Kustomizations apply, by their `spec` and that of what they read.
    applied: RefCell<BTreeMap<String, Arc<BTreeSet<Id>>>>,
}

/// The digest of manifests, an `apiVersion` and a kind.
type ApiOfManifests = ([u8; 32], String, String);

/// The digest of manifests, and the name of a definition.
type Definition = ([u8; 32], String);

/// What a pointer of Git LFS begins with. Source: `docs/spec.md` of git-lfs.
const LFS: &str = "version https://git-lfs";

/// What a file holds.
enum Read<T> {
    /// Nothing: it is not written yet.
    Blank,
    Whole(Arc<T>),
    /// It cannot be determined.
    Broken(ManifestsFault),
}

/// The text of the manifests of Flux beside an overlay.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InstalledManifests {
    pub digest: [u8; 32],
    /// True if it names anything that gives an identity.
    pub names_identities: bool,
}

/// The Flux installation of a file.
#[derive(Clone, Debug)]
pub enum Installed {
    /// Nobody looked, for there is no disk to look at.
    Unseen,
    /// The file is missing.
    Absent,
    /// The file is blank, as before `flux bootstrap`.
    Blank,
    /// This installation, from the file at this path.
    Known(Arc<Installation>, LocalPath),
    /// There is something that cannot be read.
    Unreadable(FileProblem),
}

impl<'s> Readings<'s> {
    /// Nothing was read yet.
    pub fn new(inputs: &'s Inputs<'s>, request: &'s Request) -> Readings<'s> {
        Readings {
            inputs,
            request,
            installations: BTreeMap::new(),
            digests: BTreeMap::new(),
            naming_identities: BTreeSet::new(),
            patches: BTreeMap::new(),
            versions: RefCell::default(),
            definitions: RefCell::default(),
            right_manifests: RefCell::default(),
            applied: RefCell::default(),
        }
    }

    /// What builds overlays.
    pub fn builder(&self) -> Builder<'s> {
        Builder { inputs: self.inputs, manifests: self.inputs.manifests() }
    }

    /// The manifests of Flux beside an overlay, if they were read.
    pub fn manifests_beside(&self, overlay: &OutputPath) -> Option<InstalledManifests> {
        let digest = *self.digests.get(&LocalPath::from(overlay).join(GOTK_COMPONENTS)?)?;
        Some(InstalledManifests { digest, names_identities: self.naming_identities.contains(&digest) })
    }

    /// The versions that the `gotk-components.yaml` beside an overlay serves instead of that of an object.
    pub fn versions_instead(&self, overlay: &LocalPath, wanted: &Id) -> Option<Vec<String>> {
        let file = overlay.join(GOTK_COMPONENTS)?;
        let digest = self.digests.get(&file).copied()?;
        let key = (digest, wanted.api_version(), wanted.kind.clone());
        let mut known = self.versions.borrow_mut();
        let read = || versions_instead(&self.builder().objects(&file).ok()?, wanted);
        known.entry(key).or_insert_with(read).clone()
    }

    /// The definition of an object's kind in the `gotk-components.yaml` beside an overlay.
    pub fn definition(&self, overlay: &LocalPath, of: &Id) -> Option<Object> {
        let file = overlay.join(GOTK_COMPONENTS)?;
        let key = (self.digests.get(&file).copied()?, definition_name(of));
        let read = || definition_of(&self.builder().objects(&file).ok()?, of).cloned();
        self.definitions.borrow_mut().entry(key).or_insert_with(read).clone()
    }

    /// True if none of the objects in the `gotk-components.yaml` beside an overlay has a fault. `has_fault`: whether one has.
    pub fn are_manifests_right(&self, overlay: &LocalPath, has_fault: impl Fn(&Object) -> bool) -> bool {
        let file = overlay.join(GOTK_COMPONENTS);
        let read = file.and_then(|file| Some((self.digests.get(&file).copied()?, file)));
        let Some((digest, file)) = read else { return false };
        let decide = || self.builder().objects(&file).is_ok_and(|objects| !objects.iter().any(&has_fault));
        *self.right_manifests.borrow_mut().entry(digest).or_insert_with(decide)
    }

    /// The objects that a Kustomization applies, as far as that is known.
    pub fn applied_by(&self, sync: FluxSync<'_>) -> Arc<BTreeSet<Id>> {
        let Some(spec) = sync.spec() else { return Arc::default() };
        let mut known = self.applied.borrow_mut();
        let build = || {
            let built = self.builder().build_applied(sync);
            let objects = built.iter().flat_map(OverlayBuild::objects);
            let applied = objects.filter(|object| object.value().and_then(unapplied).is_none());
            Arc::new(applied.map(|object| object.id().clone()).collect())
        };
        let key = format!("{:?}", (spec, sync.repository_spec()));
        Arc::clone(known.entry(key).or_insert_with(build))
    }

    /// True if what is right is remembered for later runs.
    pub fn remembers(&self) -> bool {
        self.inputs.is_kept()
    }

    /// True if an earlier run found right what follows from these premises and the same files.
    pub fn was_right(&self, premises: &str) -> bool {
        self.inputs.was_right(premises)
    }

    /// Remembers that what follows from these premises and the files is right.
    pub fn remember_right(&self, premises: &str) {
        self.inputs.remember_right(premises);
    }

    /// Whose values are wanted of every cluster.
    pub fn asked(&self) -> &'s [String] {
        &self.request.names
    }

    /// True if all values are wanted that a cluster sees, as far as they are right.
    pub fn asks_for_values(&self) -> bool {
        self.request.values
    }

    /// True if the run generates trust.
    pub fn asks_for_trust(&self) -> bool {
        self.request.trust
    }

    pub fn ignores_effect(&self) -> bool {
        self.request.ignores_effect
    }

    /// The entry at a path, if no link leads out of the directory `within`.
    pub fn entry(&self, path: &LocalPath, within: &LocalPath) -> Entry {
        self.inputs.entry_within(Path::new(path.as_str()), Path::new(within.as_str()))
    }

    pub fn text(&self, path: &LocalPath) -> Result<Arc<str>, Unread> {
        self.read(path).map(|read| read.text)
    }

    /// A path as the user would type it.
    pub fn shown(&self, path: &LocalPath) -> String {
        self.inputs.shown(Path::new(path.as_str()))
    }

    fn read(&self, path: &LocalPath) -> Result<Text, Unread> {
        self.inputs.text(Path::new(path.as_str()))
    }

    /// What the `gotk-components.yaml` in a directory installs, and its path.
    pub fn installed_in(&mut self, directory: &str) -> Installed {
        if !self.inputs.may_be_bootstrapped(directory) {
            return Installed::Absent;
        }
        let file = LocalPath::default().join(directory).and_then(|directory| directory.join(GOTK_COMPONENTS));
        file.map_or(Installed::Absent, |file| self.installed(&file))
    }

    fn installed(&mut self, file: &LocalPath) -> Installed {
        let fault = match self.read(file) {
            Ok(Text { text, digest }) => {
                self.digests.insert(file.clone(), digest);
                let known = self.installations.entry(digest).or_insert_with(|| {
                    if names_identities(&text) {
                        self.naming_identities.insert(digest);
                    }
                    let read = FileText { text: Arc::clone(&text), digest };
                    read_installation(&text, self.inputs.manifests().objects(file, &read))
                });
                match known {
                    Read::Whole(installation) => {
                        return Installed::Known(Arc::clone(installation), file.clone());
                    }
                    Read::Blank => return Installed::Blank,
                    Read::Broken(ManifestsFault::OutOfBounds(excess, line)) => {
                        FileFault::ManifestsOutOfBounds { excess: *excess, line: *line }
                    }
                    Read::Broken(_) if text.starts_with(LFS) => FileFault::Pointer,
                    Read::Broken(ManifestsFault::NotManifests) => FileFault::NotManifests,
                    Read::Broken(ManifestsFault::Unreadable(fault)) => {
                        FileFault::BrokenManifests { fault: *fault }
                    }
                    Read::Broken(ManifestsFault::Lacks { components, has }) => {
                        FileFault::ManifestsLack { components: components.clone(), has: has.clone() }
                    }
                }
            }
            Err(Unread::Unseen) => return Installed::Unseen,
            Err(Unread::Missing) => return Installed::Absent,
            Err(Unread::NotText) => FileFault::NotManifests,
            Err(Unread::Refused(fault)) => FileFault::Input(fault),
            Err(Unread::Unreadable { cause }) => FileFault::Unreadable { cause },
        };
        let place = if fault == FileFault::Input(InputFault::LeadsOutside) {
            self.inputs.shown(&self.inputs.link_outside(Path::new(file.as_str())))
        } else {
            self.shown(file)
        };
        Installed::Unreadable(FileProblem { path: place, fault })
    }

    /// The patches of a file.
    ///
    /// # Errors
    /// It has none.
    pub fn patches(&mut self, file: &LocalPath) -> Result<Arc<Patches>, PatchesFault> {
        if let Some(known) = self.patches.get(file) {
            return known.clone();
        }
        let read =
            self.text(file).map_err(PatchesFault::Unread).and_then(|text| parse_patches(&text)).map(Arc::new);
        self.patches.insert(file.clone(), read.clone());
        read
    }

    /// The kustomization in a directory; nothing if it is out of reach.
    ///
    /// # Errors
    /// kustomize cannot read it either.
    pub fn kustomization(&self, directory: &LocalPath) -> ReadKustomization {
        self.inputs.kustomization(directory)
    }
}

fn read_installation(text: &str, objects: Result<Vec<Object>, ManifestFault>) -> Read<Installation> {
    match installation::read_installation(text, objects) {
        Ok(installation) => Read::Whole(Arc::new(installation)),
        Err(_) if yaml::is_blank(text) => Read::Blank,
        Err(fault) => Read::Broken(fault),
    }
}

/// What a run wants to know of a fleet.
#[expect(clippy::struct_excessive_bools, reason = "each is one thing that a run asks for")]
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Request {
    /// The names of variables, or of settings that are texts, whose values are wanted of every cluster.
    pub names: Vec<String>,
    /// True if all values are wanted that a cluster sees, as far as they are right.
    pub values: bool,
    /// True if the run generates trust, which needs more settings.
    pub trust: bool,
    /// The part of trust that it generates.
    pub trust_scope: TrustScope,
    /// The forms in which the run generates trust, beside that of the source.
    pub trust_forms: BTreeSet<TrustForm>,
    /// True if the run needs provenance.
    pub places: bool,
    /// True if the effective identities are not compared with the source.
    pub ignores_effect: bool,
}
