//! Whether Flux applies an overlay: the path of its Kustomization, what is listed on the way, and the files that it sees.

use std::fs;

use crate::harness::{Run, directory, run};

const SOURCE: &str =
    "cluster prod-eu on eks {\n  source-controller -> aws \"arn:aws:iam::111122223333:role/flux\"\n}\n";
const SYNC: &str = "clusters/prod-eu/flux-system/gotk-sync.yaml";
const COMPONENTS: &str = "clusters/prod-eu/flux-system/gotk-components.yaml";
const CONTROLLER: &str = "apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: source-controller, namespace: flux-system}\n---\n\
                          apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: source-controller, namespace: flux-system}\n\
                          spec: {template: {spec: {serviceAccountName: source-controller, containers: [{name: manager, image: x}]}}}\n";
const ABOVE: &str = "clusters/prod-eu/kustomization.yaml";
const REPOSITORY: &str = "---\napiVersion: source.toolkit.fluxcd.io/v1\nkind: GitRepository\nmetadata:\n  name: flux-system\n  namespace: \
                          flux-system\nspec:\n  url: https://git.example.com/fleet\n";

/// The Kustomization that `flux bootstrap` writes, with these lines in its `spec`.
fn sync(spec: &str) -> String {
    let lines: String = spec.lines().flat_map(|line| ["  ", line, "\n"]).collect();
    format!(
        "apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata:\n  name: flux-system\n  namespace: \
         flux-system\nspec:\n  sourceRef:\n    kind: GitRepository\n    name: flux-system\n{lines}"
    )
}

/// What `build` finds of a cluster with a Kustomization of Flux, beside other files.
fn build(spec: &str, others: &[(&str, &str)]) -> Run {
    build_source(SOURCE, &sync(spec), others)
}

fn build_source(source: &str, sync: &str, others: &[(&str, &str)]) -> Run {
    let mut sync = sync.to_owned();
    if !sync.contains("kind: GitRepository\nmetadata") {
        sync += REPOSITORY;
    }
    let mut files = vec![("identity.flux", source), (SYNC, &sync)];
    if !others.iter().any(|(path, _)| *path == COMPONENTS) {
        files.push((COMPONENTS, CONTROLLER));
    }
    files.extend(others);
    run(directory(&files).path(), &["build"])
}

fn is_reported(run: &Run) -> bool {
    run.stderr.contains("warning[F0380]")
}

#[test]
fn a_path_that_leads_to_the_overlay_is_right_however_it_is_written() {
    for path in [
        "./clusters/prod-eu",
        "clusters/prod-eu/",
        "/clusters/prod-eu",
        "./clusters/prod-eu/flux-system",
        "./clusters/../clusters/./prod-eu",
        "../../clusters/prod-eu",
        "./",
        ".",
        "./clusters",
    ] {
        let run = build(&format!("path: {path}"), &[]);
        assert!(run.status == 0 && !is_reported(&run), "{path}: {}", run.stderr);
    }
    let run = build("prune: false", &[]);
    assert!(!is_reported(&run), "{}", run.stderr);
}

#[test]
fn a_path_that_leads_elsewhere_is_reported_with_the_right_one() {
    let other = [("clusters/prod-us/flux-system/kustomization.yaml", "resources: [gotk-sync.yaml]\n")];
    for (path, others, there) in [
        ("./clusters/prod-us", &other[..], "which does not include it"),
        ("./clusters/prod", &[], "which does not exist"),
        ("./prod-eu", &[], "which does not exist"),
        ("./clusters/prod-eu/apps", &[("clusters/prod-eu/apps/a.yaml", "")], "which does not include it"),
    ] {
        let run = build(&format!("path: {path}"), others);
        let message = format!("its Kustomization has the path `{path}`, {there}");
        assert!(is_reported(&run) && run.stderr.contains(&message), "{path}: {}", run.stderr);
        assert!(run.stderr.contains("help: write `path: ./clusters/prod-eu`"), "{path}: {}", run.stderr);
        assert!(
            run.stderr.contains(&format!("the path is set by `{SYNC}`, line 10")),
            "{path}: {}",
            run.stderr
        );
    }
}

#[test]
fn a_path_begins_at_the_root_of_the_repository() {
    let place = directory(&[
        ("fleet/identity.flux", SOURCE),
        (&format!("fleet/{SYNC}"), &sync("path: ./clusters/prod-eu")),
        (&format!("fleet/{COMPONENTS}"), CONTROLLER),
        (".git/HEAD", ""),
    ]);
    // What is outside of the directory of the source is not read.
    let source = place.path().join("fleet");
    assert!(!is_reported(&run(&source, &["build"])));
    fs::write(source.join(SYNC), sync("path: ./fleet/clusters/prod-eu")).expect("it is written");
    assert!(!is_reported(&run(&source, &["build"])));
    fs::write(source.join(SYNC), sync("path: ./fleet/clusters/prod-us")).expect("it is written");
    let run = run(&source, &["build"]);
    assert!(run.stderr.contains("write `path: ./fleet/clusters/prod-eu`"), "{}", run.stderr);
}

#[test]
fn a_kustomization_on_the_way_has_to_list_the_overlay() {
    let path = "path: ./clusters/prod-eu";
    for (above, is_right) in [
        ("resources: [flux-system]\n", true),
        ("resources: [./flux-system/, apps.yaml]\n", true),
        ("resources: [../base]\n", true),
        ("resources: [apps.yaml]\n", false),
        ("resources: [apps]\n", false),
        ("resources: [flux-system/gotk-components.yaml, flux-system/gotk-sync.yaml]\n", false),
    ] {
        let base = ("clusters/base/kustomization.yaml", "resources: [../prod-eu/flux-system]\n");
        let run = build(path, &[(ABOVE, above), base]);
        assert_eq!(is_reported(&run), !is_right, "{above}: {}", run.stderr);
        if !is_right {
            assert!(run.stderr.contains(&format!("`{ABOVE}` does not list its directory")), "{}", run.stderr);
            assert!(run.stderr.contains("`- flux-system`"), "{}", run.stderr);
        }
    }
    // The same below a directory for which Flux generates a kustomization.
    let run = build("path: ./clusters", &[(ABOVE, "resources: [apps.yaml]\n")]);
    assert!(run.stderr.contains(&format!("`{ABOVE}` does not list its directory")), "{}", run.stderr);
}

#[test]
fn manifests_listed_above_are_reported_before_flux_is_bootstrapped() {
    let above = "resources: [flux-system/gotk-components.yaml]\n";
    let place = directory(&[("identity.flux", SOURCE), (ABOVE, above)]);
    let found = run(place.path(), &["build"]);
    let help = "replace `- flux-system/gotk-components.yaml` with `- flux-system`";
    assert!(is_reported(&found) && found.stderr.contains(help), "{}", found.stderr);
    let place = directory(&[("identity.flux", SOURCE), (ABOVE, "resources: [apps.yaml]\n")]);
    let found = run(place.path(), &["build"]);
    assert!(!is_reported(&found), "{}", found.stderr);
}

#[test]
fn a_component_is_applied_with_the_kustomization_that_includes_it() {
    let source = SOURCE.replace("on eks {\n", "on eks {\n  emit = component\n");
    let overlay = (
        "clusters/prod-eu/flux-system/kustomization.yaml",
        "resources: [gotk-components.yaml, gotk-sync.yaml]\ncomponents: [identity]\n",
    );
    let others = [overlay, (COMPONENTS, CONTROLLER)];
    let right = build_source(&source, &sync("path: ./clusters/prod-eu"), &others);
    assert!(right.status == 0 && !is_reported(&right), "{}", right.stderr);
    let wrong = build_source(&source, &sync("path: ./clusters/prod-us"), &others);
    assert!(wrong.stderr.contains("help: write `path: ./clusters/prod-eu`"), "{}", wrong.stderr);
}

#[test]
fn a_suspended_kustomization_is_reported_wherever_it_is_suspended() {
    let run = build("path: ./clusters/prod-eu\nsuspend: true", &[]);
    assert!(is_reported(&run) && run.stderr.contains("remove `suspend: true`"), "{}", run.stderr);
    assert!(run.stderr.contains(&format!("`suspend` is set by `{SYNC}`, line 11")), "{}", run.stderr);
    let run = build("path: ./clusters/prod-eu\nsuspend: false", &[]);
    assert!(!is_reported(&run), "{}", run.stderr);
    let source = SOURCE.replace("}\n", "  patch \"suspend.yaml\" { kind = \"Kustomization\" }\n}\n");
    let patch = "- op: add\n  path: /spec/suspend\n  value: true\n";
    let run = build_source(&source, &sync("path: ./clusters/prod-eu"), &[("suspend.yaml", patch)]);
    assert!(is_reported(&run) && run.stderr.contains("`suspend.yaml`, line 2"), "{}", run.stderr);
}

#[test]
fn a_kustomization_of_another_cluster_is_reported_without_its_path() {
    let run = build("path: ./elsewhere\nkubeConfig:\n  secretRef:\n    name: other", &[]);
    assert!(is_reported(&run) && run.stderr.contains("its Kustomization has `kubeConfig`"), "{}", run.stderr);
    assert!(!run.stderr.contains("./elsewhere") && run.stderr.contains("1 warning\n"), "{}", run.stderr);
    let run = build("path: ./clusters/prod-eu\nkubeConfig: null", &[]);
    assert!(!is_reported(&run), "{}", run.stderr);
}

#[test]
fn an_encrypted_secret_needs_a_kustomization_that_decrypts_it() {
    let secret = |kind: &str, annotations: &str| {
        format!(
            "apiVersion: v1\nkind: {kind}\nmetadata:\n  name: token\n  namespace: flux-system\n  annotations: \
             {{{annotations}}}\nstringData:\n  token: ENC[AES256_GCM,data:x,type:str]\nsops:\n  mac: ENC[x]\n  version: 3.9.0\n"
        )
    };
    let found = |spec: &str, secret: &str| {
        build(&format!("path: ./clusters/prod-eu\n{spec}"), &[("clusters/prod-eu/secret.yaml", secret)])
    };
    let run = found("prune: true", &secret("Secret", ""));
    assert!(
        is_reported(&run) && run.stderr.contains("does not decrypt the Secret `token`"),
        "{}",
        run.stderr
    );
    assert!(run.stderr.contains("`token` is in `clusters/prod-eu/secret.yaml`"), "{}", run.stderr);
    for (spec, secret) in [
        ("decryption:\n  provider: sops", secret("Secret", "")),
        ("prune: true", secret("Secret", "kustomize.toolkit.fluxcd.io/decrypt: Disabled")),
        ("prune: true", secret("ConfigMap", "")),
        ("prune: true", secret("Secret", "").replace("sops:", "immutable:")),
    ] {
        let run = found(spec, &secret);
        assert!(!is_reported(&run), "{spec}\n{secret}: {}", run.stderr);
    }
}

#[test]
fn an_object_without_the_namespace_that_its_kind_needs_is_reported() {
    let source = SOURCE.replace("}\n", "  resource \"extra\"\n}\n");
    let of_flux = "apiVersion: source.toolkit.fluxcd.io/v1\nkind: Bucket\nmetadata: {name: a}\n";
    for (text, spec, found) in [
        ("apiVersion: v1\nkind: Secret\nmetadata: {name: a}\n", "", Some("the Secret `a` has no namespace")),
        (of_flux, "", Some("the Bucket `a` has no namespace")),
        ("apiVersion: v1\nkind: Secret\nmetadata: {name: a, namespace: apps}\n", "", None),
        ("apiVersion: v1\nkind: Secret\nmetadata: {name: a}\n", "\ntargetNamespace: flux-system", None),
        ("apiVersion: v1\nkind: Namespace\nmetadata: {name: a}\n", "", None),
        ("apiVersion: example.com/v1\nkind: Secret\nmetadata: {name: a}\n", "", None),
    ] {
        let extra = [("extra/kustomization.yaml", "resources: [a.yaml]\n"), ("extra/a.yaml", text)];
        let run = build_source(&source, &sync(&format!("path: ./clusters/prod-eu{spec}")), &extra);
        assert_eq!(is_reported(&run), found.is_some(), "{text}: {}", run.stderr);
        assert!(run.stderr.contains(found.unwrap_or_default()), "{text}: {}", run.stderr);
        assert!(found.is_none() || run.stderr.contains("it is in `extra/a.yaml`, line 3"), "{}", run.stderr);
    }
}

#[test]
fn a_path_that_says_nothing_of_this_repository_is_not_compared() {
    let run = build("path: ./clusters/${cluster}\npostBuild: {substitute: {cluster: prod-eu}}", &[]);
    assert!(!is_reported(&run), "{}", run.stderr);
    for (from, to) in [("kind: GitRepository", "kind: OCIRepository"), ("kind: Kustomization", "kind: Other")]
    {
        let run = build_source(SOURCE, &sync("path: ./elsewhere").replace(from, to), &[]);
        assert!(!is_reported(&run), "{to}: {}", run.stderr);
    }
}

#[test]
fn a_variable_in_a_path_is_compared_as_it_is_where_flux_writes_no_values() {
    let found = build("path: ./clusters/${cluster}", &[]);
    let message = "its Kustomization has the path `./clusters/${cluster}`, which does not exist";
    assert!(is_reported(&found) && found.stderr.contains(message), "{}", found.stderr);
    assert!(found.stderr.contains("only with `postBuild`"), "{}", found.stderr);
}

#[test]
fn what_the_kustomization_of_flux_changes_is_part_of_what_pods_get() {
    let leads_there = "path: ./clusters/prod-eu\n";
    let patch = "patches:\n- target: {kind: ServiceAccount}\n  patch: |\n    - op: add\n      path: /metadata/annotations\n      \
                 value: {eks.amazonaws.com/role-arn: arn:aws:iam::111122223333:role/other}";
    let common = "commonMetadata:\n  annotations:\n    eks.amazonaws.com/role-arn: arn:aws:iam::111122223333:role/other";
    for (spec, code) in [
        (patch, "error[F0351]"),
        (common, "error[F0351]"),
        ("targetNamespace: other", "error[F0352]"),
        ("namePrefix: other-", "error[F0352]"),
        (
            "patches:\n- patch: '{apiVersion: v1, kind: ServiceAccount, metadata: {name: none}}'",
            "error[F0370]",
        ),
        ("components: [../extras]", "note[F0316]"),
    ] {
        let (sync, files) =
            (sync(&format!("{leads_there}{spec}")), [("identity.flux", SOURCE), (COMPONENTS, CONTROLLER)]);
        let run = run(directory(&[&files[..], &[(SYNC, &sync)]].concat()).path(), &["check"]);
        assert!(run.stderr.contains(code), "{spec}: {}", run.stderr);
        let is_named = run.stderr.contains(SYNC) || run.stderr.contains("`spec.components`");
        assert!(is_named && !run.stderr.contains("flux-identity-applied"), "{spec}: {}", run.stderr);
    }
}

#[test]
fn what_the_kustomization_of_flux_changes_elsewhere_is_not_reported() {
    for spec in [
        "targetNamespace: flux-system",
        "images:\n- {name: ghcr.io/fluxcd/source-controller, newTag: v1.7.0}",
        "commonMetadata:\n  labels: {team: platform}",
        "patches: []\ncomponents: []\nnamePrefix: ''",
        "postBuild:\n  substitute: {cluster: prod-eu}",
        "prune: false",
    ] {
        let run = build(&format!("path: ./clusters/prod-eu\n{spec}"), &[(COMPONENTS, CONTROLLER)]);
        assert!(run.status == 0 && !run.stderr.contains("[F"), "{spec}: {}", run.stderr);
    }
}

#[test]
fn patterns_that_exclude_the_overlay_are_reported_with_their_place() {
    let path = "path: ./clusters/prod-eu";
    let repository = "---\napiVersion: source.toolkit.fluxcd.io/v1\nkind: GitRepository\nmetadata:\n  name: flux-system\n  namespace: \
                      flux-system\nspec:\n  ignore: |\n    /*\n    !/apps\n";
    for (patterns, place) in
        [("# clusters\n/clusters/\n", ".sourceignore`, line 2"), ("gotk-*.yaml\n", ".sourceignore`, line 1")]
    {
        let run = build(path, &[(".sourceignore", patterns)]);
        assert!(is_reported(&run) && run.stderr.contains(place), "{patterns}: {}", run.stderr);
    }
    let run = build_source(SOURCE, &(sync(path) + repository), &[]);
    assert!(is_reported(&run) && run.stderr.contains("the pattern `/*` excludes it"), "{}", run.stderr);
    assert!(run.stderr.contains("add `!/clusters/prod-eu/flux-system/` after it"), "{}", run.stderr);
    for (patterns, of_source) in [
        ("/*\n!/clusters\n", ""),
        ("apps/\n*.md\n", ""),
        ("/clusters\n", &*repository.replace("!/apps", "!/clusters")),
    ] {
        let run = build_source(SOURCE, &(sync(path) + of_source), &[(".sourceignore", patterns)]);
        assert!(run.status == 0 && !is_reported(&run), "{patterns}: {}", run.stderr);
    }
}

#[test]
fn patterns_begin_at_the_directory_of_their_file() {
    let path = "path: ./clusters/prod-eu";
    for (file, patterns, exception) in [
        ("clusters/.sourceignore", "/prod-eu/\n", "`!/prod-eu/flux-system/`"),
        ("clusters/prod-eu/flux-system/.sourceignore", "*.yaml\n", "`!/kustomization.yaml`"),
    ] {
        let run = build(path, &[(file, patterns)]);
        assert!(is_reported(&run) && run.stderr.contains(file), "{file}: {}", run.stderr);
        assert!(run.stderr.contains(&format!("add {exception} after it")), "{file}: {}", run.stderr);
    }
    for (outer, inner) in [("/clusters/\n", "!/prod-eu\n"), ("", "/clusters/\n")] {
        let run = build(path, &[(".sourceignore", outer), ("clusters/.sourceignore", inner)]);
        assert!(run.status == 0 && !is_reported(&run), "{inner}: {}", run.stderr);
    }
}

#[test]
fn an_object_that_flux_builds_twice_is_reported_unless_flux_does_not_fetch_the_second() {
    let account =
        "apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: source-controller, namespace: flux-system}\n";
    let second = ("clusters/prod-eu/account.yaml", account);
    let leads_there = "path: ./clusters/prod-eu";
    let lists_none = (ABOVE, "resources: [apps.yaml]\n");
    for (path, others, is_twice) in [
        (leads_there, &[second][..], true),
        (leads_there, &[second, (".sourceignore", "*.md\n")], true),
        (leads_there, &[second, (".sourceignore", "account.yaml\n")], false),
        (leads_there, &[second, ("clusters/prod-eu/.sourceignore", "/account.yaml\n")], false),
        (leads_there, &[second, (ABOVE, "resources: [flux-system]\n")], false),
        ("path: ./", &[("account.yaml", account)], true),
        ("path: ./", &[("account.yaml", account), lists_none], false),
        ("path: ./clusters/prod-us", &[second], false),
        ("path: ./clusters/prod-eu\nkubeConfig: {secretRef: {name: other}}", &[second], false),
    ] {
        let run = build(path, others);
        assert_eq!(run.stderr.contains("exists twice"), is_twice, "{path} {others:?}: {}", run.stderr);
    }
}

#[test]
fn a_component_has_to_be_part_of_what_flux_builds() {
    let source = SOURCE.replace("on eks {\n", "on eks {\n  emit = component\n");
    let overlay = "clusters/prod-eu/flux-system/kustomization.yaml";
    let alone = (overlay, "resources: [gotk-components.yaml, gotk-sync.yaml]\n");
    let upon = (ABOVE, "resources: [../../apps/flux]\n");
    let elsewhere = (
        "apps/flux/kustomization.yaml",
        "resources: [../../clusters/prod-eu/flux-system]\ncomponents: [../../clusters/prod-eu/flux-system/identity]\n",
    );
    let manifests = (COMPONENTS, CONTROLLER);
    for (path, others, expected) in [
        ("path: ./clusters/prod-eu", &[alone, manifests][..], "error[F0381]"),
        ("path: ./clusters/prod-eu", &[alone, manifests, upon, elsewhere], ""),
        ("path: ./clusters/${name}", &[alone, manifests], "warning[F0328]"),
    ] {
        let run = build_source(&source, &sync(path), others);
        let found: Vec<&str> = run.stderr.lines().filter(|line| line.contains("[F03")).collect();
        let is_right = if expected.is_empty() { found.is_empty() } else { found.len() == 1 };
        assert!(is_right && run.stderr.contains(expected), "{path}: {}", run.stderr);
    }
}

// ---------------------------------------------------------------------------------------------------
// What Flux builds

/// What `build` finds of a cluster whose Kustomization leads to its directory, beside these files.
fn applied_with(others: &[(&str, &str)]) -> Run {
    build("path: ./clusters/prod-eu", &[&[(COMPONENTS, CONTROLLER)], others].concat())
}

const ACCOUNT: &str =
    "apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: source-controller, namespace: flux-system}\n";

#[test]
fn a_kustomization_above_the_path_of_flux_changes_nothing() {
    let found = applied_with(&[(
        "clusters/kustomization.yaml",
        "namePrefix: x-\nresources: [prod-eu/flux-system]\n",
    )]);
    assert!(found.status == 0 && !found.stderr.contains("[F"), "{}", found.stderr);
}

#[test]
fn other_objects_ignored_files_and_directories_with_a_kustomization_are_built_together() {
    let other = ACCOUNT.replace("flux-system", "apps");
    let found = applied_with(&[
        ("clusters/prod-eu/apps/kustomization.yaml", "resources: [account.yaml]\n"),
        ("clusters/prod-eu/apps/account.yaml", &other),
        ("clusters/prod-eu/old/gotk-components.yaml", CONTROLLER),
        ("clusters/prod-eu/blank.yaml", "# later\n"),
        (".sourceignore", "/clusters/*/old/\n"),
    ]);
    assert!(found.status == 0 && !found.stderr.contains("[F"), "{}", found.stderr);
}

#[test]
fn a_patch_above_the_overlay_counts_within_the_path_and_not_above_it() {
    let removes = "resources: [flux-system]\npatches:\n- patch: |\n    - op: remove\n      path: /metadata/annotations\n  target: {kind: ServiceAccount}\n";
    let adds = "resources: [prod-eu]\npatches:\n- patch: |\n    - op: add\n      path: /metadata/annotations\n      value: {eks.amazonaws.com/role-arn: arn:aws:iam::111122223333:role/flux-registry}\n  target: {kind: ServiceAccount}\n";
    let found = applied_with(&[(ABOVE, removes), ("clusters/kustomization.yaml", adds)]);
    assert!(found.status == 1 && found.stderr.contains("error[F0352]"), "{}", found.stderr);
}

// ---------------------------------------------------------------------------------------------------
// What restarts, proofs and adoptions build

/// Above the path of Flux, so that it counts for nothing, and not modelled.
const OUTSIDE: (&str, &str) =
    ("clusters/kustomization.yaml", "resources: [prod-eu/flux-system]\nreplacements: [{path: x.yaml}]\n");

#[test]
fn restarts_and_proofs_begin_at_the_path_of_flux() {
    let files = [("identity.flux", SOURCE), (COMPONENTS, CONTROLLER), OUTSIDE];
    let place = directory(&[&files[..], &[(SYNC, &sync("path: ./clusters/prod-eu"))]].concat());
    assert_eq!(run(place.path(), &["build"]).status, 0);
    fs::write(place.path().join("identity.flux"), SOURCE.replace("cluster", "# one line more\ncluster"))
        .expect("it is written");
    let found = run(place.path(), &["build", "--verify"]);
    assert!(found.status == 0 && !found.stdout.contains("restart"), "{}{}", found.stdout, found.stderr);
    fs::write(place.path().join("identity.flux"), SOURCE.replace("role/flux", "role/other"))
        .expect("it is written");
    let found = run(place.path(), &["build", "--verify"]);
    assert!(found.stdout.contains("nothing but identities changes"), "{}{}", found.stdout, found.stderr);
    assert!(found.stdout.contains("  source-controller\n"), "{}", found.stdout);
}

#[test]
fn an_adoption_that_changes_nothing_is_recognised_below_the_path_of_flux() {
    let by_hand = "resources: [gotk-components.yaml, gotk-sync.yaml]\npatches:\n- patch: |\n    apiVersion: v1\n    kind: ServiceAccount\n    \
                   metadata:\n      name: source-controller\n      annotations:\n        \
                   eks.amazonaws.com/role-arn: arn:aws:iam::111122223333:role/flux\n  target: {kind: ServiceAccount, name: source-controller}\n";
    let overlay = ("clusters/prod-eu/flux-system/kustomization.yaml", by_hand);
    let found = build("path: ./clusters/prod-eu", &[overlay, OUTSIDE]);
    assert!(found.status == 1 && found.stderr.contains("changes no cluster"), "{}", found.stderr);
}

#[test]
fn a_component_is_built_with_the_kustomization_that_includes_it_wherever_its_manifests_are() {
    let source = SOURCE
        .replace("on eks {\n", "on eks {\n  emit = component\n  output = \"clusters/prod-eu/identity\"\n");
    let beside = (
        "clusters/prod-eu/flux-system/kustomization.yaml",
        "resources: [gotk-components.yaml, gotk-sync.yaml]\n",
    );
    let removes = "resources: [flux-system]\ncomponents: [identity]\npatches:\n- patch: |\n    - op: remove\n      path: /metadata/annotations\n  \
                   target: {kind: ServiceAccount}\n";
    for (above, expected) in
        [("resources: [flux-system]\ncomponents: [identity]\n", ""), (removes, "error[F0352]")]
    {
        let run = build_source(&source, &sync("path: ./clusters/prod-eu"), &[beside, (ABOVE, above)]);
        let found: Vec<&str> = run.stderr.lines().filter(|line| line.contains("[F")).collect();
        assert!(found.len() == usize::from(!expected.is_empty()), "{}", run.stderr);
        assert!(run.stderr.contains(expected), "{}", run.stderr);
    }
}

// ---------------------------------------------------------------------------------------------------
// What else decides over what arrives

/// What `build` finds with these lines in the `spec` of the `GitRepository`.
fn with_repository(spec: &str, source: &str, others: &[(&str, &str)]) -> Run {
    let lines: String = spec.lines().flat_map(|line| ["  ", line, "\n"]).collect();
    let url = "  url: https://git.example.com/fleet\n";
    let repository = if spec.contains("url: ") { REPOSITORY.replace(url, "") } else { REPOSITORY.to_owned() };
    build_source(source, &(sync("path: ./clusters/prod-eu") + &repository + &lines), others)
}

/// A cluster with a patch of the objects of a kind, and the file of that patch.
fn patched(kind: &str) -> String {
    SOURCE.replace("}\n", &format!("  patch \"patch.yaml\" {{ kind = \"{kind}\" }}\n}}\n"))
}

#[test]
fn a_suspended_repository_is_reported_wherever_it_is_suspended() {
    let run = with_repository("suspend: true", SOURCE, &[]);
    assert!(is_reported(&run) && run.stderr.contains("its GitRepository is suspended"), "{}", run.stderr);
    let patch = "- op: add\n  path: /spec/suspend\n  value: true\n";
    let run = with_repository("interval: 1m", &patched("GitRepository"), &[("patch.yaml", patch)]);
    assert!(is_reported(&run) && run.stderr.contains("`patch.yaml`, line "), "{}", run.stderr);
}

#[test]
fn a_repository_that_follows_no_branch_is_reported() {
    for (spec, found) in [
        ("ref: {branch: main}", None),
        ("ref: {name: refs/heads/main}", None),
        ("ref: {name: refs/pull/1/head, tag: v1}", None),
        ("ref: {branch: main, tag: v1}", Some("from the tag `v1`")),
        ("ref: {tag: v1, semver: '>=1.0'}", Some("from the newest tag that matches `>=1.0`")),
        ("ref: {name: refs/tags/v1}", Some("from the tag `refs/tags/v1`")),
        ("ref: {branch: main, commit: 0a1b}", Some("from the commit `0a1b`")),
    ] {
        let run = with_repository(spec, SOURCE, &[]);
        assert_eq!(run.stderr.contains("warning[F0376]"), found.is_some(), "{spec}: {}", run.stderr);
        assert!(run.stderr.contains(found.unwrap_or_default()), "{spec}: {}", run.stderr);
    }
}

#[test]
fn a_repository_that_ssh_has_no_key_for_is_reported() {
    for (spec, is_right) in [
        ("url: ssh://git@git.example.com/fleet", false),
        ("url: ssh://git@git.example.com/fleet\nsecretRef: {}", false),
        ("url: ssh://git@git.example.com/fleet\nsecretRef: {name: flux-system}", true),
        ("url: https://git.example.com/fleet", true),
        ("provider: github\nurl: https://github.com/acme/fleet", true),
    ] {
        let found = with_repository(spec, SOURCE, &[]);
        let message = "its GitRepository has no `secretRef`, which `ssh://git@git.example.com/fleet` needs";
        assert_eq!(found.stderr.contains(message), !is_right, "{spec}: {}", found.stderr);
        assert_eq!(is_reported(&found), !is_right, "{spec}: {}", found.stderr);
    }
}

#[test]
fn a_pattern_of_a_patch_is_reported_at_the_patch() {
    for patch in [
        "- op: add\n  path: /spec/ignore\n  value: |\n    /clusters\n",
        "apiVersion: source.toolkit.fluxcd.io/v1\nkind: GitRepository\nmetadata: {name: flux-system}\nspec:\n  ignore: |\n    /clusters\n",
    ] {
        for spec in ["interval: 1m", "ignore: |\n  /apps"] {
            let run = with_repository(spec, &patched("GitRepository"), &[("patch.yaml", patch)]);
            assert!(is_reported(&run), "{}", run.stderr);
            assert!(run.stderr.contains("is set by `patch.yaml`, line "), "{}", run.stderr);
        }
    }
}

#[test]
fn a_sparse_checkout_is_compared_by_the_beginnings_of_paths() {
    for (entries, is_right) in [
        ("[clusters]", true),
        ("[./clusters/prod-eu/]", true),
        ("[apps, clus]", true),
        ("[apps]", false),
        ("[clusters/prod-eu/flux-system/kust]", false),
    ] {
        let run = with_repository(&format!("sparseCheckout: {entries}"), SOURCE, &[]);
        assert_eq!(is_reported(&run), !is_right, "{entries}: {}", run.stderr);
    }
    let base = ("infra/base/kustomization.yaml", "resources: [namespace.yaml]\n");
    let namespace =
        ("infra/base/namespace.yaml", "apiVersion: v1\nkind: Namespace\nmetadata: {name: apps}\n");
    let above = (ABOVE, "resources: [flux-system, ../../infra/base]\n");
    let run = with_repository("sparseCheckout: [clusters]", SOURCE, &[base, namespace, above]);
    assert!(is_reported(&run) && run.stderr.contains("add `- infra/base` to"), "{}", run.stderr);
}

#[test]
fn a_version_that_the_definitions_serve_is_right_and_unknown_ones_are_not_judged() {
    let definition = |served: &str| {
        format!(
            "{CONTROLLER}---\napiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata:\n  name: \
             kustomizations.kustomize.toolkit.fluxcd.io\nspec:\n  names:\n    kind: Kustomization\n  versions:\n{served}"
        )
    };
    let version = |name: &str, is_served: bool| {
        format!("  - schema: {{}}\n    name: {name}\n    served: {is_served}\n")
    };
    for (versions, instead) in [
        (version("v1", true), None),
        (version("v1", true) + &version("v1beta2", false), None),
        (version("v1", false), Some("`served: true`")),
        (String::new(), None),
        (version("v2", true) + &version("v2beta1", true) + &version("v1", false), Some("v2`")),
        (version("v1beta2", true) + &version("v2beta1", true), Some("v2beta1`")),
    ] {
        let run = build("path: ./clusters/prod-eu", &[(COMPONENTS, &definition(&versions))]);
        assert_eq!(run.stderr.contains("warning[F0375]"), instead.is_some(), "{versions}: {}", run.stderr);
        assert!(run.stderr.contains(instead.unwrap_or_default()), "{versions}: {}", run.stderr);
    }
}

/// Another Kustomization of Flux in the directory of the cluster.
fn other(spec: &str) -> String {
    sync(spec).replacen("name: flux-system", "name: other", 1)
}

#[test]
fn a_kustomization_that_applies_objects_of_the_overlay_too_is_reported() {
    let account = ("infra/account.yaml", ACCOUNT);
    for (spec, is_reported) in [
        ("path: ./infra", true),
        ("path: ./clusters/prod-eu/flux-system", true),
        ("path: ./clusters/prod-eu", true),
        ("path: ./infra\nsuspend: true", false),
        ("path: ./infra\ntargetNamespace: other", false),
        ("path: ./infra\nkubeConfig: {secretRef: {name: other}}", false),
        ("path: ./apps", false),
        ("path: ./missing", false),
    ] {
        let text = other(spec);
        let apps = (
            "apps/account.yaml",
            "apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: app, namespace: flux-system}\n",
        );
        for file in ["clusters/prod-eu/other.yaml", "clusters/prod-eu/flux-system/gotk-sync.yaml"] {
            let own = sync("path: ./clusters/prod-eu");
            let both = format!("{own}---\n{text}");
            let (sync, others) = if file == SYNC {
                (both, vec![account, apps])
            } else {
                (own, vec![account, apps, (file, text.as_str())])
            };
            let run = build_source(SOURCE, &sync, &others);
            assert_eq!(run.stderr.contains("warning[F0377]"), is_reported, "{spec}: {}", run.stderr);
        }
    }
}

#[test]
fn a_kustomization_of_flux_that_was_renamed_or_moved_is_reported() {
    let own = sync("path: ./clusters/prod-eu\nprune: true");
    let both = |text: &str| text.replace("  name: flux-system", "  name: fleet");
    let moved = |text: &str| text.replace("namespace: flux-system", "namespace: flux");
    let renamed = own.replacen("name: flux-system", "name: fleet", 1);
    for (text, repository, said) in [
        (own.clone(), REPOSITORY.to_owned(), None),
        (renamed.clone(), REPOSITORY.to_owned(), Some("`fleet`, and its name was `flux-system`")),
        // Whoever names both has a reason.
        (both(&own), both(REPOSITORY), None),
        (renamed.replace("prune: true", "prune: false"), REPOSITORY.to_owned(), None),
        (moved(&own), REPOSITORY.to_owned(), Some("`flux/flux-system`, and its namespace was `flux-system`")),
        (moved(&own), moved(REPOSITORY), None),
    ] {
        let found = build_source(SOURCE, &(text.clone() + &repository), &[]);
        assert!(found.stderr.contains(said.unwrap_or_default()), "{text}: {}", found.stderr);
        assert_eq!(found.stderr.contains("warning[F0382]"), said.is_some(), "{text}: {}", found.stderr);
    }
    let above = (ABOVE, "resources: [flux-system]\nnamePrefix: eu-\n");
    let found = build("path: ./clusters/prod-eu\nprune: true", &[above]);
    let message = "its Kustomization is `eu-flux-system`, and its name was `flux-system`";
    assert!(found.stderr.contains(message), "{}", found.stderr);
}

#[test]
fn two_repositories_of_one_url_and_branch_are_one_source() {
    for (url, branch, is_reported) in [
        ("https://git.example.com/fleet", "main", true),
        ("https://git.example.com/fleet.git", "main", true),
        ("https://git.example.com/fleet", "next", false),
        ("https://git.example.com/apps", "main", false),
    ] {
        let text = other("path: ./infra").replace("    name: flux-system", "    name: again");
        let again = REPOSITORY
            .replace("name: flux-system\n", "name: again\n")
            .replace("https://git.example.com/fleet", url);
        let text = format!("{text}{again}  ref: {{branch: {branch}}}\n");
        let own = format!("{}{REPOSITORY}  ref: {{branch: main}}\n", sync("path: ./clusters/prod-eu"));
        let others = [("infra/account.yaml", ACCOUNT), ("clusters/prod-eu/other.yaml", text.as_str())];
        let found = build_source(SOURCE, &own, &others);
        assert_eq!(found.stderr.contains("warning[F0377]"), is_reported, "{url} {branch}: {}", found.stderr);
    }
}

#[test]
fn an_object_that_the_other_kustomization_does_not_reconcile_has_one_owner() {
    let disabled = ACCOUNT.replace(
        "namespace: flux-system}",
        "namespace: flux-system, annotations: {kustomize.toolkit.fluxcd.io/reconcile: disabled}}",
    );
    let found = applied_with(&[
        ("clusters/prod-eu/other.yaml", &other("path: ./infra")),
        ("infra/a.yaml", &disabled),
    ]);
    assert!(found.status == 0 && !found.stderr.contains("F0377"), "{}", found.stderr);
}

#[test]
fn files_that_flux_leaves_out_by_default_are_not_built_with_the_overlay() {
    let sops = ("clusters/prod-eu/.sops.yaml", "creation_rules: []\n");
    let found = applied_with(&[sops]);
    assert!(found.status == 0 && !found.stderr.contains("[F"), "{}", found.stderr);
    let found = applied_with(&[sops, (".sourceignore", "*.md\n")]);
    assert!(
        found.stderr.contains("error[F0370]"),
        "with patterns of its own Flux fetches it: {}",
        found.stderr
    );
    let below = ("clusters/prod-eu/apps/.sourceignore", "/values.yaml\n");
    let found = applied_with(&[below, ("clusters/prod-eu/apps/values.yaml", "replicas: 1\n")]);
    assert!(found.status == 0 && !found.stderr.contains("[F"), "{}", found.stderr);
}

#[cfg(unix)]
#[test]
fn a_link_is_not_in_what_flux_fetches() {
    let files = [("identity.flux", SOURCE), (COMPONENTS, CONTROLLER)];
    let place = directory(&[&files[..], &[(SYNC, &sync("path: ./clusters/prod-eu"))]].concat());
    fs::create_dir_all(place.path().join("shared")).expect("it is created");
    fs::rename(place.path().join(COMPONENTS), place.path().join("shared/flux.yaml")).expect("it is moved");
    std::os::unix::fs::symlink("../../../shared/flux.yaml", place.path().join(COMPONENTS))
        .expect("it is linked");
    let found = run(place.path(), &["build"]);
    assert!(is_reported(&found), "{}", found.stderr);
    assert!(found.stderr.contains(&format!("`{COMPONENTS}`: it is a symbolic link")), "{}", found.stderr);
}

// ---------------------------------------------------------------------------------------------------
// ServiceAccounts that objects of Flux name

/// What `build` finds of a cluster with a ServiceAccount of a tenant, below this kustomization.
fn with_account(above: &str) -> Run {
    let source = SOURCE.replace(
        "}\n",
        "  flux = \"2.9\"\n  service-account tenants/registry -> aws \"arn:aws:iam::111122223333:role/tenant\"\n}\n",
    );
    let controllers = ["kustomize", "helm", "notification"].map(|name| {
        format!("---\n{}", CONTROLLER.replace("source-controller", &format!("{name}-controller")))
    });
    let manifests = format!("{CONTROLLER}{}", controllers.concat())
        .replace("image: x", "image: x, args: [--log-level=info]");
    let above = (ABOVE, above);
    let others: &[(&str, &str)] = if above.1.is_empty() { &[] } else { &[above] };
    let manifests = (COMPONENTS, manifests.as_str());
    build_source(&source, &sync("path: ./clusters/prod-eu"), &[&[manifests], others].concat())
}

#[test]
fn service_accounts_of_tenants_are_read_from_what_flux_builds() {
    let both = "resources: [flux-system, service-accounts]\n";
    let patch = |operation: &str| {
        format!("{both}patches:\n- target: {{kind: ServiceAccount, name: registry}}\n  patch: |\n{operation}")
    };
    let role = "/metadata/annotations/eks.amazonaws.com~1role-arn";
    let operation =
        |name: &str, path: &str, rest: &str| patch(&format!("    - {{op: {name}, path: {path}{rest}}}\n"));
    let deletion =
        "    $patch: delete\n    apiVersion: v1\n    kind: ServiceAccount\n    metadata: {name: registry}\n";
    for (above, expected) in [
        (String::new(), ""),
        (both.to_owned(), ""),
        ("resources: [flux-system]\n".to_owned(), ""),
        (operation("add", "/metadata/labels", ", value: {team: a}"), ""),
        (operation("remove", role, ""), "will not have the annotation `eks.amazonaws.com/role-arn`"),
        (operation("replace", role, ", value: other"), "will have `eks.amazonaws.com/role-arn: other`"),
        (operation("replace", "/metadata/name", ", value: other"), "will be `tenants/other`"),
        (patch(deletion), "the ServiceAccount `tenants/registry` will not exist"),
    ] {
        let run = with_account(&above);
        assert_eq!(run.stderr.contains("error[F0352]"), !expected.is_empty(), "{above}: {}", run.stderr);
        assert!(run.stderr.contains(expected), "{above}: {}", run.stderr);
        assert!(expected.is_empty() || run.stderr.contains(ABOVE), "{above}: {}", run.stderr);
    }
    let prefixed = with_account(&format!("{both}nameSuffix: -x\n"));
    assert!(prefixed.stderr.contains("will be `tenants/registry-x`"), "{}", prefixed.stderr);
}

#[test]
fn a_feature_gate_that_a_kustomization_above_takes_away_is_reported() {
    let above = "resources: [flux-system]\npatches:\n- target: {kind: Deployment, name: source-controller}\n  patch: |\n    - \
                 {op: replace, path: /spec/template/spec/containers/0/args, value: [--log-level=info]}\n";
    let run = with_account(above);
    assert!(run.stderr.contains("error[F0352]: `source-controller` will not use"), "{}", run.stderr);
    assert!(run.stderr.contains(&format!("the arguments are changed by `{ABOVE}`")), "{}", run.stderr);
    assert_eq!(run.stderr.matches("F0352").count(), 2, "with the line of the page: {}", run.stderr);
}

#[test]
fn a_component_that_two_kustomizations_include_is_reported_with_both() {
    let source = "cluster prod-eu on eks {\n  emit = component\n  workload-identity-provider = \
                  \"projects/123456789012/locations/global/workloadIdentityPools/flux/providers/prod-eu\"\n  \
                  source-controller -> gcp \"podinfo@acme-prod.iam.gserviceaccount.com\"\n}\n";
    let beside = (
        "clusters/prod-eu/flux-system/kustomization.yaml",
        "resources: [gotk-components.yaml, gotk-sync.yaml]\ncomponents: [identity]\n",
    );
    let above = (ABOVE, "resources: [flux-system]\ncomponents: [flux-system/identity]\n");
    let run = build_source(source, &sync("path: ./clusters/prod-eu"), &[beside, above]);
    assert!(
        run.stderr.contains("error[F0370]: kustomize cannot apply this component twice"),
        "{}",
        run.stderr
    );
    let help = format!("list the component in one of `{}` and `{ABOVE}`", beside.0);
    assert!(run.stderr.contains(&help), "{}", run.stderr);
}

#[test]
fn a_base_that_cannot_be_built_is_named_with_its_cause_where_nothing_says_what_flux_builds() {
    let source = SOURCE.replace("on eks {\n", "on eks {\n  emit = component\n");
    let place = directory(&[
        ("identity.flux", &source),
        (COMPONENTS, CONTROLLER),
        (
            "clusters/prod-eu/flux-system/kustomization.yaml",
            "resources: [gotk-components.yaml]\ncomponents: [identity]\n",
        ),
        (ABOVE, "resources: [flux-system, ../../base]\n"),
        ("base/kustomization.yaml", "resources: [missing.yaml]\n"),
    ]);
    assert_eq!(run(place.path(), &["build"]).status, 0);
    let found = run(place.path(), &["check"]);
    let label = "cannot build what includes this overlay: `missing.yaml` does not exist, at `base/kustomization.yaml`, line 1";
    assert!(found.stderr.contains("note[F0316]") && found.stderr.contains(label), "{}", found.stderr);
}

#[test]
fn names_with_quotes_are_built_too() {
    let account = ACCOUNT.replace("flux-system", "apps");
    let found = applied_with(&[("clusters/prod-eu/it's.yaml", &account)]);
    assert!(found.status == 0 && !found.stderr.contains("[F"), "{}", found.stderr);
}

#[test]
fn an_overlay_that_is_not_modelled_is_compared_with_the_path_of_flux_too() {
    let source = SOURCE.replace("}\n", "  component \"replace\"\n}\n");
    let component = (
        "replace/kustomization.yaml",
        "apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\nreplacements: [{path: x.yaml}]\n",
    );
    let replacements = ("replace/x.yaml", "[]\n");
    let run = build_source(&source, &sync("path: ./clusters/prod-us"), &[component, replacements]);
    assert!(is_reported(&run) && run.stderr.contains("`path: ./clusters/prod-eu`"), "{}", run.stderr);
}

#[test]
fn pods_that_ask_their_node_for_names_do_not_find_services() {
    let controllers = ["source", "kustomize", "notification"].map(|name| {
        let controller = CONTROLLER.replace("source-controller", &format!("{name}-controller"));
        controller.replace("spec: {serviceAccountName", "spec: {POD serviceAccountName")
    });
    for (pod, hides) in [
        ("hostNetwork: true,", true),
        ("hostNetwork: true, dnsPolicy: ClusterFirst,", true),
        ("hostNetwork: true, dnsPolicy: ClusterFirstWithHostNet,", false),
        ("hostNetwork: true, dnsPolicy: None, dnsConfig: {nameservers: [10.0.0.10]},", false),
        ("dnsPolicy: Default,", true),
        ("hostNetwork: false,", false),
    ] {
        let text = controllers.join("---\n").replace("POD", pod);
        let found = build("path: ./clusters/prod-eu", &[(COMPONENTS, &text)]);
        // The manifests have the field once for each.
        let count = if hides { 2 } else { 0 };
        assert_eq!(found.stderr.matches("warning[F0398]").count(), count, "{pod}: {}", found.stderr);
        let message = "the pods of `source-controller` will not find Services by their names";
        assert_eq!(found.stderr.contains(message), hides, "{pod}: {}", found.stderr);
    }
}

#[test]
fn a_controller_that_listens_elsewhere_than_its_port_says_is_reported() {
    let controller = |name: &str, arguments: &str, ports: &str| {
        let controller = CONTROLLER.replace("source-controller", name);
        let more = format!(
            "image: x, args: [{arguments}], livenessProbe: {{httpGet: {{port: healthz}}}}, ports: [{ports}]"
        );
        controller.replace("image: x", &more)
    };
    let ports = "{name: http, containerPort: 9090}, {name: http-webhook, containerPort: 9292}, {name: healthz, containerPort: 9440}";
    for (name, arguments, ports, found) in [
        ("source-controller", "", ports, None),
        ("source-controller", "'--storage-addr=:9090', '--health-addr=0.0.0.0:9440'", ports, None),
        ("source-controller", "'--storage-addr=:9091'", ports, Some("F0398")),
        ("source-controller", "'--storage-addr', ':9091'", ports, Some("F0398")),
        ("source-controller", "'--health-addr=:9441'", ports, Some("F0382")),
        ("source-controller", "'--health-addr=:9441'", "{name: healthz, containerPort: 9441}", None),
        (
            "source-controller",
            "",
            "{name: http, containerPort: 8080}, {name: healthz, containerPort: 9440}",
            Some("F0398"),
        ),
        ("notification-controller", "'--receiverAddr=:80'", ports, Some("F0398")),
        ("notification-controller", "'--events-addr=:80'", ports, Some("F0398")),
        ("kustomize-controller", "'--events-addr=http://notification-controller./'", ports, None),
    ] {
        let text = controller(name, arguments, ports);
        let others = if name == "source-controller" { "" } else { CONTROLLER };
        let text = format!("{text}---\n{others}");
        let run = build("path: ./clusters/prod-eu", &[(COMPONENTS, &text)]);
        let codes: Vec<&str> = run.stderr.lines().filter_map(crate::harness::code).collect();
        assert_eq!(codes, found.into_iter().collect::<Vec<_>>(), "{name} {arguments}: {}", run.stderr);
    }
}

#[test]
fn an_object_that_names_a_service_account_needs_the_gate_of_its_controller() {
    let decryption = "path: ./clusters/prod-eu\ndecryption: {provider: sops, serviceAccountName: keys}";
    let bucket = |provider: &str| {
        format!(
            "apiVersion: source.toolkit.fluxcd.io/v1\nkind: Bucket\nmetadata: {{name: a, namespace: apps}}\nspec: {{provider: \
             {provider}, serviceAccountName: bucket}}\n"
        )
    };
    let gate = "--feature-gates=ObjectLevelWorkloadIdentity=true";
    for (version, spec, bucket, argument, found) in [
        (
            "v2.9.3",
            decryption,
            bucket("generic"),
            "",
            Some("`kustomize-controller` will not reconcile the Kustomization"),
        ),
        ("v2.9.3", decryption, bucket("generic"), gate, None),
        ("v2.10.0", decryption, bucket("generic"), "", None),
        (
            "v2.9.3",
            "path: ./clusters/prod-eu",
            bucket("aws"),
            "",
            Some("`source-controller` will not reconcile the Bucket `a`"),
        ),
        ("v2.9.3", "path: ./clusters/prod-eu", bucket("aws"), gate, None),
        // Of a bucket it is no object of that version.
        ("v2.6.4", "path: ./clusters/prod-eu", bucket("aws"), "", None),
        ("v2.9.3", "path: ./clusters/prod-eu", bucket("generic"), "", None),
    ] {
        let controller = CONTROLLER.replace("image: x", &format!("image: x, args: ['{argument}']"));
        let kustomize = controller.replace("source-controller", "kustomize-controller");
        let text = format!("# Flux Version: {version}\n{controller}---\n{kustomize}");
        let others = [(COMPONENTS, text.as_str()), ("clusters/prod-eu/bucket.yaml", bucket.as_str())];
        let run = build(spec, &others);
        assert_eq!(
            run.stderr.contains("warning[F0427]"),
            found.is_some(),
            "{version} {spec}: {}",
            run.stderr
        );
        assert!(run.stderr.contains(found.unwrap_or_default()), "{version} {spec}: {}", run.stderr);
    }
}

#[test]
fn an_object_of_a_kind_that_no_definition_of_flux_has_is_reported() {
    let definition = |name: &str, kind: &str, version: &str| {
        format!(
            "---\napiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata:\n  name: {name}\nspec:\n  names:\n    \
             kind: {kind}\n  versions:\n  - schema: {{}}\n    name: {version}\n    served: true\n"
        )
    };
    let kustomizations = definition("kustomizations.kustomize.toolkit.fluxcd.io", "Kustomization", "v1");
    let repositories = definition("gitrepositories.source.toolkit.fluxcd.io", "GitRepository", "v1");
    let generators =
        definition("artifactgenerators.source.extensions.fluxcd.io", "ArtifactGenerator", "v1beta1");
    let both = format!("{kustomizations}{repositories}");
    let generator = "apiVersion: source.extensions.fluxcd.io/v1beta1\nkind: ArtifactGenerator\nmetadata: {name: a, namespace: apps}\n";
    for (definitions, is_reported) in [
        (both.clone(), true),
        (format!("{both}{generators}"), false),
        // Something else installs the definitions.
        (kustomizations.clone(), false),
        (String::new(), false),
    ] {
        let components = format!("{CONTROLLER}{definitions}");
        let others = [(COMPONENTS, components.as_str()), ("clusters/prod-eu/generator.yaml", generator)];
        let run = build("path: ./clusters/prod-eu", &others);
        let message = "do not serve `source.extensions.fluxcd.io/v1beta1` of the ArtifactGenerator `a`";
        assert_eq!(run.stderr.contains(message), is_reported, "{definitions}: {}", run.stderr);
        assert_eq!(run.stderr.contains("warning[F0375]"), is_reported, "{definitions}: {}", run.stderr);
    }
    let alerts = definition("alerts.notification.toolkit.fluxcd.io", "Alert", "v1");
    let components = format!("{CONTROLLER}{both}{alerts}");
    let source = SOURCE.replace("}\n", "  patch \"patch.yaml\"\n}\n");
    let patch = "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: {name: \
                 gitrepositories.source.toolkit.fluxcd.io}\n$patch: delete\n";
    let others = [(COMPONENTS, components.as_str()), ("patch.yaml", patch)];
    let run = build_source(&source, &sync("path: ./clusters/prod-eu"), &others);
    assert!(run.stderr.contains("of the GitRepository `flux-system`"), "{}", run.stderr);
    assert!(run.stderr.contains("the definition is deleted by `patch.yaml`, line 1"), "{}", run.stderr);
}

#[test]
fn the_objects_of_flux_need_a_controller_that_is_for_their_shard() {
    let main = "sharding.fluxcd.io/key notin (shard1, shard2)";
    for (kind, selector, value, is_seen) in [
        ("Kustomization", "!sharding.fluxcd.io/key", "shard1", false),
        ("GitRepository", "!sharding.fluxcd.io/key", "shard1", false),
        ("Kustomization", main, "shard1", false),
        ("Kustomization", main, "shard3", true),
        ("Kustomization", "app=x,sharding.fluxcd.io/key in (shard1)", "shard1", true),
        ("Kustomization", "sharding.fluxcd.io/key=shard2", "shard1", false),
        ("Kustomization", "sharding.fluxcd.io/key!=shard1", "shard1", false),
        ("Kustomization", "app=x", "shard1", true),
    ] {
        let controller =
            CONTROLLER.replace("image: x", &format!("image: x, args: ['--watch-label-selector={selector}']"));
        let kustomize = controller.replace("source-controller", "kustomize-controller");
        let components = format!("{controller}---\n{kustomize}");
        let patch =
            format!("- op: add\n  path: /metadata/labels\n  value: {{sharding.fluxcd.io/key: {value}}}\n");
        let others = [(COMPONENTS, components.as_str()), ("patch.yaml", patch.as_str())];
        let found = build_source(&patched(kind), &sync("path: ./clusters/prod-eu"), &others);
        let message = format!("reconciles its {kind}, which has the label `sharding.fluxcd.io/key: {value}`");
        assert_eq!(!found.stderr.contains(&message), is_seen, "{kind} {selector}: {}", found.stderr);
    }
}
