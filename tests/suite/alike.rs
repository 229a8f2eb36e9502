//! Overlays of which only one is built: what is wrong is told of each.

use std::fmt::Write as _;

use crate::harness::{Run, directory, run};

/// The manifests of source-controller, with more annotations of its ServiceAccount and more variables.
fn manifests(annotations: &str, variables: &str) -> String {
    format!(
        "apiVersion: v1\nkind: Namespace\nmetadata:\n  name: flux-system\n---\n\
         apiVersion: v1\nkind: ServiceAccount\nmetadata:\n  name: source-controller\n  namespace: flux-system\n{annotations}---\n\
         apiVersion: v1\nkind: Service\nmetadata:\n  name: source-controller\n  namespace: flux-system\n\
         spec:\n  selector:\n    app: source-controller\n---\n\
         apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: source-controller\n  namespace: flux-system\n\
         spec:\n  template:\n    metadata:\n      labels:\n        app: source-controller\n    spec:\n      \
         serviceAccountName: source-controller\n      containers:\n      - name: manager\n        \
         image: ghcr.io/fluxcd/source-controller\n{variables}"
    )
}

/// The check of clusters on EKS with these manifests and these statements, the first of which is `c0`.
fn check(manifests: &str, clusters: &[&str]) -> Run {
    let mut source = String::new();
    let mut files = Vec::new();
    for (index, statements) in clusters.iter().enumerate() {
        let _infallible = writeln!(source, "cluster c{index} on eks {{ {statements} }}");
        files.push((format!("clusters/c{index}/flux-system/gotk-components.yaml"), manifests.to_owned()));
    }
    files.push(("identity.flux".to_owned(), source));
    let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    let place = directory(&files);
    let _built = run(place.path(), &["build"]);
    run(place.path(), &["check", "--format", "short"])
}

/// True if a finding of a code is told of a cluster.
fn is_told(check: &Run, code: &str, cluster: usize) -> bool {
    let line = format!("identity.flux:{}:", cluster + 1);
    check.stderr.lines().any(|it| it.starts_with(&line) && it.contains(code))
}

fn role(account: &str) -> String {
    format!("source-controller -> aws \"arn:aws:iam::{account}:role/flux\"")
}

#[test]
fn what_is_wrong_with_manifests_is_told_of_each_cluster_that_has_them() {
    let (one, two) = (role("111122223333"), role("444455556666"));
    let right = check(&manifests("", ""), &[&one, &two]);
    assert_eq!((right.status, right.stderr.contains("F0")), (0, false), "{}", right.stderr);
    let wrong =
        manifests("", "").replace("  selector:\n    app: source-controller", "  selector:\n    app: source");
    let told = check(&wrong, &[&one, &two, "source-controller? -> none"]);
    let told_of = [0, 1, 2].map(|cluster| is_told(&told, "F0398", cluster));
    assert_eq!(told_of, [true; 3], "{}", told.stderr);
}

#[test]
fn an_identity_of_manifests_is_compared_with_that_of_each_cluster() {
    let (right, other) = (role("111122223333"), role("444455556666"));
    let variables = "        env:\n        - name: AWS_ROLE_ARN\n          value: arn:aws:iam::111122223333:role/flux\n        \
                     - name: AWS_WEB_IDENTITY_TOKEN_FILE\n          value: /var/run/secrets/eks.amazonaws.com/serviceaccount/token\n";
    let told = check(&manifests("", variables), &[&right, &other, &right]);
    assert!(is_told(&told, "F035", 1), "{}", told.stderr);
    let annotation = "  annotations:\n    eks.amazonaws.com/role-arn: arn:aws:iam::111122223333:role/flux\n";
    let told = check(&manifests(annotation, ""), &[&right, "source-controller? -> none", &right]);
    let told_of = [0, 1, 2].map(|cluster| is_told(&told, "F0353", cluster));
    assert_eq!(told_of, [false, true, false], "{}", told.stderr);
}

#[test]
fn a_cluster_that_maps_a_controller_is_not_like_one_that_maps_none() {
    let paused = manifests("", "").replace("spec:\n  template", "spec:\n  replicas: 0\n  template");
    let told = check(&paused, &["", &role("111122223333"), "", &role("444455556666")]);
    let told_of = [0, 1, 2, 3].map(|cluster| is_told(&told, "F0382", cluster));
    assert_eq!(told_of, [false, true, false, true], "{}", told.stderr);
}
