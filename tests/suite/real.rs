//! kustomize, PyYAML and `serde_yaml` judge what is written, beside real Flux manifests.
//!
//! `FLUX_IDENTITY_DATA` names a directory whose `gotk/<version>/gotk-components.yaml` are what `flux bootstrap` wrote
//! in real repositories. Without it these tests are skipped, and say so; with it, `kubectl` and a `python3` that has
//! PyYAML must be there. `FLUX_IDENTITY_PROOF` names a file that gets a line for each judge that was heard.

use std::collections::BTreeSet;
use std::fs::{self, OpenOptions};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use flux_identity::emit;
use flux_identity::model::aws::{RoleArn, is_audience};
use flux_identity::model::azure::{Guid, Tenant};
use flux_identity::model::gcp::ServiceAccountEmail;
use flux_identity::model::{Cluster, Controller, Credentials, Restart, aws, azure, gcp};
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use serde_yaml::{Mapping, Value};

use crate::examples::{example, examples, source};
use crate::harness::{compile, directory, overlays, read, run};

// ---------------------------------------------------------------------------------------------------
// Beside real Flux manifests

#[test]
fn with_flux_2_2_overlays_of_every_shape_change_what_their_source_names_and_nothing_else() {
    let mut seen = BTreeSet::new();
    examples_change_what_they_name_and_nothing_else("v2.2.3-image", |cluster| seen.insert(shape(cluster)));
}

#[test]
fn with_flux_2_6_overlays_of_every_shape_change_what_their_source_names_and_nothing_else() {
    let mut seen = BTreeSet::new();
    examples_change_what_they_name_and_nothing_else("v2.6.4-image", |cluster| seen.insert(shape(cluster)));
}

#[test]
fn with_flux_2_9_all_overlays_change_what_their_source_names_and_nothing_else() {
    examples_change_what_they_name_and_nothing_else("v2.9.3-image", |_| true);
}

fn examples_change_what_they_name_and_nothing_else(
    version: &str,
    mut is_tried: impl FnMut(&Cluster) -> bool,
) {
    let Some(components) = components(version) else { return };
    let before = without_patches(&components, SYNC);
    for example in examples() {
        let fleet = compile(&source(&example)).expect("an example compiles");
        for cluster in fleet.clusters.iter().filter(|cluster| is_tried(cluster)) {
            let after = build(&components, SYNC, &emit::overlay(&fleet, cluster));
            // What else an overlay can change is for the matrix to prove.
            if is_native(cluster) {
                assert_eq!(changes(&before, &after), promised(cluster), "{} with {version}", cluster.name);
            }
        }
    }
    prove(&format!("Flux {version}"));
}

/// Whether the patches of a cluster are annotations, and the labels of AKS, alone.
fn is_native(cluster: &Cluster) -> bool {
    let is_federated = |grants: &Credentials| {
        matches!(grants.aws, Some(aws::CredentialSource::Federated(_)))
            || matches!(grants.azure, Some(azure::CredentialSource::Federated(_)))
            || matches!(grants.gcp, Some(gcp::CredentialSource::Federated(_)))
    };
    cluster.restart == Restart::ByHand && !cluster.credentials.values().any(|grants| is_federated(grants))
}

/// What an overlay changes, without the values.
fn shape(cluster: &Cluster) -> Vec<String> {
    let changes = promised(cluster).into_iter();
    changes.filter_map(|change| Some(change.split_once(" = ")?.0.to_owned())).collect()
}

#[test]
fn an_eks_cluster_comes_out_as_written_here_by_hand() {
    assert_changes(
        "three-clouds",
        "shop-dev",
        &[
            "ServiceAccount flux-system/image-reflector-controller: + metadata \
             annotations eks.amazonaws.com/role-arn = arn:aws:iam::111122223333:role/flux/registry",
            "ServiceAccount flux-system/kustomize-controller: + metadata \
             annotations eks.amazonaws.com/role-arn = arn:aws:iam::111122223333:role/flux/shop-dev-decryption",
            "ServiceAccount flux-system/source-controller: + metadata \
             annotations eks.amazonaws.com/role-arn = arn:aws:iam::111122223333:role/flux/registry",
        ],
    );
}

#[test]
fn an_aks_cluster_comes_out_as_written_here_by_hand() {
    assert_changes(
        "three-clouds",
        "clinic-prod",
        &[
            "Deployment flux-system/kustomize-controller: + metadata \
             labels azure.workload.identity/use = true",
            "Deployment flux-system/kustomize-controller: + spec template metadata \
             labels azure.workload.identity/use = true",
            "Deployment flux-system/source-controller: + metadata \
             labels azure.workload.identity/use = true",
            "Deployment flux-system/source-controller: + spec template metadata \
             labels azure.workload.identity/use = true",
            "ServiceAccount flux-system/kustomize-controller: + metadata \
             annotations azure.workload.identity/client-id = 77778888-bbbb-9999-cccc-0000dddd1111",
            "ServiceAccount flux-system/kustomize-controller: + metadata \
             annotations azure.workload.identity/tenant-id = ccccdddd-2222-eeee-3333-ffff4444aaaa",
            "ServiceAccount flux-system/source-controller: + metadata \
             annotations azure.workload.identity/client-id = 66667777-aaaa-8888-bbbb-9999cccc0000",
            "ServiceAccount flux-system/source-controller: + metadata \
             annotations azure.workload.identity/tenant-id = ccccdddd-2222-eeee-3333-ffff4444aaaa",
        ],
    );
}

#[test]
fn a_gke_cluster_comes_out_as_written_here_by_hand() {
    assert_changes(
        "three-clouds",
        "data-prod-us",
        &[
            "ServiceAccount flux-system/kustomize-controller: + metadata annotations \
             iam.gke.io/gcp-service-account = flux-decryption@acme-data-prod.iam.gserviceaccount.com",
            "ServiceAccount flux-system/notification-controller: + metadata annotations \
             iam.gke.io/gcp-service-account = flux-events@acme-data-prod.iam.gserviceaccount.com",
            "ServiceAccount flux-system/source-controller: + metadata annotations \
             iam.gke.io/gcp-service-account = flux-registry@acme-data-prod.iam.gserviceaccount.com",
        ],
    );
}

fn assert_changes(name: &str, cluster: &str, expected: &[&str]) {
    let Some(components) = components("v2.9.3-image") else { return };
    let directory = format!("clusters/{cluster}/flux-system");
    let overlays = overlays(&source(&example(name)));
    let (_, overlay) = overlays.iter().find(|(at, _)| *at == directory).expect("there is such a cluster");
    let changes = changes(&without_patches(&components, SYNC), &build(&components, SYNC, overlay));
    assert_eq!(changes.iter().map(String::as_str).collect::<Vec<_>>(), expected);
}

#[test]
fn a_patch_hits_nothing_whose_name_only_resembles_that_of_a_controller() {
    let Some(components) = components("v2.9.3-image") else { return };
    let mut sync = SYNC.to_owned();
    for name in ["xsource-controller", "source-controllerx", "source-controller-2", "source", "controller"] {
        sync.push_str(&service_account_and_deployment(name, "flux-system"));
    }
    sync.push_str(&service_account_and_deployment("image-reflector-controller.source-controller", "other"));
    let before = without_patches(&components, &sync);
    let fleet = compile(&source(&example("three-clouds"))).expect("it compiles");
    for name in ["shop-dev", "office-dev", "office-prod-west", "data-dev"] {
        let cluster = fleet.clusters.iter().find(|cluster| cluster.name == name).expect("it is there");
        let after = build(&components, &sync, &emit::overlay(&fleet, cluster));
        assert_eq!(changes(&before, &after), promised(cluster), "{name}");
    }
}

/// The changes that a cluster's overlay is to make, from what the source means there.
fn promised(cluster: &Cluster) -> BTreeSet<String> {
    let mut promised = BTreeSet::new();
    for (controller, grants) in &cluster.credentials {
        let name = controller.name();
        for (key, value) in annotations(grants) {
            let path = format!("metadata annotations {key}");
            let _new = promised.insert(format!("ServiceAccount flux-system/{name}: + {path} = {value}"));
        }
        if let Some(azure::CredentialSource::Webhook(_)) = grants.azure {
            for metadata in ["metadata", "spec template metadata"] {
                let path = format!("{metadata} labels azure.workload.identity/use");
                let _new = promised.insert(format!("Deployment flux-system/{name}: + {path} = true"));
            }
        }
    }
    promised
}

/// The annotations that the documentation of each cloud asks for, for identities of the cluster's own.
fn annotations(grants: &Credentials) -> Vec<(&'static str, String)> {
    let seconds = |key, seconds: Option<u32>| seconds.map(|seconds| (key, seconds.to_string()));
    let mut all = Vec::new();
    if let Some(aws::CredentialSource::Irsa(role)) = &grants.aws {
        all.push(("eks.amazonaws.com/role-arn", role.arn.as_str().to_owned()));
        all.extend(role.audience.clone().map(|audience| ("eks.amazonaws.com/audience", audience)));
        all.extend(seconds("eks.amazonaws.com/token-expiration", role.token_expiration));
    }
    if let Some(azure::CredentialSource::Webhook(identity)) = &grants.azure {
        all.push(("azure.workload.identity/client-id", identity.client_id.as_str().to_owned()));
        if let Tenant::Id(tenant) = &identity.tenant {
            all.push(("azure.workload.identity/tenant-id", tenant.as_str().to_owned()));
        }
        let key = "azure.workload.identity/service-account-token-expiration";
        all.extend(seconds(key, identity.token_expiration));
    }
    if let Some(gcp::CredentialSource::Impersonation(email)) = &grants.gcp {
        all.push(("iam.gke.io/gcp-service-account", email.as_str().to_owned()));
    }
    all
}

// ---------------------------------------------------------------------------------------------------
// What looks like something else

/// Names that some reader of YAML takes for truth, nothing, a number or a date. No two differ only in case, for then
/// their overlays would be one file on some systems.
const TROUBLESOME_NAMES: &str = r"
    on OFF yes No y N true False null NaN inf 0 1 0123 0o17 012345678901 123456789012 0x1F 0x_0A 0b1_0
    1_000 1e3 1E5 1e-3 12e03 1.5 1.5e3 685_230.15 2001-01-01 2001-1-1 2001-12-14t21.59
    9223372036854775808 e 1-1 1__1 0.0
";

/// What only text that the source has in quotes can be.
const TROUBLESOME_TEXTS: &str = r"
    ~ = << .5 1. .inf -.INF .NaN +1 -1 -0x1F 12:30:45 190:20:30.15 2001-12-14t21:59:43.10-05:00
    2001-12-14T21:59:43Z a: a:b #a a#b - --- ... ? *a &a !a !!int %a @a {a} [a] 'a' a\nb\ |
";

/// A fleet whose names and texts all look like something else, and what its overlays must say.
fn troublesome() -> Vec<Case> {
    let names = TROUBLESOME_NAMES.split_whitespace().map(|name| {
        let namespace = if name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit()) {
            format!("namespace = \"{name}\"\n")
        } else {
            String::new()
        };
        let source = format!(
            "profile {name} {{\n\
             let {name} = \"{name}\"\n\
             role {name} = aws \"arn:aws:iam::012345678901:role/{name}/${{{name}}}\" {{ audience = \"${{{name}}}\" }}\n\
             source-controller -> {name}\n\
             }}\n\
             cluster {name} on eks {{\n\
             use {name}\n\
             {namespace}\
             }}\n"
        );
        let arn = format!("arn:aws:iam::012345678901:role/{name}/{name}");
        Case { source, identity: Identity::Role { arn, audience: name.to_owned() } }
    });
    let texts = TROUBLESOME_TEXTS.split_whitespace().enumerate().map(|(at, text)| {
        // `<<` would be a placeholder there.
        let path = text.replace('<', "_");
        let arn = format!("arn:aws:iam::012345678901:role/{path}/x-{at}");
        Case::new(&format!("text-{at}"), Identity::Role { arn, audience: text.to_owned() })
    });
    names.chain(texts).collect()
}

#[test]
fn what_looks_like_something_else_stays_text_in_serde_yaml() {
    let cases = troublesome();
    assert_same(&cases, &serde_yaml_reads(&written(&cases)), "serde_yaml");
}

#[test]
fn what_looks_like_something_else_stays_text_in_pyyaml() {
    if data().is_none() {
        return;
    }
    let cases = troublesome();
    assert_same(&cases, &pyyaml_reads(&written(&cases)), "PyYAML");
}

#[test]
fn what_looks_like_something_else_stays_text_in_kustomize() {
    if data().is_none() {
        return;
    }
    let cases = troublesome();
    assert_kustomize_agrees(&cases, &written(&cases));
}

/// The same texts on every run: what fails here fails for everybody.
#[test]
fn three_readers_agree_about_any_identity() {
    if data().is_none() {
        return;
    }
    let config = Config { cases: 4, max_shrink_iters: 64, failure_persistence: None, ..Config::default() };
    let mut runner = TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha));
    let fleets = prop::collection::vec(identity(), 1..=500);
    let result = runner.run(&fleets, |identities| {
        let named = identities.into_iter().enumerate();
        let cases: Vec<Case> = named.map(|(at, identity)| Case::new(&format!("c{at}"), identity)).collect();
        let written = written(&cases);
        assert_same(&cases, &serde_yaml_reads(&written), "serde_yaml");
        assert_same(&cases, &pyyaml_reads(&written), "PyYAML");
        // kustomize is slow, and takes longer for each object the more there are.
        let few = cases.len().min(32);
        assert_kustomize_agrees(&cases[..few], &written[..few]);
        Ok(())
    });
    if let Err(error) = result {
        panic!("{error}");
    }
}

/// One cluster, where `source-controller` has one identity.
#[derive(Clone, Debug)]
struct Case {
    source: String,
    identity: Identity,
}

#[derive(Clone, Debug)]
enum Identity {
    Role { arn: String, audience: String },
    Managed { client: String, tenant: String },
    Google { email: String },
}

impl Case {
    fn new(name: &str, identity: Identity) -> Case {
        let (platform, written) = match &identity {
            Identity::Role { arn, audience } => {
                ("eks", format!("aws \"{arn}\" {{ audience = \"{audience}\" }}"))
            }
            Identity::Managed { client, tenant } => {
                ("aks", format!("azure \"{client}\" {{ tenant = \"{tenant}\" }}"))
            }
            Identity::Google { email } => ("gke", format!("gcp \"{email}\"")),
        };
        let source = format!("cluster {name} on {platform} {{ source-controller -> {written} }}\n");
        Case { source, identity }
    }

    fn annotations(&self) -> Vec<(&'static str, &str)> {
        match &self.identity {
            Identity::Role { arn, audience } => {
                vec![("eks.amazonaws.com/role-arn", arn), ("eks.amazonaws.com/audience", audience)]
            }
            Identity::Managed { client, tenant } => {
                vec![
                    ("azure.workload.identity/client-id", client),
                    ("azure.workload.identity/tenant-id", tenant),
                ]
            }
            Identity::Google { email } => vec![("iam.gke.io/gcp-service-account", email)],
        }
    }

    fn labels(&self) -> Option<Value> {
        let labels = || mapping([("azure.workload.identity/use", text("true"))]);
        matches!(self.identity, Identity::Managed { .. }).then(labels)
    }

    /// What the overlay must say, each patch as what its text says.
    fn overlay(&self) -> Value {
        let annotations = mapping(self.annotations().into_iter().map(|(key, value)| (key, text(value))));
        let metadata = mapping([("name", text("controller")), ("annotations", annotations)]);
        let mut patches = vec![patch("v1", "ServiceAccount", [("metadata", metadata)])];
        if let Some(labels) = self.labels() {
            let metadata = mapping([("name", text("controller")), ("labels", labels.clone())]);
            let pod = mapping([("metadata", mapping([("labels", labels)]))]);
            let spec = mapping([("template", pod)]);
            patches.push(patch("apps/v1", "Deployment", [("metadata", metadata), ("spec", spec)]));
        }
        mapping([
            ("apiVersion", text("kustomize.config.k8s.io/v1beta1")),
            ("kind", text("Kustomization")),
            ("resources", Value::Sequence(vec![text("gotk-components.yaml"), text("gotk-sync.yaml")])),
            ("patches", Value::Sequence(patches)),
        ])
    }
}

fn patch<const N: usize>(api_version: &str, kind: &str, rest: [(&str, Value); N]) -> Value {
    let said = [("apiVersion", text(api_version)), ("kind", text(kind))].into_iter().chain(rest);
    let target = mapping([("kind", text(kind)), ("name", text("source-controller"))]);
    mapping([("patch", mapping(said)), ("target", target)])
}

fn text(text: &str) -> Value {
    Value::String(text.to_owned())
}

fn mapping<'k>(entries: impl IntoIterator<Item = (&'k str, Value)>) -> Value {
    Value::Mapping(entries.into_iter().map(|(key, value)| (text(key), value)).collect::<Mapping>())
}

/// Identities that the compiler takes, of all its characters and of words that look like something else.
fn identity() -> impl Strategy<Value = Identity> {
    let one_of = |words: &'static str| {
        prop::sample::select(words.split_whitespace().map(str::to_owned).collect::<Vec<_>>())
    };
    let word = move || {
        prop_oneof![
            3 => one_of(TROUBLESOME_NAMES),
            2 => one_of(TROUBLESOME_TEXTS),
            2 => "[-+.:_0-9eExXobnNaAtTzZ]{1,12}",
            // All that can stand in quotes, but for the blank.
            2 => "[!#%-~]{1,20}",
        ]
    };
    let arn = (prop::collection::vec(word(), 0..3), "[0-9A-Za-z_+=,.@-]{1,12}")
        .prop_map(|(path, name)| {
            let path: String = path.into_iter().flat_map(|part| [part, "/".to_owned()]).collect();
            format!("arn:aws:iam::012345678901:role/{path}{name}")
        })
        .prop_filter("it is the ARN of a role", |arn| RoleArn::parse(arn).is_ok());
    let audience = word().prop_filter("it is an audience", |audience| is_audience(audience));
    let guid = || {
        prop_oneof![
            "[0-9]{8}-[0-9]{4}-[0-9]{4}-[0-9]{4}-[0-9]{12}",
            "[0-9]{7}[eE]-[0-9]{4}-[0-9]{4}-[0-9]{4}-[0-9]{12}",
            "[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}",
        ]
        .prop_filter("it is a GUID", |guid| Guid::parse(guid).is_ok())
    };
    let email = "[a-z][-0-9a-z]{4,28}[0-9a-z]@[a-z][-0-9a-z]{4,28}[0-9a-z]"
        .prop_map(|id| format!("{id}.iam.gserviceaccount.com"))
        .prop_filter("it is an address", |email| ServiceAccountEmail::parse(email).is_ok());
    prop_oneof![
        4 => (arn, audience).prop_map(|(arn, audience)| Identity::Role { arn, audience }),
        2 => (guid(), guid())
            .prop_filter("tenant and client differ", |(client, tenant)| client != tenant)
            .prop_map(|(client, tenant)| Identity::Managed { client, tenant }),
        1 => email.prop_map(|email| Identity::Google { email }),
    ]
}

/// The overlays of all cases, compiled as one fleet.
fn written(cases: &[Case]) -> Vec<String> {
    let source: String = cases.iter().map(|case| case.source.as_str()).collect();
    let written = overlays(&source);
    assert_eq!(written.len(), cases.len());
    written.into_iter().map(|(_, overlay)| overlay).collect()
}

fn serde_yaml_reads(overlays: &[String]) -> Vec<Value> {
    overlays.iter().map(|overlay| read(overlay)).collect()
}

fn assert_same(cases: &[Case], trees: &[Value], reader: &str) {
    assert_eq!(cases.len(), trees.len());
    for (case, tree) in cases.iter().zip(trees) {
        assert_eq!(*tree, case.overlay(), "{reader} reads {case:?}");
    }
}

// ---------------------------------------------------------------------------------------------------
// PyYAML

/// Reads YAML documents with a NUL byte between them, and writes each as a line of JSON, patches as what their texts
/// say. What is no text comes out as a list that says what it is taken for.
const PYTHON: &str = r#"
import json, sys, yaml

def plain(value):
    if isinstance(value, dict):
        return {key if isinstance(key, str) else repr(key): plain(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [plain(inner) for inner in value]
    return value if isinstance(value, str) else [type(value).__name__, repr(value)]

print(yaml.__version__)
for text in sys.stdin.read().split("\0"):
    tree = yaml.safe_load(text)
    for entry in tree.get("patches", []):
        entry["patch"] = yaml.safe_load(entry["patch"])
    print(json.dumps(plain(tree)))
"#;

fn pyyaml_reads(overlays: &[String]) -> Vec<Value> {
    let mut python = Command::new("python3")
        .args(["-c", PYTHON])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("python3 is needed to judge what is written");
    // It says nothing but its version before it has read everything, so neither waits for the other.
    let mut stdin = python.stdin.take().expect("it was asked for");
    stdin.write_all(overlays.join("\0").as_bytes()).expect("a python3 that has PyYAML reads what is written");
    drop(stdin);
    let output = python.wait_with_output().expect("python3 ends");
    assert!(output.status.success(), "python3 needs PyYAML to judge what is written");
    let output = String::from_utf8(output.stdout).expect("JSON is UTF-8");
    let (version, trees) = output.split_once('\n').expect("the version comes first");
    prove(&format!("PyYAML {version}"));
    trees.lines().map(|tree| serde_yaml::from_str(tree).expect("JSON is YAML")).collect()
}

// ---------------------------------------------------------------------------------------------------
// kustomize

/// Builds all overlays in one run, each with a ServiceAccount and a Deployment in a namespace of its own, and compares
/// what these get.
fn assert_kustomize_agrees(cases: &[Case], overlays: &[String]) {
    let mut files = Vec::new();
    for (at, overlay) in overlays.iter().enumerate() {
        let namespace = format!("n{at}");
        let components = service_account_and_deployment("source-controller", &namespace);
        let sync = service_account_and_deployment("other", &namespace);
        for (directory, overlay) in [("with", overlay.as_str()), ("without", WITHOUT_PATCHES)] {
            files.push((format!("{directory}/{namespace}/gotk-components.yaml"), components.clone()));
            files.push((format!("{directory}/{namespace}/gotk-sync.yaml"), sync.clone()));
            files.push((format!("{directory}/{namespace}/kustomization.yaml"), overlay.to_owned()));
        }
    }
    let expected: BTreeSet<String> = cases
        .iter()
        .enumerate()
        .flat_map(|(at, case)| {
            let gained = |kind: &str, path: &str, value: &str| {
                format!("{kind} n{at}/source-controller: + {path} = {value}")
            };
            let labels = case.labels().map(|_| {
                ["metadata", "spec template metadata"].map(|metadata| {
                    let path = format!("{metadata} labels azure.workload.identity/use");
                    gained("Deployment", &path, "true")
                })
            });
            let annotations = case.annotations().into_iter().map(move |(key, value)| {
                gained("ServiceAccount", &format!("metadata annotations {key}"), value)
            });
            annotations.chain(labels.into_iter().flatten()).collect::<Vec<_>>()
        })
        .collect();
    let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    let directory = directory(&files);
    let build = |with_or_without: &str| {
        let entries = (0..overlays.len()).map(|at| format!("- {with_or_without}/n{at}\n"));
        let kustomization: String = std::iter::once("resources:\n".to_owned()).chain(entries).collect();
        fs::write(directory.path().join("kustomization.yaml"), kustomization).expect("it is written");
        kustomize(directory.path())
    };
    assert_eq!(changes(&build("without"), &build("with")), expected);
}

/// What `flux bootstrap` writes to make a cluster follow its repository.
pub const SYNC: &str = "\
apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata:
  name: flux-system
  namespace: flux-system
spec:
  interval: 1m0s
  ref:
    branch: main
  secretRef:
    name: flux-system
  url: ssh://git@example.com/acme/fleet
---
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata:
  name: flux-system
  namespace: flux-system
spec:
  interval: 10m0s
  path: ./clusters/example
  prune: true
  sourceRef:
    kind: GitRepository
    name: flux-system
";

const WITHOUT_PATCHES: &str = "resources:\n- gotk-components.yaml\n- gotk-sync.yaml\n";

fn service_account_and_deployment(name: &str, namespace: &str) -> String {
    format!(
        "---
apiVersion: v1
kind: ServiceAccount
metadata:
  name: {name}
  namespace: {namespace}
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {name}
  namespace: {namespace}
spec:
  template:
    metadata:
      labels:
        app: {name}
    spec:
      containers:
      - name: manager
        image: example.com/{name}
"
    )
}

fn without_patches(components: &str, sync: &str) -> String {
    build(components, sync, WITHOUT_PATCHES)
}

/// What kustomize makes of an overlay beside these files.
fn build(components: &str, sync: &str, overlay: &str) -> String {
    let directory = directory(&[
        ("gotk-components.yaml", components),
        ("gotk-sync.yaml", sync),
        ("kustomization.yaml", overlay),
    ]);
    kustomize(directory.path())
}

/// kubectl, for many short runs: a process that ends at once is done before it has garbage worth collecting, and several
/// of them use all processors.
pub fn kubectl() -> Command {
    let mut kubectl = Command::new("kubectl");
    let _same = kubectl.envs([("GOGC", "400"), ("GOMAXPROCS", "1")]);
    kubectl
}

pub fn kustomize(directory: &Path) -> String {
    let output = kubectl().arg("kustomize").arg(directory).output();
    let output = output.expect("kubectl is needed to judge what is written");
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && stderr.is_empty(), "kubectl kustomize says: {stderr}");
    prove("kustomize");
    String::from_utf8(output.stdout).expect("kustomize writes UTF-8")
}

/// What one build has that the other has not, a line for each. Objects come in the same order from both.
pub fn changes(before: &str, after: &str) -> BTreeSet<String> {
    let (before, after): (Vec<&str>, Vec<&str>) =
        (before.split("\n---\n").collect(), after.split("\n---\n").collect());
    assert_eq!(before.len(), after.len(), "the builds have as many objects");
    let mut changes = BTreeSet::new();
    for (before, after) in before.into_iter().zip(after).filter(|(before, after)| before != after) {
        let before: Value = serde_yaml::from_str(before).expect("kustomize writes YAML");
        let after: Value = serde_yaml::from_str(after).expect("kustomize writes YAML");
        let field = |value: &Value| value.as_str().unwrap_or("?").to_owned();
        let (kind, metadata) = (field(&before["kind"]), &before["metadata"]);
        let object = format!("{kind} {}/{}:", field(&metadata["namespace"]), field(&metadata["name"]));
        collect_changes(&before, &after, "", &object, &mut changes);
    }
    changes
}

fn collect_changes(before: &Value, after: &Value, path: &str, object: &str, changes: &mut BTreeSet<String>) {
    let shown = |value: &Value| value.as_str().map_or_else(|| format!("{value:?}"), str::to_owned);
    let nothing = Value::Mapping(Mapping::new());
    match (before, after) {
        _ if before == after => {}
        (Value::Mapping(old), Value::Mapping(new)) => {
            let keys = new.keys().chain(old.keys().filter(|key| !new.contains_key(key)));
            for key in keys {
                let path = format!("{path} {}", shown(key));
                match (old.get(key), new.get(key)) {
                    (Some(before), Some(after)) => collect_changes(before, after, &path, object, changes),
                    (None, Some(after @ Value::Mapping(_))) => {
                        collect_changes(&nothing, after, &path, object, changes);
                    }
                    (None, Some(after)) => {
                        let _new = changes.insert(format!("{object} +{path} = {}", shown(after)));
                    }
                    (_, None) => {
                        let _new = changes.insert(format!("{object} -{path}"));
                    }
                }
            }
        }
        (before, after) => {
            let _new = changes.insert(format!("{object} !{path} = {}, was {}", shown(after), shown(before)));
        }
    }
}

// ---------------------------------------------------------------------------------------------------
// What the environment gives

/// The directory of the real manifests, if these tests are to run.
#[expect(clippy::print_stderr, reason = "a skipped test says so")]
pub fn data() -> Option<PathBuf> {
    let data = std::env::var_os("FLUX_IDENTITY_DATA").map(PathBuf::from);
    if data.is_none() {
        eprintln!("skipped: FLUX_IDENTITY_DATA is not set");
    }
    data
}

/// What `flux bootstrap` wrote with that version.
pub fn components(version: &str) -> Option<String> {
    let path = data()?.join("gotk").join(version).join("gotk-components.yaml");
    match fs::read_to_string(&path) {
        Ok(components) => Some(components),
        Err(error) => panic!("{}: {error}", path.display()),
    }
}

/// Notes that a judge was heard.
pub fn prove(judge: &str) {
    let Some(path) = std::env::var_os("FLUX_IDENTITY_PROOF") else { return };
    let file = OpenOptions::new().append(true).create(true).open(path);
    let written = file.and_then(|mut file| file.write_all(format!("{judge}\n").as_bytes()));
    written.expect("the proof can be written");
}

/// All controllers but the one that Flux does not install by default are in the manifests that the tests use.
#[test]
fn patches_are_proved_against_what_real_manifests_install() {
    const GOTK: &str = "clusters/prod-eu/flux-system/gotk-components.yaml";
    let source = |who: &str| {
        format!("cluster prod-eu on eks {{ {who} -> aws \"arn:aws:iam::111122223333:role/flux\" }}\n")
    };
    let codes = |source: &str, gotk: &str| -> Vec<String> {
        let place = directory(&[("identity.flux", source), (GOTK, gotk)]);
        let said = run(place.path(), &["check", "--format", "short"]).stderr;
        let codes =
            said.lines().filter_map(|line| Some(line.split_once('[')?.1.split_once(']')?.0.to_owned()));
        codes.filter(|code| code != "F0410").collect()
    };
    for (version, helm) in [("v2.2.3-image", true), ("v2.6.4-image", true), ("v2.9.3-image", false)] {
        let Some(gotk) = components(version) else { return };
        let all = "source-controller, kustomize-controller, image-reflector-controller";
        assert_eq!(codes(&source(all), &gotk), [] as [&str; 0], "{version}");
        // What the version can use is told from the version that the manifests say.
        let expected: &[&str] = if helm { &["F0309"] } else { &[] };
        assert_eq!(codes(&source("helm-controller"), &gotk), expected, "{version}");
        // Without one ServiceAccount, one Deployment or the container in it the patches would miss.
        let without = |from: &str, to: &str| gotk.replace(from, to);
        let account = without("kind: ServiceAccount\n", "kind: ServiceAccounts\n");
        assert_eq!(codes(&source("source-controller"), &account), ["F0312"], "{version}");
        let container = without("        name: manager\n", "        name: controller\n");
        assert_eq!(codes(&source("source-controller"), &container), ["F0312"], "{version}");
        let elsewhere = format!("namespace = \"gitops\"\n{}", source("source-controller"));
        assert_eq!(codes(&elsewhere, &gotk), ["F0313"], "{version}");
        let half = gotk.get(..gotk.len() / 2).unwrap_or_default();
        assert_eq!(codes(&source("source-controller"), half), ["F0406"], "{version}");
    }
}

#[test]
fn the_real_manifests_have_the_controllers_that_the_examples_name() {
    for version in ["v2.2.3-image", "v2.6.4-image", "v2.9.3-image"] {
        let Some(components) = components(version) else { return };
        for controller in Controller::ALL.into_iter().filter(|one| *one != Controller::SourceWatcher) {
            let name = format!("\n  name: {}\n", controller.name());
            assert!(components.contains(&name), "{version} has no {}", controller.name());
        }
    }
}
