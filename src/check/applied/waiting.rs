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
        let mut awaited: BTreeMap<Name, BTreeSet<Name>> =
            all.iter().map(|(name, object)| (name.clone(), dependencies(object).collect())).collect();
        if let Some(first) = own.as_ref().and_then(|own| awaited.get(own)).cloned() {
            // It applies all others, so that they are not there before it.
            for name in first.iter().filter(|name| Some(*name) != own.as_ref()) {
                if let Some(names) = awaited.get_mut(name) {
                    names.extend(own.clone());
                }
            }
        }
        if let Some(of_own) = own.as_ref().filter(|_| awaits_all).and_then(|own| awaited.get_mut(own)) {
            of_own.extend(all.keys().filter(|other| Some(*other) != own.as_ref()).cloned());
        }
        leave_circles(&mut awaited);
        let mut reported: BTreeSet<Name> = BTreeSet::new();
        for start in awaited.keys() {
            if reported.contains(start) {
                continue;
            }
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

/// Leaves out what is in no circle: what waits for nothing that is left, and what nothing that is left waits for. A chain has
/// no circle, however long it is.
fn leave_circles(awaited: &mut BTreeMap<Name, BTreeSet<Name>>) {
    let known: BTreeSet<Name> = awaited.keys().cloned().collect();
    for names in awaited.values_mut() {
        names.retain(|name| known.contains(name));
    }
    // First from the ends of all ways, and then from their beginnings.
    for _direction in 0..2 {
        let mut waiting = reversed(awaited);
        let mut ends: Vec<Name> =
            awaited.iter().filter(|(_, names)| names.is_empty()).map(|(name, _)| name.clone()).collect();
        while let Some(end) = ends.pop() {
            awaited.remove(&end);
            for before in waiting.remove(&end).unwrap_or_default() {
                let Some(names) = awaited.get_mut(&before) else { continue };
                names.remove(&end);
                if names.is_empty() {
                    ends.push(before);
                }
            }
        }
        *awaited = reversed(awaited);
    }
}

/// The same the other way round.
fn reversed(awaited: &BTreeMap<Name, BTreeSet<Name>>) -> BTreeMap<Name, BTreeSet<Name>> {
    let mut waiting: BTreeMap<Name, BTreeSet<Name>> =
        awaited.keys().map(|name| (name.clone(), BTreeSet::new())).collect();
    for (name, names) in awaited {
        for of in names {
            waiting.entry(of.clone()).or_default().insert(name.clone());
        }
    }
    waiting
}

/// Objects of which each waits for the next, and the last for the first.
struct Circle(Vec<Name>);

impl Circle {
    fn is_disjoint_from(&self, reported: &BTreeSet<Name>) -> bool {
        !self.0.iter().any(|name| reported.contains(name))
    }
}

/// The shortest way from an object to itself along what it waits for.
fn circle(start: &Name, awaited: &BTreeMap<Name, BTreeSet<Name>>) -> Option<Circle> {
    let mut before: BTreeMap<Name, Name> = BTreeMap::new();
    let mut last = vec![start.clone()];
    while !last.is_empty() {
        let mut next = Vec::new();
        for from in last {
            for to in awaited.get(&from).into_iter().flatten() {
                if to == start {
                    let mut way = vec![from];
                    while let Some(earlier) = way.last().and_then(|it| before.get(it)).cloned() {
                        way.push(earlier);
                    }
                    way.reverse();
                    return Some(Circle(way));
                }
                if !before.contains_key(to) {
                    before.insert(to.clone(), from.clone());
                    next.push(to.clone());
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
fn dependencies(object: &Object) -> impl Iterator<Item = Name> {
    let id = object.id();
    let listed = object.value().and_then(|value| value.at(&["spec", "dependsOn"])).map(Value::items);
    let name = move |item: &Value| {
        let namespace = item.get("namespace").and_then(Value::as_str).unwrap_or(&id.namespace);
        Some((id.kind.clone(), namespace.to_owned(), item.get("name")?.as_str()?.to_owned()))
    };
    listed.unwrap_or_default().iter().filter_map(name)
}
