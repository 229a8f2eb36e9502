//! Overlays that exist become a source, and nothing of them is lost in silence.
//!
//! Each directory of `tests/import` is a fleet as somebody else wrote it. The first line of its `case` names the codes
//! of what is found there. It is imported in a copy.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use crate::harness::{self, Run, run};
use crate::trees;

#[test]
fn every_fleet_is_imported_and_what_is_found_there_is_told() {
    insta::glob!("../import", "*/case", |path| {
        let fixture = path.parent().expect("a fixture has a folder");
        let copy = tempfile::tempdir().expect("there is room for a directory");
        for (name, text) in trees::texts(fixture) {
            if name != "case" && Path::new(&name).extension().is_none_or(|ending| ending != "snap") {
                put(copy.path(), &name, &text);
            }
        }
        let before = trees::texts(copy.path());
        let done = run(copy.path(), &["import", ".", "-o", "identity.flux"]);
        let found: BTreeSet<&str> = done.stderr.lines().filter_map(harness::code).collect();
        let expected = expected(path);
        assert_eq!(
            found,
            expected.iter().map(String::as_str).collect(),
            "{}\n{}",
            path.display(),
            done.stderr
        );
        let mut shown = format!("exit status {}\n\n{}", done.status, done.stderr);
        for (name, text) in trees::texts(copy.path()) {
            if !before.contains(&(name.clone(), text.clone())) {
                shown.extend(["\n===== ", &name, "\n", &text]);
            }
        }
        let mut settings = insta::Settings::clone_current();
        settings.set_snapshot_path(fixture);
        settings.set_prepend_module_to_snapshot(false);
        settings.set_omit_expression(true);
        settings.set_snapshot_suffix("");
        settings.bind(|| insta::assert_snapshot!("import", shown));
        if copy.path().join("identity.flux").exists() {
            assert_eq!(run(copy.path(), &["fmt", "--check"]).status, 0, "{}", path.display());
            let built = run(copy.path(), &["build", "--adopt"]);
            let is_refused = expected.contains("F0530");
            assert_eq!(built.status, i32::from(is_refused), "{}\n{}", path.display(), built.stderr);
        }
    });
}

/// The codes that the first lines of all these fleets name.
pub fn all_codes() -> BTreeSet<String> {
    let fleets = trees::entries(&harness::project().join("tests/import")).into_iter();
    fleets.flat_map(|fleet| expected(&fleet.join("case"))).collect()
}

fn expected(path: &Path) -> BTreeSet<String> {
    let text = fs::read_to_string(path).expect("it can be read");
    if text.starts_with("#: ") {
        return BTreeSet::new();
    }
    harness::expected_codes(&text).into_iter().collect()
}

fn put(root: &Path, name: &str, text: &str) {
    let path = root.join(name);
    fs::create_dir_all(path.parent().expect("it has a parent")).expect("the directory is made");
    fs::write(path, text).expect("the file is written");
}

/// An overlay of a cluster on EKS whose source controller has a role.
const OVERLAY: &str = "resources:
- gotk-components.yaml
- gotk-sync.yaml
patches:
- patch: |
    apiVersion: v1
    kind: ServiceAccount
    metadata:
      name: controller
      annotations:
        eks.amazonaws.com/role-arn: arn:aws:iam::111122223333:role/flux
  target:
    kind: ServiceAccount
    name: source-controller
";

fn fleet(clusters: &[&str]) -> tempfile::TempDir {
    let directory = tempfile::tempdir().expect("there is room for a directory");
    for cluster in clusters {
        put(directory.path(), &format!("clusters/{cluster}/flux-system/kustomization.yaml"), OVERLAY);
    }
    directory
}

fn imported(directory: &Path, arguments: &[&str]) -> Run {
    let mut all = vec!["import"];
    all.extend(arguments);
    run(directory, &all)
}

#[test]
fn the_order_of_the_directories_says_nothing() {
    let place = fleet(&["a", "b", "c"]);
    let one = imported(place.path(), &["clusters/a", "clusters/b", "clusters/c"]);
    let other = imported(place.path(), &["clusters/c", "clusters/a", "clusters/b", "clusters/a"]);
    assert_eq!((one.status, &one.stdout), (0, &other.stdout), "{}", one.stderr);
    assert!(one.stdout.contains("cluster a, b, c on eks"), "{}", one.stdout);
}

/// Clusters of EKS whose controller has a role with a name that follows no rule.
fn fleet_of_roles(roles: &[&str]) -> tempfile::TempDir {
    let directory = tempfile::tempdir().expect("there is room for a directory");
    for (at, role) in roles.iter().enumerate() {
        let overlay = format!(
            "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources:\n- gotk-components.yaml\n\
             - gotk-sync.yaml\npatches:\n- patch: |\n    - op: add\n      path: /metadata/annotations\n      value:\n        \
             eks.amazonaws.com/role-arn: arn:aws:iam::111122223333:role/{role}\n  target:\n    kind: ServiceAccount\n    \
             name: source-controller\n"
        );
        put(directory.path(), &format!("clusters/c{at}/flux-system/kustomization.yaml"), &overlay);
    }
    directory
}

#[test]
fn values_that_follow_no_rule_are_offered_for_a_file_from_four_clusters_on() {
    let offer = "`--values values.json` puts these into a file";
    for (roles, is_offered) in [(&["x", "red", "omega"][..], false), (&["x", "red", "omega", "k9"], true)] {
        let place = fleet_of_roles(roles);
        let done = imported(place.path(), &["clusters"]);
        assert_eq!(done.status, 0, "{}", done.stderr);
        assert_eq!(done.stderr.contains(offer), is_offered, "{}", done.stderr);
    }
}

#[test]
fn clusters_whose_values_are_in_a_file_share_a_block_and_build_what_they_did() {
    let roles = ["x", "red", "omega", "k9"];
    let place = fleet_of_roles(&roles);
    let done = imported(place.path(), &["clusters", "--values", "values.json", "-o", "identity.flux"]);
    assert_eq!(done.status, 0, "{}", done.stderr);
    assert!(!done.stderr.contains("differ from others"), "{}", done.stderr);
    let files: BTreeMap<String, String> = trees::texts(place.path()).into_iter().collect();
    let source = &files["identity.flux"];
    assert_eq!(source.matches("cluster ").count(), 1, "{source}");
    let values: serde_json::Value = serde_json::from_str(&files["values.json"]).expect("it is JSON");
    for (at, role) in roles.iter().enumerate() {
        let own = values[format!("c{at}")].as_object().expect("each cluster has an entry");
        assert!(
            own.values().any(|value| value.as_str().is_some_and(|value| value.ends_with(role))),
            "{own:?}"
        );
    }
    let built = run(place.path(), &["build", "--adopt"]);
    assert_eq!(built.status, 0, "{}", built.stderr);
    for (at, role) in roles.iter().enumerate() {
        let path = format!("clusters/c{at}/flux-system/kustomization.yaml");
        let text = fs::read_to_string(place.path().join(path)).expect("it is written");
        assert!(text.contains(&format!("role/{role}")), "{text}");
    }
}

#[test]
fn a_file_of_values_is_beside_the_source_and_not_there_yet() {
    let place = fleet_of_roles(&["x", "red", "omega", "k9"]);
    put(place.path(), "values.json", "{}\n");
    let before = trees::texts(place.path());
    for (path, status) in [("../values.json", 2), ("/values.json", 2), ("values.json", 1)] {
        let done = imported(place.path(), &["clusters", "--values", path, "-o", "identity.flux"]);
        assert_eq!(done.status, status, "{path}: {}", done.stderr);
        assert_eq!(trees::texts(place.path()), before, "{path}");
    }
}

#[test]
fn without_a_file_nothing_is_written() {
    let place = fleet(&["a"]);
    let before = trees::texts(place.path());
    let done = imported(place.path(), &["clusters"]);
    assert!(done.stdout.starts_with("cluster a on eks {"), "{}", done.stdout);
    assert_eq!(trees::texts(place.path()), before);
}

#[test]
fn a_source_that_is_there_is_not_overwritten() {
    let place = fleet(&["a"]);
    put(place.path(), "identity.flux", "# mine\n");
    let done = imported(place.path(), &["clusters", "-o", "identity.flux"]);
    assert_eq!(done.status, 2, "{}", done.stderr);
    assert!(done.stderr.contains("`identity.flux` already exists"), "{}", done.stderr);
}

#[test]
fn every_format_says_what_was_found() {
    let place = fleet(&["a"]);
    put(place.path(), "clusters/a/flux-system/kustomization.yaml", &format!("# mine\n{OVERLAY}"));
    for format in ["short", "json", "sarif", "github", "gitlab", "junit"] {
        let name = format!("{format}.flux");
        let done = imported(place.path(), &["clusters", "-o", &name, "--format", format]);
        let said = if format == "short" { done.stderr } else { done.stdout };
        assert!(done.status == 0 && said.contains("F0514"), "{format}: {said}");
    }
}

#[test]
fn what_was_found_and_the_source_do_not_both_go_to_standard_output() {
    let place = fleet(&["a"]);
    assert_eq!(imported(place.path(), &["clusters", "--format", "json"]).status, 2);
}

#[test]
fn an_overlay_that_stays_in_hand_is_imported_once() {
    let place = fleet(&["a", "b"]);
    let done = imported(place.path(), &["clusters", "--emit", "component", "-o", "identity.flux"]);
    assert_eq!(done.status, 0, "{}", done.stderr);
    let built = run(place.path(), &["build"]);
    assert!(built.stdout.contains("2 written"), "{}{}", built.stdout, built.stderr);
    let again = imported(place.path(), &["clusters"]);
    let source = fs::read_to_string(place.path().join("identity.flux")).expect("it is written");
    assert_eq!(again.stdout, source, "{}", again.stderr);
}

#[test]
fn an_overlay_beside_the_source_stays_in_hand() {
    let place = fleet(&[]);
    put(place.path(), "kustomization.yaml", OVERLAY);
    let done = imported(place.path(), &[".", "-o", "identity.flux"]);
    assert!(done.status == 0 && done.stderr.contains("F0512"), "{}", done.stderr);
    let built = run(place.path(), &["build"]);
    assert!(built.stdout.contains("created identity/kustomization.yaml"), "{}{}", built.stdout, built.stderr);
}

#[test]
fn a_directory_that_no_source_can_write_to_is_left_alone() {
    let place = fleet(&["a b", "c"]);
    let done = imported(place.path(), &["clusters"]);
    assert!(
        done.stderr.contains("a source cannot write to the directory `clusters/a b/flux-system`"),
        "{}",
        done.stderr
    );
    assert!(done.stdout.starts_with("cluster c on eks"), "{}", done.stdout);
}

/// What an overlay says beside [`OVERLAY`], and the finding about it; nothing if it is imported with what that leaves.
const ENTANGLED: [(&str, &str); 12] = [
    (
        "- target: {kind: ServiceAccount}\n  patch: |\n    - op: remove\n      path: /metadata/annotations/eks.amazonaws.com~1role-arn\n",
        "15:1: warning[F0512]: the effect of this patch on manifests outside of this repository",
    ),
    (
        "- target: {kind: ServiceAccount}\n  patch: |\n    - op: add\n      path: /metadata/annotations\n      value: {team: a}\n",
        "",
    ),
    (
        "- target: {kind: ServiceAccount}\n  patch: |\n    - op: remove\n      path: /metadata\n",
        "6:5: warning[F0504]: kustomize cannot build this overlay: a patch removes the `kind` or the name",
    ),
    (
        "- target: {name: source-controller}\n  patch: |\n    - op: test\n      path: /kind\n      value: a\n",
        "15:1: warning[F0512]: the effect of this patch on manifests outside of this repository",
    ),
    (
        "- target: {kind: ServiceAccount}\n  patch: |\n    - op: replace\n      path: /metadata/annotations/eks.amazonaws.com~1role-arn\n      value: a\n",
        "",
    ),
    (
        "- target: {name: source-controller, kind: ServiceAccount}\n  patch: |\n    - op: copy\n      from: /metadata/annotations/eks.amazonaws.com~1role-arn\n      path: /metadata/annotations/a\n",
        "1:1: warning[F0512]: what the patches of this overlay do together",
    ),
    (
        "- target: {kind: ServiceAccount}\n  patch: |\n    apiVersion: v1\n    kind: ServiceAccount\n    metadata:\n      name: a\n      annotations: null\n",
        "",
    ),
    (
        "- target: {kind: ServiceAccount}\n  patch: |\n    apiVersion: v1\n    kind: ServiceAccount\n    metadata:\n      name: a\n      annotations: {$patch: replace, team: a}\n",
        "",
    ),
    ("  options:\n    allowNameChange: true\n", "5:1: warning[F0512]: the effect of `patches` on identities"),
    (
        "commonAnnotations:\n  eks.amazonaws.com/role-arn: arn:aws:iam::111122223333:role/other\n",
        "11:37: warning[F0513]: `arn:aws:iam::111122223333:role/flux` is overridden",
    ),
    ("namespace: elsewhere\n", "15:1: warning[F0512]: the effect of `namespace` on identities"),
    ("namePrefix: a-\n", "15:1: warning[F0512]: the effect of `namePrefix` on identities"),
];

#[test]
fn an_overlay_is_imported_if_it_builds_the_same_and_else_left_alone_with_a_finding() {
    let file = "clusters/a/flux-system/kustomization.yaml";
    for (more, finding) in ENTANGLED {
        let place = fleet(&["a", "b"]);
        let overlay = format!("{OVERLAY}{more}");
        put(place.path(), file, &overlay);
        let done = imported(place.path(), &["clusters", "--format", "short", "-o", "identity.flux"]);
        assert_eq!(done.status, 0, "{more}\n{}", done.stderr);
        let expected = if finding.is_empty() { String::new() } else { format!("{file}:{finding}") };
        assert!(done.stderr.contains(&expected), "{more}\n{}", done.stderr);
        let is_imported = finding.is_empty() || finding.contains("F0513");
        assert_eq!(done.stderr.contains(&format!("left alone {file}")), !is_imported, "{}", done.stderr);
        let built = run(place.path(), &["build", "--adopt"]);
        assert_eq!(built.status, 0, "{more}\n{}", built.stderr);
        assert!(!built.stdout.contains("restart"), "{more}\n{}", built.stdout);
        let after = fs::read_to_string(place.path().join(file)).expect("it is read");
        assert_eq!(after == overlay, !is_imported, "{more}\n{after}");
    }
}

#[test]
fn annotations_that_come_all_at_once_leave_an_overlay_but_no_overlay_that_stays_in_hand() {
    let overlay = "resources:\n- gotk-components.yaml\n- gotk-sync.yaml\npatches:\n- target: {kind: ServiceAccount, name: source-controller}\n  patch: |\n    - op: add\n      path: /metadata/annotations\n      value:\n        eks.amazonaws.com/role-arn: arn:aws:iam::111122223333:role/flux\n        team: a\n";
    let place = fleet(&["b"]);
    put(place.path(), "clusters/a/flux-system/kustomization.yaml", overlay);
    let whole = imported(place.path(), &["clusters"]);
    assert!(
        !whole.stderr.contains("F0512") && whole.stdout.contains("cluster a"),
        "{}{}",
        whole.stdout,
        whole.stderr
    );
    let component = imported(place.path(), &["clusters", "--emit", "component"]);
    assert!(
        component.stderr.contains("F0512") && !component.stdout.contains("cluster a"),
        "{}",
        component.stderr
    );
}

#[test]
fn a_proof_shows_nothing_of_the_copy_that_it_builds_in() {
    let Some(components) = crate::real::components("v2.9.3-image") else { return };
    let place = fleet(&["a"]);
    let directory = "clusters/a/flux-system";
    let more = "- target: {kind: Deployment, name: nobody}\n  patch: |\n    - op: remove\n      path: /spec/replicas\n";
    put(place.path(), &format!("{directory}/kustomization.yaml"), &format!("{OVERLAY}{more}"));
    put(place.path(), &format!("{directory}/gotk-components.yaml"), &components);
    let sync = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: sync\n  namespace: flux-system\n";
    put(place.path(), &format!("{directory}/gotk-sync.yaml"), sync);
    let done = imported(place.path(), &["clusters", "--verify", "--deny", "warnings"]);
    assert_eq!(done.stderr.lines().next(), Some("1 of 1 overlay verified to build the same"));
    assert!(done.status == 0 && !done.stderr.contains("flux-identity-verify"), "{}", done.stderr);
    let plain = imported(place.path(), &["clusters", "-o", "identity.flux"]);
    assert_eq!(plain.status, 0, "{}", plain.stderr);
    let built = run(place.path(), &["build", "--adopt"]);
    assert!(built.stderr.contains("warning["), "this would have been shown: {}", built.stderr);
}

#[test]
fn a_comment_in_a_patch_that_leaves_is_told() {
    let place = fleet(&[]);
    let overlay = OVERLAY
        .replace("      annotations:", "      # asked for by the team of the registry\n      annotations:");
    let file = "clusters/a/flux-system/kustomization.yaml";
    put(place.path(), file, &overlay);
    for emit in ["overlay", "component"] {
        let done = imported(place.path(), &["clusters", "--emit", emit, "--format", "short"]);
        assert!(done.stderr.contains(&format!("{file}:10:7: note[F0514]")), "{emit}: {}", done.stderr);
    }
}

#[test]
fn an_overlay_without_an_identity_has_nothing_for_a_component_and_that_is_told() {
    let place = fleet(&["a"]);
    let file = "clusters/b/flux-system/kustomization.yaml";
    put(place.path(), file, "resources:\n- gotk-components.yaml\n- gotk-sync.yaml\n");
    let done = imported(place.path(), &["clusters", "--emit", "component"]);
    let said =
        format!("left alone {file}, which assigns no identity\n1 cluster in 5 lines, 1 file left alone\n");
    assert!(done.stderr.ends_with(&said), "{}", done.stderr);
}

#[test]
fn what_cannot_be_built_is_not_proved() {
    if crate::real::components("v2.6.4-image").is_none() {
        return;
    }
    let place = fleet(&["a"]);
    let done = imported(place.path(), &["clusters", "-o", "identity.flux", "--verify"]);
    let said = "kustomize cannot build the original overlay";
    assert!(
        done.status == 1 && done.stderr.contains("F0520") && done.stderr.contains(said),
        "{}",
        done.stderr
    );
    assert!(!place.path().join("identity.flux").exists());
}

/// A fleet with something of everything that `build` writes and an import can read.
const EVERYTHING: &str = r#"restart = on-change

profile base {
  patch "patches/concurrency.yaml" { kind = "Deployment", name = "(kustomize|helm)-controller" }
  source-controller, image-reflector-controller -> aws "arn:aws:iam::111122223333:role/flux/registry"
}

cluster sharded on eks {
  use base
  flux = "2.9"
  service-account payments/podinfo -> aws "arn:aws:iam::111122223333:role/podinfo"
  resource "./shard1"
  resource "infra/extras"
  component "infra/priorities"
}

cluster bare on kubernetes {
  install = none
  region  = "eu-west-1"
  output  = "fleet/${cluster}/flux"
  resource "infra/flux"
  kustomize-controller -> aws "arn:aws:iam::111122223333:role/flux/keys"
}

cluster guest on aks {
  emit   = component
  tenant = "72f988bf-86f1-41af-91ab-2d7cd011db47"
  workload-identity-provider = "projects/123456789012/locations/global/workloadIdentityPools/acme/providers/guest"
  helm-controller         -> azure "4a7272f9-f186-41af-9f84-6a92e32d7cd0"
  notification-controller -> gcp "flux-events@acme-prod.iam.gserviceaccount.com"
}
"#;

#[test]
fn everything_that_build_wrote_comes_back() {
    let place = fleet(&[]);
    put(place.path(), "identity.flux", EVERYTHING);
    let config_map = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n";
    let of_file = |file: &str| format!("resources:\n- {file}\n");
    put(place.path(), "infra/extras/a.yaml", config_map);
    put(place.path(), "infra/extras/kustomization.yaml", &of_file("a.yaml"));
    let component = "apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\nresources: []\n";
    put(place.path(), "infra/priorities/kustomization.yaml", component);
    put(
        place.path(),
        "patches/concurrency.yaml",
        "- op: add\n  path: /spec/template/spec/priorityClassName\n  value: high\n",
    );
    put(place.path(), "clusters/sharded/flux-system/shard1/kustomization.yaml", &of_file("b.yaml"));
    put(place.path(), "clusters/sharded/flux-system/shard1/b.yaml", config_map);
    put(
        place.path(),
        "clusters/guest/flux-system/kustomization.yaml",
        "resources:\n- gotk-components.yaml\ncomponents:\n- identity\n",
    );
    put(place.path(), "infra/flux/kustomization.yaml", &of_file("flux.yaml"));
    let object = |api, kind| {
        let metadata = "metadata:\n  name: kustomize-controller\n  namespace: flux-system\n";
        format!("---\napiVersion: {api}\nkind: {kind}\n{metadata}")
    };
    let pod = "spec:\n  selector: {matchLabels: {app: a}}\n  template:\n    metadata: {labels: {app: a}}\n    spec:\n      serviceAccountName: kustomize-controller\n      containers:\n      - name: manager\n        image: x\n";
    let flux = format!("{}{}{pod}", object("v1", "ServiceAccount"), object("apps/v1", "Deployment"));
    put(place.path(), "infra/flux/flux.yaml", &flux);
    let built = run(place.path(), &["build"]);
    assert_eq!(built.status, 0, "{}", built.stderr);
    fs::remove_file(place.path().join("identity.flux")).expect("it is removed");
    let before = trees::texts(place.path());
    let done = imported(place.path(), &[".", "-o", "identity.flux"]);
    assert!(done.status == 0 && done.stderr.contains("note[F0525]"), "{}", done.stderr);
    let source = fs::read_to_string(place.path().join("identity.flux")).expect("it is written");
    let again = run(place.path(), &["build"]);
    assert!(
        again.status == 0 && !again.stdout.contains("wrote"),
        "{}{}\n{source}",
        again.stdout,
        again.stderr
    );
    let after: Vec<(String, String)> = trees::texts(place.path());
    let generated = |files: &[(String, String)]| -> Vec<(String, String)> {
        files.iter().filter(|(_, text)| text.starts_with("# Code generated")).cloned().collect()
    };
    assert_eq!(generated(&after), generated(&before), "{source}\n{}", done.stderr);
}

#[test]
fn other_names_of_volumes_are_explained_and_no_difference() {
    let Some(components) = crate::real::components("v2.9.3-image") else { return };
    let sync = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: sync\n  namespace: flux-system\n";
    for (fixture, cluster) in
        [("federated-as-documented", "gke-dev"), ("google-cloud-as-documented", "eks-dev")]
    {
        let place = fleet(&[]);
        for (name, text) in trees::texts(&harness::project().join("tests/import").join(fixture)) {
            if name.starts_with("clusters/") {
                put(place.path(), &name, &text);
            }
        }
        let directory = format!("clusters/{cluster}/flux-system");
        put(place.path(), &format!("{directory}/gotk-components.yaml"), &components);
        put(place.path(), &format!("{directory}/gotk-sync.yaml"), sync);
        let done =
            imported(place.path(), &["clusters", "--verify", "--format", "short", "-o", "identity.flux"]);
        assert!(done.status == 0 && done.stderr.contains("note[F0524]"), "{}", done.stderr);
        assert!(!done.stderr.contains("F0520"), "{}", done.stderr);
        let proved = "1 of 1 overlay verified: 0 the same, 1 with differences that F0524 explains\n";
        assert!(done.stderr.contains(proved), "{}", done.stderr);
    }
}

// ---------------------------------------------------------------------------------------------------
// A first source

#[test]
fn a_first_source_in_an_empty_directory_builds() {
    let place = fleet(&[]);
    assert_eq!(run(place.path(), &["init"]).status, 0);
    let built = run(place.path(), &["build"]);
    assert_eq!((built.status, built.stderr.as_str()), (0, ""));
    let names: Vec<String> = trees::texts(place.path()).into_iter().map(|(name, _)| name).collect();
    let overlay = "clusters/my-cluster/flux-system/kustomization.yaml";
    assert_eq!(names, [".gitattributes", overlay, "identity.flux"]);
}

#[test]
fn a_first_source_names_the_clusters_that_are_there() {
    let place = fleet(&[]);
    let fresh = "resources:\n- gotk-components.yaml\n- gotk-sync.yaml\n";
    for cluster in ["eks-dev", "eks-prod"] {
        put(place.path(), &format!("clusters/{cluster}/flux-system/kustomization.yaml"), fresh);
    }
    assert_eq!(run(place.path(), &["init"]).status, 0);
    let source = fs::read_to_string(place.path().join("identity.flux")).expect("it is written");
    assert!(source.contains("\ncluster eks-dev, eks-prod on eks {}\n"), "{source}");
    let attributes = fs::read_to_string(place.path().join(".gitattributes")).expect("it is written");
    let clusters_to_come = "/clusters/*/flux-system/kustomization.yaml linguist-generated\n";
    assert_eq!(attributes, format!("{clusters_to_come}identity.flux linguist-language=HCL\n"));
    assert_eq!(run(place.path(), &["build"]).status, 0);
}

#[test]
fn init_overwrites_nothing() {
    let place = fleet(&[]);
    put(place.path(), ".gitattributes", "* text\n");
    assert_eq!(run(place.path(), &["init"]).status, 0);
    let again = run(place.path(), &["init"]);
    assert!(again.status == 2 && again.stderr.contains("already exists"), "{}", again.stderr);
    let attributes = fs::read_to_string(place.path().join(".gitattributes")).expect("it is there");
    assert_eq!(attributes, "* text\n");
}

#[test]
fn overlays_that_say_more_are_for_import() {
    let done = run(fleet(&["a"]).path(), &["init"]);
    assert!(done.status == 1 && done.stderr.contains("flux-identity import"), "{}", done.stderr);
}
