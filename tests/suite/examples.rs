//! The examples compile, and their committed output is what the source says.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use flux_identity::model::Platform;
use flux_identity::problem::render;
use serde_yaml::Value;

use crate::harness::{compile, directory, format, overlays, project, read, run, sources};
use crate::trees;

const SOURCE: &str = "identity.flux";
const VALUES: &str = "values.json";
const UPDATE: &str = "UPDATE_EXPECT";

#[test]
fn the_committed_output_of_every_example_is_what_its_source_says() {
    for example in examples() {
        let said = said(&example);
        if std::env::var_os(UPDATE).is_some_and(|value| value == "1") {
            update(&example, &said);
        }
        let differences = differences(&said, &committed(&example));
        assert!(
            differences.is_empty(),
            "{}:\n{}\n{UPDATE}=1 makes it right",
            example.display(),
            differences.join("\n")
        );
    }
}

#[test]
fn every_example_is_formatted() {
    for example in examples() {
        let text = source(&example);
        assert_eq!(format(&text).as_deref(), Some(text.as_str()), "{}", example.display());
    }
}

#[test]
fn a_second_build_of_every_example_has_nothing_to_do() {
    for example in examples() {
        let copy = directory(&[(SOURCE, &source(&example))]);
        let first = run(copy.path(), &["build", "--deny", "warnings"]);
        assert_eq!(first.status, 0, "{}: {}", example.display(), first.stderr);
        let second = run(copy.path(), &["build"]);
        let count = said(&example).len();
        let overlays = if count == 1 { "1 overlay".to_owned() } else { format!("{count} overlays") };
        assert_eq!(second.stdout, format!("{overlays}, nothing to do\n"), "{}", example.display());
    }
}

#[test]
fn every_example_is_right_as_it_is_committed() {
    for example in examples() {
        let check = run(&example, &["check", "--deny", "warnings"]);
        assert_eq!(check.status, 0, "{}: {}", example.display(), check.stderr);
    }
}

#[test]
fn every_example_says_all_that_clouds_must_be_told() {
    for example in examples() {
        let copy = directory(&[(SOURCE, &source(&example))]);
        for form in ["json", "terraform", "cli"] {
            let trust = run(copy.path(), &["trust", "--form", form, "-o", "trust"]);
            assert_eq!((trust.status, trust.stderr.as_str()), (0, ""), "{}", example.display());
        }
    }
}

#[test]
fn what_is_committed_of_a_large_fleet_is_what_its_source_and_its_values_say() {
    for example in with_values() {
        let values = fs::read_to_string(example.join(VALUES)).expect("it is there");
        let copy = directory(&[(SOURCE, &source(&example)), (VALUES, &values)]);
        let built = run(copy.path(), &["build", "--deny", "warnings"]);
        assert_eq!(built.status, 0, "{}: {}", example.display(), built.stderr);
        let generated = |path: &str| path.ends_with("kustomization.yaml") || path.ends_with(".tf.json");
        let committed: Vec<(String, String)> =
            trees::texts(&example).into_iter().filter(|(path, _)| generated(path)).collect();
        assert!(committed.len() >= 5, "{}: {} files", example.display(), committed.len());
        for (path, text) in committed {
            let built = fs::read_to_string(copy.path().join(&path)).unwrap_or_default();
            assert_eq!(text, built, "{}: {path}", example.display());
        }
        let formatted = format(&source(&example));
        assert_eq!(formatted.as_deref(), Some(source(&example).as_str()), "{}", example.display());
    }
}

#[test]
fn two_hundred_clusters_on_three_clouds_need_at_most_260_lines() {
    let text = source(&example("two-hundred-clusters"));
    assert!(text.lines().count() <= 260, "{} lines", text.lines().count());
    for (count, what) in [(200, "two-hundred-clusters"), (40, "terraform-values")] {
        let values = fs::read_to_string(example(what).join(VALUES)).expect("it is there");
        let copy = directory(&[(SOURCE, &source(&example(what))), (VALUES, &values)]);
        let shown = run(copy.path(), &["show", "--format", "json"]);
        let shown: serde_json::Value = serde_json::from_str(&shown.stdout).expect("it is JSON");
        assert_eq!(shown["clusters"].as_array().map(Vec::len), Some(count), "{what}");
    }
}

#[test]
fn there_is_an_example_for_a_newcomer_and_one_of_a_fleet() {
    let names: BTreeSet<String> = examples()
        .iter()
        .filter_map(|example| Some(example.file_name()?.to_string_lossy().into_owned()))
        .collect();
    assert!(names.contains("one-cluster") && names.contains("three-clouds"), "{names:?}");
}

#[test]
fn the_fleet_of_three_clouds_has_at_least_ten_clusters_on_all_three() {
    let fleet = compile(&source(&example("three-clouds"))).expect("it compiles");
    let platforms: BTreeSet<Platform> = fleet.clusters.iter().map(|cluster| cluster.platform).collect();
    assert!(fleet.clusters.len() >= 10, "{} clusters", fleet.clusters.len());
    assert_eq!(platforms, BTreeSet::from([Platform::Eks, Platform::Aks, Platform::Gke]));
}

/// The page "Workload Identity" of the Flux documentation has these patches for EKS.
#[test]
fn an_eks_cluster_has_the_patches_of_the_flux_documentation() {
    let expected = "
apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
resources:
- gotk-components.yaml
- gotk-sync.yaml
patches:
- patch:
    apiVersion: v1
    kind: ServiceAccount
    metadata:
      name: controller
      annotations:
        eks.amazonaws.com/role-arn: arn:aws:iam::111122223333:role/flux/registry
  target:
    kind: ServiceAccount
    name: (source-controller|image-reflector-controller)
- patch:
    apiVersion: v1
    kind: ServiceAccount
    metadata:
      name: controller
      annotations:
        eks.amazonaws.com/role-arn: arn:aws:iam::111122223333:role/flux/shop-dev-decryption
  target:
    kind: ServiceAccount
    name: kustomize-controller
";
    assert_eq!(overlay_of("shop-dev"), yaml(expected));
}

/// The page has these patches for AKS; it shows those of the first two controllers, and the others are alike.
#[test]
fn an_aks_cluster_has_the_patches_of_the_flux_documentation() {
    let expected = "
apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
resources:
- gotk-components.yaml
- gotk-sync.yaml
patches:
- patch:
    apiVersion: v1
    kind: ServiceAccount
    metadata:
      name: controller
      annotations:
        azure.workload.identity/client-id: 00001111-aaaa-2222-bbbb-3333cccc4444
        azure.workload.identity/tenant-id: aaaabbbb-0000-cccc-1111-dddd2222eeee
  target:
    kind: ServiceAccount
    name: (source-controller|image-reflector-controller)
- patch:
    apiVersion: apps/v1
    kind: Deployment
    metadata:
      name: controller
      labels:
        azure.workload.identity/use: 'true'
    spec:
      template:
        metadata:
          labels:
            azure.workload.identity/use: 'true'
  target:
    kind: Deployment
    name: (source-controller|image-reflector-controller)
- patch:
    apiVersion: v1
    kind: ServiceAccount
    metadata:
      name: controller
      annotations:
        azure.workload.identity/client-id: 11112222-bbbb-3333-cccc-4444dddd5555
        azure.workload.identity/tenant-id: aaaabbbb-0000-cccc-1111-dddd2222eeee
  target:
    kind: ServiceAccount
    name: kustomize-controller
- patch:
    apiVersion: apps/v1
    kind: Deployment
    metadata:
      name: controller
      labels:
        azure.workload.identity/use: 'true'
    spec:
      template:
        metadata:
          labels:
            azure.workload.identity/use: 'true'
  target:
    kind: Deployment
    name: kustomize-controller
";
    assert_eq!(overlay_of("office-dev"), yaml(expected));
}

/// The page has these patches for GKE.
#[test]
fn a_gke_cluster_has_the_patches_of_the_flux_documentation() {
    let expected = "
apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
resources:
- gotk-components.yaml
- gotk-sync.yaml
patches:
- patch:
    apiVersion: v1
    kind: ServiceAccount
    metadata:
      name: controller
      annotations:
        iam.gke.io/gcp-service-account: flux-registry@acme-data-dev.iam.gserviceaccount.com
  target:
    kind: ServiceAccount
    name: (source-controller|image-reflector-controller)
- patch:
    apiVersion: v1
    kind: ServiceAccount
    metadata:
      name: controller
      annotations:
        iam.gke.io/gcp-service-account: flux-decryption@acme-data-dev.iam.gserviceaccount.com
  target:
    kind: ServiceAccount
    name: kustomize-controller
";
    assert_eq!(overlay_of("data-dev"), yaml(expected));
}

#[test]
fn every_source_in_the_documentation_compiles() {
    // What the page of the style shows are parts of sources.
    for (place, text) in documented().into_iter().filter(|(place, _)| !place.starts_with("docs/style.md")) {
        if let Err(findings) = compile(&text) {
            panic!("{place}:\n{}", render::human(&findings, &sources(&text), false));
        }
    }
}

#[test]
fn every_source_in_the_documentation_is_formatted() {
    for (place, text) in documented() {
        assert_eq!(format(&text).as_deref(), Some(text.as_str()), "{place}");
    }
}

#[test]
fn the_readme_shows_what_comes_of_its_source_and_of_a_slip_in_it() {
    let page = fs::read_to_string(project().join("README.md")).expect("it is there");
    let only = |kind| fenced(&page, kind).into_iter().next().map(|(_, text)| text).expect("it is shown");
    let (source, overlay, said) = (only("flux"), only("yaml"), only("text"));
    let (directory, text) = overlays(&source).into_iter().next().expect("it has a cluster");
    assert_eq!((directory.as_str(), text), ("clusters/prod-eu/flux-system", overlay));
    let slip =
        source.replacen("iam::${account}:role/flux-registry", "iam::11112222333:role/flux-registry", 1);
    let findings = compile(&slip).expect_err("an account has 12 digits");
    assert_eq!(render::human(&findings, &sources(&slip), false).trim_end(), said.trim_end());
}

#[test]
fn a_fence_marked_flux_is_a_source_and_no_other_is() {
    let page = "```flux\na\n\nb\n```\n```sh\nc\n```\n\n```flux broken\nd\n```\n";
    assert_eq!(fenced(page, "flux"), [(1, "a\n\nb\n".to_owned())]);
}

#[test]
fn a_missing_a_surplus_and_a_wrong_file_are_told_apart() {
    let tree = |files: &[(&str, &str)]| -> Tree {
        files.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect()
    };
    let said = tree(&[("a/kustomization.yaml", "a\n"), ("b/kustomization.yaml", "b\n")]);
    let there = tree(&[("b/kustomization.yaml", "b"), ("c/kustomization.yaml", "c\n")]);
    assert_eq!(
        differences(&said, &there),
        [
            "a/kustomization.yaml is missing",
            "b/kustomization.yaml has other bytes than the source says",
            "c/kustomization.yaml belongs to no cluster",
        ]
    );
}

/// Files by their paths.
type Tree = BTreeMap<String, String>;

/// The directories of the examples that are committed whole, and need no file beside the source.
pub fn examples() -> Vec<PathBuf> {
    let mut all = trees::entries(&project().join("examples"));
    all.retain(|example| !example.join(VALUES).exists());
    all
}

/// The directories of the large fleets, whose values are in a file and whose output is committed in part.
fn with_values() -> Vec<PathBuf> {
    let mut all = trees::entries(&project().join("examples"));
    all.retain(|example| example.join(VALUES).exists());
    all
}

/// The directory of an example.
pub fn example(name: &str) -> PathBuf {
    project().join("examples").join(name)
}

/// The source of an example.
pub fn source(example: &Path) -> String {
    fs::read_to_string(example.join(SOURCE)).expect("an example has a source")
}

/// The files that the source of an example comes to.
fn said(example: &Path) -> Tree {
    let overlays = overlays(&source(example)).into_iter();
    overlays.map(|(directory, text)| (format!("{directory}/kustomization.yaml"), text)).collect()
}

/// The files below an example's directory. What stands beside the source is not output; trust is for `trust.rs`.
fn committed(example: &Path) -> Tree {
    trees::texts(example)
        .into_iter()
        .filter(|(path, _)| path.contains('/') && !path.starts_with("trust/"))
        .collect()
}

fn differences(said: &Tree, there: &Tree) -> Vec<String> {
    let paths: BTreeSet<&String> = said.keys().chain(there.keys()).collect();
    let difference = |path: &String| match (said.get(path), there.get(path)) {
        (Some(_), None) => Some(format!("{path} is missing")),
        (None, Some(_)) => Some(format!("{path} belongs to no cluster")),
        (said, there) if said != there => Some(format!("{path} has other bytes than the source says")),
        _ => None,
    };
    paths.into_iter().filter_map(difference).collect()
}

fn update(example: &Path, said: &Tree) {
    for path in committed(example).keys().filter(|path| !said.contains_key(*path)) {
        fs::remove_file(example.join(path)).expect("the file is removed");
    }
    for (path, text) in said {
        let path = example.join(path);
        fs::create_dir_all(path.parent().expect("it has a parent")).expect("the directory is made");
        fs::write(path, text).expect("the file is written");
    }
}

/// What the overlay of a cluster of the three clouds says.
fn overlay_of(cluster: &str) -> Value {
    let overlays = said(&example("three-clouds"));
    read(&overlays[&format!("clusters/{cluster}/flux-system/kustomization.yaml")])
}

fn yaml(text: &str) -> Value {
    serde_yaml::from_str(text).expect("it is YAML")
}

/// The sources that the documentation shows, and where.
fn documented() -> Vec<(String, String)> {
    let mut pages = trees::entries(&project().join("docs"));
    pages.extend(["README.md", "docs/skill/SKILL.md"].map(|page| project().join(page)));
    pages.sort();
    let mut found = Vec::new();
    for page in pages.iter().filter(|page| page.extension().is_some_and(|extension| extension == "md")) {
        let Ok(text) = fs::read_to_string(page) else { continue };
        let name = page.strip_prefix(project()).expect("it is below").display();
        found.extend(fenced(&text, "flux").into_iter().map(|(line, text)| (format!("{name}:{line}"), text)));
    }
    found
}

/// The blocks that are fenced as `kind`, and the lines that open them.
fn fenced(page: &str, kind: &str) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    let mut lines = page.lines().enumerate();
    while let Some((at, line)) = lines.next() {
        if !line.starts_with("```") {
            continue;
        }
        let block = lines.by_ref().map(|(_, line)| line).take_while(|line| !line.starts_with("```"));
        let text: String = block.flat_map(|line| [line, "\n"]).collect();
        if line.strip_prefix("```") == Some(kind) {
            found.push((at.saturating_add(1), text));
        }
    }
    found
}
