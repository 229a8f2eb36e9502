//! What the server knows, and how notifications change it.

use std::path::{Path, PathBuf};

use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::lsp::capabilities::{self, Client};
use crate::lsp::connection::Refusal;
use crate::lsp::documents::Documents;
use crate::lsp::fleets::Fleets;
use crate::lsp::protocol::{
    DidChangeParams, DidOpenParams, DocumentParams, InitializeParams, WatchedFilesParams,
};
use crate::lsp::uri;
use crate::native_path;

/// What the server knows.
#[derive(Default)]
pub struct State {
    pub phase: Phase,
    /// The directory in which the server was started.
    pub directory: PathBuf,
    pub client: Client,
    pub documents: Documents,
    pub fleets: Fleets,
}

/// How far the client has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Phase {
    #[default]
    New,
    Running,
    ShutDown,
}

impl State {
    /// Begins with what the client says of itself, and returns what this server says.
    pub fn initialize(&mut self, params: InitializeParams) -> Value {
        self.client = Client::new(&params.capabilities);
        let folders = params.workspace_folders.unwrap_or_default().into_iter().map(|folder| folder.uri);
        let mut folders: Vec<PathBuf> = folders.filter_map(|uri| uri::to_path(&uri)).collect();
        if folders.is_empty() {
            folders.extend(params.root_uri.as_deref().and_then(uri::to_path));
        }
        if folders.is_empty() {
            folders.push(self.directory.clone());
        }
        self.fleets.set_folders(folders);
        self.phase = Phase::Running;
        capabilities::initialize_result(self.client.encoding)
    }

    /// Applies a notification. Returns the files that have no diagnostics any more.
    ///
    /// # Errors
    /// Why it was ignored.
    pub fn apply(&mut self, method: &str, params: Value) -> Result<Vec<PathBuf>, String> {
        match method {
            "textDocument/didOpen" => {
                let DidOpenParams { text_document } = parse_owned(params)?;
                let path = self.path(&text_document.uri)?;
                self.documents.open(path, text_document);
                Ok(self.fleets.refresh(&self.documents))
            }
            "textDocument/didChange" => {
                let DidChangeParams { text_document, content_changes } = parse_owned(params)?;
                let path = self.path(&text_document.uri)?;
                let encoding = self.client.encoding;
                if !self.documents.change(&path, text_document.version, content_changes, encoding) {
                    return Err("the document is not open".to_owned());
                }
                self.fleets.change(&path);
                Ok(Vec::new())
            }
            "textDocument/didClose" => {
                let DocumentParams { text_document } = parse_owned(params)?;
                let path = self.path(&text_document.uri)?;
                self.documents.close(&path);
                Ok(self.fleets.refresh(&self.documents))
            }
            "textDocument/didSave" => Ok(self.fleets.refresh(&self.documents)),
            "workspace/didChangeWatchedFiles" => {
                let WatchedFilesParams { changes } = parse_owned(params)?;
                // What is open is known from the editor, not from the disk.
                let is_open = |path: &Path| self.documents.get(path).is_some();
                let counts = changes
                    .iter()
                    .any(|change| uri::to_path(&change.uri).is_some_and(|path| !is_open(&path)));
                if counts { Ok(self.fleets.refresh(&self.documents)) } else { Ok(Vec::new()) }
            }
            // Notifications are optional, and an unknown one changes nothing.
            _ => Ok(Vec::new()),
        }
    }

    /// The path of a document in the directories that the client has opened.
    ///
    /// # Errors
    /// There is none.
    pub fn path(&self, uri: &str) -> Result<PathBuf, String> {
        let path = uri::to_path(uri).ok_or_else(|| format!("`{uri}` is not the URI of a file"))?;
        if self.fleets.contains(&path) {
            Ok(path)
        } else {
            Err(format!("`{}` is outside of the workspace", native_path::shown(&path)))
        }
    }
}

/// The parameters of a request.
///
/// # Errors
/// They are not what the protocol says.
pub fn parse<T: DeserializeOwned>(params: &Value) -> Result<T, Refusal> {
    parse_owned(params.clone()).map_err(Refusal::Invalid)
}

fn parse_owned<T: DeserializeOwned>(params: Value) -> Result<T, String> {
    serde_json::from_value(params).map_err(|error| error.to_string())
}
