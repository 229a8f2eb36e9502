//! The same bytes, whatever surrounds a run.

use std::collections::BTreeSet;
use std::fs;
use std::process::Command;

use super::Random;
use crate::harness::project;
use crate::place::repository;
use crate::trees;

#[test]
fn in_fifty_surroundings_the_bytes_are_the_same() {
    let source =
        fs::read_to_string(project().join("examples/three-clouds/identity.flux")).expect("it is there");
    let teams: Vec<(String, String)> = (0..20)
        .map(|at| {
            (
                format!("teams/t{at}.flux"),
                format!("cluster team-{at} on eks {{ output = \"fleet/${{cluster}}\" }}\n"),
            )
        })
        .collect();
    let source = source + "\ninclude \"teams/*.flux\"\n";
    let mut random = Random(7);
    let mut seen = BTreeSet::new();
    for run in 0..50 {
        // Deeper and deeper, and the files of the directory made in another order each time.
        let depth = "a/".repeat(run % 7) + &"deep-".repeat(run % 11) + "x";
        let place = repository(&[]);
        let root = place.path().join(&depth);
        fs::create_dir_all(root.join("teams")).expect("it is made");
        fs::create_dir_all(root.join("sub/sub")).expect("it is made");
        let mut teams = teams.clone();
        while !teams.is_empty() {
            let (path, text) = teams.remove(random.below(teams.len()));
            fs::write(root.join(path), checked_out(run, &text)).expect("it is written");
        }
        fs::write(root.join("identity.flux"), checked_out(run, &source)).expect("it is written");
        let ways: [(&str, Vec<String>); 5] = [
            (".", vec![]),
            ("sub/sub", vec![]),
            ("sub", vec!["-C".to_owned(), "..".to_owned()]),
            (".", vec!["--file".to_owned(), "./identity.flux".to_owned()]),
            ("sub", vec!["--file".to_owned(), root.join("identity.flux").display().to_string()]),
        ];
        let (from, options) = &ways[run % ways.len()];
        let mut command = Command::new(env!("CARGO_BIN_EXE_flux-identity"));
        let command = command.current_dir(root.join(from)).args(options).arg("build").env_clear();
        let locale = ["C", "C.UTF-8", "tr_TR.UTF-8", "de_DE.UTF-8", "ja_JP.SJIS", ""][run % 6];
        let zone = ["UTC", "Asia/Kathmandu", "America/St_Johns", "Pacific/Kiritimati", ""][run % 5];
        let threads = ["1", "2", "64", ""][run % 4];
        let command = command
            .envs([("LC_ALL", locale), ("LANG", locale), ("TZ", zone), ("RAYON_NUM_THREADS", threads)])
            .envs([
                ("HOME", "/nonexistent"),
                ("COLUMNS", "20"),
                ("CLICOLOR_FORCE", "1"),
                ("TMPDIR", "/nonexistent"),
            ])
            .env(format!("NOISE_{run}"), "x".repeat(run * 100));
        let output = command.output().expect("it runs");
        assert!(output.status.success(), "{run}: {}", String::from_utf8_lossy(&output.stderr));
        let mut written = trees::nodes(&root);
        written.retain(|name, _| name.ends_with("/kustomization.yaml"));
        let _same = seen.insert(written);
        assert_eq!(seen.len(), 1, "run {run} from {from} differs");
    }
    let overlays = seen.first().expect("there is one").len();
    assert!(overlays > 30, "{overlays}");
}

/// A text as a checkout leaves it, which may make CRLF of its line breaks.
fn checked_out(run: usize, text: &str) -> String {
    if run.is_multiple_of(3) { text.replace('\n', "\r\n") } else { text.to_owned() }
}
