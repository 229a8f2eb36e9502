//! `configMapGenerator` and `secretGenerator`.
//!
//! Source: `api/internal/generators`, `api/kv` and `api/resmap/reswrangler.go` of kubernetes-sigs/kustomize.

use std::collections::BTreeMap;

use crate::kustomize::build::{Builder, entry_place};
use crate::kustomize::failure::{Cause, Failure, GeneratorFault, Reach};
use crate::kustomize::generator::{base64, literal, named};
use crate::kustomize::kustomization::{Generator, GeneratorOptions, Kustomization, Located};
use crate::kustomize::object::{Object, Step};
use crate::kustomize::place::Place;
use crate::kustomize::selection::with_any_id;
use crate::kustomize::value::{Scalar, Tag, Value};
use crate::model::LocalPath;

impl Builder<'_> {
    /// Adds what the generators make, or puts it into what is there.
    pub(super) fn generate(
        &mut self,
        directory: &LocalPath,
        kustomization: &Kustomization,
        objects: &mut Vec<Object>,
    ) -> Result<(), Failure> {
        let config_maps = kustomization.config_maps.iter().map(|entry| (entry, false));
        let secrets = kustomization.secrets.iter().map(|entry| (entry, true));
        let mut made = Vec::new();
        for (entry, is_secret) in config_maps.chain(secrets) {
            let place = entry_place(kustomization, entry);
            let options = options(&entry.value, kustomization.generator_options.as_ref());
            let object = self.generated(directory, entry, &options, is_secret, &place)?;
            made.extend(object.map(|object| (object, place)));
        }
        for (object, place) in made {
            absorb(objects, object).map_err(|fault| place.failure(Cause::Generator(fault)))?;
        }
        Ok(())
    }

    /// The object of an entry; nothing if a file of it is out of reach.
    fn generated(
        &mut self,
        directory: &LocalPath,
        entry: &Located<Generator>,
        options: &GeneratorOptions,
        is_secret: bool,
        place: &Place,
    ) -> Result<Option<Object>, Failure> {
        let generator = &entry.value;
        let Some(data) = self.data(directory, generator, place)? else { return Ok(None) };
        if generator.name.is_empty() {
            return place.fail(Cause::Generator(GeneratorFault::NoName));
        }
        let map = |pairs: &[(String, String)]| {
            Value::Map(pairs.iter().map(|(key, text)| (key.clone(), Value::string(text.clone()))).collect())
        };
        let mut metadata = map(&[("name".to_owned(), generator.name.clone())]);
        if !generator.namespace.is_empty() {
            metadata.set("namespace", Value::string(generator.namespace.clone()));
        }
        for (key, pairs) in [("labels", &options.labels), ("annotations", &options.annotations)] {
            if !pairs.is_empty() {
                metadata.set(key, map(pairs));
            }
        }
        let kind = if is_secret { "Secret" } else { "ConfigMap" };
        let mut value =
            map(&[("apiVersion".to_owned(), "v1".to_owned()), ("kind".to_owned(), kind.to_owned())]);
        value.set("metadata", metadata);
        if is_secret {
            let kind = if generator.kind.is_empty() { "Opaque" } else { &generator.kind };
            value.set("type", Value::string(kind));
        }
        if is_secret || !data.is_empty() {
            let text = |text: String| Value::string(if is_secret { base64(text.as_bytes()) } else { text });
            value.set("data", Value::Map(data.into_iter().map(|(key, value)| (key, text(value))).collect()));
        }
        if options.is_immutable {
            value.set("immutable", Value::Scalar(Scalar::new("true", Tag::Bool)));
        }
        let mut object = Object::generated(value, place.clone());
        object.needs_hash = !options.has_no_hash;
        object.behavior = Some(match generator.behavior.as_str() {
            "merge" => "merge",
            "replace" => "replace",
            "create" => "create",
            _ => "unspecified",
        });
        Ok(Some(object))
    }

    /// The keys and texts of an entry; nothing if a file of it is out of reach.
    fn data(
        &mut self,
        directory: &LocalPath,
        generator: &Generator,
        place: &Place,
    ) -> Result<Option<BTreeMap<String, String>>, Failure> {
        let fail = |fault| place.failure(Cause::Generator(fault));
        let (mut pairs, mut is_known) = (Vec::new(), true);
        for path in &generator.envs {
            let Some(file) = self.named_file(directory, &path.value, place, Reach::Everything)? else {
                is_known = false;
                continue;
            };
            let text = file.text.strip_prefix('\u{feff}').unwrap_or(&file.text);
            for line in
                text.lines().map(str::trim_start).filter(|line| !line.is_empty() && !line.starts_with('#'))
            {
                let (key, value) = line.split_once('=').unwrap_or((line, ""));
                pairs.push((key.to_owned(), value.to_owned()));
            }
        }
        for text in &generator.literals {
            let (key, value) =
                literal(&text.value).ok_or_else(|| fail(GeneratorFault::Literal(text.value.clone())))?;
            pairs.push((key.to_owned(), value.to_owned()));
        }
        for text in &generator.files {
            let (key, path) =
                named(&text.value).ok_or_else(|| fail(GeneratorFault::File(text.value.clone())))?;
            let Some(file) = self.named_file(directory, path, place, Reach::Everything)? else {
                is_known = false;
                continue;
            };
            pairs.push((key.to_owned(), file.text.to_string()));
        }
        let mut data = BTreeMap::new();
        for (key, value) in pairs {
            if data.insert(key.clone(), value).is_some() {
                return Err(fail(GeneratorFault::RepeatedKey(key)));
            }
        }
        Ok(is_known.then_some(data))
    }
}

/// The options of an entry, with those of all where it says nothing.
fn options(generator: &Generator, all: Option<&GeneratorOptions>) -> GeneratorOptions {
    let mut options = generator.options.clone().unwrap_or_default();
    let Some(all) = all else { return options };
    for (own, of_all) in [(&mut options.labels, &all.labels), (&mut options.annotations, &all.annotations)] {
        for (key, text) in of_all {
            if !own.iter().any(|(known, _)| known == key) {
                own.push((key.clone(), text.clone()));
            }
        }
    }
    options.has_no_hash |= all.has_no_hash;
    options.is_immutable |= all.is_immutable;
    options
}

/// Adds a generated object, or puts it in the place of what has its id.
fn absorb(objects: &mut Vec<Object>, made: Object) -> Result<(), GeneratorFault> {
    let wanted = made.id().clone();
    let found = with_any_id(objects, |id| id.is_same(&wanted));
    let old = found.first().and_then(|index| objects.get(*index));
    match (old, found.len(), made.behavior) {
        (_, 2.., _) => Err(GeneratorFault::Exists),
        (None, _, Some("merge" | "replace")) => Err(GeneratorFault::NoBase),
        (None, ..) => {
            objects.push(made);
            Ok(())
        }
        (Some(old), _, Some(behavior @ ("merge" | "replace"))) => {
            let Some(merged) = merged(old, made, behavior == "merge") else { return Ok(()) };
            // kustomize looks for what has this id now: nothing has it if a patch changed the kind.
            let place = objects.iter_mut().find(|object| object.id().is_same(merged.id()));
            place.map(|place| *place = merged).ok_or(GeneratorFault::NoBase)
        }
        (Some(_), ..) => Err(GeneratorFault::Exists),
    }
}

/// What takes the place of an object; nothing if that cannot be read. The name and the namespace stay; labels and
/// annotations are added; data too, or it is replaced.
fn merged(old: &Object, mut made: Object, is_merge: bool) -> Option<Object> {
    let (before, after) = (old.raw().ok().cloned()?, made.raw().ok().cloned()?);
    let mut value = after;
    let joined = |keys: &[&str]| {
        let mut map = before.at(keys).cloned().unwrap_or(Value::Map(Vec::new()));
        crate::kustomize::value::stringify(&mut map);
        for (key, text) in
            made.raw().ok().and_then(|value| value.at(keys)).map(Value::entries).unwrap_or_default()
        {
            map.set(key, text.clone());
        }
        map
    };
    let maps = ["labels", "annotations"].map(|key| (key, joined(&["metadata", key])));
    let mut data: Vec<(&str, Value)> = Vec::new();
    if is_merge {
        data = ["data", "binaryData"].map(|key| (key, joined(&[key]))).into();
    }
    if let Some(metadata) = value.get_mut("metadata") {
        for (key, map) in maps.into_iter().filter(|(_, map)| !map.is_empty_map()) {
            metadata.set(key, map);
        }
        for key in ["name", "namespace"] {
            match before.at(&["metadata", key]) {
                Some(text) => metadata.set(key, text.clone()),
                None => drop(metadata.remove(key)),
            }
        }
    }
    for (key, map) in data {
        // Merged data that are empty go, even those that a generator of nothing made.
        if map.is_empty_map() { drop(value.remove(key)) } else { value.set(key, map) }
    }
    // Both must want a hash.
    made.needs_hash &= old.needs_hash;
    made.inherit(old);
    made.replace(Some(value));
    let place = made.source().place.clone();
    made.note(Step::Generator, &place, Vec::new());
    Some(made)
}
