//! Strategic merge, with all that kustomize does differently from Kubernetes.
//!
//! Lists of built-in kinds are merged by their keys, new items first; all other lists are replaced. Of the directives
//! kustomize knows `$patch` alone; `$setElementOrder` and its like become fields.
//!
//! Source: `kyaml/yaml/merge2` and `kyaml/yaml/walk` of kubernetes-sigs/kustomize.

mod list;
mod sources;

use crate::kustomize::merge::list::{Merging, set_item};
use crate::kustomize::merge::sources::{Merged, Sources};
use crate::kustomize::schema::{Schema, Type};
use crate::kustomize::value::{Scalar, Value};

pub use sources::MergeFault;

/// The key of a directive.
const DIRECTIVE: &str = "$patch";

/// What a directive demands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Directive {
    Merge,
    Replace,
    Delete,
}

/// Merges a patch into an object; nothing if that deletes it. A patch that would replace the whole of it does nothing:
/// kustomize puts the result into a node that it then forgets.
pub(crate) fn merge(object: Value, patch: Value) -> Result<Option<Value>, MergeFault> {
    let merged = walk(Sources::Both(Some(object.clone()), Some(patch)), None)?;
    Ok(match merged {
        Merged::Cleared => None,
        Merged::Object(value) => Some(value),
        Merged::Patch(_) => Some(object),
    })
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Shape {
    Scalar,
    List,
    Map,
}

fn shape(value: &Value) -> Option<Shape> {
    match value {
        Value::Scalar(_) if value.is_null() => None,
        Value::Scalar(_) => Some(Shape::Scalar),
        Value::List(_) => Some(Shape::List),
        Value::Map(_) => Some(Shape::Map),
    }
}

fn walk(sources: Sources, schema: Option<Schema>) -> Result<Merged, MergeFault> {
    let found = match &sources {
        Sources::Same(value) => shape(value),
        Sources::Both(object, patch) => {
            let shapes = [object, patch].map(|value| value.as_ref().and_then(shape));
            if let [Some(one), Some(other)] = shapes
                && one != other
            {
                return Err(MergeFault::WrongNode);
            }
            shapes.into_iter().flatten().next()
        }
    };
    match (found, schema) {
        (Some(Shape::List), Some(Schema::Merged(keys, items))) => walk_list(sources, keys, items),
        (Some(Shape::Scalar | Shape::List), _) => Ok(prefer_patch(sources)),
        (Some(Shape::Map) | None, schema) => walk_map(sources, schema),
    }
}

/// The value of the patch if it has one, null included.
fn prefer_patch(sources: Sources) -> Merged {
    match sources {
        Sources::Same(value) => Merged::Object(value),
        Sources::Both(_, Some(patch)) => Merged::Patch(patch),
        Sources::Both(object, None) => object.map_or(Merged::Cleared, Merged::Object),
    }
}

fn walk_map(sources: Sources, schema: Option<Schema>) -> Result<Merged, MergeFault> {
    let kind = match schema {
        Some(Schema::Type(kind)) => Some(kind),
        Some(Schema::Merged(..) | Schema::Items(_)) => None,
        None => type_of(&sources),
    };
    match sources {
        Sources::Both(object, None) => match object {
            Some(object) if object.is_null() => Ok(Merged::Object(object)),
            Some(object) => walk_fields(object, Value::Map(Vec::new()), kind).map(Merged::Object),
            None => Ok(Merged::Cleared),
        },
        Sources::Both(object, Some(mut patch)) => {
            let Some(object) = object.filter(|object| !object.is_null()) else {
                // An unknown directive is no error here.
                return match take_directive(&mut patch) {
                    Ok(Directive::Delete) => Ok(Merged::Cleared),
                    Ok(_) | Err(_) => walk_same_fields(patch, kind).map(Merged::Patch),
                };
            };
            if patch.is_null() {
                return Ok(Merged::Cleared);
            }
            match take_directive(&mut patch)? {
                Directive::Delete => Ok(Merged::Cleared),
                Directive::Replace => walk_same_fields(patch, kind).map(Merged::Patch),
                Directive::Merge => walk_fields(object, patch, kind).map(Merged::Object),
            }
        }
        Sources::Same(mut value) => {
            if value.is_null() {
                return Ok(Merged::Object(value));
            }
            match take_directive(&mut value)? {
                Directive::Delete => Ok(Merged::Cleared),
                Directive::Replace | Directive::Merge => walk_same_fields(value, kind).map(Merged::Object),
            }
        }
    }
}

/// The type that a map says it has, where nothing says it from outside.
fn type_of(sources: &Sources) -> Option<Type> {
    let of = |value: &Value| {
        let text = |key| value.get(key).and_then(Value::scalar_text).unwrap_or_default();
        Type::from_api(text("apiVersion"), text("kind"))
    };
    match sources {
        Sources::Same(value) => of(value),
        Sources::Both(object, patch) => [object, patch].into_iter().flatten().find_map(of),
    }
}

fn walk_fields(object: Value, patch: Value, kind: Option<Type>) -> Result<Value, MergeFault> {
    let (Value::Map(object), Value::Map(mut patch)) = (object, patch) else {
        return Err(MergeFault::WrongNode);
    };
    let mut merged = Vec::with_capacity(object.len());
    let schema = |key: &str| kind.and_then(|kind| kind.field(key));
    for (key, value) in object {
        let patched = patch.iter().position(|(name, _)| *name == key).map(|at| patch.remove(at).1);
        let is_left = patched.is_none();
        let (is_quoted, shared) =
            value.as_scalar().map_or((false, 0), |known| (known.is_quoted, known.shared));
        let value = walk(Sources::Both(Some(value), patched), schema(&key))?.into_value();
        if let Some(value) = value.filter(|value| is_left || !value.is_null()) {
            // A string that would be read as something else gets its quotes when it is passed by.
            let is_quoted = is_quoted || is_left && value.as_scalar().is_some_and(Scalar::needs_quotes);
            let value = value.in_place_of(is_quoted, shared);
            merged.push((key, value));
        }
    }
    for (key, value) in patch {
        let value = walk(Sources::Both(None, Some(value)), schema(&key))?.into_value();
        if let Some(value) = value.filter(|value| !value.is_null()) {
            merged.push((key, value));
        }
    }
    Ok(Value::Map(merged))
}

fn walk_same_fields(value: Value, kind: Option<Type>) -> Result<Value, MergeFault> {
    let entries = match value {
        Value::Map(entries) => entries,
        Value::Scalar(_) | Value::List(_) => return Ok(value),
    };
    let mut merged = Vec::with_capacity(entries.len());
    for (key, value) in entries {
        let schema = kind.and_then(|kind| kind.field(&key));
        let value = walk(Sources::Same(value), schema)?.into_value();
        if let Some(value) = value.filter(|value| !value.is_null()) {
            merged.push((key, value));
        }
    }
    Ok(Value::Map(merged))
}

fn walk_list(sources: Sources, keys: &[&str], items: Option<Type>) -> Result<Merged, MergeFault> {
    let lists = Merging { keys, items, walk };
    match sources {
        Sources::Both(object, None) => match object {
            Some(object) => lists.merge(Some(object), None).map(Merged::Object),
            None => Ok(Merged::Cleared),
        },
        Sources::Both(object, Some(mut patch)) => {
            let Some(object) = object.filter(|object| !object.is_null()) else {
                return lists.merge(None, Some(patch)).map(Merged::Patch);
            };
            if patch.is_null() {
                return Ok(Merged::Cleared);
            }
            match take_list_directive(&mut patch)? {
                Directive::Delete => Ok(Merged::Cleared),
                Directive::Replace => lists.merge(None, Some(patch)).map(Merged::Patch),
                Directive::Merge => lists.merge(Some(object), Some(patch)).map(Merged::Object),
            }
        }
        Sources::Same(mut value) => match take_list_directive(&mut value)? {
            Directive::Delete => Ok(Merged::Cleared),
            Directive::Replace | Directive::Merge => lists.merge(None, Some(value)).map(Merged::Object),
        },
    }
}

/// Takes the directive out of a map.
fn take_directive(map: &mut Value) -> Result<Directive, MergeFault> {
    let Some(value) = map.get(DIRECTIVE) else { return Ok(Directive::Merge) };
    let directive = parse_directive(value)?;
    let _value = map.remove(DIRECTIVE);
    Ok(directive)
}

/// Takes the directive out of a list: an item that has nothing else.
fn take_list_directive(list: &mut Value) -> Result<Directive, MergeFault> {
    let Value::List(items) = list else { return Ok(Directive::Merge) };
    let Some(first) = items.iter().find(|item| item.get(DIRECTIVE).is_some()) else {
        return Ok(Directive::Merge);
    };
    let Some(value) = first.get(DIRECTIVE).filter(|_| first.entries().len() == 1) else {
        return Ok(Directive::Merge);
    };
    let directive = parse_directive(value)?;
    let text = value.scalar_text().unwrap_or_default().to_owned();
    set_item(items, None, &[DIRECTIVE], &[text])?;
    Ok(directive)
}

fn parse_directive(value: &Value) -> Result<Directive, MergeFault> {
    match value.scalar_text().unwrap_or_default() {
        "merge" => Ok(Directive::Merge),
        "replace" => Ok(Directive::Replace),
        "delete" => Ok(Directive::Delete),
        other => Err(MergeFault::Directive(other.to_owned())),
    }
}
