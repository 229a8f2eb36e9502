//! One fault a file, with what is said of it beside it.
//!
//! The first line of a fixture names the codes that it is to cause, in their order, and says what is wrong in it. They
//! are compared before the rendering is, so that a snapshot that was accepted unread cannot bless a wrong finding.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use flux_identity::problem::{Code, Finding, Place, render};

use crate::trees;
use crate::{adopting, disk, harness, trust};

#[test]
fn every_fixture_causes_its_codes_and_says_what_its_snapshot_says() {
    insta::glob!("../ui", "**/*.flux", |path| {
        let text = fs::read_to_string(path).expect("the fixture is text");
        let findings = findings(&text);
        let found: Vec<&str> = findings.iter().map(|finding| finding.code.as_str()).collect();
        let rendering = render::human(&findings, &harness::sources(&text), false);
        assert_eq!(found, harness::expected_codes(&text), "{}\n{rendering}", path.display());
        let stem = path.file_stem().expect("a fixture has a name").to_string_lossy().into_owned();
        let mut settings = insta::Settings::clone_current();
        settings.set_snapshot_path(path.parent().expect("a fixture has a folder"));
        settings.set_prepend_module_to_snapshot(false);
        settings.set_omit_expression(true);
        settings.set_snapshot_suffix("");
        settings.bind(|| insta::assert_snapshot!(stem, rendering));
    });
}

#[test]
fn every_code_has_a_fixture() {
    let mut caused: BTreeSet<String> =
        fixtures().iter().flat_map(|(_, text)| harness::expected_codes(text)).collect();
    caused.extend(disk::all_codes());
    caused.extend(adopting::all_codes());
    // A disk that cannot be written, or that changes, does not go into a repository; the tests of the command make one.
    // So does one that needs kustomize, or a damaged repository.
    let made = [
        Code::Unwritable,
        Code::ChangedMeanwhile,
        Code::MissingObject,
        Code::WouldFetch,
        Code::NotCopied,
        Code::NotTheSame,
        Code::ExplainedDifference,
    ];
    // Nor does a file of 64 MiB, or as much of them as no run reads.
    caused.extend([Code::LargeInput, Code::MuchInput].map(|code| code.as_str().to_owned()));
    caused.extend(trust::all_codes());
    let retired = [Code::NotSupportedYet];
    for code in Code::ALL.iter().filter(|code| !made.contains(code) && !retired.contains(code)) {
        assert!(caused.contains(code.as_str()), "{code}: {}", code.title());
    }
}

#[test]
fn every_message_stands_alone_in_lower_case_without_a_full_stop() {
    for (name, _, finding) in all_findings() {
        let message = &finding.message;
        let first = message.chars().next().expect("a message says something");
        assert!(!first.is_uppercase() || message.starts_with("Windows "), "{name}: {message}");
        assert!(!message.ends_with(['.', ':', ',', '!']), "{name}: {message}");
        assert!(!message.contains('\n'), "{name}: {message}");
        for text in texts(&finding) {
            assert_eq!(text.matches('`').count() % 2, 0, "{name}: {text}");
            assert!(!text.contains("  ") && text.trim() == text, "{name}: {text:?}");
            assert!(!text.ends_with('.'), "{name}: {text}");
        }
    }
}

#[test]
fn every_finding_says_why_here_and_what_to_do() {
    for (name, _, finding) in all_findings() {
        let Place::Source(labels) = &finding.place else {
            panic!("{name}: a source causes no problem of files")
        };
        assert!(labels.iter().all(|label| !label.text.is_empty()), "{name}: {finding:?}");
        let says_what_belongs = matches!(finding.code, Code::Expected | Code::UnknownWord);
        assert!(says_what_belongs || finding.helps.len() + finding.notes.len() > 0, "{name}: {finding:?}");
    }
}

#[test]
fn no_finding_speaks_of_what_is_inside() {
    let grammar = fs::read_to_string(harness::project().join("grammar/identity.pest")).expect("it is there");
    let rules: BTreeSet<&str> = grammar
        .lines()
        .filter_map(|line| line.split_once(" = ").or_else(|| line.split_once("= ")))
        .map(|(rule, _)| rule.trim())
        .filter(|rule| rule.contains('_') && !rule.contains(' '))
        .collect();
    assert!(rules.contains("kw_cluster") && rules.contains("unclosed_text"), "{rules:?}");
    let inner =
        ["EOI", "SOI", "ANY", "Rule::", "Some(", "None", "Option<", "Vec<", "Span", "::", "span", "node"];
    for (name, source, finding) in all_findings() {
        for text in texts(&finding) {
            let words = text.split(|letter: char| !letter.is_alphanumeric() && letter != '_');
            let rule = words.into_iter().find(|word| rules.contains(word) && !source.contains(word));
            assert_eq!(rule, None, "{name}: {text}");
            let inner = inner.iter().find(|word| text.contains(**word) && !is_quoted(&text, word));
            assert_eq!(inner, None, "{name}: {text}");
        }
    }
}

#[test]
fn every_place_is_within_the_text() {
    for (name, source, finding) in all_findings() {
        let Place::Source(labels) = &finding.place else { continue };
        for label in labels {
            assert!(source.get(label.span.range()).is_some(), "{name}: {finding:?}");
        }
        for edit in finding.helps.iter().filter_map(|help| help.edit.as_ref()) {
            assert!(source.get(edit.span.range()).is_some(), "{name}: {finding:?}");
        }
    }
}

#[test]
fn what_is_offered_instead_takes_the_finding_away() {
    for (name, source, finding) in all_findings() {
        for edit in finding.helps.iter().filter_map(|help| help.edit.as_ref()) {
            let mut edited = source.clone();
            edited.replace_range(edit.span.range(), &edit.replacement);
            let still = findings(&edited).into_iter().find(|other| {
                (other.code, &other.message, primary(other).start)
                    == (finding.code, &finding.message, primary(&finding).start)
            });
            assert_eq!(still, None, "{name}: {edited}");
        }
    }
}

#[test]
fn a_formatted_line_of_a_finding_is_one_line() {
    for (name, text) in fixtures() {
        let short = render::short(&findings(&text), &harness::sources(&text));
        assert_eq!(short.lines().count(), harness::expected_codes(&text).len(), "{name}: {short}");
        assert!(short.lines().all(|line| line.starts_with("identity.flux:")), "{name}: {short}");
    }
}

#[test]
fn no_snapshot_has_lost_its_fixture() {
    let mut stems: BTreeMap<PathBuf, BTreeSet<String>> = BTreeMap::new();
    for (path, _) in files_below(&harness::project().join("tests/ui")) {
        let extension = path.extension().unwrap_or_default().to_string_lossy().into_owned();
        let _new = stems.entry(path.with_extension("")).or_default().insert(extension);
    }
    for (stem, extensions) in stems {
        let both = extensions.contains("flux") && extensions.contains("snap");
        assert!(both || stem.ends_with(".gitattributes"), "{}: {extensions:?}", stem.display());
    }
}

/// What is wrong with a source.
fn findings(text: &str) -> Vec<Finding> {
    harness::check(text).1
}

/// Where a finding is.
fn primary(finding: &Finding) -> std::ops::Range<usize> {
    match &finding.place {
        Place::Source(labels) => labels.first().map_or(0..0, |label| label.span.range()),
        Place::File(_) => 0..0,
    }
}

/// All that a finding says.
fn texts(finding: &Finding) -> Vec<String> {
    let labels = match &finding.place {
        Place::Source(labels) => labels.iter().map(|label| label.text.clone()).collect(),
        Place::File(_) => Vec::new(),
    };
    let helps = finding.helps.iter().map(|help| help.text.clone());
    std::iter::once(finding.message.clone()).chain(labels).chain(helps).chain(finding.notes.clone()).collect()
}

/// Whether a word stands in backticks wherever it stands.
fn is_quoted(text: &str, word: &str) -> bool {
    text.split('`').step_by(2).all(|plain| !plain.contains(word))
}

fn all_findings() -> Vec<(String, String, Finding)> {
    let of_one = |(name, text): (String, String)| {
        findings(&text)
            .into_iter()
            .map(move |finding| (name.clone(), text.clone(), finding))
            .collect::<Vec<_>>()
    };
    fixtures().into_iter().flat_map(of_one).collect()
}

/// All fixtures: their paths below `tests/ui`, and their texts.
fn fixtures() -> Vec<(String, String)> {
    let root = harness::project().join("tests/ui");
    let is_fixture =
        |(path, _): &(PathBuf, String)| path.extension().is_some_and(|extension| extension == "flux");
    let name = |(path, text): (PathBuf, String)| {
        (path.strip_prefix(&root).expect("it is below").display().to_string(), text)
    };
    files_below(&root).into_iter().filter(is_fixture).map(name).collect()
}

fn files_below(root: &Path) -> Vec<(PathBuf, String)> {
    trees::texts(root).into_iter().map(|(name, text)| (root.join(name), text)).collect()
}
