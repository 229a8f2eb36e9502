//! The playground answers what the command says. `docs/site/playground/drive.py` drives the page in a browser.

#[path = "../../docs/site/playground/src/answer.rs"]
mod answer;

use serde_json::{Value, json};

use crate::examples::{examples, source};
use crate::harness::{overlays, run};

#[test]
fn the_playground_generates_the_overlays_of_every_example() {
    for example in examples() {
        let text = source(&example);
        let answer = ask(&json!({ "files": { "identity.flux": text } }));
        let generated: Vec<(&str, &str)> = list(&answer["overlays"])
            .iter()
            .filter_map(|file| Some((file["path"].as_str()?, file["text"].as_str()?)))
            .collect();
        let expected = overlays(&text);
        assert_eq!(generated.len(), expected.len(), "{}", example.display());
        for ((path, generated), (directory, expected)) in generated.iter().zip(&expected) {
            assert_eq!(
                (*path, *generated),
                (format!("{directory}/kustomization.yaml").as_str(), expected.as_str())
            );
        }
        assert_eq!(answer["formatted"].as_str(), Some(text.as_str()), "{}", example.display());
        assert!(answer["page"].as_str().is_some_and(|page| page.starts_with("<!doctype html>")));
    }
}

#[test]
fn the_playground_finds_what_the_command_finds() {
    let text = "cluster dev on eks {\n  source-controler -> aws \"arn:aws:iam::1:role/a\"\n}\n";
    let answer = ask(&json!({ "files": { "identity.flux": text } }));
    let place = crate::harness::directory(&[("identity.flux", text)]);
    let command = run(place.path(), &["check", "--format", "json"]);
    let command: Value = serde_json::from_str(&command.stdout).expect("it is JSON");
    assert_eq!(answer["findings"], command);
    assert_eq!((list(&answer["overlays"]).len(), &answer["page"]), (0, &Value::Null));
}

#[test]
fn a_source_that_cannot_be_formatted_is_left_alone() {
    let answer = ask(&json!({ "files": { "identity.flux": "cluster {" } }));
    assert_eq!(answer["formatted"], Value::Null);
}

#[test]
fn the_files_of_a_question_are_all_that_there_is() {
    let files = json!({
        "identity.flux": "include \"teams/*.flux\"\nvalues \"values.json\"\n",
        "teams/a.flux": "cluster a on gke { source-controller -> gcp direct }\n",
        "teams/below/b.flux": "cluster b on gke { source-controller -> gcp direct }\n",
        "values.json": "{\"a\": {\"project\": \"acme-data\"}}",
    });
    let answer = ask(&json!({ "files": files }));
    let paths: Vec<&str> =
        list(&answer["overlays"]).iter().filter_map(|file| file["path"].as_str()).collect();
    assert_eq!(paths, ["clusters/a/flux-system/kustomization.yaml"], "{answer:#}");
}

#[test]
fn what_is_no_question_is_answered_by_a_failure() {
    for (question, failure) in [
        (r#"{"files": {"identity.flux": 1}}"#, "`identity.flux` is not text"),
        ("{}", "the question has no files"),
        ("{", "EOF while parsing an object at line 1 column 1"),
    ] {
        let answer: Value = serde_json::from_str(&answer::answer(question.as_bytes())).expect("it is JSON");
        assert_eq!(answer, json!({ "failure": failure }));
    }
    let empty = ask(&json!({ "files": {} }));
    assert_eq!(empty["findings"]["summary"]["errors"], 1);
}

fn ask(question: &Value) -> Value {
    serde_json::from_str(&answer::answer(question.to_string().as_bytes())).expect("it is JSON")
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}
