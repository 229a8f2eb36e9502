//! Problems of overlays that are imported.

mod message;
mod verification;

pub use verification::VerificationFault;

use crate::model::{Controller, Platform, Provider};
use crate::problem::{Code, Finding, PrimaryPlace, ProblemKind, coded};
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

coded! {
    /// What is wrong with an imported overlay, or is not imported from it.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub enum AdoptionFault {
        Nothing => NothingToImport,
        Yaml(Fault) => ForeignYaml,
        NotOneDocument => ForeignYaml,
        NotText { path: String } => MissingPart,
        Missing { path: String } => MissingPart,
        Unreadable { path: String, cause: String } => MissingPart,
        /// The file itself, and not one that it names.
        NotRead {
            /// A clause.
            cause: String,
        } => MissingPart,
        Outside { path: String } => MissingPart,
        NoPatch => Unbuildable,
        NoObject => Unbuildable,
        NoTarget => Unbuildable,
        /// A field of the target is no regular expression or label selector of kustomize.
        InvalidTarget { field: &'static str, value: String } => Unbuildable,
        Unescaped => Unbuildable,
        Twice { name: String } => Unbuildable,
        NotThere {
            kind: String, name: String,
            /// Empty if the patch has no namespace.
            namespace: String,
        } => Unbuildable,
        /// A patch with the API version of no such object.
        OtherApi { kind: &'static str, name: String, read: String, expected: String } => Unbuildable,
        TargetWithin => TargetWithin,
        HitsNothing => HitsNothing,
        OfAnotherCloud { provider: Provider, platform: Platform } => UnreadIdentity,
        NeverUsed { controller: &'static str } => UnreadIdentity,
        NoIdentity { key: &'static str, value: String, is_placeholder: bool } => NoIdentity,
        UnreadLabel => UnreadLabel,
        NoPodLabel { controller: &'static str } => NoPodLabel,
        NoTenant => TenantLeft,
        AadPodIdentity => AadPodIdentity,
        OtherFederation => OtherFederation,
        OtherPlatform { taken: (Witness, Platform), other: (Witness, Platform) } => PlatformInDoubt,
        NoPlatform => PlatformInDoubt,
        Unsayable { what: String } => StaysInHand,
        UnsayableComponent { what: String } => StaysInHand,
        Uncertain { what: String } => StaysInHand,
        NoNamespace { namespace: String } => StaysInHand,
        NoOutput { path: String } => StaysInHand,
        NotEditable => NotEditable,
        Overridden { value: String, by: Span } => Overridden,
        Comment => CommentLost,
        Unneeded { path: String } => Unneeded,
        Instance { controllers: Vec<Controller>, value: String } => InstanceIdentity,
        Renamed { controller: &'static str } => VolumesRenamed,
        Superseded { name: String } => Unneeded,
        Unseen { controller: &'static str } => UnseenIdentity,
        InSource => InSource,
        NoCluster => LooseAccounts,
        EditedAccounts => LooseAccounts,
        Shared { controller: &'static str, other: &'static str } => SharedPatch,
        Verification(VerificationFault) => [0: fault] fault.code(),
    }
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

impl From<VerificationFault> for AdoptionFault {
    fn from(fault: VerificationFault) -> AdoptionFault {
        AdoptionFault::Verification(fault)
    }
}
