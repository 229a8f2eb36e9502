//! What the client and this server can do.

use serde_json::{Value, json};

use crate::lsp::actions;
use crate::lsp::positions::Encoding;
use crate::lsp::tokens;
use crate::problem::PAGE_SCHEME;

/// What the client can do.
#[derive(Clone, Copy, Debug, Default)]
pub struct Client {
    pub encoding: Encoding,
    /// True if it watches files that this server names.
    pub watches_files: bool,
    pub has_snippets: bool,
}

impl Client {
    pub fn new(capabilities: &Value) -> Client {
        let is_true = |pointer: &str| capabilities.pointer(pointer).and_then(Value::as_bool).unwrap_or(false);
        let encodings = capabilities.pointer("/general/positionEncodings").and_then(Value::as_array);
        let utf8 = encodings.is_some_and(|encodings| {
            encodings.iter().any(|encoding| encoding.as_str() == Some(Encoding::Utf8.name()))
        });
        Client {
            encoding: if utf8 { Encoding::Utf8 } else { Encoding::Utf16 },
            watches_files: is_true("/workspace/didChangeWatchedFiles/dynamicRegistration"),
            has_snippets: is_true("/textDocument/completion/completionItem/snippetSupport"),
        }
    }
}

/// The answer to `initialize`.
pub fn initialize_result(encoding: Encoding) -> Value {
    json!({
        "capabilities": {
            "positionEncoding": encoding.name(),
            "textDocumentSync": { "openClose": true, "change": 2, "save": { "includeText": false } },
            "hoverProvider": true,
            "definitionProvider": true,
            "referencesProvider": true,
            "documentHighlightProvider": true,
            "renameProvider": { "prepareProvider": true },
            "completionProvider": { "triggerCharacters": ["{", ">", "\"", " "] },
            "documentSymbolProvider": true,
            "workspaceSymbolProvider": true,
            "foldingRangeProvider": true,
            "documentLinkProvider": {},
            "inlayHintProvider": true,
            "codeLensProvider": {},
            "codeActionProvider": { "codeActionKinds": actions::KINDS },
            "documentFormattingProvider": true,
            "documentRangeFormattingProvider": true,
            "semanticTokensProvider": {
                "legend": { "tokenTypes": tokens::TYPES, "tokenModifiers": tokens::MODIFIERS },
                "full": true,
                "range": true,
            },
            "workspace": {
                "workspaceFolders": { "supported": true, "changeNotifications": false },
                "textDocumentContent": { "schemes": [PAGE_SCHEME] },
            },
        },
        "serverInfo": { "name": "flux-identity", "version": env!("CARGO_PKG_VERSION") },
    })
}

/// The request for notifications about the files beside the sources.
pub fn watched_files() -> Value {
    let globs = [
        "**/*.flux",
        "**/*.yaml",
        "**/*.yml",
        "**/*.json",
        "**/*.env",
        "**/Kustomization",
        "**/.sourceignore",
    ];
    let watchers: Vec<Value> = globs.iter().map(|glob| json!({ "globPattern": glob })).collect();
    json!({
        "registrations": [{
            "id": "files",
            "method": "workspace/didChangeWatchedFiles",
            "registerOptions": { "watchers": watchers },
        }],
    })
}
