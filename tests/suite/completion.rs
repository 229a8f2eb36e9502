//! Completion in a real shell and by the protocol of Cobra, and the manual pages.

use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

use crate::harness::{command, directory, run};
use crate::real::prove;

const FLEET: &str = "cluster prod-eu, prod-us on eks {\n  source-controller -> none\n}\n\ncluster dev on gke {\n  \
                     source-controller -> none\n}\n";

/// What Cobra reads.
fn complete(place: &Path, words: &[&str]) -> String {
    let arguments: Vec<&str> = ["__complete"].iter().chain(words).copied().collect();
    let run = run(place, &arguments);
    assert_eq!((run.status, run.stderr.as_str()), (0, ""), "{words:?}");
    run.stdout
}

#[test]
fn a_cluster_is_completed_with_its_platform() {
    let place = directory(&[("identity.flux", FLEET)]);
    for words in [["show", "prod"], ["render", "prod"]] {
        assert_eq!(complete(place.path(), &words), "prod-eu\ton eks\nprod-us\ton eks\n:4\n");
    }
    assert_eq!(complete(place.path(), &["build", "--cluster", "d"]), "dev\ton gke\n:4\n");
}

#[test]
fn a_cluster_of_an_included_file_is_completed_even_if_the_fleet_has_errors() {
    let place = directory(&[
        ("identity.flux", "include \"teams/*.flux\"\nrole x = \n"),
        ("teams/a.flux", "cluster shop on aks {\n  no-controller -> x\n}\n"),
    ]);
    assert_eq!(complete(place.path(), &["show", ""]), "shop\ton aks\n:4\n");
}

#[test]
fn the_source_is_that_of_the_options_before() {
    let place = directory(&[("fleet/identity.flux", FLEET), ("fleet/other.flux", "cluster x on eks {\n}\n")]);
    assert_eq!(complete(place.path(), &["-C", "fleet", "show", "d"]), "dev\ton gke\n:4\n");
    assert_eq!(complete(place.path(), &["--file", "fleet/other.flux", "show", ""]), "x\ton eks\n:4\n");
    assert_eq!(
        complete(place.path(), &["show", "-C", "fleet", "--file", "other.flux", ""]),
        "x\ton eks\n:4\n"
    );
}

#[test]
fn a_tilde_in_the_options_before_is_the_home_directory() {
    let home = directory(&[("fleet/identity.flux", FLEET)]);
    let elsewhere = directory(&[]);
    for options in [["--file", "~/fleet/identity.flux"], ["-C", "~/fleet"]] {
        let words = [&["__complete"], &options[..], &["show", "d"]].concat();
        let output = command(elsewhere.path(), &words).env("HOME", home.path()).output().expect("it runs");
        assert_eq!(String::from_utf8_lossy(&output.stdout), "dev\ton gke\n:4\n", "{options:?}");
    }
}

#[test]
fn without_a_source_there_are_no_clusters_and_no_errors() {
    assert_eq!(complete(directory(&[]).path(), &["show", ""]), ":4\n");
}

#[test]
fn codes_and_formats_are_completed_with_what_they_mean() {
    let place = directory(&[]);
    assert_eq!(complete(place.path(), &["explain", "F0203"]), "F0203\tinvalid ARN of an IAM role\n:4\n");
    let formats = complete(place.path(), &["check", "--format", ""]);
    assert!(formats.contains("sarif\tSARIF"), "{formats}");
    assert!(
        complete(place.path(), &["check", "--format=sar"]).starts_with("sarif\t"),
        "Cobra puts `--format=` before it"
    );
}

#[test]
fn files_and_directories_are_completed_and_a_directory_goes_on() {
    let place = directory(&[("fleets/a.flux", "")]);
    assert_eq!(complete(place.path(), &["--file", "fl"]), "fleets/\n:6\n");
    assert_eq!(complete(place.path(), &["fmt", "fleets/"]), "fleets/a.flux\n:4\n");
}

#[test]
fn a_directory_is_not_offered_where_a_file_is_expected() {
    let place = directory(&[("identity.flux", ""), (".hidden/a.flux", "")]);
    for words in [["--file", ""], ["fmt", ""]] {
        assert_eq!(complete(place.path(), &words), "identity.flux\n:4\n");
    }
    assert_eq!(complete(place.path(), &["fmt", ".h"]), ".hidden/\n:6\n");
}

#[test]
fn a_code_is_completed_as_it_is_begun() {
    let place = directory(&[]);
    assert_eq!(complete(place.path(), &["explain", "f0203"]), "f0203\tinvalid ARN of an IAM role\n:4\n");
    assert_eq!(run(place.path(), &["explain", "f0203"]).status, 0);
}

#[test]
fn options_are_offered_only_behind_a_dash_and_hidden_ones_never() {
    let place = directory(&[]);
    let commands = complete(place.path(), &[""]);
    assert!(commands.starts_with("build\tCheck the fleet"), "{commands}");
    assert!(!commands.contains("\n-") && !commands.contains("__complete"), "{commands}");
    let options = complete(place.path(), &["check", "--den"]);
    assert_eq!(options, "--deny\tTreat warnings as errors\n:4\n");
}

#[test]
fn without_descriptions_there_are_values_alone() {
    let place = directory(&[("identity.flux", FLEET)]);
    let run = run(place.path(), &["__completeNoDesc", "show", "prod"]);
    assert_eq!(run.stdout, "prod-eu\nprod-us\n:4\n");
}

/// What the script replies to Bash, whose cursor is at the end of the line.
fn bash(place: &Path, line: &str) -> Vec<String> {
    let script = run(place, &["completions", "bash"]);
    assert_eq!((script.status, script.stderr.as_str()), (0, ""));
    let session = "eval \"$SCRIPT\"; COMP_LINE=$LINE; COMP_POINT=${#LINE}; COMP_WORDBREAKS=$' \\t\\n\"\\'><=;|&(:'; \
                   set -- $(complete -p flux-identity); while [ \"$1\" != -F ]; do shift; done; \"$2\"; \
                   [ ${#COMPREPLY[@]} = 0 ] || printf '%s\\n' \"${COMPREPLY[@]}\"";
    let mut bash = Command::new("bash");
    bash.args(["--norc", "-c", session]).current_dir(place).env("PATH", path());
    let output = bash.env("SCRIPT", script.stdout).env("LINE", line).output().expect("bash runs");
    let printed = String::from_utf8(output.stdout).expect("it is text");
    printed.lines().map(str::to_owned).collect()
}

#[test]
fn bash_completes_clusters_by_the_script_for_it() {
    let place = directory(&[("identity.flux", FLEET)]);
    assert_eq!(bash(place.path(), "flux-identity show prod"), ["prod-eu", "prod-us"]);
    assert_eq!(bash(place.path(), "flux-identity build --cl"), ["--cluster"]);
}

#[test]
fn bash_completes_the_value_behind_the_equals_sign_without_its_option() {
    let place = directory(&[("fleet/identity.flux", FLEET)]);
    let reply = |line: &str| bash(place.path(), &format!("flux-identity {line}"));
    assert_eq!(reply("check --format=s"), ["short", "sarif"]);
    assert!(reply("check --format=").contains(&"sarif".to_owned()));
    assert_eq!(reply("check --color=a"), ["auto", "always"]);
    assert_eq!(reply("-C fleet build --cluster=d"), ["dev"]);
    assert_eq!(reply("-C fleet build --file=id"), ["identity.flux"]);
    assert_eq!(reply("-C fleet build --file id"), ["identity.flux"]);
    assert_eq!(reply("trust --form=terraform-"), ["terraform-policies"]);
}

#[test]
fn bash_is_given_nothing_where_nothing_can_be_completed() {
    let place = directory(&[("identity.flux", FLEET)]);
    for line in ["show dev ", "build --where stage=", "build --where ", "explain F0101 "] {
        assert_eq!(bash(place.path(), &format!("flux-identity {line}")), Vec::<String>::new(), "{line}");
    }
    assert_eq!(bash(directory(&[]).path(), "flux-identity show "), Vec::<String>::new());
}

#[test]
fn bash_completes_a_path_with_a_space_as_it_is_quoted() {
    let place = directory(&[("my dir/identity.flux", FLEET)]);
    let reply = |line: &str| bash(place.path(), &format!("flux-identity {line}"));
    assert_eq!(reply(r"build --file my\ di"), [r"my\ dir/"]);
    assert_eq!(reply("build --file m"), [r"my\ dir/"]);
    assert_eq!(reply(r"fmt my\ dir/i"), [r"my\ dir/identity.flux"]);
    assert_eq!(reply("fmt \"my dir/i"), ["my dir/identity.flux"]);
    assert_eq!(reply("build --file='my dir/i"), ["my dir/identity.flux"]);
    assert_eq!(reply(r"-C my\ dir show d"), ["dev"]);
}

/// The `PATH` with the directory of the command.
fn path() -> String {
    let programs = Path::new(env!("CARGO_BIN_EXE_flux-identity")).parent().expect("it is in a directory");
    format!("{}:{}", programs.display(), std::env::var("PATH").expect("programs are found"))
}

#[expect(clippy::print_stderr, reason = "a skipped test says so")]
fn is_there(shell: &str) -> bool {
    let version = Command::new(shell).arg("--version").output();
    let found = version.is_ok_and(|output| output.status.success());
    if !found {
        eprintln!("skipped: {shell} is not there");
    }
    found
}

/// What Fish offers at the end of the line: values, and behind a tabulator their descriptions.
fn fish(place: &Path, line: &str) -> Vec<String> {
    let session = format!("flux-identity completions fish | source; complete -C '{line}'");
    let mut fish = Command::new("fish");
    fish.args(["--no-config", "-c", &session]).current_dir(place).env("PATH", path()).env("HOME", place);
    let output = fish.output().expect("fish runs");
    String::from_utf8(output.stdout).expect("it is text").lines().map(str::to_owned).collect()
}

#[test]
fn fish_completes_by_the_script_for_it() {
    if !is_there("fish") {
        return;
    }
    let place = directory(&[("identity.flux", FLEET), ("my dir/identity.flux", FLEET)]);
    assert_eq!(fish(place.path(), "flux-identity show prod"), ["prod-eu\ton eks", "prod-us\ton eks"]);
    assert_eq!(fish(place.path(), "flux-identity check --format=sa"), ["--format=sarif\tSARIF 2.1.0"]);
    assert_eq!(fish(place.path(), "flux-identity -C m"), ["my dir/"]);
    assert_eq!(fish(place.path(), "flux-identity --file id"), ["identity.flux"]);
    prove("Fish");
}

/// What the script gives Zsh as candidates for the last word, whose beginning Zsh hands over as `PREFIX`. What Zsh has only
/// while somebody types stands in for it.
fn zsh(place: &Path, words: &[&str], prefix: &str) -> Vec<String> {
    let session = "compdef() { }; compset() { PREFIX=${PREFIX#*=} }; typeset -A compstate
        compadd() { while [[ $1 != -- ]]; do shift; done; shift; print -rl -- \"$@\" }
        eval \"$(flux-identity completions zsh)\"
        PREFIX=$1; shift; words=(flux-identity \"$@\" \"$PREFIX\"); CURRENT=$#words; _flux_identity";
    let mut zsh = Command::new("zsh");
    zsh.args(["-f", "-c", session, "zsh", prefix]).args(words).current_dir(place).env("PATH", path());
    let output = zsh.env("HOME", place).output().expect("zsh runs");
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    String::from_utf8(output.stdout).expect("it is text").lines().map(str::to_owned).collect()
}

#[test]
fn zsh_completes_by_the_script_for_it() {
    if !is_there("zsh") {
        return;
    }
    let place = directory(&[("identity.flux", FLEET), ("my dir/identity.flux", FLEET)]);
    let reply = |words: &[&str], prefix: &str| zsh(place.path(), words, prefix);
    assert_eq!(reply(&["show"], "prod"), ["prod-eu", "prod-us"]);
    assert_eq!(reply(&["check"], "--format=s"), ["short", "sarif"]);
    assert_eq!(reply(&["-C"], "m"), [r"my\ dir/"]);
    assert_eq!(reply(&["-C"], r"my\ d"), [r"my\ dir/"]);
    assert_eq!(reply(&["-C"], "~/m"), [r"~/my\ dir/"]);
    assert_eq!(reply(&["-C", r"my\ dir", "show"], "d"), ["dev"]);
    assert_eq!(reply(&["show", "dev"], ""), Vec::<String>::new());
    prove("Zsh");
}

/// What Nushell would put in place of the last word of the line.
fn nushell(place: &Path, line: &str) -> Vec<String> {
    let script = run(place, &["completions", "nushell"]).stdout + line;
    let file = place.join("session.nu");
    fs::write(&file, &script).expect("the script is written");
    let mut nushell = Command::new(nu());
    nushell.args(["--no-config-file", "--ide-complete", &script.len().to_string()]).arg(&file);
    let output = nushell.current_dir(place).env("PATH", path()).output().expect("nu runs");
    let reply: Value = serde_json::from_slice(&output.stdout).expect("it is JSON");
    let candidates = reply["completions"].as_array().expect("a list");
    candidates.iter().map(|candidate| candidate.as_str().expect("a text").to_owned()).collect()
}

/// Nushell, which `FLUX_IDENTITY_NU` names if it is not on the `PATH`.
fn nu() -> String {
    std::env::var("FLUX_IDENTITY_NU").unwrap_or_else(|_| "nu".to_owned())
}

#[test]
fn nushell_completes_by_the_script_for_it() {
    if !is_there(&nu()) {
        return;
    }
    let place = directory(&[("identity.flux", FLEET), ("my dir/identity.flux", FLEET)]);
    let reply = |line: &str| nushell(place.path(), &format!("flux-identity {line}"));
    assert_eq!(reply("show prod"), ["prod-eu", "prod-us"]);
    assert_eq!(reply("build --cl"), ["--cluster"]);
    assert_eq!(reply("check --format s"), ["short", "sarif"]);
    assert_eq!(reply("check --format=s"), ["--format=short", "--format=sarif"]);
    assert_eq!(reply("--file id"), ["identity.flux"]);
    assert_eq!(reply("-C m"), ["`my dir/`"]);
    assert_eq!(reply("show dev "), Vec::<String>::new());
    prove("Nushell");
}

#[test]
fn every_shell_has_a_script_and_an_unknown_one_is_an_error() {
    let place = directory(&[]);
    for shell in ["bash", "zsh", "fish", "powershell", "elvish", "nushell"] {
        let script = run(place.path(), &["completions", shell]);
        assert_eq!(script.status, 0, "{shell}");
        assert!(script.stdout.contains("flux-identity"), "{shell}: {}", script.stdout);
    }
    let wrong = run(place.path(), &["completions", "csh"]);
    assert_eq!(wrong.status, 2);
    assert!(wrong.stderr.contains("invalid value `csh`"), "{}", wrong.stderr);
}

#[test]
fn another_environment_variable_does_not_turn_the_command_into_a_completer() {
    let place = directory(&[("identity.flux", FLEET)]);
    let output = command(place.path(), &["outputs"]).env("COMPLETE", "bash").output().expect("it runs");
    assert!(String::from_utf8_lossy(&output.stdout).starts_with("clusters/"), "{output:?}");
}

#[test]
fn each_command_has_a_manual_page() {
    let place = directory(&[]);
    let run = run(place.path(), &["man", "share/man1"]);
    assert_eq!((run.status, run.stderr.as_str()), (0, ""));
    let page = |name: &str| fs::read_to_string(place.path().join("share/man1").join(name)).expect(name);
    assert!(page("flux-identity.1").contains(".TH flux-identity 1"), "{}", page("flux-identity.1"));
    assert!(page("flux-identity-check.1").contains("report drift of its overlays"));
    let names: Vec<_> = fs::read_dir(place.path().join("share/man1")).expect("it is there").collect();
    assert_eq!(run.stdout, format!("{} pages written\n", names.len()));
    assert!(!names.iter().flatten().any(|name| name.file_name() == "flux-identity-help.1"));
}

#[test]
fn a_manual_page_names_values_statuses_and_the_version() {
    let place = directory(&[]);
    assert_eq!(run(place.path(), &["man", "."]).status, 0);
    let page = |name: &str| {
        let text = fs::read_to_string(place.path().join(name)).expect(name);
        text.replace("\\-", "-").replace("\\fB", "").replace("\\fR", "")
    };
    let (whole, check) = (page("flux-identity.1"), page("flux-identity-check.1"));
    assert!(check.contains("[--file <FILE>] [-C <DIR>] [--deny <LEVEL>]"), "{check}");
    assert!(page("flux-identity-import.1").contains("[--output <FILE>]"), "its values have names");
    assert!(page("flux-identity-import.1").contains(" <DIR>...\n"), "directories are required");
    assert!(whole.contains("[--color <WHEN>] [--help] [--version] <COMMAND>\n"), "{whole}");
    let statuses = ".SH \"EXIT STATUS\"\n0 success; 1 errors";
    assert!(whole.contains(statuses) && check.contains(statuses), "{check}");
    assert!(page("flux-identity-import.1").contains(".SH \"EXIT STATUS\"\n0 if a cluster is imported"));
    let footer = concat!(" \" \" \"flux-identity ", env!("CARGO_PKG_VERSION"), "\"");
    let title = check.lines().find(|line| line.starts_with(".TH ")).expect("it has a title");
    assert!(title.starts_with(&format!(".TH flux-identity-check 1{footer}")), "{title}");
    assert!(!whole.contains("flux-identity-help"), "{whole}");
}

#[test]
fn a_manual_page_that_cannot_be_written_is_a_failure_of_the_machine() {
    let place = directory(&[("file", "")]);
    let run = run(place.path(), &["man", "file/man1"]);
    assert_eq!(run.status, 3);
    assert!(run.stderr.contains("file/man1"), "{}", run.stderr);
}

#[test]
fn help_of_a_command_is_what_its_option_prints() {
    let place = directory(&[]);
    let (help, option) = (run(place.path(), &["help", "check"]), run(place.path(), &["check", "--help"]));
    assert_eq!((help.status, help.stdout), (0, option.stdout));
}
