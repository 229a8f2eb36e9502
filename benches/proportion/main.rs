//! How time and memory grow with the input: the shapes that the suite counts, at full size.
//!
//! `cargo bench --bench proportion` prints a table for 16 KiB to 1 MiB of each; behind `--` stand words that the names of
//! shapes must have. Everything stands in a directory below `FLUX_IDENTITY_BENCH`, else `/dev/shm`, else that for temporary
//! files.

#![expect(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a measurement meets the disk and the clock, and prints what it found"
)]

mod shapes;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::shapes::Shape;

const COMMAND: &str = env!("CARGO_BIN_EXE_flux-identity");
/// The sizes in bytes.
const SIZES: [usize; 4] = [16 << 10, 64 << 10, 256 << 10, 1 << 20];
/// What takes longer is not measured at larger sizes.
const PATIENCE: Duration = Duration::from_secs(20);

fn main() {
    let wanted: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    let place = place();
    println!("| shape | command | 16 KiB | 64 KiB | 256 KiB | 1 MiB | exponent | peak MiB |");
    println!("|---|---|--:|--:|--:|--:|--:|--:|");
    for shape in shapes::all() {
        if wanted.iter().all(|word| shape.name.contains(word.as_str())) {
            measure(&shape, &place);
        }
    }
    let _left = fs::remove_dir_all(&place);
}

fn place() -> PathBuf {
    let shared = PathBuf::from("/dev/shm");
    let parent = std::env::var_os("FLUX_IDENTITY_BENCH")
        .map_or_else(|| if shared.is_dir() { shared } else { std::env::temp_dir() }, PathBuf::from);
    parent.join(format!("flux-identity-proportion-{}", std::process::id()))
}

/// What one run took.
struct Took {
    bytes: usize,
    time: Duration,
    /// The most memory that it had, in KiB.
    peak: u32,
}

fn measure(shape: &Shape, place: &Path) {
    for command in shape.commands {
        let mut all: Vec<Took> = Vec::new();
        for size in SIZES {
            if all.last().is_none_or(|took| took.time < PATIENCE) {
                all.push(run(shape, command, size, place));
            }
        }
        let times: Vec<String> = (0..SIZES.len())
            .map(|at| all.get(at).map_or_else(String::new, |took| milliseconds(took.time)))
            .collect();
        let exponent = all.first().zip(all.last()).map_or(0.0, |(first, last)| exponent(first, last));
        let peak = all.last().map_or(0, |took| took.peak);
        println!(
            "| {}{} | {} | {} | {exponent:.2} | {:.0} |",
            shape.name,
            // The tests count the instructions of these.
            match shape.counted {
                Some(_) if shape.more < 1.3 => " (counted closely)",
                Some(_) => " (counted)",
                None => "",
            },
            command.join(" "),
            times.join(" | "),
            f64::from(peak) / 1024.0
        );
    }
}

fn exponent(first: &Took, last: &Took) -> f64 {
    let to_f64 = |number: usize| f64::from(u32::try_from(number).expect("a size"));
    (last.time.as_secs_f64() / first.time.as_secs_f64()).ln()
        / (to_f64(last.bytes) / to_f64(first.bytes)).ln()
}

/// The quickest of three runs, each in a new directory; of one, if that is slow.
fn run(shape: &Shape, command: &[&str], size: usize, place: &Path) -> Took {
    let files = shape.with_size(size);
    let mut best: Option<Took> = None;
    for _ in 0..3 {
        let _left = fs::remove_dir_all(place);
        for (path, text) in &files {
            let path = place.join(path);
            fs::create_dir_all(path.parent().expect("it has one")).expect("it is made");
            fs::write(path, text).expect("it is written");
        }
        let took = once(command, shapes::size(&files), place);
        let is_slow = took.time > Duration::from_secs(1);
        if best.as_ref().is_none_or(|best| took.time < best.time) {
            best = Some(took);
        }
        if is_slow {
            break;
        }
    }
    best.expect("it ran")
}

fn once(command: &[&str], bytes: usize, place: &Path) -> Took {
    let start = Instant::now();
    let mut child = Command::new(COMMAND)
        .current_dir(place)
        .args(command)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("it runs");
    let status = format!("/proc/{}/status", child.id());
    let mut peak = 0;
    while child.try_wait().expect("it is a child").is_none() {
        let text = fs::read_to_string(&status).unwrap_or_default();
        let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap_or_default();
        peak = peak.max(line.trim().trim_end_matches(" kB").parse().unwrap_or(0));
        std::thread::sleep(Duration::from_micros(200));
    }
    Took { bytes, time: start.elapsed(), peak }
}

fn milliseconds(duration: Duration) -> String {
    format!("{:.1} ms", duration.as_secs_f64() * 1e3)
}
