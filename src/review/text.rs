//! A review for people, on a terminal.

use crate::problem::count;
use crate::review::Review;
use crate::review::group::Group;
use crate::review::line::{Line, Told, names};

/// The review in lines; nothing if nothing changes.
pub fn text(review: &Review) -> String {
    let mut text = String::new();
    review.changes.iter().for_each(|group| write(group, &mut text));
    if !review.trust.is_empty() {
        if !text.is_empty() {
            text.push('\n');
        }
        text.push_str("whom the clouds have to trust:\n");
        review.trust.iter().for_each(|group| write(group, &mut text));
    }
    text
}

fn write<T: Told>(group: &Group<T>, text: &mut String) {
    text.extend(["in ", &head(group), ":\n"]);
    for Line { what, before, after } in T::lines(group.example()) {
        text.extend(["  ", &what, "\n"]);
        before.iter().for_each(|before| text.extend(["    - ", before, "\n"]));
        after.iter().for_each(|after| text.extend(["    + ", after, "\n"]));
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
