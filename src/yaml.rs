//! YAML that others wrote. The only file that knows how it is read.

use serde_yaml::Value;

/// The largest document that is read, in bytes.
const MAX_BYTES: usize = 1024 * 1024;
/// How many brackets may be open at once; time grows with their square.
const MAX_DEPTH: usize = 64;

/// Whether all that `part` says is said by `whole` too: its entries are entries there, its items are items there.
/// Nothing is, of what cannot be read.
pub fn says_no_more_than(part: &str, whole: &str) -> bool {
    read(part).zip(read(whole)).is_some_and(|(part, whole)| is_within(&part, &whole))
}

fn read(text: &str) -> Option<Value> {
    let within_bounds = text.len() <= MAX_BYTES && depth(text) <= MAX_DEPTH;
    if within_bounds { serde_yaml::from_str(text).ok() } else { None }
}

/// How many brackets are open at once, at most. Those within strings count too.
fn depth(text: &str) -> usize {
    let mut open = 0_usize;
    let mut deepest = 0;
    for byte in text.bytes() {
        match byte {
            b'[' | b'{' => open = open.saturating_add(1),
            b']' | b'}' => open = open.saturating_sub(1),
            _ => {}
        }
        deepest = deepest.max(open);
    }
    deepest
}

fn is_within(part: &Value, whole: &Value) -> bool {
    match (part, whole) {
        (Value::Mapping(part), Value::Mapping(whole)) => {
            part.iter().all(|(key, value)| whole.get(key).is_some_and(|other| is_within(value, other)))
        }
        (Value::Sequence(part), Value::Sequence(whole)) => part.iter().all(|item| whole.contains(item)),
        (part, whole) => part == whole,
    }
}
