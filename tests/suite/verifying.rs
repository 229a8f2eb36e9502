//! `build --verify` and `diff --verify`: nothing but identities changes in what overlays build, or nothing is written.

use std::fs;
use std::process::Command;

use tempfile::TempDir;

use crate::harness::{Run, run};
use crate::place::{built, read, repository};
use crate::real::data;

const FLEET: &str = "cluster prod-eu, prod-us on eks {\n  source-controller -> aws \"arn:aws:iam::111122223333:role/one\"\n}\n";
const OVERLAY: &str = "clusters/prod-eu/flux-system/kustomization.yaml";
const MODEL: &str = "verified by the model of kustomize";

/// The build of another source, with its proof.
fn rebuilt(place: &TempDir, source: &str, more: &[&str]) -> Run {
    fs::write(place.path().join("identity.flux"), source).expect("it is written");
    run(place.path(), &[&["build", "--verify"], more].concat())
}

#[test]
fn a_change_of_identities_alone_is_proved_and_written() {
    let place = built(FLEET);
    let build = rebuilt(&place, &FLEET.replace("role/one", "role/two"), &[]);
    assert_eq!(build.status, 0, "{}", build.stderr);
    let said = format!("{MODEL}: nothing but identities changes in what 2 overlays build, 2 fields\n");
    assert!(build.stdout.contains(&said), "{}", build.stdout);
    assert!(read(&place, OVERLAY).contains("role/two"));
    let federated = FLEET.replace("on eks {\n", "on kubernetes {\n  region = \"eu-west-1\"\n");
    let build = rebuilt(&place, &federated, &[]);
    assert!(build.status == 0 && build.stdout.contains("nothing but identities changes"), "{}", build.stderr);
}

#[test]
fn what_builds_the_same_is_proved_to_change_nothing() {
    let place = built(FLEET);
    let text = read(&place, OVERLAY);
    let by_hand =
        text.split_once("resources").map(|(_, rest)| format!("resources{rest}")).expect("it has some");
    fs::write(place.path().join(OVERLAY), by_hand).expect("it is written");
    let build = rebuilt(&place, FLEET, &["--adopt"]);
    let said = format!("{MODEL}: nothing changes in what 1 overlay builds\n");
    assert!(build.status == 0 && build.stdout.contains(&said), "{}{}", build.stdout, build.stderr);
}

#[test]
fn an_adoption_that_loses_a_patch_is_refused_with_the_fields() {
    let by_hand = "resources: [gotk-components.yaml, gotk-sync.yaml]\npatches:\n- target: {kind: Deployment, name: helm-controller}\n  \
                   patch: |\n    - op: add\n      path: /spec/replicas\n      value: 2\n    - op: add\n      path: /spec/template/spec/containers/0/args/-\n      \
                   value: --concurrent=20\n";
    let place = repository(&[("identity.flux", FLEET), (OVERLAY, by_hand)]);
    let build = run(place.path(), &["build", "--adopt", "--verify"]);
    assert_eq!((build.status, build.stdout.as_str()), (1, ""), "{}", build.stderr);
    let said = "in prod-eu\n  Deployment flux-system/helm-controller\n    spec.replicas: `2` -> `1`\n    - \
                spec.template.spec.containers.manager.args[--concurrent=20]: `--concurrent=20`\nerror: more than identities \
                changes in what 1 overlay builds\n";
    assert!(build.stderr.contains(said), "{}", build.stderr);
    assert_eq!(read(&place, OVERLAY), by_hand, "nothing is written");
    assert_eq!(run(place.path(), &["build", "--adopt"]).status, 0);
}

#[test]
fn what_clusters_change_alike_is_told_once() {
    let patch =
        "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: helm-controller\nspec:\n  replicas: 3\n";
    let place = repository(&[("identity.flux", FLEET), ("patch.yaml", patch)]);
    assert_eq!(run(place.path(), &["build"]).status, 0);
    let patched = FLEET.replace(
        "on eks {\n",
        "on eks {\n  patch \"patch.yaml\" { kind = \"Deployment\", name = \"helm-controller\" }\n",
    );
    let build = rebuilt(&place, &patched, &[]);
    assert_eq!(build.status, 1, "{}", build.stdout);
    assert!(build.stderr.starts_with("in prod-eu, prod-us\n"), "{}", build.stderr);
    assert_eq!(build.stderr.matches("spec.replicas: `1` -> `3`").count(), 1, "{}", build.stderr);
}

#[test]
fn what_the_model_does_not_follow_is_not_proved() {
    let before = "resources: [gotk-components.yaml, gotk-sync.yaml]\nreplacements: []\n";
    let place = repository(&[("identity.flux", FLEET), (OVERLAY, before)]);
    let build = run(place.path(), &["build", "--adopt", "--verify"]);
    assert_eq!(build.status, 1, "{}", build.stdout);
    assert!(build.stderr.contains("not verified: `replacements` may change any object"), "{}", build.stderr);
    assert!(build.stderr.contains("error: 1 overlay cannot be verified"), "{}", build.stderr);
}

fn git(place: &TempDir, arguments: &[&str]) {
    let mut command = Command::new("git");
    command.args(["-c", "user.name=a", "-c", "user.email=a@b.c", "-c", "init.defaultBranch=main"]);
    let output = command.args(arguments).current_dir(place.path()).output().expect("git runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn a_revision_is_compared_by_what_its_overlays_build() {
    let place = crate::harness::directory(&[("identity.flux", FLEET)]);
    git(&place, &["init", "-q"]);
    assert_eq!(run(place.path(), &["build"]).status, 0);
    git(&place, &["add", "-A"]);
    git(&place, &["commit", "-qm", "one"]);
    let verify = |more: &[&str]| run(place.path(), &[&["diff", "--verify", "HEAD"], more].concat());
    let same = verify(&[]);
    let said = format!("{MODEL}: nothing changes in what 2 overlays build\n");
    assert_eq!((same.status, same.stdout.as_str()), (0, said.as_str()), "{}", same.stderr);
    let put = |text: &str| fs::write(place.path().join("identity.flux"), text).expect("it is written");
    put(&(FLEET.replace("role/one", "role/two")
        + "\ncluster prod-ap on eks {\n  source-controller -> aws \"arn:aws:iam::111122223333:role/two\"\n}\n"));
    let identities = verify(&[]);
    let said = format!(
        "{MODEL}: nothing but identities changes in what 2 overlays build, 2 fields\n1 cluster, new\n"
    );
    assert_eq!((identities.status, identities.stdout.as_str()), (0, said.as_str()), "{}", identities.stderr);
    let patch = "- op: add\n  path: /spec/replicas\n  value: 2\n";
    fs::write(place.path().join("patch.yaml"), patch).expect("it is written");
    put(&FLEET.replace(
        "on eks {\n",
        "on eks {\n  patch \"patch.yaml\" { kind = \"Deployment\", name = \"helm-controller\" }\n",
    ));
    let more = verify(&["--cluster", "prod-us"]);
    assert_eq!((more.status, more.stdout.as_str()), (1, ""), "{}", more.stderr);
    assert!(
        more.stderr.starts_with(
            "in prod-us\n  Deployment flux-system/helm-controller\n    spec.replicas: `1` -> `2`\n"
        ),
        "{}",
        more.stderr
    );
    let unknown = run(place.path(), &["diff", "--verify", "nowhere"]);
    assert!(
        unknown.status == 2 && unknown.stderr.contains("unknown revision `nowhere`"),
        "{}",
        unknown.stderr
    );
}

#[test]
fn nothing_is_verified_since_a_revision_without_a_source() {
    let place = crate::harness::directory(&[(
        "clusters/prod/flux-system/kustomization.yaml",
        "resources: [gotk-components.yaml]\n",
    )]);
    git(&place, &["init", "-q"]);
    git(&place, &["add", "."]);
    git(&place, &["commit", "-qm", "one"]);
    fs::write(place.path().join("identity.flux"), "cluster prod on eks {}\n").expect("it is written");
    let verified = run(place.path(), &["diff", "--verify", "HEAD"]);
    assert_eq!((verified.status, verified.stdout.as_str()), (1, ""), "{}", verified.stderr);
    let message = "error: no source exists at `HEAD`, so no overlay can be verified";
    assert!(verified.stderr.starts_with(message), "{}", verified.stderr);
}

#[test]
fn kustomize_judges_the_same_of_real_manifests() {
    let Some(data) = data() else { return };
    let version = fs::read_dir(data.join("gotk")).expect("it is there").next().expect("it has some");
    let components = fs::read_to_string(version.expect("it is read").path().join("gotk-components.yaml"))
        .expect("it is read");
    let sync = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: sync, namespace: flux-system}\n";
    let fleet = "cluster prod-eu on eks {\n  workload-identity-provider = \"projects/123456789012/locations/global/workloadIdentityPools/acme/providers/eks-prod\"\n  \
                 source-controller -> aws \"arn:aws:iam::111122223333:role/one\", gcp \"flux-one@acme-data.iam.gserviceaccount.com\"\n}\n";
    let directory = "clusters/prod-eu/flux-system";
    let place = repository(&[
        ("identity.flux", FLEET),
        (&format!("{directory}/gotk-components.yaml"), &components),
        (&format!("{directory}/gotk-sync.yaml"), sync),
        (OVERLAY, "resources: [gotk-components.yaml, gotk-sync.yaml]\n"),
    ]);
    let build = rebuilt(&place, fleet, &["--adopt"]);
    assert_eq!(build.status, 0, "{}", build.stderr);
    let by_program =
        ["kubectl kustomize", "kustomize build"].map(|by| format!(" and by `{by}`: nothing but"));
    assert!(by_program.iter().any(|said| build.stdout.contains(said)), "{}", build.stdout);
    let lost = "resources: [gotk-components.yaml, gotk-sync.yaml]\nlabels:\n- pairs: {team: platform}\n";
    fs::write(place.path().join(OVERLAY), lost).expect("it is written");
    let build = run(place.path(), &["build", "--adopt", "--verify"]);
    assert_eq!(build.status, 1, "{}", build.stdout);
    assert!(build.stderr.contains("- metadata.labels.team: `platform`"), "{}", build.stderr);
    assert!(!build.stderr.contains("another difference"), "{}", build.stderr);
}

#[test]
fn another_order_of_the_same_items_is_a_change() {
    let add = |value: &str| {
        format!("- op: add\n  path: /spec/template/spec/containers/0/args/-\n  value: --{value}\n")
    };
    let patched = FLEET.replace(
        "on eks {\n",
        "on eks {\n  patch \"patch.yaml\" { kind = \"Deployment\", name = \"helm-controller\" }\n",
    );
    let place = repository(&[("identity.flux", &patched), ("patch.yaml", &(add("a") + &add("b")))]);
    assert_eq!(run(place.path(), &["build"]).status, 0);
    fs::write(place.path().join("patch.yaml"), add("b") + &add("a")).expect("it is written");
    let build = rebuilt(&place, &patched, &[]);
    assert_eq!(build.status, 1, "{}", build.stdout);
    let said = "spec.template.spec.containers.manager.args: a list of 7 items -> a list of 7 items (in another order)";
    assert!(build.stderr.contains(said), "{}", build.stderr);
}
