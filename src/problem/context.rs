//! Problems of a cluster whose issuer, region, tenant and platform do not agree.

use crate::model::Platform;
use crate::problem::{Code, Finding, FindingHead, PrimaryPlace, ProblemKind, coded, problems, with, worded};
use crate::span::Span;

problems! {
    (head, at)
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub enum ContextProblem {
        IssuerElsewhere { kind: &'static str, platform: Platform, named: Span } => IssuerElsewhere:
            "the issuer is that of a cluster on {kind}, and this cluster is on {}" (platform.name())
            .reason("issuer of {kind}")
            .label(*named, "the platform is set here")
            .help("write the issuer of this cluster, or correct the platform")
            .note("`kubectl get --raw /.well-known/openid-configuration` prints it as `issuer`");
        IssuerRegion { of_issuer: String, region: String, region_at: Span } => IssuerElsewhere:
            "the issuer is that of a cluster in `{of_issuer}`, and the region of this cluster is `{region}`"
            .reason("issuer of a cluster in `{of_issuer}`")
            .label(*region_at, "the region is set here")
            .help("write the issuer of this cluster, or correct the region")
            .note("`aws eks describe-cluster --name CLUSTER --query cluster.identity.oidc.issuer` prints it");
        IssuerPartition { of_issuer: &'static str, role: String, partition: &'static str } => IssuerElsewhere:
            "the issuer is in partition `{of_issuer}`, and the role `{role}` in `{partition}`"
            .reason("partition `{of_issuer}`")
            .help("write the issuer of this cluster, or a role of its partition")
            .note("a cluster on EKS uses the roles of its own partition");
        IssuerTenant { of_issuer: String, tenant: String, tenant_at: Span } => IssuerTenant:
            "the issuer is that of a cluster in the tenant `{of_issuer}`, and the tenant is `{tenant}`"
            .reason("tenant `{of_issuer}`")
            .label(*tenant_at, "the tenant is set here")
            .help("write the issuer or the tenant of this cluster; if the identities are in another tenant than \
                the cluster, allow it with a reason: `allow {} \"…\"`", Code::IssuerTenant);
        IssuerProject { of_issuer: String, project: String, project_at: Span } => IssuerTenant:
            "the issuer is that of a cluster in the project `{of_issuer}`, and the project is `{project}`"
            .reason("project `{of_issuer}`")
            .label(*project_at, "the project is set here")
            .help("write the issuer or the project of this cluster");
        UnknownRegion { name: String, nearest: Option<String> } => UnknownRegion:
            "`{name}` is not a known region of AWS"
            .reason("no such region is known")
            .nearest(*at, nearest.as_ref().map(|near| format!("\"{near}\"")).as_deref())
            .help("for a region that is newer than this version of flux-identity, allow it: `allow {} \"…\"`",
                Code::UnknownRegion);
        UnknownIssuerRegion { name: String, nearest: Option<String> } => UnknownRegion, {
            let finding = head
                .with_message(format!("the region `{name}` of the issuer is not a known region of AWS"))
                .reason("no such region is known");
            let finding = match nearest {
                Some(near) => finding.help(format!("did you mean `{near}`?")),
                None => finding,
            };
            finding.help(format!(
                "for a region that is newer than this version of flux-identity, allow it: `allow {} \"…\"`",
                Code::UnknownRegion
            ))
        };
    }
}
