//! Checks that a kustomization lists the component of a cluster.

use crate::check::readings::Readings;
use crate::kustomize::{Cause, Failure, Located, Unreadable};
use crate::model::{LocalPath, OutputPath};

/// How the kustomizations above a component speak of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ParentReference {
    /// A kustomization lists it under `components`, or this was not checked.
    Rightly,
    /// This one names it under `resources`, as that entry.
    AsResource(LocalPath, String),
    /// None of those that can be read names it.
    Nowhere {
        /// The nearest of them, and the entry that it lacks.
        nearest: Option<(LocalPath, String)>,
        /// The nearest that cannot be read, and why.
        unread: Option<(LocalPath, String)>,
    },
}

/// How the kustomizations above a component speak of it.
pub fn find_parent_reference(output: &OutputPath, readings: &Readings<'_>) -> ParentReference {
    let component = LocalPath::from(output);
    let (mut nearest, mut unread) = (None, None);
    let mut directory = component.parent();
    while let Some(here) = directory {
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
                    return ParentReference::Rightly;
                }
                nearest = nearest.or(Some((kustomization.file.clone(), entry)));
            }
            Ok(None) => return ParentReference::Rightly,
            Err(Failure { cause: Cause::Unreadable(Unreadable::OutOfBounds(excess, line)), place }) => {
                unread = unread.or(Some((place.file, format!("{}, at line {line}", excess.words()))));
            }
            Err(Failure {
                cause: Cause::NoKustomization | Cause::EmptyKustomization | Cause::SeveralKustomizations(_),
                ..
            }) => {}
            Err(Failure { place, .. }) => unread = unread.or(Some((place.file, "cannot be read".to_owned()))),
        }
        directory = here.parent();
    }
    ParentReference::Nowhere { nearest, unread }
}
