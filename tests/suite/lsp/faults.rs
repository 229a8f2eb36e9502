//! Errors of the client: none of them ends the server.

use std::fs;

use serde_json::{Value, json};

use crate::lsp::editor::{Editor, uri_of};

#[test]
fn nothing_but_initialize_is_answered_before_it() {
    let mut editor = Editor::silent(&[]);
    let (code, message) = editor.refused("textDocument/hover", &json!({}));
    assert_eq!((code, message.as_str()), (-32002, "the client has not sent `initialize`"));
    let params = json!({ "processId": null, "rootUri": null, "capabilities": {} });
    let result = editor.request("initialize", &params);
    assert_eq!(result["capabilities"]["positionEncoding"], "utf-16");
    assert_eq!(editor.refused("initialize", &params).0, -32602);
    // Without a root, it is the directory of the process.
    assert_eq!(editor.open("identity.flux", "").as_array().map(Vec::len), Some(0));
    assert_eq!(editor.end(), 0);
}

#[test]
fn whatever_the_client_sends_the_next_request_is_answered() {
    let mut editor = Editor::new(&[]);
    let _none = editor.open("identity.flux", "let a = \"ü\"\n");
    editor.write("Content-Length: 3\r\n\r\n{]}");
    editor.write("nonsense\r\nContent-Length: 2\r\n\r\n{}");
    editor.notify("textDocument/didChange", &json!({ "nothing": true }));
    editor.notify("textDocument/didOpen", &json!([]));
    editor.notify("textDocument/didChange", &json!(null));
    editor.notify("$/setTrace", &json!({ "value": "off" }));
    editor.notify("no/such/notification", &json!({}));
    let huge = json!({ "line": 4_294_967_295_u32, "character": 4_294_967_295_u32 });
    let backwards = json!({ "start": huge, "end": { "line": 0, "character": 0 } });
    editor.change("identity.flux", &json!([{ "range": backwards, "text": "x" }]));
    editor.change("other.flux", &json!([{ "text": "x" }]));
    let mut never_opened = editor.document("other.flux");
    editor.notify("textDocument/didClose", &never_opened.take());
    let methods = ["textDocument/hover", "textDocument/rename", "textDocument/codeAction", "no/such/method"];
    for method in methods {
        let (code, _) = editor.refused(method, &json!({ "textDocument": 1 }));
        assert!(matches!(code, -32602 | -32601), "{method}: {code}");
    }
    let mut place = editor.at("identity.flux", (0, 4));
    assert!(editor.request("textDocument/hover", &place)["contents"].is_object());
    place["position"] = huge;
    assert_eq!(editor.request("textDocument/hover", &place), Value::Null);
    let logged = editor.received.iter().filter(|message| message["method"] == "window/logMessage");
    assert!(logged.count() >= 4, "{:?}", editor.received);
    assert_eq!(editor.end(), 0);
}

#[test]
fn a_file_outside_of_the_workspace_is_refused() {
    let outside = tempfile::tempdir().expect("there is room");
    let file = outside.path().join("identity.flux");
    fs::write(&file, "cluster secret on eks {}\n").expect("it is written");
    let mut editor = Editor::new(&[]);
    for uri in
        [uri_of(&file), editor.uri("../identity.flux"), "untitled:1".to_owned(), "http://a/b".to_owned()]
    {
        let params = json!({ "textDocument": { "uri": uri } });
        let (code, message) = editor.refused("textDocument/documentSymbol", &params);
        assert_eq!(code, -32602, "{message}");
        let document = json!({ "uri": uri, "languageId": "x", "version": 1, "text": "" });
        editor.notify("textDocument/didOpen", &json!({ "textDocument": document }));
    }
    let found = editor.request("workspace/symbol", &json!({ "query": "secret" }));
    assert_eq!(found, json!([]));
}

#[cfg(unix)]
#[test]
fn a_link_that_leads_outside_is_not_followed() {
    let outside = tempfile::tempdir().expect("there is room");
    let file = outside.path().join("a.flux");
    fs::write(&file, "cluster secret on eks {}\n").expect("it is written");
    let root = "include \"a.flux\"\n";
    let mut editor = Editor::new(&[("identity.flux", root)]);
    std::os::unix::fs::symlink(&file, editor.path("a.flux")).expect("it is linked");
    let diagnostics = editor.open("identity.flux", root);
    assert_eq!(diagnostics[0]["code"], "F0120", "{diagnostics}");
    assert_eq!(editor.request("workspace/symbol", &json!({ "query": "secret" })), json!([]));
}

#[test]
fn a_canceled_request_is_answered_as_canceled() {
    let mut editor = Editor::new(&[]);
    // The server is busy with the first while the second and its end arrive.
    let text = "cluster a on eks {}\n".repeat(2_000);
    let document =
        json!({ "uri": editor.uri("identity.flux"), "languageId": "x", "version": 1, "text": text });
    editor.notify("textDocument/didOpen", &json!({ "textDocument": document }));
    let busy = editor.ask("textDocument/semanticTokens/full", &editor.document("identity.flux"));
    let id = editor.ask("textDocument/documentSymbol", &editor.document("identity.flux"));
    editor.notify("$/cancelRequest", &json!({ "id": id }));
    let _tokens = editor.answer(busy);
    let answer = editor.answer(id);
    assert_eq!(answer["error"]["code"], -32800, "{answer}");
}

#[test]
fn a_server_whose_editor_is_gone_ends() {
    let mut editor = Editor::new(&[]);
    assert_eq!(editor.status(), 1);
    let mut editor = Editor::new(&[]);
    let _null = editor.request("shutdown", &Value::Null);
    assert_eq!(editor.refused("textDocument/hover", &json!({})).0, -32602);
    editor.notify("exit", &Value::Null);
    assert_eq!(editor.status(), 0);
}
