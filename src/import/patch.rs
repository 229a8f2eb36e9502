//! One document of a patch, to what it says of identities.

use std::collections::BTreeSet;

use crate::import::federated;
use crate::import::identity::{self, Key};
use crate::import::objects::{Identifier, Kind, Object};
use crate::import::overlay::Document;
use crate::marked::{Marked, Scalar, Style, Value};
use crate::model::MANAGER;
use crate::span::Span;

/// Something that a patch says of an identity, to all objects that it hits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fact {
    /// Of which kind of objects.
    pub kind: Kind,
    /// What it is.
    pub key: Key,
    /// What it is set to.
    pub value: String,
    /// Where that stands.
    pub at: Span,
    /// What leaves the document if it is taken.
    pub mark: Mark,
}

/// A thing in a document: its first byte.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Mark {
    /// An entry of a mapping, by its key.
    Entry(usize),
    /// An item of a sequence.
    Item(usize),
}

/// What kustomize takes a document for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form<'d> {
    /// Part of an object, merged into it.
    Merge(Identifier<'d>),
    /// Operations on any object.
    Operations,
    /// Nothing that it knows.
    Neither,
}

impl Document {
    /// What kustomize takes it for.
    pub fn form(&self) -> Form<'_> {
        let node = &self.node;
        match &node.value {
            Value::Sequence(_) => Form::Operations,
            Value::Mapping(_) => {
                let metadata = node.get("metadata");
                let of = |key| metadata.and_then(|metadata| metadata.text_at(key)).unwrap_or_default();
                let text = |key| node.text_at(key).unwrap_or_default();
                let wanted = Identifier {
                    api: text("apiVersion"),
                    kind: text("kind"),
                    name: of("name"),
                    namespace: of("namespace"),
                };
                if wanted.api.is_empty() || wanted.kind.is_empty() || wanted.name.is_empty() {
                    Form::Neither
                } else {
                    Form::Merge(wanted)
                }
            }
            Value::Scalar(_) => Form::Neither,
        }
    }

    /// What it says of identities to these objects.
    pub fn facts(&self, hit: &[Object]) -> Vec<Fact> {
        let mut facts = Vec::new();
        for kind in Kind::ALL {
            if hit.iter().any(|object| object.kind == kind) {
                let mut collecting = Collecting { document: self, kind, facts: &mut facts };
                match &self.node.value {
                    Value::Sequence(operations) => {
                        for operation in operations {
                            collecting.operation(operation);
                        }
                    }
                    Value::Mapping(_) => collecting.merge(&self.node),
                    Value::Scalar(_) => {}
                }
            }
        }
        facts
    }

    /// What is left of it without these things; nothing if that says nothing any more.
    pub fn without(&self, marks: &BTreeSet<Mark>) -> Option<Marked> {
        let left = without(&self.node, marks)?;
        (!says_nothing(&left)).then_some(left)
    }
}

struct Collecting<'c> {
    document: &'c Document,
    kind: Kind,
    facts: &'c mut Vec<Fact>,
}

impl Collecting<'_> {
    fn push(&mut self, key: Key, value: &Marked, mark: Mark) {
        let at = self.document.origin.place(value);
        let value = value.text().unwrap_or_default().to_owned();
        self.facts.push(Fact { kind: self.kind, key, value, at, mark });
    }

    fn merge(&mut self, root: &Marked) {
        self.metadata(root, &[], Key::annotation, Key::label);
        if self.kind == Kind::Deployment {
            let template = ["spec", "template"];
            self.metadata(root, &template, Key::pod_annotation, Key::pod_label);
            let selector = at(root, &["spec", "selector", "matchLabels"]);
            for (key, value) in selector.map(Marked::entries).unwrap_or_default() {
                if key.text() == Some("app") {
                    self.push(Key::Selector, value, Mark::Entry(key.range.start));
                }
            }
            if let Some(pod) = at(root, &["spec", "template", "spec"]) {
                self.pod(pod);
            }
        }
    }

    fn metadata(
        &mut self,
        root: &Marked,
        path: &[&str],
        annotation: fn(Kind, &str) -> Option<Key>,
        label: fn(Kind, &str) -> Option<Key>,
    ) {
        let Some(metadata) = at(root, path).and_then(|node| node.get("metadata")) else { return };
        for (list, known) in [("annotations", annotation), ("labels", label)] {
            for (key, value) in metadata.get(list).map(Marked::entries).unwrap_or_default() {
                if let Some(found) = key.text().and_then(|text| known(self.kind, text)) {
                    self.push(found, value, Mark::Entry(key.range.start));
                }
            }
        }
    }

    /// What federates a pod.
    fn pod(&mut self, pod: &Marked) {
        for volume in pod.get("volumes").map(Marked::items).unwrap_or_default() {
            let source = at(volume, &["projected", "sources"]).map(Marked::items).unwrap_or_default();
            let token = source.first().and_then(|source| source.get("serviceAccountToken"));
            let of = |key| token.and_then(|token| token.text_at(key)).unwrap_or_default();
            let value = federated::token(of("audience"), of("expirationSeconds"), of("path"));
            self.item(volume, Key::volume, value);
        }
        let containers = pod.get("containers").map(Marked::items).unwrap_or_default();
        for container in containers.iter().filter(|container| container.text_at("name") == Some(MANAGER)) {
            for (list, known, key) in [
                ("env", Key::variable as fn(&str) -> Option<Key>, "value"),
                ("volumeMounts", Key::mount, "mountPath"),
            ] {
                for item in container.get(list).map(Marked::items).unwrap_or_default() {
                    self.item(item, known, item.text_at(key).unwrap_or_default().to_owned());
                }
            }
        }
    }

    fn item(&mut self, item: &Marked, known: fn(&str) -> Option<Key>, value: String) {
        if let Some(key) = item.text_at("name").and_then(known) {
            let (at, mark) = (self.document.origin.place(item), Mark::Item(item.range.start));
            self.facts.push(Fact { kind: self.kind, key, value, at, mark });
        }
    }

    fn operation(&mut self, operation: &Marked) {
        let path = operation.text_at("path").unwrap_or_default();
        let mark = Mark::Item(operation.range.start);
        let is_set = match operation.text_at("op") {
            Some("add" | "replace") => true,
            Some("remove") => false,
            _ => return,
        };
        let value = operation.get("value");
        if path == "/metadata/annotations" && self.kind == Kind::ServiceAccount && is_set {
            let entries = value.map(Marked::entries).unwrap_or_default();
            let known: Vec<_> = entries
                .iter()
                .filter_map(|(key, value)| Some((Key::annotation(self.kind, key.text()?)?, key, value)))
                .collect();
            if known.is_empty() {
                return;
            }
            let is_whole = known.len() == entries.len();
            self.push(Key::AllAnnotations, operation, mark);
            for (found, key, value) in known {
                let mark = if is_whole { mark } else { Mark::Entry(key.range.start) };
                self.push(found, value, mark);
            }
            return;
        }
        let parts = [
            ("/metadata/annotations/", Key::annotation as fn(Kind, &str) -> Option<Key>),
            ("/metadata/labels/", Key::label),
            ("/spec/template/metadata/annotations/", Key::pod_annotation),
            ("/spec/template/metadata/labels/", Key::pod_label),
        ];
        for (begin, known) in parts {
            let key = path.strip_prefix(begin).map(|key| key.replace("~1", "/").replace("~0", "~"));
            if let Some(key) = key.and_then(|key| known(self.kind, &key)) {
                let (key, value) = if is_set {
                    (key, value.unwrap_or(operation))
                } else {
                    (Key::Removed(key.name()), operation)
                };
                self.push(key, value, mark);
            }
        }
    }
}

fn at<'m>(node: &'m Marked, path: &[&str]) -> Option<&'m Marked> {
    path.iter().try_fold(node, |node, key| node.get(key))
}

/// A thing without others; nothing if it held nothing else.
fn without(node: &Marked, marks: &BTreeSet<Mark>) -> Option<Marked> {
    let value = match &node.value {
        Value::Scalar(_) => node.value.clone(),
        Value::Mapping(entries) => {
            let kept = entries.iter().filter(|(key, _)| !marks.contains(&Mark::Entry(key.range.start)));
            let left: Vec<_> =
                kept.filter_map(|(key, value)| Some((key.clone(), without(value, marks)?))).collect();
            if left.is_empty() && !entries.is_empty() {
                return None;
            }
            Value::Mapping(left)
        }
        Value::Sequence(items) => {
            let kept = items.iter().filter(|item| !marks.contains(&Mark::Item(item.range.start)));
            let left: Vec<_> = kept.filter_map(|item| without(item, marks)).collect();
            if left.is_empty() && !items.is_empty() {
                return None;
            }
            Value::Sequence(left)
        }
    };
    Some(Marked { range: node.range.clone(), value })
}

/// Whether a part of an object says no more than which object it is part of.
fn says_nothing(node: &Marked) -> bool {
    node.entries().iter().all(|(key, value)| match key.text() {
        Some("apiVersion" | "kind") => true,
        Some("metadata") => {
            value.entries().iter().all(|(key, _)| matches!(key.text(), Some("name" | "namespace")))
        }
        Some("spec") => is_manager_alone(value),
        _ => false,
    }) && matches!(node.value, Value::Mapping(_))
}

/// Whether nothing is left of a Deployment but the name of its container.
fn is_manager_alone(spec: &Marked) -> bool {
    let only = |node: &Marked, key: &str| match node.entries() {
        [(name, value)] if name.text() == Some(key) => Some(value.clone()),
        _ => None,
    };
    let containers = only(spec, "template").and_then(|node| only(&node, "spec"));
    let containers = containers.and_then(|node| only(&node, "containers"));
    containers.is_some_and(|list| {
        list.items().iter().all(|item| only(item, "name").is_some_and(|name| name.text() == Some(MANAGER)))
    })
}

/// A thing as YAML.
pub fn text(node: &Marked) -> String {
    let mut out = String::new();
    match &node.value {
        Value::Scalar(scalar) => write_scalar(&mut out, scalar, 0),
        Value::Mapping(_) | Value::Sequence(_) => write(&mut out, node, 0),
    }
    if !out.ends_with('\n') {
        out.push('\n');
    }
    out
}

/// Writes the lines of a mapping or a sequence; the first stands where the writer is.
fn write(out: &mut String, node: &Marked, indent: usize) {
    let margin = " ".repeat(indent);
    let mut is_first = true;
    let mut begin = |out: &mut String| {
        if !is_first {
            out.push_str(&margin);
        }
        is_first = false;
    };
    match &node.value {
        Value::Scalar(scalar) => write_scalar(out, scalar, indent),
        Value::Mapping(entries) => {
            for (key, value) in entries {
                begin(out);
                if let Value::Scalar(scalar) = &key.value {
                    write_scalar(out, &Scalar { style: key_style(scalar), ..scalar.clone() }, indent);
                }
                out.push(':');
                write_value(out, value, indent);
            }
        }
        Value::Sequence(items) => {
            for item in items {
                begin(out);
                out.push_str("- ");
                match &item.value {
                    Value::Mapping(entries) if !entries.is_empty() => {
                        write(out, item, indent.saturating_add(2));
                    }
                    Value::Sequence(inner) if !inner.is_empty() => {
                        write(out, item, indent.saturating_add(2));
                    }
                    Value::Scalar(_) | Value::Mapping(_) | Value::Sequence(_) => {
                        leaf(out, item, indent.saturating_add(2));
                    }
                }
            }
        }
    }
}

/// A key is on one line.
fn key_style(scalar: &Scalar) -> Style {
    match scalar.style {
        Style::Plain => Style::Plain,
        Style::Quoted | Style::Literal | Style::Folded => Style::Quoted,
    }
}

fn write_value(out: &mut String, value: &Marked, indent: usize) {
    let inner = indent.saturating_add(2);
    match &value.value {
        Value::Mapping(entries) if !entries.is_empty() => {
            out.push('\n');
            out.push_str(&" ".repeat(inner));
            write(out, value, inner);
        }
        Value::Sequence(items) if !items.is_empty() => {
            out.push('\n');
            out.push_str(&" ".repeat(indent));
            write(out, value, indent);
        }
        Value::Scalar(_) | Value::Mapping(_) | Value::Sequence(_) => {
            out.push(' ');
            leaf(out, value, inner);
        }
    }
}

fn leaf(out: &mut String, node: &Marked, indent: usize) {
    match &node.value {
        Value::Scalar(scalar) => write_scalar(out, scalar, indent),
        Value::Mapping(_) => out.push_str("{}"),
        Value::Sequence(_) => out.push_str("[]"),
    }
    if !out.ends_with('\n') {
        out.push('\n');
    }
}

fn write_scalar(out: &mut String, scalar: &Scalar, indent: usize) {
    let Scalar { text, style } = scalar;
    let is_block = matches!(style, Style::Literal | Style::Folded);
    if is_block && !text.starts_with([' ', '\n', '\t']) && text.lines().all(|line| !line.contains('\r')) {
        let chomp = match text.strip_suffix('\n') {
            None => "-",
            Some(rest) if rest.ends_with('\n') => "+",
            Some(_) => "",
        };
        out.extend(["|", chomp, "\n"]);
        for line in text.lines() {
            if !line.is_empty() {
                out.push_str(&" ".repeat(indent));
                out.push_str(line);
            }
            out.push('\n');
        }
    } else if *style == Style::Plain && !text.contains('\n') {
        out.push_str(text);
    } else {
        out.push('"');
        for character in text.chars() {
            match character {
                '"' => out.push_str("\\\""),
                '\\' => out.push_str("\\\\"),
                '\n' => out.push_str("\\n"),
                '\t' => out.push_str("\\t"),
                '\r' => out.push_str("\\r"),
                other if other.is_control() => out.extend(["\\u", &four_digits(other)]),
                other => out.push(other),
            }
        }
        out.push('"');
    }
}

fn four_digits(letter: char) -> String {
    format!("{:04x}", u32::from(letter))
}

/// Whether a document speaks of the pods of AAD Pod Identity; where.
pub fn aad_pod_identity(document: &Document) -> Option<Span> {
    document.text.contains(identity::AAD_POD_IDENTITY).then(|| document.origin.place(&document.node))
}
