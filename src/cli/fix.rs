//! `check --fix`: applies the edits of findings to the sources, until none is left.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsString;
use std::path::Path;

use crate::cli::exit::Exit;
use crate::cli::session::Session;
use crate::cli::source::Located;
use crate::cli::together::write_together;
use crate::diff;
use crate::load;
use crate::output::NewFile;
use crate::problem::render::{Located as Lines, sanitized, shortened};
use crate::problem::{Code, Edit, Finding, Level, Problems, count};
use crate::source::{Sources, slice};
use crate::workspace::{Disk, Entry, Inputs, Kind, Unread, Workspace};

/// How often the sources are checked at most: edits that make something worse are searched for in halves.
const MOST_CHECKS: usize = 200;

/// The texts of the sources that differ from the disk, by the names that findings show.
type Texts = BTreeMap<String, String>;

/// Applies edits and writes the sources, or with `diff` prints what would change. Returns true if something did.
pub fn run(located: &Located, diff: bool, session: &mut Session<'_>) -> Result<bool, Exit> {
    let disk = Disk::open(&located.root);
    let mut fixing = Fixing { located, disk: &disk, checks: MOST_CHECKS, seen: BTreeSet::new() };
    let first = fixing.check(&Texts::new(), session);
    let originals: Texts =
        first.sources.iter().map(|(_, source)| (source.name.clone(), source.text.clone())).collect();
    let (mut state, mut texts, mut report) = (first, Texts::new(), String::new());
    while let Some(round) = fixing.round(&state, &texts, session) {
        report.push_str(&round.report);
        (state, texts) = (round.state, round.texts);
    }
    texts.retain(|name, text| originals.get(name).is_some_and(|original| original != text));
    if diff {
        for (name, text) in &texts {
            let original = originals.get(name).map_or("", String::as_str);
            session.terminal.print(&diff::unified(original, text, 3, Some(name)));
        }
        let sources = count(texts.len(), "source");
        session.terminal.tell(&format!("{sources} would be changed\n"));
        return Ok(!texts.is_empty());
    }
    write(located, &originals, &texts, session)?;
    session.terminal.tell(&report);
    Ok(!texts.is_empty())
}

/// Writes all sources that changed, or none.
fn write(located: &Located, originals: &Texts, texts: &Texts, session: &mut Session<'_>) -> Result<(), Exit> {
    let path = |name: &str| -> Option<String> {
        let below = Path::new(name).strip_prefix(&located.root).ok()?;
        Some(below.to_str()?.to_owned())
    };
    let changed: Vec<(String, &String, &String)> =
        texts.iter().filter_map(|(name, text)| Some((path(name)?, text, originals.get(name)?))).collect();
    let files: Vec<NewFile<'_>> = changed
        .iter()
        .map(|(path, text, original)| NewFile { path, text, replaces: Some(original) })
        .collect();
    if !files.is_empty() {
        let root = if located.root.as_os_str().is_empty() { Path::new(".") } else { &located.root };
        write_together(root, &files, session)?;
    }
    Ok(())
}

struct Fixing<'f> {
    located: &'f Located,
    disk: &'f Disk,
    /// How many checks are left.
    checks: usize,
    /// The texts that were checked, so that no edits undo each other for ever.
    seen: BTreeSet<Texts>,
}

/// The sources with some texts, and what is found in them.
struct State {
    sources: Sources,
    findings: Vec<Finding>,
}

/// What one round of edits leads to.
struct Round {
    state: State,
    texts: Texts,
    /// A line for each edit.
    report: String,
}

/// The edit of a finding that has one.
struct Candidate<'s> {
    finding: &'s Finding,
    edit: &'s Edit,
}

impl Fixing<'_> {
    fn check(&self, texts: &Texts, session: &Session<'_>) -> State {
        let edited = Edited { disk: self.disk, texts };
        let inputs = Inputs::new(&edited);
        let mut problems = Problems::default();
        let sources = load::load(&inputs, Path::new(&self.located.name), &mut problems);
        let _ = session.check(self.located, &sources, &inputs, &mut problems);
        State { findings: problems.findings(), sources }
    }

    /// Applies as many edits as make nothing worse.
    fn round(&mut self, state: &State, texts: &Texts, session: &Session<'_>) -> Option<Round> {
        let candidates = state.candidates();
        self.apply(&candidates, state, texts, session)
    }

    /// Applies all of these edits, or else those of the first half that can be applied.
    fn apply(
        &mut self,
        candidates: &[Candidate<'_>],
        state: &State,
        texts: &Texts,
        session: &Session<'_>,
    ) -> Option<Round> {
        if candidates.is_empty() || self.checks == 0 {
            return None;
        }
        self.checks = self.checks.saturating_sub(1);
        let mut edited = texts.clone();
        edited.extend(state.edited(candidates));
        if !self.seen.contains(&edited) {
            let next = self.check(&edited, session);
            self.seen.insert(edited.clone());
            if next.is_better_than(state) {
                return Some(Round { state: next, texts: edited, report: state.report(candidates) });
            }
        }
        let (begin, end) = candidates.split_at_checked(candidates.len().div_ceil(2))?;
        if end.is_empty() {
            return None;
        }
        self.apply(begin, state, texts, session).or_else(|| self.apply(end, state, texts, session))
    }
}

impl State {
    /// The edits of findings that have one, in the order of their places. Of two that overlap, the first.
    fn candidates(&self) -> Vec<Candidate<'_>> {
        let mut candidates: Vec<Candidate<'_>> = self
            .findings
            .iter()
            .filter_map(|finding| Some(Candidate { finding, edit: finding.single_edit()? }))
            .collect();
        candidates.sort_by_key(|candidate| (candidate.edit.span.file, candidate.edit.span.start));
        let mut end = None;
        candidates.retain(|Candidate { edit: Edit { span, .. }, .. }| {
            let is_apart = end.is_none_or(|end: (_, u32)| end.0 != span.file || end.1 < span.start);
            if is_apart {
                end = Some((span.file, span.end));
            }
            is_apart
        });
        candidates
    }

    /// The texts of the sources after these edits.
    fn edited(&self, candidates: &[Candidate<'_>]) -> Texts {
        let mut texts = Texts::new();
        // From the end, so that the places before an edit stay what they are.
        for Candidate { edit, .. } in candidates.iter().rev() {
            let Some(source) = self.sources.get(edit.span.file) else { continue };
            let text = texts.entry(source.name.clone()).or_insert_with(|| source.text.clone());
            if text.get(edit.span.range()).is_some() {
                text.replace_range(edit.span.range(), &edit.replacement);
            }
        }
        texts
    }

    /// True if something is corrected, and nothing is worse: no source has more errors, or more in its syntax. An error of
    /// several clusters is one of each.
    fn is_better_than(&self, other: &State) -> bool {
        let (ours, theirs) = (self.errors(), other.errors());
        let is_no_worse = ours.iter().all(|(file, errors)| {
            let before = theirs.get(file).copied().unwrap_or_default();
            errors.0 <= before.0 && errors.1 <= before.1
        });
        is_no_worse && self.messages() != other.messages()
    }

    /// The number of all errors and of those in the syntax, for each source.
    fn errors(&self) -> BTreeMap<&str, (usize, usize)> {
        let mut errors: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
        for finding in self.findings.iter().filter(|finding| finding.code.level() == Level::Error) {
            let source = finding.span().and_then(|span| self.sources.get(span.file));
            let (all, syntax) = errors.entry(source.map_or("", |source| source.name.as_str())).or_default();
            *all = all.saturating_add(finding.weight());
            *syntax = syntax.saturating_add(usize::from(finding.code.is_syntax()));
        }
        errors
    }

    /// How often each message is given.
    fn messages(&self) -> BTreeMap<(Code, &str), usize> {
        let mut messages = BTreeMap::new();
        for finding in &self.findings {
            let number = messages.entry((finding.code, finding.message.as_str())).or_insert(0_usize);
            *number = number.saturating_add(finding.weight());
        }
        messages
    }

    /// A line for each edit: its place, the code of its finding, and what changed.
    fn report(&self, candidates: &[Candidate<'_>]) -> String {
        let lines = Lines::new(&self.sources);
        let line = |Candidate { finding, edit }: &Candidate<'_>| {
            let place = lines.region(edit.span).map_or_else(String::new, |region| {
                format!("{}:{}:{}", region.file, region.start.0, region.start.1)
            });
            let old =
                self.sources.get(edit.span.file).map_or("", |source| slice(&source.text, edit.span.range()));
            let (old, new) = (one_line(old), one_line(&edit.replacement));
            let change = match (old.as_str(), new.as_str()) {
                ("", new) => format!("added `{new}`"),
                (old, "") => format!("removed `{old}`"),
                (old, new) => format!("`{old}` is now `{new}`"),
            };
            let line = format!("fixed {place} ({}): {change}", finding.code);
            format!("{}\n", sanitized(&line))
        };
        candidates.iter().map(line).collect()
    }
}

fn one_line(text: &str) -> String {
    shortened(&text.split_whitespace().collect::<Vec<_>>().join(" "))
}

/// The disk with the texts that are not written yet.
struct Edited<'d> {
    disk: &'d Disk,
    texts: &'d Texts,
}

impl Workspace for Edited<'_> {
    fn entry(&self, path: &Path) -> Entry {
        self.disk.entry(path)
    }

    fn read(&self, path: &Path, limit: u64) -> Result<Vec<u8>, Unread> {
        match self.texts.get(&self.disk.shown(path)) {
            Some(text) => Ok(text.clone().into_bytes()),
            None => self.disk.read(path, limit),
        }
    }

    fn names(&self, directory: &Path) -> Result<Vec<(OsString, Kind)>, Unread> {
        self.disk.names(directory)
    }

    fn shown(&self, path: &Path) -> String {
        self.disk.shown(path)
    }
}
