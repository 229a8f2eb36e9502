//! The providers that each controller can use.

use crate::model::flux::FluxVersion;
use crate::model::{Controller, Provider};

/// Whether a controller can use an identity of a provider.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Integration {
    /// It can, in every version of Flux 2 that is about.
    Always,
    Since(FluxVersion),
    /// It cannot in any version that is known.
    Never,
}

/// The newest version of Flux whose integrations are known here.
pub const NEWEST: FluxVersion = FluxVersion { major: 2, minor: 9 };

const fn since(minor: u16) -> Integration {
    Integration::Since(FluxVersion { major: 2, minor })
}

/// Whether the controller can use an identity of the provider.
///
/// Sources: "AWS", "Azure" and "GCP" under "Integrations" of the Flux documentation, and the announcements of Flux 2.4
/// (Azure DevOps), 2.6 (Event Hubs), 2.7 (remote clusters, Azure DevOps status) and 2.9 (`CodeCommit`).
pub const fn integration(controller: Controller, provider: Provider) -> Integration {
    match (controller, provider) {
        // Registries and buckets of all three.
        (Controller::Source | Controller::ImageReflector, _) => Integration::Always,
        // Decryption with a key of any of the three.
        (Controller::Kustomize, _) => Integration::Always,
        // Remote clusters.
        (Controller::Helm, _) => since(7),
        // Event Hubs; commit status of Azure DevOps came with 2.7.
        (Controller::Notification, Provider::Azure) => since(6),
        // Pub/Sub.
        (Controller::Notification, Provider::Gcp) => Integration::Always,
        (Controller::Notification, Provider::Aws) => Integration::Never,
        // Pushes to CodeCommit.
        (Controller::ImageAutomation, Provider::Aws) => since(9),
        // Pushes to Azure DevOps.
        (Controller::ImageAutomation, Provider::Azure) => since(4),
        (Controller::ImageAutomation, Provider::Gcp) => Integration::Never,
        (Controller::SourceWatcher, _) => Integration::Never,
    }
}

/// True if the controller talks to any cloud at all.
/// Source: "Source Watcher" of the Flux documentation; it works on what others fetched.
pub const fn uses_identities(controller: Controller) -> bool {
    match controller {
        Controller::SourceWatcher => false,
        Controller::Source
        | Controller::Kustomize
        | Controller::Helm
        | Controller::Notification
        | Controller::ImageReflector
        | Controller::ImageAutomation => true,
    }
}

/// What a controller does with an identity of a provider; nothing if it cannot use one.
/// Sources: those of [`integration`], and the enumerations of `provider` in the API of each controller.
pub const fn purpose(controller: Controller, provider: Provider) -> Option<&'static str> {
    Some(match (controller, provider) {
        (Controller::Source, Provider::Aws) => "pulls charts and artifacts from ECR, S3 and CodeCommit",
        (Controller::Source, Provider::Azure) => {
            "pulls charts and artifacts from ACR, Blob Storage and Azure DevOps"
        }
        (Controller::Source, Provider::Gcp) => {
            "pulls charts and artifacts from Artifact Registry and Cloud Storage"
        }
        (Controller::Kustomize, Provider::Aws) => "decrypts with KMS, and reaches other clusters of EKS",
        (Controller::Kustomize, Provider::Azure) => {
            "decrypts with Key Vault, and reaches other clusters of AKS"
        }
        (Controller::Kustomize, Provider::Gcp) => {
            "decrypts with Cloud KMS, and reaches other clusters of GKE"
        }
        (Controller::Helm, Provider::Aws) => "reaches other clusters of EKS",
        (Controller::Helm, Provider::Azure) => "reaches other clusters of AKS",
        (Controller::Helm, Provider::Gcp) => "reaches other clusters of GKE",
        (Controller::Notification, Provider::Azure) => "posts to Event Hubs and Azure DevOps",
        (Controller::Notification, Provider::Gcp) => "posts to Pub/Sub",
        (Controller::ImageReflector, Provider::Aws) => "scans ECR",
        (Controller::ImageReflector, Provider::Azure) => "scans ACR",
        (Controller::ImageReflector, Provider::Gcp) => "scans Artifact Registry",
        (Controller::ImageAutomation, Provider::Aws) => "pushes to CodeCommit",
        (Controller::ImageAutomation, Provider::Azure) => "pushes to Azure DevOps",
        (Controller::Notification, Provider::Aws)
        | (Controller::ImageAutomation, Provider::Gcp)
        | (Controller::SourceWatcher, _) => return None,
    })
}
