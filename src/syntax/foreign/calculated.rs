//! Values that other languages calculate.

use crate::problem::Expression;
use crate::source::slice;

/// What of a value is calculated, and where that begins.
pub fn expression(value: &str) -> Option<(usize, Expression)> {
    let text = value.trim_start();
    let start = value.len().saturating_sub(text.len());
    let line = text.lines().next().unwrap_or_default();
    if line.starts_with('{') {
        return Some((start, Expression::Map));
    }
    if line.starts_with('[') {
        return Some((start, Expression::List));
    }
    let sign =
        line.find(['(', '[', '"', '{']).filter(|at| !slice(line, *at..line.len()).starts_with(['"', '{']));
    if let Some(sign) = sign {
        let before = slice(line, 0..sign);
        let word = before.rfind([' ', '\t']).map_or(0, |blank| blank.saturating_add(1));
        let is_call = slice(line, sign..line.len()).starts_with('(');
        let expression = if is_call { Expression::Call } else { Expression::Index };
        return Some((start.saturating_add(word), expression));
    }
    let operators = [" ? ", " + ", " == ", " != ", " && ", " || "];
    let operator = operators.into_iter().find_map(|operator| outside_of_quotes(line, operator))?;
    Some((start.saturating_add(operator).saturating_add(1), Expression::Operator))
}

/// What is calculated between `${` and `}`.
pub fn in_braces(inner: &str) -> Option<Expression> {
    let sign = inner.find(|letter: char| !letter.is_ascii_alphanumeric() && !"-_. ".contains(letter))?;
    match inner.as_bytes().get(sign) {
        Some(b'(') => Some(Expression::Call),
        Some(b'[') => Some(Expression::Index),
        Some(b'?' | b'+' | b'|' | b'=' | b'!') => Some(Expression::Operator),
        _ => None,
    }
}

/// Where a text first stands outside of quotes.
pub fn outside_of_quotes(line: &str, wanted: &str) -> Option<usize> {
    let mut from = 0_usize;
    for (at, part) in line.split('"').enumerate() {
        if let Some(found) = part.find(wanted).filter(|_| at % 2 == 0) {
            return Some(from.saturating_add(found));
        }
        from = from.saturating_add(part.len()).saturating_add(1);
    }
    None
}
