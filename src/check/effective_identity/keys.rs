//! Keys of an overlay's objects that look as if they gave an identity, and that nothing reads there.

use std::collections::{BTreeMap, BTreeSet};

use crate::check::effective_identity::faults::Faults;
use crate::check::origin::Origins;
use crate::check::scope::Scope;
use crate::effect::{
    KINDS_WITH_KEYS, Workload, account_settings, annotation_path, foreign_keys, unread_keys,
};
use crate::kustomize::Object;
use crate::model::{Cluster, Controller, Platform};
use crate::overlay_build::OverlayBuild;
use crate::problem::{EffectiveIdentityProblem, SetBy, describe_object, nearest};

/// The objects that have the same fault, and what sets it in the first of them.
#[derive(Default)]
struct Faulty {
    objects: Vec<String>,
    by: Option<SetBy>,
}

impl Faulty {
    fn add(&mut self, object: &Object, by: impl FnOnce() -> Option<SetBy>) {
        if self.objects.is_empty() {
            self.by = by();
        }
        let id = object.id();
        self.objects.push(describe_object(&id.kind, &id.name));
    }
}

/// A cluster, and the objects whose keys are checked.
#[derive(Clone, Copy)]
pub struct KeyCheck<'b> {
    pub cluster: &'b Cluster,
    pub build: &'b OverlayBuild,
    pub origins: Origins<'b>,
    /// What is wrong with the controllers.
    pub faults: &'b Faults,
}

impl KeyCheck<'_> {
    /// Reports keys that nothing reads, each once for all objects that have it.
    pub fn report(&self, scope: &mut Scope<'_, '_>) {
        let at = scope.names.name.span;
        let mut unread: BTreeMap<_, Faulty> = BTreeMap::new();
        let objects = self.build.objects();
        for object in objects.filter(|object| KINDS_WITH_KEYS.contains(&object.id().kind.as_str())) {
            let Some(value) = object.value() else { continue };
            for key in unread_keys(value, |word, names| nearest(word, names.iter().copied())) {
                let by = self.origins.set_by(object, &key.path());
                // What writes a key everywhere is reported for the places that read it.
                let is_reported =
                    by.as_ref().is_some_and(|by| self.faults.are_caused_by(&key.key, &by.place));
                if !is_reported {
                    unread.entry(key).or_default().add(object, || by);
                }
            }
        }
        for (key, Faulty { objects, by }) in unread {
            scope.report_on_cluster(EffectiveIdentityProblem::Key { at, objects, key, by });
        }
        self.report_foreign_keys(scope);
        self.report_default_account(scope);
    }

    /// Reports identities of controllers that another platform would give.
    fn report_foreign_keys(&self, scope: &mut Scope<'_, '_>) {
        let at = scope.names.name.span;
        let (platform, namespace) = (self.cluster.platform, self.cluster.namespace.as_str());
        let deployments = Controller::ALL.into_iter().flat_map(|one| self.build.deployments(one, namespace));
        let names: BTreeSet<(&str, &str)> = deployments
            .map(|(object, value)| (Workload::account_name(value), object.id().namespace.as_str()))
            .collect();
        let mut foreign: BTreeMap<(Platform, Vec<&str>), Faulty> = BTreeMap::new();
        for account in names.into_iter().filter_map(|(name, namespace)| self.build.account(name, namespace)) {
            let Some(value) = account.value() else { continue };
            for (reader, keys) in foreign_keys(value, platform) {
                let by = || self.origins.set_by(account, &annotation_path(keys.first()?));
                foreign.entry((reader, keys.clone())).or_default().add(account, by);
            }
        }
        for ((reader, keys), Faulty { objects, by }) in foreign {
            scope.report_on_cluster(EffectiveIdentityProblem::ForeignKeys {
                at,
                platform,
                reader,
                keys,
                objects,
                by,
            });
        }
    }

    fn report_default_account(&self, scope: &mut Scope<'_, '_>) {
        let namespace = self.cluster.namespace.as_str();
        let Some(object) = self.build.account("default", namespace) else { return };
        let runs_as_it = |object: &Object| {
            let deployment = object.value().filter(|_| object.id().kind == "Deployment");
            deployment.is_some_and(|deployment| Workload::account_name(deployment) == "default")
        };
        if self.build.objects().any(runs_as_it) {
            return;
        }
        let settings = object.value().map(account_settings).unwrap_or_default();
        if let Some((key, _)) = settings.first() {
            let by = self.origins.set_by(object, &annotation_path(key));
            let at = scope.names.name.span;
            scope.report_on_cluster(EffectiveIdentityProblem::DefaultAccount { at, key, by });
        }
    }
}
