//! The syntax of an overlay: its entries with their places.

use std::rc::Rc;
use std::sync::Arc;

use crate::import::file::{File, Origin};
use crate::model::Target;
use crate::span::Span;
use crate::spanned::Spanned;

/// A kustomization file.
#[derive(Clone, Debug)]
pub struct Overlay {
    pub directory: String,
    pub path: String,
    pub file: Rc<File>,
    /// True if its kind is `Component`.
    pub is_component: bool,
    /// True if `flux-identity` generated it.
    pub is_generated: bool,
    pub resources: Vec<NamedFile>,
    pub components: Vec<NamedFile>,
    /// Its patches, in the order in which kustomize applies them.
    pub entries: Vec<Entry>,
    /// The names of the `ConfigMap`s that it generates, without hashes.
    pub generators: Vec<NamedFile>,
    /// Its other fields, which cannot be expressed in a source.
    pub others: Vec<NamedFile>,
    pub comments: Vec<Span>,
}

/// A name, and its place.
#[derive(Clone, Debug)]
pub struct NamedFile {
    pub text: String,
    pub at: Span,
}

/// One entry of `patches`, or of the older lists.
#[derive(Clone, Debug)]
pub struct Entry {
    pub at: Span,
    /// The entry in the kustomization.
    pub node: Spanned,
    /// The file that it names; `None` for an inline patch.
    pub path: Option<String>,
    /// Its target; `None` if the patch names its object.
    pub target: Option<Target>,
    /// True if it has options, which cannot be expressed in a source.
    pub has_options: bool,
    pub documents: Vec<Document>,
}

#[derive(Clone, Debug)]
pub struct Document {
    pub node: Spanned,
    pub origin: Rc<Origin>,
    pub text: Arc<str>,
}
