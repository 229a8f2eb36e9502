//! Limits of YAML texts, and the location where one is exceeded.
//!
//! YAML parsers build the whole tree, need time quadratic in the depth, and expand aliases. So a text is measured
//! first, by its events, in one pass.

use std::collections::BTreeMap;

use saphyr_parser::{Event, Parser};

/// What a text has too much of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Excess {
    Bytes,
    /// Things within things.
    Depth,
    /// Things, those that aliases repeat counted again.
    Repeats,
    Directives,
}

impl Excess {
    /// The fault of a document with it.
    pub const fn words(self) -> &'static str {
        match self {
            Excess::Bytes => "has more than 1 MiB",
            Excess::Depth => "has more than 64 nested levels",
            Excess::Repeats => "expands too far by aliases",
            Excess::Directives => "has more than 64 directives",
        }
    }
}

/// How deep things may be within things.
pub const MAX_DEPTH: usize = 64;
/// How much aliases may repeat, counted as `weight` counts.
const MAX_REPEATED: usize = 20_000;
/// How many directives a text may have. Readers compare each with all others.
const MAX_DIRECTIVES: usize = 64;
/// How many signs a line may begin with of those that open things in blocks. Each opens two things at most.
const SAFE_SIGNS: usize = 30;
/// The number of open brackets that is within the limit even if none is in a string.
const SAFE_BRACKETS: usize = 32;

/// Why a text is not to be read, and the line, counted from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// It exceeds a limit.
    Excess(Excess, usize),
    /// It is not YAML, or an alias refers to a value that contains it.
    NotYaml(usize),
}

/// What a scalar of so many bytes counts as, where it is repeated.
pub fn weight(bytes: usize) -> usize {
    (bytes / 32).saturating_add(1)
}

/// Measures a text.
///
/// # Errors
/// Reports an exceeded limit.
pub fn measure(text: &str) -> Result<(), Refusal> {
    if let Some(line) = directives(text) {
        return Err(Refusal::Excess(Excess::Directives, line));
    }
    if is_modest(text) {
        return Ok(());
    }
    let mut measuring = Measuring::default();
    for event in Parser::new_from_str(text) {
        let (event, span) = event.map_err(|error| {
            // The parser fails beyond a depth of 255 before it returns the first event.
            if error.info().contains("recursion") {
                Refusal::Excess(Excess::Depth, error.marker().line())
            } else {
                Refusal::NotYaml(error.marker().line())
            }
        })?;
        measuring.count(&event, span.start.line())?;
    }
    Ok(())
}

/// The line of the first directive that is one too many.
fn directives(text: &str) -> Option<usize> {
    if !text.contains('%') {
        return None;
    }
    let lines = text.lines().enumerate().filter(|(_, line)| line.starts_with('%'));
    lines.map(|(at, _)| at.saturating_add(1)).nth(MAX_DIRECTIVES)
}

/// True if the bytes alone show that a text is not deep and repeats nothing, as nearly all texts do.
fn is_modest(text: &str) -> bool {
    let (mut signs, mut begins) = (0_usize, true);
    let (mut open, mut deepest) = (0_usize, 0_usize);
    for byte in text.bytes() {
        match byte {
            b'\n' | b'\r' => (signs, begins) = (0, true),
            b' ' | b'\t' => {}
            b'-' | b'?' | b':' if begins => signs = signs.saturating_add(1),
            _ => begins = false,
        }
        match byte {
            b'[' | b'{' => open = open.saturating_add(1),
            b']' | b'}' => open = open.saturating_sub(1),
            // What is repeated has an anchor.
            b'&' => return false,
            _ => {}
        }
        deepest = deepest.max(open).max(signs);
        if deepest > SAFE_BRACKETS {
            return false;
        }
    }
    text.lines().all(|line| line.len().saturating_sub(line.trim_start_matches(' ').len()) <= SAFE_SIGNS)
}

#[derive(Default)]
struct Measuring {
    open: Vec<Open>,
    /// The weight of the value of each anchor; `None` until it is complete.
    anchors: BTreeMap<usize, usize>,
    repeated: usize,
}

struct Open {
    anchor: usize,
    weight: usize,
}

impl Measuring {
    fn count(&mut self, event: &Event<'_>, line: usize) -> Result<(), Refusal> {
        match event {
            Event::Nothing
            | Event::StreamStart
            | Event::StreamEnd
            | Event::DocumentStart(_)
            | Event::DocumentEnd => {}
            Event::Alias(anchor) => {
                let weight = self.anchors.get(anchor).copied().ok_or(Refusal::NotYaml(line))?;
                self.repeated = self.repeated.saturating_add(weight);
                if self.repeated > MAX_REPEATED {
                    return Err(Refusal::Excess(Excess::Repeats, line));
                }
                self.put(0, weight);
            }
            Event::Scalar(text, _, anchor, _) => self.put(*anchor, weight(text.len())),
            Event::SequenceStart(anchor, _) | Event::MappingStart(anchor, _) => {
                if self.open.len() >= MAX_DEPTH {
                    return Err(Refusal::Excess(Excess::Depth, line));
                }
                self.open.push(Open { anchor: *anchor, weight: 1 });
            }
            Event::SequenceEnd | Event::MappingEnd => {
                if let Some(Open { anchor, weight }) = self.open.pop() {
                    self.put(anchor, weight);
                }
            }
        }
        Ok(())
    }

    fn put(&mut self, anchor: usize, weight: usize) {
        if anchor > 0 {
            self.anchors.insert(anchor, weight);
        }
        if let Some(open) = self.open.last_mut() {
            open.weight = open.weight.saturating_add(weight);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Excess, MAX_DEPTH, Refusal, measure};

    #[test]
    fn what_is_too_much_is_told_with_its_line() {
        let merge = |at| format!("k{at}: &k{at}\n  <<: [*k{before}, *k{before}]\n", before = at - 1);
        let merges = (1..40).map(merge).collect::<Vec<_>>().concat();
        let stairs = (0..=MAX_DEPTH).map(|at| " ".repeat(at) + "a:\n").collect::<Vec<_>>().concat();
        for (text, excess, line) in [
            (format!("a: 1\nb: {}", "[".repeat(MAX_DEPTH)), Excess::Depth, 2),
            (format!("a: 1\nb: {}", "[".repeat(500)), Excess::Depth, 2),
            (format!("a: {}", "{".repeat(100_000)), Excess::Depth, 1),
            (format!("# x\n{}a", "- ".repeat(MAX_DEPTH + 1)), Excess::Depth, 2),
            (format!("{}a", "? ".repeat(MAX_DEPTH + 1)), Excess::Depth, 1),
            (stairs, Excess::Depth, MAX_DEPTH + 1),
            (format!("a: &a {}\nb:\n{}", "x".repeat(64_000), "- *a\n".repeat(100)), Excess::Repeats, 12),
            (format!("k0: &k0 {{x: 1}}\n{merges}"), Excess::Repeats, 23),
            ("%TAG !a! x\n".repeat(65), Excess::Directives, 65),
        ] {
            let start = text.get(..40.min(text.len()));
            assert_eq!(measure(&text), Err(Refusal::Excess(excess, line)), "{start:?}");
        }
        assert_eq!(measure("a: &a [*a]\n"), Err(Refusal::NotYaml(1)), "an alias of what it stands in");
    }

    #[test]
    fn brackets_within_strings_and_aliases_of_little_are_no_depth() {
        for text in [
            format!("a: \"{}\"\n", "[".repeat(5_000)),
            format!("a: '{}'\n", "{".repeat(5_000)),
            format!("a: |\n  {}\n", "[{".repeat(5_000)),
            format!("# {}\na: 1\n", "[".repeat(5_000)),
            format!("a: b{}\n", "[".repeat(5_000)),
            format!(
                "a: &a [1, 2, 3]\n{}",
                (0..1_000).map(|at| format!("b{at}: *a\n")).collect::<Vec<_>>().concat()
            ),
            format!("a: |\n  {}x\n", " ".repeat(5_000)),
            format!("a: |\n  {}\n", "- ".repeat(5_000)),
        ] {
            assert_eq!(measure(&text), Ok(()), "{:?}", text.get(..40));
        }
    }
}
