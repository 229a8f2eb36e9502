//! Fields that the API server refuses, by the definitions in the manifests of Flux and by those of Kubernetes.

use crate::harness::{Run, directory, run};

const SOURCE: &str =
    "cluster prod on eks {\n  source-controller -> aws \"arn:aws:iam::111122223333:role/flux\"\n}\n";
const COMPONENTS: &str = "apiVersion: v1
kind: ServiceAccount
metadata: {name: source-controller, namespace: flux-system}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: source-controller, namespace: flux-system}
spec:
  selector: {matchLabels: {app: source-controller}}
  template:
    metadata: {labels: {app: source-controller}}
    spec: {serviceAccountName: source-controller, containers: [{name: manager, image: x}]}
---
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata:
  name: gitrepositories.source.toolkit.fluxcd.io
spec:
  group: source.toolkit.fluxcd.io
  names: {kind: GitRepository}
  versions:
  - name: v1
    served: true
    schema:
      openAPIV3Schema:
        type: object
        properties:
          apiVersion: {type: string}
          kind: {type: string}
          metadata: {type: object}
          spec:
            type: object
            required: [interval, url]
            properties:
              interval: {type: string, pattern: '^([0-9]+(\\.[0-9]+)?(ms|s|m|h))+$'}
              url: {type: string, pattern: '^(http|https|ssh)://.*$'}
              provider: {type: string, enum: [generic, azure, github]}
              suspend: {type: boolean}
              secretRef: {type: object}
              timeout: {type: string, default: 60s}
              retries: {type: integer, minimum: 1, maximum: 5}
              include: {type: array, items: {type: object, required: [repository], properties: {repository: {type: string, maxLength: 3}}}}
              ref: {type: object, properties: {branch: {type: string}, tag: {type: string}}}
              labels: {type: object, additionalProperties: {type: string}}
              open: {type: object, properties: {a: {type: string}}, x-kubernetes-preserve-unknown-fields: true}
              port: {anyOf: [{type: integer}, {type: string}], x-kubernetes-int-or-string: true}
";
const SYNC: &str = "apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {name: flux-system, namespace: flux-system}
spec: {path: ./clusters/prod, sourceRef: {kind: GitRepository, name: flux-system}}
---
apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata: {name: flux-system, namespace: flux-system}
spec:
";

/// What `check` finds with these fields in the `GitRepository`. `resource`: what else the overlay has.
fn with_fields(spec: &str, resource: Option<&str>) -> Run {
    let sync: String = spec.lines().flat_map(|line| ["  ", line, "\n"]).collect();
    let sync = format!("{SYNC}{sync}");
    let passed = SOURCE.replace("}\n", "  resource \"more\"\n}\n");
    let mut files = vec![
        ("identity.flux", if resource.is_some() { passed.as_str() } else { SOURCE }),
        ("clusters/prod/flux-system/gotk-components.yaml", COMPONENTS),
        ("clusters/prod/flux-system/gotk-sync.yaml", &sync),
    ];
    files.extend(resource.map(|text| ("more/more.yaml", text)));
    files.extend(resource.map(|_| ("more/kustomization.yaml", "resources: [more.yaml]\n")));
    run(directory(&files).path(), &["build"])
}

const RIGHT: &str = "interval: 1m\nurl: https://git.example.com/fleet\n";

#[test]
fn a_field_that_a_definition_refuses_is_reported_with_what_it_takes() {
    let url = "url: https://git.example.com/fleet\n";
    for (spec, what, help) in [
        (format!("interval: 10\n{url}"), "`10` in `spec.interval`", "such as `10m`"),
        (format!("interval: 1d\n{url}"), "`1d` in `spec.interval`", "such as `10m`"),
        (
            "interval: 1m\nurl: git@git.example.com:acme/fleet.git\nsecretRef: {name: x}\n".to_owned(),
            "`git@git.example.com:acme/fleet.git` in `spec.url`",
            "write `ssh://git@git.example.com/acme/fleet.git`",
        ),
        (
            "interval: 1m\nurl: git://git.example.com/fleet\n".to_owned(),
            "`git://git.example.com/fleet` in `spec.url`",
            "begin it with `http://`, `https://` or `ssh://`",
        ),
        (
            format!("{RIGHT}provider: google\n"),
            "`google` in `spec.provider`",
            "write `generic`, `azure` or `github`",
        ),
        (format!("{RIGHT}suspend: \"false\"\n"), "`\"false\"` in `spec.suspend`", "without quotes"),
        (format!("{RIGHT}ref: {{brnch: main}}\n"), "the field `spec.ref.brnch`", "write `branch`"),
        (format!("{RIGHT}branch: main\n"), "the field `spec.branch`", "write it in `spec.ref`"),
        (format!("{RIGHT}ref: {{suspend: true}}\n"), "the field `spec.ref.suspend`", "write it in `spec`"),
        (format!("{RIGHT}ref: {{xyzzy: true}}\n"), "the field `spec.ref.xyzzy`", "there is no such field"),
        (format!("{RIGHT}ref: main\n"), "`\"main\"` in `spec.ref`", "write a map of fields"),
        (format!("{RIGHT}ref: {{tag: 1.2}}\n"), "`1.2` in `spec.ref.tag`", "write a string: `\"1.2\"`"),
        (format!("{RIGHT}ref: {{tag: [a]}}\n"), "what is in `spec.ref.tag`", "write a string"),
        (format!("{RIGHT}retries: 0\n"), "`0` in `spec.retries`", "write 1 or more"),
        (format!("{RIGHT}retries: 6\n"), "`6` in `spec.retries`", "write 5 or less"),
        (format!("{RIGHT}retries: x\n"), "`\"x\"` in `spec.retries`", "write a whole number"),
        (
            format!("{RIGHT}include: [{{repository: long}}]\n"),
            "`long` in `spec.include[0].repository`",
            "at most 3",
        ),
        (format!("{RIGHT}include: [{{}}]\n"), "`spec.include[0]` without `repository`", "add `repository`"),
        (format!("{RIGHT}port: true\n"), "`true` in `spec.port`", "write a whole number or a string"),
        (url.to_owned(), "`spec` without `interval`", "add `interval`"),
        (format!("Interval: 1m\n{url}"), "the field `spec.Interval`", "write `interval`"),
    ] {
        let found = with_fields(&spec, None);
        let message = format!("the API server refuses {what} of the GitRepository `flux-system`");
        assert!(found.stderr.contains(&message), "{spec}: {}", found.stderr);
        assert!(found.stderr.contains(help), "{spec}: {}", found.stderr);
        assert_eq!(found.stderr.matches("the API server refuses").count(), 1, "{spec}: {}", found.stderr);
    }
}

#[test]
fn what_a_definition_takes_is_not_reported() {
    for spec in [
        "",
        "ref: {branch: ${branch}}\nretries: ${retries}\n",
        "ref: {branch: 'true'}\ntimeout: null\nsuspend: false\nretries: 5\n",
        "labels: {a: b}\nopen: {b: 1}\nport: 80\n",
        "port: http\ninclude: [{repository: abc}]\n",
    ] {
        let found = with_fields(&format!("{RIGHT}{spec}"), None);
        assert!(!found.stderr.contains("warning["), "{spec}: {}", found.stderr);
    }
    let found = with_fields("url: ${url}\ninterval: 1m\n", None);
    assert!(!found.stderr.contains("refuses"), "{}", found.stderr);
}

#[test]
fn fields_of_other_objects_of_flux_are_reported_with_their_place() {
    let other = "apiVersion: source.toolkit.fluxcd.io/v1\nkind: GitRepository\nmetadata: {name: other, namespace: apps}\n\
                 spec:\n  interval: 1m\n  url: https://git.example.com/x\n  ref: {brnch: main}\n";
    let found = with_fields(RIGHT, Some(other));
    let message = "the API server refuses the field `spec.ref.brnch` of the GitRepository `other`";
    assert!(found.stderr.contains(message), "{}", found.stderr);
    assert!(found.stderr.contains("it is set by `more/more.yaml`, line 7"), "{}", found.stderr);
}
