//! What keeps controllers from running or from being applied, or diverts their requests, in words.

use crate::effect::{Diversion, NoStart};
use crate::problem::effective_identity::affected::Affected;
use crate::problem::effective_identity::words::{SetBy, with_origin, with_setter};
use crate::problem::{Finding, FindingHead, all_of};

/// Why a controller does not run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Idleness {
    /// A patch deletes its Deployment.
    Deleted,
    /// Its Deployment has `replicas: 0`.
    NoReplicas,
    /// Its Deployment is paused: it makes no pods of a new template.
    Paused,
    /// Its pods run this image, which is another program's.
    OtherImage(String),
    /// The tag of this image is a version of Flux, and not of the controller.
    TagOfFlux(String),
    /// The tag of this image lacks the `v` that tags of controllers begin with.
    TagWithoutV(String),
    /// This is no reference of an image.
    NoImage(String),
    /// Its container does not start.
    NoStart(NoStart),
}

pub(super) fn not_running(
    head: FindingHead<'_>,
    affected: &Affected,
    idleness: &Idleness,
    by: Option<&SetBy>,
) -> Finding {
    let names = affected.names();
    match idleness {
        Idleness::Deleted => {
            let message = format!("{names} will not be installed, so nothing uses {}", identities(affected));
            let finding = head.with_message(message).reason("mapped here");
            with_origin(finding, "the Deployment is deleted", by)
                .help("keep the Deployment, or write `-> none` for the controller in this cluster")
        }
        Idleness::Paused => {
            let message = format!("pods of {names} will not get {}", identities(affected));
            let finding = head.with_message(message).reason("mapped here");
            with_setter(finding, "`paused: true`", by).help("remove `paused: true`, or what sets it").note(
                "a paused Deployment does not replace its pods, and `kubectl rollout restart` refuses it",
            )
        }
        Idleness::NoReplicas => {
            let message = format!("{names} will have no pods, so nothing uses {}", identities(affected));
            let finding = head.with_message(message).reason("mapped here");
            with_setter(finding, "`replicas: 0`", by).help("remove `replicas: 0`, or what sets it")
        }
        Idleness::TagOfFlux(image) => {
            let message = format!("the pods of {names} will not start: the image `{image}` does not exist");
            let finding = head.with_message(message).reason("mapped here");
            with_setter(finding, "the image", by)
                .help("write the tag that `flux install --export` of that version has, or remove what sets the tag")
                .note("the tag is a version of Flux; each controller has versions of its own")
        }
        Idleness::NoStart(fault) => {
            let (message, what, help) = match fault {
                NoStart::Root(field) => (
                    format!(
                        "the pods of {names} will not start: `runAsUser: 0` contradicts `runAsNonRoot: true`"
                    ),
                    match field {
                        Some("runAsUser") => "`runAsUser: 0`",
                        Some(_) => "`runAsNonRoot: true`",
                        None => "one of them",
                    },
                    "remove `runAsUser: 0`, or write another user".to_owned(),
                ),
                NoStart::Memory(limit) => {
                    let number = limit.strip_suffix('m').unwrap_or(limit);
                    let is_number = number.bytes().all(|byte| byte.is_ascii_digit());
                    (
                        format!(
                            "the pods of {names} will not start: their limit of memory is `{limit}`, less than a megabyte"
                        ),
                        "the limit",
                        if is_number {
                            format!("write the unit: `memory: {number}Mi` is {number} megabytes")
                        } else {
                            "write a limit in megabytes, such as `memory: 512Mi`".to_owned()
                        },
                    )
                }
                NoStart::GoMemory(limit) => (
                    format!(
                        "{names} will not start: the runtime of Go does not read `{limit}` in `GOMEMLIMIT`"
                    ),
                    "the variable",
                    match limit.trim_end_matches(['B', 'i']) {
                        number if number.ends_with(['K', 'M', 'G', 'T']) => format!("write `{number}iB`"),
                        _ => "write a number of bytes, or one with a unit, such as `900MiB`".to_owned(),
                    },
                ),
                NoStart::NoObject { kind, name, meant } => (
                    format!(
                        "the pods of {names} will not start: the {kind} `{name}` is not built, but `{meant}` is"
                    ),
                    "the name",
                    format!("write `{meant}`, or allow this warning if the cluster has `{name}`"),
                ),
                NoStart::OtherNodes { label, value } => (
                    format!(
                        "the pods of {names} will not start: their images are for no node with `{label}: {value}`"
                    ),
                    "the label in `nodeSelector`",
                    "remove it; images of Flux are for Linux on `amd64`, `arm64` and `arm`".to_owned(),
                ),
                NoStart::Command(command) => (
                    format!("the pods of {names} will run `{command}`"),
                    "`command`",
                    "remove `command`: the image has that of the controller, and `args` are its arguments"
                        .to_owned(),
                ),
            };
            with_setter(head.with_message(message).reason("mapped here"), what, by).help(help)
        }
        Idleness::TagWithoutV(image) => {
            let message = format!("the pods of {names} will not start: the image `{image}` does not exist");
            let finding = head.with_message(message).reason("mapped here");
            with_setter(finding, "the image", by)
                .help("begin the tag with `v`, as those of all controllers do")
        }
        Idleness::NoImage(image) => {
            let message =
                format!("the pods of {names} will not start: `{image}` is no reference of an image");
            let finding = head.with_message(message).reason("mapped here");
            with_setter(finding, "the image", by)
                .help("write `NAME:TAG`, `NAME@sha256:` with 64 hexadecimal digits, or both; a name has lower-case letters")
        }
        Idleness::OtherImage(image) => {
            let message = format!("the pods of {names} will run the image `{image}`");
            let finding = head.with_message(message).reason(affected.one_or_many(
                "the image is not that of the controller that is mapped here",
                "the image is not that of the controllers that are mapped",
            ));
            with_setter(finding, "the image", by).help(
                "remove what sets the image, or allow this warning if it is a mirror under another name",
            )
        }
    }
}

/// `labels`: the labels that are selected by, too, and whether a field of a kustomization adds them.
pub(super) fn changed_selector(
    head: FindingHead<'_>,
    affected: &Affected,
    (labels, is_of_transformer): (&[String], bool),
    by: Option<&SetBy>,
) -> Finding {
    let names = affected.names();
    let of = affected.one_or_many("the Deployment", "the Deployments");
    let message = format!("{of} {names} will have another selector than in the manifests of Flux");
    let finding = head.with_message(message).reason("in this cluster");
    let what = if labels.is_empty() {
        "the selector".to_owned()
    } else {
        format!("{} in the selector", all_of(labels))
    };
    let finding = with_setter(finding, &what, by).note(
        "the selector of a Deployment cannot be changed: in a running cluster, applying it fails, and so does everything else that Flux applies with it",
    );
    if is_of_transformer {
        finding.help("write `labels` with `includeSelectors: false`, and `includeTemplates: true` if pods are to have the labels")
    } else {
        finding.help("remove what changes the selector, or allow this warning if Flux was installed with it")
    }
}

pub(super) fn diverted(
    head: FindingHead<'_>,
    affected: &Affected,
    diversion: &Diversion,
    by: Option<&SetBy>,
) -> Finding {
    let names = affected.names();
    let agent = "the agent of EKS Pod Identity";
    let (message, why, help) = match diversion {
        Diversion::Endpoint { url, .. } => (
            format!("{names} will not get {} from AWS STS", identities(affected)),
            format!("`{url}` is no endpoint of STS"),
            "remove the variable; set the endpoint of another service by its own variable, such as `AWS_ENDPOINT_URL_S3`".to_owned(),
        ),
        Diversion::NoCertificates { variable, path } => (
            format!("the library of AWS will fail in the pods of {names}"),
            format!("`{variable}` is `{path}`, where no volume is mounted"),
            "mount the file, or remove the variable".to_owned(),
        ),
        Diversion::Agent { variable, url } => (
            format!("{names} will not get {} from {agent}", identities(affected)),
            format!("`{variable}` is `{url}`"),
            "remove the variable, which the webhook sets".to_owned(),
        ),
        Diversion::Fips { variable, region } => (
            format!("{names} will not get {} from AWS STS", identities(affected)),
            format!("STS has no FIPS endpoint in `{}`", region.as_deref().unwrap_or_default()),
            format!("remove `{variable}`; only regions of the USA and Canada have such endpoints of STS"),
        ),
        Diversion::Proxy { variable, url } => (
            format!("{names} will ask a proxy for {}, not {agent}", identities(affected)),
            format!("`{variable}` is `{url}`, and `NO_PROXY` does not name the agent"),
            "add `169.254.170.23` and `[fd00:ec2::23]` to `NO_PROXY`".to_owned(),
        ),
    };
    let finding = head.with_message(message).reason(why).help(help);
    with_setter(finding, &format!("`{}`", diversion.variable()), by)
}

fn identities(affected: &Affected) -> &'static str {
    affected.one_or_many("its identity", "their identities")
}
