//! What is said of a field that has the wrong form.

use std::borrow::Cow;

use crate::effect::{Bound, FieldType, Misfit, QUANTITY};
use crate::kustomize::unescape;
use crate::problem::one_of;
use crate::problem::verification::describe_parts;

/// What is refused, and what to write instead. `path`: that of the field.
pub(super) fn describe_misfit(path: &str, misfit: &Misfit) -> (String, String) {
    let field = describe_pointer(path);
    match misfit {
        Misfit::Undeclared { near, belongs } => {
            let help = match (near, belongs) {
                (Some(near), _) => format!("write `{near}`"),
                (None, Some(above)) if above.is_empty() => "write it at the top of the object".to_owned(),
                (None, Some(above)) => format!("write it in `{}`", describe_pointer(above)),
                (None, None) => "remove it: there is no such field".to_owned(),
            };
            (format!("the field `{field}`"), help)
        }
        Misfit::Type { value, expected, pattern } => {
            let takes_texts =
                matches!(expected, FieldType::Text | FieldType::IntegerOrText | FieldType::Quantity);
            let what = match value {
                Some(value) if takes_texts => format!("`{value}` in `{field}`"),
                Some(value) => format!("`\"{value}\"` in `{field}`"),
                None => format!("what is in `{field}`"),
            };
            let help = match (expected, value, pattern) {
                (FieldType::Text, _, Some(pattern)) => form(pattern),
                (FieldType::Text, Some(value), None) => format!("write a string: `\"{value}\"`"),
                (FieldType::Text, None, None) => "write a string".to_owned(),
                (FieldType::Quantity, ..) => form(QUANTITY),
                (FieldType::Integer, ..) => "write a whole number, without quotes".to_owned(),
                (FieldType::Number, ..) => "write a number, without quotes".to_owned(),
                (FieldType::IntegerOrText, ..) => "write a whole number or a string".to_owned(),
                (FieldType::Boolean, ..) => "write `true` or `false`, without quotes".to_owned(),
                (FieldType::List, ..) => "write a list".to_owned(),
                (FieldType::Map, ..) => "write a map of fields".to_owned(),
            };
            (what, help)
        }
        Misfit::Unlisted { value, listed } => {
            (format!("`{value}` in `{field}`"), format!("write {}", one_of(listed)))
        }
        Misfit::Pattern { value, pattern } => (format!("`{value}` in `{field}`"), form_of(value, pattern)),
        Misfit::Bound { value, bound } => {
            let what = match value {
                Some(value) => format!("`{value}` in `{field}`"),
                None => format!("the list in `{field}`"),
            };
            (what, limit(bound))
        }
        Misfit::Missing => {
            let (owner, missing) = path.rsplit_once('/').unwrap_or(("", path));
            (format!("`{}` without `{missing}`", describe_pointer(owner)), format!("add `{missing}`"))
        }
    }
}

/// A JSON pointer with `KEY=TEXT` and `=TEXT` for items of lists.
pub(super) fn describe_pointer(path: &str) -> String {
    let name = |part: &str| unescape(part.split_once('=').map_or(part, |(_, text)| text));
    describe_parts(path.split('/').skip(1).map(|part| Cow::Owned(name(part))))
}

fn limit(bound: &Bound) -> String {
    match bound {
        Bound::Least(limit) => format!("write {limit} or more"),
        Bound::Most(limit) => format!("write {limit} or less"),
        Bound::Shortest(limit) if limit == "1" => "write a text that is not empty".to_owned(),
        Bound::Shortest(limit) => format!("write at least {limit} characters"),
        Bound::Longest(limit) => format!("write at most {limit} characters"),
        Bound::Fewest(limit) => format!("write at least {limit} of them"),
        Bound::MostItems(limit) => format!("write at most {limit} of them"),
    }
}

/// What to write instead of a text that does not match.
fn form_of(value: &str, pattern: &str) -> String {
    let parts = value.split_once(':').filter(|(host, path)| host.contains('@') && !path.starts_with("//"));
    match parts.filter(|_| schemes(pattern).is_some_and(|schemes| schemes.contains(&"ssh"))) {
        Some((host, path)) => format!("write `ssh://{host}/{}`", path.trim_start_matches('/')),
        None => form(pattern),
    }
}

/// What to write so that a pattern matches.
fn form(pattern: &str) -> String {
    // Source: `interval` and `timeout` in the definitions of Flux.
    let is_duration = pattern.starts_with(r"^([0-9]+(\.[0-9]+)?(ms|s|m");
    match schemes(pattern) {
        Some(schemes) => {
            let schemes: Vec<String> = schemes.iter().map(|scheme| format!("{scheme}://")).collect();
            format!("begin it with {}", one_of(&schemes))
        }
        None if pattern == QUANTITY => "write a quantity, such as `512Mi` or `500m`".to_owned(),
        None if is_duration => "write a number with a unit, such as `10m` or `1m30s`".to_owned(),
        None => format!("write what matches `{pattern}`"),
    }
}

/// The schemes that a URL can have by a pattern, such as `^(http|https)://.*$`.
fn schemes(pattern: &str) -> Option<Vec<&str>> {
    if pattern == "^https?://" {
        return Some(vec!["http", "https"]);
    }
    let (schemes, _) = pattern.strip_prefix('^')?.split_once("://")?;
    let schemes: Vec<&str> = schemes.trim_start_matches('(').trim_end_matches(')').split('|').collect();
    schemes.iter().all(|scheme| scheme.bytes().all(|byte| byte.is_ascii_alphanumeric())).then_some(schemes)
}
