//! Files of YAML, each read once, and the places in them.

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::Path;
use std::rc::Rc;

use crate::kustomize::Place;
use crate::source::{Source, Sources};
use crate::span::FileId;
use crate::span::Span;
use crate::spanned::{self, Fault, Scalar, Spanned, Style, Value};
use crate::workspace::{Entry, Inputs, Unread};

/// Reads files of YAML, each once.
pub struct Reader<'e> {
    inputs: &'e Inputs<'e>,
    sources: &'e mut Sources,
    files: BTreeMap<String, Result<Rc<File>, Unread>>,
    /// The numbers of all that was read, be it released.
    ids: BTreeMap<String, FileId>,
}

#[derive(Debug)]
pub struct File {
    pub path: String,
    pub id: FileId,
    pub text: Rc<str>,
    /// Its documents, if they can be read.
    pub documents: Result<Vec<Spanned>, Fault>,
}

impl<'e> Reader<'e> {
    /// Nothing was read yet.
    pub fn new(inputs: &'e Inputs<'e>, sources: &'e mut Sources) -> Reader<'e> {
        Reader { inputs, sources, files: BTreeMap::new(), ids: BTreeMap::new() }
    }

    pub fn text(&self, path: &str) -> Result<Rc<str>, Unread> {
        self.inputs.text(Path::new(path)).map(|read| Rc::from(&*read.text))
    }

    pub fn exists(&self, path: &str) -> bool {
        self.inputs.entry(Path::new(path)) != Entry::Missing
    }

    /// A path as the user would type it.
    pub fn shown(&self, path: &str) -> String {
        self.inputs.shown(Path::new(path))
    }

    pub fn file(&mut self, path: &str) -> Result<Rc<File>, Unread> {
        if let Some(known) = self.files.get(path) {
            return known.clone();
        }
        let read = self.text(path).map(|text| {
            let id = self.ids.get(path).copied().unwrap_or_else(|| {
                let source = Source { name: self.shown(path), text: text.as_ref().to_owned() };
                self.sources.add(source)
            });
            self.ids.insert(path.to_owned(), id);
            let documents = spanned::read(&text);
            Rc::new(File { path: path.to_owned(), id, text, documents })
        });
        self.files.insert(path.to_owned(), read.clone());
        read
    }

    /// Where a text stands below a place, within the same document; or that place.
    pub fn place_of(&mut self, place: &Place, text: &str) -> Option<Span> {
        let line = self.place(place)?;
        let file = self.file(place.file.as_str()).ok()?;
        let start = usize::try_from(line.start).ok()?;
        let document = file.text.get(start..)?.split("\n---").next().unwrap_or_default();
        let found = document.find(text).filter(|_| !text.is_empty()).map(|at| start.saturating_add(at));
        Some(found.map_or(line, |at| file.span(&(at..at.saturating_add(text.len())))))
    }

    /// A place in a file that can be read.
    pub fn place(&mut self, place: &Place) -> Option<Span> {
        let file = self.file(place.file.as_str()).ok()?;
        let before = file.text.split_inclusive('\n').take(place.line.unwrap_or(1).saturating_sub(1));
        let start = before.fold(0_usize, |sum, line| sum.saturating_add(line.len()));
        let margin = file.text.get(start..)?.bytes().take_while(|byte| *byte == b' ').count();
        Some(file.span_from(start.saturating_add(margin)))
    }

    /// Keeps a file no longer: nobody is going to read it again.
    pub fn release(&mut self, path: &str) {
        self.files.remove(path);
    }
}

impl File {
    /// A range of bytes of the file.
    pub fn span(&self, range: &Range<usize>) -> Span {
        let byte = |offset: usize| u32::try_from(offset).unwrap_or(u32::MAX);
        Span { file: self.id, start: byte(range.start), end: byte(range.end.max(range.start)) }
    }

    /// The place of a byte, up to the end of its line.
    pub fn span_from(&self, start: usize) -> Span {
        let start = start.min(self.text.len());
        let rest = self.text.get(start..).unwrap_or_default();
        let length = rest.lines().next().map_or(0, |line| line.trim_end().len());
        self.span(&(start..start.saturating_add(length)))
    }

    /// The place of a thing: the first line of what has several.
    pub fn place(&self, node: &Spanned) -> Span {
        let text = self.text.get(node.range.clone()).unwrap_or_default();
        let length = text.lines().next().map_or(0, |line| line.trim_end().len());
        self.span(&(node.range.start..node.range.start.saturating_add(length)))
    }
}

/// Where the text of a patch stands in a file.
#[derive(Clone, Debug)]
pub struct Origin {
    file: Rc<File>,
    /// Where each line of it begins in the file; nothing where it is the file's own text.
    lines: Option<Vec<usize>>,
    /// Where it begins in the file, for texts whose lines are not those of the file.
    whole: Option<Span>,
    text: Rc<str>,
    /// Where each line of the text begins.
    starts: Vec<usize>,
}

impl Origin {
    pub fn file(file: &Rc<File>) -> Origin {
        let text = Rc::clone(&file.text);
        Origin { file: Rc::clone(file), lines: None, whole: None, text, starts: Vec::new() }
    }

    pub fn within(file: &Rc<File>, node: &Spanned, text: &str) -> Origin {
        let lines = lines_of(file, node, text);
        let whole = lines.is_none().then(|| file.place(node));
        let breaks = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
        let starts = std::iter::once(0).chain(breaks.map(|(at, _)| at.saturating_add(1))).collect();
        Origin { file: Rc::clone(file), lines, whole, text: Rc::from(text), starts }
    }

    /// The place of a thing in the text, as a place in the file.
    pub fn place(&self, node: &Spanned) -> Span {
        if let Some(whole) = self.whole {
            return whole;
        }
        let Some(lines) = &self.lines else { return self.file.place(node) };
        let line = self.starts.partition_point(|start| *start <= node.range.start).saturating_sub(1);
        let line_start = self.starts.get(line).copied().unwrap_or_default();
        let column = node.range.start.saturating_sub(line_start);
        let start = lines.get(line).copied().unwrap_or_default().saturating_add(column);
        let text = self.text.get(node.range.clone()).unwrap_or_default();
        let length = text.lines().next().map_or(0, |line| line.trim_end().len());
        self.file.span(&(start..start.saturating_add(length)))
    }
}

/// Where the lines of a literal block begin, behind their indentation. The block's own place is that of its first letter.
fn lines_of(file: &File, node: &Spanned, text: &str) -> Option<Vec<usize>> {
    let Value::Scalar(Scalar { style: Style::Literal, .. }) = &node.value else { return None };
    let is_empty = |line: &&str| line.trim().is_empty();
    let above = text.lines().take_while(is_empty).count();
    let before = file.text.get(..node.range.start)?;
    let mut from = before.rfind('\n').map_or(0, |at| at.saturating_add(1));
    let mut starts = vec![from; above];
    for line in text.lines().skip(above) {
        let there = file.text.get(from..)?.split('\n').next()?;
        let shown = there.strip_suffix('\r').unwrap_or(there);
        let indent = shown.len().saturating_sub(line.len());
        starts.push(from.saturating_add(indent));
        from = from.saturating_add(there.len()).saturating_add(1);
    }
    Some(starts)
}
