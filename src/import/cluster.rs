//! A cluster as an overlay is recognised to have it.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::import::identity::Identities;
use crate::import::leftover::Leftover;
use crate::kustomize::Feature;
use crate::model::Platform;
use crate::model::setting::Setting;
use crate::overlay_build::StandIn;
use crate::span::Span;

/// A cluster, and all that is known of it.
#[derive(Clone, Debug)]
pub struct Cluster {
    pub name: String,
    pub directory: String,
    pub path: String,
    pub platform: Platform,
    pub namespace: String,
    pub shape: Shape,
    /// Whether changes of identity restart its controllers.
    pub restarts: bool,
    /// What else it must say for them.
    pub settings: BTreeMap<Setting, String>,
    pub identities: Identities,
    /// What else its overlay builds on.
    pub resources: Vec<String>,
    pub components: Vec<String>,
    /// What else its overlay changes.
    pub leftovers: Vec<Leftover>,
    /// The files that its overlay does not need any more, and where it names them.
    pub unneeded: BTreeMap<String, Span>,
    /// What stands in for manifests that are out of reach when its overlay is built.
    pub stand_in: StandIn,
    /// True if its overlay is a component of somebody.
    pub is_component: bool,
    /// What may change the objects of its overlay and is not modelled.
    pub unknown: Option<Feature>,
    /// The overlay that stays in hand, if this is one.
    pub edited: Option<Edited>,
}

/// An overlay that stays in hand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edited {
    pub before: Arc<str>,
    /// The same without its identities, and with the component that has them.
    pub after: String,
}

impl Cluster {
    /// Whether its overlay says nothing but what `flux bootstrap` writes.
    pub fn is_fresh(&self) -> bool {
        self.shape == Shape::Bootstrap
            && self.identities.is_empty()
            && self.resources.is_empty()
            && self.components.is_empty()
            && self.leftovers.is_empty()
    }
}

/// What is to be written for a cluster.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Shape {
    /// An overlay beside what `flux bootstrap` writes.
    Bootstrap,
    /// An overlay of what its resources install.
    Overlay,
    /// A component of an overlay that stays in hand.
    Component,
}

/// An overlay that was taken in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportedOverlay {
    pub cluster: String,
    pub directory: String,
    pub file: String,
    /// Whether that stays in hand.
    pub stays: bool,
    /// Whether it says nothing but what `flux bootstrap` writes.
    pub is_fresh: bool,
    /// True if it is a component of somebody.
    pub is_component: bool,
    /// What stands in for manifests that are out of reach.
    pub stand_in: StandIn,
    /// What may change its objects and is not modelled.
    pub unknown: Option<Feature>,
}

impl From<&Cluster> for ImportedOverlay {
    fn from(cluster: &Cluster) -> ImportedOverlay {
        ImportedOverlay {
            cluster: cluster.name.clone(),
            directory: cluster.directory.clone(),
            file: cluster.path.clone(),
            stays: cluster.edited.is_some(),
            is_fresh: cluster.is_fresh(),
            is_component: cluster.is_component,
            stand_in: cluster.stand_in.clone(),
            unknown: cluster.unknown.clone(),
        }
    }
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ImportOptions {
    /// Whether every overlay stays in hand, and only its identities leave it.
    pub components: bool,
    /// The overlays that would not build the same, and what would differ, by their files.
    pub excluded: BTreeMap<String, String>,
}
