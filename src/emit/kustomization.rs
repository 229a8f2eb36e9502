//! A `kustomization.yaml` as types. The order of the fields is that of the output.

use std::borrow::Cow;

/// A kustomization.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kustomization<'f> {
    /// What it builds on.
    pub resources: Vec<&'f str>,
    /// What it changes.
    pub patches: Vec<Patch<'f>>,
}

/// A strategic-merge patch, and what it is applied to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Patch<'f> {
    /// What it says.
    pub manifest: Manifest<'f>,
    /// The names of the objects, which are all of the manifest's kind. Never empty.
    pub target_names: Vec<&'f str>,
}

/// The part of an object that a patch says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Manifest<'f> {
    /// Annotations of ServiceAccounts.
    ServiceAccount {
        /// Keys and values.
        annotations: Vec<(&'static str, Cow<'f, str>)>,
    },
    /// Labels of Deployments and of their pods.
    Deployment {
        /// Keys and values.
        labels: Vec<(&'static str, &'static str)>,
    },
}

impl Manifest<'_> {
    /// The API version of the objects.
    pub const fn api_version(&self) -> &'static str {
        match self {
            Manifest::ServiceAccount { .. } => "v1",
            Manifest::Deployment { .. } => "apps/v1",
        }
    }

    /// The kind of the objects.
    pub const fn kind(&self) -> &'static str {
        match self {
            Manifest::ServiceAccount { .. } => "ServiceAccount",
            Manifest::Deployment { .. } => "Deployment",
        }
    }
}
