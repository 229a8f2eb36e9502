//! Fields that the API server refuses, by the definitions in the manifests of Flux and by those of Kubernetes.

use flux_identity::effect::{built_in_schema, misfits_of};
use flux_identity::kustomize::read_objects;

use crate::harness::{Run, directory, run};
use crate::real::components;

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

/// What `check` finds with a patch of the Deployment.
fn with_patch(patch: &str) -> Run {
    let source = SOURCE.replace("}\n", "  patch \"own.yaml\"\n}\n");
    let patch: String = patch.lines().flat_map(|line| ["  ", line, "\n"]).collect();
    let patch = format!(
        "apiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: source-controller, namespace: flux-system}}\nspec:\n{patch}"
    );
    let sync = format!("{SYNC}  interval: 1m\n  url: https://git.example.com/fleet\n");
    let files = [
        ("identity.flux", source.as_str()),
        ("clusters/prod/flux-system/gotk-components.yaml", COMPONENTS),
        ("clusters/prod/flux-system/gotk-sync.yaml", &sync),
        ("own.yaml", &patch),
    ];
    run(directory(&files).path(), &["build"])
}

/// A patch with these fields of the pods.
fn of_pods(fields: &str) -> String {
    let fields: String = fields.lines().flat_map(|line| ["    ", line, "\n"]).collect();
    format!("template:\n  spec:\n{fields}")
}

/// A patch with these fields of the container.
fn of_manager(fields: &str) -> String {
    of_pods(&format!("containers: [{{name: manager, {fields}}}]"))
}

#[test]
fn a_field_of_pods_that_kubernetes_refuses_is_reported_with_what_it_takes() {
    const SPEC: &str = "spec.template.spec";
    const MANAGER: &str = "spec.template.spec.containers.manager";
    for (patch, what, help) in [
        (
            of_manager("tolerations: []"),
            format!("the field `{MANAGER}.tolerations`"),
            "write it in `spec.template.spec`",
        ),
        (of_pods("toleration: []"), format!("the field `{SPEC}.toleration`"), "write `tolerations`"),
        ("replica: 1".to_owned(), "the field `spec.replica`".to_owned(), "write `replicas`"),
        (
            of_pods("tolerations: [{key: a, operator: Exist}]"),
            format!("`Exist` in `{SPEC}.tolerations[0].operator`"),
            "write `Equal`, `Exists`, `Gt` or `Lt`",
        ),
        (of_pods("restartPolicy: Never"), format!("`Never` in `{SPEC}.restartPolicy`"), "write `Always`"),
        (
            of_manager("resources: {limits: {memory: 512MB}}"),
            format!("`512MB` in `{MANAGER}.resources.limits.memory`"),
            "write a quantity, such as `512Mi` or `500m`",
        ),
        (
            of_manager("env: [{name: A, value: 2}]"),
            format!("`2` in `{MANAGER}.env.A.value`"),
            "write a string: `\"2\"`",
        ),
        (
            of_manager("args: --log-level=debug"),
            format!("`\"--log-level=debug\"` in `{MANAGER}.args`"),
            "write a list",
        ),
        ("replicas: two".to_owned(), "`\"two\"` in `spec.replicas`".to_owned(), "write a whole number"),
        ("replicas: -1".to_owned(), "`-1` in `spec.replicas`".to_owned(), "write 0 or more"),
        ("selector: null".to_owned(), "`spec` without `selector`".to_owned(), "add `selector`"),
        (
            of_pods("metadata: {labels: {a: b}}"),
            format!("the field `{SPEC}.metadata`"),
            "write it in `spec.template`",
        ),
    ] {
        let found = with_patch(&patch);
        let message = format!("the API server will refuse {what} of the Deployment `source-controller`");
        assert!(found.stderr.contains(&message), "{patch}: {}", found.stderr);
        assert!(found.stderr.contains(help), "{patch}: {}", found.stderr);
        assert_eq!(found.stderr.matches("error[F0379]").count(), 1, "{patch}: {}", found.stderr);
        assert!(found.stderr.contains("is set by `own.yaml`, line "), "{patch}: {}", found.stderr);
    }
}

#[test]
fn what_kubernetes_takes_of_pods_is_not_reported() {
    for patch in [
        of_pods(
            "tolerations: [{key: a, operator: Exists, effect: NoSchedule}]\nnodeSelector: {a: b}\npriorityClassName: x",
        ),
        of_pods(
            "affinity: {nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution: {nodeSelectorTerms: [{matchExpressions: [{key: a, operator: In, values: [b]}]}]}}}",
        ),
        of_pods(
            "topologySpreadConstraints: [{maxSkew: 1, topologyKey: zone, whenUnsatisfiable: ScheduleAnyway}]",
        ),
        of_pods(
            "securityContext: {runAsUser: 1000, fsGroup: 1337, seccompProfile: {type: RuntimeDefault}}\nrestartPolicy: Always",
        ),
        of_manager(
            "resources: {limits: {cpu: 1, memory: 1.5Gi}, requests: {cpu: 0.5, memory: 64Mi, ephemeral-storage: 1e3}}",
        ),
        of_manager(
            "livenessProbe: {httpGet: {port: healthz, path: /healthz}, periodSeconds: 5}, imagePullPolicy: IfNotPresent",
        ),
        of_manager(
            "env: [{name: A, valueFrom: {secretKeyRef: {name: a, key: b, optional: true}}}, {name: B, value: ''}]",
        ),
        of_pods(
            "volumes: [{name: ca, configMap: {name: ca, defaultMode: 0644}}]\ncontainers: [{name: manager, volumeMounts: [{name: ca, mountPath: /ca, readOnly: true}]}]",
        ),
        "replicas: 2\nstrategy: {type: RollingUpdate, rollingUpdate: {maxSurge: 25%, maxUnavailable: 0}}"
            .to_owned(),
    ] {
        let found = with_patch(&patch);
        assert!(found.status == 0 && !found.stderr.contains("[F"), "{patch}: {}", found.stderr);
    }
}

#[test]
fn real_manifests_have_the_form_of_their_definitions() {
    for version in ["v2.2.3-image", "v2.6.4-image", "v2.9.3-image"] {
        let Some(manifests) = components(version) else { return };
        let objects = read_objects(&manifests).expect("they are manifests");
        let known = objects.iter().filter(|object| built_in_schema(object.id()).is_some());
        let mut heard = 0;
        for object in known {
            let value = object.value().expect("it is read");
            assert_eq!(misfits_of(object.id(), value, &|_, _| None), [], "{version} {:?}", object.id());
            heard += 1;
        }
        assert!(heard > 10, "{version}");
    }
}

#[test]
fn fields_that_exclude_each_other_are_reported() {
    const MANAGER: &str = "spec.template.spec.containers.manager";
    for (patch, what, help) in [
        (
            "strategy: {type: Recreate, rollingUpdate: {maxSurge: 1}}".to_owned(),
            "`rollingUpdate` and `type` together in `spec.strategy`".to_owned(),
            "`rollingUpdate: null`",
        ),
        (
            of_manager("env: [{name: A, value: a, valueFrom: {fieldRef: {fieldPath: metadata.name}}}]"),
            format!("`value` and `valueFrom` together in `{MANAGER}.env.A`"),
            "`value: null` or `valueFrom: null`",
        ),
        (
            of_pods("volumes: [{name: tmp, emptyDir: {}, secret: {secretName: a}}]"),
            "`emptyDir` and `secret` together in `spec.template.spec.volumes.tmp`".to_owned(),
            "`emptyDir: null`",
        ),
        (
            of_manager("resources: {limits: {memory: 1Gi}, requests: {memory: 2000Mi}}"),
            format!("the request `2000Mi` above the limit `1Gi` in `{MANAGER}.resources.requests.memory`"),
            "write at most `1Gi`",
        ),
    ] {
        let found = with_patch(&patch);
        let message = format!("the API server will refuse {what} of the Deployment `source-controller`");
        assert!(found.stderr.contains(&message) && found.stderr.contains(help), "{patch}: {}", found.stderr);
        assert_eq!(found.stderr.matches("error[F0379]").count(), 1, "{patch}: {}", found.stderr);
    }
    for patch in [
        "strategy: {type: Recreate, rollingUpdate: null}".to_owned(),
        of_manager("env: [{name: A, value: '', valueFrom: {fieldRef: {fieldPath: metadata.name}}}]"),
        of_manager("resources: {limits: {memory: 1Gi, cpu: 1}, requests: {memory: 1024Mi, cpu: 1000m}}"),
    ] {
        let found = with_patch(&patch);
        assert!(!found.stderr.contains("[F"), "{patch}: {}", found.stderr);
    }
}

/// A patch with these variables of the container.
fn of_variable(name: &str, value: &str) -> String {
    of_manager(&format!("env: [{{name: {name}, value: '{value}'}}]"))
}

#[test]
fn a_container_that_does_not_start_as_the_controller_is_reported() {
    for (patch, message) in [
        (
            of_pods("securityContext: {runAsNonRoot: true, runAsUser: 0}"),
            Some("`runAsUser: 0` contradicts `runAsNonRoot: true`"),
        ),
        (of_manager("securityContext: {runAsNonRoot: true, runAsUser: 0}"), Some("`runAsUser: 0` is set by")),
        (
            of_pods(
                "securityContext: {runAsUser: 0}\ncontainers: [{name: manager, securityContext: {runAsNonRoot: true}}]",
            ),
            Some("`runAsNonRoot: true` is set by"),
        ),
        (of_pods("securityContext: {runAsNonRoot: true, runAsUser: 1000}"), None),
        (of_manager("resources: {limits: {memory: 512m}}"), Some("`memory: 512Mi` is 512 megabytes")),
        (of_manager("resources: {limits: {memory: 512}}"), Some("their limit of memory is `512`")),
        (of_manager("resources: {limits: {memory: 512M, cpu: 5m}}"), None),
        (of_manager("command: [/bin/sh, -c, sleep 1h]"), Some("will run `/bin/sh -c sleep 1h`")),
        (of_manager("command: [/sbin/tini, --, source-controller]"), None),
        (of_variable("GOMEMLIMIT", "900Mi"), Some("write `900MiB`")),
        (of_variable("GOMEMLIMIT", "900MB"), Some("write `900MiB`")),
        (of_variable("GOMEMLIMIT", "0.9GiB"), Some("does not read `0.9GiB` in `GOMEMLIMIT`")),
        (of_variable("GOMEMLIMIT", "900MiB"), None),
        (of_variable("GOMEMLIMIT", "1000000000"), None),
        (of_variable("GOMEMLIMIT", "off"), None),
        (of_variable("KUBECONFIG", "/etc/kubeconfig"), None),
        (
            of_manager(
                "command: [/bin/sh, -c]
        args: [exec source-controller]",
            ),
            None,
        ),
        (of_manager("image: ghcr.io/fluxcd/source-controller:1.9.0"), Some("begin the tag with `v`")),
        (of_manager("image: ghcr.io/fluxcd/source-controller:v1.9.0"), None),
        (
            of_manager("image: ghcr.io/fluxcd/source-controller@sha256:0a1b"),
            Some("is no reference of an image"),
        ),
        (
            of_manager(&format!("image: ghcr.io/fluxcd/source-controller:v1.9.0@sha256:{}", "0".repeat(64))),
            None,
        ),
        (of_manager(&format!("image: 'registry:5000/source-controller@sha256:{}'", "a".repeat(64))), None),
        (of_manager("image: ghcr.io/Fluxcd/source-controller:v1.9.0"), Some("is no reference of an image")),
        (of_manager("image: 'source-controller:a:b'"), Some("is no reference of an image")),
        (of_manager("image: ECR.example.com/flux/source-controller:v1.9.0"), None),
    ] {
        let found = with_patch(&patch);
        let count = usize::from(message.is_some());
        assert_eq!(found.stderr.matches("warning[F0382]").count(), count, "{patch}: {}", found.stderr);
        assert!(found.stderr.contains(message.unwrap_or_default()), "{patch}: {}", found.stderr);
    }
}

#[test]
fn an_argument_with_a_value_that_its_flag_does_not_take_is_reported() {
    for (argument, why) in [
        ("--requeue-dependency=5", Some("the flag takes a duration")),
        ("--concurrent=20x", Some("the flag takes a whole number")),
        ("--watch-all-namespaces=yes", Some("the flag takes `true` or `false`")),
        ("--feature-gates=CacheSecretsAndConfigMaps", Some("the flag takes a list of gates")),
        ("--metrics-addr=:9440", Some("`--health-addr` has the port 9440 too")),
        ("--storage-addr=:8080", Some("`--metrics-addr` has the port 8080 too")),
        ("--requeue-dependency=5s", None),
        ("--concurrent=20", None),
        ("--metrics-addr=:0", None),
        ("--metrics-addr=:8081", None),
    ] {
        let found = with_patch(&of_manager(&format!("args: ['{argument}']")));
        assert_eq!(
            found.stderr.matches("error[F0368]").count(),
            usize::from(why.is_some()),
            "{argument}: {}",
            found.stderr
        );
        assert!(found.stderr.contains(why.unwrap_or_default()), "{argument}: {}", found.stderr);
    }
    let found = with_patch(&of_manager("args: [--log-level: debug]"));
    assert!(
        found.stderr.contains("what is in `spec.template.spec.containers.manager.args[0]`"),
        "{}",
        found.stderr
    );
}

#[test]
fn the_name_of_a_session_that_sts_refuses_is_reported() {
    for (name, is_right) in
        [("flux-prod", true), ("flux@prod.example,x=1", true), ("flux/prod", false), ("x", false)]
    {
        let found = with_patch(&of_variable("AWS_ROLE_SESSION_NAME", name));
        assert_eq!(found.stderr.contains("error[F0352]"), !is_right, "{name}: {}", found.stderr);
        assert_eq!(
            found.stderr.contains("AWS STS refuses a session of that name"),
            !is_right,
            "{name}: {}",
            found.stderr
        );
    }
}
