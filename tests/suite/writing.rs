//! How files are written: all or none, whole, lasting, one build at a time, and what is said where that cannot be.

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::{Command, Stdio};

use rustix::fs::{FlockOperation, flock};
use tempfile::TempDir;

use crate::harness::{Run, command, run};
use crate::place::{built, read, repository};
use crate::trees;

const OVERLAY: &str = "clusters/c0/flux-system/kustomization.yaml";

/// A source of so many clusters.
fn fleet(clusters: usize, role: &str) -> String {
    let profile = format!(
        "profile base {{\n  source-controller -> aws \"arn:aws:iam::111122223333:role/{role}-${{cluster}}\"\n}}\n"
    );
    let cluster = |at| format!("\ncluster c{at} on eks {{ use base }}\n");
    let clusters: Vec<String> = (0..clusters).map(cluster).collect();
    profile + &clusters.concat()
}

fn rewrite(place: &TempDir, clusters: usize, role: &str) {
    fs::write(place.path().join("identity.flux"), fleet(clusters, role)).expect("it is written");
}

/// Runs a shell script in which `$0` is the command.
fn shell(directory: &Path, script: &str) -> Run {
    let mut shell = Command::new("sh");
    let shell = shell.current_dir(directory).args(["-c", script, env!("CARGO_BIN_EXE_flux-identity")]);
    shell.stdin(Stdio::null()).output().expect("the shell runs").into()
}

/// The system calls of a build, one a line.
fn traced(place: &TempDir, calls: &str) -> Vec<String> {
    let log = tempfile::NamedTempFile::new().expect("there is room for a file");
    let mut strace = Command::new("strace");
    let strace = strace.current_dir(place.path()).args(["-f", "-y", "-e", &format!("trace={calls}"), "-o"]);
    let run = strace.arg(log.path()).args([env!("CARGO_BIN_EXE_flux-identity"), "build"]).output();
    assert!(run.expect("strace runs").status.success());
    let log = fs::read_to_string(log.path()).expect("it is there");
    // Threads end when they like, and strace writes `???` where one ends in the middle of a call that it does not know.
    let is_call = |line: &&str| !line.contains("+++ exited") && !line.contains(" ???(");
    log.lines().filter(is_call).map(str::to_owned).collect()
}

// ---------------------------------------------------------------------------------------------------------------------
// Lasting

#[test]
fn few_files_are_on_the_disk_before_they_take_their_places_and_the_places_after() {
    let place = built(&fleet(2, "one"));
    rewrite(&place, 2, "two");
    let calls = traced(&place, "fsync,renameat,renameat2,syncfs");
    let kinds: Vec<&str> =
        calls.iter().filter_map(|call| call.split_whitespace().nth(1)?.split('(').next()).collect();
    let expected = ["fsync", "fsync", "renameat", "renameat", "fsync", "fsync"];
    let kinds: Vec<&str> = kinds.into_iter().map(|kind| kind.trim_end_matches('2')).collect();
    assert_eq!(kinds, expected, "{calls:#?}");
    assert!(calls[..2].iter().all(|call| call.contains(".tmp>")), "{calls:#?}");
    assert!(calls[4..6].iter().all(|call| call.contains("/flux-system>")), "{calls:#?}");
}

#[test]
fn the_directories_that_a_build_makes_are_on_the_disk_too() {
    let place = repository(&[("identity.flux", &fleet(1, "one"))]);
    let calls = traced(&place, "fsync");
    let root = fs::canonicalize(place.path()).expect("it is there").display().to_string();
    for directory in ["", "/clusters", "/clusters/c0", "/clusters/c0/flux-system"] {
        let synced = format!("<{root}{directory}>");
        assert!(calls.iter().any(|call| call.contains(&synced)), "{directory}: {calls:#?}");
    }
}

#[test]
fn a_new_fleet_takes_its_place_in_one_step() {
    let place = repository(&[("identity.flux", &fleet(40, "one"))]);
    let calls = traced(&place, "openat,openat2,renameat,renameat2,mkdirat");
    let renames: Vec<&String> = calls.iter().filter(|call| call.contains("rename")).collect();
    assert_eq!(renames.len(), 1, "{renames:#?}");
    assert!(renames[0].contains("-clusters.tmp\"") && renames[0].contains("\"clusters\""), "{renames:#?}");
    let made: Vec<&String> = calls.iter().filter(|call| call.contains("O_CREAT")).collect();
    assert_eq!(made.len(), 40, "{made:#?}");
    let all = made.into_iter().chain(calls.iter().filter(|call| call.contains("mkdirat(")));
    let elsewhere: Vec<&String> = all.filter(|call| !call.contains("-clusters.tmp")).collect();
    assert!(elsewhere.is_empty(), "{elsewhere:#?}");
}

#[test]
fn a_new_cluster_takes_its_place_beside_the_others() {
    let place = built(&fleet(1, "one"));
    rewrite(&place, 2, "one");
    let calls = traced(&place, "renameat,renameat2");
    let renames: Vec<&String> = calls.iter().filter(|call| call.contains("rename")).collect();
    assert_eq!(renames.len(), 1, "{renames:#?}");
    assert!(renames[0].contains("/clusters>") && renames[0].contains("\"c1\""), "{renames:#?}");
    assert_eq!(trees::texts(place.path()).len(), 3);
}

#[test]
fn many_files_take_no_flush_each() {
    let place = built(&fleet(60, "one"));
    rewrite(&place, 60, "two");
    let calls = traced(&place, "fsync,fdatasync,syncfs,renameat,renameat2");
    let of = |kind: &str| calls.iter().filter(|call| call.contains(&format!(" {kind}("))).count();
    assert_eq!((of("fsync"), of("fdatasync"), of("syncfs")), (0, 0, 2), "{calls:#?}");
    let at = |call: Option<usize>| call.expect("there is one");
    let is_sync = |call: &String| call.contains("syncfs(");
    let is_rename = |call: &String| call.contains("rename");
    assert!(at(calls.iter().position(is_sync)) < at(calls.iter().position(is_rename)), "{calls:#?}");
    assert!(at(calls.iter().rposition(is_sync)) > at(calls.iter().rposition(is_rename)), "{calls:#?}");
}

#[test]
fn a_build_that_changes_nothing_writes_nothing() {
    let place = built(&fleet(20, "one"));
    let calls = traced(&place, "fsync,syncfs,renameat,renameat2,unlinkat,mkdirat,openat,fchmod,ftruncate");
    let writes =
        |call: &&String| !call.contains("openat(") || call.contains("O_WRONLY") || call.contains("O_RDWR");
    let writes: Vec<&String> = calls.iter().filter(writes).collect();
    assert!(writes.is_empty(), "{writes:#?}");
}

#[test]
fn each_directory_of_an_overlay_is_looked_into_once() {
    let place = built(&fleet(20, "one"));
    let calls = traced(&place, "getdents64");
    for cluster in 0..20 {
        let directory = format!("/clusters/c{cluster}/flux-system>");
        let looks = calls.iter().filter(|call| call.contains(&directory)).count();
        assert_eq!(looks, 2, "its names, and that there are no more: {calls:#?}");
    }
}

// ---------------------------------------------------------------------------------------------------------------------
// Modes and left-overs

#[test]
fn new_files_follow_the_umask() {
    for (umask, file, directory) in [("022", 0o644, 0o755), ("027", 0o640, 0o750), ("002", 0o664, 0o775)] {
        let place = repository(&[("identity.flux", &fleet(1, "one"))]);
        assert_eq!(shell(place.path(), &format!("umask {umask}; exec \"$0\" build")).status, 0);
        let mode = |path: &str| {
            fs::metadata(place.path().join(path)).expect("it is there").permissions().mode() & 0o7777
        };
        assert_eq!((mode(OVERLAY), mode("clusters/c0")), (file, directory), "{umask}");
    }
}

#[test]
fn the_umask_says_nothing_of_files_that_are_there() {
    let place = built(&fleet(1, "one"));
    fs::set_permissions(place.path().join(OVERLAY), fs::Permissions::from_mode(0o664)).expect("they are set");
    rewrite(&place, 1, "two");
    assert_eq!(shell(place.path(), "umask 077; exec \"$0\" build").status, 0);
    let mode = fs::metadata(place.path().join(OVERLAY)).expect("it is there").permissions().mode();
    assert_eq!(mode & 0o7777, 0o664);
}

/// A file that is not ours, beside an overlay.
const BESIDE: &str = "clusters/c0/flux-system/mine.txt";
const LEFT_OVER: &str = "clusters/c0/flux-system/.flux-identity-build-1-kustomization.yaml.tmp";

#[test]
fn what_a_killed_build_left_behind_is_cleared_by_the_next_one() {
    let place = built(&fleet(1, "one"));
    fs::write(place.path().join(LEFT_OVER), "half").expect("it is written");
    let run = run(place.path(), &["build"]);
    assert_eq!(run.stdout, "1 overlay, nothing to do\n");
    assert!(!place.path().join(LEFT_OVER).exists());
}

#[test]
fn what_a_killed_build_left_of_new_directories_is_cleared_by_the_next_one() {
    let place = built(&fleet(1, "one"));
    let overlay = read(&place, OVERLAY);
    let in_root = place.path().join(".flux-identity-build-1-clusters.tmp");
    let in_clusters = place.path().join("clusters/.flux-identity-build-1-c1.tmp");
    for left_over in [&in_root, &in_clusters] {
        fs::create_dir_all(left_over.join("flux-system")).expect("it is made");
        fs::write(left_over.join("flux-system/kustomization.yaml"), &overlay).expect("it is written");
    }
    assert_eq!(run(place.path(), &["check"]).status, 0, "nothing of it is taken for an orphan");
    assert_eq!(run(place.path(), &["build"]).status, 0);
    assert!(!in_root.exists() && in_clusters.exists(), "nobody looks at all that stands in `clusters`");
    rewrite(&place, 2, "one");
    assert_eq!(run(place.path(), &["build"]).status, 0);
    assert!(!in_clusters.exists());
    assert_eq!(trees::texts(place.path()).len(), 3);
}

#[test]
fn check_and_diff_clear_nothing() {
    let place = built(&fleet(1, "one"));
    fs::write(place.path().join(LEFT_OVER), "half").expect("it is written");
    assert_eq!(run(place.path(), &["check"]).status, 0);
    assert_eq!(run(place.path(), &["diff"]).status, 0);
    assert!(place.path().join(LEFT_OVER).exists());
}

#[test]
fn prune_clears_what_was_left_behind_where_no_cluster_is_any_more() {
    let place = built(&fleet(2, "one"));
    let left_over = LEFT_OVER.replace("c0", "c1");
    fs::write(place.path().join(&left_over), "half").expect("it is written");
    let new = place.path().join("clusters/.flux-identity-build-1-c2.tmp");
    fs::create_dir_all(new.join("flux-system")).expect("it is made");
    rewrite(&place, 1, "one");
    assert_eq!(run(place.path(), &["build", "--prune"]).status, 0);
    assert!(!place.path().join("clusters/c1").exists() && !new.exists());
}

#[test]
fn what_a_killed_fmt_left_behind_is_cleared_by_the_next_one() {
    let place = repository(&[("identity.flux", "account=\"111122223333\"\n")]);
    fs::write(place.path().join(".flux-identity-file-1-identity.flux.tmp"), "half").expect("it is written");
    assert_eq!(run(place.path(), &["fmt"]).status, 0);
    assert_eq!(trees::texts(place.path()).len(), 1);
}

// ---------------------------------------------------------------------------------------------------------------------
// One build at a time

#[test]
fn a_build_waits_for_another_and_says_so() {
    let place = repository(&[("identity.flux", &fleet(1, "one"))]);
    let directory = fs::File::open(place.path()).expect("it is there");
    flock(&directory, FlockOperation::LockExclusive).expect("it is locked");
    let mut waiting = command(place.path(), &["build"]);
    let mut child = waiting.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it runs");
    let mut said = String::new();
    let mut stderr = BufReader::new(child.stderr.take().expect("it has one"));
    let _length = stderr.read_line(&mut said).expect("it is read");
    assert_eq!(said, "waiting for another build to finish\n");
    assert!(!place.path().join(OVERLAY).exists());
    drop(directory);
    let run: Run = child.wait_with_output().expect("it ends").into();
    assert_eq!(run.status, 0);
    assert!(run.stdout.starts_with(&format!("created {OVERLAY}\n1 overlay, 1 written\n")), "{}", run.stdout);
}

#[test]
fn commands_that_write_nothing_wait_for_nobody() {
    let place = built(&fleet(1, "one"));
    let directory = fs::File::open(place.path()).expect("it is there");
    flock(&directory, FlockOperation::LockExclusive).expect("it is locked");
    for arguments in [&["check"][..], &["diff"], &["outputs"], &["render", "c0"]] {
        assert_eq!(run(place.path(), arguments).status, 0, "{arguments:?}");
    }
}

#[test]
fn where_directories_have_no_locks_a_build_goes_on() {
    let place = repository(&[("identity.flux", &fleet(1, "one"))]);
    let run = shell(place.path(), "exec strace -qq -o /dev/null -e inject=flock:error=EBADF \"$0\" build");
    assert_eq!((run.status, run.stderr.as_str()), (0, ""));
    assert!(place.path().join(OVERLAY).exists());
}

#[test]
fn a_lock_leaves_nothing_behind() {
    let place = built(&fleet(1, "one"));
    let names: Vec<String> = trees::texts(place.path()).into_iter().map(|(name, _)| name).collect();
    assert_eq!(names, [OVERLAY, "identity.flux"]);
}

// ---------------------------------------------------------------------------------------------------------------------
// Where it cannot be

/// Changes something while a build waits between what it wrote and where that belongs.
fn meanwhile(place: &TempDir, change: &str) -> Run {
    let script = format!(
        "strace -qq -o /dev/null -e inject=fsync:delay_enter=1000000:when=1 \"$0\" build & \
         until find . | grep -q /.flux-identity-build-; do sleep 0.01; done; \
         {change}; wait $!"
    );
    shell(place.path(), &script)
}

#[test]
fn a_file_that_somebody_saves_meanwhile_is_not_lost() {
    let place = built(&fleet(1, "one"));
    rewrite(&place, 1, "two");
    let run = meanwhile(&place, &format!("echo '# mine' >> {OVERLAY}"));
    assert_eq!(run.status, 3, "{}", run.stderr);
    let said = format!("error[F0422]: {OVERLAY}: this file changed while the command was running\n");
    assert!(run.stderr.starts_with(&said), "{}", run.stderr);
    assert!(read(&place, OVERLAY).ends_with("# mine\n"));
    assert_eq!(trees::texts(place.path()).len(), 2);
}

#[test]
fn a_file_that_vanishes_meanwhile_is_said_to_be_so() {
    let place = built(&fleet(1, "one"));
    rewrite(&place, 1, "two");
    let run = meanwhile(&place, &format!("rm {OVERLAY}"));
    assert_eq!(run.status, 3);
    assert!(run.stderr.starts_with("error[F0422]"), "{}", run.stderr);
    assert_eq!(trees::texts(place.path()).len(), 1);
}

#[test]
fn a_file_that_comes_meanwhile_is_not_replaced() {
    let place = repository(&[("identity.flux", &fleet(1, "one")), (BESIDE, "mine\n")]);
    let run = meanwhile(&place, &format!("echo mine > {OVERLAY}"));
    assert_eq!(run.status, 3);
    assert!(run.stderr.starts_with("error[F0422]"), "{}", run.stderr);
    assert_eq!(read(&place, OVERLAY), "mine\n");
}

#[test]
fn a_directory_that_comes_meanwhile_where_a_file_belongs_is_in_the_way() {
    let place = repository(&[("identity.flux", &fleet(1, "one")), (BESIDE, "mine\n")]);
    let run = meanwhile(&place, &format!("mkdir {OVERLAY}"));
    assert!(run.stderr.starts_with(&format!("error[F0405]: {OVERLAY}")), "{}", run.stderr);
    assert_eq!(trees::texts(place.path()).len(), 2);
}

#[test]
fn a_directory_that_is_made_meanwhile_is_not_replaced() {
    let place = repository(&[("identity.flux", &fleet(2, "one"))]);
    let run = meanwhile(&place, "mkdir -p clusters/c0; echo mine > clusters/mine.txt");
    assert_eq!(run.status, 3, "{}", run.stderr);
    let said = "error[F0422]: clusters: this directory was created while the command was running\n";
    assert!(run.stderr.starts_with(said), "{}", run.stderr);
    let names: Vec<String> = trees::texts(place.path()).into_iter().map(|(name, _)| name).collect();
    assert_eq!(names, ["clusters/mine.txt", "identity.flux"]);
    assert_eq!(shell(place.path(), "exec \"$0\" build").status, 0);
    assert_eq!(trees::texts(place.path()).len(), 4);
}

#[test]
fn a_file_that_comes_meanwhile_where_a_directory_belongs_is_in_the_way() {
    let place = repository(&[("identity.flux", &fleet(1, "one"))]);
    let run = meanwhile(&place, "echo mine > clusters");
    assert!(run.stderr.starts_with("error[F0405]: clusters: "), "{}", run.stderr);
    assert_eq!(trees::texts(place.path()).len(), 2);
}

#[test]
fn what_is_in_the_way_is_named() {
    for (make, what) in [("mkfifo", "a named pipe"), ("touch", "another file")] {
        let place = repository(&[("identity.flux", &fleet(1, "one"))]);
        let run = shell(place.path(), &format!("{make} clusters; exec \"$0\" build"));
        let said = format!("error[F0405]: clusters: {what} exists at this path\n");
        assert!(run.status == 1 && run.stderr.starts_with(&said), "{}", run.stderr);
    }
}

#[test]
fn a_directory_that_becomes_a_link_meanwhile_is_not_followed() {
    let place = built(&fleet(1, "one"));
    rewrite(&place, 1, "two");
    fs::create_dir_all(place.path().join("elsewhere/flux-system")).expect("it is made");
    let run = meanwhile(&place, "mv clusters/c0 moved; ln -s ../elsewhere clusters/c0");
    assert_eq!(run.status, 1, "{}", run.stderr);
    assert!(run.stderr.starts_with("error[F0404]: clusters/c0"), "{}", run.stderr);
    assert_eq!(fs::read_dir(place.path().join("elsewhere/flux-system")).expect("it is read").count(), 0);
}

/// Runs a script as if it owned the machine, where that may be done. `$0` is the command, `$PLACE` a directory of its own.
fn alone(script: &str) -> Option<Run> {
    let able = Command::new("unshare").args(["-Urm", "mount", "-t", "tmpfs", "none", "/mnt"]).output();
    if !able.is_ok_and(|output| output.status.success()) {
        return None;
    }
    let place = tempfile::tempdir().expect("there is room for a directory");
    let mut unshare = Command::new("unshare");
    let run = unshare
        .args(["-Urm", "sh", "-c", script, env!("CARGO_BIN_EXE_flux-identity")])
        .env("PLACE", place.path())
        .env("ONE", fleet(3, "one"))
        .env("TWO", fleet(3, "two"))
        .output();
    Some(run.expect("unshare runs").into())
}

#[test]
fn a_full_disk_changes_no_file() {
    let script = r#"
        set -e; mount -t tmpfs -o size=64k none "$PLACE"; cd "$PLACE"; mkdir .git
        echo "$ONE" > identity.flux; "$0" build > /dev/null; cp -r clusters before
        head -c 1000000 /dev/zero > filler 2> /dev/null || true
        status=0; printf %s "$TWO" > identity.flux 2> /dev/null || true
        rm filler; echo "$TWO" > identity.flux; head -c 1000000 /dev/zero > filler 2> /dev/null || true
        "$0" build || status=$?; diff -r before clusters && exit $status"#;
    let Some(run) = alone(script) else { return };
    assert_eq!(run.status, 3, "{}{}", run.stdout, run.stderr);
    assert!(
        run.stderr
            .contains(&format!("error[F0421]: {OVERLAY}: cannot write this file: no space left on device\n")),
        "{}",
        run.stderr
    );
}

#[test]
fn a_read_only_file_system_is_said_to_be_so() {
    let script = r#"
        set -e; mount -t tmpfs none "$PLACE"; cd "$PLACE"; mkdir .git; echo "$ONE" > identity.flux
        mount -o remount,ro "$PLACE"; exec "$0" build"#;
    let Some(run) = alone(script) else { return };
    assert_eq!(run.status, 3, "{}{}", run.stdout, run.stderr);
    assert!(run.stderr.contains("cannot write this file: read-only file system\n"), "{}", run.stderr);
    assert!(run.stderr.starts_with("error[F0421]: clusters: "), "{}", run.stderr);
}

#[test]
fn a_read_only_file_system_is_no_matter_where_nothing_changes() {
    let script = r#"
        set -e; mount -t tmpfs none "$PLACE"; cd "$PLACE"; mkdir .git; echo "$ONE" > identity.flux
        "$0" build > /dev/null; mount -o remount,ro "$PLACE"; exec "$0" build"#;
    let Some(run) = alone(script) else { return };
    assert_eq!((run.status, run.stdout.as_str()), (0, "3 overlays, nothing to do\n"), "{}", run.stderr);
}

#[test]
fn a_file_system_that_cannot_flush_is_a_failure_before_any_file_has_changed() {
    for (flush, role) in [(1, "one"), (2, "two")] {
        let place = built(&fleet(20, "one"));
        rewrite(&place, 20, "two");
        let script =
            format!("exec strace -qq -o /dev/null -e inject=syncfs:error=EIO:when={flush} \"$0\" build");
        let run = shell(place.path(), &script);
        assert_eq!(run.status, 3, "{}", run.stderr);
        assert!(run.stderr.starts_with("error[F0421]: clusters/c"), "{}", run.stderr);
        let overlays: Vec<(String, String)> =
            trees::texts(place.path()).into_iter().filter(|(name, _)| name != "identity.flux").collect();
        assert_eq!(overlays.len(), 20, "nothing is left behind");
        assert!(overlays.iter().all(|(_, text)| text.contains(&format!("role/{role}"))), "flush {flush}");
    }
}

#[test]
fn a_rename_that_fails_leaves_those_before_it_new_and_those_after_it_old() {
    let place = built(&fleet(5, "one"));
    rewrite(&place, 5, "two");
    let run = shell(
        place.path(),
        "exec strace -qq -o /dev/null -e inject=renameat,renameat2:error=EACCES:when=3 \"$0\" build",
    );
    assert_eq!(run.status, 3);
    assert!(
        run.stderr.contains(
            "clusters/c2/flux-system/kustomization.yaml: cannot write this file: permission denied\n"
        ),
        "{}",
        run.stderr
    );
    let is_new: Vec<bool> = (0..5)
        .map(|at| read(&place, &OVERLAY.replace("c0", &format!("c{at}"))).contains("role/two"))
        .collect();
    assert_eq!(is_new, [true, true, false, false, false]);
    assert_eq!(trees::texts(place.path()).len(), 6);
}
