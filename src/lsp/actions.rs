//! Quick fixes, from the edits that findings have.

use crate::lsp::diagnostics::diagnostic;
use crate::lsp::protocol::{CodeAction, RangeParams, TextEdit, WorkspaceEdit};
use crate::lsp::view::View;
use crate::problem::{Edit, Finding, Help};
use crate::span::Span;

const QUICK_FIX: &str = "quickfix";
const FIX_ALL: &str = "source.fixAll.flux-identity";

/// The kinds of actions that this server has.
pub const KINDS: [&str; 2] = [QUICK_FIX, FIX_ALL];

/// The actions for a range.
pub fn actions(view: &View<'_>, params: &RangeParams) -> Vec<CodeAction> {
    let range = view.span(params.range);
    let asks_for = |kind: &str| match &params.context.only {
        None => true,
        Some(only) => only.iter().any(|asked| {
            let rest = kind.strip_prefix(asked.as_str());
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        }),
    };
    let mut actions = Vec::new();
    if asks_for(QUICK_FIX) {
        let touched = view.snapshot.findings.iter().filter(|finding| touches(finding, range));
        actions.extend(touched.flat_map(|finding| quick_fixes(finding, view)));
    }
    if asks_for(FIX_ALL) {
        actions.extend(fix_all(view));
    }
    actions
}

fn touches(finding: &Finding, range: Span) -> bool {
    let place = finding.span();
    place
        .is_some_and(|place| place.file == range.file && place.start <= range.end && range.start <= place.end)
}

fn quick_fixes(finding: &Finding, view: &View<'_>) -> Vec<CodeAction> {
    let fixes: Vec<(&Help, &Edit)> =
        finding.helps.iter().filter_map(|help| Some((help, help.edit.as_ref()?))).collect();
    let is_only = fixes.len() == 1;
    let action = |(help, edit): (&Help, &Edit)| {
        Some(CodeAction {
            title: help.text.clone(),
            kind: QUICK_FIX,
            diagnostics: vec![diagnostic(finding, &view.snapshot, view.documents)],
            is_preferred: is_only,
            edit: workspace_edit([edit], view)?,
        })
    };
    fixes.into_iter().filter_map(action).collect()
}

/// The edits of all findings of the file that have exactly one, unless they overlap.
fn fix_all(view: &View<'_>) -> Option<CodeAction> {
    let of_file = view
        .snapshot
        .findings
        .iter()
        .filter(|finding| finding.span().is_some_and(|place| place.file == view.file));
    let mut edits: Vec<&Edit> =
        of_file.filter_map(Finding::single_edit).filter(|edit| edit.span.file == view.file).collect();
    edits.sort_by_key(|edit| edit.span);
    let mut end = 0;
    edits.retain(|edit| {
        let is_apart = edit.span.start >= end;
        end = if is_apart { edit.span.end.max(edit.span.start.saturating_add(1)) } else { end };
        is_apart
    });
    if edits.is_empty() {
        return None;
    }
    Some(CodeAction {
        title: "Apply all fixes of flux-identity".to_owned(),
        kind: FIX_ALL,
        diagnostics: Vec::new(),
        is_preferred: false,
        edit: workspace_edit(edits, view)?,
    })
}

fn workspace_edit<'e>(edits: impl IntoIterator<Item = &'e Edit>, view: &View<'_>) -> Option<WorkspaceEdit> {
    let mut whole = WorkspaceEdit::default();
    for edit in edits {
        let location = view.location(edit.span)?;
        let edit = TextEdit { range: location.range, new_text: edit.replacement.clone() };
        whole.changes.entry(location.uri).or_default().push(edit);
    }
    Some(whole)
}
