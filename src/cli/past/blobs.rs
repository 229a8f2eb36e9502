//! The contents of files at a revision. One git tells all of them, each once.

use std::collections::BTreeMap;
use std::io::{self, BufRead as _, BufReader, Read as _, Write as _};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::Arc;

use crate::workspace::{FILE_LIMIT, SOURCE_LIMIT};

/// A git that tells contents, and what it has told.
pub struct Blobs {
    command: Command,
    running: Option<Running>,
    told: BTreeMap<String, Result<Arc<[u8]>, NotTold>>,
}

/// Why there are no contents.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotTold {
    /// The repository does not have them.
    Lacking,
    /// They are too large.
    TooLarge,
    /// git stopped.
    Stopped,
}

struct Running {
    child: Child,
    asks: ChildStdin,
    answers: BufReader<ChildStdout>,
}

impl Blobs {
    /// What this git tells. It is started when somebody asks.
    pub const fn new(command: Command) -> Blobs {
        Blobs { command, running: None, told: BTreeMap::new() }
    }

    /// The contents of an object.
    pub fn contents(&mut self, object: &str) -> Result<Arc<[u8]>, NotTold> {
        if let Some(told) = self.told.get(object) {
            return told.clone();
        }
        let told = self.ask(object).unwrap_or(Err(NotTold::Stopped)).map(Arc::from);
        let _new = self.told.insert(object.to_owned(), told.clone());
        told
    }

    fn ask(&mut self, object: &str) -> io::Result<Result<Vec<u8>, NotTold>> {
        let running = match &mut self.running {
            Some(running) => running,
            none => none.insert(start(&mut self.command)?),
        };
        writeln!(running.asks, "{object}")?;
        running.asks.flush()?;
        let mut head = String::new();
        let _length = running.answers.read_line(&mut head)?;
        // `OBJECT TYPE SIZE`, or `OBJECT missing`.
        let size = head.trim_end().split(' ').nth(2).and_then(|size| size.parse::<u64>().ok());
        let Some(size) = size else {
            return Ok(Err(if head.is_empty() { NotTold::Stopped } else { NotTold::Lacking }));
        };
        let mut contents = running.answers.by_ref().take(size.saturating_add(1));
        if size <= FILE_LIMIT.max(SOURCE_LIMIT) {
            let mut bytes = Vec::new();
            let _length = contents.read_to_end(&mut bytes)?;
            let is_whole = bytes.pop() == Some(b'\n');
            return Ok(if is_whole { Ok(bytes) } else { Err(NotTold::Stopped) });
        }
        let _length = io::copy(&mut contents, &mut io::sink())?;
        Ok(Err(NotTold::TooLarge))
    }
}

impl Drop for Blobs {
    fn drop(&mut self) {
        if let Some(Running { mut child, asks, answers }) = self.running.take() {
            drop((asks, answers));
            // It ends when nobody asks any more.
            let _ended = child.wait();
        }
    }
}

fn start(command: &mut Command) -> io::Result<Running> {
    let _command = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut child = command.spawn()?;
    let gone = || io::Error::from(io::ErrorKind::BrokenPipe);
    let asks = child.stdin.take().ok_or_else(gone)?;
    let answers = BufReader::new(child.stdout.take().ok_or_else(gone)?);
    Ok(Running { child, asks, answers })
}
