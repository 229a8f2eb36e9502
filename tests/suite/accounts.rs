//! Object-level identity: what ServiceAccounts that objects name get, and which controllers get the feature gate for it.
//!
//! What is expected stands here a second time, as the documentation has it: "AWS", "Azure" and "GCP" under "Integrations"
//! of the Flux documentation, and the announcements of Flux 2.6 and 2.7.

use std::collections::BTreeMap;

use flux_identity::emit::{self, checksum};
use flux_identity::model::object_level::{GATE_ARGUMENT, gated, gated_controllers};
use flux_identity::model::{Controller, Platform, flux::FluxVersion};
use serde_yaml::Value;

use crate::harness::{check, compile, directory, overlays, project, read, run};
use crate::matrix::{Manifests, Objects, WITHOUT_PATCHES};
use crate::real::{kubectl, kustomize, prove};
use crate::trees;

const GATE: &str = "--feature-gates=ObjectLevelWorkloadIdentity=true";
const AWS: &str = "aws \"arn:aws:iam::111122223333:role/podinfo\"";
const AZURE: &str = "azure \"4a7272f9-f186-41af-9f84-6a92e32d7cd0\"";
const GCP: &str = "gcp \"podinfo@acme-prod.iam.gserviceaccount.com\"";
const TENANT: &str = "72f988bf-86f1-41af-91ab-2d7cd011db47";
const PROVIDER: &str = "projects/123456789012/locations/global/workloadIdentityPools/flux/providers/prod-eu";

/// A cluster that says all that identities of any cloud need.
fn cluster(platform: Platform, flux: &str, says: &str) -> String {
    format!(
        "cluster c on {} {{\n  flux = \"{flux}\"\n  region = \"eu-west-1\"\n  tenant = \"{TENANT}\"\n  \
         workload-identity-provider = \"{PROVIDER}\"\n{says}}}\n",
        platform.name()
    )
}

/// The generated files of a source that is right, by their paths.
fn generated(source: &str) -> BTreeMap<String, String> {
    let fleet = compile(source).unwrap_or_else(|findings| panic!("{findings:#?}\n{source}"));
    let documents = fleet.clusters.iter().flat_map(|cluster| emit::documents(&fleet, cluster));
    documents
        .map(|document| (format!("{}/{}", document.directory.as_str(), document.name), document.text))
        .collect()
}

/// The annotations of ServiceAccounts, in the order of their documents.
type Accounts = Vec<(String, BTreeMap<String, String>)>;

/// What stands in a manifest of ServiceAccounts, and nothing else does.
fn accounts_in(manifest: &str) -> Accounts {
    let documents = manifest.split("---\n").map(|document| {
        let mut object: Value = serde_yaml::from_str(document).expect("it is YAML");
        let metadata = object["metadata"].as_mapping_mut().expect("a mapping");
        let mut text = |key: &str| metadata.remove(key).map(|value| value.as_str().expect(key).to_owned());
        let name =
            format!("{}/{}", text("namespace").expect("it has one"), text("name").expect("it has one"));
        let annotations = metadata.remove("annotations").map(serde_yaml::from_value);
        let annotations = annotations.map_or_else(BTreeMap::new, |all| all.expect("annotations are texts"));
        assert!(metadata.is_empty(), "{document}");
        let expected: Value = serde_yaml::from_str("{ apiVersion: v1, kind: ServiceAccount, metadata: {} }")
            .expect("it is YAML");
        assert_eq!(object, expected);
        (name, annotations)
    });
    documents.collect()
}

/// The ServiceAccounts of the only cluster of a source.
fn accounts(source: &str) -> Accounts {
    let generated = generated(source);
    let manifest = generated.iter().find(|(path, _)| path.ends_with("/service-accounts.yaml"));
    manifest.map_or_else(Vec::new, |(_, manifest)| accounts_in(manifest))
}

fn annotations(entries: &[(&str, &str)]) -> BTreeMap<String, String> {
    entries.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
}

/// The codes of what is found in a source.
fn codes(source: &str) -> Vec<&'static str> {
    check(source).1.iter().map(|finding| finding.code.as_str()).collect()
}

// ---------------------------------------------------------------------------------------------------
// What ServiceAccounts get

/// The annotations that Flux reads for an identity on a platform.
fn asked_for(platform: Platform, identity: &str) -> BTreeMap<String, String> {
    let gke = platform == Platform::Gke;
    let email = ("iam.gke.io/gcp-service-account", "podinfo@acme-prod.iam.gserviceaccount.com");
    let provider = ("gcp.auth.fluxcd.io/workload-identity-provider", PROVIDER);
    match identity {
        AWS => annotations(&[("eks.amazonaws.com/role-arn", "arn:aws:iam::111122223333:role/podinfo")]),
        AZURE => annotations(&[
            ("azure.workload.identity/client-id", "4a7272f9-f186-41af-9f84-6a92e32d7cd0"),
            ("azure.workload.identity/tenant-id", TENANT),
        ]),
        GCP if gke => annotations(&[email]),
        GCP => annotations(&[email, provider]),
        _ if gke => annotations(&[]),
        _ => annotations(&[provider]),
    }
}

/// Each identity alone, and all that can be had together.
fn all_identities() -> Vec<Vec<&'static str>> {
    let mut all = Vec::new();
    for aws in [None, Some(AWS)] {
        for azure in [None, Some(AZURE)] {
            for gcp in [None, Some(GCP), Some("gcp direct")] {
                all.push([aws, azure, gcp].into_iter().flatten().collect());
            }
        }
    }
    all.retain(|identities: &Vec<&str>| !identities.is_empty());
    all
}

/// A cluster that has a ServiceAccount for each of `all_identities`, and what these are to get.
fn every_account(platform: Platform) -> (String, Accounts) {
    let mut says = String::new();
    let mut expected = Accounts::new();
    for (at, identities) in all_identities().into_iter().enumerate() {
        let (namespace, name) = (format!("n{at:02}"), format!("podinfo-{at}"));
        says.extend(["  service-account ", &namespace, "/", &name, " -> ", &identities.join(", "), "\n"]);
        let all = identities.iter().flat_map(|identity| asked_for(platform, identity)).collect();
        expected.push((format!("{namespace}/{name}"), all));
    }
    (cluster(platform, "2.9", &says), expected)
}

#[test]
fn on_every_platform_an_account_has_what_flux_reads_for_each_of_its_identities() {
    for platform in Platform::ALL {
        let (source, expected) = every_account(platform);
        assert_eq!(expected.len(), 11);
        assert_eq!(accounts(&source), expected, "{}", platform.name());
    }
}

#[test]
fn kustomize_builds_the_directory_of_accounts_and_has_the_same() {
    for platform in Platform::ALL {
        let (source, expected) = every_account(platform);
        if Manifests::of("v2.9.3-image").is_none() {
            return;
        }
        let generated = generated(&source);
        let in_directory = generated.iter().filter_map(|(path, text)| {
            path.strip_prefix("clusters/c/service-accounts/").map(|name| (name, text.as_str()))
        });
        let directory = directory(&in_directory.collect::<Vec<_>>());
        let mut built = accounts_in(&kustomize(directory.path()));
        built.sort();
        assert_eq!(built, expected, "{}", platform.name());
        prove(&format!("object level on {}", platform.name()));
    }
}

#[test]
fn an_azure_account_takes_the_tenant_of_its_identity_before_that_of_the_setting() {
    let other = "ccccdddd-2222-eeee-3333-ffff4444aaaa";
    let says = format!("  service-account a/b -> {AZURE} {{ tenant = \"{other}\" }}\n");
    let accounts = accounts(&cluster(Platform::Eks, "2.9", &says));
    assert_eq!(accounts[0].1["azure.workload.identity/tenant-id"], other);
}

#[test]
fn accounts_are_sorted_by_namespace_and_then_by_name_whatever_the_order_of_the_source() {
    let lines = ["b/a", "a-b/a", "a/z", "a/b", "a/b.c", "a/b-c"]
        .map(|name| format!("  service-account {name} -> {AWS}\n"));
    let forwards = generated(&cluster(Platform::Eks, "2.9", &lines.concat()));
    let backwards: Vec<String> = lines.into_iter().rev().collect();
    assert_eq!(forwards, generated(&cluster(Platform::Eks, "2.9", &backwards.concat())));
    let names: Vec<String> = accounts_in(&forwards["clusters/c/service-accounts/service-accounts.yaml"])
        .into_iter()
        .map(|(name, _)| name)
        .collect();
    assert_eq!(names, ["a/b", "a/b-c", "a/b.c", "a/z", "a-b/a", "b/a"]);
}

#[test]
fn a_namespace_and_a_name_that_look_like_something_else_stay_text() {
    let names = ["1e3/null", "123/0x1f", "null/true", "on/1.5", "y/no"];
    let says = names.map(|name| format!("  service-account {name} -> {AWS}\n")).concat();
    let found: Vec<String> =
        accounts(&cluster(Platform::Eks, "2.9", &says)).into_iter().map(|(name, _)| name).collect();
    let mut expected = names.map(str::to_owned).to_vec();
    expected.sort();
    assert_eq!(found, expected);
}

#[test]
fn flux_takes_up_to_200_characters_behind_the_role_of_an_arn() {
    let role = |length: usize| {
        let path = "p".repeat(length - "/podinfo".len());
        format!("  service-account a/b -> aws \"arn:aws:iam::111122223333:role/{path}/podinfo\"\n")
    };
    assert_eq!(codes(&cluster(Platform::Eks, "2.9", &role(200))), [] as [&str; 0]);
    assert_eq!(codes(&cluster(Platform::Eks, "2.9", &role(201))), ["F0333"]);
    let controller = role(201).replace("service-account a/b", "source-controller");
    assert_eq!(codes(&cluster(Platform::Eks, "2.9", &controller)), [] as [&str; 0], "it is no rule of AWS");
}

#[test]
fn a_session_of_an_account_has_up_to_64_characters_where_the_region_is_said() {
    // The dots, `eu-west-1.fluxcd.io` and a namespace of one letter leave 42 for the name.
    let says = |length: usize| format!("  service-account a/{} -> {AWS}\n", "n".repeat(length));
    assert_eq!(codes(&cluster(Platform::Eks, "2.9", &says(42))), [] as [&str; 0]);
    assert_eq!(codes(&cluster(Platform::Eks, "2.9", &says(43))), ["F0307"]);
    let without = cluster(Platform::Eks, "2.9", &says(43)).replace("  region = \"eu-west-1\"\n", "");
    assert_eq!(codes(&without), [] as [&str; 0]);
}

// ---------------------------------------------------------------------------------------------------
// Where it is written

#[test]
fn a_cluster_that_maps_no_account_has_its_overlay_and_nothing_else() {
    for says in ["", "  service-account a/b -> none\n"] {
        let source = cluster(Platform::Eks, "2.9", &format!("  source-controller -> {AWS}\n{says}"));
        let generated = generated(&source);
        assert_eq!(generated.keys().collect::<Vec<_>>(), ["clusters/c/flux-system/kustomization.yaml"]);
        assert!(!generated["clusters/c/flux-system/kustomization.yaml"].contains("feature-gates"));
    }
}

#[test]
fn the_directory_is_the_one_of_the_setting() {
    let says = format!("  service-accounts = \"tenants/${{cluster}}/x\"\n  service-account a/b -> {AWS}\n");
    let generated = generated(&cluster(Platform::Eks, "2.9", &says));
    let expected = [
        "clusters/c/flux-system/kustomization.yaml",
        "tenants/c/x/kustomization.yaml",
        "tenants/c/x/service-accounts.yaml",
    ];
    assert_eq!(generated.keys().collect::<Vec<_>>(), expected);
}

#[test]
fn the_directory_is_not_asked_for_where_no_account_gets_anything() {
    let says = "  service-accounts = \"tenants/${nobody}\"\n  service-account a/b -> none\n";
    assert_eq!(codes(&cluster(Platform::Eks, "2.9", says)), [] as [&str; 0]);
    let mapped = says.replace("none", AWS);
    assert_eq!(codes(&cluster(Platform::Eks, "2.9", &mapped)), ["F0105"]);
}

#[test]
fn every_generated_file_names_the_source_as_its_directory_sees_it_and_has_its_checksum() {
    let says = format!("  service-accounts = \"tenants\"\n  service-account a/b -> {AWS}\n");
    for (path, text) in generated(&cluster(Platform::Eks, "2.9", &says)) {
        let mut lines = text.splitn(3, '\n');
        let up = "../".repeat(path.matches('/').count());
        let banner = format!("# Code generated by flux-identity from {up}identity.flux; DO NOT EDIT.");
        assert_eq!(lines.next(), Some(banner.as_str()), "{path}");
        let sum = lines.next().expect("a second line").to_owned();
        assert_eq!(sum, format!("# sha256:{}", checksum(lines.next().expect("a body"))), "{path}");
        assert!(text.ends_with('\n') && !text.ends_with("\n\n"), "{path}");
    }
}

#[test]
fn the_kustomization_of_the_directory_lists_the_manifest_and_says_nothing_else() {
    let says = format!("  service-account a/b -> {AWS}\n");
    let generated = generated(&cluster(Platform::Eks, "2.9", &says));
    let kustomization: Value =
        serde_yaml::from_str(&generated["clusters/c/service-accounts/kustomization.yaml"])
            .expect("it is YAML");
    let expected = "{ apiVersion: kustomize.config.k8s.io/v1beta1, kind: Kustomization, \
                    resources: [service-accounts.yaml] }";
    assert_eq!(kustomization, serde_yaml::from_str::<Value>(expected).expect("it is YAML"));
}

#[test]
fn a_second_build_finds_nothing_to_do_and_check_finds_nothing_wrong() {
    let source = cluster(Platform::Eks, "2.9", &format!("  service-account a/b -> {AWS}\n"));
    let place = directory(&[("identity.flux", &source)]);
    let first = run(place.path(), &["build"]);
    assert_eq!((first.status, first.stderr.as_str()), (0, ""), "{}", first.stdout);
    let written = trees::texts(place.path());
    assert_eq!(written.len(), 4, "{written:?}");
    let second = run(place.path(), &["build"]);
    assert_eq!(second.stdout, "3 files, nothing to do\n");
    assert_eq!(trees::texts(place.path()), written);
    assert_eq!(run(place.path(), &["check"]).status, 0);
}

#[test]
fn what_is_left_of_accounts_that_nothing_maps_any_more_is_told_and_pruned() {
    let mapped = cluster(Platform::Eks, "2.9", &format!("  service-account a/b -> {AWS}\n"));
    let place = directory(&[("identity.flux", &mapped)]);
    assert_eq!(run(place.path(), &["build"]).status, 0);
    let unmapped = mapped.replace(AWS, "none");
    std::fs::write(place.path().join("identity.flux"), unmapped).expect("it is written");
    assert_eq!(run(place.path(), &["build"]).stdout.lines().last(), Some("1 overlay, 1 written"));
    let check = run(place.path(), &["check", "--format", "short"]);
    let orphans = ["kustomization.yaml", "service-accounts.yaml"]
        .map(|name| format!("clusters/c/service-accounts/{name}: error[F0412]"));
    for orphan in orphans {
        assert!(check.stderr.contains(&orphan), "{}", check.stderr);
    }
    assert_eq!(run(place.path(), &["build", "--prune"]).status, 0);
    let left: Vec<String> = trees::texts(place.path()).into_iter().map(|(path, _)| path).collect();
    assert_eq!(left, ["clusters/c/flux-system/kustomization.yaml", "identity.flux"]);
}

#[test]
fn a_gate_that_comes_with_a_change_of_identity_restarts_its_controller() {
    let before = cluster(Platform::Eks, "2.9", &format!("  source-controller -> {AWS}\n"));
    let place = directory(&[("identity.flux", &before)]);
    assert_eq!(run(place.path(), &["build"]).status, 0);
    let write =
        |text: String| std::fs::write(place.path().join("identity.flux"), text).expect("it is written");
    write(before.replace("role/podinfo", "role/other"));
    assert!(run(place.path(), &["build"]).stdout.contains("source-controller"), "by hand");
    write(format!("service-account a/b -> {AWS}\n{before}"));
    assert!(!run(place.path(), &["build"]).stdout.contains("source-controller"), "by the gate");
}

#[test]
fn outputs_names_all_files_and_render_shows_the_overlay() {
    let source = cluster(Platform::Eks, "2.9", &format!("  service-account a/b -> {AWS}\n"));
    let place = directory(&[("identity.flux", &source)]);
    let expected: Vec<String> = [
        "clusters/c/flux-system/kustomization.yaml",
        "clusters/c/service-accounts/kustomization.yaml",
        "clusters/c/service-accounts/service-accounts.yaml",
    ]
    .map(str::to_owned)
    .to_vec();
    assert_eq!(run(place.path(), &["outputs"]).stdout.lines().collect::<Vec<_>>(), expected);
    let rendered = run(place.path(), &["render", "c"]).stdout;
    assert_eq!(rendered, generated(&source)["clusters/c/flux-system/kustomization.yaml"]);
}

#[test]
fn a_manifest_that_was_edited_by_hand_is_refused() {
    let source = cluster(Platform::Eks, "2.9", &format!("  service-account a/b -> {AWS}\n"));
    let manifest = "clusters/c/service-accounts/service-accounts.yaml";
    let edited = generated(&source)[manifest].replace("role/podinfo", "role/admin");
    let place = directory(&[("identity.flux", &source), (manifest, &edited)]);
    let build = run(place.path(), &["build"]);
    assert_eq!(build.status, 1);
    assert!(build.stderr.starts_with(&format!("error[F0402]: {manifest}")), "{}", build.stderr);
    assert_eq!(trees::texts(place.path()).len(), 2, "nothing is written");
}

#[test]
fn a_manifest_that_somebody_else_wrote_is_refused() {
    let source = cluster(Platform::Eks, "2.9", &format!("  service-account a/b -> {AWS}\n"));
    let manifest = "clusters/c/service-accounts/service-accounts.yaml";
    let theirs = "apiVersion: v1\nkind: ServiceAccount\nmetadata:\n  name: other\n  namespace: a\n";
    let place = directory(&[("identity.flux", &source), (manifest, theirs)]);
    let build = run(place.path(), &["build"]);
    assert_eq!(build.status, 1);
    assert!(build.stderr.starts_with(&format!("error[F0401]: {manifest}")), "{}", build.stderr);
}

// ---------------------------------------------------------------------------------------------------
// Layers

/// The role that the account `a/b` of the only cluster has, by its name; nothing for `none`.
fn role(source: &str) -> Option<String> {
    let accounts = accounts(source);
    let arn = accounts.first()?.1["eks.amazonaws.com/role-arn"].clone();
    arn.rsplit('/').next().map(str::to_owned)
}

fn to(role: &str) -> String {
    format!("service-account a/b -> aws \"arn:aws:iam::111122223333:role/{role}\"")
}

#[test]
fn for_an_account_the_nearest_mapping_counts() {
    let file = format!("flux = \"2.9\"\n{}\n", to("of-file"));
    let base = format!("profile base {{ {} }}\n", to("of-base"));
    let user = format!("profile user {{\n use base\n {}\n}}\n", to("of-user"));
    let cluster = |says: &str| format!("cluster c on eks {{\n{says}\n}}\n");
    assert_eq!(role(&format!("{file}{}", cluster(""))).as_deref(), Some("of-file"));
    assert_eq!(role(&format!("{file}{base}{}", cluster("use base"))).as_deref(), Some("of-base"));
    let both = format!("{file}{base}{user}{}", cluster("use base, user"));
    assert_eq!(role(&both).as_deref(), Some("of-user"));
    let own = format!("{file}{base}{user}{}", cluster(&format!("use base, user\n{}", to("of-cluster"))));
    assert_eq!(role(&own).as_deref(), Some("of-cluster"));
}

#[test]
fn none_takes_the_mapping_of_an_account_away() {
    let source = format!(
        "flux = \"2.9\"\nprofile base {{ {} }}\ncluster c on eks {{\n use base\n service-account a/b -> none\n}}\n",
        to("podinfo")
    );
    assert_eq!(role(&source), None);
}

#[test]
fn profiles_that_mean_the_same_for_an_account_agree() {
    let source = format!(
        "flux = \"2.9\"\nlet name = \"podinfo\"\nprofile one {{ {} }}\nprofile two {{ {} }}\n\
         cluster c on eks {{ use one, two }}\n",
        to("podinfo"),
        to("${name}")
    );
    assert_eq!(role(&source).as_deref(), Some("podinfo"));
}

#[test]
fn a_profile_that_says_none_of_an_account_disagrees_with_one_that_does_not() {
    let source = format!(
        "flux = \"2.9\"\nprofile one {{ {} }}\nprofile two {{ service-account a/b -> none }}\n\
         cluster c on eks {{ use one, two }}\n",
        to("podinfo")
    );
    assert_eq!(codes(&source), ["F0114"]);
}

#[test]
fn accounts_of_one_name_in_two_namespaces_are_two() {
    let says = format!("  {}\n  service-account b/b -> {AWS}\n", to("other"));
    let accounts = accounts(&cluster(Platform::Eks, "2.9", &says));
    assert_eq!(accounts.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>(), ["a/b", "b/b"]);
    assert_ne!(accounts[0].1, accounts[1].1);
}

#[test]
fn a_controller_and_an_account_can_share_an_arrow() {
    let says = format!("  source-controller, service-account a/b -> {AWS}\n");
    let source = cluster(Platform::Eks, "2.9", &says);
    assert_eq!(accounts(&source)[0].1, asked_for(Platform::Eks, AWS));
    assert!(overlays(&source)[0].1.contains("eks.amazonaws.com/role-arn"));
}

#[test]
fn an_account_that_is_required_may_be_mapped_to_none() {
    let required = "require service-account a/b\n";
    let none = cluster(Platform::Eks, "2.9", "  service-account a/b -> none\n");
    assert_eq!(codes(&format!("{required}{none}")), [] as [&str; 0]);
    let other = cluster(Platform::Eks, "2.9", "  service-account a/c -> none\n");
    assert_eq!(codes(&format!("{required}{other}")), ["F0310"]);
}

#[test]
fn what_is_required_on_one_platform_is_not_required_on_others() {
    let required = "require service-account a/b on eks\n";
    assert_eq!(codes(&format!("{required}{}", cluster(Platform::Eks, "2.9", ""))), ["F0310"]);
    assert_eq!(codes(&format!("{required}{}", cluster(Platform::Gke, "2.9", ""))), [] as [&str; 0]);
}

#[test]
fn a_role_that_only_an_account_is_given_is_used() {
    let says = format!("  role podinfo = {AWS}\n  service-account a/b -> podinfo\n");
    assert_eq!(codes(&cluster(Platform::Eks, "2.9", &says)), [] as [&str; 0]);
}

#[test]
fn what_is_unstable_on_aks_can_be_allowed_and_is_not_said_elsewhere() {
    let says = format!("  service-account a/b -> {AZURE}\n");
    assert_eq!(codes(&cluster(Platform::Aks, "2.9", &says)), ["F0338"]);
    let allowed = format!("  allow F0338 \"tried for a month\"\n{says}");
    assert_eq!(codes(&cluster(Platform::Aks, "2.9", &allowed)), [] as [&str; 0]);
    for platform in [Platform::Eks, Platform::Gke, Platform::Kubernetes] {
        assert_eq!(codes(&cluster(platform, "2.9", &says)), [] as [&str; 0], "{}", platform.name());
    }
    let other_clouds = format!("  service-account a/b -> {AWS}, {GCP}\n");
    assert_eq!(codes(&cluster(Platform::Aks, "2.9", &other_clouds)), [] as [&str; 0]);
}

// ---------------------------------------------------------------------------------------------------
// The feature gate

/// The controllers that have the gate, as the announcements and the controllers' repositories have it.
fn documented(version: &str) -> &'static [&'static str] {
    match version {
        "2.6" => &[
            "source-controller",
            "kustomize-controller",
            "notification-controller",
            "image-reflector-controller",
            "image-automation-controller",
        ],
        "2.7" | "2.8" | "2.9" => &[
            "source-controller",
            "kustomize-controller",
            "helm-controller",
            "notification-controller",
            "image-reflector-controller",
            "image-automation-controller",
        ],
        _ => &[],
    }
}

const VERSIONS: [&str; 8] = ["2.0", "2.5", "2.6", "2.7", "2.8", "2.9", "2.10", "2.11"];

#[test]
fn the_table_of_the_gate_is_what_is_documented() {
    for version in VERSIONS {
        let parsed = FluxVersion::parse(version).expect("it is a version");
        let names: Vec<&str> = gated_controllers(parsed).into_iter().map(Controller::name).collect();
        assert_eq!(names, documented(version), "{version}");
    }
    assert_eq!(GATE_ARGUMENT, GATE);
}

#[test]
fn the_table_of_the_reference_is_what_the_code_says() {
    let path = project().join("docs/object-level.md");
    let text = std::fs::read_to_string(&path).expect("the reference is there");
    let rows = Controller::ALL.map(|controller| match gated(controller) {
        Some(all) => format!("| `{}` | {} | {} |\n", controller.name(), all.start(), all.end()),
        None => format!("| `{}` | never | |\n", controller.name()),
    });
    let table = format!("| controller | since Flux | last in Flux |\n|---|---|---|\n{}", rows.concat());
    let (before, rest) = text.split_once("<!-- table: gate -->\n").expect("the table has a beginning");
    let (_, after) = rest.split_once("<!-- end -->\n").expect("the table has an end");
    let expected = format!("{before}<!-- table: gate -->\n\n{table}\n<!-- end -->\n{after}");
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        std::fs::write(&path, &expected).expect("the reference is written");
    } else {
        assert_eq!(text, expected, "UPDATE_EXPECT=1 writes the table anew");
    }
}

#[test]
fn the_gate_is_the_last_patch_of_the_overlay_and_names_its_controllers_in_canonical_order() {
    for version in VERSIONS.into_iter().filter(|version| !documented(version).is_empty()) {
        let says = format!("  source-controller -> {AWS}\n  service-account a/b -> {AWS}\n");
        let overlay = read(&overlays(&cluster(Platform::Gke, version, &says))[0].1);
        let patches = overlay["patches"].as_sequence().expect("a list");
        let operations = format!(
            "[{{ op: test, path: /spec/template/spec/containers/0/name, value: manager }}, \
             {{ op: add, path: /spec/template/spec/containers/0/args/-, value: {GATE} }}]"
        );
        let last = patches.last().expect("there is one");
        assert_eq!(last["patch"], serde_yaml::from_str::<Value>(&operations).expect("it is YAML"));
        assert_eq!(last["target"]["kind"], "Deployment");
        assert_eq!(last["target"]["name"], format!("({})", documented(version).join("|")).as_str());
        assert_eq!(patches.len(), 2, "{version}");
    }
}

#[test]
fn a_version_in_which_the_gate_is_retired_gets_no_gate() {
    let says = format!("  service-account a/b -> {AWS}\n");
    let source = cluster(Platform::Eks, "2.10", &says);
    assert!(!overlays(&source)[0].1.contains("feature-gates"));
    assert_eq!(accounts(&source).len(), 1);
}

/// Takes the gate from the end of the arguments of these controllers, once; whatever is left of it is found by comparing.
fn without_gate(mut built: Objects, controllers: &[&str]) -> Objects {
    for name in controllers {
        let deployment = built.get_mut(&format!("Deployment flux-system/{name}")).expect(name);
        let manager = &mut deployment["spec"]["template"]["spec"]["containers"][0];
        assert_eq!(manager["name"], "manager", "{name}");
        let arguments = manager["args"].as_sequence_mut().expect("a list");
        assert_eq!(arguments.pop(), Some(Value::from(GATE)), "{name}");
    }
    built
}

#[test]
fn beside_real_manifests_the_gate_arrives_once_on_its_controllers_and_nothing_else_changes() {
    for (manifests, version) in [("v2.6.4-image", "2.6"), ("v2.9.3-image", "2.9")] {
        let Some(manifests) = Manifests::of(manifests) else { return };
        let installed = |name: &&str| manifests.plain.contains_key(&format!("Deployment flux-system/{name}"));
        let gated: Vec<&str> = documented(version).iter().copied().filter(installed).collect();
        assert!(gated.len() >= 4, "{gated:?}");
        let source = cluster(Platform::Eks, version, &format!("  service-account a/b -> {AWS}\n"));
        let overlay = &overlays(&source)[0].1;
        let built = manifests.build(&[("kustomization.yaml", overlay)]);
        assert_eq!(without_gate(built, &gated), manifests.plain, "{version}");
        let emitted = source.replace("  region", "  emit = component\n  region");
        let component = &overlays(&emitted)[0].1;
        let parent = format!("{WITHOUT_PATCHES}components:\n- identity\n");
        let files = [("kustomization.yaml", parent.as_str()), ("identity/kustomization.yaml", component)];
        assert_eq!(without_gate(manifests.build(&files), &gated), manifests.plain, "{version}, component");
        prove(&format!("the feature gate of Flux {version}"));
    }
}

#[test]
fn the_gate_and_a_federated_identity_arrive_together() {
    let Some(manifests) = Manifests::of("v2.9.3-image") else { return };
    let mapping = format!("  source-controller, helm-controller -> {AWS}, {AZURE}, {GCP}\n");
    let without = &overlays(&cluster(Platform::Kubernetes, "2.9", &mapping))[0].1;
    let both = format!("{mapping}  service-account a/b -> {AWS}\n");
    let with = &overlays(&cluster(Platform::Kubernetes, "2.9", &both))[0].1;
    let build = |overlay: &str| manifests.build(&[("kustomization.yaml", overlay)]);
    assert_eq!(without_gate(build(with), documented("2.9")), build(without));
}

#[test]
fn kustomize_refuses_the_gate_where_another_container_is_the_first() {
    let Some(manifests) = Manifests::of("v2.9.3-image") else { return };
    let sidecar =
        "      containers:\n      - name: proxy\n        args: [--quiet]\n        image: example.com/proxy\n";
    let components = manifests.components.replacen("      containers:\n", sidecar, 1);
    let source = cluster(Platform::Eks, "2.9", &format!("  service-account a/b -> {AWS}\n"));
    let place = directory(&[
        ("gotk-components.yaml", &components),
        ("gotk-sync.yaml", crate::real::SYNC),
        ("kustomization.yaml", &overlays(&source)[0].1),
    ]);
    let output = kubectl().arg("kustomize").arg(place.path()).output().expect("it runs");
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success() && stderr.contains("test"), "{stderr}");
}

#[test]
fn the_version_of_flux_is_taken_from_the_real_manifests() {
    for (version, expected) in [("v2.2.3-image", "F0335"), ("v2.6.4-image", ""), ("v2.9.3-image", "")] {
        let Some(manifests) = Manifests::of(version) else { return };
        let source = format!("cluster c on eks {{ service-account a/b -> {AWS} }}\n");
        let gotk = "clusters/c/flux-system/gotk-components.yaml";
        let place = directory(&[("identity.flux", &source), (gotk, &manifests.components)]);
        let build = run(place.path(), &["build"]);
        if expected.is_empty() {
            assert_eq!((build.status, build.stderr.as_str()), (0, ""), "{version}");
            let overlay = run(place.path(), &["render", "c"]).stdout;
            assert_eq!(overlay.contains("|helm-controller|"), version == "v2.9.3-image", "{version}");
        } else {
            assert_eq!(build.status, 1);
            assert!(build.stderr.starts_with(&format!("error[{expected}]")), "{}", build.stderr);
        }
    }
}

#[test]
fn real_manifests_open_no_gate_by_themselves() {
    for version in ["v2.2.3-image", "v2.6.4-image", "v2.9.3-image"] {
        let Some(manifests) = Manifests::of(version) else { return };
        assert!(!manifests.components.contains("feature-gates"), "{version}");
    }
}
