//! What a cluster passes through: `resource`, `component` and `patch`.

mod conflicts;
mod misses;
mod parent;
pub(super) mod patches;

use std::collections::BTreeSet;

pub use conflicts::Conflicts;
pub use misses::{check_misses, refuse_missing_object};
pub use parent::{ParentReference, Unread as UnreadKustomization, find_parent_reference};

use crate::check::origin::PatchOrigin;
use crate::check::passthrough::patches::{PatchDocument, PatchForm, PatchesFault};
use crate::check::readings::Readings;
use crate::check::scope::Scope;
use crate::kustomize::{self, Cause, Failure, ManifestFault, Unreadable};
use crate::model::{
    ForeignPatch, GOTK_COMPONENTS, GOTK_SYNC, Install, LocalPath, OutputPath, OverlayForm, Passthrough,
    Target, TargetField,
};
use crate::problem::{ErrorGuaranteed, InputFault, NoPatch, PassedFault, PassedForm, PassedProblem};
use crate::resolve::{self, PassthroughKind, PassthroughStatement, values};
use crate::span::Span;
use crate::syntax::tree::{self, Value};
use crate::workspace::{Entry, Unread};
use crate::yaml;

/// All that a cluster passes through, as far as it can be known.
#[derive(Debug, Default)]
pub struct Collected {
    /// What goes into the overlay.
    pub passed: Passthrough,
    /// True for a component that the kustomization above includes.
    pub is_included: bool,
    /// Where each patch that goes into the overlay comes from.
    pub origins: Vec<PatchOrigin>,
}

/// Where a cluster takes things in.
struct Collector<'r, 's, 'c, 't> {
    form: OverlayForm,
    overlay: LocalPath,
    readings: &'r mut Readings<'s>,
    scope: &'r mut Scope<'c, 't>,
    /// The files of patches with their targets.
    files: BTreeSet<(LocalPath, Target)>,
    collected: Collected,
}

/// Collects the passthrough of a cluster.
pub fn collect(
    form: OverlayForm,
    output: &OutputPath,
    scope: &mut Scope<'_, '_>,
    readings: &mut Readings<'_>,
) -> Result<Collected, ErrorGuaranteed> {
    let statements = scope.names.layers.passthrough();
    let overlay = LocalPath::from(output);
    let mut collector =
        Collector { form, overlay, readings, scope, files: BTreeSet::new(), collected: Collected::default() };
    let mut outcome = Ok(());
    for statement in statements {
        outcome = collector.collect(statement).and(outcome);
    }
    outcome.map(|()| collector.collected)
}

impl<'t> Collector<'_, '_, '_, 't> {
    fn collect(&mut self, passing: PassthroughStatement<'t>) -> Result<(), ErrorGuaranteed> {
        let statement = passing.statement;
        let text = match &statement.path {
            Value::Text(text) => text,
            Value::Word(_) => return self.scope.need(|_| resolve::check_passthrough(statement)),
            Value::Broken(_, refused) => return Err(*refused),
        };
        let at = text.span;
        let path = self
            .scope
            .need(|names| names.text(text))
            .and_then(|text| self.scope.valid(values::parse_local_path(&text, &self.overlay)));
        match passing.kind {
            PassthroughKind::Patch => {
                let target = self.resolve_target(statement);
                self.collect_patch(at, &path?, &target?)
            }
            PassthroughKind::Resource => self.collect_resource(at, path?),
            PassthroughKind::Component => self.collect_component(at, path?),
        }
    }

    fn refuse(&mut self, at: Span, fault: PassedFault) -> ErrorGuaranteed {
        self.scope.refuse(PassedProblem::new(at, fault))
    }

    fn resolve_target(&mut self, statement: &'t tree::Passthrough<'t>) -> Result<Target, ErrorGuaranteed> {
        let Some(options) = &statement.options else { return Ok(Target::new()) };
        let mut target = Target::new();
        let mut outcome = self.scope.need(|_| resolve::check_target(options));
        for option in options.list.nodes() {
            let (Some(field), Value::Text(text)) = (TargetField::from_name(option.name.text), &option.value)
            else {
                continue;
            };
            let evaluated = self.scope.need(|names| names.text(text)).and_then(|evaluated| {
                self.scope.valid(values::check_target_field(field, &evaluated))?;
                Ok(evaluated)
            });
            match evaluated {
                Ok(evaluated) if field.is_no_condition(&evaluated.text) => {}
                Ok(evaluated) => {
                    target.entry(field).or_insert_with(|| evaluated.text.into_owned());
                }
                Err(refused) => outcome = Err(refused),
            }
        }
        outcome?;
        if target.is_empty() {
            return Err(self.refuse(options.span, PassedFault::TargetOfEverything));
        }
        Ok(target)
    }

    fn collect_patch(&mut self, at: Span, file: &LocalPath, target: &Target) -> Result<(), ErrorGuaranteed> {
        if let Entry::Directory(_) = self.existing_entry(at, file, &LocalPath::default())? {
            return Err(self.refuse(at, PassedFault::Form(PassedForm::PatchIsDirectory)));
        }
        let path = self.readings.shown(file);
        let patches = self
            .readings
            .patches(file)
            .map_err(|fault| self.refuse(at, patches_fault(path.clone(), fault)))?;
        let is_first = self.files.insert((file.clone(), target.clone()));
        for PatchDocument { text, line, form } in &patches.documents {
            if *form == PatchForm::Operations && target.is_empty() {
                return Err(self.refuse(at, PassedFault::OperationsWithoutTarget { path, line: *line }));
            }
            if is_first {
                let text = text.as_ref().to_owned();
                self.collected.passed.patches.push(ForeignPatch { text, target: target.clone() });
                self.collected.origins.push(PatchOrigin { at, file: file.clone(), line: *line });
            }
        }
        Ok(())
    }

    fn collect_resource(&mut self, at: Span, path: LocalPath) -> Result<(), ErrorGuaranteed> {
        let bootstrapped = [GOTK_COMPONENTS, GOTK_SYNC].into_iter().find(|name| {
            self.form == OverlayForm::Overlay(Install::Bootstrap)
                && self.overlay.join(name).as_ref() == Some(&path)
        });
        if let Some(name) = bootstrapped {
            let form = PassedForm::Bootstrapped { name: name.to_owned() };
            return Err(self.refuse(at, PassedFault::Form(form)));
        }
        match self.existing_entry(at, &path, &LocalPath::default())? {
            Entry::File(_) => self.check_manifest_file(at, &path)?,
            Entry::Directory(_) => self.check_directory(at, &path, PassthroughKind::Resource)?,
            Entry::Unseen | Entry::Missing | Entry::Refused(_) | Entry::Unreadable { .. } => {}
        }
        if !self.collected.passed.resources.contains(&path) {
            self.collected.passed.resources.push(path);
        }
        Ok(())
    }

    fn collect_component(&mut self, at: Span, path: LocalPath) -> Result<(), ErrorGuaranteed> {
        match self.existing_entry(at, &path, &LocalPath::default())? {
            Entry::File(_) => return Err(self.refuse(at, PassedFault::Form(PassedForm::ComponentIsFile))),
            Entry::Directory(_) => self.check_directory(at, &path, PassthroughKind::Component)?,
            Entry::Unseen | Entry::Missing | Entry::Refused(_) | Entry::Unreadable { .. } => {}
        }
        if !self.collected.passed.components.contains(&path) {
            self.collected.passed.components.push(path);
        }
        Ok(())
    }

    /// The entry at a path. Reports a missing one.
    fn existing_entry(
        &mut self,
        at: Span,
        path: &LocalPath,
        within: &LocalPath,
    ) -> Result<Entry, ErrorGuaranteed> {
        let shown = self.readings.shown(path);
        let fault = match self.readings.entry(path, within) {
            found @ (Entry::Unseen | Entry::File(_) | Entry::Directory(_)) => return Ok(found),
            Entry::Missing => PassedFault::Missing { path: shown },
            Entry::Refused(fault) => unreadable(shown, fault),
            Entry::Unreadable { cause } => PassedFault::Unreadable { path: shown, cause },
        };
        Err(self.refuse(at, fault))
    }

    /// A file that is a resource.
    fn check_manifest_file(&mut self, at: Span, path: &LocalPath) -> Result<(), ErrorGuaranteed> {
        let directory = path.parent().unwrap_or_default();
        let name = path.seen_from(&directory);
        let form = if kustomize::NAMES.contains(&name.as_str()) {
            PassedForm::KustomizationFile { directory: directory.as_str().to_owned() }
        } else if !path.is_within(&self.overlay) {
            let can_be_named = !self.overlay.is_within(&directory);
            PassedForm::FileOutside { directory: can_be_named.then(|| directory.as_str().to_owned()) }
        } else {
            let overlay = self.overlay.clone();
            self.existing_entry(at, path, &overlay)?;
            let path_shown = self.readings.shown(path);
            match self.readings.builder().objects(path) {
                Err(Some(ManifestFault::Unreadable(Unreadable::OutOfBounds(excess, line)))) => {
                    PassedForm::OutOfBounds { path: path_shown, excess, line }
                }
                Err(None) => PassedForm::NoManifests { path: path_shown },
                Err(Some(ManifestFault::Unreadable(fault))) if fault.is_fault() => {
                    PassedForm::NoManifests { path: path_shown }
                }
                // The build of the overlay reports what is not an object.
                Ok(_) | Err(Some(_)) => return Ok(()),
            }
        };
        Err(self.refuse(at, PassedFault::Form(form)))
    }

    /// Reports a kustomization file in a directory that cannot be read.
    fn check_readable(&mut self, at: Span, directory: &LocalPath) -> Result<(), ErrorGuaranteed> {
        for file in kustomize::NAMES.iter().filter_map(|name| directory.join(name)) {
            let path = self.readings.shown(&file);
            let fault = match self.readings.text(&file) {
                Err(Unread::Refused(fault)) => unreadable(path, fault),
                Err(Unread::Unreadable { cause }) => PassedFault::Unreadable { path, cause },
                Ok(_) | Err(Unread::Unseen | Unread::Missing | Unread::NotText) => continue,
            };
            return Err(self.refuse(at, fault));
        }
        Ok(())
    }

    /// Why the kustomization of a directory cannot be read; nothing if it can be read and something else is wrong.
    fn describe_unread(&self, failure: &Failure, directory: String) -> Option<PassedForm> {
        let Failure { cause, place } = failure;
        let path = self.readings.shown(&place.file);
        let is_missing = *cause == Cause::NoKustomization;
        if is_missing || *cause == Cause::EmptyKustomization && self.is_blank(&place.file) {
            Some(PassedForm::NoKustomization { path: directory })
        } else if let Cause::SeveralKustomizations(names) = cause {
            Some(PassedForm::SeveralKustomizations { path: directory, names: *names })
        } else if let Cause::Unreadable(Unreadable::OutOfBounds(excess, line)) = cause {
            Some(PassedForm::OutOfBounds { path, excess: *excess, line: *line })
        } else if *cause == Cause::EmptyKustomization {
            Some(PassedForm::EmptyKustomization { path })
        } else {
            let is_fault = matches!(cause, Cause::Unreadable(fault) if fault.is_fault());
            (is_fault || *cause == Cause::NotText).then_some(PassedForm::UnreadableKustomization { path })
        }
    }

    /// True if a file is there, and is not written yet.
    fn is_blank(&self, file: &LocalPath) -> bool {
        self.readings.text(file).is_ok_and(|text| yaml::is_blank(&text))
    }

    /// A directory that is a resource or a component.
    fn check_directory(
        &mut self,
        at: Span,
        path: &LocalPath,
        what: PassthroughKind,
    ) -> Result<(), ErrorGuaranteed> {
        let shown = self.readings.shown(path);
        let form = if self.overlay.is_within(path) {
            PassedForm::Circle
        } else {
            match self.readings.kustomization(path) {
                Ok(None) => return self.check_readable(at, path),
                Ok(Some(found)) => {
                    let path = self.readings.shown(&found.file);
                    match (what, found.is_component) {
                        (PassthroughKind::Resource, true) => PassedForm::ResourceIsComponent { path },
                        (PassthroughKind::Component, false) => PassedForm::ComponentIsKustomization { path },
                        (PassthroughKind::Resource | PassthroughKind::Patch, false)
                        | (PassthroughKind::Component | PassthroughKind::Patch, true) => {
                            return Ok(());
                        }
                    }
                }
                Err(failure) => match self.describe_unread(&failure, shown) {
                    Some(form) => form,
                    // The build of the overlay reports it.
                    None => return Ok(()),
                },
            }
        };
        Err(self.refuse(at, PassedFault::Form(form)))
    }
}

fn unreadable(path: String, fault: InputFault) -> PassedFault {
    if fault == InputFault::LeadsOutside {
        PassedFault::Link { path }
    } else {
        PassedFault::Unreadable { path, cause: fault.cause() }
    }
}

fn patches_fault(path: String, fault: PatchesFault) -> PassedFault {
    let fault = match fault {
        PatchesFault::Unread(Unread::Unseen) => return PassedFault::NoDirectory,
        PatchesFault::Unread(Unread::Missing) => return PassedFault::Missing { path },
        PatchesFault::Unread(Unread::Refused(fault)) => {
            return PassedFault::Unreadable { path, cause: fault.cause() };
        }
        PatchesFault::Unread(Unread::Unreadable { cause }) => return PassedFault::Unreadable { path, cause },
        PatchesFault::Unread(Unread::NotText) => NoPatch::NotText,
        PatchesFault::Empty => NoPatch::Empty,
        PatchesFault::NotYaml(line) => NoPatch::NotYaml(line),
        PatchesFault::OutOfBounds(excess, line) => NoPatch::OutOfBounds(excess, line),
        PatchesFault::Neither(line) => NoPatch::Neither(line),
        PatchesFault::Lacks(missing, line) => NoPatch::Lacks(missing, line),
        PatchesFault::NotOperation(line) => NoPatch::NotOperation(line),
    };
    PassedFault::NoPatch { path, fault }
}
