//! Time and memory grow in proportion to the input, whatever it is: in instructions and bytes, not in seconds.
//!
//! Valgrind counts the instructions of each command for each shape (`benches/proportion/shapes`), at one size and at four
//! times that. To start it for each run would take a second each, so that this program runs under it, once for each
//! processor, and calls the command many times. It needs `FLUX_IDENTITY_THOROUGH`. `FLUX_IDENTITY_SHAPES=words` measures only
//! the shapes whose names have these words.

#![expect(clippy::disallowed_types, reason = "a run that hangs is told by its time")]
#![expect(clippy::cast_precision_loss, reason = "counts are compared within a few percent")]

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fmt::Write as _;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{self, Child, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use crate::harness::is_thorough;
use crate::real::prove;
use crate::shapes::{self, Command, Shape};

/// The instructions by which runs of the same input differ: they hash with other keys each time.
const NOISE: f64 = 250_000.0;
/// How much larger the second of two sizes is.
const TIMES: usize = 3;
/// In how many processes the commands are counted at once, at most.
const PROCESSES: usize = 4;
/// How long that may take before all of them are ended.
const PATIENCE: Duration = Duration::from_secs(900);
/// What tells the process that is counted what to run: the path of a list of directories and arguments.
const LIST: &str = "FLUX_IDENTITY_COUNTED";

/// A directory, and the commands that are run in it one after the other.
struct Job {
    directory: PathBuf,
    commands: &'static [Command],
    /// How large the input is, in bytes.
    bytes: usize,
}

#[test]
fn no_command_takes_more_instructions_than_in_proportion_to_its_input() {
    if !is_thorough() {
        skip("FLUX_IDENTITY_THOROUGH is not set");
        return;
    }
    if !has_valgrind() {
        skip("valgrind is not installed");
        return;
    }
    let place = tempfile::tempdir().expect("there is room for a directory");
    let shapes = chosen();
    let mut jobs: Vec<Job> = Vec::new();
    // What a command takes for next to nothing is the same for all shapes, near enough to count it once.
    let mut least_of: BTreeMap<&'static [Command], usize> = BTreeMap::new();
    for (shape, small) in &shapes {
        let _known = least_of.entry(shape.commands).or_insert_with(|| {
            jobs.push(job(shape, &shape.of(1), &place.path().join(format!("{}-least", jobs.len()))));
            jobs.len() - 1
        });
        for bytes in [*small, small * TIMES] {
            jobs.push(job(
                shape,
                &shape.with_size(bytes),
                &place.path().join(format!("{}-{bytes}", jobs.len())),
            ));
        }
    }
    let least: Vec<usize> = least_of.values().copied().collect();
    let counts = count(&jobs, &least, place.path());
    let (mut report, mut over) = (String::new(), 0);
    let mut at = 0;
    for (shape, _) in &shapes {
        let least = least_of[shape.commands];
        if least == at {
            at += 1;
        }
        let larger = jobs[at + 1].bytes as f64 / jobs[at].bytes as f64;
        for (command, arguments) in shape.commands.iter().enumerate() {
            let [least, less, more] = [least, at, at + 1].map(|job| counts[job][command]);
            // The first unit of another shape may take as much as many of this one: then it is no constant of the command.
            let least = if least > less / 2 { 0 } else { least };
            let grown = more.saturating_sub(least) as f64 / less.saturating_sub(least).max(1) as f64;
            let exponent = grown.ln() / larger.ln();
            let is_over = more as f64
                > least as f64 + (less.saturating_sub(least) as f64) * larger * shape.more + NOISE;
            over += usize::from(is_over);
            let mark = if is_over { " OVER" } else { "" };
            let (bytes, name, arguments) = (jobs[at + 1].bytes, shape.name, arguments.join(" "));
            let _infallible =
                writeln!(report, "{exponent:5.2} {less:>11} {more:>11} {bytes:>7} {name}: {arguments}{mark}");
        }
        at += 2;
    }
    println!("{report}");
    assert!(over == 0, "{over} of these grow too fast:\n{report}");
    if std::env::var_os("FLUX_IDENTITY_SHAPES").is_none() {
        assert!(shapes.len() >= 60, "{} shapes", shapes.len());
        prove("proportion by valgrind");
    }
}

/// What valgrind runs.
#[test]
#[ignore = "it is run by the test of proportion, under valgrind"]
fn counted() {
    let Some(list) = std::env::var_os(LIST) else { return };
    let list = fs::read_to_string(list).expect("the list is there");
    for line in list.lines() {
        let arguments = ["flux-identity", "-C"].into_iter().chain(line.split('\t')).map(OsString::from);
        let status = measured(arguments.collect());
        assert!(status <= 1, "{line} ended with {status}");
    }
}

/// Runs the command in this process. Valgrind knows this function by its name.
#[inline(never)]
fn measured(arguments: Vec<OsString>) -> u8 {
    flux_identity::cli::main_with(arguments)
}

/// The shapes that are counted, and the smaller size of each.
fn chosen() -> Vec<(Shape, usize)> {
    let wanted = std::env::var("FLUX_IDENTITY_SHAPES").unwrap_or_default();
    let all = shapes::all().into_iter().filter_map(|shape| Some((shape, shape.counted?)));
    all.filter(|(shape, _)| shape.name.contains(&wanted)).collect()
}

fn job(shape: &Shape, files: &[shapes::File], directory: &Path) -> Job {
    write(directory, files);
    Job { directory: directory.to_owned(), commands: shape.commands, bytes: shapes::size(files) }
}

fn write(directory: &Path, files: &[shapes::File]) {
    for (path, text) in files {
        let path = directory.join(path);
        fs::create_dir_all(path.parent().expect("it has a parent")).expect("the directory is made");
        fs::write(path, text).expect("the file is written");
    }
}

/// The instructions of each command of each job. Each process runs the commands of `warming` before it is counted: what is
/// set up once for all runs would otherwise count for the first.
fn count(jobs: &[Job], warming: &[usize], place: &Path) -> Vec<Vec<u64>> {
    let shares = shares(jobs);
    let runs_before: usize = warming.iter().map(|job| jobs[*job].commands.len()).sum();
    let mut children: Vec<Counting> = shares
        .iter()
        .enumerate()
        .map(|(process, share)| {
            Counting::start(process, warming.iter().chain(share).map(|job| &jobs[*job]), place)
        })
        .collect();
    let start = Instant::now();
    while children.iter_mut().any(Counting::goes_on) {
        assert!(start.elapsed() < PATIENCE, "it takes more than {PATIENCE:?}");
        thread::sleep(Duration::from_millis(100));
    }
    let mut counts = vec![Vec::new(); jobs.len()];
    for (mut child, share) in children.into_iter().zip(&shares) {
        let mut totals = child.totals().into_iter().skip(runs_before);
        for job in share {
            counts[*job] = totals.by_ref().take(jobs[*job].commands.len()).collect();
            assert!(counts[*job].len() == jobs[*job].commands.len(), "there is a count for each run");
        }
    }
    counts
}

/// Which jobs each process has, so that all end at about the same time.
fn shares(jobs: &[Job]) -> Vec<Vec<usize>> {
    let processes = thread::available_parallelism().map_or(1, |number| number.get().min(PROCESSES));
    let mut shares = vec![(0, Vec::new()); processes];
    for (at, job) in jobs.iter().enumerate() {
        let share = shares.iter_mut().min_by_key(|(bytes, _)| *bytes).expect("there is a process");
        share.0 += job.bytes * job.commands.len();
        share.1.push(at);
    }
    shares.into_iter().map(|(_, share)| share).collect()
}

/// A process that runs some commands and is counted. It ends with this, whatever happens.
struct Counting {
    child: Child,
    out: PathBuf,
}

impl Counting {
    fn start<'j>(process: usize, jobs: impl Iterator<Item = &'j Job>, place: &Path) -> Counting {
        let lines = |job: &Job| {
            let line =
                |arguments: &Command| format!("{}\t{}\n", job.directory.display(), arguments.join("\t"));
            job.commands.iter().map(line).collect::<String>()
        };
        let list = place.join(format!("list-{process}"));
        fs::write(&list, jobs.map(lines).collect::<String>()).expect("the list is written");
        let out = place.join(format!("counts-{process}"));
        let said = File::create(out.with_extension("err")).expect("the file is made");
        let child = process::Command::new("valgrind")
            .args(["-q", "--tool=callgrind", "--combine-dumps=yes", "--dump-line=no"])
            .args(["--zero-before=suite::proportion::measured", "--dump-after=suite::proportion::measured"])
            .arg(format!("--callgrind-out-file={}", out.display()))
            .arg(std::env::current_exe().expect("this program is somewhere"))
            .args(["proportion::counted", "--exact", "--ignored", "--nocapture", "--test-threads=1"])
            .env(LIST, list)
            .env_remove("RUST_BACKTRACE")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(said)
            .spawn();
        Counting { child: child.expect("valgrind runs"), out }
    }

    fn goes_on(&mut self) -> bool {
        self.child.try_wait().expect("it was started").is_none()
    }

    /// What it counted, once it has ended.
    fn totals(&mut self) -> Vec<u64> {
        let status = self.child.wait().expect("it was started");
        let said = fs::read_to_string(self.out.with_extension("err")).unwrap_or_default();
        let last: Vec<&str> = said.lines().rev().take(5).collect();
        assert!(status.success(), "valgrind: {last:?}");
        totals(&self.out)
    }
}

impl Drop for Counting {
    fn drop(&mut self) {
        let _gone = self.child.kill();
        let _status = self.child.wait();
    }
}

/// The instructions of each run, as callgrind wrote them; the last are those behind all runs.
fn totals(out: &Path) -> Vec<u64> {
    let text = fs::read_to_string(out).expect("callgrind has written");
    let totals = text.lines().filter_map(|line| line.strip_prefix("totals: "));
    let mut totals: Vec<u64> = totals.map(|total| total.trim().parse().expect("a number")).collect();
    let _rest = totals.pop();
    totals
}

fn has_valgrind() -> bool {
    let found = process::Command::new("valgrind")
        .arg("--version")
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    found.is_ok_and(|status| status.success())
}

#[expect(clippy::print_stderr, reason = "a skipped test says so")]
fn skip(why: &str) {
    eprintln!("skipped: {why}");
}
