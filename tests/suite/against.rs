//! `diff --against` on real git histories: what it finds, and how it says what it cannot.

use std::fs;
use std::path::Path;
use std::process::Command;

use tempfile::TempDir;

use crate::harness::{Run, command, directory, run};

const FLEET: &str = r#"
profile base {
  source-controller    -> registry
  kustomize-controller -> decryption
}

profile eks {
  use base
  role registry   = aws "arn:aws:iam::${account}:role/flux-registry"
  role decryption = aws "arn:aws:iam::${account}:role/${cluster}-kms"
}

cluster prod-eu, prod-us on eks {
  use eks
  account = "111122223333"
}

cluster dev on eks {
  use eks
  account = "444455556666"
}
"#;

/// git in a directory, whatever is configured here.
fn git(directory: &Path, arguments: &[&str]) -> String {
    let mut git = Command::new("git");
    let _git = git
        .current_dir(directory)
        .args(["-c", "user.name=a", "-c", "user.email=a@example.com", "-c", "commit.gpgsign=false"])
        .args(["-c", "init.defaultBranch=main", "-c", "protocol.file.allow=always"])
        .args(arguments)
        .env_remove("GIT_DIR");
    let output = git.output().expect("git runs");
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("git writes UTF-8")
}

fn write(place: &TempDir, path: &str, text: &str) {
    let path = place.path().join(path);
    fs::create_dir_all(path.parent().expect("it has a parent")).expect("the directory is made");
    fs::write(path, text).expect("the file is written");
}

fn commit(place: &TempDir, message: &str) {
    let _added = git(place.path(), &["add", "--all"]);
    let _committed = git(place.path(), &["commit", "--quiet", "--allow-empty", "--message", message]);
}

/// A repository whose first commit, `start`, has these files.
pub fn history(files: &[(&str, &str)]) -> TempDir {
    let place = directory(files);
    let _begun = git(place.path(), &["init", "--quiet"]);
    commit(&place, "start");
    let _tagged = git(place.path(), &["tag", "start"]);
    place
}

fn against(place: &TempDir, more: &[&str]) -> Run {
    run(place.path(), &[&["diff", "--against", "start"], more].concat())
}

/// Asserts that nothing has changed in meaning.
fn unchanged(place: &TempDir, more: &[&str]) {
    let run = against(place, more);
    assert_eq!((run.status, run.stdout.as_str()), (0, ""), "{}", run.stderr);
    assert!(run.stderr.contains("no changes since `start`"), "{}", run.stderr);
}

/// Asserts that nothing has changed but where the three overlays are: from one directory to another.
fn only_moved(place: &TempDir, more: &[&str], way: &str) {
    let run = against(place, more);
    assert_eq!((run.status, run.stdout.lines().count()), (1, 1), "{}{}", run.stdout, run.stderr);
    assert!(run.stdout.starts_with(&format!("3 overlays moved from {way}: ")), "{}", run.stdout);
}

/// The fleet of three clusters, with something in place of something else.
fn changed(from: &str, to: &str) -> TempDir {
    let place = history(&[("identity.flux", FLEET)]);
    assert!(FLEET.contains(from), "{from}");
    write(&place, "identity.flux", &FLEET.replace(from, to));
    place
}

// ---------------------------------------------------------------------------------------------------
// No meaning changed

#[test]
fn what_is_not_committed_is_compared_too() {
    let place = changed("flux-registry", "flux-pull");
    assert_eq!(against(&place, &[]).status, 1);
}

#[test]
fn style_comments_order_and_names_of_profiles_and_roles_are_no_change() {
    let place = history(&[("identity.flux", FLEET)]);
    let (head, clusters) = FLEET.split_at(FLEET.find("cluster prod-eu").expect("it is there"));
    let other = format!("# Moved.\n{clusters}{head}").replace("eks {\n  use eks", "eks {\n  use amazon");
    let other = other.replace("profile eks", "profile amazon").replace("registry ", "pull ");
    write(&place, "identity.flux", &other.replace("-> registry", "-> pull"));
    unchanged(&place, &[]);
}

#[test]
fn values_are_read_at_the_revision() {
    let source = "values \"values.json\"\n\ncluster dev on eks {\n  source-controller -> aws \
                  \"arn:aws:iam::${account}:role/flux\"\n}\n";
    let values = |account: &str| format!("{{\"dev\": {{\"account\": \"{account}\"}}}}\n");
    let place = history(&[("identity.flux", source), ("values.json", &values("111122223333"))]);
    unchanged(&place, &[]);
    write(&place, "values.json", &values("444455556666"));
    let run = against(&place, &[]);
    assert!(run.stdout.contains("111122223333") && run.stdout.contains("444455556666"), "{}", run.stdout);
}

#[test]
fn a_source_that_was_renamed_is_found() {
    let place = history(&[("identity.flux", FLEET)]);
    let _moved = git(place.path(), &["mv", "identity.flux", "fleet.flux"]);
    unchanged(&place, &["--file", "fleet.flux"]);
    commit(&place, "rename");
    unchanged(&place, &["--file", "fleet.flux"]);
}

#[test]
fn a_source_that_was_moved_to_another_directory_is_found() {
    let place = history(&[("identity.flux", FLEET), ("README.md", "x")]);
    write(&place, "fleet/infra/identity.flux", FLEET);
    fs::remove_file(place.path().join("identity.flux")).expect("it is there");
    // First untracked, so that git knows of no rename; then committed.
    let to = "the root of the repository to fleet/infra";
    only_moved(&place, &["--file", "fleet/infra/identity.flux"], to);
    commit(&place, "move");
    only_moved(&place, &["--file", "fleet/infra/identity.flux"], to);
    only_moved(&place, &["-C", "fleet/infra"], to);
}

#[test]
fn a_source_that_was_split_into_files_means_what_it_meant() {
    let place = history(&[("identity.flux", FLEET)]);
    let (head, clusters) = FLEET.split_at(FLEET.find("cluster prod-eu").expect("it is there"));
    write(&place, "identity.flux", "include \"parts/*.flux\"\n");
    write(&place, "parts/clusters.flux", clusters);
    write(&place, "parts/profiles.flux", head);
    commit(&place, "split");
    unchanged(&place, &[]);
    // And back: the included files are read as they were.
    let _tagged = git(place.path(), &["tag", "--force", "start"]);
    write(&place, "identity.flux", FLEET);
    fs::remove_dir_all(place.path().join("parts")).expect("it is there");
    unchanged(&place, &[]);
}

#[test]
fn a_source_that_was_split_and_moved_is_found_by_being_gone() {
    let place = history(&[("identity.flux", FLEET), ("other/identity.flux", "cluster x on eks {}\n")]);
    let (head, clusters) = FLEET.split_at(FLEET.find("cluster prod-eu").expect("it is there"));
    fs::remove_file(place.path().join("identity.flux")).expect("it is there");
    write(&place, "fleet/identity.flux", "include \"parts/*.flux\"\n");
    write(&place, "fleet/parts/clusters.flux", clusters);
    write(&place, "fleet/parts/profiles.flux", head);
    commit(&place, "split and move");
    only_moved(&place, &["-C", "fleet"], "the root of the repository to fleet");
}

#[test]
fn two_sources_that_were_moved_are_told_apart_by_what_they_say() {
    let other = FLEET.replace("prod-", "test-").replace("dev", "qa").replace("1111", "9999");
    let place = history(&[("a/identity.flux", FLEET), ("b/identity.flux", &other)]);
    let _moved = git(place.path(), &["mv", "a", "c"]);
    let _moved = git(place.path(), &["mv", "b", "d"]);
    commit(&place, "move");
    only_moved(&place, &["-C", "c"], "a to c");
}

#[test]
fn the_path_of_the_source_may_be_named() {
    let place = history(&[("old place/fleet.flux", FLEET), ("b/identity.flux", "cluster x on eks {}\n")]);
    fs::remove_dir_all(place.path().join("old place")).expect("it is there");
    fs::remove_dir_all(place.path().join("b")).expect("it is there");
    write(&place, "new/identity.flux", &FLEET.replace("use base\n", "use base\n  # A comment.\n"));
    let several = run(place.path(), &["diff", "-C", "new", "--against", "start"]);
    assert_eq!(several.status, 2, "{}", several.stdout);
    insta::assert_snapshot!(several.stderr, @r#"
    error: several sources exist at `start`: `b/identity.flux` and `old place/fleet.flux`
      = help: name one of them: `--against start:PATH`
    "#);
    for path in ["start:old place/fleet.flux", "start:../old place/fleet.flux"] {
        let named = run(place.path(), &["diff", "-C", "new", "--against", path]);
        let line = "3 overlays moved from old place to new: ";
        assert!(named.status == 1 && named.stdout.starts_with(line), "{path}: {}", named.stdout);
        assert_eq!(named.stdout.lines().count(), 1, "{path}: {}", named.stdout);
    }
    let wrong = run(place.path(), &["diff", "-C", "new", "--against", "start:old place/fleets.flux"]);
    assert_eq!(wrong.status, 2);
    insta::assert_snapshot!(wrong.stderr, @r#"
    error: `old place/fleets.flux` does not exist at `start`
      = help: did you mean `old place/fleet.flux`?
    "#);
}

#[test]
fn what_build_wrote_makes_no_difference() {
    let place = history(&[("identity.flux", FLEET)]);
    assert_eq!(run(place.path(), &["build"]).status, 0);
    unchanged(&place, &[]);
}

// ---------------------------------------------------------------------------------------------------
// Meaning changed

#[test]
fn a_change_to_a_profile_is_one_change() {
    let run = against(&changed("${cluster}-kms", "flux/${cluster}-decrypt"), &[]);
    assert_eq!(run.status, 1);
    insta::assert_snapshot!(format!("{}{}", run.stdout, run.stderr), @r#"
    in 3 clusters (prod-eu, prod-us, dev), as in prod-eu, apart from their own values:
      kustomize-controller
        - aws "arn:aws:iam::111122223333:role/prod-eu-kms"
        + aws "arn:aws:iam::111122223333:role/flux/prod-eu-decrypt"

    trust:
    in 3 clusters (prod-eu, prod-us, dev), as in prod-eu, apart from their own values:
      aws arn:aws:iam::111122223333:role/flux/prod-eu-decrypt
        + system:serviceaccount:flux-system:kustomize-controller
      aws arn:aws:iam::111122223333:role/prod-eu-kms
        - system:serviceaccount:flux-system:kustomize-controller, in use until the pods restart

    note: pods use an identity until they restart; keep its trust in this change with `trust WHO -> ROLE`, and remove that statement after the restart
    3 clusters, 3 changed since `start`
    "#);
}

#[test]
fn a_change_to_a_profile_over_200_clusters_is_one_change() {
    let profile = FLEET.split("cluster prod-eu").next().expect("it has a beginning");
    let clusters =
        (0..200).map(|at| format!("cluster c-{at} on eks {{\n  use eks\n  account = \"{at:012}\"\n}}\n"));
    let fleet = format!("{profile}{}", clusters.collect::<String>());
    let place = history(&[("identity.flux", &fleet)]);
    let after = fleet.replace("role/flux-registry", "role/flux-pull").replace("}-kms", "}-decrypt");
    write(&place, "identity.flux", &after);
    let run = against(&place, &[]);
    insta::assert_snapshot!(format!("{}{}", run.stdout, run.stderr), @r#"
    in 200 clusters (c-0, c-1, c-2 … c-199), as in c-0, apart from their own values:
      kustomize-controller
        - aws "arn:aws:iam::000000000000:role/c-0-kms"
        + aws "arn:aws:iam::000000000000:role/c-0-decrypt"
      source-controller
        - aws "arn:aws:iam::000000000000:role/flux-registry"
        + aws "arn:aws:iam::000000000000:role/flux-pull"

    trust:
    in 200 clusters (c-0, c-1, c-2 … c-199), as in c-0, apart from their own values:
      aws arn:aws:iam::000000000000:role/c-0-decrypt
        + system:serviceaccount:flux-system:kustomize-controller
      aws arn:aws:iam::000000000000:role/flux-pull
        + system:serviceaccount:flux-system:source-controller
      aws arn:aws:iam::000000000000:role/c-0-kms
        - system:serviceaccount:flux-system:kustomize-controller, in use until the pods restart
      aws arn:aws:iam::000000000000:role/flux-registry
        - system:serviceaccount:flux-system:source-controller, in use until the pods restart

    note: pods use an identity until they restart; keep its trust in this change with `trust WHO -> ROLE`, and remove that statement after the restart
    200 clusters, 200 changed since `start`
    "#);
}

#[test]
fn roles_that_change_places_are_seen() {
    let swapped = FLEET
        .replace("> registry", "> x")
        .replace("> decryption", "> registry")
        .replace("> x", "> decryption");
    let place = history(&[("identity.flux", FLEET)]);
    write(&place, "identity.flux", &swapped);
    let run = against(&place, &["--cluster", "dev"]);
    insta::assert_snapshot!(format!("{}{}", run.stdout, run.stderr), @r#"
    in dev:
      kustomize-controller
        - aws "arn:aws:iam::444455556666:role/dev-kms"
        + aws "arn:aws:iam::444455556666:role/flux-registry"
      source-controller
        - aws "arn:aws:iam::444455556666:role/flux-registry"
        + aws "arn:aws:iam::444455556666:role/dev-kms"

    trust:
    in dev:
      aws arn:aws:iam::444455556666:role/flux-registry
        - system:serviceaccount:flux-system:source-controller, in use until the pods restart
        + system:serviceaccount:flux-system:kustomize-controller
      aws arn:aws:iam::444455556666:role/dev-kms
        - system:serviceaccount:flux-system:kustomize-controller, in use until the pods restart
        + system:serviceaccount:flux-system:source-controller

    note: pods use an identity until they restart; keep its trust in this change with `trust WHO -> ROLE`, and remove that statement after the restart
    1 cluster, 1 changed since `start`
    "#);
}

#[test]
fn an_account_of_one_cluster_does_not_hide_among_the_changes_of_others() {
    let place = history(&[("identity.flux", FLEET)]);
    let after = FLEET.replace("444455556666", "999999999999").replace("}-kms", "}-decrypt");
    write(&place, "identity.flux", &after);
    let run = against(&place, &[]);
    insta::assert_snapshot!(format!("{}{}", run.stdout, run.stderr), @r#"
    in 2 clusters (prod-eu, prod-us), as in prod-eu, apart from their own values:
      kustomize-controller
        - aws "arn:aws:iam::111122223333:role/prod-eu-kms"
        + aws "arn:aws:iam::111122223333:role/prod-eu-decrypt"
    in dev:
      kustomize-controller
        - aws "arn:aws:iam::444455556666:role/dev-kms"
        + aws "arn:aws:iam::999999999999:role/dev-decrypt"
      source-controller
        - aws "arn:aws:iam::444455556666:role/flux-registry"
        + aws "arn:aws:iam::999999999999:role/flux-registry"

    trust:
    in 2 clusters (prod-eu, prod-us), as in prod-eu, apart from their own values:
      aws arn:aws:iam::111122223333:role/prod-eu-decrypt
        + system:serviceaccount:flux-system:kustomize-controller
      aws arn:aws:iam::111122223333:role/prod-eu-kms
        - system:serviceaccount:flux-system:kustomize-controller, in use until the pods restart
    in dev:
      aws arn:aws:iam::999999999999:role/dev-decrypt
        + system:serviceaccount:flux-system:kustomize-controller
      aws arn:aws:iam::999999999999:role/flux-registry
        + system:serviceaccount:flux-system:source-controller
      aws arn:aws:iam::444455556666:role/dev-kms
        - system:serviceaccount:flux-system:kustomize-controller, in use until the pods restart
      aws arn:aws:iam::444455556666:role/flux-registry
        - system:serviceaccount:flux-system:source-controller, in use until the pods restart

    note: pods use an identity until they restart; keep its trust in this change with `trust WHO -> ROLE`, and remove that statement after the restart
    3 clusters, 3 changed since `start`
    "#);
}

#[test]
fn clusters_come_and_go() {
    let place = changed("prod-eu, prod-us", "prod-eu, prod-ap");
    let run = against(&place, &[]);
    insta::assert_snapshot!(format!("{}{}", run.stdout, run.stderr), @r#"
    in prod-ap:
      the cluster
        + on eks
      kustomize-controller
        + aws "arn:aws:iam::111122223333:role/prod-ap-kms"
      source-controller
        + aws "arn:aws:iam::111122223333:role/flux-registry"
      output
        + clusters/prod-ap/flux-system
    in prod-us:
      the cluster
        - on eks
      source-controller
        - aws "arn:aws:iam::111122223333:role/flux-registry"
      kustomize-controller
        - aws "arn:aws:iam::111122223333:role/prod-us-kms"
      output
        - clusters/prod-us/flux-system

    trust:
    in prod-ap:
      aws arn:aws:iam::111122223333:role/prod-ap-kms
        + system:serviceaccount:flux-system:kustomize-controller
      aws arn:aws:iam::111122223333:role/flux-registry
        + system:serviceaccount:flux-system:source-controller
    in prod-us:
      aws arn:aws:iam::111122223333:role/prod-us-kms
        - system:serviceaccount:flux-system:kustomize-controller
      aws arn:aws:iam::111122223333:role/flux-registry
        - system:serviceaccount:flux-system:source-controller
    4 clusters, 2 changed since `start`
    "#);
}

#[test]
fn a_cluster_that_keeps_its_overlay_keeps_its_meaning_under_another_name() {
    let fleet = FLEET
        .replace("cluster dev on eks {", "cluster dev on eks {\n  output = \"clusters/dev/flux-system\"");
    let place = history(&[("identity.flux", &fleet)]);
    write(&place, "identity.flux", &fleet.replace("cluster dev", "cluster sandbox"));
    let run = against(&place, &[]);
    insta::assert_snapshot!(format!("{}{}", run.stdout, run.stderr), @r#"
    in sandbox:
      kustomize-controller
        - aws "arn:aws:iam::444455556666:role/dev-kms"
        + aws "arn:aws:iam::444455556666:role/sandbox-kms"
      cluster
        - dev
        + sandbox

    trust:
    in sandbox:
      aws arn:aws:iam::444455556666:role/sandbox-kms
        + system:serviceaccount:flux-system:kustomize-controller
      aws arn:aws:iam::444455556666:role/dev-kms
        - system:serviceaccount:flux-system:kustomize-controller, in use until the pods restart

    note: pods use an identity until they restart; keep its trust in this change with `trust WHO -> ROLE`, and remove that statement after the restart
    3 clusters, 1 changed since `start`
    "#);
}

#[test]
fn what_else_is_said_of_a_cluster_is_told_in_short() {
    let before = r#"
cluster a on eks {
  region  = "eu-west-1"
  issuer  = "https://oidc.example.com/a"
  patch "p.yaml" { kind = "Deployment" }
  source-controller -> aws "arn:aws:iam::111122223333:role/x" { audience = "one" }
}
cluster b on aks {
  tenant = webhook
  source-controller -> azure "4a7272f9-f186-41af-9f84-6a92e32d7cd0"
}
"#;
    let after = r#"
cluster a on eks {
  region  = "eu-west-1"
  issuer  = "https://oidc.example.com/b"
  restart = on-change
  flux    = "2.8"
  patch "p.yaml" { kind = "Deployment" }
  patch "q.yaml" { kind = "Deployment" }
  source-controller -> aws "arn:aws:iam::111122223333:role/x" { via = pod-identity }
}
cluster b on aks {
  tenant    = "72f988bf-86f1-41af-91ab-2d7cd011db47"
  namespace = "flux"
  source-controller -> azure "4a7272f9-f186-41af-9f84-6a92e32d7cd0"
  service-account apps/web -> azure "d6e4fc00-c5b2-4a72-9f84-6a92e3f06b08"
  flux = "2.8"
}
"#;
    let patch = "- op: add\n  path: /metadata/labels/a\n  value: b\n";
    let place = history(&[("identity.flux", before), ("p.yaml", patch)]);
    write(&place, "identity.flux", after);
    write(&place, "p.yaml", &patch.replace("value: b", "value: c"));
    write(&place, "q.yaml", patch);
    let run = against(&place, &[]);
    insta::assert_snapshot!(format!("{}{}", run.stdout, run.stderr), @r#"
    in b:
      service-account apps/web
        + azure "d6e4fc00-c5b2-4a72-9f84-6a92e3f06b08" { tenant = "72f988bf-86f1-41af-91ab-2d7cd011db47" }
      source-controller
        - azure "4a7272f9-f186-41af-9f84-6a92e32d7cd0" { tenant = webhook }
        + azure "4a7272f9-f186-41af-9f84-6a92e32d7cd0" { tenant = "72f988bf-86f1-41af-91ab-2d7cd011db47" }
      gate of object-level identity
        + source-controller, kustomize-controller, helm-controller, notification-controller, image-reflector-controller, image-automation-controller
      namespace
        - flux-system
        + flux
      output
        - clusters/b/flux-system
        + clusters/b/flux
      service-accounts
        + clusters/b/service-accounts
    in a:
      source-controller
        - aws "arn:aws:iam::111122223333:role/x" { audience = "one" }
        + aws "arn:aws:iam::111122223333:role/x" { via = pod-identity }
      issuer
        - https://oidc.example.com/a
      restart
        - by-hand
        + on-change
      patch kind = "Deployment"
        + passed through
    in 2 clusters (a, b):
      flux
        + 2.8

    trust:
    in b:
      azure d6e4fc00-c5b2-4a72-9f84-6a92e3f06b08
        + system:serviceaccount:apps:web
      azure 4a7272f9-f186-41af-9f84-6a92e32d7cd0
        - system:serviceaccount:flux-system:source-controller
        + system:serviceaccount:flux:source-controller
    in a:
      aws arn:aws:iam::111122223333:role/x
        - system:serviceaccount:flux-system:source-controller, by tokens for one
        + system:serviceaccount:flux-system:source-controller, by EKS Pod Identity
    warning[F0338]: object-level identity for Azure is not stable on AKS
       ┌─ identity.flux:15:31
       │
    11 │ cluster b on aks {
       │         -    --- the cluster runs on AKS
       │         │
       │         in cluster `b`
       ·
    15 │   service-account apps/web -> azure "d6e4fc00-c5b2-4a72-9f84-6a92e3f06b08"
       │                               ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ managed identity for a ServiceAccount
       │
       = help: map the controllers instead, or allow this warning
       = note: source: the Azure page of the Flux integrations documentation, and fluxcd/flux2#5359

    1 warning
    for more information, run `flux-identity explain F0338`
    2 clusters, 2 changed since `start`
    "#);
}

#[test]
fn where_there_was_no_source_everything_is_new() {
    let place = history(&[("README.md", "x")]);
    write(&place, "identity.flux", FLEET);
    let run = against(&place, &["--cluster", "dev"]);
    assert_eq!(run.status, 1);
    insta::assert_snapshot!(format!("{}{}", run.stdout, run.stderr), @r#"
    in dev:
      the cluster
        + on eks
      kustomize-controller
        + aws "arn:aws:iam::444455556666:role/dev-kms"
      source-controller
        + aws "arn:aws:iam::444455556666:role/flux-registry"
      output
        + clusters/dev/flux-system

    trust:
    in dev:
      aws arn:aws:iam::444455556666:role/dev-kms
        + system:serviceaccount:flux-system:kustomize-controller
      aws arn:aws:iam::444455556666:role/flux-registry
        + system:serviceaccount:flux-system:source-controller
    no source exists at `start`, so everything is new
    1 cluster, 1 changed since `start`
    "#);
}

#[test]
fn what_a_source_newly_demands_is_a_change_though_no_cluster_changes() {
    let place = changed("\nprofile base", "\nrequire source-controller\n\nprofile base");
    let run = against(&place, &["--cluster", "dev"]);
    assert_eq!(run.status, 1);
    insta::assert_snapshot!(format!("{}{}", run.stdout, run.stderr), @r#"
    policies:
    in the whole fleet:
      require
        + source-controller
    1 cluster, none changed since `start`, except for `require`, `isolate` or `allow`
    "#);
}

#[test]
fn a_cluster_that_is_gone_can_be_asked_for() {
    let place = changed("prod-eu, prod-us", "prod-eu");
    let gone = against(&place, &["--cluster", "prod-us"]);
    assert!(gone.status == 1 && gone.stdout.starts_with("in prod-us:\n"), "{}{}", gone.stdout, gone.stderr);
    let kept = against(&place, &["--where", "account=444455556666"]);
    assert_eq!((kept.status, kept.stdout.as_str()), (0, ""), "{}", kept.stderr);
    let unknown = against(&place, &["--cluster", "prod-ud"]);
    assert_eq!(unknown.status, 2);
}

// ---------------------------------------------------------------------------------------------------
// Overlays at another place

/// The fleet of three clusters in a directory, with something in place of something else. It was at the root.
fn moved(from: &str, to: &str) -> TempDir {
    let place = history(&[("identity.flux", FLEET)]);
    assert!(FLEET.contains(from), "{from}");
    fs::create_dir(place.path().join("sub")).expect("it is made");
    let _moved = git(place.path(), &["mv", "identity.flux", "sub/identity.flux"]);
    write(&place, "sub/identity.flux", &FLEET.replace(from, to));
    commit(&place, "move");
    place
}

#[test]
fn overlays_that_moved_with_the_source_are_told_in_one_line() {
    let place = moved("base", "base");
    let run = against(&place, &["-C", "sub"]);
    assert_eq!(run.status, 1);
    insta::assert_snapshot!(format!("{}{}", run.stdout, run.stderr), @r#"
    3 overlays moved from the root of the repository to sub: clusters/prod-eu/flux-system is sub/clusters/prod-eu/flux-system now
    the source at `start` is `identity.flux`
    3 clusters, 3 changed since `start`
    "#);
    let markdown = against(&place, &["-C", "sub", "--format", "markdown"]);
    insta::assert_snapshot!(markdown.stdout, @r#"
    ### Cloud identities of Flux, compared with `start`

    3 of 3 clusters change.

    3 overlays moved from the root of the repository to `sub`: `clusters/prod-eu/flux-system` is `sub/clusters/prod-eu/flux-system` now.
    "#);
    let one = against(&place, &["-C", "sub", "--cluster", "dev", "--format", "json"]);
    insta::assert_snapshot!(one.stdout.split("\"clusters\"").last().unwrap_or_default(), @r#"
    : 1,
      "changed": 1,
      "moved": {
        "before": "",
        "after": "sub",
        "overlays": [
          {
            "cluster": "dev",
            "before": "clusters/dev/flux-system",
            "after": "sub/clusters/dev/flux-system"
          }
        ]
      },
      "pulls_and_decrypts": [],
      "policies": [],
      "allowed": [],
      "changes": [],
      "trust": []
    }
    "#);
}

#[test]
fn what_else_changes_in_a_source_that_moved_is_told_beside_that() {
    let run = against(&moved("flux-registry", "flux-pull"), &["-C", "sub"]);
    insta::assert_snapshot!(run.stdout, @r#"
    3 overlays moved from the root of the repository to sub: clusters/prod-eu/flux-system is sub/clusters/prod-eu/flux-system now

    in 3 clusters (prod-eu, prod-us, dev), as in prod-eu, apart from their own values:
      source-controller
        - aws "arn:aws:iam::111122223333:role/flux-registry"
        + aws "arn:aws:iam::111122223333:role/flux-pull"

    trust:
    in 3 clusters (prod-eu, prod-us, dev), as in prod-eu, apart from their own values:
      aws arn:aws:iam::111122223333:role/flux-pull
        + system:serviceaccount:flux-system:source-controller
      aws arn:aws:iam::111122223333:role/flux-registry
        - system:serviceaccount:flux-system:source-controller, in use until the pods restart

    note: pods use an identity until they restart; keep its trust in this change with `trust WHO -> ROLE`, and remove that statement after the restart
    "#);
}

#[test]
fn overlays_that_stay_where_they_are_while_the_source_moves_are_no_change() {
    let output = "flux = \"2.8\"\noutput = \"sub/clusters/${cluster}/flux-system\"\n\
                  service-accounts = \"sub/clusters/${cluster}/accounts\"\n";
    let account = "\nprofile more {\n  service-account apps/web -> registry\n}\n";
    let fleet = format!("{output}{account}{}", FLEET.replace("on eks {\n", "on eks {\n  use more\n"));
    let fleet =
        fleet.replace("on eks {\n", "on eks {\n  resource \"sub/extras\"\n  component \"sub/part\"\n");
    let place = history(&[
        ("identity.flux", &fleet),
        ("sub/extras/kustomization.yaml", "resources: []\n"),
        (
            "sub/part/kustomization.yaml",
            "kind: Component\napiVersion: kustomize.config.k8s.io/v1alpha1\nresources: []\n",
        ),
    ]);
    let _moved = git(place.path(), &["mv", "identity.flux", "sub/identity.flux"]);
    write(&place, "sub/identity.flux", &fleet.replace("\"sub/", "\""));
    unchanged(&place, &["-C", "sub"]);
}

#[test]
fn an_output_that_changes_is_told_with_its_paths_in_the_repository() {
    let fleet = |output: &str| {
        FLEET.replace(
            "cluster dev on eks {",
            &format!("cluster dev on eks {{\n  output = \"{output}/flux-system\""),
        )
    };
    let place = history(&[("sub/identity.flux", &fleet("clusters/dev"))]);
    write(&place, "sub/identity.flux", &fleet("test/dev"));
    let run = against(&place, &["-C", "sub"]);
    insta::assert_snapshot!(run.stdout, @r#"
    in dev:
      output
        - sub/clusters/dev/flux-system
        + sub/test/dev/flux-system
    "#);
}

#[test]
fn overlays_that_move_several_ways_are_told_in_groups() {
    let output = "output = \"clusters/${cluster}/flux-system\"\n";
    let place = history(&[("identity.flux", &format!("{output}{FLEET}"))]);
    let after = FLEET.replace("account = \"1", "output = \"prod/${cluster}/flux-system\"\n  account = \"1");
    let _removed = git(place.path(), &["rm", "--quiet", "identity.flux"]);
    write(&place, "sub/identity.flux", &after);
    let run = against(&place, &["-C", "sub"]);
    insta::assert_snapshot!(run.stdout, @r#"
    in 2 clusters (prod-eu, prod-us), as in prod-eu, apart from their own values:
      output
        - clusters/prod-eu/flux-system
        + sub/prod/prod-eu/flux-system
    in dev:
      output
        - clusters/dev/flux-system
        + sub/clusters/dev/flux-system
    "#);
}

#[test]
fn an_output_that_changes_alike_in_all_clusters_is_one_line() {
    let output = |path: &str| format!("output = \"{path}/${{cluster}}/flux-system\"\n{FLEET}");
    let place = history(&[("identity.flux", &output("clusters"))]);
    write(&place, "identity.flux", &output("fleet"));
    only_moved(&place, &[], "clusters to fleet");
}

#[test]
fn service_accounts_that_move_with_the_overlays_are_in_the_same_line_and_others_are_not() {
    let fleet = format!("flux = \"2.8\"\nservice-accounts = \"clusters/${{cluster}}/accounts\"\n{FLEET}");
    let fleet = fleet.replace("  account =", "  service-account apps/web -> registry\n  account =");
    let place = history(&[("identity.flux", &fleet)]);
    fs::remove_file(place.path().join("identity.flux")).expect("it is there");
    write(&place, "sub/identity.flux", &fleet);
    only_moved(&place, &["-C", "sub"], "the root of the repository to sub");
    write(&place, "sub/identity.flux", &fleet.replace("/accounts\"", "/tenants\""));
    let run = against(&place, &["-C", "sub"]);
    insta::assert_snapshot!(run.stdout, @r#"
    3 overlays moved from the root of the repository to sub: clusters/prod-eu/flux-system is sub/clusters/prod-eu/flux-system now

    in 3 clusters (prod-eu, prod-us, dev), as in prod-eu, apart from their own values:
      service-accounts
        - clusters/prod-eu/accounts
        + sub/clusters/prod-eu/tenants
    "#);
}

#[test]
fn a_cluster_under_another_name_is_the_same_where_its_overlay_is() {
    let fleet = FLEET
        .replace("cluster dev on eks {", "cluster dev on eks {\n  output = \"sub/dev/flux-system\"")
        .replace("${cluster}-kms", "flux-kms");
    let place = history(&[("identity.flux", &fleet)]);
    let _removed = git(place.path(), &["rm", "--quiet", "identity.flux"]);
    let after = fleet.replace("cluster dev", "cluster test").replace("sub/dev", "dev");
    write(&place, "sub/identity.flux", &after);
    let stays = against(&place, &["-C", "sub", "--cluster", "test"]);
    insta::assert_snapshot!(stays.stdout, @r#"
    in test:
      cluster
        - dev
        + test
    "#);
    write(&place, "sub/identity.flux", &after.replace("\"dev/", "\"sub/dev/"));
    let moves = against(&place, &["-C", "sub", "--cluster", "test"]);
    insta::assert_snapshot!(moves.stdout, @r#"
    1 overlay moved: sub/dev/flux-system is sub/sub/dev/flux-system now

    in test:
      cluster
        - dev
        + test
    "#);
}

// ---------------------------------------------------------------------------------------------------
// What stands beside the source, as it was

#[cfg(unix)]
#[test]
fn what_an_overlay_builds_on_is_read_as_it_was() {
    let fleet = "cluster a on eks {\n  patch \"p.yaml\"\n  source-controller -> aws \"arn:aws:iam::111122223333:role/x\"\n}\n";
    let patch = "apiVersion: v1\nkind: Namespace\nmetadata:\n  name: flux-system\n  labels:\n    a: b\n";
    let components = "apiVersion: v1\nkind: Namespace\nmetadata:\n  name: flux-system\n---\napiVersion: v1\nkind: ServiceAccount\nmetadata:\n  name: source-controller\n  namespace: flux-system\n---\napiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: source-controller\n  namespace: flux-system\nspec:\n  template:\n    spec:\n      serviceAccountName: source-controller\n      containers:\n      - name: manager\n        image: x\n";
    let place = history(&[
        ("identity.flux", fleet),
        ("patches/real.yaml", patch),
        ("clusters/a/flux-system/gotk-components.yaml", components),
    ]);
    std::os::unix::fs::symlink("patches/real.yaml", place.path().join("p.yaml")).expect("it is linked");
    commit(&place, "link");
    let _tagged = git(place.path(), &["tag", "--force", "start"]);
    // Now nothing of it is there any more.
    fs::remove_dir_all(place.path().join("clusters")).expect("it is there");
    fs::remove_file(place.path().join("p.yaml")).expect("it is there");
    write(&place, "p.yaml", patch);
    unchanged(&place, &[]);
}

#[test]
fn a_source_that_was_wrong_is_told_with_its_findings() {
    let place = history(&[
        ("identity.flux", "include \"a.flux\"\n"),
        ("a.flux", "cluster a on eks {\n  source-controler -> none\n}\n"),
    ]);
    write(&place, "a.flux", "cluster a on eks {\n  source-controller -> none\n}\n");
    let run = against(&place, &[]);
    assert_eq!((run.status, run.stdout.as_str()), (1, ""));
    insta::assert_snapshot!(run.stderr, @r#"
    error[F0101]: unknown controller `source-controler`
      ┌─ start:a.flux:2:3
      │
    2 │   source-controler -> none
      │   ^^^^^^^^^^^^^^^^ no such controller
      │
      = help: did you mean `source-controller`?
      = note: valid names: `source-controller`, `kustomize-controller`, `helm-controller`, `notification-controller`, `image-reflector-controller`, `image-automation-controller` and `source-watcher`

    error: cannot compare with `identity.flux` at `start`: it has this error
      = help: name a revision with a valid source; the current source is valid
    "#);
}

#[test]
fn a_file_that_was_no_source_is_told_with_its_first_error() {
    let text = "# Fleet\n\nSee [docs](x).\n* one\n* two\n";
    let place = history(&[("identity.flux", FLEET), ("README.md", text)]);
    let run = run(place.path(), &["diff", "--against", "start:README.md"]);
    assert_eq!((run.status, run.stdout.as_str()), (1, ""));
    insta::assert_snapshot!(run.stderr, @r#"
    the source at `start` is `README.md`
    error[F0013]: unknown statement `See`
      ┌─ start:README.md:3:1
      │
    3 │ See [docs](x).
      │ ^^^ not a statement
      │
      = note: a line is a setting `name = value`, a mapping `controller -> role`, or starts with `role`, `let`, `use`, `on`, `resource`, `component`, `patch` or `allow`; at the top level also with `cluster`, `profile`, `include`, `values`, `require` or `isolate`

    error: cannot compare with `README.md` at `start`: it has this error and 2 more
      = help: name another source, or a revision at which this one is valid
    "#);
}

#[test]
fn a_directory_in_place_of_a_source_is_told_with_the_source_in_it() {
    let place = history(&[("sub/identity.flux", FLEET), ("sub/more/README.md", "x")]);
    let mut said = String::new();
    for path in ["sub", "sub/", "sub/more", "./sub", "./", "su"] {
        let run = run(
            place.path(),
            &["diff", "--file", "sub/identity.flux", "--against", &format!("start:{path}")],
        );
        said.extend([path, ": ", &run.status.to_string(), " ", &run.stdout, &run.stderr, "\n"]);
    }
    insta::assert_snapshot!(said, @r#"
    sub: 2 error: `sub` is a directory at `start`
      = help: name the source in it: `--against start:sub/identity.flux`

    sub/: 2 error: `sub/` is a directory at `start`
      = help: name the source in it: `--against start:sub/identity.flux`

    sub/more: 2 error: `sub/more` is a directory at `start`
      = help: name a source; the directory has none

    ./sub: 2 error: `./sub` is a directory at `start`
      = help: name the source in it: `--against start:sub/identity.flux`

    ./: 2 error: `./` is a directory at `start`
      = help: name the source in it: `--against start:sub/identity.flux`

    su: 2 error: `su` does not exist at `start`
      = help: the sources are `sub/identity.flux`; a path starts at the root of the repository
    "#);
}

#[cfg(unix)]
#[test]
fn a_link_that_led_out_and_an_include_that_hit_nothing_are_told() {
    let place = history(&[("fleet/identity.flux", "include \"parts/*.flux\"\n"), ("x.flux", FLEET)]);
    fs::create_dir(place.path().join("fleet/parts")).expect("it is made");
    std::os::unix::fs::symlink("../../x.flux", place.path().join("fleet/parts/x.flux")).expect("linked");
    commit(&place, "link");
    let _tagged = git(place.path(), &["tag", "linked"]);
    write(&place, "fleet/identity.flux", FLEET);
    for revision in ["start", "linked"] {
        let run = run(place.path(), &["-C", "fleet", "diff", "--against", revision]);
        assert_eq!((run.status, run.stdout.as_str()), (1, ""));
        assert!(
            run.stderr.contains("F0120") && run.stderr.contains(&format!("{revision}:fleet/identity.flux:1")),
            "{}",
            run.stderr
        );
    }
}

// ---------------------------------------------------------------------------------------------------
// git, and what may be wrong with it

#[test]
fn a_revision_that_is_not_there_is_told() {
    let place = history(&[("identity.flux", FLEET)]);
    let _branch = git(place.path(), &["update-ref", "refs/remotes/origin/release", "HEAD"]);
    let _tag = git(place.path(), &["tag", "-a", "-m", "x", "readme", "HEAD:identity.flux"]);
    let mut said = String::new();
    for revision in [
        "mian",
        "release",
        "0123456789abcdef0123456789abcdef01234567",
        "",
        "main...",
        "--output=x",
        "HEAD:identity.flux..",
        ":identity.flux",
        "identity.flux",
        "HEAD:",
        "HEAD^{tree}",
        "HEAD:identity.flux^{}",
        "readme",
    ] {
        let run = run(place.path(), &["diff", &format!("--against={revision}")]);
        said.extend([revision, ": ", &run.status.to_string(), " ", &run.stdout, &run.stderr, "\n"]);
    }
    insta::assert_snapshot!(said, @r#"
    mian: 2 error: unknown revision `mian`
      = help: did you mean `main`?

    release: 2 error: unknown revision `release`
      = help: did you mean `origin/release`?

    0123456789abcdef0123456789abcdef01234567: 2 error: unknown revision `0123456789abcdef0123456789abcdef01234567`
      = help: name a branch, a tag or a commit; `git fetch` updates remote branches

    : 2 error: `--against` has no revision
      = help: write a revision, such as `--against main`

    main...: 2 error: `main...` is a range, not a revision
      = help: name one revision; to compare with where this branch left `main`, use `--against "$(git merge-base main HEAD)"`

    --output=x: 2 error: unknown revision `--output=x`
      = help: name a branch, a tag or a commit; `git fetch` updates remote branches

    HEAD:identity.flux..: 2 error: `identity.flux..` does not exist at `HEAD`
      = help: did you mean `identity.flux`?

    :identity.flux: 2 error: `:identity.flux` is a file, not a commit
      = help: name a commit, a branch or a tag, followed by the path of the source: `--against main:PATH`

    identity.flux: 2 error: unknown revision `identity.flux`
      = help: it is a file; add a revision: `--against main:identity.flux`

    HEAD:: 2 error: `HEAD:` has no path after `:`
      = help: remove `:`, or add the path of the source: `--against HEAD:identity.flux`

    HEAD^{tree}: 2 error: `HEAD^{tree}` is a directory, not a commit
      = help: name a commit, a branch or a tag, followed by the path of the source: `--against main:PATH`

    HEAD:identity.flux^{}: 2 error: `identity.flux^{}` does not exist at `HEAD`
      = help: did you mean `identity.flux`?

    readme: 2 error: `readme` is a file, not a commit
      = help: name a commit, a branch or a tag, followed by the path of the source: `--against main:PATH`
    "#);
    assert!(!place.path().join("x").exists());
}

#[test]
fn a_revision_is_whatever_git_takes_for_one() {
    let place = changed("flux-registry", "flux-pull");
    commit(&place, "pull it: main..now");
    for revision in [
        "HEAD~1",
        "main^",
        "start",
        "start^{commit}",
        "HEAD@{1}",
        ":/start",
        "main~1:identity.flux",
        "main^{/start}",
    ] {
        let run = run(place.path(), &["diff", "--against", revision]);
        assert_eq!(run.status, 1, "{revision}: {}", run.stderr);
    }
    let found = run(place.path(), &["diff", "--against", ":/main..now"]);
    assert_eq!(found.status, 0, "{}", found.stderr);
}

#[test]
fn outside_of_a_repository_that_is_told() {
    let place = directory(&[("identity.flux", FLEET)]);
    let mut command = command(place.path(), &["diff", "--against", "main"]);
    let run: Run = command.env("GIT_CEILING_DIRECTORIES", place.path()).output().expect("it runs").into();
    assert_eq!((run.status, run.stdout.as_str()), (2, ""));
    insta::assert_snapshot!(run.stderr, @r#"
    error: `.` is not in a git repository
      = help: without a revision, `diff` compares with the files on disk
    "#);
}

#[test]
fn without_git_that_is_told() {
    let place = history(&[("identity.flux", FLEET)]);
    let mut command = command(place.path(), &["diff", "--against", "start"]);
    let run: Run = command.env("PATH", "").output().expect("it runs").into();
    assert_eq!((run.status, run.stdout.as_str()), (3, ""));
    insta::assert_snapshot!(run.stderr, @r#"
    error: cannot run `git`: no such file or directory
      = help: a comparison with a revision needs git; install it
    "#);
}

#[test]
fn a_shallow_clone_says_that_it_is_one() {
    let place = history(&[("identity.flux", FLEET)]);
    commit(&place, "next");
    let first = git(place.path(), &["rev-parse", "start"]);
    let address = format!("file://{}", place.path().display());
    let clones = directory(&[]);
    let _cloned = git(clones.path(), &["clone", "--quiet", "--depth=1", "--no-tags", &address, "clone"]);
    let clone = clones.path().join("clone");
    let lacking = run(&clone, &["diff", "--against", first.trim()]);
    assert_eq!(lacking.status, 2);
    assert!(lacking.stderr.contains("git fetch --unshallow"), "{}", lacking.stderr);
    let there = run(&clone, &["diff", "--against", "HEAD"]);
    assert_eq!(there.status, 0, "{}", there.stderr);
}

#[test]
fn another_working_tree_and_a_submodule_are_repositories_too() {
    let place = history(&[("identity.flux", FLEET)]);
    let trees = directory(&[]);
    let tree = trees.path().join("tree");
    let _added = git(place.path(), &["worktree", "add", "--quiet", &tree.display().to_string()]);
    assert_eq!(run(&tree, &["diff", "--against", "start"]).status, 0);
    let outer = history(&[("README.md", "x")]);
    let address = place.path().display().to_string();
    let _added = git(outer.path(), &["submodule", "--quiet", "add", &address, "inner"]);
    assert_eq!(run(&outer.path().join("inner"), &["diff", "--against", "HEAD"]).status, 0);
}

#[test]
fn neither_the_environment_nor_the_configuration_changes_the_answer() {
    let place = changed("flux-registry", "flux-pull");
    let other = history(&[("README.md", "x")]);
    for (key, value) in [
        ("core.fsmonitor", "touch ran; false"),
        ("core.quotePath", "true"),
        ("diff.external", "touch ran; false"),
        ("diff.renames", "false"),
        ("core.pager", "touch ran"),
        ("color.ui", "always"),
        ("alias.ls-tree", "!touch ran"),
    ] {
        let _set = git(place.path(), &["config", key, value]);
    }
    let plain = against(&place, &[]);
    let mut command = command(place.path(), &["diff", "--against", "start"]);
    let run: Run = command
        .env("GIT_DIR", other.path().join(".git"))
        .env("GIT_WORK_TREE", other.path())
        .env("GIT_INDEX_FILE", "nowhere")
        .env("GIT_OBJECT_DIRECTORY", "nowhere")
        .env("GIT_TRACE", "1")
        .env("GIT_EXTERNAL_DIFF", "touch ran; false")
        .env("GIT_LITERAL_PATHSPECS", "0")
        .env("GIT_PAGER", "touch ran")
        .output()
        .expect("it runs")
        .into();
    assert_eq!((run.status, run.stdout), (1, plain.stdout));
    assert!(!place.path().join("ran").exists());
}

#[cfg(unix)]
#[test]
fn directories_of_any_name_are_found() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt as _;
    let place = history(&[("README.md", "x")]);
    for name in
        [&b"a b"[..], b"-x", b":(glob)*", b"tab\there", b"line\nbreak", b"caf\xc3\xa9", b"\xff\xfe", b"*"]
    {
        let inner = place.path().join(OsStr::from_bytes(name));
        fs::create_dir(&inner).expect("it is made");
        fs::write(inner.join("identity.flux"), FLEET).expect("it is written");
        commit(&place, "one more");
        fs::write(inner.join("identity.flux"), FLEET.replace("flux-registry", "flux-pull"))
            .expect("it is written");
        let run = run(&inner, &["diff", "--against", "HEAD"]);
        assert_eq!(run.status, 1, "{name:?}: {}", run.stderr);
        assert!(run.stdout.contains("flux-pull") && !run.stdout.contains("kms"), "{name:?}: {}", run.stdout);
    }
}

// ---------------------------------------------------------------------------------------------------
// The command

#[test]
fn a_closed_pipe_is_no_error() {
    let place = changed("flux-registry", "flux-pull");
    let mut shell = Command::new("sh");
    let program = env!("CARGO_BIN_EXE_flux-identity");
    let script = format!("{{ {program} diff --against start 2>err; echo $? >status; }} | true");
    let ended = shell.current_dir(place.path()).args(["-c", &script]).status().expect("it runs");
    assert!(ended.success());
    let status = fs::read_to_string(place.path().join("status")).expect("it is written");
    assert_eq!(status.trim(), "1");
}

#[test]
fn what_is_for_the_files_of_build_does_not_go_with_a_revision() {
    let place = history(&[("identity.flux", FLEET)]);
    for option in ["--prune", "--adopt", "--force"] {
        assert_eq!(against(&place, &[option]).status, 2, "{option}");
    }
    assert_eq!(run(place.path(), &["diff", "--format", "json"]).status, 2);
}

#[test]
fn a_source_that_is_wrong_now_is_no_review() {
    let run = against(&changed("use base", "use bass"), &["--format", "json"]);
    assert_eq!((run.status, run.stdout.as_str()), (1, ""));
    assert!(run.stderr.contains("F0103"), "{}", run.stderr);
}

// ---------------------------------------------------------------------------------------------------
// Rotation and decommissioning

/// A source whose cluster `prod` has these statements, with a second cluster.
fn rotating(statements: &str) -> String {
    format!(
        "issuer = \"https://oidc.example.com/${{cluster}}\"\n\
         role old = aws \"arn:aws:iam::111122223333:role/old\"\n\
         role new = aws \"arn:aws:iam::111122223333:role/new\"\n\n\
         cluster prod on eks {{\n{statements}}}\n\ncluster other on eks {{\n  source-controller -> old\n}}\n"
    )
}

/// Commits a source, and compares it with the commit before.
fn step(place: &TempDir, statements: &str) -> String {
    let _tagged = git(place.path(), &["tag", "--force", "start"]);
    write(place, "identity.flux", &rotating(statements));
    commit(place, "step");
    let run = against(place, &[]);
    assert_eq!(run.status, 1, "{}", run.stderr);
    run.stdout
}

#[test]
fn a_rotation_in_steps_has_no_gap() {
    let place = history(&[("identity.flux", &rotating("  source-controller -> old\n"))]);
    let trust_first = step(&place, "  source-controller -> old\n  trust source-controller -> new\n");
    insta::assert_snapshot!(trust_first, @r"
    trust:
    in prod:
      aws arn:aws:iam::111122223333:role/new
        + system:serviceaccount:flux-system:source-controller, of https://oidc.example.com/prod, trust only
    ");
    let give = step(&place, "  source-controller -> new\n  trust source-controller -> old\n");
    insta::assert_snapshot!(give, @r#"
    in prod:
      source-controller
        - aws "arn:aws:iam::111122223333:role/old"
        + aws "arn:aws:iam::111122223333:role/new"
    "#);
    let take_away = step(&place, "  source-controller -> new\n");
    insta::assert_snapshot!(take_away, @r"
    trust:
    in prod:
      aws arn:aws:iam::111122223333:role/old
        - system:serviceaccount:flux-system:source-controller, of https://oidc.example.com/prod, trust only
    ");
}

#[test]
fn a_rotation_in_one_step_is_told_what_it_breaks() {
    let place = history(&[("identity.flux", &rotating("  source-controller -> old\n"))]);
    let at_once = step(&place, "  source-controller -> new\n");
    insta::assert_snapshot!(at_once, @r#"
    in prod:
      source-controller
        - aws "arn:aws:iam::111122223333:role/old"
        + aws "arn:aws:iam::111122223333:role/new"

    trust:
    in prod:
      aws arn:aws:iam::111122223333:role/new
        + system:serviceaccount:flux-system:source-controller, of https://oidc.example.com/prod
      aws arn:aws:iam::111122223333:role/old
        - system:serviceaccount:flux-system:source-controller, of https://oidc.example.com/prod, in use until the pods restart

    note: pods use an identity until they restart; keep its trust in this change with `trust WHO -> ROLE`, and remove that statement after the restart
    "#);
    let markdown = against(&place, &["--format", "markdown"]).stdout;
    assert!(markdown.contains("keep its trust in this change"), "{markdown}");
    let json = against(&place, &["--format", "json"]).stdout;
    assert_eq!(json.matches("\"rollout\": \"in-use\"").count(), 1, "{json}");
}

#[test]
fn a_cluster_that_leaves_has_no_pods_that_use_its_trust() {
    let place = history(&[("identity.flux", &rotating("  source-controller -> old\n"))]);
    let source = rotating("");
    write(&place, "identity.flux", &source.replace("cluster prod on eks {\n}\n", ""));
    let gone = against(&place, &[]).stdout;
    insta::assert_snapshot!(gone, @r#"
    in prod:
      the cluster
        - on eks
      source-controller
        - aws "arn:aws:iam::111122223333:role/old"
      issuer
        - https://oidc.example.com/prod
      output
        - clusters/prod/flux-system

    trust:
    in prod:
      aws arn:aws:iam::111122223333:role/old
        - system:serviceaccount:flux-system:source-controller, of https://oidc.example.com/prod
    "#);
}
