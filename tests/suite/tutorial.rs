//! The tutorial, the reference of the command line and the skill do what they say: each of their commands is run, in order,
//! and prints what follows it.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::harness::{directory, project, run};

#[test]
fn every_command_of_the_tutorial_prints_what_follows_it() {
    check("docs/tutorial.md");
}

#[test]
fn every_command_of_the_skill_prints_what_follows_it() {
    check("docs/skill/SKILL.md");
}

#[test]
fn the_reference_of_the_command_line_is_what_the_command_prints() {
    check("docs/cli.md");
}

#[test]
fn every_command_is_in_the_reference_of_the_command_line() {
    let page = fs::read_to_string(project().join("docs/cli.md")).expect("it is there");
    let help = run(&project(), &["--help"]).stdout;
    let (_, commands) = help.split_once("Commands:\n").expect("it lists the commands");
    let commands = commands.lines().take_while(|line| !line.is_empty());
    let names: Vec<&str> = commands.filter_map(|line| line.split_whitespace().next()).collect();
    assert!(names.len() > 10, "{names:?}");
    for name in names.into_iter().filter(|name| *name != "help") {
        assert!(page.contains(&format!("$ flux-identity help {name}\n")), "{name}");
    }
}

/// Compares the output on a page with what its commands print.
fn check(page: &str) {
    let path = project().join(page);
    let page = fs::read_to_string(&path).expect("it is there");
    let place = directory(&[]);
    let actual = replay(&page, place.path());
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        fs::write(&path, &actual).expect("the page is written");
    } else {
        assert_eq!(page, actual, "UPDATE_EXPECT=1 writes the output anew");
    }
}

#[test]
fn a_source_replaces_the_one_before_and_a_command_runs_where_it_stands() {
    let page = "```flux\na\n```\n\n```console\n$ cat identity.flux\nanything\n```\n\n```text identity.flux\nb\n```\n\
                ```console\n$ cat identity.flux\n$ cat missing >&2; echo $?\n```\n";
    let place = directory(&[]);
    assert_eq!(
        replay(page, place.path()),
        "```flux\na\n```\n\n```console\n$ cat identity.flux\na\n```\n\n```text identity.flux\nb\n```\n\
         ```console\n$ cat identity.flux\nb\n$ cat missing >&2; echo $?\ncat: missing: No such file or directory\n1\n```\n"
    );
}

/// The page with what its commands print. Blocks of `console` are sessions; those of `flux`, and of text named
/// `identity.flux`, are what the source is from there on.
fn replay(page: &str, place: &Path) -> String {
    let mut actual = String::new();
    let mut lines = page.lines();
    while let Some(line) = lines.next() {
        actual.extend([line, "\n"]);
        let Some(kind) = line.strip_prefix("```") else { continue };
        let block: Vec<&str> = lines.by_ref().take_while(|line| *line != "```").collect();
        if kind == "console" {
            for command in block.iter().filter_map(|line| line.strip_prefix("$ ")) {
                actual.extend(["$ ", command, "\n", &output(command, place)]);
            }
        } else {
            let text: String = block.iter().flat_map(|line| [line, "\n"]).collect();
            if matches!(kind, "flux" | "text identity.flux") {
                fs::write(place.join("identity.flux"), &text).expect("the source is written");
            }
            actual += &text;
        }
        actual += "```\n";
    }
    actual
}

/// What a command of the shell prints in the directory, errors included, as it would on a terminal.
fn output(command: &str, place: &Path) -> String {
    let programs = Path::new(env!("CARGO_BIN_EXE_flux-identity")).parent().expect("it is in a directory");
    let known = std::env::var("PATH").expect("programs are found");
    let output = Command::new("sh")
        .args(["-c", &format!("exec 2>&1; {command}")])
        .current_dir(place)
        .env("PATH", format!("{}:{known}", programs.display()))
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .envs(["GIT_AUTHOR_NAME", "GIT_COMMITTER_NAME"].map(|name| (name, "Tutorial")))
        .envs(["GIT_AUTHOR_EMAIL", "GIT_COMMITTER_EMAIL"].map(|name| (name, "tutorial@example.com")))
        .env_remove("CLICOLOR_FORCE")
        .output()
        .expect("a shell runs");
    String::from_utf8(output.stdout).expect("commands print UTF-8")
}
