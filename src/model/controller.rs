//! The Flux controllers.

/// A controller of Flux.
///
/// The order is that of the output. Name, Deployment and ServiceAccount of a controller are one and the same.
/// Source: the component list of the Flux command line, `pkg/manifestgen/install/options.go` of fluxcd/flux2.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Controller {
    /// Fetches Git repositories, OCI artifacts, Helm charts and buckets.
    Source,
    /// Applies kustomizations, and decrypts their secrets.
    Kustomize,
    /// Installs Helm releases.
    Helm,
    /// Sends and receives events.
    Notification,
    /// Scans image registries.
    ImageReflector,
    /// Writes image updates to Git.
    ImageAutomation,
    /// Makes artifacts of other sources.
    SourceWatcher,
}

impl Controller {
    /// All controllers, in canonical order.
    pub const ALL: [Controller; 7] = [
        Controller::Source,
        Controller::Kustomize,
        Controller::Helm,
        Controller::Notification,
        Controller::ImageReflector,
        Controller::ImageAutomation,
        Controller::SourceWatcher,
    ];

    /// Its name, and that of its Deployment and its ServiceAccount.
    pub const fn name(self) -> &'static str {
        match self {
            Controller::Source => "source-controller",
            Controller::Kustomize => "kustomize-controller",
            Controller::Helm => "helm-controller",
            Controller::Notification => "notification-controller",
            Controller::ImageReflector => "image-reflector-controller",
            Controller::ImageAutomation => "image-automation-controller",
            Controller::SourceWatcher => "source-watcher",
        }
    }

    /// The controller of that name.
    pub fn from_name(name: &str) -> Option<Controller> {
        Controller::ALL.into_iter().find(|controller| controller.name() == name)
    }

    /// Whether it pulls: artifacts, charts and images.
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

    /// Whether it decrypts secrets. Source: as above.
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
