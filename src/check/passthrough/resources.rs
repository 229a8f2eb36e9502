//! What a resource adds, as far as patches of identities could hit it.

use std::collections::BTreeSet;

use crate::model::flux::FluxVersion;
use crate::model::{LocalPath, Object};

/// What a resource adds.
#[derive(Clone, Debug)]
pub struct Resource {
    /// The ServiceAccounts and Deployments.
    pub objects: Vec<AddedObject>,
    /// The version of Flux, if a file has it.
    pub version: Option<FluxVersion>,
    /// True if that is all there is: everything could be found and read.
    pub is_whole: bool,
    /// The kinds of all objects, if it is a file. A kustomization may generate others.
    pub kinds: Option<BTreeSet<String>>,
}

/// An object that a resource adds.
#[derive(Clone, Debug)]
pub struct AddedObject {
    /// The object, with the name that it has in its file.
    pub object: Object,
    /// The name that it has in the overlay.
    pub name: String,
    /// The namespace that it has in the overlay.
    pub namespace: String,
    pub file: LocalPath,
}

impl AddedObject {
    /// True if it has or had that name.
    pub fn is_called(&self, name: &str) -> bool {
        self.object.name == name || self.name == name
    }
}
