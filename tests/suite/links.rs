//! Every link between the pages of the documentation leads to a file, and to a heading in it.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use crate::harness::project;
use crate::trees;

#[test]
fn every_link_between_pages_leads_somewhere() {
    let pages = pages();
    let broken: Vec<String> = pages.iter().flat_map(|page| broken(page)).collect();
    assert!(broken.is_empty(), "{}", broken.join("\n"));
    assert!(pages.len() > 10, "{} pages", pages.len());
}

#[test]
fn every_page_is_in_the_summary_of_the_site() {
    let root = project();
    let summary = fs::read_to_string(root.join("docs/site/SUMMARY.md")).expect("it is there");
    let listed: BTreeSet<String> = targets(&summary).into_iter().collect();
    let pages =
        pages().into_iter().map(|page| page.strip_prefix(&root).expect("it is below").display().to_string());
    let missing: Vec<String> = pages.filter(|page| !listed.contains(page)).collect();
    assert!(missing.is_empty(), "{missing:?}");
}

#[test]
fn a_heading_has_the_anchor_that_forges_give_it() {
    for (heading, anchor) in [
        ("## Make", "make"),
        ("### Shards and other installations", "shards-and-other-installations"),
        ("# `--format json`, version 1", "--format-json-version-1"),
        ("## 1. Inspect", "1-inspect"),
    ] {
        assert_eq!(anchors(heading), BTreeSet::from([anchor.to_owned()]), "{heading}");
    }
    assert!(anchors("```\n# no heading\n```\n").is_empty());
}

#[test]
fn what_leads_nowhere_is_found() {
    let page = project().join("README.md");
    let text =
        "[a](docs/nowhere.md) [b](docs/files.md#nowhere) [c](docs/files.md#make) [d](https://example.com/x)";
    assert_eq!(targets(text).len(), 4);
    assert_eq!(
        broken_in(&page, text),
        ["README.md: docs/nowhere.md does not exist", "README.md: docs/files.md#nowhere has no such heading"]
    );
}

fn pages() -> Vec<PathBuf> {
    let root = project();
    let mut pages = trees::entries(&root.join("docs"));
    pages.extend(["README.md", "CONTRIBUTING.md", "docs/skill/SKILL.md"].map(|name| root.join(name)));
    pages.retain(|page| page.extension().is_some_and(|extension| extension == "md"));
    pages
}

fn broken(page: &Path) -> Vec<String> {
    broken_in(page, &fs::read_to_string(page).expect("the page is read"))
}

fn broken_in(page: &Path, text: &str) -> Vec<String> {
    let name = page.strip_prefix(project()).expect("it is below").display();
    let local = targets(text).into_iter().filter(|target| !target.contains("://"));
    let broken = local.filter_map(|target| {
        let (path, anchor) = target.split_once('#').unwrap_or((&target, ""));
        let file = match path {
            "" => page.to_path_buf(),
            path => page.parent().expect("it is in a directory").join(path),
        };
        let Ok(linked) = fs::read(&file) else {
            return (!file.is_dir()).then(|| format!("{name}: {target} does not exist"));
        };
        let is_there = anchor.is_empty() || anchors(&String::from_utf8_lossy(&linked)).contains(anchor);
        (!is_there).then(|| format!("{name}: {target} has no such heading"))
    });
    broken.collect()
}

/// What the links of a page lead to.
fn targets(text: &str) -> Vec<String> {
    let text = outside_of_fences(text).collect::<Vec<_>>().join("\n");
    let ends = text.split("](").skip(1).filter_map(|rest| rest.split_once(')'));
    ends.map(|(target, _)| target.to_owned()).filter(|target| !target.contains(char::is_whitespace)).collect()
}

/// The anchors of a page's headings: letters in lower case, spaces as dashes, no punctuation.
fn anchors(text: &str) -> BTreeSet<String> {
    let headings = outside_of_fences(text).filter(|line| line.starts_with('#'));
    let anchor = |heading: &str| -> String {
        let words = heading.trim_start_matches('#').trim().to_lowercase();
        let kept = words.chars().filter(|letter| letter.is_alphanumeric() || " -_".contains(*letter));
        kept.map(|letter| if letter == ' ' { '-' } else { letter }).collect()
    };
    headings.map(anchor).collect()
}

fn outside_of_fences(text: &str) -> impl Iterator<Item = &str> {
    let mut is_fenced = false;
    text.lines().filter(move |line| {
        let is_fence = line.trim_start().starts_with("```");
        is_fenced ^= is_fence;
        !is_fenced && !is_fence
    })
}
