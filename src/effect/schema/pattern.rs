//! Regular expressions, as far as definitions of kinds have them.
//!
//! Source: `regexp/syntax` of Go, which the API server uses for `pattern`.

use std::collections::BTreeSet;
use std::iter::Peekable;
use std::str::Chars;

/// An expression.
#[derive(Clone, Debug)]
enum Node {
    /// One character of these ranges, or none of them.
    Class {
        ranges: Vec<(char, char)>,
        is_negated: bool,
    },
    Begin,
    End,
    Sequence(Vec<Node>),
    Either(Vec<Node>),
    /// A part between so many and so many times.
    Repeated {
        node: Box<Node>,
        least: usize,
        most: usize,
    },
}

/// No expression of a definition asks for more than this many repetitions.
const MOST: usize = 1000;

/// True if a text certainly has nothing that an expression matches. What is not known here may match.
pub(super) fn mismatches(pattern: &str, text: &str) -> bool {
    let mut rest = pattern.chars().peekable();
    let Some(node) = either(&mut rest).filter(|_| rest.next().is_none()) else { return false };
    let text: Vec<char> = text.chars().collect();
    let starts: BTreeSet<usize> = (0..=text.len()).collect();
    node.ends(&text, &starts).is_empty()
}

impl Node {
    /// Where a match ends that begins at one of these places.
    fn ends(&self, text: &[char], starts: &BTreeSet<usize>) -> BTreeSet<usize> {
        match self {
            Node::Begin => starts.iter().copied().filter(|at| *at == 0).collect(),
            Node::End => starts.iter().copied().filter(|at| *at == text.len()).collect(),
            Node::Class { ranges, is_negated } => {
                let is_in =
                    |letter: &char| ranges.iter().any(|(first, last)| (first..=last).contains(&letter));
                let matches = |at: &&usize| text.get(**at).is_some_and(|letter| is_in(letter) != *is_negated);
                starts.iter().filter(matches).map(|at| at.saturating_add(1)).collect()
            }
            Node::Sequence(nodes) => {
                nodes.iter().fold(starts.clone(), |starts, node| node.ends(text, &starts))
            }
            Node::Either(nodes) => nodes.iter().flat_map(|node| node.ends(text, starts)).collect(),
            Node::Repeated { node, least, most } => {
                let (mut reached, mut last) = (BTreeSet::new(), starts.clone());
                for times in 0..=*most {
                    if times >= *least {
                        last.retain(|at| reached.insert(*at));
                    }
                    if last.is_empty() {
                        break;
                    }
                    last = node.ends(text, &last);
                }
                reached
            }
        }
    }
}

/// Expressions between `|`, up to the end of a group.
fn either(rest: &mut Peekable<Chars<'_>>) -> Option<Node> {
    let (mut all, mut nodes) = (Vec::new(), Vec::new());
    while let Some(letter) = rest.next_if(|letter| *letter != ')') {
        let node = match letter {
            '|' => {
                all.push(Node::Sequence(std::mem::take(&mut nodes)));
                continue;
            }
            '^' => Node::Begin,
            '$' => Node::End,
            '.' => Node::Class { ranges: vec![('\n', '\n')], is_negated: true },
            '(' => {
                if rest.next_if_eq(&'?').is_some() {
                    rest.next_if_eq(&':')?;
                }
                let node = either(rest)?;
                rest.next_if_eq(&')')?;
                node
            }
            '[' => class(rest)?,
            '\\' => Node::Class { ranges: escaped(rest.next()?)?, is_negated: false },
            '*' | '+' | '?' | '{' => return None,
            letter => Node::Class { ranges: vec![(letter, letter)], is_negated: false },
        };
        nodes.push(repeated(node, rest)?);
    }
    all.push(Node::Sequence(nodes));
    Some(Node::Either(all))
}

/// A part with the sign after it that says how often it may stand there.
fn repeated(node: Node, rest: &mut Peekable<Chars<'_>>) -> Option<Node> {
    let (least, most) = match rest.peek() {
        Some('*') => (0, usize::MAX),
        Some('+') => (1, usize::MAX),
        Some('?') => (0, 1),
        Some('{') => {
            let inner: String = rest.by_ref().skip(1).take_while(|letter| *letter != '}').collect();
            let (least, most) = inner.split_once(',').unwrap_or((&inner, &inner));
            let most = if most.is_empty() { usize::MAX } else { most.parse().ok()? };
            return limited(node, least.parse().ok()?, most);
        }
        _ => return Some(node),
    };
    let _sign = rest.next();
    limited(node, least, most)
}

fn limited(node: Node, least: usize, most: usize) -> Option<Node> {
    let is_known = least <= MOST && (most <= MOST || most == usize::MAX);
    is_known.then(|| Node::Repeated { node: Box::new(node), least, most })
}

/// What stands between `[` and `]`.
fn class(rest: &mut Peekable<Chars<'_>>) -> Option<Node> {
    let is_negated = rest.next_if_eq(&'^').is_some();
    let mut ranges: Vec<(char, char)> = Vec::new();
    loop {
        let letter = match rest.next()? {
            ']' if !ranges.is_empty() => return Some(Node::Class { ranges, is_negated }),
            '[' if rest.peek() == Some(&':') => return None,
            '\\' => match escaped(rest.next()?)?.as_slice() {
                [(first, last)] if first == last => *first,
                several => {
                    ranges.extend(several);
                    continue;
                }
            },
            letter => letter,
        };
        let mut ahead = rest.clone();
        let is_range = ahead.next() == Some('-') && ahead.next().is_some_and(|next| next != ']');
        if !is_range {
            ranges.push((letter, letter));
            continue;
        }
        let _dash = rest.next();
        let last = match rest.next()? {
            '\\' => rest.next()?,
            last => last,
        };
        ranges.push((letter, last));
    }
}

/// What a character means after a `\`.
fn escaped(letter: char) -> Option<Vec<(char, char)>> {
    match letter {
        'd' => Some(vec![('0', '9')]),
        'w' => Some(vec![('0', '9'), ('A', 'Z'), ('_', '_'), ('a', 'z')]),
        's' => Some(vec![('\t', '\n'), ('\u{c}', '\r'), (' ', ' ')]),
        letter if letter.is_ascii_alphanumeric() => None,
        letter => Some(vec![(letter, letter)]),
    }
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
            // Not known here.
            (r"\bword\b", "x", true),
            ("(?i)a", "b", true),
            ("[[:alpha:]]", "1", true),
        ] {
            assert_eq!(!mismatches(pattern, text), is_right, "`{pattern}` and `{text}`");
        }
        assert!(mismatches("^(a*)*$", &format!("{}b", "a".repeat(2000))), "it takes no time");
    }
}
