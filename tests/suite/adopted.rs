//! Real fleets are imported, and kustomize builds of them what it built before.
//!
//! `FLUX_IDENTITY_DATA` names a directory whose `fleets` are overlays of real repositories. What they name and what was
//! not kept of them, the manifests of Flux above all, is put beside them here. Without it these tests are skipped.

use std::fs;
use std::path::{Path, PathBuf};

use serde_yaml::Value;

use crate::harness::{Run, run};
use crate::real::{components, prove};
use crate::trees;

/// The fleets that are there.
fn fleets() -> Vec<(String, PathBuf)> {
    let Some(data) = std::env::var_os("FLUX_IDENTITY_DATA") else { return Vec::new() };
    let named = |path: PathBuf| {
        (path.file_name().unwrap_or_default().to_string_lossy().into_owned(), path.join("tree"))
    };
    trees::entries(&Path::new(&data).join("fleets")).into_iter().map(named).collect()
}

/// A copy of these fleets, with what they name beside them.
fn copy(fleets: &[&PathBuf]) -> tempfile::TempDir {
    let place = tempfile::tempdir().expect("there is room for a directory");
    for fleet in fleets {
        trees::copy(fleet, place.path());
    }
    let components = components("v2.6.4-image").expect("the manifests are there");
    let is_overlay = |name: &&String| name.ends_with("/kustomization.yaml");
    for overlay in trees::nodes(place.path()).keys().filter(is_overlay).map(|name| place.path().join(name)) {
        let directory = overlay.parent().expect("it is in a directory");
        let text = fs::read_to_string(&overlay).expect("it is text");
        let root: Value = serde_yaml::from_str(&text).expect("it is YAML");
        let resources = root["resources"].as_sequence().into_iter().flatten().filter_map(Value::as_str);
        for name in resources {
            let path = directory.join(name);
            if path.is_file() || path.join("kustomization.yaml").is_file() {
                continue;
            }
            let title: String = name.chars().filter(char::is_ascii_lowercase).collect();
            let stub = format!("apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: x{title}\n");
            if name.ends_with("gotk-components.yaml") {
                fs::write(&path, &components).expect("it is written");
            } else if Path::new(name).extension().is_some() {
                fs::create_dir_all(path.parent().expect("it is in a directory")).expect("it is made");
                fs::write(&path, stub).expect("it is written");
            } else {
                fs::create_dir_all(&path).expect("it is made");
                fs::write(path.join("kustomization.yaml"), "resources:\n- stub.yaml\n")
                    .expect("it is written");
                fs::write(path.join("stub.yaml"), stub).expect("it is written");
            }
        }
    }
    place
}

fn import(place: &Path) -> Run {
    run(place, &["import", ".", "-o", "identity.flux", "--verify"])
}

#[test]
fn kustomize_builds_of_each_real_fleet_what_it_built_before() {
    for (name, tree) in fleets() {
        let place = copy(&[&tree]);
        let done = import(place.path());
        // One is what somebody wrote into an issue; no file of it is called as kustomize wants it.
        if name.starts_with("061-") {
            assert!(done.stderr.contains("F0501"), "{name}: {}", done.stderr);
            continue;
        }
        let proof = "1 of 1 overlay verified";
        assert!(done.status == 0 && done.stderr.contains(proof), "{name}: {}", done.stderr);
        let built = run(place.path(), &["build", "--adopt"]);
        assert_eq!(built.status, 0, "{name}: {}", built.stderr);
        prove("real fleets");
    }
}

#[test]
fn nine_environments_become_one_source_of_at_most_eighty_lines() {
    let fleets = fleets();
    let nine: Vec<&PathBuf> =
        fleets.iter().filter(|(name, _)| name.contains("-hmcts-")).map(|(_, tree)| tree).collect();
    if nine.is_empty() {
        return;
    }
    let place = copy(&nine);
    let done = import(place.path());
    assert!(done.stderr.contains("9 of 9 overlays verified"), "{}", done.stderr);
    let source = fs::read_to_string(place.path().join("identity.flux")).expect("it is written");
    assert!(source.lines().count() <= 80, "{source}");
}
