//! A revision as typed, with the path of a source if it names one.

/// A revision, and perhaps the source there: `REV` or `REV:PATH`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Revision {
    pub name: String,
    /// The path of the source, from the root of the repository.
    pub path: Option<String>,
}

/// The reason why a text is no revision.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RevisionFault {
    /// Nothing.
    Empty,
    /// A revision and a `:`, and no path behind it.
    NoPath,
    /// Two revisions and what lies between them.
    Range,
}

impl Revision {
    /// Parses a revision as typed.
    ///
    /// # Errors
    /// The text can be no revision, whatever the repository contains.
    pub fn parse(text: &str) -> Result<Revision, RevisionFault> {
        if text.is_empty() {
            return Err(RevisionFault::Empty);
        }
        // A search in messages may contain anything.
        let plain = if text.starts_with(":/") { "" } else { text };
        let (name, path) = match outside(plain, ":").and_then(|at| text.split_at_checked(at)) {
            Some((name, path)) => (name, path.strip_prefix(':')),
            None => (text, None),
        };
        if !plain.is_empty() && outside(name, "..").is_some() {
            return Err(RevisionFault::Range);
        }
        if path.is_some_and(str::is_empty) {
            return Err(RevisionFault::NoPath);
        }
        Ok(Revision { name: name.to_owned(), path: path.map(str::to_owned) })
    }
}

/// Where something first stands behind the first character and in no braces, which hold dates and texts.
fn outside(text: &str, what: &str) -> Option<usize> {
    let mut depth = 0_usize;
    for (at, letter) in text.char_indices() {
        match letter {
            '{' => depth = depth.saturating_add(1),
            '}' => depth = depth.saturating_sub(1),
            _ if depth == 0 && at > 0 && text.get(at..).is_some_and(|rest| rest.starts_with(what)) => {
                return Some(at);
            }
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::{Revision, RevisionFault};

    fn parts(text: &str) -> (String, Option<String>) {
        let revision = Revision::parse(text).expect(text);
        (revision.name, revision.path)
    }

    #[test]
    fn a_path_stands_behind_the_first_colon_outside_of_braces() {
        for (text, name, path) in [
            ("main", "main", None),
            ("main:a/identity.flux", "main", Some("a/identity.flux")),
            ("main@{2026-01-01 12:00}:x", "main@{2026-01-01 12:00}", Some("x")),
            ("main^{/fix: a..b}", "main^{/fix: a..b}", None),
            (":/fix: a..b", ":/fix: a..b", None),
            ("main:a..b", "main", Some("a..b")),
            ("-x", "-x", None),
        ] {
            assert_eq!(parts(text), (name.to_owned(), path.map(str::to_owned)), "{text}");
        }
    }

    #[test]
    fn a_path_that_is_empty_is_none() {
        for text in ["main:", "main@{2026-01-01 12:00}:"] {
            assert_eq!(Revision::parse(text), Err(RevisionFault::NoPath), "{text}");
        }
    }

    #[test]
    fn a_range_is_no_revision() {
        for text in ["main...", "main..HEAD", "main...HEAD", "a..b:x"] {
            assert_eq!(Revision::parse(text), Err(RevisionFault::Range), "{text}");
        }
        assert_eq!(Revision::parse(""), Err(RevisionFault::Empty));
    }
}
