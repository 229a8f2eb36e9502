//! Requests by their methods.

use serde::Serialize;
use serde_json::{Value, json};

use crate::lsp::connection::{Call, Refusal};
use crate::lsp::protocol::{DocumentId, DocumentParams, PositionParams, QueryParams, RangeParams};
use crate::lsp::state::{State, parse};
use crate::lsp::view::View;
use crate::lsp::{actions, completion, formatting, hints, hover, links, navigation, symbols, tokens};
use crate::native_path;
use crate::problem::page_at;

/// The requests about what names mean, for which all clusters are evaluated.
const NEED_MEANING: [&str; 5] = [
    "textDocument/hover",
    "textDocument/definition",
    "textDocument/documentLink",
    "textDocument/inlayHint",
    "textDocument/codeLens",
];

/// The result of a request.
///
/// # Errors
/// It is refused.
pub fn answer(call: &Call, state: &mut State) -> Result<Value, Refusal> {
    match call.method.as_str() {
        "textDocument/hover" => {
            at_position(call, state, |view, params| Ok(hover::hover(view, params.position)))
        }
        "textDocument/definition" => {
            at_position(call, state, |view, params| Ok(navigation::definitions(view, params.position)))
        }
        "textDocument/references" => at_position(call, state, |view, params| {
            Ok(navigation::references(view, params.position, params.context.include_declaration))
        }),
        "textDocument/documentHighlight" => {
            at_position(call, state, |view, params| Ok(navigation::highlights(view, params.position)))
        }
        "textDocument/prepareRename" => {
            at_position(call, state, |view, params| navigation::renamed_range(view, params.position))
        }
        "textDocument/rename" => at_position(call, state, |view, params| {
            navigation::rename(view, params.position, &params.new_name)
        }),
        "textDocument/completion" => {
            let has_snippets = state.client.has_snippets;
            at_position(call, state, |view, params| {
                Ok(completion::completions(view, params.position, has_snippets))
            })
        }
        "textDocument/codeAction" => in_range(call, state, |view, params| Ok(actions::actions(view, params))),
        "textDocument/inlayHint" => {
            in_range(call, state, |view, params| Ok(hints::inlay_hints(view, view.span(params.range))))
        }
        "textDocument/rangeFormatting" => in_range(call, state, |view, params| {
            let range = view.span(params.range).range();
            Ok(formatting::format(view, Some(&range)))
        }),
        "textDocument/semanticTokens/range" => {
            in_range(call, state, |view, params| Ok(tokens::tokens(view, Some(view.span(params.range)))))
        }
        "textDocument/semanticTokens/full" => of_document(call, state, |view| tokens::tokens(view, None)),
        "textDocument/formatting" => of_document(call, state, |view| formatting::format(view, None)),
        "textDocument/documentSymbol" => of_document(call, state, symbols::document_symbols),
        "textDocument/foldingRange" => of_document(call, state, symbols::folding_ranges),
        "textDocument/documentLink" => of_document(call, state, links::links),
        "textDocument/codeLens" => of_document(call, state, hints::code_lenses),
        "workspace/symbol" => {
            let QueryParams { query } = parse(&call.params)?;
            let fleets = state.fleets.iter().filter_map(|(_, fleet)| fleet.snapshot());
            let found =
                fleets.flat_map(|snapshot| symbols::workspace_symbols(snapshot, &query, &state.documents));
            to_json(found.collect::<Vec<_>>())
        }
        "workspace/textDocumentContent" => {
            let DocumentId { uri } = parse(&call.params)?;
            let text = page_at(&uri);
            let text = text.ok_or_else(|| Refusal::Invalid(format!("`{uri}` is not the page of a code")))?;
            Ok(json!({ "text": text }))
        }
        _ => Err(Refusal::UnknownMethod),
    }
}

fn at_position<T: Serialize>(
    call: &Call,
    state: &mut State,
    result: impl FnOnce(&View<'_>, &PositionParams) -> Result<T, Refusal>,
) -> Result<Value, Refusal> {
    let params: PositionParams = parse(&call.params)?;
    to_json(result(&view(call, &params.text_document.uri, state)?, &params)?)
}

fn in_range<T: Serialize>(
    call: &Call,
    state: &mut State,
    result: impl FnOnce(&View<'_>, &RangeParams) -> Result<T, Refusal>,
) -> Result<Value, Refusal> {
    let params: RangeParams = parse(&call.params)?;
    to_json(result(&view(call, &params.text_document.uri, state)?, &params)?)
}

fn of_document<T: Serialize>(
    call: &Call,
    state: &mut State,
    result: impl FnOnce(&View<'_>) -> T,
) -> Result<Value, Refusal> {
    let params: DocumentParams = parse(&call.params)?;
    to_json(result(&view(call, &params.text_document.uri, state)?))
}

/// The file of a request among those of its fleet, which is checked first if it has changed.
fn view<'s>(call: &Call, uri: &str, state: &'s mut State) -> Result<View<'s>, Refusal> {
    let needs_meaning = NEED_MEANING.contains(&call.method.as_str());
    let path = state.path(uri).map_err(Refusal::Invalid)?;
    let State { fleets, documents, client, .. } = state;
    let source = fleets.source_of(&path, documents);
    let fleet = fleets.get(source.clone());
    let snapshot = fleet.present(&source, documents, *client, &mut || false);
    let view = snapshot.and_then(|snapshot| {
        let file = snapshot.file(&path)?;
        let meaning = if needs_meaning { fleet.meaning(documents, *client) } else { None };
        Some(View { snapshot, file, meaning, documents })
    });
    view.ok_or_else(|| Refusal::Failed(format!("`{}` cannot be read", native_path::shown(&path))))
}

fn to_json(result: impl Serialize) -> Result<Value, Refusal> {
    serde_json::to_value(result).map_err(|error| Refusal::Failed(error.to_string()))
}
