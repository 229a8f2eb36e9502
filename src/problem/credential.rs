//! What can be wrong with an identity on the cluster that has it.

use crate::model::aws::MAX_SESSION_NAME;
use crate::model::{Platform, Provider};
use crate::problem::{Code, Finding};
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

impl GrantProblem {
    /// The problem in words.
    pub fn finding(&self) -> Finding {
        match self {
            GrantProblem::TwoOfOneProvider { at, first, provider } => {
                let message = format!("two identities of `{}` in one mapping", provider.name());
                Finding::at(Code::TwoOfOneProvider, *at, message)
                    .reason("the second")
                    .label(*first, "the first")
                    .help("leave one of them, with the permissions of both")
                    .note("whoever is mapped has one identity of each provider")
            }
            GrantProblem::MissingTenant { at, webhook } => {
                let finding = Finding::at(Code::MissingTenant, *at, "this managed identity has no tenant")
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
            GrantProblem::TenantAsClient { at, tenant } => {
                Finding::at(Code::TenantAsClient, *at, "the client id is the id of the tenant")
                    .reason("the client id of the managed identity belongs here")
                    .label(*tenant, "the tenant")
                    .help("copy the client id of the managed identity: `az identity show --query clientId`")
            }
            GrantProblem::OtherPartition { at, partition, region, region_at, of_region } => {
                let message = format!("a role of `{partition}` in a region of `{of_region}`");
                Finding::at(Code::OtherPartition, *at, message)
                    .reason(format!("partition `{partition}`"))
                    .label(*region_at, format!("`{region}` is in `{of_region}`"))
                    .help(format!("write `arn:{of_region}:…`, or another region"))
                    .note("no session of one AWS partition is good in another")
            }
            GrantProblem::SessionName { at, name } => {
                let (length, most) = (name.len(), MAX_SESSION_NAME);
                let message =
                    format!("the session name would have {length} characters, and AWS takes {most}");
                Finding::at(Code::SessionName, *at, message)
                    .reason(format!("`{name}`"))
                    .help("shorten `namespace`, or take another `region`")
            }
            GrantProblem::MissingSetting { at, setting, provider, platform, named } => {
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
                let finding = Finding::at(Code::MissingSetting, *at, message)
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
            GrantProblem::PodIdentityElsewhere { at, platform, named } => {
                let message = format!("a cluster `on {}` has no EKS Pod Identity", platform.name());
                Finding::at(Code::PodIdentity, *at, message)
                    .reason("the agent for it runs on EKS alone")
                    .label(*named, "the cluster runs here")
                    .help("remove `via = pod-identity`: the role is then had by federation, which needs `region`")
            }
            GrantProblem::OptionOfPodIdentity { at, option, via } => {
                let message = format!("nothing reads `{option}` beside `via = pod-identity`");
                Finding::at(Code::PodIdentity, *at, message)
                    .reason("the agent reads no option of the token")
                    .label(*via, "EKS Pod Identity is asked for here")
                    .help(format!("remove `{option}`, or `via = pod-identity`"))
            }
            GrantProblem::PodIdentityAccount { at, account, account_at } => {
                let message = "a role of another account cannot be had by EKS Pod Identity";
                Finding::at(Code::PodIdentity, *at, message)
                    .reason(format!("not of `{account}`"))
                    .label(*account_at, "the cluster's account")
                    .help("take a role of that account, or remove `via = pod-identity`")
            }
            GrantProblem::WebhookElsewhere { at, identity, platform, named } => {
                let message = format!("no webhook on a cluster `on {}` knows a tenant", platform.name());
                Finding::at(Code::WebhookElsewhere, *at, message)
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
