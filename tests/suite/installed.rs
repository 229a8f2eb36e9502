//! `CONTROLLER? -> ROLE`: a controller is mapped where it is installed.

use crate::harness::{directory, run, times};

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

#[test]
fn each_edit_by_hand_of_real_manifests_is_told() {
    let edits = [
        // The header is lost with the Namespace.
        ("Namespace", "flux-system", "", "", "F0426"),
        ("Service", "source-controller", "    app: source-controller", "    app: source", "F0398"),
        ("Service", "source-controller", "targetPort: http", "targetPort: web", "F0398"),
        ("Service", "source-controller", "port: 80\n", "port: 8080\n", "F0398"),
        ("Service", "source-controller", "type: ClusterIP", "clusterIP: None", "F0398"),
        ("Service", "notification-controller", "type: ClusterIP", "type: ExternalName", "F0398"),
        ("Service", "webhook-receiver", "targetPort: http-webhook", "targetPort: webhook", "F0398"),
        ("Deployment", "source-controller", "        app: source-controller", "        app: source", "F0379"),
        (
            "Deployment",
            "source-controller",
            "      labels:\n",
            "      labels:\n        managed: true\n",
            "F0379",
        ),
        ("Deployment", "source-controller", "RUNTIME_NAMESPACE\n", "NAMESPACE\n", "F0397"),
        (
            "Deployment",
            "source-controller",
            "--storage-adv-addr=source-controller.",
            "--storage-adv-addr=source.",
            "F0398",
        ),
        ("Deployment", "source-controller", "--storage-adv-addr", "--storage-addr", "F0397"),
        ("Deployment", "source-controller", "mountPath: /data", "mountPath: /srv", "F0428"),
        ("Deployment", "kustomize-controller", "mountPath: /tmp", "mountPath: /temp", "F0428"),
        ("Deployment", "source-controller", "          name: healthz", "          name: health", "F0382"),
        ("Deployment", "source-controller", "          name: http\n", "          name: web\n", "F0382"),
    ];
    let versions = ["v2.9.3-image", "v2.6.4-image", "v2.2.3-image"];
    for version in versions.into_iter().take(times(1, 3)) {
        let Some(whole) = crate::real::components(version) else { return };
        let documents: Vec<&str> = whole.split("\n---\n").collect();
        let (mut source, mut files) = (String::new(), Vec::new());
        for (index, (kind, name, found, instead, _)) in edits.into_iter().enumerate() {
            let is_it = |document: &&str| {
                let document = format!("\n{document}\n");
                [format!("\nkind: {kind}\n"), format!("\n  name: {name}\n")]
                    .iter()
                    .all(|it| document.contains(it))
            };
            let edited = documents.iter().filter_map(|document| match is_it(document) {
                true if found.is_empty() => None,
                true => Some(document.replacen(found, instead, 1)),
                false => Some((*document).to_owned()),
            });
            let text = edited.collect::<Vec<String>>().join("\n---\n");
            assert_ne!(text, whole, "{version}: {kind} {name} {found}");
            source.extend(["cluster c", &index.to_string(), " on eks { kustomize-controller? -> none }\n"]);
            files.push((format!("clusters/c{index}/flux-system/gotk-components.yaml"), text));
        }
        files.push(("identity.flux".to_owned(), source));
        let files: Vec<(&str, &str)> =
            files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
        let place = directory(&files);
        let _built = run(place.path(), &["build"]);
        let told = run(place.path(), &["check", "--format", "short"]);
        for (index, (kind, name, found, _, code)) in edits.into_iter().enumerate() {
            let line = format!("identity.flux:{}:", index + 1);
            let of_cluster: Vec<&str> = told.stderr.lines().filter(|it| it.starts_with(&line)).collect();
            assert_eq!(of_cluster.len(), 1, "{version} {kind} {name} {found}: {of_cluster:?}");
            assert!(of_cluster[0].contains(code), "{version} {kind} {name} {found}: {of_cluster:?}");
        }
    }
}
