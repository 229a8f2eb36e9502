//! Comparison of names without regard to ASCII case.

use std::borrow::Cow;

/// A text with its ASCII letters made small.
pub fn ascii_lowercase(text: &str) -> Cow<'_, str> {
    if text.bytes().any(|letter| letter.is_ascii_uppercase()) {
        Cow::Owned(text.to_ascii_lowercase())
    } else {
        Cow::Borrowed(text)
    }
}
