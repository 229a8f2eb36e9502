//! A file of patches, as it is put into overlays.

use std::borrow::Cow;
use std::sync::Arc;

use crate::spanned::Excess;
use crate::workspace::Unread;
use crate::yaml::{Document, Node, Unreadable};

/// What a file of patches holds; never nothing.
#[derive(Clone, Debug)]
pub struct Patches {
    /// Its documents, in their order.
    pub documents: Vec<PatchDocument>,
}

/// One document of a file of patches.
#[derive(Clone, Debug)]
pub struct PatchDocument {
    /// The verbatim text, except for CRLF line breaks and additions that keep kustomize from changing it.
    pub text: Arc<str>,
    /// The line of the file that it begins on, counted from 1.
    pub line: usize,
    /// The form of the content.
    pub form: PatchForm,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PatchForm {
    /// A part of an object, which is merged with it.
    Merge,
    /// Operations of RFC 6902.
    Operations,
}

/// Why a file holds no patches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PatchesFault {
    /// There is no text.
    Unread(Unread),
    /// Nothing but comments.
    Empty,
    /// A document is not YAML, from that line of the file on, if known.
    NotYaml(Option<usize>),
    /// A document exceeds a limit, on that line of the file.
    OutOfBounds(Excess, usize),
    /// A document is neither a part of an object nor a list of operations.
    Neither(usize),
    /// A strategic merge patch without a complete name: the missing field, and the start of the document.
    Lacks(Vec<&'static str>, usize),
    /// What is no operation of RFC 6902 in a list of them.
    NotOperation(usize),
}

/// Reads the patches of a file.
pub fn parse_patches(text: &str) -> Result<Patches, PatchesFault> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text).replace("\r\n", "\n");
    let documents = split_documents(&text)
        .into_iter()
        .filter(|(_, text)| has_content(text))
        .map(|(line, text)| parse_patch(text, line))
        .collect::<Result<Vec<PatchDocument>, PatchesFault>>()?;
    if documents.is_empty() { Err(PatchesFault::Empty) } else { Ok(Patches { documents }) }
}

/// The documents of a text, each with the line that it begins on.
fn split_documents(text: &str) -> Vec<(usize, &str)> {
    let mut found = Vec::new();
    let (mut begin, mut begin_line, mut at) = (0_usize, 1_usize, 0_usize);
    for (number, line) in (1_usize..).zip(text.split_inclusive('\n')) {
        let end = at;
        at = at.saturating_add(line.len());
        let Some(rest) = line.strip_prefix("---").or_else(|| line.strip_prefix("...")) else { continue };
        if !rest.starts_with([' ', '\t', '\n']) && !rest.is_empty() {
            continue;
        }
        found.push((begin_line, text.get(begin..end).unwrap_or_default()));
        // Text after the dashes belongs to the document, unless it is a comment.
        (begin, begin_line) =
            if has_content(rest) { (end.saturating_add(4), number) } else { (at, number.saturating_add(1)) };
    }
    found.push((begin_line, text.get(begin..).unwrap_or_default()));
    found
}

/// True if there is more than comments and directives in it.
fn has_content(text: &str) -> bool {
    text.lines().map(str::trim_start).any(|line| !line.is_empty() && !line.starts_with(['#', '%']))
}

fn parse_patch(text: &str, line: usize) -> Result<PatchDocument, PatchesFault> {
    let document = Document::parse(text).map_err(|unreadable| match unreadable {
        Unreadable::Line(Some(at)) => PatchesFault::NotYaml(Some(line.saturating_add(at).saturating_sub(1))),
        Unreadable::OutOfBounds(excess, at) => {
            PatchesFault::OutOfBounds(excess, line.saturating_add(at).saturating_sub(1))
        }
        Unreadable::Line(None) => PatchesFault::NotYaml(None),
    })?;
    let root = document.root();
    let form = if root.is_mapping() {
        let missing = missing_names(root);
        if !missing.is_empty() {
            return Err(PatchesFault::Lacks(missing, line));
        }
        PatchForm::Merge
    } else if root.is_sequence() {
        if !root.items().all(is_operation) || root.items().next().is_none() {
            return Err(PatchesFault::NotOperation(line));
        }
        PatchForm::Operations
    } else {
        return Err(PatchesFault::Neither(line));
    };
    Ok(PatchDocument { text: keep_outer_blanks(text, &document).into(), line, form })
}

/// The text so that it keeps its meaning: kustomize drops the blanks and line breaks at both ends of a patch that stands
/// in a kustomization, which takes from the first line where it stands, and from a block at the end its line break.
/// Source: `plugin/builtin/patchtransformer` of kubernetes-sigs/kustomize.
fn keep_outer_blanks<'t>(text: &'t str, document: &Document) -> Cow<'t, str> {
    let keeps = |text: &str| Document::read(text.trim()).is_some_and(|read| read == *document);
    if keeps(text) {
        return text.into();
    }
    let guards = [("#\n", ""), ("", "#\n"), ("#\n", "#\n")];
    let mut guarded = guards.into_iter().map(|(before, after)| format!("{before}{text}{after}"));
    guarded.find(|text| keeps(text)).map_or(Cow::Borrowed(text), Cow::Owned)
}

/// The fields that a strategic merge patch must have to name its object, and lacks.
fn missing_names(root: Node<'_>) -> Vec<&'static str> {
    let is_missing = |keys: &[&str]| root.at(keys).and_then(Node::text).is_none_or(str::is_empty);
    let needed: [(&'static str, &[&str]); 3] =
        [("apiVersion", &["apiVersion"]), ("kind", &["kind"]), ("metadata.name", &["metadata", "name"])];
    needed.into_iter().filter(|(_, keys)| is_missing(keys)).map(|(name, _)| name).collect()
}

/// Source: RFC 6902, section 4.
fn is_operation(item: Node<'_>) -> bool {
    let op = item.get("op").and_then(Node::text).unwrap_or_default();
    let path = item.get("path").and_then(Node::text);
    let has_operand = match op {
        "add" | "replace" | "test" => item.get("value").is_some(),
        "move" | "copy" => item.get("from").is_some(),
        "remove" => true,
        _ => false,
    };
    has_operand && path.is_some_and(|path| path.is_empty() || path.starts_with('/'))
}

#[cfg(test)]
mod tests {
    use super::{PatchForm, PatchesFault, parse_patches, split_documents};

    #[test]
    fn documents_are_what_stands_between_lines_of_dashes() {
        let text = "# first\n---\na: 1\n--- # second\nb: |\n  ---\n  x\n...\n---x: 1\n--- {c: 1}\n";
        let found = split_documents(text);
        let expected =
            [(1, "# first\n"), (3, "a: 1\n"), (5, "b: |\n  ---\n  x\n"), (9, "---x: 1\n"), (10, "{c: 1}\n")];
        assert_eq!(found, expected);
    }

    #[test]
    fn each_document_that_says_something_is_a_patch() {
        let text = "---\n# nothing\n---\n\
                    apiVersion: v1\r\nkind: A\nmetadata: {name: a}\n---\n[{\"op\": \"remove\", \"path\": \"/x\"}]";
        let patches = parse_patches(text).expect("it holds patches").documents;
        let lines: Vec<usize> = patches.iter().map(|patch| patch.line).collect();
        assert_eq!(lines, [4, 8]);
        assert_eq!(&*patches[0].text, "apiVersion: v1\nkind: A\nmetadata: {name: a}\n");
        assert_eq!(patches[1].form, PatchForm::Operations);
    }

    #[test]
    fn what_kustomize_would_drop_is_guarded() {
        let text = |text: &str| parse_patches(text).expect("it holds a patch").documents[0].text.to_string();
        for (written, kept) in [
            (
                "apiVersion: v1\nkind: A\nmetadata: {name: a}\n\n",
                "apiVersion: v1\nkind: A\nmetadata: {name: a}\n\n",
            ),
            ("  - op: remove\n    path: /x\n", "#\n  - op: remove\n    path: /x\n"),
            ("- op: add\n  path: /x\n  value: |\n    a\n", "- op: add\n  path: /x\n  value: |\n    a\n#\n"),
            (
                " - op: add\n   path: /x\n   value: |\n    a\n",
                "#\n - op: add\n   path: /x\n   value: |\n    a\n#\n",
            ),
        ] {
            assert_eq!(text(written), kept);
        }
    }

    #[test]
    fn what_is_no_patch_is_told_with_its_line() {
        for (text, fault) in [
            ("", PatchesFault::Empty),
            ("---\n# only a comment\n", PatchesFault::Empty),
            ("# x\n---\na: 1\nb: [\n", PatchesFault::NotYaml(Some(5))),
            ("just text\n", PatchesFault::Neither(1)),
            ("---\nkind: A\n", PatchesFault::Lacks(vec!["apiVersion", "metadata.name"], 2)),
            ("- op: ad\n  path: /x\n  value: 1\n", PatchesFault::NotOperation(1)),
            ("- op: add\n  path: x\n  value: 1\n", PatchesFault::NotOperation(1)),
            ("- op: add\n  path: /x\n", PatchesFault::NotOperation(1)),
            ("[]\n", PatchesFault::NotOperation(1)),
        ] {
            assert_eq!(parse_patches(text).err(), Some(fault), "{text:?}");
        }
    }
}
