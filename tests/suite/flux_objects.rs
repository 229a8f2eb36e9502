//! Objects of Flux that are applied and do nothing: values that their controllers do not take, and circles.

use crate::harness::{Run, directory, run};
use crate::real::components;

const SOURCE: &str = "cluster prod on eks {\n  source-controller -> aws \"arn:aws:iam::111122223333:role/flux\"\n  resource \"apps\"\n}\n";
const COMPONENTS: &str = "apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: source-controller, namespace: flux-system}\n---\n\
                          apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: source-controller, namespace: flux-system}\n\
                          spec: {template: {spec: {serviceAccountName: source-controller, containers: [{name: manager, image: x}]}}}\n";

/// What `build` finds with these fields in both objects of `gotk-sync.yaml`, and these objects beside them.
fn found([kustomization, repository]: [&str; 2], objects: &[String]) -> Run {
    let sync = format!(
        "apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {{name: flux-system, namespace: flux-system}}\n\
         spec: {{path: ./clusters/prod, sourceRef: {{kind: GitRepository, name: flux-system}}{kustomization}}}\n---\n\
         apiVersion: source.toolkit.fluxcd.io/v1\nkind: GitRepository\nmetadata: {{name: flux-system, namespace: flux-system}}\n\
         spec: {{url: 'https://git.example.com/fleet'{repository}}}\n"
    );
    let objects = objects.join("---\n");
    let files = [
        ("identity.flux", SOURCE),
        ("clusters/prod/flux-system/gotk-components.yaml", COMPONENTS),
        ("clusters/prod/flux-system/gotk-sync.yaml", &sync),
        ("apps/kustomization.yaml", "resources: [apps.yaml]\n"),
        ("apps/apps.yaml", &objects),
    ];
    run(directory(&files).path(), &["build"])
}

fn object(group: &str, kind: &str, name: &str, spec: &str) -> String {
    format!(
        "apiVersion: {group}.toolkit.fluxcd.io/v1\nkind: {kind}\nmetadata: {{name: {name}, namespace: flux-system}}\nspec: {{{spec}}}\n"
    )
}

#[test]
fn a_value_with_which_a_controller_does_nothing_is_reported() {
    for (group, kind, spec, help) in [
        ("source", "HelmRepository", "url: 'oci://example.com/charts'", Some("add `type: oci`")),
        (
            "source",
            "HelmRepository",
            "url: 'oci://example.com/charts', type: default",
            Some("add `type: oci`"),
        ),
        ("source", "HelmRepository", "url: 'oci://example.com/charts', type: oci", None),
        ("source", "HelmRepository", "url: 'https://example.com/charts'", None),
        ("image", "ImageRepository", "image: 'https://example.com/app'", Some("write `example.com/app`")),
        ("image", "ImageRepository", "image: example.com/app", None),
        (
            "source",
            "Bucket",
            "endpoint: 'https://s3.amazonaws.com', provider: aws",
            Some("write `s3.amazonaws.com`"),
        ),
        ("source", "Bucket", "endpoint: 'https://x.blob.core.windows.net', provider: azure", None),
        (
            "source",
            "GitRepository",
            "url: 'https://example.com/x', ref: {branch: refs/heads/main}",
            Some("write `branch: main`"),
        ),
        ("source", "GitRepository", "url: 'https://example.com/x', ref: {branch: release/refs}", None),
        (
            "source",
            "GitRepository",
            "url: 'ssh://git@example.com:acme/x', secretRef: {name: key}",
            Some("`ssh://git@example.com:acme/x` in `url` has a port that is no number"),
        ),
        (
            "source",
            "GitRepository",
            "url: 'ssh://git@example.com:acme/x', secretRef: {name: key}",
            Some("write `ssh://git@example.com/acme/x`"),
        ),
        ("source", "HelmRepository", "url: 'https://exam ple.com/charts'", Some("has a space in its host")),
        ("source", "HelmRepository", "url: 'https://example.com:8443/a b'", None),
        (
            "source",
            "OCIRepository",
            "url: 'oci://example.com:acme/x'",
            Some("write `oci://example.com/acme/x`"),
        ),
    ] {
        let run = found(["", ""], &[object(group, kind, "other", spec)]);
        let is_reported = run.stderr.contains("warning[F0432]");
        assert_eq!(is_reported, help.is_some(), "{spec}: {}", run.stderr);
        assert!(run.stderr.contains(help.unwrap_or_default()), "{spec}: {}", run.stderr);
        assert!(!is_reported || run.stderr.contains("`apps/apps.yaml`, line "), "{spec}: {}", run.stderr);
    }
    let run = found(["", ", ref: {branch: refs/heads/main}"], &[object("image", "ImagePolicy", "x", "")]);
    let message = "Flux does not apply this overlay from the GitRepository `flux-system`";
    assert!(run.stderr.contains("warning[F0380]") && run.stderr.contains(message), "{}", run.stderr);
}

#[test]
fn objects_that_wait_for_each_other_are_reported_once() {
    let kustomization = |name: &str, others: &str| {
        object("kustomize", "Kustomization", name, &format!("path: ./{name}, dependsOn: [{others}]"))
    };
    for (own, objects, circle) in [
        ("", vec![kustomization("a", "{name: b}"), kustomization("b", "")], None),
        ("", vec![kustomization("a", "{name: a}")], Some("the Kustomization `a` waits for itself")),
        (
            "",
            vec![
                kustomization("a", "{name: b}"),
                kustomization("b", "{name: c}"),
                kustomization("c", "{name: a}"),
            ],
            Some("waits for itself, through the Kustomization `b` and the Kustomization `c`"),
        ),
        ("", vec![kustomization("a", "{name: b, namespace: apps}"), kustomization("b", "{name: a}")], None),
        ("", vec![kustomization("a", "{name: flux-system}")], None),
        (", wait: true", vec![kustomization("a", "")], None),
        (
            ", wait: true",
            vec![kustomization("a", "{name: flux-system}")],
            Some("the Kustomization `a` waits for itself, through the Kustomization `flux-system`"),
        ),
        (
            ", dependsOn: [{name: a}]",
            vec![kustomization("a", "")],
            Some("the Kustomization `a` waits for itself, through the Kustomization `flux-system`"),
        ),
        (", dependsOn: [{name: elsewhere}]", vec![kustomization("a", "")], None),
    ] {
        let run = found([own, ""], &objects);
        let count = usize::from(circle.is_some());
        assert_eq!(run.stderr.matches("warning[F0433]").count(), count, "{own} {objects:?}: {}", run.stderr);
        assert!(run.stderr.contains(circle.unwrap_or_default()), "{own} {objects:?}: {}", run.stderr);
    }
}

/// What `build` finds with real manifests and these patches in a kustomization above the overlay.
fn with_patches(version: &str, patches: &str) -> Option<Run> {
    let manifests = components(version)?;
    let sync = "apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {name: flux-system, namespace: flux-system}\n\
                spec: {interval: 1m, prune: true, path: ./clusters/prod, sourceRef: {kind: GitRepository, name: flux-system}}\n---\n\
                apiVersion: source.toolkit.fluxcd.io/v1\nkind: GitRepository\nmetadata: {name: flux-system, namespace: flux-system}\n\
                spec: {interval: 1m, url: 'https://git.example.com/fleet', ref: {branch: main}}\n";
    let above = format!("resources: [flux-system]\n{patches}");
    let source = SOURCE.replace("  resource \"apps\"\n", "");
    let files = [
        ("identity.flux", source.as_str()),
        ("clusters/prod/flux-system/gotk-components.yaml", &manifests),
        ("clusters/prod/flux-system/gotk-sync.yaml", sync),
        ("clusters/prod/kustomization.yaml", &above),
    ];
    Some(run(directory(&files).path(), &["build"]))
}

const LOCKDOWN: &str = "patches:\n- target: {kind: Deployment, name: kustomize-controller}\n  patch: |\n    - op: add\n      path: \
                        /spec/template/spec/containers/0/args/-\n      value: --default-service-account=default\n";

#[test]
fn a_kustomization_of_an_account_without_rights_is_reported() {
    let own = "- target: {kind: Kustomization}\n  patch: |\n    - op: add\n      path: /spec/serviceAccountName\n      value: kustomize-controller\n";
    for (patches, is_right) in
        [(LOCKDOWN.to_owned(), false), (format!("{LOCKDOWN}{own}"), true), (String::new(), true)]
    {
        let Some(found) = with_patches("v2.9.3-image", &patches) else { return };
        let message = "its Kustomization uses the ServiceAccount `flux-system/default`, which has no rights";
        assert_eq!(found.stderr.contains(message), !is_right, "{patches}: {}", found.stderr);
        assert_eq!(found.stderr.contains("warning[F0380]"), !is_right, "{patches}: {}", found.stderr);
    }
}

#[test]
fn a_binding_that_binds_nothing_is_reported() {
    let patch = |kind: &str, name: &str, operation: &str| {
        format!("patches:\n- target: {{kind: {kind}, name: {name}}}\n  patch: |\n    - {operation}\n")
    };
    let binding = |operation: &str| patch("ClusterRoleBinding", "crd-controller-flux-system", operation);
    for (patches, message) in [
        (
            binding("{op: replace, path: /subjects/0/namespace, value: flux}"),
            Some("names the ServiceAccount `flux/"),
        ),
        (
            binding("{op: replace, path: /subjects/0/name, value: kustomise-controller}"),
            Some("does not name the ServiceAccount `flux-system/kustomize-controller`"),
        ),
        (
            binding("{op: replace, path: /roleRef/name, value: crd-controllers}"),
            Some("names the ClusterRole `crd-controllers`, which"),
        ),
        (
            patch("ClusterRole", "crd-controller-flux-system", "{op: replace, path: /rules, value: []}"),
            Some("has no rule about `source.toolkit.fluxcd.io`"),
        ),
        ("namespace: flux-system\n".to_owned(), None),
        ("namePrefix: a-\n".to_owned(), None),
        (patch("ServiceAccount", "helm-controller", "{op: add, path: /metadata/labels/a, value: b}"), None),
    ] {
        let Some(found) = with_patches("v2.9.3-image", &patches) else { return };
        assert_eq!(found.stderr.contains("warning[F0434]"), message.is_some(), "{patches}: {}", found.stderr);
        assert!(found.stderr.contains(message.unwrap_or_default()), "{patches}: {}", found.stderr);
    }
}

#[test]
fn limits_of_the_namespace_that_exclude_controllers_are_reported() {
    const DEPLOYMENT: &str = "apiVersion: apps/v1
kind: Deployment
metadata: {name: other, namespace: flux-system}
spec:
  replicas: 2
  selector: {matchLabels: {app: other}}
  template:
    metadata: {labels: {app: other}}
    spec: {containers: [{name: manager, image: x, resources: {limits: {memory: 1Gi}, requests: {cpu: 100m, memory: 64Mi}}}]}
";
    let quota = |namespace: &str, spec: &str| {
        format!(
            "apiVersion: v1\nkind: ResourceQuota\nmetadata: {{name: x, namespace: {namespace}}}\nspec: {{{spec}}}\n"
        )
    };
    let range = |limits: &str| {
        format!(
            "apiVersion: v1\nkind: LimitRange\nmetadata: {{name: x, namespace: flux-system}}\nspec: {{limits: [{{type: Container, {limits}}}]}}\n"
        )
    };
    for (object, why) in [
        (quota("flux-system", "hard: {pods: '2'}"), Some("the controllers need more than `pods: 2`")),
        (quota("flux-system", "hard: {pods: '3'}"), None),
        (quota("apps", "hard: {pods: '1'}"), None),
        (quota("flux-system", "hard: {pods: '1'}, scopes: [BestEffort]"), None),
        (quota("flux-system", "hard: {limits.memory: 1Gi}"), Some("need more than `limits.memory: 1Gi`")),
        (quota("flux-system", "hard: {limits.memory: 2Gi, cpu: 200m, requests.cpu: 1}"), None),
        (quota("flux-system", "hard: {cpu: 150m}"), Some("need more than `cpu: 150m`")),
        (range("max: {memory: 512Mi}"), Some("a controller has a greater limit than `memory: 512Mi`")),
        (range("min: {memory: 128Mi}"), Some("a controller requests less than `memory: 128Mi`")),
        (range("max: {memory: 1Gi}, min: {memory: 64Mi}, default: {cpu: 1}"), None),
    ] {
        let run = found(["", ""], &[DEPLOYMENT.to_owned(), object.clone()]);
        assert_eq!(run.stderr.contains("warning[F0435]"), why.is_some(), "{object}: {}", run.stderr);
        assert!(run.stderr.contains(why.unwrap_or_default()), "{object}: {}", run.stderr);
    }
}

#[test]
fn a_kustomize_controller_without_the_role_to_apply_its_overlay_is_reported() {
    const DEFINITION: &str = "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: {name: x.example.com}\n";
    let account = |name: &str| {
        format!("apiVersion: v1\nkind: ServiceAccount\nmetadata: {{name: {name}, namespace: flux-system}}\n")
    };
    let binding = |name: &str, role: &str, account: &str| {
        format!(
            "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRoleBinding\nmetadata: {{name: {name}}}\n\
             roleRef: {{apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: {role}}}\n\
             subjects: [{{kind: ServiceAccount, name: {account}, namespace: flux-system}}]\n"
        )
    };
    let of_all = binding("crd-controller-flux-system", "crd-controller-flux-system", "kustomize-controller");
    let reconciler = |role: &str| binding("cluster-reconciler-flux-system", role, "kustomize-controller");
    let of_group = reconciler("cluster-admin").replace(
        "kind: ServiceAccount, name: kustomize-controller, namespace: flux-system",
        "kind: Group, name: 'system:serviceaccounts:flux-system'",
    );
    let own = ", serviceAccountName: deployer";
    for (kustomization, bindings, said) in [
        ("", vec![of_all.clone(), reconciler("cluster-admin")], None),
        ("", vec![of_all.clone(), reconciler("fleet-admin")], None),
        ("", vec![of_all.clone(), of_group], None),
        ("", vec![of_all.clone(), reconciler("edit")], Some("has only `edit`, and cannot apply")),
        ("", vec![of_all.clone()], Some("has no role of the cluster, and cannot apply")),
        // Something else gives all of the rights, or another account uses them.
        ("", Vec::new(), None),
        (own, vec![of_all.clone()], None),
    ] {
        let objects =
            [DEFINITION.to_owned(), account("kustomize-controller")].into_iter().chain(bindings.clone());
        let run = found([kustomization, ""], &objects.collect::<Vec<_>>());
        assert_eq!(run.stderr.contains("F0434"), said.is_some(), "{bindings:?}: {}", run.stderr);
        assert!(run.stderr.contains(said.unwrap_or_default()), "{bindings:?}: {}", run.stderr);
    }
}

/// What `build` finds with these fields of `postBuild`, and a ConfigMap with this text.
fn with_variables(version: &str, post_build: &str, text: &str, annotations: &str) -> Option<Run> {
    let manifests = components(version)?;
    let sync = format!(
        "apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {{name: flux-system, namespace: flux-system}}\n\
         spec: {{interval: 1m, prune: true, path: ./clusters/prod, sourceRef: {{kind: GitRepository, name: flux-system}}{post_build}}}\n\
         ---\napiVersion: source.toolkit.fluxcd.io/v1\nkind: GitRepository\nmetadata: {{name: flux-system, namespace: flux-system}}\n\
         spec: {{interval: 1m, url: 'https://git.example.com/fleet', ref: {{branch: main}}}}\n"
    );
    let map = format!(
        "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: scripts\n  namespace: flux-system\n  annotations: {{{annotations}}}\n\
         data:\n  run.sh: |\n    cd {text}\n"
    );
    let files = [
        ("identity.flux", SOURCE),
        ("clusters/prod/flux-system/gotk-components.yaml", manifests.as_str()),
        ("clusters/prod/flux-system/gotk-sync.yaml", &sync),
        ("apps/kustomization.yaml", "resources: [map.yaml]\n"),
        ("apps/map.yaml", &map),
    ];
    Some(run(directory(&files).path(), &["build"]))
}

#[test]
fn a_variable_for_which_flux_refuses_the_build_is_reported() {
    let set = ", postBuild: {substitute: {region: eu}}";
    let from = ", postBuild: {substituteFrom: [{kind: ConfigMap, name: values}]}";
    let optional = ", postBuild: {substituteFrom: [{kind: ConfigMap, name: values, optional: true}]}";
    let form = Some("has `${BASH_SOURCE[0]}`, which is no variable of `postBuild`");
    let no_value =
        Some("the ConfigMap `scripts` has the variable `zone`, and the Kustomization no value for it");
    for (version, post_build, text, annotations, message) in [
        ("v2.9.3-image", set, "${BASH_SOURCE[0]}", "", form),
        ("v2.9.3-image", from, "${BASH_SOURCE[0]}", "", form),
        ("v2.9.3-image", optional, "${BASH_SOURCE[0]}", "", None),
        ("v2.9.3-image", "", "${BASH_SOURCE[0]}", "", None),
        ("v2.9.3-image", set, "$${BASH_SOURCE[0]}", "", None),
        ("v2.9.3-image", set, "${BASH_SOURCE[0]}", "kustomize.toolkit.fluxcd.io/substitute: disabled", None),
        ("v2.9.3-image", set, "${region,,} ${zone:=a} $zone", "", None),
        ("v2.9.3-image", set, "${zone}", "", no_value),
        ("v2.9.3-image", from, "${zone}", "", None),
        ("v2.6.4-image", set, "${zone}", "", None),
        ("v2.6.4-image", set, "${BASH_SOURCE[0]}", "", form),
    ] {
        let Some(found) = with_variables(version, post_build, text, annotations) else { return };
        let count = usize::from(message.is_some());
        let case = format!("{post_build} {text} {annotations}: {}", found.stderr);
        assert_eq!(found.stderr.matches("warning[F0380]").count(), count, "{case}");
        assert!(found.stderr.contains(message.unwrap_or_default()), "{case}");
        assert_eq!(found.stderr.contains("`apps/map.yaml`, line 8"), message.is_some(), "{case}");
    }
}

#[test]
fn a_chain_of_dependencies_is_no_circle_and_leads_to_one() {
    let chain = |last: &str| -> Vec<String> {
        let one = |at: usize| {
            let next = if at == 1_999 { last.to_owned() } else { format!("k{}", at + 1) };
            object(
                "kustomize",
                "Kustomization",
                &format!("k{at}"),
                &format!("path: ./a, dependsOn: [{{name: {next}}}]"),
            )
        };
        (0..2_000).map(one).collect()
    };
    let run = found(["", ""], &chain("elsewhere"));
    assert!(!run.stderr.contains("F0433"), "{}", run.stderr);
    let run = found(["", ""], &chain("k1998"));
    assert_eq!(run.stderr.matches("F0433]").count(), 1, "{}", run.stderr);
    assert!(run.stderr.contains("`k1998`") && run.stderr.contains("`k1999`"), "{}", run.stderr);
}
