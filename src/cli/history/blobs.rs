//! The contents of files at a revision. One git process reads all of them, each once.

use std::collections::BTreeMap;
use std::io::{self, BufRead as _, BufReader, ErrorKind, Read as _, Write as _};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;

use crate::cli::programs::{TIME_LIMIT, timed_out};
use crate::workspace::{FILE_LIMIT, SOURCE_LIMIT};

/// A git process that reads objects, and the answers so far.
pub struct ObjectReader {
    command: Command,
    running: Option<Running>,
    known: BTreeMap<String, Result<Arc<[u8]>, ObjectFault>>,
}

/// The reason why an object has no contents.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ObjectFault {
    /// The repository does not have them.
    Lacking,
    TooLarge,
    /// git stopped.
    Stopped,
}

type Answer = Result<Vec<u8>, ObjectFault>;

struct Running {
    child: Child,
    asks: Option<ChildStdin>,
    /// From a thread that reads: nothing else bounds how long reading takes.
    answers: Receiver<io::Result<Answer>>,
}

impl ObjectReader {
    /// The objects that this git reads. It starts with the first request.
    pub const fn new(command: Command) -> ObjectReader {
        ObjectReader { command, running: None, known: BTreeMap::new() }
    }

    pub fn contents(&mut self, object: &str) -> Result<Arc<[u8]>, ObjectFault> {
        if let Some(known) = self.known.get(object) {
            return known.clone();
        }
        let known = self.ask(object).unwrap_or(Err(ObjectFault::Stopped)).map(Arc::from);
        self.known.insert(object.to_owned(), known.clone());
        known
    }

    /// The objects that were asked for and that the repository does not have.
    pub fn missing(&self) -> impl Iterator<Item = &str> {
        let missing = self.known.iter().filter(|(_, known)| matches!(known, Err(ObjectFault::Lacking)));
        missing.map(|(object, _)| object.as_str())
    }

    fn ask(&mut self, object: &str) -> io::Result<Answer> {
        let running = match &mut self.running {
            Some(running) => running,
            none => none.insert(start(&mut self.command)?),
        };
        let asks = running.asks.as_mut().ok_or(ErrorKind::BrokenPipe)?;
        writeln!(asks, "{object}")?;
        asks.flush()?;
        let answer = running.answers.recv_timeout(TIME_LIMIT).unwrap_or_else(|_| Err(timed_out()));
        if answer.is_err() {
            // Later answers would belong to no request.
            running.asks = None;
            let _ = running.child.kill();
        }
        answer
    }
}

impl Drop for ObjectReader {
    fn drop(&mut self) {
        if let Some(Running { mut child, asks, answers: _ }) = self.running.take() {
            drop(asks);
            // It ends when its input ends.
            let _ = child.wait();
        }
    }
}

fn start(command: &mut Command) -> io::Result<Running> {
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut child = command.spawn()?;
    let gone = || io::Error::from(ErrorKind::BrokenPipe);
    let asks = child.stdin.take();
    let stdout = child.stdout.take().ok_or_else(gone)?;
    let (sender, answers) = channel();
    thread::Builder::new().spawn(move || read_answers(stdout, &sender))?;
    Ok(Running { child, asks, answers })
}

/// Reads answers until git ends or the receiver is gone.
fn read_answers(stdout: ChildStdout, answers: &Sender<io::Result<Answer>>) {
    let mut stdout = BufReader::new(stdout);
    loop {
        let answer = read_answer(&mut stdout);
        let is_last = !matches!(answer, Ok(Ok(_) | Err(ObjectFault::Lacking | ObjectFault::TooLarge)));
        if answers.send(answer).is_err() || is_last {
            return;
        }
    }
}

fn read_answer(stdout: &mut BufReader<ChildStdout>) -> io::Result<Answer> {
    let mut head = String::new();
    stdout.read_line(&mut head)?;
    // `OBJECT TYPE SIZE`, or `OBJECT missing`.
    let size = head.trim_end().split(' ').nth(2).and_then(|size| size.parse::<u64>().ok());
    let Some(size) = size else {
        return Ok(Err(if head.is_empty() { ObjectFault::Stopped } else { ObjectFault::Lacking }));
    };
    let mut contents = stdout.take(size.saturating_add(1));
    if size <= FILE_LIMIT.max(SOURCE_LIMIT) {
        let mut bytes = Vec::new();
        contents.read_to_end(&mut bytes)?;
        let is_whole = bytes.pop() == Some(b'\n');
        return Ok(if is_whole { Ok(bytes) } else { Err(ObjectFault::Stopped) });
    }
    io::copy(&mut contents, &mut io::sink())?;
    Ok(Err(ObjectFault::TooLarge))
}
