//! The command from outside: exit statuses, streams, files.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::harness::{Run, command, directory, run};
use crate::place::{aged, built, fed, find, read, repository, stamp, stamps};
use crate::trees;

const FLEET: &str = r#"cluster prod-eu, prod-us on eks {
  source-controller -> aws "arn:aws:iam::111122223333:role/flux"
}
"#;

const OVERLAY: &str = "clusters/prod-eu/flux-system/kustomization.yaml";
const OTHER_OVERLAY: &str = "clusters/prod-us/flux-system/kustomization.yaml";

/// The file that `flux bootstrap` writes.
const BOOTSTRAP: &str = "apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
resources:
- gotk-components.yaml
- gotk-sync.yaml
";

// ---------------------------------------------------------------------------------------------------------------------
// Exit statuses

/// What is in the directory, what is typed, and how that ends.
type Situation<'s> = (&'s [(&'s str, &'s str)], &'s [&'s str], i32);

#[test]
fn every_situation_has_its_exit_status() {
    let wrong = "cluster prod-eu on ekss {\n}\n";
    let unformatted = "account=\"111122223333\"\n";
    let table: &[Situation<'_>] = &[
        (&[("identity.flux", FLEET)], &["build"], 0),
        (&[("identity.flux", FLEET)], &["check"], 1),
        (&[("identity.flux", FLEET)], &["outputs"], 0),
        (&[("identity.flux", FLEET)], &["render", "prod-eu"], 0),
        (&[("identity.flux", FLEET)], &["render", "prod-ue"], 2),
        (&[("identity.flux", FLEET)], &["render"], 2),
        (&[("identity.flux", FLEET)], &["render", "prod-eu", "prod-us"], 2),
        (&[("identity.flux", FLEET)], &["fmt"], 0),
        (&[("identity.flux", FLEET)], &["fmt", "--check"], 0),
        (&[("identity.flux", FLEET)], &["fmt", "--diff"], 0),
        (&[("identity.flux", "")], &["build"], 0),
        (&[("identity.flux", "")], &["check"], 0),
        (&[("identity.flux", wrong)], &["build"], 1),
        (&[("identity.flux", wrong)], &["check"], 1),
        (&[("identity.flux", wrong)], &["outputs"], 1),
        (&[("identity.flux", wrong)], &["render", "prod-eu"], 1),
        (&[("identity.flux", "cluster {\n")], &["fmt"], 1),
        (&[("identity.flux", unformatted)], &["fmt", "--check"], 1),
        (&[("identity.flux", unformatted)], &["fmt", "--diff"], 1),
        (&[("identity.flux", unformatted)], &["fmt"], 0),
        (&[("identity.flux", FLEET), (OVERLAY, "resources: []\nx: 1\n")], &["build"], 1),
        (&[("identity.flux", FLEET), (OVERLAY, BOOTSTRAP)], &["build"], 0),
        (&[("fleet.flux", FLEET)], &["build", "--file", "fleet.flux"], 0),
        (&[("fleet.flux", FLEET)], &["--file", "fleet.flux", "build"], 0),
        (&[("sub/identity.flux", FLEET)], &["build", "-C", "sub"], 0),
        (&[("sub/identity.flux", FLEET)], &["build", "-C", "nowhere"], 2),
        (&[("here", "")], &["build"], 2),
        (&[("here", "")], &["check"], 2),
        (&[("here", "")], &["outputs"], 2),
        (&[("here", "")], &["render", "prod-eu"], 2),
        (&[("here", "")], &["fmt"], 2),
        (&[("here", "")], &["build", "--file", "-"], 2),
        (&[("here", "")], &["outputs", "--file", "-"], 2),
        (&[("here", "")], &["build", "--file", "."], 2),
        (&[("here/x", "")], &["build", "--file", "here"], 1),
        (&[("here", "")], &["build", "--file", "nowhere.flux"], 3),
        (&[("here", "")], &["fmt", "nowhere.flux"], 3),
        (&[], &[], 2),
        (&[], &["--help"], 0),
        (&[], &["--version"], 0),
        (&[], &["build", "--help"], 0),
        (&[], &["biuld"], 2),
        (&[], &["build", "--colour", "always"], 2),
        (&[], &["build", "--color", "sometimes"], 2),
        (&[], &["build", "--color"], 2),
        (&[], &["build", "--file"], 2),
        (&[], &["build", "prod-eu"], 2),
        (&[], &["help"], 0),
    ];
    for (there, arguments, status) in table {
        let place = repository(there);
        let run = run(place.path(), arguments);
        assert_eq!(run.status, *status, "{arguments:?} with {there:?}\n{}{}", run.stdout, run.stderr);
        assert!(!run.stderr.contains("panicked"), "{}", run.stderr);
    }
}

#[test]
fn what_went_wrong_is_said_on_standard_error_alone() {
    let place = repository(&[("identity.flux", "cluster prod-eu on ekss {\n}\n")]);
    for arguments in [&["build"][..], &["check"], &["outputs"], &["render", "prod-eu"], &["biuld"], &[]] {
        let run = run(place.path(), arguments);
        assert_eq!(run.stdout, "", "{arguments:?}");
        assert_ne!(run.stderr, "", "{arguments:?}");
    }
}

#[test]
fn what_went_well_is_said_on_standard_output_alone() {
    // A cluster that maps nothing has no patches that could miss.
    let place = repository(&[("identity.flux", "cluster prod-eu on eks {}\n")]);
    for arguments in
        [&["build"][..], &["check"], &["outputs"], &["render", "prod-eu"], &["--help"], &["--version"]]
    {
        let run = run(place.path(), arguments);
        assert_ne!(run.stdout, "", "{arguments:?}");
        assert_eq!(run.stderr, "", "{arguments:?}");
    }
}

// ---------------------------------------------------------------------------------------------------------------------
// build

#[test]
fn build_creates_what_is_missing_and_says_so() {
    let place = repository(&[("identity.flux", FLEET)]);
    let run = run(place.path(), &["build"]);
    let created = format!("created {OVERLAY}\ncreated {OTHER_OVERLAY}\n2 overlays, 2 written\n{SELECTORS}");
    assert_eq!((run.status, run.stdout, run.stderr), (0, created, String::new()));
    let names: Vec<String> = trees::texts(place.path()).into_iter().map(|(name, _)| name).collect();
    assert_eq!(names, [OVERLAY, OTHER_OVERLAY, "identity.flux"]);
}

const SELECTORS: &str = "set `spec.provider: aws` in objects that use them: HelmRepository, OCIRepository, Bucket, \
                         GitRepository\n";

#[test]
fn build_says_in_one_line_what_selects_the_identities_that_are_new() {
    let place = built(FLEET);
    let source = place.path().join("identity.flux");
    let build = |text: &str| {
        fs::write(&source, text).expect("it is written");
        let stdout = run(place.path(), &["build"]).stdout;
        stdout.lines().filter(|line| line.contains("`spec.")).map(str::to_owned).collect::<Vec<_>>()
    };
    let none: [&str; 0] = [];
    assert_eq!(build(FLEET), none, "nothing is new");
    assert_eq!(build(&FLEET.replace("role/flux", "role/other")), none, "the objects select any role");
    let scanning = FLEET.replace("source-controller ->", "source-controller, image-reflector-controller ->");
    assert_eq!(build(&scanning), ["set `spec.provider: aws` in objects that use them: ImageRepository"]);
    let decrypting = scanning.replace("source-controller,", "source-controller, kustomize-controller,");
    assert_eq!(build(&decrypting), none, "no object selects a key");
    let helm = decrypting.replace("source-controller,", "source-controller, helm-controller,");
    assert_eq!(
        build(&helm),
        ["`helm-controller` reaches other clusters by `spec.kubeConfig.configMapRef`, and pulls no charts"]
    );
    let other = format!(
        "{helm}cluster gcp on gke {{ source-controller -> gcp \"flux-gar@acme-prod.iam.gserviceaccount.com\" }}\n\
         cluster own on eks {{ image-automation-controller -> aws \"arn:aws:iam::111122223333:role/push\" }}\n\
         cluster pull on eks {{ helm-controller -> aws \"arn:aws:iam::111122223333:role/remote\" }}\n"
    );
    let expected = "set `spec.provider` (aws, gcp) in objects that use them: HelmRepository, OCIRepository, Bucket, \
                    GitRepository; `helm-controller` reaches other clusters by `spec.kubeConfig.configMapRef`, and pulls \
                    no charts";
    assert_eq!(build(&other), [expected]);
}

#[test]
fn a_second_build_touches_nothing() {
    let place = built(FLEET);
    let before = aged(place.path());
    let run = run(place.path(), &["build"]);
    assert_eq!((run.status, run.stdout.as_str()), (0, "2 overlays, nothing to do\n"));
    assert_eq!(stamps(place.path()), before);
}

#[test]
fn build_changes_what_changed_and_nothing_else() {
    let place = built(FLEET);
    let before = aged(place.path());
    let other = FLEET.to_owned() + "cluster dev on eks {\n}\n";
    fs::write(place.path().join("identity.flux"), other.replace("prod-eu, prod-us", "prod-us"))
        .expect("it is written");
    let run = run(place.path(), &["build"]);
    let said = "created clusters/dev/flux-system/kustomization.yaml\n2 overlays, 1 written\n";
    assert_eq!((run.status, run.stdout.as_str()), (0, said));
    for overlay in [OVERLAY, OTHER_OVERLAY] {
        assert_eq!(stamp(place.path(), overlay), find(&before, overlay));
    }
}

#[test]
fn build_rewrites_what_is_stale() {
    let place = built(FLEET);
    fs::write(place.path().join("identity.flux"), FLEET.replace("role/flux", "role/other"))
        .expect("it is written");
    let run = run(place.path(), &["build"]);
    let changed = format!("changed {OVERLAY}\nchanged {OTHER_OVERLAY}\n2 overlays, 2 written\n");
    assert!(run.stdout.starts_with(&changed), "{}", run.stdout);
    assert!(read(&place, OVERLAY).contains("role/other"));
}

#[test]
fn one_wrong_cluster_and_no_file_is_written() {
    let place = repository(&[("identity.flux", &(FLEET.to_owned() + "cluster dev on ekss {\n}\n"))]);
    let run = run(place.path(), &["build"]);
    assert_eq!(run.status, 1);
    assert_eq!(trees::texts(place.path()).len(), 1, "{:?}", trees::texts(place.path()));
}

#[test]
fn one_wrong_cluster_and_no_file_is_changed() {
    let place = built(FLEET);
    let wrong = FLEET.replace("role/flux", "role/other") + "cluster dev on ekss {\n}\n";
    fs::write(place.path().join("identity.flux"), wrong).expect("it is written");
    let before = aged(place.path());
    assert_eq!(run(place.path(), &["build"]).status, 1);
    assert_eq!(stamps(place.path()), before);
}

#[test]
fn one_refused_file_and_no_other_is_written() {
    let place = repository(&[("identity.flux", FLEET), (OTHER_OVERLAY, "resources:\n- mine.yaml\n")]);
    assert_eq!(run(place.path(), &["build"]).status, 1);
    assert!(!place.path().join(OVERLAY).exists());
}

#[test]
fn build_leaves_no_temporary_file() {
    let place = built(FLEET);
    fs::write(place.path().join("identity.flux"), FLEET.replace("role/flux", "role/other"))
        .expect("it is written");
    assert_eq!(run(place.path(), &["build"]).status, 0);
    assert_eq!(trees::texts(place.path()).len(), 3, "{:?}", trees::texts(place.path()));
}

#[cfg(unix)]
#[test]
fn a_rewritten_overlay_keeps_its_permissions() {
    use std::os::unix::fs::PermissionsExt as _;
    let place = built(FLEET);
    let overlay = place.path().join(OVERLAY);
    fs::set_permissions(&overlay, fs::Permissions::from_mode(0o640)).expect("they are set");
    fs::write(place.path().join("identity.flux"), FLEET.replace("role/flux", "role/other"))
        .expect("it is written");
    assert_eq!(run(place.path(), &["build"]).status, 0);
    assert_eq!(fs::metadata(overlay).expect("it is there").permissions().mode() & 0o777, 0o640);
}

#[cfg(target_os = "linux")]
#[test]
fn a_disk_that_takes_nothing_is_a_failure_and_leaves_the_old_file() {
    let place = built(FLEET);
    let old = read(&place, OVERLAY);
    fs::write(place.path().join("identity.flux"), FLEET.replace("role/flux", "role/other"))
        .expect("it is written");
    let script = format!("trap '' XFSZ; ulimit -f 0; exec {} build", env!("CARGO_BIN_EXE_flux-identity"));
    let output =
        Command::new("sh").current_dir(place.path()).args(["-c", &script]).stdin(Stdio::null()).output();
    let run: Run = output.expect("the shell runs").into();
    assert_eq!(run.status, 3, "{}", run.stderr);
    assert!(
        run.stderr.starts_with(&format!("error[F0421]: {OVERLAY}: cannot write this file: ")),
        "{}",
        run.stderr
    );
    assert_eq!(read(&place, OVERLAY), old);
    assert_eq!(trees::texts(place.path()).len(), 3, "{:?}", trees::texts(place.path()));
}

// ---------------------------------------------------------------------------------------------------------------------
// Files that are not ours

#[test]
fn a_file_of_somebody_else_is_refused_with_what_would_be_lost() {
    let theirs = "resources:\n- mine.yaml\n";
    let run = refused(FLEET, OVERLAY, theirs, "F0401");
    assert!(run.stderr.contains("flux-identity did not generate this file"), "{}", run.stderr);
    assert!(run.stderr.contains("-- mine.yaml"), "{}", run.stderr);
    assert!(!run.stderr.contains("F0410"), "{}", run.stderr);
}

#[test]
fn what_flux_bootstrap_wrote_is_taken_over() {
    let place = repository(&[("identity.flux", FLEET), (OVERLAY, BOOTSTRAP)]);
    let run = run(place.path(), &["build"]);
    assert_eq!((run.status, run.stderr.as_str()), (0, ""));
    assert!(run.stdout.contains(&format!("changed {OVERLAY}")), "{}", run.stdout);
    assert!(
        read(&place, OVERLAY)
            .starts_with("# Code generated by flux-identity from ../../../identity.flux; DO NOT EDIT.")
    );
}

#[test]
fn what_flux_bootstrap_wrote_with_a_comment_of_somebody_is_refused() {
    let _run = refused(FLEET, OVERLAY, &format!("# ask Jane before you change this\n{BOOTSTRAP}"), "F0401");
}

#[test]
fn the_overlay_of_another_source_is_refused() {
    let place = built(FLEET);
    let theirs = read(&place, OVERLAY).replace("identity.flux", "other.flux");
    let run = refused(FLEET, OVERLAY, &theirs, "F0401");
    assert!(run.stderr.contains("generated from another source, `../../../other.flux`"), "{}", run.stderr);
}

#[test]
fn an_overlay_that_was_edited_by_hand_is_refused_with_what_would_be_lost() {
    let place = built(FLEET);
    let theirs = read(&place, OVERLAY) + "images:\n- name: mine\n";
    let run = refused(FLEET, OVERLAY, &theirs, "F0402");
    assert!(run.stderr.contains("-- name: mine"), "{}", run.stderr);
}

#[test]
fn an_edited_overlay_that_says_what_would_be_written_is_no_reason_to_stop() {
    let place = built(FLEET);
    let text = read(&place, OVERLAY);
    let checksum = text.lines().nth(1).expect("there is a second line");
    fs::write(place.path().join(OVERLAY), text.replace(checksum, "# sha256:0")).expect("it is written");
    assert_eq!(run(place.path(), &["build"]).status, 0);
    assert_eq!(read(&place, OVERLAY), text);
}

#[test]
fn an_overlay_with_conflict_markers_is_ours_to_build() {
    let place = built(FLEET);
    let text = read(&place, OVERLAY);
    let conflict = text.replacen("- patch:", "<<<<<<< HEAD\n- patch:", 1) + "=======\n>>>>>>> other\n";
    fs::write(place.path().join(OVERLAY), conflict).expect("it is written");
    assert_eq!(run(place.path(), &["build"]).status, 0);
    assert_eq!(read(&place, OVERLAY), text);
}

#[test]
fn a_second_kustomization_file_is_refused() {
    for second in ["kustomization.yml", "Kustomization"] {
        let _run = refused(FLEET, &OVERLAY.replace("kustomization.yaml", second), BOOTSTRAP, "F0403");
    }
}

#[test]
fn a_directory_where_the_overlay_belongs_is_refused() {
    let _run = refused(FLEET, &format!("{OVERLAY}/keep"), "", "F0405");
}

#[test]
fn a_file_where_the_directory_of_an_overlay_belongs_is_refused() {
    let _run = refused(FLEET, "clusters/prod-eu", "", "F0405");
}

#[cfg(unix)]
#[test]
fn a_symbolic_link_on_the_way_is_refused() {
    for (link, target) in
        [("clusters", "elsewhere"), ("clusters/prod-eu", "../elsewhere"), (OVERLAY, "elsewhere")]
    {
        let place = repository(&[("identity.flux", FLEET), ("elsewhere/keep", "")]);
        let link = place.path().join(link);
        fs::create_dir_all(link.parent().expect("it has a parent")).expect("it is made");
        std::os::unix::fs::symlink(target, &link).expect("it is linked");
        let run = run(place.path(), &["build"]);
        assert_eq!(run.status, 1, "{}", run.stderr);
        assert!(run.stderr.starts_with("error[F0404]"), "{}", run.stderr);
        assert!(fs::symlink_metadata(&link).expect("it is there").is_symlink());
        assert_eq!(fs::read_dir(place.path().join("elsewhere")).expect("it is read").count(), 1);
    }
}

// ---------------------------------------------------------------------------------------------------------------------
// check, render, outputs

#[test]
fn check_wants_what_build_would_write_and_writes_nothing() {
    let place = repository(&[("identity.flux", FLEET)]);
    let run = run(place.path(), &["check"]);
    assert_eq!(run.status, 1);
    assert!(
        run.stderr.contains(&format!("error[F0410]: {OVERLAY}: this file does not exist")),
        "{}",
        run.stderr
    );
    assert!(run.stderr.contains("\n2 errors\n"), "{}", run.stderr);
    assert_eq!(trees::texts(place.path()).len(), 1);
}

#[test]
fn check_is_content_after_a_build() {
    let run = run(built(FLEET).path(), &["check"]);
    assert_eq!((run.status, run.stdout.as_str()), (0, "2 clusters, no errors\n"));
    // Nothing is installed beside the overlays, and that alone is noted.
    assert_eq!(run.stderr.matches("[F").count(), 1, "{}", run.stderr);
    assert!(run.stderr.starts_with("note[F0316]: "), "{}", run.stderr);
}

#[test]
fn check_sees_a_stale_overlay() {
    let place = built(FLEET);
    fs::write(place.path().join("identity.flux"), FLEET.replace("role/flux", "role/other"))
        .expect("it is written");
    let run = run(place.path(), &["check"]);
    assert_eq!(run.status, 1);
    assert!(
        run.stderr.contains(&format!("error[F0411]: {OVERLAY}: this file is out of date with the source"))
    );
    assert!(read(&place, OVERLAY).contains("role/flux"));
}

#[test]
fn check_sees_what_build_would_refuse() {
    let place = repository(&[("identity.flux", FLEET), (OVERLAY, "resources:\n- mine.yaml\n")]);
    let run = run(place.path(), &["check"]);
    assert_eq!(run.status, 1);
    assert!(run.stderr.contains("error[F0401]"), "{}", run.stderr);
}

#[test]
fn check_of_standard_input_compares_no_files() {
    let place = repository(&[]);
    let run = fed(command(place.path(), &["check", "--file", "-"]), FLEET.as_bytes());
    assert_eq!((run.status, run.stdout.as_str()), (0, "2 clusters, no errors\n"));
}

#[test]
fn a_source_from_standard_input_is_told_that_it_has_no_values() {
    let place = directory(&[("values.json", "{}\n")]);
    let source = format!("values \"values.json\"\n{FLEET}");
    let run = fed(command(place.path(), &["check", "--file", "-", "--format", "short"]), source.as_bytes());
    assert_eq!(run.status, 1);
    assert_eq!(run.stderr.lines().next(), Some("-:1:8: error[F0415]: this file of values is out of reach"));
}

#[test]
fn render_prints_what_build_writes() {
    let place = built(FLEET);
    assert_eq!(run(place.path(), &["render", "prod-eu"]).stdout, read(&place, OVERLAY));
}

#[test]
fn render_reads_standard_input() {
    let place = built(FLEET);
    let run = fed(command(place.path(), &["render", "prod-eu", "--file", "-"]), FLEET.as_bytes());
    assert_eq!((run.status, run.stdout), (0, read(&place, OVERLAY)));
}

#[test]
fn render_offers_the_nearest_cluster() {
    let place = repository(&[("identity.flux", FLEET)]);
    let run = run(place.path(), &["render", "prod-ue"]);
    assert_eq!(run.stderr, "error: unknown cluster `prod-ue`\n  = help: did you mean `prod-eu`?\n");
}

#[test]
fn outputs_are_one_a_line_and_exist_after_a_build() {
    let place = built(FLEET);
    let run = run(place.path(), &["outputs"]);
    assert_eq!(run.stdout, format!("{OVERLAY}\n{OTHER_OVERLAY}\n"));
    assert!(run.stdout.lines().all(|output| place.path().join(output).is_file()));
}

// ---------------------------------------------------------------------------------------------------------------------
// Which source

#[test]
fn the_source_is_found_in_a_directory_above() {
    let place = repository(&[("identity.flux", FLEET), ("clusters/prod-eu/flux-system/gotk-sync.yaml", "")]);
    let below = place.path().join("clusters/prod-eu");
    let run = run(&below, &["build"]);
    assert_eq!(run.status, 0, "{}", run.stderr);
    assert!(run.stdout.starts_with(&format!("created ../../{OVERLAY}\n")), "{}", run.stdout);
    assert!(place.path().join(OVERLAY).is_file());
}

#[test]
fn the_source_is_not_looked_for_above_the_repository() {
    let place = repository(&[("identity.flux", FLEET), ("inner/.git/HEAD", ""), ("inner/sub/keep", "")]);
    let run = run(&place.path().join("inner/sub"), &["build"]);
    assert_eq!(run.status, 2);
    let said = "error: no `identity.flux` in this directory or its parents\n  \
                = help: create one with `flux-identity init`, or use `--file FILE`\n";
    assert_eq!(run.stderr, said);
}

#[test]
fn a_source_of_another_name_is_named_in_the_banner() {
    let place = repository(&[("fleets/all.flux", FLEET)]);
    let run = run(place.path(), &["build", "--file", "fleets/all.flux"]);
    assert_eq!(run.status, 0, "{}", run.stderr);
    let overlay = read(&place, &format!("fleets/{OVERLAY}"));
    assert!(
        overlay.starts_with("# Code generated by flux-identity from ../../../all.flux; DO NOT EDIT.\n"),
        "{overlay}"
    );
}

#[test]
fn the_directory_of_an_option_is_where_everything_happens() {
    let place = repository(&[("sub/identity.flux", FLEET)]);
    let run = run(place.path(), &["-C", "sub", "build"]);
    assert_eq!(run.stdout.lines().next(), Some(format!("created {OVERLAY}").as_str()));
    assert!(place.path().join("sub").join(OVERLAY).is_file());
}

#[test]
fn the_bytes_do_not_depend_on_where_the_command_runs() {
    let place = built(FLEET);
    let other = repository(&[("identity.flux", FLEET), ("deep/er/keep", "")]);
    assert_eq!(run(&other.path().join("deep/er"), &["build"]).status, 0);
    assert_eq!(read(&place, OVERLAY), read(&other, OVERLAY));
}

#[test]
fn a_link_under_the_name_of_a_temporary_file_is_not_followed() {
    let place = repository(&[("identity.flux", FLEET), ("victim", "precious\n"), (OVERLAY, BOOTSTRAP)]);
    let overlay = place.path().join(OVERLAY);
    let directory = overlay.parent().expect("it has one").to_path_buf();
    // The name holds the number of the process, which is not known before: all that it may be are taken.
    let script = "ln -s ../../../victim clusters/prod-eu/flux-system/.flux-identity-build-$$-kustomization.yaml.tmp; exec \"$0\" build";
    let mut shell = Command::new("sh");
    let run =
        shell.args(["-c", script, env!("CARGO_BIN_EXE_flux-identity")]).current_dir(place.path()).output();
    let run = Run::from(run.expect("the shell runs"));
    assert_eq!(run.status, 0, "{}", run.stderr);
    assert_eq!(fs::read_to_string(place.path().join("victim")).expect("it is there"), "precious\n");
    assert!(!overlay.is_symlink());
    assert_eq!(fs::read_dir(directory).expect("it is there").count(), 1);
}

#[cfg(unix)]
#[test]
fn fmt_of_a_link_formats_the_file_and_keeps_the_link() {
    let place = repository(&[("real.flux", "account=\"111122223333\"\n")]);
    let link = place.path().join("identity.flux");
    std::os::unix::fs::symlink("real.flux", &link).expect("the link is made");
    let run = run(place.path(), &["fmt"]);
    assert_eq!(run.status, 0, "{}", run.stderr);
    assert!(link.is_symlink());
    let text = fs::read_to_string(place.path().join("real.flux")).expect("it is there");
    assert_eq!(text, "account = \"111122223333\"\n");
}

#[test]
fn findings_can_go_to_what_is_no_regular_file() {
    let place = built(FLEET);
    let run = run(place.path(), &["check", "--format", "json", "--output-file", "/dev/null"]);
    assert_eq!(run.status, 0, "{}", run.stderr);
    assert!(!Path::new("/dev/null").is_file());
}

#[test]
fn outside_of_a_repository_no_source_is_looked_for_above() {
    let place = directory(&[("identity.flux", FLEET), ("below/here", "")]);
    let run = run(&place.path().join("below"), &["build"]);
    assert_eq!(run.status, 2, "{}", run.stderr);
}

#[test]
fn a_comment_behind_a_tab_is_somebodys_too() {
    let theirs = BOOTSTRAP.replace("gotk-sync.yaml", "gotk-sync.yaml\t# keep me");
    let _run = refused(FLEET, OVERLAY, &theirs, "F0401");
}

#[test]
fn an_empty_overlay_is_taken_over() {
    let place = repository(&[("identity.flux", FLEET), (OVERLAY, "")]);
    assert_eq!(run(place.path(), &["build"]).status, 0);
}

#[cfg(unix)]
#[test]
fn a_file_that_two_names_include_is_read_once() {
    let place = repository(&[("identity.flux", "include \"teams/*.flux\"\n"), ("teams/a.flux", FLEET)]);
    std::os::unix::fs::symlink("a.flux", place.path().join("teams/b.flux")).expect("the link is made");
    assert_eq!(run(place.path(), &["build"]).status, 0);
}

#[test]
fn findings_do_not_replace_what_belongs_to_the_fleet() {
    let place = built(FLEET);
    let before = stamps(place.path());
    for taken in ["identity.flux", OVERLAY, "clusters/prod-us/flux-system/gotk-components.yaml"] {
        let run = run(place.path(), &["check", "--format", "json", "--output-file", taken]);
        assert_eq!(run.status, 2, "{taken}: {}", run.stderr);
        assert!(
            run.stderr.contains("is a source or in the directory of an overlay"),
            "{taken}: {}",
            run.stderr
        );
        assert_eq!(stamps(place.path()), before, "{taken}");
    }
}

#[test]
fn findings_go_to_a_file_of_their_own_beside_what_people_read() {
    let place = built(FLEET);
    let run = run(place.path(), &["check", "--format", "json", "--output-file", "findings.json"]);
    assert_eq!((run.status, run.stdout.as_str()), (0, "2 clusters, no errors\n"), "{}", run.stderr);
    let written = fs::read_to_string(place.path().join("findings.json")).expect("it was written");
    assert!(written.contains("\"format_version\": 1"), "{written}");
}

#[test]
fn denied_warnings_fail_a_check_that_says_so() {
    let source = FLEET.replace("source-controller", "notification-controller");
    let place = built(&source);
    for format in
        [&["--format", "human"][..], &["--format", "short"], &["--format", "json", "--output-file", "f"]]
    {
        let run = run(place.path(), &[&["check", "--deny", "warnings"], format].concat());
        assert_eq!((run.status, run.stdout.as_str()), (1, ""), "{}", run.stderr);
        assert!(
            run.stderr.ends_with("failed, because `--deny` treats warnings as errors\n"),
            "{}",
            run.stderr
        );
    }
    let run = run(place.path(), &["check"]);
    assert_eq!(run.status, 0);
    assert!(!run.stderr.contains("failed"), "{}", run.stderr);
}

#[test]
fn denied_warnings_stop_a_build_and_say_so() {
    let source = FLEET.replace("source-controller", "notification-controller");
    let place = repository(&[("identity.flux", source.as_str())]);
    let run = run(place.path(), &["build", "--deny", "warnings"]);
    assert_eq!((run.status, run.stdout.as_str()), (1, ""));
    assert!(
        run.stderr.ends_with("nothing was done, because `--deny` treats warnings as errors\n"),
        "{}",
        run.stderr
    );
    assert_eq!(trees::texts(place.path()).len(), 1);
}

#[test]
fn the_name_of_standard_input_is_nothing_without_it() {
    let place = repository(&[("identity.flux", "account=\"111122223333\"\n")]);
    let before = stamps(place.path());
    let run = run(place.path(), &["fmt", "--stdin-filename", "x.flux"]);
    assert_eq!((run.status, run.stdout.as_str()), (2, ""), "{}", run.stderr);
    assert_eq!(stamps(place.path()), before);
}

#[test]
fn a_source_whose_name_would_break_the_first_line_of_an_overlay_is_refused() {
    for name in ["a\nb.flux", "a b.flux", "${x}.flux"] {
        let place = repository(&[(name, FLEET)]);
        let run = run(place.path(), &["build", "--file", name]);
        assert_eq!(run.status, 2, "{name:?}: {}", run.stderr);
        assert!(run.stderr.contains("invalid source name"), "{name:?}: {}", run.stderr);
        assert_eq!(trees::texts(place.path()).len(), 1, "{name:?}");
    }
}

#[test]
fn a_source_that_is_not_there_is_said_to_be_so() {
    let place = repository(&[]);
    let run = run(place.path(), &["build", "--file", "fleet.flux"]);
    assert!(
        run.stderr
            .starts_with("error[F0420]: fleet.flux: cannot read this file: no such file or directory\n"),
        "{}",
        run.stderr
    );
}

#[test]
fn a_directory_is_no_source() {
    let place = repository(&[("fleet.flux/keep", "")]);
    let run = run(place.path(), &["build", "--file", "fleet.flux"]);
    assert!(
        run.stderr.starts_with("error[F0407]: fleet.flux: cannot read this file: it is a directory\n"),
        "{}",
        run.stderr
    );
}

#[test]
fn a_source_that_is_not_text_is_refused_with_the_place() {
    let place = repository(&[]);
    fs::write(place.path().join("identity.flux"), b"# caf\xe9\n").expect("it is written");
    let run = run(place.path(), &["build"]);
    assert_eq!(run.status, 1);
    let said = "error[F0015]: identity.flux: invalid UTF-8 in line 1\n";
    assert!(run.stderr.starts_with(said), "{}", run.stderr);
}

#[test]
fn a_source_in_utf_16_is_called_by_its_name() {
    for mark in [[0xFF, 0xFE], [0xFE, 0xFF]] {
        let place = repository(&[]);
        fs::write(place.path().join("identity.flux"), mark).expect("it is written");
        let run = run(place.path(), &["check"]);
        assert_eq!(run.status, 1);
        let said = "error[F0015]: identity.flux: this source is encoded as UTF-16, not UTF-8\n";
        assert!(run.stderr.starts_with(said), "{}", run.stderr);
    }
}

#[test]
fn a_source_that_is_too_large_is_refused() {
    let place = repository(&[]);
    let file = fs::File::create(place.path().join("identity.flux")).expect("it is made");
    file.set_len(16 * 1024 * 1024 + 1).expect("it is made larger");
    let run = run(place.path(), &["check"]);
    assert_eq!(run.status, 1);
    let said = "error[F0016]: identity.flux: this source is larger than 16 MiB\n";
    assert!(run.stderr.starts_with(said), "{}", run.stderr);
}

#[test]
fn a_byte_order_mark_is_no_mistake() {
    let place = repository(&[("identity.flux", &format!("\u{FEFF}{FLEET}"))]);
    assert_eq!(run(place.path(), &["build"]).status, 0);
}

#[test]
fn findings_name_the_source_as_it_was_typed() {
    let place = repository(&[("sub/fleet.flux", "cluster prod-eu on ekss {\n}\n")]);
    let run = run(place.path(), &["check", "--file", "sub/fleet.flux"]);
    assert!(run.stderr.contains("─ sub/fleet.flux:1:20\n"), "{}", run.stderr);
    assert!(run.stderr.contains("\n1 error\n"), "{}", run.stderr);
}

// ---------------------------------------------------------------------------------------------------------------------
// fmt

#[test]
fn fmt_writes_the_one_style_and_says_so() {
    let place = repository(&[("identity.flux", "account=\"111122223333\"\n")]);
    let run = run(place.path(), &["fmt"]);
    assert_eq!((run.status, run.stdout.as_str()), (0, "formatted identity.flux\n"));
    assert_eq!(read(&place, "identity.flux"), "account = \"111122223333\"\n");
}

#[test]
fn fmt_leaves_alone_what_has_the_style() {
    let place = repository(&[("identity.flux", FLEET)]);
    let before = aged(place.path());
    let run = run(place.path(), &["fmt"]);
    assert_eq!((run.status, run.stdout.as_str(), run.stderr.as_str()), (0, "", ""));
    assert_eq!(stamps(place.path()), before);
}

#[test]
fn fmt_check_names_what_has_another_style_and_writes_nothing() {
    let place = repository(&[("a.flux", "account=\"111122223333\"\n"), ("b.flux", FLEET)]);
    let before = aged(place.path());
    let run = run(place.path(), &["fmt", "--check", "a.flux", "b.flux"]);
    assert_eq!((run.status, run.stdout.as_str()), (1, "a.flux\n"));
    assert_eq!(run.stderr, "1 source would be reformatted\n");
    assert_eq!(stamps(place.path()), before);
}

#[test]
fn fmt_check_says_in_one_line_that_all_is_right() {
    let place = repository(&[("identity.flux", FLEET)]);
    let run = run(place.path(), &["fmt", "--check"]);
    assert_eq!((run.status, run.stdout.as_str()), (0, ""));
    assert_eq!(run.stderr, "1 source already formatted\n");
}

#[test]
fn fmt_diff_is_a_unified_diff_and_writes_nothing() {
    let place = repository(&[("identity.flux", "account=\"111122223333\"\n")]);
    let before = aged(place.path());
    let run = run(place.path(), &["fmt", "--diff"]);
    let diff = "--- identity.flux\n+++ identity.flux\n@@ -1 +1 @@\n\
                -account=\"111122223333\"\n+account = \"111122223333\"\n";
    assert_eq!((run.status, run.stdout.as_str()), (1, diff));
    assert_eq!(stamps(place.path()), before);
}

#[test]
fn fmt_of_standard_input_goes_to_standard_output() {
    let place = repository(&[]);
    let run = fed(command(place.path(), &["fmt", "-"]), b"account=\"111122223333\"\n");
    assert_eq!(
        (run.status, run.stdout.as_str(), run.stderr.as_str()),
        (0, "account = \"111122223333\"\n", "")
    );
}

#[test]
fn fmt_calls_standard_input_by_the_name_it_is_given() {
    let place = repository(&[]);
    let run = fed(command(place.path(), &["fmt", "-", "--stdin-filename", "teams/a.flux"]), b"account =\n");
    assert_eq!((run.status, run.stdout.as_str()), (1, ""));
    assert!(run.stderr.contains("─ teams/a.flux:1:10\n"), "{}", run.stderr);
}

#[test]
fn fmt_leaves_every_source_alone_if_one_cannot_be_read() {
    let place = repository(&[("a.flux", "account=\"111122223333\"\n"), ("b.flux", "cluster {\n")]);
    let before = aged(place.path());
    let run = run(place.path(), &["fmt", "a.flux", "b.flux"]);
    assert_eq!((run.status, run.stdout.as_str()), (1, ""));
    assert!(run.stderr.contains("missing name of a cluster"), "{}", run.stderr);
    assert_eq!(stamps(place.path()), before);
}

#[test]
fn fmt_needs_no_sense_only_syntax() {
    let place = repository(&[("identity.flux", "cluster a on nowhere { use nothing }\n")]);
    assert_eq!(run(place.path(), &["fmt", "--check"]).status, 0);
}

// ---------------------------------------------------------------------------------------------------------------------
// Usage

#[test]
fn wrong_usage_is_explained_in_our_words() {
    let table: &[(&[&str], &str)] = &[
        (&["biuld"], "error: unknown command `biuld`\n  = help: did you mean `build`?\n"),
        (
            &["deploy"],
            "error: unknown command `deploy`\n  = help: expected one of `build`, `check`, `diff`, `show`, `render`, `outputs`, `trust`, `fmt`, `init`, `import`, `explain`, `completions`, `man` or `lsp`\n",
        ),
        (
            &["build", "--flie", "x"],
            "error: unexpected argument `--flie`\n  = help: did you mean `--file`?\n",
        ),
        (
            &["build", "--xyzzy"],
            "error: unexpected argument `--xyzzy`\n  = help: see `flux-identity build --help`\n",
        ),
        (
            &["build", "prod-eu"],
            "error: unexpected argument `prod-eu`\n  = help: see `flux-identity build --help`\n",
        ),
        (&["render"], "error: missing argument `<CLUSTER>`\n  = help: see `flux-identity render --help`\n"),
        (
            &["build", "--color", "sometimes"],
            "error: invalid value `sometimes` for `--color`\n  = help: expected `auto`, `always` or `never`\n",
        ),
        (
            &["build", "--color"],
            "error: `--color` requires a value\n  = help: expected `auto`, `always` or `never`\n",
        ),
        (
            &["build", "--file"],
            "error: `--file` requires a value\n  = help: see `flux-identity build --help`\n",
        ),
        (
            &["build", "--file", "a", "--file", "b"],
            "error: `--file` cannot be repeated\n  = help: use it once\n",
        ),
        (
            &["build", "--file", "-"],
            "error: this command does not read standard input\n  \
             = help: `check`, `render` and `show` do; or write the source to a file\n",
        ),
    ];
    let place = repository(&[]);
    for (arguments, said) in table {
        let run = run(place.path(), arguments);
        assert_eq!((run.status, run.stderr.as_str(), run.stdout.as_str()), (2, *said, ""), "{arguments:?}");
    }
}

#[test]
fn wrong_usage_shows_no_control_character() {
    let place = repository(&[]);
    let run = run(place.path(), &["\u{1b}[31mbuild"]);
    assert_eq!(run.status, 2);
    assert!(!run.stderr.contains('\u{1b}'), "{:?}", run.stderr);
}

#[test]
fn help_and_version_are_results() {
    let place = repository(&[]);
    let help = run(place.path(), &["--help"]);
    assert!(
        ["build", "check", "render", "outputs", "fmt", "Exit status"]
            .iter()
            .all(|word| help.stdout.contains(word))
    );
    let version = run(place.path(), &["--version"]);
    assert_eq!(version.stdout, format!("flux-identity {}\n", env!("CARGO_PKG_VERSION")));
}

#[test]
fn the_help_of_diff_does_not_say_that_it_writes() {
    let help = run(repository(&[]).path(), &["diff", "--help"]).stdout;
    assert!(help.contains("Include what `build --prune` would remove"), "{help}");
    assert!(!help.contains("Remove ") && !help.contains("Overwrite "), "{help}");
}

#[test]
fn without_a_command_help_goes_to_standard_error() {
    let run = run(repository(&[]).path(), &[]);
    assert_eq!((run.status, run.stdout.as_str()), (2, ""));
    assert!(run.stderr.contains("Usage: flux-identity"), "{}", run.stderr);
}

// ---------------------------------------------------------------------------------------------------------------------
// Streams and colors

#[test]
fn a_closed_pipe_is_no_error() {
    // More than a pipe holds, so that something is left to write when nobody reads any more.
    let clusters: Vec<String> =
        (0..5_000).map(|at| format!("cluster cluster-{at} on eks {{\n}}\n")).collect();
    let place = repository(&[("identity.flux", &clusters.concat())]);
    let mut command = command(place.path(), &["outputs"]);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the command runs");
    drop(child.stdout.take());
    let run: Run = child.wait_with_output().expect("the command ends").into();
    assert_eq!((run.status, run.stderr.as_str()), (0, ""));
}

#[test]
fn a_closed_standard_error_is_no_error_either() {
    let clusters: Vec<String> =
        (0..2_000).map(|at| format!("cluster cluster-{at} on nowhere {{\n}}\n")).collect();
    let place = repository(&[("identity.flux", &clusters.concat())]);
    let mut command = command(place.path(), &["check"]);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the command runs");
    drop(child.stderr.take());
    let run: Run = child.wait_with_output().expect("the command ends").into();
    assert_eq!(run.status, 1);
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_behind_standard_output_is_a_failure() {
    let place = repository(&[("identity.flux", FLEET)]);
    for arguments in [&["render", "prod-eu"][..], &["outputs"], &["build"], &["--help"], &["--version"]] {
        let full = fs::OpenOptions::new().write(true).open("/dev/full").expect("Linux has it");
        let mut command = command(place.path(), arguments);
        let run: Run = command.stdout(full).output().expect("the command runs").into();
        assert_eq!(run.status, 3, "{arguments:?}");
        assert_eq!(
            run.stderr, "error: cannot write to standard output: no space left on device\n",
            "{arguments:?}"
        );
    }
}

/// What is typed, the environment, and whether findings are colored then.
type Coloring<'s> = (&'s [&'s str], &'s [(&'s str, &'s str)], bool);

#[test]
fn colors_come_only_where_they_are_wanted() {
    // Standard error is no terminal in a test.
    let table: &[Coloring<'_>] = &[
        (&[], &[], false),
        (&["--color", "auto"], &[], false),
        (&["--color", "never"], &[], false),
        (&["--color", "always"], &[], true),
        (&[], &[("CLICOLOR_FORCE", "1")], true),
        (&[], &[("CLICOLOR_FORCE", "0")], false),
        (&[], &[("CLICOLOR_FORCE", "")], false),
        (&[], &[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")], false),
        (&[], &[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "")], true),
        (&["--color", "always"], &[("NO_COLOR", "1")], true),
        (&["--color", "never"], &[("CLICOLOR_FORCE", "1")], false),
    ];
    let place = repository(&[("identity.flux", "cluster prod-eu on ekss {\n}\n")]);
    for (options, environment, colored) in table {
        let arguments = [&["check"], *options].concat();
        let mut command = command(place.path(), &arguments);
        let run: Run = command.envs(environment.iter().copied()).output().expect("the command runs").into();
        assert_eq!(run.stderr.contains("\u{1b}["), *colored, "{options:?} {environment:?} {}", run.stderr);
        assert_eq!(run.stdout, "");
    }
}

#[test]
fn findings_show_no_control_character_of_a_source() {
    let place = repository(&[("identity.flux", "# \u{1b}[31mred \u{202E} \u{7}\nuse x\n")]);
    let run = run(place.path(), &["check"]);
    assert_eq!(run.status, 1);
    assert!(!run.stderr.contains(['\u{1b}', '\u{202E}', '\u{7}']), "{:?}", run.stderr);
}

// ---------------------------------------------------------------------------------------------------------------------

/// Builds where something stands in the way, which stays as it is.
fn refused(source: &str, path: &str, theirs: &str, code: &str) -> Run {
    let place = repository(&[("identity.flux", source), (path, theirs)]);
    let before = aged(place.path());
    let run = run(place.path(), &["build"]);
    assert_eq!(run.status, 1, "{}{}", run.stdout, run.stderr);
    assert!(run.stderr.starts_with(&format!("error[{code}]: ")), "{}", run.stderr);
    assert!(run.stderr.contains("= help: "), "{}", run.stderr);
    let end = format!("1 error\nfor more information, run `flux-identity explain {code}`\n");
    assert!(run.stderr.ends_with(&end), "{}", run.stderr);
    assert_eq!(stamps(place.path()), before);
    run
}
