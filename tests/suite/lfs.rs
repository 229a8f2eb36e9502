//! Files that git hands to Git LFS: Flux fetches pointers in their place.

use crate::harness::{Run, directory, run};
use crate::place::COMPONENTS;

const POINTER: &str = "version https://git-lfs.github.com/spec/v1\noid sha256:\
                       4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393\nsize 12345\n";

/// What the check finds with these attributes, and these manifests.
fn checked(attributes: &str, manifests: &str) -> Run {
    let sync = "apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {name: flux-system, namespace: flux-system}\n\
                spec: {path: ./clusters/prod, sourceRef: {kind: GitRepository, name: flux-system}}\n---\n\
                apiVersion: source.toolkit.fluxcd.io/v1\nkind: GitRepository\nmetadata: {name: flux-system, namespace: flux-system}\n\
                spec: {url: 'https://git.example.com/fleet'}\n";
    let place = directory(&[
        (
            "identity.flux",
            "cluster prod on eks {\n  source-controller -> aws \"arn:aws:iam::111122223333:role/flux\"\n}\n",
        ),
        (".gitattributes", attributes),
        ("clusters/prod/flux-system/gotk-components.yaml", manifests),
        ("clusters/prod/flux-system/gotk-sync.yaml", sync),
    ]);
    run(place.path(), &["build"])
}

#[test]
fn files_that_git_hands_to_lfs_are_told_with_the_line() {
    let found =
        checked("* text=auto\ngotk-components.yaml filter=lfs diff=lfs merge=lfs -text\n", COMPONENTS);
    let said =
        "Flux does not fetch `clusters/prod/flux-system/gotk-components.yaml`: git hands it to Git LFS";
    assert!(found.stderr.contains(said), "{}", found.stderr);
    assert!(found.stderr.contains("`.gitattributes`, line 2"), "{}", found.stderr);
    for attributes in ["*.png filter=lfs\n", "*.yaml filter=lfs\n*.yaml -filter\n", "*.yaml text\n"] {
        let found = checked(attributes, COMPONENTS);
        assert!(!found.stderr.contains("LFS"), "{attributes}: {}", found.stderr);
    }
}

#[test]
fn manifests_that_are_a_pointer_are_told_to_be_one() {
    let found = checked("", POINTER);
    assert!(found.stderr.contains("F0406"), "{}", found.stderr);
    assert!(found.stderr.contains("this file is a pointer of Git LFS"), "{}", found.stderr);
}
