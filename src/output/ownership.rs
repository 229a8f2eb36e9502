//! The owner of an existing file at an output path.

use std::borrow::Cow;

use crate::diff;
use crate::emit::{BANNER, CHECKSUM, DO_NOT_EDIT, JSON_BANNER, JSON_CHECKSUM, JSON_END, checksum};
use crate::problem::FileFault;
use crate::yaml::{self, Document};

/// What may be done to files that are not simply ours.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct OverwritePolicy {
    /// Files that are not ours may be taken over.
    pub adopt: bool,
    /// Files of ours that were edited by hand may be rewritten.
    pub force: bool,
}

/// The decision on an existing file at an output path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    Right,
    /// Overwrite it.
    Stale,
    /// It must not be touched.
    Refused(FileFault),
}

/// Decides on an existing file. `ours`: the generated content; `source`: the source as named in its header.
pub fn judge(theirs: &[u8], ours: &str, source: &str, leave: OverwritePolicy) -> Verdict {
    if theirs == ours.as_bytes() || is_crlf_of(theirs, ours) {
        return Verdict::Right;
    }
    let text = String::from_utf8_lossy(theirs);
    let fault = match ownership(&text, source) {
        Ownership::Intact | Ownership::Unmerged => return Verdict::Stale,
        Ownership::Edited if leave.force || same_body(&text, ours) => return Verdict::Stale,
        Ownership::Edited => FileFault::EditedByHand { lost: lost_lines(&text, ours) },
        Ownership::OfAnotherSource(_) | Ownership::Foreign if leave.adopt => return Verdict::Stale,
        // The content may be equal, but two sources would overwrite each other's file.
        Ownership::Foreign if yaml::is_blank(&text) || is_contained(&text, ours) => return Verdict::Stale,
        Ownership::OfAnotherSource(source) => {
            FileFault::OfAnotherSource { source, lost: lost_lines(&text, ours) }
        }
        Ownership::Foreign => FileFault::NotOurs { lost: lost_lines(&text, ours) },
    };
    Verdict::Refused(fault)
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ownership {
    /// Ours, as we wrote it.
    Intact,
    /// Ours, with the marks that git leaves where two branches changed it.
    Unmerged,
    /// Ours, and edited by hand.
    Edited,
    /// It has the banner of another source.
    OfAnotherSource(String),
    /// No header: hand-written, or from another tool.
    Foreign,
}

/// Whose a file is. `source`: as our banner names it there.
pub fn ownership(text: &str, source: &str) -> Ownership {
    let text = unix_lines(text);
    // Where the source got another name in one branch, git marks the first line too.
    if has_conflict_markers(&text) && text.lines().any(|line| names(line, source)) {
        return Ownership::Unmerged;
    }
    match Banner::parse(&text) {
        None => Ownership::Foreign,
        Some(banner) if banner.source != source => Ownership::OfAnotherSource(banner.source.to_owned()),
        Some(banner) if banner.is_intact() => Ownership::Intact,
        Some(_) => Ownership::Edited,
    }
}

/// The two header lines of a generated file, and the rest.
struct Banner<'t> {
    source: &'t str,
    checksum: Option<&'t str>,
    body: &'t str,
}

impl<'t> Banner<'t> {
    fn parse(text: &'t str) -> Option<Banner<'t>> {
        let (first, rest) = text.split_once('\n')?;
        if first == "{" {
            let (second, body) = rest.split_once('\n')?;
            let (source, checksum) = named_in_json(second)?;
            return Some(Banner { source, checksum: Some(checksum), body });
        }
        let source = named(first)?;
        let (second, body) = rest.split_once('\n').unwrap_or((rest, ""));
        Some(match second.strip_prefix(CHECKSUM) {
            Some(checksum) => Banner { source, checksum: Some(checksum), body },
            None => Banner { source, checksum: None, body: rest },
        })
    }

    fn is_intact(&self) -> bool {
        self.checksum == Some(checksum(self.body).as_str())
    }
}

/// True if a line is one by which a generated file names this source.
fn names(line: &str, source: &str) -> bool {
    named(line) == Some(source) || named_in_json(line).is_some_and(|(named, _)| named == source)
}

/// The source that a line names, if it is the first line of a generated file.
fn named(line: &str) -> Option<&str> {
    line.strip_prefix(BANNER)?.strip_suffix(DO_NOT_EDIT)
}

/// The source and the checksum that a line names, if it is the second line of a generated file that is JSON.
fn named_in_json(line: &str) -> Option<(&str, &str)> {
    line.strip_prefix(JSON_BANNER)?.strip_suffix(JSON_END)?.split_once(JSON_CHECKSUM)
}

/// True if a checkout made CRLF of all line breaks, and that is all.
fn is_crlf_of(theirs: &[u8], ours: &str) -> bool {
    let lines = ours.bytes().filter(|byte| *byte == b'\n').count();
    theirs.len() == ours.len().saturating_add(lines) && theirs == ours.replace('\n', "\r\n").as_bytes()
}

fn unix_lines(text: &str) -> Cow<'_, str> {
    if text.contains("\r\n") { Cow::Owned(text.replace("\r\n", "\n")) } else { Cow::Borrowed(text) }
}

fn same_body(theirs: &str, ours: &str) -> bool {
    let theirs = unix_lines(theirs);
    Banner::parse(&theirs).zip(Banner::parse(ours)).is_some_and(|(theirs, ours)| theirs.body == ours.body)
}

/// True if the generated file contains all of an existing one: it has no comments, and no other entries.
fn is_contained(theirs: &str, ours: &str) -> bool {
    let both = Document::read(theirs).zip(Document::read(ours));
    !has_comments(theirs) && both.is_some_and(|(theirs, ours)| theirs.root().is_within(ours.root()))
}

fn has_comments(text: &str) -> bool {
    text.lines().any(|line| line.trim_start().starts_with('#') || line.contains(" #") || line.contains("\t#"))
}

/// Conflict markers of git; the build replaces them.
fn has_conflict_markers(text: &str) -> bool {
    let has = |marker: &str| text.lines().any(|line| line.starts_with(marker));
    has("<<<<<<< ") && has("=======") && has(">>>>>>> ")
}

/// The lines that would go and those that would come, as a unified diff.
fn lost_lines(theirs: &str, ours: &str) -> String {
    diff::unified(&unix_lines(theirs), ours, 1, None).trim_end().to_owned()
}
