//! The effective identity: what gives it on each platform, what undoes it, and which keys nothing reads.

use std::collections::BTreeMap;

use flux_identity::effect::{
    Account, ApiOptOut, ArgumentFault, Diversion, Effect, EffectiveIdentity, Endpoint, ObjectFault,
    Unapplied, VariableSource, Workload, argument_faults, blocking_policies, effect, expected, object_faults,
    separating_policies, unapplied, unread_keys,
};
use flux_identity::emit;
use flux_identity::kustomize::{self, Manifests, Value};
use flux_identity::model::flux::FluxVersion;
use flux_identity::model::{Cluster, Controller, Install, LocalPath, OverlayForm, Passthrough, Platform};
use flux_identity::workspace::Inputs;
use proptest::prelude::*;

use crate::generate;
use crate::harness::{self, InMemory, compile};

const ROLE: &str = "arn:aws:iam::111122223333:role/flux";
const CLIENT: &str = "4a7272f9-f186-41af-9f84-6a92e32d7cd0";

/// A ServiceAccount with these lines below its metadata, and a Deployment with these below `template` and `manager`.
#[derive(Clone, Copy, Default)]
struct Objects<'t> {
    account: &'t str,
    pods: &'t str,
    pod: &'t str,
    manager: &'t str,
}

impl Objects<'_> {
    fn account(self) -> Value {
        let text = format!(
            "apiVersion: v1\nkind: ServiceAccount\nmetadata:\n  name: source-controller\n{}",
            indent(2, self.account)
        );
        object(&text)
    }

    fn deployment(self) -> Value {
        let text = format!(
            "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: source-controller\nspec:\n  template:\n    metadata:\n      creationTimestamp: x\n{}    spec:\n      serviceAccountName: source-controller\n{}      containers:\n      - name: manager\n        image: x\n{}",
            indent(6, self.pods),
            indent(6, self.pod),
            indent(8, self.manager)
        );
        object(&text)
    }

    fn effect(self, platform: Platform) -> Effect {
        let (account, deployment) = (self.account(), self.deployment());
        effect(
            platform,
            &Workload { deployment: &deployment, account: Account::Built(&account), sources: Vec::new() },
        )
    }
}

/// The object that kustomize makes of a manifest.
pub fn object(text: &str) -> Value {
    let kustomization = "resources: [object.yaml]\n";
    let files = [("kustomization.yaml", kustomization), ("object.yaml", text)];
    let files = InMemory(files.map(|(name, text)| (name.to_owned(), text.to_owned())).into());
    let (inputs, manifests) = (Inputs::new(&files), Manifests::new());
    let options = kustomize::Options::default();
    let built = kustomize::build(&inputs, &manifests, &LocalPath::default(), options);
    let built = built.unwrap_or_else(|failure| panic!("{failure:?}\n{text}"));
    built.objects[0].value().expect("it was read").clone()
}

fn indent(by: usize, text: &str) -> String {
    let blanks = " ".repeat(by);
    text.lines().flat_map(|line| [&blanks, line, "\n"]).collect()
}

/// An effect, a line for each identity and obstacle.
fn lines(effect: &Effect) -> Vec<String> {
    let identities = effect
        .identities
        .iter()
        .map(|(provider, it)| format!("{}: {:?} by {:?}", provider.name(), it.identity, it.by));
    let obstacles =
        effect.obstacles.iter().map(|(provider, obstacle)| format!("{}: {obstacle:?}", provider.name()));
    identities.chain(obstacles).collect()
}

#[track_caller]
fn assert_effect(platform: Platform, objects: Objects<'_>, expected: &[&str]) {
    assert_eq!(lines(&objects.effect(platform)), expected);
}

fn irsa() -> String {
    format!("annotations:\n  eks.amazonaws.com/role-arn: {ROLE}\n")
}

fn irsa_role() -> String {
    format!("aws: Role({ROLE:?}) by AccountAnnotation(\"eks.amazonaws.com/role-arn\")")
}

fn managed() -> String {
    format!("annotations:\n  azure.workload.identity/client-id: {CLIENT}\n")
}

const USE: &str = "labels:\n  azure.workload.identity/use: \"true\"\n";

fn managed_identity() -> String {
    format!(
        "azure: ManagedIdentity({CLIENT:?}, None) by AccountAnnotation(\"azure.workload.identity/client-id\")"
    )
}

#[test]
fn on_eks_the_role_of_the_service_account_is_effective() {
    assert_effect(Platform::Eks, Objects { account: &irsa(), ..Objects::default() }, &[&irsa_role()]);
    assert_effect(Platform::Eks, Objects::default(), &[]);
}

#[test]
fn on_eks_a_skipped_manager_has_no_role() {
    for (skipped, is_skipped) in
        [("manager", true), ("other,manager", true), ("other", false), ("managers", false)]
    {
        let pods = format!("annotations:\n  eks.amazonaws.com/skip-containers: {skipped}\n");
        let objects = Objects { account: &irsa(), pods: &pods, ..Objects::default() };
        let expected = if is_skipped {
            "aws: Skipped(\"eks.amazonaws.com/skip-containers\")".to_owned()
        } else {
            irsa_role()
        };
        assert_effect(Platform::Eks, objects, &[&expected]);
    }
}

#[test]
fn on_eks_the_webhook_leaves_pods_with_its_label_alone() {
    let pods = "labels:\n  eks.amazonaws.com/skip-pod-identity-webhook: \"false\"\n";
    let objects = Objects { account: &irsa(), pods, ..Objects::default() };
    let skipped = "aws: SkippedPods(\"eks.amazonaws.com/skip-pod-identity-webhook\")";
    assert_effect(Platform::Eks, objects, &[skipped]);
}

#[test]
fn on_eks_a_variable_of_the_container_wins_over_the_role_of_the_service_account() {
    let manager = "env:\n- name: AWS_ROLE_ARN\n  value: other\n";
    let objects = Objects { account: &irsa(), manager, ..Objects::default() };
    assert_effect(Platform::Eks, objects, &["aws: Missing([\"AWS_WEB_IDENTITY_TOKEN_FILE\"])"]);
    let manager = "env:\n- name: AWS_ROLE_ARN\n  value: other\n- name: AWS_WEB_IDENTITY_TOKEN_FILE\n  value: /var/run/secrets/eks.amazonaws.com/serviceaccount/token\n";
    let objects = Objects { account: &irsa(), manager, ..Objects::default() };
    assert_effect(Platform::Eks, objects, &["aws: Role(\"other\") by Variable(\"AWS_ROLE_ARN\")"]);
}

#[test]
fn on_eks_an_access_key_wins_over_every_role() {
    let manager = "env:\n- name: AWS_ACCESS_KEY_ID\n  valueFrom: {secretKeyRef: {name: a, key: b}}\n- name: AWS_SECRET_ACCESS_KEY\n  valueFrom: {secretKeyRef: {name: a, key: c}}\n";
    let objects = Objects { account: &irsa(), manager, ..Objects::default() };
    assert_effect(Platform::Eks, objects, &["aws: AccessKey by Variable(\"AWS_ACCESS_KEY_ID\")"]);
}

#[test]
fn on_aks_the_managed_identity_of_the_service_account_is_effective_with_the_label_alone() {
    let with = Objects { account: &managed(), pods: USE, ..Objects::default() };
    assert_effect(Platform::Aks, with, &[&managed_identity()]);
    let tenant = format!("{}  azure.workload.identity/tenant-id: t\n", managed());
    let with = Objects { account: &tenant, ..with };
    let identity = managed_identity().replace("None", "Some(\"t\")");
    assert_effect(Platform::Aks, with, &[&identity]);
    let without = Objects { account: &managed(), ..Objects::default() };
    assert_effect(Platform::Aks, without, &["azure: NoLabel(None)"]);
    let pods = "labels:\n  azure.workload.identity/use: \"yes\"\n";
    assert_effect(Platform::Aks, Objects { pods, ..without }, &["azure: NoLabel(Some(\"yes\"))"]);
}

#[test]
fn on_aks_a_label_without_a_client_id_gives_nothing() {
    let objects = Objects { pods: USE, ..Objects::default() };
    assert_effect(Platform::Aks, objects, &["azure: NoClientId"]);
}

#[test]
fn on_aks_each_variable_of_the_container_wins_over_the_annotation() {
    let manager = "env:\n- name: AZURE_CLIENT_ID\n  value: other\n";
    let objects = Objects { account: &managed(), pods: USE, manager, ..Objects::default() };
    assert_effect(
        Platform::Aks,
        objects,
        &["azure: ManagedIdentity(\"other\", None) by Variable(\"AZURE_CLIENT_ID\")"],
    );
    let manager = "env:\n- name: AZURE_TENANT_ID\n  value: other\n";
    let identity = managed_identity().replace("None", "Some(\"other\")");
    assert_effect(Platform::Aks, Objects { manager, ..objects }, &[&identity]);
    let manager = "env:\n- name: AZURE_CLIENT_SECRET\n  value: s\n";
    let expected = "azure: ClientSecret by Variable(\"AZURE_CLIENT_SECRET\")";
    assert_effect(Platform::Aks, Objects { manager, ..objects }, &[expected]);
}

#[test]
fn on_aks_annotations_of_the_pods_undo_an_identity() {
    let undone = |annotation: &str| {
        let pods = format!("{USE}annotations:\n  azure.workload.identity/{annotation}\n");
        lines(&Objects { account: &managed(), pods: &pods, ..Objects::default() }.effect(Platform::Aks))
    };
    let skipped = "azure: Skipped(\"azure.workload.identity/skip-containers\")";
    assert_eq!(undone("skip-containers: \"a; manager\""), [skipped]);
    assert_eq!(undone("skip-containers: a,manager"), [managed_identity()]);
    let binding = ["azure: IdentityBinding".to_owned()];
    assert_eq!(undone("use-identity-binding: \"True\"")[1..], binding);
    let key = "azure.workload.identity/service-account-token-expiration";
    let refused = format!("azure: Expiration(PodAnnotation({key:?}), \"600\")");
    assert_eq!(undone("service-account-token-expiration: \"600\"")[1..], [refused]);
    assert_eq!(undone("service-account-token-expiration: \"7200\""), [managed_identity()]);
}

#[test]
fn on_aks_the_lifetime_of_the_pod_comes_before_that_of_the_service_account() {
    let key = "azure.workload.identity/service-account-token-expiration";
    let account = format!("{}  {key}: \"60\"\n", managed());
    let pods = format!("{USE}annotations:\n  {key}: \"7200\"\n");
    let objects = Objects { account: &account, pods: &pods, ..Objects::default() };
    assert_effect(Platform::Aks, objects, &[&managed_identity()]);
    let refused = format!("azure: Expiration(AccountAnnotation({key:?}), \"60\")");
    assert_effect(Platform::Aks, Objects { pods: USE, ..objects }, &[&managed_identity(), &refused]);
}

#[test]
fn on_gke_the_google_account_is_effective_and_else_the_service_account_itself() {
    let key = "iam.gke.io/gcp-service-account";
    let account = format!("annotations:\n  {key}: a@b.iam.gserviceaccount.com\n");
    let expected =
        format!("gcp: GoogleAccount(\"a@b.iam.gserviceaccount.com\") by AccountAnnotation({key:?})");
    assert_effect(Platform::Gke, Objects { account: &account, ..Objects::default() }, &[&expected]);
    assert_effect(Platform::Gke, Objects::default(), &["gcp: Principal by Platform"]);
    let manager = "env:\n- name: GOOGLE_APPLICATION_CREDENTIALS\n  value: /key.json\n";
    let expected = [
        "gcp: CredentialFile(\"/key.json\") by Variable(\"GOOGLE_APPLICATION_CREDENTIALS\")",
        "gcp: NoCredentialsFile(\"/key.json\")",
    ];
    assert_effect(Platform::Gke, Objects { account: &account, manager, ..Objects::default() }, &expected);
}

#[test]
fn on_gke_pods_that_do_not_reach_the_metadata_server_have_no_identity() {
    let key = "iam.gke.io/gcp-service-account";
    let email = "a@b.iam.gserviceaccount.com";
    let account = format!("annotations:\n  {key}: {email}\n");
    let given = format!("gcp: GoogleAccount({email:?}) by AccountAnnotation({key:?})");
    let label = "iam.gke.io/gke-metadata-server-enabled";
    for (pod, expected) in [
        ("hostNetwork: true\n".to_owned(), "gcp: HostNetwork"),
        ("hostNetwork: false\n".to_owned(), &*given),
        (format!("nodeSelector:\n  {label}: \"false\"\n"), "gcp: NoMetadataServer(\"false\")"),
        (format!("nodeSelector:\n  {label}: \"true\"\n"), &*given),
        ("nodeSelector:\n  kubernetes.io/os: linux\n".to_owned(), &*given),
    ] {
        let objects = Objects { account: &account, pod: &pod, ..Objects::default() };
        assert_effect(Platform::Gke, objects, &[expected]);
    }
    let on_host = Objects { pod: "hostNetwork: true\n", ..Objects::default() };
    assert_effect(Platform::Gke, on_host, &["gcp: HostNetwork"]);
    // A credential file needs no metadata server.
    let manager = with_variable("GOOGLE_APPLICATION_CREDENTIALS", "/keys/key.json", "/keys");
    let expected = "gcp: CredentialFile(\"/keys/key.json\") by Variable(\"GOOGLE_APPLICATION_CREDENTIALS\")";
    assert_effect(Platform::Gke, Objects { manager: &manager, ..on_host }, &[expected]);
    assert_effect(Platform::Eks, Objects { account: &irsa(), ..on_host }, &[&irsa_role()]);
}

/// A variable of the container, by its value, with a volume mounted in a directory.
fn with_variable(name: &str, value: &str, mount: &str) -> String {
    format!("env:\n- name: {name}\n  value: {value}\nvolumeMounts:\n- name: v\n  mountPath: {mount}\n")
}

#[test]
fn a_profile_of_aws_needs_a_file_that_may_have_it() {
    let no_profile = "aws: NoProfile(\"flux\")".to_owned();
    for (name, mount, fails) in [
        ("AWS_PROFILE", "/data", true),
        ("AWS_PROFILE", "/.aws", false),
        ("AWS_PROFILE", "/home/flux/.aws/config", false),
        ("AWS_DEFAULT_PROFILE", "/data", false),
    ] {
        let manager = with_variable(name, "flux", mount);
        let objects = Objects { account: &irsa(), manager: &manager, ..Objects::default() };
        let expected = if fails { vec![irsa_role(), no_profile.clone()] } else { vec![irsa_role()] };
        assert_eq!(lines(&objects.effect(Platform::Eks)), expected, "{name} and {mount}");
    }
    for (file, fails) in [("/keys/config", false), ("/elsewhere/config", true)] {
        let manager = with_variable("AWS_PROFILE", "flux", "/keys")
            .replace("env:\n", &format!("env:\n- name: AWS_CONFIG_FILE\n  value: {file}\n"));
        let objects = Objects { account: &irsa(), manager: &manager, ..Objects::default() };
        let found = lines(&objects.effect(Platform::Eks));
        assert_eq!(found.contains(&no_profile), fails, "{file}: {found:?}");
        // An association of EKS Pod Identity does not change that.
        let effect = objects.effect(Platform::Eks).with_pod_identity();
        assert_eq!(lines(&effect).contains(&no_profile), fails, "{file}");
    }
}

#[test]
fn a_file_of_aws_credentials_counts_where_no_token_does() {
    let manager = with_variable("AWS_SHARED_CREDENTIALS_FILE", "/keys/credentials", "/keys");
    let objects = Objects { manager: &manager, ..Objects::default() };
    let file = "aws: CredentialFile(\"/keys/credentials\") by Variable(\"AWS_SHARED_CREDENTIALS_FILE\")";
    assert_effect(Platform::Eks, objects, &[file]);
    assert_effect(Platform::Eks, Objects { account: &irsa(), ..objects }, &[&irsa_role()]);
    let manager = with_variable("AWS_SHARED_CREDENTIALS_FILE", "/keys/credentials", "/key");
    assert_effect(Platform::Eks, Objects { manager: &manager, ..objects }, &[]);
    let manager = with_variable("AWS_CONFIG_FILE", "/keys/config", "/keys");
    assert_effect(Platform::Eks, Objects { manager: &manager, ..objects }, &[]);
}

/// A pod with a volume of this name and these lines, which `manager` mounts at a directory; `None`: nowhere.
fn with_volume(volume: &str, source: &str, directory: Option<&str>) -> (String, String) {
    let pod = format!("volumes:\n- name: {volume}\n{}", indent(2, source));
    let mount = |directory| format!("volumeMounts:\n- name: {volume}\n  mountPath: {directory}\n");
    (pod, directory.map(mount).unwrap_or_default())
}

const SECRET: &str = "secret:\n  secretName: keys\n";

fn projected(file: &str, audience: &str) -> String {
    format!(
        "projected:\n  sources:\n  - serviceAccountToken:\n      path: {file}\n      audience: {audience}\n"
    )
}

#[test]
fn on_eks_a_volume_of_the_webhooks_name_is_in_place_of_its_own() {
    let reserved = "aws: ReservedVolume(\"aws-iam-token\")".to_owned();
    let eks = "/var/run/secrets/eks.amazonaws.com/serviceaccount";
    let twice = format!("aws: MountedTwice(\"{eks}\")");
    let right = projected("token", "sts.amazonaws.com");
    let vault = projected("token", "vault");
    let audience = "aws: OtherAudience(\"AWS_WEB_IDENTITY_TOKEN_FILE\", \"api://AzureADTokenExchange\")";
    let azure = projected("token", "api://AzureADTokenExchange");
    for (volume, source, directory, expected) in [
        ("aws-iam-token", SECRET, None, vec![reserved.clone()]),
        ("aws-iam-token", SECRET, Some(eks), vec![reserved]),
        ("aws-iam-token", right.as_str(), None, vec![irsa_role()]),
        ("aws-iam-token", &right, Some(eks), vec![irsa_role()]),
        // An IAM OIDC provider may accept any audience.
        ("aws-iam-token", &vault, None, vec![irsa_role()]),
        ("aws-iam-token", &azure, None, vec![irsa_role(), audience.to_owned()]),
        ("other", SECRET, Some(eks), vec![twice]),
        ("other", SECRET, Some("/keys"), vec![irsa_role()]),
    ] {
        let (pod, manager) = with_volume(volume, source, directory);
        let objects = Objects { account: &irsa(), pod: &pod, manager: &manager, ..Objects::default() };
        assert_eq!(lines(&objects.effect(Platform::Eks)), expected, "{volume} at {directory:?}: {source}");
    }
}

#[test]
fn a_volume_of_the_webhooks_name_is_in_place_of_the_token_of_eks_pod_identity() {
    let (name, path) = ("eks-pod-identity-token", "/var/run/secrets/pods.eks.amazonaws.com/serviceaccount");
    let reserved = "aws: ReservedVolume(\"eks-pod-identity-token\")".to_owned();
    let twice = format!("aws: MountedTwice(\"{path}\")");
    for (volume, source, directory, expected) in [
        (name, SECRET, None, vec![reserved]),
        (name, &projected(name, "pods.eks.amazonaws.com"), Some(path), vec![]),
        ("other", SECRET, Some(path), vec![twice]),
        ("other", SECRET, None, vec![]),
    ] {
        let (pod, manager) = with_volume(volume, source, directory);
        let objects = Objects { pod: &pod, manager: &manager, ..Objects::default() };
        let effect = objects.effect(Platform::Eks);
        assert_eq!(lines(&effect), [""; 0], "{volume} at {directory:?}");
        assert_eq!(lines(&effect.with_pod_identity()), expected, "{volume} at {directory:?}");
    }
}

#[test]
fn on_aks_a_volume_collides_with_that_of_the_webhook_by_its_name_its_file_or_its_path() {
    let (name, tokens) = ("azure-identity-token", "/var/run/secrets/azure/tokens");
    let right = projected(name, "api://AzureADTokenExchange");
    for (volume, source, directory, expected) in [
        (name, SECRET, None, Some(name)),
        (name, right.as_str(), None, None),
        (name, &right, Some(tokens), None),
        ("other", &right, None, Some("other")),
        ("other", SECRET, Some(tokens), Some("other")),
        ("other", SECRET, Some("/keys"), None),
    ] {
        let (pod, manager) = with_volume(volume, source, directory);
        let deployment = Objects { pod: &pod, manager: &manager, ..Objects::default() }.deployment();
        let found = workload(&deployment).collides_on_aks();
        assert_eq!(found, expected, "{volume} at {directory:?}: {source}");
    }
}

#[test]
fn credentials_in_the_home_directory_come_before_an_identity_of_the_platform() {
    let aws = "aws: CredentialFile(\"/.aws/credentials\") by Mount(\"/.aws\")";
    let google = "gcp: CredentialFile(\"/.config/gcloud/application_default_credentials.json\")";
    let whole = format!("{google} by Mount(\"/.config/gcloud\")");
    let file = "/.config/gcloud/application_default_credentials.json";
    let by_file = format!("{google} by Mount(\"{file}\")");
    for (directory, source, home, expected) in [
        ("/.aws", SECRET, None, vec![aws]),
        ("/.aws", "configMap:\n  name: settings\n", None, vec![]),
        ("/.config/gcloud", SECRET, None, vec![whole.as_str()]),
        (file, "configMap:\n  name: settings\n", None, vec![&by_file]),
        // Another home directory.
        ("/.aws", SECRET, Some("/tmp"), vec![]),
        ("/root/.aws", SECRET, None, vec![]),
        ("/root/.config/gcloud", SECRET, None, vec![]),
        // What is in the home directory itself is not known.
        ("/tmp", "emptyDir: {}\n", Some("/tmp"), vec![]),
    ] {
        let (pod, mount) = with_volume("keys", source, Some(directory));
        let home = home.map(|home| format!("env:\n- name: HOME\n  value: {home}\n")).unwrap_or_default();
        let objects = Objects { pod: &pod, manager: &format!("{home}{mount}"), ..Objects::default() };
        assert_eq!(lines(&objects.effect(Platform::Kubernetes)), expected, "{directory} and {home}");
        // A token of the webhook comes before a file of AWS, but not before one of Google Cloud.
        let of_webhook = Objects { account: &irsa(), ..objects };
        let role = irsa_role();
        let mut with_role = vec![role.as_str()];
        with_role.extend(expected.into_iter().filter(|it| !it.starts_with("aws")));
        assert_eq!(lines(&of_webhook.effect(Platform::Eks)), with_role, "{directory} and {home}");
    }
}

#[test]
fn a_region_of_another_partition_knows_no_role() {
    let other = |variable: &str, region: &str| {
        format!(
            "aws: OtherPartition {{ variable: \"{variable}\", region: \"{region}\", partition: \"aws\" }}"
        )
    };
    for (variables, expected) in [
        (vec![("AWS_REGION", "cn-north-1")], Some(other("AWS_REGION", "cn-north-1"))),
        (vec![("AWS_DEFAULT_REGION", "us-gov-west-1")], Some(other("AWS_DEFAULT_REGION", "us-gov-west-1"))),
        (vec![("AWS_REGION", "eu-west-1"), ("AWS_DEFAULT_REGION", "cn-north-1")], None),
        (vec![("AWS_REGION", "eu-west-9")], None),
    ] {
        let one = |(name, value): &(&str, &str)| format!("- name: {name}\n  value: {value}\n");
        let manager = format!("env:\n{}", variables.iter().map(one).collect::<String>());
        let objects = Objects { account: &irsa(), manager: &manager, ..Objects::default() };
        let mut all = vec![irsa_role()];
        all.extend(expected);
        assert_eq!(lines(&objects.effect(Platform::Eks)), all, "{variables:?}");
    }
}

#[test]
fn a_volume_in_place_of_the_token_of_the_api_server_is_found_by_its_kind() {
    let token = "/var/run/secrets/kubernetes.io/serviceaccount";
    let volume = || Some(ApiOptOut::Volume("keys".to_owned()));
    let own = "projected:\n  sources:\n  - serviceAccountToken:\n      path: token\n";
    for (source, directory, expected) in [
        ("emptyDir: {}\n", token, volume()),
        (&projected("aws-token", "sts.amazonaws.com"), token, volume()),
        (own, token, None),
        (SECRET, token, Some(ApiOptOut::Secret("keys".to_owned()))),
        // What a driver provides is unknown.
        ("csi:\n  driver: tokens\n", token, None),
        ("emptyDir: {}\n", "/tmp", None),
    ] {
        let (pod, manager) = with_volume("keys", source, Some(directory));
        let deployment = Objects { pod: &pod, manager: &manager, ..Objects::default() }.deployment();
        assert_eq!(workload(&deployment).opt_out_of_api(), expected, "{directory}: {source}");
    }
}

#[test]
fn on_gke_only_the_metadata_server_gives_an_identity() {
    for (host, is_it) in [
        ("metadata.google.internal", true),
        ("169.254.169.254:80", true),
        ("\"\"", true),
        ("169.254.169.252:988", false),
        ("proxy", false),
    ] {
        let manager = with_variable("GCE_METADATA_HOST", host, "/data");
        let objects = Objects { manager: &manager, ..Objects::default() };
        let other = format!("gcp: OtherMetadataServer({host:?})");
        let expected = if is_it { "gcp: Principal by Platform" } else { &*other };
        assert_effect(Platform::Gke, objects, &[expected]);
        assert_effect(Platform::Kubernetes, objects, &[]);
    }
    let manager = "env:\n- name: GCE_METADATA_HOST\n  valueFrom: {secretKeyRef: {name: a, key: b}}\n";
    let unknown = "gcp: Unknown by Variable(\"GCE_METADATA_HOST\")";
    assert_effect(Platform::Gke, Objects { manager, ..Objects::default() }, &[unknown]);
}

#[test]
fn on_gke_a_node_affinity_may_exclude_the_metadata_server() {
    let required = "affinity:\n  nodeAffinity:\n    requiredDuringSchedulingIgnoredDuringExecution:\n      nodeSelectorTerms:\n";
    let term = |operator: &str, values: &str| {
        let key = "iam.gke.io/gke-metadata-server-enabled";
        format!("      - matchExpressions:\n        - {{key: {key}, operator: {operator}{values}}}\n")
    };
    let values = |value| format!(", values: [\"{value}\"]");
    let other = "      - matchExpressions:\n        - {key: pool, operator: In, values: [flux]}\n";
    for (terms, is_excluded) in [
        (term("In", &values("true")), false),
        (term("In", &values("false")), true),
        (term("NotIn", &values("true")), true),
        (term("NotIn", &values("false")), false),
        (term("Exists", ""), false),
        (term("DoesNotExist", ""), true),
        (other.to_owned(), false),
        // One term is enough.
        (term("DoesNotExist", "") + other, false),
        (term("DoesNotExist", "") + "      - {}\n", true),
    ] {
        let pod = format!("{required}{terms}");
        let expected = if is_excluded { "gcp: ExcludedMetadataServer" } else { "gcp: Principal by Platform" };
        assert_effect(Platform::Gke, Objects { pod: &pod, ..Objects::default() }, &[expected]);
    }
    let preferred = required.replace("required", "preferred");
    let pod = format!("{preferred}{}", term("DoesNotExist", ""));
    assert_effect(
        Platform::Gke,
        Objects { pod: &pod, ..Objects::default() },
        &["gcp: Principal by Platform"],
    );
}

/// The effect with objects that `envFrom` lists.
fn effect_with(
    platform: Platform,
    objects: Objects<'_>,
    built: &[(&'static str, &str, &str)],
) -> Vec<String> {
    let (account, deployment) = (objects.account(), objects.deployment());
    let text = |kind: &str, name: &str, data: &str| {
        object(&format!("apiVersion: v1\nkind: {kind}\nmetadata: {{name: {name}}}\ndata: {{{data}}}\n"))
    };
    let values: Vec<Value> = built.iter().map(|(kind, name, data)| text(kind, name, data)).collect();
    let sources = built.iter().map(|(kind, name, _)| VariableSource { kind, name });
    let workload = Workload {
        deployment: &deployment,
        account: Account::Built(&account),
        sources: sources.zip(&values).collect(),
    };
    let effect = effect(platform, &workload);
    let unknown = effect.unknown_sources.iter().map(|(provider, by)| format!("{}: {by:?}?", provider.name()));
    lines(&effect).into_iter().chain(unknown).collect()
}

#[test]
fn variables_of_a_built_config_map_count_like_those_of_the_container() {
    let manager = "envFrom:\n- configMapRef: {name: a}\n- configMapRef: {name: b}\n";
    let objects = Objects { account: &irsa(), manager, ..Objects::default() };
    let keys = "AWS_ACCESS_KEY_ID: x, AWS_SECRET_ACCESS_KEY: y";
    let by =
        |name: &str| format!("aws: AccessKey by VariableSource {{ kind: \"ConfigMap\", name: {name:?} }}");
    let found = |one, other| {
        effect_with(Platform::Eks, objects, &[("ConfigMap", "a", one), ("ConfigMap", "b", other)])
    };
    assert_eq!(found(keys, "A: b"), [by("a")]);
    // The last one counts.
    assert_eq!(found(keys, keys), [by("b")]);
    assert_eq!(found("A: b", "C: d"), [irsa_role()]);
    // The webhook looks at `env` alone, which comes before `envFrom`.
    assert_eq!(found("AWS_ROLE_ARN: other", "AWS_WEB_IDENTITY_TOKEN_FILE: /t"), [irsa_role()]);
    // A Secret has keys too, and its values stay unread.
    let manager = "envFrom:\n- secretRef: {name: s}\n";
    let secret = [("Secret", "s", "GOOGLE_APPLICATION_CREDENTIALS: L2tleQ==")];
    let unknown = "gcp: Unknown by VariableSource { kind: \"Secret\", name: \"s\" }";
    assert_eq!(effect_with(Platform::Gke, Objects { manager, ..Objects::default() }, &secret), [unknown]);
}

#[test]
fn a_source_of_variables_that_is_not_built_is_unknown_unless_it_decides_nothing() {
    let unknown = |provider: &str| format!("{provider}: VariableSource {{ kind: \"Secret\", name: \"s\" }}?");
    let of = |provider: &str, lines: Vec<String>| {
        lines.into_iter().filter(|line| line.starts_with(provider)).collect::<Vec<String>>()
    };
    for (prefix, is_unknown) in [("", true), ("AWS_", true), ("HTTP_", false)] {
        let manager = format!("envFrom:\n- prefix: \"{prefix}\"\n  secretRef: {{name: s}}\n");
        let objects = Objects { account: &irsa(), manager: &manager, ..Objects::default() };
        let expected = if is_unknown { vec![irsa_role(), unknown("aws")] } else { vec![irsa_role()] };
        assert_eq!(of("aws", effect_with(Platform::Eks, objects, &[])), expected, "{prefix}");
    }
}

#[test]
fn the_value_of_a_variable_may_be_in_a_config_map() {
    let reference = "valueFrom: {configMapKeyRef: {name: c, key: role}}";
    let token = "- name: AWS_WEB_IDENTITY_TOKEN_FILE\n  value: /var/run/secrets/eks.amazonaws.com/serviceaccount/token\n";
    let manager = format!("env:\n- name: AWS_ROLE_ARN\n  {reference}\n{token}");
    let objects = Objects { account: &irsa(), manager: &manager, ..Objects::default() };
    let known = effect_with(Platform::Eks, objects, &[("ConfigMap", "c", "role: other")]);
    assert_eq!(known, ["aws: Role(\"other\") by Variable(\"AWS_ROLE_ARN\")"]);
    let unknown = effect_with(Platform::Eks, objects, &[]);
    assert_eq!(unknown, ["aws: Unknown by Variable(\"AWS_ROLE_ARN\")"]);
}

#[test]
fn an_object_says_whether_flux_applies_it() {
    for (field, key, value, expected) in [
        ("annotations", "reconcile", "disabled", Some(Unapplied::Never)),
        ("labels", "reconcile", "Disabled", Some(Unapplied::Never)),
        ("annotations", "ssa", "ignore", Some(Unapplied::Never)),
        ("labels", "ssa", "IfNotPresent", Some(Unapplied::IfPresent)),
        ("annotations", "ssa", "Merge", None),
        ("annotations", "ssa", "Override", None),
        ("annotations", "reconcile", "enabled", None),
        ("annotations", "force", "disabled", None),
    ] {
        let account = format!("{field}:\n  kustomize.toolkit.fluxcd.io/{key}: {value}\n");
        let account = Objects { account: &account, ..Objects::default() }.account();
        assert_eq!(unapplied(&account).map(|(.., when)| when), expected, "{field} {key} {value}");
    }
}

/// The variables and the volume of a federated role, with this audience, mounted there.
fn federated(audience: &str, mount: &str) -> (String, String) {
    let pod = format!(
        "volumes:\n- name: t\n  projected:\n    sources:\n    - serviceAccountToken:\n        audience: {audience}\n        path: token\n"
    );
    let manager = format!(
        "env:\n- name: AWS_ROLE_ARN\n  value: {ROLE}\n- name: AWS_WEB_IDENTITY_TOKEN_FILE\n  value: /t/token\nvolumeMounts:\n- name: t\n  mountPath: {mount}\n"
    );
    (pod, manager)
}

#[test]
fn anywhere_a_federated_role_wants_its_token_at_its_file_with_its_audience() {
    let told = |audience, mount| {
        let (pod, manager) = federated(audience, mount);
        let objects = Objects { pod: &pod, manager: &manager, ..Objects::default() };
        lines(&objects.effect(Platform::Kubernetes))
    };
    let role = format!("aws: Role({ROLE:?}) by Variable(\"AWS_ROLE_ARN\")");
    assert_eq!(told("sts.amazonaws.com", "/t"), std::slice::from_ref(&role));
    assert_eq!(told("sts.amazonaws.com", "/t/"), std::slice::from_ref(&role));
    let file = "aws: NoToken(\"AWS_WEB_IDENTITY_TOKEN_FILE\", \"/t/token\")".to_owned();
    assert_eq!(told("sts.amazonaws.com", "/u"), [role.clone(), file]);
    let audience =
        "aws: OtherAudience(\"AWS_WEB_IDENTITY_TOKEN_FILE\", \"api://AzureADTokenExchange\")".to_owned();
    assert_eq!(told("api://AzureADTokenExchange", "/t"), [role, audience]);
}

#[test]
fn an_empty_variable_is_none_for_the_libraries_and_one_for_the_webhook() {
    let manager =
        "env:\n- name: AWS_ACCESS_KEY_ID\n  value: \"\"\n- name: AWS_SECRET_ACCESS_KEY\n  value: \"\"\n";
    assert_effect(
        Platform::Eks,
        Objects { account: &irsa(), manager, ..Objects::default() },
        &[&irsa_role()],
    );
    let manager = "env:\n- name: AZURE_CLIENT_SECRET\n  value: \"\"\n";
    let objects = Objects { account: &managed(), pods: USE, manager, ..Objects::default() };
    assert_effect(Platform::Aks, objects, &[&managed_identity()]);
    let manager = "env:\n- name: GOOGLE_APPLICATION_CREDENTIALS\n  value: \"\"\n";
    assert_effect(Platform::Gke, Objects { manager, ..Objects::default() }, &["gcp: Principal by Platform"]);
    let manager = "env:\n- name: AWS_ROLE_ARN\n  value: \"\"\n";
    let objects = Objects { account: &irsa(), manager, ..Objects::default() };
    assert_effect(Platform::Eks, objects, &["aws: Missing([\"AWS_WEB_IDENTITY_TOKEN_FILE\"])"]);
}

#[test]
fn azure_wants_all_four_variables() {
    let manager = "env:\n- name: AZURE_CLIENT_ID\n  value: c\n- name: AZURE_TENANT_ID\n  value: t\n";
    let expected = "azure: Missing([\"AZURE_AUTHORITY_HOST\", \"AZURE_FEDERATED_TOKEN_FILE\"])";
    assert_effect(Platform::Kubernetes, Objects { manager, ..Objects::default() }, &[expected]);
}

#[test]
fn a_service_account_that_is_not_built_gives_nothing() {
    let deployment = Objects { pods: USE, ..Objects::default() }.deployment();
    for (platform, expected) in [
        (Platform::Eks, vec!["aws: NoAccount(\"source-controller\")"]),
        (Platform::Aks, vec!["azure: NoAccount(\"source-controller\")"]),
    ] {
        let workload = Workload { deployment: &deployment, account: Account::Missing, sources: Vec::new() };
        assert_eq!(lines(&effect(platform, &workload)), expected);
    }
}

#[test]
fn pods_run_as_the_account_that_they_name_and_else_as_default() {
    for (line, name) in [
        ("serviceAccountName: a", "a"),
        ("serviceAccount: b", "b"),
        ("serviceAccountName: a\nserviceAccount: b", "a"),
        ("dnsPolicy: x", "default"),
    ] {
        let text = format!(
            "apiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: a}}\nspec:\n  template:\n    spec:\n{}",
            indent(6, line)
        );
        assert_eq!(Workload::account_name(&object(&text)), name);
    }
}

/// The nearest name, as plainly as a test needs it.
fn nearest(word: &str, names: &[&'static str]) -> Option<&'static str> {
    let fold = |text: &str| text.replace(['-', '_', '.', 's', 'w'], "").to_lowercase();
    names.iter().copied().find(|name| fold(name) == fold(word))
}

fn unread(kind: &str, path: &str, key: &str) -> Vec<String> {
    let mut text = format!("apiVersion: v1\nkind: {kind}\n");
    let mut depth = 0;
    for name in path.split('.') {
        text.extend([&" ".repeat(depth), name, ":\n"]);
        depth += 2;
    }
    text.extend([&" ".repeat(depth), key, ": x\n"]);
    let metadata = "\nmetadata:\n";
    if !text.contains(metadata) {
        text.push_str(metadata.trim_start());
    }
    let text = text.replacen(metadata, &format!("{metadata}  name: a\n"), 1);
    let found = unread_keys(&object(&text), nearest);
    found.iter().map(|it| format!("{} at {:?}: {} at {:?}", it.key, it.place, it.meant, it.read_at)).collect()
}

#[test]
fn a_key_that_nothing_reads_has_the_nearest_one_and_its_place() {
    let account = "AccountAnnotation";
    for (kind, path, key, expected) in [
        (
            "ServiceAccount",
            "metadata.annotations",
            "azure.workload.identity/client_id",
            Some((account, "azure.workload.identity/client-id", account)),
        ),
        (
            "ServiceAccount",
            "metadata.annotations",
            "eks.amazonaws.com/rolearn",
            Some((account, "eks.amazonaws.com/role-arn", account)),
        ),
        (
            "ServiceAccount",
            "metadata.annotations",
            "eks.amazonaw.com/role-arn",
            Some((account, "eks.amazonaws.com/role-arn", account)),
        ),
        (
            "ServiceAccount",
            "metadata.annotations",
            "role_arn",
            Some((account, "eks.amazonaws.com/role-arn", account)),
        ),
        (
            "ServiceAccount",
            "metadata.annotation",
            "eks.amazonaws.com/role-arn",
            Some(("UnknownField(\"metadata.annotation\")", "eks.amazonaws.com/role-arn", account)),
        ),
        (
            "ServiceAccount",
            "annotations",
            "eks.amazonaws.com/role-arn",
            Some(("UnknownField(\"annotations\")", "eks.amazonaws.com/role-arn", account)),
        ),
        (
            "ServiceAccount",
            "metadata.labels",
            "eks.amazonaws.com/role-arn",
            Some(("Label(\"ServiceAccount\")", "eks.amazonaws.com/role-arn", account)),
        ),
        (
            "Service",
            "metadata.annotations",
            "eks.amazonaws.com/role-arn",
            Some(("Annotation(\"Service\")", "eks.amazonaws.com/role-arn", account)),
        ),
        (
            "Deployment",
            "metadata.annotations",
            "iam.gke.io/gcp-service-account",
            Some(("Annotation(\"Deployment\")", "iam.gke.io/gcp-service-account", account)),
        ),
        (
            "Deployment",
            "spec.template.metadata.annotations",
            "azure.workload.identity/use",
            Some(("PodAnnotation", "azure.workload.identity/use", "PodLabel")),
        ),
        ("Deployment", "spec.template.metadata.labels", "azure.workload.identity/use", None),
        ("Deployment", "metadata.labels", "azure.workload.identity/use", None),
        ("ServiceAccount", "metadata.labels", "azure.workload.identity/use", None),
        ("ServiceAccount", "metadata.annotations", "eks.amazonaws.com/role-arn", None),
        ("ServiceAccount", "metadata.annotations", "eks.amazonaws.com/component", None),
        ("Deployment", "metadata.labels", "app.kubernetes.io/component", None),
        ("Deployment", "spec.template.metadata.annotations", "eks.amazonaws.com/token-expiration", None),
    ] {
        let expected: Vec<String> = expected
            .map(|(place, meant, read_at)| format!("{key} at {place}: {meant} at {read_at}"))
            .into_iter()
            .collect();
        assert_eq!(unread(kind, path, key), expected, "{kind} {path} {key}");
    }
}

#[test]
fn arguments_that_end_the_process_or_make_an_identity_useless_are_told_by_controller_and_version() {
    use ArgumentFault::{Gone, Misspelt, Narrow, OfOthers, Unknown, UnknownGate, Unused, WithoutGate};
    let gate = "--feature-gates=ObjectLevelWorkloadIdentity=true";
    let since = FluxVersion { major: 2, minor: 7 };
    let text = str::to_owned;
    let default = "--default-service-account=default";
    let decryption = "--default-decryption-service-account=a";
    let ecr = "--aws-autologin-for-ecr";
    let selector = "--watch-label-selector=!team,shard in (a,b)";
    for (controller, arguments, minor, expected) in [
        (Controller::Source, vec![default], 9, vec![WithoutGate { argument: text(default) }]),
        (Controller::Source, vec![default, gate], 9, vec![Unused { argument: text(default) }]),
        (Controller::Source, vec![default], 10, vec![Unused { argument: text(default) }]),
        (
            Controller::Source,
            vec!["--default-service-account", "default", gate],
            9,
            vec![Unused { argument: text("--default-service-account") }],
        ),
        (Controller::Source, vec!["--default-service-account="], 9, vec![]),
        (Controller::Kustomize, vec![default], 9, vec![]),
        (Controller::Helm, vec![default], 9, vec![]),
        (Controller::Kustomize, vec![decryption, gate], 9, vec![Unused { argument: text(decryption) }]),
        (Controller::ImageReflector, vec![ecr], 7, vec![Gone { argument: text(ecr), since }]),
        (Controller::ImageReflector, vec![ecr], 6, vec![]),
        (
            Controller::Source,
            vec![ecr],
            9,
            vec![OfOthers { argument: text(ecr), others: &[Controller::ImageReflector] }],
        ),
        (Controller::Source, vec!["--watch-label-selector=!sharding.fluxcd.io/key"], 9, vec![]),
        (Controller::Source, vec!["--watch-label-selector=team!=a, shard notin (b,c)"], 9, vec![]),
        (
            Controller::Source,
            vec![selector],
            9,
            vec![Narrow { argument: text(selector), label: text("shard") }],
        ),
        (
            Controller::Kustomize,
            vec!["--watch-label-selector", "!team,tier"],
            9,
            vec![Narrow { argument: text("--watch-label-selector"), label: text("tier") }],
        ),
        (Controller::Helm, vec![gate], 6, vec![UnknownGate { argument: text(gate) }]),
        (Controller::Helm, vec![gate], 7, vec![]),
        (Controller::SourceWatcher, vec![gate], 9, vec![UnknownGate { argument: text(gate) }]),
        (
            Controller::Source,
            vec![decryption],
            9,
            vec![OfOthers { argument: text(decryption), others: &[Controller::Kustomize] }],
        ),
        (
            Controller::Kustomize,
            vec!["--default_decryption_service_account=a"],
            9,
            vec![Misspelt {
                argument: text("--default_decryption_service_account=a"),
                meant: "default-decryption-service-account",
            }],
        ),
        (
            Controller::Source,
            vec!["--feature-gates=Cache=true,ObjectLevelWorkloadIdentitys=true"],
            9,
            vec![Misspelt {
                argument: text("--feature-gates=Cache=true,ObjectLevelWorkloadIdentitys=true"),
                meant: "ObjectLevelWorkloadIdentity",
            }],
        ),
        (Controller::Kustomize, vec!["--no-remote-bases=true", "--concurrent=10"], 9, vec![]),
        (Controller::Source, vec!["--requeue-dependency=30s", "--helm-cache-ttl=60m"], 9, vec![]),
        (
            Controller::Kustomize,
            vec!["--helm-cache-ttl=60m"],
            9,
            vec![OfOthers { argument: text("--helm-cache-ttl=60m"), others: &[Controller::Source] }],
        ),
        (
            Controller::Source,
            vec!["--cloud-credentials=workload"],
            9,
            vec![Unknown { argument: text("--cloud-credentials=workload") }],
        ),
        (
            Controller::Source,
            vec!["--cloud-credentials=workload", "--helm-cache-ttls=1m"],
            10,
            vec![Misspelt { argument: text("--helm-cache-ttls=1m"), meant: "helm-cache-ttl" }],
        ),
        (
            Controller::Kustomize,
            vec!["--helm-cache-ttl=60m", decryption, gate],
            10,
            vec![Unused { argument: text(decryption) }],
        ),
    ] {
        let version = Some(FluxVersion { major: 2, minor });
        assert_eq!(
            argument_faults(controller, &arguments, version, nearest),
            expected,
            "{controller:?} {arguments:?} {minor}"
        );
    }
    assert_eq!(argument_faults(Controller::ImageReflector, &[ecr], None, nearest), []);
}

#[test]
fn metadata_that_the_api_server_refuses_is_found_by_its_form() {
    let long = "a".repeat(64);
    let (label, annotation) = ("label", "annotation");
    let text = str::to_owned;
    let value = |value: &str| Some(ObjectFault::Value { key: text("team"), value: text(value) });
    let key = |noun, key: &str| Some(ObjectFault::Key { noun, key: text(key) });
    let not_text =
        |value: &str| Some(ObjectFault::NotText { noun: label, key: text("team"), value: text(value) });
    for (field, entry, expected) in [
        (label, "team: platform", None),
        (label, "team: ''", None),
        (label, "example.com/team: A.b-c_1", None),
        (label, "team: '${team}'", None),
        (label, "team: a b", value("a b")),
        (label, "team: -a", value("-a")),
        (label, &format!("team: {long}"), value(&long)),
        (label, "team: true", not_text("true")),
        (label, "team:", None),
        (label, "a/b/c: x", key(label, "a/b/c")),
        (label, "Example.com/team: x", None),
        (label, "-team: x", key(label, "-team")),
        (annotation, "team: a b", None),
        (annotation, "a b: x", key(annotation, "a b")),
    ] {
        for (indent, at) in [("", "/metadata"), ("spec:\n  template:\n    ", "/spec/template/metadata")] {
            let map = format!("{field}s: {{{entry}}}").replace(": }", ": null}");
            let metadata = if indent.is_empty() { String::new() } else { "metadata: {name: a}\n".to_owned() };
            let text = format!("kind: Deployment\n{metadata}{indent}metadata: {{name: a, {map}}}\n");
            let found: Vec<_> = object_faults(&object(&format!("apiVersion: apps/v1\n{text}")));
            let (paths, faults): (Vec<String>, Vec<ObjectFault>) = found.into_iter().unzip();
            assert_eq!(faults, Vec::from_iter(expected.clone()), "{text}");
            assert!(paths.iter().all(|path| path.starts_with(&format!("{at}/{field}s/"))), "{paths:?}");
        }
    }
    for (kind, name, is_refused) in [
        ("Deployment", "A", true),
        ("ServiceAccount", "a_b", true),
        ("Deployment", "a.b", false),
        ("ClusterRole", "A", false),
    ] {
        let faults =
            object_faults(&object(&format!("apiVersion: v1\nkind: {kind}\nmetadata: {{name: {name}}}\n")));
        assert_eq!(!faults.is_empty(), is_refused, "{kind} {name}");
    }
}

#[test]
fn pods_without_the_labels_of_their_selector_are_found() {
    let faults = |labels: &str| {
        object_faults(&object(&format!(
            "apiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: a}}\nspec:\n  selector:\n    matchLabels: {{app: a}}\n  \
             template:\n    metadata: {{labels: {{{labels}}}}}\n"
        )))
    };
    let path = "/spec/template/metadata/labels/app".to_owned();
    let fault = |found: Option<&str>| ObjectFault::Unselected {
        key: "app".to_owned(),
        selected: "a".to_owned(),
        found: found.map(str::to_owned),
    };
    assert_eq!(faults("app: a, team: b"), []);
    assert_eq!(faults("app: flux"), [(path.clone(), fault(Some("flux")))]);
    assert_eq!(faults("team: b"), [(path, fault(None))]);
}

#[test]
fn a_source_of_variables_may_have_any() {
    let of = |lines: &str| {
        object(&format!(
            "apiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: x}}\nspec:\n  template:\n    spec:\n      containers:\n      - name: \
             manager\n        image: x\n        {lines}\n"
        ))
    };
    for (lines, expected) in [
        ("env: [{name: A, value: b}]", true),
        ("env: [{name: B, value: b}]", false),
        ("envFrom: [{configMapRef: {name: variables}}]", true),
    ] {
        assert_eq!(workload(&of(lines)).may_have_variable("A"), expected, "{lines}");
    }
}

fn running(replicas: &str, image: &str) -> Value {
    object(&format!(
        "apiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: source-controller}}\nspec:\n  replicas: {replicas}\n  template:\n    metadata:\n      labels: {{app: source-controller, tier: flux}}\n    spec:\n      containers:\n      - name: manager\n        image: {image}\n"
    ))
}

fn workload(deployment: &Value) -> Workload<'_> {
    Workload { deployment, account: Account::Missing, sources: Vec::new() }
}

#[test]
fn the_tag_of_an_image_says_the_version_of_flux_for_each_controller() {
    for (controller, image, expected) in [
        (Controller::Source, "ghcr.io/fluxcd/source-controller:v1.9.3", Some(9)),
        (Controller::Source, "example.com:5000/source-controller:v1.2.4@sha256:0123", Some(2)),
        (Controller::Helm, "ghcr.io/fluxcd/helm-controller:v0.37.4", Some(2)),
        (Controller::Helm, "ghcr.io/fluxcd/helm-controller:v1.3.0", Some(6)),
        (Controller::ImageReflector, "ghcr.io/fluxcd/image-reflector-controller:v0.35.2", Some(6)),
        (Controller::ImageAutomation, "ghcr.io/fluxcd/image-automation-controller:v1.2.3", Some(9)),
        (Controller::SourceWatcher, "fluxcd/source-watcher:v2.2.2", Some(9)),
        (Controller::Source, "ghcr.io/fluxcd/source-controller:latest", None),
        (Controller::Source, "example.com:5000/source-controller", None),
        (Controller::Source, "ghcr.io/fluxcd/source-controller@sha256:0123", None),
        (Controller::Helm, "ghcr.io/fluxcd/helm-controller:v0.34.0", None),
    ] {
        let deployment = running("1", image);
        let image = workload(&deployment).image().expect("it has one");
        let expected = expected.map(|minor| FluxVersion { major: 2, minor });
        assert_eq!(image.flux_version(controller), expected, "{image:?}");
        assert!(!image.is_foreign(controller), "{image:?}");
    }
    let deployment = running("1", "docker.io/nginx:v1.9.3");
    assert!(workload(&deployment).image().is_some_and(|image| image.is_foreign(Controller::Source)));
}

#[test]
fn a_deployment_without_replicas_has_no_pods() {
    for (replicas, expected) in [("0", true), ("1", false), ("null", false)] {
        let deployment = running(replicas, "x");
        assert_eq!(workload(&deployment).has_no_pods(), expected, "{replicas}");
    }
}

/// Network policies of these specifications.
fn policies(specs: &[&str]) -> Vec<kustomize::Object> {
    let policy = |(number, spec): (usize, &&str)| {
        format!(
            "---\napiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {{name: policy-{number}}}\nspec: {spec}\n"
        )
    };
    let text: String = specs.iter().enumerate().map(policy).collect();
    let files = [("kustomization.yaml", "resources: [policies.yaml]\n"), ("policies.yaml", text.as_str())];
    let files = InMemory(files.map(|(name, text)| (name.to_owned(), text.to_owned())).into());
    let (inputs, manifests) = (Inputs::new(&files), Manifests::new());
    let options = kustomize::Options::default();
    let built = kustomize::build(&inputs, &manifests, &LocalPath::default(), options);
    built.unwrap_or_else(|failure| panic!("{failure:?}\n{text}")).objects
}

/// Those of some endpoints that policies keep the pods from.
fn blocked(specs: &[&str], endpoints: &[Endpoint]) -> Vec<Endpoint> {
    let (deployment, policies) = (running("1", "x"), policies(specs));
    let is_blocked =
        |endpoint: &Endpoint| !blocking_policies(&workload(&deployment), &policies, *endpoint).is_empty();
    endpoints.iter().copied().filter(is_blocked).collect()
}

/// A policy of all pods with one rule for its egress.
fn egress(peers: &str, ports: &str) -> String {
    format!("{{podSelector: {{}}, policyTypes: [Egress], egress: [{{to: [{peers}], ports: [{ports}]}}]}}")
}

#[test]
fn names_need_a_server_for_them_that_policies_let_through() {
    let (udp, tcp) = ("{protocol: UDP, port: 53}", "{protocol: TCP, port: 53}");
    let all = "{namespaceSelector: {}}";
    for (peers, ports, is_blocked) in [
        ("", udp, false),
        (all, "", false),
        (all, udp, false),
        ("{namespaceSelector: {}, podSelector: {matchLabels: {k8s-app: kube-dns}}}", udp, false),
        ("{ipBlock: {cidr: 169.254.20.10/32}}", udp, false),
        (all, "{protocol: UDP, port: 5353}", false),
        (all, "{protocol: UDP, port: dns}", false),
        (all, tcp, true),
        (all, "{protocol: UDP, port: 54}", true),
        ("{podSelector: {}}", udp, true),
    ] {
        let found = blocked(&[&egress(peers, ports)], &[Endpoint::Dns]);
        assert_eq!(!found.is_empty(), is_blocked, "{peers} {ports}");
    }
}

/// True if policies separate helm-controller from source-controller.
fn separated(specs: &[&str]) -> bool {
    let policies = policies(specs);
    let named = |name| {
        let text = format!(
            "metadata: {{name: {name}}}\nspec:\n  template:\n    metadata:\n      labels: {{app: {name}}}\n"
        );
        object(&format!("apiVersion: apps/v1\nkind: Deployment\n{text}"))
    };
    let (from, to) = (named("helm-controller"), named("source-controller"));
    !separating_policies([&workload(&from), &workload(&to)], &policies, "flux-system").is_empty()
}

#[test]
fn policies_separate_controllers_that_none_lets_out_or_in() {
    let to = egress;
    let from = |pods: &str, peers: &str| {
        format!("{{podSelector: {pods}, policyTypes: [Ingress], ingress: [{{from: [{peers}]}}]}}")
    };
    let (source, helm) = ("{matchLabels: {app: source-controller}}", "{matchLabels: {app: helm-controller}}");
    let pods = |selector: &str| format!("{{podSelector: {selector}}}");
    let of_namespace = |name: &str| {
        format!("{{namespaceSelector: {{matchLabels: {{kubernetes.io/metadata.name: {name}}}}}}}")
    };
    for (specs, expected) in [
        (vec!["{podSelector: {}, policyTypes: [Ingress, Egress], egress: [{}], ingress: [{from: [{podSelector: {}}]}]}".to_owned()], false),
        (vec![to("", "{port: 443}")], true),
        (vec![to("", "{port: 9090}")], false),
        (vec![to("", "{port: 80}")], false),
        (vec![to(&pods("{}"), "")], false),
        (vec![to(&pods(source), "{port: http}")], false),
        (vec![to(&pods(helm), "")], true),
        (vec![to(&of_namespace("flux-system"), "")], false),
        (vec![to(&of_namespace("kube-system"), "")], true),
        (vec![to("{namespaceSelector: {}}", "")], false),
        (vec![to("{ipBlock: {cidr: 10.0.0.0/8}}", "")], false),
        (vec![to("{ipBlock: {cidr: 169.254.169.254/32}}", "")], true),
        (vec![to(&pods(helm), ""), to(&pods(source), "")], false),
        (vec![from(source, &pods(helm))], false),
        (vec![from(source, &pods(source))], true),
        (vec![from(helm, &pods(source))], false),
        (vec![from("{}", &pods(source)), from("{}", &pods("{}"))], false),
        (vec!["{podSelector: {}}".to_owned()], true),
    ] {
        let texts: Vec<&str> = specs.iter().map(String::as_str).collect();
        assert_eq!(separated(&texts), expected, "{specs:?}");
    }
}

#[test]
fn policies_block_what_none_of_those_allows_that_select_the_pods() {
    use Endpoint::{MetadataServer, PodIdentityAgent, TokenService};
    let all = vec![TokenService, MetadataServer, PodIdentityAgent];
    let allow = "{podSelector: {}, policyTypes: [Ingress, Egress], egress: [{}]}";
    let deny = "{podSelector: {}, policyTypes: [Egress]}";
    let to = egress;
    let block = |cidr: &str| format!("{{ipBlock: {{cidr: {cidr}}}}}");
    let without = |except: &str| format!("{{ipBlock: {{cidr: 0.0.0.0/0, except: [{except}]}}}}");
    let https = "{protocol: TCP, port: 443}";
    for (specs, expected) in [
        (vec![allow.to_owned()], vec![]),
        (vec![deny.to_owned()], all.clone()),
        (vec![deny.to_owned(), allow.to_owned()], vec![]),
        (vec!["{podSelector: {}, policyTypes: [Ingress]}".to_owned()], vec![]),
        (vec!["{podSelector: {}}".to_owned()], vec![]),
        (vec!["{podSelector: {}, egress: []}".to_owned()], all.clone()),
        (vec!["{podSelector: {matchLabels: {app: other}}, policyTypes: [Egress]}".to_owned()], vec![]),
        (vec!["{podSelector: {matchLabels: {tier: flux}}, policyTypes: [Egress]}".to_owned()], all.clone()),
        (
            vec!["{podSelector: {matchExpressions: [{key: app, operator: NotIn, values: [source-controller]}]}, policyTypes: [Egress]}".to_owned()],
            vec![],
        ),
        (
            vec!["{podSelector: {matchExpressions: [{key: tier, operator: Exists}]}, policyTypes: [Egress]}".to_owned()],
            all.clone(),
        ),
        (vec![to("", https)], vec![MetadataServer, PodIdentityAgent]),
        (vec![to("", "{protocol: UDP, port: 443}")], all.clone()),
        (vec![to("", "{port: 1, endPort: 1000}")], vec![]),
        (vec![to("", "{port: https}")], vec![]),
        (vec![to("{namespaceSelector: {}}", "")], all.clone()),
        (vec![to(&block("10.0.0.0/8"), https)], vec![MetadataServer, PodIdentityAgent]),
        (vec![to(&block("169.254.0.0/16"), "")], vec![TokenService]),
        (vec![to(&block("169.254.169.254/32"), "{port: 80}")], vec![TokenService, PodIdentityAgent]),
        (vec![to(&block("169.254.169.252/32"), "{port: 988}")], vec![TokenService, PodIdentityAgent]),
        (vec![to(&block("127.0.0.1/32"), "{port: 988}")], vec![TokenService, PodIdentityAgent]),
        (vec![to(&block("169.254.170.23/32"), "{port: 80}")], vec![TokenService, MetadataServer]),
        (vec![to(&block("'::/0'"), "")], vec![]),
        (vec![to(&without("169.254.169.254/32"), "")], vec![MetadataServer]),
        (vec![to(&without("169.254.169.252/32"), "")], vec![MetadataServer]),
        (vec![to(&without("169.254.170.23/32"), "")], vec![PodIdentityAgent]),
        (vec![to(&without("169.254.0.0/16"), "")], vec![MetadataServer, PodIdentityAgent]),
        (vec![to(&without("169.254.0.0/16, 127.0.0.0/8"), "")], vec![MetadataServer, PodIdentityAgent]),
        (vec![to(&without("10.0.0.0/8"), "")], vec![]),
        (vec![to(&without("127.0.0.0/8"), "")], vec![]),
        (
            vec![to(&format!("{}, {}", without("169.254.0.0/16"), block("169.254.169.252/32")), "")],
            vec![PodIdentityAgent],
        ),
    ] {
        let texts: Vec<&str> = specs.iter().map(String::as_str).collect();
        assert_eq!(blocked(&texts, &all), expected, "{specs:?}");
    }
}

/// What diverts requests for credentials of AWS, with these variables.
fn diversions(variables: &[(&str, &str)]) -> Vec<Diversion> {
    let lines = variables.iter().map(|(name, value)| format!("- name: {name}\n  value: {value:?}\n"));
    let manager =
        format!("env:\n{}volumeMounts:\n- name: v\n  mountPath: /certificates\n", lines.collect::<String>());
    let effect = Objects { manager: &manager, ..Objects::default() }.effect(Platform::Eks);
    effect.diversions.into_iter().map(|(diversion, _)| diversion).collect()
}

#[test]
fn variables_divert_requests_for_credentials() {
    let endpoint = |variable: &str, url: &str| Diversion::Endpoint {
        variable: variable.to_owned(),
        url: url.to_owned(),
    };
    let (sts, all) = ("AWS_ENDPOINT_URL_STS", "AWS_ENDPOINT_URL");
    let local = "http://localstack:4566";
    assert_eq!(diversions(&[(sts, local)]), [endpoint(sts, local)]);
    assert_eq!(diversions(&[(all, local)]), [endpoint(all, local)]);
    assert_eq!(diversions(&[(all, local), (sts, "https://sts.eu-west-1.amazonaws.com")]), []);
    assert_eq!(diversions(&[(sts, "https://vpce-1a.sts.eu-west-1.vpce.amazonaws.com")]), []);
    assert_eq!(diversions(&[(sts, "https://sts-fips.us-east-1.amazonaws.com/")]), []);
    assert_eq!(diversions(&[(all, local), ("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "true")]), []);
    let bundle = |path: &str| diversions(&[("AWS_CA_BUNDLE", path)]);
    let missing =
        Diversion::NoCertificates { variable: "AWS_CA_BUNDLE".to_owned(), path: "/a/ca.pem".to_owned() };
    assert_eq!(bundle("/a/ca.pem"), [missing]);
    assert_eq!(bundle("/certificates/ca.pem"), []);
    assert_eq!(bundle("/etc/ssl/certs/ca-certificates.crt"), []);
    let uri = |url: &str| diversions(&[("AWS_CONTAINER_CREDENTIALS_FULL_URI", url)]).len();
    assert_eq!(uri("http://169.254.170.2/v2"), 1);
    assert_eq!(uri("http://169.254.170.23/v1/credentials"), 0);
    let proxy = |hosts: &str| diversions(&[("HTTP_PROXY", "http://proxy:3128"), ("NO_PROXY", hosts)]).len();
    assert_eq!(proxy(".svc"), 1);
    for hosts in ["169.254.170.23", ".svc, 169.254.170.23:80", "*", "169.254.0.0/16", "0.0.0.0/0"] {
        assert_eq!(proxy(hosts), 0, "{hosts}");
    }
    assert_eq!(
        diversions(&[("HTTPS_PROXY", "http://proxy:3128"), ("AWS_EC2_METADATA_DISABLED", "true")]),
        []
    );
}

#[test]
fn fips_diverts_requests_in_regions_without_such_endpoints() {
    let fips = ("AWS_USE_FIPS_ENDPOINT", "true");
    for (variables, of_cluster, expected) in [
        (vec![fips], Some("eu-west-1"), Some("eu-west-1")),
        (vec![fips, ("AWS_REGION", "ap-south-1")], Some("us-east-1"), Some("ap-south-1")),
        (vec![fips], Some("us-gov-west-1"), None),
        (vec![fips], Some("ca-central-1"), None),
        (vec![fips, ("AWS_REGION", "us-east-1")], Some("eu-west-1"), None),
        (vec![fips], None, None),
        (vec![("AWS_USE_FIPS_ENDPOINT", "false")], Some("eu-west-1"), None),
    ] {
        let found = diversions(&variables);
        let regions = found.iter().filter_map(|it| {
            let Diversion::Fips { region, .. } = it.in_region(of_cluster)? else { return None };
            region
        });
        assert_eq!(regions.collect::<Vec<_>>(), Vec::from_iter(expected), "{variables:?} {of_cluster:?}");
    }
}

/// The seven controllers as Flux installs them.
pub fn controllers() -> String {
    let one = |controller: &Controller| {
        let name = controller.name();
        format!(
            "---\napiVersion: v1\nkind: ServiceAccount\nmetadata: {{name: {name}, namespace: flux-system}}\n---\napiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: {name}, namespace: flux-system}}\nspec:\n  template:\n    metadata:\n      labels: {{app: {name}}}\n    spec:\n      serviceAccountName: {name}\n      containers:\n      - name: manager\n        image: x\n        args: [--log-level=info]\n        env:\n        - {{name: RUNTIME_NAMESPACE, value: flux-system}}\n        volumeMounts:\n        - {{name: temp, mountPath: /tmp}}\n      volumes:\n      - name: temp\n        emptyDir: {{}}\n"
        )
    };
    Controller::ALL.iter().map(one).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: harness::times(100, 400), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn of_what_a_build_writes_the_effect_is_what_the_source_says(fleet in generate::fleet()) {
        let Ok(fleet) = compile(&generate::plain(&fleet)) else { return Ok(()) };
        let (components, sync) = (controllers(), "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: sync}\n");
        let manifests = Manifests::new();
        let is_overlay = |cluster: &&Cluster| cluster.form == OverlayForm::Overlay(Install::Bootstrap);
        for cluster in fleet.clusters.iter().filter(is_overlay) {
            let overlay = emit::overlay(&fleet, cluster);
            let components = components.replace("flux-system", cluster.namespace.as_str());
            let files = [
                ("kustomization.yaml", overlay.as_str()),
                ("gotk-components.yaml", &components),
                ("gotk-sync.yaml", sync),
            ];
            let files = InMemory(files.map(|(name, text)| (name.to_owned(), text.to_owned())).into());
            let inputs = Inputs::new(&files);
            let built = kustomize::build(
                &inputs, &manifests, &LocalPath::default(), kustomize::Options::default(),
            );
            let Ok(built) = built else {
                // What it passes through is not there.
                prop_assert!(cluster.passthrough != Passthrough::default(), "{built:?}\n{overlay}");
                continue;
            };
            let find = |kind: &str, name: &str| {
                let mut objects = built.objects.iter();
                objects.find(|it| it.id().kind == kind && it.id().name == name).and_then(|it| it.value())
            };
            for controller in Controller::ALL {
                let deployment = find("Deployment", controller.name()).expect("it is installed");
                let account = find("ServiceAccount", controller.name()).expect("it is installed");
                let sources = Workload::sources_of(deployment).into_iter();
                let sources = sources.filter_map(|source| Some((source, find(source.kind, source.name)?)));
                let sources = sources.collect();
                let workload = Workload { deployment, account: Account::Built(account), sources };
                let effect = effect(cluster.platform, &workload);
                let said = cluster.credentials.get(&controller).map(|it| expected(it)).unwrap_or_default();
                let mut found: BTreeMap<_, _> =
                    effect.identities.iter().map(|(of, it)| (*of, it.identity.clone())).collect();
                // Every pod of GKE is a principal.
                found.retain(|of, identity| {
                    *identity != EffectiveIdentity::Principal || said.contains_key(of)
                });
                prop_assert_eq!(found, said, "{}\n{}", controller.name(), overlay);
                prop_assert!(effect.obstacles.is_empty(), "{:?}\n{}", effect.obstacles, overlay);
            }
        }
    }
}
