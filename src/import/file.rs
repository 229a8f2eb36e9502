//! Files of YAML, each read once, and the places in them.

use std::cell::{OnceCell, RefCell};
use std::collections::BTreeMap;
use std::ops::Range;
use std::path::Path;
use std::rc::Rc;
use std::sync::Arc;

use crate::import::contents::Contents;
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
    /// The ids of all files that were read, released ones included.
    ids: BTreeMap<String, FileId>,
    /// What files have, by their paths.
    contents: RefCell<BTreeMap<String, Result<Rc<Contents>, Unread>>>,
    /// The same by the digests of the files.
    by_digest: RefCell<BTreeMap<[u8; 32], Rc<Contents>>>,
}

#[derive(Debug)]
pub struct File {
    pub path: String,
    pub id: FileId,
    pub text: Arc<str>,
    documents: OnceCell<Result<Vec<Spanned>, Fault>>,
}

impl<'e> Reader<'e> {
    /// Nothing was read yet.
    pub fn new(inputs: &'e Inputs<'e>, sources: &'e mut Sources) -> Reader<'e> {
        let (contents, by_digest) = (RefCell::default(), RefCell::default());
        Reader { inputs, sources, files: BTreeMap::new(), ids: BTreeMap::new(), contents, by_digest }
    }

    pub fn text(&self, path: &str) -> Result<Arc<str>, Unread> {
        self.inputs.text(Path::new(path)).map(|read| read.text)
    }

    /// What a file has.
    pub fn contents(&self, path: &str) -> Result<Rc<Contents>, Unread> {
        if let Some(known) = self.contents.borrow().get(path) {
            return known.clone();
        }
        let contents = self.inputs.text(Path::new(path)).map(|read| {
            let mut all = self.by_digest.borrow_mut();
            Rc::clone(all.entry(read.digest).or_insert_with(|| Rc::new(Contents::find(&read.text))))
        });
        self.contents.borrow_mut().insert(path.to_owned(), contents.clone());
        contents
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
            Rc::new(File { path: path.to_owned(), id, text, documents: OnceCell::new() })
        });
        self.files.insert(path.to_owned(), read.clone());
        read
    }

    /// The place of a text below a place, within the same document; or that place.
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

    /// Forgets a file that is not read again.
    pub fn release(&mut self, path: &str) {
        self.files.remove(path);
    }
}

impl File {
    /// Its documents, parsed when they are first needed.
    ///
    /// # Errors
    /// It cannot be read as YAML.
    pub fn documents(&self) -> Result<&[Spanned], Fault> {
        let documents = self.documents.get_or_init(|| spanned::read(&self.text));
        documents.as_deref().map_err(|fault| *fault)
    }

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

    /// The place of a node: its first line.
    pub fn place(&self, node: &Spanned) -> Span {
        let text = self.text.get(node.range.clone()).unwrap_or_default();
        let length = text.lines().next().map_or(0, |line| line.trim_end().len());
        self.span(&(node.range.start..node.range.start.saturating_add(length)))
    }
}

/// The place of the text of a patch in a file.
#[derive(Clone, Debug)]
pub struct Origin {
    file: Rc<File>,
    /// Where each line of it begins in the file; `None` if it is the whole file.
    lines: Option<Vec<usize>>,
    /// Its place, if its lines are not those of the file.
    whole: Option<Span>,
    text: Arc<str>,
    /// Where each line of the text begins.
    starts: Vec<usize>,
}

impl Origin {
    pub fn file(file: &Rc<File>) -> Origin {
        let text = Arc::clone(&file.text);
        Origin { file: Rc::clone(file), lines: None, whole: None, text, starts: Vec::new() }
    }

    pub fn within(file: &Rc<File>, node: &Spanned, text: &str) -> Origin {
        let lines = lines_of(file, node, text);
        let whole = lines.is_none().then(|| file.place(node));
        let breaks = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
        let starts = std::iter::once(0).chain(breaks.map(|(at, _)| at.saturating_add(1))).collect();
        Origin { file: Rc::clone(file), lines, whole, text: Arc::from(text), starts }
    }

    /// The place of a node of the text, in the file.
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

/// Where the lines of a literal block begin, behind their indentation. The block begins at its first letter.
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
