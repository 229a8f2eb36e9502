//! What an effect is set by: the line of the field in the file that sets it.

use std::fs;

use serde_json::Value;

use crate::formats::violations;
use crate::harness::{Run, code, directory, project, run};
use crate::place::COMPONENTS;

const FLEET: &str = "cluster prod-eu on eks {\n  patch \"patch.yaml\" { kind = \"KIND\", name = \"source-controller\" }\n  \
                     source-controller -> aws \"arn:aws:iam::111122223333:role/flux\"\n}\n";

/// The check of a fleet with a patch of this kind.
fn patched(kind: &str, patch: &str) -> Run {
    let source = FLEET.replace("KIND", kind);
    let place = directory(&[("identity.flux", &source), ("patch.yaml", patch)]);
    run(place.path(), &["build"])
}

#[track_caller]
fn assert_line(kind: &str, patch: &str, line: usize) {
    let build = patched(kind, patch);
    let said = format!(" by `patch.yaml`, line {line}\n");
    assert!(build.stderr.contains(&said), "{said}{}", build.stderr);
}

#[test]
fn what_sets_a_field_is_named_with_its_line() {
    let head = "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: source-controller\n";
    let pods = "spec:\n  template:\n    metadata:\n      annotations:\n        eks.amazonaws.com/skip-containers: manager\n";
    assert_line("Deployment", &format!("{head}{pods}"), 9);
    assert_line("Deployment", &format!("# why\n\n{head}# more\n{pods}"), 12);
    let variables = "spec:\n  template:\n    spec:\n      containers:\n      - name: sidecar\n        image: a\n      - name: manager\n        env:\n        - name: A\n          value: a\n        - name: AWS_ROLE_ARN\n          value: b\n";
    let build = patched("Deployment", &format!("{head}{variables}"));
    assert!(build.stderr.contains("lacks `AWS_WEB_IDENTITY_TOKEN_FILE`"), "{}", build.stderr);
    let both = format!("{variables}        - name: AWS_WEB_IDENTITY_TOKEN_FILE\n          value: /c\n");
    assert_line("Deployment", &format!("{head}{both}"), 17);
}

#[test]
fn of_several_documents_the_one_that_sets_a_field_is_named() {
    let account =
        "apiVersion: v1\nkind: ServiceAccount\nmetadata:\n  name: source-controller\n  annotations:\n";
    let harmless = "    a: b\n";
    let misspelt = "    eks.amazonaws.com/rolearn: c\n";
    let two = format!("{account}{harmless}---\n# why\n{account}{harmless}{misspelt}");
    assert_line("ServiceAccount", &two, 15);
}

#[test]
fn an_operation_that_sets_a_field_is_named_with_its_line() {
    let first = "- op: add\n  path: /spec/template/spec/containers/0/args/-\n  value: --log-level=debug\n";
    let second = "- op: add\n  path: /spec/template/spec/containers/0/args/-\n  value: --default-decryption-service-account=a\n";
    assert_line("Deployment", &format!("{first}{second}{first}"), 5);
    let whole = "- op: add\n  path: /spec/template/metadata/annotations\n  value:\n    a: b\n    eks.amazonaws.com/skip-containers: manager\n";
    assert_line("Deployment", whole, 5);
}

#[test]
fn an_identity_that_the_source_does_not_mention_is_shown_with_what_sets_it() {
    let source = "cluster prod-eu on eks {\n  patch \"role.yaml\" { kind = \"ServiceAccount\", name = \"helm-controller\" }\n  \
                  source-controller -> aws \"arn:aws:iam::111122223333:role/flux\"\n  allow F0353 \"it is to go\"\n}\n\n\
                  cluster prod-us on eks {\n  source-controller -> aws \"arn:aws:iam::111122223333:role/flux\"\n}\n";
    let role = "apiVersion: v1\nkind: ServiceAccount\nmetadata:\n  name: helm-controller\n  annotations:\n    \
                eks.amazonaws.com/role-arn: arn:aws:iam::111122223333:role/by-hand\n";
    let place = directory(&[("identity.flux", source), ("role.yaml", role)]);
    let show = run(place.path(), &["show", "prod-eu"]);
    assert_eq!((show.status, show.stderr.as_str()), (0, ""));
    let table = show.stdout.split("\n\n").find(|table| table.starts_with("not in the source"));
    let row = table.expect("it is there").lines().nth(1).expect("it has a row");
    let words: Vec<&str> = row.split("  ").map(str::trim).filter(|word| !word.is_empty()).collect();
    let expected = [
        "helm-controller",
        "the IAM role `arn:aws:iam::111122223333:role/by-hand`",
        "the annotation `eks.amazonaws.com/role-arn` of the ServiceAccount: `role.yaml`, line 6",
    ];
    assert_eq!(words, expected);
    let json = run(place.path(), &["show", "prod-eu", "--format", "json"]);
    let document: Value = serde_json::from_str(&json.stdout).expect("it is JSON");
    let unmentioned = &document["clusters"][0]["unmentioned"];
    assert_eq!(unmentioned[0]["controller"], "helm-controller");
    assert_eq!(unmentioned[0]["place"], "`role.yaml`, line 6");
    let schema = fs::read_to_string(project().join("docs/show.schema.json")).expect("it is there");
    let schema: Value = serde_json::from_str(&schema).expect("it is JSON");
    assert_eq!(violations(&document, &schema, &schema, ""), Vec::<String>::new(), "{document:#}");
    // Where nothing differs nothing is told.
    let other = run(place.path(), &["show", "prod-us"]);
    assert!(other.status == 0 && !other.stdout.contains("not in the source"), "{}", other.stdout);
}

#[test]
fn a_controller_that_does_not_pull_is_told_which_one_does() {
    let source = "cluster prod-aks on aks {\n  flux   = \"2.2\"\n  tenant = \"9f3f5a6c-77c1-4c3b-9a54-2b8f0b8ac111\"\n  \
                  helm-controller -> azure \"1b4e28ba-2fa1-41d2-883f-0016d3cca427\"\n}\n";
    let place = directory(&[("identity.flux", source)]);
    let check = run(place.path(), &["check"]);
    for said in [
        "help: to pull charts, map `source-controller` instead",
        "note: `helm-controller` reaches other clusters of AKS since Flux 2.7",
    ] {
        assert!(check.stderr.contains(said), "{}", check.stderr);
    }
    let pulls =
        "note: `source-controller` pulls charts and artifacts from ACR, Blob Storage and Azure DevOps";
    assert!(check.stderr.contains(pulls), "{}", check.stderr);
    let never = source
        .replace(
            "helm-controller -> azure \"1b4e28ba-2fa1-41d2-883f-0016d3cca427\"",
            "notification-controller -> aws \"arn:aws:iam::111122223333:role/flux\"",
        )
        .replace("aks on aks", "eks on eks");
    fs::write(place.path().join("identity.flux"), never).expect("it is written");
    let check = run(place.path(), &["check"]);
    assert!(check.stderr.contains("note: `image-reflector-controller` scans ECR"), "{}", check.stderr);
}

/// An overlay whose role is completed in the cluster.
const LATER: &str = "resources:\n- gotk-components.yaml\n- gotk-sync.yaml\npatches:\n- target:\n    kind: ServiceAccount\n    name: \
                     kustomize-controller\n  patch: |\n    apiVersion: v1\n    kind: ServiceAccount\n    metadata:\n      name: \
                     kustomize-controller\n      annotations:\n        eks.amazonaws.com/role-arn: \
                     arn:aws:iam::${AWS_ACCOUNT_ID}:role/flux-kms\n";

#[test]
fn a_value_that_is_known_later_stays_a_patch_and_is_allowed() {
    let place = directory(&[("clusters/prod-eks/flux-system/kustomization.yaml", LATER)]);
    let import = run(place.path(), &["import", "clusters", "-o", "identity.flux"]);
    assert!(
        import.stderr.contains("help: keep the patch if Flux substitutes the value"),
        "{}",
        import.stderr
    );
    let build = run(place.path(), &["build", "--adopt"]);
    assert_eq!(build.status, 0, "{}", build.stderr);
    let help = "help: write `allow F0353 \"…\"` in the cluster if Flux substitutes the value after the build";
    assert!(build.stderr.contains("warning[F0353]") && build.stderr.contains(help), "{}", build.stderr);
    let file = place.path().join("identity.flux");
    let source = fs::read_to_string(&file).expect("it is read");
    let allowed = source.replace(" on eks {\n", " on eks {\n  allow F0353 \"substituted in the cluster\"\n");
    fs::write(&file, allowed).expect("it is written");
    let check = run(place.path(), &["check", "--deny", "warnings"]);
    assert_eq!(check.status, 0, "{}", check.stderr);
    let overlay = fs::read_to_string(place.path().join("clusters/prod-eks/flux-system/kustomization.yaml"));
    assert!(overlay.expect("it is read").contains("${AWS_ACCOUNT_ID}"), "it is handed on");
}

#[test]
fn nobody_is_led_in_a_circle_by_a_value_that_is_known_later() {
    let later = "note: a value that Flux substitutes after the build cannot be in a source";
    for written in ["${AWS_ACCOUNT_ID}", "$AWS_ACCOUNT_ID", "$${AWS_ACCOUNT_ID}"] {
        let source = format!(
            "cluster prod-eks on eks {{\n  kustomize-controller -> aws \"arn:aws:iam::{written}:role/flux\"\n}}\n"
        );
        let check = run(directory(&[("identity.flux", &source)]).path(), &["check"]);
        assert!(check.stderr.contains(later), "{written}: {}", check.stderr);
    }
    let source =
        "cluster prod-eks on eks {\n  kustomize-controller -> aws \"arn:aws:iam::${acount}:role/flux\"\n}\n";
    let check = run(directory(&[("identity.flux", source)]).path(), &["check"]);
    assert!(check.stderr.contains("error[F0105]") && !check.stderr.contains(later), "{}", check.stderr);
}

#[test]
fn a_cluster_that_becomes_a_component_is_told_once_what_to_do_with_its_overlay() {
    let source =
        "cluster prod-eu on eks {\n  source-controller -> aws \"arn:aws:iam::111122223333:role/flux\"\n}\n";
    let place = directory(&[("identity.flux", source)]);
    let overlay = place.path().join("clusters/prod-eu/flux-system/kustomization.yaml");
    assert_eq!(run(place.path(), &["build"]).status, 0);
    let component = source.replace("on eks {\n", "on eks {\n  emit = component\n");
    fs::write(place.path().join("identity.flux"), component).expect("it is written");
    let build = run(place.path(), &["build", "--prune"]);
    assert!(build.status == 0 && !build.stdout.contains("removed"), "{}{}", build.stdout, build.stderr);
    // No manifests of Flux are there.
    let is_told = |code: &&str| *code != "F0316";
    let codes = |run: &Run| {
        run.stderr.lines().filter_map(code).filter(is_told).map(str::to_owned).collect::<Vec<String>>()
    };
    assert_eq!(codes(&build), ["F0328"], "{}", build.stderr);
    let check = run(place.path(), &["check"]);
    assert_eq!(codes(&check), ["F0328"], "{}", check.stderr);
    let help = "in `clusters/prod-eu/flux-system/kustomization.yaml`, remove the first two lines and the patches of \
                identities, and add `components: [identity]`; then build";
    assert!(check.stderr.contains(help), "{}", check.stderr);
    // As the help says.
    let text = fs::read_to_string(&overlay).expect("it is read");
    let kept = text.lines().skip(2).take_while(|line| *line != "patches:").map(|line| format!("{line}\n"));
    let by_hand = format!("{}components: [identity]\n", kept.collect::<String>());
    fs::write(&overlay, by_hand).expect("it is written");
    let check = run(place.path(), &["check"]);
    assert_eq!((check.status, codes(&check)), (0, Vec::new()), "{}", check.stderr);
}

#[test]
fn an_overlay_with_a_container_without_an_image_is_imported_with_a_warning() {
    let overlay = "resources:\n- gotk-components.yaml\n- gotk-sync.yaml\npatches:\n- target: {kind: Deployment, name: source-controller}\n  \
                   patch: |\n    apiVersion: apps/v1\n    kind: Deployment\n    metadata:\n      name: source-controller\n    spec:\n      \
                   template:\n        spec:\n          containers:\n          - name: controller\n            resources: {limits: {memory: 2Gi}}\n\
                   - target: {kind: ServiceAccount, name: source-controller}\n  patch: |\n    apiVersion: v1\n    kind: ServiceAccount\n    \
                   metadata:\n      name: source-controller\n      annotations:\n        eks.amazonaws.com/role-arn: \
                   arn:aws:iam::111122223333:role/flux\n";
    let place = directory(&[("clusters/prod-eks/flux-system/kustomization.yaml", overlay)]);
    let import = run(place.path(), &["import", "clusters", "-o", "identity.flux"]);
    assert_eq!(import.status, 0, "{}", import.stderr);
    let said = "the pods of `source-controller` will have a container `controller` without an image";
    assert!(import.stderr.contains("F0530") && import.stderr.contains(said), "{}", import.stderr);
}

#[test]
fn a_component_that_moves_all_objects_is_the_cause_and_no_second_flux() {
    let source = "cluster prod-eu on eks {\n  component \"monitoring\"\n  \
                  source-controller -> aws \"arn:aws:iam::111122223333:role/flux\"\n}\n";
    let component = "apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\nnamespace: monitoring\n";
    let place = directory(&[
        ("identity.flux", source),
        ("monitoring/kustomization.yaml", component),
        ("clusters/prod-eu/flux-system/gotk-components.yaml", COMPONENTS),
    ]);
    let check = run(place.path(), &["check", "--format", "short"]);
    assert!(check.stderr.contains("F0352") && !check.stderr.contains("F0313"), "{}", check.stderr);
    let check = run(place.path(), &["check"]);
    assert!(check.stderr.contains("set by this component"), "{}", check.stderr);
    assert!(check.stderr.contains("`monitoring/source-controller`"), "{}", check.stderr);
    assert!(check.stderr.contains("`monitoring/kustomization.yaml`"), "{}", check.stderr);
}

#[test]
fn an_annotation_that_gke_lacks_is_told_with_what_takes_it_away() {
    let source =
        "cluster dev on gke {\n  source-controller -> gcp \"flux-gar@acme-dev.iam.gserviceaccount.com\"\n}\n";
    let above = "resources: [flux-system]\npatches:\n- target: {kind: ServiceAccount}\n  patch: |\n    - op: add\n      \
                 path: /metadata/annotations\n      value: {owner: platform}\n";
    let place = directory(&[
        ("identity.flux", source),
        ("clusters/dev/kustomization.yaml", above),
        ("clusters/dev/flux-system/gotk-components.yaml", COMPONENTS),
    ]);
    let check = run(place.path(), &["check"]);
    assert!(check.stderr.contains("F0352"), "{}", check.stderr);
    assert!(check.stderr.contains("which has no identity"), "{}", check.stderr);
    assert!(check.stderr.contains("`clusters/dev/kustomization.yaml`, line 3"), "{}", check.stderr);
}

/// What the check of a controller on EKS says whose pods are patched with this. `pods`: lines of the pod; `manager`: lines of
/// the container.
fn checked_pods(pods: &str, manager: &str) -> String {
    let source = "cluster prod-eu on eks {\n  patch \"patch.yaml\"\n  \
                  source-controller -> aws \"arn:aws:iam::111122223333:role/flux\"\n}\n";
    let patch = format!(
        "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: source-controller\n  namespace: flux-system\nspec:\n  \
         template:\n    spec:\n{pods}      containers:\n      - name: manager\n{manager}"
    );
    let notification = COMPONENTS.replace("source-controller", "notification-controller");
    let (_, notification) = notification.split_once("---\n").expect("it has several documents");
    let place = directory(&[
        ("identity.flux", source),
        ("patch.yaml", &patch),
        ("clusters/prod-eu/flux-system/gotk-components.yaml", &format!("{COMPONENTS}---\n{notification}")),
    ]);
    run(place.path(), &["check"]).stderr
}

fn variables(all: &[(&str, &str)]) -> String {
    let lines =
        all.iter().map(|(name, value)| format!("        - name: {name}\n          value: \"{value}\"\n"));
    format!("        env:\n{}", lines.collect::<String>())
}

#[test]
fn nodes_that_images_of_flux_are_not_for_are_told() {
    let selected =
        |label: &str| checked_pods(&format!("      nodeSelector: {{{label}}}\n"), "        tty: false\n");
    for label in ["kubernetes.io/os: windows", "kubernetes.io/arch: amd46"] {
        let said = selected(label);
        assert!(said.contains(&format!("their images are for no node with `{label}`")), "{said}");
        assert!(said.contains("`patch.yaml`, line 9"), "{said}");
    }
    for label in ["kubernetes.io/os: linux", "kubernetes.io/arch: arm64", "pool: windows"] {
        let said = selected(label);
        assert!(!said.contains("F0382"), "{said}");
    }
}

#[test]
fn a_region_that_aws_cannot_have_is_told() {
    let in_region = |region: &str| checked_pods("", &variables(&[("AWS_REGION", region)]));
    for region in ["eu-wst-1", "eu-west1", "EU-WEST-1"] {
        let said = in_region(region);
        assert!(said.contains(&format!("`AWS_REGION` is `{region}`, which is no region of AWS")), "{said}");
    }
    // A newer region has a direction that others have.
    for region in ["eu-west-1", "eu-west-9"] {
        let said = in_region(region);
        assert!(!said.contains("no region of AWS"), "{said}");
    }
    let endpoint = [("AWS_REGION", "minio"), ("AWS_ENDPOINT_URL_STS", "https://sts.eu-west-1.amazonaws.com")];
    let said = checked_pods("", &variables(&endpoint));
    assert!(!said.contains("no region of AWS"), "{said}");
}

#[test]
fn a_proxy_that_requests_for_other_controllers_go_to_is_told() {
    const PROXY: (&str, &str) = ("HTTP_PROXY", "http://proxy.example.com:3128");
    let words = "requests of `source-controller` to other controllers will go to the proxy of `HTTP_PROXY`";
    for more in [None, Some("169.254.169.254,example.com")] {
        let no_proxy = more.map(|hosts| ("NO_PROXY", hosts));
        let all: Vec<(&str, &str)> = [PROXY].into_iter().chain(no_proxy).collect();
        let said = checked_pods("", &variables(&all));
        assert!(said.contains(words) && said.contains("`patch.yaml`, line"), "{said}");
    }
    for hosts in [".cluster.local.,.cluster.local,.svc", "*", "notification-controller"] {
        let said = checked_pods("", &variables(&[PROXY, ("NO_PROXY", hosts)]));
        assert!(!said.contains(words), "{said}");
    }
}

#[test]
fn an_image_that_is_misspelt_in_the_manifests_is_told() {
    let source =
        "cluster prod-eu on eks {\n  source-controller -> aws \"arn:aws:iam::111122223333:role/flux\"\n}\n";
    let checked = |image: &str| {
        let components = COMPONENTS.replace("ghcr.io/fluxcd/source-controller", image);
        let place = directory(&[
            ("identity.flux", source),
            ("clusters/prod-eu/flux-system/gotk-components.yaml", &components),
        ]);
        run(place.path(), &["check"]).stderr
    };
    let said = checked("ghcr.io/fluxcd/source-controler");
    assert!(said.contains("will run the image `ghcr.io/fluxcd/source-controler:v1.6.0`"), "{said}");
    // A distribution has images of other names.
    let said = checked("registry.example.com/fluxcd/artifacts");
    assert!(!said.contains("F0382"), "{said}");
}

/// The codes and the notes of a fleet below a kustomization with these lines.
fn below(lines: &str) -> (Vec<String>, String) {
    let source =
        "cluster prod-eu on eks {\n  source-controller -> aws \"arn:aws:iam::111122223333:role/flux\"\n}\n";
    let kustomization = format!("resources: [flux-system]\n{lines}\n");
    let manifests = "apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: source-controller, namespace: flux-system}\n---\n\
                     apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: source-controller, namespace: flux-system}\n\
                     spec: {template: {spec: {serviceAccountName: source-controller, containers: [{name: manager, image: x}]}}}\n";
    let place = directory(&[
        ("identity.flux", source),
        ("clusters/prod-eu/kustomization.yaml", &kustomization),
        ("clusters/prod-eu/flux-system/gotk-components.yaml", manifests),
        ("clusters/prod-eu/there.yaml", "{}\n"),
    ]);
    let built = run(place.path(), &["build"]);
    let said = if built.status == 0 { run(place.path(), &["check"]).stderr } else { built.stderr };
    (said.lines().filter_map(code).map(str::to_owned).collect(), said)
}

#[test]
fn a_file_that_a_field_names_and_that_is_not_there_ends_the_build() {
    for field in ["generators", "transformers", "validators", "configurations", "crds"] {
        let (codes, said) = below(&format!("{field}: [gone.yaml]"));
        assert_eq!(codes, ["F0370"], "{field}: {said}");
        assert!(said.contains("`gone.yaml` does not exist"), "{field}: {said}");
        assert!(said.contains("`clusters/prod-eu/kustomization.yaml`, line 2"), "{field}: {said}");
        let (codes, said) = below(&format!("{field}: [there.yaml]"));
        assert!(!codes.contains(&"F0370".to_owned()), "{field}: {said}");
    }
    for lines in ["openapi: {path: gone.yaml}", "replacements: [{path: gone.yaml}]"] {
        assert_eq!(below(lines).0, ["F0370"], "{lines}");
    }
    for lines in ["transformers: [\"kind: X\\nname: y\"]", "generators: []", "openapi: {version: v1}"] {
        assert!(!below(lines).0.contains(&"F0370".to_owned()), "{lines}");
    }
}

#[test]
fn charts_of_helm_end_the_build() {
    let (codes, said) = below("helmCharts: [{name: a, repo: https://example.com, version: 1.0.0}]");
    assert_eq!(codes, ["F0370"], "{said}");
    assert!(said.contains("charts of Helm"), "{said}");
    assert_eq!(below("helmCharts: []").0, [""; 0]);
}

#[test]
fn a_key_that_a_patch_has_twice_is_built() {
    let merge = "patches:\n- patch: |-\n    apiVersion: apps/v1\n    kind: Deployment\n    metadata: {name: source-controller}\n    spec:\n      paused: false\n      paused: false\n";
    let (codes, said) = below(merge);
    assert_eq!(codes, ["F0316"], "{said}");
    let operations = "patches:\n- target: {kind: Deployment}\n  patch: |-\n    - op: add\n      path: /metadata/annotations\n      path: /metadata/labels\n      value: {a: b}\n";
    assert_eq!(below(operations).0, [""; 0]);
}

/// The check of a fleet whose pods have this volume, and that builds these objects too.
fn with_volume(volume: &str, objects: &str) -> Run {
    let source = FLEET.replace("KIND", "Deployment").replacen("{\n", "{\n  resource \"own\"\n", 1);
    let head = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: source-controller}\n";
    let patch =
        format!("{head}spec:\n  template:\n    spec:\n      volumes:\n      - name: own\n        {volume}\n");
    let place = directory(&[
        ("identity.flux", &source),
        ("patch.yaml", &patch),
        ("own/kustomization.yaml", objects),
        ("own/claim.yaml", CLAIM),
    ]);
    run(place.path(), &["build"])
}

const CLAIM: &str = "apiVersion: v1\nkind: PersistentVolumeClaim\nmetadata: {name: source-artifacts, namespace: flux-system}\n";
const OBJECTS: &str = "namespace: flux-system\nresources: [claim.yaml]\nconfigMapGenerator:\n- {name: ca-bundle, literals: [a=b]}\nsecretGenerator:\n- {name: token-v1, literals: [a=b]}\n";

#[test]
fn a_volume_that_names_a_built_object_by_a_slip_is_reported() {
    for (volume, meant) in [
        ("persistentVolumeClaim: {claimName: source-artifact}", Some("source-artifacts")),
        ("persistentVolumeClaim: {claimName: source-artifacts}", None),
        ("persistentVolumeClaim: {claimName: other-claim}", None),
        ("configMap: {name: ca-bundel}", Some("ca-bundle")),
        ("configMap: {name: ca-bundle}", None),
        ("configMap: {name: ca-bundel, optional: true}", None),
        ("configMap: {name: source-artifact}", None),
        ("projected: {sources: [{configMap: {name: ca-bundel}}]}", Some("ca-bundle")),
        ("secret: {secretName: tokn-v1}", Some("token-v1")),
        // Of versions the cluster may have both.
        ("secret: {secretName: token-v2}", None),
    ] {
        let found = with_volume(volume, OBJECTS);
        let said = meant.map(|meant| format!("= help: write `{meant}`, or allow this warning"));
        let number = usize::from(meant.is_some());
        assert_eq!(found.stderr.matches("[F0382]").count(), number, "{volume}: {}", found.stderr);
        assert!(found.stderr.contains(&said.unwrap_or_default()), "{volume}: {}", found.stderr);
        let place = "the name is set by `patch.yaml`, line 9";
        assert!(meant.is_none() || found.stderr.contains(place), "{volume}: {}", found.stderr);
    }
}

#[test]
fn an_object_that_something_else_names_is_not_meant_by_a_slip() {
    let pod = "- target: {kind: PersistentVolumeClaim}\n  patch: |-\n    [{op: add, path: /spec, value: {dataSource: {name: ca-bundle}}}]\n";
    let objects = format!("{OBJECTS}patches:\n{pod}");
    let found = with_volume("configMap: {name: ca-bundel}", &objects);
    assert!(!found.stderr.contains("[F0382]"), "{}", found.stderr);
}
