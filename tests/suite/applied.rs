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
    let mut files = vec![("identity.flux", source), (SYNC, sync)];
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
fn a_path_that_says_nothing_of_this_repository_is_not_compared() {
    for spec in
        ["path: ./clusters/${cluster}", "path: ./elsewhere\nkubeConfig:\n  secretRef:\n    name: other"]
    {
        let run = build(spec, &[]);
        assert!(!is_reported(&run), "{spec}: {}", run.stderr);
    }
    for (from, to) in [("kind: GitRepository", "kind: OCIRepository"), ("kind: Kustomization", "kind: Other")]
    {
        let run = build_source(SOURCE, &sync("path: ./elsewhere").replace(from, to), &[]);
        assert!(!is_reported(&run), "{to}: {}", run.stderr);
    }
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
