//! Problems with one cause are one: those of controllers, and those of objects.

use std::mem::discriminant;

use crate::effect::{Field, Obstacle};
use crate::model::Controller;
use crate::problem::effective_identity::affected::Affected;
use crate::problem::{EffectiveIdentityProblem, SetBy};
use crate::span::Span;

impl EffectiveIdentityProblem {
    /// Adds the controller, or the objects, of a problem that has the same cause. Returns false if the cause is another.
    pub fn absorb(&mut self, other: &EffectiveIdentityProblem) -> bool {
        if self.cause().is_none()
            || self.cause() != other.cause()
            || discriminant(self) != discriminant(other)
        {
            return false;
        }
        let mut other = other.clone();
        match (&mut *self, &other) {
            (
                EffectiveIdentityProblem::ObjectNotApplied { objects, .. },
                EffectiveIdentityProblem::ObjectNotApplied { objects: more, .. },
            )
            | (
                EffectiveIdentityProblem::Rejected { objects, .. },
                EffectiveIdentityProblem::Rejected { objects: more, .. },
            ) => objects.extend(more.iter().cloned()),
            (
                EffectiveIdentityProblem::Separated { others, .. },
                EffectiveIdentityProblem::Separated { others: more, .. },
            )
            | (
                EffectiveIdentityProblem::Nameless { others, .. },
                EffectiveIdentityProblem::Nameless { others: more, .. },
            ) => add_new(others, more),
            (
                EffectiveIdentityProblem::LostArguments { flags, .. },
                EffectiveIdentityProblem::LostArguments { flags: more, .. },
            ) => add_new(flags, more),
            _ => {}
        }
        if let (Some((affected, _)), Some((others, at))) = (self.affected(), other.affected()) {
            affected.add(others.first(), at);
        }
        true
    }

    /// The annotation or label that causes it, with the place that sets it.
    pub fn key_to_blame(&self) -> Option<(String, String)> {
        let (field, by) = match self {
            EffectiveIdentityProblem::Other { field, by, .. }
            | EffectiveIdentityProblem::NotGiven { field, by, .. } => (Some(field.clone()), by),
            EffectiveIdentityProblem::NotUsed { obstacle, by, .. } => (obstacle.field(), by),
            EffectiveIdentityProblem::NotBuilt { .. }
            | EffectiveIdentityProblem::IncludedTwice { .. }
            | EffectiveIdentityProblem::Account { .. }
            | EffectiveIdentityProblem::NoGate { .. }
            | EffectiveIdentityProblem::Authority { .. }
            | EffectiveIdentityProblem::ObjectNotApplied { .. }
            | EffectiveIdentityProblem::UnknownSource { .. }
            | EffectiveIdentityProblem::Key { .. }
            | EffectiveIdentityProblem::ForeignKeys { .. }
            | EffectiveIdentityProblem::DefaultAccount { .. }
            | EffectiveIdentityProblem::Argument { .. }
            | EffectiveIdentityProblem::NoApiToken { .. }
            | EffectiveIdentityProblem::WebhookVolume { .. }
            | EffectiveIdentityProblem::RepeatedEntry { .. }
            | EffectiveIdentityProblem::NoImage { .. }
            | EffectiveIdentityProblem::NotRunning { .. }
            | EffectiveIdentityProblem::OldImage { .. }
            | EffectiveIdentityProblem::ImageOfOtherVersion { .. }
            | EffectiveIdentityProblem::ChangedSelector { .. }
            | EffectiveIdentityProblem::Diverted { .. }
            | EffectiveIdentityProblem::Blocked { .. }
            | EffectiveIdentityProblem::Separated { .. }
            | EffectiveIdentityProblem::Nameless { .. }
            | EffectiveIdentityProblem::OtherPort { .. }
            | EffectiveIdentityProblem::UnlikeShard { .. }
            | EffectiveIdentityProblem::NoService { .. }
            | EffectiveIdentityProblem::NoNamespace { .. }
            | EffectiveIdentityProblem::Rejected { .. }
            | EffectiveIdentityProblem::LostArguments { .. }
            | EffectiveIdentityProblem::LostVariable { .. }
            | EffectiveIdentityProblem::NoSuchService { .. }
            | EffectiveIdentityProblem::UnknownPort { .. }
            | EffectiveIdentityProblem::Unwritable { .. } => return None,
        };
        let (Field::AccountAnnotation(key) | Field::PodAnnotation(key) | Field::PodLabel(key)) = field?
        else {
            return None;
        };
        Some((key, by.as_ref()?.place.clone()))
    }

    /// The controllers that have it, and its place.
    fn affected(&mut self) -> Option<(&mut Affected, Span)> {
        match self {
            EffectiveIdentityProblem::Other { affected, at, .. }
            | EffectiveIdentityProblem::NotUsed { affected, at, .. }
            | EffectiveIdentityProblem::NotGiven { affected, at, .. }
            | EffectiveIdentityProblem::NoGate { affected, at, .. }
            | EffectiveIdentityProblem::Authority { affected, at, .. }
            | EffectiveIdentityProblem::ObjectNotApplied { affected, at, .. }
            | EffectiveIdentityProblem::UnknownSource { affected, at, .. }
            | EffectiveIdentityProblem::Argument { affected, at, .. }
            | EffectiveIdentityProblem::NoApiToken { affected, at, .. }
            | EffectiveIdentityProblem::WebhookVolume { affected, at, .. }
            | EffectiveIdentityProblem::RepeatedEntry { affected, at, .. }
            | EffectiveIdentityProblem::NoImage { affected, at, .. }
            | EffectiveIdentityProblem::NotRunning { affected, at, .. }
            | EffectiveIdentityProblem::OldImage { affected, at, .. }
            | EffectiveIdentityProblem::ImageOfOtherVersion { affected, at, .. }
            | EffectiveIdentityProblem::ChangedSelector { affected, at, .. }
            | EffectiveIdentityProblem::Diverted { affected, at, .. }
            | EffectiveIdentityProblem::Blocked { affected, at, .. }
            | EffectiveIdentityProblem::Separated { affected, at, .. }
            | EffectiveIdentityProblem::Nameless { affected, at, .. }
            | EffectiveIdentityProblem::OtherPort { affected, at, .. }
            | EffectiveIdentityProblem::LostArguments { affected, at, .. }
            | EffectiveIdentityProblem::LostVariable { affected, at, .. }
            | EffectiveIdentityProblem::NoSuchService { affected, at, .. }
            | EffectiveIdentityProblem::UnknownPort { affected, at, .. }
            | EffectiveIdentityProblem::Unwritable { affected, at, .. } => Some((affected, *at)),
            EffectiveIdentityProblem::NotBuilt { .. }
            | EffectiveIdentityProblem::IncludedTwice { .. }
            | EffectiveIdentityProblem::Account { .. }
            | EffectiveIdentityProblem::Key { .. }
            | EffectiveIdentityProblem::ForeignKeys { .. }
            | EffectiveIdentityProblem::DefaultAccount { .. }
            | EffectiveIdentityProblem::UnlikeShard { .. }
            | EffectiveIdentityProblem::NoService { .. }
            | EffectiveIdentityProblem::NoNamespace { .. }
            | EffectiveIdentityProblem::Rejected { .. } => None,
        }
    }

    /// What is the same in problems of one cause: what differs, and what sets it.
    fn cause(&self) -> Option<(String, Option<&SetBy>)> {
        let (what, by) = match self {
            EffectiveIdentityProblem::Other { found, field, by, .. } => (format!("{found:?} {field:?}"), by),
            EffectiveIdentityProblem::NotUsed { affected, provider, obstacle, by, .. } => {
                let obstacle = without_name(obstacle, affected.first());
                (format!("{provider:?} {obstacle:?}"), by)
            }
            EffectiveIdentityProblem::NotGiven { provider, found, field, by, .. } => {
                (format!("{provider:?} {found:?} {field:?}"), by)
            }
            EffectiveIdentityProblem::NoGate { by, .. } => (String::new(), by),
            EffectiveIdentityProblem::Authority { host, by, .. } => (host.clone(), by),
            EffectiveIdentityProblem::ObjectNotApplied { key, value, by, .. } => {
                (format!("{key} {value}"), by)
            }
            EffectiveIdentityProblem::UnknownSource { kind, name, by, .. } => (format!("{kind} {name}"), by),
            EffectiveIdentityProblem::Argument { fault, by, .. } => (format!("{fault:?}"), by),
            EffectiveIdentityProblem::NoApiToken { opt_out, by, .. } => (format!("{opt_out:?}"), by),
            EffectiveIdentityProblem::WebhookVolume { volume, by, .. } => (volume.clone(), by),
            EffectiveIdentityProblem::RepeatedEntry { list, entry, by, .. } => {
                (format!("{list} {entry}"), by)
            }
            EffectiveIdentityProblem::NoImage { container, by, .. } => (container.clone(), by),
            EffectiveIdentityProblem::NotRunning { idleness, by, .. } => (format!("{idleness:?}"), by),
            EffectiveIdentityProblem::OldImage { provider, versions, by, .. } => {
                (format!("{provider:?} {versions:?}"), by)
            }
            EffectiveIdentityProblem::ImageOfOtherVersion { found, .. } => (found.to_string(), &None),
            EffectiveIdentityProblem::ChangedSelector { labels, by, .. } => (format!("{labels:?}"), by),
            EffectiveIdentityProblem::Diverted { diversion, by, .. } => (format!("{diversion:?}"), by),
            EffectiveIdentityProblem::Blocked { provider, endpoints, policies, by, .. } => {
                (format!("{provider:?} {endpoints:?} {policies:?}"), by)
            }
            EffectiveIdentityProblem::Separated { policies, by, .. } => (format!("{policies:?}"), by),
            EffectiveIdentityProblem::Nameless { field, by, .. } => (format!("{field:?}"), by),
            EffectiveIdentityProblem::OtherPort { fault, by, .. } => (format!("{fault:?}"), by),
            EffectiveIdentityProblem::LostArguments { by, .. } => (String::new(), by),
            EffectiveIdentityProblem::LostVariable { variable, by, .. } => (variable.clone(), by),
            EffectiveIdentityProblem::NoSuchService { service, by, .. } => (service.clone(), by),
            EffectiveIdentityProblem::UnknownPort { fault, by, .. } => (format!("{fault:?}"), by),
            EffectiveIdentityProblem::Unwritable { directory, by, .. } => (directory.clone(), by),
            EffectiveIdentityProblem::Rejected { fault, by, .. } => (format!("{fault:?}"), by),
            EffectiveIdentityProblem::NotBuilt { .. }
            | EffectiveIdentityProblem::IncludedTwice { .. }
            | EffectiveIdentityProblem::Account { .. }
            | EffectiveIdentityProblem::Key { .. }
            | EffectiveIdentityProblem::ForeignKeys { .. }
            | EffectiveIdentityProblem::DefaultAccount { .. }
            | EffectiveIdentityProblem::NoService { .. }
            | EffectiveIdentityProblem::NoNamespace { .. }
            | EffectiveIdentityProblem::UnlikeShard { .. } => return None,
        };
        Some((what, by.as_ref()))
    }
}

/// Adds what a list does not have.
fn add_new<T: Copy + PartialEq>(known: &mut Vec<T>, more: &[T]) {
    for one in more {
        if !known.contains(one) {
            known.push(*one);
        }
    }
}

/// An obstacle, with `*` for the name of the controller in that of its ServiceAccount.
fn without_name(obstacle: &Obstacle, controller: Controller) -> Obstacle {
    let mut general = obstacle.clone();
    if let Obstacle::NoAccount(account)
    | Obstacle::NothingGiven(account)
    | Obstacle::OtherAccount(account, _) = &mut general
    {
        *account = account.replace(controller.name(), "*");
    }
    general
}
