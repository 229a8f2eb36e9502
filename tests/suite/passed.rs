//! What overlays pass through: its order, its text word for word, and what kustomize makes of it.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use flux_identity::check::Request;
use flux_identity::emit;
use flux_identity::model::{Fleet, ForeignPatch, Target};
use flux_identity::problem::render;
use flux_identity::source::{Source, Sources};
use flux_identity::workspace::Inputs;
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use serde_yaml::Value;

use crate::harness::{self, InMemory, compile, compile_beside, directory, run};
use crate::real::{SYNC, changes, components, data, kubectl, prove};
use crate::trees;

const FLUX: &str = "aws \"arn:aws:iam::111122223333:role/flux\"";

// ---------------------------------------------------------------------------------------------------
// Order

/// The fleet of these sources, the root first, beside these files.
fn fleet(sources: &[&str], files: &[(&str, &str)]) -> Fleet {
    let mut all = Sources::default();
    for (at, text) in sources.iter().enumerate() {
        let _id = all.add(Source { name: format!("{at}.flux"), text: (*text).to_owned() });
    }
    let files = files.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect();
    let files = InMemory(files);
    let (fleet, findings) = compile_beside(&Inputs::new(&files), &Request::default(), &all);
    fleet.unwrap_or_else(|| panic!("{}", render::human(&findings, &all, false)))
}

/// The names that the patches of the only cluster have, in their order.
fn order(sources: &[&str]) -> Vec<String> {
    let names = ["root", "file", "base", "left", "right", "top", "own", "other"];
    let files: Vec<(String, String)> = names
        .iter()
        .map(|name| {
            let text = format!("apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {name}\n");
            (format!("{name}.yaml"), text)
        })
        .collect();
    let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    let fleet = fleet(sources, &files);
    let overlay = crate::harness::read(&emit::overlay(&fleet, &fleet.clusters[0]));
    let patches = overlay["patches"].as_sequence().expect("there are patches").iter();
    let name = |patch: &Value| patch["patch"]["metadata"]["name"].as_str().expect("it has a name").to_owned();
    patches.map(name).collect()
}

#[test]
fn patches_come_from_the_root_the_file_the_profiles_and_the_cluster_in_that_order() {
    let root = "patch \"root.yaml\"\nprofile base { patch \"base.yaml\" }\n";
    let included = "cluster a on eks {\n  patch \"own.yaml\"\n  use base\n}\npatch \"file.yaml\"\n";
    assert_eq!(order(&[root, included]), ["root", "file", "base", "own"]);
}

#[test]
fn a_used_profile_comes_before_its_user_and_only_once() {
    let profiles = "
        profile top {
          use left, right
          patch \"top.yaml\"
        }
        profile right {
          patch \"right.yaml\"
          use base
        }
        profile left {
          use base
          patch \"left.yaml\"
        }
        profile base { patch \"base.yaml\" }
    ";
    let of = |uses: &str| order(&[&format!("{profiles}cluster a on eks {{ use {uses} }}\n")]);
    assert_eq!(of("top"), ["base", "left", "right", "top"]);
    assert_eq!(of("right, top"), ["base", "right", "left", "top"]);
    assert_eq!(of("top, right"), ["base", "left", "right", "top"]);
    assert_eq!(of("left"), ["base", "left"]);
}

#[test]
fn patches_of_one_block_keep_their_order_and_each_is_there_once() {
    let source =
        "cluster a on eks {\n  patch \"top.yaml\"\n  patch \"left.yaml\"\n  patch \"left.yaml\"\n}\n";
    assert_eq!(order(&[source]), ["top", "left"]);
    let twice =
        "cluster a on eks {\n  patch \"left.yaml\"\n  patch \"left.yaml\" { kind = \"ConfigMap\" }\n}\n";
    assert_eq!(order(&[twice]), ["left", "left"]);
}

#[test]
fn resources_and_components_are_named_as_the_overlay_sees_them() {
    let source = "
        let extras = \"infra\"
        cluster a on eks {
          component \"infra/sops\"
          resource \"${extras}/extras/\"
          resource \"./shard1\"
          resource \"clusters/${cluster}/flux-system/shard1\"
          resource \"./more.yaml\"
        }
    ";
    let fleet = fleet(
        &[source],
        &[
            ("infra/sops/kustomization.yaml", "kind: Component\nnamePrefix: a-\n"),
            ("infra/extras/kustomization.yaml", "resources: []\n"),
            ("clusters/a/flux-system/shard1/Kustomization", "resources: []\n"),
            ("clusters/a/flux-system/more.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n"),
        ],
    );
    let overlay = emit::overlay(&fleet, &fleet.clusters[0]);
    let expected = "resources:
- gotk-components.yaml
- gotk-sync.yaml
- ../../../infra/extras
- shard1
- more.yaml
components:
- ../../../infra/sops
";
    assert!(overlay.ends_with(expected), "{overlay}");
}

#[test]
fn a_target_is_written_as_kustomize_writes_it() {
    let source = "cluster a on eks {
  patch \"p.yaml\" { labelSelector = \"a=b\", kind = \"Deployment\", name = \"on\", group = \"apps\" }
}
";
    let patch = "# why\r\n---\r\n- op: remove\r\n  path: /x\r\n";
    let fleet = fleet(&[source], &[("p.yaml", patch)]);
    let overlay = emit::overlay(&fleet, &fleet.clusters[0]);
    let expected = "patches:
- patch: |
    - op: remove
      path: /x
  target:
    group: apps
    kind: Deployment
    name: \"on\"
    labelSelector: a=b
";
    assert!(overlay.ends_with(expected), "{overlay}");
}

// ---------------------------------------------------------------------------------------------------
// Word for word

/// An overlay that passes these texts through.
fn overlay_of(texts: &[String]) -> String {
    let mut fleet = compile("cluster a on eks {}\n").expect("it compiles");
    let patch = |text: &String| ForeignPatch { text: text.clone(), target: Target::new() };
    fleet.clusters[0].passthrough.patches = texts.iter().map(patch).collect();
    emit::overlay(&fleet, &fleet.clusters[0])
}

fn patches(overlay: &Value) -> Vec<String> {
    let patches = overlay["patches"].as_sequence().expect("there are patches").iter();
    patches.map(|entry| entry["patch"].as_str().expect("a patch is text").to_owned()).collect()
}

/// Texts of what is hard in YAML: blanks at both ends of lines, tabs, line breaks of all kinds, what cannot be printed.
fn text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        4 => "[a-z#:\"'\\\\|>%@`{}\\[\\]&*!?,-]{1,6}",
        3 => prop::sample::select(vec!["\n", "\n\n", " ", "  ", "\t", "---\n", "...\n", "- a: b\n", "# c\n"])
            .prop_map(str::to_owned),
        1 => prop::sample::select(vec![
            "\r\n", "\r", "\u{85}", "\u{2028}", "\u{2029}", "\u{feff}", "\u{7f}", "\u{1b}", "\0", "caf\u{e9}",
            "\u{1f600}", "\u{a0}", "\u{fffd}",
        ])
        .prop_map(str::to_owned),
    ];
    prop::collection::vec(piece, 0..12).prop_map(|pieces| pieces.concat())
}

/// The same texts on every run: what fails here fails for everybody.
fn runner(cases: u32) -> TestRunner {
    let config = Config { cases, failure_persistence: None, ..Config::default() };
    TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha))
}

#[test]
fn serde_yaml_reads_any_text_as_it_was() {
    let result = runner(harness::times(500, 2000)).run(&text(), |text| {
        let overlay = overlay_of(std::slice::from_ref(&text));
        let read: Value = serde_yaml::from_str(&overlay)
            .map_err(|error| TestCaseError::fail(format!("{error}\n{overlay}")))?;
        prop_assert_eq!(patches(&read), [text], "{}", overlay);
        Ok(())
    });
    result.unwrap_or_else(|error| panic!("{error}"));
}

#[test]
fn pyyaml_reads_any_text_as_it_was() {
    const PYTHON: &str = "
import json, sys, yaml
print(yaml.__version__)
for entry in yaml.safe_load(sys.stdin.buffer.read())['patches']:
    print(json.dumps(entry['patch'], ensure_ascii=True))
";
    if data().is_none() {
        return;
    }
    let result = runner(4).run(&prop::collection::vec(text(), 500), |texts| {
        let place = directory(&[("overlay.yaml", &overlay_of(&texts))]);
        let output = Command::new("python3")
            .args(["-c", PYTHON])
            .stdin(Stdio::from(fs::File::open(place.path().join("overlay.yaml")).expect("it is there")))
            .output()
            .expect("python3 is needed to judge what is written");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let output = String::from_utf8(output.stdout).expect("JSON is UTF-8");
        let (version, lines) = output.split_once('\n').expect("the version comes first");
        prove(&format!("PyYAML {version}"));
        let read: Vec<String> =
            lines.lines().map(|line| serde_json::from_str(line).expect("it is JSON")).collect();
        prop_assert_eq!(read, texts);
        Ok(())
    });
    result.unwrap_or_else(|error| panic!("{error}"));
}

/// kustomize hands on no text of a patch, so that each holds one, which arrives only if its own lines do.
#[test]
fn kustomize_reads_any_text_as_it_was() {
    if data().is_none() {
        return;
    }
    let lines = prop::collection::vec("[ -~\u{e9}]{0,8}", 1..6);
    let text = (lines, "[\n]{0,2}", "[\n]{0,3}", "[ ]{0,3}", "[-+]?");
    let result = runner(3).run(&prop::collection::vec(text, 40), |cases| {
        let mut objects = Vec::new();
        let mut source = vec!["cluster a on eks {\n".to_owned()];
        let mut files = Vec::new();
        let mut expected = BTreeMap::new();
        for (at, (lines, before, after, indent, chomping)) in cases.iter().enumerate() {
            let held = format!("x{}\ny", lines.join("\n"));
            objects.push(format!("---\napiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: c{at}\n"));
            source.push(format!("  patch \"{at}.yaml\"\n"));
            let lines: Vec<String> = held.split('\n').map(|line| format!("{indent}    {line}\n")).collect();
            let lines = lines.concat();
            let text = format!(
                "{before}{indent}apiVersion: v1\n{indent}kind: ConfigMap\n{indent}metadata:\n{indent}  name: c{at}\n\
                 {indent}data:\n{indent}  held: |{chomping}\n{lines}{after}"
            );
            let said: Value = serde_yaml::from_str(&text).expect("it is YAML");
            let held = said["data"]["held"].as_str().expect("it is text").to_owned();
            let _new = expected.insert(format!("c{at}"), held);
            files.push((format!("{at}.yaml"), text));
        }
        source.push("}\n".to_owned());
        let files: Vec<(&str, &str)> =
            files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
        let fleet = fleet(&[&source.concat()], &files);
        let place = directory(&[
            ("kustomization.yaml", &emit::overlay(&fleet, &fleet.clusters[0])),
            ("gotk-components.yaml", &objects.concat()),
            ("gotk-sync.yaml", SYNC),
        ]);
        let mut found = BTreeMap::new();
        for object in kustomize(place.path()).split("\n---\n") {
            let object: Value = serde_yaml::from_str(object).expect("kustomize writes YAML");
            if let Some(held) = object["data"]["held"].as_str() {
                let name = object["metadata"]["name"].as_str().expect("it has a name");
                let _new = found.insert(name.to_owned(), held.to_owned());
            }
        }
        prop_assert_eq!(found, expected);
        Ok(())
    });
    result.unwrap_or_else(|error| panic!("{error}"));
}

// ---------------------------------------------------------------------------------------------------
// What kustomize makes of it

/// The directory of the only cluster's overlay.
const OUT: &str = "clusters/prod-eu/flux-system";

/// Builds the source beside these files and Flux, and tells what kustomize makes of a directory there. A file of the
/// same path as one of Flux takes its place.
fn built(source: &str, more: &[(&str, &str)], at: &str) -> Option<String> {
    let gotk = components("v2.9.3-image")?;
    let components = format!("{OUT}/gotk-components.yaml");
    let sync = format!("{OUT}/gotk-sync.yaml");
    let synced = SYNC.replace("clusters/example", "clusters/prod-eu");
    let mut all = vec![
        ("identity.flux", source),
        (components.as_str(), gotk.as_str()),
        (sync.as_str(), synced.as_str()),
    ];
    all.extend(more);
    let place = directory(&all);
    let run = run(place.path(), &["build", "--deny", "warnings"]);
    assert_eq!(run.status, 0, "{}", run.stderr);
    assert!(trees::texts(place.path()).len() > all.len() - more.len(), "an overlay is written");
    Some(kustomize(&place.path().join(at)))
}

/// What kustomize makes of a directory, as Flux lets it.
fn kustomize(directory: &Path) -> String {
    let mut command = kubectl();
    let _command =
        command.arg("kustomize").arg(directory).args(["--load-restrictor", "LoadRestrictionsNone"]);
    let output = command.output().expect("kubectl is needed to judge what is written");
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && stderr.is_empty(), "kubectl kustomize says: {stderr}");
    prove("kustomize");
    String::from_utf8(output.stdout).expect("kustomize writes UTF-8")
}

fn cluster(says: &str) -> String {
    format!("cluster prod-eu on eks {{\n{says}\n  source-controller -> {FLUX}\n}}\n")
}

const IDENTITY: &str = "ServiceAccount flux-system/source-controller: + metadata annotations \
                        eks.amazonaws.com/role-arn = arn:aws:iam::111122223333:role/flux";

/// What an overlay with these patches changes, apart from the identity.
fn changed(says: &str, more: &[(&str, &str)]) -> Option<Vec<String>> {
    let before = built("cluster prod-eu on eks {}\n", &[], OUT)?;
    let after = built(&cluster(says), more, OUT)?;
    let mut changes = changes(&before, &after);
    assert!(changes.remove(IDENTITY), "{changes:#?}");
    Some(changes.into_iter().collect())
}

const ARGUMENTS: &str = "\
- op: add
  path: /spec/template/spec/containers/0/args/-
  value: --concurrent=20
";

const SCHEDULING: &str = "\
# Where Flux runs.
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: kustomize-controller
  namespace: flux-system
spec:
  template:
    spec:
      terminationGracePeriodSeconds: 120

---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: helm-controller
  namespace: flux-system
spec:
  template:
    spec:
      terminationGracePeriodSeconds: 120
";

#[test]
fn a_file_of_several_merges_changes_the_objects_that_they_name() {
    let Some(changes) =
        changed("  patch \"patches/scheduling.yaml\"", &[("patches/scheduling.yaml", SCHEDULING)])
    else {
        return;
    };
    let expected = [("helm", 600), ("kustomize", 60)].map(|(name, before)| {
        format!("Deployment flux-system/{name}-controller: ! spec template spec terminationGracePeriodSeconds = Number(120), was Number({before})")
    });
    assert_eq!(changes, expected);
}

#[test]
fn a_merge_of_a_container_changes_what_it_says_and_keeps_the_rest() {
    let patch = "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: any\nspec:\n  template:\n    spec:\n      \
                 nodeSelector:\n        pool: flux\n      containers:\n      - name: manager\n        resources:\n          \
                 limits:\n            memory: 2Gi\n";
    let says = "  patch \"memory.yaml\" { kind = \"Deployment\", name = \"^source-.*\" }";
    let Some(changes) = changed(says, &[("memory.yaml", patch)]) else { return };
    let [containers, pool] = &changes[..] else { panic!("{changes:#?}") };
    assert!(containers.contains("2Gi") && containers.contains("RUNTIME_NAMESPACE"), "{containers}");
    assert_eq!(
        pool,
        "Deployment flux-system/source-controller: + spec template spec nodeSelector pool = flux"
    );
}

#[test]
fn operations_change_what_their_target_matches() {
    let says = "  patch \"arguments.yaml\" { kind = \"Deployment\", name = \"(kustomize|helm)-controller\" }";
    let Some(changes) = changed(says, &[("arguments.yaml", ARGUMENTS)]) else { return };
    assert_eq!(changes.len(), 2, "{changes:#?}");
    for (change, name) in changes.iter().zip(["helm", "kustomize"]) {
        let begin = format!("Deployment flux-system/{name}-controller: ! spec template spec containers = ");
        assert!(change.starts_with(&begin) && change.contains("--concurrent=20"), "{change}");
    }
}

#[test]
fn operations_in_json_with_tabs_are_taken_too() {
    let json = "[\n\t{\"op\": \"add\", \"path\": \"/metadata/annotations/acme.example~1owner\", \"value\": \"ops\"}\n]";
    let says = "  patch \"owner.json\" { kind = \"ServiceAccount\", name = \"helm-controller\" }";
    let Some(changes) = changed(says, &[("owner.json", json)]) else { return };
    let expected =
        "ServiceAccount flux-system/helm-controller: + metadata annotations acme.example/owner = ops";
    assert_eq!(changes, [expected]);
}

#[test]
fn a_merge_changes_what_labels_choose() {
    let patch =
        "apiVersion: v1\nkind: any\nmetadata:\n  name: any\n  annotations:\n    acme.example/owner: ops\n";
    let says = "  patch \"owner.yaml\" {\n    kind = \"Deployment\",\n    \
                labelSelector = \"app.kubernetes.io/part-of=flux, app.kubernetes.io/component in (helm-controller)\"\n  }";
    let Some(changes) = changed(says, &[("owner.yaml", patch)]) else { return };
    let expected = "Deployment flux-system/helm-controller: + metadata annotations acme.example/owner = ops";
    assert_eq!(changes, [expected]);
}

#[test]
fn the_kustomization_of_flux_gets_its_decryption() {
    let patch = "apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata:\n  name: flux-system\n  \
                 namespace: flux-system\nspec:\n  decryption:\n    provider: sops";
    let Some(changes) = changed("  patch \"decryption.yaml\"", &[("decryption.yaml", patch)]) else { return };
    assert_eq!(changes, ["Kustomization flux-system/flux-system: + spec decryption provider = sops"]);
}

#[test]
fn a_resource_and_a_component_are_built_in() {
    let says = "  resource \"infra/extras\"\n  resource \"./more.yaml\"\n  component \"infra/owner\"";
    let map = |name: &str| {
        format!("apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {name}\n  namespace: flux-system\n")
    };
    let more = format!("{OUT}/more.yaml");
    let (one, other) = (map("one"), map("other"));
    let files = [
        ("infra/extras/kustomization.yaml", "resources: [one.yaml]\n"),
        ("infra/extras/one.yaml", one.as_str()),
        (more.as_str(), other.as_str()),
        (
            "infra/owner/kustomization.yaml",
            "apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\ncommonAnnotations: {owner: ops}\n",
        ),
    ];
    let Some(manifests) = built(&cluster(says), &files, OUT) else { return };
    for name in ["one", "other"] {
        let object = format!("kind: ConfigMap\nmetadata:\n  annotations:\n    owner: ops\n  name: {name}\n");
        assert!(manifests.contains(&object), "{name}");
    }
}

#[test]
fn a_component_changes_what_an_overlay_would() {
    let source = cluster(
        "  emit = component\n  patch \"p.yaml\" { kind = \"Deployment\", name = \"helm-controller\" }",
    );
    let written = "resources:\n- gotk-components.yaml\n- gotk-sync.yaml\ncomponents:\n- ./identity\n";
    let kustomization = format!("{OUT}/kustomization.yaml");
    let files = [(kustomization.as_str(), written), ("p.yaml", ARGUMENTS)];
    let Some(of_component) = built(&source, &files, OUT) else { return };
    let source = source.replace("  emit = component\n", "");
    assert_eq!(Some(of_component), built(&source, &[("p.yaml", ARGUMENTS)], OUT));
}

#[test]
fn without_bootstrap_a_directory_or_a_file_is_what_is_patched() {
    let Some(gotk) = components("v2.9.3-image") else { return };
    let ours = "clusters/prod-eu/flux";
    let says = |resource: &str| {
        cluster(&format!("  install = none\n  output = \"{ours}\"\n  resource \"{resource}\""))
    };
    let file = format!("{ours}/flux.yaml");
    let (gotk, path) = (gotk.as_str(), file.as_str());
    let of_file = built(&says("./flux.yaml"), &[(path, gotk)], ours).expect("there are manifests");
    let of_directory = built(
        &says("infra/flux"),
        &[("infra/flux/kustomization.yaml", "resources:\n- flux.yaml\n"), ("infra/flux/flux.yaml", gotk)],
        ours,
    );
    assert!(of_file.contains("eks.amazonaws.com/role-arn: arn:aws:iam::111122223333:role/flux"));
    assert_eq!(Some(of_file), of_directory);
}

// ---------------------------------------------------------------------------------------------------
// Shards

/// Source: "Flux sharding and horizontal scaling" of the Flux documentation.
const SHARD: &str = r#"apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
resources:
- ../gotk-components.yaml
nameSuffix: "-shard1"
commonAnnotations:
  sharding.fluxcd.io/role: shard
patches:
- target:
    kind: (Namespace|CustomResourceDefinition|ClusterRole|ClusterRoleBinding|ServiceAccount|NetworkPolicy|ResourceQuota)
  patch: |
    apiVersion: v1
    kind: all
    metadata:
      name: all
    $patch: delete
- target:
    kind: Service
    name: (notification-controller|webhook-receiver)
  patch: |
    apiVersion: v1
    kind: Service
    metadata:
      name: all
    $patch: delete
- target:
    kind: Deployment
    name: (notification-controller|image-reflector-controller|image-automation-controller)
  patch: |
    apiVersion: apps/v1
    kind: Deployment
    metadata:
      name: all
    $patch: delete
- target:
    kind: Deployment
    name: (source-controller|kustomize-controller|helm-controller)
  patch: |
    - op: add
      path: /spec/template/spec/containers/0/args/-
      value: --watch-label-selector=sharding.fluxcd.io/key in (shard1)
"#;

/// The other patch of the same page: the main controllers leave to the shards what is theirs.
const MAIN: &str = "\
- op: add
  path: /spec/template/spec/containers/0/args/-
  value: --watch-label-selector=!sharding.fluxcd.io/key
";

#[test]
fn accounts_stay_on_the_main_controllers_and_deployments_of_shards_are_reached() {
    let source = "cluster prod-eu on gke {
  region = \"eu-west-1\"
  resource \"./shard1\"
  patch \"main.yaml\" {
    kind               = \"Deployment\",
    annotationSelector = \"!sharding.fluxcd.io/role\",
    labelSelector      = \"app.kubernetes.io/part-of=flux\"
  }
  source-controller -> aws \"arn:aws:iam::111122223333:role/flux\"
  kustomize-controller -> gcp \"flux-kms@acme-prod.iam.gserviceaccount.com\"
}
";
    let shard = format!("{OUT}/shard1/kustomization.yaml");
    let Some(manifests) = built(source, &[(shard.as_str(), SHARD), ("main.yaml", MAIN)], OUT) else { return };
    let objects = || {
        manifests
            .split("\n---\n")
            .map(|text| serde_yaml::from_str::<Value>(text).expect("kustomize writes YAML"))
    };
    let named = |kind: &str, name: &str| {
        objects()
            .filter(|object| object["kind"] == kind && object["metadata"]["name"] == name)
            .collect::<Vec<_>>()
    };
    assert!(named("ServiceAccount", "kustomize-controller-shard1").is_empty());
    let [account] = &named("ServiceAccount", "kustomize-controller")[..] else { panic!("one account") };
    assert_eq!(
        account["metadata"]["annotations"]["iam.gke.io/gcp-service-account"],
        "flux-kms@acme-prod.iam.gserviceaccount.com"
    );
    for (name, selector) in [
        ("source-controller", "--watch-label-selector=!sharding.fluxcd.io/key"),
        ("source-controller-shard1", "--watch-label-selector=sharding.fluxcd.io/key in (shard1)"),
    ] {
        let [deployment] = &named("Deployment", name)[..] else { panic!("one {name}") };
        let pod = &deployment["spec"]["template"]["spec"];
        assert_eq!(pod["serviceAccountName"], "source-controller");
        let manager = &pod["containers"][0];
        let arguments = manager["args"].as_sequence().expect("it has arguments");
        assert_eq!(arguments.last().and_then(Value::as_str), Some(selector), "{name}");
        let variables = manager["env"].as_sequence().expect("it has variables");
        assert!(variables.iter().any(|variable| variable["name"] == "AWS_ROLE_ARN"), "{name}");
    }
}
