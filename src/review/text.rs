//! A review for people, on a terminal.

use crate::problem::count;
use crate::review::group::Group;
use crate::review::line::{Described, Line, in_one_line, names};
use crate::review::{PolicyChange, Review};

/// The review in lines; nothing if nothing changes.
pub fn text(review: &Review) -> String {
    let mut parts = Vec::new();
    if let Some(moved) = &review.moved {
        parts.push(in_one_line(moved, str::to_owned) + "\n");
    }
    parts.push(section("identities that both pull and decrypt", String::new(), &review.both));
    let mut of_fleet = String::new();
    if !review.policies.is_empty() {
        write("the whole fleet", PolicyChange::lines(&review.policies), &mut of_fleet);
    }
    parts.push(section("policies", of_fleet, &review.allowed));
    let heading = if review.begins_with_changes() { "" } else { "identities and settings" };
    parts.push(section(heading, String::new(), &review.changes));
    parts.push(section("trust", String::new(), &review.trust));
    parts.push(review.rotation_advice().map(|advice| format!("note: {advice}\n")).unwrap_or_default());
    parts.retain(|part| !part.is_empty());
    parts.join("\n")
}

/// What stands below a heading, if that has words: a beginning, and groups. Nothing if there are none.
fn section<T: Described>(heading: &str, begin: String, groups: &[Group<T>]) -> String {
    let mut text = begin;
    for group in groups {
        write(&head(group), T::lines(group.example()), &mut text);
    }
    if heading.is_empty() || text.is_empty() { text } else { format!("{heading}:\n{text}") }
}

fn write(head: &str, lines: Vec<Line>, text: &mut String) {
    text.extend(["in ", head, ":\n"]);
    for Line { what, before, after } in lines {
        text.extend(["  ", &what.join(", "), "\n"]);
        for before in before {
            text.extend(["    - ", &before.text, before.remark, "\n"]);
        }
        for after in after {
            text.extend(["    + ", &after.text, after.remark, "\n"]);
        }
    }
}

fn head<T: PartialEq>(group: &Group<T>) -> String {
    let named = names(group, str::to_owned);
    match group.members.as_slice() {
        [_] => named,
        [first, ..] if group.varies() => {
            let count = count(group.members.len(), "cluster");
            format!("{count} ({named}), as in {}, apart from their own values", first.cluster)
        }
        all => format!("{} ({named})", count(all.len(), "cluster")),
    }
}
