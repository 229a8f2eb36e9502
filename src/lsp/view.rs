//! A file that a request is about, among the files of its fleet.

use std::path::Path;
use std::rc::Rc;

use crate::lsp::documents::Documents;
use crate::lsp::protocol::{Location, Position, Range};
use crate::lsp::snapshot::{Meaning, Snapshot};
use crate::span::{FileId, Span};

/// A file that a request is about, among the files of its fleet.
pub struct View<'d> {
    pub snapshot: Rc<Snapshot>,
    pub file: FileId,
    /// What the names mean, by the last files without errors.
    pub meaning: Option<Rc<Meaning>>,
    pub documents: &'d Documents,
}

impl View<'_> {
    pub fn text(&self) -> &str {
        self.snapshot.text(self.file)
    }

    /// The byte at a position.
    pub fn offset(&self, position: Position) -> usize {
        self.snapshot.lines(self.file).map_or(0, |lines| lines.offset(self.text(), position))
    }

    /// The place of a range of this file.
    pub fn span(&self, range: Range) -> Span {
        let byte = |offset: usize| u32::try_from(offset).unwrap_or(u32::MAX);
        let (start, end) = (self.offset(range.start), self.offset(range.end));
        Span { file: self.file, start: byte(start), end: byte(end.max(start)) }
    }

    pub fn range(&self, span: Span) -> Range {
        range(&self.snapshot, span)
    }

    pub fn location(&self, span: Span) -> Option<Location> {
        location(&self.snapshot, span, self.documents)
    }

    /// The directory of the root source.
    pub fn directory(&self) -> &Path {
        let source = self.snapshot.paths.first();
        source.and_then(|source| source.parent()).unwrap_or(Path::new("/"))
    }

    /// True if the meaning is that of the present files.
    pub fn is_present(&self, meaning: &Meaning) -> bool {
        Rc::ptr_eq(&meaning.snapshot, &self.snapshot)
    }
}

/// A span as lines and columns.
pub fn range(snapshot: &Snapshot, span: Span) -> Range {
    let text = snapshot.text(span.file);
    snapshot.lines(span.file).map_or_else(Range::default, |lines| lines.range(text, &span.range()))
}

/// A span with the URI of its file.
pub fn location(snapshot: &Snapshot, span: Span, documents: &Documents) -> Option<Location> {
    let path = snapshot.path(span.file)?;
    Some(Location { uri: documents.uri(path), range: range(snapshot, span) })
}
