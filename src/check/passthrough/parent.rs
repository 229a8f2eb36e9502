//! Checks that a kustomization lists the component of a cluster.

use crate::check::readings::Readings;
use crate::kustomize::{Cause, Failure, Located, Unreadable};
use crate::model::{LocalPath, OutputPath};

/// How the kustomizations in the parent directories of a component list it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ParentReference {
    /// One lists it under `components`.
    AsComponent,
    /// This one lists it under `resources`, as that entry.
    AsResource(LocalPath, String),
    /// The nearest is out of reach.
    Unchecked,
    /// None of those that can be read lists it.
    Nowhere {
        /// The nearest of them, and the entry that it lacks.
        nearest: Option<(LocalPath, String)>,
        /// The nearest that cannot be read, and why.
        unread: Option<Unread>,
    },
}

/// A kustomization that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unread {
    pub file: LocalPath,
    /// Why, as the rest of a sentence.
    pub why: String,
    pub cause: Cause,
}

/// Looks for a kustomization that lists the component of a cluster.
pub fn find_parent_reference(output: &OutputPath, readings: &Readings<'_>) -> ParentReference {
    let component = LocalPath::from(output);
    let (mut nearest, mut unread) = (None, None);
    for here in component.ancestors() {
        let entry = component.seen_from(&here);
        match readings.kustomization(&here) {
            Ok(Some(kustomization)) => {
                let names = |list: &[Located<String>]| {
                    list.iter().any(|path| here.join(&path.value).as_ref() == Some(&component))
                };
                if names(&kustomization.resources) {
                    return ParentReference::AsResource(kustomization.file.clone(), entry);
                }
                if names(&kustomization.components) {
                    return ParentReference::AsComponent;
                }
                nearest = nearest.or(Some((kustomization.file.clone(), entry)));
            }
            Ok(None) => return ParentReference::Unchecked,
            Err(Failure { cause: Cause::NoKustomization | Cause::EmptyKustomization, .. }) => {}
            Err(Failure { cause, place }) => {
                let why = if let Cause::Unreadable(Unreadable::OutOfBounds(excess, line)) = &cause {
                    format!("{}, at line {line}", excess.words())
                } else {
                    "cannot be read".to_owned()
                };
                unread = unread.or(Some(Unread { file: place.file, why, cause }));
            }
        }
    }
    ParentReference::Nowhere { nearest, unread }
}
