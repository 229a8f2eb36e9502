//! The grammar of `editors/tree-sitter-flux-identity` reads what the parser reads, and its queries fit it. Neovim reads with
//! it, because it has tree-sitter.

#![expect(clippy::print_stdout, reason = "a test that is skipped says so")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use flux_identity::problem::Finding;
use proptest::strategy::{Strategy, ValueTree as _};
use proptest::test_runner::TestRunner;
use serde_json::Value;

use crate::lsp::neovim::neovim;
use crate::real::prove;
use crate::recovery::{Dice, mutate};
use crate::{generate, harness, trees};

/// Fixtures with a finding of syntax, which the grammar reads all the same.
const MISSES: [(&str, &str); 4] = [
    ("tests/ui/foreign/reference-of-terraform.flux", "`var.account` is a word like any other"),
    ("tests/ui/foreign/values-as-a-setting.flux", "which names are settings is not syntax"),
    ("tests/ui/syntax/controller-equals-word.flux", "which names are controllers is not syntax"),
    ("tests/ui/syntax/long-line.flux", "no line is too long"),
];

/// What Neovim reads in a source.
struct Reading(Value);

/// A node that a query captures.
#[derive(Debug, Clone)]
struct Capture {
    name: String,
    node: String,
    parent: String,
    start: (u64, u64),
    end: (u64, u64),
}

impl Reading {
    fn has_error(&self) -> bool {
        self.0["error"].as_bool().expect("a flag")
    }

    fn tree(&self) -> &str {
        self.0["tree"].as_str().expect("a tree")
    }

    fn captures(&self, query: &str) -> Vec<Capture> {
        let text = |value: &Value| value.as_str().expect("a text").to_owned();
        let number = |value: &Value| value.as_u64().expect("a number");
        // An empty table of Lua is an object.
        let captures = self.0[query].as_array().into_iter().flatten();
        let capture = |capture: &Value| Capture {
            name: text(&capture[0]),
            node: text(&capture[1]),
            parent: text(&capture[2]),
            start: (number(&capture[3]), number(&capture[4])),
            end: (number(&capture[5]), number(&capture[6])),
        };
        captures.map(capture).collect()
    }
}

/// True if the grammar has an error where the parser has a finding of syntax, and nowhere else.
fn agrees(text: &str, reading: &Reading) -> bool {
    let findings = harness::parse_findings(text);
    // What the parser finds wrong in names may be an error or not.
    let is_syntax = |finding: &Finding| finding.code.as_str().starts_with("F00");
    if reading.has_error() { !findings.is_empty() } else { !findings.iter().any(is_syntax) }
}

#[test]
fn the_grammar_for_editors_has_errors_where_the_parser_has_findings_of_syntax() {
    let mut sources = fixtures();
    let generated = generated(harness::times(100, 400));
    sources
        .extend(generated.into_iter().zip(0..).map(|(text, number)| (format!("at random {number}"), text)));
    let Some(readings) = read(&sources, Queries::None) else { return };
    let misses: BTreeMap<&str, &str> = MISSES.into_iter().collect();
    for ((name, text), reading) in sources.iter().zip(&readings) {
        let expected = !misses.contains_key(name.as_str());
        assert_eq!(agrees(text, reading), expected, "{name}: {}\n{text}", reading.tree());
    }
    prove("tree-sitter");
}

#[test]
fn of_sources_with_a_change_in_one_place_nearly_all_are_wrong_for_both_or_for_none() {
    let sources = changed(harness::times(300, 2_000));
    let Some(readings) = read(&sources, Queries::None) else { return };
    let wrong = readings.iter().filter(|reading| reading.has_error()).count();
    assert!(wrong > sources.len() / 4 && wrong < sources.len() / 4 * 3, "{wrong} of {}", sources.len());
    let read = sources.iter().map(|(_, text)| text).zip(&readings);
    let differ: Vec<_> =
        read.filter(|(text, reading)| !agrees(text, reading)).map(|(text, _)| text).collect();
    assert!(differ.len() * 500 <= sources.len(), "{} of {}: {differ:#?}", differ.len(), sources.len());
}

#[test]
fn every_tree_of_the_corpus_is_what_the_grammar_makes_of_its_source() {
    let corpus = project().join("test/corpus/language.txt");
    let corpus = fs::read_to_string(corpus).expect("the corpus is there");
    let entries: Vec<&str> = corpus.split("==================\n").skip(1).collect();
    let (heads, bodies): (Vec<_>, Vec<_>) = entries.chunks(2).map(|entry| (entry[0], entry[1])).unzip();
    let bodies = bodies.iter().map(|body| body.split_once("\n---\n").expect("a source and a tree"));
    let (texts, trees): (Vec<_>, Vec<_>) = bodies.unzip();
    let sources: Vec<(String, String)> =
        heads.iter().zip(texts).map(|(head, text)| ((*head).to_owned(), text.to_owned())).collect();
    assert!(sources.len() > 10, "{sources:?}");
    let Some(readings) = read(&sources, Queries::None) else { return };
    for ((head, expected), reading) in heads.iter().zip(trees).zip(readings) {
        assert_eq!(head.contains(":error"), reading.has_error(), "{head}");
        let expected = expected.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(reading.has_error() || reading.tree() == expected, "{head}: {}", reading.tree());
    }
}

#[test]
fn highlights_are_what_their_test_says() {
    let text = fs::read_to_string(project().join("test/highlight/identity.flux")).expect("the test is there");
    let assertions = assertions(&text);
    assert!(assertions.len() > 40, "{assertions:?}");
    let Some(readings) = read(&[("highlights".to_owned(), text.clone())], Queries::All) else { return };
    let captures = readings[0].captures("highlights");
    for (place, expected) in assertions {
        let around = captures.iter().filter(|capture| capture.start <= place && place < capture.end);
        let innermost = around.max_by_key(|capture| capture.start).map(|capture| capture.name.as_str());
        assert_eq!(innermost, Some(expected.as_str()), "line {}, column {}", place.0 + 1, place.1 + 1);
    }
}

#[test]
fn every_token_is_highlighted_and_no_node_has_two_highlights() {
    let sources = fixtures();
    let Some(readings) = read(&sources, Queries::All) else { return };
    for ((name, text), reading) in sources.iter().zip(&readings) {
        let captures = reading.captures("highlights");
        let mut nodes = BTreeSet::new();
        for capture in &captures {
            assert!(nodes.insert(&capture.node), "{name}: {capture:?}\n{text}");
        }
        for leaf in reading.captures("leaves").iter().filter(|_| !reading.has_error()) {
            let is_highlighted = nodes.contains(&leaf.node) || nodes.contains(&leaf.parent);
            assert!(is_highlighted, "{name}: {leaf:?}\n{text}");
        }
    }
}

#[test]
fn blocks_options_and_comments_fold_and_blocks_and_options_are_indented() {
    let source =
        "# a\n# b\ncluster a on eks {\n  source-controller -> aws \"x\" {\n    audience = \"a\"\n  }\n}\n";
    let Some(readings) = read(&[("folds".to_owned(), source.to_owned())], Queries::All) else { return };
    let lines = |query: &str, name: &str| -> Vec<(u64, u64)> {
        let captures = readings[0].captures(query).into_iter().filter(|capture| capture.name == name);
        captures.map(|capture| (capture.start.0, capture.end.0)).collect()
    };
    assert_eq!(lines("folds", "fold"), [(0, 0), (1, 1), (2, 6), (3, 5)]);
    for name in ["indent", "indent.begin"] {
        assert_eq!(lines("indents", name), [(2, 6), (3, 5)], "{name}");
    }
    for name in ["outdent", "indent.branch", "indent.end"] {
        assert_eq!(lines("indents", name), [(5, 5), (6, 6)], "{name}");
    }
}

fn project() -> PathBuf {
    harness::project().join("editors/tree-sitter-flux-identity")
}

/// All sources of the tests and the examples, by their paths.
fn fixtures() -> Vec<(String, String)> {
    let below = |directory: &'static str| {
        trees::nodes(&harness::project().join(directory)).into_iter().filter_map(move |(name, node)| {
            let trees::Node::File(bytes) = node else { return None };
            let is_source = Path::new(&name).extension().is_some_and(|extension| extension == "flux");
            let text = String::from_utf8(bytes).ok().filter(|_| is_source)?;
            Some((format!("{directory}/{name}"), text))
        })
    };
    let sources: Vec<_> = below("tests").chain(below("examples")).collect();
    assert!(sources.len() > 500, "{}", sources.len());
    sources
}

/// Sources of fleets at random, always the same.
fn generated(count: usize) -> Vec<String> {
    let mut runner = TestRunner::deterministic();
    let strategy = (generate::fleet(), generate::layout());
    let source = |()| {
        let (fleet, layout) = strategy.new_tree(&mut runner).expect("a fleet").current();
        generate::print(&fleet, &layout).text
    };
    std::iter::repeat_n((), count).map(source).collect()
}

/// Fixtures that the parser reads without a finding, with a change in one place; always the same.
fn changed(count: usize) -> Vec<(String, String)> {
    let mut dice = Dice::new(19);
    let right = |text: &str| text.len() < 3_000 && harness::parse_findings(text).is_empty();
    let fixtures: Vec<_> = fixtures().into_iter().filter(|(_, text)| right(text)).collect();
    let change = |()| {
        let (name, text) = dice.pick(&fixtures);
        let mut bytes = text.clone().into_bytes();
        mutate(&mut bytes, &mut dice);
        Some((name.clone(), String::from_utf8(bytes).ok()?))
    };
    std::iter::repeat(()).filter_map(change).take(count).collect()
}

/// The captures that a test of highlights expects: where, counted from 0, and which. A line with `^` or `<-` in a comment
/// is about the line before it.
fn assertions(text: &str) -> Vec<((u64, u64), String)> {
    let mut expected = Vec::new();
    let mut row = 0;
    for (number, line) in (0..).zip(text.lines()) {
        let comment = line.strip_prefix('#').map(str::trim_start).unwrap_or_default();
        if let Some(name) = comment.strip_prefix("<- ") {
            expected.push(((row, 0), name.to_owned()));
        } else if comment.starts_with('^') {
            let columns = (0..).zip(line.bytes()).filter(|(_, byte)| *byte == b'^');
            let name = comment.trim_start_matches('^').trim();
            expected.extend(columns.map(|(column, _)| ((row, column), name.to_owned())));
        } else {
            row = number;
        }
    }
    expected
}

/// Which queries are run.
#[derive(Clone, Copy)]
enum Queries {
    None,
    All,
}

/// What Neovim reads in each source. Nothing if it or a compiler of C is not installed.
fn read(sources: &[(String, String)], queries: Queries) -> Option<Vec<Reading>> {
    let (Some(neovim), Some(parser)) = (neovim(), parser()) else {
        println!("Neovim 0.11 or a C compiler is not installed");
        return None;
    };
    let directory = tempfile::tempdir().expect("there is room for a directory");
    let mut list = String::new();
    for ((_, text), number) in sources.iter().zip(0..) {
        let path = format!("{number}.flux");
        fs::write(directory.path().join(&path), text).expect("the source is written");
        list.push_str(&path);
        list.push('\n');
    }
    fs::write(directory.path().join("list"), list).expect("the list is written");
    let mut command = Command::new(neovim);
    let _command = command
        .current_dir(directory.path())
        .args(["--headless", "--clean", "-S"])
        .arg(harness::project().join("tests/suite/tree_sitter/read.lua"))
        .env("PARSER", parser)
        .env("HOME", directory.path())
        .env("XDG_STATE_HOME", directory.path());
    if let Queries::All = queries {
        let _command = command.env("QUERIES", project().join("queries"));
    }
    let output = command.output().expect("Neovim runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let read = fs::read(directory.path().join("read.json")).expect("Neovim writes what it reads");
    let read: Vec<Value> = serde_json::from_slice(&read).expect("it is JSON");
    assert_eq!(read.len(), sources.len());
    Some(read.into_iter().map(Reading).collect())
}

/// The parser as a library, compiled once. Nothing if there is no compiler of C.
pub fn parser() -> Option<&'static Path> {
    static PARSER: OnceLock<Option<PathBuf>> = OnceLock::new();
    let compile = || {
        let library = Path::new(env!("CARGO_TARGET_TMPDIR")).join("flux_identity.so");
        let sources = project().join("src");
        let mut command = Command::new("cc");
        let _command = command.args(["-shared", "-fPIC", "-Wall", "-Werror", "-I"]).arg(&sources);
        let output = command.arg(sources.join("parser.c")).arg("-o").arg(&library).output().ok()?;
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        Some(library)
    };
    PARSER.get_or_init(compile).as_deref()
}
