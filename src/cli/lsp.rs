//! `lsp`: the language server, on standard input and output.

use std::io;

use crate::cli::exit::Exit;
use crate::cli::terminal::Terminal;
use crate::lsp;
use crate::workspace::cause;

/// Runs the server until the editor ends it.
#[expect(clippy::disallowed_methods, reason = "the terminal and the current directory are met here")]
pub fn run(terminal: &mut Terminal) -> Exit {
    let directory = match std::env::current_dir() {
        Ok(directory) => directory,
        Err(error) => {
            terminal.error(&format!("cannot read the current directory: {}", cause(&error)), None);
            return Exit::Failed;
        }
    };
    match lsp::serve(io::BufReader::new(io::stdin()), &mut io::stdout().lock(), directory) {
        Ok(true) => Exit::Right,
        Ok(false) => Exit::Wrong,
        Err(error) => {
            terminal.error(&format!("cannot write to the editor: {}", cause(&error)), None);
            Exit::Failed
        }
    }
}
