//! How long it takes from a key in an editor to the diagnostics of the language server.
//!
//! `cargo bench --bench editing` prints a table. Arguments are numbers of lines; the default is 5,000 and 50,000. With
//! `FLUX_IDENTITY_DATA` a second row of each size has the overlays on the disk, beside real manifests, with a patch of its own
//! in every tenth cluster.

#![expect(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a measurement meets the disk and the clock, and prints what it found"
)]

#[path = "../fleet/source.rs"]
mod source;

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::source::Own;

/// How many keys are typed.
const KEYS: usize = 41;

fn main() {
    let sizes: Vec<usize> = std::env::args().filter_map(|size| size.parse().ok()).collect();
    let sizes = if sizes.is_empty() { vec![5_000, 50_000] } else { sizes };
    let manifests = std::env::var_os("FLUX_IDENTITY_DATA")
        .map(|data| PathBuf::from(data).join("gotk/v2.9.3-image/gotk-components.yaml"));
    println!("| lines | on disk | open | in a comment | in a value | in a profile | with an error |");
    println!("|--:|---|--:|--:|--:|--:|--:|");
    for size in sizes {
        measure(size, None);
        if let Some(manifests) = &manifests {
            measure(size, Some(manifests));
        }
    }
}

/// How many clusters the fleets are made of have one patch of their own.
const PATCHED: u32 = 10;

fn measure(size: usize, manifests: Option<&Path>) {
    let lines = |clusters: u32| {
        let more = if manifests.is_some() { "  patch \"./own.yaml\"\n" } else { "" };
        let has_patch = |at: u32| at.is_multiple_of(PATCHED);
        source::fleet("# A fleet to be measured.", clusters, |at| Own {
            account: at,
            more: if has_patch(at) { more } else { "" },
        })
    };
    let of_hundred = lines(100).lines().count();
    let of_two_hundred = lines(200).lines().count();
    let clusters = u32::try_from(size * 100 / (of_two_hundred - of_hundred)).expect("it fits");
    let text = lines(clusters);
    let directory = std::env::temp_dir().join(format!("flux-identity-editing-{}", std::process::id()));
    std::fs::create_dir_all(&directory).expect("it is made");
    if let Some(manifests) = manifests {
        install(&directory, &text, manifests);
    }
    let mut server = Server::start(&directory);
    let begin = Instant::now();
    server.open(&text);
    let open = begin.elapsed();
    let all: Vec<&str> = text.lines().collect();
    let find = |after: usize, what: &str| {
        let found = all.iter().enumerate().skip(after).find(|(_, line)| line.contains(what));
        found.map(|(line, _)| line).expect("there is such a line")
    };
    let middle = all.len() / 2;
    let account = find(middle, "  account = \"");
    let role = find(0, "flux-registry");
    let typed = [
        (find(middle, "}") + 1, 0, "#"),
        // One digit takes the place of another.
        (account, all[account].len() - 2, "0"),
        (role, all[role].find("flux-registry").expect("it is there"), "x"),
        // A letter at the beginning of a line makes it one that cannot be read.
        (find(middle, "  use base"), 0, "x"),
    ];
    let keys = typed.map(|(line, column, letter)| {
        server.replace(&text);
        let replaced = usize::from(letter == "0");
        let mut keys: Vec<Duration> = (0..KEYS).map(|_| server.key(line, column, replaced, letter)).collect();
        keys.sort_unstable();
        format!("{:.1} ms", keys[KEYS / 2].as_secs_f64() * 1e3)
    });
    println!(
        "| {} | {} | {:.1} ms | {} |",
        all.len(),
        if manifests.is_some() { "yes" } else { "no" },
        open.as_secs_f64() * 1e3,
        keys.join(" | ")
    );
    drop(server);
    std::fs::remove_dir_all(&directory).expect("it is removed");
}

/// Writes a fleet with its overlays and with manifests of Flux beside each.
fn install(directory: &Path, text: &str, manifests: &Path) {
    let command = |arguments: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_flux-identity"));
        let command = command.args(arguments).current_dir(directory);
        command.stdout(Stdio::null()).stderr(Stdio::null()).status().expect("it runs")
    };
    let shared = directory.join("gotk-components.yaml");
    let _bytes = std::fs::copy(manifests, &shared).expect("they are there");
    for (at, line) in (0_u32..).zip(text.lines().filter(|line| line.starts_with("cluster "))) {
        let name = line.split(' ').nth(1).expect("it has a name");
        let overlay = directory.join(format!("clusters/{name}/flux-system"));
        std::fs::create_dir_all(&overlay).expect("it is made");
        std::fs::hard_link(&shared, overlay.join("gotk-components.yaml")).expect("it is linked");
        if at.is_multiple_of(PATCHED) {
            std::fs::write(overlay.join("own.yaml"), OWN_PATCH).expect("it is written");
        }
    }
    std::fs::write(directory.join("identity.flux"), text).expect("it is written");
    assert!(command(&["build"]).success(), "the fleet is right");
}

const OWN_PATCH: &str = "\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: kustomize-controller
  namespace: flux-system
spec:
  template:
    spec:
      priorityClassName: system-cluster-critical
";

struct Server {
    process: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
    uri: String,
    version: i64,
}

impl Server {
    fn start(directory: &std::path::Path) -> Server {
        let mut command = Command::new(env!("CARGO_BIN_EXE_flux-identity"));
        let _command = command.arg("lsp").current_dir(directory).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut process = command.spawn().expect("the server starts");
        let input = process.stdin.take().expect("it has an input");
        let output = BufReader::new(process.stdout.take().expect("it has an output"));
        let uri = format!("file://{}/identity.flux", directory.display());
        let mut server = Server { process, input, output, uri, version: 0 };
        let capabilities =
            json!({ "workspace": { "didChangeWatchedFiles": { "dynamicRegistration": true } } });
        let params = json!({ "rootUri": null, "capabilities": capabilities });
        server.send(&json!({ "jsonrpc": "2.0", "id": 1, "method": "initialize", "params": params }));
        let _result = server.receive();
        server
    }

    fn open(&mut self, text: &str) {
        self.version += 1;
        let document =
            json!({ "uri": self.uri, "languageId": "flux-identity", "version": self.version, "text": text });
        self.notify("textDocument/didOpen", &json!({ "textDocument": document }));
        self.wait();
    }

    fn replace(&mut self, text: &str) {
        self.change(&json!([{ "text": text }]));
    }

    /// How long it takes until there are diagnostics of a text with a letter more, or with one in place of another.
    fn key(&mut self, line: usize, column: usize, replaced: usize, letter: &str) -> Duration {
        let start = json!({ "line": line, "character": column });
        let end = json!({ "line": line, "character": column + replaced });
        let begin = Instant::now();
        self.change(&json!([{ "range": { "start": start, "end": end }, "text": letter }]));
        begin.elapsed()
    }

    fn change(&mut self, changes: &Value) {
        self.version += 1;
        let document = json!({ "uri": self.uri, "version": self.version });
        let params = json!({ "textDocument": document, "contentChanges": changes });
        self.notify("textDocument/didChange", &params);
        self.wait();
    }

    /// Waits for the diagnostics of the present version.
    fn wait(&mut self) {
        loop {
            let message = self.receive();
            if message["params"]["version"].as_i64() == Some(self.version) {
                return;
            }
        }
    }

    fn notify(&mut self, method: &str, params: &Value) {
        self.send(&json!({ "jsonrpc": "2.0", "method": method, "params": params }));
    }

    fn send(&mut self, message: &Value) {
        let text = message.to_string();
        write!(self.input, "Content-Length: {}\r\n\r\n{text}", text.len()).expect("the server reads");
        self.input.flush().expect("the server reads");
    }

    fn receive(&mut self) -> Value {
        let mut length = 0;
        loop {
            let mut line = String::new();
            let _read = self.output.read_line(&mut line).expect("it is text");
            match line.trim_end().strip_prefix("Content-Length: ") {
                Some(value) => length = value.parse().expect("it is a number"),
                None => break,
            }
        }
        let mut bytes = vec![0; length];
        self.output.read_exact(&mut bytes).expect("the message is whole");
        serde_json::from_slice(&bytes).expect("it is JSON")
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _killed = self.process.kill();
        let _status = self.process.wait();
    }
}
