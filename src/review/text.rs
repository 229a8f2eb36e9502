//! A review for people, on a terminal.

use crate::problem::count;
use crate::review::Review;
use crate::review::group::Group;
use crate::review::line::{Line, Told, names};

/// The review in lines; nothing if nothing changes.
pub fn text(review: &Review) -> String {
    let mut text = String::new();
    for group in &review.changes {
        write(group, &mut text);
    }
    if !review.trust.is_empty() {
        if !text.is_empty() {
            text.push('\n');
        }
        text.push_str("whom the clouds have to trust:\n");
        for group in &review.trust {
            write(group, &mut text);
        }
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
