//! What can be wrong with what clusters share.

use crate::model::aws::TRUST_POLICY;
use crate::problem::{Code, Finding, InCluster, PrimaryPlace, ProblemKind, all_of, count, more};
use crate::span::Span;

/// Clusters that are right by themselves share what they must not, or more than a cloud lets them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FleetProblem {
    /// Clusters that are to be isolated share an identity.
    NotIsolated {
        /// The role in the `isolate`.
        at: Span,
        /// The same.
        role: String,
        /// The variable that sets clusters apart.
        variable: String,
        /// The identity.
        identity: String,
        /// The clusters that have it, by the variable's values; at least two.
        values: Vec<(String, Vec<InCluster>)>,
    },
    /// A cluster has no value of the variable that sets clusters apart.
    NothingToIsolateBy {
        /// The variable in the `isolate`.
        at: Span,
        /// The role that is isolated.
        role: String,
        /// The variable.
        name: String,
        /// The nearest name of a value that the cluster has.
        near: Option<String>,
    },
    /// A role that nothing defines is to be isolated.
    UnknownRole {
        /// The role in the `isolate`.
        at: Span,
        /// The same.
        name: String,
        /// The nearest role.
        near: Option<String>,
    },
    /// Clusters of one pool give a ServiceAccount different identities.
    SamePool {
        /// The first cluster.
        at: Span,
        /// The pool.
        pool: PoolName,
        /// The ServiceAccounts.
        accounts: Vec<String>,
        /// What the first of them gets, and where; at least two.
        identities: Vec<(String, Vec<InCluster>)>,
    },
    /// Nobody knows in which pool a cluster is.
    UnknownPool {
        /// The first cluster.
        at: Span,
        /// All of them.
        clusters: Vec<String>,
    },
    /// A managed identity needs more federated credentials than it can have.
    ManyCredentials {
        /// The identity.
        at: Span,
        /// Its client id.
        identity: String,
        /// How many it needs.
        count: usize,
        /// How many it can have.
        most: usize,
        /// The clusters that have it.
        clusters: Vec<String>,
    },
    /// The trust policy of a role is long.
    LongPolicy {
        /// The role.
        at: Span,
        /// Its ARN.
        role: String,
        /// How many characters it has.
        length: usize,
        /// The most that it is over.
        limit: usize,
        /// Whether no quota is higher.
        is_over_all: bool,
        /// Whether an issuer in it is a guess.
        is_guess: bool,
        /// The clusters that have it.
        clusters: Vec<String>,
    },
    /// An account needs many OIDC providers.
    ManyProviders {
        /// The first cluster.
        at: Span,
        /// The account.
        account: String,
        /// How many it needs.
        count: usize,
        /// How many it has at most, at first.
        most: usize,
    },
    /// Two ARNs of what can only be one role.
    TwoArns {
        /// The later one.
        at: Span,
        /// The same.
        arn: String,
        /// The first one.
        first: Span,
        /// The same.
        other: String,
    },
    /// Clusters have one issuer.
    SameIssuer {
        /// The first cluster.
        at: Span,
        /// The issuer.
        issuer: String,
        /// All of them; at least two.
        clusters: Vec<String>,
    },
}

/// A pool in which Google Cloud does not tell the ServiceAccounts of clusters apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PoolName {
    /// That of a project.
    Project(String),
    /// One that somebody made.
    Pool(String),
}

impl ProblemKind for FleetProblem {
    fn code(&self) -> Code {
        match self {
            FleetProblem::NotIsolated { .. } => Code::NotIsolated,
            FleetProblem::NothingToIsolateBy { .. } => Code::NothingToIsolateBy,
            FleetProblem::UnknownRole { .. } => Code::UnknownRole,
            FleetProblem::SamePool { .. } => Code::SamePool,
            FleetProblem::UnknownPool { .. } => Code::UnknownPool,
            FleetProblem::ManyCredentials { .. } => Code::ManyCredentials,
            FleetProblem::LongPolicy { is_over_all: true, .. } => Code::EndlessPolicy,
            FleetProblem::LongPolicy { is_over_all: false, .. } => Code::LongPolicy,
            FleetProblem::ManyProviders { .. } => Code::ManyProviders,
            FleetProblem::TwoArns { .. } => Code::TwoArns,
            FleetProblem::SameIssuer { .. } => Code::SameIssuer,
        }
    }

    fn place(&self) -> PrimaryPlace<'_> {
        match self {
            FleetProblem::NotIsolated { at, .. }
            | FleetProblem::NothingToIsolateBy { at, .. }
            | FleetProblem::UnknownRole { at, .. }
            | FleetProblem::SamePool { at, .. }
            | FleetProblem::UnknownPool { at, .. }
            | FleetProblem::ManyCredentials { at, .. }
            | FleetProblem::LongPolicy { at, .. }
            | FleetProblem::ManyProviders { at, .. }
            | FleetProblem::TwoArns { at, .. }
            | FleetProblem::SameIssuer { at, .. } => PrimaryPlace::Source(*at),
        }
    }

    fn finding(&self) -> Finding {
        match self {
            FleetProblem::NotIsolated { role, variable, identity, values, .. } => {
                let message = format!("clusters that differ in `{variable}` share `{identity}`");
                let finding = self
                    .with_message(message)
                    .reason(format!("`{role}` means it, and is isolated by `{variable}`"));
                groups(finding, values, |value| format!("here `{variable}` is `{value}`"))
                    .help(format!("give them identities of their own, or the same `{variable}`"))
            }
            FleetProblem::NothingToIsolateBy { at, role, name, near } => {
                let message = format!("nothing says the `{name}` that `{role}` is isolated by");
                self.with_message(message)
                    .reason("this cluster has no value of it")
                    .nearest(*at, near.as_deref())
                    .help(format!("say it in the cluster or in a profile that it uses: `let {name} = \"…\"`"))
            }
            FleetProblem::UnknownRole { at, name, near } => self
                .with_message(format!("unknown role `{name}`"))
                .reason("nothing defines a role of this name")
                .nearest(*at, near.as_deref())
                .help("isolate a role that clusters have"),
            FleetProblem::SamePool { pool, accounts, identities, .. } => {
                let (whose, apart) = match pool {
                    PoolName::Project(id) => (format!("the GKE clusters of the project `{id}`"), "project"),
                    PoolName::Pool(name) => {
                        let id = name.rsplit('/').next().unwrap_or_default();
                        (format!("the clusters of the workload identity pool `{id}`"), "pool")
                    }
                };
                let message = format!("{whose} give {} different identities", all_of(accounts));
                let first = identities.first();
                let identity = first.map_or("", |(identity, _)| identity);
                let others = first.map_or_else(String::new, |(_, clusters)| and_in_others(clusters));
                let finding = self.with_message(message).reason(format!("here it is `{identity}`{others}"));
                let rest = identities.get(1..).unwrap_or_default();
                groups(finding, rest, |identity| format!("and here `{identity}`"))
                    .help(format!("give them the same everywhere, or the clusters a {apart} each"))
                    .note(format!(
                        "all clusters of a {apart} have one namespace of identities, so that each can take on \
                         what any of them is given"
                    ))
            }
            FleetProblem::UnknownPool { clusters, .. } => {
                let message = format!("nobody knows whether {} share identities", few(clusters, "cluster"));
                self.with_message(message)
                    .reason("nothing says its `project`")
                    .help("say it in each cluster on GKE: `project = \"…\"`")
                    .note("GKE clusters of one project have one namespace of identities")
            }
            FleetProblem::ManyCredentials { identity, count, most, clusters, .. } => {
                let message = format!(
                    "the managed identity `{identity}` needs {count} federated credentials, and can have {most}"
                );
                self.with_message(message)
                    .reason(format!("shared by {}", few(clusters, "cluster")))
                    .help("give some of the clusters another managed identity")
                    .note("each ServiceAccount of each cluster takes one")
            }
            FleetProblem::LongPolicy { role, length, limit, is_over_all, is_guess, clusters, .. } => {
                let about = if *is_guess { "about " } else { "" };
                let message =
                    format!("the trust policy of `{role}` has {about}{length} characters, more than {limit}");
                let finding =
                    self.with_message(message).reason(format!("shared by {}", few(clusters, "cluster")));
                let finding = if *is_guess {
                    finding.note("where no `issuer` is said, one such as EKS gives is thought of")
                } else {
                    finding
                };
                if *is_over_all || TRUST_POLICY.last() == Some(limit) {
                    finding.help("give some of the clusters another role, or use `via = pod-identity` on EKS")
                } else {
                    finding
                        .help("ask AWS for a higher quota, `L-C07B4B0D`, or share the clusters out over several roles")
                        .note("a trust policy that names EKS Pod Identity does not grow with the clusters")
                }
            }
            FleetProblem::ManyProviders { account, count: number, most, .. } => {
                let message = format!(
                    "the account `{account}` needs {}, and has {most} at first",
                    count(*number, "OIDC provider")
                );
                self.with_message(message)
                    .reason("the first of the clusters whose tokens it is to trust")
                    .help("ask AWS for a higher quota, or use `via = pod-identity` on EKS, which needs none")
                    .note("an account knows each issuer that it trusts as an OIDC provider")
            }
            FleetProblem::SameIssuer { issuer, clusters, .. } => {
                let message = format!("{} have the issuer `{issuer}`", few(clusters, "cluster"));
                self.with_message(message)
                    .reason("the first of them")
                    .help("say of each cluster the issuer that it tells itself")
                    .note("clouds tell clusters apart by their issuers alone: what one of these may do, all may")
            }
            FleetProblem::TwoArns { arn, first, other, .. } => {
                let message = format!("no account has both `{arn}` and `{other}`");
                self.with_message(message)
                    .reason("the same name")
                    .label(*first, "here with another path, or other letters")
                    .help("write the ARN that `aws iam get-role` tells in both places")
                    .note(
                        "names of roles are told apart neither by their paths nor by large and small letters",
                    )
            }
        }
    }
}

/// Shows the first cluster of up to three groups, and says who else is in them.
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
        finding.note(format!("and again otherwise in {}", few(&in_rest, "cluster")))
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
