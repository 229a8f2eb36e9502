//! Problems of the credentials that a controller or a ServiceAccount gets.

use crate::model::aws::MAX_SESSION_NAME;
use crate::model::{Platform, Provider};
use crate::problem::{Code, Finding, PrimaryPlace, ProblemKind, coded, problems};
use crate::span::Span;

problems! {
    /// An identity that is valid, but not available on its cluster.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub enum GrantProblem {
        TwoOfOneProvider { first: Span, provider: Provider } => TwoOfOneProvider,
        MissingTenant {
            /// True if the cluster has a webhook with a tenant of its own.
            webhook: bool,
        } => MissingTenant,
        TenantAsClient { tenant: Span } => TenantAsClient,
        OtherPartition {
            partition: &'static str, region: String, region_at: Span, of_region: &'static str,
        } => OtherPartition,
        SessionName { name: String } => SessionName,
        MissingSetting {
            setting: &'static str, provider: Provider, platform: Platform, named: Span,
        } => MissingSetting,
        PodIdentityElsewhere { platform: Platform, named: Span } => PodIdentity,
        OptionOfPodIdentity { option: &'static str, via: Span } => PodIdentity,
        PodIdentityAccount { account: String, account_at: Span } => PodIdentity,
        WebhookElsewhere { identity: Span, platform: Platform, named: Span } => WebhookElsewhere,
    }
}

impl GrantProblem {
    fn in_words(&self) -> Finding {
        match self {
            GrantProblem::TwoOfOneProvider { first, provider, .. } => {
                let message = format!("two `{}` identities in one mapping", provider.name());
                self.with_message(message)
                    .reason("second identity")
                    .label(*first, "first identity")
                    .help("keep one of them, and grant it the permissions of both")
                    .note("a controller or ServiceAccount has at most one identity of each provider")
            }
            GrantProblem::MissingTenant { webhook, .. } => {
                let finding = self
                    .with_message("this managed identity has no tenant")
                    .reason("the tenant is not set")
                    .help(
                        "set `tenant = \"…\"` in the cluster or in a profile that it uses, or write `{ \
                         tenant = \"…\" }` after the client id",
                    );
                if *webhook {
                    finding.help("or set `tenant = webhook` to use the tenant of the AKS webhook")
                } else {
                    finding
                }
            }
            GrantProblem::TenantAsClient { tenant, .. } => self
                .with_message("the client id is the tenant id")
                .reason("expected the client id of the managed identity")
                .label(*tenant, "the tenant is set here")
                .help("copy the client id of the managed identity: `az identity show --query clientId`"),
            GrantProblem::OtherPartition { partition, region, region_at, of_region, .. } => {
                let message = format!("the role is in partition `{partition}`, the region in `{of_region}`");
                self.with_message(message)
                    .reason(format!("partition `{partition}`"))
                    .label(*region_at, format!("`{region}` is in `{of_region}`"))
                    .help(format!("write `arn:{of_region}:…`, or change the region"))
                    .note("AWS credentials are valid in one partition only")
            }
            GrantProblem::SessionName { name, .. } => {
                let (length, most) = (name.len(), MAX_SESSION_NAME);
                let message =
                    format!("the session name has {length} characters, and AWS accepts at most {most}");
                self.with_message(message)
                    .reason(format!("`{name}`"))
                    .help("shorten `namespace`, or set another `region`")
            }
            GrantProblem::MissingSetting { setting, provider, platform, named, .. } => {
                let message = format!(
                    "an identity of `{}` on a cluster `on {}` needs `{setting}`",
                    provider.name(),
                    platform.name()
                );
                let (example, why) = match provider {
                    Provider::Aws => ("eu-west-1", "the pod exchanges its token at AWS STS in that region"),
                    Provider::Azure | Provider::Gcp => (
                        "projects/NUMBER/locations/global/workloadIdentityPools/POOL/providers/PROVIDER",
                        "the token of the cluster is exchanged through this workload identity provider",
                    ),
                };
                let finding = self
                    .with_message(message)
                    .reason(format!("`{setting}` is not set"))
                    .label(*named, "the platform is set here")
                    .help(format!(
                        "set `{setting} = \"{example}\"` in the cluster or in a profile that it uses"
                    ))
                    .note(why);
                match native_identity(*platform) {
                    Some(identity) => {
                        finding.help(format!("or use an identity of the cluster's own cloud: {identity}"))
                    }
                    None => finding,
                }
            }
            GrantProblem::PodIdentityElsewhere { platform, named, .. } => {
                let message =
                    format!("`via = pod-identity` is not available on a cluster `on {}`", platform.name());
                self.with_message(message)
                    .reason("its agent runs only on EKS")
                    .label(*named, "the platform is set here")
                    .help(
                        "remove `via = pod-identity`; the role is then assumed by federation, which needs \
                        `region`",
                    )
            }
            GrantProblem::OptionOfPodIdentity { option, via, .. } => {
                let message = format!("`{option}` has no effect with `via = pod-identity`");
                self.with_message(message)
                    .reason("the agent reads no token options")
                    .label(*via, "EKS Pod Identity is set here")
                    .help(format!("remove `{option}`, or `via = pod-identity`"))
            }
            GrantProblem::PodIdentityAccount { account, account_at, .. } => {
                let message = "`via = pod-identity` cannot assume a role of another account";
                self.with_message(message)
                    .reason(format!("expected the account `{account}`"))
                    .label(*account_at, "account of the cluster")
                    .help("use a role of that account, or remove `via = pod-identity`")
            }
            GrantProblem::WebhookElsewhere { identity, platform, named, .. } => {
                let message =
                    format!("`tenant = webhook` is not available on a cluster `on {}`", platform.name());
                self.with_message(message)
                    .reason("no webhook sets the tenant here")
                    .label(*identity, "this identity needs a tenant id")
                    .label(*named, "the platform is set here")
                    .help(
                        "set `tenant = \"…\"` in the cluster, or write `{ tenant = \"…\" }` after the client \
                         id",
                    )
                    .note("only AKS includes the webhook of Azure Workload Identity")
            }
        }
    }
}

/// An example of an identity of the platform's own cloud.
fn native_identity(platform: Platform) -> Option<&'static str> {
    platform.native_provider().map(|provider| match provider {
        Provider::Aws => "`aws \"arn:aws:iam::111122223333:role/…\"`",
        Provider::Azure => "`azure \"CLIENT ID\"`",
        Provider::Gcp => "`gcp \"…@PROJECT.iam.gserviceaccount.com\"`",
    })
}
