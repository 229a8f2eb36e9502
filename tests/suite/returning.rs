//! What `build` wrote comes back by `import` with the same meaning, and nothing that strangers write breaks it.

use std::collections::BTreeMap;

use flux_identity::emit;
use flux_identity::import::{ImportOptions, Imported, import};
use flux_identity::model::{Cluster, Passthrough, Restart, aws, gcp};
use flux_identity::problem::Problems;
use flux_identity::source::Sources;
use flux_identity::workspace::Inputs;
use proptest::prelude::*;

use crate::examples::{examples, source};
use crate::generate;
use crate::harness::{self, InMemory, compile, format};

fn imported(files: &InMemory) -> (Imported, Vec<String>) {
    let (mut sources, mut problems) = (Sources::default(), Problems::default());
    let paths: Vec<String> = files.0.keys().cloned().collect();
    let imported =
        import(&Inputs::new(files), &paths, &ImportOptions::default(), &mut sources, &mut problems);
    let codes = problems.findings().iter().map(|finding| finding.code.to_string()).collect();
    (imported, codes)
}

/// Whether all that a cluster has can be seen in what is written for it. EKS Pod Identity leaves nothing behind; `gcp
/// direct` on GKE leaves the digest of itself, and a ServiceAccount without annotations.
fn is_told(cluster: &Cluster) -> bool {
    let are_told = cluster.credentials.values().all(|grants| {
        let is_alone = grants.aws.is_none() && grants.azure.is_none();
        let is_direct = matches!(grants.gcp, Some(gcp::CredentialSource::Direct));
        !matches!(grants.aws, Some(aws::CredentialSource::PodIdentity(_)))
            && (!is_direct || is_alone && cluster.restart == Restart::OnChange)
    });
    let accounts = cluster.object_level.iter().flat_map(|object_level| &object_level.accounts);
    let mut direct = accounts
        .map(|(_, credentials)| credentials)
        .filter(|grants| matches!(grants.gcp, Some(gcp::CredentialSource::Direct)));
    let accounts_are_told = direct.all(|grants| grants.annotations().is_empty());
    let is_seen = !cluster.credentials.is_empty() || cluster.restart == Restart::ByHand;
    are_told && accounts_are_told && is_seen && cluster.passthrough == Passthrough::default()
}

/// Imports what is written for the clusters of a source that can be told, and builds of that what was written. How many
/// clusters these are.
fn assert_returns(source: &str) -> Result<usize, TestCaseError> {
    let Ok(fleet) = compile(source) else { return Ok(0) };
    let mut files = InMemory(BTreeMap::new());
    let mut wanted = BTreeMap::new();
    let told: Vec<&Cluster> = fleet.clusters.iter().filter(|cluster| is_told(cluster)).collect();
    for cluster in &told {
        for document in emit::documents(&fleet, cluster) {
            let path = format!("{}/{}", document.directory.as_str(), document.name);
            let _new = files.0.insert(path.clone(), document.text.clone());
            let _new = wanted.insert(path, document.text);
        }
        for resource in ["gotk-components.yaml", "gotk-sync.yaml"] {
            let _new = files.0.insert(format!("{}/{resource}", cluster.output.as_str()), String::new());
        }
    }
    if wanted.is_empty() {
        return Ok(0);
    }
    let (back, codes) = imported(&files);
    let styled = format(&back.text);
    prop_assert_eq!(styled.as_deref(), Some(back.text.as_str()));
    let again = match compile(&back.text) {
        Ok(again) => again,
        Err(findings) => {
            return Err(TestCaseError::fail(format!("{source}\n{}\n{codes:?}\n{findings:?}", back.text)));
        }
    };
    let all = again.clusters.iter().flat_map(|cluster| emit::documents(&again, cluster));
    let overlays: BTreeMap<String, String> = all
        .map(|document| (format!("{}/{}", document.directory.as_str(), document.name), document.text))
        .collect();
    for (path, text) in &wanted {
        prop_assert_eq!(overlays.get(path), Some(text), "{}\n{}\n{:?}", source, back.text, codes);
    }
    Ok(told.len())
}

#[test]
fn examples_come_back_with_the_same_meaning() {
    let returned: usize =
        examples().iter().map(|example| assert_returns(&source(example)).expect("it comes back")).sum();
    assert!(returned > 15, "{returned}");
}

#[test]
fn federated_identities_come_back_with_the_same_meaning() {
    let source = r#"region = "eu-west-1"
tenant = "72f988bf-86f1-41af-91ab-2d7cd011db47"

cluster one on kubernetes {
  azure-cloud = usgov
  source-controller -> aws "arn:aws:iam::111122223333:role/one" { audience = "flux", token-expiration = "7200" },
    azure "4a7272f9-f186-41af-9f84-6a92e32d7cd0"
  kustomize-controller -> aws "arn:aws:iam::111122223333:role/two"
}

cluster two on aks {
  restart = on-change
  source-controller, helm-controller -> azure "4a7272f9-f186-41af-9f84-6a92e32d7cd0",
    aws "arn:aws:iam::111122223333:role/two"
}
"#;
    assert_eq!(assert_returns(source).expect("it comes back"), 2);
}

#[test]
fn access_to_google_cloud_comes_back_with_the_same_meaning() {
    let source = r#"workload-identity-provider = "projects/123456789012/locations/global/workloadIdentityPools/acme/providers/of-${cluster}"
region = "eu-west-1"

cluster one on kubernetes {
  source-controller, helm-controller -> gcp "flux-gar@acme-prod.iam.gserviceaccount.com"
  kustomize-controller               -> gcp direct, aws "arn:aws:iam::111122223333:role/two"
}

cluster two on eks {
  emit = component
  source-controller -> gcp direct
}

cluster three on gke {
  restart = on-change
  source-controller    -> gcp direct
  kustomize-controller -> gcp "flux-kms@acme-prod.iam.gserviceaccount.com"
}
"#;
    assert_eq!(assert_returns(source).expect("it comes back"), 3);
}

#[test]
fn service_accounts_of_objects_come_back_with_their_gates() {
    let source = r#"flux = "2.9"
workload-identity-provider = "projects/123456789012/locations/global/workloadIdentityPools/acme/providers/everyone"

cluster one on eks {
  source-controller -> aws "arn:aws:iam::111122223333:role/flux"
  service-account payments/podinfo -> aws "arn:aws:iam::111122223333:role/podinfo", gcp direct
  service-account reports/nightly.v2, service-account reports/weekly -> aws "arn:aws:iam::111122223333:role/reports"
}

cluster two on gke {
  service-accounts = "tenants/${cluster}"
  output           = "fleet/${cluster}"
  service-account payments/podinfo -> gcp direct
  service-account reports/nightly.v2 -> gcp "reports@acme-prod.iam.gserviceaccount.com"
}

cluster three on kubernetes {
  flux = "2.6"
  service-account payments/podinfo -> gcp "podinfo@acme-prod.iam.gserviceaccount.com"
  service-account reports/nightly.v2 -> azure "4a7272f9-f186-41af-9f84-6a92e32d7cd0" {
    tenant = "72f988bf-86f1-41af-91ab-2d7cd011db47"
  }
}

cluster four on eks {
  emit = component
  flux = "2.10"
  service-account payments/podinfo -> aws "arn:aws:iam::111122223333:role/podinfo"
}
"#;
    assert_eq!(assert_returns(source).expect("it comes back"), 4);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: harness::times(64, 512), ..ProptestConfig::default() })]

    #[test]
    fn what_was_built_comes_back_with_the_same_meaning(fleet in generate::fleet(), says in 0_usize..4) {
        let above = ["", "restart = on-change\n", "emit = component\n", "restart = on-change\nemit = component\n"];
        let _count = assert_returns(&format!("{}{}", above[says], generate::plain(&fleet)))?;
    }

    #[test]
    fn nothing_that_strangers_write_breaks_an_import(
        cuts in prop::collection::vec((any::<u16>(), 0_usize..8, "[ -~\n\t{}\\[\\]:&*|>\"'#é-]{0,6}"), 0..12),
    ) {
        let mut text = OVERLAY.to_owned();
        for (at, length, insert) in cuts {
            let mut start = usize::from(at) % (text.len() + 1);
            while !text.is_char_boundary(start) {
                start -= 1;
            }
            let mut end = (start + length).min(text.len());
            while !text.is_char_boundary(end) {
                end += 1;
            }
            text.replace_range(start..end, &insert);
        }
        let mut files = InMemory(BTreeMap::new());
        let _new = files.0.insert("clusters/a/flux-system/kustomization.yaml".to_owned(), text.clone());
        let _new = files.0.insert("clusters/a/flux-system/patch.yaml".to_owned(), text);
        let _done = imported(&files);
    }
}

/// An overlay with something of everything.
const OVERLAY: &str = r#"# A comment.
apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
resources: [gotk-components.yaml, "gotk-sync.yaml"]
images: &images
- name: a
patchesStrategicMerge:
- patch.yaml
patches:
- patch: |-
    - op: add
      path: /metadata/annotations/eks.amazonaws.com~1role-arn
      value: arn:aws:iam::111122223333:role/flux
  target: {kind: ServiceAccount, name: ^(source|kustomize)-controller$}
- patch: >
    kind: Deployment
  target:
    kind: Deployment
    labelSelector: app.kubernetes.io/part-of=flux
- patch: "kind: Deployment\nmetadata:\n  name: é\napiVersion: apps/v1\n"
more: *images
"#;

#[test]
fn aliases_that_repeat_themselves_are_not_followed_for_long() {
    let mut text = "resources: [gotk-components.yaml]\na0: &a0 [x, x]\n".to_owned();
    for level in 1..40 {
        let below = level - 1;
        text.extend([format!("a{level}: &a{level} [*a{below}, *a{below}]\n")]);
    }
    let (back, codes) =
        imported(&InMemory(BTreeMap::from([("a/flux-system/kustomization.yaml".to_owned(), text)])));
    assert!(back.overlays.is_empty());
    assert_eq!(codes, ["F0502"]);
}

#[test]
fn yaml_that_is_too_deep_is_not_read() {
    let text = format!("resources: [gotk-components.yaml]\na: {}\n", "[".repeat(100_000));
    let (_, codes) =
        imported(&InMemory(BTreeMap::from([("a/flux-system/kustomization.yaml".to_owned(), text)])));
    assert_eq!(codes, ["F0502"]);
}
