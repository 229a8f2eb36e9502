//! The life of the server: from the first message to the last.

use std::io::{self, BufRead, Write};
use std::path::PathBuf;

use serde_json::{Value, json};

use crate::lsp::capabilities;
use crate::lsp::connection::{Call, Connection, Incoming, Refusal};
use crate::lsp::diagnostics;
use crate::lsp::protocol::PublishedDiagnostics;
use crate::lsp::requests;
use crate::lsp::state::{Phase, State, parse};

/// The notifications that make diagnostics stale.
const CHANGES: [&str; 4] = [
    "textDocument/didChange",
    "textDocument/didOpen",
    "textDocument/didClose",
    "workspace/didChangeWatchedFiles",
];

/// Serves one client. `directory`: the absolute path of the directory in which the server was started. Returns true if the
/// client has ended it as it should.
///
/// # Errors
/// The output is closed.
pub fn serve(
    input: impl BufRead + Send + 'static,
    output: &mut dyn Write,
    directory: PathBuf,
) -> io::Result<bool> {
    let mut server = Server {
        connection: Connection::open(input, output),
        state: State { phase: Phase::New, directory, ..State::default() },
    };
    loop {
        let incoming = match server.connection.poll() {
            Some(incoming) => Some(incoming),
            None if server.publish_next(true)? => continue,
            None => server.connection.wait(),
        };
        match incoming {
            None => return Ok(false),
            Some(Incoming::Notification { method, .. }) if method == "exit" => {
                return Ok(server.state.phase == Phase::ShutDown);
            }
            Some(incoming) => server.handle(incoming)?,
        }
    }
}

struct Server<'o> {
    connection: Connection<'o>,
    state: State,
}

impl Server<'_> {
    fn handle(&mut self, incoming: Incoming) -> io::Result<()> {
        match incoming {
            Incoming::Request(call) => {
                // Whoever asks about a text has its diagnostics first.
                while self.publish_next(false)? {}
                let result = if self.connection.is_canceled(&call) {
                    Err(Refusal::Canceled)
                } else {
                    answer(&call, &mut self.state)
                };
                self.connection.answer(call, result)
            }
            Incoming::Notification { method, params } => self.notified(&method, params),
            Incoming::Response => Ok(()),
            Incoming::Malformed => self.log("a message is not JSON-RPC, and was ignored"),
        }
    }

    fn log(&mut self, message: &str) -> io::Result<()> {
        self.connection.notify("window/logMessage", json!({ "type": 2, "message": message }))
    }

    fn notified(&mut self, method: &str, params: Value) -> io::Result<()> {
        if method == "initialized" {
            if self.state.client.watches_files {
                self.connection.request("client/registerCapability", capabilities::watched_files())?;
            }
            return Ok(());
        }
        if self.state.phase != Phase::Running {
            return Ok(());
        }
        match self.state.apply(method, params) {
            Ok(left) => self.clear(&left),
            Err(message) => self.log(&format!("`{method}`: {message}")),
        }
    }

    /// Removes the diagnostics of files.
    fn clear(&mut self, paths: &[PathBuf]) -> io::Result<()> {
        for path in paths {
            let uri = self.state.documents.uri(path);
            let nothing = PublishedDiagnostics { uri, version: None, diagnostics: Vec::new() };
            self.connection.notify("textDocument/publishDiagnostics", nothing)?;
        }
        Ok(())
    }

    /// Publishes the diagnostics of a fleet that has changed. Returns false if there is none. `may_give_up`: stop when the
    /// next change arrives.
    fn publish_next(&mut self, may_give_up: bool) -> io::Result<bool> {
        let Some(source) = self.state.fleets.stale() else { return Ok(false) };
        let State { fleets, documents, client, .. } = &mut self.state;
        let fleet = fleets.get(source.clone());
        let connection = &mut self.connection;
        let mut gives_up = || may_give_up && connection.has_waiting(&CHANGES);
        let Some(snapshot) = fleet.present(&source, documents, *client, &mut gives_up) else {
            return Ok(true);
        };
        let mut by_file = diagnostics::diagnostics(&snapshot, documents);
        let before = std::mem::take(&mut fleet.published);
        fleet.published = by_file.keys().cloned().collect();
        // A file without diagnostics has to be told too: they may have just gone.
        for path in before.into_iter().chain(snapshot.paths.iter().cloned()) {
            by_file.entry(path).or_default();
        }
        for (path, diagnostics) in by_file {
            let document = documents.get(&path);
            if document.is_none() && diagnostics.is_empty() && !snapshot.paths.contains(&path) {
                continue;
            }
            let version = document.map(|document| document.version);
            let published = PublishedDiagnostics { uri: documents.uri(&path), version, diagnostics };
            self.connection.notify("textDocument/publishDiagnostics", published)?;
        }
        Ok(true)
    }
}

/// The result of a request.
fn answer(call: &Call, state: &mut State) -> Result<Value, Refusal> {
    match (call.method.as_str(), state.phase) {
        ("initialize", Phase::New) => {
            let params = parse(&call.params)?;
            Ok(state.initialize(params))
        }
        ("initialize", _) => Err(Refusal::Invalid("the server is initialized already".to_owned())),
        (_, Phase::New) => Err(Refusal::NotInitialized),
        ("shutdown", Phase::Running) => {
            state.phase = Phase::ShutDown;
            Ok(Value::Null)
        }
        (_, Phase::ShutDown) => Err(Refusal::Invalid("the server is shut down".to_owned())),
        (_, Phase::Running) => requests::answer(call, state),
    }
}
