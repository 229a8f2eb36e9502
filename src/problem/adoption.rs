//! Problems of overlays that are imported.

mod message;
mod verification;

pub use verification::VerificationFault;

use crate::model::{Controller, Platform, Provider};
use crate::problem::{Code, Finding, PrimaryPlace, ProblemKind};
use crate::span::Span;
use crate::spanned::Fault;

/// A problem of an imported overlay.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AdoptionProblem {
    place: AdoptionPlace,
    fault: AdoptionFault,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum AdoptionPlace {
    At(Span),
    File(String),
}

/// What is wrong with an imported overlay, or is not imported from it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AdoptionFault {
    Nothing,
    Yaml(Fault),
    NotOneDocument,
    NotText {
        path: String,
    },
    Missing {
        path: String,
    },
    Unreadable {
        path: String,
        cause: String,
    },
    /// The file itself, and not one that it names.
    NotRead {
        /// A clause.
        cause: String,
    },
    Outside {
        path: String,
    },
    NoPatch,
    NoObject,
    NoTarget,
    /// A field of the target is no regular expression or label selector of kustomize.
    InvalidTarget {
        field: &'static str,
        value: String,
    },
    Unescaped,
    Twice {
        name: String,
    },
    NotThere {
        kind: String,
        name: String,
        /// Empty if the patch has no namespace.
        namespace: String,
    },
    /// A patch with the API version of no such object.
    OtherApi {
        kind: &'static str,
        name: String,
        read: String,
        expected: String,
    },
    TargetWithin,
    HitsNothing,
    OfAnotherCloud {
        provider: Provider,
        platform: Platform,
    },
    NeverUsed {
        controller: &'static str,
    },
    NoIdentity {
        key: &'static str,
        value: String,
        is_placeholder: bool,
    },
    UnreadLabel,
    NoPodLabel {
        controller: &'static str,
    },
    NoTenant,
    AadPodIdentity,
    OtherFederation,
    OtherPlatform {
        taken: (Witness, Platform),
        other: (Witness, Platform),
    },
    NoPlatform,
    Unsayable {
        what: String,
    },
    UnsayableComponent {
        what: String,
    },
    Uncertain {
        what: String,
    },
    NoNamespace {
        namespace: String,
    },
    NoOutput {
        path: String,
    },
    NotEditable,
    Overridden {
        value: String,
        by: Span,
    },
    Comment,
    Unneeded {
        path: String,
    },
    Instance {
        controllers: Vec<Controller>,
        value: String,
    },
    Renamed {
        controller: &'static str,
    },
    Superseded {
        name: String,
    },
    Unseen {
        controller: &'static str,
    },
    InSource,
    NoCluster,
    EditedAccounts,
    Shared {
        controller: &'static str,
        other: &'static str,
    },
    Verification(VerificationFault),
}

/// The evidence for the platform of a cluster.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Witness {
    /// The name of the directory.
    Name,
    /// The node labels that installed manifests select.
    Installed,
    /// The identities of the controllers.
    Identities,
}

impl Witness {
    fn says(self, platform: Platform) -> String {
        let platform = platform.name();
        match self {
            Witness::Name => format!("the directory name contains `{platform}`"),
            Witness::Installed => format!("the installed manifests select nodes of `{platform}`"),
            Witness::Identities => format!("the identities belong to `{platform}`"),
        }
    }
}

impl AdoptionProblem {
    /// A problem at a place in a file.
    pub fn at(at: Span, fault: AdoptionFault) -> AdoptionProblem {
        AdoptionProblem { place: AdoptionPlace::At(at), fault }
    }

    /// A problem of a whole file or directory.
    pub fn in_file(path: impl Into<String>, fault: impl Into<AdoptionFault>) -> AdoptionProblem {
        AdoptionProblem { place: AdoptionPlace::File(path.into()), fault: fault.into() }
    }
}

impl ProblemKind for AdoptionProblem {
    fn code(&self) -> Code {
        self.fault.code()
    }

    fn place(&self) -> PrimaryPlace<'_> {
        match &self.place {
            AdoptionPlace::At(at) => PrimaryPlace::Source(*at),
            AdoptionPlace::File(path) => PrimaryPlace::File(path),
        }
    }

    fn finding(&self) -> Finding {
        self.fault.finding(self.head())
    }
}

impl AdoptionFault {
    fn code(&self) -> Code {
        match self {
            AdoptionFault::Nothing => Code::NothingToImport,
            AdoptionFault::Yaml(_) | AdoptionFault::NotOneDocument => Code::ForeignYaml,
            AdoptionFault::NotText { .. }
            | AdoptionFault::Missing { .. }
            | AdoptionFault::Unreadable { .. }
            | AdoptionFault::NotRead { .. }
            | AdoptionFault::Outside { .. } => Code::MissingPart,
            AdoptionFault::NoPatch
            | AdoptionFault::NoObject
            | AdoptionFault::NoTarget
            | AdoptionFault::InvalidTarget { .. }
            | AdoptionFault::Unescaped
            | AdoptionFault::Twice { .. }
            | AdoptionFault::NotThere { .. }
            | AdoptionFault::OtherApi { .. } => Code::Unbuildable,
            AdoptionFault::TargetWithin => Code::TargetWithin,
            AdoptionFault::HitsNothing => Code::HitsNothing,
            AdoptionFault::OfAnotherCloud { .. } | AdoptionFault::NeverUsed { .. } => Code::UnreadIdentity,
            AdoptionFault::NoIdentity { .. } => Code::NoIdentity,
            AdoptionFault::UnreadLabel => Code::UnreadLabel,
            AdoptionFault::NoPodLabel { .. } => Code::NoPodLabel,
            AdoptionFault::NoTenant => Code::TenantLeft,
            AdoptionFault::AadPodIdentity => Code::AadPodIdentity,
            AdoptionFault::OtherFederation => Code::OtherFederation,
            AdoptionFault::OtherPlatform { .. } | AdoptionFault::NoPlatform => Code::PlatformInDoubt,
            AdoptionFault::Unsayable { .. }
            | AdoptionFault::UnsayableComponent { .. }
            | AdoptionFault::Uncertain { .. }
            | AdoptionFault::NoNamespace { .. }
            | AdoptionFault::NoOutput { .. } => Code::StaysInHand,
            AdoptionFault::NotEditable => Code::NotEditable,
            AdoptionFault::Overridden { .. } => Code::Overridden,
            AdoptionFault::Comment => Code::CommentLost,
            AdoptionFault::Unneeded { .. } | AdoptionFault::Superseded { .. } => Code::Unneeded,
            AdoptionFault::Instance { .. } => Code::InstanceIdentity,
            AdoptionFault::Renamed { .. } => Code::VolumesRenamed,
            AdoptionFault::Unseen { .. } => Code::UnseenIdentity,
            AdoptionFault::InSource => Code::InSource,
            AdoptionFault::NoCluster | AdoptionFault::EditedAccounts => Code::LooseAccounts,
            AdoptionFault::Shared { .. } => Code::SharedPatch,
            AdoptionFault::Verification(fault) => fault.code(),
        }
    }
}

impl From<VerificationFault> for AdoptionFault {
    fn from(fault: VerificationFault) -> AdoptionFault {
        AdoptionFault::Verification(fault)
    }
}
