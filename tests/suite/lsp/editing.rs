//! Thousands of edits at random: afterwards the server knows of the text what it would know if it had just been opened.

use std::collections::BTreeSet;

use proptest::prelude::Rng as _;
use proptest::test_runner::{RngAlgorithm, TestRng};
use serde_json::{Value, json};

use crate::harness;
use crate::lsp::editor::Editor;
use crate::place::COMPONENTS;

/// What is inserted: pieces of sources, whole and broken, and characters of several bytes.
const PIECES: [&str; 24] = [
    "cluster a on eks {\n",
    "}\n",
    "profile p {\n",
    "  use p\n",
    "role pull = aws \"arn:aws:iam::111122223333:role/${cluster}\"\n",
    "source-controller -> pull\n",
    "let x = \"ü😀\"\n",
    "${x}",
    "\"",
    "{",
    "}",
    "#",
    "->",
    "\n",
    "\r\n",
    "\r",
    "é",
    "😀",
    "\u{feff}",
    "service-account ns/name -> pull\n",
    ",",
    "=",
    " ",
    "patch \"./a.yaml\" { kind = \"Deployment\" }\n",
];

/// A text as an editor holds it: in characters.
struct Text {
    letters: Vec<char>,
    /// The texts before each edit.
    before: Vec<Vec<char>>,
}

impl Text {
    /// The line and the column of a character, in units of UTF-16.
    fn position(&self, at: usize) -> Value {
        let (mut line, mut column) = (0, 0);
        for (index, letter) in self.letters[..at].iter().enumerate() {
            let is_end = match letter {
                '\n' => true,
                '\r' => self.letters.get(index + 1) != Some(&'\n'),
                _ => false,
            };
            (line, column) = if is_end { (line + 1, 0) } else { (line, column + letter.len_utf16()) };
        }
        json!({ "line": line, "character": column })
    }

    /// True if a place is between `\r` and `\n`, where no position is.
    fn is_within_break(&self, at: usize) -> bool {
        at > 0 && self.letters[at - 1] == '\r' && self.letters.get(at) == Some(&'\n')
    }

    fn replace(&mut self, start: usize, end: usize, new: &str) -> Value {
        let range = json!({ "start": self.position(start), "end": self.position(end) });
        self.before.push(self.letters.clone());
        let _removed: Vec<char> = self.letters.splice(start..end, new.chars()).collect();
        json!([{ "range": range, "text": new }])
    }

    /// Takes the last edit back, as one change of all that differs.
    fn undo(&mut self) -> Option<Value> {
        let before = self.before.pop()?;
        let text: String = before.iter().collect();
        self.letters = before;
        Some(json!([{ "text": text }]))
    }
}

fn random_edit(text: &mut Text, random: &mut TestRng) -> Value {
    let mut below = |most: usize| usize::try_from(random.next_u32()).expect("it fits") % most.max(1);
    let choice = below(10);
    if choice == 0
        && let Some(change) = text.undo()
    {
        return change;
    }
    let mut start = below(text.letters.len() + 1);
    let length = if choice < 4 || text.letters.len() > 2_000 { below(60) } else { 0 };
    let mut end = (start + length).min(text.letters.len());
    while text.is_within_break(start) {
        start -= 1;
    }
    while text.is_within_break(end) {
        end += 1;
    }
    let new = if choice < 3 { "" } else { PIECES[below(PIECES.len())] };
    text.replace(start, end, new)
}

#[test]
fn after_edits_at_random_the_server_knows_what_a_fresh_one_would() {
    let mut random = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let capabilities = json!({});
    let mut editor = Editor::with_capabilities(&[], &capabilities);
    let mut text = Text { letters: Vec::new(), before: Vec::new() };
    let _none = editor.open("identity.flux", "");
    let rounds = harness::times(20, 100);
    for round in 0..rounds {
        for _ in 0..100 {
            let change = random_edit(&mut text, &mut random);
            editor.change("identity.flux", &change);
            let kept = text.before.len().saturating_sub(20);
            let _old = text.before.drain(..kept);
        }
        let whole: String = text.letters.iter().collect();
        let diagnostics = editor.settled("identity.flux");
        let methods =
            ["textDocument/semanticTokens/full", "textDocument/documentSymbol", "textDocument/foldingRange"];
        let mut fresh = Editor::with_capabilities(&[], &capabilities);
        let expected = fresh.open("identity.flux", &whole);
        let of = |diagnostics: Value, editor: &Editor| diagnostics.to_string().replace(&editor.uri(""), "");
        assert_eq!(of(diagnostics, &editor), of(expected, &fresh), "round {round}: {whole:?}");
        for method in methods {
            let known = editor.request(method, &editor.document("identity.flux"));
            assert_eq!(known, fresh.request(method, &fresh.document("identity.flux")), "{method}: {whole:?}");
        }
        // Whatever is asked about any place, the server goes on.
        for _ in 0..10 {
            let at = usize::try_from(random.next_u32()).expect("it fits") % (text.letters.len() + 1);
            let mut params = editor.document("identity.flux");
            params["position"] = text.position(at);
            for method in ["textDocument/hover", "textDocument/completion", "textDocument/definition"] {
                let _answer = editor.request(method, &params);
            }
        }
        assert_eq!(fresh.end(), 0);
    }
    assert_eq!(editor.end(), 0);
}

/// What the parts of a fleet may say, right and wrong. Each time, one part takes another of its texts.
struct Fleet {
    parts: Vec<Part>,
}

/// A part of a file. The parts of one file follow each other.
struct Part {
    file: String,
    /// What it may say.
    texts: Vec<String>,
    /// Which of its texts it has.
    chosen: usize,
}

impl Part {
    fn new(file: &str, texts: impl IntoIterator<Item = impl Into<String>>) -> Part {
        Part { file: file.to_owned(), texts: texts.into_iter().map(Into::into).collect(), chosen: 0 }
    }

    fn is_of_source(&self) -> bool {
        !self.file.starts_with("clusters/")
    }
}

impl Fleet {
    fn new() -> Fleet {
        let root = |role: &str| {
            format!(
                "include \"teams/*.flux\"\nprofile base {{\n  source-controller -> pull\n  role pull = aws \
                 \"arn:aws:iam::${{account}}:role/{role}\"\n}}\n"
            )
        };
        let roles = [root("pull"), root("${cluster}"), root("pull/"), root("${team}")];
        let more = ["", "let team = \"all\"\n", "isolate pull by site\n"];
        let mut parts = vec![Part::new("identity.flux", roles), Part::new("identity.flux", more)];
        let between = [
            "",
            "# a comment\n",
            "let team = \"a\"\n",
            "let team = \"b\"\n",
            "\nnamespace = \"flux\"\n",
            "}\n",
            "<<<<<<< HEAD\n",
            "profile other {\n  let team = \"c\"\n}\n",
            "let tea",
        ];
        for (name, file) in [("a", "ab"), ("b", "ab"), ("c", "c")] {
            let file = format!("teams/{file}.flux");
            parts.push(Part::new(&file, between));
            parts.push(Part::new(&file, Fleet::clusters(name)));
            parts.push(Part::new(&file, between));
            let overlay = format!("clusters/{name}/flux-system");
            parts.push(Part::new(&format!("{overlay}/own.yaml"), Fleet::patches()));
            parts.push(Part::new(&format!("{overlay}/gotk-components.yaml"), Fleet::manifests()));
        }
        // What is right in one cluster is wrong in the next, and unknown in the last.
        for part in &mut parts {
            part.chosen = match part.file.as_str() {
                "clusters/b/flux-system/own.yaml" => 1,
                "clusters/c/flux-system/gotk-components.yaml" => 2,
                _ => 0,
            };
        }
        Fleet { parts }
    }

    fn patches() -> [String; 3] {
        let own = |name: &str, more: &str| {
            format!(
                "apiVersion: v1\nkind: ServiceAccount\nmetadata:\n  name: {name}\n  namespace: flux-system\n{more}"
            )
        };
        let other = "  annotations:\n    eks.amazonaws.com/role-arn: arn:aws:iam::111122223333:role/other\n";
        let label = "  labels:\n    team: a\n";
        [own("source-controller", label), own("source-controller", other), own("source-controler", label)]
    }

    fn manifests() -> [String; 3] {
        let installed = format!("# Flux Version: v2.6.0\n{COMPONENTS}");
        [installed.clone(), installed.replace("name: source", "name: sauce"), String::new()]
    }

    /// What the block of a cluster may be, open at its end, too.
    fn clusters(name: &str) -> Vec<String> {
        let lines = [
            "",
            "# a comment\n",
            "patch \"./own.yaml\"\n",
            "patch \"./own.yaml\"\n# a comment\n",
            "source-controller -> none\n",
            "account = \"1\"\n",
            "namespace = \"flux\"\n",
            "let team = \"ü\"\n",
            "flux = \"2.5\"\n",
        ];
        let block = |line: &str, end: &str| {
            format!(
                "cluster {name} on eks {{\n  use base\n  account = \"111122223333\"\n  let site = \"{name}\"\n{line}{end}"
            )
        };
        let open = ["", "  x", "} # a comment\n", "} x\n"].map(|end| block("", end));
        lines.iter().map(|line| block(line, "}\n")).chain(open).chain([String::new()]).collect()
    }

    /// The files, each once.
    fn files(&self) -> BTreeSet<&str> {
        self.parts.iter().map(|part| part.file.as_str()).collect()
    }

    fn text(&self, file: &str) -> String {
        let parts = self.parts.iter().filter(|part| part.file == file);
        parts.map(|part| part.texts[part.chosen].as_str()).collect()
    }

    /// An editor that has just opened the sources.
    fn opened(&self) -> Editor {
        let watches = json!({ "workspace": { "didChangeWatchedFiles": { "dynamicRegistration": true } } });
        let texts: Vec<(&str, String)> =
            self.files().into_iter().map(|file| (file, self.text(file))).collect();
        let files: Vec<(&str, &str)> = texts.iter().map(|(file, text)| (*file, text.as_str())).collect();
        let mut editor = Editor::with_capabilities(&files, &watches);
        for (file, text) in files.iter().filter(|(file, _)| !file.starts_with("clusters/")) {
            let _diagnostics = editor.open(file, text);
        }
        editor
    }

    /// What an editor shows of all files.
    fn shown(&self, editor: &mut Editor) -> Vec<String> {
        let mut shown = Vec::new();
        for name in self.files() {
            let diagnostics = editor.diagnostics_of(name);
            let mut params = editor.document(name);
            params["range"] =
                json!({ "start": { "line": 0, "character": 0 }, "end": { "line": 99, "character": 0 } });
            params["context"] = json!({ "diagnostics": [] });
            let actions = if name.starts_with("clusters/") {
                json!([])
            } else {
                editor.request("textDocument/codeAction", &params)
            };
            shown.push(format!("{name}: {diagnostics} {actions}").replace(&editor.uri(""), ""));
        }
        shown
    }
}

#[test]
fn after_changes_of_sources_and_of_files_beside_them_the_server_knows_what_a_fresh_one_would() {
    let mut random = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let mut fleet = Fleet::new();
    let mut editor = fleet.opened();
    for round in 0..harness::times(150, 1_000) {
        let mut below = |most: usize| usize::try_from(random.next_u32()).expect("it fits") % most;
        for _ in 0..2 {
            // What is known of files ends with a change of one, so most changes are of sources.
            let is_of_source = below(12) > 0;
            let parts =
                fleet.parts.iter().enumerate().filter(|(_, part)| part.is_of_source() == is_of_source);
            let parts: Vec<usize> = parts.map(|(at, _)| at).collect();
            let part = &mut fleet.parts[parts[below(parts.len())]];
            // Much that is wrong at once hides the rest.
            let is_any = below(3) == 0 || part.file == "identity.flux";
            part.chosen = if is_any { below(part.texts.len()) } else { 0 };
            let file = part.file.clone();
            let text = fleet.text(&file);
            if is_of_source {
                let _diagnostics = editor.replace(&file, &text);
            } else {
                std::fs::write(editor.path(&file), text).expect("it is written");
                let changes = json!({ "changes": [{ "uri": editor.uri(&file), "type": 2 }] });
                editor.notify("workspace/didChangeWatchedFiles", &changes);
            }
        }
        let mut fresh = fleet.opened();
        assert_eq!(fleet.shown(&mut editor), fleet.shown(&mut fresh), "round {round}");
        assert_eq!(fresh.end(), 0);
    }
    assert_eq!(editor.end(), 0);
}
