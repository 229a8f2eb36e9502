//! Arguments that make an identity useless or end the process, in words.

use crate::effect::{ArgumentFault, FlagType};
use crate::model::flux::FluxVersion;
use crate::problem::effective_identity::affected::Affected;
use crate::problem::effective_identity::words::{SetBy, with_origin, with_setter};
use crate::problem::{Finding, FindingHead, REGENERATE, all_of};
use crate::span::Span;

pub(super) fn argument(
    head: FindingHead<'_>,
    (affected, mapped): (&Affected, Option<Span>),
    (fault, image): (&ArgumentFault, Option<&(FluxVersion, SetBy)>),
    by: Option<&SetBy>,
) -> Finding {
    let names = affected.names();
    let message = match fault {
        ArgumentFault::Unused { .. } => {
            format!("objects without a ServiceAccount will not use the identity of {names}")
        }
        ArgumentFault::Narrow { label, .. } => {
            format!("{names} will see only objects with the label `{label}`")
        }
        ArgumentFault::Gone { argument, .. }
        | ArgumentFault::WithoutGate { argument }
        | ArgumentFault::UnknownGate { argument }
        | ArgumentFault::Misspelt { argument, .. }
        | ArgumentFault::Unknown { argument }
        | ArgumentFault::Mistyped { argument, .. }
        | ArgumentFault::SamePort { argument, .. }
        | ArgumentFault::OfOthers { argument, .. } => {
            format!("{names} will not start with the argument `{argument}`")
        }
    };
    let (why, help) = match fault {
        ArgumentFault::Gone { since, .. } => (
            format!("the flag was removed in Flux {since}, and a controller exits on an unknown flag"),
            "remove the argument, and set `provider` in the `ImageRepository`".to_owned(),
        ),
        ArgumentFault::WithoutGate { .. } => (
            "the flag requires the feature gate `ObjectLevelWorkloadIdentity`".to_owned(),
            "remove the argument, or map a `service-account`: the overlay then sets the gate".to_owned(),
        ),
        ArgumentFault::UnknownGate { .. } => (
            "this version of the controller does not have the feature gate".to_owned(),
            match image {
                Some(_) => "remove what sets the image, or use one of the installed version".to_owned(),
                None => "remove the argument".to_owned(),
            },
        ),
        ArgumentFault::Misspelt { meant, .. } => (
            "a controller exits on a flag or a feature gate that it does not have".to_owned(),
            format!("write `{meant}`, or remove the argument"),
        ),
        ArgumentFault::Unknown { .. } => (
            "a controller exits on a flag that it does not have, and no version has this one".to_owned(),
            "remove the argument, or correct the name of the flag".to_owned(),
        ),
        ArgumentFault::Narrow { label, .. } => (
            "objects without the label are left alone, those of Flux itself among them".to_owned(),
            format!(
                "write `--watch-label-selector=!{label}` for a controller that is no shard, or remove the argument"
            ),
        ),
        ArgumentFault::Mistyped { of, .. } => {
            let (what, help) = match of {
                FlagType::Duration => ("a duration", "write a number with a unit, such as `30s`"),
                FlagType::Integer => ("a whole number", "write a whole number"),
                FlagType::Number => ("a number", "write a number"),
                FlagType::Boolean => ("`true` or `false`", "write `=true`, `=false`, or the flag alone"),
                FlagType::Gates => {
                    ("a list of gates", "write `NAME=true` or `NAME=false`, with commas between them")
                }
            };
            (format!("the flag takes {what}, and a controller exits on another value"), help.to_owned())
        }
        ArgumentFault::SamePort { other, port, .. } => (
            format!("`--{other}` has the port {port} too, and a controller exits if it cannot listen"),
            "write another port, or remove the argument".to_owned(),
        ),
        ArgumentFault::OfOthers { others, .. } => {
            let others: Vec<&str> = others.iter().map(|other| other.name()).collect();
            (
                "a controller exits on a flag that it does not have".to_owned(),
                format!("remove the argument; it is a flag of {}", all_of(&others)),
            )
        }
        ArgumentFault::Unused { argument } => (
            format!("with `{argument}`, these objects use the identity of {}", default_account(argument)),
            format!("remove the mapping of {names} or the argument, or allow this warning"),
        ),
    };
    let finding = head.with_message(message).reason("in this cluster").note(why).help(help);
    let finding = match mapped {
        Some(mapped) => finding.label(mapped, "mapped here"),
        None => finding,
    };
    let finding = match image {
        Some((version, by)) => with_setter(finding, &format!("the image of Flux {version}"), Some(by)),
        None => finding,
    };
    with_setter(finding, "the argument", by)
}

/// The ServiceAccount that an argument names, in words.
fn default_account(argument: &str) -> String {
    match argument.split_once('=') {
        Some((_, name)) => format!("the ServiceAccount `{name}` in their namespace"),
        None => "the ServiceAccount that it names".to_owned(),
    }
}

/// `flags`: the names of those that `flux install` writes, and whether the manifests have them no more.
pub(super) fn lost_arguments(
    head: FindingHead<'_>,
    affected: &Affected,
    (flags, is_of_manifests): (&[&'static str], bool),
    by: Option<&SetBy>,
) -> Finding {
    let names = affected.names();
    let message = if is_of_manifests {
        format!("{names} will lack arguments that `flux install` sets")
    } else {
        format!("{names} will lack arguments that the manifests set")
    };
    let finding = head.with_message(message).reason("in this cluster");
    let finding = if is_of_manifests {
        with_setter(finding, "`args`", by)
    } else {
        with_origin(finding, "`args` is changed", by)
    };
    let finding = flags.iter().fold(finding, |finding, flag| {
        finding.note(match *flag {
            "storage-adv-addr" => {
                "without `--storage-adv-addr`, other controllers look for artifacts in their own pods"
            }
            "storage-path" => "without `--storage-path`, artifacts are not stored in the volume of the pods",
            _ => "without `--events-addr`, no event reaches `notification-controller`",
        })
    });
    if is_of_manifests {
        return finding.help(format!("restore the file from git, or {REGENERATE}"));
    }
    finding.help("keep these arguments: a list in a patch replaces `args` as a whole; add an argument with the operation `add` at `/spec/template/spec/containers/0/args/-`")
}

pub(super) fn lost_variable(
    head: FindingHead<'_>,
    affected: &Affected,
    (variable, is_of_manifests): (&str, bool),
    by: Option<&SetBy>,
) -> Finding {
    let names = affected.names();
    let message = format!("arguments of {names} refer to `{variable}`, which their containers will lack");
    let finding = head.with_message(message).reason("in this cluster");
    let (finding, help) = if is_of_manifests {
        let help = format!("add `{variable}` to `env`, or restore the file from git");
        (with_setter(finding, "`env`", by), help)
    } else {
        let help = format!(
            "keep `{variable}`: a list in an operation replaces `env` as a whole; add a variable with the operation `add` at `/spec/template/spec/containers/0/env/-`"
        );
        (with_origin(finding, "`env` is changed", by), help)
    };
    let why =
        format!("Kubernetes leaves `$({variable})` as it is: addresses in arguments are then no addresses");
    finding.note(why).help(help)
}
