//! Problems of what clusters share.

use crate::model::Controller;
use crate::model::aws::TRUST_POLICY;
use crate::model::azure::MOST_CREDENTIALS;
use crate::problem::{
    Code, Finding, FindingHead, InCluster, PrimaryPlace, ProblemKind, all_of, coded, more, problems, with,
    worded,
};
use crate::span::Span;

problems! {
    (head, at)
    /// Clusters that are valid alone share something that they must not, or more than a cloud allows.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub enum FleetProblem {
        /// The overlay lists the file.
        NoSync { file: String } => IncompleteManifests: "`{file}` does not exist"
            .reason("its overlay lists the file")
            .help("restore it from git, or run `flux bootstrap` for this cluster")
            .note("the other clusters have the file; kustomize builds nothing of an overlay that lists a missing one");
        NotIsolated {
            role: String, variable: String, identity: String,
            /// The clusters with the identity, by the value of the variable; at least two values.
            values: Vec<(String, Vec<InCluster>)>,
        } => NotIsolated, {
            let message = format!("clusters that differ in `{variable}` share `{identity}`");
            let finding = head.with_message(message)
                .reason(match Controller::from_name(role) {
                    Some(_) => format!("`{role}`, isolated by `{variable}`, has this identity"),
                    None => format!("role `{role}`, isolated by `{variable}`, resolves to this identity"),
                });
            groups(finding, values, |value| format!("`{variable}` is `{value}` here"))
                .help(format!("use separate identities, or the same value of `{variable}`"))
        };
        NothingToIsolateBy {
            role: String, name: String,
            /// A value with a name that is almost the same, and where that is defined.
            near: Option<(String, Span)>,
        } => NothingToIsolateBy, {
            let message = format!("`{name}`, which isolates `{role}`, is not set");
            let finding = head.with_message(message).reason("this cluster has no value for it");
            match near {
                Some((near, defined)) => finding
                    .label(*defined, format!("`{near}` is set here"))
                    .help(format!("did you mean to set `{name}` there?")),
                None => finding.help(format!(
                    "set it in the cluster or in a profile that it uses: `let {name} = \"…\"`"
                )),
            }
        };
        UnknownRole { name: String, near: Option<String> } => UnknownRole: "unknown role `{name}`"
            .reason("no definition of this role")
            .nearest(*at, near.as_deref())
            .help("isolate a controller, or a role that is defined in the clusters");
        SamePool {
            pool: PoolName, accounts: Vec<String>,
            /// The identities of the first ServiceAccount, with their clusters; at least two.
            identities: Vec<(String, Vec<InCluster>)>,
        } => SamePool, {
            let (whose, apart) = match pool {
                PoolName::Project(id) => (format!("the GKE clusters of the project `{id}`"), "project"),
                PoolName::Pool(name) => {
                    let id = name.rsplit('/').next().unwrap_or_default();
                    (format!("the clusters of the workload identity pool `{id}`"), "pool")
                }
            };
            let message = format!("{whose} map {} to different identities", all_of(accounts));
            let first = identities.first();
            let identity = first.map_or("", |(identity, _)| identity);
            let others = first.map_or_else(String::new, |(_, clusters)| and_in_others(clusters));
            let finding =
                head.with_message(message).reason(format!("mapped to `{identity}` here{others}"));
            let rest = identities.get(1..).unwrap_or_default();
            groups(finding, rest, |identity| format!("mapped to `{identity}` here"))
                .help(format!(
                    "use the same identity in all clusters, or a separate {apart} for each cluster"
                ))
                .note(format!(
                    "the clusters of a {apart} share one namespace of identities: each cluster can use \
                     an identity that is granted to any of them"
                ))
        };
        UnknownPool { clusters: Vec<String> } => UnknownPool:
            "cannot determine whether {} share identities" (few(clusters, "cluster"))
            .reason("`project` is not set")
            .help("set it for each cluster on GKE: `project = \"…\"`")
            .note("the GKE clusters of a project share one namespace of identities");
        ManyCredentials {
            identity: String, count: usize, is_written: bool, clusters: Vec<String>,
        } => (if *is_written { Code::ManyCredentialsWritten } else { Code::ManyCredentials }), {
            let message = format!(
                "the managed identity `{identity}` needs {count} federated credentials, and Azure allows \
                {MOST_CREDENTIALS}"
            );
            head.with_message(message)
                .reason(format!("used by {}", few(clusters, "cluster")))
                .help("use another managed identity for some of the clusters")
                .note("each ServiceAccount in each cluster needs one federated credential")
        };
        LongPolicy {
            role: String,
            /// In characters.
            length: usize,
            limit: usize,
            /// True if the limit is the maximum quota, and the length is certain.
            is_over_all: bool,
            /// True if the run writes the policy.
            is_written: bool,
            /// True if the length is estimated with an issuer of EKS.
            is_guess: bool,
            /// The length with a pattern for each namespace, if that is within the limit.
            of_namespaces: Option<usize>,
            /// How many clusters could give the role by EKS Pod Identity.
            on_eks: usize,
            clusters: Vec<String>,
        } => (match (is_over_all, is_written) {
            (true, true) => Code::EndlessPolicyWritten,
            (true, false) => Code::EndlessPolicy,
            (false, _) => Code::LongPolicy,
        }), {
            let about = if *is_guess { "about " } else { "" };
            let message =
                format!("the trust policy of `{role}` has {about}{length} characters, more than {limit}");
            let mut finding =
                head.with_message(message).reason(format!("used by {}", few(clusters, "cluster")));
            if *on_eks > 0 {
                finding = finding.help(format!(
                    "set `via = pod-identity` for the {} on EKS: such a policy does not grow with their number",
                    crate::problem::count(*on_eks, "cluster")
                ));
            }
            if let Some(length) = of_namespaces {
                finding = finding.help(format!(
                    "set `trust-subjects = namespace`: the policy has {about}{length} characters, and trusts \
                    every ServiceAccount of the namespaces"
                ));
            }
            let finding = if TRUST_POLICY.last() == Some(limit) {
                finding.help("use another role for some of the clusters")
            } else {
                finding.help(
                    "request a higher quota from AWS, `L-C07B4B0D`, or use another role for some of the clusters",
                )
            };
            if *is_guess {
                finding.note("estimated with an EKS issuer for each cluster without `issuer`")
            } else {
                finding
            }
        };
        SharedExternalId { external_id: String, accounts: Vec<String> } => SharedExternalId:
            "the external id `{external_id}` belongs to one association of EKS Pod Identity"
            .reason("here of {}", few(accounts, "ServiceAccount"))
            .help("write an identity for each ServiceAccount, with the external id of its association: `aws \
                eks describe-pod-identity-association` prints it");
        ManyProviders { account: String, count: usize, most: usize } => ManyProviders:
            "the account `{account}` needs {}, and the default quota is {most}"
            (crate::problem::count(*count, "OIDC provider"))
            .reason("first of the clusters that this account trusts")
            .help("request a higher quota from AWS, or set `via = pod-identity` on EKS, which needs no OIDC \
                provider")
            .note("an account has one OIDC provider for each issuer that it trusts");
        OneClientId {
            client_id: String, first: Span,
            /// What the first and this one have: the tenants, or the clouds.
            what: &'static str, one: String, other: String,
        } => OneClientId: "the managed identity `{client_id}` has two {what}s"
            .reason("{what} `{other}`")
            .label(*first, "{what} `{one}`")
            .help("write the {what} of the identity in both places: `az identity show` prints its tenant")
            .note("a managed identity belongs to one tenant of one cloud");
        TwoArns { arn: String, first: Span, other: String } => TwoArns:
            "`{arn}` and `{other}` cannot both exist in one account"
            .reason("same role name")
            .label(*first, "differs in path or case here")
            .help("write the ARN that `aws iam get-role` prints in both places")
            .note("role names are unique within an account, regardless of path and case");
        SameIssuer {
            issuer: String,
            /// At least two.
            clusters: Vec<String>,
        } => SameIssuer: "{} have the same issuer, `{issuer}`" (few(clusters, "cluster"))
            .reason("first of the clusters")
            .help("set the issuer that each cluster publishes")
            .note("clouds identify a cluster by its issuer: a permission of one of these clusters applies to \
                all of them");
    }
}

/// A pool in which Google Cloud cannot distinguish the ServiceAccounts of different clusters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PoolName {
    Project(String),
    Pool(String),
}

/// Labels the first cluster of up to three groups, and counts the others.
fn groups(finding: Finding, groups: &[(String, Vec<InCluster>)], say: impl Fn(&str) -> String) -> Finding {
    let (shown, rest) = groups.split_at(groups.len().min(3));
    let mut finding = finding;
    for (group, clusters) in shown {
        if let Some(first) = clusters.first() {
            finding = finding.label(first.at, format!("{}{}", say(group), and_in_others(clusters)));
        }
    }
    let in_rest: Vec<&str> =
        rest.iter().flat_map(|(_, clusters)| clusters).map(|cluster| cluster.name.as_str()).collect();
    if in_rest.is_empty() {
        finding
    } else {
        finding.note(format!("other values in {}", few(&in_rest, "cluster")))
    }
}

fn and_in_others(clusters: &[InCluster]) -> String {
    match clusters {
        [] | [_] => String::new(),
        [_, others @ ..] => format!(", and in {}", more(others.len(), "cluster")),
    }
}

/// `` `a`, `b` and 3 more clusters ``
fn few<S: AsRef<str>>(names: &[S], noun: &str) -> String {
    match names {
        [one, two, rest @ ..] if rest.len() > 2 => {
            format!("`{}`, `{}` and {}", one.as_ref(), two.as_ref(), more(rest.len(), noun))
        }
        names => all_of(names),
    }
}
