//! Whose a file is: drift, edits by hand, files of others, orphans, and what may be done to them.

use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use tempfile::TempDir;

use crate::harness::{self, Run, run};
use crate::place::{aged, built, read, repository, stamps};
use crate::trees;

const FLEET: &str = r#"cluster prod-eu, prod-us on eks {
  source-controller -> aws "arn:aws:iam::111122223333:role/flux"
}
"#;

const OVERLAY: &str = "clusters/prod-eu/flux-system/kustomization.yaml";
const OTHER_OVERLAY: &str = "clusters/prod-us/flux-system/kustomization.yaml";
const FOREIGN: &str = "resources:\n- mine.yaml\n";

// ---------------------------------------------------------------------------------------------------------------------
// Line breaks

#[test]
fn a_checkout_with_other_line_breaks_is_right_and_stays_as_it_is() {
    let place = built(FLEET);
    let crlf = read(&place, OVERLAY).replace('\n', "\r\n");
    write(&place, OVERLAY, &crlf);
    let before = aged(place.path());
    for command in ["check", "build", "diff"] {
        let run = run(place.path(), &[command]);
        assert_eq!(run.status, 0, "{command}: {}", run.stderr);
    }
    assert_eq!(stamps(place.path()), before);
}

#[test]
fn an_overlay_with_two_kinds_of_line_breaks_is_stale_and_no_edit() {
    let place = built(FLEET);
    let right = read(&place, OVERLAY);
    write(&place, OVERLAY, &right.replacen('\n', "\r\n", 4));
    assert!(run(place.path(), &["check"]).stderr.contains("error[F0411]"));
    assert_eq!(run(place.path(), &["build"]).status, 0);
    assert_eq!(read(&place, OVERLAY), right);
}

#[test]
fn every_edit_of_one_byte_is_found_by_check() {
    let place = built(
        "cluster prod-eu on eks { source-controller -> aws \"arn:aws:iam::111122223333:role/flux\" }\n",
    );
    let right = read(&place, OVERLAY).into_bytes();
    let is_found = |edited: &[u8], what: &str| {
        fs::write(place.path().join(OVERLAY), edited).expect("it is written");
        let run = run(place.path(), &["check"]);
        assert_eq!(run.status, 1, "{what}: {}{}", run.stdout, run.stderr);
    };
    // A test for each byte and each way would take minutes: each byte is edited in one of four ways, if any.
    for at in (0..right.len()).step_by(harness::times(5, 1)) {
        let mut edited = right.clone();
        match at % 4 {
            0 => edited[at] ^= 1,
            1 => drop(edited.remove(at)),
            2 => edited.insert(at, b' '),
            _ => edited.insert(at, b'\r'),
        }
        is_found(&edited, &format!("byte {at}"));
    }
    is_found(&[&right[..], b"\n"].concat(), "one more line feed");
    is_found(&right[..right.len() - 1], "no line feed");
}

// ---------------------------------------------------------------------------------------------------------------------
// Files of others

#[test]
fn adopt_takes_over_a_file_of_somebody_else() {
    let place = repository(&[("identity.flux", FLEET), (OVERLAY, FOREIGN)]);
    assert_eq!(run(place.path(), &["build"]).status, 1);
    let run = run(place.path(), &["build", "--adopt"]);
    assert_eq!(run.status, 0, "{}", run.stderr);
    assert_eq!(run_check(&place), 0);
}

#[test]
fn force_does_not_take_over_a_file_of_somebody_else() {
    let place = repository(&[("identity.flux", FLEET), (OVERLAY, FOREIGN)]);
    assert_eq!(run(place.path(), &["build", "--force"]).status, 1);
    assert_eq!(read(&place, OVERLAY), FOREIGN);
}

#[test]
fn what_another_source_would_lose_is_shown() {
    let place = built(FLEET);
    write(
        &place,
        OVERLAY,
        &read(&place, OVERLAY).replace("identity.flux", "other.flux").replace("role/", "role/x"),
    );
    let run = run(place.path(), &["build"]);
    assert_eq!(run.status, 1);
    assert!(run.stderr.contains("lines marked `-` would be lost"), "{}", run.stderr);
    assert!(run.stderr.contains("role/xflux"), "{}", run.stderr);
}

#[test]
fn adopt_takes_over_the_overlay_of_another_source() {
    let place = built(FLEET);
    let right = read(&place, OVERLAY);
    write(&place, OVERLAY, &right.replace("identity.flux", "other.flux"));
    assert_eq!(run(place.path(), &["build", "--adopt"]).status, 0);
    assert_eq!(read(&place, OVERLAY), right);
}

#[test]
fn no_option_writes_beside_a_second_kustomization_file() {
    let second = OVERLAY.replace("kustomization.yaml", "kustomization.yml");
    let place = repository(&[("identity.flux", FLEET), (&second, FOREIGN)]);
    assert_eq!(run(place.path(), &["build", "--adopt", "--force"]).status, 1);
    assert!(!place.path().join(OVERLAY).exists());
}

// ---------------------------------------------------------------------------------------------------------------------
// Edits by hand

#[test]
fn force_drops_edits() {
    let place = built(FLEET);
    let right = read(&place, OVERLAY);
    write(&place, OVERLAY, &(right.clone() + "images:\n- name: mine\n"));
    assert_eq!(run(place.path(), &["build"]).status, 1);
    assert_eq!(run(place.path(), &["build", "--force"]).status, 0);
    assert_eq!(read(&place, OVERLAY), right);
}

#[test]
fn adopt_does_not_drop_edits() {
    let place = built(FLEET);
    let edited = read(&place, OVERLAY) + "images:\n- name: mine\n";
    write(&place, OVERLAY, &edited);
    assert_eq!(run(place.path(), &["build", "--adopt"]).status, 1);
    assert_eq!(read(&place, OVERLAY), edited);
}

#[test]
fn two_branches_that_change_one_overlay_merge_to_a_right_one_with_build() {
    let fleet = FLEET.replace("\n}", "\n\n  # Others.\n\n\n\n}");
    for style in ["merge", "diff3"] {
        let place = built(&fleet);
        let source = |from: &str, to: &str| {
            let text = read(&place, "identity.flux");
            write(&place, "identity.flux", &text.replace(from, to));
            assert_eq!(run(place.path(), &["build"]).status, 0);
        };
        fs::remove_dir(place.path().join(".git")).expect("it is empty");
        git(&place, &["init", "--quiet", "--initial-branch=main"]);
        git(&place, &["config", "merge.conflictStyle", style]);
        commit(&place);
        git(&place, &["checkout", "--quiet", "-b", "role"]);
        source("role/flux", "role/other");
        commit(&place);
        git(&place, &["checkout", "--quiet", "main"]);
        source("\n\n\n\n}", "\n\n\n\n  helm-controller -> aws \"arn:aws:iam::111122223333:role/helm\"\n}");
        commit(&place);
        let merge = try_git(&place, &["merge", "role"]);
        assert_eq!(merge.status, 1, "{}", merge.stdout);
        assert!(read(&place, OVERLAY).contains("<<<<<<< "), "{}", read(&place, OVERLAY));
        assert!(!read(&place, "identity.flux").contains("<<<<<<<"), "the source merges by itself");
        let built = run(place.path(), &["build"]);
        assert_eq!(built.status, 0, "{}", built.stderr);
        commit(&place);
        assert_eq!(run_check(&place), 0);
        let merged = read(&place, OVERLAY);
        assert!(merged.contains("role/other") && merged.contains("role/helm"), "{merged}");
    }
}

#[test]
fn a_merge_that_marks_the_first_line_is_ours_too() {
    let place = built(FLEET);
    let right = read(&place, OVERLAY);
    let other = right.replace("identity.flux", "fleet.flux");
    write(&place, OVERLAY, &format!("<<<<<<< HEAD\n{right}=======\n{other}>>>>>>> other\n"));
    assert_eq!(run(place.path(), &["build"]).status, 0);
    assert_eq!(read(&place, OVERLAY), right);
}

#[test]
fn marks_of_a_merge_make_no_file_ours_that_nobody_generated() {
    let theirs = format!("<<<<<<< HEAD\n{FOREIGN}=======\n>>>>>>> other\n");
    let place = repository(&[("identity.flux", FLEET), (OVERLAY, &theirs)]);
    assert!(run(place.path(), &["build"]).stderr.starts_with("error[F0401]"));
    assert_eq!(read(&place, OVERLAY), theirs);
}

// ---------------------------------------------------------------------------------------------------------------------
// Orphans

#[test]
fn build_leaves_orphans_and_prune_removes_them() {
    let place = without_prod_us();
    assert_eq!(run(place.path(), &["build"]).stdout, "1 overlay, nothing to do\n");
    assert!(place.path().join(OTHER_OVERLAY).exists());
    let pruned = run(place.path(), &["build", "--prune"]);
    assert_eq!(pruned.stdout, format!("removed {OTHER_OVERLAY}\n1 overlay, 1 removed\n"));
    assert!(!place.path().join("clusters/prod-us").exists(), "empty directories go too");
    assert_eq!(run_check(&place), 0);
}

#[test]
fn check_reports_orphans() {
    let run = run(without_prod_us().path(), &["check"]);
    assert_eq!(run.status, 1);
    assert!(run.stderr.contains(&format!("error[F0412]: {OTHER_OVERLAY}")), "{}", run.stderr);
}

#[test]
fn a_source_that_lost_all_clusters_prunes_nothing_unless_that_is_forced() {
    let place = without_prod_us();
    write(&place, "identity.flux", "# Nothing is left.\n");
    for command in [&["build", "--prune"][..], &["diff", "--prune"]] {
        let refused = run(place.path(), command);
        assert_eq!((refused.status, refused.stdout.as_str()), (1, ""), "{command:?}");
        assert_eq!(
            refused.stderr,
            "error: the source has no clusters, and `--prune` would remove every generated file: 2 files\n  = help: to remove them, add `--force`\n"
        );
    }
    assert!(place.path().join(OVERLAY).exists() && place.path().join(OTHER_OVERLAY).exists());
    assert_eq!(run(place.path(), &["build", "--prune", "--force"]).status, 0);
    assert!(!place.path().join("clusters").exists());
}

#[test]
fn prune_leaves_what_stands_beside_an_orphan() {
    let place = without_prod_us();
    write(&place, "clusters/prod-us/flux-system/gotk-sync.yaml", "kind: Kustomization\n");
    assert_eq!(run(place.path(), &["build", "--prune"]).status, 0);
    assert!(!place.path().join(OTHER_OVERLAY).exists());
    assert!(place.path().join("clusters/prod-us/flux-system/gotk-sync.yaml").exists());
}

#[test]
fn an_edited_orphan_stays_whatever_is_said() {
    let place = without_prod_us();
    let edited = read(&place, OTHER_OVERLAY) + "# mine\n";
    write(&place, OTHER_OVERLAY, &edited);
    let run = run(place.path(), &["build", "--prune", "--force", "--adopt"]);
    assert_eq!(run.status, 1);
    assert!(run.stderr.starts_with(&format!("error[F0413]: {OTHER_OVERLAY}")), "{}", run.stderr);
    assert_eq!(read(&place, OTHER_OVERLAY), edited);
}

#[test]
fn an_orphan_that_a_checkout_gave_other_line_breaks_is_removed() {
    let place = without_prod_us();
    write(&place, OTHER_OVERLAY, &read(&place, OTHER_OVERLAY).replace('\n', "\r\n"));
    assert_eq!(run(place.path(), &["build", "--prune"]).status, 0);
    assert!(!place.path().join(OTHER_OVERLAY).exists());
}

#[test]
fn prune_leaves_the_overlays_of_another_source() {
    let place = without_prod_us();
    let theirs = read(&place, OTHER_OVERLAY).replace("identity.flux", "other.flux");
    write(&place, OTHER_OVERLAY, &theirs);
    assert_eq!(run(place.path(), &["build", "--prune"]).stdout, "1 overlay, nothing to do\n");
    assert_eq!(read(&place, OTHER_OVERLAY), theirs);
    assert_eq!(run_check(&place), 0);
}

#[test]
fn prune_leaves_files_that_nobody_generated() {
    let place = without_prod_us();
    write(&place, OTHER_OVERLAY, FOREIGN);
    assert_eq!(run(place.path(), &["build", "--prune", "--adopt", "--force"]).status, 0);
    assert_eq!(read(&place, OTHER_OVERLAY), FOREIGN);
}

#[test]
fn no_orphan_is_looked_for_where_another_source_stands() {
    let place = built(FLEET);
    // Made from this source, and then put below another.
    let copy = "clusters/team/clusters/a/flux-system/kustomization.yaml";
    let text = read(&place, OVERLAY).replace("../../../identity", "../../../../../identity");
    write(&place, "clusters/team/identity.flux", "");
    write(&place, copy, &text);
    assert_eq!(run(place.path(), &["build", "--prune"]).stdout, "2 overlays, nothing to do\n");
    assert_eq!(read(&place, copy), text);
    fs::remove_file(place.path().join("clusters/team/identity.flux")).expect("it is removed");
    assert_eq!(
        run(place.path(), &["build", "--prune"]).stdout,
        format!("removed {copy}\n2 overlays, 1 removed\n")
    );
}

#[test]
fn orphans_are_found_below_every_template_that_the_source_names() {
    let fleet = FLEET.replace("{\n", "{\n  output = \"fleet/of-${cluster}/flux\"\n");
    let place = built(&fleet);
    write(&place, "identity.flux", &fleet.replace("prod-eu, prod-us", "prod-eu"));
    let run = run(place.path(), &["build", "--prune"]);
    assert!(run.stdout.starts_with("removed fleet/of-prod-us/flux/kustomization.yaml\n"), "{}", run.stdout);
}

#[test]
fn a_cluster_that_moves_leaves_an_orphan_behind() {
    let place = built(FLEET);
    let moved = FLEET.replace("{\n", "{\n  output = \"fleet/${cluster}\"\n");
    write(&place, "identity.flux", &moved);
    let run = run(place.path(), &["build", "--prune"]);
    assert_eq!(run.status, 0, "{}", run.stderr);
    assert!(run.stdout.contains(&format!("removed {OVERLAY}\nremoved {OTHER_OVERLAY}\n")), "{}", run.stdout);
}

#[test]
fn service_accounts_that_nothing_names_any_more_are_orphans() {
    let accounts = FLEET.replace(
        "{\n",
        "{\n  flux = \"2.9\"\n  service-account apps/web -> aws \"arn:aws:iam::111122223333:role/web\"\n",
    );
    let place = built(&accounts);
    write(&place, "identity.flux", FLEET);
    assert_eq!(run(place.path(), &["build"]).status, 0);
    let check = run(place.path(), &["check"]);
    assert!(check.stderr.contains("\n4 errors\n"), "{}", check.stderr);
    for cluster in ["prod-eu", "prod-us"] {
        for file in ["kustomization.yaml", "service-accounts.yaml"] {
            let orphan = format!("clusters/{cluster}/service-accounts/{file}");
            assert!(check.stderr.contains(&orphan), "{orphan}: {}", check.stderr);
        }
    }
    let pruned = run(place.path(), &["build", "--prune"]);
    let removed = "removed clusters/prod-eu/service-accounts/kustomization.yaml\nremoved clusters/prod-eu/service-accounts/service-accounts.yaml\n";
    assert!(pruned.stdout.starts_with(removed), "{}", pruned.stdout);
    assert_eq!(run_check(&place), 0);
}

#[test]
fn service_accounts_that_were_edited_are_refused() {
    let accounts = FLEET.replace(
        "{\n",
        "{\n  flux = \"2.9\"\n  service-account apps/web -> aws \"arn:aws:iam::111122223333:role/web\"\n",
    );
    let place = built(&accounts);
    let manifest = "clusters/prod-eu/service-accounts/service-accounts.yaml";
    write(&place, manifest, &read(&place, manifest).replace("role/web", "role/wbe"));
    let run = run(place.path(), &["build"]);
    assert!(run.stderr.contains(&format!("error[F0402]: {manifest}")), "{}", run.stderr);
}

#[cfg(unix)]
#[test]
fn no_link_is_followed_in_search_of_orphans() {
    let place = without_prod_us();
    fs::rename(place.path().join("clusters/prod-us"), place.path().join("moved")).expect("it is moved");
    std::os::unix::fs::symlink("../moved", place.path().join("clusters/prod-us")).expect("it is linked");
    assert_eq!(run(place.path(), &["build", "--prune"]).stdout, "1 overlay, nothing to do\n");
    assert!(place.path().join("moved/flux-system/kustomization.yaml").exists());
}

#[test]
fn nothing_is_removed_if_something_is_wrong_with_the_source() {
    let place = without_prod_us();
    write(&place, "identity.flux", "cluster prod-eu on ekss {\n}\n");
    let before = stamps(place.path());
    assert_eq!(run(place.path(), &["build", "--prune"]).status, 1);
    assert_eq!(stamps(place.path()), before);
}

// ---------------------------------------------------------------------------------------------------------------------
// diff

#[test]
fn diff_of_a_right_tree_is_empty_and_ends_with_0() {
    let run = run(built(FLEET).path(), &["diff"]);
    assert_eq!((run.status, run.stdout.as_str()), (0, ""));
    assert_eq!(run.stderr, "2 overlays, nothing to do\n");
}

#[test]
fn diff_writes_nothing_and_ends_with_1() {
    let place = repository(&[("identity.flux", FLEET)]);
    let run = run(place.path(), &["diff"]);
    assert_eq!(run.status, 1);
    assert!(
        run.stdout.starts_with(&format!("--- /dev/null\n+++ b/{OVERLAY}\n@@ -0,0 +1,")),
        "{}",
        run.stdout
    );
    assert_eq!(trees::texts(place.path()).len(), 1);
}

#[test]
fn diff_refuses_what_build_refuses() {
    let place = repository(&[("identity.flux", FLEET), (OVERLAY, FOREIGN)]);
    let run = run(place.path(), &["diff"]);
    assert_eq!((run.status, run.stdout.as_str()), (1, ""));
    assert!(run.stderr.starts_with("error[F0401]"), "{}", run.stderr);
}

/// What stands where the overlay belongs, and the options with which that is changed.
type Old<'o> = (Option<Vec<u8>>, &'o [&'o str]);

#[test]
fn diff_through_patch_is_build() {
    let right = read(&built(FLEET), OVERLAY);
    let changed = right.replace("role/flux", "role/older");
    let without_end = changed.trim_end().to_owned();
    let strange = [b"resources:\r\n- a\rb\n\xff\xfe\x1b[31m\n\n- c".as_slice(), FOREIGN.as_bytes()].concat();
    let table: &[Old<'_>] = &[
        (None, &[]),
        (Some(Vec::new()), &[]),
        (Some(changed.clone().into_bytes()), &["--force"]),
        (Some(changed.replace('\n', "\r\n").into_bytes()), &["--force"]),
        (Some(without_end.into_bytes()), &["--force"]),
        (Some(FOREIGN.as_bytes().to_vec()), &["--adopt"]),
        (Some(strange), &["--adopt"]),
        (Some(right.clone().into_bytes()), &["--prune"]),
    ];
    for (at, (old, options)) in table.iter().enumerate() {
        for file in ["identity.flux", "a dir/identity.flux", "täler/identity.flux"] {
            let base = Path::new(file).parent().expect("it has one").display().to_string();
            let make = || {
                let there: Vec<(String, &str)> = vec![
                    (file.to_owned(), FLEET),
                    (
                        Path::new(&base)
                            .join("clusters/gone/flux-system/kustomization.yaml")
                            .display()
                            .to_string(),
                        &right,
                    ),
                ];
                let there: Vec<(&str, &str)> =
                    there.iter().map(|(path, text)| (path.as_str(), *text)).collect();
                let place = repository(&there);
                if let Some(old) = old {
                    let path = place.path().join(&base).join(OVERLAY);
                    fs::create_dir_all(path.parent().expect("it has one")).expect("it is made");
                    fs::write(path, old).expect("it is written");
                }
                place
            };
            let (by_build, by_patch) = (make(), make());
            let arguments = |command| [&[command, "--file", file][..], options].concat();
            let diff = Command::new(env!("CARGO_BIN_EXE_flux-identity"))
                .current_dir(by_patch.path())
                .args(arguments("diff"))
                .output()
                .expect("it runs");
            assert_eq!(diff.status.code(), Some(1), "{at} {file}: {}", String::from_utf8_lossy(&diff.stderr));
            patch(by_patch.path(), &["-p1"], &diff.stdout);
            assert_eq!(run(by_build.path(), &arguments("build")).status, 0, "{at}");
            assert_eq!(trees::nodes(by_patch.path()), trees::nodes(by_build.path()), "{at} {file}");
        }
    }
}

#[test]
fn diff_from_below_the_source_says_where_its_paths_are_from() {
    let place = repository(&[("identity.flux", FLEET), ("deep/er/keep", "")]);
    let diff = run(&place.path().join("deep/er"), &["diff"]);
    assert!(
        diff.stderr.contains("paths are relative to ../..: apply with `patch -p1 -d ../..`\n"),
        "{}",
        diff.stderr
    );
    patch(&place.path().join("deep/er"), &["-p1", "-d", "../.."], diff.stdout.as_bytes());
    assert_eq!(run_check(&place), 0);
}

// ---------------------------------------------------------------------------------------------------------------------

fn run_check(place: &TempDir) -> i32 {
    run(place.path(), &["check"]).status
}

fn write(place: &TempDir, path: &str, text: &str) {
    let path = place.path().join(path);
    fs::create_dir_all(path.parent().expect("it has one")).expect("it is made");
    fs::write(path, text).expect("it is written");
}

/// Built with two clusters, one of which has left the source.
fn without_prod_us() -> TempDir {
    let place = built(FLEET);
    write(&place, "identity.flux", &FLEET.replace("prod-eu, prod-us", "prod-eu"));
    place
}

fn patch(directory: &Path, options: &[&str], patch: &[u8]) {
    let mut child = Command::new("patch")
        .current_dir(directory)
        .args(options)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("patch runs");
    child.stdin.take().expect("it has one").write_all(patch).expect("it reads");
    let output = child.wait_with_output().expect("it ends");
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(
        output.status.success() && !said.contains("garbage"),
        "{said}\n{}",
        String::from_utf8_lossy(patch)
    );
}

fn commit(place: &TempDir) {
    git(place, &["add", "--all"]);
    git(place, &["commit", "--quiet", "--message", "a step"]);
}

fn git(place: &TempDir, arguments: &[&str]) {
    let run = try_git(place, arguments);
    assert_eq!(run.status, 0, "{arguments:?}: {}{}", run.stdout, run.stderr);
}

fn try_git(place: &TempDir, arguments: &[&str]) -> Run {
    let identity = ["-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "core.autocrlf=false"];
    let mut git = Command::new("git");
    let git = git.current_dir(place.path()).args(identity).args(arguments);
    git.env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_CONFIG_SYSTEM", "/dev/null")
        .output()
        .expect("git runs")
        .into()
}
