//! Every system call that meets the disk fails once, in several ways.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;

use tempfile::TempDir;

use super::{is_temporary, times};
use crate::harness::{Run, run};
use crate::place::repository;
use crate::trees;

const ERRORS: [&str; 4] = ["ENOSPC", "EIO", "EACCES", "EINTR"];
const CALLS: &str = "openat,openat2,read,write,close,fsync,fdatasync,syncfs,renameat,renameat2,unlinkat,mkdirat,newfstatat,fstat,\
                     statx,getdents64,flock,fchmod,readlink,getcwd,ftruncate";
const ARGUMENTS: [&str; 6] = ["build", "--prune", "--stamp", "stamp", "--depfile", "depfile"];

const CHANGED: &str = "clusters/changed/flux-system/kustomization.yaml";
const NEW: &str = "clusters/new/flux-system/kustomization.yaml";
const GONE: &str = "clusters/gone/flux-system/kustomization.yaml";
const LEFT_OVER: &str = "clusters/changed/flux-system/.flux-identity-build-1-kustomization.yaml.tmp";

/// A tree in which a build has everything to do: a file to replace, one to make, an orphan and a left-over to remove.
fn before(manifests: &str) -> TempDir {
    let role = |role: &str| format!("source-controller -> aws \"arn:aws:iam::111122223333:role/{role}\"");
    let team = |name: &str, of: &str| format!("cluster {name} on eks {{ {} }}\n", role(of));
    let place = repository(&[
        ("identity.flux", "include \"teams/*.flux\"\ninclude \"more/one.flux\"\n"),
        ("teams/a.flux", &team("changed", "old")),
        ("more/one.flux", &team("gone", "old")),
        ("clusters/changed/flux-system/gotk-components.yaml", manifests),
        ("clusters/changed/flux-system/mine.txt", "mine\n"),
    ]);
    assert_eq!(run(place.path(), &["build"]).status, 0);
    fs::write(place.path().join("teams/a.flux"), team("changed", "new")).expect("it is written");
    fs::write(place.path().join("more/one.flux"), team("new", "new")).expect("it is written");
    fs::write(place.path().join(LEFT_OVER), "half").expect("it is written");
    place
}

fn traced(place: &Path, options: &[&str]) -> Run {
    // A run that hangs is one that failed.
    let mut strace = Command::new("timeout");
    let strace = strace.current_dir(place).args(["30", "strace", "-f", "-qq"]).args(options);
    let run = strace.arg(env!("CARGO_BIN_EXE_flux-identity")).args(ARGUMENTS).output();
    run.expect("strace runs").into()
}

/// The calls that a run makes once it is its own: of which kind, and the how manieth of it in the whole run.
fn calls(place: &Path) -> Vec<(String, usize)> {
    let log = tempfile::NamedTempFile::new().expect("there is room for a file");
    let path = log.path().display().to_string();
    assert_eq!(traced(place, &["-e", &format!("trace={CALLS}"), "-o", &path]).status, 0);
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    let mut found = Vec::new();
    let mut is_its_own = false;
    for line in fs::read_to_string(log.path()).expect("it is there").lines() {
        let call = line.split_whitespace().nth(1).and_then(|rest| rest.split_once('('));
        let Some((name, _)) = call else { continue };
        // The loader and the runtime come first; what we do begins with where we are.
        is_its_own |= name == "getcwd";
        let count = counts.entry(name.to_owned()).or_default();
        *count += 1;
        if is_its_own {
            found.push((name.to_owned(), *count));
        }
    }
    found
}

#[test]
fn whatever_call_fails_the_run_says_where_and_every_file_is_whole() {
    let manifests = fs::read_to_string(
        crate::harness::project().join("tests/disk/orphan/clusters/prod-eu/flux-system/gotk-components.yaml"),
    )
    .expect("it is there");
    let template = before(&manifests);
    let old = trees::nodes(template.path());
    let right = before(&manifests);
    assert_eq!(run(right.path(), &ARGUMENTS).status, 0);
    let right = trees::nodes(right.path());
    let probe = before(&manifests);
    let calls = calls(probe.path());
    assert!(calls.len() > 100, "{}", calls.len());
    let (mut failed, mut done) = (0, 0);
    for (at, (call, number)) in calls.iter().enumerate() {
        // In the normal suite every fifth call fails, in one of the ways; else each, in all of them.
        let little = usize::from(at % 5 == 0);
        let errors = ERRORS.iter().cycle().skip(at).take(times(little, ERRORS.len()));
        for error in errors {
            let what = format!("{call} {number} {error}");
            let place = repository(&[]);
            trees::copy(template.path(), place.path());
            let inject = format!("inject={call}:error={error}:when={number}");
            let run = traced(place.path(), &["-o", "/dev/null", "-e", &inject]);
            let found = trees::nodes(place.path());
            match run.status {
                0 => {
                    done += 1;
                    for (name, bytes) in &right {
                        // A stamp is left out if it is not sure that nothing changed.
                        let may_be_left_out = name == "stamp";
                        assert!(
                            may_be_left_out || found.get(name) == Some(bytes),
                            "{what}: {name}\n{}",
                            run.stderr
                        );
                    }
                }
                3 => {
                    failed += 1;
                    let names_a_path = run.stderr.starts_with("error[F042") && run.stderr.contains("]: ");
                    let is_output = run.stderr.starts_with("error: cannot write to standard output: ");
                    assert!(names_a_path || is_output, "{what}: {}", run.stderr);
                    assert!(!run.stderr.contains("os error"), "{what}: {}", run.stderr);
                }
                status => panic!("{what}: exit status {status}\n{}{}", run.stdout, run.stderr),
            }
            for (name, bytes) in &found {
                let is_for_make =
                    ["stamp", "depfile"].contains(&name.as_str()) || name.starts_with(".flux-identity-file-");
                let is_whole = old.get(name) == Some(bytes) || right.get(name) == Some(bytes);
                assert!(is_temporary(name) || is_for_make || is_whole, "{what}: {name}");
            }
            for name in old.keys().filter(|name| ![GONE, LEFT_OVER].contains(&name.as_str())) {
                assert!(found.contains_key(name), "{what}: {name} is gone");
            }
            assert!(found.contains_key(CHANGED), "{what}");
            let next = crate::harness::run(place.path(), &ARGUMENTS);
            assert_eq!(next.status, 0, "{what}: {}", next.stderr);
            assert_eq!(trees::nodes(place.path()), right, "{what}");
        }
    }
    assert!(right.contains_key(NEW) && !right.contains_key(GONE) && !right.contains_key(LEFT_OVER));
    println!("{} calls: {failed} runs failed, {done} were done all the same", calls.len());
    assert!(failed > 5 && done > 10, "{failed} runs failed, {done} were done all the same");
}
