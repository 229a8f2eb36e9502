//! The settings of a source and the options of an identity: names, forms, defaults and documentation, each once.

use crate::model::azure::Cloud;
use crate::model::named::named;
use crate::model::{Emit, Install, Provider, Restart, TrustForm, TrustSubjects};

/// How a value is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ValueForm {
    /// In quotes.
    Text,
    /// In quotes, or one of these words.
    TextOr(&'static [&'static str]),
    /// One of these words.
    Word(&'static [&'static str]),
}

impl ValueForm {
    /// True if the word is valid without quotes.
    pub fn has(self, word: &str) -> bool {
        match self {
            ValueForm::Text => false,
            ValueForm::TextOr(words) | ValueForm::Word(words) => words.contains(&word),
        }
    }
}

/// The table of settings: name, form, default, and what the reference says. The order is that in which sources are
/// written by `import`.
macro_rules! settings {
    ($($Setting:ident $name:literal $form:expr, $default:expr, $documentation:literal;)+) => {
        named! {
            /// A typed name that a file, a profile or a cluster can give a value.
            pub enum Setting {
                $(#[doc = $documentation] $Setting = $name,)+
            }
        }

        impl Setting {
            /// How its value is written.
            pub const fn form(self) -> ValueForm {
                match self { $(Setting::$Setting => $form,)+ }
            }

            /// Its value where no statement gives one, without quotes; a path template for the paths of an overlay.
            /// None if it has no value then.
            pub const fn default(self) -> Option<&'static str> {
                match self { $(Setting::$Setting => $default,)+ }
            }

            /// What it means, in Markdown.
            pub const fn documentation(self) -> &'static str {
                match self { $(Setting::$Setting => $documentation,)+ }
            }
        }
    };
}

use ValueForm::{Text, TextOr, Word};

settings! {
    Output "output" Text, Some("clusters/${cluster}/${namespace}"),
        "the directory of the overlay";
    Emit "emit" Word(Emit::NAMES), Some("overlay"),
        "`overlay`, or `component`: the patches alone, for a `kustomization.yaml` that stays in your hands";
    Install "install" Word(Install::NAMES), Some("bootstrap"),
        "`bootstrap`, or `none`: the overlay has only what `resource` adds";
    Restart "restart" Word(Restart::NAMES), Some("by-hand"),
        "`by-hand`, or `on-change`: pods roll when their controller's identities change";
    Namespace "namespace" Text, Some("flux-system"),
        "the namespace that Flux is installed in";
    Tenant "tenant" TextOr(&["webhook"]), None,
        "an Azure tenant, a GUID, or the word `webhook`";
    Account "account" Text, None,
        "the cluster's own AWS account, 12 digits";
    EksName "eks-name" Text, None,
        "the name of the cluster in EKS, if it differs from its name in the source";
    Project "project" Text, None,
        "the id of the cluster's own Google Cloud project";
    ProjectNumber "project-number" Text, None,
        "the number of that project";
    Region "region" Text, None,
        "an AWS region: on `eks` the cluster's own, elsewhere that of the STS endpoint";
    AzureCloud "azure-cloud" Word(Cloud::NAMES), Some("public"),
        "`public`, `usgov` or `china`";
    WorkloadIdentityProvider "workload-identity-provider" Text, None,
        "the full name of a Google Cloud workload identity provider";
    Issuer "issuer" Text, None,
        "the URL of the cluster's OIDC issuer";
    Flux "flux" Text, None,
        "the version of Flux, such as `\"2.9\"`; without it, what `gotk-components.yaml` says";
    ServiceAccounts "service-accounts" Text, Some("clusters/${cluster}/service-accounts"),
        "the directory of tenants' ServiceAccounts";
    TrustSubjects "trust-subjects" Word(TrustSubjects::NAMES), Some("exact"),
        "`exact`, or `namespace`: [trust policies](trust.md#length-of-a-trust-policy) trust all ServiceAccounts of a namespace";
    TrustOutput "trust-output" Text, None,
        "the directory in which `build` writes [trust](trust.md); only in the root source, without `${…}`";
    TrustForm "trust-form" Word(TrustForm::NAMES), Some("terraform"),
        "the [form](trust.md#forms) of trust; only in the root source";
}

impl Setting {
    /// True if it is a setting of the whole fleet, which only the root source has.
    pub const fn is_of_fleet(self) -> bool {
        matches!(self, Setting::TrustOutput | Setting::TrustForm)
    }

    /// The text that `${…}` puts in where no statement sets it.
    pub const fn default_in_text(self) -> Option<&'static str> {
        if self.is_known_in_text() { self.default() } else { None }
    }

    /// True if `${…}` can name it: every text, except for paths.
    pub const fn is_known_in_text(self) -> bool {
        match self.form() {
            Word(_) => false,
            Text | TextOr(_) => {
                !matches!(self, Setting::Output | Setting::ServiceAccounts | Setting::TrustOutput)
            }
        }
    }
}

named! {
    /// An option of an identity, written in braces behind it.
    pub enum IdentityOption {
        /// The audience of the token.
        Audience = "audience",
        /// The external id of an association of EKS Pod Identity.
        ExternalId = "external-id",
        /// The resource id of the managed identity.
        ResourceId = "resource-id",
        /// The role that EKS Pod Identity assumes next.
        TargetRole = "target-role",
        /// The tenant of the managed identity.
        Tenant = "tenant",
        /// The lifetime of the token, in seconds.
        TokenExpiration = "token-expiration",
        /// How the ServiceAccount comes by the role.
        Via = "via",
    }
}

impl IdentityOption {
    pub const fn for_provider(provider: Provider) -> &'static [IdentityOption] {
        match provider {
            Provider::Aws => &[
                IdentityOption::Audience,
                IdentityOption::ExternalId,
                IdentityOption::TargetRole,
                IdentityOption::TokenExpiration,
                IdentityOption::Via,
            ],
            Provider::Azure => {
                &[IdentityOption::ResourceId, IdentityOption::Tenant, IdentityOption::TokenExpiration]
            }
            Provider::Gcp => &[],
        }
    }

    /// How its value is written.
    pub const fn form(self) -> ValueForm {
        match self {
            IdentityOption::Tenant => TextOr(&["webhook"]),
            IdentityOption::Via => Word(&["pod-identity"]),
            IdentityOption::Audience
            | IdentityOption::ExternalId
            | IdentityOption::ResourceId
            | IdentityOption::TargetRole
            | IdentityOption::TokenExpiration => Text,
        }
    }
}
