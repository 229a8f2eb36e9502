//! The fields that hold names of other objects.

/// The fields of an object that refer to objects of one kind.
pub(super) struct Reference {
    group: &'static str,
    version: &'static str,
    kind: &'static str,
    /// The paths of the fields.
    pub(super) paths: Vec<String>,
}

impl Reference {
    pub(super) fn is_to(&self, group: &str, version: &str, kind: &str) -> bool {
        kind == self.kind
            && (self.group.is_empty() || group == self.group)
            && (self.version.is_empty() || version == self.version)
    }
}

/// The references that objects of a kind have.
pub(super) fn of_kind(group: &str, kind: &str) -> Vec<Reference> {
    let mut references = Vec::new();
    let mut add = |(group, version, kind): (&'static str, &'static str, &'static str), paths: Vec<String>| {
        if !paths.is_empty() {
            references.push(Reference { group, version, kind, paths });
        }
    };
    let own = |paths: &[&str]| paths.iter().map(|path| (*path).to_owned()).collect::<Vec<String>>();
    for workload in ["Deployment", "ReplicationController", "ReplicaSet", "StatefulSet"] {
        if kind == "HorizontalPodAutoscaler" {
            add(("", "", workload), own(&["spec/scaleTargetRef/name"]));
        }
    }
    add(("", "v1", "ConfigMap"), of_pod(kind, Holder::Config).chain(own(config_map_fields(kind))).collect());
    add(("", "v1", "Secret"), of_pod(kind, Holder::Secret).chain(own(secret_fields(kind))).collect());
    add(("", "v1", "Service"), own(service_fields(group, kind)));
    let is_rbac = group == "rbac.authorization.k8s.io";
    let role: &[&str] = if is_rbac && kind == "RoleBinding" { &["roleRef/name"] } else { &[] };
    add(("rbac.authorization.k8s.io", "", "Role"), own(role));
    let is_binding = is_rbac && matches!(kind, "RoleBinding" | "ClusterRoleBinding");
    add(
        ("rbac.authorization.k8s.io", "", "ClusterRole"),
        own(if is_binding { &["roleRef/name"] } else { &[] }),
    );
    let subjects: &[&str] = if is_binding { &["subjects"] } else { &[] };
    add(("", "v1", "ServiceAccount"), of_pod(kind, Holder::Account).chain(own(subjects)).collect());
    add(("", "v1", "PersistentVolumeClaim"), of_pod(kind, Holder::Claim).collect());
    let volume: &[&str] = match kind {
        "PersistentVolumeClaim" => &["spec/volumeName"],
        "ClusterRole" => &["rules/resourceNames"],
        _ => &[],
    };
    add(("", "v1", "PersistentVolume"), own(volume));
    let class: &[&str] = match kind {
        "PersistentVolume" | "PersistentVolumeClaim" => &["spec/storageClassName"],
        "StatefulSet" => &["spec/volumeClaimTemplates/spec/storageClassName"],
        _ => &[],
    };
    add(("storage.k8s.io", "v1", "StorageClass"), own(class));
    add(("scheduling.k8s.io", "v1", "PriorityClass"), of_pod(kind, Holder::Priority).collect());
    references
}

/// What a pod refers to.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Holder {
    Config,
    Secret,
    Account,
    Claim,
    Priority,
}

/// The fields of the pod that a kind has in it.
fn of_pod(kind: &str, holder: Holder) -> impl Iterator<Item = String> {
    let is_keyed = matches!(holder, Holder::Config | Holder::Secret);
    let pod = match kind {
        "Pod" => Some("spec/"),
        "PodTemplate" if is_keyed => Some("template/spec/"),
        "Deployment" | "DaemonSet" | "StatefulSet" | "Job" => Some("spec/template/spec/"),
        "ReplicaSet" if is_keyed => Some("spec/template/spec/"),
        "ReplicationController" if !is_keyed => Some("spec/template/spec/"),
        "CronJob" => Some("spec/jobTemplate/spec/template/spec/"),
        _ => None,
    };
    let paths: &[&str] = match holder {
        Holder::Config => &[
            "volumes/configMap/name",
            "containers/env/valueFrom/configMapKeyRef/name",
            "initContainers/env/valueFrom/configMapKeyRef/name",
            "containers/envFrom/configMapRef/name",
            "initContainers/envFrom/configMapRef/name",
            "volumes/projected/sources/configMap/name",
        ],
        Holder::Secret => &[
            "volumes/secret/secretName",
            "containers/env/valueFrom/secretKeyRef/name",
            "initContainers/env/valueFrom/secretKeyRef/name",
            "containers/envFrom/secretRef/name",
            "initContainers/envFrom/secretRef/name",
            "imagePullSecrets/name",
            "volumes/projected/sources/secret/name",
        ],
        Holder::Account => &["serviceAccountName"],
        Holder::Claim => &["volumes/persistentVolumeClaim/claimName"],
        Holder::Priority => &["priorityClassName"],
    };
    pod.into_iter().flat_map(move |pod| paths.iter().map(move |path| format!("{pod}{path}")))
}

fn config_map_fields(kind: &str) -> &'static [&'static str] {
    match kind {
        "Node" => &["spec/configSource/configMap"],
        "Role" | "ClusterRole" => &["rules/resourceNames"],
        "Ingress" => &["metadata/annotations/nginx.ingress.kubernetes.io\\/fastcgi-params-configmap"],
        _ => &[],
    }
}

fn secret_fields(kind: &str) -> &'static [&'static str] {
    match kind {
        "Ingress" => &[
            "spec/tls/secretName",
            "metadata/annotations/ingress.kubernetes.io\\/auth-secret",
            "metadata/annotations/nginx.ingress.kubernetes.io\\/auth-secret",
            "metadata/annotations/nginx.ingress.kubernetes.io\\/auth-tls-secret",
        ],
        "ServiceAccount" => &["imagePullSecrets/name"],
        "StorageClass" => &[
            "parameters/secretName",
            "parameters/adminSecretName",
            "parameters/userSecretName",
            "parameters/secretRef",
        ],
        "Role" | "ClusterRole" => &["rules/resourceNames"],
        "PersistentVolume" => &["spec/azureFile/secretName"],
        _ => &[],
    }
}

fn service_fields(group: &str, kind: &str) -> &'static [&'static str] {
    match (group, kind) {
        ("apps", "StatefulSet") => &["spec/serviceName"],
        (_, "Ingress") => &[
            "spec/rules/http/paths/backend/serviceName",
            "spec/backend/serviceName",
            "spec/rules/http/paths/backend/service/name",
            "spec/defaultBackend/service/name",
        ],
        ("apiregistration.k8s.io", "APIService") => &["spec/service/name"],
        (
            "admissionregistration.k8s.io",
            "ValidatingWebhookConfiguration" | "MutatingWebhookConfiguration",
        ) => &["webhooks/clientConfig/service"],
        _ => &[],
    }
}
