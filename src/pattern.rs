//! Regular expressions as kustomize takes them.

use regex_lite::Regex;

/// A regular expression that must match the whole of a text.
/// Source: `api/types/selector.go` of kubernetes-sigs/kustomize, which puts `^(?:` before it and `)$` behind it.
#[derive(Clone, Debug)]
pub struct Pattern(Option<Regex>);

impl Pattern {
    /// Reads an expression of RE2; nothing if it is none.
    pub fn parse(text: &str) -> Option<Pattern> {
        if repeats_a_repetition(text) {
            return None;
        }
        match Regex::new(&format!("^(?:{text})$")) {
            Ok(regex) => Some(Pattern(Some(regex))),
            Err(_) if is_known_to_re2_alone(text) => Some(Pattern(None)),
            Err(_) => None,
        }
    }

    /// Whether it matches a text, or may, for not all of RE2 is known here.
    pub fn may_match(&self, text: &str) -> bool {
        self.0.as_ref().is_none_or(|regex| regex.is_match(text))
    }
}

/// Classes of Unicode and literal stretches, which regex-lite does not know.
fn is_known_to_re2_alone(text: &str) -> bool {
    ["\\p", "\\P", "\\Q", "\\C"].iter().any(|known| text.contains(known))
}

/// Whether a repetition is repeated, as in `a**`, which RE2 refuses and regex-lite takes.
fn repeats_a_repetition(text: &str) -> bool {
    let mut bytes = text.bytes();
    let mut in_class = false;
    let mut repeated = 0_u8;
    while let Some(byte) = bytes.next() {
        match byte {
            b'\\' => {
                let _escaped = bytes.next();
                repeated = 0;
            }
            b'[' => (in_class, repeated) = (true, 0),
            b']' => (in_class, repeated) = (false, 0),
            b'*' | b'+' if !in_class && repeated > 0 => return true,
            b'?' if !in_class && repeated > 1 => return true,
            b'*' | b'+' | b'?' if !in_class => repeated = repeated.saturating_add(1),
            _ => repeated = 0,
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::Pattern;

    #[test]
    fn an_expression_matches_the_whole_of_a_text() {
        for (pattern, hit, missed) in [
            ("source-controller", "source-controller", "source-controller-shard1"),
            ("(source|helm)-controller", "helm-controller", "xhelm-controller"),
            ("source|helm", "helm", "helm-controller"),
            ("^(image-reflector|kustomize)-controller$", "kustomize-controller", "kustomize"),
            (".*", "", "\n"),
            ("", "", "a"),
            ("[[:alpha:]]+", "flux", "f1"),
            ("a+?b??", "aab", "c"),
        ] {
            let pattern = Pattern::parse(pattern).expect(pattern);
            assert!(pattern.may_match(hit) && !pattern.may_match(missed), "{pattern:?}");
        }
    }

    #[test]
    fn what_only_re2_knows_may_match_anything() {
        assert!(Pattern::parse(r"\pL+").is_some_and(|pattern| pattern.may_match("1")));
    }

    #[test]
    fn what_is_no_expression_is_refused() {
        for text in ["*", "(", "a)", "[a", "a**", "a+*", "a???", "(?=a)", "\\"] {
            assert!(Pattern::parse(text).is_none(), "{text}");
        }
    }
}
