//! A review for people, on a terminal.

use crate::problem::count;
use crate::review::Review;
use crate::review::group::Group;
use crate::review::line::{Line, Told, in_one_line, names};

/// The review in lines; nothing if nothing changes.
pub fn text(review: &Review) -> String {
    let mut parts = Vec::new();
    if let Some(moved) = &review.moved {
        parts.push(in_one_line(moved, str::to_owned) + "\n");
    }
    parts.push(section("identities that both pull and decrypt", &review.both));
    let heading = if review.both.is_empty() { "" } else { "who has what" };
    parts.push(section(heading, &review.changes));
    parts.push(section("whom the clouds have to trust", &review.trust));
    parts.retain(|part| !part.is_empty());
    parts.join("\n")
}

/// Groups below a heading, if they have one; nothing if there are none.
fn section<T: Told>(heading: &str, groups: &[Group<T>]) -> String {
    let mut text = String::new();
    if !heading.is_empty() && !groups.is_empty() {
        text.extend([heading, ":\n"]);
    }
    for group in groups {
        write(group, &mut text);
    }
    text
}

fn write<T: Told>(group: &Group<T>, text: &mut String) {
    text.extend(["in ", &head(group), ":\n"]);
    for Line { what, before, after } in T::lines(group.example()) {
        text.extend(["  ", &what, "\n"]);
        for before in before {
            text.extend(["    - ", &before, "\n"]);
        }
        for after in after {
            text.extend(["    + ", &after, "\n"]);
        }
    }
}

fn head<T: PartialEq>(group: &Group<T>) -> String {
    let named = names(group, str::to_owned);
    match group.members.as_slice() {
        [_] => named,
        [first, ..] if group.varies() => {
            let count = count(group.members.len(), "cluster");
            format!("{count} ({named}), as in {} but for what is their own", first.cluster)
        }
        all => format!("{} ({named})", count(all.len(), "cluster")),
    }
}
