//! Time and memory grow in proportion to the input, whatever it is: in instructions and bytes, not in seconds.
//!
//! Valgrind counts the instructions of each command for each shape (`benches/proportion/shapes`), at one size and at four
//! times that. To start it for each run would take a second each, so that this program runs under it, twice at once, and
//! calls the command many times. `FLUX_IDENTITY_SHAPES=words` measures only the shapes whose names have these words.

use std::ffi::OsString;
use std::fmt::Write as _;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use crate::real::prove;
use crate::shapes::{self, Shape};

/// How much more than in proportion may be taken at four times the size: 30 % at each doubling. An exponent of 1.38 is
/// what that comes to; what grows by the square comes to 16 / 4 = 4 once it is most of the work.
const MORE: f64 = 1.3 * 1.3;
/// How much larger the second of two sizes is.
const TIMES: usize = 4;
/// In how many processes the commands are counted at once.
const PROCESSES: usize = 2;
/// What tells the process that is counted what to run: the path of a list of directories and arguments.
const LIST: &str = "FLUX_IDENTITY_COUNTED";

/// One run of a command that is counted.
struct Run {
    /// The name of the shape, and the command.
    name: String,
    directory: PathBuf,
    arguments: &'static [&'static str],
    /// How large the input is, in bytes.
    bytes: usize,
}

#[test]
fn no_command_takes_more_instructions_than_in_proportion_to_its_input() {
    if !has_valgrind() {
        skip("valgrind is not installed");
        return;
    }
    let place = tempfile::tempdir().expect("there is room for a directory");
    let shapes = chosen();
    let runs: Vec<Run> =
        shapes.iter().enumerate().flat_map(|(at, shape)| runs(at, shape, place.path())).collect();
    let counts = count(&runs, place.path());
    let mut report = String::new();
    let mut worst = 0;
    for (runs, counts) in runs.chunks(3).zip(counts.chunks(3)) {
        let ([_, small, large], [least, less, more]) = (runs, counts) else { panic!("three sizes each") };
        let grown = (more - least) as f64 / (less - least).max(1) as f64;
        let larger = large.bytes as f64 / small.bytes as f64;
        let exponent = grown.ln() / larger.ln();
        let is_over = grown > larger * MORE;
        if is_over {
            worst += 1;
        }
        let mark = if is_over { "OVER" } else { "" };
        let _infallible =
            writeln!(report, "{exponent:5.2} {less:>11} {more:>11} {:>7} {} {mark}", large.bytes, small.name);
    }
    println!("{report}");
    assert!(worst == 0, "{worst} of these grow too fast:\n{report}");
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

fn chosen() -> Vec<Shape> {
    let wanted = std::env::var("FLUX_IDENTITY_SHAPES").unwrap_or_default();
    shapes::all().into_iter().filter(|shape| shape.name.contains(&wanted)).collect()
}

/// Each command of a shape at three sizes: next to nothing, small, and larger.
fn runs(at: usize, shape: &Shape, place: &Path) -> Vec<Run> {
    let files = [shape.of(1), shape.with_size(shape.small), shape.with_size(shape.small * TIMES)];
    let sizes: Vec<(PathBuf, usize)> = files
        .iter()
        .enumerate()
        .map(|(size, files)| {
            let directory = place.join(format!("{at}-{size}"));
            write(&directory, files);
            (directory, shapes::size(files))
        })
        .collect();
    let of_command = |arguments: &&'static [&'static str]| {
        let arguments = *arguments;
        let name = format!("{}: {}", shape.name, arguments.join(" "));
        let one = move |(directory, bytes): (PathBuf, usize)| Run {
            name: name.clone(),
            directory,
            arguments,
            bytes,
        };
        sizes.clone().into_iter().map(one)
    };
    shape.commands.iter().flat_map(of_command).collect()
}

fn write(directory: &Path, files: &[shapes::File]) {
    for (path, text) in files {
        let path = directory.join(path);
        fs::create_dir_all(path.parent().expect("it has a parent")).expect("the directory is made");
        fs::write(path, text).expect("the file is written");
    }
}

/// The instructions of each run.
fn count(runs: &[Run], place: &Path) -> Vec<u64> {
    // Each process has every so many shapes, so that all end at about the same time; the order of a shape's runs is kept.
    let shares: Vec<Vec<usize>> = (0..PROCESSES)
        .map(|process| (0..runs.len()).filter(|run| run / 3 % PROCESSES == process).collect())
        .collect();
    let children: Vec<(Child, PathBuf)> = shares
        .iter()
        .enumerate()
        .map(|(process, share)| valgrind(process, share.iter().map(|run| &runs[*run]), place))
        .collect();
    let mut counts = vec![0; runs.len()];
    for ((mut child, out), share) in children.into_iter().zip(&shares) {
        let status = child.wait().expect("it was started");
        let said = fs::read_to_string(out.with_extension("err")).unwrap_or_default();
        let last: Vec<&str> = said.lines().rev().take(5).collect();
        assert!(status.success(), "valgrind: {last:?}");
        let totals = totals(&out);
        assert!(totals.len() == share.len(), "{} counts of {} runs", totals.len(), share.len());
        for (run, total) in share.iter().zip(totals) {
            counts[*run] = total;
        }
    }
    counts
}

/// Runs some commands in a process that is counted. Its counts are written to the file that comes back.
fn valgrind<'r>(process: usize, runs: impl Iterator<Item = &'r Run>, place: &Path) -> (Child, PathBuf) {
    let line = |run: &Run| format!("{}\t{}\n", run.directory.display(), run.arguments.join("\t"));
    let list = place.join(format!("list-{process}"));
    fs::write(&list, runs.map(line).collect::<String>()).expect("the list is written");
    let out = place.join(format!("counts-{process}"));
    let said = File::create(out.with_extension("err")).expect("the file is made");
    let child = Command::new("valgrind")
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
    (child.expect("valgrind runs"), out)
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
    let found =
        Command::new("valgrind").arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status();
    found.is_ok_and(|status| status.success())
}

#[expect(clippy::print_stderr, reason = "a skipped test says so")]
fn skip(why: &str) {
    eprintln!("skipped: {why}");
}
