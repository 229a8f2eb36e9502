//! Volumes in the place of tokens, in words.

use crate::effect::{API_TOKEN, ApiOptOut};
use crate::problem::effective_identity::affected::Affected;
use crate::problem::effective_identity::words::{SetBy, with_setter};
use crate::problem::{Finding, FindingHead};

const NEEDED: &str = "controllers of Flux need the token of their ServiceAccount";

pub(super) fn no_api_token(
    head: FindingHead<'_>,
    affected: &Affected,
    opt_out: &ApiOptOut,
    by: Option<&SetBy>,
) -> Finding {
    let names = affected.names();
    let of_cluster = format!("the API server of {} cluster", affected.one_or_many("its", "their"));
    let runs = affected.one_or_many("it does not run", "they do not run");
    let of = match opt_out {
        ApiOptOut::Pods => affected.one_or_many("its pods", "their pods"),
        ApiOptOut::Account => affected.one_or_many("its ServiceAccount", "their ServiceAccounts"),
        ApiOptOut::Volume(volume) => {
            let message = format!("{names} will not reach {of_cluster}, so {runs}");
            let what = format!("the volume `{volume}` at `{API_TOKEN}`");
            let finding = head.with_message(message).reason("in this cluster");
            return with_setter(finding, &what, by)
                .help("mount the volume at another path")
                .note(format!("Kubernetes mounts the token there; {NEEDED}"));
        }
        ApiOptOut::Secret(secret) => {
            let message = format!("{names} may not reach {of_cluster}");
            let what = format!("the Secret `{secret}` at `{API_TOKEN}`");
            let finding = head.with_message(message).reason("in this cluster");
            return with_setter(finding, &what, by)
                .help("mount the Secret at another path, or allow this warning if it holds a token of the ServiceAccount")
                .note(format!("Kubernetes mounts the token there if nothing else is mounted; {NEEDED}"));
        }
    };
    let field = "`automountServiceAccountToken: false`";
    let finding = head.with_message(format!("{names} will not reach {of_cluster}, so {runs}"));
    with_setter(finding.reason("in this cluster"), field, by)
        .help(format!("remove {field} from {of}"))
        .note(NEEDED)
}

pub(super) fn webhook_volume(
    head: FindingHead<'_>,
    affected: &Affected,
    volume: &str,
    by: Option<&SetBy>,
) -> Finding {
    let names = affected.names();
    let message =
        format!("the volume `{volume}` of the pods of {names} may collide with that of the webhook of AKS");
    let reason = affected.one_or_many("this identity may not be used", "the identity here may not be used");
    with_setter(head.with_message(message).reason(reason), "the volume", by)
        .help("remove the volume, or give it, its file and its path other names")
        .note("up to version 1.5, the webhook adds the volume `azure-identity-token` at `/var/run/secrets/azure/tokens`")
}
