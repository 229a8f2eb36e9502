//! Builds that are killed at any moment.

#![expect(clippy::disallowed_types, reason = "how long a build takes says when to kill one")]

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

use super::{Random, is_temporary, times};
use crate::harness::{command, run};
use crate::place::{built, repository};
use crate::trees::{self, Node};

const CLUSTERS: usize = 40;
/// How many kills may be added until one comes while files are written.
const MORE: usize = 500;

fn fleet(role: &str) -> String {
    let profile = format!(
        "profile base {{\n  source-controller -> aws \"arn:aws:iam::111122223333:role/{role}-${{cluster}}\"\n}}\n"
    );
    let cluster = |at| format!("cluster c{at} on eks {{ use base }}\n");
    profile + &(0..CLUSTERS).map(cluster).collect::<Vec<String>>().concat()
}

/// The overlays of a fleet.
fn overlays(source: &str) -> BTreeMap<String, Node> {
    let mut all = trees::nodes(built(source).path());
    let _source = all.remove("identity.flux");
    all
}

/// Starts a build and kills it: after so many microseconds at most, or once a file that it makes for the moment is in the
/// directory that is watched.
fn kill_a_build(place: &Path, moments: usize, watched: Option<&Path>, random: &mut Random) {
    let mut child = command(place, &["build"]).stdout(Stdio::null()).spawn().expect("it runs");
    if let Some(watched) = watched {
        while child.try_wait().expect("it is a child").is_none() && !has_temporary(watched) {}
    } else {
        let moment = random.below(moments).try_into().expect("it fits");
        std::thread::sleep(Duration::from_micros(moment));
    }
    child.kill().expect("it is killed");
    let _status = child.wait().expect("it is gone");
}

fn has_temporary(directory: &Path) -> bool {
    let names = fs::read_dir(directory).into_iter().flatten().flatten().map(|entry| entry.file_name());
    names.into_iter().any(|name| name.to_str().is_some_and(is_temporary))
}

/// The directory to watch before a kill, for two of four.
fn watched(kill: usize, directory: &Path) -> Option<&Path> {
    (kill % 4 > 1).then_some(directory)
}

/// True if another build is to be killed: there were not enough, or none came while files were written. Of the moments at
/// random perhaps none is such a one, so that every other pair of kills waits for it. Under load that may miss it too, but
/// not every time.
fn goes_on(kill: usize, kills: usize, left_behind: usize) -> bool {
    kill < kills || left_behind == 0 && kill < kills + MORE
}

/// How many microseconds a build takes here.
fn moments(place: &Path) -> usize {
    let start = Instant::now();
    assert_eq!(run(place, &["build"]).status, 0);
    usize::try_from(start.elapsed().as_micros()).expect("it fits")
}

/// What stands below a directory, but for the source: what a build makes for the moment, and the rest.
fn found(place: &Path) -> (BTreeMap<String, Node>, BTreeMap<String, Node>) {
    let mut found = trees::nodes(place);
    let _source = found.remove("identity.flux");
    found.into_iter().partition(|(name, _)| is_temporary(name))
}

#[test]
fn whenever_a_build_is_killed_every_file_is_whole_and_the_next_build_is_right() {
    let sources = [fleet("one"), fleet("two")];
    let right = [overlays(&sources[0]), overlays(&sources[1])];
    let place = built(&sources[0]);
    fs::write(place.path().join("identity.flux"), &sources[1]).expect("it is written");
    let moments = moments(place.path());
    let mut random = Random(1);
    let (mut mixed, mut left_behind) = (0, 0);
    let mut kill = 0;
    let written = place.path().join("clusters/c0/flux-system");
    while goes_on(kill, times(40, 2_000), left_behind) {
        let now = kill % 2;
        fs::write(place.path().join("identity.flux"), &sources[now]).expect("it is written");
        kill_a_build(place.path(), moments, watched(kill, &written), &mut random);
        let (temporary, files) = found(place.path());
        let names: Vec<&String> = files.keys().collect();
        assert_eq!(
            names,
            right[0].keys().collect::<Vec<_>>(),
            "kill {kill}: no file is missing, none is elsewhere"
        );
        for (name, bytes) in &files {
            let is_whole = right.iter().any(|right| right.get(name) == Some(bytes));
            assert!(is_whole, "kill {kill}: {name}\n{bytes:?}");
        }
        left_behind += usize::from(!temporary.is_empty());
        mixed += usize::from(right.iter().all(|right| *right != files));

        let next = run(place.path(), &["build"]);
        assert_eq!(next.status, 0, "kill {kill}: {}", next.stderr);
        let (temporary, after) = found(place.path());
        assert!(temporary.is_empty(), "kill {kill}: {:?}", temporary.keys());
        assert!(after == right[now], "kill {kill}: {:?}", after.keys());
        kill += 1;
    }
    println!("{kill} kills: {left_behind} left temporary files behind, {mixed} a mix of whole files");
    assert!(left_behind > 0, "at least one came while files were written");
}

#[test]
fn whenever_the_first_build_is_killed_the_fleet_is_there_as_a_whole_or_not_at_all() {
    let source = fleet("one");
    let right = overlays(&source);
    let place = repository(&[("identity.flux", &source)]);
    let moments = moments(place.path());
    let mut random = Random(2);
    let (mut left_behind, mut not_yet) = (0, 0);
    let mut kill = 0;
    while goes_on(kill, times(20, 1_000), left_behind) {
        fs::remove_dir_all(place.path().join("clusters")).expect("it is removed");
        kill_a_build(place.path(), moments, watched(kill, place.path()), &mut random);
        let (temporary, files) = found(place.path());
        assert!(files.is_empty() || files == right, "kill {kill}: {:?}", files.keys());
        left_behind += usize::from(!temporary.is_empty());
        not_yet += usize::from(files.is_empty());

        let next = run(place.path(), &["build"]);
        assert_eq!(next.status, 0, "kill {kill}: {}", next.stderr);
        assert!(found(place.path()) == (BTreeMap::new(), right.clone()), "kill {kill}");
        let names = fs::read_dir(place.path()).expect("it is read").count();
        // Its source, its overlays, and what makes it a repository.
        assert_eq!(names, 3, "kill {kill}");
        kill += 1;
    }
    println!(
        "{kill} kills: {left_behind} left temporary files behind, {not_yet} came before the fleet was there"
    );
    assert!(left_behind > 0, "at least one came while files were written");
}
