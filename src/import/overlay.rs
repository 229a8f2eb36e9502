//! An overlay as it was read: what it names and what it changes, with places, nothing understood yet.

use std::rc::Rc;
use std::sync::Arc;

use crate::import::file::{File, Origin};
use crate::model::Target;
use crate::span::Span;
use crate::spanned::Spanned;

/// A kustomization that stands in a directory.
#[derive(Clone, Debug)]
pub struct Overlay {
    pub directory: String,
    pub path: String,
    pub file: Rc<File>,
    /// Whether another kustomization names it among its components.
    pub is_component: bool,
    /// Whether `flux-identity` wrote it.
    pub is_generated: bool,
    pub resources: Vec<NamedFile>,
    pub components: Vec<NamedFile>,
    /// What it changes, in the order in which kustomize does.
    pub entries: Vec<Entry>,
    /// The names of the `ConfigMap`s that it makes, before kustomize puts hashes behind them.
    pub generators: Vec<NamedFile>,
    /// What else it says: the names of fields that no source can say.
    pub others: Vec<NamedFile>,
    pub comments: Vec<Span>,
}

/// Something that is named, and where.
#[derive(Clone, Debug)]
pub struct NamedFile {
    pub text: String,
    pub at: Span,
}

/// One entry of `patches`, or of the lists that came before it.
#[derive(Clone, Debug)]
pub struct Entry {
    pub at: Span,
    /// Its bytes in the kustomization: what goes if it leaves.
    pub node: Spanned,
    /// The file that it names; nothing if it stands inline.
    pub path: Option<String>,
    /// What it is for; nothing if it names its object itself.
    pub target: Option<Target>,
    /// Whether it has options, which no source can say.
    pub has_options: bool,
    pub documents: Vec<Document>,
}

#[derive(Clone, Debug)]
pub struct Document {
    pub node: Spanned,
    pub origin: Rc<Origin>,
    pub text: Arc<str>,
}
