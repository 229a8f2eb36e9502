//! What can be wrong with an identity on the cluster that has it.

use crate::model::aws::MAX_SESSION_NAME;
use crate::model::{Platform, Provider};
use crate::problem::{Code, Finding, PrimaryPlace, ProblemKind};
use crate::span::Span;

/// An identity that is right by itself cannot be had there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum GrantProblem {
    /// A controller would get two identities of one provider.
    TwoOfOneProvider {
        /// The second.
        at: Span,
        /// The first.
        first: Span,
        /// The provider.
        provider: Provider,
    },
    /// Nothing says the tenant of a managed identity.
    MissingTenant {
        /// The identity.
        at: Span,
        /// Whether the cluster has a webhook that knows one.
        webhook: bool,
    },
    /// The client id of a managed identity is its tenant's.
    TenantAsClient {
        /// The client id.
        at: Span,
        /// The tenant.
        tenant: Span,
    },
    /// The region of a cluster is of another partition than its role.
    OtherPartition {
        /// The ARN.
        at: Span,
        /// Its partition.
        partition: &'static str,
        /// The region.
        region: String,
        /// Where it is said.
        region_at: Span,
        /// The region's partition.
        of_region: &'static str,
    },
    /// A session name that AWS would refuse.
    SessionName {
        /// The identity.
        at: Span,
        /// The name.
        name: String,
    },
    /// A setting is needed to have an identity on a cluster of another cloud.
    MissingSetting {
        /// The identity.
        at: Span,
        /// The setting.
        setting: &'static str,
        /// The identity's provider.
        provider: Provider,
        /// The cluster's platform.
        platform: Platform,
        /// Where the platform is named.
        named: Span,
    },
    /// EKS Pod Identity on a cluster that is not of EKS.
    PodIdentityElsewhere {
        /// The word.
        at: Span,
        /// The cluster's platform.
        platform: Platform,
        /// Where the platform is named.
        named: Span,
    },
    /// EKS Pod Identity reads no option of the token.
    OptionOfPodIdentity {
        /// The option's value.
        at: Span,
        /// The option.
        option: &'static str,
        /// Where Pod Identity is asked for.
        via: Span,
    },
    /// EKS Pod Identity takes roles of the cluster's own account alone.
    PodIdentityAccount {
        /// The ARN.
        at: Span,
        /// The cluster's account.
        account: String,
        /// Where it is said.
        account_at: Span,
    },
    /// The tenant is left to a webhook that the cluster does not have.
    WebhookElsewhere {
        /// The word.
        at: Span,
        /// The identity.
        identity: Span,
        /// The cluster's platform.
        platform: Platform,
        /// Where the platform is named.
        named: Span,
    },
}

impl ProblemKind for GrantProblem {
    fn code(&self) -> Code {
        match self {
            GrantProblem::TwoOfOneProvider { .. } => Code::TwoOfOneProvider,
            GrantProblem::MissingTenant { .. } => Code::MissingTenant,
            GrantProblem::TenantAsClient { .. } => Code::TenantAsClient,
            GrantProblem::OtherPartition { .. } => Code::OtherPartition,
            GrantProblem::SessionName { .. } => Code::SessionName,
            GrantProblem::MissingSetting { .. } => Code::MissingSetting,
            GrantProblem::PodIdentityElsewhere { .. }
            | GrantProblem::OptionOfPodIdentity { .. }
            | GrantProblem::PodIdentityAccount { .. } => Code::PodIdentity,
            GrantProblem::WebhookElsewhere { .. } => Code::WebhookElsewhere,
        }
    }

    fn place(&self) -> PrimaryPlace<'_> {
        match self {
            GrantProblem::TwoOfOneProvider { at, .. }
            | GrantProblem::MissingTenant { at, .. }
            | GrantProblem::TenantAsClient { at, .. }
            | GrantProblem::OtherPartition { at, .. }
            | GrantProblem::SessionName { at, .. }
            | GrantProblem::MissingSetting { at, .. }
            | GrantProblem::PodIdentityElsewhere { at, .. }
            | GrantProblem::OptionOfPodIdentity { at, .. }
            | GrantProblem::PodIdentityAccount { at, .. }
            | GrantProblem::WebhookElsewhere { at, .. } => PrimaryPlace::Source(*at),
        }
    }

    fn finding(&self) -> Finding {
        match self {
            GrantProblem::TwoOfOneProvider { first, provider, .. } => {
                let message = format!("two identities of `{}` in one mapping", provider.name());
                self.with_message(message)
                    .reason("the second")
                    .label(*first, "the first")
                    .help("leave one of them, with the permissions of both")
                    .note("whoever is mapped has one identity of each provider")
            }
            GrantProblem::MissingTenant { webhook, .. } => {
                let finding = self
                    .with_message("this managed identity has no tenant")
                    .reason("in which tenant is it?")
                    .help(
                        "write `tenant = \"…\"` in the cluster or in a profile that it uses, or \
                           `{ tenant = \"…\" }` behind the client id",
                    );
                if *webhook {
                    finding.help("write `tenant = webhook` to leave it to the webhook of the AKS cluster")
                } else {
                    finding
                }
            }
            GrantProblem::TenantAsClient { tenant, .. } => self
                .with_message("the client id is the id of the tenant")
                .reason("the client id of the managed identity belongs here")
                .label(*tenant, "the tenant")
                .help("copy the client id of the managed identity: `az identity show --query clientId`"),
            GrantProblem::OtherPartition { partition, region, region_at, of_region, .. } => {
                let message = format!("a role of `{partition}` in a region of `{of_region}`");
                self.with_message(message)
                    .reason(format!("partition `{partition}`"))
                    .label(*region_at, format!("`{region}` is in `{of_region}`"))
                    .help(format!("write `arn:{of_region}:…`, or another region"))
                    .note("no session of one AWS partition is good in another")
            }
            GrantProblem::SessionName { name, .. } => {
                let (length, most) = (name.len(), MAX_SESSION_NAME);
                let message =
                    format!("the session name would have {length} characters, and AWS takes {most}");
                self.with_message(message)
                    .reason(format!("`{name}`"))
                    .help("shorten `namespace`, or take another `region`")
            }
            GrantProblem::MissingSetting { setting, provider, platform, named, .. } => {
                let message = format!(
                    "an identity of `{}` on a cluster `on {}` needs `{setting}`",
                    provider.name(),
                    platform.name()
                );
                let (example, why) = match provider {
                    Provider::Aws => ("eu-west-1", "pods exchange their token at AWS STS in that region"),
                    Provider::Azure | Provider::Gcp => (
                        "projects/NUMBER/locations/global/workloadIdentityPools/POOL/providers/PROVIDER",
                        "tokens of the cluster are exchanged through the provider that trusts it",
                    ),
                };
                let finding = self
                    .with_message(message)
                    .reason(format!("nothing says `{setting}`"))
                    .label(*named, "the cluster runs here")
                    .help(format!(
                        "write `{setting} = \"{example}\"` in the cluster or in a profile that it uses"
                    ))
                    .note(why);
                match native_identity(*platform) {
                    Some(identity) => {
                        finding.help(format!("or give it an identity of its own cloud: {identity}"))
                    }
                    None => finding,
                }
            }
            GrantProblem::PodIdentityElsewhere { platform, named, .. } => {
                let message = format!("a cluster `on {}` has no EKS Pod Identity", platform.name());
                self.with_message(message)
                    .reason("the agent for it runs on EKS alone")
                    .label(*named, "the cluster runs here")
                    .help("remove `via = pod-identity`: the role is then had by federation, which needs `region`")
            }
            GrantProblem::OptionOfPodIdentity { option, via, .. } => {
                let message = format!("nothing reads `{option}` beside `via = pod-identity`");
                self.with_message(message)
                    .reason("the agent reads no option of the token")
                    .label(*via, "EKS Pod Identity is asked for here")
                    .help(format!("remove `{option}`, or `via = pod-identity`"))
            }
            GrantProblem::PodIdentityAccount { account, account_at, .. } => {
                let message = "a role of another account cannot be had by EKS Pod Identity";
                self.with_message(message)
                    .reason(format!("not of `{account}`"))
                    .label(*account_at, "the cluster's account")
                    .help("take a role of that account, or remove `via = pod-identity`")
            }
            GrantProblem::WebhookElsewhere { identity, platform, named, .. } => {
                let message = format!("no webhook on a cluster `on {}` knows a tenant", platform.name());
                self.with_message(message)
                    .reason("left to a webhook")
                    .label(*identity, "this identity needs the tenant's id")
                    .label(*named, "the cluster runs here")
                    .help(
                        "write `tenant = \"…\"` in the cluster, or `{ tenant = \"…\" }` behind the client id",
                    )
                    .note("the webhook of Azure Workload Identity comes with AKS")
            }
        }
    }
}

/// How to give a controller an identity of the cloud that its cluster runs on.
fn native_identity(platform: Platform) -> Option<&'static str> {
    platform.native_provider().map(|provider| match provider {
        Provider::Aws => "`aws \"arn:aws:iam::111122223333:role/…\"`",
        Provider::Azure => "`azure \"CLIENT ID\"`",
        Provider::Gcp => "`gcp \"…@PROJECT.iam.gserviceaccount.com\"`",
    })
}
