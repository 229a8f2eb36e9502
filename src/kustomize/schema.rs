//! What kustomize knows of the built-in kinds: the merge keys of their lists, and which have no namespace.
//!
//! Source: the `OpenAPI` document of Kubernetes 1.21.2 that kustomize contains (`x-kubernetes-patch-strategy`,
//! `x-kubernetes-patch-merge-key` and `x-kubernetes-list-map-keys`), also where Kubernetes has changed since.

/// The type of a value, as far as merging looks at it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Schema {
    /// A map with that type.
    Type(Type),
    /// A list whose items are merged by these keys, or as a set if there is none; the type of an item.
    Merged(&'static [&'static str], Option<Type>),
    /// Another list, with the type of its items.
    Items(Type),
}

/// A type that has a list with merge keys somewhere in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Type {
    Webhooks,
    Workload,
    WorkloadSpec,
    StatefulSet,
    StatefulSetSpec,
    CronJob,
    CronJobSpec,
    JobTemplate,
    Job,
    JobSpec,
    Pod,
    PodSpec,
    PodTemplateObject,
    PodTemplate,
    Container,
    EphemeralContainer,
    Volume,
    EphemeralVolume,
    Claim,
    Conditions,
    Node,
    NodeSpec,
    NodeStatus,
    PodStatus,
    Service,
    ServiceSpec,
    ServiceAccount,
    ComponentStatus,
    CsiNode,
    CsiNodeSpec,
    /// Nothing but metadata, and a status with conditions.
    Plain,
    Metadata,
}

impl Type {
    /// The type of an object.
    pub(crate) fn from_api(api_version: &str, kind: &str) -> Option<Type> {
        Some(match (api_version, kind) {
            (
                "admissionregistration.k8s.io/v1" | "admissionregistration.k8s.io/v1beta1",
                "MutatingWebhookConfiguration" | "ValidatingWebhookConfiguration",
            ) => Type::Webhooks,
            ("apps/v1", "Deployment" | "DaemonSet" | "ReplicaSet") | ("v1", "ReplicationController") => {
                Type::Workload
            }
            ("apps/v1", "StatefulSet") => Type::StatefulSet,
            ("batch/v1", "Job") => Type::Job,
            ("batch/v1" | "batch/v1beta1", "CronJob") => Type::CronJob,
            ("v1", "Pod") => Type::Pod,
            ("v1", "PodTemplate") => Type::PodTemplateObject,
            ("v1", "Node") => Type::Node,
            ("v1", "Service") => Type::Service,
            ("v1", "ServiceAccount") => Type::ServiceAccount,
            ("v1", "ComponentStatus") => Type::ComponentStatus,
            ("v1", "PersistentVolumeClaim") => Type::Claim,
            ("storage.k8s.io/v1" | "storage.k8s.io/v1beta1", "CSINode") => Type::CsiNode,
            _ if is_plain(api_version, kind) => Type::Plain,
            _ => return None,
        })
    }

    /// The schema of a field.
    pub(crate) fn field(self, name: &str) -> Option<Schema> {
        use Schema::{Items, Merged};
        let of = |kind| Some(Schema::Type(kind));
        match (self, name) {
            (Type::Metadata, "finalizers") | (Type::NodeSpec, "podCIDRs") => Some(Merged(&[], None)),
            (Type::Metadata, "ownerReferences") => Some(Merged(&["uid"], None)),
            (Type::Webhooks, "webhooks")
            | (Type::Container | Type::EphemeralContainer, "env")
            | (Type::PodSpec, "imagePullSecrets")
            | (Type::ServiceAccount, "secrets")
            | (Type::CsiNodeSpec, "drivers") => Some(Merged(&["name"], None)),
            (Type::Conditions | Type::ComponentStatus, "conditions") => Some(Merged(&["type"], None)),
            (Type::NodeStatus, "conditions" | "addresses") => Some(Merged(&["type"], None)),
            (Type::PodStatus, "conditions") => Some(Merged(&["type"], None)),
            (Type::PodStatus, "podIPs") | (Type::PodSpec, "hostAliases") => Some(Merged(&["ip"], None)),
            (Type::Container, "ports") => Some(Merged(&["containerPort", "protocol"], None)),
            (Type::Container | Type::EphemeralContainer, "volumeDevices") => {
                Some(Merged(&["devicePath"], None))
            }
            (Type::Container | Type::EphemeralContainer, "volumeMounts") => {
                Some(Merged(&["mountPath"], None))
            }
            (Type::ServiceSpec, "ports") => Some(Merged(&["port", "protocol"], None)),
            (Type::PodSpec, "containers" | "initContainers") => {
                Some(Merged(&["name"], Some(Type::Container)))
            }
            (Type::PodSpec, "ephemeralContainers") => Some(Merged(&["name"], Some(Type::EphemeralContainer))),
            (Type::PodSpec, "volumes") => Some(Merged(&["name"], Some(Type::Volume))),
            (Type::PodSpec, "topologySpreadConstraints") => {
                Some(Merged(&["topologyKey", "whenUnsatisfiable"], None))
            }
            (Type::StatefulSetSpec, "volumeClaimTemplates") => Some(Items(Type::Claim)),
            (Type::Workload, "spec") => of(Type::WorkloadSpec),
            (Type::StatefulSet, "spec") => of(Type::StatefulSetSpec),
            (Type::CronJob, "spec") => of(Type::CronJobSpec),
            (Type::CronJobSpec, "jobTemplate") => of(Type::JobTemplate),
            (Type::Job | Type::JobTemplate, "spec") => of(Type::JobSpec),
            (Type::Pod | Type::PodTemplate, "spec") => of(Type::PodSpec),
            (
                Type::WorkloadSpec | Type::StatefulSetSpec | Type::JobSpec | Type::PodTemplateObject,
                "template",
            ) => of(Type::PodTemplate),
            (Type::Volume, "ephemeral") => of(Type::EphemeralVolume),
            (Type::EphemeralVolume, "volumeClaimTemplate") => of(Type::Claim),
            (Type::Node, "spec") => of(Type::NodeSpec),
            (Type::Node, "status") => of(Type::NodeStatus),
            (Type::Pod, "status") => of(Type::PodStatus),
            (Type::Service, "spec") => of(Type::ServiceSpec),
            (Type::CsiNode, "spec") => of(Type::CsiNodeSpec),
            (
                Type::Workload | Type::StatefulSet | Type::Job | Type::Claim | Type::Service | Type::Plain,
                "status",
            ) => of(Type::Conditions),
            (kind, "metadata") if kind.has_metadata() => of(Type::Metadata),
            _ => None,
        }
    }

    const fn has_metadata(self) -> bool {
        matches!(
            self,
            Type::Webhooks
                | Type::Workload
                | Type::StatefulSet
                | Type::CronJob
                | Type::JobTemplate
                | Type::Job
                | Type::Pod
                | Type::PodTemplateObject
                | Type::PodTemplate
                | Type::Claim
                | Type::Node
                | Type::Service
                | Type::ServiceAccount
                | Type::ComponentStatus
                | Type::CsiNode
                | Type::Plain
        )
    }
}

/// True for the other kinds of that version of Kubernetes, whose metadata alone has lists that are merged. The status of
/// a `Namespace`, a `PodDisruptionBudget` and an `APIService` has conditions; that of the others is not there.
fn is_plain(api_version: &str, kind: &str) -> bool {
    let (group, version) = api_version.rsplit_once('/').unwrap_or(("", api_version));
    let kinds: &[&str] = match (group, version) {
        ("", "v1") => &[
            "Binding",
            "ConfigMap",
            "Endpoints",
            "Event",
            "LimitRange",
            "Namespace",
            "PersistentVolume",
            "ResourceQuota",
            "Secret",
        ],
        ("apiextensions.k8s.io", "v1" | "v1beta1") => &["CustomResourceDefinition"],
        ("apiregistration.k8s.io", "v1" | "v1beta1") => &["APIService"],
        ("apps", "v1") => &["ControllerRevision"],
        ("autoscaling", "v1" | "v2beta1" | "v2beta2") => &["HorizontalPodAutoscaler"],
        ("certificates.k8s.io", "v1" | "v1beta1") => &["CertificateSigningRequest"],
        ("coordination.k8s.io", "v1" | "v1beta1") => &["Lease"],
        ("discovery.k8s.io", "v1" | "v1beta1") => &["EndpointSlice"],
        ("events.k8s.io", "v1" | "v1beta1") => &["Event"],
        ("extensions", "v1beta1") => &["Ingress"],
        ("flowcontrol.apiserver.k8s.io", "v1beta1") => &["FlowSchema", "PriorityLevelConfiguration"],
        ("networking.k8s.io", "v1") => &["Ingress", "IngressClass", "NetworkPolicy"],
        ("networking.k8s.io", "v1beta1") => &["Ingress", "IngressClass"],
        ("node.k8s.io", "v1" | "v1beta1") => &["RuntimeClass"],
        ("policy", "v1") => &["PodDisruptionBudget"],
        ("policy", "v1beta1") => &["PodDisruptionBudget", "PodSecurityPolicy"],
        ("rbac.authorization.k8s.io", "v1" | "v1beta1") => {
            &["ClusterRole", "ClusterRoleBinding", "Role", "RoleBinding"]
        }
        ("scheduling.k8s.io", "v1" | "v1beta1") => &["PriorityClass"],
        ("storage.k8s.io", "v1") => &["CSIDriver", "StorageClass", "VolumeAttachment"],
        ("storage.k8s.io", "v1beta1") => {
            &["CSIDriver", "CSIStorageCapacity", "StorageClass", "VolumeAttachment"]
        }
        _ => &[],
    };
    kinds.contains(&kind)
}

/// True if objects of that kind certainly have no namespace.
pub(crate) fn is_cluster_scoped(group: &str, version: &str, kind: &str) -> bool {
    let (kinds, has_beta): (&[&str], bool) = match group {
        "" => (&["ComponentStatus", "Namespace", "Node", "NodeProxyOptions", "PersistentVolume"], false),
        "admissionregistration.k8s.io" => {
            (&["MutatingWebhookConfiguration", "ValidatingWebhookConfiguration"], true)
        }
        "apiextensions.k8s.io" => (&["CustomResourceDefinition"], true),
        "apiregistration.k8s.io" => (&["APIService"], true),
        "certificates.k8s.io" => (&["CertificateSigningRequest"], true),
        "flowcontrol.apiserver.k8s.io" => {
            return version == "v1beta1" && matches!(kind, "FlowSchema" | "PriorityLevelConfiguration");
        }
        "networking.k8s.io" => (&["IngressClass"], true),
        "node.k8s.io" => (&["RuntimeClass"], true),
        "policy" => return version == "v1beta1" && kind == "PodSecurityPolicy",
        "rbac.authorization.k8s.io" => (&["ClusterRole", "ClusterRoleBinding"], true),
        "scheduling.k8s.io" => (&["PriorityClass"], true),
        "storage.k8s.io" => (&["CSIDriver", "CSINode", "StorageClass", "VolumeAttachment"], true),
        _ => return false,
    };
    kinds.contains(&kind) && (version == "v1" || has_beta && version == "v1beta1")
}
