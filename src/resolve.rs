//! Trees to what every name means in every cluster: layers, profiles, evaluation, typed settings and provenance.
//!
//! It does not depend on the disk, on kustomize, or on clouds except for the grammars of values. Statements are checked
//! once; the scope of a cluster is evaluated lazily, and errors in it are reported by the code that needs the value.

mod cluster_layers;
mod controllers;
mod declarations;
mod definitions;
mod evaluator;
mod identity;
mod layers;
mod literals;
mod platforms;
mod profiles;
mod provenance;
mod ranges;
mod recipient;
mod references;
pub(crate) mod settings;
mod unresolved;
pub(crate) mod values;
mod values_files;

pub(crate) use cluster_layers::ClusterLayers;
pub(crate) use declarations::{
    AllowScope, Declarations, DeclaredAllow, DeclaredCluster, FileUses, resolve_recipient,
};
pub(crate) use definitions::report_duplicate;
pub(crate) use evaluator::{Evaluator, Located};
pub(crate) use identity::{Identifier, ResolvedIdentity, ResolvedMapping, ResolvedValue};
pub(crate) use layers::{
    Layer, OnLayer, PassthroughKind, PassthroughStatement, reserved_for_roles, reserved_for_variables,
};
pub(crate) use literals::{check_passthrough, check_target};
pub(crate) use platforms::resolve_platform;
pub(crate) use profiles::{ProfileView, Profiles, UsedProfiles};
pub use provenance::{Binding, Meaning, Origin, PassthroughSite, Provenance, Site, Unmentioned};
pub(crate) use recipient::{AccountName, RecipientName};
pub(crate) use settings::Typed;
pub(crate) use unresolved::Unresolved;
pub(crate) use values::Evaluated;
pub(crate) use values_files::ClusterValues;
