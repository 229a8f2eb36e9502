//! Patterns of definitions of kinds.

use crate::kustomize::target::Pattern;

/// True if a text certainly has nothing that a pattern matches. The API server takes patterns for regular expressions of Go.
pub(super) fn mismatches(pattern: &str, text: &str) -> bool {
    // A pattern of a definition can match a part of the text.
    let anywhere = format!("(?s:.*)(?:{pattern})(?s:.*)");
    Pattern::parse(&anywhere).is_ok_and(|pattern| !pattern.may_match(text))
}

#[cfg(test)]
mod tests {
    use super::mismatches;

    #[test]
    fn a_text_matches_as_in_go() {
        const DURATION: &str = r"^([0-9]+(\.[0-9]+)?(ms|s|m|h))+$";
        const NAME: &str = r"^([a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*/)?(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])$";
        const FIELD: &str = r"^([a-zA-Z0-9_\-.\\\/]|\[[0-9]{1,5}\])+$";
        const DIGEST: &str = r"^[a-z0-9]+(?:[.+_-][a-z0-9]+)*:[a-zA-Z0-9=_-]+$";
        for (pattern, text, is_right) in [
            (DURATION, "10m", true),
            (DURATION, "1h30m0.5s", true),
            (DURATION, "10", false),
            (DURATION, "", false),
            (DURATION, "10m ", false),
            (DURATION, "1d", false),
            ("^(http|https|ssh)://.*$", "ssh://git@example.com/x", true),
            ("^(http|https|ssh)://.*$", "git@example.com:x", false),
            ("^https?://", "https://x", true),
            ("^https?://", "xhttps://", false),
            ("b+", "abc", true),
            (NAME, "example.com/Name_1", true),
            (NAME, "example.com/-", false),
            (FIELD, "a.b[12]", true),
            (FIELD, "a[123456]", false),
            (DIGEST, "sha256:0123=", true),
            (DIGEST, "sha256", false),
            ("^[^a-c]$", "b", false),
            ("^[^a-c]$", "d", true),
            (r"^\d{2,}$", "1", false),
            (r"^\d{2,}$", "123", true),
            (r"\bword\b", "a word", true),
            ("(?i)a", "A", true),
            ("[[:alpha:]]", "1", false),
            // Go has no such pattern.
            ("(?=a)", "b", true),
        ] {
            assert_eq!(!mismatches(pattern, text), is_right, "`{pattern}` and `{text}`");
        }
        assert!(mismatches("^(a*)*$", &format!("{}b", "a".repeat(2000))), "it takes no time");
    }
}
