//! What `build` wrote comes back by `import` with the same meaning, and nothing that strangers write breaks it.

use std::collections::BTreeMap;
use std::rc::Rc;

use flux_identity::emit;
use flux_identity::import::{Estate, Imported, Unread, Wish, import};
use flux_identity::model::{Cluster, Form, Passed, Restart, aws, gcp};
use flux_identity::problem::Problems;
use flux_identity::source::Sources;
use proptest::prelude::*;

use crate::examples::{examples, source};
use crate::generate;
use crate::harness::{compile, format};

/// Files without a disk.
struct Files(BTreeMap<String, String>);

impl Estate for Files {
    fn text(&self, path: &str) -> Result<Rc<str>, Unread> {
        self.0.get(path).map(|text| Rc::from(text.as_str())).ok_or(Unread::Missing)
    }

    fn exists(&self, path: &str) -> bool {
        self.0.keys().any(|known| known == path || known.starts_with(&format!("{path}/")))
    }

    fn shown(&self, path: &str) -> String {
        path.to_owned()
    }
}

fn imported(files: &Files) -> (Imported, Vec<String>) {
    let (mut sources, mut problems) = (Sources::default(), Problems::default());
    let paths: Vec<String> = files.0.keys().cloned().collect();
    let imported = import(files, &paths, Wish::default(), &mut sources, &mut problems);
    let codes = problems.findings().iter().map(|finding| finding.code.to_string()).collect();
    (imported, codes)
}

/// Whether all that a cluster has can be seen in its overlay. Federated access to Google Cloud cannot be taken in.
fn is_told(cluster: &Cluster) -> bool {
    let are_told = cluster.grants.values().all(|grants| {
        !matches!(grants.aws, Some(aws::Grant::PodIdentity(_)))
            && matches!(grants.gcp, None | Some(gcp::Grant::Impersonation(_)))
    });
    let is_seen = !cluster.grants.is_empty() || cluster.restart == Restart::ByHand;
    let in_one_place = matches!(cluster.form, Form::Overlay(_)) || !cluster.grants.is_empty();
    let is_ours = cluster.passed == Passed::default() && cluster.object_level.is_none();
    are_told && is_seen && in_one_place && is_ours
}

/// Imports what is written for the clusters of a source that can be told, and builds of that what was written. How many
/// clusters these are.
fn assert_returns(source: &str) -> Result<usize, TestCaseError> {
    let Ok(fleet) = compile(source) else { return Ok(0) };
    let mut files = Files(BTreeMap::new());
    let mut wanted = BTreeMap::new();
    for cluster in fleet.clusters.iter().filter(|cluster| is_told(cluster)) {
        let directory = cluster.output.as_str().to_owned();
        let text = emit::overlay(&fleet, cluster);
        let _new = files.0.insert(format!("{directory}/kustomization.yaml"), text.clone());
        for resource in ["gotk-components.yaml", "gotk-sync.yaml"] {
            let _new = files.0.insert(format!("{directory}/{resource}"), String::new());
        }
        if !cluster.grants.is_empty() {
            let _new = wanted.insert(directory, text);
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
    let overlays: BTreeMap<String, String> = again
        .clusters
        .iter()
        .map(|cluster| (cluster.output.as_str().to_owned(), emit::overlay(&again, cluster)))
        .collect();
    for (directory, text) in &wanted {
        prop_assert_eq!(overlays.get(directory), Some(text), "{}\n{:?}", back.text, codes);
    }
    Ok(wanted.len())
}

#[test]
fn examples_come_back_with_the_same_meaning() {
    let returned: usize =
        examples().iter().map(|example| assert_returns(&source(example)).expect("it comes back")).sum();
    assert!(returned > 10, "{returned}");
}

#[test]
fn federated_identities_come_back_with_the_same_meaning() {
    let source = r#"region = "eu-west-1"
tenant = "72f988bf-86f1-41af-91ab-2d7cd011db47"
azure-cloud = usgov

cluster one on kubernetes {
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

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, ..ProptestConfig::default() })]

    #[test]
    fn what_was_built_comes_back_with_the_same_meaning(fleet in generate::fleet()) {
        let _count = assert_returns(&generate::plain(&fleet))?;
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
        let mut files = Files(BTreeMap::new());
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
        imported(&Files(BTreeMap::from([("a/flux-system/kustomization.yaml".to_owned(), text)])));
    assert!(back.overlays.is_empty());
    assert_eq!(codes, ["F0502"]);
}

#[test]
fn yaml_that_is_too_deep_is_not_read() {
    let text = format!("resources: [gotk-components.yaml]\na: {}\n", "[".repeat(100_000));
    let (_, codes) =
        imported(&Files(BTreeMap::from([("a/flux-system/kustomization.yaml".to_owned(), text)])));
    assert_eq!(codes, ["F0502"]);
}
