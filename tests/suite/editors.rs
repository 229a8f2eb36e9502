//! What `editors` promises: it takes no files of other languages, lets no repository choose a program, and its snippets
//! are right.

use std::fs;

use serde_json::{Value, json};

use crate::harness;

fn text(path: &str) -> String {
    fs::read_to_string(harness::project().join("editors").join(path)).expect("the file is there")
}

fn json_of(path: &str) -> Value {
    serde_json::from_str(&text(path)).expect("it is JSON")
}

#[test]
fn no_editor_takes_all_files_with_the_extension() {
    let languages = &json_of("vscode/package.json")["contributes"]["languages"];
    assert_eq!(languages[0]["filenames"], json!(["identity.flux"]));
    assert_eq!(languages[1], Value::Null);
    for key in ["extensions", "filenamePatterns", "firstLine"] {
        assert_eq!(languages[0][key], Value::Null, "{key}");
    }
    let grammar = json_of("tree-sitter-flux-identity/tree-sitter.json");
    assert_eq!(grammar["grammars"][0]["file-types"], json!(["identity.flux"]));
    assert!(text("helix/languages.toml").contains("file-types = [{ glob = \"identity.flux\" }]"));
    assert!(text("neovim/ftdetect/flux_identity.lua").contains("filename = { ['identity.flux']"));
}

#[test]
fn the_grammars_know_every_keyword() {
    let pest = fs::read_to_string(harness::project().join("grammar/identity.pest")).expect("it is there");
    let rules = pest.lines().filter(|line| line.starts_with("kw_"));
    let keywords: Vec<&str> = rules.map(|rule| rule.split('"').nth(1).expect("a word")).collect();
    assert!(keywords.len() >= 17, "{keywords:?}");
    let text_mate = text("vscode/syntaxes/flux-identity.tmLanguage.json");
    let highlights = text("tree-sitter-flux-identity/queries/highlights.scm");
    for keyword in keywords {
        assert!(text_mate.split(['(', ')', '|']).any(|word| word == keyword), "{keyword}");
        assert!(highlights.contains(&format!("\"{keyword}\"")), "{keyword}");
    }
}

#[test]
fn helix_can_load_the_parser() {
    // Helix 25.01, as Debian 13 has it, refuses parsers of a newer interface, and says so in its log alone.
    let parser = text("tree-sitter-flux-identity/src/parser.c");
    assert!(parser.contains("\n#define LANGUAGE_VERSION 14\n"));
}

#[test]
fn no_folder_chooses_the_program_that_vs_code_runs() {
    let package = json_of("vscode/package.json");
    let path = &package["contributes"]["configuration"]["properties"]["flux-identity.path"];
    assert_eq!(path["scope"], "machine");
    let untrusted = &package["capabilities"]["untrustedWorkspaces"];
    assert_eq!(untrusted["restrictedConfigurations"], json!(["flux-identity.path"]));
}

#[test]
fn the_extension_has_the_version_of_the_program() {
    assert_eq!(json_of("vscode/package.json")["version"], env!("CARGO_PKG_VERSION"));
}

#[test]
fn every_snippet_of_vs_code_is_right_syntax() {
    let snippets = json_of("vscode/snippets/flux-identity.json");
    let snippets = snippets.as_object().expect("snippets by their names");
    assert!(snippets.len() >= 12, "{snippets:?}");
    for (name, snippet) in snippets {
        let lines = snippet["body"].as_array().expect("lines").iter();
        let lines: Vec<&str> = lines.map(|line| line.as_str().expect("a line")).collect();
        let source = inserted(&lines.join("\n"));
        let findings = harness::parse_findings(&source);
        assert!(findings.is_empty() && !source.contains(['|', '\\']), "{name}: {findings:?}\n{source}");
    }
}

/// What a snippet inserts when nobody changes it.
fn inserted(body: &str) -> String {
    let escaped = body.replace("\\$", "\u{1}");
    let mut pieces = escaped.split('$');
    let mut text = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let (stop, rest) = match piece.strip_prefix('{').and_then(|stop| stop.split_once('}')) {
            Some((stop, rest)) => (stop.trim_start_matches(char::is_numeric), rest),
            None => ("", piece.trim_start_matches(char::is_numeric)),
        };
        let choices = stop.trim_matches('|').split(',').next().unwrap_or_default();
        text.push_str(stop.strip_prefix(':').unwrap_or(choices));
        text.push_str(rest);
    }
    text.replace('\u{1}', "$")
}
