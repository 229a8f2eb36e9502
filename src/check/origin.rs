//! Where something comes from that an overlay builds.

use std::path::Path;

use crate::check::scope::Scope;
use crate::kustomize::{self, Object, Place, Step};
use crate::model::LocalPath;
use crate::problem::SetBy;
use crate::resolve::{PassthroughStatement, values};
use crate::span::Span;
use crate::syntax::tree::Value;
use crate::workspace::Inputs;

/// Where a patch of an overlay comes from.
#[derive(Clone, Debug)]
pub struct PatchOrigin {
    /// The path in the statement.
    pub at: Span,
    pub file: LocalPath,
    /// The line of the file that the patch begins on, counted from 1.
    pub line: usize,
}

/// Finds where something comes from.
#[derive(Clone, Copy)]
pub struct Origins<'i> {
    pub inputs: &'i Inputs<'i>,
    /// The directory of the overlay.
    pub output: &'i LocalPath,
    /// Where the patches come from that the overlay begins with.
    pub patches: &'i [PatchOrigin],
    /// Its other passthrough.
    pub statements: &'i [StatementOrigin],
}

/// A `resource` or a `component`.
#[derive(Clone, Debug)]
pub struct StatementOrigin {
    /// The path in the statement.
    at: Span,
    /// The word of the statement.
    name: &'static str,
    path: LocalPath,
}

/// The `resource` and `component` statements of a cluster. What cannot be evaluated was reported.
pub fn statements(output: &LocalPath, scope: &mut Scope<'_, '_>) -> Vec<StatementOrigin> {
    let mut origins = Vec::new();
    for PassthroughStatement { statement, kind } in scope.names.layers.passthrough() {
        let (Value::Text(text), Some(name)) = (&statement.path, kind.of_directory()) else { continue };
        let Ok(evaluated) = scope.names.text(text) else { continue };
        let path = values::parse_local_path(&evaluated, output).ok();
        origins.extend(path.map(|path| StatementOrigin { at: text.span, name, path }));
    }
    origins
}

/// A file, the line in it, and the statement that brings it in.
type FoundPlace<'p> = (&'p LocalPath, Option<usize>, Option<(Span, &'static str)>);

impl Origins<'_> {
    /// What last set the field at a path; nothing if the source does.
    pub fn set_by(&self, object: &Object, path: &str) -> Option<SetBy> {
        let place = object.last_change(path).map_or(&object.source().place, |change| &change.place);
        self.of_field(place, path)
    }

    /// The same without the references of kustomize, which follow from other changes.
    pub fn set_by_content(&self, object: &Object, path: &str) -> Option<SetBy> {
        let mut changes = object.changes().iter().rev().filter(|change| change.by != Step::References);
        let place = changes.find(|change| change.covers(path)).map(|change| &change.place);
        self.of_field(place.unwrap_or(&object.source().place), path)
    }

    /// What last changed the field at a path; nothing if the source did, or nothing.
    pub fn changed_by(&self, object: &Object, path: &str) -> Option<SetBy> {
        self.of_field(&object.last_change(path)?.place, path)
    }

    /// Where something comes from that is at a place of an overlay, of a base or of a component; nothing if the source
    /// generates it.
    pub fn of_place(&self, place: &Place) -> Option<SetBy> {
        let (file, line, at) = self.find(place)?;
        Some(SetBy { place: self.describe(file, line), at })
    }

    /// The same with the line of a field of an object, as far as its file has it.
    fn of_field(&self, place: &Place, path: &str) -> Option<SetBy> {
        let (file, line, at) = self.find(place)?;
        let of_field = || {
            let name = Path::new(file.as_str());
            let is_kustomization = kustomize::NAMES.iter().any(|known| name.ends_with(known));
            let text = self.inputs.text(name).ok().filter(|_| !is_kustomization)?;
            kustomize::line_of_field(&text.text, line?, path)
        };
        let line = of_field().or(line);
        Some(SetBy { place: self.describe(file, line), at })
    }

    /// The file of a place, the line in it, and the statement that brings it in.
    fn find<'p>(&'p self, place: &'p Place) -> Option<FoundPlace<'p>> {
        if !self.is_own(place) {
            let brings_in = |origin: &&StatementOrigin| {
                let rest = place.file.as_str().strip_prefix(origin.path.as_str());
                rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
            };
            let statement = self.statements.iter().find(brings_in);
            return Some((&place.file, place.line, statement.map(|origin| (origin.at, origin.name))));
        }
        let PatchOrigin { at, file, line } = self.patch(place)?;
        Some((file, Some(*line), Some((*at, "patch"))))
    }

    /// Where a patch comes from that is at a place; nothing if it is none of those that the overlay begins with.
    pub fn patch(&self, place: &Place) -> Option<&PatchOrigin> {
        self.patches.get(place.patch.filter(|_| self.is_own(place))?)
    }

    /// True if the source generates what is at a place.
    pub fn is_generated(&self, place: &Place) -> bool {
        self.is_own(place) && self.patch(place).is_none()
    }

    fn is_own(&self, place: &Place) -> bool {
        kustomize::NAMES.iter().any(|name| self.output.join(name).as_ref() == Some(&place.file))
    }

    /// The file of a patch as the user would type it, and the line that it begins on.
    pub fn shown(&self, patch: &PatchOrigin) -> (String, usize) {
        (self.shown_file(&patch.file), patch.line)
    }

    /// A path as the user would type it.
    pub fn shown_file(&self, file: &LocalPath) -> String {
        self.inputs.shown(Path::new(file.as_str()))
    }

    /// A place as the user would type it.
    pub fn shown_place(&self, place: &Place) -> String {
        self.describe(&place.file, place.line)
    }

    fn describe(&self, file: &LocalPath, line: Option<usize>) -> String {
        let path = self.shown_file(file);
        match line {
            Some(line) => format!("`{path}`, line {line}"),
            None => format!("`{path}`"),
        }
    }
}
