//! Whether an object has the form that the definition of its kind asks for.
//!
//! Sources: "Specifying a structural schema" of the Kubernetes documentation; `typed` in
//! `sigs.k8s.io/structured-merge-diff`, by which a field that is not declared cannot be applied.

mod kubernetes;
mod pattern;

use crate::effect::schema::kubernetes::{QUANTITY_FORMAT, metadata_schema};
use crate::kustomize::{Tag, Value, escape, item_segments};

pub use kubernetes::{QUANTITY, built_in_schema};

/// How a field has the wrong form.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Misfit {
    /// No such field is declared. `near`: one that is; `belongs`: the path of the field that it belongs into.
    Undeclared {
        near: Option<String>,
        belongs: Option<String>,
    },
    /// The value is of another type. Nothing for a list or a map.
    Type {
        value: Option<String>,
        expected: FieldType,
        pattern: Option<String>,
    },
    /// The value is none of these.
    Unlisted {
        value: String,
        listed: Vec<String>,
    },
    Pattern {
        value: String,
        pattern: String,
    },
    /// A text, a number or a list is smaller or greater than that.
    Bound {
        value: Option<String>,
        bound: Bound,
    },
    /// The field is missing, and must be there.
    Missing,
}

/// The types of fields.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum FieldType {
    Text,
    Integer,
    Number,
    Boolean,
    List,
    Map,
    IntegerOrText,
    Quantity,
}

/// A limit of a value.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Bound {
    Least(String),
    Most(String),
    Shortest(String),
    Longest(String),
    Fewest(String),
    MostItems(String),
}

/// Finds the name that is meant by a word.
pub type FindNearest<'n> = &'n dyn Fn(&str, &[&str]) -> Option<String>;

/// The fields of an object that a schema refuses, each with its path. `schema`: `openAPIV3Schema`.
pub fn misfits(schema: &Value, object: &Value, nearest: FindNearest<'_>) -> Vec<(String, Misfit)> {
    let mut walk = Walk { nearest, found: Vec::new() };
    let root = Place { above: None, part: Part::Root, schema };
    walk.value(object, root);
    if let Some((schema, metadata)) = metadata_schema().zip(object.get("metadata")) {
        walk.value(metadata, Place { above: Some(&root), part: Part::Key("metadata"), schema });
    }
    walk.found
}

/// How many misfits of an object are looked for: more say nothing new, and each takes time.
const MOST: usize = 20;

struct Walk<'n> {
    nearest: FindNearest<'n>,
    found: Vec<(String, Misfit)>,
}

/// Where a value is. Nearly all are right, so that a path is only written for others.
#[derive(Clone, Copy)]
struct Place<'p> {
    above: Option<&'p Place<'p>>,
    part: Part<'p>,
    /// The schema of the value.
    schema: &'p Value,
}

#[derive(Clone, Copy)]
enum Part<'p> {
    Root,
    Key(&'p str),
    /// The item of a list at this index.
    Item(&'p [Value], usize),
}

impl Place<'_> {
    fn path(&self) -> String {
        let above = self.above.map(Place::path).unwrap_or_default();
        match self.part {
            Part::Root => above,
            Part::Key(key) => format!("{above}/{}", escape(key)),
            Part::Item(items, at) => {
                let segment = item_segments(items).into_iter().nth(at).unwrap_or_default();
                format!("{above}/{segment}")
            }
        }
    }

    fn is_root(&self) -> bool {
        self.above.is_none()
    }

    fn is_metadata(&self) -> bool {
        matches!(self.part, Part::Key("metadata")) && self.above.is_some_and(Place::is_root)
    }
}

/// What belongs to all objects, or to the API server alone.
const OF_ALL: [&str; 4] = ["apiVersion", "kind", "metadata", "status"];

impl Walk<'_> {
    fn value(&mut self, value: &Value, place: Place<'_>) {
        if self.found.len() >= MOST {
            return;
        }
        let schema = place.schema;
        // What Flux writes in place of `${…}` is not known.
        let is_open = value.is_null() || value.scalar_text().is_some_and(|text| text.contains("${"));
        if is_open {
            return;
        }
        if let Some(expected) = field_type(schema).filter(|expected| !expected.takes(value)) {
            let pattern = text_of(schema, "pattern").map(str::to_owned);
            let value = value.scalar_text().map(str::to_owned);
            self.add(place.path(), Misfit::Type { value, expected, pattern });
            return;
        }
        match value {
            Value::Scalar(scalar) => {
                let misfit = scalar_misfit(schema, &scalar.text);
                if let Some(misfit) = misfit {
                    self.add(place.path(), misfit);
                }
            }
            Value::List(items) => {
                let limits: [Limit; 2] = [("minItems", Bound::Fewest), ("maxItems", Bound::MostItems)];
                let bound = exceeded(schema, limits, number(items.len()));
                if let Some(bound) = bound {
                    self.add(place.path(), Misfit::Bound { value: None, bound });
                }
                if let Some(schema) = schema.get("items") {
                    for (at, item) in items.iter().enumerate() {
                        self.value(item, Place { above: Some(&place), part: Part::Item(items, at), schema });
                    }
                }
            }
            Value::Map(entries) => self.map(entries, place),
        }
    }

    fn map(&mut self, entries: &[(String, Value)], place: Place<'_>) {
        let schema = place.schema;
        let declared = schema.get("properties");
        let additional = schema.get("additionalProperties");
        let mut meant = Vec::new();
        for (key, value) in entries {
            // Directives of patches are reported as such, as are those that are meant for labels and annotations.
            let is_else = place.is_root() && OF_ALL.contains(&key.as_str())
                || place.is_metadata() && ["annotation", "label"].contains(&key.as_str())
                || key.starts_with('$');
            if is_else {
                continue;
            }
            let below = |schema| Place { above: Some(&place), part: Part::Key(key), schema };
            match declared.and_then(|declared| declared.get(key)).or(additional) {
                Some(schema) => self.value(value, below(schema)),
                None if declared.is_some() && !is_set(schema, "x-kubernetes-preserve-unknown-fields") => {
                    let belongs = belongs(place, key);
                    let near = match belongs {
                        Some(_) => None,
                        None => self.near(declared, key, entries),
                    };
                    meant.extend(near.clone());
                    self.add(below(schema).path(), Misfit::Undeclared { near, belongs });
                }
                None => {}
            }
        }
        for field in schema.get("required").map(Value::items).unwrap_or_default() {
            let Some(field) = field.as_str() else { continue };
            let is_there = entries.iter().any(|(key, value)| key == field && !value.is_null());
            let is_filled = || declared.and_then(|declared| declared.at(&[field, "default"])).is_some();
            let is_said =
                meant.iter().any(|meant| meant == field) || place.is_root() && OF_ALL.contains(&field);
            if !is_there && !is_said && !is_filled() {
                self.add(
                    Place { above: Some(&place), part: Part::Key(field), schema }.path(),
                    Misfit::Missing,
                );
            }
        }
    }

    fn add(&mut self, path: String, misfit: Misfit) {
        if self.found.len() < MOST {
            self.found.push((path, misfit));
        }
    }

    /// The declared field that is meant by an undeclared one, and that is not there.
    fn near(&self, declared: Option<&Value>, key: &str, there: &[(String, Value)]) -> Option<String> {
        let declared = declared.map(Value::entries).unwrap_or_default();
        let is_free = |name: &&str| !there.iter().any(|(key, _)| key == name);
        let names: Vec<&str> = declared.iter().map(|(name, _)| name.as_str()).filter(is_free).collect();
        let is_same = |name: &&&str| name.eq_ignore_ascii_case(key);
        names.iter().find(is_same).map(|name| (*name).to_owned()).or_else(|| (self.nearest)(key, &names))
    }
}

/// The path of the map around, or of the one directly below, that has a field of that name.
fn belongs(place: Place<'_>, key: &str) -> Option<String> {
    let has = |schema: &Value| schema.at(&["properties", key]).is_some();
    let mut around = place.above;
    while let Some(above) = around {
        if has(above.schema) {
            return Some(above.path());
        }
        around = above.above;
    }
    let properties = place.schema.get("properties").map(Value::entries).unwrap_or_default();
    let mut below = properties.iter().filter(|(_, schema)| has(schema));
    let (only, schema) = below.next().filter(|_| below.next().is_none())?;
    Some(Place { above: Some(&place), part: Part::Key(only), schema }.path())
}

impl FieldType {
    fn takes(self, value: &Value) -> bool {
        match (self, value) {
            (FieldType::Map, value) => matches!(value, Value::Map(_)),
            (FieldType::List, value) => matches!(value, Value::List(_)),
            (_, Value::Map(_) | Value::List(_)) => false,
            (FieldType::Text, Value::Scalar(scalar)) => matches!(scalar.tag, Tag::Text | Tag::Time),
            (FieldType::Quantity, Value::Scalar(scalar)) => {
                matches!(scalar.tag, Tag::Int | Tag::Float | Tag::Text)
            }
            (FieldType::Integer, Value::Scalar(scalar)) => scalar.tag == Tag::Int,
            (FieldType::Number, Value::Scalar(scalar)) => matches!(scalar.tag, Tag::Int | Tag::Float),
            // What YAML 1.1 takes for one may be one in the end.
            (FieldType::Boolean, Value::Scalar(scalar)) => scalar.may_be_bool(),
            (FieldType::IntegerOrText, Value::Scalar(scalar)) => {
                matches!(scalar.tag, Tag::Int | Tag::Text | Tag::Time)
            }
        }
    }
}

/// The type that a schema asks for, if it is known here.
fn field_type(schema: &Value) -> Option<FieldType> {
    if is_set(schema, "x-kubernetes-int-or-string") {
        return Some(FieldType::IntegerOrText);
    }
    if text_of(schema, "format") == Some(QUANTITY_FORMAT) {
        return Some(FieldType::Quantity);
    }
    match text_of(schema, "type")? {
        "string" => Some(FieldType::Text),
        "integer" => Some(FieldType::Integer),
        "number" => Some(FieldType::Number),
        "boolean" => Some(FieldType::Boolean),
        "array" => Some(FieldType::List),
        "object" => Some(FieldType::Map),
        _ => None,
    }
}

/// What is wrong with a scalar of the right type.
fn scalar_misfit(schema: &Value, text: &str) -> Option<Misfit> {
    let value = || text.to_owned();
    let listed = schema.get("enum").map(Value::items).unwrap_or_default();
    let listed: Vec<&str> = listed.iter().filter_map(Value::scalar_text).collect();
    if !listed.is_empty() && !listed.contains(&text) {
        let listed = listed.into_iter().filter(|text| !text.is_empty()).map(str::to_owned).collect();
        return Some(Misfit::Unlisted { value: value(), listed });
    }
    if let Some(pattern) = text_of(schema, "pattern").filter(|pattern| pattern::mismatches(pattern, text)) {
        return Some(Misfit::Pattern { value: value(), pattern: pattern.to_owned() });
    }
    let limits: [Limit; 2] = [("minLength", Bound::Shortest), ("maxLength", Bound::Longest)];
    let length = exceeded(schema, limits, number(text.chars().count()));
    let size = || {
        let limits: [Limit; 2] = [("minimum", Bound::Least), ("maximum", Bound::Most)];
        exceeded(schema, limits, text.parse().ok()?)
    };
    let bound = length.or_else(size)?;
    Some(Misfit::Bound { value: Some(value()), bound })
}

/// A keyword, and what exceeds it.
type Limit = (&'static str, fn(String) -> Bound);

/// The limit, of a lower and an upper one, that a number exceeds.
fn exceeded(schema: &Value, limits: [Limit; 2], number: f64) -> Option<Bound> {
    let [(least, below), (most, above)] = limits;
    let limit = |keyword: &str| schema.get(keyword).and_then(Value::scalar_text);
    let exceeds = |keyword: &str, is_beyond: fn(&f64, &f64) -> bool| {
        limit(keyword).filter(|limit| limit.parse().is_ok_and(|limit: f64| is_beyond(&number, &limit)))
    };
    let is_below = exceeds(least, f64::lt).map(|limit| below(limit.to_owned()));
    is_below.or_else(|| exceeds(most, f64::gt).map(|limit| above(limit.to_owned())))
}

fn number(count: usize) -> f64 {
    u32::try_from(count).map_or(f64::INFINITY, f64::from)
}

fn is_set(schema: &Value, keyword: &str) -> bool {
    schema.get(keyword).and_then(Value::scalar_text) == Some("true")
}

fn text_of<'s>(schema: &'s Value, keyword: &str) -> Option<&'s str> {
    schema.get(keyword).and_then(Value::as_str)
}
