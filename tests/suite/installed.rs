//! `CONTROLLER? -> ROLE`: a controller is mapped where it is installed.

use crate::harness::{directory, run};

/// A cluster that has only one of the two controllers, and one of which nobody knows.
const FLEET: &str = r#"
profile base {
  role registry = aws "arn:aws:iam::111122223333:role/${team}"
  source-controller, image-reflector-controller? -> registry
  trust image-automation-controller?             -> aws "arn:aws:iam::111122223333:role/${nobody}"
}

cluster known on eks {
  use base
  let team = "known"
  issuer   = "https://oidc.eks.eu-west-1.amazonaws.com/id/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
  region   = "eu-west-1"
}
"#;

const COMPONENTS: &str = "---
# Flux Version: v2.9.3
apiVersion: v1
kind: ServiceAccount
metadata:
  name: source-controller
  namespace: flux-system
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: source-controller
  namespace: flux-system
spec:
  template:
    spec:
      serviceAccountName: source-controller
      containers:
      - name: manager
        image: ghcr.io/fluxcd/source-controller
";

const OVERLAY: &str = "clusters/known/flux-system/kustomization.yaml";

/// The directory of a fleet, with the manifests of its cluster.
fn fleet() -> tempfile::TempDir {
    directory(&[("identity.flux", FLEET), ("clusters/known/flux-system/gotk-components.yaml", COMPONENTS)])
}

#[test]
fn a_controller_that_is_not_installed_gets_nothing() {
    let place = fleet();
    let built = run(place.path(), &["build"]);
    assert_eq!(built.status, 0, "{}", built.stderr);
    let overlay = std::fs::read_to_string(place.path().join(OVERLAY)).expect("it was written");
    assert!(overlay.contains("name: source-controller"), "{overlay}");
    assert!(!overlay.contains("image-reflector-controller"), "{overlay}");
}

#[test]
fn no_cloud_trusts_a_controller_that_is_not_installed() {
    let trusted = run(fleet().path(), &["trust", "--form", "json"]);
    assert_eq!(trusted.status, 0, "{}", trusted.stderr);
    assert!(trusted.stdout.contains("flux-system:source-controller"), "{}", trusted.stdout);
    assert!(!trusted.stdout.contains("image-"), "{}", trusted.stdout);
}

#[test]
fn the_table_of_a_cluster_shows_what_is_not_installed() {
    let shown = run(fleet().path(), &["show", "known"]);
    assert_eq!(shown.status, 0, "{}", shown.stderr);
    let line = shown.stdout.lines().find(|line| line.starts_with("image-reflector-controller"));
    assert!(line.is_some_and(|line| line.contains("registry, not installed here")), "{}", shown.stdout);
}

#[test]
fn where_nobody_knows_what_is_installed_a_controller_gets_its_role() {
    let source = FLEET.replace("${nobody}", "nobody");
    let place = directory(&[("identity.flux", &source)]);
    let built = run(place.path(), &["build"]);
    assert_eq!(built.status, 0, "{}", built.stderr);
    let overlay = std::fs::read_to_string(place.path().join(OVERLAY)).expect("it was written");
    assert!(overlay.contains("image-reflector-controller"), "{overlay}");
}

#[test]
fn a_mapping_without_the_sign_needs_the_controller_also_beside_one_with_it() {
    let source = FLEET.replace("use base", "use base, more")
        + "
profile more { image-reflector-controller -> registry }
";
    let place = fleet();
    std::fs::write(place.path().join("identity.flux"), source).expect("it is written");
    let built = run(place.path(), &["build"]);
    assert!(
        built.stderr.contains("error[F0311]: `image-reflector-controller` is not installed"),
        "{}",
        built.stderr
    );
}

#[test]
fn what_is_not_installed_fulfils_a_requirement() {
    let place = fleet();
    let source = format!("require image-reflector-controller\n{FLEET}");
    std::fs::write(place.path().join("identity.flux"), source).expect("it is written");
    let built = run(place.path(), &["build"]);
    assert_eq!(built.status, 0, "{}", built.stderr);
}

#[test]
fn each_object_that_real_manifests_lose_is_missed() {
    for version in ["v2.2.3-image", "v2.6.4-image", "v2.9.3-image"] {
        let Some(whole) = crate::real::components(version) else { return };
        let documents: Vec<&str> = whole.split("\n---\n").collect();
        let kinds = ["Namespace", "ServiceAccount", "Service", "CustomResourceDefinition"]
            .map(|it| format!("\nkind: {it}\n"));
        let (mut source, mut files, mut lost) = (String::new(), Vec::new(), Vec::new());
        for (index, document) in documents.iter().enumerate() {
            let Some(kind) = kinds.iter().find(|kind| format!("\n{document}").contains(*kind)) else {
                continue;
            };
            // The header is in the first document.
            let header = document.lines().filter(|line| line.starts_with('#')).collect::<Vec<_>>().join("\n");
            let rest = documents.iter().enumerate().map(|(at, it)| if at == index { &header } else { *it });
            let text = rest.collect::<Vec<_>>().join("\n---\n");
            let name = document.lines().find_map(|line| line.strip_prefix("  name: ")).unwrap_or_default();
            lost.push(format!("lacks the {} `{name}`\n", kind.trim_start_matches("\nkind: ").trim_end()));
            source.extend([
                "cluster c",
                &index.to_string(),
                " on eks {\n  kustomize-controller? -> none\n}\n",
            ]);
            files.push((format!("clusters/c{index}/flux-system/gotk-components.yaml"), text));
        }
        source += "cluster whole on eks {\n  kustomize-controller? -> none\n}\n";
        files.push(("clusters/whole/flux-system/gotk-components.yaml".to_owned(), whole.clone()));
        files.push(("identity.flux".to_owned(), source));
        let files: Vec<(&str, &str)> =
            files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
        let found = run(directory(&files).path(), &["build"]);
        assert!(lost.len() > 20, "{lost:?}");
        for lost in &lost {
            assert!(found.stderr.contains(lost), "{version}: {lost}: {}", found.stderr);
        }
        assert_eq!(found.stderr.matches("F0426]").count(), lost.len(), "{version}: {}", found.stderr);
        assert!(!found.stderr.contains("clusters/whole"), "{version}: {}", found.stderr);
    }
}

#[test]
fn an_object_that_another_file_of_the_overlay_has_is_not_missed() {
    let definition = "---\napiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata:\n  name: x.example.com\n";
    let manifests = format!("# Components: source-controller\n{COMPONENTS}{definition}");
    let namespace = "apiVersion: v1\nkind: Namespace\nmetadata: {name: flux-system}\n";
    for (statement, is_missed) in [("", true), ("  resource \"base\"\n", false)] {
        let source = format!("cluster known on eks {{\n{statement}}}\n");
        let place = directory(&[
            ("identity.flux", source.as_str()),
            ("base/namespace.yaml", namespace),
            ("base/kustomization.yaml", "resources: [namespace.yaml]\n"),
            ("clusters/known/flux-system/gotk-components.yaml", manifests.as_str()),
        ]);
        let found = run(place.path(), &["build"]);
        assert!(found.stderr.contains("F0426"), "{}", found.stderr);
        assert_eq!(found.stderr.contains("Namespace `flux-system`"), is_missed, "{}", found.stderr);
    }
    // Without any definition a part is installed by something else.
    let cut = format!("# Components: source-controller\n{COMPONENTS}");
    let place = directory(&[
        ("identity.flux", "cluster known on eks {}\n"),
        ("clusters/known/flux-system/gotk-components.yaml", cut.as_str()),
    ]);
    let found = run(place.path(), &["build"]);
    assert!(!found.stderr.contains("F0426"), "{}", found.stderr);
}
