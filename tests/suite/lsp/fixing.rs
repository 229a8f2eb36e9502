//! Quick fixes: the edits of findings, one by one and all at once.

use serde_json::{Value, json};

use crate::lsp::editor::{Editor, codes, edited};

const WRONG: &str = "role pull = aws \"arn:aws:iam::111122223333:role/pull\"

cluster prod on esk {
  source-controler => pull
}
";

#[test]
fn each_edit_of_a_finding_is_a_quick_fix() {
    let mut editor = Editor::new(&[]);
    let diagnostics = editor.open("identity.flux", WRONG);
    let mut params = editor.whole("identity.flux");
    params["range"] = diagnostics[0]["range"].clone();
    params["context"]["only"] = json!(["quickfix"]);
    let actions = editor.request("textDocument/codeAction", &params);
    let action = &actions[0];
    assert_eq!((&action["title"], &action["kind"]), (&json!("did you mean `eks`?"), &json!("quickfix")));
    assert_eq!((&action["isPreferred"], &action["diagnostics"][0]), (&json!(true), &diagnostics[0]));
    let uri = editor.uri("identity.flux");
    assert_eq!(edited(WRONG, &action["edit"]["changes"][uri]), WRONG.replace("esk", "eks"));
}

#[test]
fn a_place_without_findings_has_no_fixes() {
    let mut editor = Editor::new(&[]);
    let _some = editor.open("identity.flux", WRONG);
    let mut params = editor.whole("identity.flux");
    params["range"]["end"] = json!({ "line": 0, "character": 3 });
    params["context"]["only"] = json!(["quickfix"]);
    assert_eq!(editor.request("textDocument/codeAction", &params), json!([]));
}

#[test]
fn all_fixes_at_once_leave_a_right_source() {
    let mut editor = Editor::new(&[]);
    let mut text = WRONG.to_owned();
    let mut diagnostics = editor.open("identity.flux", &text);
    // A misspelt controller is hidden behind the wrong arrow.
    for _ in 0..3 {
        if diagnostics == json!([]) {
            break;
        }
        let mut params = editor.whole("identity.flux");
        params["context"]["only"] = json!(["source.fixAll"]);
        let actions = editor.request("textDocument/codeAction", &params);
        let kinds: Vec<&Value> =
            actions.as_array().expect("a list").iter().map(|action| &action["kind"]).collect();
        assert_eq!(kinds, [&json!("source.fixAll.flux-identity")], "{diagnostics}");
        text = edited(&text, &actions[0]["edit"]["changes"][editor.uri("identity.flux")]);
        diagnostics = editor.replace("identity.flux", &text);
    }
    assert_eq!(codes(&diagnostics), [""; 0], "{text}");
    let right = WRONG.replace("esk", "eks").replace("controler", "controller").replace("=>", "->");
    assert_eq!(text, right);
}

#[test]
fn actions_of_other_kinds_are_not_offered() {
    let mut editor = Editor::new(&[]);
    let _some = editor.open("identity.flux", WRONG);
    let mut params = editor.whole("identity.flux");
    params["context"]["only"] = json!(["refactor", "source.organizeImports"]);
    assert_eq!(editor.request("textDocument/codeAction", &params), json!([]));
}
