//! A review as Markdown, for a comment on a pull request.
//!
//! All that stands in a source or in a revision is code here, so that nothing of it is obeyed: no link, no HTML, no
//! mention of anybody.

use std::fmt::Write as _;

use crate::problem::count;
use crate::review::group::Group;
use crate::review::line::{Described, Line, Remarked, in_one_line, names};
use crate::review::{ComparedRevisions, PolicyChange, Review};

/// The most bytes. GitHub takes 65,536 characters, and others more; some room is for what somebody puts around it.
const MOST: usize = 60_000;
/// The most bytes of one group. One that is longer is named and not shown.
const MOST_OF_GROUP: usize = 16_000;
/// More clusters than these are listed where they can be folded away.
const FEW: usize = 5;

/// What a heading begins with.
const HEADING: &str = "\n#### ";

pub fn markdown(review: &Review, compared: &ComparedRevisions) -> String {
    let against = code(shortened(&compared.revision));
    let mut text = format!("### Cloud identities of Flux, compared with {against}\n\n");
    if review.is_empty() {
        let _ = writeln!(text, "No change in {}.", count(review.clusters, "cluster"));
        return text;
    }
    let all = count(review.clusters, "cluster");
    let _ = match review.changed {
        0 => writeln!(text, "No change in {all}; the policies change."),
        1 => writeln!(text, "1 of {all} changes."),
        changed => writeln!(text, "{changed} of {all} change."),
    };
    if compared.source.is_none() {
        let _ = writeln!(text, "\nThere was no source at {against}: everything is new.");
    }
    if let Some(moved) = &review.moved {
        let _ = writeln!(text, "\n{}.", in_one_line(moved, code));
    }
    if let Some(advice) = review.rotation_advice() {
        let _ = writeln!(text, "\nNote: {advice}.");
    }
    let of_identities = ["identity", "no longer", "newly"];
    let of_policies = ["statement", "no longer", "newly"];
    let of_fleet = (!review.policies.is_empty()).then(|| {
        let table = table(PolicyChange::lines(&review.policies), of_policies);
        format!("\n**In the whole fleet**\n{table}")
    });
    let heading = if review.begins_with_changes() { "" } else { "Identities and settings" };
    let parts = [
        section("Identities that both pull and decrypt", None, &review.both, of_identities),
        section("Policies", of_fleet, &review.allowed, of_policies),
        section(heading, None, &review.changes, ["what", "before", "after"]),
        section("Trust", None, &review.trust, of_identities),
    ];
    let mut left_out = 0_usize;
    for part in parts.into_iter().flatten() {
        if left_out > 0 || text.len().saturating_add(part.len()) > MOST {
            left_out = left_out.saturating_add(usize::from(!part.starts_with(HEADING)));
        } else {
            text.push_str(&part);
        }
    }
    if left_out > 0 {
        let what = count(left_out, "more change");
        let _written =
            writeln!(text, "\nAnd {what}, which a comment has no room for: `--format text` shows all.");
    }
    text
}

/// What stands below a heading, if that has words: a beginning, and groups. Nothing if there are none.
fn section<T: Described>(
    heading: &str,
    begin: Option<String>,
    groups: &[Group<T>],
    head: [&str; 3],
) -> Vec<String> {
    let mut parts: Vec<String> =
        begin.into_iter().chain(groups.iter().map(|group| shown(group, head))).collect();
    if !heading.is_empty() && !parts.is_empty() {
        parts.insert(0, format!("{HEADING}{heading}\n"));
    }
    parts
}

fn shown<T: Described>(group: &Group<T>, head: [&str; 3]) -> String {
    let named = names(group, code);
    let example = group.members.first().map(|member| code(&member.cluster)).unwrap_or_default();
    let many = count(group.members.len(), "cluster");
    let mut text = match (group.members.len(), group.varies()) {
        (1, _) => format!("\n**In {named}**\n"),
        (_, false) => format!("\n**In {many}**: {named}\n"),
        (_, true) => {
            format!("\n**In {many}**: {named}; as in {example}, apart from their own values\n")
        }
    };
    text.push_str(&table(T::lines(group.example()), head));
    if text.len() > MOST_OF_GROUP {
        return format!("\n**In {many}**: {named}; too much for a comment, and `--format text` shows it.\n");
    }
    if group.members.len() > FEW {
        let all = group.names().map(code).collect::<Vec<_>>().join(", ");
        if all.len() > MOST_OF_GROUP {
            text.push_str("\n`--format json` names all of them.\n");
        } else {
            let _ = writeln!(text, "\n<details><summary>All {many}</summary>\n\n{all}\n\n</details>");
        }
    }
    text
}

fn table(lines: Vec<Line>, [what, before, after]: [&str; 3]) -> String {
    let mut text = format!("\n| {what} | {before} | {after} |\n|---|---|---|\n");
    for Line { what, before, after } in lines {
        let _ = writeln!(text, "| {} | {} | {} |", several(&what), cell(&before), cell(&after));
    }
    text
}

fn several(names: &[String]) -> String {
    names.iter().map(|name| code(name)).collect::<Vec<_>>().join(", ")
}

fn cell(sides: &[Remarked]) -> String {
    let all: Vec<String> = sides.iter().map(|side| code(&side.text) + side.remark).collect();
    all.join("<br>")
}

/// The revision, as the user typed it; of the name of a commit its beginning.
fn shortened(revision: &str) -> &str {
    let is_commit = revision.len() == 40 && revision.bytes().all(|byte| byte.is_ascii_hexdigit());
    if is_commit { revision.get(..12).unwrap_or(revision) } else { revision }
}

/// A text that stands for nothing but itself, within a table too.
fn code(text: &str) -> String {
    let is_plain = |letter: char| (' '..='~').contains(&letter) && !matches!(letter, '`' | '|' | '\\');
    if !text.is_empty() && text.chars().all(is_plain) && text.trim() == text {
        return format!("`{text}`");
    }
    let mut escaped = "<code>".to_owned();
    for letter in text.chars() {
        if letter.is_ascii_alphanumeric() || letter == ' ' {
            escaped.push(letter);
        } else if crate::problem::is_visible(letter) {
            let _ = write!(escaped, "&#{};", u32::from(letter));
        } else {
            escaped.push('?');
        }
    }
    escaped.push_str("</code>");
    escaped
}
