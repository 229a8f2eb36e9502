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

/// A `gotk-sync.yaml` with more fields of its Kustomization.
fn sync(path: &str, namespace: &str, more: &str) -> String {
    format!(
        "apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata:\n  name: flux-system\n  namespace: \
         {namespace}\nspec:\n  path: {path}\n  prune: true\n{more}  sourceRef:\n    kind: GitRepository\n    name: \
         flux-system\n---\napiVersion: source.toolkit.fluxcd.io/v1\nkind: GitRepository\nmetadata:\n  name: flux-system\n  \
         namespace: {namespace}\nspec:\n  url: https://git.example.com/fleet\n  ref:\n    branch: main\n"
    )
}

/// Roles by which kustomize-controller cannot apply these manifests, unless it does so as another account.
const RIGHTS: &str = "---\napiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata:\n  name: x.example.com\n---\n\
                      apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRoleBinding\nmetadata:\n  name: crd-controller-flux-system\n\
                      roleRef:\n  apiGroup: rbac.authorization.k8s.io\n  kind: ClusterRole\n  name: view\nsubjects:\n- kind: \
                      ServiceAccount\n  name: source-controller\n  namespace: flux-system\n";

/// What is told of these clusters, without their places. Each has statements and a `gotk-sync.yaml`.
fn told(clusters: &[(usize, &str, &str)]) -> Vec<String> {
    let mut source = "flux = \"2.6\"\n".to_owned();
    let mut files = Vec::new();
    for (index, statements, sync) in clusters {
        // What clusters share is not told of one alone.
        let statements = statements.replace("111122223333", &format!("11112222333{index}"));
        let _infallible = writeln!(source, "cluster c{index} on eks {{\n{statements}\n}}");
        let directory = format!("clusters/c{index}/flux-system");
        let manifests = manifests("", "        args: [--log-level=info]\n") + RIGHTS;
        files.push((format!("{directory}/gotk-components.yaml"), manifests));
        files.push((format!("{directory}/gotk-sync.yaml"), (*sync).to_owned()));
    }
    files.push(("identity.flux".to_owned(), source));
    let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    let place = directory(&files);
    let _built = run(place.path(), &["build"]);
    let check = run(place.path(), &["check", "--format", "short"]);
    let mut lines: Vec<String> = check
        .stderr
        .lines()
        .filter_map(|line| Some(line.strip_prefix("identity.flux:")?.split_once(": ")?.1.to_owned()))
        .collect();
    lines.sort();
    lines
}

#[test]
fn of_clusters_together_the_same_is_told_as_of_each_alone() {
    let right = role("111122223333");
    let accounts = "service-account apps/deployer -> aws \"arn:aws:iam::111122223333:role/deploy\"";
    let with_accounts = format!("{right}\n{accounts}");
    // ServiceAccounts in the directory of another one are not in the build.
    let elsewhere = format!("{with_accounts}\nservice-accounts = \"accounts/c0\"");
    let clusters = [
        (0, right.as_str(), sync("./clusters/c0", "flux-system", "  serviceAccountName: deployer\n")),
        (1, right.as_str(), sync("./clusters/c1/flux-system", "flux-system", "")),
        (2, right.as_str(), sync("./clusters/c2", "flux-system", "  targetNamespace: apps\n")),
        (3, right.as_str(), sync("flux-system", "flux-system", "")),
        (4, right.as_str(), sync("./clusters/c4", "flux-system", "  suspend: true\n")),
        (5, with_accounts.as_str(), sync("./clusters/c5", "flux-system", "")),
        (6, elsewhere.as_str(), sync("./clusters/c6", "flux-system", "")),
        (7, with_accounts.as_str(), sync("./clusters/c7/flux-system", "flux-system", "")),
        (8, right.as_str(), sync("./clusters/c8", "flux", "")),
    ];
    let all: Vec<(usize, &str, &str)> =
        clusters.iter().map(|(index, statements, sync)| (*index, *statements, sync.as_str())).collect();
    let mut alone: Vec<String> = all.iter().flat_map(|one| told(&[*one])).collect();
    alone.sort();
    assert!(alone.iter().any(|line| line.contains("F0434")), "{alone:?}");
    assert_eq!(told(&all), alone);
    let reversed: Vec<(usize, &str, &str)> = all.iter().rev().copied().collect();
    assert_eq!(told(&reversed), alone);
}
