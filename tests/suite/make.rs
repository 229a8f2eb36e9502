//! `build --stamp --depfile` under GNU make.

use std::fs;
use std::path::Path;
use std::process::Command;

use tempfile::TempDir;

use crate::harness::{Run, directory, project, run};
use crate::place::{read, repository};
use crate::trees;

const FLEET: &str = "include \"teams/*.flux\"\n\ncluster prod-eu on eks {}\n";
const TEAM: &str = "cluster dev on eks {}\n";
const BUILT: &str = "build --prune --stamp .flux-identity.stamp --depfile .flux-identity.d\n";

/// Runs make with the Makefile of the example.
fn make(place: &Path, arguments: &[&str]) -> Run {
    let command = format!("FLUX_IDENTITY={}", env!("CARGO_BIN_EXE_flux-identity"));
    let mut make = Command::new("make");
    // Make hands its own options down by these, and these tests may run under a make.
    let make = make.env_remove("MAKEFLAGS").env_remove("MAKELEVEL").env("LC_ALL", "C");
    make.current_dir(place)
        .arg("--warn-undefined-variables")
        .arg(command)
        .args(arguments)
        .output()
        .expect("make runs")
        .into()
}

/// A repository that its Makefile has built, all files of which are old.
fn made(there: &[(&str, &str)]) -> TempDir {
    let makefile = fs::read_to_string(project().join("examples/make-driven/Makefile")).expect("it is there");
    let there: Vec<(&str, &str)> =
        [("Makefile", makefile.as_str())].into_iter().chain(there.iter().copied()).collect();
    let place = repository(&there);
    let first = make(place.path(), &[]);
    assert_eq!(first.status, 0, "{}{}", first.stdout, first.stderr);
    assert!(first.stdout.contains(BUILT), "{}", first.stdout);
    place
}

fn has_nothing_to_do(place: &TempDir) -> bool {
    let run = make(place.path(), &[]);
    assert_eq!((run.status, run.stderr.as_str()), (0, ""));
    run.stdout == "make: Nothing to be done for 'overlays'.\n"
}

/// Makes a file newer than all others.
fn touch(place: &TempDir, path: &str) {
    set_time(place, path, "+1 minute");
}

fn set_time(place: &TempDir, path: &str, time: &str) {
    let touched = Command::new("touch").current_dir(place.path()).args(["-d", time, path]).status();
    assert!(touched.expect("touch runs").success());
}

#[test]
fn the_example_builds_checks_and_has_nothing_to_do_the_second_time() {
    let place = directory(&[]);
    for (name, text) in trees::texts(&project().join("examples/make-driven")) {
        if !name.starts_with("clusters/") {
            fs::write(place.path().join(name), text).expect("it is written");
        }
    }
    let before = make(place.path(), &["check"]);
    assert_ne!(before.status, 0, "{}", before.stdout);
    assert_eq!(make(place.path(), &[]).status, 0);
    assert!(place.path().join("clusters/prod-eu/flux-system/kustomization.yaml").is_file());
    assert!(has_nothing_to_do(&place));
    let check = make(place.path(), &["check"]);
    assert_eq!(check.status, 0, "{}", check.stderr);
    assert!(check.stdout.ends_with("3 clusters, no errors\n"), "{}", check.stdout);
    assert!(has_nothing_to_do(&place));
}

#[test]
fn the_documentation_shows_the_makefile_of_the_example() {
    let makefile = fs::read_to_string(project().join("examples/make-driven/Makefile")).expect("it is there");
    let page = fs::read_to_string(project().join("docs/files.md")).expect("it is there");
    assert!(page.contains(&format!("```make\n{makefile}```\n")));
}

#[test]
fn each_file_that_was_read_makes_a_build_when_it_changes() {
    let components = "clusters/dev/flux-system/gotk-components.yaml";
    let manifests = fs::read_to_string(
        project().join("tests/disk/orphan/clusters/prod-eu/flux-system/gotk-components.yaml"),
    )
    .expect("it is there");
    let place = made(&[("identity.flux", FLEET), ("teams/a.flux", TEAM), (components, &manifests)]);
    assert!(has_nothing_to_do(&place));
    for read in ["identity.flux", "teams/a.flux", components] {
        touch(&place, read);
        let run = make(place.path(), &[]);
        assert!(run.stdout.contains(BUILT), "{read}: {}", run.stdout);
        set_time(&place, read, "-1 minute");
        assert!(has_nothing_to_do(&place));
    }
    touch(&place, "clusters/dev/flux-system/kustomization.yaml");
    assert!(has_nothing_to_do(&place), "what is written is no reason to write");
}

#[test]
fn a_patch_that_is_passed_through_makes_a_build_when_it_changes() {
    let patch =
        "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: source-controller\nspec:\n  replicas: 2\n";
    let fleet = "cluster dev on eks { patch \"more/replicas.yaml\" }\n";
    let place = made(&[("identity.flux", fleet), ("more/replicas.yaml", patch)]);
    assert!(has_nothing_to_do(&place));
    fs::write(place.path().join("more/replicas.yaml"), patch.replace('2', "3")).expect("it is written");
    touch(&place, "more/replicas.yaml");
    assert_eq!(make(place.path(), &[]).status, 0);
    assert!(read(&place, "clusters/dev/flux-system/kustomization.yaml").contains("replicas: 3"));
}

#[test]
fn a_file_that_comes_into_a_searched_directory_makes_a_build() {
    let place = made(&[("identity.flux", FLEET), ("teams/a.flux", TEAM)]);
    fs::write(place.path().join("teams/b.flux"), "cluster stage on eks {}\n").expect("it is written");
    touch(&place, "teams");
    assert_eq!(make(place.path(), &[]).status, 0);
    assert!(place.path().join("clusters/stage/flux-system/kustomization.yaml").is_file());
}

#[test]
fn a_source_that_is_removed_makes_a_build_and_no_error() {
    let place = made(&[
        ("identity.flux", FLEET),
        ("teams/a.flux", TEAM),
        ("teams/b.flux", "cluster stage on eks {}\n"),
    ]);
    fs::remove_file(place.path().join("teams/b.flux")).expect("it is removed");
    let run = make(place.path(), &[]);
    assert_eq!(run.status, 0, "{}", run.stderr);
    assert!(!place.path().join("clusters/stage").exists());
}

#[test]
fn a_searched_directory_that_holds_the_stamp_makes_no_build_for_ever() {
    let place = made(&[("identity.flux", "include \"*.flux\"\n"), ("a.flux", TEAM)]);
    assert!(read(&place, ".flux-identity.d").contains("\n.:\n"));
    assert!(has_nothing_to_do(&place));
}

#[test]
fn a_stamp_is_at_least_as_new_as_the_directory_that_it_stands_in() {
    let place = repository(&[("identity.flux", TEAM)]);
    let mut strace = Command::new("strace");
    // Slow enough for the clock of the file system to tell before from after.
    let slow = "inject=renameat,renameat2,fsync:delay_enter=20000";
    let strace = strace.current_dir(place.path()).args(["-qq", "-o", "/dev/null", "-e", slow]);
    let build = [env!("CARGO_BIN_EXE_flux-identity"), "build", "--stamp", "stamp", "--depfile", "depfile"];
    assert!(strace.args(build).output().expect("strace runs").status.success());
    let time = |path: &Path| fs::metadata(path).and_then(|found| found.modified()).expect("it has a time");
    assert!(time(&place.path().join("stamp")) >= time(place.path()));
}

#[test]
fn a_build_that_fails_leaves_no_stamp() {
    let place = repository(&[("identity.flux", "cluster a on ekss {}\n")]);
    assert_eq!(run(place.path(), &["build", "--stamp", "s", "--depfile", "d"]).status, 1);
    assert!(!place.path().join("s").exists() && !place.path().join("d").exists());
}

/// A cluster that stays when all others go.
const OTHER: &str = "cluster stays on eks {}\n";

#[test]
fn whatever_sources_are_called_make_finds_them() {
    let names = [
        "plain", "a b", "a  b", " a", "#a", "a#", "$a", "a$$b", "$(a)", "${a}", "a:b", "a=b", "a:=b", "=",
        "a*", "*", "?", "[a]", "[", "]", "~", "~root", "'a'", "\"a\"", "a'b", "(a)", "a(b)", "a,b", "!a",
        "@a", "+a", "-a", "^a", "{a}", "<a>", "`a`", "täler", "a.b", ".PHONY",
    ];
    for name in names {
        let base = if name.starts_with('.') { "." } else { "" };
        let pattern = format!("include \"teams/{base}*.flux\"\n");
        let source = format!("teams/{name}.flux");
        let place = made(&[
            ("identity.flux", &pattern),
            (&source, TEAM),
            (&format!("teams/{base}other.flux"), OTHER),
        ]);
        assert!(has_nothing_to_do(&place), "{name:?}\n{}", read(&place, ".flux-identity.d"));
        touch(&place, &source);
        let again = make(place.path(), &[]);
        assert!(
            again.stdout.contains(BUILT),
            "{name:?}: {}\n{}",
            again.stdout,
            read(&place, ".flux-identity.d")
        );
        fs::remove_file(place.path().join(&source)).expect("it is removed");
        let gone = make(place.path(), &[]);
        assert_eq!(gone.status, 0, "{name:?}: {}\n{}", gone.stderr, read(&place, ".flux-identity.d"));
        assert!(gone.stdout.contains(BUILT), "{name:?}: {}", gone.stdout);
    }
}

#[test]
fn a_source_that_make_cannot_name_is_said_before_anything_is_written() {
    for name in ["a%b", "a;b", "a|b", "a&", "a\\b", "a\tb", "a\nb"] {
        let source = format!("teams/{name}.flux");
        let place = repository(&[("identity.flux", FLEET), (&source, TEAM)]);
        let run = run(place.path(), &["build", "--stamp", "s", "--depfile", "d"]);
        assert_eq!(run.status, 2, "{name:?}: {}", run.stderr);
        assert!(run.stderr.contains("cannot be written in a makefile"), "{}", run.stderr);
        assert!(!place.path().join("clusters").exists());
    }
}

#[test]
fn a_source_that_changes_during_the_build_is_built_again() {
    let place = repository(&[("identity.flux", "cluster dev on eks {}\n")]);
    let script = "strace -qq -o /dev/null -e inject=fsync:delay_enter=1000000:when=1 \"$0\" build --stamp s & \
                  until ls -d .flux-identity-build-* > /dev/null 2>&1; do sleep 0.01; done; \
                  echo '# more' >> identity.flux; wait $!";
    let mut shell = Command::new("sh");
    let shell = shell.current_dir(place.path()).args(["-c", script, env!("CARGO_BIN_EXE_flux-identity")]);
    let run: Run = shell.output().expect("the shell runs").into();
    assert_eq!(run.status, 0);
    assert_eq!(run.stderr, "`identity.flux` changed during the build: the stamp is not updated\n");
    assert!(!place.path().join("s").exists());
}

#[test]
fn stamp_and_depfile_take_no_file_of_the_fleet() {
    let place = repository(&[("identity.flux", FLEET), ("teams/a.flux", TEAM)]);
    assert_eq!(run(place.path(), &["build"]).status, 0);
    let before = trees::texts(place.path());
    for taken in ["identity.flux", "teams/a.flux", "clusters/dev/flux-system/kustomization.yaml"] {
        for options in [&["--stamp", taken][..], &["--stamp", "s", "--depfile", taken]] {
            let run = run(place.path(), &[&["build"], options].concat());
            assert_eq!(run.status, 2, "{options:?}: {}", run.stderr);
            assert!(run.stderr.contains("is a source or in the directory of an overlay"), "{}", run.stderr);
        }
    }
    assert_eq!(trees::texts(place.path()), before);
}

#[test]
fn a_depfile_wants_a_stamp_beside_it() {
    let place = repository(&[("identity.flux", "")]);
    for options in [&["--depfile", "d"][..], &["--depfile", "d", "--stamp", "d"]] {
        let run = run(place.path(), &[&["build"], options].concat());
        assert_eq!(run.status, 2);
        assert!(run.stderr.starts_with("error: `--depfile` requires `--stamp`\n"), "{}", run.stderr);
    }
}

#[test]
fn a_stamp_that_cannot_be_written_is_a_failure() {
    let place = repository(&[("identity.flux", "")]);
    let run = run(place.path(), &["build", "--stamp", "nowhere/s"]);
    assert_eq!(run.status, 3);
    assert!(
        run.stderr
            .starts_with("error[F0421]: nowhere/s: cannot write this file: no such file or directory\n"),
        "{}",
        run.stderr
    );
}
