//! Findings with the lines of the sources. The only file that uses codespan.

use std::collections::BTreeMap;
use std::ops::Range;

use codespan_reporting::diagnostic::{Diagnostic, Label, LabelStyle, Severity};
use codespan_reporting::files::{Error, Files};
use codespan_reporting::term::{self, Config, termcolor};

use crate::problem::render::excerpt::{Excerpt, ExcerptLine};
use crate::problem::render::grouped::{Grouped, grouped, places};
use crate::problem::render::{rest, sanitized, shortened};
use crate::problem::{self, Finding, Level, Place};
use crate::source::{LineIndex, Sources};
use crate::span::FileId;

/// The findings with their source lines.
pub fn human(findings: &[Finding], sources: &Sources, color: bool) -> String {
    if findings.is_empty() {
        return String::new();
    }
    let indexes: Vec<LineIndex<'_>> =
        sources.iter().map(|(_, source)| LineIndex::new(&source.text)).collect();
    let config = Config { tab_width: 4, ..Config::default() };
    let mut out = String::new();
    let line = |finding: &Finding| {
        let span = finding.span()?;
        let line = indexes.get(span.file.index())?.line_and_column(span.start as usize).0;
        Some((sources.get(span.file)?.name.as_str(), line))
    };
    for group in grouped(findings, sources) {
        let excerpts = Excerpts::new(group.first, sources, &indexes);
        let others = places(&group, line);
        let diagnostic = diagnostic(&group, others.as_deref(), &excerpts);
        out.push_str(&render_finding(&diagnostic, &excerpts, &config, color));
        out.push('\n');
    }
    let rest = rest::lines(findings);
    if !rest.is_empty() {
        out.extend([rest.as_str(), "\n"]);
    }
    out
}

fn render_finding(
    diagnostic: &Diagnostic<usize>,
    excerpts: &Excerpts,
    config: &Config,
    color: bool,
) -> String {
    let mut out = Vec::new();
    // Writing to memory cannot fail, and every label is in one of these excerpts.
    let _ = if color {
        term::emit_to_write_style(&mut termcolor::Ansi::new(&mut out), config, excerpts, diagnostic)
    } else {
        term::emit_to_write_style(&mut termcolor::NoColor::new(&mut out), config, excerpts, diagnostic)
    };
    // Empty gutter lines end with a space.
    let text = String::from_utf8_lossy(&out);
    text.trim_end().lines().flat_map(|line| [line.trim_end(), "\n"]).collect()
}

/// `others`: where else the same is.
fn diagnostic(group: &Grouped<'_>, others: Option<&str>, excerpts: &Excerpts) -> Diagnostic<usize> {
    let finding = group.first;
    let severity = match finding.code.level() {
        Level::Error => Severity::Error,
        Level::Warning => Severity::Warning,
        Level::Note => Severity::Note,
    };
    let mut diagnostic = Diagnostic::new(severity).with_code(finding.code.as_str());
    match &finding.place {
        Place::File(path) => {
            diagnostic = diagnostic.with_message(shortened(&format!("{path}: {}", finding.message)));
        }
        Place::Source(labels) => {
            diagnostic = diagnostic.with_message(shortened(&finding.message));
            for (at, (label, (file, range))) in labels.iter().zip(&excerpts.places).enumerate() {
                let style = if at == 0 { LabelStyle::Primary } else { LabelStyle::Secondary };
                let label = Label::new(style, *file, range.clone()).with_message(shortened(&label.text));
                diagnostic = diagnostic.with_label(label);
            }
        }
    }
    let helps = finding.helps.iter().map(|help| ("help", help.text.as_str()));
    let notes = group.notes.iter().copied().chain(others).map(|note| ("note", note));
    for (kind, text) in helps.chain(notes) {
        diagnostic = diagnostic.with_note(shortened(&format!("{kind}: {text}")));
    }
    diagnostic
}

struct Excerpts {
    /// By file number. Only the files of the finding, because a fleet can have many.
    files: BTreeMap<usize, (String, Excerpt)>,
    /// The file and the range in its excerpt for each label.
    places: Vec<(usize, Range<usize>)>,
}

impl Excerpts {
    fn new(finding: &Finding, sources: &Sources, indexes: &[LineIndex<'_>]) -> Excerpts {
        let labels = match &finding.place {
            Place::Source(labels) => labels.as_slice(),
            Place::File(_) => &[],
        };
        let mut by_file: BTreeMap<FileId, Vec<(usize, &problem::Label)>> = BTreeMap::new();
        for (at, label) in labels.iter().enumerate() {
            by_file.entry(label.span.file).or_default().push((at, label));
        }
        let mut places = vec![(0, 0..0); labels.len()];
        let mut files = BTreeMap::new();
        for (file, here) in by_file {
            let (Some(source), Some(index)) = (sources.get(file), indexes.get(file.index())) else {
                continue;
            };
            let on_file: Vec<_> = here.iter().map(|(_, label)| *label).collect();
            let excerpt = Excerpt::new(&source.text, index, &on_file);
            for ((at, _), range) in here.iter().zip(&excerpt.labels) {
                if let Some(place) = places.get_mut(*at) {
                    *place = (file.index(), range.clone());
                }
            }
            files.insert(file.index(), (sanitized(&source.name).into_owned(), excerpt));
        }
        Excerpts { files, places }
    }

    fn file(&self, id: usize) -> Result<&(String, Excerpt), Error> {
        self.files.get(&id).ok_or(Error::FileMissing)
    }

    fn shown(&self, id: usize, line: usize) -> Result<&ExcerptLine, Error> {
        let lines = &self.file(id)?.1.lines;
        lines.get(line).ok_or(Error::LineTooLarge { given: line, max: lines.len() })
    }
}

impl<'f> Files<'f> for Excerpts {
    type FileId = usize;
    type Name = &'f str;
    type Source = &'f str;

    fn name(&'f self, id: usize) -> Result<&'f str, Error> {
        Ok(&self.file(id)?.0)
    }

    fn source(&'f self, id: usize) -> Result<&'f str, Error> {
        Ok(&self.file(id)?.1.text)
    }

    fn line_index(&'f self, id: usize, byte: usize) -> Result<usize, Error> {
        let lines = &self.file(id)?.1.lines;
        Ok(lines.partition_point(|line| line.start <= byte).saturating_sub(1))
    }

    fn line_range(&'f self, id: usize, line: usize) -> Result<Range<usize>, Error> {
        let start = self.shown(id, line)?.start;
        let after = self.shown(id, line.saturating_add(1)).map(|next| next.start);
        Ok(start..after.unwrap_or(self.file(id)?.1.text.len()))
    }

    fn line_number(&'f self, id: usize, line: usize) -> Result<usize, Error> {
        Ok(self.shown(id, line)?.number)
    }

    fn column_number(&'f self, id: usize, line: usize, byte: usize) -> Result<usize, Error> {
        let shown = self.shown(id, line)?;
        let text = &self.file(id)?.1.text;
        let before = text.get(shown.start.saturating_add(shown.mark)..byte).unwrap_or_default();
        Ok(shown.skipped.saturating_add(before.chars().count()).saturating_add(1))
    }
}
