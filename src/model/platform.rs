//! What a cluster runs on.

use crate::model::Provider;
use crate::model::named::named;

named! {
    /// What a cluster runs on.
    pub enum Platform {
        /// Amazon Elastic Kubernetes Service.
        Eks = "eks",
        /// Azure Kubernetes Service.
        Aks = "aks",
        /// Google Kubernetes Engine.
        Gke = "gke",
        /// Any other cluster that has an OIDC issuer.
        Kubernetes = "kubernetes",
    }
}

impl Platform {
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
