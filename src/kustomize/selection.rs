//! Which objects a target hits.

use crate::kustomize::failure::Cause;
use crate::kustomize::id::Id;
use crate::kustomize::kustomization::Target;
use crate::kustomize::object::Object;
use crate::kustomize::target::{LabelSelector, Pattern};
use crate::kustomize::value::Value;
use crate::model::TargetField;

/// A target, ready to be compared with objects.
pub(crate) struct Selection {
    patterns: Vec<(TargetField, Pattern)>,
    /// Nothing for a text that is no selector: that fails when an object is compared with it.
    selectors: Vec<(TargetField, Option<LabelSelector>)>,
}

impl Selection {
    pub(crate) fn new(target: &Target) -> Result<Selection, Cause> {
        let mut selection = Selection { patterns: Vec::new(), selectors: Vec::new() };
        for (field, text) in target {
            if field.is_pattern() {
                let pattern = Pattern::parse(text).map_err(|_| Cause::Target(*field))?;
                selection.patterns.push((*field, pattern));
            } else {
                selection.selectors.push((*field, LabelSelector::parse(text).ok()));
            }
        }
        Ok(selection)
    }

    /// The indices of the objects that are hit.
    pub(crate) fn select(&self, objects: &[Object]) -> Result<Vec<usize>, Cause> {
        let mut selected = Vec::new();
        for (index, object) in objects.iter().enumerate() {
            if self.is_hit(object)? {
                selected.push(index);
            }
        }
        Ok(selected)
    }

    /// Names and namespaces may be those of now or of the beginning.
    fn is_hit(&self, object: &Object) -> Result<bool, Cause> {
        let (id, original) = (object.id(), object.original_id());
        let is_match = |(field, pattern): &(TargetField, Pattern)| match field {
            TargetField::Group => pattern.may_match(&id.group),
            TargetField::Version => pattern.may_match(&id.version),
            TargetField::Kind => pattern.may_match(&id.kind),
            TargetField::Name => pattern.may_match(&original.name) || pattern.may_match(&id.name),
            TargetField::Namespace => {
                pattern.may_match(original.effective_namespace())
                    || pattern.may_match(id.effective_namespace())
            }
            TargetField::AnnotationSelector | TargetField::LabelSelector => true,
        };
        if !self.patterns.iter().all(is_match) {
            return Ok(false);
        }
        // kustomize looks at labels first.
        for wanted in [TargetField::LabelSelector, TargetField::AnnotationSelector] {
            for (field, selector) in self.selectors.iter().filter(|(field, _)| *field == wanted) {
                let Some(selector) = selector else { return Err(Cause::Target(*field)) };
                if !matches(selector, *field, object) {
                    return Ok(false);
                }
            }
        }
        Ok(true)
    }
}

fn matches(selector: &LabelSelector, field: TargetField, object: &Object) -> bool {
    let is_labels = field == TargetField::LabelSelector;
    let internal = if is_labels { Vec::new() } else { object.internal_annotations() };
    let map = object.metadata().and_then(|all| all.get(if is_labels { "labels" } else { "annotations" }));
    selector.matches(|key| {
        let known = map.and_then(|map| map.get(key)).map(|value| value.scalar_text().unwrap_or_default());
        known.or_else(|| internal.iter().find(|(name, _)| name == key).map(|(_, text)| text.as_str()))
    })
}

/// The indices of the objects that have, or once had, an id. Those that were deleted have none.
pub(crate) fn with_any_id(objects: &[Object], is_match: impl Fn(&Id) -> bool) -> Vec<usize> {
    let has = |object: &Object| {
        !object.is_gone() && (object.previous_ids().any(|id| is_match(&id)) || is_match(object.id()))
    };
    objects.iter().enumerate().filter(|(_, object)| has(object)).map(|(index, _)| index).collect()
}

/// The objects that a target selects; nothing if kustomize rejects the target.
pub fn selected_by_target<'o>(objects: &'o [Object], target: &Target) -> Option<Vec<&'o Object>> {
    let selected = Selection::new(target).and_then(|selection| selection.select(objects)).ok()?;
    Some(selected.into_iter().filter_map(|index| objects.get(index)).collect())
}

/// The objects that have, or once had, the id that a patch without a target names.
pub fn selected_by_id<'o>(objects: &'o [Object], wanted: &Id) -> Vec<&'o Object> {
    let selected = with_any_id(objects, |id| id.is_same(wanted));
    selected.into_iter().filter_map(|index| objects.get(index)).collect()
}

/// The labels or annotations of an object, for tests of what is there.
pub(crate) fn annotation<'o>(object: &'o Object, key: &str) -> Option<&'o str> {
    object.metadata()?.get("annotations")?.get(key).and_then(Value::scalar_text)
}
