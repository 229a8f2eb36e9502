//! Where something is written, as people read it.

use crate::problem::render::sanitized;
use crate::resolve::{Origin, Site};
use crate::source::{LineIndex, Sources};
use crate::span::Span;

/// Where the lines of all files begin.
pub struct SourceLines<'s> {
    sources: &'s Sources,
    lines: Vec<LineIndex<'s>>,
}

impl<'s> SourceLines<'s> {
    pub fn new(sources: &'s Sources) -> SourceLines<'s> {
        let lines = sources.iter().map(|(_, source)| LineIndex::new(&source.text)).collect();
        SourceLines { sources, lines }
    }

    /// The file of a place, harmless, and its line.
    pub fn of(&self, span: Span) -> (String, usize) {
        let file =
            self.sources.get(span.file).map_or_else(String::new, |file| sanitized(&file.name).into_owned());
        let start = usize::try_from(span.start).unwrap_or(usize::MAX);
        let line = self.lines.get(span.file.index()).map_or(1, |lines| lines.line_and_column(start).0);
        (file, line)
    }

    /// `FILE:LINE`
    pub fn shown(&self, span: Span) -> String {
        let (file, line) = self.of(span);
        format!("{file}:{line}")
    }

    /// What was written there, harmless and on one line, without its comments.
    pub fn written(&self, span: Span) -> String {
        let text = self.sources.text(span);
        let lines = text.lines().map(|line| without_comment(line).trim());
        let joined = lines.filter(|line| !line.is_empty()).collect::<Vec<_>>().join(" ");
        sanitized(&joined).into_owned()
    }

    /// Who sets something. The only file of a source is not named.
    pub fn by(&self, site: &Site) -> String {
        let by = match &site.origin {
            Origin::Cluster => "the cluster".to_owned(),
            Origin::Values => "its values".to_owned(),
            Origin::Profile(name) => format!("profile {name}"),
            Origin::File => "its file".to_owned(),
            Origin::Root if self.lines.len() > 1 => "the root source".to_owned(),
            Origin::Root => "the file".to_owned(),
        };
        if site.in_on { by + ", on the platform" } else { by }
    }
}

/// A line without its comment. A `#` in quotes begins none.
fn without_comment(line: &str) -> &str {
    let mut in_quotes = false;
    let begin = line.bytes().position(|byte| {
        in_quotes ^= byte == b'"';
        byte == b'#' && !in_quotes
    });
    begin.and_then(|at| line.get(..at)).unwrap_or(line)
}
