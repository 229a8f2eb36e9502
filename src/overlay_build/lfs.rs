//! The files that git hands to Git LFS. A repository has pointers in their place, and Flux fetches the pointers.
//!
//! Patterns in quotes and names for several attributes are not followed.
//!
//! Sources: `gitattributes` of the documentation of git; go-git, by which source-controller checks out, runs no filters.

use std::path::Path;

use crate::model::LocalPath;
use crate::overlay_build::Builder;
use crate::overlay_build::ignored::{Exclusion, Pattern, PatternOrigin};
use crate::workspace::Entry;

/// The file with the attributes of the files of a directory.
const ATTRIBUTES: &str = ".gitattributes";

/// The line that hands a file to Git LFS, if one does.
pub fn handed_to_lfs(file: &LocalPath, builder: Builder<'_>) -> Option<Exclusion> {
    let deciding = |directory: LocalPath| {
        let attributes = directory.join(ATTRIBUTES)?;
        let path = Path::new(attributes.as_str());
        let is_there = matches!(builder.inputs.entry(path), Entry::File(_));
        let text = is_there.then(|| builder.inputs.text(path).ok()).flatten()?.text;
        let seen = file.seen_from(&directory);
        let (pattern, line, filter) = deciding_line(&text, &seen)?;
        let origin = PatternOrigin::File(attributes);
        let exclusion = Exclusion { pattern: pattern.to_owned(), origin, line, path: seen };
        Some((filter == "filter=lfs").then_some(exclusion))
    };
    // Of several files, the nearest decides.
    file.ancestors().find_map(deciding)?
}

/// The last line that says whether a file has a filter: its pattern, its number, and what it says.
fn deciding_line<'t>(attributes: &'t str, path: &str) -> Option<(&'t str, usize, &'t str)> {
    let parts: Vec<&str> = path.split('/').collect();
    let lines: Vec<(&str, usize)> = attributes.lines().zip(1..).collect();
    lines.into_iter().rev().find_map(|(text, number)| {
        let mut words = text.split_whitespace();
        let pattern = words.next().filter(|pattern| !pattern.starts_with(['#', '!']))?;
        let is_of_filter =
            |word: &&str| word.trim_start_matches(['-', '!']).split('=').next() == Some("filter");
        let filter = words.rfind(is_of_filter)?;
        matches_file(pattern, number, &parts).then_some((pattern, number, filter))
    })
}

/// True if a pattern matches the file itself: unlike in `.gitignore`, directories are not matched with what they have.
fn matches_file(pattern: &str, line: usize, path: &[&str]) -> bool {
    let is_below = pattern.ends_with("/**");
    let last = pattern.rsplit('/').next().unwrap_or_default();
    let (Some(name), parsed) = (path.last(), Pattern::parse(pattern, line)) else { return false };
    if pattern.contains('/') {
        (is_below || Pattern::parse(last, line).matches(&[name])) && parsed.matches(path)
    } else {
        parsed.matches(&[name])
    }
}

#[cfg(test)]
mod tests {
    use super::deciding_line;

    #[test]
    fn the_last_line_about_the_filter_of_a_file_decides() {
        let path = "clusters/prod-eu/flux-system/gotk-components.yaml";
        for (attributes, deciding) in [
            ("*.yaml filter=lfs diff=lfs merge=lfs -text", Some((1, "filter=lfs"))),
            ("gotk-components.yaml filter=lfs", Some((1, "filter=lfs"))),
            ("clusters/** filter=lfs -text", Some((1, "filter=lfs"))),
            ("clusters/*/flux-system/*.yaml filter=lfs", Some((1, "filter=lfs"))),
            ("**/flux-system/gotk-components.yaml filter=lfs", Some((1, "filter=lfs"))),
            ("*.yaml filter=lfs\ngotk-* !filter", Some((2, "!filter"))),
            ("*.yaml filter=lfs\n*.yaml -text", Some((1, "filter=lfs"))),
            ("# *.yaml filter=lfs\n\n*.yaml text", None),
            // git ignores such a line.
            ("!*.yaml filter=lfs", None),
            ("*.png filter=lfs", None),
            ("clusters filter=lfs", None),
            ("clusters/ filter=lfs", None),
            ("clusters/*.yaml filter=lfs", None),
        ] {
            let found = deciding_line(attributes, path).map(|(_, line, filter)| (line, filter));
            assert_eq!(found, deciding, "{attributes}");
        }
    }
}
