//! A cluster as an overlay is recognised to have it.

use std::collections::BTreeMap;
use std::rc::Rc;

use crate::import::identity::Identities;
use crate::import::leftover::Leftover;
use crate::model::Platform;
use crate::model::setting::Setting;
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
    /// The overlay that stays in hand, if this is one.
    pub edited: Option<Edited>,
}

/// An overlay that stays in hand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edited {
    pub before: Rc<str>,
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

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ImportOptions {
    /// Whether every overlay stays in hand, and only its identities leave it.
    pub components: bool,
}
