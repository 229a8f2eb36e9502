//! The files that Flux leaves out of what it fetches.
//!
//! Source: `sourceignore` of fluxcd/pkg, and `plumbing/format/gitignore` of fluxcd/go-git. The last pattern that matches a
//! file decides, whatever matches the directories above it.

use std::sync::Arc;

use crate::check::flux_build::{FluxSync, source_directory};
use crate::check::readings::Readings;
use crate::model::LocalPath;
use crate::workspace::Entry;

/// The file with the patterns of a directory.
const IGNORE_FILE: &str = ".sourceignore";

/// The patterns that can leave files of a directory out of what Flux fetches.
pub struct IgnorePatterns<'r> {
    /// The texts of the files, the outermost first, each with its directory.
    files: Vec<(LocalPath, Arc<str>)>,
    /// `spec.ignore` of the `GitRepository`.
    of_repository: Option<&'r str>,
    /// Where the repository has the directory of the source.
    source: LocalPath,
}

/// A pattern that leaves a file out.
pub struct Exclusion {
    pub pattern: String,
    /// The file of the pattern; `None` for `spec.ignore`.
    pub file: Option<LocalPath>,
    /// The line of the pattern there, counted from 1.
    pub line: usize,
    /// The path that it matches, from where the patterns begin.
    pub path: String,
}

impl<'r> IgnorePatterns<'r> {
    /// The patterns for the files of a directory; nothing if nobody looked.
    pub fn new(
        directory: &LocalPath,
        sync: FluxSync<'r>,
        readings: &Readings<'_>,
    ) -> Option<IgnorePatterns<'r>> {
        let mut directories: Vec<LocalPath> =
            [directory.clone()].into_iter().chain(directory.ancestors()).collect();
        directories.reverse();
        let with_text = |directory: LocalPath| {
            let file = directory.join(IGNORE_FILE)?;
            let is_there = matches!(readings.entry(&file, &LocalPath::default()), Entry::File(_));
            Some((directory, is_there.then(|| readings.text(&file).ok()).flatten()?))
        };
        let source = source_directory(readings)?;
        let files = directories.into_iter().filter_map(with_text).collect();
        Some(IgnorePatterns { files, of_repository: sync.ignore(), source })
    }

    /// The pattern that leaves out a file of the directory. The last that matches decides: those of the outer directories
    /// come first, and those of the `GitRepository` last.
    pub fn excluding(&self, file: &LocalPath) -> Option<Exclusion> {
        let of_files = self
            .files
            .iter()
            .map(|(directory, text)| (&**text, directory.join(IGNORE_FILE), file.seen_from(directory)));
        let whole = self.source.join(file.as_str()).unwrap_or_default().as_str().to_owned();
        let of_repository = self.of_repository.map(|text| (text, None, whole));
        let deciding = |(text, file, path): (&str, Option<LocalPath>, String)| {
            let Pattern { text, line, excludes, .. } = Pattern::deciding(text, &path)?;
            Some((excludes, Exclusion { pattern: text.to_owned(), file, line, path }))
        };
        let (excludes, exclusion) = of_files.chain(of_repository).rev().find_map(deciding)?;
        excludes.then_some(exclusion)
    }
}

/// A line of `.sourceignore` or of `spec.ignore`.
struct Pattern<'t> {
    /// The line as it is written.
    text: &'t str,
    /// Its number, counted from 1.
    line: usize,
    /// True if it leaves out what it matches, and does not take it back.
    excludes: bool,
    /// True if it matches directories alone.
    of_directories: bool,
    parts: Vec<&'t str>,
}

impl<'t> Pattern<'t> {
    /// The pattern that decides over a file. `path`: from where the patterns begin.
    fn deciding(patterns: &'t str, path: &str) -> Option<Pattern<'t>> {
        let parts: Vec<&str> = path.split('/').collect();
        let lines = patterns.lines().zip(1_usize..);
        let all = lines.filter(|(text, _)| !text.starts_with('#') && !text.trim().is_empty());
        let all: Vec<Pattern<'_>> = all.map(|(text, line)| Pattern::parse(text, line)).collect();
        all.into_iter().rev().find(|pattern| pattern.matches(&parts))
    }

    fn parse(text: &'t str, line: usize) -> Pattern<'t> {
        let (rest, excludes) = text.strip_prefix('!').map_or((text, true), |rest| (rest, false));
        let rest = if rest.ends_with("\\ ") { rest } else { rest.trim_end_matches(' ') };
        let (rest, of_directories) = rest.strip_suffix('/').map_or((rest, false), |rest| (rest, true));
        Pattern { text, line, excludes, of_directories, parts: rest.split('/').collect() }
    }

    fn matches(&self, path: &[&str]) -> bool {
        match self.parts.as_slice() {
            [name] => {
                let last = path.len().saturating_sub(usize::from(self.of_directories));
                path.iter().take(last).any(|part| is_match(name, part))
            }
            parts => self.matches_whole(parts, path),
        }
    }

    /// With a `/` in it, a pattern matches from the beginning of the path, and all below what it matches.
    fn matches_whole(&self, parts: &[&str], path: &[&str]) -> bool {
        let (mut rest, mut is_anywhere, mut is_matched) = (path, false, false);
        for (index, part) in parts.iter().enumerate() {
            match *part {
                "" => is_anywhere = false,
                "**" if index.saturating_add(1) == parts.len() => break,
                "**" => is_anywhere = true,
                part if part.contains("**") => return false,
                part => {
                    let skipped = rest.iter().position(|name| is_match(part, name));
                    let Some(skipped) = skipped.filter(|skipped| is_anywhere || *skipped == 0) else {
                        return false;
                    };
                    rest = rest.get(skipped.saturating_add(1)..).unwrap_or_default();
                    (is_anywhere, is_matched) = (false, true);
                }
            }
        }
        is_matched && !(self.of_directories && rest.is_empty())
    }
}

/// True if a pattern of shells matches a name.
fn is_match(pattern: &str, name: &str) -> bool {
    let mut letters = pattern.chars();
    let Some(first) = letters.next() else { return name.is_empty() };
    let mut rest = name.chars();
    match first {
        '*' => {
            let ends = name.char_indices().map(|(at, _)| at).chain([name.len()]);
            ends.into_iter().any(|at| name.get(at..).is_some_and(|name| is_match(letters.as_str(), name)))
        }
        '?' => rest.next().is_some() && is_match(letters.as_str(), rest.as_str()),
        '[' => {
            let class = letters.as_str();
            // The first character of a class is part of it.
            let end = class.char_indices().skip(2).find(|(_, letter)| *letter == ']').map(|(at, _)| at);
            let end = end.or_else(|| class.find(']'));
            let Some((class, after)) = end.and_then(|end| Some((class.get(..end)?, class.get(end..)?)))
            else {
                return false;
            };
            let is_in = rest.next().is_some_and(|letter| is_in_class(class, letter));
            is_in && is_match(after.trim_start_matches(']'), rest.as_str())
        }
        '\\' => {
            let escaped = letters.next();
            escaped.is_some() && rest.next() == escaped && is_match(letters.as_str(), rest.as_str())
        }
        first => rest.next() == Some(first) && is_match(letters.as_str(), rest.as_str()),
    }
}

fn is_in_class(class: &str, letter: char) -> bool {
    let (class, is_negated) = class.strip_prefix('^').map_or((class, false), |rest| (rest, true));
    let letters: Vec<char> = class.chars().collect();
    let mut rest = letters.as_slice();
    let mut is_in = false;
    while let [first, after @ ..] = rest {
        (is_in, rest) = match after {
            ['-', last, after @ ..] => (is_in || (*first..=*last).contains(&letter), after),
            after => (is_in || *first == letter, after),
        };
    }
    is_in != is_negated
}

#[cfg(test)]
mod tests {
    use super::Pattern;

    #[test]
    fn the_last_pattern_that_matches_a_file_decides() {
        let path = "clusters/prod-eu/flux-system/kustomization.yaml";
        for (patterns, excluding) in [
            ("clusters", Some(1)),
            ("clusters/", Some(1)),
            ("/clusters/", Some(1)),
            ("/prod-eu/", None),
            ("prod-eu/", Some(1)),
            ("kustomization.yaml/", None),
            ("*.yaml", Some(1)),
            ("*.yml\n# no\n\nkustom*", Some(4)),
            ("**/flux-system", Some(1)),
            ("clusters/**/kustomization.yaml", Some(1)),
            ("clusters/**", Some(1)),
            ("clusters/*/apps", None),
            ("clusters/prod-[a-f]u/", Some(1)),
            ("clusters/prod-[^e]u/", None),
            ("clusters/prod-?u", Some(1)),
            ("/*\n!/clusters", None),
            ("/*\n!/apps", Some(1)),
            ("!/clusters\n/*", Some(2)),
            ("/*\n!/clusters/prod-us", Some(1)),
            ("clusters/prod\\-eu", Some(1)),
            ("clusters ", Some(1)),
            ("", None),
        ] {
            let found = Pattern::deciding(patterns, path).filter(|it| it.excludes).map(|it| it.line);
            assert_eq!(found, excluding, "{patterns:?}");
        }
    }
}
