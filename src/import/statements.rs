//! The statements of a source, before it is text.

use crate::import::identity::Identity;
use crate::model::setting::Setting;
use crate::model::{Platform, Recipient, Target};

/// A statement of a block or of the file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Statement {
    /// A setting, and its value without quotes.
    Setting(Setting, String),
    Role(String, Identity),
    Mapping(Recipient, Vec<MappingTarget>),
    Resource(String),
    Component(String),
    Patch(String, Target),
}

/// The right side of a mapping.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum MappingTarget {
    Role(String),
    Identity(Identity),
}

/// A source, before it is text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Source {
    pub file: Vec<Statement>,
    /// The file of values that it names.
    pub values: Option<String>,
    pub profiles: Vec<Block>,
    pub clusters: Vec<Clusters>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Block {
    pub name: String,
    pub statements: Vec<Statement>,
}

/// Clusters with equal statements.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Clusters {
    pub names: Vec<String>,
    pub platform: Platform,
    pub uses: Vec<String>,
    /// Their statements, without `use`.
    pub statements: Vec<Statement>,
}
