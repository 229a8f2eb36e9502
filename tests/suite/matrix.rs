//! Every identity, on every platform, for every controller, in every form: what kustomize builds from real Flux
//! manifests and an overlay has all that the documentation of the cloud and of Flux asks for, and nothing else changed.
//!
//! What is expected stands here a second time, as the documentation has it: "AWS", "Azure" and "GCP" under
//! "Integrations" of the Flux documentation, and its page "Workload Identity".

use std::collections::{BTreeMap, BTreeSet};

use flux_identity::model::{Controller, Platform};
use serde_yaml::{Mapping, Value};

use crate::harness::{directory, overlays};
use crate::real::{SYNC, components, kustomize, prove};

const REGION: &str = "eu-central-1";
const TENANT: &str = "72f988bf-86f1-41af-91ab-2d7cd011db47";
const PROVIDER: &str = "projects/123456789012/locations/global/workloadIdentityPools/flux/providers/prod-eu";

#[test]
fn on_eks_every_identity_arrives_and_nothing_else_changes() {
    walk(Platform::Eks);
}

#[test]
fn on_aks_every_identity_arrives_and_nothing_else_changes() {
    walk(Platform::Aks);
}

#[test]
fn on_gke_every_identity_arrives_and_nothing_else_changes() {
    walk(Platform::Gke);
}

#[test]
fn on_any_other_cluster_every_identity_arrives_and_nothing_else_changes() {
    walk(Platform::Kubernetes);
}

/// All identities of a platform alone, and all their pairs and triples, for all controllers at once. An identity alone
/// comes in each form with the newest manifests, and in one with each of the older ones. Those together come in one form
/// with each, by turns.
fn walk(platform: Platform) {
    let versions = ["v2.9.3-image", "v2.2.3-image", "v2.6.4-image"];
    let manifests: Vec<Manifests> = versions.into_iter().filter_map(Manifests::of).collect();
    let [newest, older @ ..] = manifests.as_slice() else { return };
    for (at, identities) in all_identities(platform).into_iter().enumerate() {
        let restart = at % 2 == 1;
        let cells = Form::ALL.map(|form| Cell { platform, identities: identities.clone(), form, restart });
        let is_alone = identities.len() == 1;
        for cell in cells.iter().cycle().skip(at).take(if is_alone { cells.len() } else { 1 }) {
            cell.check(newest);
        }
        for (turn, manifests) in older.iter().enumerate().filter(|(turn, _)| is_alone || at % 2 == *turn) {
            cells[(at + turn + 1) % cells.len()].check(manifests);
        }
    }
    for version in ["2.2", "2.6", "2.9"] {
        prove(&format!("the matrix of {} with Flux {version}", platform.name()));
    }
}

/// An identity, as it is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Given {
    Aws,
    AwsWithOptions,
    AwsPodIdentity,
    Azure,
    AzureWithOptions,
    AzureWebhook,
    Gcp,
    GcpDirect,
}

/// The identities that one platform takes, alone and together: at most one of each cloud.
fn all_identities(platform: Platform) -> Vec<Vec<Given>> {
    let mut aws = vec![None, Some(Given::Aws), Some(Given::AwsWithOptions)];
    aws.extend((platform == Platform::Eks).then_some(Some(Given::AwsPodIdentity)));
    let mut azure = vec![None, Some(Given::Azure), Some(Given::AzureWithOptions)];
    azure.extend((platform == Platform::Aks).then_some(Some(Given::AzureWebhook)));
    let gcp = [None, Some(Given::Gcp), Some(Given::GcpDirect)];
    let mut all = Vec::new();
    for one in &aws {
        for two in &azure {
            for three in &gcp {
                all.push([*one, *two, *three].into_iter().flatten().collect());
            }
        }
    }
    all.retain(|identities: &Vec<Given>| !identities.is_empty());
    all
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    /// A whole overlay beside what `flux bootstrap` writes.
    Bootstrap,
    /// A whole overlay of what its resources install.
    None,
    /// A component of a kustomization that somebody else writes.
    Component,
}

impl Form {
    const ALL: [Form; 3] = [Form::Bootstrap, Form::None, Form::Component];
}

/// One cluster whose controllers have these identities, each its own.
#[derive(Debug)]
struct Cell {
    platform: Platform,
    identities: Vec<Given>,
    form: Form,
    restart: bool,
}

/// The controllers that can have an identity.
fn controllers() -> impl Iterator<Item = Controller> {
    Controller::ALL.into_iter().filter(|controller| *controller != Controller::SourceWatcher)
}

/// A GUID of the controller's own.
fn client_id(controller: Controller) -> String {
    format!("4a7272f9-f186-41af-9f84-6a92e32d7cd{}", controller as usize)
}

impl Given {
    fn written(self, controller: Controller) -> String {
        let name = controller.name();
        let arn = format!("aws \"arn:aws:iam::111122223333:role/{name}\"");
        let azure = format!("azure \"{}\"", client_id(controller));
        match self {
            Given::Aws => arn,
            Given::AwsWithOptions => {
                format!("{arn} {{ audience = \"sts.example.com\", token-expiration = \"600\" }}")
            }
            Given::AwsPodIdentity => format!("{arn} {{ via = pod-identity }}"),
            Given::Azure => azure,
            Given::AzureWithOptions => format!("{azure} {{ token-expiration = \"86400\" }}"),
            Given::AzureWebhook => format!("{azure} {{ tenant = webhook }}"),
            Given::Gcp => format!("gcp \"{name}@acme-prod.iam.gserviceaccount.com\""),
            Given::GcpDirect => "gcp direct".to_owned(),
        }
    }
}

/// What the documentation asks for, for one controller.
#[derive(Debug, Default)]
struct Expected {
    annotations: Vec<(&'static str, String)>,
    has_label: bool,
    variables: Vec<(&'static str, String)>,
    /// Volume, directory, audience and lifetime.
    tokens: Vec<(&'static str, &'static str, String, u64)>,
    /// The credential configuration of Google Cloud.
    credentials: Option<Value>,
}

impl Expected {
    fn take(&mut self, identity: Given, platform: Platform, controller: Controller) {
        match identity {
            Given::AwsPodIdentity => {}
            Given::Aws if platform == Platform::Eks => self.irsa(controller),
            Given::AwsWithOptions if platform == Platform::Eks => {
                self.irsa(controller);
                self.annotations.push(("eks.amazonaws.com/audience", "sts.example.com".to_owned()));
                self.annotations.push(("eks.amazonaws.com/token-expiration", "600".to_owned()));
            }
            Given::Aws => self.federated_aws(controller, "sts.amazonaws.com", 3_600),
            Given::AwsWithOptions => self.federated_aws(controller, "sts.example.com", 600),
            Given::Azure | Given::AzureWebhook if platform == Platform::Aks => {
                self.webhook(controller, identity == Given::Azure);
            }
            Given::AzureWithOptions if platform == Platform::Aks => {
                self.webhook(controller, true);
                let key = "azure.workload.identity/service-account-token-expiration";
                self.annotations.push((key, "86400".to_owned()));
            }
            Given::Azure | Given::AzureWebhook => self.federated_azure(controller, 3_600),
            Given::AzureWithOptions => self.federated_azure(controller, 86_400),
            Given::Gcp if platform == Platform::Gke => {
                let email = format!("{}@acme-prod.iam.gserviceaccount.com", controller.name());
                self.annotations.push(("iam.gke.io/gcp-service-account", email));
            }
            Given::GcpDirect if platform == Platform::Gke => {}
            Given::Gcp => {
                let accounts = "https://iamcredentials.googleapis.com/v1/projects/-/serviceAccounts";
                let email = format!("{}@acme-prod.iam.gserviceaccount.com", controller.name());
                let url = format!("{accounts}/{email}:generateAccessToken");
                self.federated_gcp("service_account_impersonation_url", &url);
            }
            Given::GcpDirect => {
                self.federated_gcp("token_info_url", "https://sts.googleapis.com/v1/introspect");
            }
        }
    }

    fn irsa(&mut self, controller: Controller) {
        let arn = format!("arn:aws:iam::111122223333:role/{}", controller.name());
        self.annotations.push(("eks.amazonaws.com/role-arn", arn));
    }

    fn webhook(&mut self, controller: Controller, has_tenant: bool) {
        self.annotations.push(("azure.workload.identity/client-id", client_id(controller)));
        let tenant = ("azure.workload.identity/tenant-id", TENANT.to_owned());
        self.annotations.extend(has_tenant.then_some(tenant));
        self.has_label = true;
    }

    fn federated_aws(&mut self, controller: Controller, audience: &str, seconds: u64) {
        let name = controller.name();
        self.variables.extend([
            ("AWS_REGION", REGION.to_owned()),
            ("AWS_ROLE_ARN", format!("arn:aws:iam::111122223333:role/{name}")),
            ("AWS_ROLE_SESSION_NAME", format!("{name}.flux-system.{REGION}.fluxcd.io")),
            ("AWS_WEB_IDENTITY_TOKEN_FILE", "/var/run/secrets/flux-identity/aws/token".to_owned()),
        ]);
        let directory = "/var/run/secrets/flux-identity/aws";
        self.tokens.push(("flux-identity-aws", directory, audience.to_owned(), seconds));
    }

    fn federated_azure(&mut self, controller: Controller, seconds: u64) {
        self.variables.extend([
            ("AZURE_AUTHORITY_HOST", "https://login.microsoftonline.com/".to_owned()),
            ("AZURE_CLIENT_ID", client_id(controller)),
            ("AZURE_FEDERATED_TOKEN_FILE", "/var/run/secrets/flux-identity/azure/token".to_owned()),
            ("AZURE_TENANT_ID", TENANT.to_owned()),
        ]);
        let directory = "/var/run/secrets/flux-identity/azure";
        let audience = "api://AzureADTokenExchange".to_owned();
        self.tokens.push(("flux-identity-azure", directory, audience, seconds));
    }

    fn federated_gcp(&mut self, key: &str, url: &str) {
        let file = "/etc/flux-identity/gcp/credentials.json".to_owned();
        self.variables.push(("GOOGLE_APPLICATION_CREDENTIALS", file));
        let directory = "/var/run/secrets/flux-identity/gcp";
        let audience = format!("https://iam.googleapis.com/{PROVIDER}");
        self.tokens.push(("flux-identity-gcp", directory, audience, 3_600));
        let json = format!(
            "{{\"universe_domain\": \"googleapis.com\", \"type\": \"external_account\", \
             \"audience\": \"//iam.googleapis.com/{PROVIDER}\", \
             \"subject_token_type\": \"urn:ietf:params:oauth:token-type:jwt\", \
             \"token_url\": \"https://sts.googleapis.com/v1/token\", \
             \"credential_source\": {{\"file\": \"{directory}/token\", \"format\": {{\"type\": \"text\"}}}}, \
             \"{key}\": \"{url}\"}}"
        );
        self.credentials = Some(serde_yaml::from_str(&json).expect("JSON is YAML"));
    }
}

impl Cell {
    fn source(&self) -> String {
        let emit = match self.form {
            Form::Bootstrap => "",
            Form::None => {
                "  install = none\n  resource \"./gotk-components.yaml\"\n  resource \"./gotk-sync.yaml\"\n"
            }
            Form::Component => "  emit = component\n",
        };
        let restart = if self.restart { "  restart = on-change\n" } else { "" };
        let mappings = controllers().map(|controller| {
            let given: Vec<String> =
                self.identities.iter().map(|identity| identity.written(controller)).collect();
            format!("  {} -> {}\n", controller.name(), given.join(", "))
        });
        let mappings: String = mappings.collect();
        format!(
            "cluster c on {} {{\n  region = \"{REGION}\"\n  tenant = \"{TENANT}\"\n  \
             workload-identity-provider = \"{PROVIDER}\"\n{emit}{restart}{mappings}}}\n",
            self.platform.name()
        )
    }

    fn check(&self, manifests: &Manifests) {
        let (at, overlay) = overlays(&self.source()).remove(0);
        let built = match self.form {
            Form::Bootstrap | Form::None => manifests.build(&[("kustomization.yaml", &overlay)]),
            Form::Component => {
                assert_eq!(at, "clusters/c/flux-system/identity");
                let parent = format!("{WITHOUT_PATCHES}components:\n- identity\n");
                let files =
                    [("kustomization.yaml", parent.as_str()), ("identity/kustomization.yaml", &overlay)];
                manifests.build(&files)
            }
        };
        for (name, object) in &built {
            assert_unique(name, object);
        }
        assert_eq!(
            self.without_what_is_promised(built),
            manifests.plain,
            "{self:?} with {}",
            manifests.version
        );
    }

    /// The objects without what the overlay is to add to them. All of that must be there.
    fn without_what_is_promised(&self, mut built: Objects) -> Objects {
        for controller in controllers() {
            let mut expected = Expected::default();
            for identity in &self.identities {
                expected.take(*identity, self.platform, controller);
            }
            let name = controller.name();
            if let Some(credentials) = &expected.credentials {
                take_config_map(&mut built, controller, credentials);
            }
            let account = built.get_mut(&format!("ServiceAccount flux-system/{name}")).expect("it is there");
            for (key, value) in &expected.annotations {
                take(at(account, &["metadata"]), "annotations", key, value);
            }
            let deployment = built.get_mut(&format!("Deployment flux-system/{name}")).expect("it is there");
            if expected.has_label {
                take(at(deployment, &["metadata"]), "labels", "azure.workload.identity/use", "true");
                let pod = at(deployment, &["spec", "template", "metadata"]);
                take(pod, "labels", "azure.workload.identity/use", "true");
            }
            if self.restart {
                let annotations = at(deployment, &["spec", "template", "metadata", "annotations"]);
                let digest = annotations.as_mapping_mut().expect("a mapping").remove("flux-identity/digest");
                let digest = digest.expect("it is there");
                let digits = digest.as_str().expect("a text").bytes();
                assert!(
                    digits.len() == 16 && { digits }.all(|digit| digit.is_ascii_hexdigit()),
                    "{digest:?}"
                );
            }
            let pod = at(deployment, &["spec", "template", "spec"]);
            expected.take_from_pod(pod);
        }
        built
    }
}

impl Expected {
    fn take_from_pod(&self, pod: &mut Value) {
        for (volume, _, audience, seconds) in &self.tokens {
            let source = format!(
                "projected: {{ sources: [ {{ serviceAccountToken: \
                 {{ audience: \"{audience}\", expirationSeconds: {seconds}, path: token }} }} ] }}"
            );
            take_item(pod, "volumes", volume, &source);
        }
        let containers = pod["containers"].as_sequence_mut().expect("a list");
        assert_eq!(containers.len(), 1, "the controller runs alone");
        let manager = &mut containers[0];
        assert_eq!(manager["name"], Value::from("manager"));
        assert!(manager["image"].is_string(), "it has its image");
        for (name, value) in &self.variables {
            take_item(manager, "env", name, &format!("value: \"{value}\""));
        }
        for (volume, directory, ..) in &self.tokens {
            take_item(
                manager,
                "volumeMounts",
                volume,
                &format!("{{ mountPath: {directory}, readOnly: true }}"),
            );
        }
        if self.credentials.is_some() {
            let mount = "{ mountPath: /etc/flux-identity/gcp, readOnly: true }";
            take_item(manager, "volumeMounts", "flux-identity-gcp-config", mount);
        }
    }
}

/// Takes the generated `ConfigMap` out, and the volume that must hold it under its hashed name.
fn take_config_map(built: &mut Objects, controller: Controller, credentials: &Value) {
    let prefix = format!("ConfigMap flux-system/{}-gcp-credentials-", controller.name());
    let names: Vec<String> = built.keys().filter(|name| name.starts_with(&prefix)).cloned().collect();
    let [name] = names.as_slice() else { panic!("there is one, under its hashed name: {names:?}") };
    let config_map = built.remove(name).expect("it is there");
    let data = config_map["data"].as_mapping().expect("a mapping");
    assert_eq!(data.len(), 1);
    let text = data["credentials.json"].as_str().expect("a text");
    assert_eq!(serde_yaml::from_str::<Value>(text).expect("it is JSON"), *credentials);
    let hashed = name.rsplit('/').next().expect("a name");
    let deployment = built.get_mut(&format!("Deployment flux-system/{}", controller.name()));
    let pod = at(deployment.expect("it is there"), &["spec", "template", "spec"]);
    take_item(pod, "volumes", "flux-identity-gcp-config", &format!("configMap: {{ name: {hashed} }}"));
}

/// Takes an entry out of a mapping of texts, and the mapping if nothing is left in it.
fn take(parent: &mut Value, mapping: &str, key: &str, value: &str) {
    let entries = parent[mapping].as_mapping_mut().expect("a mapping");
    assert_eq!(entries.remove(key), Some(Value::from(value)), "{key}");
    if entries.is_empty() {
        let _empty = parent.as_mapping_mut().expect("a mapping").remove(mapping);
    }
}

/// Takes an item out of a list by its name. `rest`: all that it says besides, as YAML.
fn take_item(parent: &mut Value, list: &str, name: &str, rest: &str) {
    let mut expected: Mapping = serde_yaml::from_str(rest).expect("it is YAML");
    let _name = expected.insert(Value::from("name"), Value::from(name));
    let items = parent[list].as_sequence_mut().expect("a list");
    let found = items.iter().position(|item| item["name"] == name).expect(name);
    assert_eq!(items.remove(found), Value::Mapping(expected));
}

fn at<'v>(value: &'v mut Value, path: &[&str]) -> &'v mut Value {
    path.iter().fold(value, |value, key| &mut value[*key])
}

/// No variable, volume or mount of a pod is there twice, as the API server demands.
fn assert_unique(name: &str, object: &Value) {
    if !name.starts_with("Deployment ") {
        return;
    }
    let pod = &object["spec"]["template"]["spec"];
    let check = |node: &Value, list: &str, key: &str| {
        let mut seen = BTreeSet::new();
        for item in node[list].as_sequence().into_iter().flatten() {
            let key = item[key].as_str().expect("a text");
            assert!(seen.insert(key.to_owned()), "{name} has {key} twice in {list}");
        }
    };
    check(pod, "volumes", "name");
    check(pod, "containers", "name");
    for container in pod["containers"].as_sequence().expect("a list") {
        check(container, "env", "name");
        check(container, "volumeMounts", "mountPath");
    }
}

/// The objects of a build, by kind, namespace and name.
pub type Objects = BTreeMap<String, Value>;

pub const WITHOUT_PATCHES: &str = "\
apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
resources:
- gotk-components.yaml
- gotk-sync.yaml
";

/// The manifests of one version of Flux, without the definitions that nothing here touches.
pub struct Manifests {
    version: &'static str,
    /// The manifests.
    pub components: String,
    /// What kustomize makes of them without a patch.
    pub plain: Objects,
}

impl Manifests {
    /// Those of a version, if these tests are to run.
    pub fn of(version: &'static str) -> Option<Manifests> {
        let components = components(version)?;
        let kept = components.split("\n---\n").filter(|one| !one.contains("kind: CustomResourceDefinition"));
        let components = kept.collect::<Vec<_>>().join("\n---\n");
        let mut manifests = Manifests { version, components, plain: Objects::new() };
        manifests.plain = manifests.build(&[("kustomization.yaml", WITHOUT_PATCHES)]);
        Some(manifests)
    }

    /// What kustomize makes of these files beside them.
    pub fn build(&self, files: &[(&str, &str)]) -> Objects {
        let installed = [("gotk-components.yaml", self.components.as_str()), ("gotk-sync.yaml", SYNC)];
        let directory = directory(&[&installed, files].concat());
        objects(&kustomize(directory.path()))
    }
}

/// The objects that kustomize wrote.
pub fn objects(built: &str) -> Objects {
    let objects = built.split("\n---\n").map(|object| {
        let object: Value = serde_yaml::from_str(object).expect("kustomize writes YAML");
        let field = |value: &Value| value.as_str().unwrap_or("-").to_owned();
        let metadata = &object["metadata"];
        let (kind, namespace) = (field(&object["kind"]), field(&metadata["namespace"]));
        (format!("{kind} {namespace}/{}", field(&metadata["name"])), object)
    });
    objects.collect()
}
