//! Placeholder values.

/// What people write where a value is to come.
const WORDS: [&str; 9] = [
    "PLACEHOLDER",
    "CHANGEME",
    "CHANGE-ME",
    "CHANGE_ME",
    "REPLACEME",
    "REPLACE-ME",
    "REPLACE_ME",
    "FIXME",
    "TODO",
];

/// True if the text contains a placeholder: one of those words, `<…>`, or the braces of a template.
pub fn has_placeholder(text: &str) -> bool {
    let bytes = text.as_bytes();
    let is_word = |part: &[u8]| WORDS.iter().any(|word| part.eq_ignore_ascii_case(word.as_bytes()));
    bytes.iter().any(|byte| matches!(byte, b'<' | b'>'))
        || bytes.windows(2).any(|two| two == b"{{")
        || bytes.split(|byte| matches!(byte, b':' | b'/' | b'@' | b'.')).any(is_word)
}

#[cfg(test)]
mod tests {
    use super::has_placeholder;

    #[test]
    fn what_is_to_be_filled_in_is_told_from_names() {
        for text in [
            "arn:aws:iam::PLACEHOLDER:role/PLACEHOLDER",
            "<client id>",
            "{{ .Account }}",
            "todo",
            "x@changeme.y",
        ] {
            assert!(has_placeholder(text), "{text}");
        }
        for text in
            ["arn:aws:iam::111122223333:role/todo-app", "flux-replacement@acme.iam.gserviceaccount.com", "a"]
        {
            assert!(!has_placeholder(text), "{text}");
        }
    }
}
