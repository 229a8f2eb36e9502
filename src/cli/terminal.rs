//! Standard output for results, standard error for everything else.

use std::io::{self, BufWriter, ErrorKind, IsTerminal as _, Write};

use clap::ValueEnum;
use terminal_size::terminal_size_of;

use crate::cli::exit::Exit;
use crate::problem::render::sanitized;
use crate::workspace::cause;

/// When to color the output.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ColorChoice {
    /// Only on a terminal
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

/// The buffer size of a streamed result, in bytes.
const BUFFER: usize = 64 * 1024;

/// Both streams of the process.
pub struct Terminal {
    color: ColorChoice,
    /// The first write error on standard output.
    failed: Option<io::Error>,
}

impl Terminal {
    pub fn new(color: ColorChoice) -> Terminal {
        Terminal { color, failed: None }
    }

    /// Prints a result. A closed pipe is not an error.
    pub fn print(&mut self, text: &str) {
        self.print_all(text.as_bytes());
    }

    /// Prints a result that may not be UTF-8: unchanged to a pipe, without control characters to a terminal.
    #[expect(clippy::disallowed_methods, reason = "the terminal is met here")]
    pub fn print_bytes(&mut self, bytes: &[u8]) {
        if io::stdout().is_terminal() {
            self.print(&sanitized(&String::from_utf8_lossy(bytes)));
        } else {
            self.print_all(bytes);
        }
    }

    /// Prints a result while it is generated, so that it is never in memory as a whole.
    #[expect(clippy::disallowed_methods, reason = "the terminal is met here")]
    pub fn stream(&mut self, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) {
        let mut out = BufWriter::with_capacity(BUFFER, io::stdout().lock());
        let error = write(&mut out).and_then(|()| out.flush()).err();
        self.failed = error.filter(|error| error.kind() != ErrorKind::BrokenPipe).or(self.failed.take());
        // Dropping the writer would flush again.
        let _ = out.into_parts();
    }

    /// Streams a result to a pipe; to a terminal, prints it as [`Terminal::print_bytes`] does.
    #[expect(clippy::disallowed_methods, reason = "the terminal is met here")]
    pub fn stream_bytes(&mut self, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) {
        if io::stdout().is_terminal() {
            let mut bytes = Vec::new();
            let _ = write(&mut bytes);
            self.print_bytes(&bytes);
        } else {
            self.stream(write);
        }
    }

    #[expect(clippy::disallowed_methods, reason = "the terminal is met here")]
    fn print_all(&mut self, bytes: &[u8]) {
        let mut out = io::stdout().lock();
        if let Err(error) = out.write_all(bytes).and_then(|()| out.flush())
            && error.kind() != ErrorKind::BrokenPipe
        {
            self.failed = Some(error);
        }
    }

    /// Prints to standard error. Write errors are ignored.
    #[expect(clippy::disallowed_methods, reason = "the terminal is met here")]
    #[expect(clippy::unused_self, reason = "callers print through the terminal")]
    pub fn tell(&mut self, text: &str) {
        let mut err = io::stderr().lock();
        let _ = err.write_all(text.as_bytes()).and_then(|()| err.flush());
    }

    /// Prints an error that has no location in a source.
    pub fn error(&mut self, message: &str, help: Option<&str>) {
        let help = help.map_or_else(String::new, |help| format!("  = help: {help}\n"));
        let text = format!("error: {message}\n{help}");
        self.tell(&sanitized(&text));
    }

    /// True if standard error is colored.
    #[expect(clippy::disallowed_methods, reason = "the terminal is met here")]
    pub fn colors_errors(&self) -> bool {
        self.colors(io::stderr().is_terminal())
    }

    /// True if standard output is colored.
    #[expect(clippy::disallowed_methods, reason = "the terminal is met here")]
    pub fn colors_results(&self) -> bool {
        self.colors(io::stdout().is_terminal())
    }

    #[expect(clippy::disallowed_methods, reason = "the environment is met here")]
    fn colors(&self, is_terminal: bool) -> bool {
        let is_set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty() && value != "0");
        let has_no_color = || std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        let is_dumb = || std::env::var_os("TERM").is_some_and(|value| value == "dumb");
        match self.color {
            ColorChoice::Always => true,
            ColorChoice::Never => false,
            ColorChoice::Auto if has_no_color() => false,
            ColorChoice::Auto if is_set("CLICOLOR_FORCE") => true,
            ColorChoice::Auto => is_terminal && !is_dumb(),
        }
    }

    /// The width of standard output on a terminal, in characters: `COLUMNS`, or else the width of the terminal. `None` in
    /// a pipe, because a shell may export its own `COLUMNS`.
    #[expect(clippy::disallowed_methods, reason = "the terminal and the environment are met here")]
    #[expect(clippy::unused_self, reason = "the width belongs to the terminal")]
    pub fn width(&self) -> Option<usize> {
        let out = io::stdout();
        if !out.is_terminal() {
            return None;
        }
        let columns = std::env::var_os("COLUMNS").and_then(|columns| columns.to_str()?.parse().ok());
        let has = || terminal_size_of(&out).map(|(width, _)| usize::from(width.0));
        let is_some = |width: &usize| *width > 0;
        columns.filter(is_some).or_else(|| has().filter(is_some)).or(Some(80))
    }

    /// The exit status of the run: a write error on standard output is a failure.
    pub fn finish(&mut self, exit: Exit) -> Exit {
        match self.failed.take() {
            Some(error) => {
                self.error(&format!("cannot write to standard output: {}", cause(&error)), None);
                Exit::Failed
            }
            None => exit,
        }
    }
}
