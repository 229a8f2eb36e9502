//! The identities that are imported, and the parts of patches that are removed with them.

use std::collections::{BTreeMap, BTreeSet};

use crate::emit::any_of;
use crate::import::configurations::Configurations;
use crate::import::facts::{DocumentMark, Fact};
use crate::import::federated::{self, Federated};
use crate::import::identity::{Identities, Identity, IdentityKey, IdentityRoute, NoIdentity, ObservedValues};
use crate::import::patches::{MatchedPatch, PatchPart};
use crate::import::recognise::faults;
use crate::model::azure::{self, Cloud};
use crate::model::integration::uses_identities;
use crate::model::setting::Setting;
use crate::model::{Controller, ObjectKind, Platform, Provider, Recipient, TargetField};
use crate::problem::{AdoptionFault, AdoptionProblem, Problems};
use crate::span::Span;

/// The identities that are imported.
pub struct ImportedIdentities {
    identities: BTreeMap<(Controller, IdentityRoute), Identity>,
    /// More about the federated ones.
    federated: BTreeMap<(Controller, Provider), Federated>,
    pub settings: BTreeMap<Setting, String>,
    platform: Platform,
    /// True if objects of Flux have identities of their own, for which the source opens the gate.
    opens_gate: bool,
    refused: Vec<(AdoptionFault, Span)>,
    /// The places of annotations that a later patch sets to something else.
    overridden: BTreeMap<Controller, BTreeSet<Span>>,
    /// True if the source sets the authority host of the managed identities on AKS.
    has_cloud: bool,
}

/// The context in which identities are imported.
#[derive(Clone, Copy)]
pub struct IdentityContext<'g> {
    pub platform: Platform,
    pub namespace: &'g str,
    pub configurations: &'g Configurations,
    pub has_accounts: bool,
}

impl ImportedIdentities {
    pub fn new(
        observed: &BTreeMap<Controller, ObservedValues>,
        patches: &[MatchedPatch<'_>],
        context: IdentityContext<'_>,
    ) -> ImportedIdentities {
        let mut imported = ImportedIdentities {
            identities: BTreeMap::new(),
            federated: BTreeMap::new(),
            settings: BTreeMap::new(),
            platform: context.platform,
            opens_gate: context.has_accounts,
            refused: Vec::new(),
            overridden: BTreeMap::new(),
            has_cloud: false,
        };
        let native = context.platform.native_provider();
        for (controller, observed) in observed {
            imported.overridden.insert(*controller, observed.overridden.clone());
            if let Some(provider) = native {
                imported.add_native(*controller, observed, provider);
            }
            for other in Provider::ALL.into_iter().filter(|other| Some(*other) != native) {
                imported.add_federated(*controller, observed, other, context);
            }
            imported.add_direct(*controller, observed);
        }
        imported.exclude_shared(patches);
        imported.add_cloud(observed, patches);
        imported
    }

    /// On AKS `azure-cloud` sets the authority host of all managed identities of a cluster.
    fn add_cloud(&mut self, observed: &BTreeMap<Controller, ObservedValues>, patches: &[MatchedPatch<'_>]) {
        let with_identity: BTreeSet<Controller> =
            observed.keys().copied().filter(|controller| self.has_webhook_identity(*controller)).collect();
        let cloud = |controller: &Controller| {
            let host = observed.get(controller)?.variable(azure::AUTHORITY_HOST_VARIABLE)?;
            Cloud::ALL.into_iter().find(|cloud| cloud.authority_host() == host)
        };
        let clouds: BTreeSet<Option<&str>> =
            with_identity.iter().map(|controller| Some(cloud(controller)?.name())).collect();
        let (Some(Some(cloud)), 1) = (clouds.first(), clouds.len()) else { return };
        let is_separable = |patch: &MatchedPatch<'_>| {
            let mut operations = patch.document.node.items().iter();
            let sets_list =
                operations.any(|one| one.text_at("path").is_some_and(|path| path.ends_with("/env")));
            let mut matched = patch.matched.iter().map(|object| object.controller);
            !sets_list
                && (patch.names.is_some() || matched.all(|controller| with_identity.contains(&controller)))
        };
        let mut setting = patches.iter().filter(|patch| patch.facts.iter().any(is_authority_host));
        if setting.all(is_separable) {
            self.settings.insert(Setting::AzureCloud, (*cloud).to_owned());
            self.has_cloud = true;
        }
    }

    fn has_webhook_identity(&self, controller: Controller) -> bool {
        let route = IdentityRoute { provider: Provider::Azure, is_federated: false };
        self.platform == Platform::Aks && self.identities.contains_key(&(controller, route))
    }

    fn add_native(&mut self, controller: Controller, observed: &ObservedValues, provider: Provider) {
        let refused = match observed.identity(provider) {
            None => return,
            Some(Ok(identity)) => {
                let Some(refused) = faults::inexpressible(controller, &identity, observed) else {
                    let route = IdentityRoute { provider, is_federated: false };
                    self.identities.insert((controller, route), identity);
                    return;
                };
                refused
            }
            // kustomize reads `null` in a patch with a target as a text.
            Some(Err(NoIdentity::Value { key, value, at, .. })) if value == "null" => {
                (AdoptionFault::NullAnnotation { controller: controller.name(), key }, at)
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

    /// A cluster has one region, one Azure cloud and one provider of Google Cloud; an identity with another is not imported.
    fn add_federated(
        &mut self,
        controller: Controller,
        observed: &ObservedValues,
        provider: Provider,
        context: IdentityContext<'_>,
    ) {
        let IdentityContext { namespace, configurations, .. } = context;
        let Some(federated) = federated::identity(observed, provider, controller, namespace, configurations)
        else {
            return;
        };
        if !uses_identities(controller) {
            return;
        }
        let (setting, value) = &federated.setting;
        if self.settings.entry(*setting).or_insert_with(|| value.clone()) == value {
            let route = IdentityRoute { provider, is_federated: true };
            self.identities.insert((controller, route), federated.identity.clone());
            self.federated.insert((controller, provider), federated);
        }
    }

    /// On GKE the principal of a ServiceAccount adds nothing to an overlay but its digest.
    fn add_direct(&mut self, controller: Controller, observed: &ObservedValues) {
        if self.platform == Platform::Gke && observed.is_direct() {
            let route = IdentityRoute { provider: Provider::Gcp, is_federated: false };
            let direct = Identity::direct(Provider::Gcp);
            self.identities.entry((controller, route)).or_insert(direct);
        }
    }

    /// Imports an identity of a patch for several controllers only if all have it, unless the patch can be split.
    fn exclude_shared(&mut self, patches: &[MatchedPatch<'_>]) {
        let mut is_stable = false;
        while !is_stable {
            is_stable = true;
            for patch in patches.iter().filter(|patch| patch.names.is_none()) {
                for (fact, route) in patch.facts.iter().filter_map(|fact| Some((fact, fact.key.route()?))) {
                    let matched = || patch.matched.iter().filter(|object| object.kind == fact.kind);
                    let Some(other) =
                        matched().find(|object| !self.identities.contains_key(&(object.controller, route)))
                    else {
                        continue;
                    };
                    for object in matched() {
                        if self.identities.remove(&(object.controller, route)).is_some() {
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
            let route = IdentityRoute { provider: *provider, is_federated: true };
            self.identities.contains_key(&(*controller, route)).then_some((*controller, *provider, federated))
        })
    }

    /// The `ConfigMap`s that the source generates.
    pub fn config_maps(&self) -> BTreeSet<&str> {
        self.federated().filter_map(|(_, _, federated)| federated.config_map.as_deref()).collect()
    }

    /// Reports what is not imported, and what is imported with a warning.
    pub fn report(&mut self, observed: &BTreeMap<Controller, ObservedValues>, problems: &mut Problems) {
        for (fault, at) in std::mem::take(&mut self.refused) {
            problems.report(AdoptionProblem::at(at, fault));
        }
        for ((controller, route), identity) in &self.identities {
            let at = observed.get(controller).and_then(|observed| observed.named(Provider::Azure));
            let lacks = route.provider == Provider::Azure && identity.tenant.is_none();
            if let Some(at) = at.filter(|_| lacks) {
                problems.report(AdoptionProblem::at(at, AdoptionFault::NoTenant));
            }
        }
        for (controller, observed) in observed {
            for provider in Provider::ALL {
                let variable = IdentityKey::variable(federated::main_variable(provider));
                let Some((_, at)) = variable.and_then(|key| observed.by_key.get(&key)) else { continue };
                let route = IdentityRoute { provider, is_federated: true };
                if !self.identities.contains_key(&(*controller, route)) {
                    problems.report(AdoptionProblem::at(*at, AdoptionFault::OtherFederation));
                } else if self.federated.get(&(*controller, provider)).is_some_and(|one| one.is_renamed) {
                    let fault = AdoptionFault::Renamed { controller: controller.name() };
                    problems.report(AdoptionProblem::at(*at, fault));
                }
            }
            let digest = observed.by_key.get(&IdentityKey::Digest).filter(|_| !self.has(*controller));
            if let Some((_, at)) = digest {
                let fault = AdoptionFault::Unseen { controller: controller.name() };
                problems.report(AdoptionProblem::at(*at, fault));
            }
        }
        let native = self.platform.native_provider();
        for observed in observed.values() {
            for provider in Provider::ALL.into_iter().filter(|one| Some(*one) != native) {
                if let Some(at) = observed.named(provider) {
                    let fault = AdoptionFault::OfAnotherCloud { provider, platform: self.platform };
                    problems.report(AdoptionProblem::at(at, fault));
                }
            }
        }
    }

    /// The parts of a patch. Controllers from which the same is removed share one.
    pub fn parts(&self, patch: &MatchedPatch<'_>, problems: &mut Problems) -> Vec<PatchPart> {
        let controllers: BTreeSet<Controller> =
            patch.matched.iter().map(|object| object.controller).collect();
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
            // Without splitting, only what all agree in is removed.
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

    fn marks(&self, patch: &MatchedPatch<'_>, controller: Controller) -> BTreeSet<DocumentMark> {
        let is_of = |kind: ObjectKind| {
            patch.matched.iter().any(|object| object.kind == kind && object.controller == controller)
        };
        let facts = || patch.facts.iter().filter(|fact| is_of(fact.kind));
        let is_imported = |fact: &&Fact| match fact.key.route() {
            Some(_) if is_authority_host(fact) && self.has_cloud => self.has_webhook_identity(controller),
            Some(route) => self.identities.contains_key(&(controller, route)),
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
        let mut marks: BTreeSet<DocumentMark> = facts().filter(is_imported).map(|fact| fact.mark).collect();
        if !marks.is_empty() {
            let selector =
                |fact: &&Fact| fact.key == IdentityKey::Selector && fact.value == controller.name();
            marks.extend(facts().filter(selector).map(|fact| fact.mark));
        }
        // An overridden value has no effect, whether or not the later patch is imported.
        let overridden = self.overridden.get(&controller);
        let is_overridden = |fact: &&Fact| overridden.is_some_and(|places| places.contains(&fact.at));
        marks.extend(facts().filter(is_overridden).map(|fact| fact.mark));
        marks
    }

    /// True if the overlay restarts a controller with an imported identity when that changes.
    pub fn restarts(&self, observed: &BTreeMap<Controller, ObservedValues>) -> bool {
        let has_digest = |values: &ObservedValues| values.by_key.contains_key(&IdentityKey::Digest);
        observed.iter().any(|(controller, values)| self.has(*controller) && has_digest(values))
    }

    pub fn has(&self, controller: Controller) -> bool {
        self.identities.keys().any(|(one, _)| *one == controller)
    }
}

fn is_authority_host(fact: &Fact) -> bool {
    matches!(fact.key, IdentityKey::Variable(azure::AUTHORITY_HOST_VARIABLE, _))
}
