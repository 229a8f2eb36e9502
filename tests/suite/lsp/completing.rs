//! Completion: at each place what can be written there, and nothing else.

use serde_json::{Value, json};

use crate::lsp::editor::{Editor, edited, marked};

const NAMES: &str = "let zone = \"a\"
role pull = aws \"arn:aws:iam::111122223333:role/pull\"
profile dev {}
";

/// The labels at the mark of a text that follows the names.
fn labels(editor: &mut Editor, text: &str) -> Vec<String> {
    let items = items(editor, text);
    let list = items.as_array().expect("a list").iter();
    list.map(|item| item["label"].as_str().expect("a text").to_owned()).collect()
}

fn items(editor: &mut Editor, text: &str) -> Value {
    let (text, place) = marked(&format!("{NAMES}{text}"));
    let _some = editor.replace("identity.flux", &text);
    editor.request("textDocument/completion", &editor.at("identity.flux", place))
}

#[test]
fn each_place_has_its_names_even_in_broken_text() {
    let mut editor = Editor::new(&[]);
    let _some = editor.open("identity.flux", NAMES);
    for (text, expected) in [
        ("cluster a on |", &["eks", "aks", "gke", "kubernetes"][..]),
        ("cluster a on eks {\n  use |", &["dev"]),
        ("cluster a on eks {\n  source-controller -> |\n}\n", &["pull", "none", "aws", "azure", "gcp"]),
        ("role other = |", &["aws", "azure", "gcp"]),
        (
            "isolate |",
            &[
                "pull",
                "source-controller",
                "kustomize-controller",
                "helm-controller",
                "notification-controller",
                "image-reflector-controller",
                "image-automation-controller",
                "source-watcher",
            ],
        ),
        ("source-controller |", &["->"]),
        ("on eks |", &["{"]),
        ("source-controller -> pull, push\nrole |", &["push"]),
        ("let a = \"${port}\"\nlet |", &["port"]),
        ("isolate pull by |", &["zone"]),
        ("emit = |", &["overlay", "component"]),
        ("role a = azure \"x\" { |", &["resource-id", "tenant", "token-expiration"]),
        ("# use |", &[]),
        ("let a = \"|", &[]),
    ] {
        assert_eq!(labels(&mut editor, text), expected, "{text}");
    }
}

#[test]
fn a_statement_begins_with_a_word_a_setting_or_a_controller() {
    let mut editor = Editor::new(&[]);
    let _some = editor.open("identity.flux", NAMES);
    let top = labels(&mut editor, "|");
    let block = labels(&mut editor, "cluster a on eks {\n  |\n}\n");
    for (label, at_top, in_block) in [
        ("cluster", true, false),
        ("use", true, true),
        ("role", true, true),
        ("region", true, true),
        ("trust-output", true, false),
        ("source-controller", true, true),
    ] {
        let found = [top.iter().any(|one| one == label), block.iter().any(|one| one == label)];
        assert_eq!(found, [at_top, in_block], "{label}");
    }
}

#[test]
fn an_item_replaces_the_whole_word() {
    let mut editor = Editor::new(&[]);
    let _some = editor.open("identity.flux", NAMES);
    let text = "cluster a on eks {\n  source-con| -> pull\n}\n";
    let items = items(&mut editor, text);
    let all = items.as_array().expect("a list");
    let item = all.iter().find(|item| item["label"] == "source-controller").expect("it is offered");
    // Editors that filter by this text would keep every item without it.
    assert_eq!(item["filterText"], "source-controller");
    // The client has no snippets.
    assert_eq!(item["insertTextFormat"], 1);
    let (text, _) = marked(&format!("{NAMES}{text}"));
    let whole = edited(&text, &json!([item["textEdit"]]));
    assert_eq!(whole, text.replace("source-con ", "source-controller "));
}

#[test]
fn a_client_with_snippets_gets_them_and_documentation() {
    let snippets =
        json!({ "textDocument": { "completion": { "completionItem": { "snippetSupport": true } } } });
    let mut editor = Editor::with_capabilities(&[], &snippets);
    let _some = editor.open("identity.flux", NAMES);
    let items = items(&mut editor, "em|");
    let all = items.as_array().expect("a list");
    let emit = all.iter().find(|item| item["label"] == "emit").expect("it is offered");
    assert_eq!(emit["textEdit"]["newText"], "emit = ${1|overlay,component|}");
    let documentation = emit["documentation"]["value"].as_str().expect("it has one");
    assert!(documentation.starts_with("`overlay`, or `component`"), "{documentation}");
}

#[test]
fn a_hole_takes_variables_and_settings_that_are_texts() {
    let mut editor = Editor::new(&[]);
    let _some = editor.open("identity.flux", NAMES);
    let labels = labels(&mut editor, "let a = \"${|}\"");
    for label in ["cluster", "platform", "region", "zone"] {
        assert!(labels.iter().any(|one| one == label), "{label}: {labels:?}");
    }
    assert!(!labels.iter().any(|one| one == "emit" || one == "output"));
}

#[test]
fn a_region_is_one_that_aws_has_and_a_code_that_of_a_warning() {
    let mut editor = Editor::new(&[]);
    let _some = editor.open("identity.flux", NAMES);
    assert!(labels(&mut editor, "region = \"|\"").contains(&"eu-central-1".to_owned()));
    assert!(labels(&mut editor, "region = |").contains(&"\"eu-central-1\"".to_owned()));
    let codes = labels(&mut editor, "allow |");
    assert!(codes.contains(&"F0309".to_owned()) && !codes.contains(&"F0102".to_owned()), "{codes:?}");
}
