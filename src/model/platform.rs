//! What a cluster runs on.

use crate::model::Provider;

/// What a cluster runs on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Platform {
    /// Amazon Elastic Kubernetes Service.
    Eks,
    /// Azure Kubernetes Service.
    Aks,
    /// Google Kubernetes Engine.
    Gke,
    /// Any other cluster that has an OIDC issuer.
    Kubernetes,
}

impl Platform {
    /// All platforms.
    pub const ALL: [Platform; 4] = [Platform::Eks, Platform::Aks, Platform::Gke, Platform::Kubernetes];

    /// Its name in a source.
    pub const fn name(self) -> &'static str {
        match self {
            Platform::Eks => "eks",
            Platform::Aks => "aks",
            Platform::Gke => "gke",
            Platform::Kubernetes => "kubernetes",
        }
    }

    /// The platform of that name.
    pub fn from_name(name: &str) -> Option<Platform> {
        Platform::ALL.into_iter().find(|platform| platform.name() == name)
    }

    /// The provider whose identities its pods can have without federation.
    pub const fn native_provider(self) -> Option<Provider> {
        match self {
            Platform::Eks => Some(Provider::Aws),
            Platform::Aks => Some(Provider::Azure),
            Platform::Gke => Some(Provider::Gcp),
            Platform::Kubernetes => None,
        }
    }
}
