//! What a source says, as small things that are alike or not.

use crate::import::identity::Identity;
use crate::import::objects::Target;
use crate::model::setting::Setting;
use crate::model::{Platform, Recipient};

/// What a block, or the file itself, says.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Statement {
    /// A setting, and its value without quotes.
    Setting(Setting, String),
    /// A role, and its identity.
    Role(String, Identity),
    /// Who gets roles, or the identities themselves.
    Mapping(Recipient, Vec<MappingTarget>),
    /// A resource.
    Resource(String),
    /// A component.
    Component(String),
    /// A patch, and what it is for.
    Patch(String, Target),
}

/// What a controller gets.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum MappingTarget {
    /// A role, by name.
    Role(String),
    /// An identity, written out.
    Identity(Identity),
}

/// A source, before it is text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Source {
    /// What holds for all clusters.
    pub file: Vec<Statement>,
    /// What some of them have in common.
    pub profiles: Vec<Block>,
    /// The clusters.
    pub clusters: Vec<Clusters>,
}

/// A profile.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Block {
    /// Its name.
    pub name: String,
    /// What it says.
    pub says: Vec<Statement>,
}

/// Clusters that are alike.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Clusters {
    /// Their names.
    pub names: Vec<String>,
    /// What they run on.
    pub platform: Platform,
    /// The profiles that they use.
    pub uses: Vec<String>,
    /// What else they say.
    pub says: Vec<Statement>,
}
