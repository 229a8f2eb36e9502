//! Shards without the identity of their controller, in words.

use crate::effect::{EffectiveIdentity, Obstacle};
use crate::model::Controller;
use crate::problem::effective_identity::obstacle::describe_obstacle;
use crate::problem::effective_identity::words::{SetBy, describe_identity};
use crate::problem::{Finding, FindingHead};

/// In what the identity of a shard differs from that of its controller.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unlike {
    /// Its pods have no identity.
    NotUsed(Obstacle),
    /// Its pods have another.
    Other(EffectiveIdentity),
}

/// `namespace`: that of Flux.
pub(super) fn unlike_shard(
    head: FindingHead<'_>,
    deployment: &str,
    (controller, namespace): (Controller, &str),
    unlike: &Unlike,
    by: Option<&SetBy>,
) -> Finding {
    let name = controller.name();
    let message = format!("the pods of `{deployment}` run as `{name}`, and will not use its identity");
    let why = match unlike {
        Unlike::NotUsed(obstacle) => describe_obstacle(name, &format!("{namespace}/{name}"), obstacle).0,
        Unlike::Other(identity) => format!("they use {}", describe_identity(identity)),
    };
    let finding = head.with_message(message).reason(why);
    let finding = match by {
        Some(SetBy { place, at }) => {
            let finding = finding.note(format!("`{deployment}` is in {place}"));
            at.iter()
                .fold(finding, |finding, (at, statement)| finding.label(*at, format!("this {statement}")))
        }
        None => finding,
    };
    finding
        .note("an overlay patches Deployments by the name of their controller, and those that `nameSuffix` renames")
        .help(format!("name the Deployment `{name}`, with `nameSuffix` in its kustomization, or give its pods another ServiceAccount"))
}
