//! Untrusted text without control characters.

use std::borrow::Cow;

use crate::problem::is_visible;

/// The text with every control or invisible character replaced by a visible one of the same length in bytes, so that
/// ranges remain valid. Line breaks and tabs are kept.
pub fn sanitized(text: &str) -> Cow<'_, str> {
    let is_safe = |character: char| matches!(character, '\n' | '\t') || is_visible(character);
    if text.chars().all(is_safe) {
        return Cow::Borrowed(text);
    }
    let replace = |character: char| match character {
        safe if is_safe(safe) => safe,
        '\r' => ' ',
        other => match other.len_utf8() {
            1 => '?',
            2 => '¿',
            3 => '\u{FFFD}',
            _ => '\u{1F533}',
        },
    };
    Cow::Owned(text.chars().map(replace).collect())
}

/// The most characters of one message.
const MOST: usize = 400;

/// The sanitized text without its middle if it is very long.
pub fn shortened(text: &str) -> String {
    let text = sanitized(text);
    let length = text.chars().count();
    // Text of several lines, such as a diff, is shown in full.
    if length <= MOST || text.contains('\n') {
        return text.into_owned();
    }
    let half = MOST / 2;
    let head: String = text.chars().take(half).collect();
    let tail: String = text.chars().skip(length.saturating_sub(half)).collect();
    format!("{head} … {tail}")
}

#[cfg(test)]
mod tests {
    use super::sanitized;

    #[test]
    fn what_a_terminal_could_obey_is_replaced_length_for_length() {
        for text in ["\u{1b}[31mred", "a\u{202E}b", "\u{E0041}", "bell\u{7}", "\u{85}", "\u{FEFF}x", "a\r\nb"]
        {
            let shown = sanitized(text);
            assert_eq!(shown.len(), text.len(), "{text:?}");
            assert!(!shown.chars().any(|character| character.is_control() && character != '\n'), "{text:?}");
        }
        assert_eq!(sanitized("plain — text\n\tname"), "plain — text\n\tname");
    }
}
