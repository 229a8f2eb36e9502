//! Fields of objects, by their paths.

use crate::kustomize::failure::Cause;
use crate::kustomize::id::Id;
use crate::kustomize::value::Value;

/// A field of objects of some kinds. What is empty matches everything.
#[derive(Clone, Copy, Debug)]
pub(super) struct Field<'f> {
    pub(super) group: &'f str,
    pub(super) version: &'f str,
    pub(super) kind: &'f str,
    pub(super) path: &'f str,
    /// True if it is made where it is missing.
    pub(super) creates: bool,
}

impl Field<'_> {
    pub(super) fn is_of(&self, id: &Id) -> bool {
        let is_it = |wanted: &str, is: &str| wanted.is_empty() || wanted == is;
        is_it(self.group, &id.group) && is_it(self.version, &id.version) && is_it(self.kind, &id.kind)
    }

    /// Sets the field of an object. What is made where it is missing is `made`, if anything may be.
    pub(super) fn set(
        &self,
        value: &mut Value,
        made: Option<&Value>,
        set: &mut dyn FnMut(&mut Value) -> Result<(), Cause>,
    ) -> Result<(), Cause> {
        visit(value, self.path, made.filter(|_| self.creates), set)
    }
}

/// Calls `set` with all that a path leads to. Lists on the way are passed through; `[]` behind a part says that it is
/// one, and is not made.
pub(crate) fn visit(
    value: &mut Value,
    path: &str,
    made: Option<&Value>,
    set: &mut dyn FnMut(&mut Value) -> Result<(), Cause>,
) -> Result<(), Cause> {
    let parts: Vec<String> = split(path);
    follow(value, &parts, made, set)
}

fn follow(
    value: &mut Value,
    parts: &[String],
    made: Option<&Value>,
    set: &mut dyn FnMut(&mut Value) -> Result<(), Cause>,
) -> Result<(), Cause> {
    let Some((part, rest)) = parts.split_first() else { return set(value) };
    match value {
        Value::List(items) => items.iter_mut().try_for_each(|item| follow(item, parts, made, set)),
        Value::Scalar(_) if value.is_null() => Ok(()),
        Value::Scalar(_) => Err(Cause::WrongField(parts.join("/"))),
        Value::Map(_) => {
            let (name, is_list) = match part.strip_suffix("[]") {
                Some(name) => (name, true),
                None => (part.as_str(), false),
            };
            let below = match made.filter(|_| !is_list) {
                Some(made) => {
                    let made = if rest.is_empty() { made.clone() } else { Value::Map(Vec::new()) };
                    value.get_or_insert(name, made)
                }
                None => value.get_mut(name),
            };
            below.map_or(Ok(()), |below| follow(below, rest, made, set))
        }
    }
}

/// The parts of a path. A `/` behind a `\` is part of a key.
fn split(path: &str) -> Vec<String> {
    let mut parts: Vec<String> = Vec::new();
    for part in path.split('/') {
        match parts.last_mut().filter(|last| last.ends_with('\\')) {
            Some(last) => {
                let _backslash = last.pop();
                last.push('/');
                last.push_str(part);
            }
            None => parts.push(part.to_owned()),
        }
    }
    parts
}
