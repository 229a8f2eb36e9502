//! `replicas`.

use crate::kustomize::failure::{Cause, Failure};
use crate::kustomize::kustomization::Replica;
use crate::kustomize::object::{Object, Step};
use crate::kustomize::place::Place;
use crate::kustomize::selection::with_any_id;
use crate::kustomize::transform::visit;
use crate::kustomize::value::{Scalar, Tag, Value};

const KINDS: [&str; 4] = ["Deployment", "ReplicationController", "ReplicaSet", "StatefulSet"];

/// Sets the number of pods of all workloads of a name.
pub(crate) fn set_replicas(objects: &mut [Object], replica: &Replica, place: &Place) -> Result<(), Failure> {
    let is_it = |id: &crate::kustomize::id::Id| id.name == replica.name && KINDS.contains(&id.kind.as_str());
    let found = with_any_id(objects, is_it);
    if found.is_empty() {
        return place.fail(Cause::NoReplicas(replica.name.clone()));
    }
    for index in found {
        // An object whose kind was changed is found, and then left alone.
        let found = objects.get_mut(index).filter(|object| KINDS.contains(&object.id().kind.as_str()));
        let Some(object) = found else { continue };
        let count = Value::Scalar(Scalar::new(replica.count.clone(), Tag::Int));
        object.edit(Step::Replicas, place, |value| {
            visit(value, "spec/replicas", Some(&count), &mut |field| {
                if !matches!(field, Value::Scalar(_)) {
                    return Err(Cause::WrongField("spec/replicas".to_owned()));
                }
                let is_quoted = field.is_quoted();
                *field = count.clone().with_quotes(is_quoted);
                Ok(())
            })
        })?;
    }
    Ok(())
}
