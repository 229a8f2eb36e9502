//! Problems of the credentials that a controller or a ServiceAccount gets.

use crate::model::aws::MAX_SESSION_NAME;
use crate::model::{Platform, Provider};
use crate::problem::{Code, Finding, FindingHead, PrimaryPlace, ProblemKind, coded, problems, with, worded};
use crate::span::Span;

problems! {
    (head, at)
    /// An identity that is valid, but not available on its cluster.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub enum CredentialProblem {
        TwoOfOneProvider { first: Span, provider: Provider } => TwoOfOneProvider:
            "two `{}` identities in one mapping" (provider.name())
            .reason("second identity")
            .label(*first, "first identity")
            .help("keep one of them, and grant it the permissions of both")
            .note("a controller or ServiceAccount has at most one identity of each provider");
        MissingTenant {
            /// True if the cluster has a webhook with a tenant of its own.
            webhook: bool,
        } => MissingTenant, {
            let finding = head
                .with_message("this managed identity has no tenant")
                .reason("the tenant is not set")
                .help("set `tenant = \"…\"` in the cluster or in a profile that it uses, or write `{ tenant = \
                    \"…\" }` after the client id");
            if *webhook {
                finding.help("or set `tenant = webhook` to use the tenant of the AKS webhook")
            } else {
                finding
            }
        };
        TenantAsClient { tenant: Span } => TenantAsClient: "the client id is the tenant id"
            .reason("expected the client id of the managed identity")
            .label(*tenant, "the tenant is set here")
            .help("copy the client id of the managed identity: `az identity show --query clientId`");
        OtherPartition {
            partition: &'static str, region: String, region_at: Span, of_region: &'static str,
        } => OtherPartition: "the role is in partition `{partition}`, the region in `{of_region}`"
            .reason("partition `{partition}`")
            .label(*region_at, "`{region}` is in `{of_region}`")
            .help("write `arn:{of_region}:…`, or change the region")
            .note("AWS credentials are valid in one partition only");
        ReservedRole => ReservedRole: "this role belongs to IAM Identity Center, and its trust policy cannot be changed"
            .reason("the path is `aws-reserved/`")
            .help("write the ARN of a role that you created for Flux");
        SessionName { name: String } => SessionName:
            "the session name has {} characters, and AWS accepts at most {MAX_SESSION_NAME}" (name.len())
            .reason("`{name}`")
            .help("shorten `namespace`, or set another `region`");
        MissingSetting {
            setting: &'static str, provider: Provider, platform: Platform, named: Span,
        } => MissingSetting, {
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
            let finding = head.with_message(message)
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
        };
        PodIdentityElsewhere { platform: Platform, named: Span } => PodIdentity:
            "`via = pod-identity` is not available on a cluster `on {}`" (platform.name())
            .reason("its agent runs only on EKS")
            .label(*named, "the platform is set here")
            .help("remove `via = pod-identity`; the role is then assumed by federation, which needs `region`");
        OptionOfPodIdentity { option: &'static str, via: Span } => PodIdentity:
            "`{option}` has no effect with `via = pod-identity`"
            .reason("the agent reads no token options")
            .label(*via, "EKS Pod Identity is set here")
            .help("remove `{option}`, or `via = pod-identity`");
        PodIdentityAccount {
            account: String, account_at: Span,
            /// The ARN, unless the identity has a target role already.
            offered: Option<String>,
        } => PodIdentity, {
            let finding = head.with_message("`via = pod-identity` cannot associate a role of another account")
                .reason(format!("expected the account `{account}`"))
                .label(*account_at, "account of the cluster");
            match offered {
                Some(role) => finding
                    .help(format!(
                        "write a role of that account that assumes this one: `{{ via = pod-identity, \
                        target-role = \"{role}\" }}`"
                    ))
                    .help("or remove `via = pod-identity`"),
                None => finding
                    .help("write a role of that account; only the target role may be of another account"),
            }
        };
        TargetWithoutPodIdentity { option: &'static str } => TargetRole:
            "`{option}` has no effect without `via = pod-identity`"
            .reason("only EKS Pod Identity assumes a target role")
            .help("remove `{option}`, or, for a controller on EKS, add `via = pod-identity`");
        ExternalIdWithoutTarget => TargetRole: "`external-id` has no effect without `target-role`"
            .reason("the trust policy of the target role contains it")
            .help("add `target-role = \"…\"`, or remove `external-id`");
        TargetPartition {
            target: &'static str, role_at: Span, partition: &'static str,
        } => TargetRole: "the target role is in partition `{target}`, the role in `{partition}`"
            .reason("partition `{target}`")
            .label(*role_at, "partition `{partition}`")
            .help("use a target role of partition `{partition}`")
            .note("AWS credentials are valid in one partition only");
        TargetIsRole { role_at: Span } => TargetRole: "the target role is the role itself"
            .reason("assumed already")
            .label(*role_at, "the same role")
            .help("remove `target-role`, or write the role that this one assumes");
        WebhookElsewhere { identity: Span, platform: Platform, named: Span } => WebhookElsewhere:
            "`tenant = webhook` is not available on a cluster `on {}`" (platform.name())
            .reason("no webhook sets the tenant here")
            .label(*identity, "this identity needs a tenant id")
            .label(*named, "the platform is set here")
            .help("set `tenant = \"…\"` in the cluster, or write `{{ tenant = \"…\" }}` after the client id")
            .note("only AKS includes the webhook of Azure Workload Identity");
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
