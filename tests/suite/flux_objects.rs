//! Objects of Flux that are applied and do nothing: values that their controllers do not take, and circles.

use crate::harness::{Run, directory, run};

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
