//! What is written for a cluster, and what it does to what runs there.

/// What is written for a cluster.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OverlayForm {
    /// A whole kustomization: what is installed, and the patches for it.
    Overlay(Install),
    /// A component: the patches alone, for a kustomization that somebody else writes.
    Component,
}

/// Where Flux is installed from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Install {
    /// From the files that `flux bootstrap` writes beside the overlay.
    Bootstrap,
    /// From a resource that the source names.
    None,
}

/// Whether a change of identity restarts a controller. Pods take an identity on only when they start.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Restart {
    /// Somebody does it by hand, where nothing else does.
    ByHand,
    /// The pods carry a digest of the identities, so that a change rolls them.
    OnChange,
}

impl OverlayForm {
    /// The value of the setting `emit`.
    pub const fn emit(self) -> &'static str {
        match self {
            OverlayForm::Overlay(_) => "overlay",
            OverlayForm::Component => "component",
        }
    }

    /// The value of the setting `install`; its default for a component, which installs nothing.
    pub const fn install(self) -> &'static str {
        match self {
            OverlayForm::Overlay(Install::Bootstrap) | OverlayForm::Component => "bootstrap",
            OverlayForm::Overlay(Install::None) => "none",
        }
    }
}

impl Restart {
    /// The value of the setting `restart`.
    pub const fn name(self) -> &'static str {
        match self {
            Restart::ByHand => "by-hand",
            Restart::OnChange => "on-change",
        }
    }
}
