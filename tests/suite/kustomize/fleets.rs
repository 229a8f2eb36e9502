//! Whatever `build` writes, for fleets at random.

use std::collections::BTreeSet;

use flux_identity::emit;
use flux_identity::model::{Cluster, Install, OverlayForm, Passthrough};
use proptest::strategy::{Strategy as _, ValueTree as _};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

use crate::effect::controllers;
use crate::kustomize::{Files, Outcome, compare};
use crate::{generate, harness, real};

#[test]
fn kustomize_builds_the_same_of_what_is_written_for_fleets_at_random() {
    if real::data().is_none() {
        return;
    }
    let most = harness::times(6, 60);
    let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let mut runner = TestRunner::new_with_rng(Config::default(), rng);
    let mut known = BTreeSet::new();
    let (mut components, mut accounts) = (0, 0);
    while known.len() < most {
        let fleet = generate::fleet().new_tree(&mut runner).expect("there is one").current();
        let above = ["", "emit = component\n", "restart = on-change\n"][known.len() % 3];
        let source = format!("{above}{}", generate::plain(&fleet));
        let Ok(fleet) = harness::compile(&source) else { continue };
        for cluster in fleet.clusters.iter().filter(|cluster| is_whole(cluster)) {
            let documents = emit::documents(&fleet, cluster);
            let is_new = documents.first().is_some_and(|overlay| known.insert(without_header(&overlay.text)));
            if !is_new || known.len() > most {
                continue;
            }
            let put = |files: &mut Files, path: String, text: &str| drop(files.insert(path, text.to_owned()));
            let mut files = Files::new();
            for document in &documents {
                put(&mut files, format!("{}/{}", document.directory.as_str(), document.name), &document.text);
            }
            let mut overlay = cluster.output.as_str().to_owned();
            let installed = controllers().replace("flux-system", cluster.namespace.as_str());
            if cluster.form == OverlayForm::Component {
                let text = format!("resources: [gotk-components.yaml]\ncomponents: ['../{overlay}']\n");
                overlay = "by-hand".to_owned();
                put(&mut files, "by-hand/kustomization.yaml".to_owned(), &text);
                components += 1;
            }
            let sync = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: sync}\n";
            put(&mut files, format!("{overlay}/gotk-components.yaml"), &installed);
            put(&mut files, format!("{overlay}/gotk-sync.yaml"), sync);
            let of_accounts = documents.get(1).map(|document| document.directory.as_str());
            accounts += usize::from(of_accounts.is_some());
            for directory in [Some(overlay.as_str()), of_accounts].into_iter().flatten() {
                assert_eq!(compare(&files, directory), Ok(Outcome::Equal), "{directory}\n{source}");
            }
        }
    }
    eprintln!("{most} overlays, {components} of them components, {accounts} with accounts");
    real::prove("kustomize of fleets at random");
}

/// True if everything that kustomize needs for the overlay is known here.
fn is_whole(cluster: &Cluster) -> bool {
    cluster.form != OverlayForm::Overlay(Install::None) && cluster.passthrough == Passthrough::default()
}

fn without_header(text: &str) -> String {
    text.lines().skip(2).collect::<Vec<_>>().join("\n")
}
