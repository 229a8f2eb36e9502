//! An editor without a window: it speaks to the server, and marks places in texts with `|`.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Stdio};

use serde_json::{Value, json};

use crate::harness;

pub struct Editor {
    server: Child,
    input: Option<ChildStdin>,
    output: BufReader<ChildStdout>,
    directory: tempfile::TempDir,
    requests: i64,
    version: i64,
    /// The last diagnostics, by URI.
    diagnostics: BTreeMap<String, Value>,
    /// What else the server has sent.
    pub received: Vec<Value>,
}

impl Editor {
    /// An editor with these files on the disk. It counts columns in bytes.
    pub fn new(files: &[(&str, &str)]) -> Editor {
        Editor::with_capabilities(files, &json!({ "general": { "positionEncodings": ["utf-8", "utf-16"] } }))
    }

    pub fn with_capabilities(files: &[(&str, &str)], capabilities: &Value) -> Editor {
        let mut editor = Editor::silent(files);
        let root = editor.uri("");
        let params = json!({ "processId": null, "rootUri": root, "capabilities": capabilities });
        let result = editor.request("initialize", &params);
        assert!(result["capabilities"]["hoverProvider"].as_bool().expect("it hovers"));
        editor.notify("initialized", &json!({}));
        editor
    }

    /// An editor that has not said anything yet.
    pub fn silent(files: &[(&str, &str)]) -> Editor {
        let directory = harness::directory(files);
        let mut command = harness::command(directory.path(), &["lsp"]);
        let mut server =
            command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("the server starts");
        let input = server.stdin.take();
        let output = BufReader::new(server.stdout.take().expect("it has an output"));
        let (diagnostics, received) = (BTreeMap::new(), Vec::new());
        Editor { server, input, output, directory, requests: 0, version: 0, diagnostics, received }
    }

    pub fn path(&self, name: &str) -> PathBuf {
        let directory = self.directory.path().canonicalize().expect("it is there");
        if name.is_empty() { directory } else { directory.join(name) }
    }

    pub fn uri(&self, name: &str) -> String {
        format!("file://{}", self.path(name).display())
    }

    /// Opens a document, and waits for its diagnostics.
    pub fn open(&mut self, name: &str, text: &str) -> Value {
        self.version += 1;
        let document = json!({ "uri": self.uri(name), "languageId": "flux-identity", "version": self.version, "text": text });
        self.notify("textDocument/didOpen", &json!({ "textDocument": document }));
        self.settled(name)
    }

    /// Replaces the text of a document, and waits for its diagnostics.
    pub fn replace(&mut self, name: &str, text: &str) -> Value {
        self.change(name, &json!([{ "text": text }]));
        self.settled(name)
    }

    pub fn change(&mut self, name: &str, changes: &Value) {
        self.version += 1;
        let document = json!({ "uri": self.uri(name), "version": self.version });
        self.notify(
            "textDocument/didChange",
            &json!({ "textDocument": document, "contentChanges": changes }),
        );
    }

    /// The diagnostics of the present version of a document, except that no manifests stand beside its overlays.
    pub fn settled(&mut self, name: &str) -> Value {
        let uri = self.uri(name);
        self.diagnostics.remove(&uri);
        loop {
            let known = self.diagnostics.get(&uri);
            match known.filter(|known| known["version"].as_i64() == Some(self.version)) {
                Some(known) => return without_manifests(known),
                None => self.receive(),
            }
        }
    }

    /// The present diagnostics of any file.
    pub fn diagnostics_of(&mut self, name: &str) -> Value {
        // They are sent before any answer.
        let _symbols = self.request("workspace/symbol", &json!({ "query": "no such name" }));
        self.diagnostics.get(&self.uri(name)).map_or_else(|| json!([]), without_manifests)
    }

    /// The result of a request.
    pub fn request(&mut self, method: &str, params: &Value) -> Value {
        let response = self.response(method, params);
        assert!(response["error"].is_null(), "{method}: {response}");
        response["result"].clone()
    }

    /// The error of a request: its code and its message.
    pub fn refused(&mut self, method: &str, params: &Value) -> (i64, String) {
        let response = self.response(method, params);
        let error = &response["error"];
        let code = error["code"].as_i64().unwrap_or_else(|| panic!("{method}: {response}"));
        (code, error["message"].as_str().expect("it has a message").to_owned())
    }

    pub fn response(&mut self, method: &str, params: &Value) -> Value {
        let id = self.ask(method, params);
        self.answer(id)
    }

    /// Sends a request without waiting for its answer.
    pub fn ask(&mut self, method: &str, params: &Value) -> i64 {
        self.requests += 1;
        self.send(&json!({ "jsonrpc": "2.0", "id": self.requests, "method": method, "params": params }));
        self.requests
    }

    /// The answer to a request.
    pub fn answer(&mut self, id: i64) -> Value {
        loop {
            let is_its = |message: &Value| message["id"].as_i64() == Some(id) && message["method"].is_null();
            match self.received.iter().position(is_its) {
                Some(at) => return self.received.remove(at),
                None => self.receive(),
            }
        }
    }

    pub fn notify(&mut self, method: &str, params: &Value) {
        self.send(&json!({ "jsonrpc": "2.0", "method": method, "params": params }));
    }

    fn send(&mut self, message: &Value) {
        let text = message.to_string();
        self.write(&format!("Content-Length: {}\r\n\r\n{text}", text.len()));
    }

    /// Sends bytes as they are.
    pub fn write(&mut self, text: &str) {
        let input = self.input.as_mut().expect("it is open");
        input.write_all(text.as_bytes()).expect("the server reads");
        input.flush().expect("the server reads");
    }

    fn receive(&mut self) {
        let mut length = 0;
        loop {
            let mut line = String::new();
            assert!(self.output.read_line(&mut line).expect("it is text") > 0, "the server has ended");
            match line.trim_end() {
                "" => break,
                header => {
                    let value = header.strip_prefix("Content-Length: ").expect("there is no other header");
                    length = value.parse().expect("it is a number");
                }
            }
        }
        let mut bytes = vec![0; length];
        self.output.read_exact(&mut bytes).expect("the message is whole");
        let message: Value = serde_json::from_slice(&bytes).expect("it is JSON");
        if message["method"] == "textDocument/publishDiagnostics" {
            let params = message["params"].clone();
            let uri = params["uri"].as_str().expect("it is a text").to_owned();
            let _before = self.diagnostics.insert(uri, params);
        } else {
            self.received.push(message);
        }
    }

    /// Ends the server as the protocol says, and returns its exit status.
    pub fn end(mut self) -> i32 {
        let _null = self.request("shutdown", &Value::Null);
        self.notify("exit", &Value::Null);
        self.status()
    }

    /// The exit status of the server once its input ends.
    pub fn status(&mut self) -> i32 {
        drop(self.input.take());
        self.server.wait().expect("it ends").code().expect("it was not killed")
    }

    /// The parameters of a request about a place in a document.
    pub fn at(&self, name: &str, (line, character): (usize, usize)) -> Value {
        json!({
            "textDocument": { "uri": self.uri(name) },
            "position": { "line": line, "character": character },
        })
    }

    pub fn document(&self, name: &str) -> Value {
        json!({ "textDocument": { "uri": self.uri(name) } })
    }

    /// The parameters of a request about all of a document.
    pub fn whole(&self, name: &str) -> Value {
        let mut params = self.document(name);
        params["range"] =
            json!({ "start": { "line": 0, "character": 0 }, "end": { "line": 100_000, "character": 0 } });
        params["context"] = json!({ "diagnostics": [] });
        params
    }
}

impl Drop for Editor {
    fn drop(&mut self) {
        drop(self.input.take());
        let _killed = self.server.kill();
        let _status = self.server.wait();
    }
}

fn without_manifests(published: &Value) -> Value {
    let all = published["diagnostics"].as_array().expect("a list").iter();
    all.filter(|diagnostic| diagnostic["code"] != "F0316").cloned().collect()
}

/// A text without its mark `|`, and the line and the column of the mark in bytes.
pub fn marked(text: &str) -> (String, (usize, usize)) {
    let (before, after) = text.split_once('|').expect("a place is marked");
    let line = before.matches('\n').count();
    let column = before.rsplit('\n').next().expect("there is a line").len();
    (format!("{before}{after}"), (line, column))
}

/// A text with edits of the protocol applied, whose columns are bytes.
pub fn edited(text: &str, edits: &Value) -> String {
    let mut edits: Vec<(usize, usize, &str)> = edits
        .as_array()
        .expect("edits are a list")
        .iter()
        .map(|edit| {
            let at = |end: &str| offset(text, &edit["range"][end]);
            (at("start"), at("end"), edit["newText"].as_str().expect("it is a text"))
        })
        .collect();
    edits.sort_unstable();
    let mut text = text.to_owned();
    for (start, end, new) in edits.into_iter().rev() {
        text.replace_range(start..end, new);
    }
    text
}

fn offset(text: &str, position: &Value) -> usize {
    let number = |value: &Value| usize::try_from(value.as_u64().expect("a number")).expect("it is small");
    let lines = text.split_inclusive('\n').take(number(&position["line"]));
    lines.map(str::len).sum::<usize>() + number(&position["character"])
}

/// The piece of a text at a range of the protocol.
pub fn piece<'t>(text: &'t str, range: &Value) -> &'t str {
    text.get(offset(text, &range["start"])..offset(text, &range["end"])).expect("the range is of this text")
}

/// The codes of diagnostics, in their order.
pub fn codes(diagnostics: &Value) -> Vec<&str> {
    let list = diagnostics.as_array().expect("diagnostics are a list");
    list.iter().map(|diagnostic| diagnostic["code"].as_str().expect("it has a code")).collect()
}

/// A path as a URI.
pub fn uri_of(path: &Path) -> String {
    format!("file://{}", path.display())
}
