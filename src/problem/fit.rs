//! What can be wrong with how things fit together.

use crate::model::{Platform, Provider};
use crate::problem::{Code, Finding};
use crate::span::Span;

/// Things that are right by themselves do not fit together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FitProblem {
    /// An identity of one provider is written as one of another.
    OtherCloudsIdentity {
        /// The text.
        at: Span,
        /// The text after interpolation, where it is another.
        value: Option<String>,
        /// The provider that is written before it.
        written: Provider,
        /// The provider whose identities look like this.
        looks: Provider,
    },
    /// A controller would get two identities of one provider.
    TwoOfOneProvider {
        /// The second.
        at: Span,
        /// The first.
        first: Span,
        /// The provider.
        provider: Provider,
        /// The controller's name.
        controller: &'static str,
    },
    /// Nothing says the tenant of a managed identity.
    MissingTenant {
        /// The identity.
        at: Span,
    },
    /// The client id of a managed identity is its tenant's.
    TenantAsClient {
        /// The client id.
        at: Span,
        /// The tenant.
        tenant: Span,
    },
    /// Two clusters write one overlay.
    SameOutput {
        /// The second cluster.
        at: Span,
        /// The first one.
        first: Span,
        /// The directory, as the second has it.
        path: String,
        /// Whether the two differ in the case of letters only.
        by_case: bool,
    },
}

impl FitProblem {
    /// The problem in words.
    pub fn finding(&self) -> Finding {
        match self {
            FitProblem::OtherCloudsIdentity { at, value, written, looks } => {
                let (written, name, looks, looks_name) =
                    (written.identity(), written.name(), looks.identity(), looks.name());
                let message = format!("this is {looks} (`{looks_name}`), not {written} (`{name}`)");
                let finding = Finding::at(Code::OtherCloudsIdentity, *at, message)
                    .help(format!("write `{looks_name}` before it, or {written} in its place"));
                match value {
                    Some(value) => finding.because(format!("becomes `{value}`")),
                    None => finding.because(looks),
                }
            }
            FitProblem::TwoOfOneProvider { at, first, provider, controller } => {
                let message = format!("`{controller}` gets two identities of `{}`", provider.name());
                Finding::at(Code::TwoOfOneProvider, *at, message)
                    .because("the second")
                    .label(*first, "the first")
                    .help("leave one of them, with the permissions of both")
                    .note("a controller has one identity of each provider")
            }
            FitProblem::MissingTenant { at } => {
                Finding::at(Code::MissingTenant, *at, "this managed identity has no tenant")
                    .because("in which tenant is it?")
                    .help(
                        "write `tenant = \"…\"` in the cluster or in a profile that it uses, or \
                           `{ tenant = \"…\" }` behind the client id",
                    )
                    .help("write `tenant = webhook` to leave it to the webhook of the AKS cluster")
            }
            FitProblem::TenantAsClient { at, tenant } => {
                Finding::at(Code::TenantAsClient, *at, "the client id is the id of the tenant")
                    .because("the client id of the managed identity belongs here")
                    .label(*tenant, "the tenant")
                    .help("copy the client id of the managed identity: `az identity show --query clientId`")
            }
            FitProblem::SameOutput { at, first, path, by_case } => {
                let message = if *by_case {
                    format!("two clusters write `{path}`, but for the case of letters")
                } else {
                    format!("two clusters write `{path}`")
                };
                Finding::at(Code::SameOutput, *at, message)
                    .because("this one")
                    .label(*first, "and this one")
                    .help("put `${cluster}` into `output`, or give one of them another `output`")
            }
        }
    }
}

/// How to give a controller an identity on a platform, for those who look for one.
pub fn native_identity(platform: Platform) -> Option<&'static str> {
    platform.native_provider().map(|provider| match provider {
        Provider::Aws => "an IAM role: `aws \"arn:aws:iam::111122223333:role/…\"`",
        Provider::Azure => "a managed identity: `azure \"CLIENT ID\"`",
        Provider::Gcp => "a Google service account: `gcp \"…@PROJECT.iam.gserviceaccount.com\"`",
    })
}
