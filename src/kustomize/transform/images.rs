//! `images`.

use crate::kustomize::failure::{Cause, Failure};
use crate::kustomize::kustomization::Image;
use crate::kustomize::object::{Object, Step};
use crate::kustomize::place::Place;
use crate::kustomize::target::Pattern;
use crate::kustomize::transform::visit;
use crate::kustomize::value::Value;

const PATHS: [&str; 6] = [
    "spec/containers[]/image",
    "spec/initContainers[]/image",
    "spec/volumes[]/image/reference",
    "spec/template/spec/containers[]/image",
    "spec/template/spec/initContainers[]/image",
    "spec/template/spec/volumes[]/image/reference",
];

/// Sets name, tag or digest of an image wherever it is used.
pub(crate) fn set_image(objects: &mut [Object], image: &Image, place: &Place) -> Result<(), Failure> {
    let name = Pattern::parse(&image.name).ok();
    for object in objects.iter_mut().filter(|object| object.id().kind != "CustomResourceDefinition") {
        object.edit(Step::Images, place, |value| {
            let mut set = |field: &mut Value| {
                let Some(text) = field.scalar_text() else {
                    return Err(Cause::WrongField("image".to_owned()));
                };
                if is_image(text, &image.name, name.as_ref()) {
                    let text = renamed(text, image);
                    let is_quoted = field.is_quoted();
                    *field = Value::string(text).with_quotes(is_quoted);
                }
                Ok(())
            };
            walk(value, &mut set)?;
            PATHS.iter().try_for_each(|path| visit(value, path, None, &mut set))
        })?;
    }
    Ok(())
}

/// Images of anything that is called like a list of containers, wherever it is.
fn walk(value: &mut Value, set: &mut dyn FnMut(&mut Value) -> Result<(), Cause>) -> Result<(), Cause> {
    match value {
        Value::Scalar(_) => Ok(()),
        Value::List(items) => items.iter_mut().try_for_each(|item| walk(item, set)),
        Value::Map(entries) => {
            for (key, value) in entries {
                walk(value, set)?;
                let is_list = matches!(key.as_str(), "containers" | "initContainers");
                let items = match value {
                    Value::List(items) if is_list => items,
                    Value::Scalar(_) | Value::List(_) | Value::Map(_) => continue,
                };
                for item in items {
                    item.get_mut("image").map_or(Ok(()), &mut *set)?;
                }
            }
            Ok(())
        }
    }
}

/// True if a reference is one to an image of that name, which is a regular expression.
fn is_image(text: &str, name: &str, pattern: Option<&Pattern>) -> bool {
    let is_tail = |tail: &str| {
        tail.chars()
            .all(|letter| letter.is_ascii_alphanumeric() || matches!(letter, '_' | '.' | '{' | '}' | '-'))
    };
    let is_name = |text: &str| text == name || pattern.is_some_and(|pattern| pattern.may_match(text));
    let without_digest = text.rsplit_once("@sha256:").filter(|(_, tail)| is_tail(tail)).map(|(text, _)| text);
    [Some(text), without_digest].into_iter().flatten().any(|text| {
        let without_tag = text.rsplit_once(':').filter(|(_, tail)| is_tail(tail)).map(|(text, _)| text);
        is_name(text) || without_tag.is_some_and(is_name)
    })
}

fn renamed(text: &str, image: &Image) -> String {
    let (name, mut tag, mut digest) = split(text);
    let name = if image.new_name.is_empty() { name } else { &image.new_name };
    if !image.new_tag.is_empty() {
        (tag, digest) = (&image.new_tag, &image.digest);
    } else if !image.digest.is_empty() {
        (tag, digest) = ("", &image.digest);
    }
    let mut text = name.to_owned();
    if !tag.is_empty() || !image.tag_suffix.is_empty() {
        text = format!("{text}:{tag}{}", image.tag_suffix);
    }
    if !digest.is_empty() {
        text = format!("{text}@{digest}");
    }
    text
}

/// Name, tag and digest of a reference. What stands before the first `/` may have a port.
fn split(text: &str) -> (&str, &str, &str) {
    let host = text.find('/').unwrap_or_default();
    let (_, path) = text.split_at(host);
    let at = |sign: char| path.find(sign).map(|at| at.saturating_add(host));
    let part = |from: usize, to: usize| text.get(from..to).unwrap_or_default();
    let end = text.len();
    match (at(':'), at('@')) {
        (None, None) => (text, "", ""),
        (Some(colon), Some(sign)) if colon < sign => {
            (part(0, colon), part(colon.saturating_add(1), sign), part(sign.saturating_add(1), end))
        }
        (_, Some(sign)) => (part(0, sign), "", part(sign.saturating_add(1), end)),
        (Some(colon), None) => (part(0, colon), part(colon.saturating_add(1), end), ""),
    }
}
