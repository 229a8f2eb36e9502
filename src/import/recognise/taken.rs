//! Whose identities are taken into the source, and what leaves the patches with them.

use std::collections::{BTreeMap, BTreeSet};

use crate::import::federated::{self, Federated};
use crate::import::identity::{Identities, Identity, Key, NoIdentity, Told, Way};
use crate::import::objects::Kind;
use crate::import::patch::{Fact, Mark};
use crate::import::recognise::{Patch, faults};
use crate::import::said::{Setting, Value};
use crate::model::integration::uses_identities;
use crate::model::{Controller, Platform, Provider};
use crate::problem::{AdoptionFault, AdoptionProblem, Problems};
use crate::span::Span;

/// Whose identities are taken into the source.
pub struct Taken {
    identities: BTreeMap<(Controller, Way), Identity>,
    /// What the cluster must say for them.
    pub settings: BTreeMap<Setting, Value>,
    provider: Option<Provider>,
    /// Those that cannot be, and why.
    refused: Vec<(AdoptionFault, Span)>,
}

impl Taken {
    /// Takes what can be taken.
    pub fn of(
        told: &BTreeMap<Controller, Told>,
        patches: &[Patch<'_>],
        platform: Platform,
        namespace: &str,
    ) -> Taken {
        let provider = platform.native_provider();
        let (identities, settings) = (BTreeMap::new(), BTreeMap::new());
        let mut taken = Taken { identities, settings, provider, refused: Vec::new() };
        for (controller, told) in told {
            if let Some(provider) = provider {
                taken.take_native(*controller, told, provider);
            }
            for other in Provider::ALL.into_iter().filter(|other| Some(*other) != provider) {
                taken.take_federated(*controller, told, other, namespace);
            }
        }
        taken.leave_what_is_shared(patches);
        taken
    }

    fn take_native(&mut self, controller: Controller, told: &Told, provider: Provider) {
        let refused = match told.identity(provider) {
            None => return,
            Some(Ok(identity)) => {
                let Some(refused) = faults::unsayable(controller, &identity, told) else {
                    let way = Way { provider, is_federated: false };
                    let _new = self.identities.insert((controller, way), identity);
                    return;
                };
                refused
            }
            Some(Err(NoIdentity::Value { key, value, is_placeholder, at })) => {
                (AdoptionFault::NoIdentity { key, value, is_placeholder }, at)
            }
            Some(Err(NoIdentity::NoPodLabel { at })) => {
                (AdoptionFault::NoPodLabel { controller: controller.name() }, at)
            }
        };
        self.refused.push(refused);
    }

    /// Clusters have one region and one Azure cloud; an identity that wants another is left.
    fn take_federated(&mut self, controller: Controller, told: &Told, provider: Provider, namespace: &str) {
        let Some(Federated { identity, setting: (setting, value) }) =
            federated::identity(told, provider, controller, namespace)
        else {
            return;
        };
        let is_said = self.settings.entry(setting).or_insert_with(|| value.clone()) == &value;
        if is_said && uses_identities(controller) {
            let way = Way { provider, is_federated: true };
            let _new = self.identities.insert((controller, way), identity);
        }
    }

    /// What a patch tells several controllers is taken from all of them or from none.
    fn leave_what_is_shared(&mut self, patches: &[Patch<'_>]) {
        let mut is_stable = false;
        while !is_stable {
            is_stable = true;
            for patch in patches {
                for (fact, way) in patch.facts.iter().filter_map(|fact| Some((fact, fact.key.way()?))) {
                    let hit = || patch.hit.iter().filter(|object| object.kind == fact.kind);
                    let Some(other) =
                        hit().find(|object| !self.identities.contains_key(&(object.controller, way)))
                    else {
                        continue;
                    };
                    for object in hit() {
                        if self.identities.remove(&(object.controller, way)).is_some() {
                            let fault = AdoptionFault::Shared {
                                controller: object.controller.name(),
                                other: other.controller.name(),
                            };
                            self.refused.push((fault, patch.entry.at));
                            is_stable = false;
                        }
                    }
                }
            }
        }
    }

    /// The identities of each controller.
    pub fn by_controller(&self) -> Identities {
        let mut identities = Identities::new();
        for ((controller, _), identity) in &self.identities {
            identities.entry(*controller).or_default().push(identity.clone());
        }
        identities
    }

    /// Reports what is not taken, and what is taken with a doubt.
    pub fn report(&mut self, told: &BTreeMap<Controller, Told>, platform: Platform, problems: &mut Problems) {
        for (fault, at) in self.refused.drain(..) {
            problems.push(AdoptionProblem::at(at, fault));
        }
        for ((controller, way), identity) in &self.identities {
            let at = told.get(controller).and_then(|told| told.named(Provider::Azure));
            let lacks = way.provider == Provider::Azure && identity.tenant.is_none();
            if let Some(at) = at.filter(|_| lacks) {
                problems.push(AdoptionProblem::at(at, AdoptionFault::NoTenant));
            }
        }
        for (controller, told) in told {
            for provider in Provider::ALL {
                let variable = Key::variable(federated::main_variable(provider));
                let named = variable.and_then(|key| told.said.get(&key));
                let way = Way { provider, is_federated: true };
                if let Some((_, at)) = named.filter(|_| !self.identities.contains_key(&(*controller, way))) {
                    problems.push(AdoptionProblem::at(*at, AdoptionFault::OtherFederation));
                }
            }
        }
        for told in told.values() {
            for provider in Provider::ALL.into_iter().filter(|one| Some(*one) != self.provider) {
                if let Some(at) = told.named(provider) {
                    let fault = AdoptionFault::OfAnotherCloud { provider, platform };
                    problems.push(AdoptionProblem::at(at, fault));
                }
            }
        }
    }

    /// What leaves a document.
    pub fn marks(&self, patch: &Patch<'_>, problems: &mut Problems) -> BTreeSet<Mark> {
        let ours = |fact: &&Fact| {
            let mut hit = patch.hit.iter().filter(|object| object.kind == fact.kind);
            match fact.key.way() {
                Some(way) => hit.all(|object| self.identities.contains_key(&(object.controller, way))),
                None => fact.key == Key::Digest && hit.all(|object| self.has(object.controller)),
            }
        };
        let mut marks: BTreeSet<Mark> = patch.facts.iter().filter(ours).map(|fact| fact.mark).collect();
        for fact in &patch.facts {
            match fact.key {
                Key::Removed(_) => {
                    let _new = marks.insert(fact.mark);
                }
                Key::Selector if !marks.is_empty() => {
                    if patch.hit.iter().all(|object| object.controller.name() == fact.value) {
                        let _new = marks.insert(fact.mark);
                    }
                }
                Key::Label(Kind::ServiceAccount) if marks.contains(&fact.mark) => {
                    problems.push(AdoptionProblem::at(fact.at, AdoptionFault::UnreadLabel));
                }
                Key::Annotation(_)
                | Key::AllAnnotations
                | Key::Label(_)
                | Key::PodLabel
                | Key::Digest
                | Key::Selector
                | Key::Variable(..)
                | Key::Volume(..)
                | Key::Mount(..) => {}
            }
        }
        marks
    }

    /// Whether a controller has an identity that is taken.
    pub fn has(&self, controller: Controller) -> bool {
        self.identities.keys().any(|(one, _)| *one == controller)
    }
}
