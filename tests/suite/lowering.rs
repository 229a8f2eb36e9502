//! What comes of an identity: a behaviour a test, on the overlay as `serde_yaml` reads it.

use std::collections::BTreeSet;

use proptest::prelude::*;
use serde_yaml::Value;

use crate::harness::{overlays, read};

/// The overlay of the only cluster of a source.
fn overlay(source: &str) -> Value {
    let all = overlays(source);
    assert_eq!(all.len(), 1, "{source}");
    read(&all[0].1)
}

/// The patches of an overlay: kind and names of the target, and what the patch says.
fn patches(overlay: &Value) -> Vec<(String, &Value)> {
    let patches = overlay.get("patches").and_then(Value::as_sequence).into_iter().flatten();
    let target = |patch: &Value, key: &str| patch["target"][key].as_str().expect("a text").to_owned();
    patches
        .map(|patch| (format!("{} {}", target(patch, "kind"), target(patch, "name")), &patch["patch"]))
        .collect()
}

fn pod(patch: &Value) -> &Value {
    &patch["spec"]["template"]
}

fn variable(patch: &Value, name: &str) -> String {
    let variables = pod(patch)["spec"]["containers"][0]["env"].as_sequence().expect("a list");
    let found = variables.iter().find(|variable| variable["name"] == name).expect(name);
    found["value"].as_str().expect("a text").to_owned()
}

#[test]
fn each_azure_cloud_has_its_authority_host() {
    for (cloud, host) in [
        ("", "https://login.microsoftonline.com/"),
        ("azure-cloud = public", "https://login.microsoftonline.com/"),
        ("azure-cloud = usgov", "https://login.microsoftonline.us/"),
        ("azure-cloud = china", "https://login.chinacloudapi.cn/"),
    ] {
        let overlay = overlay(&format!(
            "{cloud}\ncluster c on eks {{\n tenant = \"72f988bf-86f1-41af-91ab-2d7cd011db47\"\n \
             source-controller -> azure \"4a7272f9-f186-41af-9f84-6a92e32d7cd0\"\n}}\n"
        ));
        let patches = patches(&overlay);
        assert_eq!(variable(patches[0].1, "AZURE_AUTHORITY_HOST"), host, "{cloud}");
    }
}

#[test]
fn on_aks_the_authority_host_is_that_of_the_webhook_unless_the_source_says_a_cloud() {
    for (cloud, host) in [
        ("", None),
        ("azure-cloud = public", Some("https://login.microsoftonline.com/")),
        ("azure-cloud = china", Some("https://login.chinacloudapi.cn/")),
    ] {
        let overlay = overlay(&format!(
            "{cloud}\ncluster c on aks {{\n tenant = \"72f988bf-86f1-41af-91ab-2d7cd011db47\"\n \
             source-controller -> azure \"4a7272f9-f186-41af-9f84-6a92e32d7cd0\"\n}}\n"
        ));
        let patches = patches(&overlay);
        let (_, deployment) =
            patches.iter().find(|(target, _)| target.starts_with("Deployment")).expect("it has one");
        assert_eq!(pod(deployment)["metadata"]["labels"]["azure.workload.identity/use"], "true");
        let containers = pod(deployment)["spec"]["containers"].as_sequence();
        let written = containers.map(|_| variable(deployment, "AZURE_AUTHORITY_HOST"));
        assert_eq!(written.as_deref(), host, "{cloud}");
    }
}

#[test]
fn controllers_that_get_the_same_share_their_patches() {
    let overlay = overlay(
        "cluster c on gke {\n tenant = \"72f988bf-86f1-41af-91ab-2d7cd011db47\"\n \
         source-controller, helm-controller, kustomize-controller -> \
         azure \"4a7272f9-f186-41af-9f84-6a92e32d7cd0\"\n}\n",
    );
    let targets: Vec<String> = patches(&overlay).into_iter().map(|(target, _)| target).collect();
    assert_eq!(targets, ["Deployment (source-controller|kustomize-controller|helm-controller)"]);
}

#[test]
fn controllers_whose_sessions_differ_in_name_have_patches_of_their_own() {
    let overlay = overlay(
        "cluster c on gke {\n region = \"eu-west-1\"\n source-controller, helm-controller -> \
         aws \"arn:aws:iam::111122223333:role/flux\"\n}\n",
    );
    let patches = patches(&overlay);
    let targets: Vec<&str> = patches.iter().map(|(target, _)| target.as_str()).collect();
    assert_eq!(targets, ["Deployment source-controller", "Deployment helm-controller"]);
    let name = variable(patches[1].1, "AWS_ROLE_SESSION_NAME");
    assert_eq!(name, "helm-controller.flux-system.eu-west-1.fluxcd.io");
}

#[test]
fn the_namespace_of_flux_is_in_session_names_and_config_maps() {
    let overlay = overlay(
        "cluster c on kubernetes {\n namespace = \"gitops\"\n region = \"eu-west-1\"\n \
         workload-identity-provider = \
         \"projects/1/locations/global/workloadIdentityPools/flux/providers/prod\"\n \
         source-controller -> aws \"arn:aws:iam::111122223333:role/flux\", gcp direct\n}\n",
    );
    let name = variable(patches(&overlay)[0].1, "AWS_ROLE_SESSION_NAME");
    assert_eq!(name, "source-controller.gitops.eu-west-1.fluxcd.io");
    assert_eq!(overlay["configMapGenerator"][0]["namespace"], "gitops");
}

#[test]
fn a_controller_that_needs_no_patch_has_none_and_the_cluster_its_overlay() {
    for source in [
        "cluster c on gke { source-controller -> gcp direct }\n",
        "cluster c on eks { source-controller -> aws \"arn:aws:iam::111122223333:role/flux\" \
         { via = pod-identity } }\n",
        "cluster c on eks { source-controller -> none }\n",
    ] {
        let overlay = overlay(source);
        let keys: Vec<&str> =
            overlay.as_mapping().expect("a mapping").keys().filter_map(Value::as_str).collect();
        assert_eq!(keys, ["apiVersion", "kind", "resources"], "{source}");
    }
}

#[test]
fn a_component_says_that_it_has_no_patches() {
    let source = "emit = component\ncluster c on gke { source-controller -> gcp direct }\n";
    let (directory, text) = overlays(source).remove(0);
    assert_eq!(directory, "clusters/c/flux-system/identity");
    let overlay = read(&text);
    assert_eq!(overlay["kind"], "Component");
    assert_eq!(overlay["apiVersion"], "kustomize.config.k8s.io/v1alpha1");
    assert_eq!(overlay["patches"], Value::Sequence(Vec::new()));
    assert_eq!(overlay.get("resources"), None);
}

// ---------------------------------------------------------------------------------------------------
// Restart

/// The digests that the pods of the only cluster carry, by their targets.
fn digests(source: &str) -> Vec<(String, String)> {
    let overlay = overlay(source);
    let digest = |patch: &Value| {
        Some(pod(patch)["metadata"]["annotations"].get("flux-identity/digest")?.as_str()?.to_owned())
    };
    patches(&overlay).into_iter().filter_map(|(target, patch)| Some((target, digest(patch)?))).collect()
}

/// Another digest would roll every pod of every fleet. These are of `sha256sum`, and stay as they are.
#[test]
fn digests_stay_what_they_are_for_good() {
    let role = "aws \"arn:aws:iam::111122223333:role/flux\"";
    for (given, digest) in [
        (role.to_owned(), "f5e0060b9165d3f0"),
        (format!("{role} {{ via = pod-identity }}"), "272c75216d96f2ea"),
        (format!("{role}, gcp direct"), "75835f801ebe3359"),
    ] {
        let source = format!(
            "restart = on-change\ncluster c on eks {{\n workload-identity-provider = \
             \"projects/1/locations/global/workloadIdentityPools/flux/providers/prod\"\n \
             source-controller -> {given}\n}}\n"
        );
        let expected = [("Deployment source-controller".to_owned(), digest.to_owned())];
        assert_eq!(digests(&source), expected, "{given}");
    }
}

#[test]
fn a_controller_without_an_identity_has_no_digest() {
    let source = "restart = on-change\ncluster c on eks { source-controller -> none }\n";
    assert_eq!(digests(source), []);
}

#[test]
fn by_hand_no_pod_has_a_digest() {
    let source = "restart = by-hand\ncluster c on aks {\n tenant = webhook\n \
                  source-controller -> azure \"4a7272f9-f186-41af-9f84-6a92e32d7cd0\"\n}\n";
    assert_eq!(digests(source), []);
}

/// Identities of every kind that a cluster of AKS can have, each written in one way.
fn identities() -> impl Strategy<Value = String> {
    let aws = (0..3, 0..3_usize, 0..3_usize).prop_map(|(role, audience, lifetime): (i32, usize, usize)| {
        let audience = ["", "audience = \"a\"", "audience = \"b\""][audience];
        let lifetime = ["", "token-expiration = \"600\"", "token-expiration = \"601\""][lifetime];
        let options: Vec<&str> = [audience, lifetime].into_iter().filter(|one| !one.is_empty()).collect();
        let options =
            if options.is_empty() { String::new() } else { format!(" {{ {} }}", options.join(", ")) };
        format!("aws \"arn:aws:iam::111122223333:role/r{role}\"{options}")
    });
    let azure = (0..3, 0..3_usize, 0..2_usize).prop_map(|(client, tenant, lifetime): (i32, usize, usize)| {
        let tenant: &str = ["tenant = webhook", TENANT_A, TENANT_B][tenant];
        let lifetime = ["", ", token-expiration = \"3600\""][lifetime];
        format!("azure \"4a7272f9-f186-41af-9f84-6a92e32d7cd{client}\" {{ {tenant}{lifetime} }}")
    });
    let gcp = (0..3).prop_map(|account| match account {
        0 => "gcp direct".to_owned(),
        account => format!("gcp \"flux-{account}@acme-prod.iam.gserviceaccount.com\""),
    });
    (prop::option::of(aws), prop::option::of(azure), prop::option::of(gcp))
        .prop_map(|(aws, azure, gcp)| {
            let all: Vec<String> = [aws, azure, gcp].into_iter().flatten().collect();
            all.join(", ")
        })
        .prop_filter("there is one", |given| !given.is_empty())
}

const TENANT_A: &str = "tenant = \"72f988bf-86f1-41af-91ab-2d7cd011db47\"";
const TENANT_B: &str = "tenant = \"72f988bf-86f1-41af-91ab-2d7cd011db48\"";

proptest! {
    #[test]
    fn a_digest_is_the_same_exactly_if_the_identities_are(
        one in identities(), other in identities(), beside in identities(), same in any::<bool>()
    ) {
        let other = if same { one.clone() } else { other };
        let digest = |given: &str, beside: &str| {
            // One client id has one tenant.
            let beside = beside.replace("6a92e32d7cd", "6a92e32d7ce");
            let source = format!(
                "# {beside}\nrestart = on-change\nregion = \"eu-west-1\"\ncluster c on aks {{\n \
                 workload-identity-provider = \
                 \"projects/1/locations/global/workloadIdentityPools/flux/providers/prod\"\n \
                 helm-controller -> {beside}\n source-controller -> {given}\n}}\n"
            );
            let names = |target: &str| target.contains("source-controller");
            let mut digests = digests(&source).into_iter().filter(|(target, _)| names(target));
            digests.next().expect("it has one").1
        };
        // What another controller has says nothing.
        prop_assert_eq!(digest(&one, &beside) == digest(&other, "gcp direct"), one == other);
    }
}

#[test]
fn all_digests_of_a_hundred_identities_differ() {
    let digests: BTreeSet<String> = (0..100)
        .map(|at| {
            let given = format!("aws \"arn:aws:iam::111122223333:role/r{at}\"");
            let source =
                format!("restart = on-change\ncluster c on eks {{ source-controller -> {given} }}\n");
            digests(&source).remove(0).1
        })
        .collect();
    assert_eq!(digests.len(), 100);
}
