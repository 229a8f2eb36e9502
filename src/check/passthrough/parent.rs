//! Checks that a kustomization lists the component of a cluster.

use crate::check::passthrough::handwritten::HandwrittenFault;
use crate::check::readings::Readings;
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
        match readings.handwritten(&here) {
            Ok(kustomization) => {
                let names =
                    |list: &[String]| list.iter().any(|path| here.join(path).as_ref() == Some(&component));
                if names(&kustomization.resources) {
                    return ParentReference::AsResource(kustomization.file.clone(), entry);
                }
                if names(&kustomization.components) {
                    return ParentReference::Rightly;
                }
                nearest = nearest.or(Some((kustomization.file.clone(), entry)));
            }
            Err(HandwrittenFault::Unseen) => return ParentReference::Rightly,
            Err(HandwrittenFault::Unreadable(file)) => {
                unread = unread.or(Some((file, "cannot be read".to_owned())));
            }
            Err(HandwrittenFault::OutOfBounds(file, excess, line)) => {
                unread = unread.or(Some((file, format!("{}, at line {line}", excess.words()))));
            }
            Err(HandwrittenFault::None | HandwrittenFault::Several(_)) => {}
        }
        directory = here.parent();
    }
    ParentReference::Nowhere { nearest, unread }
}
