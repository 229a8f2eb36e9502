//! What an effect is set by: the line of the field in the file that sets it.

use crate::harness::{Run, directory, run};

const FLEET: &str = "cluster prod-eu on eks {\n  patch \"patch.yaml\" { kind = \"KIND\", name = \"source-controller\" }\n  \
                     source-controller -> aws \"arn:aws:iam::111122223333:role/flux\"\n}\n";

/// The check of a fleet with a patch of this kind.
fn patched(kind: &str, patch: &str) -> Run {
    let source = FLEET.replace("KIND", kind);
    let place = directory(&[("identity.flux", &source), ("patch.yaml", patch)]);
    run(place.path(), &["build"])
}

#[track_caller]
fn assert_line(kind: &str, patch: &str, line: usize) {
    let build = patched(kind, patch);
    let said = format!("is set by `patch.yaml`, line {line}\n");
    assert!(build.stderr.contains(&said), "{said}{}", build.stderr);
}

#[test]
fn what_sets_a_field_is_named_with_its_line() {
    let head = "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: source-controller\n";
    let pods = "spec:\n  template:\n    metadata:\n      annotations:\n        eks.amazonaws.com/skip-containers: manager\n";
    assert_line("Deployment", &format!("{head}{pods}"), 9);
    assert_line("Deployment", &format!("# why\n\n{head}# more\n{pods}"), 12);
    let variables = "spec:\n  template:\n    spec:\n      containers:\n      - name: sidecar\n        image: a\n      - name: manager\n        env:\n        - name: A\n          value: a\n        - name: AWS_ROLE_ARN\n          value: b\n";
    let build = patched("Deployment", &format!("{head}{variables}"));
    assert!(build.stderr.contains("lacks `AWS_WEB_IDENTITY_TOKEN_FILE`"), "{}", build.stderr);
    let both = format!("{variables}        - name: AWS_WEB_IDENTITY_TOKEN_FILE\n          value: /c\n");
    assert_line("Deployment", &format!("{head}{both}"), 17);
}

#[test]
fn of_several_documents_the_one_that_sets_a_field_is_named() {
    let account =
        "apiVersion: v1\nkind: ServiceAccount\nmetadata:\n  name: source-controller\n  annotations:\n";
    let harmless = "    a: b\n";
    let misspelt = "    eks.amazonaws.com/rolearn: c\n";
    let two = format!("{account}{harmless}---\n# why\n{account}{harmless}{misspelt}");
    assert_line("ServiceAccount", &two, 15);
}

#[test]
fn an_operation_that_sets_a_field_is_named_with_its_line() {
    let first = "- op: add\n  path: /spec/template/spec/containers/0/args/-\n  value: --log-level=debug\n";
    let second = "- op: add\n  path: /spec/template/spec/containers/0/args/-\n  value: --default-decryption-service-account=a\n";
    assert_line("Deployment", &format!("{first}{second}{first}"), 5);
    let whole = "- op: add\n  path: /spec/template/metadata/annotations\n  value:\n    a: b\n    eks.amazonaws.com/skip-containers: manager\n";
    assert_line("Deployment", whole, 5);
}
