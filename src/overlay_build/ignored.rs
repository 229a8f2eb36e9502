//! The files that Flux leaves out of what it fetches.
//!
//! Source: `sourceignore` of fluxcd/pkg, and `plumbing/format/gitignore` of fluxcd/go-git. The last pattern that matches a
//! file decides, whatever matches the directories above it.

mod glob;

use std::path::Path;
use std::sync::Arc;

use crate::model::LocalPath;
use crate::overlay_build::ignored::glob::is_match;
use crate::overlay_build::{Builder, FluxSync};
use crate::workspace::Entry;

/// The file with the patterns of a directory.
const IGNORE_FILE: &str = ".sourceignore";

/// The patterns of a repository that has none. Those of files that are no YAML are left out.
const DEFAULT: &str = ".github/\n.circleci/\n.travis.yml\n.gitlab-ci.yml\nappveyor.yml\n.drone.yml\ncloudbuild.yaml\n\
                       codeship-services.yml\ncodeship-steps.yml\n**/.goreleaser.yml\n**/.sops.yaml\n**/.flux.yaml\n";

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
    pub origin: PatternOrigin,
    /// The line of the pattern there, counted from 1.
    pub line: usize,
    /// The path that it matches, from where the patterns begin.
    pub path: String,
}

/// Where a pattern comes from.
pub enum PatternOrigin {
    File(LocalPath),
    /// `spec.ignore` of the `GitRepository`.
    Repository,
    /// Flux has it if nothing else sets patterns.
    Default,
}

impl<'r> IgnorePatterns<'r> {
    /// The patterns for the files of a directory; nothing if nobody looked.
    pub fn new(
        directory: &LocalPath,
        sync: FluxSync<'r>,
        builder: Builder<'_>,
    ) -> Option<IgnorePatterns<'r>> {
        let mut directories: Vec<LocalPath> =
            [directory.clone()].into_iter().chain(directory.ancestors()).collect();
        directories.reverse();
        let with_text = |directory: LocalPath| {
            let file = directory.join(IGNORE_FILE)?;
            let path = Path::new(file.as_str());
            let is_there = matches!(builder.inputs.entry(path), Entry::File(_));
            Some((directory, is_there.then(|| builder.inputs.text(path).ok()).flatten()?.text))
        };
        let files = directories.into_iter().filter_map(with_text).collect();
        let of_repository = sync.repository_spec().and_then(|spec| spec.get("ignore")?.as_str());
        Some(IgnorePatterns { files, of_repository, source: builder.source_directory()? })
    }

    /// The pattern that leaves out a file of the directory. The last that matches decides: those of the outer directories
    /// come first, and those of the `GitRepository` last.
    pub fn excluding(&self, file: &LocalPath) -> Option<Exclusion> {
        let from_file = |(directory, text): &'_ (LocalPath, Arc<str>)| {
            let origin = PatternOrigin::File(directory.join(IGNORE_FILE).unwrap_or_default());
            decision(text, file.seen_from(directory), origin)
        };
        let whole = self.source.join(file.as_str())?.as_str().to_owned();
        let (excludes, exclusion) = match self.of_repository {
            None if self.files.is_empty() => decision(DEFAULT, whole, PatternOrigin::Default),
            patterns => patterns
                .and_then(|text| decision(text, whole, PatternOrigin::Repository))
                .or_else(|| self.files.iter().rev().find_map(from_file)),
        }?;
        excludes.then_some(exclusion)
    }
}

/// The last of these patterns that matches a path, and whether it leaves the file out.
fn decision(patterns: &str, path: String, origin: PatternOrigin) -> Option<(bool, Exclusion)> {
    let Pattern { text, line, excludes, .. } = Pattern::deciding(patterns, &path)?;
    Some((excludes, Exclusion { pattern: text.to_owned(), origin, line, path }))
}

/// A line of `.sourceignore` or of `spec.ignore`, or the pattern of one of `.gitattributes`.
pub(super) struct Pattern<'t> {
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
        let lines: Vec<(&str, usize)> = patterns.lines().zip(1..).collect();
        let is_pattern = |text: &str| !text.starts_with('#') && !text.trim().is_empty();
        let mut last_first = lines.into_iter().rev().filter(|(text, _)| is_pattern(text));
        last_first.find_map(|(text, line)| Some(Pattern::parse(text, line)).filter(|it| it.matches(&parts)))
    }

    pub(super) fn parse(text: &'t str, line: usize) -> Pattern<'t> {
        let (rest, excludes) = text.strip_prefix('!').map_or((text, true), |rest| (rest, false));
        let rest = if rest.ends_with("\\ ") { rest } else { rest.trim_end_matches(' ') };
        let (rest, of_directories) = rest.strip_suffix('/').map_or((rest, false), |rest| (rest, true));
        Pattern { text, line, excludes, of_directories, parts: rest.split('/').collect() }
    }

    /// True if it matches a file or a directory above it. `path`: the parts of the path of the file.
    pub(super) fn matches(&self, path: &[&str]) -> bool {
        match self.parts.as_slice() {
            [name] => {
                let last = path.len().saturating_sub(usize::from(self.of_directories));
                path.iter().take(last).any(|part| is_match(name, part))
            }
            parts => self.matches_from_start(parts, path),
        }
    }

    /// With a `/` in it, a pattern matches from the beginning of the path, and all below what it matches.
    fn matches_from_start(&self, parts: &[&str], path: &[&str]) -> bool {
        let (mut rest, mut may_skip, mut is_matched) = (path, false, false);
        for (index, part) in parts.iter().enumerate() {
            match *part {
                "" => may_skip = false,
                "**" if index.saturating_add(1) == parts.len() => break,
                "**" => may_skip = true,
                part if part.contains("**") => return false,
                part => {
                    let skipped = rest.iter().position(|name| is_match(part, name));
                    let Some(skipped) = skipped.filter(|skipped| may_skip || *skipped == 0) else {
                        return false;
                    };
                    rest = rest.get(skipped.saturating_add(1)..).unwrap_or_default();
                    (may_skip, is_matched) = (false, true);
                }
            }
        }
        is_matched && !(self.of_directories && rest.is_empty())
    }
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
