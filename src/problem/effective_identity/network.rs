//! What network policies block and Services do not lead to, in words.

use crate::effect::{Endpoint, NameField, PortFault, ServiceFault, UnknownPort};
use crate::model::{Controller, Provider};
use crate::problem::effective_identity::affected::Affected;
use crate::problem::effective_identity::words::{SetBy, with_origin, with_setter};
use crate::problem::{Finding, FindingHead, all_of, listed};

/// `policies`: the names of those that select the pods and restrict where their requests may go.
pub(super) fn blocked(
    head: FindingHead<'_>,
    affected: &Affected,
    (provider, endpoints, policies): (Provider, &[Endpoint], &[String]),
    by: Option<&SetBy>,
) -> Finding {
    let names = affected.names();
    let (from, allowed): (Vec<&str>, Vec<&str>) =
        endpoints.iter().map(|endpoint| describe_endpoint(*endpoint, provider)).unzip();
    let message = format!("network policies keep the pods of {names} from {}", listed(&from, "and"));
    let reason = affected.one_or_many("this identity is not used", "the identity here is not used");
    let finding = head.with_message(message).reason(reason);
    with_setter(finding, &format!("`egress` of {}", all_of(policies)), by)
        .note("what none of the policies allows that select a pod is blocked; Flux installs `allow-egress`, which allows everything")
        .help(format!("allow {}, or remove what changes or deletes `allow-egress`", listed(&allowed, "and")))
}

/// An endpoint, and what to allow for it.
fn describe_endpoint(endpoint: Endpoint, provider: Provider) -> (&'static str, &'static str) {
    let outside = "TCP port 443 to addresses outside of the cluster";
    match endpoint {
        Endpoint::TokenService => match provider {
            Provider::Aws => ("AWS STS", outside),
            Provider::Azure => ("Microsoft Entra ID", outside),
            Provider::Gcp => ("the token service of Google Cloud", outside),
        },
        Endpoint::CloudApis => match provider {
            Provider::Aws => ("the services of AWS", outside),
            Provider::Azure => ("the services of Azure", outside),
            Provider::Gcp => ("the services of Google Cloud", outside),
        },
        Endpoint::MetadataServer => (
            "the metadata server of GKE",
            "TCP port 988 to `169.254.169.252/32`, TCP port 80 to `169.254.169.254/32` for GKE Dataplane V2",
        ),
        Endpoint::PodIdentityAgent => ("the agent of EKS Pod Identity", "TCP port 80 to `169.254.170.23/32`"),
        Endpoint::Dns => ("DNS", "port 53 of UDP and TCP"),
    }
}

/// `policies`: the names of those that let the requests neither out nor in.
pub(super) fn separated(
    head: FindingHead<'_>,
    affected: &Affected,
    (others, policies): (&[Controller], &[String]),
    by: Option<&SetBy>,
) -> Finding {
    let others: Vec<&str> = others.iter().map(|other| other.name()).collect();
    let message = format!("network policies keep controllers from {}", all_of(&others));
    let finding = head.with_message(message).reason("in this cluster");
    let finding = with_setter(finding, &all_of(policies), by);
    let finding = others.iter().fold(finding, |finding, other| {
        finding.note(describe_need(*other == Controller::Notification.name()))
    });
    finding
        .note(format!("blocked are the pods of {}", affected.names()))
        .help("allow TCP port 9090 between the pods of the namespace, both in `egress` and in `ingress`, or remove what changes or deletes `allow-egress`")
}

pub(super) fn nameless(
    head: FindingHead<'_>,
    affected: &Affected,
    others: &[Controller],
    field: NameField,
    by: Option<&SetBy>,
) -> Finding {
    let of_node = |written: &str| {
        let why = format!(
            "pods with `{written}` ask the servers of their node, which do not know the names of Services"
        );
        (
            format!("`{written}`"),
            format!("the pods of {} will not find Services by their names", affected.names()),
            why,
        )
    };
    let ((written, message, why), help) = match field {
        NameField::HostNetwork => (
            of_node("hostNetwork: true"),
            "write `dnsPolicy: ClusterFirstWithHostNet` beside it, or remove `hostNetwork`",
        ),
        NameField::DnsPolicy => {
            (of_node("dnsPolicy: Default"), "remove `dnsPolicy`, or write `ClusterFirst`")
        }
        NameField::Proxy(variable) => (
            (
                format!("`{variable}`"),
                format!(
                    "requests of {} to other controllers will go to the proxy of `{variable}`",
                    affected.names()
                ),
                format!("`{variable}` counts for Services too, unless `NO_PROXY` names them"),
            ),
            "set `NO_PROXY` beside it to `.cluster.local.,.cluster.local,.svc`",
        ),
    };
    let finding = head.with_message(message).reason("in this cluster");
    let finding = with_setter(finding, &written, by);
    let finding = others
        .iter()
        .fold(finding, |finding, other| finding.note(describe_need(*other == Controller::Notification)));
    finding.note(why).help(help)
}

pub(super) fn other_port(
    head: FindingHead<'_>,
    affected: &Affected,
    fault: &PortFault,
    by: Option<&SetBy>,
) -> Finding {
    let PortFault { flag, argument, listens, name, number, is_probe } = fault;
    let names = affected.names();
    let message = if *is_probe {
        format!("the pods of {names} will be restarted again and again: their probe asks port {number}")
    } else {
        format!("nobody will reach {names} at port {number}, which has the name `{name}`")
    };
    let (what, why, help) = match argument {
        Some(_) => (
            format!("`--{flag}`"),
            format!("the process listens at port {listens}, by `--{flag}`"),
            format!("remove `--{flag}`, or set the port `{name}` of the container to {listens}"),
        ),
        None => (
            "the port".to_owned(),
            format!("the process listens at port {listens}, the default of `--{flag}`"),
            format!("write `containerPort: {listens}`, or add `--{flag}=:{number}`"),
        ),
    };
    with_setter(head.with_message(message).reason("in this cluster"), &what, by).note(why).help(help)
}

/// What does not work without a controller: notification-controller, or else source-controller.
fn describe_need(is_notification: bool) -> &'static str {
    if is_notification {
        "events do not arrive at `notification-controller`, so that nobody is notified"
    } else {
        "artifacts are fetched from `source-controller`: without them nothing is applied"
    }
}

/// `service`: the controller, and the name of its Service.
pub(super) fn no_service(
    head: FindingHead<'_>,
    (controller, service): (Controller, &str),
    fault: &ServiceFault,
    by: Option<&SetBy>,
) -> Finding {
    let name = controller.name();
    let (why, change, help) = match fault {
        ServiceFault::Deleted => (
            "its Service is deleted".to_owned(),
            "the Service is deleted",
            "keep the Service, or remove what deletes it".to_owned(),
        ),
        ServiceFault::SelectsNone => (
            "its Service selects none of its pods".to_owned(),
            "the selector of the Service is set",
            "select by labels that the pods have, or remove what sets the selector".to_owned(),
        ),
        ServiceFault::External => (
            "its Service is a name of something elsewhere".to_owned(),
            "the type of the Service is set",
            "remove `type: ExternalName`".to_owned(),
        ),
        ServiceFault::Headless(port) => (
            format!("its pods do not listen at port {port}, at which its Service has their addresses"),
            "`clusterIP` of the Service is set",
            "remove `clusterIP: None`".to_owned(),
        ),
        ServiceFault::NoPort(port) => (
            format!("its Service has no port {port}"),
            "the list of ports is set",
            format!("write `port: {port}`, at which the others ask"),
        ),
        ServiceFault::NoTarget(target) => (
            format!("its pods have no port `{target}`, to which its Service leads"),
            "the list of ports is set",
            "write the name of a port of the container as `targetPort`".to_owned(),
        ),
    };
    let is_own = service == name;
    let message = if is_own {
        format!("controllers will not reach `{name}`: {why}")
    } else {
        let why =
            why.replace("its Service", "the Service").replace("its pods", &format!("the pods of `{name}`"));
        format!("nobody will reach `{service}`: {why}")
    };
    let finding = with_origin(head.with_message(message).reason("in this cluster"), change, by);
    let need = if is_own {
        describe_need(controller == Controller::Notification)
    } else {
        "webhooks of repositories and registries do not arrive, so that Flux finds changes only at its interval"
    };
    finding.note(need).help(help)
}

pub(super) fn unknown_port(
    head: FindingHead<'_>,
    affected: &Affected,
    UnknownPort { container, probe, port, .. }: &UnknownPort,
    by: Option<&SetBy>,
) -> Finding {
    let names = affected.names();
    let what = if *probe == "readinessProbe" { "never be ready" } else { "be restarted again and again" };
    let message = format!("the pods of {names} will {what}: their `{probe}` asks a port `{port}`");
    with_setter(head.with_message(message).reason("in this cluster"), "the port", by)
        .note(format!("the container `{container}` has no port of that name"))
        .help(format!("write the name of a port of the container, or name one of them `{port}`"))
}
