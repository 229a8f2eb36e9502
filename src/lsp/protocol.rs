//! The types of the protocol that this server receives and sends.
//!
//! Source: "Language Server Protocol", versions 3.17 and 3.18.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// A place in a text: line and column, both counted from 0.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Position {
    pub line: u32,
    /// In the units that client and server have agreed on.
    pub character: u32,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Range {
    pub start: Position,
    pub end: Position,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Location {
    pub uri: String,
    pub range: Range,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TextEdit {
    pub range: Range,
    pub new_text: String,
}

/// Edits of several files, by their URIs.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct WorkspaceEdit {
    pub changes: BTreeMap<String, Vec<TextEdit>>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct InitializeParams {
    #[serde(default)]
    pub root_uri: Option<String>,
    #[serde(default)]
    pub workspace_folders: Option<Vec<DocumentId>>,
    #[serde(default)]
    pub capabilities: Value,
}

/// Something that has a URI.
#[derive(Clone, Debug, Deserialize)]
pub struct DocumentId {
    pub uri: String,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DidOpenParams {
    pub text_document: OpenedDocument,
}

#[derive(Clone, Debug, Deserialize)]
pub struct OpenedDocument {
    pub uri: String,
    pub version: i64,
    pub text: String,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DidChangeParams {
    pub text_document: VersionedDocument,
    pub content_changes: Vec<ContentChange>,
}

#[derive(Clone, Debug, Deserialize)]
pub struct VersionedDocument {
    pub uri: String,
    pub version: i64,
}

/// A change of a document: of a range, or of all.
#[derive(Clone, Debug, Deserialize)]
pub struct ContentChange {
    #[serde(default)]
    pub range: Option<Range>,
    pub text: String,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DocumentParams {
    pub text_document: DocumentId,
}

#[derive(Clone, Debug, Deserialize)]
pub struct WatchedFilesParams {
    pub changes: Vec<DocumentId>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PositionParams {
    pub text_document: DocumentId,
    pub position: Position,
    #[serde(default)]
    pub context: ReferenceContext,
    /// Of a rename.
    #[serde(default)]
    pub new_name: String,
}

#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ReferenceContext {
    #[serde(default)]
    pub include_declaration: bool,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RangeParams {
    pub text_document: DocumentId,
    pub range: Range,
    #[serde(default)]
    pub context: ActionContext,
}

#[derive(Clone, Debug, Default, Deserialize)]
pub struct ActionContext {
    /// The kinds of actions that the client asks for; all if there are none.
    #[serde(default)]
    pub only: Option<Vec<String>>,
}

#[derive(Clone, Debug, Deserialize)]
pub struct QueryParams {
    #[serde(default)]
    pub query: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PublishedDiagnostics {
    pub uri: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<i64>,
    pub diagnostics: Vec<Diagnostic>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Diagnostic {
    pub range: Range,
    pub severity: u8,
    pub code: &'static str,
    pub code_description: CodeDescription,
    pub source: &'static str,
    pub message: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<u8>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub related_information: Vec<RelatedInformation>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CodeDescription {
    pub href: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RelatedInformation {
    pub location: Location,
    pub message: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CodeAction {
    pub title: String,
    pub kind: &'static str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub diagnostics: Vec<Diagnostic>,
    pub is_preferred: bool,
    pub edit: WorkspaceEdit,
}

/// Text in Markdown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Markup {
    kind: &'static str,
    value: String,
}

impl Markup {
    pub fn new(value: impl Into<String>) -> Markup {
        Markup { kind: "markdown", value: value.into() }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Hover {
    pub contents: Markup,
    pub range: Range,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CompletionItem {
    pub label: String,
    pub kind: u8,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub documentation: Option<Markup>,
    /// 2 for a snippet.
    pub insert_text_format: u8,
    pub text_edit: TextEdit,
    pub sort_text: String,
    /// What the typed word is compared with: some editors compare it with nothing if this is missing.
    pub filter_text: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DocumentSymbol {
    pub name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    pub kind: u8,
    pub range: Range,
    pub selection_range: Range,
    pub children: Vec<DocumentSymbol>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct WorkspaceSymbol {
    pub name: String,
    pub kind: u8,
    pub location: Location,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub container_name: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct FoldingRange {
    pub start_line: u32,
    pub end_line: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<&'static str>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DocumentLink {
    pub range: Range,
    pub target: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct InlayHint {
    pub position: Position,
    pub label: String,
    pub padding_left: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CodeLens {
    pub range: Range,
    pub command: Command,
}

/// A command of the client; one without a name only shows its title.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Command {
    pub title: String,
    pub command: &'static str,
}

/// Writes the lengths and distances of tokens.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct SemanticTokens {
    pub data: Vec<u32>,
}
