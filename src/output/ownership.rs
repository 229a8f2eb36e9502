//! Whose a file is that stands where an overlay belongs.

use std::borrow::Cow;

use crate::diff;
use crate::emit::{BANNER, CHECKSUM, DO_NOT_EDIT, checksum};
use crate::problem::FileFault;
use crate::yaml::Document;

/// Why a file must not be replaced, if it must not. `ours`: what would replace it; `source`: as its banner names it.
pub fn refusal(theirs: &str, ours: &str, source: &str) -> Option<FileFault> {
    let theirs = unix_lines(theirs);
    let Some(banner) = Banner::of(&theirs) else {
        let replaceable = !has_comments(&theirs) && says_no_more_than(&theirs, ours);
        return (!replaceable).then(|| FileFault::NotOurs { lost: lost(&theirs, ours) });
    };
    if banner.source != source {
        return Some(FileFault::OfAnotherSource { source: banner.source.to_owned() });
    }
    let same_body = Banner::of(ours).is_some_and(|ours| ours.body == banner.body);
    if banner.is_intact() || same_body || has_conflict_markers(&theirs) {
        return None;
    }
    Some(FileFault::EditedByHand { lost: lost(&theirs, ours) })
}

/// The two lines that every generated file begins with, and what stands below.
struct Banner<'t> {
    source: &'t str,
    checksum: Option<&'t str>,
    body: &'t str,
}

impl<'t> Banner<'t> {
    fn of(text: &'t str) -> Option<Banner<'t>> {
        let (first, rest) = text.split_once('\n')?;
        let source = first.strip_prefix(BANNER)?.strip_suffix(DO_NOT_EDIT)?;
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

/// A checkout may have made CRLF of line breaks.
fn unix_lines(text: &str) -> Cow<'_, str> {
    if text.contains("\r\n") { Cow::Owned(text.replace("\r\n", "\n")) } else { Cow::Borrowed(text) }
}

fn has_comments(text: &str) -> bool {
    text.lines().any(|line| line.trim_start().starts_with('#') || line.contains(" #") || line.contains("\t#"))
}

fn says_no_more_than(part: &str, whole: &str) -> bool {
    let both = Document::read(part).zip(Document::read(whole));
    both.is_some_and(|(part, whole)| part.root().is_within(whole.root()))
}

/// Git leaves these where two branches changed one file; the right file is what is built now.
fn has_conflict_markers(text: &str) -> bool {
    let has = |marker: &str| text.lines().any(|line| line.starts_with(marker));
    has("<<<<<<< ") && has("=======") && has(">>>>>>> ")
}

/// The lines that would go and those that would come, as a unified diff.
fn lost(theirs: &str, ours: &str) -> String {
    diff::unified(theirs, ours, 1, None).trim_end().to_owned()
}
