//! The closed list of settings and of the options of an identity.

use crate::model::Provider;

/// A typed name that a file, a profile or a cluster can give a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Setting {
    /// The number of the cluster's own AWS account.
    Account,
    /// Which Azure cloud it is.
    AzureCloud,
    /// Whether a whole overlay is written, or a component of one.
    Emit,
    /// The version of Flux.
    Flux,
    /// Whether the overlay names the files that `flux bootstrap` writes.
    Install,
    /// The cluster's OIDC issuer.
    Issuer,
    /// The namespace that Flux is installed in.
    Namespace,
    /// Where the overlay is written.
    Output,
    /// The id of the cluster's own Google Cloud project.
    Project,
    /// The number of that project.
    ProjectNumber,
    /// The AWS region.
    Region,
    /// Whether a change of identity restarts a controller.
    Restart,
    /// Where the tenants' ServiceAccounts are written.
    ServiceAccounts,
    /// The Azure tenant.
    Tenant,
    /// The workload identity provider that trusts the cluster.
    WorkloadIdentityProvider,
}

/// How a value is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// In quotes.
    Text,
    /// In quotes, or one of these words.
    TextOr(&'static [&'static str]),
    /// One of these words.
    Word(&'static [&'static str]),
}

impl Form {
    /// Whether this is a word that can be written there.
    pub fn has(self, word: &str) -> bool {
        match self {
            Form::Text => false,
            Form::TextOr(words) | Form::Word(words) => words.contains(&word),
        }
    }
}

impl Setting {
    /// All settings, by name.
    pub const ALL: [Setting; 15] = [
        Setting::Account,
        Setting::AzureCloud,
        Setting::Emit,
        Setting::Flux,
        Setting::Install,
        Setting::Issuer,
        Setting::Namespace,
        Setting::Output,
        Setting::Project,
        Setting::ProjectNumber,
        Setting::Region,
        Setting::Restart,
        Setting::ServiceAccounts,
        Setting::Tenant,
        Setting::WorkloadIdentityProvider,
    ];

    /// Its name in a source.
    pub const fn name(self) -> &'static str {
        match self {
            Setting::Account => "account",
            Setting::AzureCloud => "azure-cloud",
            Setting::Emit => "emit",
            Setting::Flux => "flux",
            Setting::Install => "install",
            Setting::Issuer => "issuer",
            Setting::Namespace => "namespace",
            Setting::Output => "output",
            Setting::Project => "project",
            Setting::ProjectNumber => "project-number",
            Setting::Region => "region",
            Setting::Restart => "restart",
            Setting::ServiceAccounts => "service-accounts",
            Setting::Tenant => "tenant",
            Setting::WorkloadIdentityProvider => "workload-identity-provider",
        }
    }

    /// The setting of that name.
    pub fn from_name(name: &str) -> Option<Setting> {
        Setting::ALL.into_iter().find(|setting| setting.name() == name)
    }

    /// How its value is written.
    pub const fn form(self) -> Form {
        match self {
            Setting::AzureCloud => Form::Word(&["public", "usgov", "china"]),
            Setting::Emit => Form::Word(&["overlay", "component"]),
            Setting::Install => Form::Word(&["bootstrap", "none"]),
            Setting::Restart => Form::Word(&["by-hand", "on-change"]),
            Setting::Tenant => Form::TextOr(&["webhook"]),
            Setting::Account
            | Setting::Flux
            | Setting::Issuer
            | Setting::Namespace
            | Setting::Output
            | Setting::Project
            | Setting::ProjectNumber
            | Setting::Region
            | Setting::ServiceAccounts
            | Setting::WorkloadIdentityProvider => Form::Text,
        }
    }

    /// Whether `${…}` knows it: every text, but for the two templates of paths.
    pub const fn is_known_in_text(self) -> bool {
        match self.form() {
            Form::Word(_) => false,
            Form::Text | Form::TextOr(_) => !matches!(self, Setting::Output | Setting::ServiceAccounts),
        }
    }
}

/// What can stand in braces behind an identity.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum IdentityOption {
    /// The audience of the token.
    Audience,
    /// The resource id of the managed identity.
    ResourceId,
    /// The tenant of the managed identity.
    Tenant,
    /// The lifetime of the token.
    TokenExpiration,
    /// The way from the ServiceAccount to the role.
    Via,
}

impl IdentityOption {
    /// The options of a provider's identities.
    pub const fn of(provider: Provider) -> &'static [IdentityOption] {
        match provider {
            Provider::Aws => {
                &[IdentityOption::Audience, IdentityOption::TokenExpiration, IdentityOption::Via]
            }
            Provider::Azure => {
                &[IdentityOption::ResourceId, IdentityOption::Tenant, IdentityOption::TokenExpiration]
            }
            Provider::Gcp => &[],
        }
    }

    /// Its name in a source.
    pub const fn name(self) -> &'static str {
        match self {
            IdentityOption::Audience => "audience",
            IdentityOption::ResourceId => "resource-id",
            IdentityOption::Tenant => "tenant",
            IdentityOption::TokenExpiration => "token-expiration",
            IdentityOption::Via => "via",
        }
    }

    /// How its value is written.
    pub const fn form(self) -> Form {
        match self {
            IdentityOption::Tenant => Form::TextOr(&["webhook"]),
            IdentityOption::Via => Form::Word(&["pod-identity"]),
            IdentityOption::Audience | IdentityOption::ResourceId | IdentityOption::TokenExpiration => {
                Form::Text
            }
        }
    }
}
