//! Which controllers `build` and `diff` say are to be restarted by hand.

use std::fs;

use crate::harness::{Run, run};
use crate::place::{built, read, repository};

const HEAD: &str = "restart after applying, because pods get their identity at startup:\n";
const OVERLAY: &str = "clusters/prod-eu/flux-system/kustomization.yaml";

const EKS: &str = r#"cluster prod-eu, prod-us on eks {
  source-controller, image-reflector-controller -> aws "arn:aws:iam::111122223333:role/one"
  kustomize-controller -> aws "arn:aws:iam::111122223333:role/${cluster}"
}
"#;

const AKS: &str = r#"cluster prod-eu on aks {
  tenant = "72f988bf-86f1-41af-91ab-2d7cd011db47"
  source-controller -> azure "4a7272f9-f186-41af-9f84-6a92e32d7cd0"
}
"#;

/// What a build says is to be restarted after the source has changed.
fn after(before: &str, now: &str) -> String {
    let place = built(before);
    fs::write(place.path().join("identity.flux"), now).expect("it is written");
    let diff = run(place.path(), &["diff"]);
    let build = run(place.path(), &["build"]);
    assert_eq!(build.status, 0, "{}", build.stderr);
    let restarts = restarts(&build);
    assert!(diff.stderr.ends_with(&restarts), "diff says the same: {}", diff.stderr);
    restarts
}

/// The lines on restarts, without the one on new identities that may follow.
fn restarts(build: &Run) -> String {
    let (_, after) = build.stdout.split_once(HEAD).unwrap_or_default();
    after.lines().take_while(|line| line.starts_with(' ')).flat_map(|line| [line, "\n"]).collect()
}

#[test]
fn a_changed_role_is_to_be_restarted_in_every_cluster_that_has_it() {
    let said = after(EKS, &EKS.replace("role/one", "role/two"));
    assert_eq!(said, "  source-controller, image-reflector-controller\n    in prod-eu, prod-us\n");
}

#[test]
fn clusters_with_the_same_to_restart_are_told_together_and_others_apart() {
    let one =
        "cluster a, b, c on eks {\n  source-controller -> aws \"arn:aws:iam::111122223333:role/one\"\n}\n";
    let now = one.replace("a, b, c", "a, c").replace("one", "two")
        + "\ncluster b on eks {\n  helm-controller, source-controller -> aws \"arn:aws:iam::111122223333:role/two\"\n}\n";
    assert_eq!(
        after(one, &now),
        "  source-controller\n    in a, c\n  source-controller, helm-controller\n    in b\n"
    );
}

#[test]
fn a_mapping_that_comes_or_goes_is_to_be_restarted() {
    let without =
        EKS.replace("  kustomize-controller -> aws \"arn:aws:iam::111122223333:role/${cluster}\"\n", "");
    let said = "  kustomize-controller\n    in prod-eu, prod-us\n";
    assert_eq!(after(EKS, &without), said);
    assert_eq!(after(&without, EKS), said);
}

#[test]
fn what_is_only_grouped_anew_is_not_to_be_restarted() {
    let now = EKS.replace("role/${cluster}", "role/one");
    let other = after(EKS, &now);
    assert_eq!(other, "  kustomize-controller\n    in prod-eu, prod-us\n");
}

#[test]
fn a_new_cluster_has_nothing_to_restart() {
    assert_eq!(after("cluster other on eks {}\n", &(EKS.to_owned() + "cluster other on eks {}\n")), "");
}

#[test]
fn what_flux_bootstrap_installed_is_to_be_restarted() {
    let bootstrap = "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources:\n- gotk-components.yaml\n- gotk-sync.yaml\n";
    let place = repository(&[("identity.flux", EKS), (OVERLAY, bootstrap)]);
    let said = "  source-controller, kustomize-controller, image-reflector-controller\n    in prod-eu\n";
    assert_eq!(restarts(&run(place.path(), &["build"])), said);
}

#[test]
fn on_aks_a_first_label_restarts_by_itself_and_another_identity_does_not() {
    let none = "cluster prod-eu on aks {}\n";
    assert_eq!(after(none, AKS), "", "the template of the pods changes with the label");
    assert_eq!(after(AKS, none), "");
    let said = "  source-controller\n    in prod-eu\n";
    assert_eq!(after(AKS, &AKS.replace("4a7272f9", "5a7272f9")), said);
}

#[test]
fn what_restarts_by_itself_is_not_to_be_restarted() {
    let on_change = EKS.replace("on eks {\n", "on eks {\n  restart = on-change\n");
    assert_eq!(after(&on_change, &on_change.replace("role/one", "role/two")), "", "a digest is on the pods");
    let federated = EKS.replace("on eks {\n", "on kubernetes {\n  region = \"eu-west-1\"\n");
    assert_eq!(
        after(&federated, &federated.replace("role/one", "role/two")),
        "",
        "the role is in their environment"
    );
}

#[test]
fn a_config_map_of_another_name_restarts_by_itself() {
    let fleet = r#"cluster prod-eu on eks {
  workload-identity-provider = "projects/123456789012/locations/global/workloadIdentityPools/acme/providers/eks-prod"
  source-controller -> aws "arn:aws:iam::111122223333:role/one", gcp "flux-one@acme-data.iam.gserviceaccount.com"
}
"#;
    assert_eq!(after(fleet, &fleet.replace("role/one", "role/two")), "  source-controller\n    in prod-eu\n");
    assert_eq!(after(fleet, &fleet.replace("flux-one@", "flux-two@").replace("role/one", "role/two")), "");
}

#[test]
fn what_was_written_by_hand_and_gave_the_same_is_not_to_be_restarted() {
    let by_hand = "resources:\n- gotk-components.yaml\n- gotk-sync.yaml\npatches:\n- target:\n    kind: ServiceAccount\n    name: (source|kustomize|image-reflector)-controller\n  patch: |\n    apiVersion: v1\n    kind: ServiceAccount\n    metadata:\n      name: any\n      annotations: {eks.amazonaws.com/role-arn: \"arn:aws:iam::111122223333:role/one\"}\n- patch: |\n    apiVersion: v1\n    kind: ServiceAccount\n    metadata:\n      name: kustomize-controller\n      namespace: flux-system\n      annotations:\n        eks.amazonaws.com/role-arn: arn:aws:iam::111122223333:role/prod-eu\n";
    let place = repository(&[("identity.flux", EKS), (OVERLAY, by_hand)]);
    let build = run(place.path(), &["build", "--adopt"]);
    assert_eq!((build.status, restarts(&build).as_str()), (0, ""), "{}", build.stdout);
}

#[test]
fn what_operations_gave_and_a_merge_gives_now_is_not_to_be_restarted() {
    let by_hand = r#"resources: [gotk-components.yaml, gotk-sync.yaml]
patches:
- target: {kind: ServiceAccount, name: (source|image-reflector)-controller}
  patch: |
    - op: add
      path: /metadata/annotations/eks.amazonaws.com~1role-arn
      value: arn:aws:iam::111122223333:role/one
- patch: |
    apiVersion: v1
    kind: ServiceAccount
    metadata:
      name: kustomize-controller
      namespace: flux-system
      annotations: {eks.amazonaws.com/role-arn: "arn:aws:iam::111122223333:role/prod-eu"}
"#;
    let place = repository(&[("identity.flux", EKS), (OVERLAY, by_hand)]);
    let build = run(place.path(), &["build", "--adopt"]);
    assert_eq!((build.status, restarts(&build).as_str()), (0, ""), "{}", build.stdout);
    let another = by_hand.replace("role/one", "role/other");
    fs::write(place.path().join(OVERLAY), another).expect("it is written");
    let build = run(place.path(), &["build", "--adopt"]);
    assert_eq!(restarts(&build), "  source-controller, image-reflector-controller\n    in prod-eu\n");
}

#[test]
fn of_a_file_in_the_middle_of_a_merge_both_sides_count() {
    let place = built(EKS);
    let ours = read(&place, OVERLAY);
    let other = ours.replace("role/one", "role/two");
    fs::write(place.path().join(OVERLAY), format!("<<<<<<< HEAD\n{ours}=======\n{other}>>>>>>> b\n"))
        .expect("it is written");
    let build = run(place.path(), &["build"]);
    assert_eq!(restarts(&build), "  source-controller, image-reflector-controller\n    in prod-eu\n");
}

#[test]
fn many_clusters_are_told_in_lines_of_a_screen() {
    let names: Vec<String> = (0..60).map(|at| format!("cluster-{at}")).collect();
    let fleet = EKS.replace("prod-eu, prod-us", &names.join(", ")).replace("role/one", "role/one-${cluster}");
    let said = after(&fleet, &fleet.replace("role/one", "role/two"));
    assert!(said.lines().all(|line| line.len() <= 100), "{said}");
    assert!(names.iter().all(|name| said.contains(&format!(" {name}"))), "{said}");
}

#[test]
fn a_role_beside_an_association_of_pod_identity_changes_nothing() {
    let role = |name: &str| {
        format!(
            "apiVersion: v1\nkind: ServiceAccount\nmetadata:\n  name: source-controller\n  annotations:\n    eks.amazonaws.com/role-arn: arn:aws:iam::111122223333:role/{name}\n"
        )
    };
    let mapping = "source-controller -> aws \"arn:aws:iam::111122223333:role/one\"";
    let irsa = format!("cluster prod-eu on eks {{\n  {mapping}\n}}\n");
    let pods = irsa.replace(mapping, &format!("{mapping} {{ via = pod-identity }}"));
    let patch = "  patch \"role.yaml\" { kind = \"ServiceAccount\", name = \"source-controller\" }\n";
    let patched = pods.replace("on eks {\n", &format!("on eks {{\n{patch}"));
    let place = repository(&[("identity.flux", &pods), ("role.yaml", &role("other"))]);
    assert_eq!(run(place.path(), &["build"]).status, 0);
    let after = |source: &str| {
        fs::write(place.path().join("identity.flux"), source).expect("it is written");
        let build = run(place.path(), &["build"]);
        assert_eq!(build.status, 0, "{}", build.stderr);
        assert!(build.stdout.contains("changed"), "{}", build.stdout);
        restarts(&build)
    };
    let said = "  source-controller\n    in prod-eu\n";
    assert_eq!(after(&patched), "", "the association comes first");
    fs::write(place.path().join("role.yaml"), role("third")).expect("it is written");
    assert_eq!(after(&patched), "");
    // Where the role goes, the association may be new.
    assert_eq!(after(&pods), said);
    assert_eq!(after(&irsa), said);
    assert_eq!(after(&pods), said);
}
