//! Problems of the data that trust needs.

use crate::problem::{
    Code, Finding, FindingHead, PrimaryPlace, ProblemKind, coded, more, problems, with, worded,
};
use crate::span::Span;

problems! {
    (head, at)
    /// A value that trust needs is missing, or not accepted by a cloud.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub enum TrustProblem {
        MissingSetting { others: Vec<Span>, setting: &'static str } => TrustNeedsSetting, {
            let (why, where_from) = match *setting {
                "issuer" => ("clouds trust the tokens of a cluster by its issuer", ISSUER),
                "eks-name" => ("EKS has no cluster with such a name", EKS_NAME),
                "region" => ("this form has the region of an association of Pod Identity", REGION),
                "project" => ("the ServiceAccounts belong to the pool of the project", PROJECT),
                _ => ("principals contain the project number", NUMBER),
            };
            let these = if others.is_empty() { "this cluster" } else { "these clusters" };
            let message = format!("trust needs the `{setting}` of {these}");
            let finding = head.with_message(message).reason(why);
            let finding = label_clusters(finding, others);
            // Clusters have different issuers and names, and a setting of a shared statement would apply to all of them.
            let finding = if ["issuer", "eks-name"].contains(setting) && !others.is_empty() {
                finding.help(format!("set `{setting}` of each cluster in a file of `values`, or move each cluster to its own statement, and set `{setting} = \"…\"` in it"))
            } else {
                finding.help(format!("set it: `{setting} = \"…\"`"))
            };
            finding.note(where_from)
        };
        MissingResourceId { others: Vec<Span>, identity: String } => TrustNeedsResourceId, {
            let message = format!("trust needs the resource id of the managed identity `{identity}`");
            let finding = head.with_message(message)
                .reason("Azure Resource Manager identifies it by its resource id");
            label_places(finding, others.iter().map(|at| (*at, "also used here".to_owned())))
                .help(
                    "set it in one place where the identity is used: `{ resource-id = \
                    \"/subscriptions/…\" }`",
                )
                .note("`az identity list` prints it as `id`")
        };
        TwoResourceIds {
            identity: String, resource_id: String, others: Vec<(Span, String)>,
        } => TwoResourceIds, {
            let message = format!("the managed identity `{identity}` has two resource ids");
            let finding = head.with_message(message).reason(format!("`{resource_id}` here"));
            label_places(finding, others.iter().map(|(at, other)| (*at, format!("`{other}` here"))))
                .help("write the same resource id in all places, or only once")
                .note("`az identity list` prints it as `id`")
        };
        SharedResourceId { identity: String, others: Vec<(Span, String)> } => SharedResourceId, {
            let message =
                format!("the managed identity `{identity}` has the same resource id as another");
            let finding = head.with_message(message).reason("this resource id");
            label_places(
                finding,
                others.iter().map(|(at, other)| (*at, format!("also the resource id of `{other}`"))),
            )
            .help("write the resource id of each")
            .note("`az identity list` prints both, as `clientId` and `id`")
        };
        IssuerWithPort { others: Vec<Span>, issuer: String } => IssuerWithPort, {
            let message =
                format!("the issuer `{issuer}` is not accepted by AWS, because it contains a port");
            let finding = head.with_message(message).reason("an IAM role must trust its tokens");
            label_clusters(finding, others)
                .help("publish the issuer on port 443, or remove the IAM roles of the cluster")
        };
        NeededToApply {
            form: &'static str, controller: String, identity: String, cluster: String, others: usize,
        } => NeededToApply, {
            let message = format!("applying the objects of `{form}` may need identities that they grant");
            let rest = match others {
                0 => String::new(),
                others => format!(", and such identities in {}", more(*others, "cluster")),
            };
            head.with_message(message)
                .reason(format!("they grant `{identity}` to {controller} of cluster `{cluster}`{rest}"))
                .help(
                    "apply them in a management cluster that needs none of them, or first run the \
                    commands for that cluster of `flux-identity trust --form commands`",
                )
                .note("if that is so: `allow F0386 \"the reason\"`")
        };
        FormOmits { form: &'static str, omissions: Vec<String> } => FormOmits, {
            head.with_message(format!("`{form}` does not contain all that clouds must trust"))
                .reason(format!("without {}", omissions.join(", ")))
                .help("`flux-identity trust --form json` prints the rest, too")
        };
        LongSubject { subject: String } => LongSubject: "the subject `{subject}` has more than 127 characters"
            .reason("Google Cloud identifies a ServiceAccount by its subject")
            .help("shorten the name or the namespace of the ServiceAccount");
    }
}

/// What the command says of a form that does not contain all.
pub fn omissions_message(form: &str, omissions: &[&str]) -> String {
    format!("`{form}` does not contain {}; `json` does\n", omissions.join(", "))
}

/// What the command says where a form has several files and no directory is given: the error, and the help.
pub fn several_files_message(files: usize) -> (String, &'static str) {
    let message = format!("this form has {files} files, and only one can be printed");
    (message, "write them to a directory with `-o DIR`")
}

const MOST_SHOWN: usize = 2;

fn label_places(finding: Finding, places: impl Iterator<Item = (Span, String)>) -> Finding {
    places.take(MOST_SHOWN).fold(finding, |finding, (at, text)| finding.label(at, text))
}

/// Labels some more clusters, and counts the others.
fn label_clusters(finding: Finding, others: &[Span]) -> Finding {
    let finding =
        label_places(finding, others.iter().map(|at| (*at, "also needed for this cluster".to_owned())));
    match others.len().saturating_sub(MOST_SHOWN) {
        0 => finding,
        rest => finding.note(format!("also needed for {}", more(rest, "cluster"))),
    }
}

const EKS_NAME: &str = "`aws eks list-clusters` prints the names";
const ISSUER: &str = "`kubectl get --raw /.well-known/openid-configuration` prints it as `issuer`";
const PROJECT: &str = "`gcloud projects list` prints it as `PROJECT_ID`";
const REGION: &str = "`aws eks list-clusters` prints the clusters of a region";
const NUMBER: &str = "`gcloud projects list` prints it as `PROJECT_NUMBER`";
