//! How long it takes from a key in an editor to the diagnostics of the language server.
//!
//! `cargo bench --bench editing` prints a table. Arguments are numbers of lines; the default is 5,000 and 50,000.

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
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::source::Own;

/// How many keys are typed.
const KEYS: usize = 41;

fn main() {
    let sizes: Vec<usize> = std::env::args().filter_map(|size| size.parse().ok()).collect();
    let sizes = if sizes.is_empty() { vec![5_000, 50_000] } else { sizes };
    println!("| lines | open | key, median | key, slowest tenth | key with an error |");
    println!("|--:|--:|--:|--:|--:|");
    for size in sizes {
        measure(size);
    }
}

fn measure(size: usize) {
    let lines = |clusters: u32| {
        source::fleet("# A fleet to be measured.", clusters, |at| Own { account: at, more: "" })
    };
    let of_ten = lines(10).lines().count();
    let of_twenty = lines(20).lines().count();
    let clusters = u32::try_from(size * 10 / (of_twenty - of_ten)).expect("it fits");
    let text = lines(clusters);
    let directory = std::env::temp_dir().join(format!("flux-identity-editing-{}", std::process::id()));
    std::fs::create_dir_all(&directory).expect("it is made");
    let mut server = Server::start(&directory);
    let begin = Instant::now();
    server.open(&text);
    let open = begin.elapsed();
    let line = text.lines().count() / 2;
    let mut right: Vec<Duration> = (0..KEYS).map(|_| server.key(line, "#")).collect();
    server.replace(&text);
    // A letter at the beginning of a line makes it one that cannot be read.
    let mut wrong: Vec<Duration> = (0..KEYS).map(|_| server.key(line, "x")).collect();
    right.sort_unstable();
    wrong.sort_unstable();
    println!(
        "| {} | {:.1} ms | {:.1} ms | {:.1} ms | {:.1} ms |",
        text.lines().count(),
        open.as_secs_f64() * 1e3,
        right[KEYS / 2].as_secs_f64() * 1e3,
        right[KEYS * 9 / 10].as_secs_f64() * 1e3,
        wrong[KEYS / 2].as_secs_f64() * 1e3,
    );
    drop(server);
    std::fs::remove_dir_all(&directory).expect("it is removed");
}

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

    /// How long it takes until there are diagnostics of a text with a letter more.
    fn key(&mut self, line: usize, letter: &str) -> Duration {
        let place = json!({ "line": line, "character": 0 });
        let begin = Instant::now();
        self.change(&json!([{ "range": { "start": place, "end": place }, "text": letter }]));
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
