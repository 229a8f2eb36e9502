//! The patches that a source passes through.

use crate::import::block;
use crate::import::overlay::{Document, Entry, Overlay};
use crate::import::patch::PatchForm;
use crate::import::patches::{MatchedPatch, PatchPart, without_anchors};
use crate::model::{OutputPath, Target, TargetField};
use crate::problem::Inexpressible;
use crate::syntax::notation::is_literal;
use crate::yaml;

/// A patch that is passed through.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Leftover {
    pub content: Content,
    pub target: Target,
    /// The name for a file of it, without the extension.
    pub name: String,
    /// The kind and the name of its object, if it is for one.
    pub object: Option<(String, String)>,
}

/// The content of a patch.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Content {
    /// An existing file, by its path.
    File(String),
    /// A text for a new file.
    Text(String),
}

/// True if a source can contain the text.
pub fn is_expressible(text: &str) -> bool {
    text.chars().all(is_literal)
}

impl Leftover {
    pub fn new(
        content: Content,
        mut target: Target,
        document: Option<&Document>,
    ) -> Result<Leftover, Inexpressible> {
        for (field, text) in &mut target {
            if field.is_pattern() {
                *text = without_anchors(text).to_owned();
            }
        }
        target.retain(|_, text| !text.is_empty());
        if !target.values().all(|text| is_expressible(text)) {
            return Err(Inexpressible::Target);
        }
        let wanted = document.map(Document::form).and_then(|form| match form {
            PatchForm::Merge(id) => Some((id.kind, id.name)),
            PatchForm::Operations | PatchForm::Neither => None,
        });
        let is_plain = |text: &&String| text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
        let object = if target.is_empty() {
            wanted.clone()
        } else {
            let plain = |field| target.get(&field).filter(is_plain).cloned();
            plain(TargetField::Kind).zip(plain(TargetField::Name))
        };
        let (kind, name) = wanted.unwrap_or_default();
        let kind = target.get(&TargetField::Kind).unwrap_or(&kind);
        let name = file_name(kind, target.get(&TargetField::Name).unwrap_or(&name));
        match &content {
            Content::File(path) if !is_expressible(path) => Err(Inexpressible::Path),
            Content::File(_) | Content::Text(_) => Ok(Leftover { content, target, name, object }),
        }
    }
}

/// The patches of an overlay that are not imported as identities, or why a source cannot express them.
pub fn leftovers<'o>(
    overlay: &'o Overlay,
    patches: &[MatchedPatch<'o>],
    parts: &[Vec<PatchPart>],
) -> Vec<(&'o Entry, Result<Leftover, Inexpressible>)> {
    let mut found = Vec::new();
    let mut rest = patches.iter().zip(parts);
    for entry in &overlay.entries {
        // The patches are the documents of the entries, in their order.
        let of_entry: Vec<_> = rest.by_ref().take(entry.documents.len()).collect();
        let stays = |parts: &[PatchPart]| matches!(parts, [only] if only.marks.is_empty());
        if of_entry.iter().all(|(_, parts)| stays(parts))
            && let Some(path) = &entry.path
        {
            found.push((entry, leftover(entry, entry.target.as_ref(), Content::File(path.clone()), None)));
            continue;
        }
        for (patch, part) in
            of_entry.iter().flat_map(|(patch, parts)| parts.iter().map(move |part| (patch, part)))
        {
            let is_alone = entry.documents.len() == 1;
            let text = if part.marks.is_empty() && is_alone {
                Some(unchanged(&patch.document.text))
            } else {
                patch.document.without(&part.marks).map(|left| block::text(&left))
            };
            if let Some(text) = text {
                let content = Content::Text(text);
                found.push((entry, leftover(entry, part.target.as_ref(), content, Some(patch.document))));
            }
        }
    }
    found
}

/// The text of a patch for a file. Line breaks at its end may belong to a block.
fn unchanged(text: &str) -> String {
    let whole = format!("{}\n", text.trim_end());
    let is_same =
        || yaml::Document::only(text).is_some_and(|document| yaml::Document::only(&whole) == Some(document));
    if !text.contains(['|', '>']) || is_same() { whole } else { text.to_owned() }
}

fn leftover(
    entry: &Entry,
    target: Option<&Target>,
    content: Content,
    document: Option<&Document>,
) -> Result<Leftover, Inexpressible> {
    if entry.has_options {
        return Err(Inexpressible::Options);
    }
    let target = target.cloned().unwrap_or_default();
    let document = document.or(entry.documents.first());
    Leftover::new(content, target, document)
}

/// The longest name of a file, in bytes.
const LONGEST_NAME: usize = 60;

/// `ServiceAccount` and `(a|b)` to `service-account-a-b`: lower-case ASCII letters, digits and `-`, and no name that a
/// system reserves.
fn file_name(kind: &str, name: &str) -> String {
    let mut out = String::new();
    let mut is_apart = false;
    let humps = kind.chars().map(|letter| (letter, letter.is_ascii_uppercase()));
    let others = name.chars().map(|letter| (letter, false));
    for (letter, is_hump) in humps.chain(std::iter::once((' ', false))).chain(others) {
        is_apart |= is_hump || !letter.is_ascii_alphanumeric();
        if letter.is_ascii_alphanumeric() {
            if is_apart && !out.is_empty() {
                out.push('-');
            }
            out.push(letter.to_ascii_lowercase());
            is_apart = false;
        }
        if out.len() >= LONGEST_NAME {
            break;
        }
    }
    match out.trim_end_matches('-') {
        "" => "patch".to_owned(),
        name if OutputPath::parse(name).is_err() => format!("patch-{name}"),
        name => name.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::{LONGEST_NAME, file_name};
    use proptest::prelude::*;

    #[test]
    fn a_file_has_the_name_of_the_object_of_its_patch() {
        for (kind, name, file) in [
            ("ServiceAccount", "(a|b)", "service-account-a-b"),
            ("", "source-controller", "source-controller"),
            ("", "", "patch"),
            ("", "CON", "patch-con"),
            ("x/../../..", "..", "x"),
            ("--output", "-", "output"),
            ("ä", "ö", "patch"),
            ("a\u{e4}b", "", "a-b"),
        ] {
            assert_eq!(file_name(kind, name), file);
        }
    }

    proptest! {
        #[test]
        fn whatever_a_patch_says_its_file_has_a_name_of_an_alphabet_of_our_own(
            kind in ".{0,80}|[A-Z]{0,200}|[/.\\\\ -]{0,9}", name in ".{0,80}|con|aux|lpt[0-9]|nul",
        ) {
            let file = file_name(&kind, &name);
            let is_ours = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
            prop_assert!(file.bytes().all(is_ours) && (1..=LONGEST_NAME + 6).contains(&file.len()), "{file}");
            prop_assert!(!file.starts_with('-') && !file.ends_with('-'), "{file}");
            let devices = ["con", "prn", "aux", "nul", "com1", "lpt9"];
            prop_assert!(!devices.contains(&file.as_str()), "{file}");
        }
    }
}
