//! Profiles that use one another in too many ways to be followed: where that begins, and what is said of it.

use std::fmt::Write as _;

use crate::harness::{Run, directory, run};

/// The name of a profile, and those that it uses.
type Profile = (String, Vec<String>);

/// A source of these profiles and of one cluster, which uses them all.
fn source(profiles: &[Profile]) -> String {
    let mut text = String::new();
    for (name, uses) in profiles {
        let uses = if uses.is_empty() { String::new() } else { format!("  use {}\n", uses.join(", ")) };
        let _infallible = writeln!(text, "profile {name} {{\n{uses}}}");
    }
    let all: Vec<&str> = profiles.iter().map(|(name, _)| name.as_str()).collect();
    let role = "aws \"arn:aws:iam::111122223333:role/flux\"";
    text + &format!("cluster a on eks {{\n  use {}\n  source-controller -> {role}\n}}\n", all.join(", "))
}

/// A profile that uses leaves, which keeps those together, and one that uses every other of them, so that what it reaches
/// is in that many pieces.
fn in_pieces(pieces: usize) -> Vec<Profile> {
    let leaves: Vec<String> = (0..pieces * 2).map(|at| format!("leaf{at}")).collect();
    let every_other = leaves.iter().step_by(2).cloned().collect();
    let mut profiles = vec![("whole".to_owned(), leaves.clone()), ("every-other".to_owned(), every_other)];
    profiles.extend(leaves.into_iter().map(|leaf| (leaf, Vec::new())));
    profiles
}

/// As many pieces as may be, and so many profiles each of which reaches all of them by one `use`.
fn over_and_over(users: usize) -> Vec<Profile> {
    let mut profiles = in_pieces(1023);
    profiles.extend((0..users).map(|at| (format!("user{at}"), vec!["every-other".to_owned()])));
    profiles
}

fn built(source: &str) -> Run {
    let place = directory(&[("identity.flux", source)]);
    run(place.path(), &["build"])
}

fn assert_compiles(profiles: &[Profile]) {
    let run = built(&source(profiles));
    assert_eq!((run.status, run.stderr.contains("error")), (0, false), "{}", run.stderr);
}

/// Asserts that nothing is said but that it becomes too much with the profile of that name, where that is declared.
fn assert_refused(profiles: &[Profile], name: &str) {
    let source = source(profiles);
    let header = format!("profile {name} {{");
    let line = source.lines().position(|line| line == header).expect("it is declared") + 1;
    let run = built(&source);
    let (blank, marks) = (" ".repeat(line.to_string().len()), "^".repeat(name.len()));
    let expected = format!(
        "error[F0121]: the profiles use each other in too many ways
{blank} ┌─ identity.flux:{line}:9
{blank} │
{line} │ {header}
{blank} │         {marks} the limit is exceeded here
{blank} │
{blank} = help: let fewer profiles use each other

1 error
for more information, run `flux-identity explain F0121`
"
    );
    assert_eq!((run.status, run.stderr), (1, expected));
}

#[test]
fn a_profile_may_reach_others_in_1024_pieces() {
    assert_compiles(&in_pieces(1024));
}

#[test]
fn a_profile_that_reaches_others_in_more_pieces_is_refused_where_it_is_declared() {
    assert_refused(&in_pieces(1025), "every-other");
}

#[test]
fn profiles_may_take_a_million_steps_together() {
    assert_compiles(&over_and_over(510));
}

#[test]
fn the_profile_with_which_all_together_take_more_steps_is_refused_where_it_is_declared() {
    assert_refused(&over_and_over(512), "user510");
}
