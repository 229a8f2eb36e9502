//! The fields of a kustomization that change all objects at once.
//!
//! Source: `api/filters` and `api/internal/konfig/builtinpluginconsts` of kubernetes-sigs/kustomize.

mod fields;
mod images;
mod labels;
mod names;
mod namespace;
mod replicas;

pub(crate) use fields::visit;
pub(crate) use images::set_image;
pub(crate) use labels::{set_annotations, set_common_labels, set_labels};
pub(crate) use names::{add_prefix, add_suffix};
pub(crate) use namespace::set_namespace;
pub(crate) use replicas::set_replicas;
