//! A cluster, recognised from its overlay.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::import::identity::Identities;
use crate::import::leftover::Leftover;
use crate::kustomize::Feature;
use crate::model::Platform;
use crate::model::setting::Setting;
use crate::overlay_build::StandIn;
use crate::span::Span;

/// A cluster, recognised from its overlay.
#[derive(Clone, Debug)]
pub struct Cluster {
    pub name: String,
    pub directory: String,
    pub path: String,
    pub platform: Platform,
    pub namespace: String,
    pub shape: Shape,
    /// True if changes of identity restart its controllers.
    pub restarts: bool,
    /// The settings that its identities need.
    pub settings: BTreeMap<Setting, String>,
    pub identities: Identities,
    /// The other resources of its overlay.
    pub resources: Vec<String>,
    pub components: Vec<String>,
    /// The other patches of its overlay.
    pub leftovers: Vec<Leftover>,
    /// The files that its overlay no longer needs, and the places that name them.
    pub unneeded: BTreeMap<String, Span>,
    /// The controllers in place of manifests that are out of reach when its overlay is built.
    pub stand_in: StandIn,
    /// True if its overlay is a component.
    pub is_component: bool,
    /// What may change the objects of its overlay and is not modelled.
    pub unknown: Option<Feature>,
    /// The edited overlay, if it stays hand-written.
    pub edited: Option<Edited>,
}

/// An overlay that stays hand-written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edited {
    pub before: Arc<str>,
    /// Its text without identities, and with the component that has them.
    pub after: String,
}

impl Cluster {
    /// True if its overlay has only what `flux bootstrap` writes.
    pub fn is_fresh(&self) -> bool {
        self.shape == Shape::Bootstrap
            && self.identities.is_empty()
            && self.resources.is_empty()
            && self.components.is_empty()
            && self.leftovers.is_empty()
    }
}

/// What a source generates for a cluster.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Shape {
    /// An overlay next to the files of `flux bootstrap`.
    Bootstrap,
    /// An overlay of other resources.
    Overlay,
    /// A component of an overlay that stays hand-written.
    Component,
}

/// An imported overlay.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportedOverlay {
    pub cluster: String,
    pub directory: String,
    pub file: String,
    /// True if it has only what `flux bootstrap` writes.
    pub is_fresh: bool,
    /// True if it is a component.
    pub is_component: bool,
    /// The controllers in place of manifests that are out of reach.
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
            is_fresh: cluster.is_fresh(),
            is_component: cluster.is_component,
            stand_in: cluster.stand_in.clone(),
            unknown: cluster.unknown.clone(),
        }
    }
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ImportOptions {
    /// True if every overlay stays hand-written, and only its identities are imported.
    pub components: bool,
    /// True if clusters are to share no statements in the source.
    pub is_plain: bool,
    /// The file that values in which clusters differ are moved to, by its path from the source.
    pub values: Option<String>,
    /// The overlays that would not build the same, and the difference, by their files.
    pub excluded: BTreeMap<String, String>,
}
