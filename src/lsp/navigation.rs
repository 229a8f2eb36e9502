//! Definitions, references and renames of names, in all files of a fleet.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::lsp::connection::Refusal;
use crate::lsp::index::{NameAt, NameKind};
use crate::lsp::links;
use crate::lsp::protocol::{Location, Position, Range, TextEdit, WorkspaceEdit};
use crate::lsp::scope::clusters_of;
use crate::lsp::view::View;
use crate::problem::Noun;
use crate::resolve::{reserved_for_roles, reserved_for_variables};
use crate::span::Span;

/// Where the name at a position is defined: as its clusters see it, if they are known; and the file of a path.
pub fn definitions(view: &View<'_>, position: Position) -> Vec<Location> {
    let offset = view.offset(position);
    let index = view.snapshot.index();
    let Some(name) = index.name_at(view.file, offset) else {
        let target = index.text_at(view.file, offset).and_then(|text| links::target(text, view));
        return target.map(|uri| Location { uri, range: Range::default() }).into_iter().collect();
    };
    let seen = seen_definitions(name, view);
    let all = || {
        let same = index.same(name, &view.snapshot.sources);
        same.filter(|other| other.is_definition).map(|other| other.span).collect::<Vec<_>>()
    };
    let spans: Vec<Span> = if seen.is_empty() { all() } else { seen.into_iter().collect() };
    spans.into_iter().filter_map(|span| view.location(span)).collect()
}

/// The definitions that apply in the clusters of a reference; none if they are not known.
fn seen_definitions(name: &NameAt, view: &View<'_>) -> BTreeSet<Span> {
    let Some(meaning) =
        view.meaning.as_ref().filter(|meaning| view.is_present(meaning) && !name.is_definition)
    else {
        return BTreeSet::new();
    };
    let text = view.snapshot.sources.text(name.span);
    let clusters = clusters_of(name.block, name.span.file, view.snapshot.index(), meaning).into_iter();
    let bindings = clusters.filter_map(|cluster| cluster.binding(name.noun, text));
    bindings.flat_map(|binding| binding.sites.iter().map(|site| site.at)).collect()
}

/// The places of the name at a position, in all files.
pub fn references(view: &View<'_>, position: Position, with_definitions: bool) -> Vec<Location> {
    let Some(name) = name_at(view, position) else { return Vec::new() };
    let same = view.snapshot.index().same(name, &view.snapshot.sources);
    let wanted = same.filter(|other| with_definitions || !other.is_definition);
    wanted.filter_map(|other| view.location(other.span)).collect()
}

/// The places of the name at a position in its file, with what happens there: 2 for reading, 3 for writing.
pub fn highlights(view: &View<'_>, position: Position) -> Vec<Value> {
    let Some(name) = name_at(view, position) else { return Vec::new() };
    let same = view.snapshot.index().same(name, &view.snapshot.sources);
    let here = same.filter(|other| other.span.file == view.file);
    let highlight = |other: &NameAt| json!({ "range": view.range(other.span), "kind": if other.is_definition { 3 } else { 2 } });
    here.map(highlight).collect()
}

/// The range of the name at a position.
///
/// # Errors
/// The name is not one that a source declares.
pub fn renamed_range(view: &View<'_>, position: Position) -> Result<Range, Refusal> {
    renamed(view, position).map(|name| view.range(name.span))
}

/// The edits that give the name at a position another text wherever it stands.
///
/// # Errors
/// The name is not one that a source declares, or the new one is not a name or exists.
pub fn rename(view: &View<'_>, position: Position, new_name: &str) -> Result<WorkspaceEdit, Refusal> {
    let name = renamed(view, position)?;
    let refuse = |message: String| Err(Refusal::Invalid(message));
    if !is_name(new_name) {
        return refuse(format!("`{new_name}` is not a name: use letters, digits, `-`, `_` and `.`"));
    }
    if is_reserved(name.noun, new_name) {
        return refuse(format!("`{new_name}` is reserved"));
    }
    let (index, sources) = (view.snapshot.index(), &view.snapshot.sources);
    let kind = NameKind::from(name.noun);
    let is_new = |other: &&NameAt| NameKind::from(other.noun) == kind && sources.text(other.span) == new_name;
    if sources.text(name.span) != new_name && index.names.iter().any(|other| is_new(&other)) {
        return refuse(format!("a {} `{new_name}` exists already", name.noun.as_str()));
    }
    let is_definition =
        |other: &&NameAt| other.is_definition && matches!(other.noun, Noun::Cluster | Noun::Profile);
    if index.same(name, sources).filter(is_definition).count() > 1 {
        let text = sources.text(name.span);
        return refuse(format!("two of the name `{text}` are defined: rename one of them by hand"));
    }
    let mut edit = WorkspaceEdit::default();
    for other in index.same(name, sources) {
        let Some(Location { uri, range }) = view.location(other.span) else { continue };
        edit.changes.entry(uri).or_default().push(TextEdit { range, new_text: new_name.to_owned() });
    }
    Ok(edit)
}

fn name_at<'v>(view: &'v View<'_>, position: Position) -> Option<&'v NameAt> {
    view.snapshot.index().name_at(view.file, view.offset(position))
}

/// The name at a position, if sources declare names of its kind.
fn renamed<'v>(view: &'v View<'_>, position: Position) -> Result<&'v NameAt, Refusal> {
    let name = name_at(view, position);
    let name = name.ok_or_else(|| Refusal::Invalid("there is no name here".to_owned()))?;
    let text = view.snapshot.sources.text(name.span);
    let is_declared = match name.noun {
        Noun::Role | Noun::Profile | Noun::Cluster => true,
        Noun::Variable => !matches!(text, "cluster" | "platform"),
        Noun::Controller
        | Noun::Setting
        | Noun::Platform
        | Noun::Provider
        | Noun::Option
        | Noun::Field
        | Noun::Mapping
        | Noun::Trust => false,
    };
    if is_declared {
        Ok(name)
    } else {
        Err(Refusal::Invalid(format!("`{text}` is not a name of this source")))
    }
}

/// True if the grammar has this as a name.
fn is_name(text: &str) -> bool {
    let is_end = |byte: Option<u8>| byte.is_some_and(|byte| byte.is_ascii_alphanumeric());
    let is_inner = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
    is_end(text.bytes().next()) && is_end(text.bytes().next_back()) && text.bytes().all(is_inner)
}

fn is_reserved(noun: Noun, text: &str) -> bool {
    match noun {
        Noun::Role => reserved_for_roles(text).is_some(),
        Noun::Variable => reserved_for_variables(text).is_some(),
        Noun::Controller
        | Noun::Profile
        | Noun::Setting
        | Noun::Platform
        | Noun::Provider
        | Noun::Option
        | Noun::Field
        | Noun::Cluster
        | Noun::Mapping
        | Noun::Trust => false,
    }
}
