//! Where something comes from that an overlay builds.

use std::path::Path;

use crate::kustomize::{self, Object, Place};
use crate::model::LocalPath;
use crate::problem::SetBy;
use crate::span::Span;
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
}

impl Origins<'_> {
    /// What last set the field at a path; nothing if the source does.
    pub fn set_by(&self, object: &Object, path: &str) -> Option<SetBy> {
        self.of_place(object.last_change(path).map_or(&object.source().place, |change| &change.place))
    }

    /// What last changed the field at a path; nothing if the source did, or nothing.
    pub fn changed_by(&self, object: &Object, path: &str) -> Option<SetBy> {
        self.of_place(&object.last_change(path)?.place)
    }

    /// Where something comes from that is at a place of an overlay, of a base or of a component; nothing if the source
    /// generates it.
    pub fn of_place(&self, place: &Place) -> Option<SetBy> {
        if !self.is_own(place) {
            return Some(SetBy { place: self.describe(&place.file, place.line), at: None });
        }
        let PatchOrigin { at, file, line } = self.patch(place)?;
        let place = format!("the patch that starts on line {line} of `{}`", self.shown_file(file));
        Some(SetBy { place, at: Some(*at) })
    }

    /// Where a patch comes from that is at a place; nothing if it is none of those that the overlay begins with.
    pub fn patch(&self, place: &Place) -> Option<&PatchOrigin> {
        self.patches.get(place.entry.filter(|_| self.is_own(place))?)
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

    fn describe(&self, file: &LocalPath, line: Option<usize>) -> String {
        let path = self.shown_file(file);
        match line {
            Some(line) => format!("the part of `{path}` that starts on line {line}"),
            None => format!("`{path}`"),
        }
    }
}
