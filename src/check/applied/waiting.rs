//! Kustomizations and Helm releases that wait for each other.
//!
//! Sources: `dependsOn` and `wait` in the documentation of kustomize-controller and helm-controller; `checkHealth` in
//! `internal/controller/kustomization_controller.go` of kustomize-controller, where a Kustomization does not wait for itself.

use std::collections::{BTreeMap, BTreeSet};

use crate::check::applied::AppliedCheck;
use crate::check::applied::versions::is_of_flux;
use crate::check::scope::Scope;
use crate::kustomize::{Id, Object, Value};
use crate::overlay_build::FluxSync;
use crate::problem::{AppliedProblem, describe_object};

/// A kind, a namespace and a name.
type Name = (String, String, String);

impl AppliedCheck<'_> {
    /// Reports objects of Flux that wait for each other, so that none of them is ever applied.
    pub(super) fn check_waiting(self, sync: FluxSync<'_>, objects: &[&Object], scope: &mut Scope<'_, '_>) {
        let own = sync.kustomization.map(|own| name_of(own.id()));
        let is_waiting = |it: &&&Object| {
            is_of_flux(it.id()) && matches!(it.id().kind.as_str(), "Kustomization" | "HelmRelease")
        };
        let all: BTreeMap<Name, &Object> =
            objects.iter().filter(is_waiting).map(|it| (name_of(it.id()), *it)).collect();
        let awaits_all = sync.spec().and_then(|spec| spec.get("wait")?.scalar_text()) == Some("true");
        let awaited = |name: &Name| {
            let mut awaited = all.get(name).map(|object| dependencies(object)).unwrap_or_default();
            if Some(name) == own.as_ref() && awaits_all {
                awaited.extend(all.keys().filter(|other| *other != name).cloned());
            }
            // It applies all others, so that they are not there before it.
            if let Some(own) = own.as_ref().filter(|own| *own != name && all.contains_key(name)) {
                let waits_first = all.get(own).is_some_and(|it| dependencies(it).contains(name));
                awaited.extend(waits_first.then(|| own.clone()));
            }
            awaited
        };
        let mut reported: BTreeSet<Name> = BTreeSet::new();
        for start in all.keys() {
            let Some(circle) = circle(start, &awaited).filter(|it| it.is_disjoint_from(&reported)) else {
                continue;
            };
            let Some(object) = all.get(start) else { continue };
            let others = circle.0.iter().skip(1).map(|(kind, _, name)| describe_object(kind, name)).collect();
            scope.report_on_cluster(AppliedProblem::WaitsForItself {
                at: scope.names.name.span,
                object: describe_object(&object.id().kind, &object.id().name),
                others,
                by: self.origins.set_by(object, "/spec/dependsOn"),
            });
            reported.extend(circle.0);
        }
    }
}

/// Objects of which each waits for the next, and the last for the first.
struct Circle(Vec<Name>);

impl Circle {
    fn is_disjoint_from(&self, reported: &BTreeSet<Name>) -> bool {
        !self.0.iter().any(|name| reported.contains(name))
    }
}

/// The shortest way from an object to itself along what it waits for.
fn circle(start: &Name, awaited: &impl Fn(&Name) -> Vec<Name>) -> Option<Circle> {
    let mut before: BTreeMap<Name, Name> = BTreeMap::new();
    let mut last = vec![start.clone()];
    while !last.is_empty() {
        let mut next = Vec::new();
        for from in last {
            for to in awaited(&from) {
                if to == *start {
                    let mut way = vec![from];
                    while let Some(earlier) = way.last().and_then(|it| before.get(it)).cloned() {
                        way.push(earlier);
                    }
                    way.reverse();
                    return Some(Circle(way));
                }
                if !before.contains_key(&to) {
                    before.insert(to.clone(), from.clone());
                    next.push(to);
                }
            }
        }
        last = next;
    }
    None
}

fn name_of(id: &Id) -> Name {
    (id.kind.clone(), id.namespace.clone(), id.name.clone())
}

/// What an object names in `dependsOn`: objects of its own kind.
fn dependencies(object: &Object) -> Vec<Name> {
    let id = object.id();
    let listed = object.value().and_then(|value| value.at(&["spec", "dependsOn"])).map(Value::items);
    let name = |item: &Value| {
        let namespace = item.get("namespace").and_then(Value::as_str).unwrap_or(&id.namespace);
        Some((id.kind.clone(), namespace.to_owned(), item.get("name")?.as_str()?.to_owned()))
    };
    listed.unwrap_or_default().iter().filter_map(name).collect()
}
