//! Names of objects in the fields of others, which follow when the objects are renamed.
//!
//! Source: `api/filters/nameref` and `api/internal/accumulator` of kubernetes-sigs/kustomize.

mod fields;

use std::collections::BTreeSet;

use crate::kustomize::failure::{Cause, Failure};
use crate::kustomize::id::Id;
use crate::kustomize::object::{Object, Step};
use crate::kustomize::references::fields::{Reference, of_kind};
use crate::kustomize::transform::visit;
use crate::kustomize::value::Value;

/// An object as a reference sees it.
struct Candidate {
    id: Id,
    original: Id,
    previous: Vec<Id>,
    prefixes: Vec<String>,
    suffixes: Vec<String>,
}

/// Puts the present names wherever earlier names stand.
pub(crate) fn update_references(objects: &mut [Object]) -> Result<(), Failure> {
    let candidates: Vec<Candidate> = objects
        .iter()
        .filter(|object| object.previous_ids().next().is_some())
        .map(|object| Candidate {
            id: object.id().clone(),
            original: object.original_id(),
            previous: object.previous_ids().collect(),
            prefixes: object.prefixes.clone(),
            suffixes: object.suffixes.clone(),
        })
        .collect();
    if candidates.is_empty() {
        return Ok(());
    }
    let namespaced = |object: &&Object| !object.id().is_cluster_scoped() && !object.is_gone();
    let unchanged = objects.iter().filter(|object| object.previous_ids().next().is_none());
    let settled: BTreeSet<Namespace> = unchanged.filter(namespaced).map(namespace_of).collect();
    for object in objects {
        update_object(object, &candidates, &settled)?;
    }
    Ok(())
}

/// The namespace of an object: for comparisons, and as it was written.
type Namespace = (String, String);

fn namespace_of(object: &Object) -> Namespace {
    (object.id().effective_namespace().to_owned(), object.id().namespace.clone())
}

/// `settled`: the namespaces of the objects of which no earlier id is known.
fn update_object(
    object: &mut Object,
    candidates: &[Candidate],
    settled: &BTreeSet<Namespace>,
) -> Result<(), Failure> {
    let original = object.original_id();
    let references = of_kind(&original.group, &original.kind);
    if references.is_empty() {
        return Ok(());
    }
    let Ok(value) = object.raw() else { return Ok(()) };
    let mut referrer = Referrer {
        id: object.id().clone(),
        prefixes: object.prefixes.clone(),
        suffixes: object.suffixes.clone(),
        role: role_of(value),
        namespaces: namespaces_of(object.id(), value),
        settled: BTreeSet::new(),
    };
    let near: Vec<&Candidate> = candidates.iter().filter(|candidate| referrer.can_reach(candidate)).collect();
    if near.is_empty() {
        return Ok(());
    }
    referrer.settled = referrer.within_reach(settled);
    let place = object.source().place.clone();
    object.edit(Step::References, &place, |value| {
        for reference in &references {
            for path in &reference.paths {
                let mut set = |field: &mut Value| referrer.update(field, reference, path, &near);
                visit(value, path, None, &mut set)?;
            }
        }
        Ok(())
    })
}

/// The group and the kind of the role that a binding names.
fn role_of(value: &Value) -> Option<(String, String)> {
    let role = value.get("roleRef")?;
    let text = |key| Some(role.get(key)?.scalar_text()?.to_owned());
    Some((text("apiGroup")?, text("kind")?))
}

/// The namespaces of the accounts that a `RoleBinding` names.
fn namespaces_of(id: &Id, value: &Value) -> BTreeSet<String> {
    let subjects = value.get("subjects").map(Value::items).unwrap_or_default();
    let is_account =
        |subject: &&Value| subject.get("kind").and_then(Value::scalar_text) == Some("ServiceAccount");
    let accounts = subjects.iter().filter(|_| id.kind == "RoleBinding").filter(is_account);
    accounts.filter_map(|account| Some(account.get("namespace")?.scalar_text()?.to_owned())).collect()
}

/// What refers to others.
struct Referrer {
    id: Id,
    prefixes: Vec<String>,
    suffixes: Vec<String>,
    role: Option<(String, String)>,
    namespaces: BTreeSet<String>,
    /// The namespaces in its reach that have an object of which no earlier id is known.
    settled: BTreeSet<String>,
}

impl Referrer {
    fn can_reach(&self, candidate: &Candidate) -> bool {
        self.id.is_cluster_scoped()
            || candidate.id.is_cluster_scoped()
            || candidate.id.effective_namespace() == self.id.effective_namespace()
            || self.namespaces.contains(&candidate.id.namespace)
    }

    fn within_reach(&self, namespaces: &BTreeSet<Namespace>) -> BTreeSet<String> {
        let is_within = |(effective, written): &&Namespace| {
            self.id.is_cluster_scoped()
                || effective == self.id.effective_namespace()
                || self.namespaces.contains(written)
        };
        namespaces.iter().filter(is_within).map(|(effective, _)| effective.clone()).collect()
    }

    fn update(
        &self,
        field: &mut Value,
        reference: &Reference,
        path: &str,
        candidates: &[&Candidate],
    ) -> Result<(), Cause> {
        match field {
            Value::Scalar(_) if field.is_null() => Ok(()),
            Value::Scalar(scalar) => {
                let found = self.select(&scalar.text, reference, path, candidates, false)?;
                if let Some(found) = found.filter(|found| found.id.name != scalar.text) {
                    let is_quoted = scalar.is_quoted;
                    *field = Value::string(found.id.name.clone()).with_quotes(is_quoted);
                }
                Ok(())
            }
            Value::Map(_) => self.update_map(field, reference, path, candidates),
            Value::List(items) => {
                for item in items {
                    match item {
                        Value::List(_) => return Err(Cause::WrongField(path.to_owned())),
                        Value::Scalar(_) | Value::Map(_) => self.update(item, reference, path, candidates)?,
                    }
                }
                Ok(())
            }
        }
    }

    /// A map with a name and a namespace, both of which follow.
    fn update_map(
        &self,
        field: &mut Value,
        reference: &Reference,
        path: &str,
        candidates: &[&Candidate],
    ) -> Result<(), Cause> {
        let Some(name) = field.get("name").map(|name| name.scalar_text().unwrap_or_default().to_owned())
        else {
            return Err(Cause::WrongField(path.to_owned()));
        };
        let near = match field.get("namespace") {
            None => candidates.to_vec(),
            Some(namespace) => {
                let namespace = namespace.scalar_text().unwrap_or_default();
                let of = |id: fn(&Candidate) -> &Id| -> Vec<&Candidate> {
                    let is_in = |candidate: &&&Candidate| {
                        !id(candidate).is_cluster_scoped() && id(candidate).effective_namespace() == namespace
                    };
                    candidates.iter().filter(is_in).copied().collect()
                };
                let original = of(|candidate| &candidate.original);
                // kustomize looks among those of now only where nothing was in the namespace at first.
                let was_empty = original.is_empty() && !self.settled.contains(namespace);
                if was_empty { of(|candidate| &candidate.id) } else { original }
            }
        };
        if let Some(found) = self.select(&name, reference, path, &near, true)? {
            if found.id.name != name {
                field.set("name", Value::string(found.id.name.clone()));
            }
            if !found.id.namespace.is_empty() {
                field.set("namespace", Value::string(found.id.namespace.clone()));
            }
        }
        Ok(())
    }

    /// The object that a name refers to.
    fn select<'c>(
        &self,
        name: &str,
        reference: &Reference,
        path: &str,
        candidates: &[&'c Candidate],
        with_namespace: bool,
    ) -> Result<Option<&'c Candidate>, Cause> {
        let is_role = path.ends_with("roleRef/name");
        let is_it = |candidate: &&&'c Candidate| {
            candidate.previous.iter().any(|id| id.name == name)
                && candidate.previous.iter().any(|id| reference.is_to(&id.group, &id.version, &id.kind))
                && self.role.as_ref().filter(|_| is_role).is_none_or(|(group, kind)| {
                    candidate.previous.iter().any(|id| id.group == *group && id.kind == *kind)
                })
                && (self.id.is_cluster_scoped()
                    || candidate.id.is_cluster_scoped()
                    || candidate.id.kind == "ServiceAccount"
                    || candidate.id.effective_namespace() == self.id.effective_namespace())
        };
        let mut found: Vec<&Candidate> = candidates.iter().filter(is_it).copied().collect();
        for allows_none in [true, false] {
            if found.len() > 1 {
                found.retain(|candidate| self.has_same_affixes(candidate, allows_none));
            }
        }
        let Some(first) = found.first().copied() else { return Ok(None) };
        let is_same = |other: &&Candidate| {
            other.id.name == first.id.name && (!with_namespace || other.id.namespace == first.id.namespace)
        };
        if found.iter().all(is_same) {
            Ok(Some(first))
        } else {
            Err(Cause::AmbiguousReference(name.to_owned()))
        }
    }

    fn has_same_affixes(&self, candidate: &Candidate, allows_none: bool) -> bool {
        let is_same = |one: &[String], other: &[String]| {
            allows_none && (one.is_empty() || other.is_empty()) || have_same_end(one, other)
        };
        is_same(&candidate.prefixes, &self.prefixes) && is_same(&candidate.suffixes, &self.suffixes)
    }
}

/// True if the shorter list ends the longer one. One of nothing ends nothing else.
fn have_same_end(one: &[String], other: &[String]) -> bool {
    let (short, long) = if one.len() > other.len() { (other, one) } else { (one, other) };
    if short.is_empty() { long.is_empty() } else { long.ends_with(short) }
}
