//! Standard output and standard error. Results go to the first, everything else to the second.

use std::io::{self, BufWriter, ErrorKind, IsTerminal as _, Write};

use clap::ValueEnum;
use rustix::termios::tcgetwinsize;

use crate::cli::exit::Exit;
use crate::problem::render::sanitized;
use crate::workspace::cause;

/// When to color.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ColorChoice {
    /// On a terminal
    Auto,
    /// Everywhere
    Always,
    /// Nowhere
    Never,
}

/// How many bytes of a result that is printed while it is made go out at once.
const BUFFER: usize = 64 * 1024;

/// Both streams, and what became of them.
pub struct Terminal {
    color: ColorChoice,
    /// Why the results could not be written.
    failed: Option<io::Error>,
}

impl Terminal {
    /// The streams of this process.
    pub fn new(color: ColorChoice) -> Terminal {
        Terminal { color, failed: None }
    }

    /// Prints a result. A reader that has gone away is no error.
    pub fn print(&mut self, text: &str) {
        self.print_all(text.as_bytes());
    }

    /// Prints a result of whatever bytes: as they are for a program, harmless for people.
    #[expect(clippy::disallowed_methods, reason = "the terminal is met here")]
    pub fn print_bytes(&mut self, bytes: &[u8]) {
        if io::stdout().is_terminal() {
            self.print(&sanitized(&String::from_utf8_lossy(bytes)));
        } else {
            self.print_all(bytes);
        }
    }

    /// Prints a result while it is made, so that it is nowhere in memory as a whole.
    #[expect(clippy::disallowed_methods, reason = "the terminal is met here")]
    pub fn stream(&mut self, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) {
        let mut out = BufWriter::with_capacity(BUFFER, io::stdout().lock());
        let error = write(&mut out).and_then(|()| out.flush()).err();
        self.failed = error.filter(|error| error.kind() != ErrorKind::BrokenPipe).or(self.failed.take());
        // Whatever is left in the buffer cannot be written.
        let _ = out.into_parts();
    }

    /// The same for a result that is harmless for a program and not for people, as [`Terminal::print_bytes`] has it.
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

    /// Says something that is no result. If that cannot be written, there is nobody to tell.
    #[expect(clippy::disallowed_methods, reason = "the terminal is met here")]
    #[expect(clippy::unused_self, reason = "it is the terminal that speaks")]
    pub fn tell(&mut self, text: &str) {
        let mut err = io::stderr().lock();
        let _ = err.write_all(text.as_bytes()).and_then(|()| err.flush());
    }

    /// Says what is wrong, where it is not in a source.
    pub fn error(&mut self, message: &str, help: Option<&str>) {
        let help = help.map_or_else(String::new, |help| format!("  = help: {help}\n"));
        let text = format!("error: {message}\n{help}");
        self.tell(&sanitized(&text));
    }

    /// Whether what goes to standard error is colored.
    #[expect(clippy::disallowed_methods, reason = "the terminal is met here")]
    pub fn colors_errors(&self) -> bool {
        self.colors(io::stderr().is_terminal())
    }

    /// Whether what goes to standard output is colored.
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

    /// How many characters a line of the results has on a terminal: what `COLUMNS` says, else what the terminal says;
    /// nothing where they go elsewhere, for a shell may export its own `COLUMNS` to whoever writes into a pipe.
    #[expect(clippy::disallowed_methods, reason = "the terminal and the environment are met here")]
    #[expect(clippy::unused_self, reason = "it is the terminal that is so wide")]
    pub fn width(&self) -> Option<usize> {
        let out = io::stdout();
        if !out.is_terminal() {
            return None;
        }
        let said = std::env::var_os("COLUMNS").and_then(|said| said.to_str()?.parse().ok());
        let has = || tcgetwinsize(&out).ok().map(|size| usize::from(size.ws_col));
        let is_some = |width: &usize| *width > 0;
        said.filter(is_some).or_else(|| has().filter(is_some)).or(Some(80))
    }

    /// The exit status of a run that ended so, now that all is said.
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
