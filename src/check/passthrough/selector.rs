//! Which objects a patch may hit.

use crate::check::passthrough::patches::ObjectId;
use crate::kustomize::target::Pattern;
use crate::model::{ObjectKind, Target, TargetField};

/// Which objects a patch may hit.
#[derive(Clone, Debug)]
pub enum Selector {
    /// The one that it names itself.
    Named(ObjectId),
    /// Those of a target. Selectors of labels and annotations may match anything.
    Matching(Vec<(TargetField, Pattern)>),
}

/// The names of an object to match. kustomize matches its original name and its current one.
#[derive(Clone, Copy, Debug)]
pub struct Candidate<'a> {
    pub kind: ObjectKind,
    pub names: &'a [&'a str],
    pub namespaces: &'a [&'a str],
}

impl Selector {
    /// The selector of a patch that names its object unless there is a target. A pattern that cannot be read has been
    /// reported.
    pub fn new(target: &Target, id: Option<&ObjectId>) -> Selector {
        match id {
            Some(id) if target.is_empty() => Selector::Named(id.clone()),
            _ => {
                let patterns = target.iter().filter(|(field, text)| field.is_pattern() && !text.is_empty());
                Selector::Matching(
                    patterns.filter_map(|(field, text)| Some((*field, Pattern::parse(text).ok()?))).collect(),
                )
            }
        }
    }

    /// True if it may hit the object.
    pub fn may_hit(&self, object: Candidate<'_>) -> bool {
        let (group, version) = object.kind.api();
        match self {
            Selector::Named(id) => {
                let namespace = if id.namespace.is_empty() { "default" } else { &id.namespace };
                let is_there =
                    |known: &&str| *known == namespace || known.is_empty() && namespace == "default";
                id.api_version == object.kind.api_version()
                    && id.kind == object.kind.name()
                    && object.names.contains(&id.name.as_str())
                    && object.namespaces.iter().any(is_there)
            }
            Selector::Matching(patterns) => patterns.iter().all(|(field, pattern)| match field {
                TargetField::Group => pattern.may_match(group),
                TargetField::Version => pattern.may_match(version),
                TargetField::Kind => pattern.may_match(object.kind.name()),
                TargetField::Name => object.names.iter().any(|name| pattern.may_match(name)),
                // kustomize takes an object without a namespace for one of `default`.
                TargetField::Namespace => object
                    .namespaces
                    .iter()
                    .any(|name| pattern.may_match(if name.is_empty() { "default" } else { name })),
                TargetField::AnnotationSelector | TargetField::LabelSelector => true,
            }),
        }
    }
}
