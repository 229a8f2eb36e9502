//! Patterns of shells for one name.
//!
//! Source: `Match` of `path/filepath` of Go.

use std::iter::Peekable;
use std::str::Chars;

/// A part of a pattern.
enum Token {
    /// Any number of letters.
    Many,
    Any,
    Letter(char),
    Class {
        is_negated: bool,
        ranges: Vec<(char, char)>,
    },
}

/// True if a pattern matches a whole name. One that is malformed matches nothing.
pub fn is_match(pattern: &str, name: &str) -> bool {
    let Some(tokens) = tokens(pattern) else { return false };
    let letters: Vec<char> = name.chars().collect();
    let (mut token, mut letter) = (0_usize, 0_usize);
    // Where the last `*` is, and how far it reaches: one that came before need not reach farther.
    let mut last_many: Option<(usize, usize)> = None;
    while let Some(found) = letters.get(letter) {
        match tokens.get(token) {
            Some(Token::Many) => {
                last_many = Some((token, letter));
                token = token.saturating_add(1);
            }
            Some(one) if one.matches(*found) => {
                (token, letter) = (token.saturating_add(1), letter.saturating_add(1));
            }
            Some(_) | None => {
                let Some((many, end)) = last_many.as_mut() else { return false };
                *end = end.saturating_add(1);
                (token, letter) = (many.saturating_add(1), *end);
            }
        }
    }
    tokens.iter().skip(token).all(|rest| matches!(rest, Token::Many))
}

/// The parts of a pattern; nothing if it is malformed.
fn tokens(pattern: &str) -> Option<Vec<Token>> {
    let (mut letters, mut tokens) = (pattern.chars().peekable(), Vec::new());
    while let Some(letter) = letters.next() {
        tokens.push(match letter {
            '*' => Token::Many,
            '?' => Token::Any,
            '\\' => Token::Letter(letters.next()?),
            '[' => class(&mut letters)?,
            letter => Token::Letter(letter),
        });
    }
    Some(tokens)
}

fn class(letters: &mut Peekable<Chars<'_>>) -> Option<Token> {
    let is_negated = letters.next_if_eq(&'^').is_some();
    let mut ranges = Vec::new();
    loop {
        let first = match letters.next()? {
            ']' if !ranges.is_empty() => return Some(Token::Class { is_negated, ranges }),
            ']' | '-' => return None,
            '\\' => letters.next()?,
            letter => letter,
        };
        let last = if letters.next_if_eq(&'-').is_some() {
            match letters.next()? {
                ']' | '-' => return None,
                '\\' => letters.next()?,
                letter => letter,
            }
        } else {
            first
        };
        ranges.push((first, last));
    }
}

impl Token {
    /// True if it matches one letter.
    fn matches(&self, found: char) -> bool {
        match self {
            Token::Many => false,
            Token::Any => true,
            Token::Letter(letter) => *letter == found,
            Token::Class { is_negated, ranges } => {
                ranges.iter().any(|(first, last)| (*first..=*last).contains(&found)) != *is_negated
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::is_match;

    #[test]
    fn a_pattern_matches_a_whole_name() {
        for (pattern, name, is_right) in [
            ("", "", true),
            ("a", "ab", false),
            ("*", "", true),
            ("*.yaml", "a.yaml", true),
            ("a*b*c", "axxbxxbyyc", true),
            ("a*b*c", "axxbxx", false),
            ("?b", "äb", true),
            ("[a-c]x", "bx", true),
            ("[^a-c]x", "bx", false),
            ("[^a-c]x", "dx", true),
            ("[\\]]", "]", true),
            ("\\*", "*", true),
            ("\\*", "a", false),
        ] {
            assert_eq!(is_match(pattern, name), is_right, "{pattern} {name}");
        }
    }

    #[test]
    fn a_malformed_pattern_matches_nothing() {
        for pattern in ["[", "[]a]", "[a", "[-a]", "[a-]", "a\\", "[a\\"] {
            assert!(!["a", "]", "-", "[", "\\"].into_iter().any(|name| is_match(pattern, name)), "{pattern}");
        }
    }

    #[test]
    fn a_pattern_with_many_stars_takes_no_more_time_than_others() {
        let (pattern, name) = ("a*".repeat(200) + "b", "a".repeat(4096));
        assert!(!is_match(&pattern, &name));
    }
}
