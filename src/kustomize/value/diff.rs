//! What two values differ in.

use crate::kustomize::value::Value;

/// The JSON pointers of the fields in which two values differ: the deepest that both have as maps.
pub(crate) fn changed_pointers(before: &Value, after: &Value) -> Vec<String> {
    let mut pointers = Vec::new();
    collect(before, after, "", &mut pointers);
    pointers
}

fn collect(before: &Value, after: &Value, path: &str, pointers: &mut Vec<String>) {
    if before == after {
        return;
    }
    let below = |key: &str| format!("{path}/{}", key.replace('~', "~0").replace('/', "~1"));
    match (before, after) {
        (Value::Map(old), Value::Map(new)) => {
            for (key, value) in old {
                match after.get(key) {
                    Some(other) => collect(value, other, &below(key), pointers),
                    None => pointers.push(below(key)),
                }
            }
            for (key, value) in new.iter().filter(|(key, _)| before.get(key).is_none()) {
                // What comes as a whole map comes with all that is in it.
                let nothing = Value::Map(Vec::new());
                match value {
                    Value::Map(entries) if !entries.is_empty() => {
                        collect(&nothing, value, &below(key), pointers);
                    }
                    Value::Map(_) | Value::Scalar(_) | Value::List(_) => pointers.push(below(key)),
                }
            }
        }
        (Value::List(old), Value::List(new)) => {
            for (index, value) in new.iter().enumerate() {
                match old.get(index) {
                    Some(other) => collect(other, value, &below(&index.to_string()), pointers),
                    None => pointers.push(below(&index.to_string())),
                }
            }
            if old.len() > new.len() {
                pointers.push(path.to_owned());
            }
        }
        (Value::Scalar(_) | Value::List(_) | Value::Map(_), _) => pointers.push(path.to_owned()),
    }
}
