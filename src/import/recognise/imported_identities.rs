//! Whose identities are taken into the source, and what leaves the patches with them.

use std::collections::{BTreeMap, BTreeSet};

use crate::emit::any_of;
use crate::import::configurations::Configurations;
use crate::import::facts::{DocumentMark, Fact};
use crate::import::federated::{self, Federated};
use crate::import::identity::{Identities, Identity, IdentityKey, IdentityRoute, NoIdentity, ObservedValues};
use crate::import::recognise::{Patch, faults};
use crate::model::integration::uses_identities;
use crate::model::setting::Setting;
use crate::model::{Controller, ObjectKind, Platform, Provider, Recipient, Target, TargetField};
use crate::problem::{AdoptionFault, AdoptionProblem, Problems};
use crate::span::Span;

/// Whose identities are taken into the source.
pub struct ImportedIdentities {
    identities: BTreeMap<(Controller, IdentityRoute), Identity>,
    /// What else is known of federated ones.
    federated: BTreeMap<(Controller, Provider), Federated>,
    pub settings: BTreeMap<Setting, String>,
    platform: Platform,
    /// Whether objects of Flux have identities of their own, for which the source opens the gate.
    opens_gate: bool,
    /// Those that cannot be, and why.
    refused: Vec<(AdoptionFault, Span)>,
}

/// What is known of a cluster when its identities are taken.
#[derive(Clone, Copy)]
pub struct IdentityContext<'g> {
    pub platform: Platform,
    pub namespace: &'g str,
    /// The credential configurations that its overlay brings along.
    pub configurations: &'g Configurations,
    /// Whether objects of Flux have identities of their own.
    pub has_accounts: bool,
}

/// What a patch becomes for some of the objects that it hits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PatchPart {
    pub marks: BTreeSet<DocumentMark>,
    pub target: Option<Target>,
}

impl ImportedIdentities {
    pub fn new(
        told: &BTreeMap<Controller, ObservedValues>,
        patches: &[Patch<'_>],
        ground: IdentityContext<'_>,
    ) -> ImportedIdentities {
        let mut taken = ImportedIdentities {
            identities: BTreeMap::new(),
            federated: BTreeMap::new(),
            settings: BTreeMap::new(),
            platform: ground.platform,
            opens_gate: ground.has_accounts,
            refused: Vec::new(),
        };
        let native = ground.platform.native_provider();
        for (controller, told) in told {
            if let Some(provider) = native {
                taken.take_native(*controller, told, provider);
            }
            for other in Provider::ALL.into_iter().filter(|other| Some(*other) != native) {
                taken.take_federated(*controller, told, other, ground);
            }
            taken.take_direct(*controller, told);
        }
        taken.leave_what_is_shared(patches);
        taken
    }

    fn take_native(&mut self, controller: Controller, told: &ObservedValues, provider: Provider) {
        let refused = match told.identity(provider) {
            None => return,
            Some(Ok(identity)) => {
                let Some(refused) = faults::unsayable(controller, &identity, told) else {
                    let way = IdentityRoute { provider, is_federated: false };
                    self.identities.insert((controller, way), identity);
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

    /// Clusters have one region, one Azure cloud and one provider of Google Cloud; an identity that wants another is
    /// left.
    fn take_federated(
        &mut self,
        controller: Controller,
        told: &ObservedValues,
        provider: Provider,
        ground: IdentityContext<'_>,
    ) {
        let IdentityContext { namespace, configurations, .. } = ground;
        let Some(federated) = federated::identity(told, provider, controller, namespace, configurations)
        else {
            return;
        };
        if !uses_identities(controller) {
            return;
        }
        let (setting, value) = &federated.setting;
        if self.settings.entry(*setting).or_insert_with(|| value.clone()) == value {
            let way = IdentityRoute { provider, is_federated: true };
            self.identities.insert((controller, way), federated.identity.clone());
            self.federated.insert((controller, provider), federated);
        }
    }

    /// On GKE the principal of a ServiceAccount itself leaves nothing in an overlay but perhaps its digest.
    fn take_direct(&mut self, controller: Controller, told: &ObservedValues) {
        if self.platform == Platform::Gke && told.is_direct() {
            let way = IdentityRoute { provider: Provider::Gcp, is_federated: false };
            let direct = Identity::direct(Provider::Gcp);
            self.identities.entry((controller, way)).or_insert(direct);
        }
    }

    /// What a patch tells several controllers is taken from all of them or from none, unless the patch can be split.
    fn leave_what_is_shared(&mut self, patches: &[Patch<'_>]) {
        let mut is_stable = false;
        while !is_stable {
            is_stable = true;
            for patch in patches.iter().filter(|patch| patch.names.is_none()) {
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

    pub fn by_controller(&self) -> Identities {
        let mut identities = Identities::new();
        for ((controller, _), identity) in &self.identities {
            identities.entry(Recipient::Controller(*controller)).or_default().push(identity.clone());
        }
        identities
    }

    fn federated(&self) -> impl Iterator<Item = (Controller, Provider, &Federated)> {
        self.federated.iter().filter_map(|((controller, provider), federated)| {
            let way = IdentityRoute { provider: *provider, is_federated: true };
            self.identities.contains_key(&(*controller, way)).then_some((*controller, *provider, federated))
        })
    }

    /// The `ConfigMap`s that the source makes.
    pub fn config_maps(&self) -> BTreeSet<&str> {
        self.federated().filter_map(|(_, _, federated)| federated.config_map.as_deref()).collect()
    }

    /// Reports what is not taken, and what is taken with a doubt.
    pub fn report(&mut self, told: &BTreeMap<Controller, ObservedValues>, problems: &mut Problems) {
        for (fault, at) in std::mem::take(&mut self.refused) {
            problems.report(AdoptionProblem::at(at, fault));
        }
        for ((controller, way), identity) in &self.identities {
            let at = told.get(controller).and_then(|told| told.named(Provider::Azure));
            let lacks = way.provider == Provider::Azure && identity.tenant.is_none();
            if let Some(at) = at.filter(|_| lacks) {
                problems.report(AdoptionProblem::at(at, AdoptionFault::NoTenant));
            }
        }
        for (controller, told) in told {
            for provider in Provider::ALL {
                let variable = IdentityKey::variable(federated::main_variable(provider));
                let Some((_, at)) = variable.and_then(|key| told.said.get(&key)) else { continue };
                let way = IdentityRoute { provider, is_federated: true };
                if !self.identities.contains_key(&(*controller, way)) {
                    problems.report(AdoptionProblem::at(*at, AdoptionFault::OtherFederation));
                } else if self.federated.get(&(*controller, provider)).is_some_and(|one| one.is_renamed) {
                    let fault = AdoptionFault::Renamed { controller: controller.name() };
                    problems.report(AdoptionProblem::at(*at, fault));
                }
            }
            let digest = told.said.get(&IdentityKey::Digest).filter(|_| !self.has(*controller));
            if let Some((_, at)) = digest {
                let fault = AdoptionFault::Unseen { controller: controller.name() };
                problems.report(AdoptionProblem::at(*at, fault));
            }
        }
        let native = self.platform.native_provider();
        for told in told.values() {
            for provider in Provider::ALL.into_iter().filter(|one| Some(*one) != native) {
                if let Some(at) = told.named(provider) {
                    let fault = AdoptionFault::OfAnotherCloud { provider, platform: self.platform };
                    problems.report(AdoptionProblem::at(at, fault));
                }
            }
        }
    }

    /// What becomes of a patch. Controllers that lose the same share a part.
    pub fn parts(&self, patch: &Patch<'_>, problems: &mut Problems) -> Vec<PatchPart> {
        let controllers: BTreeSet<Controller> = patch.hit.iter().map(|object| object.controller).collect();
        let mut parts: BTreeMap<BTreeSet<DocumentMark>, Vec<&str>> = BTreeMap::new();
        for controller in controllers {
            parts.entry(self.marks(patch, controller)).or_default().push(controller.name());
        }
        for fact in
            patch.facts.iter().filter(|fact| fact.key == IdentityKey::Label(ObjectKind::ServiceAccount))
        {
            if parts.keys().any(|marks| marks.contains(&fact.mark)) {
                problems.report(AdoptionProblem::at(fact.at, AdoptionFault::UnreadLabel));
            }
        }
        let target = &patch.entry.target;
        let (Some(names), Some(target), true) = (&patch.names, target, parts.len() > 1) else {
            // What cannot be split is taken as far as all agree.
            let marks = parts.into_keys().reduce(|one, other| &one & &other).unwrap_or_default();
            return vec![PatchPart { marks, target: target.clone() }];
        };
        let known: BTreeSet<&str> = parts.values().flatten().copied().collect();
        let others = names.iter().map(String::as_str).filter(|name| !known.contains(name));
        let others: Vec<&str> = others.collect();
        if !others.is_empty() {
            parts.entry(BTreeSet::new()).or_default().extend(others);
        }
        let part = |(marks, controllers): (BTreeSet<DocumentMark>, Vec<&str>)| {
            let mut target = target.clone();
            target.insert(TargetField::Name, any_of(&controllers));
            PatchPart { marks, target: Some(target) }
        };
        parts.into_iter().map(part).collect()
    }

    fn marks(&self, patch: &Patch<'_>, controller: Controller) -> BTreeSet<DocumentMark> {
        let is_of = |kind: ObjectKind| {
            patch.hit.iter().any(|object| object.kind == kind && object.controller == controller)
        };
        let facts = || patch.facts.iter().filter(|fact| is_of(fact.kind));
        let ours = |fact: &&Fact| match fact.key.way() {
            Some(way) => self.identities.contains_key(&(controller, way)),
            None => match fact.key {
                IdentityKey::Digest => self.has(controller),
                IdentityKey::Gate => self.opens_gate,
                IdentityKey::Removed(_)
                | IdentityKey::Annotation(_)
                | IdentityKey::AllAnnotations
                | IdentityKey::Label(_)
                | IdentityKey::PodLabel
                | IdentityKey::Selector
                | IdentityKey::Variable(..)
                | IdentityKey::Volume(..)
                | IdentityKey::Mount(..) => false,
            },
        };
        let mut marks: BTreeSet<DocumentMark> = facts().filter(ours).map(|fact| fact.mark).collect();
        if !marks.is_empty() {
            let selector =
                |fact: &&Fact| fact.key == IdentityKey::Selector && fact.value == controller.name();
            marks.extend(facts().filter(selector).map(|fact| fact.mark));
        }
        marks
    }

    /// True if the overlay restarts a controller with an imported identity when that changes.
    pub fn restarts(&self, observed: &BTreeMap<Controller, ObservedValues>) -> bool {
        let has_digest = |values: &ObservedValues| values.said.contains_key(&IdentityKey::Digest);
        observed.iter().any(|(controller, values)| self.has(*controller) && has_digest(values))
    }

    /// Whether a controller has an identity that is taken.
    pub fn has(&self, controller: Controller) -> bool {
        self.identities.keys().any(|(one, _)| *one == controller)
    }
}
