//! Findings with the lines they are about, for people. The only file that knows codespan.

use std::borrow::Cow;

use codespan_reporting::diagnostic::{Diagnostic, Label, LabelStyle, Severity};
use codespan_reporting::files::SimpleFiles;
use codespan_reporting::term::{self, Config, termcolor};

use crate::problem::render::sanitized;
use crate::problem::{Finding, Level, Place};
use crate::source::Sources;

/// The findings with the lines they are about.
pub fn human(findings: &[Finding], sources: &Sources, color: bool) -> String {
    let mut files = SimpleFiles::new();
    for (_, source) in sources.iter() {
        let _id = files.add(sanitized(&source.name).into_owned(), sanitized(&source.text));
    }
    let mut out = String::new();
    for finding in findings {
        out.push_str(&one(finding, &files, color));
        out.push('\n');
    }
    out
}

fn one(finding: &Finding, files: &SimpleFiles<String, Cow<'_, str>>, color: bool) -> String {
    let diagnostic = diagnostic(finding);
    let config = Config { tab_width: 4, ..Config::default() };
    let mut out = Vec::new();
    // What is written to memory cannot fail, and every place is one of these files.
    let _shown = if color {
        term::emit_to_write_style(&mut termcolor::Ansi::new(&mut out), &config, files, &diagnostic)
    } else {
        term::emit_to_write_style(&mut termcolor::NoColor::new(&mut out), &config, files, &diagnostic)
    };
    // Empty gutter lines end with a blank.
    let text = String::from_utf8_lossy(&out);
    text.trim_end().lines().flat_map(|line| [line.trim_end(), "\n"]).collect()
}

fn diagnostic(finding: &Finding) -> Diagnostic<usize> {
    let severity = match finding.code.level() {
        Level::Error => Severity::Error,
        Level::Warning => Severity::Warning,
        Level::Note => Severity::Note,
    };
    let mut diagnostic = Diagnostic::new(severity).with_code(finding.code.as_str());
    match &finding.place {
        Place::File(path) => {
            diagnostic = diagnostic.with_message(sanitized(&format!("{path}: {}", finding.message)));
        }
        Place::Source(labels) => {
            diagnostic = diagnostic.with_message(sanitized(&finding.message));
            for (at, label) in labels.iter().enumerate() {
                let style = if at == 0 { LabelStyle::Primary } else { LabelStyle::Secondary };
                let text = sanitized(&label.text);
                let label = Label::new(style, label.span.file.index(), label.span.range()).with_message(text);
                diagnostic = diagnostic.with_label(label);
            }
        }
    }
    let helps = finding.helps.iter().map(|help| ("help", help.text.as_str()));
    let notes = finding.notes.iter().map(|note| ("note", note.as_str()));
    for (kind, text) in helps.chain(notes) {
        diagnostic = diagnostic.with_note(sanitized(&format!("{kind}: {text}")));
    }
    diagnostic
}
