//! A kustomization file, to an overlay.

use std::rc::Rc;
use std::sync::Arc;

use crate::emit;
use crate::import::file::{File, Origin, Reader};
use crate::import::overlay::{Document, Entry, NamedFile, Overlay};
use crate::import::path;
use crate::model::{Target, TargetField};
use crate::problem::{AdoptionFault, AdoptionProblem, Problems};
use crate::spanned::{self, Fault, Spanned, Style, Value};
use crate::workspace::Unread;

/// Reads a kustomization; `None` if that fails, which is reported.
pub fn read(file: &Rc<File>, reader: &mut Reader<'_>, problems: &mut Problems) -> Option<Overlay> {
    let directory = path::parent(&file.path).to_owned();
    let [root] = documents(file, problems)? else {
        problems.report(AdoptionProblem::at(file.span_from(0), AdoptionFault::NotOneDocument));
        return None;
    };
    let root = root.clone();
    if let Some(version) = flux_kustomization(&root) {
        problems.report(AdoptionProblem::at(file.place(version), AdoptionFault::FluxKustomization));
        return None;
    }
    let mut parser = Parser { file, directory: &directory, reader, problems, is_whole: true };
    let mut overlay = Overlay {
        directory: directory.clone(),
        path: file.path.clone(),
        file: Rc::clone(file),
        is_component: root.text_at("kind") == Some("Component"),
        is_generated: file.text.starts_with(emit::BANNER),
        resources: Vec::new(),
        components: Vec::new(),
        entries: Vec::new(),
        generators: Vec::new(),
        others: Vec::new(),
        comments: Vec::new(),
    };
    // kustomize applies the older lists around the newer one, whatever their order in the file.
    let (mut before, mut among, mut after) = (Vec::new(), Vec::new(), Vec::new());
    for (key, value) in root.entries() {
        match key.text().unwrap_or_default() {
            "apiVersion" | "kind" | "metadata" => {}
            "resources" | "bases" => overlay.resources.extend(parser.names(value)),
            "components" => overlay.components.extend(parser.names(value)),
            "configMapGenerator" => {
                let generator = |item: &Spanned| NamedFile {
                    text: item.text_at("name").unwrap_or_default().to_owned(),
                    at: file.place(item),
                };
                overlay.generators = value.items().iter().map(generator).collect();
            }
            "patchesStrategicMerge" => {
                before = value.items().iter().map(|item| parser.strategic_patch(item)).collect();
            }
            "patches" => among = value.items().iter().map(|item| parser.entry(item, true)).collect(),
            "patchesJson6902" => {
                after = value.items().iter().map(|item| parser.entry(item, false)).collect();
            }
            _ if value.is_null() || value.items().is_empty() && matches!(value.value, Value::Sequence(_)) => {
            }
            other => overlay.others.push(NamedFile { text: other.to_owned(), at: file.place(key) }),
        }
    }
    if !parser.is_whole {
        return None;
    }
    overlay.entries = before.into_iter().chain(among).chain(after).collect();
    if !overlay.is_generated {
        overlay.comments = comments(&file.text, &root).into_iter().map(|at| file.span_from(at)).collect();
    }
    Some(overlay)
}

/// The API version of a kustomization file that has an object of Flux in it. Both call theirs `Kustomization`.
pub fn flux_kustomization(root: &Spanned) -> Option<&Spanned> {
    let version = root.get("apiVersion")?;
    version.text().filter(|text| text.starts_with("kustomize.toolkit.fluxcd.io/")).map(|_| version)
}

pub fn documents<'f>(file: &'f File, problems: &mut Problems) -> Option<&'f [Spanned]> {
    match file.documents() {
        Ok(documents) => Some(documents),
        Err(fault) => {
            let at = match fault {
                Fault::OutOfBounds(_, at) | Fault::NotYaml(at) | Fault::Tag(at) | Fault::LineBreak(at) => {
                    file.span_from(at)
                }
            };
            problems.report(AdoptionProblem::at(at, AdoptionFault::Yaml(fault)));
            None
        }
    }
}

/// The patches of a list outside of a kustomization; `None` if one cannot be read, which is reported.
pub fn patches(
    file: &Rc<File>,
    list: &Spanned,
    reader: &mut Reader<'_>,
    problems: &mut Problems,
) -> Option<Vec<Entry>> {
    let directory = path::parent(&file.path).to_owned();
    let mut parser = Parser { file, directory: &directory, reader, problems, is_whole: true };
    let entries = list.items().iter().map(|item| parser.entry(item, true)).collect();
    parser.is_whole.then_some(entries)
}

struct Parser<'r, 'e> {
    file: &'r Rc<File>,
    directory: &'r str,
    reader: &'r mut Reader<'e>,
    problems: &'r mut Problems,
    is_whole: bool,
}

impl Parser<'_, '_> {
    fn names(&self, list: &Spanned) -> Vec<NamedFile> {
        let texts = list.items().iter().filter_map(|item| Some((item, item.text()?)));
        texts.map(|(item, text)| NamedFile { text: text.to_owned(), at: self.file.place(item) }).collect()
    }

    /// An entry of `patchesStrategicMerge`: a path, or a patch itself.
    fn strategic_patch(&mut self, item: &Spanned) -> Entry {
        let text = item.text().unwrap_or_default();
        let is_inline = text.contains('\n') || text.trim_start().starts_with('{');
        let entry = self.new_entry(item);
        if is_inline { self.inline_patch(item, text, entry) } else { self.patch_in_file(item, text, entry) }
    }

    /// An entry of `patches` or `patchesJson6902`. `is_newer`: true for the first.
    fn entry(&mut self, item: &Spanned, is_newer: bool) -> Entry {
        let mut entry = self.new_entry(item);
        entry.has_options = item.get("options").is_some_and(|options| !options.is_null());
        entry.target = item.get("target").map(target);
        match (item.get("path"), item.get("patch")) {
            (Some(path), _) if !path.is_null() => {
                let text = path.text().unwrap_or_default().to_owned();
                self.patch_in_file(path, &text, entry)
            }
            // The newer list loses the blanks at both ends, and a block at the end its line breaks by that.
            (_, Some(patch)) if is_newer => {
                self.inline_patch(patch, patch.text().unwrap_or_default().trim_end(), entry)
            }
            (_, Some(patch)) => self.inline_patch(patch, patch.text().unwrap_or_default(), entry),
            // kustomize refuses it.
            (_, None) => entry,
        }
    }

    fn new_entry(&self, item: &Spanned) -> Entry {
        Entry {
            at: self.file.place(item),
            node: item.clone(),
            path: None,
            target: None,
            has_options: false,
            documents: Vec::new(),
        }
    }

    fn inline_patch(&mut self, node: &Spanned, text: &str, mut entry: Entry) -> Entry {
        let text: Arc<str> = Arc::from(text);
        let origin = Rc::new(Origin::within(self.file, node, &text));
        match spanned::read(&text) {
            Ok(documents) => {
                let origin = &origin;
                let document = |node| Document { node, origin: Rc::clone(origin), text: Arc::clone(&text) };
                entry.documents = documents.into_iter().map(document).collect();
            }
            Err(fault) => self.fail(node, AdoptionFault::Yaml(fault)),
        }
        entry
    }

    fn patch_in_file(&mut self, node: &Spanned, text: &str, mut entry: Entry) -> Entry {
        let Some(path) = path::join(self.directory, text) else {
            self.fail(node, AdoptionFault::Outside { path: text.to_owned() });
            return entry;
        };
        match self.reader.file(&path) {
            Ok(found) => match documents(&found, self.problems) {
                Some(documents) => {
                    let origin = Rc::new(Origin::file(&found));
                    let document = |node: &Spanned| Document {
                        node: node.clone(),
                        origin: Rc::clone(&origin),
                        text: Arc::clone(&found.text),
                    };
                    entry.documents = documents.iter().map(document).collect();
                }
                None => self.is_whole = false,
            },
            Err(unread) => {
                self.fail(node, unread_part(path.clone(), unread));
            }
        }
        entry.path = Some(path);
        entry
    }

    fn fail(&mut self, node: &Spanned, fault: AdoptionFault) {
        self.problems.report(AdoptionProblem::at(self.file.place(node), fault));
        self.is_whole = false;
    }
}

fn unread_part(path: String, unread: Unread) -> AdoptionFault {
    match unread {
        Unread::Missing | Unread::Unseen => AdoptionFault::Missing { path },
        Unread::NotText => AdoptionFault::NotText { path },
        Unread::Refused(fault) => AdoptionFault::Unreadable { path, cause: fault.cause() },
        Unread::Unreadable { cause } => AdoptionFault::Unreadable { path, cause },
    }
}

pub fn target(node: &Spanned) -> Target {
    let field = |field: TargetField| {
        let text = node.text_at(field.name())?;
        (!text.is_empty()).then(|| (field, text.to_owned()))
    };
    TargetField::ALL.into_iter().filter_map(field).collect()
}

/// Where the comments of a text begin, those behind values included. A `#` within a quoted text or a block is not one.
pub fn comments(text: &str, root: &Spanned) -> Vec<usize> {
    let mut blocks = Vec::new();
    literals(root, &mut blocks);
    blocks.sort_by_key(|block| block.start);
    let mut found = Vec::new();
    let mut start = 0_usize;
    for line in text.split_inclusive('\n') {
        let text = line.trim_end();
        let blanks = text.len().saturating_sub(text.trim_start().len());
        let at = if text.trim_start().starts_with('#') {
            Some(blanks)
        } else {
            text.find(" #").map(|at| at.saturating_add(1))
        };
        if let Some(at) = at {
            let at = start.saturating_add(at);
            let next = blocks.partition_point(|block: &std::ops::Range<usize>| block.start <= at);
            let is_within = next
                .checked_sub(1)
                .and_then(|last| blocks.get(last))
                .is_some_and(|block| block.contains(&at));
            if !is_within {
                found.push(at);
            }
        }
        start = start.saturating_add(line.len());
    }
    found
}

fn literals(node: &Spanned, found: &mut Vec<std::ops::Range<usize>>) {
    match &node.value {
        Value::Scalar(scalar) => {
            if scalar.style != Style::Plain {
                found.push(node.range.clone());
            }
        }
        Value::Mapping(entries) => {
            for (key, value) in entries {
                literals(key, found);
                literals(value, found);
            }
        }
        Value::Sequence(items) => items.iter().for_each(|item| literals(item, found)),
    }
}
