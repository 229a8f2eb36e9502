//! What is written for a cluster, and what it does to what runs there.

use crate::model::named::named;

/// What is written for a cluster.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OverlayForm {
    /// A whole kustomization: resources and patches.
    Overlay(Install),
    /// A component: only patches, for a hand-written kustomization.
    Component,
}

named! {
    /// What is generated for a cluster.
    pub enum Emit {
        /// A whole kustomization.
        Overlay = "overlay",
        Component = "component",
    }
}

named! {
    /// Where Flux is installed from.
    pub enum Install {
        /// From the files that `flux bootstrap` writes beside the overlay.
        Bootstrap = "bootstrap",
        /// From a resource that the source names.
        None = "none",
    }
}

named! {
    /// Whether a change of identity restarts a controller. Pods get an identity only when they start.
    pub enum Restart {
        /// Somebody does it by hand, where nothing else does.
        ByHand = "by-hand",
        /// The pods carry a digest of the identities, so that a change rolls them.
        OnChange = "on-change",
    }
}

impl OverlayForm {
    /// True if the files of `flux bootstrap` are among its resources.
    pub const fn is_bootstrapped(self) -> bool {
        matches!(self, OverlayForm::Overlay(Install::Bootstrap))
    }

    /// The value of the setting `emit`.
    pub const fn emit(self) -> &'static str {
        match self {
            OverlayForm::Overlay(_) => Emit::Overlay.name(),
            OverlayForm::Component => Emit::Component.name(),
        }
    }

    /// The value of the setting `install`; its default for a component, which installs nothing.
    pub const fn install(self) -> &'static str {
        match self {
            OverlayForm::Overlay(install) => install.name(),
            OverlayForm::Component => Install::Bootstrap.name(),
        }
    }
}
