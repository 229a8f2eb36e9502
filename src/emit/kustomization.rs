//! A `kustomization.yaml` as types. The order of the fields is that of the output.

use std::borrow::Cow;

use crate::model::{ConfigMap, Entry, ForeignPatch, Volume};

/// A kustomization, or a component of one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kustomization<'f> {
    pub kind: Kind,
    pub resources: Vec<Cow<'f, str>>,
    pub components: Vec<Cow<'f, str>>,
    /// The `ConfigMap`s that it makes.
    pub config_maps: Vec<ConfigMap<'f>>,
    /// Their namespace. Volumes find them in none but their own.
    pub namespace: &'f str,
    pub foreign: &'f [ForeignPatch],
    pub patches: Vec<GeneratedPatch<'f>>,
}

/// A kustomization, or a component of one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Kustomization,
    Component,
}

impl Kind {
    pub const fn name(self) -> &'static str {
        match self {
            Kind::Kustomization => "Kustomization",
            Kind::Component => "Component",
        }
    }

    /// Its API version. Source: `api/types/kustomization.go` of kubernetes-sigs/kustomize.
    pub const fn api_version(self) -> &'static str {
        match self {
            Kind::Kustomization => "kustomize.config.k8s.io/v1beta1",
            Kind::Component => "kustomize.config.k8s.io/v1alpha1",
        }
    }
}

/// A patch, and what it is applied to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GeneratedPatch<'f> {
    pub change: Change<'f>,
    /// The names of the objects, which are all of one kind. Never empty.
    pub target_names: Vec<&'static str>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change<'f> {
    /// Something is merged into objects, strategically.
    Merge(Manifest<'f>),
    /// The container `manager` of Deployments gets one more argument, by the operations of RFC 6902. Lists of arguments
    /// cannot be merged. It must be the first container; where it is not, kustomize refuses the patch.
    Argument(&'static str),
}

impl Change<'_> {
    pub const fn kind(&self) -> &'static str {
        match self {
            Change::Merge(manifest) => manifest.kind(),
            Change::Argument(_) => "Deployment",
        }
    }
}

/// The object of a strategic merge patch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Manifest<'f> {
    ServiceAccount {
        annotations: Vec<Entry<'f>>,
    },
    Deployment {
        labels: Vec<Entry<'f>>,
        pod_annotations: Vec<Entry<'f>>,
        /// Variables of the container `manager`.
        variables: Vec<Entry<'f>>,
        volumes: Vec<Volume<'f>>,
    },
}

impl Manifest<'_> {
    pub const fn api_version(&self) -> &'static str {
        match self {
            Manifest::ServiceAccount { .. } => "v1",
            Manifest::Deployment { .. } => "apps/v1",
        }
    }

    pub const fn kind(&self) -> &'static str {
        match self {
            Manifest::ServiceAccount { .. } => "ServiceAccount",
            Manifest::Deployment { .. } => "Deployment",
        }
    }
}
