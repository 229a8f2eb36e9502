//! The Flux controllers.

use crate::model::flux::FluxVersion;
use crate::model::named::named;

named! {
    /// A controller of Flux.
    ///
    /// The order is that of the output. Name, Deployment and ServiceAccount of a controller are one and the same.
    /// Source: the component list of the Flux command line, `pkg/manifestgen/install/options.go` of fluxcd/flux2.
    pub enum Controller {
        /// Fetches Git repositories, OCI artifacts, Helm charts and buckets.
        Source = "source-controller",
        /// Applies kustomizations, and decrypts their secrets.
        Kustomize = "kustomize-controller",
        /// Installs Helm releases.
        Helm = "helm-controller",
        /// Sends and receives events.
        Notification = "notification-controller",
        /// Scans image registries.
        ImageReflector = "image-reflector-controller",
        /// Writes image updates to Git.
        ImageAutomation = "image-automation-controller",
        /// Makes artifacts of other sources.
        SourceWatcher = "source-watcher",
    }
}

impl Controller {
    /// True if that version of Flux has it. Source: the changelog of Flux 2.7, which adds `source-watcher`; all others
    /// are older than Flux 2.0.
    pub fn exists_in(self, version: FluxVersion) -> bool {
        match self {
            Controller::SourceWatcher => version >= FluxVersion { major: 2, minor: 7 },
            Controller::Source
            | Controller::Kustomize
            | Controller::Helm
            | Controller::Notification
            | Controller::ImageReflector
            | Controller::ImageAutomation => true,
        }
    }

    /// True if it pulls: artifacts, charts and images.
    /// Source: "AWS", "Azure" and "GCP" under "Integrations" of the Flux documentation.
    pub const fn pulls(self) -> bool {
        match self {
            Controller::Source | Controller::ImageReflector => true,
            Controller::Kustomize
            | Controller::Helm
            | Controller::Notification
            | Controller::ImageAutomation
            | Controller::SourceWatcher => false,
        }
    }

    /// True if it decrypts secrets. Source: as above.
    pub const fn decrypts(self) -> bool {
        match self {
            Controller::Kustomize => true,
            Controller::Source
            | Controller::Helm
            | Controller::Notification
            | Controller::ImageReflector
            | Controller::ImageAutomation
            | Controller::SourceWatcher => false,
        }
    }
}
