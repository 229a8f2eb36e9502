//! From the directory of an overlay to the objects that it builds.

mod generate;
mod steps;

use crate::kustomize::annotations::LOCAL_CONFIG;
use crate::kustomize::failure::{Cause, Failure, Feature, Reach, Unmodelled};
use crate::kustomize::files::{FileText, Files, Found, ReadFault};
use crate::kustomize::kustomization::{Kustomization, Located, NAMES};
use crate::kustomize::manifest::{ManifestFault, Manifests};
use crate::kustomize::object::Object;
use crate::kustomize::objects::append;
use crate::kustomize::patches::AppliedPatch;
use crate::kustomize::place::Place;
use crate::kustomize::remote::{is_remote_file, is_repository};
use crate::kustomize::selection::annotation;
use crate::kustomize::value::Unreadable;
use crate::model::LocalPath;

/// How an overlay is built.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// True if files may be read that are not in the directory of the kustomization that names them, as
    /// kustomize-controller allows, and `kubectl kustomize` does not.
    pub may_read_above: bool,
}

/// What an overlay builds.
#[derive(Clone, Debug, Default)]
pub struct Build {
    /// The objects, in the order in which kustomize collects them.
    pub objects: Vec<Object>,
    /// The patches, in the order in which they were applied.
    pub patches: Vec<AppliedPatch>,
    /// What was not followed, and may have changed them.
    pub unmodelled: Vec<Unmodelled>,
}

impl Build {
    /// Says of all that the kustomization in a file changes that it is changed at another place.
    pub(crate) fn attribute(&mut self, file: &LocalPath, to: &Place) {
        let of_objects = self.objects.iter_mut().flat_map(Object::change_places);
        let places = of_objects.chain(self.patches.iter_mut().map(|patch| &mut patch.place));
        places.filter(|place| place.file == *file).for_each(|place| *place = to.clone());
    }
}

/// Builds an overlay.
///
/// If kustomize may fail only because of something that is not followed, the build has no objects, and that may touch
/// everything.
///
/// # Errors
/// kustomize fails too.
pub fn build(
    files: &dyn Files,
    manifests: &Manifests,
    overlay: &LocalPath,
    options: Options,
) -> Result<Build, Failure> {
    let (roots, patches, unmodelled) = (Vec::new(), Vec::new(), Vec::new());
    let mut builder = Builder { files, manifests, options, roots, patches, unmodelled };
    match builder.build(overlay) {
        Ok(objects) => Ok(Build { objects, patches: builder.patches, unmodelled: builder.unmodelled }),
        Err(failure) => match builder.unmodelled.iter().find(|left| failure.cause.may_go_with(left.reach)) {
            Some(left) => {
                let left = Unmodelled { reach: Reach::Everything, ..left.clone() };
                builder.unmodelled.push(left);
                Ok(Build { unmodelled: builder.unmodelled, ..Build::default() })
            }
            None => Err(failure),
        },
    }
}

/// The kustomization in a directory; nothing if it is out of reach.
///
/// # Errors
/// kustomize fails to read it too.
pub(crate) fn kustomization_in(
    files: &dyn Files,
    directory: &LocalPath,
) -> Result<Option<Kustomization>, Failure> {
    let place = Place::file(directory);
    let (mut found, mut is_unknown) = (Vec::new(), false);
    for name in NAMES {
        let Some(path) = directory.join(name) else { continue };
        match files.found(&path) {
            Found::File => found.push((name, path)),
            Found::Directory | Found::Missing => {}
            Found::Unknown => is_unknown = true,
        }
    }
    let file = match found.as_slice() {
        [(one, _), (other, _), ..] => return place.fail(Cause::SeveralKustomizations([*one, *other])),
        _ if is_unknown => return Ok(None),
        [] => return place.fail(Cause::NoKustomization),
        [(_, file)] => file,
    };
    match files.read(file) {
        Ok(read) => Kustomization::read(file, &read.text).map(Some),
        Err(ReadFault::NotText) => Place::file(file).fail(Cause::NotText),
        Err(ReadFault::Missing) => place.fail(Cause::NoKustomization),
        Err(ReadFault::Unknown) => Ok(None),
    }
}

pub(super) struct Builder<'b> {
    files: &'b dyn Files,
    manifests: &'b Manifests,
    options: Options,
    /// The directories that are being built, the outermost first.
    roots: Vec<LocalPath>,
    patches: Vec<AppliedPatch>,
    unmodelled: Vec<Unmodelled>,
}

impl Builder<'_> {
    fn build(&mut self, overlay: &LocalPath) -> Result<Vec<Object>, Failure> {
        let Some(kustomization) = kustomization_in(self.files, overlay)? else {
            let place = Place::file(overlay);
            self.leave(Feature::Unread(overlay.as_str().to_owned()), &place, Reach::Everything);
            return Ok(Vec::new());
        };
        self.roots.push(overlay.clone());
        let mut objects = self.accumulate(overlay, &kustomization, Vec::new())?;
        steps::complete(&mut objects, &mut self.unmodelled)?;
        let is_local = |object: &Object| annotation(object, LOCAL_CONFIG).is_some_and(|text| text != "false");
        for object in &objects {
            if object.id().kind.is_empty() || object.id().name.is_empty() {
                return object.source().place.fail(Cause::Unwritable);
            }
        }
        objects.retain(|object| !is_local(object));
        for object in &mut objects {
            object.finish();
        }
        Ok(objects)
    }

    /// All that a kustomization makes. A component changes the objects of what names it.
    fn accumulate(
        &mut self,
        directory: &LocalPath,
        kustomization: &Kustomization,
        mut objects: Vec<Object>,
    ) -> Result<Vec<Object>, Failure> {
        self.unmodelled.extend(kustomization.unmodelled.iter().cloned());
        if let Some(line) = kustomization.charts {
            return Place::file(&kustomization.file).at_line(line).fail(Cause::Charts);
        }
        for file in &kustomization.unmodelled_files {
            let path = directory.join(&file.value);
            if path.is_some_and(|path| self.files.found(&path) == Found::Missing)
                && !is_repository(&file.value)
            {
                return entry_place(kustomization, file).fail(Cause::Missing(file.value.clone()));
            }
        }
        for path in &kustomization.resources {
            let place = entry_place(kustomization, path);
            let more = self.resource(directory, &path.value, &place)?;
            append(&mut objects, more).map_err(|id| place.failure(Cause::Repeated(Box::new(id))))?;
        }
        self.generate(directory, kustomization, &mut objects)?;
        for path in &kustomization.components {
            let place = entry_place(kustomization, path);
            objects = self.component(directory, &path.value, &place, objects)?;
        }
        self.transform(directory, kustomization, &mut objects)?;
        Ok(objects)
    }

    /// The objects of an entry of `resources`: a file, else a directory.
    fn resource(&mut self, directory: &LocalPath, text: &str, place: &Place) -> Result<Vec<Object>, Failure> {
        if is_remote_file(text) {
            return self.unseen(Feature::Remote(text.to_owned()), text, place);
        }
        let path = if text.is_empty() { None } else { directory.join(text) };
        let found = path.as_ref().map(|path| self.files.found(path));
        match (path, found) {
            (Some(path), Some(Found::File)) => self.manifest(directory, &path, text, place),
            (None | Some(_), _) if is_repository(text) => {
                self.unseen(Feature::Remote(text.to_owned()), text, place)
            }
            (Some(path), Some(Found::Directory)) => {
                let Some(kustomization) = self.enter(&path, text, place, Reach::Unseen)? else {
                    return Ok(Vec::new());
                };
                if kustomization.is_component {
                    return place.fail(Cause::ComponentAsResource);
                }
                let objects = self.accumulate(&path, &kustomization, Vec::new())?;
                let _left = self.roots.pop();
                Ok(objects)
            }
            (Some(_), Some(Found::Missing)) => place.fail(Cause::Missing(text.to_owned())),
            (None, _) if text.is_empty() => place.fail(Cause::Missing(String::new())),
            (None | Some(_), _) => self.unseen(Feature::Unseen(text.to_owned()), text, place),
        }
    }

    /// What stands in for an entry of `resources` that is out of reach.
    fn unseen(&mut self, feature: Feature, text: &str, place: &Place) -> Result<Vec<Object>, Failure> {
        self.leave(feature, place, Reach::Unseen);
        self.files.stand_in(text).map_or(Ok(Vec::new()), |file| self.objects(&place.file, &file, place))
    }

    fn component(
        &mut self,
        directory: &LocalPath,
        text: &str,
        place: &Place,
        objects: Vec<Object>,
    ) -> Result<Vec<Object>, Failure> {
        if is_repository(text) {
            self.leave(Feature::Remote(text.to_owned()), place, Reach::Everything);
            return Ok(objects);
        }
        let Some(path) = directory.join(text) else {
            self.leave(Feature::Unseen(text.to_owned()), place, Reach::Everything);
            return Ok(objects);
        };
        match self.files.found(&path) {
            Found::Directory => {}
            Found::File | Found::Missing => return place.fail(Cause::Missing(text.to_owned())),
            Found::Unknown => {
                self.leave(Feature::Unseen(text.to_owned()), place, Reach::Everything);
                return Ok(objects);
            }
        }
        let Some(kustomization) = self.enter(&path, text, place, Reach::Everything)? else {
            return Ok(objects);
        };
        if !kustomization.is_component {
            return place.fail(Cause::NoComponent);
        }
        let objects = self.accumulate(&path, &kustomization, objects)?;
        let _left = self.roots.pop();
        Ok(objects)
    }

    /// The kustomization of a directory that another builds on; nothing if it is out of reach.
    fn enter(
        &mut self,
        path: &LocalPath,
        text: &str,
        place: &Place,
        reach: Reach,
    ) -> Result<Option<Kustomization>, Failure> {
        if self.roots.iter().any(|root| root.is_within(path)) {
            return place.fail(Cause::Cycle);
        }
        let kustomization = kustomization_in(self.files, path)?;
        if kustomization.is_some() {
            self.roots.push(path.clone());
        } else {
            self.leave(Feature::Unread(text.to_owned()), place, reach);
        }
        Ok(kustomization)
    }

    fn manifest(
        &mut self,
        directory: &LocalPath,
        path: &LocalPath,
        text: &str,
        place: &Place,
    ) -> Result<Vec<Object>, Failure> {
        let Some(file) = self.read(directory, path, text, place, Reach::Unseen)? else {
            return Ok(Vec::new());
        };
        self.objects(path, &file, &Place::file(path))
    }

    /// The objects of a file of manifests.
    fn objects(&mut self, path: &LocalPath, file: &FileText, at: &Place) -> Result<Vec<Object>, Failure> {
        match self.manifests.objects(path, file) {
            Ok(objects) => Ok(objects),
            Err(ManifestFault::Unreadable(fault)) => {
                self.unreadable(fault, at, Reach::Unseen)?;
                Ok(Vec::new())
            }
            Err(ManifestFault::NotAnObject(line)) => at.at_line(line).fail(Cause::NotAnObject),
            Err(ManifestFault::NotAList(line)) => at.at_line(line).fail(Cause::NotAList),
        }
    }

    /// Reads a file that a kustomization names; nothing if it is out of reach.
    fn read(
        &mut self,
        directory: &LocalPath,
        path: &LocalPath,
        text: &str,
        place: &Place,
        reach: Reach,
    ) -> Result<Option<FileText>, Failure> {
        if !self.options.may_read_above && !path.is_within(directory) {
            return place.fail(Cause::OutsideRoot(text.to_owned()));
        }
        match self.files.read(path) {
            Ok(file) => Ok(Some(file)),
            Err(ReadFault::Missing) => place.fail(Cause::Missing(text.to_owned())),
            Err(ReadFault::NotText) => Place::file(path).fail(Cause::NotText),
            Err(ReadFault::Unknown) => {
                self.leave(Feature::Unread(text.to_owned()), place, reach);
                Ok(None)
            }
        }
    }

    /// Reads a patch or the data of a generator.
    fn named_file(
        &mut self,
        directory: &LocalPath,
        text: &str,
        place: &Place,
        reach: Reach,
    ) -> Result<Option<FileText>, Failure> {
        if is_remote_file(text) {
            self.leave(Feature::Remote(text.to_owned()), place, reach);
            return Ok(None);
        }
        let Some(path) = directory.join(text) else {
            self.leave(Feature::Unseen(text.to_owned()), place, reach);
            return Ok(None);
        };
        match self.files.found(&path) {
            Found::File => self.read(directory, &path, text, place, reach),
            Found::Directory | Found::Missing => place.fail(Cause::Missing(text.to_owned())),
            Found::Unknown => {
                self.leave(Feature::Unread(text.to_owned()), place, reach);
                Ok(None)
            }
        }
    }

    /// Fails if kustomize rejects a text too; else the text is left out.
    fn unreadable(&mut self, fault: Unreadable, place: &Place, reach: Reach) -> Result<(), Failure> {
        let place = place.at_line(fault.line());
        if fault.is_fault() {
            return place.fail(Cause::Unreadable(fault));
        }
        self.leave(Feature::Text, &place, reach);
        Ok(())
    }

    fn leave(&mut self, feature: Feature, place: &Place, reach: Reach) {
        self.unmodelled.push(Unmodelled { feature, place: place.clone(), reach });
    }
}

fn entry_place<T>(kustomization: &Kustomization, entry: &Located<T>) -> Place {
    Place::file(&kustomization.file).at_line(entry.line)
}
