//! Codes, their pages and `docs/findings.md` agree, and `explain` prints them.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use flux_identity::model::integration::{INTEGRATIONS, Selector, Support, support, uses_identities};
use flux_identity::model::{Controller, Platform, Provider};
use flux_identity::problem::{Code, Finding, render};

use crate::harness::{check, directory, format, project, run, sources};
use crate::trees;

const FAULTY: &str = "Example";
const RIGHT: &str = "Use instead";
const HOW: &str = "Causes";
const WHY: &str = "Why";

/// The headings of a page, and the text below each.
fn sections(page: &str) -> Vec<(&str, &str)> {
    let parts = page.split("\n## ").skip(1);
    parts.map(|part| part.split_once('\n').expect("a heading has text below it")).collect()
}

/// The sources of one section of a page; none if there is no such section.
fn examples<'p>(page: &'p str, heading: &str) -> Vec<&'p str> {
    let text = sections(page).into_iter().find(|(title, _)| *title == heading).map_or("", |(_, text)| text);
    let fenced = text.split("```flux\n").skip(1);
    fenced.map(|source| source.split_once("```\n").expect("a fence is closed").0).collect()
}

/// The faulty sources of all pages.
pub fn faulty_sources() -> impl Iterator<Item = &'static str> {
    Code::ALL.iter().flat_map(|code| examples(code.page(), FAULTY))
}

/// The lines of a page that are not part of a source.
fn prose(page: &str) -> Vec<&str> {
    let mut fenced = false;
    let outside = |line: &&str| {
        let fence = line.starts_with("```");
        fenced ^= fence;
        !fenced && !fence
    };
    page.lines().filter(outside).collect()
}

fn codes(findings: &[Finding]) -> BTreeSet<Code> {
    findings.iter().map(|finding| finding.code).collect()
}

fn shown(source: &str, findings: &[Finding]) -> String {
    format!("{}\n{source}", render::human(findings, &sources(source), false))
}

// ---------------------------------------------------------------------------------------------------
// Pages

#[test]
fn no_page_is_without_a_code_and_no_code_without_a_page() {
    let name = |path: PathBuf| path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let pages: BTreeSet<String> =
        trees::entries(&project().join("src/problem/pages")).into_iter().map(name).collect();
    let expected: BTreeSet<String> = Code::ALL.iter().map(|code| format!("{code}.md")).collect();
    assert_eq!(pages, expected);
}

#[test]
fn a_code_stands_in_the_table_once() {
    let names: BTreeSet<&str> = Code::ALL.iter().map(|code| code.as_str()).collect();
    assert_eq!(names.len(), Code::ALL.len());
}

#[test]
fn every_page_has_its_sections_in_their_order() {
    for code in Code::ALL {
        let page = code.page();
        let headings: Vec<&str> = sections(page).into_iter().map(|(heading, _)| heading).collect();
        let right = headings == [FAULTY, RIGHT, WHY] || headings == [HOW, WHY];
        assert!(right, "{code}: {headings:?}");
        for (heading, text) in sections(page) {
            assert!(!text.trim().is_empty(), "{code}: nothing stands below `{heading}`");
        }
        assert!(!page.starts_with('#'), "{code}: a page begins with what it means");
    }
}

#[test]
fn every_faulty_source_stands_beside_its_right_one() {
    for code in Code::ALL {
        let (faulty, right) = (examples(code.page(), FAULTY), examples(code.page(), RIGHT));
        assert_eq!(faulty.len(), right.len(), "{code}");
        let explained = sections(code.page()).iter().any(|(heading, _)| *heading == HOW);
        assert!(explained || !faulty.is_empty(), "{code}: no source has it");
    }
}

#[test]
fn every_faulty_source_has_its_code_and_no_other() {
    for code in Code::ALL {
        for source in examples(code.page(), FAULTY) {
            let (_, findings) = check(source);
            assert_eq!(codes(&findings), BTreeSet::from([*code]), "{code}: {}", shown(source, &findings));
        }
    }
}

#[test]
fn every_right_source_gives_no_finding() {
    for code in Code::ALL {
        for source in examples(code.page(), RIGHT) {
            let (fleet, findings) = check(source);
            assert!(findings.is_empty() && fleet.is_some(), "{code}: {}", shown(source, &findings));
        }
    }
}

#[test]
fn every_right_source_is_in_the_one_style() {
    for code in Code::ALL {
        for source in examples(code.page(), RIGHT) {
            assert_eq!(format(source).as_deref(), Some(source), "{code}");
        }
    }
}

#[test]
fn every_page_reads_well_in_a_terminal() {
    for code in Code::ALL {
        for line in code.page().lines() {
            assert!(line.chars().count() <= 100, "{code}: more than 100 columns: {line}");
            assert_eq!(line.trim_end(), line, "{code}: a blank at the end: {line}");
            assert_eq!(render::sanitized(line), line, "{code}: a character that shows nothing: {line}");
        }
        for line in prose(code.page()) {
            let marked = ["**", "](", "<http", " _"].iter().any(|mark| line.contains(mark));
            assert!(!marked, "{code}: marks that a terminal does not show: {line}");
        }
        assert!(code.page().ends_with('\n') && !code.page().contains("\n\n\n"), "{code}: empty lines");
    }
}

#[test]
fn pages_that_list_what_there_is_list_all_of_it() {
    let lists: [(Code, Vec<&str>); 3] = [
        (Code::UnknownController, Controller::ALL.map(Controller::name).to_vec()),
        (Code::UnknownPlatform, Platform::ALL.map(Platform::name).to_vec()),
        (Code::UnknownProvider, Provider::ALL.map(Provider::name).to_vec()),
    ];
    for (code, names) in lists {
        let meaning = code.page().split("\n## ").next().unwrap_or_default();
        for name in names {
            assert!(meaning.contains(&format!("`{name}`")), "{code}: {name}");
        }
    }
}

#[test]
fn the_page_of_unused_identities_says_what_each_controller_can_use() {
    let page = Code::NoIntegration.page();
    for controller in Controller::ALL.into_iter().filter(|controller| uses_identities(*controller)) {
        let mut rows = page.lines().filter_map(|line| line.strip_prefix("    "));
        let row = rows.find_map(|row| row.strip_prefix(controller.name())).expect("it has a row");
        let said: Vec<&str> = row.split_whitespace().collect();
        let expected = Provider::ALL.map(|provider| match support(controller, provider) {
            Support::Always => "yes".to_owned(),
            Support::Since(version) => version.to_string(),
            Support::Never => "no".to_owned(),
        });
        assert_eq!(said, expected, "{controller:?}");
    }
}

#[test]
fn the_page_of_unselected_identities_has_the_field_of_every_use() {
    let page = Code::ProviderNotSet.page();
    for it in INTEGRATIONS {
        let row = page.lines().find(|line| line.starts_with(&format!("    {} ", it.task.name())));
        let row = row.unwrap_or_else(|| panic!("{it:?} has no row"));
        let field = match it.selector {
            Selector::Provider(kind) | Selector::OciProvider(kind) => format!("`provider` of a{kind}"),
            Selector::KubeConfig(_) => "`kubeConfig.configMapRef`".to_owned(),
            Selector::Decryption(kind) => format!("`decryption.provider: sops` of a{kind}"),
            Selector::Type(kind, _) => format!("`type` of a{kind}"),
        };
        let row = row.replace(" of an ", " of a").replace(" of a ", " of a");
        assert!(row.contains(&field), "{it:?}: {row}");
    }
}

// ---------------------------------------------------------------------------------------------------
// The command

#[test]
fn explain_prints_the_page_below_the_line_that_findings_begin_with() {
    let empty = directory(&[]);
    for code in [Code::UnknownController, Code::UnusedName, Code::NotProved] {
        let run = run(empty.path(), &["explain", code.as_str()]);
        let level = code.level().as_str();
        assert_eq!(run.stdout, format!("{level}[{code}]: {}\n\n{}", code.title(), code.page()));
        assert_eq!((run.status, run.stderr.as_str()), (0, ""));
    }
}

#[test]
fn explain_takes_a_code_in_small_letters() {
    let empty = directory(&[]);
    let (small, large) = (run(empty.path(), &["explain", "f0101"]), run(empty.path(), &["explain", "F0101"]));
    assert_eq!((small.status, small.stdout), (0, large.stdout));
}

#[test]
fn explain_list_has_one_line_for_each_code_in_columns() {
    let list = run(directory(&[]).path(), &["explain", "--list"]);
    let expected: Vec<String> = Code::ALL
        .iter()
        .map(|code| format!("{code}  {:7}  {}", code.level().as_str(), code.title()))
        .collect();
    assert_eq!(list.stdout.lines().collect::<Vec<_>>(), expected);
    assert_eq!((list.status, list.stderr.as_str()), (0, ""));
}

#[test]
fn explain_of_an_unknown_code_offers_the_nearest_one_and_ends_with_2() {
    let unknown = run(directory(&[]).path(), &["explain", "F0132"]);
    assert_eq!((unknown.status, unknown.stdout.as_str()), (2, ""));
    assert!(unknown.stderr.starts_with("error: unknown code `F0132`\n"), "{}", unknown.stderr);
    assert!(unknown.stderr.contains("did you mean `F0102`?"), "{}", unknown.stderr);
}

#[test]
fn explain_of_what_is_like_no_code_says_where_they_are_listed() {
    let unknown = run(directory(&[]).path(), &["explain", "E\u{1b}[31m"]);
    assert_eq!((unknown.status, unknown.stdout.as_str()), (2, ""));
    let expected = "error: unknown code `E?[31m`\n  = help: `flux-identity explain --list` lists all codes\n";
    assert_eq!(unknown.stderr, expected);
}

#[test]
fn explain_without_a_code_is_wrong_usage() {
    let nothing = run(directory(&[]).path(), &["explain"]);
    assert_eq!((nothing.status, nothing.stdout.as_str()), (2, ""));
    assert!(nothing.stderr.starts_with("error: `explain` requires a code\n  = help: "), "{}", nothing.stderr);
}

#[test]
fn explain_of_a_code_and_of_all_is_wrong_usage() {
    let both = run(directory(&[]).path(), &["explain", "F0101", "--list"]);
    assert_eq!((both.status, both.stdout.as_str()), (2, ""));
    assert!(both.stderr.starts_with("error: a code cannot be used with `--list`\n"), "{}", both.stderr);
}

const WRONG: &str = "cluster prod-eu on eks {\n  source-contoller -> registry\n}\n";

#[test]
fn findings_for_people_end_with_where_to_read_more() {
    let fleet = directory(&[("identity.flux", WRONG)]);
    for command in ["check", "build", "outputs"] {
        let run = run(fleet.path(), &[command]);
        let told = run.stderr.matches("flux-identity explain").count();
        let last = run.stderr.lines().last();
        assert_eq!(last, Some("for more information, run `flux-identity explain F0101`"), "{command}");
        assert_eq!(told, 1, "{command}: {}", run.stderr);
    }
}

#[test]
fn formats_for_logs_and_programs_do_not_say_where_to_read_more() {
    let fleet = directory(&[("identity.flux", WRONG)]);
    for format in ["short", "json", "sarif", "github", "gitlab", "junit"] {
        let run = run(fleet.path(), &["check", "--format", format]);
        let is_told = |text: &str| text.contains("`flux-identity explain");
        assert!(!is_told(&run.stderr) && !is_told(&run.stdout), "{format}");
    }
}

#[test]
fn nothing_to_read_more_about_is_said_where_nothing_is_found() {
    let fleet = directory(&[("identity.flux", "")]);
    assert_eq!(run(fleet.path(), &["check"]).stderr, "");
}

// ---------------------------------------------------------------------------------------------------
// docs/findings.md

#[test]
fn the_reference_is_what_the_table_says() {
    let path = project().join("docs/findings.md");
    let text = fs::read_to_string(&path).expect("the reference is there");
    let (before, _) = text.split_once("\n## All codes\n").expect("the table has its heading");
    let row = |code: &Code| format!("| {code} | {} | {} |", code.level().as_str(), code.title());
    let rows: Vec<String> = Code::ALL.iter().map(row).collect();
    let table = format!("| code | level | title |\n|---|---|---|\n{}\n", rows.join("\n"));
    let expected = format!("{before}\n## All codes\n\n{table}");
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        fs::write(&path, &expected).expect("the reference is written");
    } else {
        assert_eq!(text, expected, "UPDATE_EXPECT=1 writes the table anew");
    }
}
