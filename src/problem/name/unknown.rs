//! The message about an unknown name.

use crate::model::Provider;
use crate::problem::name::noun::Noun;
use crate::problem::{Finding, FindingHead, all_of};
use crate::span::Span;

pub(super) fn unknown_name(
    head: FindingHead<'_>,
    noun: Noun,
    at: Span,
    name: &str,
    nearest: Option<&str>,
    known: &[&'static str],
) -> Finding {
    let from_cluster = matches!(noun, Noun::Role | Noun::Variable);
    let finding = head
        .with_message(format!("unknown {} `{name}`", noun.as_str()))
        .reason(if from_cluster {
            format!("no such {} in this cluster", noun.as_str())
        } else if noun == Noun::Option {
            "no such option of this identity".to_owned()
        } else if noun == Noun::Field {
            "no such field of a target".to_owned()
        } else {
            format!("no such {}", noun.as_str())
        })
        .nearest(at, nearest);
    let say = noun.statement(name);
    let finding = match noun {
        _ if nearest.is_some() => finding,
        Noun::Role if Provider::from_name(name).is_some() || name == "direct" => finding.help(
            "write an identity as a provider and its name there, such as `gcp direct` or `azure \
             \"…\"`",
        ),
        Noun::Role | Noun::Variable => {
            finding.help(format!("define it in the cluster or in a profile that it uses: `{say}`"))
        }
        Noun::Profile => finding.help(format!("declare it: `{say}`")),
        Noun::Setting => finding.help(format!("define a variable instead: `let {name} = \"…\"`")),
        Noun::Option if known.is_empty() => finding.help("remove it; this identity has no options"),
        Noun::Platform => {
            finding.help("write `kubernetes` for a cluster that does not run on EKS, AKS or GKE")
        }
        Noun::Option | Noun::Field | Noun::Controller | Noun::Mapping | Noun::Cluster | Noun::Provider => {
            finding
        }
    };
    if known.is_empty() { finding } else { finding.note(format!("valid names: {}", all_of(known))) }
}
