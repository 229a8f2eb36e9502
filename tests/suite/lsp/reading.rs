//! What the server reads: open documents over files, and what it says of them.

use serde_json::json;

use crate::lsp::editor::{Editor, codes, edited, piece};

const RIGHT: &str = "role pull = aws \"arn:aws:iam::111122223333:role/pull\"\n\ncluster prod on eks {\n  source-controller -> pull\n}\n";

#[test]
fn a_right_source_has_no_diagnostics() {
    let mut editor = Editor::new(&[]);
    assert_eq!(editor.open("identity.flux", RIGHT), json!([]));
    assert_eq!(editor.end(), 0);
}

#[test]
fn a_finding_is_a_diagnostic_with_its_code_its_page_and_its_other_places() {
    let text = "role pull = aws \"arn:aws:iam::111122223333:role/a\"\nrole pull = aws \"arn:aws:iam::111122223333:role/b\"\n";
    let mut editor = Editor::new(&[]);
    let diagnostics = editor.open("identity.flux", text);
    assert_eq!(codes(&diagnostics), ["F0110"]);
    let twice = &diagnostics[0];
    assert_eq!((twice["severity"].as_i64(), twice["source"].as_str()), (Some(1), Some("flux-identity")));
    assert_eq!(piece(text, &twice["range"]), "pull");
    assert_eq!(twice["range"]["start"]["line"], 1);
    let first = &twice["relatedInformation"][0]["location"];
    assert_eq!(
        (&first["uri"], &first["range"]["start"]["line"]),
        (&json!(editor.uri("identity.flux")), &json!(0))
    );
    let page = twice["codeDescription"]["href"].clone();
    let content = editor.request("workspace/textDocumentContent", &json!({ "uri": page }));
    let content = content["text"].as_str().expect("it is a text");
    assert!(content.starts_with("# F0110: duplicate definition\n"), "{content}");
}

#[test]
fn an_unused_role_is_faded_as_a_warning() {
    let mut editor = Editor::new(&[]);
    let diagnostics = editor.open("identity.flux", "role a = aws \"arn:aws:iam::111122223333:role/a\"\n");
    assert_eq!(codes(&diagnostics), ["F0117"]);
    assert_eq!((&diagnostics[0]["severity"], &diagnostics[0]["tags"]), (&json!(2), &json!([1])));
}

#[test]
fn a_change_of_a_range_is_a_change_of_the_text() {
    let mut editor = Editor::new(&[]);
    let _none = editor.open("identity.flux", RIGHT);
    let at = |line: u32, character: u32| json!({ "line": line, "character": character });
    let range = json!({ "start": at(3, 23), "end": at(3, 27) });
    editor.change("identity.flux", &json!([{ "range": range, "text": "pul" }]));
    assert_eq!(codes(&editor.settled("identity.flux")), ["F0102"]);
    let range = json!({ "start": at(3, 26), "end": at(3, 26) });
    editor.change("identity.flux", &json!([{ "range": range, "text": "l" }]));
    assert_eq!(editor.settled("identity.flux"), json!([]));
}

#[test]
fn columns_are_units_of_utf_16_unless_the_client_can_count_bytes() {
    let text = "let a = \"😀ü\" x\n";
    let mut bytes = Editor::new(&[]);
    let mut units = Editor::with_capabilities(&[], &json!({}));
    let of = |diagnostics: &serde_json::Value| {
        let all = diagnostics.as_array().expect("a list");
        let extra = all.iter().find(|one| one["code"] == "F0002").unwrap_or_else(|| panic!("{diagnostics}"));
        extra["range"]["start"]["character"].as_u64()
    };
    assert_eq!(of(&bytes.open("identity.flux", text)), Some(17));
    assert_eq!(of(&units.open("identity.flux", text)), Some(14));
    let range = json!({ "start": { "line": 0, "character": 13 }, "end": { "line": 0, "character": 15 } });
    units.change("identity.flux", &json!([{ "range": range, "text": "" }]));
    assert!(!codes(&units.settled("identity.flux")).contains(&"F0002"));
}

#[test]
fn an_included_file_is_checked_with_its_root_source() {
    let root = "include \"teams/*.flux\"\n\nrole pull = aws \"arn:aws:iam::111122223333:role/pull\"\n";
    let team = "cluster prod on eks {\n  source-controller -> pull\n}\n";
    let mut editor = Editor::new(&[("identity.flux", root), ("teams/a.flux", team)]);
    assert_eq!(editor.open("teams/a.flux", team), json!([]));
    let diagnostics = editor.replace("teams/a.flux", &team.replace("pull", "push"));
    assert_eq!(codes(&diagnostics), ["F0102"]);
    // The root source is not open, and has a warning of its own no more: an error is there first.
    assert_eq!(editor.diagnostics_of("identity.flux"), json!([]));
}

#[test]
fn an_open_document_counts_before_its_file() {
    let root = "include \"team.flux\"\n";
    let team = "cluster prod on eks {\n  source-controller -> pull\n}\n";
    let mut editor = Editor::new(&[("identity.flux", root), ("team.flux", "")]);
    let _none = editor.open("identity.flux", root);
    assert_eq!(codes(&editor.open("team.flux", team)), ["F0102"]);
    let root = format!("{root}role pull = aws \"arn:aws:iam::111122223333:role/pull\"\n");
    let _none = editor.replace("identity.flux", &root);
    assert_eq!(editor.diagnostics_of("team.flux"), json!([]));
}

#[test]
fn a_document_that_was_never_saved_is_included() {
    let root = "include \"teams/*.flux\"\n";
    let mut editor = Editor::new(&[("identity.flux", root), ("teams/b.flux", "")]);
    let team = "cluster prod on eks {\n  source-controller -> pull\n}\n";
    let diagnostics = editor.open("teams/a.flux", team);
    assert_eq!(codes(&diagnostics), ["F0102"]);
    assert_eq!(editor.diagnostics_of("identity.flux"), json!([]));
}

#[test]
fn what_stands_beside_a_source_counts_when_the_client_says_that_it_has_changed() {
    let watches = json!({
        "general": { "positionEncodings": ["utf-8"] },
        "workspace": { "didChangeWatchedFiles": { "dynamicRegistration": true } },
    });
    let mut editor = Editor::with_capabilities(&[], &watches);
    assert_eq!(editor.open("identity.flux", RIGHT), json!([]));
    let received = &editor.received;
    let registered = received.iter().find(|message| message["method"] == "client/registerCapability");
    let options = &registered.expect("the server asks for notifications")["params"]["registrations"][0];
    let globs = ["*.flux", "*.yaml", "*.yml", "*.json", "*.env", "Kustomization", ".sourceignore"];
    let globs = globs.map(|glob| json!({ "globPattern": format!("**/{glob}") }));
    assert_eq!(options["registerOptions"]["watchers"], json!(globs), "with files of values");
    let file = "clusters/prod/flux-system/gotk-components.yaml";
    std::fs::create_dir_all(editor.path("clusters/prod/flux-system")).expect("it is made");
    std::fs::write(editor.path(file), "apiVersion: v1\nkind: List\n").expect("it is written");
    let changes = json!({ "changes": [{ "uri": editor.uri(file), "type": 1 }] });
    editor.notify("workspace/didChangeWatchedFiles", &changes);
    let diagnostics = editor.diagnostics_of(file);
    assert!(!codes(&diagnostics).is_empty(), "{diagnostics}");
}

#[test]
fn what_stands_beside_a_source_is_looked_at_again_after_two_seconds_if_the_client_says_nothing() {
    let mut editor = Editor::new(&[]);
    assert_eq!(editor.open("identity.flux", RIGHT), json!([]));
    let file = "clusters/prod/flux-system/gotk-components.yaml";
    std::fs::create_dir_all(editor.path("clusters/prod/flux-system")).expect("it is made");
    std::fs::write(editor.path(file), "apiVersion: v1\nkind: List\n").expect("it is written");
    std::thread::sleep(std::time::Duration::from_millis(2_100));
    let _some = editor.replace("identity.flux", &format!("{RIGHT}# a comment\n"));
    let diagnostics = editor.diagnostics_of(file);
    assert!(!codes(&diagnostics).is_empty(), "{diagnostics}");
}

#[test]
fn a_request_right_after_a_change_is_about_the_new_text() {
    let mut editor = Editor::new(&[]);
    let _none = editor.open("identity.flux", "");
    editor.change("identity.flux", &json!([{ "text": "profile new {}\n" }]));
    let symbols = editor.request("textDocument/documentSymbol", &editor.document("identity.flux"));
    assert_eq!(symbols[0]["name"], "new");
    assert_eq!(codes(&editor.diagnostics_of("identity.flux")), ["F0117"]);
}

#[test]
fn a_closed_document_has_no_diagnostics() {
    let mut editor = Editor::new(&[]);
    assert_eq!(codes(&editor.open("identity.flux", "rolle\n")).len(), 1);
    let document = editor.document("identity.flux");
    editor.notify("textDocument/didClose", &document);
    assert_eq!(editor.diagnostics_of("identity.flux"), json!([]));
}

#[test]
fn formatting_changes_the_lines_that_differ() {
    let text = "let  a=\"1\"\n\ncluster prod on eks {\n    source-controller->none\n}\n";
    let mut editor = Editor::new(&[]);
    let _some = editor.open("identity.flux", text);
    let edits = editor.request("textDocument/formatting", &editor.document("identity.flux"));
    let formatted = "let a = \"1\"\n\ncluster prod on eks {\n  source-controller -> none\n}\n";
    assert_eq!(edited(text, &edits), formatted);
    assert_eq!(edits.as_array().expect("a list").len(), 2);
    let mut params = editor.document("identity.flux");
    let at = |line: u32| json!({ "line": line, "character": 4 });
    params["range"] = json!({ "start": at(3), "end": at(3) });
    let edits = editor.request("textDocument/rangeFormatting", &params);
    assert_eq!(edited(text, &edits), formatted.replace("let a = \"1\"", "let  a=\"1\""));
    let _some = editor.replace("identity.flux", "let a = \n");
    let edits = editor.request("textDocument/formatting", &editor.document("identity.flux"));
    assert_eq!(edits, json!(null));
}
