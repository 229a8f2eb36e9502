//! The documentation of Flux has people `touch` the files of `flux bootstrap` before it runs, so that patches are there
//! when pods first start. A blank file is a file that is not there yet.

use std::path::Path;

use crate::harness::{directory, run};
use crate::real::data;
use crate::trees;

const SOURCE: &str =
    "cluster a on eks {\n  source-controller -> aws \"arn:aws:iam::111122223333:role/flux\"\n}\n";
const BLANK: [&str; 6] =
    ["", "\n \n", "---\n", "# here comes Flux\n", "---\n# here comes Flux\n---\n", "\u{feff}"];
const OVERLAY: &str = "clusters/a/flux-system/kustomization.yaml";
const COMPONENTS: &str = "clusters/a/flux-system/gotk-components.yaml";
const SYNC: &str = "clusters/a/flux-system/gotk-sync.yaml";
const PATCHED: &str = "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources:\n\
                       - gotk-components.yaml\n- gotk-sync.yaml\npatches:\n- target:\n    kind: ServiceAccount\n    \
                       name: source-controller\n  patch: |\n    - op: add\n      path: \
                       /metadata/annotations/eks.amazonaws.com~1role-arn\n      value: \
                       arn:aws:iam::111122223333:role/flux-ecr\n";

fn text(root: &Path, path: &str) -> String {
    std::fs::read_to_string(root.join(path)).expect("it is read")
}

#[test]
fn blank_files_are_built_upon_as_if_they_were_not_there() {
    let bare = directory(&[("identity.flux", SOURCE)]);
    assert_eq!(run(bare.path(), &["build"]).status, 0);
    for blank in BLANK {
        let place =
            directory(&[("identity.flux", SOURCE), (COMPONENTS, blank), (SYNC, blank), (OVERLAY, blank)]);
        let build = run(place.path(), &["build"]);
        assert_eq!(build.status, 0, "{blank:?}: {}", build.stderr);
        assert!(!build.stdout.contains("restart"), "{blank:?}: {}", build.stdout);
        assert_eq!(text(place.path(), OVERLAY), text(bare.path(), OVERLAY), "{blank:?}");
        assert_eq!(text(place.path(), COMPONENTS), blank);
        let check = run(place.path(), &["check"]);
        assert_eq!(check.status, 0, "{blank:?}: {}", check.stderr);
        assert!(check.stderr.contains("note[F0316]"), "{blank:?}: {}", check.stderr);
    }
}

#[test]
fn a_file_that_says_something_is_no_blank_one() {
    for text in ["--- x\n", "{}\n", "a: b\n", "----\n", "--\n"] {
        let place = directory(&[("identity.flux", SOURCE), (COMPONENTS, text)]);
        let run = run(place.path(), &["build"]);
        assert!(run.status == 1 && run.stderr.contains("F0406"), "{text:?}: {}", run.stderr);
    }
    let place = directory(&[("identity.flux", SOURCE), (OVERLAY, "namePrefix: x\n")]);
    let run = run(place.path(), &["build"]);
    assert!(run.status == 1 && run.stderr.contains("F0401"), "{}", run.stderr);
}

#[test]
fn an_overlay_beside_blank_files_is_taken_in() {
    for blank in BLANK {
        let place = directory(&[(OVERLAY, PATCHED), (COMPONENTS, blank), (SYNC, blank)]);
        let run = run(place.path(), &["import", "clusters"]);
        assert_eq!(run.status, 0, "{blank:?}: {}", run.stderr);
        assert!(run.stdout.contains("role/flux-ecr"), "{blank:?}: {}", run.stdout);
    }
}

#[test]
fn a_first_source_beside_blank_files_can_be_built() {
    for blank in BLANK {
        let mine = |path: &str| path.replace("clusters/a/", "clusters/my-cluster/");
        let (components, sync, overlay) = (mine(COMPONENTS), mine(SYNC), mine(OVERLAY));
        let place = directory(&[(&components, blank), (&sync, blank), (&overlay, blank)]);
        let init = run(place.path(), &["init"]);
        assert_eq!(init.status, 0, "{blank:?}: {}", init.stderr);
        let build = run(place.path(), &["build"]);
        assert_eq!(build.status, 0, "{blank:?}: {}", build.stderr);
    }
}

#[test]
fn a_directory_with_a_blank_kustomization_has_none() {
    let source = "cluster a on eks {\n  resource \"base\"\n}\n";
    let place = directory(&[("identity.flux", source), ("base/kustomization.yaml", "---\n")]);
    let run = run(place.path(), &["build"]);
    assert!(run.status == 1 && run.stderr.contains("F0323"), "{}", run.stderr);
    assert!(run.stderr.contains("no kustomization"), "{}", run.stderr);
}

#[test]
fn a_repository_of_somebody_before_bootstrap_is_right() {
    let Some(data) = data() else { return };
    let case = data.join("cases/17-flux2-1300-pre-bootstrap-empty-files");
    for (tree, commands) in [
        ("tree", [["build"].as_slice(), &["check"]]),
        ("tree-with-patches", [&["import", "clusters"], &["import", "."]]),
    ] {
        if !case.join(tree).is_dir() {
            continue;
        }
        let there = trees::texts(&case.join(tree));
        let there: Vec<(&str, &str)> =
            there.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
        let place = directory(&there);
        for command in commands {
            let run = run(place.path(), command);
            assert_eq!(run.status, 0, "{tree}: {}", run.stderr);
        }
    }
}
