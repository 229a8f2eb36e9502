//! `labels`, `commonLabels` and `commonAnnotations`.

use std::collections::BTreeMap;

use crate::kustomize::failure::{Cause, Failure};
use crate::kustomize::kustomization::Labels;
use crate::kustomize::object::{Object, Step};
use crate::kustomize::place::Place;
use crate::kustomize::transform::fields::Field;
use crate::kustomize::value::{Scalar, Tag, Value, spread};

const fn field(group: &'static str, kind: &'static str, path: &'static str, creates: bool) -> Field<'static> {
    Field { group, version: "", kind, path, creates }
}

const METADATA: Field<'static> = field("", "", "metadata/labels", true);

const TEMPLATES: [Field<'static>; 8] = [
    Field { version: "v1", ..field("", "ReplicationController", "spec/template/metadata/labels", true) },
    field("", "Deployment", "spec/template/metadata/labels", true),
    field("", "ReplicaSet", "spec/template/metadata/labels", true),
    field("", "DaemonSet", "spec/template/metadata/labels", true),
    field("apps", "StatefulSet", "spec/template/metadata/labels", true),
    field("batch", "Job", "spec/template/metadata/labels", true),
    field("batch", "CronJob", "spec/jobTemplate/metadata/labels", true),
    field("batch", "CronJob", "spec/jobTemplate/spec/template/metadata/labels", true),
];

const SELECTORS: [Field<'static>; 13] = [
    Field { version: "v1", ..field("", "Service", "spec/selector", true) },
    Field { version: "v1", ..field("", "ReplicationController", "spec/selector", true) },
    field("", "Deployment", "spec/selector/matchLabels", true),
    field("", "ReplicaSet", "spec/selector/matchLabels", true),
    field("", "DaemonSet", "spec/selector/matchLabels", true),
    field("apps", "StatefulSet", "spec/selector/matchLabels", true),
    field("apps", "StatefulSet", "spec/volumeClaimTemplates[]/metadata/labels", true),
    field("batch", "Job", "spec/selector/matchLabels", false),
    field("batch", "CronJob", "spec/jobTemplate/spec/selector/matchLabels", false),
    field("policy", "PodDisruptionBudget", "spec/selector/matchLabels", false),
    field("networking.k8s.io", "NetworkPolicy", "spec/podSelector/matchLabels", false),
    field("networking.k8s.io", "NetworkPolicy", "spec/ingress/from/podSelector/matchLabels", false),
    field("networking.k8s.io", "NetworkPolicy", "spec/egress/to/podSelector/matchLabels", false),
];

/// The selectors of a pod, in a `Deployment` and a `StatefulSet`.
const POD_SELECTORS: [&str; 5] = [
    "spec/template/spec/affinity/podAffinity/preferredDuringSchedulingIgnoredDuringExecution/podAffinityTerm/labelSelector/matchLabels",
    "spec/template/spec/affinity/podAffinity/requiredDuringSchedulingIgnoredDuringExecution/labelSelector/matchLabels",
    "spec/template/spec/affinity/podAntiAffinity/preferredDuringSchedulingIgnoredDuringExecution/podAffinityTerm/labelSelector/matchLabels",
    "spec/template/spec/affinity/podAntiAffinity/requiredDuringSchedulingIgnoredDuringExecution/labelSelector/matchLabels",
    "spec/template/spec/topologySpreadConstraints/labelSelector/matchLabels",
];

const ANNOTATIONS: [Field<'static>; 9] = [
    field("", "", "metadata/annotations", true),
    Field { version: "v1", ..field("", "ReplicationController", "spec/template/metadata/annotations", true) },
    field("", "Deployment", "spec/template/metadata/annotations", true),
    field("", "ReplicaSet", "spec/template/metadata/annotations", true),
    field("", "DaemonSet", "spec/template/metadata/annotations", true),
    field("", "StatefulSet", "spec/template/metadata/annotations", true),
    field("batch", "Job", "spec/template/metadata/annotations", true),
    field("batch", "CronJob", "spec/jobTemplate/metadata/annotations", true),
    field("batch", "CronJob", "spec/jobTemplate/spec/template/metadata/annotations", true),
];

/// Sets an entry of `labels`.
pub(crate) fn set_labels(objects: &mut [Object], labels: &Labels, place: &Place) -> Result<(), Failure> {
    let own = labels.fields.iter().map(|entry| {
        let spec = &entry.value;
        Field {
            group: &spec.group,
            version: &spec.version,
            kind: &spec.kind,
            path: &spec.path,
            creates: spec.creates,
        }
    });
    let mut fields: Vec<Field<'_>> = own.collect();
    if labels.in_selectors {
        fields.extend(all_labels());
    } else {
        if labels.in_templates {
            fields.extend(TEMPLATES);
        }
        fields.push(METADATA);
    }
    set_pairs(objects, &labels.pairs, &fields, Step::Labels, place)
}

/// Sets `commonLabels`, selectors included.
pub(crate) fn set_common_labels(
    objects: &mut [Object],
    pairs: &[(String, String)],
    place: &Place,
) -> Result<(), Failure> {
    set_pairs(objects, pairs, &all_labels(), Step::Labels, place)
}

/// Sets `commonAnnotations`.
pub(crate) fn set_annotations(
    objects: &mut [Object],
    pairs: &[(String, String)],
    place: &Place,
) -> Result<(), Failure> {
    set_pairs(objects, pairs, &ANNOTATIONS, Step::Annotations, place)
}

fn all_labels() -> Vec<Field<'static>> {
    let mut fields = vec![METADATA];
    fields.extend(TEMPLATES);
    fields.extend(SELECTORS);
    for kind in ["Deployment", "StatefulSet"] {
        fields.extend(POD_SELECTORS.map(|path| field("apps", kind, path, false)));
    }
    fields
}

fn set_pairs(
    objects: &mut [Object],
    pairs: &[(String, String)],
    fields: &[Field<'_>],
    step: Step,
    place: &Place,
) -> Result<(), Failure> {
    if pairs.is_empty() {
        return Ok(());
    }
    for object in objects {
        let fields: Vec<&Field<'_>> = fields.iter().filter(|field| field.is_of(object.id())).collect();
        let shares = object.shares;
        object.shares = u32::try_from(pairs.len()).map_or(shares, |count| shares.saturating_add(count));
        object.edit(step, place, |value| {
            (1..).zip(pairs).try_for_each(|(number, (key, text))| {
                let scalar =
                    Scalar { shared: shares.saturating_add(number), ..Scalar::new(text.clone(), Tag::Text) };
                set_pair(value, key, &scalar, &fields)
            })
        })?;
    }
    Ok(())
}

/// Sets a key at all fields. It is one scalar for kustomize, except where the key is there already.
fn set_pair(value: &mut Value, key: &str, scalar: &Scalar, fields: &[&Field<'_>]) -> Result<(), Cause> {
    let made = Value::Map(Vec::new());
    let mut changed = BTreeMap::new();
    for field in fields {
        field.set(value, Some(&made), &mut |map| {
            if matches!(map, Value::List(_)) || !map.is_null() && matches!(map, Value::Scalar(_)) {
                return Err(Cause::WrongField(field.path.to_owned()));
            }
            let known = map.get(key).and_then(Value::as_scalar).map_or(scalar.shared, |known| known.shared);
            let new = Scalar { shared: known, ..scalar.clone() };
            if known > 0 && known != scalar.shared {
                let _earlier = changed.insert(known, new.clone());
            }
            map.set(key, Value::Scalar(new));
            Ok(())
        })?;
    }
    if !changed.is_empty() {
        spread(value, &changed);
    }
    Ok(())
}
