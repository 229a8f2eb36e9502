//! How long whole runs of the command take, beside programs that do nothing but the reading and writing.
//!
//! `cargo bench` prints the table of `docs/performance.md`. `cargo bench -- 100 1000` measures fleets of these sizes
//! alone. Everything stands in a directory below `FLUX_IDENTITY_BENCH`, else `/dev/shm`, else that for temporary files.

#![expect(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a measurement meets the disk and the clock, and prints what it found"
)]

mod floors;
mod source;

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::floors::{compare_all, digest_all, read_pack, write_all};
use crate::source::Own;

const COMMAND: &str = env!("CARGO_BIN_EXE_flux-identity");

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    match arguments.as_slice() {
        [floor, directory, pack] if floor == "write" => write_all(Path::new(directory), &read_pack(pack)),
        [floor, directory, pack] if floor == "compare" => compare_all(Path::new(directory), &read_pack(pack)),
        [floor, directory, file] if floor == "digest" => digest_all(Path::new(directory), file),
        sizes => measure(sizes),
    }
}

/// A fleet in which no two clusters share an account.
fn fleet(clusters: u32) -> String {
    source::fleet("# A fleet to be measured.", clusters, |at| Own { account: at, more: "" })
}

/// What is measured of one size.
struct Row {
    clusters: u32,
    write: Duration,
    fresh: Duration,
    compare: Duration,
    idle: Duration,
    check: Duration,
    one_changed: Duration,
    peak: u32,
}

fn measure(sizes: &[String]) {
    let sizes: Vec<u32> = sizes.iter().filter_map(|size| size.parse().ok()).collect();
    let sizes = if sizes.is_empty() { vec![100, 1_000, 10_000, 100_000] } else { sizes };
    let place = Place::new();
    println!("start-up (`--version`): {}", milliseconds(median(31, || place.command(&["--version"]))));
    println!();
    println!(
        "| clusters | floor A | fresh build | × A | floor B | idle build | × B | check | one changed | × idle | peak MiB |"
    );
    println!("|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|");
    let rows: Vec<Row> = sizes.into_iter().map(|clusters| place.measure(clusters)).collect();
    println!();
    let base = rows.iter().find(|row| row.clusters == 1_000);
    for row in rows.iter().filter(|row| row.clusters > 1_000) {
        if let Some(base) = base {
            let each = |row: &Row, total: Duration| total.as_secs_f64() * 1e6 / f64::from(row.clusters);
            println!(
                "per cluster at {} against 1,000: fresh {:.2}, idle {:.2}",
                row.clusters,
                each(row, row.fresh) / each(base, base.fresh),
                each(row, row.idle) / each(base, base.idle)
            );
        }
    }
    place.measure_installed();
}

/// A directory for the fleets, cleared at the end.
struct Place {
    directory: PathBuf,
}

impl Place {
    fn new() -> Place {
        let shared = PathBuf::from("/dev/shm");
        let parent = std::env::var_os("FLUX_IDENTITY_BENCH")
            .map_or_else(|| if shared.is_dir() { shared } else { std::env::temp_dir() }, PathBuf::from);
        let directory = parent.join(format!("flux-identity-bench-{}", std::process::id()));
        fs::create_dir_all(&directory).expect("there is room");
        Place { directory }
    }

    /// Runs the command, and tells how long it took.
    fn command(&self, arguments: &[&str]) -> Duration {
        run(Command::new(COMMAND).current_dir(&self.directory).args(arguments))
    }

    fn floor(&self, which: &str, file: &str) -> Duration {
        let this = std::env::current_exe().expect("this program is somewhere");
        run(Command::new(this).current_dir(&self.directory).args([which, ".", file]))
    }

    fn clear(&self) {
        let _may_be_missing = fs::remove_dir_all(self.directory.join("clusters"));
    }

    /// Writes a source; one that is too large for a file, in parts that the root file includes.
    fn write_source(&self, source: &str) {
        const MOST: usize = 12 * 1024 * 1024;
        let mut parts = vec![source];
        while let Some((part, rest)) = parts.last().filter(|part| part.len() > MOST).and_then(|part| {
            let end = part.get(..MOST)?.rfind("\ncluster ")?;
            part.split_at_checked(end + 1)
        }) {
            let last = parts.len() - 1;
            parts[last] = part;
            parts.push(rest);
        }
        let include = if parts.len() > 1 { "include \"parts/*.flux\"\n" } else { "" };
        fs::create_dir_all(self.directory.join("parts")).expect("it is made");
        fs::write(self.directory.join("identity.flux"), format!("{include}{}", parts[0]))
            .expect("it is written");
        for (number, part) in parts.iter().enumerate().skip(1) {
            let path = self.directory.join(format!("parts/{number}.flux"));
            fs::write(path, part).expect("it is written");
        }
    }

    fn measure(&self, clusters: u32) -> Row {
        let times = match clusters {
            0..=1_000 => 21,
            1_001..=10_000 => 9,
            _ => 5,
        };
        let source = fleet(clusters);
        self.write_source(&source);
        self.clear();
        let _first = self.command(&["build"]);
        self.pack();
        let mut samples: [Vec<Duration>; 6] = Default::default();
        for _ in 0..times {
            self.clear();
            samples[0].push(self.floor("write", "pack"));
            self.clear();
            samples[1].push(self.command(&["build"]));
            samples[2].push(self.floor("compare", "pack"));
            samples[3].push(self.command(&["build"]));
            samples[4].push(self.command(&["check"]));
        }
        let second = source.replacen(
            "cluster eks-000000 on eks {\n  use base, eks\n  account = \"1",
            "cluster eks-000000 on eks {\n  use base, eks\n  account = \"2",
            1,
        );
        for turn in 0..times {
            let text = if turn % 2 == 0 { &second } else { &source };
            self.write_source(text);
            samples[5].push(self.command(&["build"]));
        }
        self.write_source(&source);
        let _right = self.command(&["build"]);
        let peak = self.peak();
        let [write, fresh, compare, idle, check, one_changed] = samples.map(middle);
        let row = Row { clusters, write, fresh, compare, idle, check, one_changed, peak };
        let ratio = |one: Duration, other: Duration| one.as_secs_f64() / other.as_secs_f64();
        println!(
            "| {} | {} | {} | {:.2} | {} | {} | {:.2} | {} | {} | {:.2} | {:.1} |",
            row.clusters,
            milliseconds(row.write),
            milliseconds(row.fresh),
            ratio(row.fresh, row.write),
            milliseconds(row.compare),
            milliseconds(row.idle),
            ratio(row.idle, row.compare),
            milliseconds(row.check),
            milliseconds(row.one_changed),
            ratio(row.one_changed, row.idle),
            f64::from(row.peak) / 1024.0
        );
        row
    }

    /// All overlays in one file, for the floors.
    fn pack(&self) {
        let mut paths: Vec<PathBuf> = fs::read_dir(self.directory.join("clusters"))
            .expect("it is there")
            .map(|entry| entry.expect("it is read").path().join("flux-system/kustomization.yaml"))
            .collect();
        paths.sort();
        let mut pack = String::new();
        for path in paths {
            let text = fs::read_to_string(&path).expect("it is read");
            let path = path.strip_prefix(&self.directory).expect("it is below").display().to_string();
            let _infallible = write!(pack, "{path} {}\n{text}", text.len());
        }
        fs::write(self.directory.join("pack"), pack).expect("it is written");
    }

    /// The most memory that an idle build has, in KiB, as Linux tells it.
    fn peak(&self) -> u32 {
        let mut child = Command::new(COMMAND)
            .current_dir(&self.directory)
            .arg("build")
            .stdout(Stdio::null())
            .spawn()
            .expect("it runs");
        let status = format!("/proc/{}/status", child.id());
        let mut peak = 0;
        while child.try_wait().expect("it is a child").is_none() {
            let text = fs::read_to_string(&status).unwrap_or_default();
            let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap_or_default();
            peak = peak.max(line.trim().trim_end_matches(" kB").parse().unwrap_or(0));
        }
        peak
    }

    /// A thousand overlays, each beside a real `gotk-components.yaml`.
    fn measure_installed(&self) {
        let Some(data) = std::env::var_os("FLUX_IDENTITY_DATA") else {
            println!("\nFLUX_IDENTITY_DATA is not set: overlays beside real manifests are not measured");
            return;
        };
        let manifests = PathBuf::from(data).join("gotk/v2.9.3-image/gotk-components.yaml");
        let manifests = fs::read(manifests).expect("they are there");
        fs::write(self.directory.join("identity.flux"), fleet(1_000)).expect("it is written");
        self.clear();
        let _first = self.command(&["build"]);
        for entry in fs::read_dir(self.directory.join("clusters")).expect("it is there") {
            let overlay = entry.expect("it is read").path().join("flux-system");
            fs::write(overlay.join("gotk-components.yaml"), &manifests).expect("it is written");
        }
        let floor = median(5, || self.floor("digest", "gotk-components.yaml"));
        let idle = median(5, || self.command(&["build"]));
        println!(
            "\n1,000 overlays beside real manifests of {} KiB: idle build {}, reading and hashing them {}, ratio {:.2}",
            manifests.len() / 1024,
            milliseconds(idle),
            milliseconds(floor),
            idle.as_secs_f64() / floor.as_secs_f64()
        );
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let _left = fs::remove_dir_all(&self.directory);
    }
}

fn run(command: &mut Command) -> Duration {
    let start = Instant::now();
    let output =
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped()).output().expect("it runs");
    let took = start.elapsed();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?}: {said}");
    took
}

fn median(times: usize, mut sample: impl FnMut() -> Duration) -> Duration {
    middle((0..times).map(|_| sample()).collect())
}

fn middle(mut samples: Vec<Duration>) -> Duration {
    samples.sort();
    samples[samples.len() / 2]
}

fn milliseconds(duration: Duration) -> String {
    format!("{:.1} ms", duration.as_secs_f64() * 1e3)
}
