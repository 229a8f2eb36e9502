//! Findings as a `JUnit` report: a test case for each source and each finding.
//!
//! Source: the schema `junit-10.xsd` of the xUnit plugin of Jenkins, which GitLab, Azure Pipelines and others read too.

use std::collections::{BTreeMap, BTreeSet};

use crate::problem::render::located::Located;
use crate::problem::render::{rest, sanitized};
use crate::problem::{Finding, Level, Place};
use crate::source::Sources;

/// One report. An error is a failed test case, a warning or a note one that passes with output.
pub fn junit(findings: &[Finding], sources: &Sources) -> String {
    let located = Located::new(sources);
    let errors = findings.iter().filter(|finding| finding.code.level() == Level::Error);
    let faulty: BTreeSet<&str> = errors.map(|finding| file(finding, &located)).collect();
    // A report of no test case at all is an error for many readers.
    let right = sources.iter().filter(|(_, source)| !faulty.contains(source.name.as_str()));
    let right: Vec<String> = right.map(|(_, source)| attributes(&source.name, "no errors")).collect();
    let mut cases: String = right.iter().flat_map(|case| ["    <testcase", case, "/>\n"]).collect();
    let mut tests = right.len();
    let mut failures = 0_usize;
    let mut names: BTreeMap<(String, String), usize> = BTreeMap::new();
    for finding in findings {
        let class = file(finding, &located).to_owned();
        let name = format!("{}: {}", finding.code, finding.message);
        let number = names.entry((class.clone(), name.clone())).or_default();
        *number = number.saturating_add(1);
        let name = if *number == 1 { name } else { format!("{name} ({number})") };
        let is_error = finding.code.level() == Level::Error;
        tests = tests.saturating_add(1);
        failures = failures.saturating_add(usize::from(is_error));
        let (attributes, content) = (attributes(&class, &name), content(finding, is_error, &located));
        cases.extend(["    <testcase", &attributes, ">\n", &content, "    </testcase>\n"]);
    }
    let rest = rest::lines(findings);
    let output =
        if rest.is_empty() { rest } else { format!("    <system-out>{}</system-out>\n", escaped(&rest)) };
    let counts = format!("name=\"flux-identity\" tests=\"{tests}\" failures=\"{failures}\" errors=\"0\"");
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites {counts}>\n  <testsuite {counts} skipped=\"0\">\n\
         {cases}{output}  </testsuite>\n</testsuites>\n"
    )
}

fn file<'f>(finding: &'f Finding, located: &Located<'f>) -> &'f str {
    match &finding.place {
        Place::File(path) => path,
        Place::Source(_) => {
            finding.span().and_then(|span| located.region(span)).map_or("", |region| region.file)
        }
    }
}

fn attributes(class: &str, name: &str) -> String {
    format!(" classname=\"{}\" name=\"{}\" time=\"0\"", escaped(class), escaped(name))
}

fn content(finding: &Finding, is_error: bool, located: &Located<'_>) -> String {
    let level = finding.code.level().as_str();
    let region = finding.span().and_then(|span| located.region(span));
    let place = region.map_or_else(
        || file(finding, located).to_owned(),
        |region| format!("{}:{}:{}", region.file, region.start.0, region.start.1),
    );
    let helps = finding.helps.iter().map(|help| format!("\nhelp: {}", help.text));
    let notes = finding.notes.iter().map(|note| format!("\nnote: {note}"));
    let head = format!("{place}: {level}[{}]: {}", finding.code, finding.message);
    let text: String = std::iter::once(head).chain(helps).chain(notes).collect();
    if is_error {
        let message = escaped(&finding.message);
        format!(
            "      <failure type=\"{}\" message=\"{message}\">{}</failure>\n",
            finding.code,
            escaped(&text)
        )
    } else {
        format!("      <system-out>{}</system-out>\n", escaped(&text))
    }
}

/// Text of an element or of an attribute. What XML does not allow is replaced.
fn escaped(text: &str) -> String {
    let mut out = String::new();
    for character in sanitized(text).chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\u{FFFE}' | '\u{FFFF}' => out.push('\u{FFFD}'),
            other => out.push(other),
        }
    }
    out
}
