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
    parts.push(written(&review.changes));
    if !review.trust.is_empty() {
        parts.push("whom the clouds have to trust:\n".to_owned() + &written(&review.trust));
    }
    parts.retain(|part| !part.is_empty());
    parts.join("\n")
}

fn written<T: Told>(groups: &[Group<T>]) -> String {
    let mut text = String::new();
    groups.iter().for_each(|group| write(group, &mut text));
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
