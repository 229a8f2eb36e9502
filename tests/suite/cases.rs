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
        files.push((path.to_owned(), fs::read_to_string(from).expect("it is read")));
    }
    let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    Some(harness::directory(&files))
}

fn codes(run: &Run) -> BTreeSet<&str> {
    run.stderr.lines().filter_map(harness::code).collect()
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
