//! Names that a cloud takes, that stay what they are whatever else there is in a fleet, and that no two things have.

use crate::digest;

/// A name of what these parts name together: of small letters, digits, `-` and `_`, with a letter or a digit first, and
/// at most so many characters. It reads like the parts, with `_` between them; where that would not be such a name, or
/// could be read as other parts, a digest of them stands at its end.
pub fn resource_name(parts: &[&str], most: usize) -> String {
    let is_plain = |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '-';
    let joined = parts.join("_");
    let mut rest = parts.iter().skip(1);
    let begins = joined.starts_with(|first: char| first.is_ascii_lowercase() || first.is_ascii_digit());
    let is_readable = begins
        && joined.len() <= most
        && parts.first().is_some_and(|first| first.chars().all(|letter| is_plain(letter) || letter == '_'))
        && rest.all(|part| part.chars().all(is_plain) && !part.is_empty());
    if is_readable {
        return joined;
    }
    let digest = digest::short(parts.join("\n").as_bytes());
    let legal = |letter: char| if is_plain(letter) || letter == '_' { letter } else { '-' };
    let legal: String = joined.to_ascii_lowercase().chars().map(legal).collect();
    let room = most.saturating_sub(digest.len()).saturating_sub(1);
    let kept: String = legal.trim_start_matches(['-', '_']).chars().take(room).collect();
    // Where nothing of the parts can be kept, the digest stands alone.
    if kept.is_empty() { digest } else { format!("{kept}_{digest}") }
}

/// The most characters of the name of a Kubernetes object.
const MAX_OBJECT_NAME: usize = 253;

/// The same as the name of a Kubernetes object: of small letters, digits and `-`, with `.` between the parts.
pub fn kubernetes_name(parts: &[&str]) -> String {
    let is_plain = |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '-';
    let is_label = |part: &&str| {
        !part.is_empty() && part.chars().all(is_plain) && !part.starts_with('-') && !part.ends_with('-')
    };
    let joined = parts.join(".");
    if joined.len() <= MAX_OBJECT_NAME && parts.iter().all(is_label) {
        return joined;
    }
    let digest = digest::short(parts.join("\n").as_bytes());
    let legal = |letter: char| if is_plain(letter) { letter } else { '-' };
    let legal: String = joined.to_ascii_lowercase().chars().map(legal).collect();
    let room = MAX_OBJECT_NAME.saturating_sub(digest.len()).saturating_sub(1);
    let kept: String = legal.trim_matches('-').chars().take(room).collect();
    if kept.is_empty() { digest } else { format!("{kept}-{digest}") }
}
