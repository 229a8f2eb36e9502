//! What an effect is set by: the line of the field in the file that sets it.

use std::fs;

use serde_json::Value;

use crate::formats::violations;
use crate::harness::{Run, directory, project, run};

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

#[test]
fn an_identity_that_the_source_does_not_mention_is_shown_with_what_sets_it() {
    let source = "cluster prod-eu on eks {\n  patch \"role.yaml\" { kind = \"ServiceAccount\", name = \"helm-controller\" }\n  \
                  source-controller -> aws \"arn:aws:iam::111122223333:role/flux\"\n  allow F0353 \"it is to go\"\n}\n\n\
                  cluster prod-us on eks {\n  source-controller -> aws \"arn:aws:iam::111122223333:role/flux\"\n}\n";
    let role = "apiVersion: v1\nkind: ServiceAccount\nmetadata:\n  name: helm-controller\n  annotations:\n    \
                eks.amazonaws.com/role-arn: arn:aws:iam::111122223333:role/by-hand\n";
    let place = directory(&[("identity.flux", source), ("role.yaml", role)]);
    let show = run(place.path(), &["show", "prod-eu"]);
    assert_eq!((show.status, show.stderr.as_str()), (0, ""));
    let table = show.stdout.split("\n\n").find(|table| table.starts_with("not in the source"));
    let row = table.expect("it is there").lines().nth(1).expect("it has a row");
    let words: Vec<&str> = row.split("  ").map(str::trim).filter(|word| !word.is_empty()).collect();
    let expected = [
        "helm-controller",
        "the IAM role `arn:aws:iam::111122223333:role/by-hand`",
        "the annotation `eks.amazonaws.com/role-arn` of the ServiceAccount: `role.yaml`, line 6",
    ];
    assert_eq!(words, expected);
    let json = run(place.path(), &["show", "prod-eu", "--format", "json"]);
    let document: Value = serde_json::from_str(&json.stdout).expect("it is JSON");
    let unmentioned = &document["clusters"][0]["unmentioned"];
    assert_eq!(unmentioned[0]["controller"], "helm-controller");
    assert_eq!(unmentioned[0]["place"], "`role.yaml`, line 6");
    let schema = fs::read_to_string(project().join("docs/show.schema.json")).expect("it is there");
    let schema: Value = serde_json::from_str(&schema).expect("it is JSON");
    assert_eq!(violations(&document, &schema, &schema, ""), Vec::<String>::new(), "{document:#}");
    // Where nothing differs nothing is told.
    let other = run(place.path(), &["show", "prod-us"]);
    assert!(other.status == 0 && !other.stdout.contains("not in the source"), "{}", other.stdout);
}
