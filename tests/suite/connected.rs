//! How controllers find each other and their files: arguments, Services, ports, volumes.

use std::collections::BTreeSet;

use flux_identity::effect::{
    Account, Address, ServiceFault, Workload, is_own_variable, lost_flags, lost_variables, service_addresses,
    service_fault, unknown_ports, unwritable,
};
use flux_identity::kustomize::Value;
use flux_identity::model::Controller;

use crate::effect::object;

fn deployment(labels: &str, pod: &str, manager: &str) -> Value {
    object(&format!(
        "apiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: source-controller}}\nspec:\n  template:\n    metadata:\n      \
         labels: {{{labels}}}\n    spec:\n      {pod}\n      containers:\n      - name: manager\n        image: x\n        {manager}\n"
    ))
}

fn workload(deployment: &Value) -> Workload<'_> {
    Workload { deployment, account: Account::Missing, sources: Vec::new() }
}

#[test]
fn an_argument_is_lost_if_something_took_it_away_and_no_variable_sets_it() {
    let all = ["--storage-adv-addr=", "--storage-path=", "--events-addr="];
    let lost = |arguments: &[&str], variable: &str, changed: &[&str]| {
        let is_changed = |begin: &str| changed.contains(&begin);
        lost_flags(Controller::Kustomize, arguments, |name| name == variable, is_changed, false)
    };
    assert_eq!(lost(&[], "", &all), ["storage-adv-addr", "storage-path", "events-addr"]);
    assert_eq!(lost(&["--events-addr=x", "--storage-path", "/data"], "", &all), ["storage-adv-addr"]);
    assert_eq!(lost(&["--events-addr=x", "--storage-path", "/data"], "STORAGE_ADV_ADDR", &all), [""; 0]);
    assert_eq!(lost(&[], "", &[]), [""; 0]);
}

#[test]
fn an_argument_is_lost_if_manifests_lack_what_flux_installs() {
    let lost = |controller, arguments: &[&str]| lost_flags(controller, arguments, |_| false, |_| false, true);
    assert_eq!(lost(Controller::Source, &[]), ["storage-adv-addr", "storage-path", "events-addr"]);
    assert_eq!(lost(Controller::Helm, &["--log-level=info"]), ["events-addr"]);
    // Without notification-controller it is empty.
    assert_eq!(lost(Controller::Helm, &["--events-addr="]), [""; 0]);
    assert_eq!(lost(Controller::Notification, &[]), [""; 0]);
}

#[test]
fn a_variable_is_lost_if_an_argument_refers_to_it_and_something_took_it_away() {
    let arguments = ["--a=x.$(LOST).$(KEPT)", "--b=$(LOST)", "--c=$$(ESCAPED)", "--d=$(OPEN", "$(UNCHANGED)"];
    let lost = lost_variables(&arguments, |name| name == "KEPT", |name| name != "UNCHANGED");
    assert_eq!(lost, ["LOST"]);
    assert!(is_own_variable("RUNTIME_NAMESPACE") && !is_own_variable("KUBERNETES_SERVICE_HOST"));
}

#[test]
fn the_address_of_a_service_has_its_name_its_namespace_and_svc() {
    for (argument, expected) in [
        ("--events-addr=http://a.flux-system.svc.cluster.local./", Some(("a", 80))),
        ("--events-addr=http://a.$(RUNTIME_NAMESPACE).svc:8080/", Some(("a", 8080))),
        ("--storage-adv-addr=a.flux-system.svc.cluster.local.", Some(("a", 80))),
        ("--events-addr=https://a.flux-system.svc/", Some(("a", 443))),
        ("--events-addr=http://a.other.svc.cluster.local./", None),
        ("--events-addr=http://events.example.com/", None),
        ("--events-addr=", None),
        ("--log-level=a.flux-system.svc", None),
    ] {
        let found = service_addresses(&[argument], "flux-system");
        let found: Vec<(&str, u16)> =
            found.iter().map(|Address { service, port, .. }| (*service, *port)).collect();
        assert_eq!(found, Vec::from_iter(expected), "{argument}");
    }
}

#[test]
fn a_service_leads_to_pods_by_its_selector_and_its_ports() {
    let pods = deployment(
        "app: source-controller, tier: flux",
        "dnsPolicy: ClusterFirst",
        "ports: [{name: http, containerPort: 9090}]",
    );
    let selector = "selector: {app: source-controller}";
    let port = |port: &str| format!("{{{selector}, ports: [{{{port}}}]}}");
    for (spec, asked, expected) in [
        (format!("{{{selector}}}"), &[80][..], None),
        ("{selector: {app: source-controller, tier: flux}}".to_owned(), &[80], None),
        ("{selector: {app: other}}".to_owned(), &[80], Some(ServiceFault::SelectsNone)),
        ("{selector: {app: source-controller, env: prod}}".to_owned(), &[], Some(ServiceFault::SelectsNone)),
        ("{selector: {app: '${app}'}}".to_owned(), &[80], None),
        ("{ports: []}".to_owned(), &[80], None),
        ("{ports: [{port: 80, targetPort: http}]}".to_owned(), &[80], Some(ServiceFault::SelectsNone)),
        ("{type: ExternalName, externalName: a.example.com}".to_owned(), &[80], Some(ServiceFault::External)),
        (port("port: 80, targetPort: http"), &[80], None),
        (port("port: 80, targetPort: 9090"), &[80], None),
        (port("port: 8080, targetPort: http"), &[8080], None),
        (port("port: 8080, targetPort: http"), &[80], Some(ServiceFault::NoPort(80))),
        (port("port: 8080, targetPort: http"), &[], None),
        (port("port: 80, targetPort: web"), &[80], Some(ServiceFault::NoTarget("web".to_owned()))),
        (port("port: 80, targetPort: web"), &[], Some(ServiceFault::NoTarget("web".to_owned()))),
        (port("port: 80"), &[80], Some(ServiceFault::NoTarget("80".to_owned()))),
        (
            format!("{{{selector}, clusterIP: None, ports: [{{port: 80, targetPort: http}}]}}"),
            &[80],
            Some(ServiceFault::Headless(80)),
        ),
        (
            format!("{{{selector}, clusterIP: None, ports: [{{port: 9090, targetPort: http}}]}}"),
            &[9090],
            None,
        ),
        // From outside, the addresses of pods are asked at their ports.
        (format!("{{{selector}, clusterIP: None, ports: [{{port: 80, targetPort: http}}]}}"), &[], None),
    ] {
        let service =
            object(&format!("apiVersion: v1\nkind: Service\nmetadata: {{name: x}}\nspec: {spec}\n"));
        let asked: BTreeSet<u16> = asked.iter().copied().collect();
        assert_eq!(service_fault(&service, &workload(&pods), &asked), expected, "{spec} {asked:?}");
    }
}

#[test]
fn a_port_of_a_sidecar_may_not_be_said() {
    let service = object(
        "apiVersion: v1\nkind: Service\nmetadata: {name: x}\nspec: {selector: {app: a}, ports: [{port: 80, targetPort: 8443}]}\n",
    );
    let sidecar = "ports: [{name: http, containerPort: 9090}]\n      - {name: proxy, image: y}";
    let pods = deployment("app: a", "dnsPolicy: ClusterFirst", sidecar);
    assert_eq!(service_fault(&service, &workload(&pods), &BTreeSet::from([80])), None);
}

#[test]
fn a_probe_asks_a_port_of_its_own_container() {
    let ports = "ports: [{name: healthz, containerPort: 9440}]";
    for (probes, expected) in [
        ("livenessProbe: {httpGet: {path: /, port: healthz}}", vec![]),
        ("livenessProbe: {httpGet: {path: /, port: 9440}}", vec![]),
        ("livenessProbe: {exec: {command: [x]}}", vec![]),
        ("livenessProbe: {httpGet: {path: /, port: health}}", vec![("livenessProbe", "health")]),
        ("readinessProbe: {tcpSocket: {port: http}}", vec![("readinessProbe", "http")]),
    ] {
        let pods = deployment("app: a", "dnsPolicy: ClusterFirst", &format!("{ports}\n        {probes}"));
        let found = unknown_ports(&workload(&pods));
        let found: Vec<(&str, &str)> = found.iter().map(|it| (it.probe, it.port.as_str())).collect();
        assert_eq!(found, expected, "{probes}");
    }
}

#[test]
fn a_controller_writes_only_to_volumes_if_the_rest_is_read_only() {
    let read_only = "securityContext: {readOnlyRootFilesystem: true}";
    let volumes = "volumes: [{name: tmp, emptyDir: {}}, {name: settings, configMap: {name: x}}]";
    let mounts = |mounts: &str| format!("volumeMounts: [{mounts}]");
    let at = |path: &str| mounts(&format!("{{name: tmp, mountPath: {path}}}"));
    for (controller, lines, expected) in [
        (Controller::Kustomize, vec![at("/tmp"), read_only.to_owned()], vec![]),
        (Controller::Kustomize, vec![at("/tmp/"), read_only.to_owned()], vec![]),
        (Controller::Kustomize, vec![at("/tmpfiles"), read_only.to_owned()], vec!["/tmp"]),
        (Controller::Kustomize, vec![read_only.to_owned()], vec!["/tmp"]),
        (Controller::Kustomize, vec!["securityContext: {}".to_owned()], vec![]),
        (
            Controller::Kustomize,
            vec![read_only.to_owned(), "env: [{name: TMPDIR, value: /x}]".to_owned()],
            vec![],
        ),
        (
            Controller::Kustomize,
            vec![read_only.to_owned(), mounts("{name: settings, mountPath: /tmp}")],
            vec!["/tmp"],
        ),
        (
            Controller::Kustomize,
            vec![read_only.to_owned(), mounts("{name: tmp, mountPath: /tmp, readOnly: true}")],
            vec!["/tmp"],
        ),
        (Controller::Notification, vec![read_only.to_owned()], vec![]),
        (Controller::ImageReflector, vec![read_only.to_owned(), at("/tmp")], vec!["/data"]),
        (
            Controller::Source,
            vec![read_only.to_owned(), at("/tmp"), "args: [--storage-path=/var/data]".to_owned()],
            vec!["/var/data"],
        ),
        (
            Controller::Source,
            vec![read_only.to_owned(), at("/"), "args: [--storage-path=/var/data]".to_owned()],
            vec![],
        ),
    ] {
        let pods = deployment("app: a", volumes, &lines.join("\n        "));
        assert_eq!(unwritable(controller, &workload(&pods)), expected, "{controller:?} {lines:?}");
    }
}
