//! Mistakes that people reported in public: each case is imported where it lies, and what is said of it is right.
//!
//! `FLUX_IDENTITY_DATA` has them in `cases/NN-slug`, with the real manifests that belong beside them by name. Without it
//! these tests are skipped, and say so.

use std::collections::BTreeSet;
use std::fs;

use crate::harness::{self, Run, run};
use crate::real::data;
use crate::trees;

/// A copy of the files of a case; nothing without data.
fn case(slug: &str) -> Option<tempfile::TempDir> {
    let data = data()?;
    let case = data.join("cases").join(slug);
    let mut files = trees::texts(&case.join("tree"));
    let gotk = fs::read_to_string(case.join("GOTK")).unwrap_or_default();
    for line in gotk.lines() {
        let mut words = line.split_whitespace();
        let (Some(path), Some(version)) = (words.next(), words.next()) else { continue };
        let path = path.strip_prefix("tree/").expect("it stands in the tree");
        let from = data.join("gotk").join(version).join("gotk-components.yaml");
        let text = fs::read_to_string(from).expect("it is read");
        let namespace = words.next().and_then(|word| word.strip_prefix("namespace="));
        files.push((path.to_owned(), text.replace("flux-system", namespace.unwrap_or("flux-system"))));
    }
    let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    Some(harness::directory(&files))
}

fn codes(run: &Run) -> BTreeSet<&str> {
    run.stderr.lines().filter_map(harness::code).collect()
}

/// The lines of a run from the first one that has a text.
fn said<'r>(run: &'r Run, text: &str) -> &'r str {
    let mut findings = run.stderr.split("\n\n");
    findings.find(|finding| finding.contains(text)).unwrap_or_else(|| panic!("{text}: {}", run.stderr))
}

#[test]
fn a_base_that_kustomize_fetches_is_known_without_a_scheme() {
    let Some(place) = case("24-kc-775-remote-base") else { return };
    let file = "clusters/ocp-eks/flux-system/kustomization.yaml";
    let text = fs::read_to_string(place.path().join(file)).expect("it is read");
    let written = "github.com/fluxcd/flux2/manifests/install?ref=v2.6.4";
    assert!(text.contains(written), "{text}");
    for address in [
        written,
        "https://github.com/fluxcd/flux2/manifests/install?ref=v2.6.4",
        "https://github.com/fluxcd/flux2//manifests/install?timeout=120&ref=v2.6.4",
        "git@github.com:fluxcd/flux2.git//manifests/install?ref=v2.6.4",
        "ssh://git@github.com/fluxcd/flux2//manifests/install?ref=v2.6.4",
        "git::https://github.com/fluxcd/flux2//manifests/install?version=v2.6.4",
        "github.com/fluxcd/flux2/manifests/install",
        "github.com/fluxcd/flux2/manifests/install?ref=main",
    ] {
        fs::write(place.path().join(file), text.replace(written, address)).expect("it is written");
        let import = run(place.path(), &["import", "clusters"]);
        assert_eq!((import.status, codes(&import)), (0, ["F0512"].into()), "{address}: {}", import.stderr);
        assert!(import.stdout.contains("role/flux"), "{address}: {}", import.stdout);
        assert!(!import.stderr.contains("source-watcher"), "{address}: {}", import.stderr);
    }
}

#[test]
fn a_kustomization_of_flux_is_none_of_kustomize() {
    let Some(place) = case("27-flux-kustomization-in-place") else { return };
    let import = run(place.path(), &["import", "clusters"]);
    assert_eq!((import.status, codes(&import)), (1, ["F0504"].into()), "{}", import.stderr);
    let said = said(&import, "warning[F0504]");
    assert!(said.contains("this is a Kustomization of Flux"), "{said}");
    assert!(said.contains("`kustomize.config.k8s.io/v1beta1`"), "{said}");
    assert!(said.contains("clusters/aks/flux-system/kustomization.yaml:1:13"), "{said}");
    // It is none of Flux's own overlay without an identity either, but it is in the way of one.
    let file = place.path().join("clusters/aks/flux-system/kustomization.yaml");
    let text = fs::read_to_string(&file).expect("it is read");
    let bare = text.split("  patches:").next().expect("it has patches");
    fs::write(&file, bare).expect("it is written");
    let import = run(place.path(), &["import", "clusters"]);
    assert_eq!(codes(&import), ["F0504"].into(), "{}", import.stderr);
    // Somewhere else it is no business of an import.
    let other = harness::directory(&[("apps/kustomization.yaml", bare)]);
    let import = run(other.path(), &["import", "apps"]);
    assert_eq!(codes(&import), ["F0501"].into(), "{}", import.stderr);
}

#[test]
fn an_overlay_that_cannot_be_built_is_left_alone_and_the_others_are_imported() {
    let Some(place) = case("08-kustomize-5995-null-with-target") else { return };
    let good = "clusters/edge-eks/flux-system";
    let overlay = "resources:\n- gotk-components.yaml\n- gotk-sync.yaml\npatches:\n- patch: |\n    apiVersion: v1\n    \
                   kind: ServiceAccount\n    metadata:\n      name: source-controller\n      namespace: flux-system\n      \
                   annotations:\n        eks.amazonaws.com/role-arn: arn:aws:iam::111122223333:role/flux\n";
    let strange = "- patch: |\n    apiVersion: v1\n    kind: ServiceAccount\n    metadata:\n      name: tenant\n      \
                   namespace: flux-system\n";
    let put = |path: &str, text: &str| {
        let path = place.path().join(path);
        fs::create_dir_all(path.parent().expect("it has a parent")).expect("it is made");
        fs::write(path, text).expect("it is written");
    };
    put(&format!("{good}/kustomization.yaml"), overlay);
    fs::remove_dir_all(place.path().join("components")).expect("it is removed");
    for file in ["gotk-components.yaml", "gotk-sync.yaml"] {
        let text = fs::read_to_string(place.path().join(good).join(file)).expect("it is read");
        put(&format!("clusters/bad-eks/flux-system/{file}"), &text);
    }
    for (text, more, cause) in [
        (format!("{overlay}{strange}"), "", "the ServiceAccount `tenant`"),
        (format!("{overlay}namePrefix: []\n"), "", "the field `namePrefix`"),
        (format!("{overlay}surprise: true\n"), "", "does not know the field `surprise`"),
        (overlay.replace("patches:", "- more.yaml\npatches:"), "a: b\n", "`kind`"),
    ] {
        put("clusters/bad-eks/flux-system/kustomization.yaml", &text);
        put("clusters/bad-eks/flux-system/more.yaml", more);
        let import = run(place.path(), &["import", "clusters"]);
        assert_eq!((import.status, codes(&import)), (0, ["F0504"].into()), "{text}\n{}", import.stderr);
        let said = said(&import, "warning[F0504]");
        assert!(said.contains("kustomize cannot build ") && said.contains(cause), "{said}");
        let file = if more.is_empty() { "kustomization" } else { "more" };
        assert!(said.contains(&format!("clusters/bad-eks/flux-system/{file}.yaml:")), "{said}");
        assert!(import.stderr.contains("left alone clusters/bad-eks"), "{}", import.stderr);
        assert!(import.stdout.starts_with("cluster edge-eks on eks"), "{}", import.stdout);
    }
    // What is not known may have what is missed.
    let fetched = "- https://example.org/tenant.yaml\npatches:";
    let text = format!("{}{strange}", overlay.replace("patches:", fetched));
    put("clusters/bad-eks/flux-system/kustomization.yaml", &text);
    let import = run(place.path(), &["import", "clusters"]);
    assert_eq!((import.status, codes(&import)), (0, ["F0512"].into()), "{}", import.stderr);
}

#[test]
fn a_patch_in_a_file_that_nothing_names_is_reported() {
    let Some(place) = case("26-stray-patches-file") else { return };
    let directory = "clusters/gke-cluster/flux-system";
    let import = run(place.path(), &["import", "clusters"]);
    assert_eq!((import.status, codes(&import)), (0, ["F0529"].into()), "{}", import.stderr);
    for file in ["flux-system-patches.yaml", "image-reflector-sa.yaml"] {
        let said = said(&import, &format!("warning[F0529]: {directory}/{file}"));
        assert!(said.contains("nothing reads"), "{said}");
    }
    // Whoever names it reads it.
    let named = format!(
        "resources: [gotk-components.yaml]\npatches:\n- path: ../{}\n",
        "flux-system/image-reflector-sa.yaml"
    );
    let overlay = place.path().join(directory).join("kustomization.yaml");
    let text = fs::read_to_string(&overlay).expect("it is read");
    fs::write(&overlay, named).expect("it is written");
    fs::remove_file(place.path().join(directory).join("flux-system-patches.yaml")).expect("it is removed");
    let import = run(place.path(), &["import", "clusters"]);
    assert!(!codes(&import).contains("F0529"), "{}", import.stderr);
    // What is about others is no business of an import.
    fs::write(&overlay, text).expect("it is written");
    let tenant = "apiVersion: v1\nkind: ServiceAccount\nmetadata:\n  name: tenant\n  namespace: apps\n  annotations:\n    \
                  iam.gke.io/gcp-service-account: a@acme-prod-123456.iam.gserviceaccount.com\n";
    fs::write(place.path().join(directory).join("image-reflector-sa.yaml"), tenant).expect("it is written");
    let import = run(place.path(), &["import", "clusters"]);
    assert_eq!(codes(&import), BTreeSet::new(), "{}", import.stderr);
}

#[test]
fn null_in_a_patch_with_a_target_is_a_text() {
    let Some(place) = case("08-kustomize-5995-null-with-target") else { return };
    let import = run(place.path(), &["import", ".", "-o", "identity.flux"]);
    assert_eq!((import.status, codes(&import)), (0, ["F0507", "F0513", "F0514"].into()), "{}", import.stderr);
    let said = said(&import, "warning[F0507]");
    assert!(said.contains("the text `null`") && said.contains("-> none"), "{said}");
    assert!(!said.contains("write the identity"), "{said}");
    // The role without effect is gone, as was said.
    let source = fs::read_to_string(place.path().join("identity.flux")).expect("it is read");
    assert_eq!(source.matches("  patch ").count(), 1, "{source}");
    let build = run(place.path(), &["build", "--adopt"]);
    assert_eq!(build.status, 0, "{}", build.stderr);
    let overlay = fs::read_to_string(place.path().join("clusters/edge-eks/flux-system/kustomization.yaml"))
        .expect("it is read");
    assert!(overlay.contains("role-arn: null"), "{overlay}");
}

#[test]
fn a_component_near_the_source_hides_no_overlay() {
    let source = "cluster a on eks {\n  source-controller -> none\n}\ncluster b on eks {\n  output = \"b/identity\"\n  \
                  emit = component\n}\n";
    let file = "clusters/a/flux-system/kustomization.yaml";
    let place = harness::directory(&[
        ("identity.flux", source),
        (file, "namePrefix: mine-\n"),
        ("b/identity/kustomization.yaml", "kind: Component\n"),
    ]);
    let build = run(place.path(), &["build"]);
    assert!(build.status == 1 && build.stderr.contains(&format!("error[F0401]: {file}")), "{}", build.stderr);
    let build = run(place.path(), &["build", "--adopt"]);
    assert!(build.status == 0 && build.stdout.contains(&format!("changed {file}")), "{}", build.stderr);
}

/// Imports a case, and builds what comes of it.
fn imported_and_built(slug: &str) -> Option<(Run, Run)> {
    let place = case(slug)?;
    let import = run(place.path(), &["import", ".", "-o", "identity.flux"]);
    Some((import, run(place.path(), &["build", "--adopt"])))
}

/// Checks the source of a case, beside its other files.
fn checked(slug: &str, beside: &[(&str, &str)]) -> Option<Run> {
    let place = case(slug)?;
    let case = data()?.join("cases").join(slug);
    fs::copy(case.join("identity.flux"), place.path().join("identity.flux")).expect("it is copied");
    for (from, to) in beside {
        fs::copy(case.join(from), place.path().join(to)).expect("it is copied");
    }
    Some(run(place.path(), &["build", "--adopt"]))
}

#[test]
fn a_misspelt_key_is_reported_with_the_right_one() {
    let Some((_, build)) = imported_and_built("01-azwi-client-underscore") else { return };
    let finding =
        said(&build, "warning[F0367]: nothing reads the annotation `azure.workload.identity/client_id`");
    assert!(finding.contains("help: write `azure.workload.identity/client-id`"), "{finding}");
}

#[test]
fn a_variable_that_wins_over_the_webhook_is_reported() {
    let Some((import, build)) = imported_and_built("03-sc-1838-azure-client-id-env") else { return };
    assert!(
        said(&import, "warning[F0530]").contains("7d444840-9dc0-41d1-b245-5ffdce74fad2"),
        "{}",
        import.stderr
    );
    let finding = said(&build, "error[F0351]");
    assert!(finding.contains("`AZURE_CLIENT_ID` of the container `manager` is set by"), "{finding}");
}

#[test]
fn an_adoption_that_changes_nothing_restarts_nothing() {
    for slug in ["05-flux2-3629-namespace-flux", "18-flux2-429-patches-in-parent"] {
        let Some((_, build)) = imported_and_built(slug) else { return };
        assert_eq!(build.status, 0, "{slug}: {}", build.stderr);
        assert!(!build.stdout.contains("restart"), "{slug}: {}", build.stdout);
    }
}

#[test]
fn a_patch_of_an_object_by_its_old_api_version_is_refused() {
    let sops = ("tree/clusters/prod-eks/flux-system/sops.yaml", "sops.yaml");
    let Some(build) = checked("10-flux2-1924-stale-api-in-sync-patch", &[sops]) else { return };
    let finding = said(&build, "error[F0339]");
    assert!(
        finding.contains("the Kustomization `flux-system` in namespace `flux-system`, which `"),
        "{finding}"
    );
    assert!(finding.contains("help: write `apiVersion: kustomize.toolkit.fluxcd.io/v1`"), "{finding}");
}

#[test]
fn an_identity_of_the_default_account_is_reported() {
    let Some((_, build)) = imported_and_built("11-flux2-798-default-service-account") else { return };
    let finding = said(&build, "warning[F0367]");
    assert!(finding.contains("no controller runs as the ServiceAccount `default`"), "{finding}");
}

#[test]
fn a_removed_flag_is_reported_with_the_version() {
    let Some((_, build)) = imported_and_built("14-irc-352-autologin-flag") else { return };
    assert!(said(&build, "warning[F0371]").contains("removed in Flux 2.7"), "{}", build.stderr);
}

#[test]
fn a_lockdown_makes_an_identity_unused_and_without_its_gate_ends_the_controller() {
    let lockdown = ("lockdown.yaml", "lockdown.yaml");
    let Some(build) = checked("16-multitenancy-lockdown-flags", &[lockdown]) else { return };
    assert!(said(&build, "warning[F0369]").contains("`source-controller`"), "{}", build.stderr);
    let Some((import, _)) = imported_and_built("16-multitenancy-lockdown-flags") else { return };
    let ends = "`source-controller` and `image-reflector-controller` will not start with the argument `--default-service-account=default`";
    assert!(import.stderr.contains(&format!("warning[F0530]: identity.flux: {ends}")), "{}", import.stderr);
}

#[test]
fn pods_that_run_as_another_account_have_its_identity() {
    let beside = [
        ("sa-name.yaml", "sa-name.yaml"),
        ("tree/clusters/prod-eks/flux-system/custom-service-accounts.yaml", "custom-service-accounts.yaml"),
    ];
    let Some(build) = checked("20-custom-service-account-names", &beside) else { return };
    let finding = said(&build, "error[F0351]");
    assert!(
        finding.contains("`serviceAccountName` of the pods is set by `sa-name.yaml`, line "),
        "{finding}"
    );
}

#[test]
fn an_import_ends_with_the_files_that_can_go() {
    let patch = "apiVersion: v1\nkind: ServiceAccount\nmetadata:\n  name: all\n  annotations:\n    \
                 eks.amazonaws.com/role-arn: arn:aws:iam::111122223333:role/flux\n";
    let overlay = |files: &[&str]| {
        let patches = files.iter().map(|file| {
            format!("- path: {file}\n  target: {{kind: ServiceAccount, name: source-controller}}\n")
        });
        format!(
            "resources:\n- gotk-components.yaml\n- gotk-sync.yaml\npatches:\n{}",
            patches.collect::<String>()
        )
    };
    let shared = overlay(&["../../shared/role.yaml", "../../shared/other.yaml"]);
    let place = harness::directory(&[
        ("clusters/shared/role.yaml", patch),
        ("clusters/shared/other.yaml", patch),
        ("clusters/shared/kustomization.yaml", "resources:\n- other.yaml\n"),
        ("clusters/eks-a/flux-system/kustomization.yaml", &shared),
        ("clusters/eks-b/flux-system/kustomization.yaml", &shared),
        ("clusters/eks-c/flux-system/kustomization.yaml", &overlay(&["own.yaml"])),
        ("clusters/eks-c/flux-system/own.yaml", patch),
    ]);
    let import = run(place.path(), &["import", "clusters"]);
    assert_eq!((import.status, codes(&import)), (0, ["F0515"].into()), "{}", import.stderr);
    assert_eq!(import.stderr.matches("note[F0515]").count(), 3, "{}", import.stderr);
    assert_eq!(import.stderr.matches("named by 2 overlays").count(), 2, "{}", import.stderr);
    let end = import.stderr.rsplit("\n\n").next().expect("it has an end");
    assert!(
        end.ends_with(
            "can be removed after `build --adopt`: clusters/eks-c/flux-system/own.yaml\n\
         can be removed after `build --adopt`: clusters/shared/role.yaml\n3 clusters in 5 lines\n"
        ),
        "{end}"
    );
}

/// Imports a case with the judgement of kustomize, builds what comes of it, and returns both and the source.
fn proved_and_built(slug: &str, directories: &[&str]) -> Option<(tempfile::TempDir, Run, Run, String)> {
    let place = case(slug)?;
    let arguments = [&["import"], directories, &["--verify", "-o", "identity.flux"]].concat();
    let import = run(place.path(), &arguments);
    let source = fs::read_to_string(place.path().join("identity.flux"));
    let source = source.unwrap_or_else(|_| panic!("{}", import.stderr));
    let build = run(place.path(), &["build", "--adopt"]);
    assert_eq!(build.status, 0, "{}\n{source}", build.stderr);
    Some((place, import, build, source))
}

#[test]
fn a_directory_that_overlays_build_on_is_a_base_and_they_have_its_identities() {
    for directories in [&["clusters"][..], &["clusters", "base"]] {
        let Some((place, import, build, source)) = proved_and_built("07-shared-base-directory", directories)
        else {
            return;
        };
        assert_eq!((import.status, codes(&import)), (0, ["F0515", "F0524"].into()), "{}", import.stderr);
        assert!(import.stderr.contains("2 of 2 overlays verified"), "{}", import.stderr);
        assert!(source.contains("cluster dev on aks") && source.contains("cluster prod on aks"), "{source}");
        assert_eq!(source.matches("cluster ").count(), 2, "{source}");
        let show = run(place.path(), &["show", "dev"]);
        assert!(show.stdout.contains("1b4e28ba-2fa1-41d2-883f-0016d3cca427"), "{}", show.stdout);
        let show = run(place.path(), &["show", "prod"]);
        assert!(show.stdout.contains("7d444840-9dc0-41d1-b245-5ffdce74fad2"), "{}", show.stdout);
        assert!(!build.stdout.contains("restart"), "{}", build.stdout);
    }
}

#[test]
fn a_kustomization_above_an_overlay_is_of_the_same_cluster() {
    let Some((place, import, build, source)) = proved_and_built("18-flux2-429-patches-in-parent", &["."])
    else {
        return;
    };
    assert_eq!((import.status, codes(&import)), (0, ["F0515"].into()), "{}", import.stderr);
    assert_eq!(source.matches("cluster ").count(), 1, "{source}");
    assert!(!build.stdout.contains("restart"), "{}", build.stdout);
    let required = format!("require source-controller\n\n{source}");
    fs::write(place.path().join("identity.flux"), required).expect("it is written");
    let check = run(place.path(), &["check"]);
    assert!(!check.stderr.contains("error[F02") && !check.stderr.contains("require"), "{}", check.stderr);
}

#[test]
fn what_a_kustomization_above_changes_is_not_lost() {
    let overlay = "resources:\n- gotk-components.yaml\n- gotk-sync.yaml\npatches:\n- patch: |\n    apiVersion: v1\n    \
                   kind: ServiceAccount\n    metadata:\n      name: source-controller\n      namespace: flux-system\n      \
                   annotations:\n        eks.amazonaws.com/role-arn: arn:aws:iam::111122223333:role/inner\n";
    let other = overlay
        .replace("resources:\n- gotk-components.yaml\n- gotk-sync.yaml\n", "")
        .replace("inner", "outer");
    for (above, expected) in [
        (
            String::new(),
            "cluster eks-a on eks { source-controller -> aws \"arn:aws:iam::111122223333:role/inner\" }",
        ),
        ("commonAnnotations: {team: a}\n".to_owned(), "role/inner"),
        (other, "role/outer"),
        ("namePrefix: a-\n".to_owned(), "the effect of `namePrefix` on identities"),
    ] {
        let place = harness::directory(&[
            ("clusters/eks-a/flux-system/kustomization.yaml", overlay),
            ("clusters/eks-a/apps.yaml", "apiVersion: v1\nkind: Namespace\nmetadata:\n  name: apps\n"),
            (
                "clusters/eks-a/kustomization.yaml",
                &format!("resources:\n- flux-system\n- apps.yaml\n{above}"),
            ),
        ]);
        let import = run(place.path(), &["import", "clusters"]);
        let all = format!("{}{}", import.stdout, import.stderr);
        assert!(all.contains(expected), "{above}: {all}");
        assert!(import.stdout.matches("cluster ").count() < 2, "{above}: {all}");
    }
}

#[test]
fn a_directory_that_lists_clusters_is_none() {
    let overlay = "resources:\n- gotk-components.yaml\n- gotk-sync.yaml\n";
    let place = harness::directory(&[
        ("clusters/kustomization.yaml", "resources: [eks-a/flux-system, eks-b/flux-system]\n"),
        ("clusters/eks-a/flux-system/kustomization.yaml", overlay),
        ("clusters/eks-b/flux-system/kustomization.yaml", overlay),
    ]);
    for name in ["eks-a", "eks-b"] {
        let components = "apiVersion: v1\nkind: ServiceAccount\nmetadata:\n  name: source-controller\n  namespace: flux-system\n";
        fs::write(place.path().join(format!("clusters/{name}/flux-system/gotk-components.yaml")), components)
            .expect("it is written");
    }
    let import = run(place.path(), &["import", "clusters"]);
    assert!(import.stdout.contains("cluster eks-a, eks-b on eks"), "{}{}", import.stdout, import.stderr);
}

#[test]
fn accounts_that_something_else_installs_have_their_identities() {
    let Some((place, import, build, source)) = proved_and_built("22-aks-extension-managed", &["."]) else {
        return;
    };
    assert_eq!((import.status, codes(&import)), (0, ["F0524"].into()), "{}", import.stderr);
    assert!(source.contains("cluster prod-aks on aks"), "{source}");
    assert!(source.contains("azure \"1b4e28ba-2fa1-41d2-883f-0016d3cca427\""), "{source}");
    assert!(!build.stdout.contains("restart"), "{}", build.stdout);
    let check = run(place.path(), &["check"]);
    assert_eq!(check.status, 0, "{}", check.stderr);
}

#[test]
fn a_shard_as_documented_is_part_of_its_overlay_and_verified() {
    let Some((_, import, build, source)) =
        proved_and_built("35-shard-with-own-service-account", &["clusters"])
    else {
        return;
    };
    assert_eq!((import.status, codes(&import)), (0, ["F0505"].into()), "{}", import.stderr);
    assert!(import.stderr.contains("1 of 1 overlay verified to build the same"), "{}", import.stderr);
    assert_eq!(source.matches("cluster ").count(), 1, "{source}");
    assert!(!build.stdout.contains("restart"), "{}", build.stdout);
}

#[test]
fn files_that_flux_bootstrap_is_still_to_write_may_be_empty() {
    let Some(place) = case("17-flux2-1300-pre-bootstrap-empty-files") else { return };
    let build = run(place.path(), &["build"]);
    assert_eq!(build.status, 0, "{}", build.stderr);
    let check = run(place.path(), &["check"]);
    assert_eq!((check.status, codes(&check)), (0, ["F0316"].into()), "{}", check.stderr);
}

#[test]
fn an_identity_in_the_generated_manifests_is_taken() {
    let account = "apiVersion: v1\nkind: ServiceAccount\nmetadata:\n  name: source-controller\n  namespace: flux-system\n";
    let edited = format!(
        "{account}  annotations:\n    azure.workload.identity/client-id: 7d444840-9dc0-41d1-b245-5ffdce74fad2\n"
    );
    let deployment = "---\napiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: source-controller\n  \
                      namespace: flux-system\nspec:\n  template:\n    metadata:\n      labels:\n        \
                      azure.workload.identity/use: \"true\"\n    spec:\n      serviceAccountName: source-controller\n      \
                      containers:\n      - name: manager\n        image: x\n";
    let overlay = "resources:\n- gotk-components.yaml\n- gotk-sync.yaml\n";
    let place = harness::directory(&[
        ("clusters/dev/flux-system/kustomization.yaml", overlay),
        ("clusters/dev/flux-system/gotk-components.yaml", &format!("{edited}{deployment}")),
        ("clusters/eks-b/flux-system/kustomization.yaml", overlay),
        ("clusters/eks-b/flux-system/gotk-components.yaml", &format!("{edited}{deployment}")),
    ]);
    let import = run(place.path(), &["import", "clusters"]);
    assert!(import.stdout.contains("cluster dev on aks"), "{}{}", import.stdout, import.stderr);
    assert!(import.stdout.contains("7d444840-9dc0-41d1-b245-5ffdce74fad2"), "{}", import.stdout);
    // The path speaks against it.
    let finding = said(&import, "warning[F0511]");
    assert!(finding.contains("`eks`") && finding.contains("`aks`"), "{finding}");
    assert!(said(&import, "warning[F0506]").contains("gotk-components.yaml:7:40"), "{}", import.stderr);
}

#[test]
fn findings_of_one_kind_are_one() {
    let patch = "- target: {kind: ServiceAccount, name: source-controller}\n  patch: |\n    apiVersion: v1\n    \
                 kind: ServiceAccount\n    metadata:\n      name: source-controller\n      annotations:\n        \
                 azure.workload.identity/client-id: 7d444840-9dc0-41d1-b245-5ffdce74fad2\n";
    let overlay = format!("resources:\n- gotk-components.yaml\n- gotk-sync.yaml\npatches:\n{patch}");
    let names = ["a", "b", "c", "d", "e", "f"];
    let paths = names.map(|name| format!("clusters/aks-{name}/flux-system/kustomization.yaml"));
    let files: Vec<(&str, &str)> = paths.iter().map(|path| (path.as_str(), overlay.as_str())).collect();
    let place = harness::directory(&files);
    let import = run(place.path(), &["import", "clusters", "-o", "identity.flux"]);
    assert_eq!(import.stderr.matches("warning[F0509]").count(), 1, "{}", import.stderr);
    let finding = said(&import, "warning[F0509]");
    assert!(
        finding.contains(
            "also at `clusters/aks-b/flux-system/kustomization.yaml:12`, \
             `clusters/aks-c/flux-system/kustomization.yaml:12`, \
             `clusters/aks-d/flux-system/kustomization.yaml:12` and 2 more places"
        ),
        "{finding}"
    );
    // For programs each has its own place.
    fs::remove_file(place.path().join("identity.flux")).expect("it is removed");
    let import = run(place.path(), &["import", "clusters", "-o", "identity.flux", "--format", "short"]);
    assert_eq!(import.stderr.matches("warning[F0509]").count(), 6, "{}", import.stderr);
}

#[test]
fn a_refused_build_says_whether_adopting_changes_a_cluster() {
    let file = "clusters/eks-a/flux-system/kustomization.yaml";
    let overlay = "resources:\n- gotk-components.yaml\n- gotk-sync.yaml\npatches:\n- patch: |-\n    - op: add\n      \
                   path: /metadata/annotations/eks.amazonaws.com~1role-arn\n      \
                   value: arn:aws:iam::111122223333:role/flux\n  target:\n    kind: ServiceAccount\n    \
                   name: source-controller\n";
    let place = harness::directory(&[(file, overlay)]);
    let import = run(place.path(), &["import", "clusters", "-o", "identity.flux"]);
    assert_eq!(import.status, 0, "{}", import.stderr);
    let hint = "`flux-identity build --adopt` changes no cluster";
    let build = run(place.path(), &["build"]);
    assert!(build.status == 1 && build.stderr.contains("error[F0401]"), "{}{}", build.stdout, build.stderr);
    assert!(build.stderr.ends_with(&format!("{hint}\n")), "{}", build.stderr);
    fs::write(place.path().join(file), overlay.replace("role/flux", "role/other")).expect("it is written");
    let build = run(place.path(), &["build"]);
    assert!(build.status == 1 && !build.stderr.contains(hint), "{}", build.stderr);
}
