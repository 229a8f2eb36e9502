//! Thousands of edits at random: afterwards the server knows of the text what it would know if it had just been opened.

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
    /// The files, by their names, each with what it may hold.
    files: Vec<(String, Vec<String>)>,
    /// Which of its texts each file has.
    chosen: Vec<usize>,
}

impl Fleet {
    fn new() -> Fleet {
        let own = |kind: &str, name: &str, more: &str| {
            format!(
                "apiVersion: v1\nkind: {kind}\nmetadata:\n  name: {name}\n  namespace: flux-system\n{more}"
            )
        };
        let other = "  annotations:\n    eks.amazonaws.com/role-arn: arn:aws:iam::111122223333:role/other\n";
        let patches = vec![
            own("ServiceAccount", "source-controller", "  labels:\n    team: a\n"),
            own("ServiceAccount", "source-controller", other),
            own("ServiceAccount", "source-controler", "  labels:\n    team: a\n"),
        ];
        let installed = format!("# Flux Version: v2.6.0\n{COMPONENTS}");
        let manifests =
            vec![installed.clone(), installed.replace("name: source", "name: sauce"), String::new()];
        let lines = [
            "",
            "# a comment\n",
            "patch \"./own.yaml\"\n",
            "patch \"./own.yaml\"\n# a comment\n",
            "source-controller -> none\n",
            "account = \"1\"\n",
            "namespace = \"flux\"\n",
        ];
        let cluster = |name: &str| {
            let one = |line: &&str| {
                format!("cluster {name} on eks {{\n  use base\n  account = \"111122223333\"\n{line}}}\n")
            };
            lines.iter().map(one).collect::<Vec<String>>()
        };
        let root = |role: &str| {
            format!(
                "include \"teams/*.flux\"\nprofile base {{\n  source-controller -> pull\n  role pull = aws \
                 \"arn:aws:iam::${{account}}:role/{role}\"\n}}\n"
            )
        };
        let mut files = vec![(
            "identity.flux".to_owned(),
            vec![root("pull"), root("${cluster}"), root("pull/"), root("other")],
        )];
        for name in ["a", "b", "c"] {
            files.push((format!("teams/{name}.flux"), cluster(name)));
            let overlay = format!("clusters/{name}/flux-system");
            files.push((format!("{overlay}/own.yaml"), patches.clone()));
            files.push((format!("{overlay}/gotk-components.yaml"), manifests.clone()));
        }
        // What is right in one cluster is wrong in the next.
        let is_own_of_next = |name: &str| name == "clusters/b/flux-system/own.yaml";
        let chosen = files.iter().map(|(name, _)| usize::from(is_own_of_next(name))).collect();
        Fleet { files, chosen }
    }

    fn text(&self, file: usize) -> &str {
        &self.files[file].1[self.chosen[file]]
    }

    fn is_source(&self, file: usize) -> bool {
        !self.files[file].0.starts_with("clusters/")
    }

    /// An editor that has just opened the sources.
    fn opened(&self) -> Editor {
        let watches = json!({ "workspace": { "didChangeWatchedFiles": { "dynamicRegistration": true } } });
        let files: Vec<(&str, &str)> =
            (0..self.files.len()).map(|file| (self.files[file].0.as_str(), self.text(file))).collect();
        let mut editor = Editor::with_capabilities(&files, &watches);
        for file in (0..self.files.len()).filter(|file| self.is_source(*file)) {
            let _diagnostics = editor.open(&self.files[file].0, self.text(file));
        }
        editor
    }

    /// What an editor shows of all files.
    fn shown(&self, editor: &mut Editor) -> Vec<String> {
        let mut shown = Vec::new();
        for (name, _) in &self.files {
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
    for round in 0..harness::times(60, 300) {
        let mut below = |most: usize| usize::try_from(random.next_u32()).expect("it fits") % most;
        for _ in 0..6 {
            // What is known of files ends with a change of one, so most changes are of sources.
            let is_of_source = below(12) > 0;
            let files: Vec<usize> =
                (0..fleet.files.len()).filter(|file| fleet.is_source(*file) == is_of_source).collect();
            let file = files[below(files.len())];
            fleet.chosen[file] = below(fleet.files[file].1.len());
            let (name, text) = (&fleet.files[file].0, fleet.text(file));
            if fleet.is_source(file) {
                let _diagnostics = editor.replace(name, text);
            } else {
                std::fs::write(editor.path(name), text).expect("it is written");
                let changes = json!({ "changes": [{ "uri": editor.uri(name), "type": 2 }] });
                editor.notify("workspace/didChangeWatchedFiles", &changes);
            }
        }
        let mut fresh = fleet.opened();
        assert_eq!(fleet.shown(&mut editor), fleet.shown(&mut fresh), "round {round}");
        assert_eq!(fresh.end(), 0);
    }
    assert_eq!(editor.end(), 0);
}
